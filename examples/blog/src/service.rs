//! A service of somebody else, asked over HTTP.

use axum::{body, body::Body, http::Uri};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;
use std::{error::Error, time::Duration};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_millis(500);
/// How many bytes it may have.
const MOST: usize = 64 * 1024;

/// A service that answers GET with JSON. Given by its IP address, as looking up a name takes a thread.
#[derive(Clone, Debug)]
pub struct Service {
    client: Client<HttpConnector, Body>,
    uri: Uri,
}

impl Service {
    /// The service at an address.
    pub fn new(uri: Uri) -> Self {
        Service { client: Client::builder(TokioExecutor::new()).build_http(), uri }
    }

    /// Its answer; `None` if it has none, or none in time.
    pub async fn ask(&self) -> Option<Value> {
        let answer = match tokio::time::timeout(PATIENCE, self.try_ask()).await {
            Ok(answer) => answer,
            Err(late) => Err(late.into()),
        };
        answer.inspect_err(|error| tracing::warn!("{}: {error}", self.uri)).ok()
    }

    async fn try_ask(&self) -> Result<Value, Box<dyn Error + Send + Sync>> {
        let response = self.client.get(self.uri.clone()).await?;
        if !response.status().is_success() {
            return Err(response.status().to_string().into());
        }
        let bytes = body::to_bytes(Body::new(response.into_body()), MOST).await?;
        Ok(serde_json::from_slice(&bytes)?)
    }
}
