//! `#[derive(DbEnum)]`: an enum is stored by the names of its variants or by their numbers.

mod expand;

use crate::{
    attr::{Arg, Slot, items, text, unknown},
    case::{CASES, in_case, title},
    column::{stub, type_name},
    diag::{Errors, did_you_mean},
};
use proc_macro2::{Ident, TokenStream};
use quote::format_ident;
use std::collections::HashMap;
use syn::{Attribute, Data, DataEnum, DeriveInput, Fields, LitStr, ext::IdentExt};

pub(crate) fn expand(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    let attrs = Attrs::parse(&input.attrs, errors);
    let variants = shape(input, errors).and_then(|data| variants(data, &attrs, errors));
    let storage = storage(input, &attrs, errors);
    match (variants, storage) {
        (Some(variants), Some(storage)) => expand::implementation(&input.ident, &variants, &storage),
        _ => stub(input, true),
    }
}

/// What is written on the enum.
#[derive(Default)]
struct Attrs {
    type_name: Slot<LitStr>,
    text: Slot<()>,
    int: Slot<()>,
    rename_all: Slot<LitStr>,
}

/// What is written on a variant.
#[derive(Default)]
struct VariantAttrs {
    rename: Slot<LitStr>,
    label: Slot<LitStr>,
}

/// How the enum is stored.
enum Storage {
    /// As an enum of PostgreSQL with this name.
    Enum(String),
    Text,
    /// As integers: the enum's own type of numbers, and that of the column.
    Int(Ident, Ident),
}

/// A variant, its name in the database and what people read for it.
struct Variant<'a> {
    ident: &'a Ident,
    name: String,
    label: String,
}

impl Attrs {
    fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut out = Attrs::default();
        for item in items(attrs, errors) {
            match item.name.to_string().as_str() {
                "type_name" => {
                    item.put(&mut out.type_name, text, r#"a text; write `type_name = "mood"`"#, errors);
                }
                "text" => item.put_word(&mut out.text, errors),
                "int" => item.put_word(&mut out.int, errors),
                "rename_all" => {
                    let form = r#"a text; write `rename_all = "kebab-case"`"#;
                    item.put(&mut out.rename_all, text, form, errors);
                }
                name => {
                    let known = ["type_name", "text", "int", "rename_all"];
                    errors.at(&item.name, unknown(name, "a `DbEnum`", &known));
                }
            }
        }
        if let Some(arg) = &out.rename_all
            && !CASES.contains(&arg.value.value().as_str())
        {
            let case = arg.value.value();
            let list = || format!("; it is one of `{}`", CASES.join("`, `"));
            let hint = did_you_mean(&case, CASES, list);
            errors.at(&arg.value, format!("unknown `rename_all` value `{case}`{hint}"));
        }
        out
    }
}

impl VariantAttrs {
    fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut out = VariantAttrs::default();
        for item in items(attrs, errors) {
            match item.name.to_string().as_str() {
                "rename" => item.put(&mut out.rename, text, r#"a text; write `rename = "so-so"`"#, errors),
                "label" => item.put(&mut out.label, text, r#"a text; write `label = "Not bad"`"#, errors),
                name => errors.at(&item.name, unknown(name, "a variant", &["rename", "label"])),
            }
        }
        out
    }
}

fn shape<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Option<&'a DataEnum> {
    let (ident, params) = (&input.ident, &input.generics.params);
    let mistake = match &input.data {
        Data::Enum(_) if !params.is_empty() => {
            errors.at(params, format!("`{ident}` is generic; a `DbEnum` is stored in a column of one type"));
            return None;
        }
        Data::Enum(data) if data.variants.is_empty() => "has no variants",
        Data::Enum(data) => return Some(data),
        Data::Struct(_) => "is a struct",
        Data::Union(_) => "is a union",
    };
    let form = "`DbEnum` is for an enum such as `enum Status { Draft, Published }`";
    errors.at(ident, format!("`{ident}` {mistake}; {form}"));
    None
}

/// The variants, if none has fields and no two have one name.
fn variants<'a>(data: &'a DataEnum, attrs: &Attrs, errors: &mut Errors) -> Option<Vec<Variant<'a>>> {
    let is_enum = attrs.text.is_none() && attrs.int.is_none();
    let case = attrs.rename_all.as_ref().map_or_else(String::new, |arg| arg.value.value());
    let (mut out, mut broken) = (Vec::new(), false);
    let mut owners: HashMap<String, &Ident> = HashMap::new();
    for variant in &data.variants {
        let ident = &variant.ident;
        let said = VariantAttrs::parse(&variant.attrs, errors);
        if !matches!(variant.fields, Fields::Unit) {
            errors.at(&variant.fields, format!("variant `{ident}` holds values, which a column does not"));
            broken = true;
        }
        let rust_name = ident.unraw().to_string();
        let name = said.rename.as_ref().map_or_else(|| in_case(&rust_name, &case), |arg| arg.value.value());
        let owner = owners.insert(name.clone(), ident);
        if let Some(message) = mistaken(&name, owner, is_enum) {
            match &said.rename {
                Some(arg) => errors.at(&arg.value, message),
                None => errors.at(ident, format!("{message}; give another with `#[orm(rename = \"…\")]`")),
            }
            broken = true;
        }
        let label = said.label.as_ref().map_or_else(|| title(&rust_name), |arg| arg.value.value());
        out.push(Variant { ident, name, label });
    }
    (!broken).then_some(out)
}

/// What is wrong with the name of a variant. PostgreSQL refuses labels of more than 63 bytes.
fn mistaken(name: &str, owner: Option<&Ident>, is_enum: bool) -> Option<String> {
    if let Some(owner) = owner {
        Some(format!("`{name}` is already the name of variant `{owner}`"))
    } else if name.contains('\0') {
        Some("the name of a variant cannot hold a NUL".to_owned())
    } else if is_enum && name.len() > 63 {
        Some(format!("the name of a variant has at most 63 bytes; `{name}` has {}", name.len()))
    } else {
        None
    }
}

fn storage(input: &DeriveInput, attrs: &Attrs, errors: &mut Errors) -> Option<Storage> {
    let one = |arg: &Arg<()>, other: &str, why: &str, errors: &mut Errors| {
        errors.at(arg, format!("`{other}` and `{}` exclude each other, as {why}; remove one", arg.name));
    };
    match (&attrs.text, &attrs.int, &attrs.type_name) {
        (Some(_), Some(int), _) => {
            one(int, "text", "an enum is stored in one way", errors);
            None
        }
        (Some(arg), None, Some(_)) | (None, Some(arg), Some(_)) => {
            one(arg, "type_name", "only an enum of PostgreSQL has a name there", errors);
            None
        }
        (Some(_), None, None) => Some(Storage::Text),
        (None, Some(int), None) => {
            let own = repr(&input.attrs);
            let column = own.as_ref().and_then(|own| match own.to_string().as_str() {
                "i8" | "u8" | "i16" => Some("i16"),
                "u16" | "i32" => Some("i32"),
                "u32" | "i64" => Some("i64"),
                _ => None,
            });
            let Some((own, column)) = own.zip(column) else {
                let fix = "add `#[repr(i16)]` for a `smallint`, `i32` for an `integer`, `i64` for a `bigint`";
                errors.at(int, format!("`int` needs to know how large the numbers are; {fix}"));
                return None;
            };
            Some(Storage::Int(own, format_ident!("{column}")))
        }
        (None, None, name) => Some(Storage::Enum(type_name(&input.ident, name.as_ref(), errors))),
    }
}

/// `i16` of `#[repr(i16)]`.
fn repr(attrs: &[Attribute]) -> Option<Ident> {
    let mut out = None;
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("repr")) {
        // What is no representation is rustc's to say.
        let _ = attr.parse_nested_meta(|meta| {
            if let Some(word) = meta.path.get_ident().filter(|word| word.to_string().starts_with(['i', 'u']))
            {
                out = Some(word.clone());
            }
            Ok(())
        });
    }
    out
}
