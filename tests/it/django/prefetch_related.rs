//! After `prefetch_related`: books, who wrote and who read them.

use futures_util::TryStreamExt;
use orm::{Result, prelude::*, testing::count_queries};

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(ordering = ["id"])]
struct Book {
    id: i64,
    title: String,
    authors: ManyToMany<Author>,
    #[orm(via = "first_book")]
    first_time_authors: HasMany<Author>,
    #[orm(via = "books_read")]
    read_by: ManyToMany<Reader>,
    year: HasOne<Year>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(ordering = ["id"])]
struct Author {
    id: i64,
    name: String,
    first_book: ForeignKey<Book>,
    #[orm(via = "authors")]
    books: ManyToMany<Book>,
    addresses: HasMany<Address>,
    favorites: ManyToMany<Author>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(ordering = ["id"])]
struct Address {
    id: i64,
    author: ForeignKey<Author>,
    address: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Year {
    id: i64,
    #[orm(unique)]
    book: ForeignKey<Book>,
    published: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(ordering = ["name"])]
struct Reader {
    id: i64,
    name: String,
    books_read: ManyToMany<Book>,
}

fn all() -> [&'static orm::types::ModelMeta; 5] {
    orm::models![Book, Author, Address, Year, Reader]
}

async fn world() -> Result<()> {
    let titles = ["Poems", "Jane Eyre", "Wuthering Heights", "Sense and Sensibility"];
    let books = Book::objects().bulk_create(titles.map(|title| Book::draft().title(title).build())).await?;
    let authors = [("Charlotte", 0), ("Anne", 0), ("Emily", 0), ("Jane", 3)];
    let authors = authors.map(|(name, first)| Author::draft().name(name).first_book(&books[first]).build());
    let authors = Author::objects().bulk_create(authors).await?;
    books[0].authors.add(&authors[..3]).await?;
    for (book, author) in [(1, 0), (2, 2), (3, 3)] {
        books[book].authors.add([&authors[author]]).await?;
    }
    for (name, read) in [("Amy", [0, 3]), ("Belinda", [1, 3])] {
        let reader = Reader::objects().create().name(name).await?;
        reader.books_read.add(read.map(|book| &books[book])).await?;
    }
    Ok(())
}

fn names(authors: &[Author]) -> Vec<&str> {
    authors.iter().map(|author| &*author.name).collect()
}

fn readers(books: &[Book]) -> Result<Vec<Vec<&str>>> {
    books.iter().map(|book| Ok(book.read_by.get()?.iter().map(|reader| &*reader.name).collect())).collect()
}

/// What the books of each author were read by.
fn read_by(authors: &[Author]) -> Result<Vec<Vec<Vec<&str>>>> {
    authors.iter().map(|author| readers(author.books.get()?)).collect()
}

fn wanted() -> Vec<Vec<Vec<&'static str>>> {
    vec![
        vec![vec!["Amy"], vec!["Belinda"]], // Charlotte: Poems, Jane Eyre
        vec![vec!["Amy"]],                  // Anne: Poems
        vec![vec!["Amy"], vec![]],          // Emily: Poems, Wuthering Heights
        vec![vec!["Amy", "Belinda"]],       // Jane: Sense and Sensibility
    ]
}

/// `prefetch_related.PrefetchRelatedTests.test_m2m_forward`, `test_m2m_reverse`
#[orm::test(models = all(), fixture = world)]
async fn pairs_from_both_sides_are_two_queries_and_what_the_relation_gives() -> Result<()> {
    let (books, queries) = count_queries(Book::objects().prefetch_related(|b| b.authors)).await;
    assert_eq!(queries, 2);
    for book in books? {
        assert_eq!(book.authors.get()?, book.authors.query().await?);
    }
    let (authors, queries) = count_queries(Author::objects().prefetch_related(|a| a.books)).await;
    assert_eq!(queries, 2);
    for author in authors? {
        assert_eq!(author.books.get()?, author.books.query().await?);
    }
    Ok(())
}

/// `prefetch_related.PrefetchRelatedTests.test_foreignkey_forward`, `test_foreignkey_reverse`, `test_survives_clone`
#[orm::test(models = all(), fixture = world)]
async fn a_foreign_key_from_both_sides_is_two_queries() -> Result<()> {
    let (authors, queries) = count_queries(Author::objects().prefetch_related(|a| a.first_book)).await;
    let titles =
        authors?.iter().map(|a| Ok(a.first_book.get()?.title.clone())).collect::<Result<Vec<_>>>()?;
    assert_eq!(
        (titles, queries == 2),
        (["Poems", "Poems", "Poems", "Sense and Sensibility"].map(String::from).to_vec(), true)
    );
    let query = Book::objects().prefetch_related(|b| b.first_time_authors).exclude(|b| b.id.eq(1000));
    let (books, queries) = count_queries(query).await;
    let books = books?;
    let first: Vec<_> = books.iter().map(|b| names(b.first_time_authors.get().unwrap())).collect();
    assert_eq!(first, [vec!["Charlotte", "Anne", "Emily"], vec![], vec![], vec!["Jane"]]);
    assert_eq!(queries, 2);
    Ok(())
}

/// `prefetch_related.PrefetchRelatedTests.test_onetoone_reverse_no_match`
#[orm::test(models = all(), fixture = world)]
async fn that_there_is_no_row_of_one_to_one_is_known_without_asking() -> Result<()> {
    let (book, queries) = count_queries(Book::objects().prefetch_related(|b| b.year).get(1)).await;
    let book = book?;
    assert_eq!(queries, 2);
    let (year, queries) = count_queries(async { book.year.get().map(|year| year.is_none()) }).await;
    assert!(year? && queries == 0);
    Ok(())
}

/// `prefetch_related.PrefetchRelatedTests.test_clear`
#[orm::test(models = all(), fixture = world)]
async fn what_was_to_be_loaded_is_taken_back() -> Result<()> {
    let without = Author::objects().prefetch_related(|a| a.books).prefetch_related(|_| ());
    let (_, queries) = count_queries(async {
        for author in without.await? {
            author.books.query().await?;
        }
        Ok::<_, orm::Error>(())
    })
    .await;
    assert_eq!(queries, 5);
    Ok(())
}

/// `prefetch_related.PrefetchRelatedTests.test_m2m_then_m2m`, `test_overriding_prefetch`, `test_get`
#[orm::test(models = all(), fixture = world)]
async fn pairs_of_pairs_are_three_queries_however_they_are_named() -> Result<()> {
    let path = Author::objects().prefetch_related(|a| a.books.read_by);
    let both = Author::objects().prefetch_related(|a| (a.books, a.books.read_by));
    let other = Author::objects().prefetch_related(|a| a.books.read_by).prefetch_related(|a| a.books);
    for query in [path.clone(), both, other] {
        let (authors, queries) = count_queries(query).await;
        assert_eq!((read_by(&authors?)?, queries == 3), (wanted(), true));
    }
    let (charlotte, queries) = count_queries(path.filter(|a| a.name.eq("Charlotte")).one()).await;
    assert_eq!((readers(charlotte?.books.get()?)?, queries == 3), (vec![vec!["Amy"], vec!["Belinda"]], true));
    Ok(())
}

/// `prefetch_related.PrefetchRelatedTests.test_foreign_key_then_m2m`
#[orm::test(models = all(), fixture = world)]
async fn pairs_of_a_joined_row_are_one_query_more() -> Result<()> {
    let query = Author::objects().select_related(|a| a.first_book).prefetch_related(|a| a.first_book.read_by);
    let (authors, queries) = count_queries(query).await;
    let authors = authors?;
    let read: Vec<_> =
        authors.iter().map(|a| a.first_book.get().unwrap().read_by.get().unwrap().len()).collect();
    assert_eq!((read, queries == 2), (vec![1, 1, 1, 2], true));
    Ok(())
}

/// `prefetch_related.PrefetchRelatedTests.test_m2m_prefetching_iterator_with_chunks`
#[orm::test(models = all(), fixture = world)]
async fn a_stream_loads_chunk_by_chunk() -> Result<()> {
    let (authors, queries) = count_queries(async {
        let mut books = Book::objects().prefetch_related(|b| b.authors).stream().chunk_size(2);
        let mut first = Vec::new();
        while let Some(book) = books.try_next().await? {
            first.push(book.authors.get()?[0].name.clone());
        }
        Ok::<_, orm::Error>(first)
    })
    .await;
    assert_eq!(
        (authors?, queries == 3),
        (["Charlotte", "Charlotte", "Emily", "Jane"].map(String::from).to_vec(), true)
    );
    Ok(())
}

/// `prefetch_related.CustomPrefetchTests.test_custom_qs`, `test_nested_prefetch_related_are_not_overwritten`
#[orm::test(models = all(), fixture = world)]
async fn a_relation_is_loaded_by_a_queryset_of_its_own_with_more_in_it() -> Result<()> {
    let read =
        Book::objects().filter(|b| b.read_by.any(|r| r.name.eq("Belinda"))).prefetch_related(|b| b.read_by);
    let (authors, queries) = count_queries(Author::objects().prefetch_related(|a| a.books.with(read))).await;
    let authors = authors?;
    let wanted = [vec![vec!["Belinda"]], vec![], vec![], vec![vec!["Amy", "Belinda"]]];
    assert_eq!((read_by(&authors)?, queries == 3), (wanted.to_vec(), true));
    Ok(())
}

/// `prefetch_related.PrefetchLimitTests.test_m2m_forward`: the first of each
#[orm::test(models = all(), fixture = world)]
async fn a_limit_is_that_of_each_row() -> Result<()> {
    let last = Author::objects().order_by(|a| a.name.desc()).limit(2);
    let (books, queries) = count_queries(Book::objects().prefetch_related(|b| b.authors.with(last))).await;
    let books = books?;
    let last: Vec<_> = books.iter().map(|b| names(b.authors.get().unwrap())).collect();
    assert_eq!(last, [vec!["Emily", "Charlotte"], vec!["Charlotte"], vec!["Emily"], vec!["Jane"]]);
    assert_eq!(queries, 2);
    Ok(())
}
