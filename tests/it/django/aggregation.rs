//! After `aggregation` and `annotations`: books, their authors and publishers, and the stores that sell them.

use orm::{Result, prelude::*};

#[derive(Model, Debug, Clone, PartialEq)]
struct Author {
    id: i64,
    name: String,
    age: i32,
    friends: ManyToMany<Author>,
    #[orm(via = "authors")]
    books: ManyToMany<Book>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Publisher {
    id: i64,
    name: String,
    num_awards: i32,
    books: HasMany<Book>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Book {
    id: i64,
    name: String,
    pages: i32,
    rating: f64,
    price: Decimal,
    publisher: ForeignKey<Publisher>,
    authors: ManyToMany<Author>,
    #[orm(via = "books")]
    stores: ManyToMany<Store>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Store {
    id: i64,
    name: String,
    books: ManyToMany<Book>,
}

fn all() -> [&'static orm::types::ModelMeta; 4] {
    orm::models![Author, Publisher, Book, Store]
}

fn price(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

/// The rows of Django's `setUpTestData`, with short titles.
async fn world() -> Result<()> {
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
        (1, "Definitive", 447, 4.5, 3000, 1),
        (2, "Sams", 528, 3.0, 2309, 2),
        (3, "Practical", 300, 4.0, 2969, 1),
        (4, "Python", 350, 4.0, 2969, 3),
        (5, "Artificial", 1132, 4.0, 8280, 3),
        (6, "Paradigms", 946, 5.0, 7500, 4),
    ];
    let books = books.map(|(id, name, pages, rating, cents, publisher)| {
        let book = Book::draft().id(id).name(name).pages(pages).rating(rating);
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

fn about(value: Option<f64>, wanted: f64) {
    assert!(value.is_some_and(|value| (value - wanted).abs() < 0.01), "{value:?} is not {wanted}");
}

/// `aggregation.AggregateTestCase.test_single_aggregate`, `test_multiple_aggregates`, `test_empty_aggregate`
#[orm::test(models = all(), fixture = world)]
async fn one_total_or_several_of_a_table() -> Result<()> {
    let (average, sum, n) = Author::objects().aggregate(|a| (a.age.avg(), a.age.sum(), a.id.count())).await?;
    about(average, 37.444);
    assert_eq!((sum, n), (Some(337), 9));
    let nobody =
        Author::objects().filter(|a| a.age.gt(100)).aggregate(|a| (a.age.sum(), a.id.count())).await?;
    assert_eq!(nobody, (None, 0));
    Ok(())
}

/// `aggregation.AggregateTestCase.test_related_aggregate`, from the model that has the values
#[orm::test(models = all(), fixture = world)]
async fn totals_across_relations_start_from_the_model_that_has_the_values() -> Result<()> {
    let prices = Book::objects().aggregate(|b| b.price.sum()).await?;
    assert_eq!(prices, Some(price(27_027)));
    let awards = Book::objects().aggregate(|b| b.publisher.num_awards.sum()).await?;
    assert_eq!(awards, Some(30));
    Ok(())
}

/// `aggregation.AggregateTestCase.test_aggregate_multi_join`, `test_aggregate_alias`
#[orm::test(models = all(), fixture = world)]
async fn a_total_of_totals_across_two_relations() -> Result<()> {
    let oldest =
        Store::objects().annotate(|s| s.books.authors.age.max()).aggregate(|(_, oldest)| oldest.max());
    assert_eq!(oldest.await?, Some(57));
    let fewest = Author::objects()
        .annotate(|a| a.books.publisher.num_awards.min())
        .aggregate(|(_, fewest)| fewest.min());
    assert_eq!(fewest.await?, Some(1));
    let amazon = Store::objects().filter(|s| s.name.eq("Amazon.com")).values(|s| s.books.rating.avg()).one();
    about(amazon.await?, 4.08);
    Ok(())
}

/// `aggregation.AggregateTestCase.test_annotate_m2m`
#[orm::test(models = all(), fixture = world)]
async fn annotations_across_many_to_many() -> Result<()> {
    let books = Book::objects().filter(|b| b.rating.lt(4.5)).order_by(|b| b.name);
    let rows = books.values(|b| (b.name, b.authors.age.avg(), b.authors.count())).await?;
    let wanted = [("Artificial", 51.5, 2), ("Practical", 29.0, 1), ("Python", 30.33, 3), ("Sams", 45.0, 1)];
    assert_eq!(rows.len(), wanted.len());
    for ((name, average, n), wanted) in rows.iter().zip(wanted) {
        assert_eq!((&**name, *n), (wanted.0, wanted.2));
        about(*average, wanted.1);
    }
    Ok(())
}

/// `aggregation.AggregateTestCase.test_backwards_m2m_annotate`
#[orm::test(models = all(), fixture = world)]
async fn annotations_across_many_to_many_from_the_other_side() -> Result<()> {
    let rows =
        Author::objects().order_by(|a| a.id).values(|a| (a.books.count(), a.books.rating.avg())).await?;
    assert_eq!(rows.iter().map(|row| row.0).collect::<Vec<_>>(), [1, 1, 1, 1, 1, 1, 1, 2, 1]);
    for (author, rating) in [(1, 4.5), (2, 4.5), (3, 3.0), (4, 4.0), (6, 4.0), (8, 4.5), (9, 4.0)] {
        about(rows[author - 1].1, rating);
    }
    Ok(())
}

/// `aggregation.AggregateTestCase.test_reverse_fkey_annotate`
#[orm::test(models = all(), fixture = world)]
async fn annotations_across_a_foreign_key_from_the_other_side() -> Result<()> {
    let rows = Publisher::objects().order_by(|p| p.name).values(|p| (p.name, p.books.price.sum())).await?;
    let wanted = [
        ("Apress", Some(5969)),
        ("Jonno's", None),
        ("Morgan Kaufmann", Some(7500)),
        ("Prentice Hall", Some(11_249)),
        ("Sams", Some(2309)),
    ];
    assert_eq!(rows, wanted.map(|(name, cents)| (name.to_owned(), cents.map(price))));
    Ok(())
}

/// `aggregation.AggregateTestCase.test_count`
#[orm::test(models = all(), fixture = world)]
async fn values_are_counted_or_different_ones() -> Result<()> {
    let counts = Book::objects().aggregate(|b| (b.rating.count(), b.rating.count().distinct()));
    assert_eq!(counts.await?, (6, 4));
    Ok(())
}

/// `aggregation.AggregateTestCase.test_filtering`: what is annotated says itself which rows it is of
#[orm::test(models = all(), fixture = world)]
async fn an_annotation_counts_what_its_own_filter_says() -> Result<()> {
    let names = |query: QuerySet<Publisher>| query.order_by(|p| p.id).values(|p| p.name);
    assert_eq!(
        names(Publisher::objects().filter(|p| p.books.count().gt(1))).await?,
        ["Apress", "Prentice Hall"]
    );
    let cheap = Publisher::objects().filter(|p| p.books.count().gt(1) & p.books.price.lt(price(4000)));
    assert_eq!(names(cheap).await?, ["Apress", "Prentice Hall"]);
    let cheap = Publisher::objects().filter(|p| p.books.count().filter(p.books.price.lt(price(4000))).gt(1));
    assert_eq!(names(cheap).await?, ["Apress"]);
    Ok(())
}

/// `aggregation.AggregateTestCase.test_sum_distinct_aggregate`
#[orm::test(models = all(), fixture = world)]
async fn a_book_of_two_authors_that_are_asked_for_is_summed_once() -> Result<()> {
    let both = Author::objects().filter(|a| a.name.in_(["Peter", "Stuart"]));
    let books = Book::objects().filter(|b| b.authors.in_(both));
    assert_eq!(books.clone().count().await?, 2);
    assert_eq!(books.aggregate(|b| b.pages.sum()).await?, Some(2078));
    Ok(())
}

/// `aggregation.AggregateTestCase.test_values_aggregation`, `test_annotate_values_list`
#[orm::test(models = all(), fixture = world)]
async fn rows_are_grouped_by_a_column() -> Result<()> {
    let ratings = Book::objects()
        .group_by(|b| b.rating)
        .annotate(|b| (b.id.count(), b.price.max()))
        .order_by(|(_, rating, ..)| rating);
    let wanted = [(3.0, 1, 2309), (4.0, 3, 8280), (4.5, 1, 3000), (5.0, 1, 7500)];
    assert_eq!(ratings.await?, wanted.map(|(rating, n, most)| (rating, n, Some(price(most)))));
    Ok(())
}

/// `aggregation_regress`, ticket #10060: Django joins both relations, and counts each once for each of the other
#[orm::test(models = all(), fixture = world)]
async fn two_totals_across_two_relations_are_both_right() -> Result<()> {
    let rows = Book::objects().order_by(|b| b.id).values(|b| (b.authors.count(), b.stores.count())).await?;
    assert_eq!(rows, [(2, 2), (1, 1), (1, 3), (3, 2), (2, 2), (1, 3)]);
    Ok(())
}

/// `aggregation.AggregateTestCase.test_fkey_aggregate`, `aggregation_regress` of relations to self
#[orm::test(models = all(), fixture = world)]
async fn totals_of_friends() -> Result<()> {
    let rows =
        Author::objects().order_by(|a| a.id).values(|a| (a.friends.count(), a.friends.age.sum())).await?;
    let wanted = [
        (2, Some(64)),
        (2, Some(59)),
        (0, None),
        (1, Some(34)),
        (2, Some(54)),
        (2, Some(62)),
        (3, Some(101)),
        (1, Some(46)),
        (1, Some(57)),
    ];
    assert_eq!(rows, wanted);
    Ok(())
}

/// `annotations.NonAggregateAnnotationTestCase.test_basic_f_annotation`, `test_filter_annotation`, `test_mixed_type_annotation`
#[orm::test(models = all(), fixture = world)]
async fn annotations_that_are_no_totals() -> Result<()> {
    let books = Book::objects().annotate(|b| b.pages * 2).filter(|(_, double)| double.gt(1000));
    let rows = books.order_by(|(b, _)| b.id).values(|(b, double)| (b.name, double)).await?;
    assert_eq!(rows, [("Sams".into(), 1056), ("Artificial".into(), 2264), ("Paradigms".into(), 1892)]);
    let awarded = Book::objects().annotate(|b| b.publisher.num_awards).filter(|(_, awards)| awards.gt(7));
    assert_eq!(awarded.await?.iter().map(|(b, awards)| (b.id, *awards)).collect::<Vec<_>>(), [(6, 9)]);
    Ok(())
}

/// `aggregation.AggregateTestCase.test_aggregation_subquery_annotation_exists`
#[orm::test(models = all(), fixture = world)]
async fn an_annotation_can_be_whether_there_are_rows() -> Result<()> {
    let publishers = Publisher::objects()
        .annotate(|p| Book::objects().filter(|b| b.publisher.eq(p.id) & b.pages.gt(900)).exists())
        .order_by(|(p, _)| p.id);
    let thick: Vec<_> = publishers.await?.into_iter().map(|(_, thick)| thick).collect();
    assert_eq!(thick, [false, false, true, true, false]);
    Ok(())
}
