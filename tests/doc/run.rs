// Runs an example with models of its own, on a database that is the default; included by it.

/// Runs an example on a database that has the tables of some models and is the default.
#[allow(dead_code)]
pub fn run<const N: usize>(
    models: [&'static orm::__private::ModelMeta; N],
    example: impl AsyncFnOnce() -> orm::Result<()>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let example = runtime.block_on(async {
        let test = orm::testing::TestDb::create().await?;
        test.db().create_tables(models).await?;
        test.db().scope(example()).await
    });
    example.unwrap();
}
