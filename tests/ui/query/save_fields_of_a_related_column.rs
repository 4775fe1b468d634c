#[path = "../models.rs"]
mod models;
use models::Post;
use orm::prelude::*;

async fn wrong(mut post: Post) -> orm::Result<()> {
    post.save_fields(|p| p.author.username).await?;
    Ok(())
}

fn main() {}
