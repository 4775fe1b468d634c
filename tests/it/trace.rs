//! What statements and connections tell `tracing`: spans with OpenTelemetry's names, events, warnings of what is slow.

use crate::models::{Post, Tag, User, blog};
use futures_util::{
    TryStreamExt,
    future::{join, poll_immediate},
};
use orm::{Config, prelude::*, testing::TestDb};
use std::{
    cell::RefCell,
    collections::BTreeMap,
    env,
    fmt::Debug,
    sync::{Arc, Mutex, Once},
    time::Duration,
};
use tokio::{sync::oneshot, time::sleep};
use tokio_postgres::config::Host;
use tracing::{
    Event, Instrument, Level,
    field::{Field, Visit},
    span,
};
use tracing_subscriber::{Layer, Registry, layer::Context, prelude::*};

/// A span or an event.
#[derive(Clone, Debug, Default)]
struct Told {
    name: &'static str,
    target: String,
    level: String,
    /// The span that it is in.
    parent: Option<&'static str>,
    fields: BTreeMap<&'static str, String>,
}

impl Told {
    fn get(&self, field: &str) -> &str {
        self.fields.get(field).map_or("", String::as_str)
    }
}

impl Visit for Told {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.fields.insert(field.name(), format!("{value:?}"));
    }
}

/// Keeps what is told on this thread.
#[derive(Clone, Default)]
struct Ear(Arc<Mutex<Vec<Told>>>);

thread_local! {
    static LISTENING: RefCell<Option<Ear>> = const { RefCell::new(None) };
}

/// Until it is dropped the thread listens.
struct Listening;

impl Drop for Listening {
    fn drop(&mut self) {
        LISTENING.set(None);
    }
}

impl Ear {
    /// Begins to listen. One subscriber serves all threads: where each has its own, `tracing` may remember of a place in
    /// the code that nobody listens, because the thread that came by first did not.
    fn listen() -> (Ear, Listening) {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| tracing_subscriber::registry().with(Ears).init());
        tracing::callsite::rebuild_interest_cache();
        let ear = Ear::default();
        LISTENING.set(Some(ear.clone()));
        (ear, Listening)
    }

    fn keep(told: Told) {
        LISTENING.with_borrow(|ear| {
            if let Some(ear) = ear {
                ear.0.lock().unwrap().push(told);
            }
        });
    }

    /// What was told under a target since the last look; of spans only those that have ended.
    fn of(&self, target: &str) -> Vec<Told> {
        let mut all = self.0.lock().unwrap();
        let (ours, others) = all.drain(..).partition(|told| told.target == target);
        *all = others;
        ours
    }

    fn spans(&self) -> Vec<Told> {
        self.of("orm::span")
    }

    /// The names of the statements' spans, for OpenTelemetry.
    fn names(&self) -> Vec<String> {
        self.spans()
            .iter()
            .filter(|span| span.name == "query")
            .map(|span| span.get("otel.name").to_owned())
            .collect()
    }
}

/// The ears of all threads.
struct Ears;

impl Layer<Registry> for Ears {
    fn on_new_span(&self, attributes: &span::Attributes<'_>, id: &span::Id, context: Context<'_, Registry>) {
        let about = attributes.metadata();
        let mut told = Told { name: about.name(), ..Told::default() };
        (told.target, told.level) = (about.target().to_owned(), about.level().to_string());
        told.parent = context.lookup_current().map(|parent| parent.name());
        attributes.record(&mut told);
        context.span(id).unwrap().extensions_mut().insert(told);
    }

    fn on_record(&self, id: &span::Id, values: &span::Record<'_>, context: Context<'_, Registry>) {
        values.record(context.span(id).unwrap().extensions_mut().get_mut::<Told>().unwrap());
    }

    fn on_close(&self, id: span::Id, context: Context<'_, Registry>) {
        let told = context.span(&id).unwrap().extensions_mut().remove::<Told>();
        told.into_iter().for_each(Ear::keep);
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, Registry>) {
        let about = event.metadata();
        let mut told = Told { target: about.target().to_owned(), ..Told::default() };
        told.level = about.level().to_string();
        told.parent = context.lookup_current().map(|parent| parent.name());
        event.record(&mut told);
        Ear::keep(told);
    }
}

/// Another pool on the blog's database.
async fn pool(test: &TestDb, change: impl FnOnce(Config) -> Config) -> Db {
    Db::connect(change(Config::from_url(test.url()).unwrap())).await.unwrap()
}

#[tokio::test]
async fn a_query_is_a_span_with_the_names_of_opentelemetry() {
    let test = blog().await;
    Tag::objects().using(test.db()).create().slug("a").name("A").await.unwrap();
    let (ear, _guard) = Ear::listen();
    Tag::objects().using(test.db()).filter(|t| t.name.eq("A")).await.unwrap();
    let [span] = &ear.spans()[..] else { panic!("one span") };
    assert_eq!((span.name, &*span.level), ("query", "DEBUG"));
    let sql = r#"SELECT "tag"."slug", "tag"."name" FROM "tag" WHERE "tag"."name" = $1"#;
    for (field, value) in [
        ("otel.name", "SELECT tag"),
        ("otel.kind", "client"),
        ("otel.status_code", ""),
        ("db.system.name", "postgresql"),
        ("db.namespace", test.name()),
        ("db.operation.name", "SELECT"),
        ("db.collection.name", "tag"),
        ("db.query.summary", "SELECT tag"),
        ("db.query.text", sql),
        ("db.response.returned_rows", "1"),
        ("error.type", ""),
    ] {
        assert_eq!(span.get(field), value, "{field}");
    }
    assert!(!span.get("server.address").is_empty(), "{span:?}");
    let [event] = &ear.of("orm")[..] else { panic!("one event") };
    assert_eq!((&*event.level, event.get("message"), event.get("rows")), ("DEBUG", sql, "1"));
    assert!(event.get("elapsed").ends_with('s'), "{event:?}");
}

#[tokio::test]
async fn a_change_that_returns_nothing_has_no_returned_rows() {
    let test = blog().await;
    let (ear, _guard) = Ear::listen();
    Tag::objects().using(test.db()).update(|t| t.name.set("B")).await.unwrap();
    assert_eq!(ear.spans()[0].get("db.response.returned_rows"), "");
    assert_eq!(ear.of("orm")[0].get("rows"), "0");
}

#[tokio::test]
async fn a_span_of_a_server_behind_tcp_has_its_address_and_port() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let test = blog().await;
    let server: tokio_postgres::Config = test.url().parse().unwrap();
    let (host, number) = (server.get_hosts()[0].clone(), server.get_ports()[0]);
    let relay = tokio::spawn(async move {
        loop {
            let (mut near, _) = listener.accept().await.unwrap();
            match &host {
                Host::Unix(folder) => {
                    let path = folder.join(format!(".s.PGSQL.{number}"));
                    let mut far = tokio::net::UnixStream::connect(path).await.unwrap();
                    tokio::spawn(async move { tokio::io::copy_bidirectional(&mut near, &mut far).await });
                }
                Host::Tcp(name) => {
                    let mut far = tokio::net::TcpStream::connect((&**name, number)).await.unwrap();
                    tokio::spawn(async move { tokio::io::copy_bidirectional(&mut near, &mut far).await });
                }
            }
        }
    });
    let (ear, _guard) = Ear::listen();
    let (user, _) = test.url().split_once('@').unwrap();
    let url = format!("{user}@127.0.0.1:{port}/{}", test.name());
    let db = Db::connect(&*url).await.unwrap();
    Tag::objects().using(&db).count().await.unwrap();
    let spans = ear.spans();
    let [connect, query] = &spans[..] else { panic!("{spans:?}") };
    assert_eq!((connect.name, query.name), ("connect", "query"));
    for span in &spans {
        assert_eq!((span.get("server.address"), span.get("server.port")), ("127.0.0.1", &*port.to_string()));
        assert_eq!(span.get("db.namespace"), test.name());
    }
    relay.abort();
}

#[tokio::test]
async fn a_failed_statement_marks_its_span_with_sqlstate() {
    let test = blog().await;
    Tag::objects().using(test.db()).create().slug("a").name("A").await.unwrap();
    let (ear, _guard) = Ear::listen();
    Tag::objects().using(test.db()).create().slug("b").name("A").await.unwrap_err();
    let span = &ear.spans()[0];
    let marks = ["otel.status_code", "error.type", "db.response.status_code"].map(|field| span.get(field));
    assert_eq!(marks, ["ERROR", "23505", "23505"]);
    assert!(ear.of("orm")[0].get("error").contains("tag_name_key"), "the event names the constraint");
}

#[tokio::test]
async fn an_error_that_is_not_the_servers_marks_a_span_with_its_kind() {
    let test = blog().await;
    let db = pool(&test, |config| config.pool_size(1).acquire_timeout(Duration::from_millis(50))).await;
    let (ear, _guard) = Ear::listen();
    let ((taken, is_taken), (late, is_late)) = (oneshot::channel(), oneshot::channel());
    let hold = db.scope(atomic(async {
        Tag::objects().count().await?;
        taken.send(()).unwrap();
        is_late.await.unwrap();
        Ok(())
    }));
    let asks = async {
        is_taken.await.unwrap();
        let asked = Post::objects().using(&db).count().await;
        late.send(()).unwrap();
        asked
    };
    let (held, asked) = join(hold, asks).await;
    held.unwrap();
    asked.unwrap_err();
    let spans = ear.spans();
    let late = spans.iter().find(|span| span.get("otel.name") == "SELECT blog_post").unwrap();
    assert_eq!((late.get("error.type"), late.get("db.response.status_code")), ("Timeout", ""));
    assert_eq!(late.get("server.address"), "", "it was sent to none");
}

#[tokio::test]
async fn the_commands_of_a_transaction_are_spans() {
    let test = blog().await;
    let (ear, _guard) = Ear::listen();
    let done = atomic(async {
        Tag::objects().create().slug("a").name("A").await?;
        let failed = atomic(async {
            Tag::objects().count().await?;
            Err::<(), _>(orm::Error::usage("no"))
        });
        failed.await.unwrap_err();
        atomic(async { Tag::objects().count().await.map(drop) }).await
    });
    test.db().scope(done).await.unwrap();
    assert_eq!(
        ear.names(),
        [
            "BEGIN",
            "INSERT tag",
            "SAVEPOINT",
            "SELECT tag",
            "ROLLBACK",
            "SAVEPOINT",
            "SELECT tag",
            "RELEASE",
            "COMMIT"
        ]
    );
    let (counted, is_counted) = oneshot::channel();
    let stopped = test.db().scope(atomic(async {
        Tag::objects().count().await?;
        counted.send(()).unwrap();
        std::future::pending::<orm::Result<()>>().await
    }));
    tokio::select! {
        _ = stopped => unreachable!(),
        counted = is_counted => counted.unwrap(),
    }
    assert_eq!(ear.names(), ["BEGIN", "SELECT tag", "ROLLBACK"], "dropped");
}

#[tokio::test]
async fn a_stream_is_a_span_until_its_last_row_or_until_it_is_dropped() {
    let test = blog().await;
    for slug in ["a", "b", "c"] {
        Tag::objects().using(test.db()).create().slug(slug).name(slug).await.unwrap();
    }
    let (ear, _guard) = Ear::listen();
    let mut tags = Tag::objects().using(test.db()).stream();
    tags.try_next().await.unwrap();
    assert!(ear.spans().is_empty(), "it has not ended");
    assert_eq!(tags.try_collect::<Vec<_>>().await.unwrap().len(), 2);
    let [span] = &ear.spans()[..] else { panic!("one span") };
    assert_eq!((span.get("otel.name"), span.get("db.response.returned_rows")), ("SELECT tag", "3"));

    let mut tags = Tag::objects().using(test.db()).stream();
    tags.try_next().await.unwrap();
    drop(tags);
    assert_eq!(ear.spans()[0].get("db.response.returned_rows"), "1");

    let inside = atomic(async { Tag::objects().stream().try_collect::<Vec<_>>().await });
    assert_eq!(test.db().scope(inside).await.unwrap().len(), 3);
    assert_eq!(ear.names(), ["BEGIN", "DECLARE tag", "FETCH tag", "COMMIT"]);
}

#[tokio::test]
async fn a_statement_whose_future_is_dropped_says_so() {
    let test = blog().await;
    let (ear, _guard) = Ear::listen();
    let mut asked = Tag::objects().using(test.db()).count().into_future();
    assert!(poll_immediate(&mut asked).await.is_none());
    drop(asked);
    assert_eq!(ear.spans()[0].get("error.type"), "Cancelled");
    assert!(ear.of("orm")[0].get("error").contains("its future was dropped"));
}

#[tokio::test]
async fn a_slow_statement_is_a_warning_with_its_model_rows_and_time() {
    let test = blog().await;
    let db = pool(&test, |config| config.slow_query(Duration::ZERO)).await;
    let (ear, _guard) = Ear::listen();
    Tag::objects().using(&db).create().slug("a").name("A").await.unwrap();
    let slow = ear.of("orm::slow");
    let [warning] = &slow[..] else { panic!("{slow:?}") };
    assert_eq!((&*warning.level, warning.get("model"), warning.get("rows")), ("WARN", "Tag", "1"));
    assert!(warning.get("message").starts_with(r#"INSERT INTO "tag""#), "{warning:?}");
    assert!(warning.get("elapsed").ends_with('s'), "{warning:?}");

    Tag::objects().using(&db).stream().try_collect::<Vec<_>>().await.unwrap();
    assert!(ear.of("orm::slow").is_empty(), "the reader of a stream sets its pace");
    let silent = pool(&test, |config| config.slow_query(None)).await;
    Tag::objects().using(&silent).count().await.unwrap();
    Tag::objects().using(test.db()).count().await.unwrap();
    assert!(ear.of("orm::slow").is_empty(), "none when it is off, and none under a second");
}

#[tokio::test]
async fn a_long_wait_for_a_connection_is_a_warning_and_no_slow_statement() {
    let test = blog().await;
    let slow = Duration::from_secs(1);
    let db = pool(&test, |config| config.pool_size(1).slow_query(slow)).await;
    let (ear, _guard) = Ear::listen();
    let (taken, is_taken) = oneshot::channel();
    let hold = db.scope(atomic(async {
        User::objects().count().await?;
        taken.send(()).unwrap();
        sleep(slow * 2).await;
        Ok(())
    }));
    let asks = async {
        is_taken.await.unwrap();
        Tag::objects().using(&db).count().await
    };
    let (held, asked) = join(hold, asks).await;
    held.unwrap();
    asked.unwrap();
    assert!(ear.of("orm::slow").is_empty());
    let warnings: Vec<_> =
        ear.of("orm::pool").into_iter().filter(|event| event.level == Level::WARN.as_str()).collect();
    let [warning] = &warnings[..] else { panic!("{warnings:?}") };
    assert_eq!((warning.get("message"), warning.get("max")), ("waited long for a connection", "1"));
}

#[tokio::test]
async fn connecting_is_a_span_and_says_why_it_failed() {
    let (ear, _guard) = Ear::listen();
    Db::connect("postgres://alice@%2Fnot%2Fthere/blog").await.unwrap_err();
    let [span] = &ear.spans()[..] else { panic!("one span") };
    assert_eq!(
        (span.name, span.get("db.namespace"), span.get("error.type")),
        ("connect", "blog", "Connection")
    );
    let [event] = &ear.of("orm::pool")[..] else { panic!("one event") };
    assert!(event.get("message").contains("cannot reach /not/there"), "{event:?}");
}

#[tokio::test]
async fn statements_and_their_events_are_in_the_span_that_awaits_them() {
    let test = blog().await;
    let (ear, _guard) = Ear::listen();
    let inside = atomic(async { Tag::objects().count().await }).instrument(tracing::info_span!("request"));
    test.db().scope(inside).await.unwrap();
    let told = [ear.spans(), ear.of("orm")].concat();
    assert_eq!(told.len(), 6, "BEGIN, SELECT and COMMIT: {told:?}");
    assert!(told.iter().all(|told| told.parent == Some("request")), "{told:?}");
}

#[tokio::test]
async fn orm_log_prints_all_statements_or_those_that_are_slow() {
    const URL: &str = "ORM_LOG_CHILD";
    if let Ok(url) = env::var(URL) {
        let config = Config::from_url(&url).unwrap();
        let fast = Db::connect(config.clone().slow_query(None)).await.unwrap();
        let slow = Db::connect(config.slow_query(Duration::ZERO)).await.unwrap();
        Tag::objects().using(&fast).count().await.unwrap();
        User::objects().using(&slow).await.unwrap();
        return;
    }
    let test = blog().await;
    let (tags, users) = (r#": SELECT COUNT(*) FROM "tag""#, r#", 0 rows: SELECT "user"."id""#);
    let wrong = "[orm] ORM_LOG can be";
    for (log, shown) in
        [("sql", &[tags, users][..]), ("slow", &[users]), ("off", &[]), ("", &[]), ("colour", &[wrong])]
    {
        let mut child = tokio::process::Command::new(env::current_exe().unwrap());
        child.args(["trace::orm_log_prints_all_statements_or_those_that_are_slow", "--exact"]);
        let output = child.env(URL, test.url()).env("ORM_LOG", log).output().await.unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{text}");
        let lines: Vec<_> = text.lines().filter(|line| line.starts_with("[orm] ")).collect();
        assert_eq!(lines.len(), shown.len(), "ORM_LOG={log}: {text}");
        for (line, part) in lines.iter().zip(shown) {
            assert!(line.contains(part), "ORM_LOG={log}: {line}");
        }
    }
}

/// In release builds rows do not know each other.
#[cfg(debug_assertions)]
#[tokio::test]
async fn a_relation_fetched_row_by_row_is_warned_of_once_with_the_place_and_what_to_write() {
    let test = blog().await;
    let (ear, _guard) = Ear::listen();
    test.db()
        .scope(async {
            for name in ["ann", "bob", "cyd"] {
                let user = User::objects().create().username(name).await?;
                Post::objects().create().title("Hi").author(&user).await?;
            }
            let posts = Post::objects().await?;
            posts[0].author.fetch().await?;
            assert!(ear.of("orm::fetch").is_empty(), "once is no loop");
            for post in &posts {
                post.author.fetch().await?;
            }
            Ok::<_, orm::Error>(())
        })
        .await
        .unwrap();
    let [warning] = &ear.of("orm::fetch")[..] else { panic!("one warning") };
    let said = warning.get("message");
    assert_eq!(warning.level, "WARN");
    assert!(
        said.starts_with("`Post.author` is fetched row by row at ") && said.contains("trace.rs:"),
        "{said}"
    );
    assert!(said.contains("`Post::objects().select_related(|p| p.author)`"), "{said}");
}
