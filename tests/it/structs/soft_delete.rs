//! `#[orm(soft_delete)]`: deleted rows are hidden, and come back.

use orm::{Result, prelude::*, testing::count_queries};

#[derive(Model, Debug, Clone, PartialEq)]
struct Post {
    id: i64,
    #[orm(unique)]
    slug: String,
    #[orm(auto_now)]
    changed_at: DateTime<Utc>,
    #[orm(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
    #[orm(version)]
    version: i32,
    comments: HasMany<Comment>,
    tags: ManyToMany<Tag>,
    cover: HasOne<Cover>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Comment {
    id: i64,
    text: String,
    #[orm(on_delete = "cascade")]
    post: ForeignKey<Post>,
    parent: Option<ForeignKey<Comment>>,
    #[orm(soft_delete, column = "gone_at")]
    gone: Option<DateTime<Utc>>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Cover {
    id: i64,
    url: String,
    #[orm(unique, on_delete = "cascade")]
    post: ForeignKey<Post>,
    #[orm(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Tag {
    id: i64,
    name: String,
    #[orm(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
    #[orm(via = "tags")]
    posts: ManyToMany<Post>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Team {
    id: i64,
    #[orm(through = Membership)]
    members: ManyToMany<Person>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Person {
    id: i64,
    name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Membership {
    id: i64,
    #[orm(on_delete = "cascade")]
    team: ForeignKey<Team>,
    #[orm(on_delete = "cascade")]
    person: ForeignKey<Person>,
    #[orm(soft_delete)]
    left_at: Option<DateTime<Utc>>,
}

async fn post(slug: &str) -> Result<Post> {
    Post::objects().create().slug(slug).await
}

/// A post with two comments, two tags and a cover, of each of which `b` or the only one is deleted.
async fn filled() -> Result<Post> {
    let post = post("a").await?;
    for text in ["a", "b"] {
        let comment = post.comments.create().text(text).await?;
        let tag = post.tags.create().name(text).await?;
        if text == "b" {
            comment.delete().await?;
            tag.delete().await?;
        }
    }
    Cover::objects().create().url("/x").post(&post).await?.delete().await?;
    Ok(post)
}

#[orm::test(models(Post, Comment, Tag, Cover), transaction)]
async fn a_deleted_row_is_hidden_from_every_query_and_kept() -> Result<()> {
    let (a, b) = (post("a").await?, post("b").await?);
    assert_eq!(
        a.delete().to_sql(),
        r#"UPDATE "post" SET "deleted_at" = $1, "version" = "post"."version" + $2 WHERE "post"."id" = $3 AND "post"."version" = $4 AND "post"."deleted_at" IS NULL"#
    );
    let (deleted, queries) = count_queries(a.delete()).await;
    deleted?;
    assert!(queries == 1, "{queries:?}");
    assert_eq!(Post::objects().await?, std::slice::from_ref(&b));
    assert_eq!(Post::objects().count().await?, 1);
    assert!(!Post::objects().filter(|p| p.slug.eq("a")).exists().await?);
    assert!(Post::objects().get(a.id).await.unwrap_err().is_not_found());
    assert_eq!(Post::objects().aggregate(|p| p.id.count()).await?, 1);
    assert_eq!(Post::objects().group_by(|p| p.slug).annotate(|p| p.id.count()).await?, [("b".into(), 1)]);
    assert_eq!(Post::objects().subquery().count().await?, 1);
    let inside = Comment::objects().filter(|c| c.post.in_(Post::objects()));
    assert!(inside.to_sql().contains(r#"WHERE "post"."deleted_at" IS NULL)"#), "{}", inside.to_sql());
    Ok(())
}

#[orm::test(models(Post, Comment, Tag, Cover), transaction)]
async fn deleted_rows_are_found_when_they_are_asked_for() -> Result<()> {
    let (a, b) = (post("a").await?, post("b").await?);
    a.delete().await?;
    assert_eq!(Post::objects().with_deleted().order_by(|p| p.id).values(|p| p.id).await?, [a.id, b.id]);
    let gone = Post::objects().only_deleted().one().await?;
    assert!(gone.id == a.id && gone.deleted_at.is_some() && gone.version == 2);
    assert_eq!(Post::objects().with_deleted().filter(|p| p.deleted_at.is_null()).count().await?, 1);
    let again = Post::objects().with_deleted().subquery().count().await?;
    assert_eq!(again, 2);
    Ok(())
}

#[orm::test(models(Post, Comment, Tag, Cover), transaction)]
async fn a_query_deletes_restores_and_purges_its_rows() -> Result<()> {
    for slug in ["a", "b", "c"] {
        post(slug).await?;
    }
    let slugs = || Post::objects().order_by(|p| p.slug).values(|p| p.slug);
    assert_eq!(Post::objects().filter(|p| p.slug.lt("c")).delete().await?, 2);
    assert_eq!(Post::objects().filter(|p| p.slug.lt("c")).delete().await?, 0, "they are deleted already");
    assert_eq!(slugs().await?, ["c"]);
    assert_eq!(Post::objects().filter(|p| p.slug.eq("b")).restore().await?, 1);
    assert_eq!(Post::objects().filter(|p| p.slug.eq("b")).restore().await?, 0);
    assert_eq!(slugs().await?, ["b", "c"]);
    assert_eq!(
        Post::objects().update(|p| p.slug.set(p.slug.upper())).await?,
        2,
        "of those that are not deleted"
    );
    assert_eq!(Post::objects().only_deleted().hard_delete().await?, 1);
    assert_eq!(Post::objects().with_deleted().count().await?, 2);
    assert_eq!(Post::objects().hard_delete().await?, 2);
    Ok(())
}

#[orm::test(models(Post, Comment, Tag, Cover), transaction)]
async fn an_instance_is_restored_or_deleted_for_good() -> Result<()> {
    let mut a = post("a").await?;
    a.comments.create().text("x").await?;
    a.delete().await?;
    assert_eq!(a.deleted_at, None, "`delete` leaves the instance alone");
    a.refresh().await?;
    assert!(a.deleted_at.is_some());
    let error = a.delete().await.unwrap_err();
    assert_eq!(
        (error.is_not_found(), error.to_string()),
        (true, "the `Post` is deleted already, or has vanished".into())
    );
    a.slug = "z".into();
    a.save().await?;
    assert!(a.deleted_at.is_some(), "a deleted row can be saved, and stays deleted");
    a.restore().await?;
    assert_eq!(Post::objects().await?, [a.clone()]);
    a.delete().await?;
    a.refresh().await?;
    a.hard_delete().await?;
    assert_eq!((Post::objects().with_deleted().count().await?, Comment::objects().count().await?), (0, 0));
    assert!(a.hard_delete().await.unwrap_err().is_not_found());
    Ok(())
}

#[orm::test(models(Post, Comment, Tag, Cover), transaction)]
async fn a_stale_instance_deletes_and_restores_nothing() -> Result<()> {
    let mut a = post("a").await?;
    let stale = a.clone();
    a.save().await?;
    assert!(stale.delete().await.unwrap_err().is_stale());
    assert!(stale.hard_delete().await.unwrap_err().is_stale());
    a.delete().await?;
    assert!(a.restore().await.unwrap_err().is_stale(), "the deletion counted");
    Ok(())
}

#[orm::test(models(Post, Comment, Tag, Cover), transaction)]
async fn relations_lead_only_to_rows_that_are_not_deleted() -> Result<()> {
    let post = filled().await?;
    assert_eq!(post.comments.query().values(|c| c.text).await?, ["a"]);
    assert_eq!(post.tags.query().values(|t| t.name).await?, ["a"]);
    assert_eq!(post.cover.fetch().await?, None);
    let counts = Post::objects().annotate(|p| (p.comments.count(), p.tags.count(), p.tags.name.max()));
    let (_, comments, tags, last): (Post, i64, i64, Option<String>) = counts.one().await?;
    assert_eq!((comments, tags, last.as_deref()), (1, 1, Some("a")));
    let found = |query: orm::QuerySet<Post>| async move { query.count().await.unwrap() };
    assert_eq!(found(Post::objects().filter(|p| p.comments.text.eq("b"))).await, 0);
    assert_eq!(found(Post::objects().filter(|p| p.comments.any(|c| c.text.eq("b")))).await, 0);
    assert_eq!(found(Post::objects().filter(|p| p.comments.all(|c| c.text.eq("a")))).await, 1);
    assert_eq!(found(Post::objects().filter(|p| p.tags.name.eq("b"))).await, 0);
    assert_eq!(found(Post::objects().filter(|p| p.tags.all(|t| t.name.eq("a")))).await, 1);
    let b = Tag::objects().only_deleted().one().await?;
    assert_eq!(
        found(Post::objects().filter(|p| p.tags.id.eq(b.id))).await,
        0,
        "without the shortcut by the key"
    );
    assert_eq!(found(Post::objects().filter(|p| p.cover.is_null())).await, 1);
    assert_eq!(found(Post::objects().filter(|p| p.cover.url.eq("/x"))).await, 0);
    let posts =
        Post::objects().select_related(|p| p.cover).prefetch_related(|p| (p.comments, p.tags)).await?;
    assert_eq!(posts[0].cover.get()?, None);
    assert_eq!((posts[0].comments.get()?.len(), posts[0].tags.get()?.len()), (1, 1));
    assert_eq!(Tag::objects().annotate(|t| t.posts.comments.count()).one().await?.1, 1);
    Ok(())
}

#[orm::test(models(Post, Comment, Tag, Cover), transaction)]
async fn a_prefetch_of_a_queryset_may_show_deleted_rows() -> Result<()> {
    filled().await?;
    let all = Comment::objects().with_deleted();
    let posts = Post::objects().prefetch_related(|p| p.comments.with(all)).await?;
    assert_eq!(posts[0].comments.get()?.len(), 2);
    Ok(())
}

#[orm::test(models(Post, Comment, Tag, Cover), transaction)]
async fn a_foreign_key_still_leads_to_a_deleted_row() -> Result<()> {
    let post = filled().await?;
    post.delete().await?;
    let comment = Comment::objects().select_related(|c| c.post).one().await?;
    assert_eq!(comment.post.get()?.slug, "a");
    assert_eq!(comment.post.fetch().await?.slug, "a");
    let comment = Comment::objects().prefetch_related(|c| c.post).one().await?;
    assert_eq!(comment.post.get()?.slug, "a");
    assert_eq!(Comment::objects().filter(|c| c.post.slug.eq("a")).count().await?, 1);
    assert_eq!(Comment::objects().filter(|c| c.post.deleted_at.is_null()).count().await?, 0);
    assert!(comment.full_clean().await.is_ok());
    Ok(())
}

#[orm::test(models(Post, Comment, Tag, Cover), transaction)]
async fn what_is_unique_is_so_among_rows_that_are_not_deleted() -> Result<()> {
    let mut old = post("a").await?;
    old.delete().await?;
    let new = post("a").await?;
    let (found, created) = Post::objects().get_or_create(|p| p.slug.eq("a"), |p| p.slug("a")).await?;
    assert_eq!((found.id, created), (new.id, false));
    old.refresh().await?;
    let error = orm::atomic(old.restore()).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!((error.constraint(), error.fields()), (Some("post_slug_key"), &["slug"][..]));
    let error = Post::draft().slug("a").build().full_clean().await.unwrap_err();
    assert_eq!(error.to_string(), "not valid: slug: unique");
    new.delete().await?;
    assert!(Post::draft().slug("a").build().full_clean().await.is_ok());
    let error = Post::draft().id(new.id).slug("b").build().full_clean().await.unwrap_err();
    assert_eq!(error.to_string(), "not valid: id: unique", "a key is taken by a deleted row too");
    Ok(())
}

#[orm::test(models(Team, Person, Membership), transaction)]
async fn pairs_that_are_deleted_pair_nothing() -> Result<()> {
    let team = Team::objects().create().await?;
    let [ann, bob] =
        [Person::objects().create().name("ann").await?, Person::objects().create().name("bob").await?];
    team.members.add(&[&ann, &bob]).await?;
    team.members.remove(&[&bob]).await?;
    assert_eq!(Membership::objects().only_deleted().values(|m| m.person.id).await?, [bob.id]);
    assert_eq!(team.members.query().values(|p| p.name).await?, ["ann"]);
    assert_eq!(Team::objects().filter(|t| t.members.name.eq("bob")).count().await?, 0);
    assert_eq!(Team::objects().filter(|t| t.members.id.eq(bob.id)).count().await?, 0);
    assert_eq!(Team::objects().annotate(|t| t.members.count()).one().await?.1, 1);
    assert_eq!(Team::objects().prefetch_related(|t| t.members).one().await?.members.get()?.len(), 1);
    team.members.add(&[&bob]).await?;
    assert_eq!(team.members.query().count().await?, 2);
    Ok(())
}

#[orm::test(models(Post, Comment, Tag, Cover), transaction)]
async fn what_a_delete_returns_and_what_queries_are_put_together_of_is_as_each_says() -> Result<()> {
    let (a, b) = (post("a").await?, post("b").await?);
    let deleted = Post::objects().filter(|p| p.slug.eq("a")).delete();
    let rows: Vec<(i64, bool)> = deleted.returning(|p| (p.id, p.deleted_at.is_not_null())).await?;
    assert_eq!(rows, [(a.id, true)], "hidden, and read as it is then");
    let both = || Post::objects().with_deleted().union(Post::objects());
    assert_eq!(both().order_by(|p| p.slug).values(|p| p.slug).await?, ["a", "b"]);
    assert_eq!(Post::objects().union(Post::objects()).count().await?, 1);
    let slugs = Post::objects().only_deleted().values(|p| p.slug).cte();
    assert_eq!(slugs.await?, ["a"]);
    // A relation that is followed leads to what is not deleted.
    Comment::objects().create().text("kept").post(&b).await?;
    Comment::objects().create().text("gone").post(&b).await?.delete().await?;
    let texts = Post::objects().follow(|p| p.comments).subquery().values(|c| c.text);
    assert_eq!(texts.await?, ["kept"]);
    // An upsert finds the row that is there and not the deleted one.
    let upsert = || {
        let new = Post::objects().create().slug("a");
        new.update_conflicts(|p| p.slug, |p, new| p.slug.set(new.slug))
    };
    let again = upsert().await?;
    assert_ne!(again.id, a.id);
    assert_eq!(upsert().await?.id, again.id);
    assert_eq!(Post::objects().with_deleted().count().await?, 3);
    Ok(())
}
