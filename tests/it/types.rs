//! Column types: what goes in comes back, or is an error.

mod arrays;
mod composite;
mod made;
mod said;
