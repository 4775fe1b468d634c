//! Whatever a program calls its own things, the derives' code means the standard library's and ours.
#![allow(dead_code, unused_macros, non_camel_case_types, non_snake_case, non_upper_case_globals)]
#![allow(clippy::upper_case_acronyms)]

struct Option<T>(T);
struct String;
struct Vec;
struct Box;
struct Result;
struct Ok;
struct Err;
struct Some;
struct None;
struct Path;
struct Field;
struct Rel;
struct Param;
struct New;
struct Future;
struct PhantomData;
struct Send;
struct Sync;
struct Clone;
struct From;
struct Default;
struct i16;
const META: () = ();
const ROOTS: () = ();
const fields: () = ();

mod std {}
mod core {}
mod alloc {}
mod orm_core {}
mod orm_derive {}
mod __private {}
mod diagnostic {}

macro_rules! unreachable {
    () => {
        compile_error!("mine")
    };
}
macro_rules! panic {
    () => {
        compile_error!("mine")
    };
}

#[derive(::orm::Model)]
struct Model {
    id: i64,
    name: ::std::string::String,
    age: ::std::option::Option<i32>,
    parent: ::orm::ForeignKey<Model>,
    mentor: ::std::option::Option<::orm::ForeignKey<Model>>,
    #[orm(via = "parent")]
    children: ::orm::HasMany<Model>,
}

#[derive(::orm::DbType, ::std::clone::Clone)]
struct DbType(i64);

#[derive(::orm::DbType, ::std::clone::Clone)]
#[orm(domain = "named")]
struct NamedType(::std::string::String);

#[derive(::orm::DbEnum, ::std::clone::Clone)]
enum DbEnum {
    VARIANTS,
    NAMES,
    Self_,
    r#type,
}

#[derive(::orm::DbEnum, ::std::clone::Clone)]
#[orm(int)]
#[repr(i16)]
enum NUMBERS {
    Ok = 1,
    i64 = 2,
}

#[derive(::orm::DbComposite, ::std::clone::Clone)]
struct RecordReader {
    record: i64,
    r#type: ::std::option::Option<NUMBERS>,
}

#[derive(::orm::Model)]
struct Error {
    id: i64,
    code: DbType,
    named: NamedType,
    kind: DbEnum,
    number: NUMBERS,
    record: RecordReader,
    #[orm(max_length = 3, collation = "C")]
    text: ::std::string::String,
    model: ::orm::ForeignKey<Model>,
}

pub(super) fn compiles() {
    let _ = <Model as ::orm::Model>::objects();
    let _ = <Error as ::orm::Model>::objects().filter(|e| ::orm::Expression::eq(e.model.name, "x"));
}
