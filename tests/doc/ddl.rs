// What `create_tables` sends, for the examples that show it; included by them.
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing_subscriber::{Layer, Registry, layer::Context, prelude::*};

/// The statements seen so far.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

impl Visit for Statements {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let text = format!("{value:?}");
        if field.name() == "message" && ["CREATE", "ALTER", "COMMENT"].iter().any(|word| text.starts_with(word)) {
            self.0.lock().unwrap().push(text);
        }
    }
}

impl Layer<Registry> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, Registry>) {
        event.record(&mut self.clone());
    }
}

/// The SQL that creates the tables of models; they are created, so it is right.
pub fn ddl<const N: usize>(models: [&'static orm::__private::ModelMeta; N]) -> String {
    let statements = Statements::default();
    let _guard = tracing_subscriber::registry().with(statements.clone()).set_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let created = runtime.block_on(async {
        let test = orm::testing::TestDb::create().await?;
        test.db().create_tables(models).await
    });
    created.unwrap();
    let statements = statements.0.lock().unwrap();
    statements.join(";\n")
}
