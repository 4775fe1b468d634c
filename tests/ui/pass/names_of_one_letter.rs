//! Types whose names the derives might have used for parameters of their own.
#![allow(dead_code)]

use orm::prelude::*;

#[derive(Model, Input, Debug, Clone, PartialEq)]
struct S {
    id: i64,
    a: A,
    m: Option<ForeignKey<M>>,
    n: HasMany<N>,
}

#[derive(DbType, serde::Deserialize, Debug, Clone, PartialEq)]
struct A(String);

#[derive(Model, Input, Debug, Clone, PartialEq)]
struct M {
    id: T,
    k: K,
}

#[derive(Model, Input, Debug, Clone, PartialEq)]
struct N {
    id: i64,
    s: ForeignKey<S>,
}

#[derive(DbType, serde::Deserialize, Debug, Clone, PartialEq)]
struct T(i64);

#[derive(DbEnum, serde::Deserialize, Debug, Clone, PartialEq)]
enum K {
    A,
    S,
}

pub(super) fn compiles() {
    let query = N::objects().filter(|n| n.s.a.eq(A("a".into())) & n.s.m.eq(T(1)) & n.s.m.k.eq(K::S));
    let _ = (query.to_sql(), S::draft().a(A("a".into())).build());
}
