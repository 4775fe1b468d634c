//! The resources of the blog.

pub mod comments;
pub mod dashboard;
pub mod posts;
pub mod shop;
