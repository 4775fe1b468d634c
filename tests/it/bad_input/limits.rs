//! More than a statement can hold, and deeper than a stack.

use super::{CANARY, in_a_lab, says};
use crate::models::{Post, Tag, User};
use orm::{Cond, ErrorKind, prelude::*};
use std::hint::black_box;

const DEEP: usize = 100_000;

/// A condition over many rows, made in a loop.
fn any_title(titles: impl Iterator<Item = String>) -> QuerySet<Post> {
    Post::objects().filter(|p| titles.fold(p.id.eq(0), |any, title| any | p.title.eq(title)))
}

async fn posts(n: usize) -> orm::Result<User> {
    let alice = User::objects().create().username("alice").await?;
    Post::objects()
        .bulk_create((0..n).map(|i| Post::draft().title(format!("{i}")).author(&alice).build()))
        .await?;
    Ok(alice)
}

in_a_lab! {
    async fn a_list_of_any_length_is_one_parameter(_lab) {
        let alice = posts(10).await?;
        let ids: Vec<i64> = (0..100_000).collect();
        assert_eq!(Post::objects().filter(|p| p.id.in_(&ids)).count().await?, 10);
        assert_eq!(Post::objects().exclude(|p| p.id.in_(&ids)).count().await?, 0);
        assert_eq!(Post::objects().filter(|p| p.author.in_(vec![&alice; 70_000])).update(|p| p.views.set(1)).await?, 10);
        assert_eq!(Post::objects().in_bulk(ids).await?.len(), 10);
    }

    async fn bulk_create_has_no_limit_of_values(_lab) {
        let users = (0..70_000).map(|i| User::draft().username(format!("user {i}")).email("x").age(i).build());
        assert_eq!(User::objects().bulk_create(users).await?.len(), 70_000);
        assert_eq!(User::objects().filter(|u| u.age.gte(0)).count().await?, 70_000);
    }

    async fn thousands_of_arms_work(_lab) {
        posts(10).await?;
        let all = any_title((0..5_000).map(|i| i.to_string()));
        assert_eq!(all.clone().count().await?, 10);
        assert_eq!(all.limit(3).await?.len(), 3);
        let none = Post::objects().filter(|p| (0..5_000).map(|i| p.title.ne(i.to_string())).collect::<Cond>());
        assert_eq!(none.count().await?, 0);
        let some = (5..5_000).fold(Post::objects(), |posts, i| posts.filter(|p| p.title.ne(i.to_string())));
        assert_eq!(some.update(|p| p.views.set(p.views + 1)).await?, 5);
    }

    async fn more_values_than_a_statement_can_hold_say_what_to_do(_lab) {
        let all = any_title((0..70_000).map(|i| format!("{CANARY} {i}")));
        for error in [
            all.clone().await.unwrap_err(),
            all.clone().count().await.unwrap_err(),
            all.clone().delete().await.unwrap_err(),
            all.update(|p| p.views.set(1)).await.unwrap_err(),
        ] {
            says(&error, ErrorKind::InvalidValue, &["Post", "65,535 parameters", "`in_`"]);
        }
    }

    async fn what_is_nested_too_deep_for_a_stack_is_an_error(_lab) {
        posts(1).await?;
        let too_deep = ["Post", "nested more than 64 deep"];
        let sum = Post::objects().filter(|p| (0..DEEP).fold(p.views + 0, |sum, _| sum + 1).gt(0));
        says(&black_box(sum.clone()).await.unwrap_err(), ErrorKind::Usage, &too_deep);
        drop(sum);
        let right = Post::objects().filter(|p| (0..DEEP).fold(p.views + 0, |sum, _| p.views + sum).gt(0));
        says(&right.count().await.unwrap_err(), ErrorKind::Usage, &too_deep);
        let negated = Post::objects().order_by(|p| (0..DEEP).fold(p.views + 0, |sum, _| -sum));
        says(&negated.await.unwrap_err(), ErrorKind::Usage, &too_deep);
        let both = Post::objects().filter(|p| (0..DEEP).fold(p.id.gt(0), |all, _| (all & p.id.gt(0)) | p.id.eq(1)));
        says(&both.clone().exists().await.unwrap_err(), ErrorKind::Usage, &too_deep);
        assert!(format!("{both:?}").len() < 1 << 20, "printing it is bounded too");
        let neither = Post::objects().filter(|p| (0..DEEP).fold(p.id.gt(0), |all, _| !(all & p.id.gt(0))));
        says(&neither.delete().await.unwrap_err(), ErrorKind::Usage, &too_deep);
        let update = Post::objects().update(|p| p.views.set((0..DEEP).fold(p.views + 0, |sum, _| sum + 1)));
        says(&update.await.unwrap_err(), ErrorKind::Usage, &too_deep);
        let values = Post::objects().values(|p| (0..DEEP).fold(p.views + 0, |sum, _| sum.cast()));
        says(&values.await.unwrap_err(), ErrorKind::Usage, &too_deep);
        let or = Post::objects().values(|p| (0..DEEP).fold(p.views + 0, |sum, _| sum.or(1)));
        says(&or.await.unwrap_err(), ErrorKind::Usage, &too_deep);
    }

    async fn queries_nested_too_deep_are_an_error(_lab) {
        posts(1).await?;
        let nested = |n: usize| (0..n).fold(Post::objects(), |posts, _| {
            Post::objects().filter(|p| p.id.in_(posts.values(|p| p.id)))
        });
        assert_eq!(nested(20).count().await?, 1);
        says(&nested(10_000).await.unwrap_err(), ErrorKind::Usage, &["Post", "nested more than 64 deep"]);
        let exist = |n: usize| (0..n).fold(Post::objects(), |posts, _| Post::objects().filter(|_| posts.exists()));
        assert_eq!(exist(20).count().await?, 1);
        says(&exist(10_000).delete().await.unwrap_err(), ErrorKind::Usage, &["Post", "nested more than 64 deep"]);
        let sum = |n: usize| (0..n).fold(Post::objects(), |posts, _| {
            Post::objects().filter(|p| p.id.lte(posts.aggregate(|p| p.id.max())))
        });
        assert_eq!(sum(20).count().await?, 1);
        says(&sum(10_000).await.unwrap_err(), ErrorKind::Usage, &["Post", "nested more than 64 deep"]);
        let any = |n: usize| User::objects().filter(|u| (0..n).fold(u.posts.exists(), |any, _| u.posts.any(|_| any)));
        assert_eq!(any(5).count().await?, 1);
        says(&any(10_000).await.unwrap_err(), ErrorKind::Usage, &["nested more than 64 deep"]);
    }

    async fn chains_of_one_operator_are_flat_however_long(_lab) {
        posts(10).await?;
        let not = Post::objects().filter(|p| (0..DEEP).fold(p.id.gt(0), |cond, _| !cond));
        assert_eq!(not.to_sql(), Post::objects().filter(|p| !!p.id.gt(0)).to_sql());
        let related = User::objects().filter(|u| u.posts.views.gt(0) & !!u.posts.title.eq("x"));
        assert_eq!(related.to_sql().matches("EXISTS").count(), 2, "two of them are not none: each speaks of a post of its own");
        let not = Post::objects().filter(|p| (0..=DEEP).fold(p.editor.email.eq("x"), |cond, _| !cond));
        assert_eq!(not.count().await?, 10, "an odd number of them is one");
        let trues = Post::objects().filter(|p| (0..DEEP).fold(p.id.gt(0), |all, _| all & true));
        assert_eq!(trues.count().await?, 10);
        // the server would take long for so many
        let left = Post::objects().filter(|p| (0..DEEP).fold(p.id.gt(0), |all, _| all & p.editor.is_null()));
        let right = Post::objects().filter(|p| (0..DEEP).fold(p.id.gt(0), |any, _| p.body.gt(p.title) | any));
        let calls = (0..DEEP).fold(Post::objects(), |all, _| all.filter(|p| p.views.gte(p.views)));
        for (query, part) in [(left, "IS NULL"), (right, "\"body\" >"), (calls, ">=")] {
            assert_eq!(black_box(query.clone()).to_sql().matches(part).count(), DEEP, "{part}");
        }
    }

    async fn what_is_nested_as_deep_as_allowed_works(_lab) {
        posts(10).await?;
        assert_eq!(Post::objects().filter(|p| (0..60).fold(p.views + 0, |sum, _| sum + 1).eq(60)).count().await?, 10);
        assert_eq!(Post::objects().filter(|p| (0..60).fold(p.views + 0, |sum, _| p.views + sum).eq(0)).count().await?, 10);
        let both = Post::objects().filter(|p| (0..30).fold(p.id.gt(0), |all, _| (all & p.id.gt(0)) | p.id.eq(-1)));
        assert_eq!(both.count().await?, 10);
        let nested = (0..60).fold(Post::objects(), |posts, _| Post::objects().filter(|p| p.id.in_(posts.values(|p| p.id))));
        assert_eq!(nested.to_sql().matches("SELECT").count(), 61);
        // each level wide too
        let wide = Post::objects().filter(|p| (0..30).fold(p.id.gt(0), |all, _| {
            let all = (0..50).fold(all, |all, _| all & p.views.eq(p.views));
            (0..50).fold(all, |any, _| any | p.views.lt(p.views))
        }));
        assert_eq!(wide.count().await?, 10);
    }

    async fn limits_and_offsets_of_any_size_are_taken(_lab) {
        posts(3).await?;
        assert_eq!(Post::objects().limit(u64::MAX).await?.len(), 3);
        assert_eq!(Post::objects().offset(u64::MAX).await?.len(), 0);
        assert_eq!(Post::objects().limit(0).await?.len(), 0);
    }

    async fn a_text_of_megabytes_is_stored_and_found(_lab) {
        let large = "é\\'\"%_".repeat(500_000);
        Tag::objects().create().slug("large").name("small").await?;
        // an index of the whole text could not hold it
        let alice = User::objects().create().username("alice").email(&large).await?;
        assert_eq!(alice.email.as_deref(), Some(&*large));
        assert_eq!(User::objects().filter(|u| u.email.eq(&large) & u.email.contains(&large)).count().await?, 1);
        let error = Tag::objects().update(|t| t.name.set(&large)).await.unwrap_err();
        says(&error, ErrorKind::Database, &["index row", "maximum size", "54000"]);
    }
}
