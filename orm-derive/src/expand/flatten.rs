//! Structs of shared columns: what they are, and how a model has them.

use super::{fields, fields_name, item_of, meta, place, row};
use crate::{
    kind::Kind,
    model::{Field, Model},
};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

/// All that `#[derive(Flatten)]` makes.
pub(crate) fn expand(model: &Model) -> TokenStream {
    let (ident, fields_name) = (&model.ident, fields_name(&model.ident));
    let structure = fields::structure(model);
    let metas = model.fields.iter().map(|field| meta::column_meta(field, false));
    let state = if model.required().is_empty() { quote!(Given) } else { quote!(Missing) };
    let fields = row::fields(model, quote!(of));
    let names = model.fields.iter().map(|field| &field.ident);
    let reads = model.fields.iter().enumerate().map(|(at, field)| {
        let at = place(at);
        row::read_column(field, &quote!(model), &quote!(first + #at))
    });
    let read = row::unless_broken(model, || {
        Some(quote!(::core::result::Result::Ok(#ident { #(#names: #reads),* })))
    });
    let (param, slot) = (row::unless_broken(model, || Some(row::params(model))), row::slots(model));
    let fits = meta::fits(model);
    quote! {
        #structure
        #[allow(clippy::all, clippy::pedantic, clippy::nursery, nonstandard_style, unused)]
        #[allow(deprecated, missing_docs, private_interfaces, unreachable_pub)]
        const _: () = {
            use ::orm::__private as __orm;
            #fits
            #[automatically_derived]
            impl __orm::Flatten for #ident {
                type Fields<__N: __orm::Reach> = #fields_name<__N>;
                type State = __orm::#state;
                const FIELDS: &'static [__orm::FieldMeta] = &[#(#metas),*];
                fn fields<__N: __orm::Reach>(at: __orm::Path, of: &'static [__orm::FieldMeta]) -> #fields_name<__N> {
                    #fields_name { #(#fields),* }
                }
                fn read(
                    row: &mut __orm::RowRef<'_>,
                    model: &'static __orm::ModelMeta,
                    first: usize,
                ) -> __orm::Result<Self> {
                    #read
                }
                fn param(&self, field: usize) -> __orm::Param {
                    #param
                }
                #slot
            }
        };
    }
}

/// An item of a field's struct.
pub(super) fn of_shared(field: &Field, item: &str) -> TokenStream {
    item_of(&field.ty, &quote!(Flatten), item)
}

/// Where the columns of a model's shared structs begin: of each, and where the last ones end.
pub(super) fn offsets(model: &Model) -> Vec<TokenStream> {
    let own = place(model.fields.len());
    let mut offsets = vec![quote!(#own)];
    for field in &model.shared {
        let (before, fields) = (&offsets[offsets.len() - 1], of_shared(field, "FIELDS"));
        offsets.push(quote!(#before + #fields.len()));
    }
    offsets
}

/// Arms of a match on a field's place for those of shared structs: what a call gives, of a struct and a place in it.
pub(super) fn arms(model: &Model, call: impl Fn(&Field, TokenStream) -> TokenStream) -> TokenStream {
    let offsets = offsets(model);
    let arms = model.shared.iter().zip(offsets.windows(2)).map(|(field, ends)| {
        let (first, end) = (&ends[0], &ends[1]);
        let call = call(field, quote!(field - (#first)));
        quote_spanned!(field.span()=> _ if field >= #first && field < #end => #call,)
    });
    arms.collect()
}

/// The metadata of a model's fields, own and shared, and that no two of them have one name.
pub(super) fn metas(model: &Model, own: &[TokenStream]) -> TokenStream {
    let metas = model.shared.iter().map(|field| of_shared(field, "FIELDS"));
    let offsets = offsets(model);
    let all = offsets.last();
    let differ =
        model.shared.last().map(|field| quote_spanned!(field.span()=> const _: () = __orm::differ(&FIELDS);));
    quote! {
        static FIELDS: [__orm::FieldMeta; #all] = __orm::flattened(&[#(#own),*], &[#(#metas),*]);
        #differ
    }
}

/// Whether rows of the model may have relations, as far as it is known here.
pub(super) fn may_relate(model: &Model) -> bool {
    !model.shared.is_empty() || model.fields.iter().any(|field| !matches!(field.kind(), Kind::Column))
}
