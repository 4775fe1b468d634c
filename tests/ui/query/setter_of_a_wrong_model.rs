#[path = "../models.rs"]
mod models;
use models::{Post, Tag};
use orm::prelude::*;

async fn wrong(tag: Tag) -> orm::Result<()> {
    let _ = Post::objects().create().title("x").author(&tag);
    Ok(())
}

fn main() {}
