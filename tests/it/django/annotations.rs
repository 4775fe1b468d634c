//! After `annotations`: values beside books, and what is asked of them later.

use super::books::{Author, Book, Publisher, Store, all, price, world};
use orm::{Result, case, prelude::*, value};

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

/// `annotations.NonAggregateAnnotationTestCase.test_custom_transform_annotation`, `test_decimal_annotation`
#[orm::test(models = all(), fixture = world)]
async fn an_annotation_is_a_function_of_a_column_and_can_be_filtered_by() -> Result<()> {
    let floors = Book::objects().order_by(|b| b.id).annotate(|b| b.price.floor());
    let rows: Vec<(i64, Decimal)> = floors.clone().values(|(b, floor)| (b.id, floor)).await?;
    let wanted = [(1, 30), (2, 23), (3, 29), (4, 29), (5, 82), (6, 75)];
    assert_eq!(rows, wanted.map(|(id, floor)| (id, Decimal::from(floor))));
    assert_eq!(floors.filter(|(_, floor)| floor.lt(Decimal::from(29))).count().await?, 1);
    Ok(())
}

/// `annotations.NonAggregateAnnotationTestCase.test_grouping_by_q_expression_annotation`
#[orm::test(models = all(), fixture = world)]
async fn rows_are_grouped_by_a_condition() -> Result<()> {
    let authors = Author::objects().group_by(|a| a.age.lt(40)).annotate(|a| a.id.count());
    let authors: Vec<(bool, i64)> = authors.order_by(|(_, young, _)| young).await?;
    assert_eq!(authors, [(false, 3), (true, 6)]);
    Ok(())
}

/// `annotations.NonAggregateAnnotationTestCase.test_aggregate_over_annotation`, `test_annotation_in_f_grouped_by_annotation`
#[orm::test(models = all(), fixture = world)]
async fn totals_are_taken_of_annotations() -> Result<()> {
    let ages = Author::objects().annotate(|a| a.age).aggregate(|(_, age)| age.sum()).await?;
    assert_eq!(ages, Author::objects().aggregate(|a| a.age.sum()).await?);
    let sums = Publisher::objects()
        .group_by(|p| p.name)
        .annotate(|p| (value(3) * p.num_awards).sum())
        .order_by(|(_, name, _)| name);
    let wanted = [("Apress", 9), ("Jonno's", 0), ("Morgan Kaufmann", 27), ("Prentice Hall", 21), ("Sams", 3)];
    assert_eq!(sums.await?, wanted.map(|(name, sum)| (name.to_owned(), Some(sum))));
    Ok(())
}

/// `annotations.NonAggregateAnnotationTestCase.test_update_with_annotation`: what is set is an expression, and needs no name
#[orm::test(models = all(), fixture = world)]
async fn a_column_is_set_to_what_is_reckoned_of_it() -> Result<()> {
    Book::objects().update(|b| b.rating.set(b.rating - 1.0)).await?;
    assert_eq!(
        Book::objects().order_by(|b| b.id).values(|b| b.rating).await?,
        [3.5, 2.0, 3.0, 3.0, 3.0, 4.0]
    );
    Ok(())
}

/// `annotations.NonAggregateAnnotationTestCase.test_annotation_with_m2m`, `test_annotation_reverse_m2m`: a query that reads a
/// row for each related one begins at those
#[orm::test(models = all(), fixture = world)]
async fn a_row_for_each_related_one_is_read_by_following_the_relation() -> Result<()> {
    let authors = Book::objects().filter(|b| b.id.eq(1)).follow(|b| b.authors).subquery();
    assert_eq!(authors.order_by(|a| a.age).values(|a| a.age).await?, [34, 35]);
    let stores = Store::objects().filter(|s| s.books.name.eq("Practical")).order_by(|s| s.name);
    assert_eq!(stores.values(|s| s.name).await?, ["Amazon.com", "Books.com", "Mamma and Pappa's"]);
    Ok(())
}

/// `annotations.NonAggregateAnnotationTestCase.test_annotation_filter_with_subquery`
#[orm::test(models = all(), fixture = world)]
async fn an_annotation_is_compared_with_a_subquery() -> Result<()> {
    let only_long = Publisher::objects().annotate(|p| p.books.count()).filter(|(p, books)| {
        books.clone().gt(0)
            & books.eq(Book::objects()
                .filter(|b| b.publisher.eq(p.id) & b.pages.gt(400))
                .aggregate(|b| b.id.count()))
    });
    let names = only_long.order_by(|(p, _)| p.id).values(|(p, _)| p.name).await?;
    assert_eq!(names, ["Sams", "Morgan Kaufmann"]);
    Ok(())
}

/// `annotations.NonAggregateAnnotationTestCase.test_annotation_and_alias_filter_in_subquery`,
/// `test_annotation_and_alias_filter_related_in_subquery`
#[orm::test(models = all(), fixture = world)]
async fn a_query_with_annotations_is_what_rows_are_in() -> Result<()> {
    let awarded = Publisher::objects().filter(|p| p.num_awards.gt(4)).values(|p| p.id);
    assert_eq!(Publisher::objects().filter(|p| p.id.in_(awarded)).count().await?, 2);
    let long = Book::objects().annotate(|b| b.pages * 2).filter(|(_, double)| double.gt(800));
    let names = Publisher::objects()
        .filter(|p| p.id.in_(long.values(|(b, _)| b.publisher.id)))
        .order_by(|p| p.id)
        .values(|p| p.name);
    assert_eq!(names.await?, ["Apress", "Sams", "Prentice Hall", "Morgan Kaufmann"]);
    Ok(())
}

/// `annotations.NonAggregateAnnotationTestCase.test_annotation_exists_none_query`
#[orm::test(models = all(), fixture = world)]
async fn nothing_is_there_among_no_rows() -> Result<()> {
    let (_, exists) = Author::objects().annotate(|_| Store::objects().none().exists()).get(1).await?;
    assert!(!exists);
    Ok(())
}

/// `annotations.NonAggregateAnnotationTestCase.test_annotation_subquery_and_aggregate_values_chaining`
#[orm::test(models = all(), fixture = world)]
async fn groups_have_totals_and_subqueries_by_what_they_are_grouped_by() -> Result<()> {
    let years = Book::objects()
        .group_by(|b| b.pubdate.year())
        .annotate(|b| b.pages.sum())
        .subquery()
        .annotate(|(year, _)| {
            let best = Book::objects().filter(|b| b.pubdate.year().eq(year)).order_by(|b| b.rating.desc());
            best.values(|b| b.rating).first()
        })
        .order_by(|(year, ..)| year);
    let wanted = [(1991, 946, 5.0), (1995, 1132, 4.0), (2007, 447, 4.5), (2008, 1178, 4.0)];
    assert_eq!(years.await?, wanted.map(|(year, pages, best)| (year, Some(pages), Some(best))));
    Ok(())
}

/// `annotations.NonAggregateAnnotationTestCase.test_annotation_subquery_outerref_transform`
#[orm::test(models = all(), fixture = world)]
async fn a_subquery_refers_to_a_part_of_an_outer_column() -> Result<()> {
    let rows = Book::objects().order_by(|b| b.pubdate).values(|b| {
        let best = Book::objects()
            .filter(|other| other.pubdate.year().eq(b.pubdate.year()))
            .order_by(|other| other.rating.desc())
            .values(|other| other.rating);
        (b.pubdate.year(), best.first())
    });
    let wanted = [(1991, 5.0), (1995, 4.0), (2007, 4.5), (2008, 4.0), (2008, 4.0), (2008, 4.0)];
    assert_eq!(rows.await?, wanted.map(|(year, best)| (year, Some(best))));
    Ok(())
}

/// `annotations.NonAggregateAnnotationTestCase.test_annotation_aggregate_with_m2o`
#[orm::test(models = all(), fixture = world)]
async fn a_case_has_totals_in_it() -> Result<()> {
    let young = Author::objects()
        .filter(|a| a.age.lt(30))
        .order_by(|a| a.name)
        .values(|a| (a.name, case().when(a.books.pages.max().gt(320), a.books.pages.max()).otherwise(0)));
    let wanted = [("James", 0), ("Paul", 350), ("Wesley", 350)];
    assert_eq!(young.await?, wanted.map(|(name, pages)| (name.to_owned(), Some(pages))));
    let dear = Book::objects().filter(|b| b.price.gt(price(7000))).order_by(|b| b.id).values(|b| b.id);
    assert_eq!(dear.await?, [5, 6]);
    Ok(())
}
