//! Comments, by a view set: all of it is there, and only what is different is said.

use crate::{models::Comment, views::ViewSet};
use orm::Allow;

/// `/comments` and `/comments/{key}`; `?post=7` for those of one post, `?ordering=-id` for the last ones.
#[derive(Debug)]
pub struct Comments;

impl ViewSet for Comments {
    type Model = Comment;

    fn allow(&self) -> Allow<Comment> {
        Allow::<Comment>::new().fields(|c| (c.id, c.post))
    }
}
