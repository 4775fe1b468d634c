#[path = "../models.rs"]
mod models;
use models::{Post, User};

async fn wrong(post: Post) -> orm::Result<()> {
    let _: User = post.author;
    Ok(())
}

fn main() {}
