//! A blog over HTTP: what a program looks like that puts `orm` behind axum.
//!
//! Read [`models`], then [`api`], where each of the three forms of view is used where it fits: function views in
//! [`api::dashboard`] and [`api::shop`], class-based views in [`api::posts`], view sets in [`api::comments`]. All of them
//! await managers where they stand. [`views`] is the layer under them, [`problem`] what a client is told when something
//! is wrong.

pub mod api;
pub mod demo;
pub mod models;
pub mod problem;
pub mod serve;
pub mod service;
pub mod views;

use api::{comments::Comments, posts, shop};
use axum::{
    Router, middleware,
    routing::{get, post},
};
use orm::prelude::*;
use problem::Problem;
use service::Service;
use tokio::sync::mpsc::UnboundedSender;
use views::{read_only, view, view_set};

/// What handlers need beside the database.
#[derive(Clone, Debug)]
pub struct App {
    /// Says what the weather is.
    pub weather: Service,
    /// Says something.
    pub quotes: Service,
    /// Takes the numbers of purchases, of which receipts are to be sent.
    pub receipts: UnboundedSender<i64>,
}

impl App {
    fn send_receipt(&self, purchase: i64) {
        if self.receipts.send(purchase).is_err() {
            tracing::warn!(purchase, "nobody sends receipts any more");
        }
    }
}

/// All routes.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/", get(api::dashboard::dashboard))
        .route("/posts", view(posts::PostList))
        .route("/posts/{key}", view(posts::PostDetail))
        .nest("/comments", view_set(Comments))
        .nest("/users", read_only(shop::Users))
        .nest("/books", read_only(shop::Books))
        .route("/books/{key}/buy", post(shop::buy))
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .with_state(app)
}

/// A router whose requests ask this database, and not the default one: so each test has its own.
pub fn on(db: Db, router: Router) -> Router {
    router.layer(middleware::from_fn(move |request, next: middleware::Next| {
        let db = db.clone();
        async move { db.scope(next.run(request)).await }
    }))
}
