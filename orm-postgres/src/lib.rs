//! x

mod ddl;
mod ident;
mod plan;
mod render;
#[cfg(test)]
mod tests;
