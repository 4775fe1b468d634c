//! Inference is a public interface: these programs compile. Nothing is asked.

use crate::models::{Comment, Company, Post, PostFields, Tag, User, UserFields};
use futures_util::StreamExt;
use orm::{Cond, prelude::*};
use std::{future::IntoFuture, rc::Rc};

type AnyError = Box<dyn std::error::Error>;

fn is_send<T: Send>(value: T) -> T {
    value
}

/// Type-checked, never run.
macro_rules! compiles {
    ($($name:ident($($arg:ident: $ty:ty),*) $body:block)*) => {$(
        #[allow(dead_code, unused_must_use)]
        async fn $name($($arg: $ty),*) -> Result<(), AnyError> {
            $body
            Ok(())
        }
    )*};
}

fn published(p: &PostFields) -> Cond {
    !p.published_at.is_null()
}

fn named<N: orm::Reach>(u: &UserFields<N>, text: &str) -> Cond {
    u.username.eq(text) | u.email.eq(text)
}

trait PostQueries {
    fn popular(self) -> Self;
}

impl PostQueries for QuerySet<Post> {
    fn popular(self) -> Self {
        self.filter(|p| p.views.gt(100))
    }
}

compiles! {
    literals_find_the_width_of_the_field() {
        Post::objects().filter(|p| p.id.eq(3) & p.views.eq(3) & p.id.gt(3_000_000_000)).await?;
        Post::objects().filter(|p| p.views.in_([1, 2]) & p.title.in_(["a", "b"]) & p.id.in_(&[1i64, 2][..])).await?;
        Post::objects().filter(|p| p.comments.stars.gt(3) & p.views.range(1, 3) & (p.views + 1).lt(5)).await?;
        let _: Vec<(i32, i64)> = Post::objects().values(|p| ((p.views + 1) * 2, p.views.cast::<i64>() + p.id)).await?;
    }

    none_finds_its_type(post: Post) {
        User::objects().filter(|u| u.age.eq(None) & u.email.eq(None) & u.company.eq(None) & u.age.ne(None)).await?;
        let who: Option<&str> = Some("x");
        User::objects().create().username("x").email(who.map(String::from)).age(None).company(None).await?;
        User::objects().create().username(&post.title).email(&post.title).email(String::new()).age(3).company(3).await?;
        Post::objects().update(|p| (p.published_at.set(None), p.editor.set(None), p.reply_to.set(&post))).await?;
    }

    keys_and_instances_stand_for_relations(alice: User, post: Post) {
        Post::objects().filter(|p| p.author.eq(&alice) & p.author.eq(7) & p.author.eq(&post.author)).await?;
        Post::objects().filter(|p| p.editor.eq(&alice) & p.editor.eq(7) & p.editor.eq(&post.author)).await?;
        Post::objects().filter(|p| p.author.in_([&alice]) & p.author.in_([1, 2]) & p.editor.in_(vec![&alice])).await?;
        Post::objects().filter(|p| p.author.in_(User::objects().filter(|u| u.active))).await?;
        Post::objects().filter(|p| p.author.in_(User::objects().values(|u| u.id))).await;
        Post::objects().filter(|p| p.author.eq(p.editor) & p.author.id.eq(p.editor.id) & p.author.eq(p.author.id)).await?;
        Post::objects().get(7).await?;
        Post::objects().get(&post).await?;
        User::objects().get(&post.author).await?;
        Tag::objects().get("rust").await?;
        Tag::objects().get(String::from("rust")).await?;
        Post::objects().in_bulk([1, 2]).await?;
        Post::objects().in_bulk([&post]).await?;
        Tag::objects().in_bulk(["a"]).await?;
    }

    conditions_are_reusable_on_any_path() {
        Post::objects().filter(published).popular().await?;
        Post::objects().filter(|p| named(&p.author, "x") | named(&p.editor, "y")).await?;
        User::objects().filter(|u| named(u, "x") & u.active & !u.active & true).await?;
    }

    rows_have_the_types_of_what_was_selected() {
        let _: Vec<String> = Post::objects().values(|p| p.title).await?;
        let _: Vec<(i64, Option<String>)> = Post::objects().values(|p| (p.id, p.editor.username)).await?;
        let _: Vec<(i64, User, Option<User>)> = Post::objects().values(|p| (p.id, p.author, p.editor)).await?;
        let _: Vec<(Option<i32>, i32)> = Post::objects().values(|p| (p.editor.age, p.editor.age.or(0) + p.views)).await?;
        let _: Vec<(i64, Option<i64>)> = User::objects().values(|u| (u.posts.count(), u.posts.views.sum())).await?;
        let _: (i64, Option<i32>, Option<f64>, i64) =
            Post::objects().aggregate(|p| (p.id.count(), p.views.max(), p.views.avg(), p.views.sum().or(0))).await?;
        let _: i64 = Post::objects().aggregate(|p| p.id.count()).await?;
        let _: Option<Post> = Post::objects().first().await?;
        let _: Option<(i64, String)> = Post::objects().values(|p| (p.id, p.title)).last().await?;
        let _: Vec<(String, Option<i64>)> = User::objects()
            .values(|u| (u.username, Post::objects().filter(|p| p.author.eq(u.id)).values(|p| p.id).first()))
            .await?;
        let _: bool = Post::objects().exists().await?;
        let _: i64 = Post::objects().count().await?;
    }

    builders_take_values_in_any_order(alice: User) {
        let drafts = (0..3).map(|_| Post::draft().author(&alice).title("x").build());
        let _: Vec<Post> = Post::objects().bulk_create(drafts).await?;
        let (_, _): (Tag, bool) =
            Tag::objects().get_or_create(|t| t.name.eq("rust"), |new| new.name("rust").slug("rust")).await?;
        Comment::draft().text("x").stars(3).post(1).author(&alice).await?;
        Company::objects().create().name("x").id(7).await?;
    }

    every_future_can_be_sent(post: Post) {
        let mut own = post.clone();
        let cell = Rc::new(3); // not `Send`: may be used in a closure, must not stay in the future
        is_send(Post::objects().filter(|p| p.views.gt(*cell)).into_future()).await?;
        is_send(Post::objects().filter(|p| p.views.gt(*cell)).first().into_future()).await?;
        is_send(Post::objects().filter(|p| p.views.gt(*cell)).count().into_future()).await?;
        is_send(Post::objects().filter(|p| p.views.gt(*cell)).exists().into_future()).await?;
        is_send(Post::objects().filter(|p| p.views.gt(*cell)).explain().into_future()).await?;
        is_send(Post::objects().filter(|p| p.views.gt(*cell)).delete().into_future()).await?;
        is_send(Post::objects().update(|p| p.views.set(*cell)).into_future()).await?;
        is_send(Post::objects().aggregate(|p| p.views.sum()).into_future()).await?;
        is_send(Post::objects().get(7).into_future()).await?;
        is_send(Post::objects().in_bulk([7]).into_future()).await?;
        is_send(Tag::objects().get_or_create(|t| t.slug.eq("x"), |n| n.slug("x").name("x")).into_future()).await?;
        is_send(
            Tag::objects()
                .update_or_create(|t| t.slug.eq("x"), |t| t.name.set("y"), |n| n.slug("x").name("x"))
                .into_future(),
        )
        .await?;
        drop(cell);
        is_send(Post::objects().create().title("x").author(1)).await?;
        is_send(Post::objects().bulk_create(vec![]).into_future()).await?;
        is_send(own.save().into_future()).await?;
        is_send(own.save_fields(|p| (p.title, p.author)).into_future()).await?;
        is_send(own.refresh().into_future()).await?;
        is_send(own.delete().into_future()).await?;
        is_send(post.author.fetch()).await?;
        is_send(post.editor.fetch()).await?;
        let _: Option<&User> = post.editor.get()?;
        let mut stream = std::pin::pin!(is_send(Post::objects().stream()));
        while let Some(post) = stream.next().await {
            let _: Post = post?;
        }
    }

    transactions_need_no_annotations(db: Db) {
        atomic(async {
            Post::objects().count().await?;
            Ok(())
        })
        .await?;
        let title = String::from("x");
        atomic(async { Post::objects().filter(|p| p.title.eq(&title)).count().await }).await?;
        Transaction::serializable().run(|| async { Post::objects().filter(|p| p.title.eq(&title)).count().await }).await?;
        Transaction::serializable().run(async || { Post::objects().filter(|p| p.title.eq(&title)).count().await }).await?;
        is_send(Transaction::serializable().run(|| async { Post::objects().count().await })).await?;
        tokio::spawn(atomic(async { Post::objects().count().await })).await??;
        tokio::spawn(async { atomic(async { atomic(async { Post::objects().count().await.map(drop) }).await?; Ok(()) }).await })
            .await??;
        is_send(db.scope(async { Post::objects().await })).await?;
        on_commit(|| async {})?;
    }
}

#[derive(Debug)]
struct AppError;

impl From<orm::Error> for AppError {
    fn from(_: orm::Error) -> Self {
        AppError
    }
}

#[allow(dead_code)]
async fn own_errors_go_through_try_atomic(enough: bool) -> Result<(), AppError> {
    try_atomic(async {
        Post::objects().count().await?;
        if !enough {
            return Err(AppError);
        }
        Ok(())
    })
    .await?;
    try_atomic::<_, AppError>(async { Ok(()) }).await
}
