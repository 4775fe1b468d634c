//! Full text search: vectors of words, queries of words, ranks and headlines
//! ([Full Text Search](https://www.postgresql.org/docs/current/textsearch.html)).
//!
//! [`SearchFunctions`] are the methods of texts and of `tsvector`s; what they are searched for is a text, whose words must all
//! be there, or a [`SearchQuery`] made by the functions of this module. [`config`] says which configuration is meant, that is,
//! in which language; without one it is the server's `default_text_search_config`.
//!
//! ```
//! # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/postgres.rs")); } use models::*;
//! use orm::search::{self, Weight};
//!
//! assert_eq!(condition(|t| t.about.search("cats")), r#"TO_TSVECTOR("talk"."about") @@ PLAINTO_TSQUERY($1)"#);
//! // A column, best a generated one with an index, and a query as users type them.
//! assert_eq!(condition(|t| t.words.search(search::websearch("cats -dogs"))), r#""talk"."words" @@ WEBSEARCH_TO_TSQUERY($1)"#);
//!
//! let english = search::config("english");
//! let query = english.plain("cats") & !english.phrase("small dogs") | english.lexeme("lion").prefix();
//! let talks = Talk::objects()
//!     .values(|t| {
//!         let words = english.vector(t.name).weight(Weight::A).with(english.vector(t.about).weight(Weight::B));
//!         (t.id, words.rank(query.clone()), t.about.headline(query.clone()))
//!     });
//! ```

mod options;
mod query;

pub use crate::field::Weight;
pub use options::{Headline, Rank};
pub use query::{IntoSearch, Lexeme, SearchQuery, lexeme, phrase, plain, raw, websearch};

use crate::{
    Base, Cond, Expr, Expression, Field, FieldType, Free, Function, Like, Node, Nullness, Operand, Param,
    Reach, Text, TsVector, Typed, Value,
    ast::Nulls,
    expr::{
        kind::{Beside, Compared, Kind},
        text::as_text,
        typed::{BaseOf, NullsOf},
    },
    for_tuples,
};
use std::{fmt, marker::PhantomData};

const fn function(name: &'static str) -> Function {
    Function::named(name, Nulls::Any)
}

const fn template(sql: &'static str) -> Function {
    Function::template(sql, Nulls::Any)
}

/// A text search configuration: in which language texts are read. Made by [`config`].
pub struct Config<K = Free> {
    node: Option<Node>,
    _k: PhantomData<fn() -> K>,
}

impl<K> Config<K> {
    fn new(node: Option<Node>) -> Self {
        Config { node, _k: PhantomData }
    }

    /// A function, with the configuration as its first argument if there is one.
    fn call(&self, name: &'static str, arguments: impl IntoIterator<Item = Node>) -> Node {
        Node::call(function(name), self.node.clone().into_iter().chain(arguments))
    }
}

impl<K> Clone for Config<K> {
    fn clone(&self) -> Self {
        Config::new(self.node.clone())
    }
}

impl<K> fmt::Debug for Config<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}

/// A text search configuration by its name, as `"english"`, or by a field that holds names of them. One that the server does
/// not have is an error of the query.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/postgres.rs")); } use models::*;
/// let english = orm::search::config("english");
/// assert_eq!(
///     condition(|t| t.about.search(english.plain("cats"))),
///     r#"TO_TSVECTOR('english'::regconfig, "talk"."about") @@ PLAINTO_TSQUERY('english'::regconfig, $1)"#
/// );
/// ```
pub fn config<C: IntoConfig>(config: C) -> Config<C::Kind> {
    Config::new(Some(config.node()))
}

/// What names a configuration: a text of the program, or a field or expression of texts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a text search configuration",
    label = "expected a name, such as `\"english\"`, or a field of texts"
)]
pub trait IntoConfig {
    /// What it has a value for.
    type Kind: Kind;
    #[doc(hidden)]
    fn node(self) -> Node;
}
impl IntoConfig for &'static str {
    type Kind = Free;
    fn node(self) -> Node {
        Node::call(Function::config(self), [])
    }
}
impl<T: Value<Base: Text>, N: Reach> IntoConfig for Field<T, N> {
    type Kind = N::Kind;
    fn node(self) -> Node {
        Node::call(template("CAST($1 AS regconfig)"), [self.node()])
    }
}
impl<T: Value<Base: Text>, K: Kind> IntoConfig for Expr<T, K> {
    type Kind = K;
    fn node(self) -> Node {
        Node::call(template("CAST($1 AS regconfig)"), [self.node()])
    }
}

impl<K: Kind> Config<K> {
    /// The words of a text, or of a tuple of them (`to_tsvector`); Django's `SearchVector`.
    pub fn vector<T: Texts>(&self, texts: T) -> Expr<T::Vector, Beside<K, T::Kind>> {
        Expr::new(self.call("TO_TSVECTOR", [texts.text()]))
    }
}

/// The words of a text, or of a tuple of them (`to_tsvector`), in the server's configuration; Django's `SearchVector`.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/postgres.rs")); } use models::*;
/// use orm::search;
///
/// assert_eq!(value(|t| search::vector(t.name)), r#"TO_TSVECTOR("talk"."name")"#);
/// assert_eq!(
///     value(|t| search::vector((t.name, t.about))),
///     r#"TO_TSVECTOR(COALESCE("talk"."name", '') || (' ' || COALESCE("talk"."about", '')))"#
/// );
/// ```
pub fn vector<T: Texts>(texts: T) -> Expr<T::Vector, T::Kind> {
    Expr::new(Config::<Free>::new(None).call("TO_TSVECTOR", [texts.text()]))
}

/// Texts that are searched together: one, or a tuple of them, in which NULL is empty.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a text, nor a tuple of texts",
    label = "expected fields and expressions of texts"
)]
pub trait Texts {
    /// The type of its words: an `Option` if it may be NULL.
    type Vector: Value<Base = TsVector>;
    /// What it has a value for.
    type Kind: Kind;
    #[doc(hidden)]
    fn text(self) -> Node;
}
#[diagnostic::do_not_recommend]
impl<A: Typed> Texts for A
where
    BaseOf<A>: Text,
{
    type Vector = <NullsOf<A> as Nullness>::Of<TsVector>;
    type Kind = A::Kind;
    fn text(self) -> Node {
        as_text::<BaseOf<A>>(self.typed())
    }
}

macro_rules! kinds {
    ($t:ty) => { $t };
    ($t:ty, $($rest:ty),+) => { Beside<$t, kinds!($($rest),+)> };
}
macro_rules! joined {
    ($t:expr) => { $t };
    ($t:expr, $($rest:expr),+) => {
        Node::call(template("$1 || (' ' || $2)"), [$t, joined!($($rest),+)])
    };
}
macro_rules! tuples { ($(($($t:ident),*))*) => {$(
    #[allow(non_snake_case, reason = "a type parameter's name serves as its value's")]
    #[diagnostic::do_not_recommend]
    impl<$($t: Typed),*> Texts for ($($t,)*)
    where
        $(BaseOf<$t>: Text,)*
    {
        type Vector = TsVector;
        type Kind = kinds!($($t::Kind),*);
        fn text(self) -> Node {
            let ($($t,)*) = self;
            let empty = Function::template("COALESCE($1, '')", Nulls::Never);
            $(let $t = Node::call(empty, [as_text::<BaseOf<$t>>($t.typed())]);)*
            joined!($($t),*)
        }
    }
)*}}
for_tuples!(tuples);

/// What can be searched: texts, whose words are taken when they are asked, and [`TsVector`]s.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be searched",
    label = "this method is for texts and `TsVector`s"
)]
pub trait Searched: FieldType {
    /// Its words, in a configuration.
    #[doc(hidden)]
    fn words(of: Node, config: Option<Node>) -> Node;
}
impl Searched for TsVector {
    fn words(of: Node, _: Option<Node>) -> Node {
        of
    }
}
#[diagnostic::do_not_recommend]
impl<T: Text> Searched for T {
    fn words(of: Node, config: Option<Node>) -> Node {
        Config::<Free>::new(config).call("TO_TSVECTOR", [as_text::<T>(of)])
    }
}

/// Full text search in texts and `tsvector`s; [the module](crate::search) shows it.
pub trait SearchFunctions: Expression {
    /// Has the words that are searched for (`@@`): those of a text all, in the server's configuration. A text is read in the
    /// configuration of the query.
    fn search<Q: IntoSearch>(self, query: Q) -> Cond<Compared<Self::Kind, Q::Kind>>
    where
        Base<Self>: Searched,
    {
        let query = query.into_query();
        let words = <Base<Self>>::words(self.node(), query.config);
        Cond::new(Node::call(template("$1 @@ $2"), [words, query.node]))
    }

    /// How well it fits what is searched for (`ts_rank`).
    fn rank<Q: IntoSearch>(self, query: Q) -> Expr<Like<Self, f32>, Beside<Self::Kind, Q::Kind>>
    where
        Base<Self>: Searched,
    {
        self.rank_with(query, Rank::default())
    }

    /// How well it fits what is searched for, with weights, a normalization or the density of the words (`ts_rank_cd`).
    fn rank_with<Q: IntoSearch>(
        self,
        query: Q,
        how: Rank,
    ) -> Expr<Like<Self, f32>, Beside<Self::Kind, Q::Kind>>
    where
        Base<Self>: Searched,
    {
        let query = query.into_query();
        let words = <Base<Self>>::words(self.node(), query.config);
        Expr::new(how.node(words, query.node))
    }

    /// Fragments of the text with the words that are searched for, each between `<b>` and `</b>` (`ts_headline`). The rest is
    /// not escaped: it is no safe HTML if the text is not.
    fn headline<Q: IntoSearch>(self, query: Q) -> Expr<Like<Self, String>, Beside<Self::Kind, Q::Kind>>
    where
        Base<Self>: Text,
    {
        self.headline_with(query, Headline::default())
    }

    /// Fragments of the text with the words that are searched for, as it is said.
    fn headline_with<Q: IntoSearch>(
        self,
        query: Q,
        how: Headline,
    ) -> Expr<Like<Self, String>, Beside<Self::Kind, Q::Kind>>
    where
        Base<Self>: Text,
    {
        let query = query.into_query();
        let options = how.text().map(|options| Node::Param(Param::new(Some(&options))));
        let arguments = [as_text::<Base<Self>>(self.node()), query.node].into_iter().chain(options);
        Expr::new(Config::<Free>::new(query.config).call("TS_HEADLINE", arguments))
    }

    /// The words, all with a weight (`setweight`).
    fn weight(self, weight: Weight) -> Expr<Self::Value, Self::Kind>
    where
        Self: Expression<Value: Value<Base = TsVector>>,
    {
        let sql = match weight {
            Weight::A => "SETWEIGHT($1, 'A')",
            Weight::B => "SETWEIGHT($1, 'B')",
            Weight::C => "SETWEIGHT($1, 'C')",
            Weight::D => "SETWEIGHT($1, 'D')",
        };
        Expr::call(template(sql), [self.node()])
    }

    /// The words and those of another vector after them (`||`); Django's `SearchVector(…) + SearchVector(…)`.
    fn with<R: Operand<TsVector, Nulls = crate::value::Never>>(
        self,
        other: R,
    ) -> Expr<Self::Value, Beside<Self::Kind, R::Kind>>
    where
        Self: Expression<Value: Value<Base = TsVector>>,
    {
        Expr::call(template("$1 || $2"), [self.node(), other.into_node()])
    }
}

impl<E: Expression> SearchFunctions for E {}
