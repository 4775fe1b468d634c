//! Encryption and log-in, against servers that are as they should be, and against others.

mod cancel;
mod certificates;
mod choice;
mod clear;
mod clients;
mod environment;
mod ground;
mod impostors;
