//! `#[derive(DbComposite)]`: a struct with named fields is a composite type.

use crate::{
    attr::{Slot, items, text, unknown},
    check::{held, mistaken_name},
    column::{named_fields, stub, type_name, wrap},
    diag::Errors,
    expand::item_of,
    kind::{Kind, inside_option, last_word},
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use std::collections::HashMap;
use syn::{Attribute, DeriveInput, Field, LitStr, Type, ext::IdentExt};

pub(crate) fn expand(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    let name =
        type_name(&input.ident, attribute(&input.attrs, "type_name", "address", errors).as_ref(), errors);
    let form = "`DbComposite` is for a struct with named fields: `struct Address { city: String }`";
    let parts = named_fields(input, form, errors).and_then(|fields| parts(fields, errors));
    match parts {
        Some(parts) => implementation(&input.ident, &name, &parts),
        None => stub(input, false),
    }
}

/// The one attribute that the struct has, or a field.
fn attribute(attrs: &[Attribute], name: &str, example: &str, errors: &mut Errors) -> Slot<LitStr> {
    let mut out = None;
    for item in items(attrs, errors) {
        match item.name == name {
            true => item.put(&mut out, text, &format!("a text; write `{name} = \"{example}\"`"), errors),
            false => {
                let place = if name == "rename" { "a field of a `DbComposite`" } else { "a `DbComposite`" };
                errors.at(&item.name, unknown(&item.name.to_string(), place, &[name]));
            }
        }
    }
    out
}

/// A field, and its name in the database.
struct Part<'a> {
    ident: &'a Ident,
    ty: &'a Type,
    name: String,
}

/// The fields, if each can be one of a composite type.
fn parts<'a>(fields: impl Iterator<Item = &'a Field>, errors: &mut Errors) -> Option<Vec<Part<'a>>> {
    let (mut parts, mut broken) = (Vec::new(), false);
    let mut owners: HashMap<String, &Ident> = HashMap::new();
    for field in fields {
        let (Some(ident), ty) = (&field.ident, &field.ty) else { continue };
        let given = attribute(&field.attrs, "rename", "street", errors);
        let name = given.as_ref().map_or_else(|| ident.unraw().to_string(), |arg| arg.value.value());
        let owner = owners.insert(name.clone(), ident);
        let twice = owner.map(|owner| format!("`{name}` is already the name of field `{owner}`"));
        if let Some(message) = mistaken_name("field", &name).or(twice) {
            match &given {
                Some(arg) => errors.at(&arg.value, message),
                None => errors.at(ident, message),
            }
        }
        if let Some(message) = mistaken_type(ty) {
            errors.at(ty, message);
            broken = true;
        }
        parts.push(Part { ident, ty, name });
    }
    (!broken).then_some(parts)
}

fn mistaken_type(ty: &Type) -> Option<String> {
    let inner = inside_option(ty).unwrap_or(ty);
    let word = last_word(inner);
    match (Kind::of(ty), inner, held(&word)) {
        (Kind::Column, Type::Reference(_), _) => {
            Some("a composite value owns its fields and cannot hold a reference".to_owned())
        }
        (Kind::Column, _, held) => {
            held.map(|held| format!("PostgreSQL has no type for `{word}`; use `{held}`"))
        }
        _ => Some(format!("a composite type has no relations; put the `{word}` into the model")),
    }
}

fn implementation(ident: &Ident, name: &str, parts: &[Part<'_>]) -> TokenStream {
    let by = quote!(CompositeField);
    let types = parts.iter().map(|part| {
        let (name, ty) = (&part.name, item_of(part.ty, &by, "TYPE"));
        quote!((#name, #ty))
    });
    let writes = parts.iter().map(|part| {
        let (ident, write) = (part.ident, item_of(part.ty, &by, "write"));
        quote!(#write(&self.#ident, &mut record)?;)
    });
    let reads = parts.iter().map(|part| {
        let (ident, read) = (part.ident, item_of(part.ty, &by, "read"));
        quote!(#ident: #read(&mut record)?)
    });
    let name = Literal::string(name);
    wrap(&quote! {
        #[automatically_derived]
        impl __orm::FieldType for #ident {
            const TYPE: __orm::SqlType = __orm::SqlType::Named(&__orm::NamedType {
                name: #name,
                kind: __orm::NamedKind::Composite(&[#(#types),*]),
            });
            fn encode(&self, out: &mut ::std::vec::Vec<u8>) -> __orm::Result<()> {
                let mut record = __orm::RecordWriter::new::<Self>(out);
                #(#writes)*
                ::core::result::Result::Ok(())
            }
            fn decode(bytes: &[u8]) -> __orm::Result<Self> {
                let mut record = __orm::RecordReader::new::<Self>(bytes)?;
                ::core::result::Result::Ok(#ident { #(#reads),* })
            }
        }
        #[automatically_derived]
        impl __orm::Element for #ident {}
    })
}
