//! Expressions and functions: what they become, and what PostgreSQL makes of it.

mod case;
mod functions;

use crate::{
    conditions::{World, world},
    models::{Post, User},
};
