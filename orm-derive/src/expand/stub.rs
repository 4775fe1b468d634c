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
        #vis struct #fields_name<N = ::orm::__private::Own>(::core::marker::PhantomData<fn() -> N>);
        #[allow(missing_debug_implementations, missing_docs, unused)]
        #vis struct #builder_name<M>(::core::marker::PhantomData<fn() -> M>);
        #[allow(clippy::all, clippy::pedantic, missing_docs, unreachable_pub, unused)]
        const _: () = {
            use ::orm::__private as __orm;
            impl #impl_generics __orm::Model for #ident #generics #wheres {
                type Key = i64;
                type Fields<N: __orm::Reach> = #fields_name<N>;
                type New = #builder_name<Self>;
                fn meta() -> &'static __orm::ModelMeta {
                    ::core::unreachable!()
                }
                fn roots() -> &'static __orm::Roots {
                    ::core::unreachable!()
                }
                fn fields<N: __orm::Reach>(at: __orm::Path) -> #fields_name<N> {
                    ::core::unreachable!()
                }
                fn key(&self) -> i64 {
                    ::core::unreachable!()
                }
                fn param(&self, field: usize) -> __orm::Param {
                    ::core::unreachable!()
                }
            }
            impl #impl_generics __orm::Unit for #ident #generics #wheres {
                const COLUMNS: usize = 0;
                const KEY: usize = 0;
                fn read_unit(row: &mut __orm::RowRef<'_>) -> __orm::Result<Self> {
                    ::core::unreachable!()
                }
            }
            impl<M: __orm::Model> #builder_name<M> {
                pub fn build(self) -> __orm::Draft<M> {
                    ::core::unreachable!()
                }
            }
            impl<M: __orm::Model> ::core::convert::From<__orm::New<M>> for #builder_name<M> {
                fn from(new: __orm::New<M>) -> Self {
                    ::core::unreachable!()
                }
            }
            impl<M: __orm::Model> ::core::future::Future for #builder_name<M> {
                type Output = __orm::Result<M>;
                fn poll(
                    self: ::core::pin::Pin<&mut Self>,
                    cx: &mut ::core::task::Context<'_>,
                ) -> ::core::task::Poll<Self::Output> {
                    ::core::unreachable!()
                }
            }
            impl<M: __orm::Model> __orm::Builder for #builder_name<M> {
                type Model = M;
                fn into_new(self) -> __orm::New<M> {
                    ::core::unreachable!()
                }
                fn as_new(&self) -> &__orm::New<M> {
                    ::core::unreachable!()
                }
            }
        };
    }
}
