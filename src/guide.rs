//! The guide: how things are done, page by page. Every example is compiled and run.

macro_rules! pages { ($($name:ident $file:literal)*) => {$(
    #[doc = include_str!(concat!("../docs/guide/", $file, ".md"))]
    pub mod $name {}
)*}}
pages! {
    queries "queries"
    relations "relations"
    transactions "transactions"
    errors "errors"
    instrumentation "instrumentation"
    coming_from_django "coming-from-django"
}
