//! A view layer in four short files: what a request brings, class-based views, view sets, and pages of a list.
//!
//! A function view needs nothing of it: a handler of axum is one.

mod class;
mod input;
mod page;
mod set;

pub use class::{APIView, view};
pub use input::{Body, Key, Params};
pub use page::{Page, page, refine};
pub use set::{KeyOf, ViewSet, read_only, view_set};

use crate::problem::Problem;
use axum::response::Response;

/// What a view gives.
pub type Answer = Result<Response, Problem>;
