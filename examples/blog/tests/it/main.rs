//! The blog's answers, through a client that calls the router in process.
#![allow(clippy::unwrap_used, unreachable_pub, reason = "a test fails by a panic; its modules are its own")]

mod client;
mod comments;
mod dashboard;
mod demo;
mod posts;
mod problems;
mod serving;
mod shop;
mod views;
