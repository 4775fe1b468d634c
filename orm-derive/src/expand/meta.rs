//! The model's static data.

use super::{flatten, of_type, place, validators};
use crate::{
    attr::{Arg, FieldAttrs},
    case::snake_case,
    kind::{Kind, has_second_argument, last_word},
    model::{Field, Model},
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{LitInt, LitStr, spanned::Spanned};

pub(super) fn statics(model: &Model) -> TokenStream {
    let (name, table) = (model.name(), model.table());
    let fields: Vec<_> =
        model.fields.iter().enumerate().map(|(at, field)| field_meta(model, at, field)).collect();
    let (before, fields) = match model.shared.is_empty() {
        true => (None, quote!(&[#(#fields),*])),
        false => (Some(flatten::metas(model, &fields)), quote!(&FIELDS)),
    };
    let pairs = model.fields.iter().enumerate().filter_map(|(at, field)| pairs_table(model, at, field));
    let mut there = TokenStream::new();
    let mut ordering = Vec::new();
    for (name, descending, span) in model.ordering() {
        let field = model.position(&name).map(|field| place(field).into_token_stream());
        let field = field.unwrap_or_else(|| {
            let span = span.resolved_at(Span::call_site());
            there.extend(quote_spanned!(span=> const _: () = __orm::has(&FIELDS, #name);));
            quote!(__orm::place_of(&FIELDS, #name))
        });
        ordering.push(quote!(__orm::Ordering { field: #field, descending: #descending }));
    }
    let key = model.keys().into_iter().map(place);
    let version = model.version().map(place).map(|at| quote!(version: ::core::option::Option::Some(#at),));
    let soft_delete = soft_deleted(model).map(|(at, field)| {
        let (at, ty) = (place(at), &field.ty);
        let now = quote_spanned!(field.span()=> <#ty as __orm::Now>::now);
        quote! {
            soft_delete: ::core::option::Option::Some(__orm::SoftDeleted { field: #at, now: #now }),
        }
    });
    let view = view(model).map(|(sql, materialized)| {
        let sql = match sql {
            Some(sql) => quote!(::core::option::Option::Some(#sql)),
            None => quote!(::core::option::Option::None),
        };
        let view = quote!(__orm::View { sql: #sql, materialized: #materialized });
        quote!(view: ::core::option::Option::Some(#view),)
    });
    let hooks = model.attrs.hooks.as_ref().map(|arg| {
        let (ident, hooks) = (&model.ident, &arg.value);
        let of = quote_spanned!(hooks.span()=> &__orm::HooksOf::<#ident, _>::new(#hooks));
        quote!(hooks: ::core::option::Option::Some(#of),)
    });
    quote! {
        #(#pairs)*
        #before
        #there
        static META: __orm::ModelMeta = __orm::ModelMeta {
            name: #name,
            table: #table,
            fields: #fields,
            key: &[#(#key),*],
            ordering: &[#(#ordering),*],
            #version
            #soft_delete
            #view
            #hooks
            ..__orm::ModelMeta::PLAIN
        };
        static ROOTS: __orm::Roots = __orm::Roots::new();
    }
}

/// The field that says when a row was deleted.
fn soft_deleted(model: &Model) -> Option<(usize, &Field)> {
    model.fields.iter().enumerate().find(|(_, field)| field.attrs.soft_delete.is_some())
}

/// The `SELECT` of a view, and whether its rows are stored.
fn view(model: &Model) -> Option<(Option<&LitStr>, bool)> {
    let attrs = &model.attrs;
    let plain = attrs.view.as_ref().map(|arg| (arg.value.as_ref(), false));
    plain.or(attrs.materialized_view.as_ref().map(|arg| (arg.value.as_ref(), true)))
}

/// What can be done with its rows as a whole: those of a table are written, those of a materialized view refreshed.
pub(super) fn kind(model: &Model) -> TokenStream {
    let ident = &model.ident;
    let kind = match view(model) {
        None => Some(quote!(Writable)),
        Some((_, true)) => Some(quote!(MaterializedView)),
        Some((_, false)) => None,
    };
    let unhooked = model.attrs.hooks.is_none().then(|| quote!(Unhooked));
    let kinds = kind.into_iter().chain(unhooked);
    quote!(#(impl __orm::#kinds for #ident {})*)
}

/// The types that say which unique column a foreign key holds.
pub(super) fn keys(model: &Model) -> TokenStream {
    let ident = &model.ident;
    let keys = model.fields.iter().enumerate().filter_map(|(at, field)| {
        let key = &field.attrs.key.as_ref()?.value;
        let (vis, name, at) = (&field.vis, &field.ident, place(at));
        let (id, value) = (of_type(field, "Id"), of_type(field, "id"));
        let of = super::row::unless_broken(model, || Some(quote!(#value(&row.#name))));
        let doc = format!("`{}` of a [`{}`], as what foreign keys hold.", field.name(), model.name());
        Some(quote_spanned! {field.span()=>
            #[doc = #doc]
            #[derive(Debug)]
            #vis enum #key {}
            const _: () = {
                use ::orm::__private as __orm;
                #[automatically_derived]
                impl __orm::KeyBy<#ident> for #key {
                    type Key = #id;
                    const TO: ::core::option::Option<usize> = ::core::option::Option::Some(#at);
                    fn of(row: &#ident) -> #id {
                        #of
                    }
                }
            };
        })
    });
    keys.collect()
}

/// What only models whose rows are hidden can do.
pub(super) fn soft_delete(model: &Model) -> Option<TokenStream> {
    soft_deleted(model)?;
    let ident = &model.ident;
    Some(quote!(#[automatically_derived] impl __orm::SoftDelete for #ident {}))
}

fn field_meta(model: &Model, at: usize, field: &Field) -> TokenStream {
    let (name, kind, target) = (field.name(), field.kind(), of_type(field, "target"));
    let (some, none) = (quote!(::core::option::Option::Some), quote!(::core::option::Option::None));
    let via = field.attrs.via.as_ref().map(|via| &via.value);
    let kind = match kind {
        Kind::HasMany(_) | Kind::HasOne(_) => {
            let kind = Ident::new(&last_word(&field.ty), Span::call_site());
            let via = via.map_or_else(|| none.clone(), |via| quote!(#some(#via)));
            quote!(#kind { via: #via })
        }
        Kind::ManyToMany(target) => {
            let pairs = match (via, &field.attrs.through) {
                (Some(via), _) => quote!(Via(#via)),
                (None, Some(through)) => {
                    let (through, fields) = (&through.value, field.attrs.through_fields.as_ref());
                    let fields = fields.map_or_else(
                        || none.clone(),
                        |fields| {
                            let fields = &fields.value;
                            quote!(#some([#(#fields),*]))
                        },
                    );
                    quote!(Through { model: <#through as __orm::Model>::meta, fields: #fields })
                }
                (None, None) => {
                    let table = pairs_name(at);
                    quote!(Made(&#table))
                }
            };
            let to_self = via.is_none() && last_word(target) == model.name();
            let symmetrical = field.attrs.symmetrical.as_ref().map_or(to_self, |arg| arg.value);
            quote!(ManyToMany { pairs: __orm::Pairs::#pairs, symmetrical: #symmetrical })
        }
        Kind::Column | Kind::ForeignKey { .. } => return column_meta(field, model.key() == Some(at)),
    };
    let mut meta = quote_spanned! {field.span()=>
        __orm::FieldMeta::far(#name, #target, __orm::RelationKind::#kind)
    };
    if let Some(to) = model.own_key(field) {
        let to = place(to);
        meta.extend(quote!(.to_field(#some(#to))));
    }
    saying(field, meta)
}

/// `PAIRS_7`: the table made for the pairs of the seventh field.
fn pairs_name(at: usize) -> Ident {
    format_ident!("PAIRS_{at}")
}

/// The table made for the pairs of a many-to-many field, if it is one: a key to this model and one to the other.
fn pairs_table(model: &Model, at: usize, field: &Field) -> Option<TokenStream> {
    let Kind::ManyToMany(target) = field.kind() else { return None };
    let (table, static_name) = (field.pairs_table(&model.table())?, pairs_name(at));
    let name = format!("{}.{}", model.name(), field.name());
    let (here, there) = (snake_case(&model.name()), snake_case(&last_word(target)));
    let (here, there) = match here == there {
        true => (format!("from_{here}"), format!("to_{there}")),
        false => (here, there),
    };
    let [near, far] = [&here, &there].map(|name| format!("{name}_id"));
    let own = of_type(&model.fields[*model.keys().first()?], "COLUMN");
    let [of, target] = ["COLUMN", "target"].map(|item| of_type(field, item));
    Some(quote_spanned! {field.span()=>
        static #static_name: __orm::ModelMeta = __orm::ModelMeta::pairs(#name, #table, &[
            __orm::FieldMeta::column(#here, #near, #own).paired(|| &META),
            __orm::FieldMeta::column(#there, #far, #of).paired(#target),
        ]);
    })
}

pub(super) fn column_meta(field: &Field, is_key: bool) -> TokenStream {
    let (name, column, kind) = (field.name(), field.column(), field.kind());
    let [of, target, generate, parts] =
        ["COLUMN", "target", "GENERATE", "PARTS"].map(|item| of_type(field, item));
    let mut meta = quote_spanned! {field.span()=>
        __orm::FieldMeta::column(#name, #column, #of)
    };
    if let Kind::ForeignKey { nullable, .. } = kind {
        if let Some(columns) = &field.attrs.columns {
            let columns = columns.value.iter().enumerate().map(|(at, column)| {
                let at = place(at);
                quote_spanned!(field.span()=> __orm::FieldMeta::part(#name, #column, #parts, #at, #nullable))
            });
            meta =
                quote_spanned!(field.span()=> __orm::FieldMeta::composite(#name, &[#(#columns),*], #parts));
        }
        let on_delete = on_delete(field);
        meta = quote_spanned! {field.span()=>
            #meta.foreign_key(#target, __orm::OnDelete::#on_delete)
        };
        if has_second_argument(&field.ty) {
            let to = of_type(field, "TO");
            meta = quote_spanned!(field.span()=> #meta.to_field(#to));
        }
    } else if is_key && !field.has_default() {
        meta = quote_spanned!(field.span()=> #meta.primary_key(#generate));
    }
    saying(field, meta)
}

/// The metadata with what the attributes say.
fn saying(field: &Field, meta: TokenStream) -> TokenStream {
    let said = said(field);
    if said.is_empty() { meta } else { quote!(__orm::FieldMeta { #said ..#meta }) }
}

fn on_delete(field: &Field) -> Ident {
    let value = field.attrs.on_delete.as_ref().map(|arg| arg.value.value());
    let name = match value.as_deref() {
        Some("cascade") => "Cascade",
        Some("set_null") => "SetNull",
        Some("set_default") => "SetDefault",
        Some("no_action") => "NoAction",
        _ => "Restrict",
    };
    Ident::new(name, Span::call_site())
}

/// Has rustc find out whether the types of columns fit what is said of them: a mistake is shown at the attribute.
pub(super) fn fits(model: &Model) -> TokenStream {
    let mut out = TokenStream::new();
    for (_, field) in model.columns() {
        let FieldAttrs { max_length, max_digits, collation, .. } = &field.attrs;
        let max_length = max_length.as_ref().map(|arg| (&arg.name, "has_length"));
        let max_digits = max_digits.as_ref().map(|arg| (&arg.name, "has_digits"));
        let collation = collation.as_ref().map(|arg| (&arg.name, "has_collation"));
        for (said, has) in [max_length, max_digits, collation].into_iter().flatten() {
            let (at, column) = (said.span().resolved_at(Span::call_site()), of_type(field, "COLUMN"));
            let has = Ident::new(has, at);
            out.extend(quote_spanned!(at=> const _: () = __orm::ColumnType::#has(#column);));
        }
        if field.attrs.columns.is_none() && matches!(field.kind(), Kind::ForeignKey { .. }) {
            let parts = of_type(field, "PARTS");
            out.extend(quote_spanned!(field.span()=> const _: () = __orm::one_column(#parts);));
        }
        out.extend(validators::fits(field));
    }
    out
}

/// What the attributes say, as parts of a `FieldMeta { … }`.
fn said(field: &Field) -> TokenStream {
    let (ty, attrs) = (&field.ty, &field.attrs);
    let some = quote!(::core::option::Option::Some);
    let mut out = TokenStream::new();
    let number = |arg: &Arg<LitInt>| LitInt::new(arg.value.base10_digits(), arg.value.span());
    if let Some(length) = attrs.max_length.as_ref().map(number) {
        out.extend(quote!(max_length: #some(#length),));
    }
    if let (Some(digits), Some(places)) =
        (attrs.max_digits.as_ref().map(number), attrs.decimal_places.as_ref().map(number))
    {
        out.extend(quote!(digits: #some((#digits, #places)),));
    }
    if attrs.unique.is_some() {
        out.extend(quote!(unique: true,));
    }
    if attrs.index.is_some() {
        out.extend(quote!(index: true,));
    }
    if let Some(arg) = &attrs.default {
        let (value, param) = (&arg.value, of_type(field, "param"));
        out.extend(quote_spanned! {field.span()=>
            default: #some(|| #param(&__orm::IntoValue::<#ty>::into_value(#value))),
        });
    }
    if let Some(arg) = &attrs.db_default {
        let sql = &arg.value;
        out.extend(quote!(db_default: #some(#sql),));
    }
    if let Some(arg) = &attrs.generated {
        let sql = &arg.value;
        out.extend(quote!(generated: #some(#sql), editable: false,));
    }
    let now = quote_spanned!(field.span()=> #some(<#ty as __orm::Now>::now));
    if attrs.auto_now.is_some() || attrs.auto_now_add.is_some() {
        out.extend(quote!(default: #now,));
    }
    if attrs.auto_now.is_some() {
        out.extend(quote!(on_save: #now,));
    }
    let is_now = attrs.auto_now.is_some() || attrs.auto_now_add.is_some();
    if let Some(editable) = attrs
        .editable
        .as_ref()
        .map(|arg| arg.value)
        .filter(|_| attrs.generated.is_none())
        .or((is_now || attrs.version.is_some() || attrs.soft_delete.is_some()).then_some(false))
    {
        out.extend(quote!(editable: #editable,));
    }
    macro_rules! texts { ($($slot:ident)*) => {$(
        if let Some(arg) = &attrs.$slot {
            let text = &arg.value;
            out.extend(quote!($slot: #some(#text),));
        }
    )*}}
    texts!(collation comment verbose_name help_text);
    out.extend(validators::said(field));
    out
}
