//! `metrics` without the feature: nothing is counted.

use crate::{config::Config, trace::What};
use orm_core::Error;
use std::time::Duration;

pub(crate) fn describe() {}

pub(crate) fn operation(_: What<'_>, _: Option<Duration>, _: Option<u64>, _: Option<&Error>) {}

pub(crate) fn connected(_: &Config, _: Duration) {}

#[derive(Debug)]
pub(crate) struct Queue;

impl Queue {
    pub(crate) fn new(_: &Config) -> Self {
        Queue
    }

    #[allow(clippy::unused_self, reason = "the other one counts")]
    pub(crate) fn enter(&self) -> Wait {
        Wait
    }
}

pub(crate) struct Wait;

#[allow(clippy::unused_self, reason = "the other one counts")]
impl Wait {
    pub(crate) fn served(self) {}

    pub(crate) fn timed_out(self) {}
}

#[derive(Debug)]
pub(crate) struct Counted;

impl Counted {
    pub(crate) fn new(_: &Config) -> Self {
        Counted
    }

    #[allow(clippy::unused_self, reason = "the other one counts")]
    pub(crate) fn set(&self, _: bool) {}
}
