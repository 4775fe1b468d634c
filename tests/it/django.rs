//! Scenarios of Django's own test suites, with their figures. Each test names the suite and the test it is after.

mod aggregation;
mod expressions;
mod lookup;
mod many_to_many;
mod queries;
