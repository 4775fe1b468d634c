//! `#[orm(…)]` as written: names and forms are right, and everything keeps the user's tokens.

use crate::diag::{Errors, did_you_mean};
use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Attribute, Expr, ExprLit, Lit, LitInt, LitStr, Meta, Path, Token, punctuated::Punctuated};

/// One attribute: its name, at the place where it was written, and its value.
pub(crate) struct Arg<T> {
    pub(crate) name: Ident,
    pub(crate) value: T,
}

/// An attribute that may be given once.
pub(crate) type Slot<T> = Option<Arg<T>>;

/// What is written on the struct.
#[derive(Default)]
pub(crate) struct ModelAttrs {
    pub(crate) table: Slot<LitStr>,
    pub(crate) ordering: Slot<Vec<LitStr>>,
    pub(crate) clean: Slot<Path>,
    pub(crate) hooks: Slot<Expr>,
    pub(crate) view: Slot<Option<LitStr>>,
    pub(crate) materialized_view: Slot<Option<LitStr>>,
}

/// What is written on a field.
#[derive(Default)]
pub(crate) struct FieldAttrs {
    pub(crate) column: Slot<LitStr>,
    pub(crate) columns: Slot<Vec<LitStr>>,
    pub(crate) primary_key: Slot<()>,
    pub(crate) unique: Slot<()>,
    pub(crate) index: Slot<()>,
    pub(crate) max_length: Slot<LitInt>,
    pub(crate) max_digits: Slot<LitInt>,
    pub(crate) decimal_places: Slot<LitInt>,
    pub(crate) collation: Slot<LitStr>,
    pub(crate) default: Slot<Expr>,
    pub(crate) db_default: Slot<LitStr>,
    pub(crate) auto_now: Slot<()>,
    pub(crate) auto_now_add: Slot<()>,
    pub(crate) editable: Slot<bool>,
    pub(crate) verbose_name: Slot<LitStr>,
    pub(crate) help_text: Slot<LitStr>,
    pub(crate) comment: Slot<LitStr>,
    pub(crate) on_delete: Slot<LitStr>,
    pub(crate) via: Slot<LitStr>,
    pub(crate) table: Slot<LitStr>,
    pub(crate) through: Slot<Path>,
    pub(crate) through_fields: Slot<Vec<LitStr>>,
    pub(crate) symmetrical: Slot<bool>,
    pub(crate) generated: Slot<LitStr>,
    pub(crate) min_length: Slot<LitInt>,
    pub(crate) min_value: Slot<Expr>,
    pub(crate) max_value: Slot<Expr>,
    pub(crate) step: Slot<Expr>,
    pub(crate) email: Slot<()>,
    pub(crate) url: Slot<()>,
    pub(crate) slug: Slot<()>,
    pub(crate) regex: Slot<LitStr>,
    pub(crate) validate: Slot<Vec<Path>>,
    pub(crate) version: Slot<()>,
    pub(crate) soft_delete: Slot<()>,
    pub(crate) flatten: Slot<()>,
    pub(crate) key: Slot<Ident>,
    pub(crate) to_field: Slot<LitStr>,
}

const ON_STRUCT: &[&str] = &["table", "ordering", "clean", "hooks", "view", "materialized_view"];
const ON_FIELD: &[&str] = &[
    "column",
    "columns",
    "primary_key",
    "unique",
    "index",
    "max_length",
    "max_digits",
    "decimal_places",
    "collation",
    "default",
    "db_default",
    "auto_now",
    "auto_now_add",
    "editable",
    "verbose_name",
    "help_text",
    "comment",
    "on_delete",
    "via",
    "table",
    "through",
    "through_fields",
    "symmetrical",
    "generated",
    "min_length",
    "min_value",
    "max_value",
    "step",
    "email",
    "url",
    "slug",
    "regex",
    "validate",
    "version",
    "soft_delete",
    "flatten",
    "key",
    "to_field",
];

impl ModelAttrs {
    pub(crate) fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut out = ModelAttrs::default();
        for item in items(attrs, errors) {
            match item.name.to_string().as_str() {
                "table" => item.put(&mut out.table, text, r#"a text; write `table = "blog_post"`"#, errors),
                "ordering" => {
                    let form = r#"a list of fields; write `ordering = ["-published_at", "id"]`"#;
                    item.put(&mut out.ordering, texts, form, errors);
                }
                "clean" => {
                    item.put(&mut out.clean, path, "a function; write `clean = in_order`", errors);
                }
                "hooks" => {
                    item.put(&mut out.hooks, any, "a value; write `hooks = Audit`", errors);
                }
                "view" => {
                    let form = r#"SQL in a text, or nothing; write `view = "SELECT …"` or `view`"#;
                    item.put_from(&mut out.view, select, form, errors);
                }
                "materialized_view" => {
                    let form = r#"SQL in a text, or nothing; write `materialized_view = "SELECT …"`"#;
                    item.put_from(&mut out.materialized_view, select, form, errors);
                }
                name => {
                    let message = match ON_FIELD.contains(&name) {
                        true => format!("`{name}` belongs on a field"),
                        false => unknown(name, "a struct", ON_STRUCT),
                    };
                    errors.at(&item.name, message);
                }
            }
        }
        out
    }
}

impl FieldAttrs {
    pub(crate) fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut out = FieldAttrs::default();
        for item in items(attrs, errors) {
            match item.name.to_string().as_str() {
                "column" => item.put(&mut out.column, text, r#"a text; write `column = "title"`"#, errors),
                "columns" => {
                    let form = r#"a list of names; write `columns = ["order_id", "line_no"]`"#;
                    let several = |value: &Expr| texts(value).filter(|columns| columns.len() > 1);
                    item.put(&mut out.columns, several, form, errors);
                }
                "primary_key" => item.put_word(&mut out.primary_key, errors),
                "unique" => item.put_word(&mut out.unique, errors),
                "index" => item.put_word(&mut out.index, errors),
                "max_length" => {
                    item.put(&mut out.max_length, number, "a number; write `max_length = 150`", errors);
                }
                "max_digits" => {
                    item.put(&mut out.max_digits, number, "a number; write `max_digits = 10`", errors);
                }
                "decimal_places" => {
                    item.put(&mut out.decimal_places, number, "a number; write `decimal_places = 2`", errors);
                }
                "collation" => {
                    item.put(&mut out.collation, text, r#"a text; write `collation = "C"`"#, errors)
                }
                "default" => item.put(&mut out.default, any, "a value; write `default = 0`", errors),
                "db_default" => {
                    let form = r#"SQL in a text; write `db_default = "now()"`"#;
                    item.put(&mut out.db_default, text, form, errors);
                }
                "auto_now" => item.put_word(&mut out.auto_now, errors),
                "auto_now_add" => item.put_word(&mut out.auto_now_add, errors),
                "editable" => {
                    let form = "`true` or `false`; write `editable = false`";
                    item.put(&mut out.editable, boolean, form, errors);
                }
                "verbose_name" => {
                    let form = r#"a text; write `verbose_name = "date of birth"`"#;
                    item.put(&mut out.verbose_name, text, form, errors);
                }
                "help_text" => {
                    item.put(
                        &mut out.help_text,
                        text,
                        r#"a text; write `help_text = "as in the passport"`"#,
                        errors,
                    );
                }
                "comment" => {
                    item.put(&mut out.comment, text, r#"a text; write `comment = "in metres"`"#, errors)
                }
                "on_delete" => {
                    item.put(&mut out.on_delete, text, r#"a text; write `on_delete = "cascade"`"#, errors);
                }
                "via" => item.put(&mut out.via, text, r#"a field's name; write `via = "author"`"#, errors),
                "table" => item.put(&mut out.table, text, r#"a text; write `table = "post_tags"`"#, errors),
                "through" => {
                    item.put(&mut out.through, path, "a model; write `through = Membership`", errors)
                }
                "through_fields" => {
                    let form = r#"two fields; write `through_fields = ["group", "person"]`"#;
                    let two = |value: &Expr| texts(value).filter(|fields| fields.len() == 2);
                    item.put(&mut out.through_fields, two, form, errors);
                }
                "symmetrical" => {
                    let form = "`true` or `false`; write `symmetrical = false`";
                    item.put(&mut out.symmetrical, boolean, form, errors);
                }
                "generated" => {
                    let form = r#"SQL in a text; write `generated = "price * amount"`"#;
                    item.put(&mut out.generated, text, form, errors);
                }
                "min_length" => {
                    item.put(&mut out.min_length, number, "a number; write `min_length = 3`", errors);
                }
                "min_value" => item.put(&mut out.min_value, any, "a value; write `min_value = 0`", errors),
                "max_value" => item.put(&mut out.max_value, any, "a value; write `max_value = 10`", errors),
                "step" => item.put(&mut out.step, any, "a value; write `step = 5`", errors),
                "email" => item.put_word(&mut out.email, errors),
                "url" => item.put_word(&mut out.url, errors),
                "slug" => item.put_word(&mut out.slug, errors),
                "regex" => {
                    item.put(&mut out.regex, text, r#"a pattern; write `regex = "^[A-Z]{2}$"`"#, errors);
                }
                "validate" => {
                    let form = "a function, or some in brackets; write `validate = is_even`";
                    item.put(&mut out.validate, paths, form, errors);
                }
                "soft_delete" => item.put_word(&mut out.soft_delete, errors),
                "flatten" => item.put_word(&mut out.flatten, errors),
                "key" => item.put(&mut out.key, word, "a name; write `key = CountryCode`", errors),
                "to_field" => {
                    item.put(&mut out.to_field, text, r#"a field's name; write `to_field = "code"`"#, errors);
                }
                "version" => item.put_word(&mut out.version, errors),
                name => {
                    let message = match ON_STRUCT.contains(&name) {
                        true => format!("`{name}` belongs on the struct"),
                        false => unknown(name, "a field", ON_FIELD),
                    };
                    errors.at(&item.name, message);
                }
            }
        }
        out
    }
}

pub(crate) fn unknown(name: &str, place: &str, known: &[&str]) -> String {
    let list = || format!("; {place} takes `{}`", known.join("`, `"));
    format!("unknown attribute `{name}`{}", did_you_mean(name, known.iter().copied(), list))
}

/// One attribute whose name and form are not yet looked at.
pub(crate) struct Item {
    pub(crate) name: Ident,
    meta: Meta,
}

/// The comma-separated items of all `#[orm(…)]`.
pub(crate) fn items(attrs: &[Attribute], errors: &mut Errors) -> Vec<Item> {
    let mut out = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("orm")) {
        let Meta::List(list) = &attr.meta else {
            errors.at(&attr.meta, "`#[orm]` takes attributes in parentheses; write `#[orm(unique)]`");
            continue;
        };
        let metas = match list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) {
            Ok(metas) => metas,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        for meta in metas {
            match Item::new(meta.clone()) {
                Some(item) => out.push(item),
                None => errors.at(meta.path(), "an attribute of `#[orm(…)]` is one word"),
            }
        }
    }
    out
}

impl Item {
    /// `None` if the name is not one word.
    pub(crate) fn new(meta: Meta) -> Option<Self> {
        let name = meta.path().get_ident()?.clone();
        Some(Item { name, meta })
    }

    /// Puts the value into its place, if it has the right form and is the first.
    pub(crate) fn put<T>(
        self,
        slot: &mut Slot<T>,
        read: impl Fn(&Expr) -> Option<T>,
        form: &str,
        errors: &mut Errors,
    ) {
        let read = |meta: &Meta| match meta {
            Meta::NameValue(pair) => read(&pair.value),
            _ => None,
        };
        self.put_from(slot, read, form, errors);
    }

    /// The same for a value of another form than `name = value`.
    pub(crate) fn put_from<T>(
        self,
        slot: &mut Slot<T>,
        read: impl Fn(&Meta) -> Option<T>,
        form: &str,
        errors: &mut Errors,
    ) {
        let Item { name, meta } = self;
        if slot.is_some() {
            errors.at(&name, format!("`{name}` is given twice; remove one"));
            return;
        }
        match (read(&meta), &meta) {
            (Some(value), _) => *slot = Some(Arg { name, value }),
            (None, Meta::NameValue(pair)) => errors.at(&pair.value, format!("`{name}` takes {form}")),
            (None, _) => errors.at(&meta, format!("`{name}` takes {form}")),
        }
    }

    pub(crate) fn put_word(self, slot: &mut Slot<()>, errors: &mut Errors) {
        let Item { name, meta } = self;
        match meta {
            Meta::Path(_) if slot.is_none() => *slot = Some(Arg { name, value: () }),
            Meta::Path(_) => errors.at(&name, format!("`{name}` is given twice; remove one")),
            _ => errors.at(&meta, format!("`{name}` takes no value; write `#[orm({name})]`")),
        }
    }
}

impl<T> ToTokens for Arg<T> {
    fn to_tokens(&self, tokens: &mut proc_macro2::TokenStream) {
        self.name.to_tokens(tokens);
    }
}

/// What a `macro_rules!` variable holds comes in an invisible group.
fn literal(value: &Expr) -> Option<&Lit> {
    match value {
        Expr::Group(group) => literal(&group.expr),
        Expr::Lit(ExprLit { lit, .. }) => Some(lit),
        _ => None,
    }
}

pub(crate) fn text(value: &Expr) -> Option<LitStr> {
    match literal(value)? {
        Lit::Str(text) => Some(text.clone()),
        _ => None,
    }
}

fn texts(value: &Expr) -> Option<Vec<LitStr>> {
    match value {
        Expr::Array(array) => array.elems.iter().map(text).collect(),
        _ => None,
    }
}

/// The `SELECT` of a view, or `None` for one that exists.
fn select(meta: &Meta) -> Option<Option<LitStr>> {
    match meta {
        Meta::Path(_) => Some(None),
        Meta::NameValue(pair) => text(&pair.value).map(Some),
        Meta::List(_) => None,
    }
}

pub(crate) fn number(value: &Expr) -> Option<LitInt> {
    match literal(value)? {
        Lit::Int(number) => Some(number.clone()),
        _ => None,
    }
}

/// One word.
fn word(value: &Expr) -> Option<Ident> {
    path(value)?.get_ident().cloned()
}

pub(crate) fn path(value: &Expr) -> Option<Path> {
    match value {
        Expr::Group(group) => path(&group.expr),
        Expr::Path(path) => Some(path.path.clone()),
        _ => None,
    }
}

fn paths(value: &Expr) -> Option<Vec<Path>> {
    match value {
        Expr::Array(array) => array.elems.iter().map(path).collect(),
        value => Some(vec![path(value)?]),
    }
}

fn boolean(value: &Expr) -> Option<bool> {
    match literal(value)? {
        Lit::Bool(value) => Some(value.value),
        _ => None,
    }
}

fn any(value: &Expr) -> Option<Expr> {
    Some(value.clone())
}

/// The field that a text names, with the span of the text.
pub(crate) fn field_named(text: &LitStr) -> Option<Ident> {
    let mut ident: Ident = syn::parse_str(&format!("r#{}", text.value())).ok()?;
    ident.set_span(text.span());
    Some(ident)
}
