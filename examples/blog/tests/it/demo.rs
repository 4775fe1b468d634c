//! What `cargo run` shows.

use crate::client::Blog;
use blog::{demo, models::User};
use orm::prelude::*;

#[tokio::test]
async fn a_database_that_has_users_is_not_filled_again() {
    let blog = Blog::open().await;
    blog.run(User::objects().filter(|u| u.name.eq("linus")).delete()).await;
    blog.run(demo::fill()).await;
    assert_eq!(blog.run(User::objects().values(|u| u.name)).await, ["ada", "grace"]);
    assert_eq!(blog.get("/comments").await.body["count"], 2, "those of linus went with him");
}

#[tokio::test]
async fn the_services_of_the_demo_answer() {
    let [weather, quotes] = demo::services().await.unwrap();
    let blog = Blog::with(weather, quotes).await;
    let answer = blog.get("/").await;
    assert_eq!(answer.body["weather"]["sky"], "clear");
    assert!(answer.body["quote"]["text"].is_string());
}
