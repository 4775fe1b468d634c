//! Texts that are alike: by trigrams, and without accents
//! ([pg_trgm](https://www.postgresql.org/docs/current/pgtrgm.html), [unaccent](https://www.postgresql.org/docs/current/unaccent.html)).

use super::With;
use crate::{
    Base, Cond, Expr, Expression, Function, Like, Node, Operand, Text, ast::Nulls, expr::text::text,
    kind::Compared,
};

const fn template(sql: &'static str) -> Function {
    Function::template(sql, Nulls::Any)
}

macro_rules! lookups { ($($(#[$m:meta])* $name:ident: $sql:literal;)*) => {$(
    $(#[$m])*
    fn $name<R: Operand<String>>(self, other: R) -> Cond<Compared<Self::Kind, R::Kind>>
    where
        Base<Self>: Text,
    {
        Cond::new(Node::call(template($sql), [text(self), other.into_node()]))
    }
)*}}
macro_rules! functions { ($($(#[$m:meta])* $name:ident: $sql:literal;)*) => {$(
    $(#[$m])*
    fn $name<R: Operand<String>>(self, other: R) -> With<Self, String, R, f32>
    where
        Base<Self>: Text,
    {
        Expr::call(template($sql), [text(self), other.into_node()])
    }
)*}}

/// Texts that are alike, by the groups of three characters that they have in common. The server needs the extension
/// `pg_trgm`, and `unaccent` for that: [`create_extension`](crate::Db::create_extension) makes them. Names are Django's.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |db| {
/// db.create_extension("pg_trgm").await?;
/// let query = User::objects()
///     .filter(|u| u.username.trigram_similar("alicee"))
///     .order_by(|u| u.username.trigram_distance("alicee"));
/// assert!(query.to_sql().ends_with(
///     r#"WHERE "user"."username" % $1 ORDER BY "user"."username" <-> $2 ASC"#
/// ));
/// # User::objects().create().username("alice").await?;
/// # assert_eq!(query.await?.len(), 1);
/// # Ok(())
/// # });
/// ```
pub trait SimilarityFunctions: Expression {
    lookups! {
        /// Is alike (`%`), more than `pg_trgm.similarity_threshold` says.
        trigram_similar: "$1 % $2";
        /// Has a part that is alike (`%>`), more than `pg_trgm.word_similarity_threshold` says.
        trigram_word_similar: "$1 %> $2";
        /// Has words that are alike (`%>>`), more than `pg_trgm.strict_word_similarity_threshold` says.
        trigram_strict_word_similar: "$1 %>> $2";
    }
    functions! {
        /// How much alike they are, from 0 to 1 (`similarity`).
        trigram_similarity: "SIMILARITY($1, $2)";
        /// How much a part of it is like the other one (`word_similarity`).
        trigram_word_similarity: "WORD_SIMILARITY($2, $1)";
        /// How much some of its words are like the other one (`strict_word_similarity`).
        trigram_strict_word_similarity: "STRICT_WORD_SIMILARITY($2, $1)";
        /// 1 without the similarity (`<->`); an order by it can use an index.
        trigram_distance: "$1 <-> $2";
        /// 1 without the similarity of a part (`<->>`).
        trigram_word_distance: "$1 <->> $2";
        /// 1 without the similarity of words (`<->>>`).
        trigram_strict_word_distance: "$1 <->>> $2";
    }

    /// Without accents (`unaccent`): `u.name.unaccent().icontains("helene")`.
    fn unaccent(self) -> Expr<Like<Self, String>, Self::Kind>
    where
        Base<Self>: Text,
    {
        Expr::call(Function::named("UNACCENT", Nulls::Any), [text(self)])
    }
}

impl<E: Expression> SimilarityFunctions for E {}
