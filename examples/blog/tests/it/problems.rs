//! What a client is told when something is wrong, and what it is not told.

use crate::client::Blog;
use axum::{http::Method, response::IntoResponse};
use blog::{
    models::{self, Book, Post, User},
    problem::Problem,
};
use orm::prelude::*;
use serde_json::json;
use std::time::Duration;
use tokio::sync::oneshot;

#[tokio::test]
async fn a_path_that_leads_nowhere_is_a_problem_too() {
    let blog = Blog::open().await;
    let answer = blog.get("/nowhere").await;
    assert_eq!((answer.status, answer.body), (404, json!({"title": "Not Found", "status": 404})));
    assert_eq!(answer.headers["content-type"], "application/problem+json");
}

#[tokio::test]
async fn a_body_that_is_no_json_or_no_object_is_told_from_one_with_wrong_fields() {
    let blog = Blog::open().await;
    for (path, body, status) in [
        ("/posts", "{", 400),
        ("/posts", "[]", 422),
        ("/posts", "{}", 422),
        ("/comments", "not JSON", 400),
        ("/books/1/buy", "{", 400),
        ("/books/1/buy", r#"{"buyer": "ada"}"#, 422),
    ] {
        let answer = blog.send(Method::POST, path, body).await;
        assert_eq!((answer.status, &answer.body["status"]), (status, &json!(status)), "{path} {body}");
    }
    let answer = blog.send(Method::POST, "/books/1/buy", r#"{"buyer": "ada"}"#).await;
    let message = "invalid type: string \"ada\", expected i64 at line 1 column 15";
    assert_eq!(answer.body["errors"], json!({"buyer": [message]}));
    let answer = blog.send(Method::POST, "/books/1/buy", "{}").await;
    assert!(answer.body["detail"].as_str().unwrap().contains("missing field `buyer`"), "{answer:?}");
}

#[tokio::test]
async fn a_database_that_has_no_time_is_503() {
    let mut blog = Blog::open().await;
    let config = orm::Config::from_url(blog.test.url()).unwrap();
    let config = config.pool_size(1).acquire_timeout(Duration::from_millis(500));
    blog.db = Db::connect(config).await.unwrap();
    let (taken, wait) = oneshot::channel();
    let db = blog.db.clone();
    let holding = tokio::spawn(async move {
        let held = atomic(async {
            Post::objects().count().await?;
            taken.send(()).unwrap();
            std::future::pending::<orm::Result<()>>().await
        });
        db.scope(held).await
    });
    wait.await.unwrap();
    for path in ["/", "/posts", "/posts/1", "/comments"] {
        let answer = blog.get(path).await;
        let problem = json!({"title": "Service Unavailable", "status": 503});
        assert_eq!((answer.status, answer.body), (503, problem), "{path}");
    }
    holding.abort();
    holding.await.unwrap_err();
    assert_eq!(blog.get("/posts").await.status, 200, "it has time again");
}

#[tokio::test]
async fn a_row_that_others_refer_to_is_a_conflict() {
    let blog = Blog::open().await;
    let refused = blog.test.db().scope(Book::objects().filter(|b| b.id.eq(1)).delete()).await;
    assert_eq!(refused.unwrap(), 1, "nobody has bought it");
    let refused = blog.test.db().scope(User::objects().filter(|u| u.id.eq(2)).delete()).await;
    let response = Problem::from(refused.unwrap_err()).into_response();
    assert_eq!(response.status(), 409);
}

#[tokio::test]
async fn an_error_of_ours_says_nothing_of_how_we_are_built() {
    let blog = Blog::open().await;
    blog.test.db().drop_tables(models::all()).await.unwrap();
    for path in ["/", "/posts", "/posts/1", "/comments"] {
        let answer = blog.get(path).await;
        let problem = json!({"title": "Internal Server Error", "status": 500});
        assert_eq!((answer.status, answer.body), (500, problem), "{path}");
    }
}
