//! `#[derive(Projection)]`: a struct with named fields is what rows of a query become.

use crate::{
    attr::{Arg, Slot, items, path, unknown},
    column::{named_fields, wrap},
    diag::Errors,
    expand::item_of,
    kind::{Kind, last_word},
};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{DeriveInput, Expr, Field, Path, Type, Visibility, spanned::Spanned};

pub(crate) fn expand(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    let form = "`Projection` is for a struct with named fields: `struct PostCard { title: String }`";
    let Some(fields) = named_fields(input, form, errors) else { return TokenStream::new() };
    let mut model: Slot<Path> = None;
    for item in items(&input.attrs, errors) {
        match item.name == "model" {
            true => item.put(&mut model, path, "a model; write `model = Post`", errors),
            false => errors.at(&item.name, unknown(&item.name.to_string(), "a `Projection`", &["model"])),
        }
    }
    // All fields, so that each mistake is told.
    let parts: Vec<_> = fields.map(|field| part(field, model.as_ref(), errors)).collect();
    match parts.into_iter().collect::<Option<Vec<_>>>() {
        Some(parts) => implementation(input, model.as_ref(), &parts),
        None => TokenStream::new(),
    }
}

/// A field, and what of a model it is.
struct Part<'a> {
    vis: &'a Visibility,
    ident: &'a Ident,
    ty: &'a Type,
    from: Slot<Expr>,
}

/// A field's, if a row can hold it.
fn part<'a>(field: &'a Field, model: Option<&Arg<Path>>, errors: &mut Errors) -> Option<Part<'a>> {
    let (ident, ty) = (field.ident.as_ref()?, &field.ty);
    let mut from = None;
    for item in items(&field.attrs, errors) {
        if item.name != "from" {
            errors.at(&item.name, unknown(&item.name.to_string(), "a field of a `Projection`", &["from"]));
            continue;
        }
        let example = "what is read of the model; write `from = author.username`";
        item.put(&mut from, |value| begins_with_field(value).then(|| value.clone()), example, errors);
    }
    if let (Some(from), None) = (&from, model) {
        let message = "`from` is of a model, which is not named; write `#[orm(model = Post)]` on the struct";
        errors.at(&from.name, message);
    }
    if !matches!(Kind::of(ty), Kind::Column) {
        let word = last_word(ty);
        errors
            .at(ty, format!("a projection holds values and no `{word}`; take the key, or the model itself"));
        return None;
    }
    Some(Part { vis: &field.vis, ident, ty, from })
}

/// Whether it can stand behind `fields.`.
fn begins_with_field(value: &Expr) -> bool {
    match value {
        Expr::Path(path) => path.path.get_ident().is_some(),
        Expr::Field(field) => begins_with_field(&field.base),
        Expr::MethodCall(call) => begins_with_field(&call.receiver),
        Expr::Group(group) => begins_with_field(&group.expr),
        _ => false,
    }
}

fn implementation(input: &DeriveInput, model: Option<&Arg<Path>>, parts: &[Part<'_>]) -> TokenStream {
    let (ident, vis) = (&input.ident, &input.vis);
    let row = format_ident!("{ident}Row", span = ident.span());
    let doc = format!("What the fields of a [`{ident}`] are in a query.");
    let params: Vec<_> = (0..parts.len()).map(|at| format_ident!("__{at}")).collect();
    let names: Vec<_> = parts.iter().map(|part| part.ident).collect();
    let visible = parts.iter().map(|part| part.vis);
    let by = quote!(Row);
    let bounds = parts.iter().zip(&params).map(|(part, param)| {
        let ty = part.ty;
        quote_spanned!(ty.span()=> #param: __orm::Select<__K, Row = #ty>)
    });
    let then =
        params.iter().fold(quote!(__A), |then, param| quote!(<#param as __orm::Select<__K>>::Then<#then>));
    let after = |first| {
        parts.iter().fold(first, |onto, part| {
            let ty = part.ty;
            quote!(<#ty as __orm::Row>::Onto<#onto>)
        })
    };
    let (over, onto) = (after(quote!(__orm::Alone<()>)), after(quote!(__A)));
    let types = parts.iter().map(|part| item_of(part.ty, &by, "types"));
    let reads = parts.iter().map(|part| {
        let (ident, read) = (part.ident, item_of(part.ty, &by, "read_row"));
        quote!(#ident: #read(row)?)
    });
    let of_model = model.map(|model| {
        let model = &model.value;
        let selects = parts.iter().map(|part| {
            let (ident, ty) = (part.ident, part.ty);
            let from = part.from.as_ref().map(|from| &from.value);
            let from = from.map_or_else(|| quote!(#ident), |from| quote!(#from));
            let value = quote_spanned!(ident.span()=> fields.#from);
            // Here its type is compared with the field's.
            quote_spanned!(ty.span()=> let _: ::core::marker::PhantomData<#ty> = __orm::selected(#value, out);)
        });
        quote! {
            #[automatically_derived]
            impl __orm::Projection<#model> for #ident {
                fn select(
                    fields: &'static <#model as __orm::Model>::Fields<__orm::Own>,
                    out: &mut ::std::vec::Vec<__orm::Output>,
                ) {
                    #(#selects)*
                }
            }
        }
    });
    let code = wrap(&quote! {
        #[automatically_derived]
        impl<__K, #(#bounds),*> __orm::Select<__K> for #row<#(#params),*> {
            type Row = #ident;
            type After<__P: __orm::Row> = __P::Push<#ident>;
            type Then<__A: __orm::Annotations> = #then;
            fn select(self, out: &mut ::std::vec::Vec<__orm::Output>) {
                #(__orm::Select::<__K>::select(self.#names, out);)*
            }
        }
        #[automatically_derived]
        impl __orm::Row for #ident {
            type Push<__X: __orm::Row> = (Self, __X);
            type After<__P: __orm::Row> = __P::Push<Self>;
            type Lead<__M: __orm::Model> = __M;
            type Over = #over;
            type Onto<__A: __orm::Annotations> = #onto;
            fn types(out: &mut ::std::vec::Vec<__orm::SqlType>) {
                #(#types(out);)*
            }
            fn read_row(row: &mut __orm::RowRef<'_>) -> __orm::Result<Self> {
                ::core::result::Result::Ok(#ident { #(#reads),* })
            }
        }
        #of_model
    });
    quote! {
        #[doc = #doc]
        #[allow(missing_debug_implementations, missing_docs, nonstandard_style)]
        #vis struct #row<#(#params),*> {
            #(#visible #names: #params,)*
        }
        #code
    }
}
