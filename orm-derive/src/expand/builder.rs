//! `PostNew`: a builder that knows by its type which required fields were given.

use super::{builder_name, ends, of_type, place};
use crate::{
    attr::{FieldAttrs, field_named},
    kind::Kind,
    model::{Field, Model},
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{LitStr, Type, ext::IdentExt, parse_quote};

/// The struct, whose parameter has a place for each required field.
pub(super) fn structure(model: &Model) -> TokenStream {
    let (vis, ident, builder_name) = (&model.vis, &model.ident, builder_name(&model.ident));
    let doc = format!("Builder of a [`{}`].", model.name());
    let missing = model.required().into_iter().map(|_| quote!(::orm::__private::Missing,));
    quote! {
        #[doc = #doc]
        #[allow(missing_debug_implementations)]
        #[must_use = "await it to insert the row, or `build()` a draft"]
        #vis struct #builder_name<__S = (#(#missing)*)>(
            ::orm::__private::New<#ident>,
            ::core::marker::PhantomData<fn() -> __S>,
        );
    }
}

pub(super) fn impls(model: &Model) -> TokenStream {
    let (ident, builder_name) = (&model.ident, builder_name(&model.ident));
    let required = model.required();
    let states: Vec<Ident> = (0..required.len()).map(|i| format_ident!("__S{i}")).collect();
    let needs: Vec<Ident> =
        required.iter().map(|at| format_ident!("needs_{}", model.fields[*at].ident.unraw())).collect();
    let traits = required.iter().zip(&needs).map(|(at, needs)| {
        let (model, field) = (model.name(), model.fields[*at].name());
        let message = format!("`{model}` needs `{field}`: give it with `.{field}(…)`");
        let label = format!("`{field}` is not given");
        quote! {
            #[diagnostic::on_unimplemented(message = #message, label = #label)]
            pub trait #needs {}
            #[diagnostic::do_not_recommend]
            impl #needs for ::orm::__private::Given {}
        }
    });
    // In a module, where a user's `mod diagnostic` is not in scope; prefixed, as a field may have that name too.
    let traits = (!required.is_empty()).then(|| quote!(mod __required { #(#traits)* }));
    let setters = setters(model, &required, &states);
    let via = via(model);
    let bounds = (!states.is_empty()).then(|| quote!(where #(#states: __required::#needs),*));
    quote! {
        #[automatically_derived]
        impl<__S> ::core::convert::From<__orm::New<#ident>> for #builder_name<__S> {
            fn from(new: __orm::New<#ident>) -> Self {
                #builder_name(new, ::core::marker::PhantomData)
            }
        }
        #traits
        #[automatically_derived]
        impl<#(#states),*> #builder_name<(#(#states,)*)> {
            #(#setters)*
            pub fn build(self) -> __orm::Draft<#ident> #bounds {
                self.0.draft()
            }
        }
        #[automatically_derived]
        impl<#(#states: __required::#needs),*> ::core::future::Future for #builder_name<(#(#states,)*)> {
            type Output = __orm::Result<#ident>;
            fn poll(
                self: ::core::pin::Pin<&mut Self>,
                cx: &mut ::core::task::Context<'_>,
            ) -> ::core::task::Poll<Self::Output> {
                self.get_mut().0.poll(cx)
            }
        }
        #[automatically_derived]
        impl<__S> __orm::Builder for #builder_name<__S> {
            type Model = #ident;
            fn into_new(self) -> __orm::New<#ident> {
                self.0
            }
            fn as_new(&self) -> &__orm::New<#ident> {
                &self.0
            }
        }
        #via
    }
}

/// The type of the builder to which a relation's manager has given the foreign key. It does not know which of several, so
/// one that is then missing is found at run time.
pub(super) fn keyed(model: &Model) -> TokenStream {
    let builder_name = builder_name(&model.ident);
    let given = model.required().into_iter().map(|at| match model.fields[at].kind() {
        Kind::ForeignKey { .. } => quote!(__orm::Given,),
        _ => quote!(__orm::Missing,),
    });
    quote!(#builder_name<(#(#given)*)>)
}

/// A method for each column; that of a required field marks its place as given.
fn setters(model: &Model, required: &[usize], states: &[Ident]) -> Vec<TokenStream> {
    let builder_name = builder_name(&model.ident);
    let setter = |(at, field): (usize, &Field)| {
        let (vis, ident, ty, param) = (&field.vis, &field.ident, &field.ty, of_type(field, "param"));
        let after = required.iter().zip(states).map(|(needed, state)| match *needed == at {
            true => quote!(__orm::Given,),
            false => quote!(#state,),
        });
        let after = quote!((#(#after)*));
        let at = place(at);
        quote_spanned! {field.span()=>
            #vis fn #ident(self, value: impl __orm::IntoValue<#ty>) -> #builder_name<#after> {
                let value = #param(&value.into_value());
                #builder_name(self.0.put(#at, value), ::core::marker::PhantomData)
            }
        }
    };
    let no_clash = |(_, field): &(usize, &Field)| field.name() != "build"; // a mistake, which is reported
    let is_given = |(_, field): &(usize, &Field)| field.attrs.generated.is_none();
    model.columns().filter(no_clash).filter(is_given).map(setter).collect()
}

/// Has rustc look up each `via` and `through_fields` in the other model: the field has the span of the user's literal, and
/// rustc knows which names are close.
fn via(model: &Model) -> TokenStream {
    let ident = &model.ident;
    let mut checks = TokenStream::new();
    for field in &model.fields {
        let FieldAttrs { via, through, through_fields, .. } = &field.attrs;
        let pairs = matches!(field.kind(), Kind::ManyToMany(_));
        if let Some(via) = via {
            let check = of_type(field, if pairs { "paired" } else { "via" });
            let at = ends(&field.ty).1;
            checks.extend(leads(&via.value, at, |key| quote_spanned!(at=> #check::<#ident, #key>)));
        }
        if let (Kind::ManyToMany(target), Some(through), Some(fields)) =
            (field.kind(), through, through_fields)
        {
            let own: Type = parse_quote!(#ident);
            for (name, to) in fields.value.iter().zip([&own, target]) {
                let through = &through.value;
                checks.extend(leads(name, name.span(), |key| quote!(__orm::key_to::<#through, #to, #key>)));
            }
        }
    }
    checks
}

/// That a field, by its name, is what a function takes.
fn leads(name: &LitStr, at: Span, check: impl Fn(TokenStream) -> TokenStream) -> Option<TokenStream> {
    let field = field_named(name)?;
    let (key, closure) = (quote_spanned!(name.span()=> _), quote_spanned!(name.span()=> |f| f.#field));
    let check = check(key);
    Some(quote_spanned!(at=> const _: fn() = || #check(#closure);))
}
