//! What the derives make of a struct, and what they say about its mistakes.

mod attribute_errors;
mod expansions;
mod model_errors;
mod test_fn;
mod type_errors;

use crate::{Errors, derives::model};
use expect_test::Expect;
use syn::DeriveInput;

/// The expansion of `#[derive(Model)]`, formatted.
fn expand(source: &str) -> String {
    let input: DeriveInput = syn::parse_str(source).unwrap();
    pretty(model(&input, &mut Errors::default()))
}

fn pretty(tokens: proc_macro2::TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(tokens).unwrap())
}

/// The mistakes in a model, each after the token it is at. Expanding goes on after a mistake, to valid Rust.
fn mistakes(source: &str) -> String {
    derive_mistakes(source, model)
}

fn derive_mistakes(source: &str, derive: crate::Expand) -> String {
    let input: DeriveInput = syn::parse_str(source).unwrap();
    let mut errors = Errors::default();
    pretty(derive(&input, &mut errors));
    report(errors)
}

fn report(errors: Errors) -> String {
    let line = |error: &syn::Error| {
        let token = error.span().source_text().unwrap_or_default();
        format!("{token} → {error}\n")
    };
    errors.into_vec().iter().map(line).collect()
}

/// The mistakes in a model with a key, a text, and this field.
fn field_mistakes(field: &str) -> String {
    mistakes(&format!("struct Post {{ id: i64, title: String, {field} }}"))
}

fn check(mistakes: &str, expected: &Expect) {
    expected.assert_eq(mistakes);
}
