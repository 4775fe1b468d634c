//! Programs that compile, unusual as they are.

#[path = "ui/pass/deny_missing_docs.rs"]
pub mod deny_missing_docs;
#[path = "ui/pass/derive_without_imports.rs"]
mod derive_without_imports;
#[path = "ui/pass/hostile_names.rs"]
mod hostile_names;
#[path = "ui/pass/models_that_refer_to_each_other.rs"]
mod models_that_refer_to_each_other;
#[path = "ui/pass/names_of_one_letter.rs"]
mod names_of_one_letter;
#[path = "ui/pass/raw_identifier_field.rs"]
mod raw_identifier_field;
#[path = "ui/pass/type_alias_field.rs"]
mod type_alias_field;
#[path = "ui/pass/user_method_named_like_a_field.rs"]
mod user_method_named_like_a_field;

#[test]
fn unusual_programs_compile() {
    deny_missing_docs::compiles();
    derive_without_imports::compiles();
    hostile_names::compiles();
    models_that_refer_to_each_other::compiles();
    names_of_one_letter::compiles();
    raw_identifier_field::compiles();
    type_alias_field::compiles();
    user_method_named_like_a_field::compiles();
}
