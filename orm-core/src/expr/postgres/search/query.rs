//! What is searched for.

use super::{Beside, Config, Free, Function, Kind, Node, Operand, Param, Weight, function, template};
use crate::value::Never;
use std::{fmt, marker::PhantomData, ops};

/// What is searched for (`tsquery`): `&`, `|` and `!` combine them, `then` says what stands next to each other.
#[must_use = "it does nothing unless it is given to `search`, `rank` or `headline`"]
pub struct SearchQuery<K = Free> {
    pub(super) node: Node,
    /// In which texts are read that are searched for it; of several, that of the first.
    pub(super) config: Option<Node>,
    _k: PhantomData<fn() -> K>,
}

impl<K> SearchQuery<K> {
    fn new(node: Node, config: Option<Node>) -> Self {
        SearchQuery { node, config, _k: PhantomData }
    }
}

impl<K> Clone for SearchQuery<K> {
    fn clone(&self) -> Self {
        SearchQuery::new(self.node.clone(), self.config.clone())
    }
}

impl<K> fmt::Debug for SearchQuery<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}

/// What can be searched for: a text, whose words must all be there, a [`SearchQuery`] or a [`Lexeme`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what a search is for",
    label = "expected a text, or a query made in `orm::search`",
    note = "a field is one by `search::plain(…)`"
)]
pub trait IntoSearch {
    /// What it has a value for.
    type Kind: Kind;
    #[doc(hidden)]
    fn into_query(self) -> SearchQuery<Self::Kind>;
}
impl<K: Kind> IntoSearch for SearchQuery<K> {
    type Kind = K;
    fn into_query(self) -> Self {
        self
    }
}
macro_rules! texts { ($($t:ty),*) => {$(
    impl IntoSearch for $t {
        type Kind = Free;
        fn into_query(self) -> SearchQuery {
            plain(self)
        }
    }
)*}}
texts!(&str, String, &String);

macro_rules! queries { ($($(#[$m:meta])* $name:ident: $function:literal;)*) => {
    $(
        $(#[$m])*
        ///
        /// It is read in the server's configuration; [`config`](super::config) says another.
        pub fn $name<R: Operand<String, Nulls = Never>>(text: R) -> SearchQuery<R::Kind> {
            let node = Node::call(function($function), [text.into_node()]);
            SearchQuery::new(node, None)
        }
    )*
    impl<K: Kind> Config<K> {$(
        $(#[$m])*
        pub fn $name<R: Operand<String, Nulls = Never>>(&self, text: R) -> SearchQuery<Beside<K, R::Kind>> {
            SearchQuery::new(self.call($function, [text.into_node()]), self.node.clone())
        }
    )*}
}}
queries! {
    /// All the words of a text (`plainto_tsquery`).
    plain: "PLAINTO_TSQUERY";
    /// The words of a text, one after the other (`phraseto_tsquery`).
    phrase: "PHRASETO_TSQUERY";
    /// What PostgreSQL's own syntax says (`to_tsquery`), such as `cat & (dog | mouse:*)`; what it does not understand is an
    /// error of the query.
    raw: "TO_TSQUERY";
    /// What search engines understand (`websearch_to_tsquery`): `"small dogs" or cats -mice`. Nothing is an error.
    websearch: "WEBSEARCH_TO_TSQUERY";
}

/// One word, whatever characters are in it: made by [`lexeme`].
#[derive(Clone, Debug)]
#[must_use = "it does nothing unless it is given to `search`, `rank` or `headline`"]
pub struct Lexeme<K = Free> {
    config: Config<K>,
    text: String,
    prefix: bool,
    weights: String,
}

/// One word, in which no character has a meaning of its own (Django's `Lexeme`); of an empty one nothing is found.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/postgres.rs")); } use models::*;
/// use orm::search::{Weight, lexeme};
///
/// let query = lexeme("ca").prefix().weight(Weight::A) & !lexeme("dog's");
/// assert_eq!(condition(|t| t.words.search(query.clone())), r#""talk"."words" @@ (TO_TSQUERY($1) && (!! TO_TSQUERY($2)))"#);
/// ```
pub fn lexeme(text: impl Into<String>) -> Lexeme {
    Config::new(None).lexeme(text)
}

impl<K: Kind> Config<K> {
    /// One word, in which no character has a meaning of its own (Django's `Lexeme`).
    pub fn lexeme(&self, text: impl Into<String>) -> Lexeme<K> {
        Lexeme { config: self.clone(), text: text.into(), prefix: false, weights: String::new() }
    }
}

impl<K> Lexeme<K> {
    /// All words that begin with it.
    pub fn prefix(mut self) -> Self {
        self.prefix = true;
        self
    }

    /// Only where it has a weight; several calls are any of them.
    pub fn weight(mut self, weight: Weight) -> Self {
        self.weights.push(match weight {
            Weight::A => 'A',
            Weight::B => 'B',
            Weight::C => 'C',
            Weight::D => 'D',
        });
        self
    }
}

impl<K: Kind> IntoSearch for Lexeme<K> {
    type Kind = K;
    fn into_query(self) -> SearchQuery<K> {
        let Lexeme { config, text, prefix, weights } = self;
        let text = text.replace('\\', "\\\\").replace('\'', "''");
        let text = match text.trim().is_empty() {
            true => String::new(),
            false if prefix || !weights.is_empty() => {
                format!("'{text}':{}{weights}", if prefix { "*" } else { "" })
            }
            false => format!("'{text}'"),
        };
        let text = Node::Param(Param::new(Some(&text)));
        SearchQuery::new(config.call("TO_TSQUERY", [text]), config.node)
    }
}

fn both<K, A: IntoSearch, B: IntoSearch>(function: Function, a: A, b: B) -> SearchQuery<K> {
    let (a, b) = (a.into_query(), b.into_query());
    SearchQuery::new(Node::call(function, [a.node, b.node]), a.config.or(b.config))
}

macro_rules! logic { ($($ty:ident)*) => {$(
    impl<K: Kind, R: IntoSearch> ops::BitAnd<R> for $ty<K> {
        type Output = SearchQuery<Beside<K, R::Kind>>;
        fn bitand(self, other: R) -> Self::Output {
            both(template("$1 && $2"), self, other)
        }
    }
    impl<K: Kind, R: IntoSearch> ops::BitOr<R> for $ty<K> {
        type Output = SearchQuery<Beside<K, R::Kind>>;
        fn bitor(self, other: R) -> Self::Output {
            both(template("$1 || $2"), self, other)
        }
    }
    impl<K: Kind> ops::Not for $ty<K> {
        type Output = SearchQuery<K>;
        fn not(self) -> Self::Output {
            let query = self.into_query();
            SearchQuery::new(Node::call(template("!! $1"), [query.node]), query.config)
        }
    }
    impl<K: Kind> $ty<K> {
        /// And right after it, what another one finds (`<->`).
        pub fn then<R: IntoSearch>(self, next: R) -> SearchQuery<Beside<K, R::Kind>> {
            both(template("$1 <-> $2"), self, next)
        }
    }
)*}}
logic!(SearchQuery Lexeme);
