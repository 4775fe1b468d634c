//! `#[orm(version)]`: a change that somebody else was faster than is an error, and never lost.

use orm::{ErrorKind, Result, prelude::*, testing::count_queries};

#[derive(Model, Debug, Clone, PartialEq)]
struct Page {
    id: i64,
    text: String,
    #[orm(default = 0)]
    views: i32,
    #[orm(version)]
    version: i32,
    lines: HasMany<Line>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Line {
    id: i64,
    text: String,
    #[orm(version)]
    revision: i16,
    page: Option<ForeignKey<Page>>,
}

/// With a key of several parts, and a version that begins elsewhere.
#[derive(Model, Debug, Clone, PartialEq)]
struct Seat {
    #[orm(primary_key)]
    row: String,
    #[orm(primary_key)]
    number: i32,
    taken: bool,
    #[orm(version, default = 0)]
    version: u32,
}

async fn page() -> Result<Page> {
    Page::objects().create().text("draft").await
}

#[orm::test(models(Page, Line), transaction)]
async fn a_new_row_is_of_version_one_and_each_save_counts() -> Result<()> {
    let mut page = page().await?;
    assert_eq!(page.version, 1);
    page.text = "one".into();
    assert_eq!(
        page.save().to_sql(),
        r#"UPDATE "page" SET "text" = $1, "views" = $2, "version" = "page"."version" + $3 WHERE "page"."id" = $4 AND "page"."version" = $5 RETURNING "id", "text", "views", "version""#
    );
    let (saved, queries) = count_queries(page.save()).await;
    saved?;
    assert_eq!((page.version, queries == 1), (2, true));
    page.views = 7;
    page.save_fields(|p| p.views).await?;
    page.update(orm::Changes::<Page>::default().with(|p| p.text.set("two"))).await?;
    assert_eq!((page.version, &*page.text, page.views), (4, "two", 7));
    page.update(orm::Changes::<Page>::default()).await?;
    assert_eq!(page.version, 4, "nothing was changed");
    Ok(())
}

#[orm::test(models(Page, Line), transaction)]
async fn a_stale_instance_changes_nothing_and_says_what_to_do() -> Result<()> {
    let mut mine = page().await?;
    let mut theirs = mine.clone();
    mine.text = "mine".into();
    mine.save().await?;
    theirs.text = "theirs".into();
    let (saved, queries) = count_queries(theirs.save()).await;
    assert!(queries == 2, "{queries:?}");
    let error = saved.unwrap_err();
    assert_eq!((error.is_stale(), error.kind()), (true, ErrorKind::Stale));
    assert_eq!(
        error.to_string(),
        format!(
            "the `Page` {} is stale: it was read as version 1 and is version 2 now; `refresh` it and repeat the change",
            mine.id
        )
    );
    assert!(theirs.save_fields(|p| p.text).await.unwrap_err().is_stale());
    assert!(
        theirs.update(orm::Changes::<Page>::default().with(|p| p.views.set(1))).await.unwrap_err().is_stale()
    );
    assert!(theirs.delete().await.unwrap_err().is_stale());
    assert_eq!(Page::objects().await?, [mine.clone()]);
    theirs.refresh().await?;
    theirs.text += "!";
    theirs.save().await?;
    assert_eq!((&*theirs.text, theirs.version), ("mine!", 3));
    assert!(mine.delete().await.unwrap_err().is_stale());
    theirs.delete().await?;
    assert_eq!(Page::objects().count().await?, 0);
    Ok(())
}

#[orm::test(models(Page, Line), transaction)]
async fn a_vanished_row_is_not_found_and_not_stale() -> Result<()> {
    let mut page = page().await?;
    page.delete().await?;
    for error in [page.save().await.unwrap_err(), page.delete().await.unwrap_err()] {
        assert!(error.is_not_found() && !error.is_stale(), "{error}");
    }
    Ok(())
}

#[orm::test(models(Page, Line))]
async fn of_two_that_save_at_once_one_is_stale(db: Db) -> Result<()> {
    let page = Page::objects().using(&db).create().text("draft").await?;
    let (mut a, mut b) = (page.clone(), page);
    (a.text, b.text) = ("a".into(), "b".into());
    let (first, second) = tokio::join!(a.save().using(&db), b.save().using(&db));
    let stale = [first, second].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    assert!(matches!(&stale[..], [error] if error.is_stale()), "{stale:?}");
    assert_eq!(Page::objects().using(&db).values(|p| p.version).await?, [2]);
    Ok(())
}

#[orm::test(models(Page, Line), transaction)]
async fn an_update_of_a_query_makes_instances_stale() -> Result<()> {
    let mut mine = page().await?;
    let update = Page::objects().filter(|p| p.views.eq(0)).update(|p| p.views.set(p.views + 1));
    assert_eq!(
        update.to_sql(),
        r#"UPDATE "page" SET "views" = "page"."views" + $1, "version" = "page"."version" + $2 WHERE "page"."views" = $3"#
    );
    assert_eq!(update.await?, 1);
    assert!(mine.save().await.unwrap_err().is_stale());
    let (found, created) = Page::objects()
        .update_or_create(|p| p.text.eq("draft"), |p| p.views.set(9), |new| new.text("draft"))
        .await?;
    assert_eq!((found.version, created), (3, false));
    Ok(())
}

#[orm::test(models(Page, Line), transaction)]
async fn a_relation_that_is_changed_counts_the_rows_that_hold_the_key() -> Result<()> {
    let page = page().await?;
    let line = Line::objects().create().text("a").await?;
    page.lines.add(&[&line]).await?;
    assert_eq!(Line::objects().values(|l| l.revision).await?, [2]);
    assert_eq!(Page::objects().values(|p| p.version).await?, [1]);
    Ok(())
}

#[orm::test(models(Page, Line), transaction)]
async fn a_bulk_update_compares_and_counts_each_row() -> Result<()> {
    let mut pages = vec![page().await?, page().await?];
    pages[1].views = 5;
    let update = Page::objects().bulk_update(&pages, |p| p.views);
    assert_eq!(
        update.to_sql(),
        r##"UPDATE "page" SET "views" = "new"."views", "version" = "new"."version" + 1 FROM (SELECT "id", "version", "views" FROM unnest($1, $2, $3) WITH ORDINALITY AS "rows" ("id", "version", "views", "#") ORDER BY "#") AS "new" ("id", "version", "views") WHERE "page"."id" = "new"."id" AND "page"."version" = "new"."version""##
    );
    assert_eq!(update.await?, 2);
    pages[0].refresh().await?;
    let error = Page::objects().bulk_update(&pages, |p| p.views).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`bulk_update` found 1 of 2 rows of `Page`: 1 are stale, their versions are others now; read them again and repeat the change"
    );
    assert!(error.is_stale());
    assert_eq!(Page::objects().order_by(|p| p.id).values(|p| p.version).await?, [2, 2]);
    pages[1].refresh().await?;
    pages[1].delete().await?;
    assert!(Page::objects().bulk_update(&pages, |p| p.views).await.unwrap_err().is_not_found());
    Ok(())
}

#[orm::test(models(Page, Line), transaction)]
async fn nobody_sets_a_version() -> Result<()> {
    let mut page = page().await?;
    let says = "`Page.version` is counted by each change and not set; leave it out";
    for error in [
        Page::objects().update(|p| p.version.set(7)).await.unwrap_err(),
        Page::objects().bulk_update(&[page.clone()], |p| p.version).await.unwrap_err(),
        page.save_fields(|p| p.version).await.unwrap_err(),
        page.update(orm::Changes::<Page>::default().with(|p| p.version.set(7))).await.unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::Usage, says.to_owned()));
    }
    Ok(())
}

#[orm::test(models(Seat), transaction)]
async fn a_key_of_several_parts_has_versions_too() -> Result<()> {
    let mut seat = Seat::objects().create().row("A").number(3).taken(false).await?;
    let stale = seat.clone();
    seat.taken = true;
    seat.save().await?;
    assert_eq!(seat.version, 1);
    let error = stale.delete().await.unwrap_err();
    assert!(
        error.to_string().starts_with(r#"the `Seat` ("A", 3) is stale: it was read as version 0"#),
        "{error}"
    );
    Ok(())
}
