//! Models, drafts and changes through serde.

use crate::models::{Company, Post, User, blog};
use orm::{Result, prelude::*, testing::TestDb};
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Model, Input, Serialize, Deserialize, Debug, Clone, PartialEq)]
#[orm(table = "article")]
struct Article {
    id: i64,
    #[orm(unique, max_length = 10)]
    slug: String,
    #[orm(default = "")]
    body: String,
    stars: Option<i16>,
    author: ForeignKey<Writer>,
    editor: Option<ForeignKey<Writer>>,
    #[orm(editable = false, default = 0)]
    views: i32,
    #[orm(auto_now)]
    changed_at: DateTime<Utc>,
    #[orm(via = "article")]
    notes: HasMany<Note>,
}

#[derive(Model, Input, Serialize, Deserialize, Debug, Clone, PartialEq)]
#[orm(table = "writer")]
struct Writer {
    #[orm(primary_key)]
    name: String,
}

#[derive(Model, Serialize, Deserialize, Debug, Clone, PartialEq)]
#[orm(table = "note")]
struct Note {
    id: i64,
    article: ForeignKey<Article>,
}

async fn on_articles(body: impl Future<Output = Result<()>>) {
    let test = TestDb::create().await.unwrap();
    test.db().create_tables(orm::models![Article, Writer, Note]).await.unwrap();
    let body = async {
        Writer::objects().create().name("ann").await?;
        body.await
    };
    test.db().scope(body).await.unwrap();
}

fn draft(json: serde_json::Value) -> Result<Draft<Article>, String> {
    serde_json::from_value(json).map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_row_is_written_with_its_keys_and_read_back_from_that() {
    on_articles(async {
        let article = Article::objects().create().slug("a").author("ann").await?;
        let json = serde_json::to_value(&article).unwrap();
        let changed_at = &json["changed_at"];
        let expected = json!({
            "id": article.id, "slug": "a", "body": "", "stars": null, "author": "ann", "editor": null, "views": 0,
            "changed_at": changed_at, "notes": null,
        });
        assert_eq!(json, expected);
        assert_eq!(serde_json::from_value::<Article>(json).unwrap(), article);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_draft_from_a_client_is_saved_and_a_row_that_comes_back_is_a_draft_too() {
    on_articles(async {
        let article = draft(json!({"slug": "a", "author": "ann", "stars": 3})).unwrap().save().await?;
        assert_eq!((&*article.slug, article.stars, &*article.author.id()), ("a", Some(3), "ann"));
        let mut sent = serde_json::to_value(&article).unwrap();
        sent["slug"] = "b".into();
        sent["views"] = 7.into();
        let again = draft(sent).unwrap().with(|a| a.body.set("text")).save().await?;
        assert_ne!(again.id, article.id, "what the database fills is passed over");
        assert_eq!(again.views, 0, "and what is not editable");
        assert_eq!((&*again.slug, &*again.body), ("b", "text"));
        let error = draft(json!({"slug": "a", "author": "ann"})).unwrap().save().await.unwrap_err();
        assert!(error.is_unique_violation());
        assert_eq!(error.fields(), ["slug"]);
        let error = draft(json!({"slug": "c", "author": "bob"})).unwrap().save().await.unwrap_err();
        assert!(error.is_foreign_key_violation());
        assert_eq!(error.fields(), ["author"]);
        Ok(())
    })
    .await;
}

/// What is wrong with a draft, as a client is told.
fn mistakes(draft: &Draft<Article>) -> serde_json::Value {
    let errors = draft.clean_fields().unwrap_err();
    json!(errors.message_dict())
}

#[test]
fn all_mistakes_of_a_draft_are_told_at_once_by_field() {
    let sent = json!({"slug": 7, "author": null, "stars": 40_000, "slugs": {"a": [1, null]}, "body": ["a"]});
    let expected = json!({
        "slug": ["invalid type: integer `7`, expected a string"],
        "author": ["This field cannot be null."],
        "stars": ["invalid value: integer `40000`, expected i16"],
        "slugs": ["`Article` has no such field; it takes slug, body, stars, author, editor."],
        "body": ["invalid type: sequence, expected a string"],
    });
    assert_eq!(mistakes(&draft(sent.clone()).unwrap()), expected);
    let from_text = serde_json::from_str(&sent.to_string()).unwrap();
    assert_eq!(mistakes(&from_text), expected, "and from a text, which is read as it comes");

    let expected = json!({
        "slug": ["Ensure this value has at most 10 characters (it has 12)."], "author": ["This field is required."],
    });
    assert_eq!(mistakes(&draft(json!({"slug": "far too long"})).unwrap()), expected);
    let expected = json!({"slug": ["text cannot hold the character NUL"]});
    assert_eq!(mistakes(&draft(json!({"slug": "a\u{0}", "author": "ann"})).unwrap()), expected);
    let twice = serde_json::from_str(r#"{"author": "ann", "slug": "a", "slug": "b"}"#).unwrap();
    assert_eq!(mistakes(&twice), json!({"slug": ["This field is given twice."]}));

    let error = draft(json!(["a"])).unwrap_err();
    assert!(error.starts_with("invalid type: sequence, expected the fields of `Article`"), "{error}");
}

#[tokio::test]
async fn what_a_client_sent_wrongly_is_never_saved() {
    on_articles(async {
        let sent = json!({"slug": "a", "author": "ann", "stars": "many"});
        let wrong = || draft(sent.clone()).unwrap();
        let error = wrong().save().await.unwrap_err();
        assert_eq!(error.to_string(), "not valid: stars: invalid");
        let errors = [
            Article::objects().bulk_create([wrong()]).await.map(drop).unwrap_err(),
            wrong().full_clean().await.unwrap_err(),
        ];
        assert!(errors.iter().all(|error| error.is_validation()), "{errors:?}");
        let mut article = wrong().with(|a| a.stars.set(3)).save().await?; // mended
        assert_eq!(article.stars, Some(3));

        let changes = || serde_json::from_value::<Changes<Article>>(json!({"nothing": 1})).unwrap();
        let errors = [
            article.update(changes()).await.unwrap_err(),
            Article::objects().update(|_| changes()).await.unwrap_err(),
            changes().full_clean(&article).await.unwrap_err(),
        ];
        let unknown = |error: &orm::Error| {
            error.validation_errors().is_some_and(|errors| errors.field("nothing")[0].code == "unknown")
        };
        assert!(errors.iter().all(unknown), "{errors:?}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn changes_from_a_client_change_what_they_name_and_nothing_else() {
    on_articles(async {
        let mut article = draft(json!({"slug": "a", "author": "ann", "stars": 3})).unwrap().save().await?;
        let before = article.clone();
        let changes = |json| serde_json::from_value::<Changes<Article>>(json).unwrap();
        assert!(changes(json!({})).is_empty());
        article.update(changes(json!({"stars": null, "id": 77}))).await?;
        assert_eq!(article.id, before.id, "a key is passed over");
        assert!(article.changed_at > before.changed_at, "`auto_now`");
        assert_eq!(article, Article { stars: None, changed_at: article.changed_at, ..before.clone() });
        let body = changes(json!({"body": "text"}));
        assert_eq!(
            Article::objects().filter(|a| a.slug.eq("a")).update(|a| (body, a.stars.set(5))).await?,
            1
        );
        article.refresh().await?;
        assert_eq!((&*article.body, article.stars), ("text", Some(5)));
        article.update(Changes::default()).await?;
        let mut ann = Writer::objects().get("ann").await?;
        ann.update(serde_json::from_value(json!({"name": "bob"})).unwrap()).await?;
        assert_eq!(ann.name, "ann", "a client does not change the key of a row");
        let error = article.update(changes(json!({"slug": null}))).await.unwrap_err();
        assert_eq!(error.to_string(), "not valid: slug: null");
        let error = article.update(changes(json!({"editor": "bob"}))).await.unwrap_err();
        assert_eq!((error.is_foreign_key_violation(), error.fields()), (true, &["editor"][..]));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_draft_or_a_change_refuses_what_is_no_value_of_its_model() {
    let test = blog().await;
    let body = async {
        let error =
            User::draft().username("a").build().with(|u| u.age.set(u.age + 1)).save().await.unwrap_err();
        assert!(error.to_string().contains("User.age: it is an expression"), "{error}");
        let company = Company::objects().create().name("x").await?;
        let user = User::draft().username("a").build().with(|u| u.company.set(&company)).save().await?;
        assert_eq!(user.company.map(|key| key.id()), Some(company.id));
        assert_eq!(Post::objects().count().await?, 0);
        Ok::<_, orm::Error>(())
    };
    test.db().scope(body).await.unwrap();
}
