//! x

mod ident;
mod plan;
mod render;
#[cfg(test)]
mod tests;
