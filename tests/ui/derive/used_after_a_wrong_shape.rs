use orm::prelude::*;

#[derive(Model)]
enum Post {
    Short,
}

async fn used() -> orm::Result<()> {
    let mut post = Post::objects().get(1).await?;
    post.save().await?;
    Post::objects().limit(3).delete().await?;
    Reply::objects().filter(|r| r.post.eq(&post)).values(|r| (r.id, r.post)).await?;
    Ok(())
}

#[derive(Model)]
struct Reply {
    id: i64,
    post: ForeignKey<Post>,
}

fn main() {}
