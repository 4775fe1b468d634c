//! What stands in for a struct that cannot be a model, so that its one mistake is one error: a model without fields.

use super::{builder_name, fields_name};
use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    let (ident, vis) = (&input.ident, &input.vis);
    let (impl_generics, generics, bounds) = input.generics.split_for_impl();
    let (fields_name, builder_name) = (fields_name(ident), builder_name(ident));
    let wheres = bounds.map(|bounds| &bounds.predicates);
    let wheres =
        quote!(where #ident #generics: ::core::marker::Send + ::core::marker::Sync + 'static, #wheres);
    quote! {
        #[allow(missing_debug_implementations, missing_docs, unused)]
        #vis struct #fields_name<__N = ::orm::__private::Own>(::core::marker::PhantomData<fn() -> __N>);
        #[allow(missing_debug_implementations, missing_docs, unused)]
        #vis struct #builder_name<__M>(::core::marker::PhantomData<fn() -> __M>);
        #[allow(clippy::all, clippy::pedantic, missing_docs, unreachable_pub, unused)]
        const _: () = {
            use ::orm::__private as __orm;
            impl #impl_generics __orm::Model for #ident #generics #wheres {
                type Key = i64;
                type Fields<__N: __orm::Reach> = #fields_name<__N>;
                type New = #builder_name<Self>;
                type Keyed = #builder_name<Self>;
                fn meta() -> &'static __orm::ModelMeta {
                    ::core::unreachable!()
                }
                fn roots() -> &'static __orm::Roots {
                    ::core::unreachable!()
                }
                fn fields<__N: __orm::Reach>(at: __orm::Path) -> #fields_name<__N> {
                    ::core::unreachable!()
                }
                fn key(&self) -> i64 {
                    ::core::unreachable!()
                }
                fn param(&self, field: usize) -> __orm::Param {
                    ::core::unreachable!()
                }
            }
            impl #impl_generics __orm::Writable for #ident #generics #wheres {}
            impl #impl_generics __orm::Unhooked for #ident #generics #wheres {}
            impl #impl_generics __orm::Unit for #ident #generics #wheres {
                const COLUMNS: usize = 0;
                const KEY: usize = 0;
                type Nature = __orm::OfRows<Self>;
                fn types(out: &mut ::std::vec::Vec<__orm::SqlType>) {
                    ::core::unreachable!()
                }
                fn read_unit(row: &mut __orm::RowRef<'_>) -> __orm::Result<Self> {
                    ::core::unreachable!()
                }
            }
            impl<__M: __orm::Model> #builder_name<__M> {
                pub fn build(self) -> __orm::Draft<__M> {
                    ::core::unreachable!()
                }
            }
            impl<__M: __orm::Model> ::core::convert::From<__orm::New<__M>> for #builder_name<__M> {
                fn from(new: __orm::New<__M>) -> Self {
                    ::core::unreachable!()
                }
            }
            impl<__M: __orm::Model> ::core::future::Future for #builder_name<__M> {
                type Output = __orm::Result<__M>;
                fn poll(
                    self: ::core::pin::Pin<&mut Self>,
                    cx: &mut ::core::task::Context<'_>,
                ) -> ::core::task::Poll<Self::Output> {
                    ::core::unreachable!()
                }
            }
            impl<__M: __orm::Model> __orm::Builder for #builder_name<__M> {
                type Model = __M;
                fn into_new(self) -> __orm::New<__M> {
                    ::core::unreachable!()
                }
                fn as_new(&self) -> &__orm::New<__M> {
                    ::core::unreachable!()
                }
            }
        };
    }
}
