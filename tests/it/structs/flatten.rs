//! `#[orm(flatten)]`: columns that several models share.

use orm::{ErrorKind, FetchMode, Result, prelude::*, testing::count_queries};

#[derive(Flatten, Input, Debug, Clone, PartialEq)]
struct Timestamps {
    #[orm(auto_now_add)]
    created_at: DateTime<Utc>,
    #[orm(auto_now)]
    updated_at: DateTime<Utc>,
}

/// With a column that has no default, one that is unique, one that is validated, and a foreign key.
#[derive(Flatten, Input, Debug, Clone, PartialEq)]
struct Described {
    #[orm(max_length = 80, min_length = 2)]
    title: String,
    #[orm(unique, column = "short")]
    slug: Option<String>,
    #[orm(default = 1)]
    rank: i32,
    #[orm(on_delete = "set_null")]
    owner: Option<ForeignKey<Owner>>,
}

#[derive(Model, Input, Debug, Clone, PartialEq)]
#[orm(ordering = ["-rank", "id"])]
struct Page {
    id: i64,
    #[orm(flatten)]
    about: Described,
    text: String,
    links: HasMany<Link>,
    #[orm(flatten)]
    times: Timestamps,
}

#[derive(Model, Input, Debug, Clone, PartialEq)]
struct Owner {
    id: i64,
    name: String,
    pages: HasMany<Page>,
    #[orm(flatten)]
    times: Timestamps,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Link {
    id: i64,
    page: ForeignKey<Page>,
    #[orm(flatten)]
    times: Timestamps,
}

fn all() -> [&'static orm::types::ModelMeta; 3] {
    orm::models![Owner, Page, Link]
}

fn about(title: &str) -> Described {
    Described { title: title.into(), slug: None, rank: 1, owner: None }
}

async fn page(title: &str) -> Result<Page> {
    Page::objects().create().text("…").about(about(title)).await
}

#[orm::test(models = all(), transaction)]
async fn shared_columns_come_after_the_model_s_own_and_are_read_into_their_struct() -> Result<()> {
    let names: Vec<_> = Page::meta().columns().map(|column| column.column).collect();
    assert_eq!(names, ["id", "text", "title", "short", "rank", "owner_id", "created_at", "updated_at"]);
    let before = Utc::now();
    let made = page("Home").await?;
    assert_eq!((&*made.text, &*made.about.title, made.about.rank), ("…", "Home", 1));
    assert!(made.times.created_at >= before - TimeDelta::seconds(1), "as their defaults say");
    assert_eq!(Page::objects().get(&made).await?, made);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn a_builder_needs_the_struct_only_if_a_column_has_no_default() -> Result<()> {
    let owner = Owner::objects().create().name("ann").await?;
    let told = Timestamps { created_at: DateTime::UNIX_EPOCH, updated_at: DateTime::UNIX_EPOCH };
    let old = Owner::objects().create().times(told.clone()).name("bob").await?;
    assert_eq!((old.times == told, owner.times == told), (true, false));
    let pages = ["a", "b"].map(|title| Page::draft().about(about(title)).text("x").build());
    assert_eq!(Page::objects().bulk_create(pages).await?[1].about.title, "b");
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn queries_speak_of_them_through_the_struct_and_through_relations() -> Result<()> {
    let (home, other) = (page("Home").await?, page("Other").await?);
    Link::objects().create().page(&home).await?;
    let titles = Page::objects().filter(|p| p.about.title.startswith("H")).values(|p| p.about.title);
    assert_eq!(titles.await?, ["Home"]);
    let links = Link::objects().filter(|l| l.page.about.rank.eq(1)).order_by(|l| l.page.times.created_at);
    assert_eq!(
        links.clone().values(|l| l.id).to_sql(),
        r#"SELECT "link"."id" FROM "link" INNER JOIN "page" ON "page"."id" = "link"."page_id" WHERE "page"."rank" = $1 ORDER BY "page"."created_at" ASC"#
    );
    assert_eq!(links.values(|l| l.page.about.title).await?, ["Home"]);
    assert_eq!(Page::objects().filter(|p| p.links.times.created_at.is_not_null()).count().await?, 1);
    let ranks = Page::objects().group_by(|p| p.about.rank).annotate(|p| p.about.title.max());
    assert_eq!(ranks.await?, [(1, Some("Other".to_owned()))]);
    let newest = Page::objects()
        .values(|p| Page::objects().filter(|other| other.times.created_at.gte(p.times.created_at)).exists());
    assert_eq!(newest.await?, [true, true]);
    let in_order = Page::objects().values(|p| p.id);
    assert!(in_order.to_sql().ends_with(r#"ORDER BY "page"."rank" DESC, "page"."id" ASC"#));
    assert_eq!(in_order.await?, [home.id, other.id]);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn they_are_changed_as_any_other_column() -> Result<()> {
    let mut home = page("Home").await?;
    let first = home.times.updated_at;
    home.about.rank = 7;
    home.save().await?;
    assert!(home.times.updated_at > first && home.about.rank == 7, "`auto_now` too");
    home.about.title = "Start".into();
    home.save_fields(|p| p.about.title).await?;
    Page::objects().update(|p| p.about.rank.set(p.about.rank + 1)).await?;
    home.refresh().await?;
    assert_eq!((&*home.about.title, home.about.rank), ("Start", 8));
    home.about.rank = 1;
    Page::objects().bulk_update(&[home.clone()], |p| (p.about.rank, p.times.updated_at)).await?;
    home.update(orm::Changes::<Page>::default().with(|p| p.about.slug.set("start"))).await?;
    assert_eq!((home.about.rank, home.about.slug.as_deref()), (1, Some("start")));
    let again = Described { slug: Some("start".into()), ..about("Again") };
    let again = Page::objects().create().text("y").about(again);
    let upsert = again.update_conflicts(|p| p.about.slug, |p, new| p.about.title.set(new.about.title));
    assert!(upsert.to_sql().contains(r#"ON CONFLICT ("short") DO UPDATE SET "title" = "excluded"."title""#));
    assert_eq!(upsert.await?.about.title, "Again");
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn texts_and_clients_name_them_flatly() -> Result<()> {
    page("Home").await?;
    let allow = orm::Allow::<Page>::new().fields(|p| (p.about.title, p.about.rank));
    let found = Page::objects().allow(&allow).filter_str("title__startswith", "H")?.order_by_str("-rank")?;
    assert_eq!(found.count().await?, 1);
    let links = Link::objects()
        .filter_str("page__title", "Home")?
        .filter_str("created_at__gte", "2026-01-01T00:00:00Z")?;
    assert_eq!(links.count().await?, 0);
    let draft: Draft<Page> = serde_json::from_str(r#"{"text": "x", "title": "Sent", "rank": 3}"#).unwrap();
    let sent = draft.save().await?;
    assert_eq!((&*sent.about.title, sent.about.rank), ("Sent", 3));
    let draft: Draft<Page> = serde_json::from_str(r#"{"text": "x", "title": "S"}"#).unwrap();
    let error = draft.full_clean().await.unwrap_err();
    assert_eq!(error.validation_errors().expect("of validation").field("title").len(), 1);
    let draft: Draft<Page> = serde_json::from_str(r#"{"text": "x"}"#).unwrap();
    assert_eq!(draft.save().await.unwrap_err().kind(), ErrorKind::InvalidValue, "it has no title");
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn a_foreign_key_among_them_is_loaded_and_leads_back() -> Result<()> {
    let ann = Owner::objects().create().name("ann").await?;
    for title in ["one", "two"] {
        let about = Described { owner: Some(ForeignKey::to(ann.id)), ..about(title) };
        Page::objects().create().text("x").about(about).await?;
    }
    let (pages, queries) = count_queries(Page::objects().select_related(|p| p.about.owner)).await;
    let pages = pages?;
    let owner = pages[1].about.owner.get()?.expect("it has one");
    assert_eq!((&*owner.name, queries == 1), ("ann", true));
    let (pages, queries) = count_queries(Page::objects().prefetch_related(|p| p.about.owner)).await;
    assert_eq!((pages?[0].about.owner.get()?.map(|owner| owner.id), queries == 2), (Some(ann.id), true));
    let (peers, queries) = count_queries(async {
        let pages = Page::objects().fetch_mode(FetchMode::Peers).await?;
        pages[0].about.owner.fetch().await?;
        pages[1].about.owner.fetch().await
    })
    .await;
    assert_eq!((peers?.map(|owner| owner.id), queries == 2), (Some(ann.id), true));
    let owners = Owner::objects().filter(|o| o.pages.about.title.eq("two")).prefetch_related(|o| o.pages);
    let owners = owners.await?;
    assert_eq!(owners[0].pages.get()?.len(), 2);
    assert_eq!(ann.pages.query().count().await?, 2);
    ann.delete().await?;
    assert_eq!(Page::objects().filter(|p| p.about.owner.is_null()).count().await?, 2, "`on_delete` holds");
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn what_is_said_of_a_shared_column_holds_in_each_table() -> Result<()> {
    let described = || Described { slug: Some("home".into()), ..about("Home") };
    Page::objects().create().text("x").about(described()).await?;
    let again = Page::objects().create().text("x").about(described()).await.unwrap_err();
    assert!(again.is_unique_violation());
    Ok(())
}
