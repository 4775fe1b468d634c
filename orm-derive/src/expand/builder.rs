//! `PostNew`: a builder that knows by its type which required fields were given.

use super::{builder_name, ends, flatten, of_type, place};
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
    let shared = model.shared.iter().map(|field| {
        let ty = &field.ty;
        quote_spanned!(field.span()=> ::orm::__private::Untold<#ty>,)
    });
    quote! {
        #[doc = #doc]
        #[allow(missing_debug_implementations)]
        #[must_use = "await it to insert the row, or `build()` a draft"]
        #vis struct #builder_name<__S = (#(#missing)* #(#shared)*)>(
            ::orm::__private::New<#ident>,
            ::core::marker::PhantomData<fn() -> __S>,
        );
    }
}

pub(super) fn impls(model: &Model) -> TokenStream {
    let (ident, builder_name) = (&model.ident, builder_name(&model.ident));
    let needed: Vec<&Field> =
        model.required().into_iter().map(|at| &model.fields[at]).chain(&model.shared).collect();
    let states: Vec<Ident> = (0..needed.len()).map(|i| format_ident!("__S{i}")).collect();
    let needs: Vec<Ident> =
        needed.iter().map(|field| format_ident!("needs_{}", field.ident.unraw())).collect();
    let traits = needed.iter().zip(&needs).map(|(field, needs)| {
        let (model, is_shared, field) = (model.name(), field.attrs.flatten.is_some(), field.name());
        let message = format!("`{model}` needs `{field}`: give it with `.{field}(…)`");
        let label = format!("`{field}` is not given");
        let untold = is_shared.then(|| {
            quote! {
                #[diagnostic::do_not_recommend]
                impl<T: ::orm::__private::Flatten<State = ::orm::__private::Given>> #needs for ::orm::__private::Untold<T> {}
            }
        });
        quote! {
            #[diagnostic::on_unimplemented(message = #message, label = #label)]
            pub trait #needs {}
            #[diagnostic::do_not_recommend]
            impl #needs for ::orm::__private::Given {}
            #untold
        }
    });
    // In a module, where a user's `mod diagnostic` is not in scope; prefixed, as a field may have that name too.
    let traits = (!needed.is_empty()).then(|| quote!(mod __required { #(#traits)* }));
    let setters = setters(model, &needed, &states);
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
    let shared = model.shared.iter().map(|field| {
        let ty = &field.ty;
        quote_spanned!(field.span()=> __orm::Untold<#ty>,)
    });
    quote!(#builder_name<(#(#given)* #(#shared)*)>)
}

/// A method for each column; that of a required field marks its place as given.
fn setters(model: &Model, needed: &[&Field], states: &[Ident]) -> Vec<TokenStream> {
    let builder_name = builder_name(&model.ident);
    let after = |given: &Field| {
        let states = needed.iter().zip(states).map(|(needed, state)| match std::ptr::eq(*needed, given) {
            true => quote!(__orm::Given,),
            false => quote!(#state,),
        });
        quote!((#(#states)*))
    };
    let setter = |(at, field): (usize, &Field)| {
        let (vis, ident, ty, param) = (&field.vis, &field.ident, &field.ty, of_type(field, "param"));
        let (after, at) = (after(field), place(at));
        quote_spanned! {field.span()=>
            #vis fn #ident(self, value: impl __orm::IntoValue<#ty>) -> #builder_name<#after> {
                let value = #param(&value.into_value());
                #builder_name(self.0.put(#at, value), ::core::marker::PhantomData)
            }
        }
    };
    let no_clash = |(_, field): &(usize, &Field)| field.name() != "build"; // a mistake, which is reported
    let is_given = |(_, field): &(usize, &Field)| field.attrs.generated.is_none();
    let shared = model.shared.iter().zip(flatten::offsets(model)).map(|(field, first)| {
        let (vis, ident, ty, after) = (&field.vis, &field.ident, &field.ty, after(field));
        let give = flatten::of_shared(field, "give");
        quote_spanned! {field.span()=>
            #vis fn #ident(self, value: #ty) -> #builder_name<#after> {
                #builder_name(#give(&value, self.0, #first), ::core::marker::PhantomData)
            }
        }
    });
    model.columns().filter(no_clash).filter(is_given).map(setter).chain(shared).collect()
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
