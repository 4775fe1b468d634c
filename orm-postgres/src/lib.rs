//! x

mod ident;
mod render;
#[cfg(test)]
mod tests;
