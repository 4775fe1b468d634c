//! Class-based views: a type with a method for each method of HTTP.

use super::Answer;
use crate::problem::Problem;
use async_trait::async_trait;
use axum::{
    extract::Request,
    http::Method,
    routing::{MethodFilter, MethodRouter, on},
};
use std::sync::Arc;

/// A resource. What it does not write is answered 405, with what it has in `Allow`.
///
/// ```
/// use async_trait::async_trait;
/// use axum::{Json, Router, extract::Request, response::IntoResponse, routing::MethodFilter};
/// use blog::views::{APIView, Answer, view};
///
/// struct Hello;
///
/// #[async_trait]
/// impl APIView for Hello {
///     const METHODS: MethodFilter = MethodFilter::GET;
///
///     async fn get(&self, _: Request) -> Answer {
///         Ok(Json("hello").into_response())
///     }
/// }
/// let router: Router = Router::new().route("/hello", view(Hello));
/// ```
#[async_trait]
pub trait APIView: Send + Sync + 'static {
    /// The methods that it has; GET answers HEAD too.
    const METHODS: MethodFilter;

    /// Reads.
    async fn get(&self, _: Request) -> Answer {
        Err(Problem::method_not_allowed())
    }

    /// Adds.
    async fn post(&self, _: Request) -> Answer {
        Err(Problem::method_not_allowed())
    }

    /// Replaces.
    async fn put(&self, _: Request) -> Answer {
        Err(Problem::method_not_allowed())
    }

    /// Changes in part.
    async fn patch(&self, _: Request) -> Answer {
        Err(Problem::method_not_allowed())
    }

    /// Deletes.
    async fn delete(&self, _: Request) -> Answer {
        Err(Problem::method_not_allowed())
    }

    /// Calls the method that the request names: the place for what all of them need.
    async fn dispatch(&self, request: Request) -> Answer {
        match *request.method() {
            Method::GET | Method::HEAD => self.get(request).await,
            Method::POST => self.post(request).await,
            Method::PUT => self.put(request).await,
            Method::PATCH => self.patch(request).await,
            Method::DELETE => self.delete(request).await,
            _ => Err(Problem::method_not_allowed()),
        }
    }
}

/// The view as a route's value: Django's `as_view()`.
pub fn view<V: APIView, S: Clone + Send + Sync + 'static>(view: V) -> MethodRouter<S> {
    let view = Arc::new(view);
    on(V::METHODS, async move |request: Request| view.dispatch(request).await)
}
