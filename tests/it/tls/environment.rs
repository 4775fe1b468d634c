//! libpq's variables.

use orm::{Config, prelude::*, testing::TestDb};
use std::process::Command;

/// Variables that lead to a server that is not there.
const ELSEWHERE: [(&str, &str); 7] = [
    ("PGHOST", "192.0.2.1"),
    ("PGHOSTADDR", "192.0.2.1"),
    ("PGPORT", "1"),
    ("PGUSER", "nobody"),
    ("PGPASSWORD", "wrong"),
    ("PGDATABASE", "none"),
    ("PGSSLMODE", "verify-full"),
];
/// And that ask for what no test database is.
const OTHERWISE: [(&str, &str); 5] = [
    ("PGSERVICE", "none"),
    ("PGOPTIONS", "-c no.such=1 -c default_transaction_read_only=on"),
    ("PGREQUIREAUTH", "md5"),
    ("PGCHANNELBINDING", "require"),
    ("PGTARGETSESSIONATTRS", "standby"),
];

/// Runs another test of this program in an environment.
async fn run(test: &str, variables: &[(&str, &str)]) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test]).envs(variables.iter().copied());
    let output = tokio::process::Command::from(command).output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{test}: {said}");
}

#[tokio::test]
async fn a_test_database_can_be_used() {
    let test = TestDb::create().await.unwrap();
    test.db().create_tables(orm::models![crate::models::Tag]).await.unwrap();
}

#[tokio::test]
async fn the_url_of_a_test_database_can_be_used() {
    let test = TestDb::create().await.unwrap();
    let db = Db::connect(Config::from_url(test.url()).unwrap()).await.unwrap();
    db.create_tables(orm::models![crate::models::Tag]).await.unwrap();
}

#[tokio::test]
async fn variables_for_another_server_do_not_lead_away_from_test_databases() {
    run("tls::environment::a_test_database_can_be_used", &[&ELSEWHERE[..], &OTHERWISE].concat()).await;
    run("tls::environment::the_url_of_a_test_database_can_be_used", &ELSEWHERE).await;
}
