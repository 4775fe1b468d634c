//! What the three forms of view have in common.

use crate::client::Blog;
use axum::http::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_method_that_a_view_does_not_have_is_405_and_says_which_it_has() {
    let blog = Blog::open().await;
    for (method, path, allow) in [
        (Method::DELETE, "/", "GET,HEAD"),                       // a function view
        (Method::GET, "/books/1/buy", "POST"),                   // another one
        (Method::PUT, "/posts", "GET,HEAD,POST"),                // class-based
        (Method::POST, "/posts/1", "GET,HEAD,DELETE,PATCH,PUT"), // class-based
        (Method::DELETE, "/comments", "GET,HEAD,POST"),          // a view set
        (Method::OPTIONS, "/comments/1", "DELETE,GET,HEAD,PATCH,PUT"),
    ] {
        let answer = blog.send(method.clone(), path, "").await;
        assert_eq!(answer.status, 405, "{method} {path}");
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{method} {path}");
        assert_eq!(answer.body, json!({"title": "Method Not Allowed", "status": 405}));
        let mut said: Vec<_> = answer.headers["allow"].to_str().unwrap().split(',').collect();
        let mut expected: Vec<_> = allow.split(',').collect();
        said.sort_unstable();
        expected.sort_unstable();
        assert_eq!(said, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let blog = Blog::open().await;
    for path in ["/", "/posts", "/posts/1", "/comments", "/comments/1"] {
        let answer = blog.send(Method::HEAD, path, "").await;
        assert_eq!((answer.status, answer.body), (200, Value::Null), "{path}");
    }
    assert_eq!(blog.send(Method::HEAD, "/posts/99", "").await.status, 404);
}
