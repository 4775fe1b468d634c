#[path = "../models.rs"]
mod models;
use models::Post;
use orm::prelude::*;

async fn wrong() -> orm::Result<()> {
    Post::objects().create().title("x").await?;
    Ok(())
}

fn main() {}
