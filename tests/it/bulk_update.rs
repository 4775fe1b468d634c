//! `bulk_update`: many rows, each with values of its own, in one statement.

use crate::models::{User, all};
use orm::{prelude::*, testing::count_queries};

async fn users(db: &Db, names: &[&str]) -> Vec<User> {
    let drafts = names.iter().map(|name| User::draft().username(*name).build());
    User::objects().using(db).bulk_create(drafts).await.unwrap()
}

#[orm::test(models = all())]
async fn many_rows_get_values_of_their_own_in_one_statement(db: Db) {
    let mut rows = users(&db, &["ann", "bob", "cyd"]).await;
    for (n, user) in rows.iter_mut().enumerate() {
        user.age = (n > 0).then_some(n as i32);
        user.email = Some(format!("{n}@x"));
    }
    rows.reverse();
    let (changed, queries) =
        count_queries(User::objects().using(&db).bulk_update(&rows[..2], |u| (u.age, u.email))).await;
    assert_eq!((changed.unwrap(), queries == 1), (2, true));
    let found = User::objects().using(&db).order_by(|u| u.id).values(|u| (u.age, u.email)).await.unwrap();
    assert_eq!(found, [(None, None), (Some(1), Some("1@x".into())), (Some(2), Some("2@x".into()))]);
    assert_eq!(User::objects().using(&db).bulk_update(&[], |u| u.age).await.unwrap(), 0);
}

#[orm::test(models = all())]
async fn a_vanished_row_is_said_and_nothing_is_changed(db: Db) {
    let mut rows = users(&db, &["ann", "bob"]).await;
    rows[1].delete().using(&db).await.unwrap();
    rows.iter_mut().for_each(|user| user.age = Some(7));
    let error = User::objects().using(&db).bulk_update(&rows, |u| u.age).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert!(error.to_string().contains("found 1 of 2 rows of `User`"), "{error}");
    assert_eq!(User::objects().using(&db).values(|u| u.age).await.unwrap(), [None]);
}

#[orm::test(models = all())]
async fn very_many_rows_are_changed_in_parts_and_all_or_none(db: Db) {
    let mut rows = users(&db, &["ann", "bob", "cyd"]).await;
    rows.iter_mut().for_each(|user| user.email = Some(user.username.repeat(200_000)));
    let (changed, queries) = count_queries(User::objects().using(&db).bulk_update(&rows, |u| u.email)).await;
    assert!(queries == 2, "{queries:?}");
    assert_eq!(changed.unwrap(), 3);
    rows.iter_mut().for_each(|user| user.email = None);
    rows[2].delete().using(&db).await.unwrap();
    assert!(User::objects().using(&db).bulk_update(&rows, |u| u.email).await.unwrap_err().is_not_found());
    assert_eq!(User::objects().using(&db).filter(|u| u.email.is_not_null()).count().await.unwrap(), 2);
}

#[orm::test(models = all())]
async fn the_key_no_column_and_a_query_with_conditions_are_refused(db: Db) {
    let rows = users(&db, &["ann"]).await;
    let objects = || User::objects().using(&db);
    let error = objects().bulk_update(&rows, |u| u.id).await.unwrap_err();
    assert!(error.to_string().contains("`bulk_update` of `User.id`"), "{error}");
    let error = objects().filter(|u| u.active).bulk_update(&rows, |u| u.age).await.unwrap_err();
    assert!(error.to_string().contains("the instances say which rows"), "{error}");
}
