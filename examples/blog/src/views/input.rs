//! What a request brings: the key in its path, the parameters after `?`, and its body.

use crate::problem::Problem;
use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Path, Query},
};
use serde::Deserialize;
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

/// The body, as JSON: `Body<Draft<Post>>` or `Body<Changes<Post>>`. `full_clean` says what is wrong with its fields.
#[derive(FromRequest, Debug)]
#[from_request(via(Json), rejection(Problem))]
pub struct Body<T>(pub T);
