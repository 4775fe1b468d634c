//! What may go wrong on the way to the server, caused for real: lost connections, dropped futures, deadlines, frames.

mod connect;
mod dropped;
mod frames;
mod ground;
mod lost;
mod schema;
mod waits;
