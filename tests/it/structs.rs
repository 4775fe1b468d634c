//! What is said of a model as a whole: its versions, and what follows from it for all that changes its rows.

mod flatten;
mod hooks;
mod scopes;
mod soft_delete;
mod version;
mod views;
