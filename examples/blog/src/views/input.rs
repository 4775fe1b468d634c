//! What a request brings: the key in its path, the parameters after `?`, and its body.

use crate::problem::{FieldErrors, Problem};
use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
};
use orm::prelude::*;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use std::{collections::HashMap, str::FromStr};

/// The key in the path; what is no key is 404.
#[derive(FromRequestParts, Debug)]
#[from_request(via(Path), rejection(Problem))]
pub struct Key<K>(pub K);

/// The parameters after `?`.
#[derive(Deserialize, FromRequestParts, Debug)]
#[serde(transparent)]
#[from_request(via(Query), rejection(Problem))]
pub struct Params(HashMap<String, String>);

impl Params {
    /// The text of one, if it is there.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (&**name, &**text))
    }

    /// The value of one, if it is there.
    ///
    /// # Errors
    /// If it is not of the type.
    pub fn get<T: FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        let read = |text: &str| text.parse().map_err(|_| Problem::field(name, "is not a valid value"));
        self.text(name).map(read).transpose()
    }
}

/// The body: what a client may send for a model, `Body<Draft<Post>>` or `Body<Changes<Post>>`.
#[derive(Debug)]
pub struct Body<T>(pub T);

/// What a client may send as JSON.
pub trait Sent: DeserializeOwned {
    /// All that is wrong with what cannot be read, field by field.
    fn wrong(sent: &Map<String, Value>) -> FieldErrors;
}

impl<T: Sent, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let Json(sent) = Json::<Map<String, Value>>::from_request(request, state).await?;
        let read = serde_json::from_value(Value::Object(sent.clone()));
        read.map(Body).map_err(|_| Problem::fields(T::wrong(&sent)))
    }
}

impl<M: Input> Sent for Draft<M> {
    fn wrong(sent: &Map<String, Value>) -> FieldErrors {
        let required = M::meta().fields.iter().filter(|field| field.is_required() && field.is_editable());
        let missing = required.filter(|field| !sent.contains_key(field.name));
        let missing = missing.map(|field| (field.name.to_owned(), vec!["is required".to_owned()]));
        missing.chain(Changes::<M>::wrong(sent)).collect()
    }
}

impl<M: Input> Sent for Changes<M> {
    /// serde stops at the first mistake, so the fields are read one by one.
    fn wrong(sent: &Map<String, Value>) -> FieldErrors {
        let error = |(name, value): (&String, &Value)| {
            let alone = Value::Object([(name.clone(), value.clone())].into_iter().collect());
            let error = serde_json::from_value::<Self>(alone).err()?.to_string();
            let message = error.strip_prefix(&format!("{name}: ")).unwrap_or(&error);
            Some((name.clone(), vec![message.to_owned()]))
        };
        sent.iter().filter_map(error).collect()
    }
}
