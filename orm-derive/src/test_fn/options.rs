//! What is written in `#[orm::test(…)]`: names and forms are right, and fit together.

use crate::{
    attr::{Item, Slot, number, path, text, unknown},
    diag::Errors,
};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{LitInt, LitStr, Meta, Path, Token, Type, parse::Parser, punctuated::Punctuated};

/// What is written in `#[orm::test(…)]`.
#[derive(Default)]
pub(super) struct Options {
    pub(super) models: Slot<TokenStream>,
    pub(super) transaction: Slot<()>,
    pub(super) fixture: Slot<Path>,
    pub(super) flavor: Slot<LitStr>,
    pub(super) worker_threads: Slot<LitInt>,
}

const OPTIONS: [&str; 5] = ["models", "transaction", "fixture", "flavor", "worker_threads"];
const FLAVORS: [&str; 2] = ["current_thread", "multi_thread"];

impl Options {
    pub(super) fn parse(options: TokenStream, errors: &mut Errors) -> Self {
        let mut out = Options::default();
        let metas = match Punctuated::<Meta, Token![,]>::parse_terminated.parse2(options) {
            Ok(metas) => metas,
            Err(error) => {
                errors.push(error);
                return out;
            }
        };
        for meta in metas {
            let name = spelled(meta.path());
            let Some(item) = Item::new(meta.clone()) else {
                errors.at(meta.path(), unknown(&name, "`#[orm::test]`", &OPTIONS));
                continue;
            };
            match &*name {
                "models" => {
                    let form =
                        "types; write `models(User, Post)`, or `models = all()` with a function of yours";
                    item.put_from(&mut out.models, models, form, errors);
                }
                "transaction" if matches!(meta, Meta::Path(_)) => item.put_word(&mut out.transaction, errors),
                "transaction" => {
                    errors.at(&meta, "`transaction` takes no value; write it alone");
                }
                "fixture" => {
                    item.put(&mut out.fixture, path, "an async function; write `fixture = seed`", errors);
                }
                "flavor" => {
                    item.put(&mut out.flavor, text, r#"a text; write `flavor = "multi_thread"`"#, errors);
                }
                "worker_threads" => {
                    let form = "a number; write `worker_threads = 2`";
                    item.put(&mut out.worker_threads, number, form, errors);
                }
                _ => errors.at(meta.path(), unknown(&name, "`#[orm::test]`", &OPTIONS)),
            }
        }
        out
    }

    pub(super) fn check(&self, errors: &mut Errors) {
        if let (Some(transaction), None) = (&self.transaction, &self.models) {
            let message = "`transaction` needs tables that are there before it begins; add `models(…)`";
            errors.at(transaction, message);
        }
        let flavor = self.flavor.as_ref().map(|flavor| (&flavor.value, flavor.value.value()));
        if let Some((written, flavor)) = &flavor
            && !FLAVORS.contains(&&**flavor)
        {
            errors.at(written, format!("unknown flavor `{flavor}`; it is `{}`", FLAVORS.join("` or `")));
        } else if let Some(threads) = &self.worker_threads {
            if flavor.is_none_or(|(_, flavor)| flavor != "multi_thread") {
                errors.at(threads, r#"`worker_threads` needs `flavor = "multi_thread"`"#);
            }
            if threads.value.base10_parse().is_ok_and(|number: u32| number == 0) {
                errors.at(&threads.value, "`worker_threads` is at least 1");
            }
        }
    }
}

/// `models(User, Post)`, or an expression.
fn models(meta: &Meta) -> Option<TokenStream> {
    match meta {
        Meta::Path(_) => None,
        Meta::NameValue(pair) => Some(pair.value.to_token_stream()),
        Meta::List(list) => {
            let types = list.parse_args_with(Punctuated::<Type, Token![,]>::parse_terminated).ok()?;
            (!types.is_empty()).then(|| quote!(::orm::models![#types]))
        }
    }
}

/// A path as it was written.
pub(super) fn spelled(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}
