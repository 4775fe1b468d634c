#[path = "../models.rs"]
mod models;
use models::{Post, Tag};
use orm::prelude::*;

async fn wrong(tag: Tag) -> orm::Result<()> {
    let _ = Post::objects().filter(|p| p.author.eq(&tag));
    Ok(())
}

fn main() {}
