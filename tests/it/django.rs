//! Scenarios of Django's own test suites, with their figures. Each test names the suite and the test it is after.

mod aggregation;
mod annotations;
mod books;
mod expressions;
mod lookup;
mod many_to_many;
mod postgres;
mod prefetch_related;
mod queries;
mod select_related;
