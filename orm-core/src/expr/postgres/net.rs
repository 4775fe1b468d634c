//! Addresses and networks ([Network Address Functions](https://www.postgresql.org/docs/current/functions-net.html)).

use crate::{
    Base, Cond, Expr, Expression, FieldType, Function, Like, Node, Typed,
    ast::Nulls,
    expr::typed::BaseOf,
    kind::{Compared, Kind},
};
use core::net::IpAddr;

macro_rules! lookups { ($($(#[$m:meta])* $name:ident: $sql:literal;)*) => {$(
    $(#[$m])*
    fn $name<R: Network>(self, other: R) -> Cond<Compared<Self::Kind, R::Kind>>
    where
        Base<Self>: IsNetwork,
    {
        let function = Function::template($sql, Nulls::Any);
        Cond::new(Node::call(function, [self.node(), other.network()]))
    }
)*}}
macro_rules! functions { ($($(#[$m:meta])* $name:ident -> $to:ty: $function:literal;)*) => {$(
    $(#[$m])*
    fn $name(self) -> Expr<Like<Self, $to>, Self::Kind>
    where
        Base<Self>: IsNetwork,
    {
        Expr::call(Function::named($function, Nulls::Any), [self.node()])
    }
)*}}

/// What addresses and networks can do: fields of type `IpAddr`, and `IpInet` and `IpCidr` of cidr. The other side is one of
/// these or a text as `"10.0.0.0/8"`. The names are those of django-netfields.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// #[derive(Model)]
/// struct Host {
///     id: i64,
///     ip: std::net::IpAddr,
/// }
/// let query = Host::objects().filter(|h| h.ip.net_contained("10.0.0.0/8") & h.ip.family().eq(4)).count();
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT COUNT(*) FROM "host" WHERE ("host"."ip" << CAST($1 AS inet)) AND FAMILY("host"."ip") = $2"#
/// );
/// ```
pub trait NetFunctions: Expression {
    lookups! {
        /// Lies in a network and is not all of it (`<<`).
        net_contained: "$1 << $2";
        /// Lies in a network or is it (`<<=`).
        net_contained_or_equal: "$1 <<= $2";
        /// Has another one in it and is larger (`>>`).
        net_contains: "$1 >> $2";
        /// Has another one in it or is it (`>>=`).
        net_contains_or_equals: "$1 >>= $2";
        /// One of the two has the other one in it (`&&`).
        net_overlaps: "$1 && $2";
    }
    functions! {
        /// 4 or 6 (`family`).
        family -> i32: "FAMILY";
        /// The length of the prefix (`masklen`).
        masklen -> i32: "MASKLEN";
        /// The address as text, without the prefix (`host`).
        host -> String: "HOST";
        /// As short a text as can be (`abbrev`).
        abbrev -> String: "ABBREV";
    }

    /// The network that it is in (`network`).
    #[cfg(feature = "cidr-03")]
    fn network(self) -> Expr<Like<Self, cidr::IpCidr>, Self::Kind>
    where
        Base<Self>: IsNetwork,
    {
        Expr::call(Function::named("NETWORK", Nulls::Any), [self.node()])
    }
}

impl<E: Expression> NetFunctions for E {}

/// Addresses and networks.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an address of a network",
    label = "this method is for fields of type `IpAddr`, `IpInet` and `IpCidr`"
)]
pub trait IsNetwork: FieldType {}
impl IsNetwork for IpAddr {}
#[cfg(feature = "cidr-03")]
impl IsNetwork for cidr::IpInet {}
#[cfg(feature = "cidr-03")]
impl IsNetwork for cidr::IpCidr {}

/// What can be compared with an address: one, a network, or a text of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an address or a network",
    label = "expected an address, a network, or a text such as `\"10.0.0.0/8\"`"
)]
pub trait Network {
    /// What it has a value for.
    type Kind: Kind;
    #[doc(hidden)]
    fn network(self) -> Node;
}
#[diagnostic::do_not_recommend]
impl<R: Typed> Network for R
where
    BaseOf<R>: Reads,
{
    type Kind = R::Kind;
    fn network(self) -> Node {
        <BaseOf<R>>::read(self.typed())
    }
}

/// What PostgreSQL reads as a network.
#[doc(hidden)]
pub trait Reads: FieldType {
    fn read(node: Node) -> Node;
}
impl Reads for String {
    fn read(node: Node) -> Node {
        Node::call(Function::template("CAST($1 AS inet)", Nulls::Any), [node])
    }
}
#[diagnostic::do_not_recommend]
impl<T: IsNetwork> Reads for T {
    fn read(node: Node) -> Node {
        node
    }
}
