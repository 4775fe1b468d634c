//! Strings of bits ([Bit String Functions](https://www.postgresql.org/docs/current/functions-bitstring.html)).

use super::With;
use crate::{Base, Expr, Expression, FieldType, Function, Like, Node, Operand, SqlType, ast::Nulls};
use bit_vec::BitVec;

macro_rules! of_two { ($($(#[$m:meta])* $name:ident: $sql:literal;)*) => {$(
    $(#[$m])*
    fn $name<R: Operand<BitVec>>(self, other: R) -> With<Self, BitVec, R, BitVec>
    where
        Base<Self>: IsBits,
    {
        let both = Node::call(Function::template($sql, Nulls::Any), [self.node(), other.into_node()]);
        Expr::new(Node::Cast(both.boxed(), SqlType::Varbit)) // PostgreSQL gives `bit`
    }
)*}}

/// What strings of bits can do: fields of type `BitVec` of bit-vec. Those of different lengths cannot be combined: an error of
/// the query.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// use bit_vec::BitVec;
/// # use orm_core::BitFunctions;
///
/// #[derive(Model)]
/// struct Flags {
///     id: i64,
///     bits: BitVec,
/// }
/// let query = Flags::objects().filter(|f| f.bits.bits_and(BitVec::from_bytes(&[1])).bit_count().gt(0)).count();
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT COUNT(*) FROM "flags" WHERE BIT_COUNT(CAST(("flags"."bits" & $1) AS bit varying)) > $2"#
/// );
/// ```
pub trait BitFunctions: Expression {
    of_two! {
        /// The bits that both have (`&`).
        bits_and: "$1 & $2";
        /// The bits that one of them has (`|`).
        bits_or: "$1 | $2";
        /// The bits that only one of them has (`#`).
        bits_xor: "$1 # $2";
    }

    /// The bits that it does not have (`~`).
    fn bits_not(self) -> Expr<Like<Self, BitVec>, Self::Kind>
    where
        Base<Self>: IsBits,
    {
        let not = Node::call(Function::template("~ $1", Nulls::Any), [self.node()]);
        Expr::new(Node::Cast(not.boxed(), SqlType::Varbit))
    }

    /// How many bits there are (`bit_length`).
    fn bit_length(self) -> Expr<Like<Self, i32>, Self::Kind>
    where
        Base<Self>: IsBits,
    {
        Expr::call(Function::named("BIT_LENGTH", Nulls::Any), [self.node()])
    }

    /// How many bits are set (`bit_count`).
    fn bit_count(self) -> Expr<Like<Self, i64>, Self::Kind>
    where
        Base<Self>: IsBits,
    {
        Expr::call(Function::named("BIT_COUNT", Nulls::Any), [self.node()])
    }

    /// The bit at a place, 0 or 1; the leftmost is at 0, and a place that is not there is an error of the query (`get_bit`).
    fn get_bit<R: Operand<i32>>(self, place: R) -> With<Self, i32, R, i32>
    where
        Base<Self>: IsBits,
    {
        Expr::call(Function::named("GET_BIT", Nulls::Any), [self.node(), place.into_node()])
    }

    /// With a bit at a place set to 0 or 1 (`set_bit`).
    fn set_bit(self, place: i32, bit: bool) -> Expr<Like<Self, BitVec>, Self::Kind>
    where
        Base<Self>: IsBits,
    {
        let [place, bit] = [place, bit.into()].map(|n: i32| Node::Param(crate::Param::new(Some(&n))));
        let set = Node::call(Function::named("SET_BIT", Nulls::Any), [self.node(), place, bit]);
        Expr::new(Node::Cast(set.boxed(), SqlType::Varbit))
    }
}

impl<E: Expression> BitFunctions for E {}

/// Strings of bits.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a string of bits",
    label = "this method is for fields of type `BitVec`"
)]
pub trait IsBits: FieldType {}
impl IsBits for BitVec {}
