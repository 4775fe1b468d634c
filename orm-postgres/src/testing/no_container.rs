//! What stands in for containers without the feature `testcontainers`.

use std::time::Duration;

use orm_core::{Error, ErrorKind, Result};

use super::home::Home;

/// There is none.
#[derive(Debug)]
pub(super) enum Container {}

impl Container {
    pub(super) async fn join(_: &Home, _: Option<&str>, _: bool, _: Duration) -> Result<Self> {
        Err(Error::new(ErrorKind::Unsupported, "the feature `testcontainers` of `orm` is off"))
    }

    pub(super) fn url(&self) -> &str {
        match *self {}
    }

    pub(super) fn name(&self) -> &str {
        match *self {}
    }

    pub(super) fn stay(&self, _: Duration) {
        match *self {}
    }
}
