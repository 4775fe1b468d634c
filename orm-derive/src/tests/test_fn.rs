//! `#[orm::test]`.

use super::{check, pretty, report};
use crate::{Errors, test_fn};
use expect_test::{Expect, expect};
use proc_macro2::TokenStream;

fn expand(options: &str, test: &str, errors: &mut Errors) -> String {
    let parsed = |source: &str| -> TokenStream { source.parse().unwrap() };
    pretty(test_fn::expand(parsed(options), parsed(test), errors))
}

#[track_caller]
fn becomes(options: &str, test: &str, expected: &Expect) {
    let mut errors = Errors::default();
    expected.assert_eq(&expand(options, test, &mut errors));
    assert!(errors.is_empty());
}

/// The mistakes, each after the token it is at; the function stays.
fn mistakes(options: &str, test: &str) -> String {
    let mut errors = Errors::default();
    let stub = expand(options, test, &mut errors);
    assert!(!stub.contains("test]"), "{stub}");
    report(errors)
}

#[test]
fn a_test_is_a_call_with_the_function_inside() {
    becomes(
        "",
        "/// Doc.\nasync fn x() { y().await }",
        &expect![[r#"
        /// Doc.
        #[::core::prelude::v1::test]
        fn x() -> ::std::process::ExitCode {
            async fn x() {
                y().await
            }
            ::orm::__private::Test::new().run(async |_| x().await)
        }
    "#]],
    );
}

#[test]
fn what_is_said_of_a_test_is_handed_on() {
    becomes(
        r#"models(User, Post), transaction, fixture = fixtures::seed, flavor = "multi_thread", worker_threads = 2"#,
        "async fn x(seed: Seed) -> orm::Result<()> { Ok(()) }",
        &expect![[r##"
            #[::core::prelude::v1::test]
            fn x() -> ::std::process::ExitCode {
                async fn x(seed: Seed) -> orm::Result<()> {
                    Ok(())
                }
                ::orm::__private::Test::new()
                    .models(::orm::models![User, Post])
                    .transaction()
                    .multi_thread()
                    .worker_threads(2)
                    .run(async |_| {
                        ::orm::__private::with_fixture(
                                "fixtures::seed",
                                fixtures::seed().await,
                                async |__fixture| x(__fixture).await,
                            )
                            .await
                    })
            }
        "##]],
    );
    becomes(
        "models = all()",
        "async fn x(db: Db) {}",
        &expect![[r#"
        #[::core::prelude::v1::test]
        fn x() -> ::std::process::ExitCode {
            async fn x(db: Db) {}
            ::orm::__private::Test::new()
                .models(all())
                .run(async |__test| x(::orm::__private::FromTest::from_test(__test)).await)
        }
    "#]],
    );
}

#[test]
fn a_test_that_shall_panic_returns_nothing() {
    becomes(
        "",
        "#[should_panic] async fn x() {}",
        &expect![[r#"
        #[should_panic]
        #[::core::prelude::v1::test]
        fn x() {
            async fn x() {}
            ::orm::__private::Test::new().should_panic().run(async |_| x().await);
        }
    "#]],
    );
}

#[test]
fn a_test_is_a_plain_async_function() {
    let tests = [
        "fn x() { y().await }",
        "struct X;",
        "async fn x<T>() {}",
        "async fn x(self) {}",
        "async fn x(a: Db, b: Db) {}",
        "#[tokio::test] async fn x() {}",
    ];
    check(
        &tests.map(|test| mistakes("", test)).concat(),
        &expect![[r#"
        fn → `#[orm::test]` stands on an `async fn`; write `async fn`
        struct → `#[orm::test]` stands on an `async fn`
        T → a test cannot be generic
        self → a test is a function, without `self`
        b: Db → a test takes one argument at most: what its `fixture` makes, or a `Db` or `&TestDb`
        tokio::test → `#[orm::test]` makes the test by itself; remove this one
    "#]],
    );
}

#[test]
fn an_option_has_its_name_and_its_form() {
    let options = [
        "modles(User)",
        "foo",
        "foo::bar = 1",
        "models",
        "models()",
        "models(User), models(Post)",
        "models(User), transaction = true",
        "transaction",
        "fixture = seed()",
        "fixture",
        "flavor = multi_thread",
        r#"flavor = "many""#,
        "worker_threads = 2",
        r#"flavor = "multi_thread", worker_threads = 0"#,
    ];
    check(
        &options.map(|options| mistakes(options, "async fn x() {}")).concat(),
        &expect![[r#"
            modles → unknown attribute `modles`; did you mean `models`?
            foo → unknown attribute `foo`; `#[orm::test]` takes `models`, `transaction`, `fixture`, `flavor`, `worker_threads`
            foo::bar → unknown attribute `foo::bar`; `#[orm::test]` takes `models`, `transaction`, `fixture`, `flavor`, `worker_threads`
            models → `models` takes types; write `models(User, Post)`, or `models = all()` with a function of yours
            models() → `models` takes types; write `models(User, Post)`, or `models = all()` with a function of yours
            models → `models` is given twice; remove one
            transaction = true → `transaction` takes no value; write it alone
            transaction → `transaction` needs tables that are there before it begins; add `models(…)`
            seed() → `fixture` takes an async function; write `fixture = seed`
            fixture → `fixture` takes an async function; write `fixture = seed`
            multi_thread → `flavor` takes a text; write `flavor = "multi_thread"`
            "many" → unknown flavor `many`; it is `current_thread` or `multi_thread`
            worker_threads → `worker_threads` needs `flavor = "multi_thread"`
            0 → `worker_threads` is at least 1
        "#]],
    );
}
