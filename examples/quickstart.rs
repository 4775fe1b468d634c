//! The whole path in one file: three models, their tables, rows, queries and a transaction.
//!
//! `cargo run -p orm --example quickstart` needs no database: it starts one of its own. `DATABASE_URL` names another.
//! Each statement is printed as it is sent: that is the `tracing` event of the target `orm`.
#![allow(clippy::print_stdout, dead_code, reason = "it narrates; not every field is read")]

use orm::prelude::*;
use tracing_subscriber::{Layer, layer::Context, prelude::*};

#[derive(Model, Debug, Clone)]
#[orm(table = "quickstart_author")]
struct Author {
    id: i64, // `id` is the primary key, numbered by the database
    #[orm(unique, max_length = 100)]
    name: String,
    books: HasMany<Book>, // the reverse side of `Book::author`; no column
}

#[derive(Model, Debug, Clone)]
#[orm(table = "quickstart_book", ordering = ["title"])]
struct Book {
    id: i64,
    title: String,
    price: Option<i32>, // Option = NULL
    #[orm(default = 0)]
    copies: i32,
    #[orm(on_delete = "cascade")]
    author: ForeignKey<Author>, // column author_id
}

#[derive(Model, Debug, Clone)]
#[orm(table = "quickstart_sale")]
struct Sale {
    id: i64,
    #[orm(on_delete = "cascade")]
    book: ForeignKey<Book>,
    #[orm(auto_now_add)]
    sold_at: DateTime<Utc>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> orm::Result<()> {
    tracing_subscriber::registry().with(PrintSql).init();

    say("Connect. The first database is the default: queries need no handle.");
    let url = orm::testing::database_url("quickstart").await?;
    let db = orm::connect(&*url).await?;
    db.drop_tables(orm::models![Author, Book, Sale]).await?;
    db.create_tables(orm::models![Author, Book, Sale]).await?;

    say("Make rows. A forgotten field or a wrong type does not compile.");
    let ursula = Author::objects().create().name("Ursula").await?;
    let terry = Author::objects().create().name("Terry").await?;
    let draft = |title, price| Book::draft().title(title).price(price).copies(2);
    let books = [
        draft("The Dispossessed", Some(12)).author(&ursula).build(),
        draft("The Lathe of Heaven", None).author(&ursula).build(),
        draft("Mort", Some(9)).author(&terry).build(),
    ];
    let books = Book::objects().bulk_create(books).await?;
    println!("  {} books, the last one is {:?}", books.len(), books[2]);

    say("Ask across a relation: the join comes from the dot.");
    let found = Book::objects()
        .filter(|b| b.author.name.eq("Ursula") & b.title.icontains("the"))
        .exclude(|b| b.price.gt(20)) // a book without a price stays: it is not true that it costs more
        .await?;
    let titles: Vec<_> = found.iter().map(|book| &*book.title).collect();
    assert_eq!(titles, ["The Dispossessed", "The Lathe of Heaven"]);

    say("And back: authors with a book that costs less than ten.");
    let cheap = Author::objects().filter(|a| a.books.any(|b| b.price.lt(10))).values(|a| a.name).await?;
    assert_eq!(cheap, ["Terry"]);

    say("Aggregate.");
    let totals = Book::objects().aggregate(|b| (b.id.count(), b.price.max(), b.price.avg().or(0.0))).await?;
    println!("  the number of books, the highest and the average price: {totals:?}");
    assert_eq!(totals, (3, Some(12), 10.5));

    say("Sell three copies of a book of which there are two: the third sale rolls back alone.");
    let mort = &books[2];
    for _ in 0..3 {
        let sold = atomic(async {
            let mut book = Book::objects().select_for_update().get(mort).await?;
            Sale::objects().create().book(&book).await?;
            book.copies -= 1;
            book.save().await?;
            if book.copies < 0 {
                return Err(orm::Error::usage("sold out"));
            }
            Ok(book.copies)
        });
        match sold.await {
            Ok(left) => println!("  sold, {left} left"),
            Err(error) => println!("  rolled back: {error}"),
        }
    }
    assert_eq!(Sale::objects().filter(|s| s.book.eq(mort)).count().await?, 2);
    assert_eq!(mort.author.fetch().await?.books.query().values(|b| b.copies).await?, [0]);
    Ok(())
}

fn say(what: &str) {
    println!("\n{what}");
}

/// Prints the SQL of each statement: the message of the `tracing` events with the target `orm`.
struct PrintSql;

impl<S: tracing::Subscriber> Layer<S> for PrintSql {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "orm" {
            event.record(&mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| {
                if field.name() == "message" {
                    println!("  {value:?}");
                }
            });
        }
    }
}
