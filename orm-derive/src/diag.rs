//! Mistakes: collected, so that the user sees all of them at once, each at a token of their own.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// The mistakes found so far.
#[derive(Default)]
pub(crate) struct Errors(Vec<syn::Error>);

impl Errors {
    /// Reports a mistake at the user's `tokens`.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.0.push(syn::Error::new_spanned(tokens, message));
    }

    /// Reports what the parser says.
    pub(crate) fn push(&mut self, error: syn::Error) {
        self.0.push(error);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The mistakes as `compile_error!`s.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.iter().map(syn::Error::to_compile_error).collect()
    }

    #[cfg(test)]
    pub(crate) fn into_vec(self) -> Vec<syn::Error> {
        self.0
    }
}

/// ``; did you mean `unique`?``, if one of the names is close to what was written, and else what `otherwise` says.
pub(crate) fn did_you_mean<'a>(
    written: &str,
    names: impl IntoIterator<Item = &'a str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    let nearest = names.into_iter().map(|name| (distance(written, name), name)).min();
    match nearest {
        Some((distance, name)) if distance <= written.chars().count().max(3) / 3 => {
            format!("; did you mean `{name}`?")
        }
        _ => otherwise(),
    }
}

/// How many characters must be inserted, removed, replaced or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replace = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replace.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_fingers_is_one_step() {
        for slip in ["uniqe", "uniquee", "unikue", "uniuqe"] {
            assert_eq!(distance(slip, "unique"), 1, "{slip}");
        }
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }

    #[test]
    fn only_a_close_name_is_suggested() {
        let names = ["unique", "index"];
        let suggest = |written| did_you_mean(written, names, || "; no idea".to_owned());
        assert_eq!(suggest("uniqe"), "; did you mean `unique`?");
        assert_eq!(suggest("idx"), "; no idea");
        assert_eq!(suggest("primary"), "; no idea");
    }
}
