//! The front page, with outside services that answer, fail or keep silent.

use crate::client::Blog;
use axum::{Json, Router, http::StatusCode, routing::get};
use blog::service::Service;
use orm::testing::count_queries;
use serde_json::{Value, json};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{net::TcpListener, sync::Barrier};

/// Serves a router at a port of its own; its root is the service.
async fn serve(router: Router) -> Service {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    Service::new(uri.parse().unwrap())
}

/// Answers when as many requests have come as the barrier waits for.
async fn together(barrier: &Arc<Barrier>, answer: Value) -> Service {
    let barrier = barrier.clone();
    let answer = async move || {
        barrier.wait().await;
        Json(answer)
    };
    serve(Router::new().route("/", get(answer))).await
}

#[tokio::test]
async fn both_services_are_asked_at_once_and_the_database_once() {
    let barrier = Arc::new(Barrier::new(2)); // one after the other, neither would answer
    let weather = together(&barrier, json!({"sky": "clear"})).await;
    let quotes = together(&barrier, json!("Hi")).await;
    let blog = Blog::with(weather, quotes).await;
    let (answer, queries) = count_queries(blog.get("/")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(queries, 1);
    assert_eq!((&answer.body["weather"], &answer.body["quote"]), (&json!({"sky": "clear"}), &json!("Hi")));
    let newest = json!({"slug": "nanoseconds", "title": "How long is a nanosecond?", "author": "grace"});
    assert_eq!(answer.body["posts"][0], newest);
}

#[tokio::test]
async fn a_service_that_fails_or_keeps_silent_is_null_and_the_page_is_there() {
    let failing = serve(Router::new().route("/", get(async || StatusCode::INTERNAL_SERVER_ERROR))).await;
    let silent = serve(Router::new().route("/", get(std::future::pending::<()>))).await;
    let text = serve(Router::new().route("/", get(async || "no JSON"))).await;
    let nobody = Service::new("http://127.0.0.1:1".parse().unwrap());
    for (weather, quotes) in [(failing, silent), (text, nobody)] {
        let blog = Blog::with(weather, quotes).await;
        let start = Instant::now();
        let answer = blog.get("/").await;
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
        assert_eq!(answer.status, 200);
        assert_eq!((&answer.body["weather"], &answer.body["quote"]), (&Value::Null, &Value::Null));
        assert_eq!(answer.body["posts"].as_array().unwrap().len(), 3);
    }
}
