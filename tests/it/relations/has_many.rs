//! The managers of `HasMany`: the same words, by the foreign key over there.

use super::sends;
use crate::models::{Company, Post, User, all};
use expect_test::expect;
use orm::{Result, prelude::*};

/// Companies 1 acme (ann, bob) and 2 zeta (cyd); dan is of none.
async fn staff() -> Result<(Company, Company)> {
    let acme = Company::objects().create().id(1).name("acme").await?;
    let zeta = Company::objects().create().id(2).name("zeta").await?;
    let users = [(1, "ann", Some(1)), (2, "bob", Some(1)), (3, "cyd", Some(2)), (4, "dan", None)];
    let users = users.map(|(id, name, company)| {
        User::draft().id(id).username(name).company(company.map(ForeignKey::to)).build()
    });
    User::objects().bulk_create(users).await?;
    Ok((acme, zeta))
}

async fn of(company: &Company) -> Result<Vec<i64>> {
    company.staff.query().order_by(|u| u.id).values(|u| u.id).await
}

#[orm::test(models = all(), transaction)]
async fn create_and_get_or_create_give_the_key() -> Result<()> {
    let (acme, _) = staff().await?;
    let eve = sends(1, acme.staff.create().id(5).username("eve")).await?;
    assert_eq!(eve.company.map(|company| company.id()), Some(1));
    let ann = |name: &'static str| {
        acme.staff.get_or_create(|u| u.username.eq(name), |new| new.id(6).username(name))
    };
    assert!(!sends(1, ann("ann")).await?.1);
    assert!(sends(2, ann("fay")).await?.1);
    assert_eq!(of(&acme).await?, [1, 2, 5, 6]);
    // somebody else's
    assert!(atomic(async { ann("cyd").await }).await.unwrap_err().is_unique_violation());
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn update_or_create_changes_a_related_row_or_makes_one_with_the_key() -> Result<()> {
    let (acme, _) = staff().await?;
    let aged = |name: &'static str| {
        acme.staff.update_or_create(
            move |u| u.username.eq(name),
            |u| u.age.set(50),
            move |new| new.id(6).username(name).age(1),
        )
    };
    let (ann, created) = aged("ann").await?;
    assert_eq!((ann.age, created), (Some(50), false));
    let (fay, created) = aged("fay").await?;
    assert_eq!((fay.age, fay.company.map(|company| company.id()), created), (Some(1), Some(1), true));
    // somebody else's
    assert!(atomic(async { aged("cyd").await }).await.unwrap_err().is_unique_violation());
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn a_required_key_is_given_by_create() -> Result<()> {
    staff().await?;
    let ann = User::objects().get(1).await?;
    let post = ann.posts.create().title("Hi").await?;
    assert_eq!((post.author.id(), ann.posts.query().count().await?), (1, 1));
    let comment = post.comments.create().text("nice").await.unwrap_err();
    expect!["Comment.author: it has no value and no default; give it one"].assert_eq(&comment.to_string());
    assert_eq!(post.comments.create().text("nice").author(&ann).await?.post.id(), post.id);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn add_gives_the_key_to_rows_that_are_there() -> Result<()> {
    let (acme, zeta) = staff().await?;
    let (cyd, dan) = (User::objects().get(3).await?, User::objects().get(4).await?);
    assert_eq!(sends(1, acme.staff.add(&[&cyd, &dan])).await?, 2);
    assert_eq!((of(&acme).await?, of(&zeta).await?), (vec![1, 2, 3, 4], vec![]));
    let error = zeta.staff.add([1, 99]).await.unwrap_err();
    assert!(error.is_not_found());
    expect!["not all of these rows of `User` are there; nothing was changed"].assert_eq(&error.to_string());
    assert_eq!(of(&zeta).await?, [] as [i64; 0]);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn remove_and_clear_take_a_key_that_may_be_null() -> Result<()> {
    let (acme, zeta) = staff().await?;
    assert_eq!(sends(1, acme.staff.remove([1])).await?, 1);
    let error = acme.staff.remove([2, 3]).await.unwrap_err();
    assert!(error.is_not_found(), "cyd is zeta's");
    assert_eq!((of(&acme).await?, of(&zeta).await?), (vec![2], vec![3]));
    assert_eq!(sends(1, acme.staff.clear()).await?, 1);
    assert_eq!((of(&acme).await?, User::objects().count().await?), (vec![], 4));
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn set_moves_the_difference_and_checks_what_it_did() -> Result<()> {
    let (acme, zeta) = staff().await?;
    assert_eq!(sends(3, acme.staff.set([2, 3])).await?, 2);
    assert_eq!((of(&acme).await?, of(&zeta).await?), (vec![2, 3], vec![]));
    assert_eq!(sends(3, acme.staff.set([2, 3])).await?, 0);
    let error = acme.staff.set([1, 99]).await.unwrap_err();
    expect!["not all of these rows of `User` are there; nothing was changed"].assert_eq(&error.to_string());
    assert!(error.is_not_found());
    assert_eq!(of(&acme).await?, [2, 3]);
    assert_eq!(sends(2, acme.staff.set([] as [i64; 0])).await?, 2);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn a_key_that_is_never_null_can_only_be_given_to_another() -> Result<()> {
    staff().await?;
    let (ann, bob) = (User::objects().get(1).await?, User::objects().get(2).await?);
    let post = ann.posts.create().title("Hi").await?;
    let error = ann.posts.clear().await.unwrap_err().to_string();
    expect![
        "`Post.author` is never NULL, so its row cannot be without one; delete the row, or give it to another"
    ]
    .assert_eq(&error);
    assert_eq!(ann.posts.remove(&[&post]).await.unwrap_err().to_string(), error);
    let error = ann.posts.set([] as [i64; 0]).await.unwrap_err().to_string();
    expect!["`set` of rows of `Post` that are not there, or without some that are related: `Post.author` is never NULL, so none can leave; nothing was changed"].assert_eq(&error);
    assert_eq!(bob.posts.set(&[&post]).await?, 1);
    assert_eq!(Post::objects().get(post.id).await?.author.id(), 2);
    Ok(())
}
