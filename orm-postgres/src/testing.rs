//! A database for each test, on a server that is found or started; and a server for the examples.
//!
//! A test is an `async fn` with `#[orm::test]`, which has the forms of tests; `TestDb` is what is below, for programs
//! that run their tests by other means. [`count_queries`] says which queries a part of a test sends.
//!
//! ```
//! use orm::{prelude::*, testing::TestDb};
//!
//! #[derive(Model)]
//! struct Page {
//!     id: i64,
//!     title: String,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! async fn a_page_is_found_by_its_title() -> orm::Result<()> {
//!     let test = TestDb::create().await?;
//!     test.db().create_tables(orm::models![Page]).await?;
//!     let body = async {
//!         let page = Page::objects().create().title("Hi").await?;
//!         assert_eq!(Page::objects().filter(|p| p.title.eq("Hi")).one().await?.id, page.id);
//!         Ok(())
//!     };
//!     test.db().scope(body).await // queries in it go to this database
//! }
//! # a_page_is_found_by_its_title().unwrap();
//! ```
//!
//! The first of these that works gives the server; `ORM_TEST_POSTGRES=url|container|local` forces one:
//!
//! 1. `url`: `ORM_TEST_DATABASE_URL`, the URL of a database on a server whose user may create databases;
//! 2. `container`: a container of this checkout, when a Docker daemon answers and has the image: that of
//!    `ORM_TEST_IMAGE`, else `orm-test-postgres:15`, else `postgres:17`, or any other that is run like the official
//!    one. When it is forced, a missing image is pulled. Needs the feature `testcontainers`;
//! 3. `local`: a server of this checkout, started from the PostgreSQL programs that are installed.
//!
//! All test processes share a container or a local server; it goes a few seconds after the last of them, however that
//! ends.
//!
//! The variables of libpq (`PGHOST`, …), which may be set for another server, are not looked at.

mod admin;
mod binaries;
#[cfg(feature = "testcontainers")]
mod container;
mod home;
#[cfg(not(feature = "testcontainers"))]
mod no_container;
mod queries;
mod run;
mod server;
mod shared;
#[cfg(test)]
mod tests;
mod watchdog;

use std::{
    env, fmt, fs,
    fs::File,
    hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState},
    path::{Path, PathBuf},
    time::Duration,
};

use crate::connect;
use orm_core::{Db, Error, ErrorKind, Result};
use tokio::sync::OnceCell;

#[cfg(feature = "testcontainers")]
use self::container::Container;
#[cfg(not(feature = "testcontainers"))]
use self::no_container::Container;
use self::{
    admin::{Admin, TEST_PREFIX, ours, with_database},
    home::{Home, Purpose},
    server::Server,
    watchdog::GRACE,
};

pub(crate) use self::queries::sent;
#[doc(hidden)]
pub use self::run::{FromTest, Test, with_fixture};
pub use self::{
    queries::{Queries, count_queries},
    run::run_on_commit_hooks,
};

/// How long a container or local server stays for somebody to look into the database of a failed test.
const LOOK: Duration = Duration::from_secs(300);

/// An empty database of one test.
///
/// It is dropped after the test, and kept when the test panics, or under `#[orm::test]` returns an error: its name is
/// then printed. A container or local server stays for five minutes for you to look into it, and for as long as you are
/// connected; what was kept is gone
/// when it is next started. On a server of your own you drop it.
///
/// Dropping needs a connection, and `Drop` cannot wait for one: it leaves a note, and the next `TestDb` of
/// this checkout drops the database.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// use orm::{prelude::*, testing::TestDb};
///
/// let test = TestDb::create().await?;
/// assert!(test.url().contains(test.name()));
/// let again = Db::connect(test.url()).await?; // a second pool on it
/// # drop(again);
/// # Ok(())
/// # }
/// ```
pub struct TestDb {
    db: Db,
    url: String,
    name: String,
    /// Where the note is left.
    finished: PathBuf,
    server: Found,
    /// What is known of the test; else it has failed if it panics.
    failed: Option<bool>,
    /// Whether other tests use the database after this one.
    shared: bool,
}

impl TestDb {
    /// Creates a database.
    ///
    /// # Errors
    ///
    /// When no server is found or can be started; the error says what was tried and why it failed.
    pub async fn create() -> Result<Self> {
        let forced = variable("ORM_TEST_POSTGRES");
        Self::create_by(&Way::choose(forced.as_deref(), variable("ORM_TEST_DATABASE_URL"))?).await
    }

    /// Creates a database by the first way that works.
    async fn create_by(ways: &[Way]) -> Result<Self> {
        let mut failures = Vec::new();
        for way in ways {
            match Self::create_on(way).await {
                Ok(test) => return Ok(test),
                Err(error) => {
                    if matches!(way, Way::Url(Some(_))) && ways.len() > 1 {
                        eprintln!("ORM_TEST_DATABASE_URL does not work, looking for another server: {error}");
                    }
                    failures.push((way.advice(), error));
                }
            }
        }
        Err(no_server("no server for test databases", &failures))
    }

    async fn create_on(way: &Way) -> Result<Self> {
        let home = Home::find(Purpose::Test).await?;
        let server = match way {
            Way::Url(Some(url)) => Found::Url(url.clone()),
            Way::Url(None) => return Err(Error::usage("it is not set")),
            Way::Container { pull } => Found::Container(test_container(&home, *pull).await?),
            Way::Local => Found::Local(TEST_SERVER.get_or_try_init(|| Server::join(&home, GRACE)).await?),
        };
        let name = format!("{TEST_PREFIX}{:016x}", random());
        let url = with_database(server.url(), &name)?;
        let admin = Admin::connect(server.url()).await?;
        admin.create(&name).await?;
        // Notes about databases of another server say nothing about those of this one.
        let finished = home.path(&format!("finished-{:016x}", hash(server.name())));
        home.make_folder(&finished)?;
        drop_finished(&admin, &finished).await;
        let db = connect(ours(&url)?).await?;
        Ok(TestDb { db, url, name, finished, server, failed: None, shared: false })
    }

    /// The database, connected with the defaults.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The database's URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The database's name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Without the URL, which may hold a password.
impl fmt::Debug for TestDb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestDb").field("name", &self.name).field("db", &self.db).finish_non_exhaustive()
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if self.shared {
            return;
        }
        if !self.failed.unwrap_or_else(std::thread::panicking) {
            // Without the note the database stays, as one that is kept.
            let _ = File::create(self.finished.join(&self.name));
            return;
        }
        match &self.server {
            // The URL of somebody's server may hold a password.
            Found::Url(_) => return eprintln!("the test failed; its database `{}` is kept", self.name),
            Found::Container(container) => container.stay(LOOK),
            Found::Local(server) => server.watchdog.stay(LOOK),
        }
        let minutes = LOOK.as_secs() / 60;
        eprintln!("the test failed; its database is kept for {minutes} minutes:\n  psql '{}'", self.url);
    }
}

/// The server that was found; ours outlive the runtime that joined them.
#[derive(Debug)]
enum Found {
    Url(String),
    Container(&'static Container),
    Local(&'static Server),
}

impl Found {
    /// The URL of a database from which others can be made.
    fn url(&self) -> &str {
        match self {
            Found::Url(url) => url,
            Found::Container(container) => container.url(),
            Found::Local(server) => server.url(),
        }
    }

    /// What the server is called in the next run too: a container's port is another each time.
    fn name(&self) -> &str {
        match self {
            Found::Container(container) => container.name(),
            _ => self.url(),
        }
    }
}

/// The container for tests. That there is none is found out once: a pull that fails takes its time.
async fn test_container(home: &Home, pull: bool) -> Result<&'static Container> {
    static CONTAINER: OnceCell<std::result::Result<Container, String>> = OnceCell::const_new();
    let image = variable("ORM_TEST_IMAGE");
    let join = async || {
        let joined = Container::join(home, image.as_deref(), pull, GRACE).await;
        joined.map_err(|error| error.to_string())
    };
    let joined = CONTAINER.get_or_init(join).await;
    joined.as_ref().map_err(|said| Error::new(ErrorKind::Connection, said.clone()))
}

/// Drops the databases that finished tests left notes about, except those another process is dropping.
/// What fails is left to the next one.
async fn drop_finished(admin: &Admin, finished: &Path) {
    for note in fs::read_dir(finished).into_iter().flatten().flatten() {
        let name = note.file_name();
        let Some(name) = name.to_str().filter(|name| name.starts_with(TEST_PREFIX)) else { continue };
        let Ok(claim) = File::open(note.path()) else { continue };
        if claim.try_lock().is_ok() && admin.drop(name).await.is_ok() {
            let _ = fs::remove_file(note.path());
        }
    }
}

/// The URL of an example's database: `DATABASE_URL` when it is set, else a database of that name on a server
/// of this checkout, whose data is kept between runs: a local one, its data under `target/`, or where PostgreSQL is not
/// installed a container. `ORM_TEST_POSTGRES=container|local` forces one of them.
///
/// ```no_run
/// # async fn example() -> orm::Result<()> {
/// let url = orm::testing::database_url("blog").await?;
/// let db = orm::connect(url).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// When `DATABASE_URL` is not set and no server can be started.
pub async fn database_url(name: &str) -> Result<String> {
    if let Some(url) = variable("DATABASE_URL") {
        return Ok(url);
    }
    let forced = |way| variable("ORM_TEST_POSTGRES").is_some_and(|forced| forced == way);
    let home = Home::find(Purpose::Kept).await?;
    let made = async |server: &str| {
        Admin::connect(server).await?.ensure(name).await?;
        with_database(server, name)
    };
    let local = async {
        if forced("container") {
            return Err(Error::usage("ORM_TEST_POSTGRES is `container`"));
        }
        made(KEPT_SERVER.get_or_try_init(|| Server::join(&home, GRACE)).await?.url()).await
    };
    let local = match local.await {
        Ok(url) => return Ok(url),
        Err(error) => error,
    };
    let container = async {
        if forced("local") {
            return Err(Error::usage("ORM_TEST_POSTGRES is `local`"));
        }
        let image = variable("ORM_TEST_IMAGE");
        let join = || Container::join(&home, image.as_deref(), forced("container"), GRACE);
        made(KEPT_CONTAINER.get_or_try_init(join).await?.url()).await
    };
    container.await.map_err(|container| {
        let url = "set DATABASE_URL to the URL of a database";
        let failures = [
            (url, Error::usage("it is not set")),
            (Way::Local.advice(), local),
            (Way::Container { pull: false }.advice(), container),
        ];
        no_server("no database server", &failures)
    })
}

/// The servers this process uses; they outlive the runtime that joined them.
static TEST_SERVER: OnceCell<Server> = OnceCell::const_new();
static KEPT_SERVER: OnceCell<Server> = OnceCell::const_new();
static KEPT_CONTAINER: OnceCell<Container> = OnceCell::const_new();

/// A way to a server.
#[derive(Debug, PartialEq)]
enum Way {
    /// With the value of `ORM_TEST_DATABASE_URL`.
    Url(Option<String>),
    Container {
        /// Whether a missing image is pulled.
        pull: bool,
    },
    Local,
}

impl Way {
    /// The ways to try in order, given the values of `ORM_TEST_POSTGRES` and `ORM_TEST_DATABASE_URL`.
    fn choose(forced: Option<&str>, url: Option<String>) -> Result<Vec<Way>> {
        match forced {
            None => Ok(vec![Way::Url(url), Way::Container { pull: false }, Way::Local]),
            Some("url") => Ok(vec![Way::Url(url)]),
            Some("container") => Ok(vec![Way::Container { pull: true }]),
            Some("local") => Ok(vec![Way::Local]),
            Some(other) => Err(Error::usage(format!(
                "ORM_TEST_POSTGRES is `{other}`; it can be `url`, `container` or `local`, or unset to try them \
                 in this order"
            ))),
        }
    }

    /// What to do to make it work.
    fn advice(&self) -> &'static str {
        match self {
            Way::Url(_) => "set ORM_TEST_DATABASE_URL to the URL of a database whose user may create others",
            Way::Container { .. } => {
                "run a Docker daemon that has the image of ORM_TEST_IMAGE or `postgres:17`"
            }
            Way::Local => "install PostgreSQL, so that `initdb` and `postgres` are found",
        }
    }
}

/// An environment variable that is set to something.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// The error that names the ways out, and why each did not work.
fn no_server(what: &str, failures: &[(&str, Error)]) -> Error {
    let ways: Vec<_> = failures.iter().map(|(advice, error)| format!("\n- {advice}: {error}")).collect();
    Error::new(
        ErrorKind::Connection,
        format!("{what}; what can be done, and why it did not work:{}", ways.concat()),
    )
}

/// An error about a file or program.
fn failed(what: impl fmt::Display, error: std::io::Error) -> Error {
    Error::new(ErrorKind::Connection, format!("{what}: {error}")).with_source(error)
}

/// A number that no other process chooses.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
