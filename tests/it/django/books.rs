//! Books, their authors and publishers, and the stores that sell them.

use orm::{Result, prelude::*};

#[derive(Model, Debug, Clone, PartialEq)]
pub(super) struct Author {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) age: i32,
    pub(super) friends: ManyToMany<Author>,
    #[orm(via = "authors")]
    pub(super) books: ManyToMany<Book>,
}

#[derive(Model, Debug, Clone, PartialEq)]
pub(super) struct Publisher {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) num_awards: i32,
    pub(super) books: HasMany<Book>,
}

#[derive(Model, Debug, Clone, PartialEq)]
pub(super) struct Book {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) pages: i32,
    pub(super) rating: f64,
    pub(super) pubdate: NaiveDate,
    pub(super) price: Decimal,
    pub(super) publisher: ForeignKey<Publisher>,
    pub(super) authors: ManyToMany<Author>,
    #[orm(via = "books")]
    pub(super) stores: ManyToMany<Store>,
}

#[derive(Model, Debug, Clone, PartialEq)]
pub(super) struct Store {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) books: ManyToMany<Book>,
}

pub(super) fn all() -> [&'static orm::types::ModelMeta; 4] {
    orm::models![Author, Publisher, Book, Store]
}

pub(super) fn price(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

/// The rows of Django's `setUpTestData`, with short titles.
pub(super) async fn world() -> Result<()> {
    let authors = [
        (1, "Adrian", 34),
        (2, "Jacob", 35),
        (3, "Brad", 45),
        (4, "James", 29),
        (5, "Jeffrey", 37),
        (6, "Paul", 29),
        (7, "Wesley", 25),
        (8, "Peter", 57),
        (9, "Stuart", 46),
    ];
    let authors = authors.map(|(id, name, age)| Author::draft().id(id).name(name).age(age).build());
    let authors = Author::objects().bulk_create(authors).await?;
    for (a, b) in [(1, 2), (1, 4), (2, 7), (5, 6), (5, 7), (6, 7), (8, 9)] {
        authors[a - 1].friends.add([&authors[b - 1]]).await?;
    }
    let publishers = [
        (1, "Apress", 3),
        (2, "Sams", 1),
        (3, "Prentice Hall", 7),
        (4, "Morgan Kaufmann", 9),
        (5, "Jonno's", 0),
    ];
    let publishers =
        publishers.map(|(id, name, awards)| Publisher::draft().id(id).name(name).num_awards(awards).build());
    Publisher::objects().bulk_create(publishers).await?;
    let books = [
        (1, "Definitive", 447, 4.5, 3000, 1, (2007, 12, 6)),
        (2, "Sams", 528, 3.0, 2309, 2, (2008, 3, 3)),
        (3, "Practical", 300, 4.0, 2969, 1, (2008, 6, 23)),
        (4, "Python", 350, 4.0, 2969, 3, (2008, 11, 3)),
        (5, "Artificial", 1132, 4.0, 8280, 3, (1995, 1, 15)),
        (6, "Paradigms", 946, 5.0, 7500, 4, (1991, 10, 15)),
    ];
    let books = books.map(|(id, name, pages, rating, cents, publisher, (year, month, day))| {
        let published = NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let book = Book::draft().id(id).name(name).pages(pages).rating(rating).pubdate(published);
        book.price(price(cents)).publisher(publisher).build()
    });
    let books = Book::objects().bulk_create(books).await?;
    for (book, writers) in [(1, &[1, 2][..]), (2, &[3]), (3, &[4]), (4, &[5, 6, 7]), (5, &[8, 9]), (6, &[8])]
    {
        for writer in writers {
            books[book - 1].authors.add([&authors[writer - 1]]).await?;
        }
    }
    let stores = [(1, "Amazon.com"), (2, "Books.com"), (3, "Mamma and Pappa's")];
    let stores = Store::objects()
        .bulk_create(stores.map(|(id, name)| Store::draft().id(id).name(name).build()))
        .await?;
    for (store, sold) in [(1, &[1, 2, 3, 4, 5, 6][..]), (2, &[1, 3, 5, 6]), (3, &[3, 4, 6])] {
        for book in sold {
            stores[store - 1].books.add([&books[book - 1]]).await?;
        }
    }
    Ok(())
}
