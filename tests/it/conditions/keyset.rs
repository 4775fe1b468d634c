//! Pages by the last row seen: each row once, in any order, forwards and backwards, whatever happens elsewhere.

use super::world;
use crate::models::{Post, User};
use orm::{ErrorKind, Slice, prelude::*, testing::count_queries, types::Keyset};

/// The keys of all rows, walked forwards; then backwards from the end, which must be the same.
async fn walk(w: &super::World, keyset: impl Fn() -> Keyset<Post>) -> Vec<i64> {
    let (mut found, mut cursor) = (Vec::new(), None::<String>);
    let ids = |page: &Slice<Post>| page.items.iter().map(|post| post.id).collect::<Vec<_>>();
    let last = loop {
        let page = w.db().scope(keyset().after(cursor.as_deref())).await.unwrap();
        assert_eq!(page.has_previous, cursor.is_some());
        found.extend(ids(&page));
        match page.next() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break page,
        }
    };
    let mut back = ids(&last);
    let mut page = last;
    while let Some(previous) = page.previous().map(str::to_owned) {
        page = w.db().scope(keyset().before(&*previous)).await.unwrap();
        assert!(page.has_next);
        back.splice(0..0, ids(&page));
    }
    assert_eq!(back, found, "backwards");
    found
}

#[tokio::test]
async fn walking_gives_each_row_once_in_the_order_of_the_query() {
    let w = world().await;
    macro_rules! orders { ($($order:expr => $keys:expr;)*) => {$(
        for rows in 1..=6 {
            assert_eq!(walk(&w, || Post::objects().order_by($order).keyset(rows)).await, $keys, "{rows} a page");
        }
    )*}}
    orders! {
        |p| p.id => [1, 2, 3, 4, 5];
        |p| p.id.desc() => [5, 4, 3, 2, 1];
        |p| p.views => [2, 3, 1, 4, 5];
        |p| p.views.desc() => [5, 4, 1, 3, 2];
        |p| (p.views.desc(), p.id) => [4, 5, 1, 2, 3];
        |p| p.published_at => [1, 3, 5, 2, 4];
        |p| p.published_at.desc() => [4, 2, 5, 3, 1];
        |p| p.published_at.asc().nulls_first() => [2, 4, 1, 3, 5];
        |p| p.published_at.desc().nulls_last() => [5, 3, 1, 4, 2];
        |p| (p.author.company.name, p.views.desc()) => [5, 1, 2, 4, 3];
        |p| (p.editor.age.desc(), p.title) => [2, 1, 3, 4, 5];
        |p| (p.views * -1, p.title.desc()) => [4, 5, 1, 3, 2];
        |p| (p.comments.count().desc(), p.id) => [1, 3, 4, 2, 5];
    }
}

#[tokio::test]
async fn rows_that_come_and_go_elsewhere_move_no_other_one() {
    let w = world().await;
    w.db()
        .scope(async {
            let posts = || Post::objects().order_by(|p| p.views.desc()).keyset(2);
            let (page, queries) = count_queries(posts()).await;
            let page = page?;
            assert_eq!(queries, 1);
            assert_eq!((page.items[0].id, page.items[1].id), (5, 4));
            let draft =
                |id: i64, views: i32| Post::draft().id(id).title("new").views(views).author(1).build();
            Post::objects().bulk_create([draft(11, 1000), draft(12, 300), draft(13, 201)]).await?;
            Post::objects().filter(|p| p.id.in_([4, 5])).delete().await?;
            let next = posts().after(page.next()).await?;
            assert_eq!(
                (next.items[0].id, next.items[1].id),
                (1, 3),
                "also where the cursor's own row is gone"
            );
            let before = posts().before(next.previous()).await?;
            assert_eq!(
                before.items.iter().map(|post| post.views).collect::<Vec<_>>(),
                [300, 201],
                "the nearest ones"
            );
            assert!(before.has_previous && before.has_next);
            Ok::<_, orm::Error>(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn values_annotations_and_loaded_relations_are_read_beside_the_cursor() {
    let w = world().await;
    w.db()
        .scope(async {
            let titles = Post::objects().order_by(|p| p.id).values(|p| p.title).keyset(2).await?;
            assert_eq!((&titles.items[..], titles.has_next), (&["rust".to_owned(), "go".into()][..], true));
            let users = User::objects().annotate(|u| u.posts.count()).order_by(|(_, n)| n.desc()).keyset(3);
            let page = users.clone().await?;
            assert_eq!(
                page.items.iter().map(|(user, n)| (user.id, *n)).collect::<Vec<_>>(),
                [(2, 2), (1, 2), (3, 1)]
            );
            let page = users.after(page.next()).await?;
            assert_eq!(page.items.iter().map(|(user, n)| (user.id, *n)).collect::<Vec<_>>(), [(4, 0)]);
            let posts = Post::objects().select_related(|p| p.author).prefetch_related(|p| p.comments);
            let page = posts.order_by(|p| p.id).keyset(1).await?;
            assert_eq!(
                (&*page.items[0].author.get()?.username, page.items[0].comments.get()?.len()),
                ("ann", 2)
            );
            Ok::<_, orm::Error>(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_cursor_of_another_query_or_one_that_was_changed_is_refused() {
    let w = world().await;
    w.db()
        .scope(async {
            let page = Post::objects().order_by(|p| p.views).keyset(2).await?;
            let cursor = page.next().unwrap().to_owned();
            assert!(!cursor.contains("rust"));
            let said = "the cursor is not one of this query and its order, or it was changed";
            let mut wrong =
                vec![String::new(), "x".into(), "é".into(), cursor[1..].into(), format!("{cursor}AAAA")];
            for at in 0..cursor.len() {
                let mut changed = cursor.clone().into_bytes();
                changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
                wrong.push(String::from_utf8(changed).unwrap());
            }
            for cursor in wrong {
                let error =
                    Post::objects().order_by(|p| p.views).keyset(2).after(&*cursor).await.unwrap_err();
                assert!(error.is_invalid_input(), "{cursor}: {error}");
                assert_eq!(error.to_string(), said);
            }
            let others = [
                Post::objects().order_by(|p| p.views.desc()).keyset(2).after(&*cursor).await.unwrap_err(),
                Post::objects().order_by(|p| p.title).keyset(2).after(&*cursor).await.unwrap_err(),
                Post::objects()
                    .order_by(|p| (p.views, p.title))
                    .keyset(2)
                    .before(&*cursor)
                    .await
                    .unwrap_err(),
            ];
            assert!(others.iter().all(|error| error.to_string() == said));
            let of_users = User::objects().keyset(2).after(&*cursor).await.unwrap_err();
            assert_eq!(of_users.to_string(), said);
            // Other conditions may stand beside it.
            let page = Post::objects()
                .order_by(|p| p.views)
                .filter(|p| p.id.gt(4))
                .keyset(2)
                .after(&*cursor)
                .await?;
            assert_eq!(page.items.len(), 1);
            for query in [Post::objects().limit(3).keyset(2), Post::objects().offset(1).keyset(2)] {
                assert_eq!(query.await.unwrap_err().kind(), ErrorKind::Usage);
            }
            Ok::<_, orm::Error>(())
        })
        .await
        .unwrap();
}
