#[path = "../models.rs"]
mod models;
use models::Post;
use orm::prelude::*;

async fn wrong() -> orm::Result<()> {
    atomic(async {
        Post::objects().count().await?;
        Err(std::io::Error::other("x"))?;
        Ok(())
    })
    .await?;
    Ok(())
}

fn main() {}
