#[path = "../models.rs"]
mod models;
use models::Post;
use orm::prelude::*;

async fn wrong() -> orm::Result<()> {
    let _: Vec<String> = Post::objects().values(|p| p.editor.username).await?;
    Ok(())
}

fn main() {}
