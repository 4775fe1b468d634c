//! `#[orm::test]`: an `async fn` becomes a test with a database of its own.

mod options;

use crate::diag::Errors;
use options::{Options, spelled};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{FnArg, ItemFn, Token, spanned::Spanned};

pub(crate) fn expand(options: TokenStream, item: TokenStream, errors: &mut Errors) -> TokenStream {
    let Ok(test) = syn::parse2::<ItemFn>(item.clone()) else {
        errors.at(item.clone().into_iter().next(), "`#[orm::test]` stands on an `async fn`");
        return item;
    };
    let options = Options::parse(options, errors);
    options.check(errors);
    check(&test, errors);
    match errors.is_empty() {
        true => wrap(&test, options),
        false => stub(test),
    }
}

fn check(test: &ItemFn, errors: &mut Errors) {
    let signature = &test.sig;
    if signature.asyncness.is_none() {
        errors.at(signature.fn_token, "`#[orm::test]` stands on an `async fn`; write `async fn`");
    }
    if !signature.generics.params.is_empty() {
        errors.at(&signature.generics.params, "a test cannot be generic");
    }
    let form = "a test takes one argument at most: what its `fixture` makes, or a `Db` or `&TestDb`";
    match signature.inputs.first() {
        Some(FnArg::Receiver(receiver)) => errors.at(receiver, "a test is a function, without `self`"),
        _ => signature.inputs.iter().skip(1).take(1).for_each(|second| errors.at(second, form)),
    }
    for attribute in &test.attrs {
        if attribute.path().segments.last().is_some_and(|last| last.ident == "test") {
            errors.at(attribute.path(), "`#[orm::test]` makes the test by itself; remove this one");
        }
    }
}

fn wrap(test: &ItemFn, options: Options) -> TokenStream {
    let ItemFn { attrs, vis, sig, block } = test;
    let name = &sig.ident;
    // rustc is to point at what the user wrote: the argument's type, the fixture, the output.
    let place = |tokens: &dyn ToTokens| tokens.span().resolved_at(Span::call_site());
    let argument = sig.inputs.first().map(|argument| match argument {
        FnArg::Typed(argument) => place(&argument.ty),
        FnArg::Receiver(receiver) => place(receiver),
    });
    let body = match (argument, &options.fixture) {
        (None, None) => quote!(async |_| #name().await),
        (Some(argument), None) => {
            let given = quote_spanned!(argument=> ::orm::__private::FromTest::from_test(__test));
            quote!(async |__test| #name(#given).await)
        }
        (argument, Some(fixture)) => {
            let path = &fixture.value;
            let written = spelled(path);
            let made = quote_spanned!(place(path)=> #path().await);
            let given = argument.map(|argument| quote_spanned!(argument=> __fixture));
            quote! {
                async |_| ::orm::__private::with_fixture(
                    #written,
                    #made,
                    async |__fixture| #name(#given).await,
                ).await
            }
        }
    };
    let should_panic = attrs.iter().any(|attribute| attribute.path().is_ident("should_panic"));
    let multi_thread = options.flavor.is_some_and(|flavor| flavor.value.value() == "multi_thread");
    let settings = [
        options.models.map(|models| {
            let models = models.value;
            quote!(.models(#models))
        }),
        options.transaction.map(|_| quote!(.transaction())),
        multi_thread.then(|| quote!(.multi_thread())),
        options.worker_threads.map(|threads| {
            let number = threads.value;
            quote!(.worker_threads(#number))
        }),
        should_panic.then(|| quote!(.should_panic())),
    ];
    let settings = settings.into_iter().flatten();
    let run = quote_spanned!(place(&sig.output)=> .run(#body));
    let call = quote!(::orm::__private::Test::new() #(#settings)* #run);
    // libtest wants no output where a panic is expected.
    let (output, call) = match should_panic {
        true => (None, quote!(#call;)),
        false => (Some(quote!(-> ::std::process::ExitCode)), call),
    };
    quote! {
        #(#attrs)*
        #[::core::prelude::v1::test]
        #vis fn #name() #output {
            #sig #block
            #call
        }
    }
}

/// What keeps a mistake one error: the function, whatever it is.
fn stub(mut test: ItemFn) -> TokenStream {
    test.attrs.clear();
    test.sig.asyncness = Some(Token![async](test.sig.fn_token.span));
    quote!(#[allow(unused)] #test)
}
