//! Expressions and functions: what they become, and what PostgreSQL makes of it.

mod case;
mod functions;
mod times;

use crate::{
    conditions::{World, world},
    models::{Post, User},
};
