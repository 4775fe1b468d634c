//! Scopes: what a program says of a model's rows again and again, as methods of its own.

use orm::{Result, prelude::*};

#[derive(Model, Debug, Clone, PartialEq)]
struct Author {
    id: i64,
    books: HasMany<Book>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Book {
    id: i64,
    title: String,
    pages: i32,
    #[orm(on_delete = "cascade")]
    author: ForeignKey<Author>,
}

/// Scopes, each of which takes a query and gives one.
trait Books: Sized {
    fn long(self) -> Self;
    fn shorter_than(self, pages: i32) -> Self;
}

impl Books for QuerySet<Book> {
    fn long(self) -> Self {
        self.filter(|b| b.pages.gt(500))
    }
    fn shorter_than(self, pages: i32) -> Self {
        self.filter(|b| b.pages.lt(pages))
    }
}

/// A query that begins somewhere: a manager of one's own.
fn in_order() -> QuerySet<Book> {
    Book::objects().order_by(|b| b.title)
}

async fn filled() -> Result<Author> {
    let author = Author::objects().create().await?;
    for (title, pages) in [("c", 900), ("b", 600), ("a", 100)] {
        author.books.create().title(title).pages(pages).await?;
    }
    Ok(author)
}

#[orm::test(models(Author, Book), transaction)]
async fn a_scope_is_a_method_of_ones_own_that_chains() -> Result<()> {
    filled().await?;
    assert_eq!(in_order().long().values(|b| b.title).await?, ["b", "c"]);
    assert_eq!(in_order().long().shorter_than(800).values(|b| b.title).await?, ["b"]);
    assert_eq!(Book::objects().long().filter(|b| b.title.eq("c")).count().await?, 1);
    Ok(())
}

#[orm::test(models(Author, Book), transaction)]
async fn a_scope_is_of_relations_subqueries_and_changes_too() -> Result<()> {
    let author = filled().await?;
    assert_eq!(author.books.query().long().count().await?, 2);
    let read = Author::objects().prefetch_related(|a| a.books.with(Book::objects().long())).one().await?;
    assert_eq!(read.books.get()?.len(), 2);
    let busy = Author::objects().filter(|a| Book::objects().long().filter(|b| b.author.eq(a.id)).exists());
    assert_eq!(busy.count().await?, 1);
    assert_eq!(Book::objects().long().update(|b| b.pages.set(b.pages - 1)).await?, 2);
    assert_eq!(Book::objects().long().delete().await?, 2);
    Ok(())
}
