//! What may go wrong on the way to the server, caused for real: lost connections, dropped futures, deadlines, frames.

#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

#[path = "faults/connect.rs"]
mod connect;
#[path = "faults/dropped.rs"]
mod dropped;
#[path = "faults/frames.rs"]
mod frames;
#[path = "faults/ground.rs"]
mod ground;
#[path = "faults/lost.rs"]
mod lost;
#[path = "faults/schema.rs"]
mod schema;
#[path = "faults/waits.rs"]
mod waits;
