//! View sets: list, create, retrieve, update and destroy of any model, each to be replaced by one of your own.

use super::{Answer, Body, Key, Params, page, refine};
use crate::problem::Problem;
use async_trait::async_trait;
use axum::{Json, Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};
use orm::{Allow, Writable, prelude::*};
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// The key of a view set's model.
pub type KeyOf<V> = <<V as ViewSet>::Model as Model>::Key;

/// The rows of a model as a resource: Django REST framework's `ModelViewSet`.
///
/// ```
/// use axum::Router;
/// use blog::views::{ViewSet, view_set};
/// use orm::prelude::*;
///
/// #[derive(Model, Input, serde::Serialize)]
/// struct Note {
///     id: i64,
///     text: String,
/// }
///
/// struct Notes;
///
/// impl ViewSet for Notes {
///     type Model = Note;
/// }
/// let router: Router = Router::new().nest("/notes", view_set(Notes));
/// ```
#[async_trait]
pub trait ViewSet: Send + Sync + 'static {
    /// What its rows are.
    type Model: Model<Key: DeserializeOwned> + Writable + Serialize;

    /// The rows that it is about: Django's `get_queryset`.
    fn rows(&self) -> QuerySet<Self::Model> {
        Self::Model::objects()
    }

    /// What a client may filter them and order the list by.
    fn allow(&self) -> Allow<Self::Model> {
        Allow::new()
    }

    /// A page of them.
    async fn list(&self, params: Params) -> Answer {
        let rows = refine(self.rows(), &params, &self.allow())?;
        Ok(Json(page(rows, &params).await?).into_response())
    }

    /// A new one.
    async fn create(&self, draft: Draft<Self::Model>) -> Answer {
        draft.full_clean().await?;
        Ok((StatusCode::CREATED, Json(draft.save().await?)).into_response())
    }

    /// One of them.
    async fn retrieve(&self, key: KeyOf<Self>, params: Params) -> Answer {
        Ok(Json(self.one(key, &params).await?).into_response())
    }

    /// Changes one: all that PUT brings, or what PATCH brings.
    async fn update(&self, key: KeyOf<Self>, params: Params, changes: Changes<Self::Model>) -> Answer {
        let mut row = self.one(key, &params).await?;
        changes.full_clean(&row).await?;
        row.update(changes).await?;
        Ok(Json(row).into_response())
    }

    /// Deletes one.
    async fn destroy(&self, key: KeyOf<Self>, params: Params) -> Answer {
        self.one(key, &params).await?.delete().await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    }

    /// The row that a request is about: Django's `get_object`.
    ///
    /// # Errors
    /// 404 if it is not there, or not among [`rows`](ViewSet::rows) that the parameters let through.
    async fn one(&self, key: KeyOf<Self>, params: &Params) -> Result<Self::Model, Problem> {
        Ok(refine(self.rows(), params, &self.allow())?.get(ForeignKey::to(key)).await?)
    }
}

/// The routes of a view set, for `Router::nest`.
pub fn view_set<V: ViewSet<Model: Input>, S: Clone + Send + Sync + 'static>(set: V) -> Router<S> {
    let set = Arc::new(set);
    let list = get(list::<V>).post(create::<V>);
    let one = get(retrieve::<V>).put(update::<V>).patch(partial_update::<V>).delete(destroy::<V>);
    Router::new().route("/", list).route("/{key}", one).with_state(set)
}

/// Those of its routes that only read.
pub fn read_only<V: ViewSet, S: Clone + Send + Sync + 'static>(set: V) -> Router<S> {
    Router::new().route("/", get(list::<V>)).route("/{key}", get(retrieve::<V>)).with_state(Arc::new(set))
}

type Set<V> = State<Arc<V>>;

async fn list<V: ViewSet>(State(set): Set<V>, params: Params) -> Answer {
    set.list(params).await
}

async fn create<V: ViewSet<Model: Input>>(State(set): Set<V>, Body(draft): Body<Draft<V::Model>>) -> Answer {
    set.create(draft).await
}

async fn retrieve<V: ViewSet>(State(set): Set<V>, Key(key): Key<KeyOf<V>>, params: Params) -> Answer {
    set.retrieve(key, params).await
}

async fn update<V: ViewSet<Model: Input>>(
    State(set): Set<V>,
    Key(key): Key<KeyOf<V>>,
    params: Params,
    Body(draft): Body<Draft<V::Model>>,
) -> Answer {
    draft.clean_fields()?; // nothing is missing
    set.update(key, params, draft.into()).await
}

async fn partial_update<V: ViewSet<Model: Input>>(
    State(set): Set<V>,
    Key(key): Key<KeyOf<V>>,
    params: Params,
    Body(changes): Body<Changes<V::Model>>,
) -> Answer {
    set.update(key, params, changes).await
}

async fn destroy<V: ViewSet>(State(set): Set<V>, Key(key): Key<KeyOf<V>>, params: Params) -> Answer {
    set.destroy(key, params).await
}
