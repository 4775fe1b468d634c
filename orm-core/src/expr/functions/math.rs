//! Functions of numbers.

use crate::{
    Base, Expr, Expression, FieldType, Function, Like, Node, Number, Operand, SqlType, Value,
    ast::Nulls,
    kind::Beside,
    value::{Either, Whole},
};

const fn function(name: &'static str) -> Function {
    Function::named(name, Nulls::Any)
}

const fn template(sql: &'static str) -> Function {
    Function::template(sql, Nulls::Any)
}

/// A number together with another value.
type Both<E, R, T, S> = Either<<<E as Expression>::Value as Value>::Nulls, <R as Operand<T>>::Nulls, S>;

/// What is `numeric` as `double precision`; the server takes the other numbers as such by itself.
fn float<S: FieldType>(node: Node) -> Node {
    match S::TYPE.base() {
        SqlType::Numeric => Node::Cast(node.boxed(), SqlType::Float8),
        _ => node,
    }
}

/// The result of a function in the type of its argument: of integers PostgreSQL makes floats.
fn like<S: FieldType>(node: Node) -> Node {
    match S::TYPE.base() {
        SqlType::Numeric | SqlType::Float8 => node,
        _ => Node::Cast(node.boxed(), S::TYPE),
    }
}

/// Functions that keep the type.
macro_rules! same { ($($(#[$m:meta])* $name:ident: $function:literal;)*) => {$(
    $(#[$m])*
    fn $name(self) -> Expr<Like<Self, Base<Self>>, Self::Kind>
    where
        Base<Self>: Number,
    {
        Expr::new(like::<Base<Self>>(Node::call(function($function), [self.node()])))
    }
)*}}
/// Functions from floats to floats.
macro_rules! floats { ($($(#[$m:meta])* $name:ident: $function:literal;)*) => {$(
    $(#[$m])*
    fn $name(self) -> Expr<Like<Self, f64>, Self::Kind>
    where
        Base<Self>: Number,
    {
        Expr::call(function($function), [float::<Base<Self>>(self.node())])
    }
)*}}
/// Functions that keep the type, to a number of digits after the decimal point.
macro_rules! digits { ($($(#[$m:meta])* $name:ident: $function:literal;)*) => {$(
    $(#[$m])*
    fn $name<R: Operand<i32>>(self, digits: R) -> Expr<Both<Self, R, i32, Base<Self>>, Beside<Self::Kind, R::Kind>>
    where
        Base<Self>: Number,
    {
        // Only for `numeric` there is a function that takes digits.
        let number = match Base::<Self>::TYPE.base() {
            SqlType::Numeric => self.node(),
            _ => Node::Cast(self.node().boxed(), SqlType::Numeric),
        };
        let rounded = Node::call(function($function), [number, digits.into_node()]);
        Expr::new(match Base::<Self>::TYPE.base() {
            SqlType::Numeric => rounded,
            _ => Node::Cast(rounded.boxed(), Base::<Self>::TYPE),
        })
    }
)*}}
/// Operators of bits.
macro_rules! bits { ($($(#[$m:meta])* $name:ident($of:ty): $sql:literal;)*) => {$(
    $(#[$m])*
    fn $name<R: Operand<$of>>(self, other: R) -> Expr<Both<Self, R, $of, Base<Self>>, Beside<Self::Kind, R::Kind>>
    where
        Base<Self>: Whole,
    {
        Expr::call(template($sql), [self.node(), other.into_node()])
    }
)*}}

/// Functions of numbers, as PostgreSQL has them; `+`, `-`, `*`, `/` and `%` are Rust's.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// assert_eq!(condition(|p| p.views.abs().gt(3)), r#"CAST(ABS("post"."views") AS integer) > $1"#);
/// assert_eq!(condition(|p| p.views.sqrt().lt(2.5)), r#"SQRT("post"."views") < $1"#);
/// assert_eq!(condition(|p| p.views.round(-2).eq(100)), r#"CAST(ROUND(CAST("post"."views" AS numeric), $1) AS integer) = $2"#);
/// assert_eq!(condition(|p| p.views.bitand(4).ne(0)), r#"("post"."views" & $1) <> $2"#);
/// ```
pub trait MathFunctions: Expression {
    same! {
        /// Without its sign.
        abs: "ABS";
        /// The smallest whole number that is not less.
        ceil: "CEIL";
        /// The largest whole number that is not more.
        floor: "FLOOR";
        /// -1, 0 or 1.
        sign: "SIGN";
    }
    digits! {
        /// The nearest number with so many digits after the decimal point; with a negative number, before it.
        round: "ROUND";
        /// Cut to so many digits after the decimal point.
        truncate: "TRUNC";
    }
    floats! {
        /// The square root; of a negative number an error of the server.
        sqrt: "SQRT";
        /// The cube root.
        cbrt: "CBRT";
        /// e to the power of it.
        exp: "EXP";
        /// The natural logarithm; of what is not positive an error of the server.
        ln: "LN";
        /// The logarithm to the base 10; of what is not positive an error of the server.
        log10: "LOG10";
        /// The sine of an angle in radians.
        sin: "SIN";
        /// The cosine of an angle in radians.
        cos: "COS";
        /// The tangent of an angle in radians.
        tan: "TAN";
        /// The cotangent of an angle in radians.
        cot: "COT";
        /// The angle in radians that has this sine.
        asin: "ASIN";
        /// The angle in radians that has this cosine.
        acos: "ACOS";
        /// The angle in radians that has this tangent.
        atan: "ATAN";
        /// From radians to degrees.
        degrees: "DEGREES";
        /// From degrees to radians.
        radians: "RADIANS";
    }
    bits! {
        /// The bits that both have.
        bitand(Base<Self>): "($1 & $2)";
        /// The bits that one has.
        bitor(Base<Self>): "($1 | $2)";
        /// The bits that only one has.
        bitxor(Base<Self>): "($1 # $2)";
        /// All bits moved to the left.
        bitleftshift(i32): "($1 << $2)";
        /// All bits moved to the right.
        bitrightshift(i32): "($1 >> $2)";
    }

    /// To the power of another number, as a float.
    fn power<R: Operand<f64>>(self, exponent: R) -> Expr<Both<Self, R, f64, f64>, Beside<Self::Kind, R::Kind>>
    where
        Base<Self>: Number,
    {
        Expr::call(function("POWER"), [float::<Base<Self>>(self.node()), exponent.into_node()])
    }

    /// The logarithm to a base.
    fn log<R: Operand<f64>>(self, base: R) -> Expr<Both<Self, R, f64, f64>, Beside<Self::Kind, R::Kind>>
    where
        Base<Self>: Number,
    {
        let numeric = |node: Node| Node::Cast(node.boxed(), SqlType::Numeric);
        let log = Node::call(function("LOG"), [numeric(base.into_node()), numeric(self.node())]);
        Expr::new(Node::Cast(log.boxed(), SqlType::Float8))
    }

    /// The angle in radians to a point, of which this is `y` (`ATAN2`).
    fn atan2<R: Operand<f64>>(self, x: R) -> Expr<Both<Self, R, f64, f64>, Beside<Self::Kind, R::Kind>>
    where
        Base<Self>: Number,
    {
        Expr::call(function("ATAN2"), [float::<Base<Self>>(self.node()), x.into_node()])
    }

    /// The character of this number in Unicode (`CHR`).
    fn chr(self) -> Expr<Like<Self, String>, Self::Kind>
    where
        Base<Self>: Whole,
    {
        let number = match Base::<Self>::TYPE.base() {
            SqlType::Int8 => Node::Cast(self.node().boxed(), SqlType::Int4),
            _ => self.node(),
        };
        Expr::call(function("CHR"), [number])
    }
}

impl<E: Expression> MathFunctions for E {}
