//! How ranks are reckoned and headlines cut.

use super::{Node, Param, template};

/// How a rank is reckoned
/// ([Ranking Search Results](https://www.postgresql.org/docs/current/textsearch-controls.html#TEXTSEARCH-RANKING)).
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/postgres.rs")); } use models::*;
/// use orm::search::Rank;
///
/// let rank = Rank::default().cover_density().weights([0.1, 0.2, 0.4, 1.0]).normalization(2 | 8);
/// assert_eq!(
///     value(|t| t.words.rank_with("cats", rank)),
///     r#"TS_RANK_CD($2, "talk"."words", PLAINTO_TSQUERY($1), $3)"#
/// );
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Rank {
    weights: Option<[f32; 4]>,
    normalization: i32,
    cover_density: bool,
}

impl Rank {
    /// How much words of the weights D, C, B and A count; 0.1, 0.2, 0.4 and 1.0 if nothing is said.
    #[must_use]
    pub fn weights(mut self, weights: [f32; 4]) -> Self {
        self.weights = Some(weights);
        self
    }

    /// How the length of the document counts: the sum of PostgreSQL's numbers, 0 for not at all.
    #[must_use]
    pub fn normalization(mut self, normalization: i32) -> Self {
        self.normalization = normalization;
        self
    }

    /// By how near the words stand to each other (`ts_rank_cd`).
    #[must_use]
    pub fn cover_density(mut self) -> Self {
        self.cover_density = true;
        self
    }

    pub(super) fn node(self, words: Node, query: Node) -> Node {
        let Rank { weights, normalization, cover_density } = self;
        let mut arguments = vec![words, query];
        if weights.is_some() || normalization != 0 {
            let weights = weights.unwrap_or([0.1, 0.2, 0.4, 1.0]).to_vec();
            arguments.push(Node::Param(Param::new(Some(&weights))));
            arguments.push(Node::Param(Param::new(Some(&normalization))));
        }
        let function = match (cover_density, arguments.len()) {
            (false, 2) => "TS_RANK($1, $2)",
            (true, 2) => "TS_RANK_CD($1, $2)",
            (false, _) => "TS_RANK($3, $1, $2, $4)",
            (true, _) => "TS_RANK_CD($3, $1, $2, $4)",
        };
        Node::call(template(function), arguments)
    }
}

/// How a headline is cut and marked
/// ([Highlighting Results](https://www.postgresql.org/docs/current/textsearch-controls.html#TEXTSEARCH-HEADLINE)). What is not
/// said is as PostgreSQL has it.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/postgres.rs")); } use models::*;
/// use orm::search::Headline;
///
/// let marked = Headline::default().start_sel("<mark>").stop_sel("</mark>").max_fragments(2);
/// assert_eq!(
///     value(|t| t.about.headline_with("cats", marked.clone())),
///     r#"TS_HEADLINE("talk"."about", PLAINTO_TSQUERY($1), $2)"#
/// );
/// ```
#[derive(Clone, Debug, Default)]
pub struct Headline(Vec<(&'static str, String)>);

macro_rules! options { ($($(#[$m:meta])* $name:ident($ty:ty): $option:literal;)*) => {$(
    $(#[$m])*
    #[must_use]
    pub fn $name(mut self, value: $ty) -> Self {
        self.0.push(($option, value.to_string()));
        self
    }
)*}}

impl Headline {
    options! {
        /// What stands before each word that was searched for, `<b>`.
        start_sel(&str): "StartSel";
        /// What stands after it, `</b>`.
        stop_sel(&str): "StopSel";
        /// The most words of a headline, 35.
        max_words(u32): "MaxWords";
        /// The fewest words of a headline, 15.
        min_words(u32): "MinWords";
        /// Words of so many letters or fewer are left out at its ends, 3.
        short_word(u32): "ShortWord";
        /// The whole text.
        highlight_all(bool): "HighlightAll";
        /// The most fragments of the text; 0, of another way to choose one.
        max_fragments(u32): "MaxFragments";
        /// What stands between fragments, ` ... `.
        fragment_delimiter(&str): "FragmentDelimiter";
    }

    /// The options as PostgreSQL reads them, each value in quotes.
    pub(super) fn text(&self) -> Option<String> {
        let option = |(name, value): &(&str, String)| format!("{name}=\"{}\"", value.replace('"', "\"\""));
        (!self.0.is_empty()).then(|| self.0.iter().map(option).collect::<Vec<_>>().join(", "))
    }
}
