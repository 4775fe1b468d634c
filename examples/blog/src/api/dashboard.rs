//! The front page, by a function view: the database and two services are asked at the same time.

use crate::{App, models::Post, problem::Problem};
use axum::{Json, extract::State};
use orm::prelude::*;
use serde::Serialize;
use serde_json::Value;

/// What is new, here and in the world.
#[derive(Serialize, Debug)]
pub struct Dashboard {
    posts: Vec<Headline>,
    weather: Option<Value>,
    quote: Option<Value>,
}

#[derive(Serialize, Debug)]
struct Headline {
    slug: String,
    title: String,
    author: String,
}

/// `GET /`: the newest posts, the weather and a quotation; what a service does not answer in time is null.
///
/// # Errors
/// Whatever the database says.
pub async fn dashboard(State(app): State<App>) -> Result<Json<Dashboard>, Problem> {
    let newest = Post::objects()
        .filter(|p| p.published_at.is_not_null())
        .order_by(|p| p.published_at.desc())
        .limit(5)
        .values(|p| (p.slug, p.title, p.author.name));
    let (posts, weather, quote) = tokio::join!(newest, app.weather.ask(), app.quotes.ask());
    let posts = posts?.into_iter().map(|(slug, title, author)| Headline { slug, title, author }).collect();
    Ok(Json(Dashboard { posts, weather, quote }))
}
