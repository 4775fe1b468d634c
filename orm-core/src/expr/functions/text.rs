//! Functions of texts.

use crate::{
    Base, Expr, Expression, Function, Like, Operand, Text, Value, ast::Nulls, expr::text::text, kind::Beside,
    value::Either,
};

const fn function(name: &'static str) -> Function {
    Function::named(name, Nulls::Any)
}

const fn template(sql: &'static str) -> Function {
    Function::template(sql, Nulls::Any)
}

/// `S`, NULL where one of two is.
type Both<E, R, T, S> = Either<<<E as Expression>::Value as Value>::Nulls, <R as Operand<T>>::Nulls, S>;
/// The same, of three.
type Three<E, A, T, B, U, S> = Either<
    <<<E as Expression>::Value as Value>::Nulls as crate::Nullness>::Or<<A as Operand<T>>::Nulls>,
    <B as Operand<U>>::Nulls,
    S,
>;

/// Functions of a text alone: name, what it gives, function.
macro_rules! of_one { ($($(#[$m:meta])* $name:ident -> $to:ty: $function:expr;)*) => {$(
    $(#[$m])*
    fn $name(self) -> Expr<Like<Self, $to>, Self::Kind>
    where
        Base<Self>: Text,
    {
        Expr::call($function, [text(self)])
    }
)*}}
/// Functions of a text and one more value.
macro_rules! of_two { ($($(#[$m:meta])* $name:ident($arg:ident: $of:ty) -> $to:ty: $function:expr;)*) => {$(
    $(#[$m])*
    fn $name<R: Operand<$of>>(self, $arg: R) -> Expr<Both<Self, R, $of, $to>, Beside<Self::Kind, R::Kind>>
    where
        Base<Self>: Text,
    {
        Expr::call($function, [text(self), $arg.into_node()])
    }
)*}}
/// Functions of a text and two more values.
macro_rules! of_three { ($($(#[$m:meta])* $name:ident($a:ident: $ta:ty, $b:ident: $tb:ty) -> $to:ty: $function:expr;)*) => {$(
    $(#[$m])*
    #[allow(clippy::type_complexity, reason = "it is NULL where one of three is")]
    fn $name<A: Operand<$ta>, B: Operand<$tb>>(
        self,
        $a: A,
        $b: B,
    ) -> Expr<Three<Self, A, $ta, B, $tb, $to>, Beside<Beside<Self::Kind, A::Kind>, B::Kind>>
    where
        Base<Self>: Text,
    {
        Expr::call($function, [text(self), $a.into_node(), $b.into_node()])
    }
)*}}

/// Functions of texts, as PostgreSQL has them. What they give is an expression with the methods of a field, so that each is
/// a lookup too.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// assert_eq!(condition(|p| p.title.lower().startswith("rust")), r#"LOWER("post"."title") LIKE $1"#);
/// assert_eq!(condition(|p| p.title.length().gt(80)), r#"LENGTH("post"."title") > $1"#);
/// assert_eq!(condition(|p| p.title.left(3).eq("The")), r#"LEFT("post"."title", $1) = $2"#);
/// // Across a to-many relation: at least one of the posts.
/// let query = User::objects().filter(|u| u.posts.title.trim().eq("")).count();
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT COUNT(*) FROM "user" WHERE EXISTS(SELECT 1 FROM "post" WHERE "post"."author_id" = "user"."id" AND TRIM("post"."title") = $1)"#
/// );
/// ```
pub trait TextFunctions: Expression {
    of_one! {
        /// In lower case.
        lower -> String: function("LOWER");
        /// In upper case.
        upper -> String: function("UPPER");
        /// The first letter of each word in upper case, the others in lower case.
        initcap -> String: function("INITCAP");
        /// The number of characters.
        length -> i32: function("LENGTH");
        /// The number of bytes in UTF-8.
        octet_length -> i32: function("OCTET_LENGTH");
        /// Without spaces at both ends.
        trim -> String: function("TRIM");
        /// Without spaces at the beginning.
        ltrim -> String: function("LTRIM");
        /// Without spaces at the end.
        rtrim -> String: function("RTRIM");
        /// From the last character to the first.
        reverse -> String: function("REVERSE");
        /// The number of the first character in Unicode, 0 of an empty text (Django's `Ord`).
        ord -> i32: function("ASCII");
        /// The MD5 hash in hexadecimal.
        md5 -> String: function("MD5");
        /// The SHA-1 hash in hexadecimal. The server needs the extension `pgcrypto`.
        sha1 -> String: template("ENCODE(DIGEST($1, 'sha1'), 'hex')");
        /// The SHA-224 hash in hexadecimal.
        sha224 -> String: template("ENCODE(SHA224(CONVERT_TO($1, 'UTF8')), 'hex')");
        /// The SHA-256 hash in hexadecimal.
        sha256 -> String: template("ENCODE(SHA256(CONVERT_TO($1, 'UTF8')), 'hex')");
        /// The SHA-384 hash in hexadecimal.
        sha384 -> String: template("ENCODE(SHA384(CONVERT_TO($1, 'UTF8')), 'hex')");
        /// The SHA-512 hash in hexadecimal.
        sha512 -> String: template("ENCODE(SHA512(CONVERT_TO($1, 'UTF8')), 'hex')");
    }
    of_two! {
        /// The first characters; if the number is negative, all but so many at the end.
        left(n: i32) -> String: function("LEFT");
        /// The last characters; if the number is negative, all but so many at the beginning.
        right(n: i32) -> String: function("RIGHT");
        /// So many times.
        repeat(n: i32) -> String: function("REPEAT");
        /// From a place on; the first character has place 1.
        substr_from(place: i32) -> String: function("SUBSTR");
        /// The place of a text in it, 1 at its beginning and 0 if it is not there (Django's `StrIndex`).
        strpos(part: String) -> i32: function("STRPOS");
    }
    of_three! {
        /// So many characters from a place on; the first character has place 1.
        substr(place: i32, length: i32) -> String: function("SUBSTR");
        /// Each occurrence of a text replaced by another one.
        replace(from: String, to: String) -> String: function("REPLACE");
        /// Filled up on the left to a length, or cut on the right.
        lpad(length: i32, fill: String) -> String: function("LPAD");
        /// Filled up on the right to a length, or cut.
        rpad(length: i32, fill: String) -> String: function("RPAD");
        /// Each match of a regular expression replaced; `\1` stands for what its first parentheses matched.
        regexp_replace(pattern: String, to: String) -> String: template("REGEXP_REPLACE($1, $2, $3, 'g')");
    }

    /// By the rules of a collation for what comes first and what is equal, as `"C"` or `"de-x-icu"`.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().order_by(|p| p.title.collate("C")).values(|p| p.id);
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT "post"."id" FROM "post" ORDER BY ("post"."title" COLLATE "C") ASC"#
    /// );
    /// ```
    fn collate(self, collation: &'static str) -> Expr<Like<Self, String>, Self::Kind>
    where
        Base<Self>: Text,
    {
        Expr::call(Function::collate(collation), [text(self)])
    }
}

impl<E: Expression> TextFunctions for E {}
