//! Column types: what goes in comes back, or is an error.

mod arrays;
mod built_in;
mod made;
mod precision;
mod round_trip;
