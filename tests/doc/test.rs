use orm::{prelude::*, testing::count_queries};

#[derive(Model, Debug)]
struct User {
    id: i64,
    #[orm(unique)]
    username: String,
    posts: HasMany<Post>,
}

#[derive(Model, Debug)]
struct Post {
    id: i64,
    title: String,
    author: ForeignKey<User>,
}

#[orm::test(models(User, Post))]
async fn nobody_has_posts_at_first() -> orm::Result<()> {
    assert_eq!(Post::objects().count().await?, 0);
    Ok(())
}

/// What several tests begin with.
async fn alice() -> orm::Result<User> {
    User::objects().create().username("alice").await
}

#[orm::test(models(User, Post), transaction, fixture = alice)]
async fn a_users_posts_are_one_query(alice: User) -> orm::Result<()> {
    Post::objects().create().title("Hi").author(&alice).await?;
    let (posts, queries) = count_queries(alice.posts.query()).await;
    assert_eq!(posts?[0].title, "Hi");
    assert_eq!(queries, 1); // shows their SQL where it is another number
    Ok(())
}
