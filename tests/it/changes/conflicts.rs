//! New rows of which some are there already, and rows that come from a query.

use crate::{
    conditions::{World, world},
    models::{Company, Post, Tag, User},
};
use expect_test::expect;
use orm::{prelude::*, testing::count_queries};

/// The world, in which the database numbers new rows from 100.
async fn ground() -> World {
    let w = world().await;
    for table in ["user", "company", "blog_post"] {
        let sql = format!(r#"ALTER TABLE "{table}" ALTER COLUMN id RESTART WITH 100"#);
        w.db().scope(async { orm::execute(orm::types::RawSql::trusted(sql)).await }).await.unwrap();
    }
    w
}

#[tokio::test]
async fn a_row_that_is_there_is_left_alone_and_not_given_back() {
    let w = ground().await;
    let new = |name: &str| Company::objects().using(w.db()).create().name(name).ignore_conflicts();
    assert_eq!(new("acme").await.unwrap(), None);
    assert_eq!(new("new").await.unwrap().unwrap().name, "new");
    let drafts = ["acme", "other", "zeta"].map(|name| Company::draft().name(name).build());
    let rows: Vec<Company> =
        Company::objects().using(w.db()).bulk_create(drafts).ignore_conflicts().await.unwrap();
    assert_eq!(rows.iter().map(|company| &*company.name).collect::<Vec<_>>(), ["other"]);
    assert_eq!(Company::objects().using(w.db()).count().await.unwrap(), 5);
}

#[tokio::test]
async fn a_row_that_is_there_is_changed_by_its_own_values_and_the_new_ones() {
    let w = ground().await;
    let upsert = |email: &str, age: i32| {
        let new = User::objects().using(w.db()).create().username("ann").email(email).age(age);
        new.update_conflicts(|u| u.username, |u, new| (u.email.set(new.email), u.age.set(u.age + new.age)))
    };
    expect![[r#"INSERT INTO "user" ("username", "email", "age", "active", "joined_at") VALUES ($1, $2, $3, $4, $5) ON CONFLICT ("username") DO UPDATE SET "email" = "excluded"."email", "age" = "user"."age" + "excluded"."age" RETURNING "id", "username", "email", "age", "active", "joined_at", "company_id""#]]
        .assert_eq(&upsert("new@x", 1).to_sql());
    let (ann, queries) = count_queries(upsert("new@x", 1).into_future()).await;
    let ann: User = ann.unwrap();
    assert_eq!((ann.id, ann.email.as_deref(), ann.age, queries.sql().len()), (1, Some("new@x"), Some(31), 1));
    assert_eq!(User::objects().using(w.db()).count().await.unwrap(), 4);
}

#[tokio::test]
async fn many_rows_are_inserted_or_changed_in_one_statement() {
    let w = ground().await;
    let drafts = || [("ann", 1), ("eve", 2)].map(|(name, age)| User::draft().username(name).age(age).build());
    let upsert = User::objects()
        .using(w.db())
        .bulk_create(drafts())
        .update_conflicts(|u| u.username, |u, new| u.age.set(new.age));
    let rows: Vec<User> = upsert.await.unwrap();
    let rows: Vec<_> = rows.iter().map(|u| (&*u.username, u.age)).collect();
    assert_eq!(rows, [("ann", Some(1)), ("eve", Some(2))]);
    // Only where a condition holds, and what is not changed is not given back.
    let upsert = User::objects()
        .using(w.db())
        .bulk_create(drafts())
        .update_conflicts(|u| u.username, |u, new| u.age.set(new.age + 10))
        .filter(|u, new| u.age.lt(2) & new.username.ne("nobody"));
    let rows: Vec<User> = upsert.await.unwrap();
    assert_eq!(rows.iter().map(|u| (&*u.username, u.age)).collect::<Vec<_>>(), [("ann", Some(11))]);
}

#[tokio::test]
async fn a_single_row_that_its_condition_keeps_is_not_given_back() {
    let w = ground().await;
    let upsert = |age: i32| {
        let new = User::objects().using(w.db()).create().username("ann").age(age);
        new.update_conflicts(|u| u.username, |u, new| u.age.set(new.age)).filter(|u, new| new.age.gt(u.age))
    };
    assert_eq!(upsert(29).await.unwrap(), None);
    assert_eq!(upsert(31).await.unwrap().unwrap().age, Some(31));
}

#[tokio::test]
async fn what_cannot_be_done_about_conflicts_is_an_error_that_says_so() {
    let w = ground().await;
    let twice = ["new", "new"].map(|name| Company::draft().name(name).build());
    let upsert = Company::objects().using(w.db()).bulk_create(twice);
    let error = upsert.update_conflicts(|c| c.name, |c, new| c.name.set(new.name)).await.unwrap_err();
    let message = error.to_string();
    assert!(message.contains("two of the new rows have the same values of the unique fields"), "{message}");
    assert_eq!(Company::objects().using(w.db()).count().await.unwrap(), 3);
    // No unique constraint is over these fields.
    let new = User::objects().using(w.db()).create().username("x");
    let error = new.update_conflicts(|u| u.age, |u, new| u.email.set(new.email)).await.unwrap_err();
    let message = error.to_string();
    assert!(message.contains("no unique or exclusion constraint matching"), "{message}");
    let new = || User::objects().using(w.db()).create().username("x");
    let error = new().update_conflicts(|u| u.username, |u, _| u.age.set(u.company.id.cast::<i32>())).await;
    assert_eq!(error.unwrap().username, "x");
    let error = new()
        .update_conflicts(|u| u.username, |u, new| (u.email.set(new.email), u.email.set(u.email)))
        .await
        .unwrap_err();
    expect!["`User.email` is set twice"].assert_eq(&error.to_string());
    let error = Company::objects()
        .using(w.db())
        .filter(|c| c.id.eq(1))
        .bulk_create([Company::draft().name("n").build()])
        .await
        .unwrap_err();
    expect!["`bulk_create` of a query on `Company` that says more than where: new rows meet no conditions"]
        .assert_eq(&error.to_string());
}

#[tokio::test]
async fn rows_of_a_query_are_inserted_without_being_read() {
    let w = ground().await;
    let popular = Post::objects().filter(|p| p.views.gt(150));
    let copy = Post::objects().using(w.db()).insert_from(popular, |new, p| {
        (new.title.set(p.title.upper()), new.views.set(p.views + 1), new.author.set(p.author.id))
    });
    let (copied, queries) = count_queries(copy.into_future()).await;
    assert_eq!((copied.unwrap(), queries.sql().len()), (2, 1));
    let copies = Post::objects().using(w.db()).filter(|p| p.views.eq(201)).order_by(|p| p.title);
    assert_eq!(
        copies.values(|p| (p.title, p.author.id)).await.unwrap(),
        [("RUST".into(), 3), ("ZIG".into(), 2)]
    );
    // Values of a group, with defaults for what is not set.
    let titles = Post::objects().group_by(|p| p.title).annotate(|p| p.id.count());
    let tags = Tag::objects().using(w.db()).insert_from(titles, |new, (title, n)| {
        (new.slug.set(title.clone()), new.name.set(orm::concat((title, " ", n.cast::<String>()))))
    });
    expect![[r#"INSERT INTO "tag" ("slug", "name") SELECT "rows"."c0", CONCAT("rows"."c0", $1, CAST("rows"."c1" AS text)) FROM (SELECT "blog_post"."title" AS "c0", COUNT("blog_post"."id") AS "c1" FROM "blog_post" GROUP BY "blog_post"."title") AS "rows""#]]
        .assert_eq(&tags.to_sql());
    assert_eq!(tags.await.unwrap(), 5);
    // What is there already is left out, or changed.
    let titles = || Post::objects().values(|p| p.title).distinct();
    let again = || {
        Tag::objects()
            .using(w.db())
            .insert_from(titles(), |new, title| (new.slug.set(title.clone()), new.name.set(title)))
    };
    assert_eq!(again().ignore_conflicts().await.unwrap(), 0);
    let upsert = again().update_conflicts(|t| t.slug, |t, new| t.name.set(new.name));
    assert_eq!(upsert.await.unwrap(), 5);
    assert!(Tag::objects().using(w.db()).filter(|t| t.name.eq("go")).exists().await.unwrap());
}

#[tokio::test]
async fn rows_of_a_query_without_a_required_value_are_an_error_before_anything_is_sent() {
    let w = ground().await;
    let copy = Post::objects().using(w.db()).insert_from(Post::objects(), |new, p| new.title.set(p.title));
    let error = copy.await.unwrap_err();
    expect!["Post.author: it has no value and no default; give it one"].assert_eq(&error.to_string());
    let some = Post::objects().using(w.db()).filter(|p| p.id.eq(1));
    let error = some.insert_from(Post::objects(), |new, p| new.title.set(p.title)).await.unwrap_err();
    assert!(error.to_string().contains("new rows meet no conditions"), "{error}");
    let none = Post::objects().none();
    let copy = Post::objects()
        .using(w.db())
        .insert_from(none, |new, p| (new.title.set(p.title), new.author.set(p.author.id)));
    assert_eq!(copy.await.unwrap(), 0);
}
