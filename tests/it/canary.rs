//! No password and no value ever reaches a log, an error or a `Debug`: a child does all that can go wrong with values that
//! are easily recognised, under a subscriber that prints everything, and prints its errors; none may be in what it says.

use crate::{cluster::Cluster, wait::until};
use futures_util::TryStreamExt;
use orm::{Config, Error, ErrorKind, FieldType, SqlType, prelude::*, testing::TestDb};
use std::{env, error::Error as _, fmt::Debug, process::Stdio, time::Duration};
use tokio::{process::Command, time::timeout};
use tokio_postgres::NoTls;
use tracing_subscriber::fmt::format::FmtSpan;

const PASSWORD: &str = "kanarie-geheim-55d0";
const WRONG_PASSWORD: &str = "kanarie-falsch-81b7";
const TEXT: &str = "kanarie-7f3a91c2";
const NUMBER: i64 = 7_316_498_205;
const SMALL: i32 = 1_731_649_820;
const BYTES: [u8; 6] = [0xca, 0xfe, 0xd0, 0x0d, 0xbe, 0xef];
/// Tells the child what to do.
const ROLE: &str = "ORM_CANARY";

#[derive(Model, Debug, Clone)]
#[orm(table = "secret")]
struct Secret {
    id: i64,
    #[orm(unique)]
    text: String,
    number: i64,
    small: i32,
    bytes: Vec<u8>,
    #[orm(max_length = 20)]
    short: Option<String>,
}

/// The same table, of which only even numbers can be read.
#[derive(Model, Debug, Clone)]
#[orm(table = "secret")]
struct EvenOnly {
    id: i64,
    number: Even,
}

#[derive(Debug, Clone, PartialEq)]
struct Even(i64);

impl FieldType for Even {
    const TYPE: SqlType = SqlType::Int8;

    fn encode(&self, out: &mut Vec<u8>) -> orm::Result<()> {
        self.0.encode(out)
    }

    fn decode(bytes: &[u8]) -> orm::Result<Self> {
        match i64::decode(bytes)? {
            even if even % 2 == 0 => Ok(Even(even)),
            _ => Err(Error::new(ErrorKind::Decode, "an odd number")),
        }
    }
}

/// The forms in which bytes are printed.
fn forms(bytes: &[u8]) -> Vec<String> {
    let lower: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let list = format!("{bytes:?}");
    vec![
        lower.to_uppercase(),
        lower,
        list[1..list.len() - 1].to_owned(),
        bytes.escape_ascii().to_string(),
        bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect(),
    ]
}

fn canaries() -> Vec<String> {
    let texts = [PASSWORD, WRONG_PASSWORD, TEXT];
    let numbers = [NUMBER.to_string(), SMALL.to_string()];
    let encoded = [&NUMBER.to_be_bytes()[..], &SMALL.to_be_bytes(), &BYTES, TEXT.as_bytes()];
    let mut all: Vec<String> = texts.map(str::to_owned).into_iter().chain(numbers).collect();
    all.extend(encoded.into_iter().flat_map(forms));
    all
}

#[tokio::test]
async fn no_value_and_no_password_is_ever_shown() {
    match env::var(ROLE).as_deref() {
        Ok("values") => return child().await,
        Ok(_) => return show("no test database", TestDb::create().await),
        Err(_) => {}
    }
    let mut server = Cluster::new("canary", PASSWORD).await;
    server.start(&[]).await;
    for (role, password, said) in [
        // Of tokio-postgres, of ours, of `ORM_LOG`, and of the last thing that the child does.
        (
            "values",
            PASSWORD,
            &["executing statement", "db.query.text", "[orm] ", "23505", "23514", "all of it was done"][..],
        ),
        ("wrong", WRONG_PASSWORD, &["no test database", "28P01"]),
    ] {
        let mut child = Command::new(env::current_exe().unwrap());
        child.args(["canary::no_value_and_no_password_is_ever_shown", "--exact", "--nocapture"]);
        child
            .env(ROLE, role)
            .env("ORM_LOG", "sql")
            .env("ORM_TEST_POSTGRES", "url")
            .env("RUST_BACKTRACE", "0");
        child.env("ORM_TEST_DATABASE_URL", server.url("alice", Some(password)));
        let output = child.stdin(Stdio::null()).output().await.unwrap();
        let text =
            [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
        assert!(output.status.success(), "{text}");
        for word in said {
            assert!(text.contains(word), "`{word}` is not in what the child says:\n{text}");
        }
        for canary in canaries() {
            let shown: Vec<_> = text.lines().filter(|line| line.contains(&canary)).collect();
            assert!(shown.is_empty(), "{canary} is shown:\n{}", shown.join("\n"));
        }
    }
}

/// Prints an error in all ways.
#[track_caller]
fn show<T>(what: &str, result: orm::Result<T>) {
    let Err(error) = result else { panic!("{what}: no error") };
    eprintln!("{what}: {error}\n{error:?}\n{error:#?}\n{:?} {:?}", error.db(), error.sql());
    let mut source = error.source();
    while let Some(cause) = source {
        eprintln!("  {cause}\n  {cause:?}\n  {cause:#?}");
        source = cause.source();
    }
}

fn show_debug(value: &dyn Debug) {
    eprintln!("{value:?}\n{value:#?}");
}

fn draft(text: &str) -> orm::Draft<Secret> {
    Secret::draft().text(text).number(NUMBER).small(SMALL).bytes(BYTES.to_vec()).build()
}

async fn child() {
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(std::io::stderr)
        .init();
    let test = TestDb::create().await.unwrap();
    test.db().create_tables(orm::models![Secret]).await.unwrap();
    let (client, connection) = tokio_postgres::connect(test.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    test.db()
        .scope(async {
            works().await;
            debugs(&test);
            server_refuses(&client).await;
            values_do_not_fit().await;
        })
        .await;
    waits_and_losses(&test, &client).await;
    logs_in(&test).await;
    eprintln!("all of it was done");
}

/// What succeeds is logged too.
async fn works() {
    let mut saved = Secret::objects().bulk_create([draft(TEXT)]).await.unwrap().remove(0);
    saved.short = Some(TEXT.into());
    saved.save().await.unwrap();
    let all = Secret::objects().filter(|s| {
        s.text.in_([TEXT, "b"]) & s.number.in_([NUMBER]) & s.bytes.eq(BYTES.to_vec()) & s.text.contains(TEXT)
    });
    assert_eq!(all.clone().count().await.unwrap(), 1);
    all.clone().update(|s| (s.small.set(SMALL), s.text.set(TEXT))).await.unwrap();
    all.clone().stream().try_collect::<Vec<_>>().await.unwrap();
    let again = async {
        Secret::objects()
            .get_or_create(
                |s| s.text.eq(TEXT),
                |new| new.text(TEXT).number(NUMBER).small(SMALL).bytes(BYTES.to_vec()),
            )
            .await
    };
    assert!(!again.await.unwrap().1);
    let inside = atomic(async { all.stream().try_collect::<Vec<_>>().await });
    assert_eq!(inside.await.unwrap().len(), 1);
}

fn debugs(test: &TestDb) {
    let query =
        Secret::objects().filter(|s| s.text.eq(TEXT) | s.number.in_([NUMBER])).exclude(|s| s.small.gt(SMALL));
    let found = Secret::objects().filter(|s| s.bytes.eq(BYTES.to_vec()));
    let config = Config::from_url(test.url()).unwrap();
    let cells = [Some(&BYTES[..]), Some(TEXT.as_bytes())];
    let all: [&dyn Debug; 17] = [
        test,
        test.db(),
        test.db().backend(),
        &config,
        &query,
        &query.clone().count(),
        &query.clone().first(),
        &query.clone().values(|s| s.text),
        &query.clone().update(|s| s.text.set(TEXT)),
        &query.clone().explain(),
        &found.exists(),
        &draft(TEXT),
        &Secret::objects().bulk_create([draft(TEXT)]),
        &orm::__private::Param::new(Some(&TEXT.to_owned())),
        &orm::__private::RowRef::new(&cells),
        &Secret::objects().get(NUMBER),
        &test.db().pool_status(),
    ];
    all.into_iter().for_each(show_debug);
    eprintln!("{}", query.to_sql());
}

async fn server_refuses(client: &tokio_postgres::Client) {
    show("unique, one", Secret::objects().bulk_create([draft(TEXT)]).await);
    show("unique, two", Secret::objects().bulk_create([draft("b"), draft("b")]).await);
    let one = Secret::objects().create().text(TEXT).number(NUMBER).small(SMALL).bytes(BYTES.to_vec());
    show("unique, created", one.await);
    let swallowed = atomic(async {
        Secret::objects().bulk_create([draft(TEXT)]).await.unwrap_err();
        Ok(())
    });
    show("commit of a failed transaction", swallowed.await);
    let nested = atomic(async { atomic(async { Secret::objects().bulk_create([draft(TEXT)]).await }).await });
    show("savepoint", nested.await);
    client.batch_execute("ALTER TABLE secret ADD CHECK (number < 1000) NOT VALID").await.unwrap();
    show("check", Secret::objects().bulk_create([draft("c")]).await);
    show("check, changed", Secret::objects().update(|s| s.number.set(s.number - 1)).await);
    let overflow =
        Secret::objects().filter(|s| s.number.eq(NUMBER)).update(|s| s.small.set(s.small + s.small));
    show("overflow", overflow.await);
    client
        .batch_execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN NEW.small := NEW.text::integer; RETURN NEW; END';
             CREATE TRIGGER refuse BEFORE INSERT ON secret FOR EACH ROW EXECUTE FUNCTION refuse()",
        )
        .await
        .unwrap();
    show("what cannot be cast", Secret::objects().bulk_create([draft(TEXT)]).await);
    client
        .batch_execute(
            "DROP TRIGGER refuse ON secret; ALTER TABLE secret ALTER short TYPE varchar(3)  USING 'abc'",
        )
        .await
        .unwrap();
    let long = Secret::objects().filter(|s| s.text.eq(TEXT)).update(|s| s.short.set(TEXT));
    show("too long for the column", long.await);
    client.batch_execute("ALTER TABLE secret ALTER short SET NOT NULL").await.unwrap();
    show("null", Secret::objects().bulk_create([draft("d")]).await);
}

async fn values_do_not_fit() {
    let name = format!("{TEXT}\0");
    show("NUL", Secret::objects().filter(|s| s.text.eq(&*name)).await);
    show("NUL in a list", Secret::objects().filter(|s| s.text.in_([&*name])).await);
    show("NUL in a draft", Secret::objects().bulk_create([draft(&name)]).await);
    let long = TEXT.repeat(3);
    show("too long", Secret::objects().update(|s| s.short.set(&*long)).await);
    show("not found", Secret::objects().filter(|s| s.text.eq(TEXT)).get(NUMBER).await);
    let other = Secret::objects().filter(|s| s.number.eq(NUMBER) & s.text.ne(TEXT)).one();
    show("not one", other.await);
    show("decode", EvenOnly::objects().filter(|s| s.number.eq(Even(NUMBER))).await);
    let streamed = EvenOnly::objects().filter(|s| s.number.eq(Even(NUMBER))).stream();
    show("decode in a stream", streamed.try_collect::<Vec<_>>().await);
}

async fn waits_and_losses(test: &TestDb, client: &tokio_postgres::Client) {
    let config =
        Config::from_url(test.url()).unwrap().statement_timeout(Duration::from_millis(200)).pool_size(1);
    let late = Db::connect(config.slow_query(Duration::ZERO).application_name("late")).await.unwrap();
    let asked = || Secret::objects().using(&late).filter(|s| s.text.eq(TEXT) & s.number.eq(NUMBER));
    client.batch_execute("BEGIN; LOCK TABLE secret").await.unwrap();
    show("too late", asked().await);
    show("too late, a write", asked().update(|s| s.text.set(TEXT)).await);
    let inside = late.scope(atomic(async { Secret::objects().filter(|s| s.text.eq(TEXT)).count().await }));
    show("too late, in a transaction", inside.await);
    timeout(Duration::from_millis(50), asked().into_future()).await.unwrap_err();
    client.batch_execute("ROLLBACK; BEGIN; LOCK TABLE secret").await.unwrap();
    let patient =
        Db::connect(Config::from_url(test.url()).unwrap().application_name("patient")).await.unwrap();
    let write =
        Secret::objects().using(&patient).filter(|s| s.text.eq(TEXT)).update(|s| s.number.set(NUMBER));
    let kill = async {
        const WAITS: &str =
            "SELECT FROM pg_stat_activity WHERE application_name = 'patient' AND wait_event_type = 'Lock'";
        until("the write waits", async || {
            // It is in a transaction, where the server shows the activity of the first look.
            client.batch_execute("SELECT pg_stat_clear_snapshot()").await.unwrap();
            client.query_opt(WAITS, &[]).await.unwrap().is_some()
        })
        .await;
        const KILL: &str =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'patient'";
        client.batch_execute(KILL).await.unwrap();
    };
    let (lost, ()) = tokio::join!(write.into_future(), kill);
    show("lost", lost);
    client.batch_execute("ROLLBACK").await.unwrap();
    show("no connection", {
        patient.close(Duration::from_secs(5)).await.unwrap();
        Secret::objects().using(&patient).filter(|s| s.text.eq(TEXT)).await
    });
}

async fn logs_in(test: &TestDb) {
    show("wrong password", Db::connect(test.url().replace(PASSWORD, WRONG_PASSWORD)).await);
    show("wrong database", Db::connect(test.url().replace(test.name(), "not_there")).await);
    for url in [
        format!("postgres://alice:{PASSWORD}@127.0.0.1:1/blog"),
        format!("postgres://alice:{PASSWORD}@%2Fnot%2Fthere/blog"),
        format!("postgres://alice:{PASSWORD}@localhost:port/blog"),
        format!("postgres://alice:a@{PASSWORD}@localhost/blog"),
        format!("postgres://alice:{PASSWORD}@localhost/blog?sslmode=require"),
        format!("mysql://alice:{PASSWORD}@localhost/blog"),
        format!("host=localhost password='{PASSWORD}"),
        format!("host=localhost password={PASSWORD} colour=red"),
        PASSWORD.to_owned(),
    ] {
        match Config::from_url(&url) {
            Ok(config) => {
                show_debug(&config);
                show("not reached", Db::connect(config).await);
            }
            wrong => show("wrong URL", wrong),
        }
    }
}
