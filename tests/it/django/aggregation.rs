//! After `aggregation`: totals of books, their authors and publishers, and the stores that sell them.

use super::books::{Author, Book, Publisher, Store, all, price, world};
use orm::{Result, prelude::*};

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
