//! A client that calls the router in process, on a database of its own with the demo data.

use axum::{
    Router, body,
    body::Body,
    http::{HeaderMap, Method, Request, header},
};
use blog::{App, demo, models, service::Service};
use orm::{prelude::*, testing::TestDb};
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tower::ServiceExt;

/// The blog, and what its clients do not see of it.
pub struct Blog {
    router: Router,
    pub test: TestDb,
    /// What requests ask.
    pub db: Db,
    pub receipts: UnboundedReceiver<i64>,
}

/// An answer: its body is JSON, or nothing.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Blog {
    /// Whose outside services are not there.
    pub async fn open() -> Self {
        let nobody = || Service::new("http://127.0.0.1:1".parse().unwrap());
        Blog::with(nobody(), nobody()).await
    }

    pub async fn with(weather: Service, quotes: Service) -> Self {
        let test = TestDb::create().await.unwrap();
        test.db().create_tables(models::all()).await.unwrap();
        test.db().scope(demo::fill()).await.unwrap();
        let (send, receipts) = unbounded_channel();
        let router = blog::router(App { weather, quotes, receipts: send });
        Blog { router, db: test.db().clone(), test, receipts }
    }

    /// Runs something on the blog's database.
    pub async fn run<T>(&self, work: impl IntoFuture<Output = orm::Result<T>>) -> T {
        self.test.db().scope(work).await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, "").await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &body.to_string()).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, &body.to_string()).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, &body.to_string()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, "").await
    }

    pub async fn send(&self, method: Method, path: &str, body: &str) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let (parts, body) =
            blog::on(self.db.clone(), self.router.clone()).oneshot(request).await.unwrap().into_parts();
        let bytes = body::to_bytes(body, usize::MAX).await.unwrap();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }
}
