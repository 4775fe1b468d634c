//! Posts, by class-based views: the list has its authors, and a post its comments.

use crate::{
    models::Post,
    problem::Problem,
    views::{APIView, Answer, Body, Key, Params, page, refine},
};
use async_trait::async_trait;
use axum::{
    Json, RequestExt, extract::Request, http::StatusCode, response::IntoResponse, routing::MethodFilter,
};
use orm::{Allow, prelude::*};
use serde::Serialize;
use std::sync::LazyLock;

/// `/posts`
#[derive(Debug)]
pub struct PostList;

/// `/posts/{key}`
#[derive(Debug)]
pub struct PostDetail;

/// A post in the list.
#[derive(Serialize, Debug)]
struct Summary {
    id: i64,
    slug: String,
    title: String,
    published_at: Option<DateTime<Utc>>,
    author: String,
    comments: i64,
}

/// A post, who wrote it, and what is said of it.
#[derive(Serialize, Debug)]
struct Detail {
    #[serde(flatten)]
    post: Post,
    author_name: String,
    comments: Vec<Line>,
}

/// A comment, below its post.
#[derive(Serialize, Debug)]
struct Line {
    id: i64,
    text: String,
    author: String,
}

/// What a client may filter and order the list by.
static LIST: LazyLock<Allow<Post>> = LazyLock::new(|| {
    Allow::<Post>::new()
        .filter("author", |p, name| p.author.name.eq(name))
        .filter("search", |p, word| p.title.icontains(word))
        .order_by("title", |p| (p.title, p.id))
        .order_by("published_at", |p| (p.published_at, p.id))
        .order_by("comments", |p| (p.comments.count(), p.id))
});

#[async_trait]
impl APIView for PostList {
    const METHODS: MethodFilter = MethodFilter::GET.or(MethodFilter::POST);

    /// A page of the published posts, perhaps of one author, or with a word in their title.
    async fn get(&self, mut request: Request) -> Answer {
        let params: Params = request.extract_parts().await?;
        let posts = Post::objects().filter(|p| p.published_at.is_not_null());
        let posts = refine(posts, &params, &LIST)?
            .values(|p| (p.id, p.slug, p.title, p.published_at, p.author.name, p.comments.count()));
        let page = page(posts, &params).await?.map(|(id, slug, title, published_at, author, comments)| {
            Summary { id, slug, title, published_at, author, comments }
        });
        Ok(Json(page).into_response())
    }

    async fn post(&self, request: Request) -> Answer {
        let Body(draft) = request.extract::<Body<Draft<Post>>, _>().await?;
        draft.full_clean().await?;
        Ok((StatusCode::CREATED, Json(draft.save().await?)).into_response())
    }
}

#[async_trait]
impl APIView for PostDetail {
    const METHODS: MethodFilter =
        MethodFilter::GET.or(MethodFilter::PUT).or(MethodFilter::PATCH).or(MethodFilter::DELETE);

    async fn get(&self, mut request: Request) -> Answer {
        let post = find(&mut request).await?;
        let comments = post.comments.query().values(|c| (c.id, c.text, c.author.name));
        let (author, comments) = tokio::try_join!(post.author.fetch(), comments)?;
        let comments = comments.into_iter().map(|(id, text, author)| Line { id, text, author }).collect();
        Ok(Json(Detail { post, author_name: author.name, comments }).into_response())
    }

    async fn put(&self, mut request: Request) -> Answer {
        let post = find(&mut request).await?;
        let Body(draft) = request.extract::<Body<Draft<Post>>, _>().await?;
        draft.clean_fields()?; // nothing is missing
        change(post, draft.into()).await
    }

    async fn patch(&self, mut request: Request) -> Answer {
        let post = find(&mut request).await?;
        let Body(changes) = request.extract::<Body<Changes<Post>>, _>().await?;
        change(post, changes).await
    }

    async fn delete(&self, mut request: Request) -> Answer {
        find(&mut request).await?.delete().await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    }
}

async fn change(mut post: Post, changes: Changes<Post>) -> Answer {
    changes.full_clean(&post).await?;
    post.update(changes).await?;
    Ok(Json(post).into_response())
}

/// The post that the path names.
async fn find(request: &mut Request) -> Result<Post, Problem> {
    let Key(id) = request.extract_parts::<Key<i64>>().await?;
    Ok(Post::objects().get(id).await?)
}
