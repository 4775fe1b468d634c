//! The derives of `orm`.

mod attr;
mod case;
mod check;
mod db_type;
mod diag;
mod expand;
mod kind;
mod model;
#[cfg(test)]
mod tests;

use diag::Errors;
use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct with named fields a model: a table's row.
///
/// ```text
/// #[derive(Model, Debug, Clone)]
/// #[orm(table = "blog_post", ordering = ["-published_at", "id"])]
/// pub struct Post {
///     pub id: i64,
///     #[orm(max_length = 200)]
///     pub title: String,
///     #[orm(default = 0)]
///     pub views: i32,
///     pub published_at: Option<DateTime<Utc>>,
///     #[orm(on_delete = "cascade")]
///     pub author: ForeignKey<User>,
///     pub tags: ManyToMany<Tag>,
/// }
/// ```
///
/// Beside the implementation of `Model` there are two new types: `PostFields`, what closures such as that of
/// `filter` get, and `PostNew`, what `Post::objects().create()` and `draft()` return. A field's visibility is that
/// of its column in queries and of its method in the builder.
///
/// # Fields
///
/// | type | what it is |
/// |---|---|
/// | `ForeignKey<T>` | a column `<field>_id` with the key of a `T`; never NULL |
/// | `Option<ForeignKey<T>>` | the same, may be NULL |
/// | `HasMany<T>` | the rows of `T` whose foreign key leads here; no column |
/// | `ManyToMany<T>` | rows of `T`, paired in a table of their own; no column |
/// | `Option<C>` | a column that may be NULL |
/// | any other `C` | a column that is never NULL |
///
/// Relations are told by the last word of their type, so an alias for one is not seen.
///
/// The primary key is the field with `#[orm(primary_key)]`, or else the one named `id`. An integer is numbered by
/// the database, a `Uuid` made by the client; every other key is given when a row is created. So is every column
/// that is never NULL and has no default: leaving one out does not compile.
///
/// # Attributes of the struct
///
/// | `#[orm(…)]` | |
/// |---|---|
/// | `table = "blog_post"` | the table's name; else the struct's in snake case, `post` |
/// | `ordering = ["-published_at", "id"]` | the order of queries that name none, `-` for the largest first |
///
/// # Attributes of fields
///
/// | `#[orm(…)]` | |
/// |---|---|
/// | `column = "name"` | the column's name; else the field's, and a foreign key's with `_id` |
/// | `primary_key` | this is the primary key |
/// | `unique` | no two rows have the same value |
/// | `index` | the column has an index, as a foreign key's has anyway |
/// | `max_length = 150` | the most characters of a text |
/// | `default = 0` | the value where none is given: an expression, evaluated for each row |
/// | `db_default = "now()"` | the same, as SQL that the database evaluates |
/// | `auto_now_add` | the time when the row is created |
/// | `auto_now` | the time when the row is created, and again each time it is saved |
/// | `on_delete = "cascade"` | what happens to the row when the one that a foreign key leads to is deleted: `"cascade"` deletes it too, `"restrict"` refuses and is what happens if nothing is said, `"no_action"` refuses at the end of the statement, `"set_null"` and `"set_default"` change the key |
/// | `via = "author"` | the foreign key behind a `HasMany`, if the other model has several that lead here |
#[proc_macro_derive(Model, attributes(orm))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    derive(&parse_macro_input!(input), model)
}

/// Lets a newtype be a column, stored as what it wraps.
///
/// ```text
/// #[derive(DbType, Clone, Copy, Debug, PartialEq)]
/// pub struct UserId(pub i64);
/// ```
///
/// Such a type can be a primary key, and is then taken wherever a key is; wrapping a `String` it has the methods of
/// texts in queries. The type must be `Clone`.
#[proc_macro_derive(DbType)]
pub fn derive_db_type(input: TokenStream) -> TokenStream {
    derive(&parse_macro_input!(input), db_type::expand)
}

type Expand = fn(&DeriveInput, &mut Errors) -> proc_macro2::TokenStream;

fn derive(input: &DeriveInput, expand: Expand) -> TokenStream {
    let mut errors = Errors::default();
    let mut code = expand(input, &mut errors);
    code.extend(errors.into_tokens());
    code.into()
}

/// Attributes → model → check → expand.
fn model(input: &DeriveInput, errors: &mut Errors) -> proc_macro2::TokenStream {
    let Some(fields) = check::check_shape(input, errors) else { return expand::stub::expand(input) };
    let mut model = model::Model::new(input, fields, errors);
    check::check(&mut model, errors);
    expand::expand(&model)
}
