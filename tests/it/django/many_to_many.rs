//! After `many_to_many`: articles and the publications that print them.

use orm::{Result, prelude::*};

#[derive(Model, Debug, Clone, PartialEq)]
struct Publication {
    id: i64,
    title: String,
    #[orm(via = "publications")]
    articles: ManyToMany<Article>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Article {
    id: i64,
    headline: String,
    publications: ManyToMany<Publication>,
}

fn all() -> [&'static orm::types::ModelMeta; 2] {
    orm::models![Publication, Article]
}

/// Publications: 1 Python Journal, 2 Science News, 3 Science Weekly, 4 Highlights. Articles: 1 Django (in 1), 2 NASA uses
/// Python (in all), 3 NASA finds (in 2), 4 Oxygen-free (in 2).
async fn world() -> Result<()> {
    let titles = [
        (1, "The Python Journal"),
        (2, "Science News"),
        (3, "Science Weekly"),
        (4, "Highlights for Children"),
    ];
    let publications = titles.map(|(id, title)| Publication::draft().id(id).title(title).build());
    let p = Publication::objects().bulk_create(publications).await?;
    let headlines = [
        (1, "Django lets you build"),
        (2, "NASA uses Python"),
        (3, "NASA finds life"),
        (4, "Oxygen-free diet"),
    ];
    let articles = headlines.map(|(id, headline)| Article::draft().id(id).headline(headline).build());
    let a = Article::objects().bulk_create(articles).await?;
    a[0].publications.add([&p[0]]).await?;
    a[1].publications.add([&p[0], &p[1], &p[2], &p[3]]).await?;
    a[2].publications.add([&p[1]]).await?;
    a[3].publications.add([&p[1]]).await?;
    Ok(())
}

async fn articles(query: QuerySet<Article>) -> Result<Vec<i64>> {
    query.order_by(|a| a.id).values(|a| a.id).await
}

async fn publications(query: QuerySet<Publication>) -> Result<Vec<i64>> {
    query.order_by(|p| p.id).values(|p| p.id).await
}

/// `many_to_many.ManyToManyTests.test_related_sets`
#[orm::test(models = all(), fixture = world)]
async fn each_side_has_the_other() -> Result<()> {
    assert_eq!(publications(Article::objects().get(1).await?.publications.query()).await?, [1]);
    assert_eq!(publications(Article::objects().get(2).await?.publications.query()).await?, [1, 2, 3, 4]);
    assert_eq!(articles(Publication::objects().get(2).await?.articles.query()).await?, [2, 3, 4]);
    assert_eq!(articles(Publication::objects().get(4).await?.articles.query()).await?, [2]);
    Ok(())
}

/// `many_to_many.ManyToManyTests.test_selects`: no row twice, and no `distinct()` for it
#[orm::test(models = all(), fixture = world)]
async fn a_row_that_meets_a_condition_twice_is_found_once() -> Result<()> {
    let science = || Article::objects().filter(|a| a.publications.title.startswith("Science"));
    assert_eq!(articles(science()).await?, [2, 3, 4]);
    assert_eq!(science().count().await?, 3);
    assert_eq!(articles(Article::objects().filter(|a| a.publications.in_([1, 2]))).await?, [1, 2, 3, 4]);
    let nasa = Publication::objects().filter(|p| p.articles.headline.startswith("NASA"));
    assert_eq!(publications(nasa).await?, [1, 2, 3, 4]);
    Ok(())
}

/// `many_to_many.ManyToManyTests.test_selects`, its last part: exclude is the complement of filter
#[orm::test(models = all(), fixture = world)]
async fn exclude_leaves_what_filter_does_not_find() -> Result<()> {
    assert_eq!(articles(Article::objects().exclude(|a| a.publications.eq(2))).await?, [1]);
    assert_eq!(publications(Publication::objects().exclude(|p| p.articles.eq(2))).await?, Vec::<i64>::new());
    assert_eq!(publications(Publication::objects().exclude(|p| p.articles.eq(3))).await?, [1, 3, 4]);
    Ok(())
}

/// `many_to_many.ManyToManyTests.test_delete`, `test_bulk_delete`
#[orm::test(models = all(), fixture = world)]
async fn what_is_deleted_is_in_no_relation() -> Result<()> {
    Publication::objects().get(1).await?.delete().await?;
    assert_eq!(publications(Article::objects().get(1).await?.publications.query()).await?, Vec::<i64>::new());
    Publication::objects().filter(|p| p.title.startswith("Science")).delete().await?;
    assert_eq!(publications(Article::objects().get(2).await?.publications.query()).await?, [4]);
    Article::objects().filter(|a| a.headline.startswith("NASA")).delete().await?;
    assert_eq!(articles(Publication::objects().get(4).await?.articles.query()).await?, Vec::<i64>::new());
    Ok(())
}

/// `many_to_many.ManyToManyTests.test_add`, `test_add_after_prefetch`: adding twice changes nothing
#[orm::test(models = all(), fixture = world)]
async fn what_is_added_twice_is_there_once() -> Result<()> {
    let (article, publication) = (Article::objects().get(3).await?, Publication::objects().get(2).await?);
    article.publications.add([&publication]).await?;
    assert_eq!(publications(article.publications.query()).await?, [2]);
    publication.articles.add([&Article::objects().get(1).await?]).await?;
    assert_eq!(articles(publication.articles.query()).await?, [1, 2, 3, 4]);
    Ok(())
}

/// `many_to_many.ManyToManyTests.test_remove`, `test_clear`
#[orm::test(models = all(), fixture = world)]
async fn pairs_are_removed_from_both_sides() -> Result<()> {
    let (article, publication) = (Article::objects().get(4).await?, Publication::objects().get(2).await?);
    article.publications.remove([&publication]).await?;
    assert_eq!(articles(publication.articles.query()).await?, [2, 3]);
    publication.articles.clear().await?;
    assert_eq!(publications(Article::objects().get(2).await?.publications.query()).await?, [1, 3, 4]);
    assert_eq!(articles(publication.articles.query()).await?, Vec::<i64>::new());
    Ok(())
}

/// `many_to_many.ManyToManyTests.test_set`, `test_assign`
#[orm::test(models = all(), fixture = world)]
async fn set_leaves_exactly_what_it_was_given() -> Result<()> {
    let publication = Publication::objects().get(2).await?;
    let [first, last] = [Article::objects().get(1).await?, Article::objects().get(4).await?];
    publication.articles.set([&first, &last]).await?;
    assert_eq!(articles(publication.articles.query()).await?, [1, 4]);
    assert_eq!(publications(first.publications.query()).await?, [1, 2]);
    publication.articles.set([0i64; 0]).await?;
    assert_eq!(articles(publication.articles.query()).await?, Vec::<i64>::new());
    Ok(())
}
