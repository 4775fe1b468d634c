//! Comments: a view set.

use crate::client::Blog;
use serde_json::{Value, json};

#[tokio::test]
async fn the_comments_of_one_post_are_listed() {
    let blog = Blog::open().await;
    let answer = blog.get("/comments").await;
    assert_eq!((answer.status, &answer.body["count"]), (200, &json!(4)));
    let answer = blog.get("/comments?post=3&ordering=-id&limit=1").await;
    assert_eq!(
        (&answer.body["count"], &answer.body["results"][0]["text"]),
        (&json!(2), &json!("Talk is cheap."))
    );
    let answer = blog.get("/comments?post=three").await;
    let said = json!("Comment.post: the text is no value of type bigint");
    assert_eq!((answer.status, &answer.body["errors"]["post"][0]), (422, &said));
}

#[tokio::test]
async fn a_comment_is_created_retrieved_changed_replaced_and_destroyed() {
    let blog = Blog::open().await;
    let sent = json!({"text": "First!", "post": 1, "author": 2, "changed_at": "1970-01-01T00:00:00Z"});
    let answer = blog.post("/comments", sent).await;
    assert_eq!((answer.status, &answer.body["text"]), (201, &json!("First!")));
    assert!(answer.body["changed_at"].as_str().unwrap() > "2020", "a client does not say when");
    let path = format!("/comments/{}", answer.body["id"]);
    assert_eq!(blog.get(&path).await.body, answer.body);

    let answer = blog.patch(&path, json!({"text": "Second!"})).await;
    assert_eq!(
        (answer.status, &answer.body["text"], &answer.body["author"]),
        (200, &json!("Second!"), &json!(2))
    );
    let answer = blog.put(&path, json!({"text": "Third!", "post": 1, "author": 3})).await;
    assert_eq!(
        (answer.status, &answer.body["text"], &answer.body["author"]),
        (200, &json!("Third!"), &json!(3))
    );
    let answer = blog.put(&path, json!({"text": null})).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.body["errors"]["post"][0], "This field is required.");

    let answer = blog.delete(&path).await;
    assert_eq!((answer.status, answer.body), (204, Value::Null));
    assert_eq!(blog.get(&path).await.status, 404);
    assert_eq!(blog.patch(&path, json!({})).await.status, 404);
}

#[tokio::test]
async fn what_is_not_among_the_rows_is_not_found() {
    let blog = Blog::open().await;
    assert_eq!(blog.get("/comments/3?post=3").await.status, 200);
    for path in ["/comments/3?post=1", "/comments/99", "/comments/x", "/comments/99999999999999999999"] {
        let answer = blog.get(path).await;
        assert_eq!(
            (answer.status, answer.body),
            (404, json!({"title": "Not Found", "status": 404})),
            "{path}"
        );
    }
}

#[tokio::test]
async fn comments_go_with_their_post() {
    let blog = Blog::open().await;
    assert_eq!(blog.delete("/posts/3").await.status, 204);
    assert_eq!(blog.get("/comments").await.body["count"], 2);
}
