#[path = "../models.rs"]
mod models;
use models::Post;
use orm::prelude::*;

async fn wrong() -> orm::Result<()> {
    let _: Vec<(i64, i64)> = Post::objects().values(|p| (p.id, p.title)).await?;
    Ok(())
}

fn main() {}
