use orm::prelude::*;

struct Plain;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(db_default = "1")]
    author: ForeignKey<Plain>,
}

async fn used() -> orm::Result<()> {
    let mut post = Post::objects().filter(|p| p.id.eq(1)).order_by(|p| p.id.desc()).one().await?;
    post.save().await?;
    Post::objects().create().await?;
    Post::objects().bulk_create([Post::draft().build()]).await?;
    Reply::objects().filter(|r| r.post.eq(&post) & r.post.id.gt(3)).values(|r| (r.id, r.post)).await?;
    Reply::objects().create().post(&post).await?;
    Ok(())
}

#[derive(Model)]
struct Reply {
    id: i64,
    post: ForeignKey<Post>,
}

fn main() {}
