//! After `lookup`: what each lookup finds.

use crate::models::{Comment, Post, Tag, User, all};
use orm::{IntoCond, Result, prelude::*};

/// Posts of these titles, by ann (1), whose views are their numbers.
async fn titles(titles: &[&str]) -> Result<()> {
    User::objects().create().id(1).username("ann").await?;
    let drafts = (1..).zip(titles).map(|(id, title): (i32, _)| {
        Post::draft().id(i64::from(id)).title(*title).views(id).author(1).build()
    });
    Post::objects().bulk_create(drafts).await?;
    Ok(())
}

async fn found<C: IntoCond>(f: impl FnOnce(&'static crate::models::PostFields) -> C) -> Result<Vec<String>> {
    Post::objects().filter(f).order_by(|p| p.title).values(|p| p.title).await
}

/// `lookup.LookupTests.test_escaping`
#[orm::test(models = all(), transaction)]
async fn wildcards_in_values_are_ordinary_characters() -> Result<()> {
    titles(&[
        "Article",
        "Article_ with underscore",
        "Article% with percent sign",
        r"Article with \ backslash",
    ])
    .await?;
    assert_eq!(found(|p| p.title.startswith("Article")).await?.len(), 4);
    assert_eq!(found(|p| p.title.startswith("Article_")).await?, ["Article_ with underscore"]);
    assert_eq!(found(|p| p.title.startswith("Article%")).await?, ["Article% with percent sign"]);
    assert_eq!(found(|p| p.title.contains(r"\")).await?, [r"Article with \ backslash"]);
    assert_eq!(
        found(|p| !p.title.contains("_") & !p.title.contains("%") & !p.title.contains(r"\")).await?,
        ["Article"]
    );
    Ok(())
}

/// `lookup.LookupTests.test_exclude`
#[orm::test(models = all(), transaction)]
async fn exclude_is_the_opposite_of_filter() -> Result<()> {
    titles(&["Article_ 8", "Article 1", "Hello"]).await?;
    let without = |text: &'static str| Post::objects().exclude(move |p| p.title.contains(text)).count();
    assert_eq!([without("Article").await?, without("Article_").await?, without("").await?], [1, 2, 0]);
    assert_eq!(Post::objects().exclude(|p| p.title.eq("Article 1")).count().await?, 2);
    Ok(())
}

/// `lookup.LookupTests.test_none`, `test_count`, `test_exists`
#[orm::test(models = all(), transaction)]
async fn a_query_of_nothing_stays_one() -> Result<()> {
    titles(&["a", "b"]).await?;
    let none = || Post::objects().none();
    assert_eq!(none().filter(|p| p.title.startswith("a")).await?, []);
    assert_eq!((none().count().await?, none().exists().await?), (0, false));
    assert_eq!(none().update(|p| p.title.set("c")).await?, 0);
    assert_eq!(none().delete().await?, 0);
    assert_eq!(Post::objects().count().await?, 2);
    Ok(())
}

/// `lookup.LookupTests.test_in_empty_list`, `test_in_different_database`, `test_in_bulk`
#[orm::test(models = all(), transaction)]
async fn lists_may_be_empty_and_queries() -> Result<()> {
    titles(&["a", "b", "c"]).await?;
    assert_eq!(found(|p| p.id.in_(Vec::<i64>::new())).await?, Vec::<String>::new());
    assert_eq!(found(|p| !p.id.in_(Vec::<i64>::new())).await?, ["a", "b", "c"]);
    let small = Post::objects().filter(|p| p.views.lt(3)).values(|p| p.id);
    assert_eq!(found(|p| p.id.in_(small)).await?, ["a", "b"]);
    let bulk = Post::objects().in_bulk([1, 3, 99]).await?;
    assert_eq!(bulk.len(), 2);
    assert_eq!(Post::objects().in_bulk(Vec::<i64>::new()).await?.len(), 0);
    Ok(())
}

/// `lookup.LookupTests.test_regex`
#[orm::test(models = all(), transaction)]
async fn regular_expressions_are_the_servers() -> Result<()> {
    titles(&["f", "fo", "foo", "fooo", "hey-Foo", "bar", "AbBa", "baz", "baxZ"]).await?;
    let regex = async |pattern: &str| found(|p| p.title.regex(pattern)).await.map(|all| all.join(" "));
    let iregex = async |pattern: &str| found(|p| p.title.iregex(pattern)).await.map(|all| all.len());
    assert_eq!(regex("fo*").await?, "f fo foo fooo");
    assert_eq!(regex("fo+").await?, "fo foo fooo");
    assert_eq!(regex("fooo?").await?, "foo fooo");
    assert_eq!(regex("z$").await?, "baz");
    assert_eq!(regex("ba[rz]").await?, "bar baz");
    assert_eq!(regex("^(AbBa|baxZ)$").await?.split(' ').count(), 2);
    assert_eq!(
        [iregex("fo*").await?, iregex("^b").await?, iregex("^a").await?, iregex("z$").await?],
        [5, 3, 1, 2]
    );
    Ok(())
}

/// `lookup.LookupTests.test_isnull_non_boolean_value`, `queries.NullableRelOrderingTests`: NULL is a value in comparisons
#[orm::test(models = all(), transaction)]
async fn null_is_excluded_by_nothing_but_null() -> Result<()> {
    User::objects().create().id(1).username("ann").age(30).await?;
    User::objects().create().id(2).username("bob").await?;
    let ids = async |query: QuerySet<User>| query.order_by(|u| u.id).values(|u| u.id).await;
    assert_eq!(ids(User::objects().exclude(|u| u.age.eq(30))).await?, [2]);
    assert_eq!(ids(User::objects().exclude(|u| u.age.eq(31))).await?, [1, 2]);
    assert_eq!(ids(User::objects().exclude(|u| u.age.gt(20))).await?, [2]);
    assert_eq!(ids(User::objects().filter(|u| u.age.eq(None))).await?, [2]);
    assert_eq!(ids(User::objects().exclude(|u| u.age.is_null())).await?, [1]);
    Ok(())
}

/// `lookup.LookupTests.test_pattern_lookups_with_substr`: the other side can be a column
#[orm::test(models = all(), transaction)]
async fn a_pattern_can_be_another_column() -> Result<()> {
    User::objects().create().id(1).username("jo").email(Some("john@x".into())).await?;
    User::objects().create().id(2).username("_a").email(Some("xa@x".into())).await?;
    User::objects().create().id(3).username("x").email(Some("JX".into())).await?;
    let ids = async |query: QuerySet<User>| query.order_by(|u| u.id).values(|u| u.id).await;
    assert_eq!(ids(User::objects().filter(|u| u.email.contains(u.username))).await?, [1]);
    assert_eq!(ids(User::objects().filter(|u| u.email.icontains(u.username))).await?, [1, 3]);
    assert_eq!(ids(User::objects().filter(|u| u.email.iendswith(u.username))).await?, [3]);
    Ok(())
}

/// `lookup.LookupTests.test_values`, `test_values_list`
#[orm::test(models = all(), transaction)]
async fn values_of_a_row_and_of_what_it_leads_to() -> Result<()> {
    titles(&["b", "a"]).await?;
    let rows =
        Post::objects().order_by(|p| p.title).values(|p| (p.title, p.author.username, p.views + 1)).await?;
    assert_eq!(rows, [("a".into(), "ann".into(), 3), ("b".to_owned(), "ann".to_owned(), 2)]);
    Comment::objects().create().text("x").post(1).author(1).await?;
    let rows = Comment::objects().values(|c| (c.post.author.username, c.post.title)).await?;
    assert_eq!(rows, [("ann".to_owned(), "b".to_owned())]);
    Ok(())
}

/// `lookup.LookupTests.test_lookup_date_as_str`, `get_or_create.GetOrCreateTests.test_get_or_create_method_with_get`
#[orm::test(models = all(), transaction)]
async fn what_is_there_is_got_and_what_is_not_is_created() -> Result<()> {
    let get = || Tag::objects().get_or_create(|t| t.slug.eq("rust"), |new| new.slug("rust").name("Rust"));
    assert!(get().await?.1);
    assert!(!get().await?.1);
    assert_eq!(Tag::objects().count().await?, 1);
    Ok(())
}
