//! A database that asks for passwords, on a server that asks for none.

use crate::wait::until;
use orm::testing::TestDb;
use tokio_postgres::{Client, NoTls};

/// A test database with a rule of its own in the server's `pg_hba.conf`. All is done in SQL, so it does not matter where
/// the server runs; its user has to be a superuser.
pub(super) struct PasswordDatabase {
    test: TestDb,
    client: Client,
    rule: String,
}

impl PasswordDatabase {
    /// Makes one that belongs to a role `alice…`, whose password this is.
    pub(super) async fn create(password: &str) -> Self {
        let test = TestDb::create().await.unwrap();
        let (client, connection) = tokio_postgres::connect(test.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        let name = test.name();
        let rule = format!("local {name} all scram-sha-256\nhost {name} all all scram-sha-256\n");
        let made = PasswordDatabase { client, rule, test };
        let (alice, rule) = (made.alice(), &made.rule);
        let role = format!(
            "SET password_encryption = 'scram-sha-256'; CREATE ROLE {alice} LOGIN PASSWORD '{password}';
             ALTER DATABASE {} OWNER TO {alice}",
            made.test.name()
        );
        made.client.batch_execute(&role).await.unwrap();
        made.change_rules(|rules| format!("{rule}{rules}")).await;
        until("the server has read its rules", async || {
            tokio_postgres::connect(made.test.url(), NoTls).await.is_err()
        })
        .await;
        made
    }

    /// Its owner.
    pub(super) fn alice(&self) -> String {
        format!("alice_{}", self.test.name())
    }

    /// A URL of it.
    pub(super) fn url(&self, user: &str, password: Option<&str>) -> String {
        let password = password.map(|password| format!(":{password}")).unwrap_or_default();
        let (_, place) = self.test.url().rsplit_once('@').expect("the URL names a user");
        format!("postgres://{user}{password}@{place}")
    }

    /// Takes back what the server was told. A test that fails leaves a rule for a database that will be gone.
    pub(super) async fn end(self) {
        self.change_rules(|rules| rules.replace(&self.rule, "")).await;
        let (alice, name) = (self.alice(), self.test.name());
        let role = format!(
            "ALTER DATABASE {name} OWNER TO CURRENT_USER; REASSIGN OWNED BY {alice} TO CURRENT_USER;
             DROP ROLE {alice}"
        );
        self.client.batch_execute(&role).await.unwrap();
    }

    async fn change_rules(&self, change: impl FnOnce(String) -> String) {
        let read = "SELECT pg_read_file(current_setting('hba_file'))";
        let rules = change(self.client.query_one(read, &[]).await.unwrap().get(0));
        let object =
            self.client.query_one("SELECT lo_from_bytea(0, $1)", &[&rules.as_bytes()]).await.unwrap();
        let write = "SELECT lo_export($1, current_setting('hba_file')), pg_reload_conf()";
        self.client.query_one(write, &[&object.get::<_, u32>(0)]).await.unwrap();
    }
}
