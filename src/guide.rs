//! The guide: how things are done, page by page. Every example is compiled and run.

macro_rules! pages { ($($name:ident $file:literal)*) => {$(
    #[doc = include_str!(concat!("../docs/guide/", $file, ".md"))]
    pub mod $name {}
)*}}
pages! {
    models "models"
    queries "queries"
    relations "relations"
    postgres "postgres"
    transactions "transactions"
    testing "testing"
    errors "errors"
    deployment "deployment"
    instrumentation "instrumentation"
    coming_from_django "coming-from-django"
}
