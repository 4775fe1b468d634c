//! What `#[orm::test]` calls: a runtime, a database, and the test in its scope.

use std::{
    convert::Infallible,
    fmt::Debug,
    process::{ExitCode, Termination},
};

use orm_core::{Db, Error, ModelMeta, Result, try_atomic};
use tokio::runtime::Builder;

use super::{TestDb, failed, shared::Shared};

/// A test as its attribute describes it.
#[doc(hidden)]
#[derive(Debug)]
#[must_use]
pub struct Test {
    runtime: Builder,
    models: Vec<&'static ModelMeta>,
    transaction: bool,
    should_panic: bool,
}

impl Test {
    #[expect(clippy::new_without_default, reason = "the macro's code reads better")]
    pub fn new() -> Self {
        let runtime = Builder::new_current_thread();
        Test { runtime, models: Vec::new(), transaction: false, should_panic: false }
    }

    pub fn models(mut self, models: impl AsRef<[&'static ModelMeta]>) -> Self {
        self.models = models.as_ref().to_vec();
        self
    }

    pub fn transaction(mut self) -> Self {
        self.transaction = true;
        self
    }

    pub fn should_panic(mut self) -> Self {
        self.should_panic = true;
        self
    }

    pub fn multi_thread(mut self) -> Self {
        self.runtime = Builder::new_multi_thread();
        self
    }

    pub fn worker_threads(mut self, number: usize) -> Self {
        self.runtime.worker_threads(number);
        self
    }

    /// Runs the test. It is not run where this fails by itself, and what is wrong is printed.
    pub fn run<T: Termination>(mut self, test: impl AsyncFnOnce(&TestDb) -> T) -> ExitCode {
        let runtime = self.runtime.enable_all().build();
        let ended = runtime
            .map_err(|error| failed("cannot make a runtime", error))
            .and_then(|runtime| runtime.block_on(self.on_a_database(test)));
        ended.unwrap_or_else(|error| {
            eprintln!("the test could not begin: {error}");
            ExitCode::FAILURE
        })
    }

    async fn on_a_database<T: Termination>(self, test: impl AsyncFnOnce(&TestDb) -> T) -> Result<ExitCode> {
        if self.transaction {
            let mut shared = Shared::get(&self.models).await?;
            self.in_scope(shared.test(), async |db| rolled_back(test(db)).await).await
        } else {
            let mut db = TestDb::create().await?;
            db.db.create_tables(&self.models).await?;
            self.in_scope(&mut db, async |db| Ok(test(db).await)).await
        }
    }

    async fn in_scope<T: Termination>(
        self,
        db: &mut TestDb,
        test: impl AsyncFnOnce(&TestDb) -> Result<T>,
    ) -> Result<ExitCode> {
        db.failed = self.should_panic.then_some(false);
        let code = db.db.scope(test(db)).await?.report();
        db.failed = Some(self.should_panic || code != ExitCode::SUCCESS);
        Ok(code)
    }
}

/// Runs a future in a transaction that is rolled back, whatever comes of it.
async fn rolled_back<T>(future: impl Future<Output = T>) -> Result<T> {
    enum End<T> {
        Test(T),
        Error(Error),
    }
    impl<T> From<Error> for End<T> {
        fn from(error: Error) -> Self {
            End::Error(error)
        }
    }
    match try_atomic(async { Err::<Infallible, _>(End::Test(future.await)) }).await {
        Err(End::Test(output)) => Ok(output),
        Err(End::Error(error)) => Err(error),
        Ok(never) => match never {},
    }
}

/// Runs a test with what its fixture makes.
#[doc(hidden)]
pub async fn with_fixture<X, E: Debug, T>(
    name: &str,
    made: Result<X, E>,
    test: impl AsyncFnOnce(X) -> T,
) -> Result<T, E> {
    match made {
        Ok(fixture) => Ok(test(fixture).await),
        Err(error) => {
            eprintln!("the fixture `{name}` failed");
            Err(error)
        }
    }
}

/// What a test without a fixture can take.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a test without `fixture = …` takes a `Db` or a `&TestDb`",
    label = "neither `Db` nor `&TestDb`"
)]
pub trait FromTest<'a> {
    fn from_test(test: &'a TestDb) -> Self;
}

impl FromTest<'_> for Db {
    fn from_test(test: &TestDb) -> Self {
        test.db().clone()
    }
}

impl<'a> FromTest<'a> for &'a TestDb {
    fn from_test(test: &'a TestDb) -> Self {
        test
    }
}

/// Runs the [`on_commit`](orm_core::on_commit) hooks that wait in a test with `transaction`, which is never committed;
/// returns how many.
///
/// They run in the test's transaction, in the order given; those of an `atomic` that was rolled back are not among them.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// use orm::testing::run_on_commit_hooks;
///
/// async fn sign_up() -> orm::Result<()> {
///     atomic(async {
///         User::objects().create().username("alice").await?;
///         on_commit(async || println!("welcome, alice"))
///     })
///     .await
/// }
///
/// # atomic(async { // as `#[orm::test(transaction)]` does
/// sign_up().await?;
/// assert_eq!(run_on_commit_hooks().await?, 1);
/// # Ok(()) }).await?;
/// # Ok(())
/// # });
/// ```
///
/// # Errors
/// Outside of a transaction, where the hooks ran when theirs was committed.
pub async fn run_on_commit_hooks() -> Result<usize> {
    orm_core::run_on_commit_hooks().await
}
