//! Posts: class-based views.

use crate::client::Blog;
use blog::models::{Comment, Post};
use orm::prelude::*;
use orm::testing::count_queries;
use serde_json::{Value, json};

fn slugs(page: &Value) -> Vec<&str> {
    page["results"].as_array().unwrap().iter().map(|post| post["slug"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_list_has_its_authors_and_counts_in_two_queries_however_long_it_is() {
    let blog = Blog::open().await;
    let (answer, queries) = count_queries(blog.get("/posts")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(queries, 2);
    assert_eq!(answer.body["count"], 3);
    assert_eq!(slugs(&answer.body), ["nanoseconds", "moths", "engines"]);
    let first = &answer.body["results"][0];
    assert_eq!((&first["author"], &first["comments"]), (&json!("grace"), &json!(2)));

    let many = (0..50).map(|n| {
        let draft = Post::draft().slug(format!("post-{n}")).title("More").author(1);
        draft.published_at(Utc::now()).build()
    });
    blog.run(Post::objects().bulk_create(many)).await;
    let (answer, queries) = count_queries(blog.get("/posts?limit=100")).await;
    assert_eq!(slugs(&answer.body).len(), 53);
    assert_eq!(queries, 2);
}

#[tokio::test]
async fn a_page_is_a_part_of_the_list_and_says_how_many_there_are() {
    let blog = Blog::open().await;
    let answer = blog.get("/posts?limit=1&offset=1").await;
    assert_eq!((&answer.body["count"], slugs(&answer.body)), (&json!(3), vec!["moths"]));
    let answer = blog.get("/posts?offset=4000000000").await;
    assert_eq!((&answer.body["count"], slugs(&answer.body).len()), (&json!(3), 0));
    let answer = blog.get("/posts?limit=-1").await;
    assert_eq!((answer.status, &answer.body["errors"]["limit"][0]), (422, &json!("is not a valid value")));
}

#[tokio::test]
async fn the_list_is_searched_and_put_into_an_order_that_is_offered() {
    let blog = Blog::open().await;
    let list = async |query: &str| {
        let answer = blog.get(&format!("/posts?{query}")).await;
        assert_eq!(answer.status, 200, "{query}");
        slugs(&answer.body).join(" ")
    };
    assert_eq!(list("author=grace").await, "nanoseconds moths");
    assert_eq!(list("search=NANO").await, "nanoseconds");
    assert_eq!(list("search=%25").await, "");
    assert_eq!(list("ordering=title").await, "moths nanoseconds engines");
    assert_eq!(list("ordering=-title").await, "engines nanoseconds moths");
    assert_eq!(list("ordering=-comments").await, "nanoseconds moths engines");
    let answer = blog.get("/posts?ordering=author__balance").await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.body["errors"]["ordering"][0],
        "`author__balance` cannot be ordered by; there are title, published_at, comments"
    );
    let answer = blog.get("/posts?author__balance__gt=0").await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.body["errors"]["author__balance__gt"][0],
        "`author__balance__gt` cannot be filtered by; there are author, search"
    );
}

#[tokio::test]
async fn a_post_has_its_author_and_comments_in_three_queries_however_many_they_are() {
    let blog = Blog::open().await;
    let (answer, queries) = count_queries(blog.get("/posts/2")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(queries, 3);
    assert_eq!((&answer.body["slug"], &answer.body["author_name"]), (&json!("moths"), &json!("grace")));
    assert_eq!(answer.body["comments"], json!([{"id": 2, "text": "Was it alive?", "author": "ada"}]));

    let many = (0..50).map(|_| Comment::draft().text("And?").post(2).author(3).build());
    blog.run(Comment::objects().bulk_create(many)).await;
    let (answer, queries) = count_queries(blog.get("/posts/2")).await;
    assert_eq!(answer.body["comments"].as_array().unwrap().len(), 51);
    assert_eq!(queries, 3);
}

#[tokio::test]
async fn a_post_is_created_published_changed_replaced_and_deleted() {
    let blog = Blog::open().await;
    let answer = blog.post("/posts", json!({"slug": "new", "title": "New", "author": 3})).await;
    assert_eq!(answer.status, 201);
    assert_eq!((&answer.body["body"], &answer.body["published_at"]), (&json!(""), &Value::Null));
    let path = format!("/posts/{}", answer.body["id"]);
    assert_eq!(blog.get("/posts").await.body["count"], 3, "it is not published");

    let answer = blog.patch(&path, json!({"published_at": "2030-01-01T00:00:00Z", "id": 99})).await;
    assert_eq!((answer.status, &answer.body["title"]), (200, &json!("New")));
    assert_eq!(slugs(&blog.get("/posts").await.body)[0], "new");

    let answer = blog.put(&path, json!({"slug": "newer", "title": "Newer", "author": 2})).await;
    assert_eq!(
        (answer.status, &answer.body["slug"], &answer.body["author"]),
        (200, &json!("newer"), &json!(2))
    );
    let answer = blog.put(&path, json!({"title": "Newest"})).await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.body["errors"],
        json!({"slug": ["This field is required."], "author": ["This field is required."]})
    );

    let answer = blog.delete(&path).await;
    assert_eq!((answer.status, answer.body), (204, Value::Null));
    assert_eq!(blog.get(&path).await.status, 404);
    assert_eq!(blog.delete(&path).await.status, 404);
}

#[tokio::test]
async fn what_is_wrong_with_a_post_is_said_of_all_its_fields_at_once() {
    let blog = Blog::open().await;
    let answer = blog.post("/posts", json!({"slug": "s".repeat(81), "author": "ada", "sulg": 1})).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    let errors = json!({
        "slug": ["Ensure this value has at most 80 characters (it has 81)."],
        "title": ["This field is required."],
        "author": ["invalid type: string \"ada\", expected i64"],
        "sulg": ["`Post` has no such field; it takes slug, title, body, published_at, author."],
    });
    assert_eq!(answer.body["errors"], errors);
}

#[tokio::test]
async fn what_the_database_refuses_is_said_of_the_field() {
    let blog = Blog::open().await;
    let answer = blog.post("/posts", json!({"slug": "moths", "title": "Again", "author": 1})).await;
    let taken = json!("Post with this slug already exists.");
    assert_eq!((answer.status, &answer.body["errors"]["slug"][0]), (422, &taken));
    let answer = blog.patch("/posts/1", json!({"slug": "moths"})).await;
    assert_eq!((answer.status, &answer.body["errors"]["slug"][0]), (422, &taken));
    let answer = blog.post("/posts", json!({"slug": "new", "title": "New", "author": 99})).await;
    assert_eq!(
        (answer.status, &answer.body["errors"]["author"][0]),
        (422, &json!("This User does not exist."))
    );
    assert_eq!(blog.run(Post::objects().count()).await, 3);
    assert_eq!(blog.get("/posts?search=%00").await.status, 422, "no text of the database has a NUL");
}
