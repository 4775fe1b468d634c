//! JSON: paths, keys, changes.

use super::{With, asks, made};
use crate::{
    Base, Cond, Expr, Expression, FieldType, Function, Json, Node, Operand, Param,
    ast::Nulls,
    kind::{Compared, Kind},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

const PATH: Function = Function::template("$1 #> $2", Nulls::Maybe);
const PATH_TEXT: Function = Function::template("$1 #>> $2", Nulls::Maybe);
const TEXT: Function = Function::template("$1 #>> '{}'", Nulls::Maybe);
const EXISTS: Function = Function::template("$1 @? CAST($2 AS jsonpath)", Nulls::Maybe);
const FIRST: Function =
    Function::template("jsonb_path_query_first($1, CAST($2 AS jsonpath), '{}', TRUE)", Nulls::Maybe);
const LENGTH: Function = Function::template(
    "jsonb_array_length(jsonb_path_query_first($1, 'strict $ ? (@.type() == \"array\")'))",
    Nulls::Maybe,
);
const INTEGER: Function = Function::template(
    "jsonb_path_query_first($1, 'strict $ ? (@ == @.floor() && @ >= -9223372036854775808 && @ <= 9223372036854775807)')",
    Nulls::Maybe,
);
const FLOAT: Function = Function::template(
    "jsonb_path_query_first($1, 'strict $ ? (@ >= -1.7976931348623157e308 && @ <= 1.7976931348623157e308)')",
    Nulls::Maybe,
);
const BOOLEAN: Function =
    Function::template("jsonb_path_query_first($1, 'strict $ ? (@ == true || @ == false)')", Nulls::Maybe);
const SET: Function = Function::named("jsonb_set", Nulls::Any);
const REMOVE: Function = Function::template("$1 #- $2", Nulls::Any);
const MERGE: Function = Function::template("$1 || $2", Nulls::Any);

/// The lookups of JSON: fields of type `serde_json::Value` and [`Json<T>`](crate::Json), and what their paths lead to.
///
/// A path is a text with dots, an index, or a list of keys, of which each may have dots in it. What is not there is NULL; JSON's
/// null is a value, `Value::Null`. `contains` and `contained_by` are in [`Containment`](crate::Containment).
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/postgres.rs")); } use models::*;
/// use serde_json::{Value, json};
///
/// assert_eq!(condition(|t| t.meta.path("owner.name").eq(json!("ann"))), r#"("talk"."meta" #> $1) = $2"#);
/// assert_eq!(condition(|t| t.meta.path(["a.b", "0"]).eq(Value::Null)), r#"("talk"."meta" #> $1) = $2"#);
/// assert_eq!(condition(|t| t.meta.path("owner").is_null()), r#"("talk"."meta" #> $1) IS NULL"#);
/// assert_eq!(condition(|t| t.meta.path("owner.name").as_text().icontains("an")), r#"("talk"."meta" #>> $1) ILIKE $2"#);
/// assert_eq!(condition(|t| t.meta.has_key("owner")), r#""talk"."meta" ? $1"#);
/// let query = Talk::objects().update(|t| t.meta.set(t.meta.set_path("owner.name", json!("bob"))));
/// assert_eq!(query.to_sql(), r#"UPDATE "talk" SET "meta" = jsonb_set("talk"."meta", $1, $2)"#);
/// ```
pub trait JsonLookups: Expression {
    /// What a path leads to (`#>`): NULL if there is nothing.
    fn path<P: JsonPath>(self, path: P) -> Expr<Option<Value>, Self::Kind>
    where
        Base<Self>: IsJson,
    {
        Expr::call(PATH, [self.node(), keys(path)])
    }

    /// As text (`#>>`): a string as it is, all else as JSON is written, JSON's null as NULL.
    fn as_text(self) -> Expr<Option<String>, Self::Kind>
    where
        Base<Self>: IsJson,
    {
        Expr::new(match self.node() {
            Node::Call(PATH, arguments) => Node::Call(PATH_TEXT, arguments),
            other => Node::call(TEXT, [other]),
        })
    }

    /// As an integer, as `Value::as_i64`: what is none that an `i64` can hold is NULL.
    fn as_i64(self) -> Expr<Option<i64>, Self::Kind>
    where
        Base<Self>: IsJson,
    {
        cast(self, INTEGER)
    }

    /// As a float: what is no number is NULL.
    fn as_f64(self) -> Expr<Option<f64>, Self::Kind>
    where
        Base<Self>: IsJson,
    {
        cast(self, FLOAT)
    }

    /// As true or false: what is neither is NULL.
    fn as_bool(self) -> Expr<Option<bool>, Self::Kind>
    where
        Base<Self>: IsJson,
    {
        cast(self, BOOLEAN)
    }

    /// How many elements it has: NULL if it is no array.
    fn array_len(self) -> Expr<Option<i32>, Self::Kind>
    where
        Base<Self>: IsJson,
    {
        Expr::call(LENGTH, [self.node()])
    }

    /// A [JSON path](https://www.postgresql.org/docs/current/functions-json.html#FUNCTIONS-SQLJSON-PATH), such as
    /// `$.sizes[*] ? (@ > 2)`, finds something (`@?`). One that PostgreSQL does not understand is an error of the query.
    fn path_exists<R: Operand<String>>(self, path: R) -> Cond<Compared<Self::Kind, R::Kind>>
    where
        Base<Self>: IsJson,
    {
        asks(self, EXISTS, path)
    }

    /// What a JSON path finds first; NULL for nothing.
    fn path_first<R: Operand<String>>(
        self,
        path: R,
    ) -> Expr<Option<Value>, <Self::Kind as Kind>::With<R::Kind>>
    where
        Base<Self>: IsJson,
    {
        Expr::call(FIRST, [self.node(), path.into_node()])
    }

    /// With another value where a path leads (`jsonb_set`). A last key that is not there is added; if more is missing, nothing
    /// is changed. JSON that is neither an object nor an array is an error of the query.
    fn set_path<P: JsonPath, R: Operand<Value>>(self, path: P, value: R) -> With<Self, Value, R, Base<Self>>
    where
        Base<Self>: IsJson,
    {
        Expr::call(SET, [self.node(), keys(path), value.into_node()])
    }

    /// Without what a path leads to (`#-`).
    fn remove_path<P: JsonPath>(self, path: P) -> Expr<Self::Value, Self::Kind>
    where
        Base<Self>: IsJson,
    {
        Expr::call(REMOVE, [self.node(), keys(path)])
    }

    /// With the keys of another object, which hide its own, or the elements of another array (`||`).
    fn merge<R: Operand<Value>>(self, other: R) -> With<Self, Value, R, Base<Self>>
    where
        Base<Self>: IsJson,
    {
        made(self, MERGE, other)
    }
}

impl<E: Expression> JsonLookups for E {}

fn keys(path: impl JsonPath) -> Node {
    Node::Param(Param::new(Some(&path.keys())))
}

fn cast<E: Expression, S: FieldType>(of: E, function: Function) -> Expr<Option<S>, E::Kind> {
    let node = Node::call(function, [of.node()]);
    Expr::new(Node::Cast(node.boxed(), S::TYPE))
}

/// JSON: `serde_json::Value` and [`Json<T>`](crate::Json).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not JSON",
    label = "this method is for fields of type `serde_json::Value` and `Json<_>`"
)]
pub trait IsJson: FieldType {}
impl IsJson for Value {}
#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static> IsJson for Json<T> {}

/// Where to look in JSON: keys of objects, and places in arrays, of which the first is 0 and the last is -1.
///
/// ```
/// use orm::types::JsonPath;
///
/// assert_eq!("owner.names.0".keys(), ["owner", "names", "0"]);
/// assert_eq!(["a.b"].keys(), ["a.b"]);
/// assert_eq!((-1).keys(), ["-1"]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a path in JSON",
    label = "expected a text with dots, an index, or a list of keys"
)]
pub trait JsonPath {
    /// The keys from the outermost on.
    fn keys(self) -> Vec<String>;
}

macro_rules! paths { ($([$($g:tt)*] $ty:ty, $v:ident => $keys:expr;)*) => {$(
    impl<$($g)*> JsonPath for $ty {
        fn keys(self) -> Vec<String> {
            let $v = self;
            $keys
        }
    }
)*}}
paths! {
    [] &str, path => path.split('.').map(String::from).collect();
    [] &String, path => path.as_str().keys();
    [] String, path => path.as_str().keys();
    [] i32, place => vec![place.to_string()];
    [const N: usize] [&str; N], keys => keys.map(String::from).into();
    [const N: usize] [String; N], keys => keys.into();
    [] &[&str], keys => keys.iter().copied().map(String::from).collect();
    [] &[String], keys => keys.to_vec();
    [] Vec<String>, keys => keys;
}
