//! The code that an enum becomes: constants, and calls into the core's generic code.

use super::{Storage, Variant};
use crate::column::wrap;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

pub(super) fn implementation(ident: &Ident, variants: &[Variant<'_>], storage: &Storage) -> TokenStream {
    let idents: Vec<_> = variants.iter().map(|variant| variant.ident).collect();
    let names = variants.iter().map(|variant| &variant.name);
    let labels = variants.iter().map(|variant| &variant.label);
    let places = (0..variants.len()).map(Literal::usize_unsuffixed);
    let (numbers, items) = match storage {
        Storage::Int(own, column) => by_number(ident, &idents, own, column),
        _ => (TokenStream::new(), by_name(storage)),
    };
    wrap(&quote! {
        #numbers
        #[automatically_derived]
        impl __orm::FieldType for #ident {
            #items
        }
        #[automatically_derived]
        impl __orm::DbEnum for #ident {
            const VARIANTS: &'static [Self] = &[#(Self::#idents),*];
            const NAMES: &'static [&'static str] = &[#(#names),*];
            const LABELS: &'static [&'static str] = &[#(#labels),*];
            fn place(&self) -> usize {
                match self {
                    #(Self::#idents => #places,)*
                }
            }
        }
        #[automatically_derived]
        impl __orm::Element for #ident {}
        #[automatically_derived]
        impl __orm::Ordered for #ident {}
        __orm::key_conversions!(#ident);
    })
}

fn by_name(storage: &Storage) -> TokenStream {
    let names = quote!(<Self as __orm::DbEnum>::NAMES);
    let sql_type = match storage {
        Storage::Enum(name) => quote! {
            const TYPE: __orm::SqlType = __orm::SqlType::Named(&__orm::NamedType {
                name: #name,
                kind: __orm::NamedKind::Enum(#names),
            });
        },
        _ => quote! {
            const TYPE: __orm::SqlType = __orm::SqlType::Text;
            const CHECK: ::core::option::Option<__orm::Check> =
                ::core::option::Option::Some(__orm::Check::OneOf(#names));
        },
    };
    quote! {
        #sql_type
        fn encode(&self, out: &mut ::std::vec::Vec<u8>) -> __orm::Result<()> {
            __orm::encode_name(self, out)
        }
        fn decode(bytes: &[u8]) -> __orm::Result<Self> {
            __orm::decode_name(bytes)
        }
    }
}

/// The numbers of the variants, which only the compiler knows, and what is made of them. The cast to the enum's own type
/// of numbers loses nothing, and that of the column is at least as large.
fn by_number(ident: &Ident, variants: &[&Ident], own: &Ident, column: &Ident) -> (TokenStream, TokenStream) {
    let (count, column) = (variants.len(), quote!(::core::primitive::#column));
    let numbers = quote! {
        const NUMBERS: [#column; #count] = [#(#ident::#variants as ::core::primitive::#own as #column),*];
    };
    let items = quote! {
        const TYPE: __orm::SqlType = <#column as __orm::FieldType>::TYPE;
        const CHECK: ::core::option::Option<__orm::Check> =
            ::core::option::Option::Some(__orm::Check::OneOfNumbers(
                &[#(Self::#variants as ::core::primitive::#own as ::core::primitive::i64),*],
            ));
        fn encode(&self, out: &mut ::std::vec::Vec<u8>) -> __orm::Result<()> {
            <#column as __orm::FieldType>::encode(&NUMBERS[__orm::DbEnum::place(self)], out)
        }
        fn decode(bytes: &[u8]) -> __orm::Result<Self> {
            __orm::decode_number(bytes, &NUMBERS)
        }
    };
    (numbers, items)
}
