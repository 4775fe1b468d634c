//! Ours against the same work by hand on tokio-postgres, side by side in one run: medians of interleaved rounds, as
//! a ratio to "by hand" = 1.00; smaller is better.
//!
//! `cargo bench --bench peers` runs all; `-- --smoke` one short round of each, to see that they work; `-- get list`
//! those whose name contains one of the words.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program that measures and prints")]

use futures_util::future::{BoxFuture, join_all};
use orm::{prelude::*, testing::TestDb};
use std::{collections::HashMap, hint::black_box, sync::Arc, time::Instant};
use tokio_postgres::{Client, NoTls, Statement};

#[derive(Model, Debug, Clone)]
struct Author {
    id: i64,
    name: String,
    email: Option<String>,
    posts: HasMany<Post>,
}

#[derive(Model, Debug, Clone)]
struct Post {
    id: i64,
    author: ForeignKey<Author>,
    title: String,
    body: String,
    published: bool,
    #[orm(index)]
    views: i32,
    created_at: DateTime<Utc>,
}

/// What the hand-written code reads a post into.
struct ByHand {
    _id: i64,
    _author: i64,
    _title: String,
    _body: String,
    _published: bool,
    _views: i32,
    _created_at: DateTime<Utc>,
}

impl From<&tokio_postgres::Row> for ByHand {
    fn from(row: &tokio_postgres::Row) -> Self {
        ByHand {
            _id: row.get(0),
            _author: row.get(1),
            _title: row.get(2),
            _body: row.get(3),
            _published: row.get(4),
            _views: row.get(5),
            _created_at: row.get(6),
        }
    }
}

fn author(row: &tokio_postgres::Row, at: usize) -> (i64, String, Option<String>) {
    (row.get(at), row.get(at + 1), row.get(at + 2))
}

const POST: &str = "SELECT id, author_id, title, body, published, views, created_at FROM post";
const TASKS: usize = 64;

type Work = Box<dyn Fn(i64) -> BoxFuture<'static, ()>>;

struct Bench {
    name: &'static str,
    /// How often in one round.
    times: i64,
    hand: Work,
    ours: Work,
}

fn work<F: Future<Output = ()> + Send + 'static>(f: impl Fn(i64) -> F + 'static) -> Work {
    Box::new(move |i| Box::pin(f(i)))
}

fn posts(rows: &[tokio_postgres::Row]) {
    black_box(rows.iter().map(ByHand::from).collect::<Vec<_>>());
}

#[allow(clippy::too_many_lines, reason = "a table of workloads")]
async fn benches(client: Arc<Client>, pool: deadpool_postgres::Pool) -> Vec<Bench> {
    let prepare = |sql: String| {
        let client = client.clone();
        async move { client.prepare(&sql).await.unwrap() }
    };
    let get: Statement = prepare(format!("{POST} WHERE id = $1")).await;
    let list = prepare(format!("{POST} LIMIT $1")).await;
    let top =
        prepare(format!("{POST} WHERE published = $1 AND views > $2 ORDER BY views DESC LIMIT $3")).await;
    let join = prepare(
        "SELECT p.id, p.author_id, p.title, p.body, p.published, p.views, p.created_at, a.name \
         FROM post p JOIN author a ON a.id = p.author_id ORDER BY p.id LIMIT $1"
            .into(),
    )
    .await;
    let related = prepare(
        "SELECT p.id, p.author_id, p.title, p.body, p.published, p.views, p.created_at, a.id, a.name, a.email \
         FROM post p JOIN author a ON a.id = p.author_id ORDER BY p.id LIMIT $1"
            .into(),
    )
    .await;
    let authors = prepare("SELECT id, name, email FROM author ORDER BY id LIMIT $1".into()).await;
    let children = prepare(format!("{POST} WHERE author_id = ANY($1)")).await;
    let insert =
        prepare("INSERT INTO author (name, email) VALUES ($1, $2) RETURNING id, name, email".into()).await;
    let bulk = prepare(
        "INSERT INTO author (name, email) SELECT * FROM unnest($1::text[], $2::text[]) RETURNING id, name, email".into(),
    )
    .await;
    let update = prepare("UPDATE post SET views = $1 WHERE id = $2".into()).await;

    macro_rules! hand {
        (|$c:ident, $s:ident = $st:expr, $i:ident| $body:expr) => {{
            let (client, statement) = (client.clone(), $st.clone());
            work(move |$i| {
                let ($c, $s) = (client.clone(), statement.clone());
                async move { $body }
            })
        }};
    }

    let list_of = |n: i64| Bench {
        name: if n == 1_000 { "list 1,000" } else { "list 10,000" },
        times: 30_000 / n,
        hand: hand!(|c, s = list, _i| posts(&c.query(&s, &[&n]).await.unwrap())),
        ours: work(move |_| async move {
            black_box(Post::objects().limit(n as u64).await.unwrap());
        }),
    };
    vec![
        Bench {
            name: "get by key",
            times: 300,
            hand: hand!(|c, s = get, i| {
                black_box(ByHand::from(&c.query_one(&s, &[&(i % 10_000 + 1)]).await.unwrap()));
            }),
            ours: work(|i| async move {
                black_box(Post::objects().get(i % 10_000 + 1).await.unwrap());
            }),
        },
        list_of(1_000),
        list_of(10_000),
        Bench {
            name: "filter, order, limit 20",
            times: 200,
            hand: hand!(|c, s = top, _i| posts(&c.query(&s, &[&true, &500, &20i64]).await.unwrap())),
            ours: work(|_| async {
                let query = Post::objects().filter(|p| p.published & p.views.gt(500));
                black_box(query.order_by(|p| p.views.desc()).limit(20).await.unwrap());
            }),
        },
        Bench {
            name: "join 1,000",
            times: 20,
            hand: hand!(|c, s = join, _i| {
                let rows = c.query(&s, &[&1_000i64]).await.unwrap();
                black_box(rows.iter().map(|row| (ByHand::from(row), row.get(7))).collect::<Vec<(_, String)>>());
            }),
            ours: work(|_| async {
                let query = Post::objects().order_by(|p| p.id).limit(1_000);
                let all = query.values(|p| {
                    (p.id, p.author.id, p.title, p.body, p.published, p.views, p.created_at, p.author.name)
                });
                black_box(all.await.unwrap());
            }),
        },
        Bench {
            name: "select_related 1,000",
            times: 20,
            hand: hand!(|c, s = related, _i| {
                let rows = c.query(&s, &[&1_000i64]).await.unwrap();
                black_box(rows.iter().map(|row| (ByHand::from(row), author(row, 7))).collect::<Vec<_>>());
            }),
            ours: work(|_| async {
                let query = Post::objects().select_related(|p| p.author).order_by(|p| p.id).limit(1_000);
                black_box(query.await.unwrap());
            }),
        },
        Bench {
            name: "prefetch_related 100 x 10",
            times: 50,
            hand: {
                let (client, authors, children) = (client.clone(), authors.clone(), children.clone());
                work(move |_| {
                    let (client, authors, children) = (client.clone(), authors.clone(), children.clone());
                    async move {
                        let rows = client.query(&authors, &[&100i64]).await.unwrap();
                        let authors: Vec<_> = rows.iter().map(|row| author(row, 0)).collect();
                        let keys: Vec<i64> = authors.iter().map(|author| author.0).collect();
                        let mut posts: HashMap<i64, Vec<ByHand>> = HashMap::new();
                        for row in client.query(&children, &[&keys]).await.unwrap() {
                            posts.entry(row.get(1)).or_default().push(ByHand::from(&row));
                        }
                        let with = |author: (i64, String, Option<String>)| {
                            let posts = posts.remove(&author.0).unwrap_or_default();
                            (author, posts)
                        };
                        black_box(authors.into_iter().map(with).collect::<Vec<_>>());
                    }
                })
            },
            ours: work(|_| async {
                let query = Author::objects().order_by(|a| a.id).limit(100);
                black_box(query.prefetch_related(|a| a.posts).await.unwrap());
            }),
        },
        Bench {
            name: "insert one, returning",
            times: 200,
            hand: hand!(|c, s = insert, i| {
                let row = c.query_one(&s, &[&format!("name {i}"), &None::<String>]).await.unwrap();
                black_box((row.get::<_, i64>(0), row.get::<_, String>(1), row.get::<_, Option<String>>(2)));
            }),
            ours: work(|i| async move {
                black_box(Author::objects().create().name(format!("name {i}")).email(None).await.unwrap());
            }),
        },
        Bench {
            name: "bulk insert 1,000, returning",
            times: 10,
            hand: hand!(|c, s = bulk, i| {
                let names: Vec<_> = (0..1_000).map(|n| format!("name {i} {n}")).collect();
                let mails: Vec<_> = (0..1_000).map(|n| Some(format!("{n}@x.io"))).collect();
                let rows = c.query(&s, &[&names, &mails]).await.unwrap();
                let read = |row: &tokio_postgres::Row| (row.get(0), row.get(1), row.get(2));
                black_box(rows.iter().map(read).collect::<Vec<(i64, String, Option<String>)>>());
            }),
            ours: work(|i| async move {
                let draft =
                    |n| Author::draft().name(format!("name {i} {n}")).email(format!("{n}@x.io")).build();
                black_box(Author::objects().bulk_create((0..1_000).map(draft)).await.unwrap());
            }),
        },
        Bench {
            name: "update by key",
            times: 200,
            hand: hand!(|c, s = update, i| {
                black_box(c.execute(&s, &[&((i % 1_000) as i32), &(i % 10_000 + 1)]).await.unwrap());
            }),
            ours: work(|i| async move {
                let row = Post::objects().filter(|p| p.id.eq(i % 10_000 + 1));
                black_box(row.update(|p| p.views.set((i % 1_000) as i32)).await.unwrap());
            }),
        },
        Bench {
            name: "64 tasks getting by key",
            times: 10,
            hand: work(move |i| {
                let pool = pool.clone();
                async move {
                    let task = |n: i64| {
                        let pool = pool.clone();
                        tokio::spawn(async move {
                            for k in 0..4 {
                                let client = pool.get().await.unwrap();
                                let get =
                                    client.prepare_cached(&format!("{POST} WHERE id = $1")).await.unwrap();
                                let key = (i * 37 + n * 11 + k) % 10_000 + 1;
                                black_box(ByHand::from(&client.query_one(&get, &[&key]).await.unwrap()));
                            }
                        })
                    };
                    join_all((0..TASKS as i64).map(task)).await;
                }
            }),
            ours: work(|i| async move {
                let task = |n: i64| {
                    tokio::spawn(async move {
                        for k in 0..4 {
                            black_box(Post::objects().get((i * 37 + n * 11 + k) % 10_000 + 1).await.unwrap());
                        }
                    })
                };
                join_all((0..TASKS as i64).map(task)).await;
            }),
        },
    ]
}

async fn round(work: &Work, times: i64) -> f64 {
    let start = Instant::now();
    for i in 0..times {
        work(i).await;
    }
    start.elapsed().as_secs_f64() * 1e6 / times as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

async fn prepare_data(db: &Db) -> orm::Result<()> {
    db.create_tables(orm::models![Author, Post]).await?;
    let authors =
        (0..1_000).map(|i| Author::draft().name(format!("author {i}")).email(format!("{i}@x.io")).build());
    let authors = Author::objects().bulk_create(authors).await?;
    let now = Utc::now();
    let draft = |i: usize| {
        Post::draft()
            .author(&authors[i % 1_000])
            .title(format!("the title of post {i}"))
            .body("a body that is neither long nor short, as bodies go")
            .published(i.is_multiple_of(2))
            .views((i * 7919 % 1_000) as i32)
            .created_at(now)
            .build()
    };
    Post::objects().bulk_create((0..10_000).map(draft)).await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let args: Vec<_> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let smoke = args.iter().any(|arg| arg == "--smoke");
    let words: Vec<_> = args.iter().filter(|arg| !arg.starts_with("--")).collect();
    let rounds = if smoke { 1 } else { 15 };

    let test = TestDb::create().await.unwrap();
    let db = orm::connect(orm::Config::from_url(test.url()).unwrap().pool_size(8)).await.unwrap();
    prepare_data(&db).await.unwrap();
    let config: tokio_postgres::Config = test.url().parse().unwrap();
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("ANALYZE").await.unwrap();
    let manager = deadpool_postgres::Manager::new(config, NoTls);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(8).build().unwrap();

    println!("{:<30} {:>12} {:>12} {:>7}", "", "by hand, us", "ours, us", "ratio");
    for bench in benches(Arc::new(client), pool).await {
        if !words.is_empty() && !words.iter().any(|word| bench.name.contains(&***word)) {
            continue;
        }
        let times = if smoke { 1 } else { bench.times };
        round(&bench.hand, times.min(20)).await;
        round(&bench.ours, times.min(20)).await;
        let (mut hand, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            hand.push(round(&bench.hand, times).await);
            ours.push(round(&bench.ours, times).await);
        }
        let (hand, ours) = (median(hand), median(ours));
        println!("{:<30} {hand:>12.1} {ours:>12.1} {:>7.2}", bench.name, ours / hand);
    }
}
