//! Validators: each a function that looks at one value.

use super::of_type;
use crate::{attr::FieldAttrs, model::Field};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

/// `validators: &[…],` as a part of a `FieldMeta { … }`, if there are any.
pub(super) fn said(field: &Field) -> Option<TokenStream> {
    let (ty, attrs) = (&field.ty, &field.attrs);
    let mut out = Vec::new();
    for format in texts(attrs).filter(|name| *name != "min_length" && *name != "regex") {
        out.push(quote!(|value| __orm::field_validators::text(value, __orm::validators::#format)));
    }
    if let Some(arg) = &attrs.min_length {
        let least = &arg.value;
        out.push(quote!(|value| __orm::field_validators::min_length(value, #least)));
    }
    if let Some(arg) = &attrs.regex {
        let pattern = &arg.value;
        out.push(quote!(|value| {
            static PATTERN: __orm::field_validators::Pattern = __orm::field_validators::Pattern::new(#pattern);
            PATTERN.check(value)
        }));
    }
    macro_rules! limits { ($($slot:ident by $by:ident)*) => {$(
        if let Some(arg) = &attrs.$slot {
            let limit = &arg.value;
            let at = limit.span().resolved_at(Span::call_site());
            let base = quote_spanned!(at=> <#ty as __orm::Value>::Base);
            out.push(quote_spanned! {at=>
                |value| <#base as __orm::validators::$by>::$slot(value, __orm::IntoValue::<#base>::into_value(#limit))
            });
        }
    )*}}
    limits!(min_value by Limited max_value by Limited step by Stepped);
    for path in attrs.validate.iter().flat_map(|arg| &arg.value) {
        let at = path.span().resolved_at(Span::call_site());
        out.push(quote_spanned! {at=>
            |value| __orm::field_validators::custom::<#ty, _>(value, |value| #path(value))
        });
    }
    (!out.is_empty()).then(|| quote!(validators: &[#(#out),*],))
}

/// Has rustc find out whether a field is a text, for what is said of texts.
pub(super) fn fits(field: &Field) -> TokenStream {
    let checks = texts(&field.attrs).map(|name| {
        let (at, column) = (name.span().resolved_at(Span::call_site()), of_type(field, "COLUMN"));
        let message = format!("`{name}` is for texts");
        quote_spanned!(at=> const _: () = __orm::ColumnType::is_text(#column, #message);)
    });
    checks.collect()
}

/// The names of the validators that are for texts, at the user's tokens.
fn texts(attrs: &FieldAttrs) -> impl Iterator<Item = &Ident> {
    let FieldAttrs { min_length, email, url, slug, regex, .. } = attrs;
    let words = [email, url, slug].map(|slot| slot.as_ref().map(|arg| &arg.name));
    let others = [min_length.as_ref().map(|arg| &arg.name), regex.as_ref().map(|arg| &arg.name)];
    words.into_iter().chain(others).flatten()
}
