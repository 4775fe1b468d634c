//! Comments, by a view set: all of it is there, and only what is different is said.

use crate::{
    models::Comment,
    problem::Problem,
    views::{Ordering, Params, ViewSet},
};
use orm::prelude::*;

/// `/comments` and `/comments/{key}`; `?post=7` for those of one post.
#[derive(Debug)]
pub struct Comments;

impl ViewSet for Comments {
    type Model = Comment;

    const ORDERING: &'static [Ordering<Comment>] = &[("id", |comments| comments.order_by(|c| c.id))];

    fn rows(&self, params: &Params) -> Result<QuerySet<Comment>, Problem> {
        let comments = Comment::objects();
        Ok(match params.get::<i64>("post")? {
            Some(post) => comments.filter(|c| c.post.eq(post)),
            None => comments,
        })
    }
}
