//! JSON: `serde_json::Value` and `Json<T>`.

use super::{by_hand, through_bytes, with_tables};
use orm::{ErrorKind, FieldType, Json, prelude::*, testing::TestDb};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Settings {
    theme: String,
    sizes: Vec<f64>,
    big: u128,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Doc {
    id: i64,
    body: Value,
    extra: Option<Value>,
    settings: Option<Json<Settings>>,
    parts: Vec<Value>,
}

fn deep(levels: usize) -> Value {
    (0..levels).fold(json!(1), |inner, _| json!([inner]))
}

#[tokio::test]
async fn json_comes_back_as_it_went_in_one_by_one_and_in_bulk() {
    with_tables(orm::models![Doc], async {
        let bodies = [
            json!({"text": "a \"quoted\" \\ \u{1} é 🦀", "list": [1, -1, null, true], "empty": {}}),
            json!([
                i64::MIN,
                u64::MAX,
                0.1,
                0.30000000000000004,
                1e15,
                1e16,
                1e22,
                -1.5e300,
                5e-324,
                f64::MAX,
                1.0
            ]),
            json!("text"),
            json!(12.5),
            Value::Null,
            deep(127),
        ];
        for body in &bodies {
            let doc = Doc::objects().create().body(body).parts([body.clone()]).await?;
            assert_eq!((&doc.body, &doc.parts), (body, &vec![body.clone()]));
            assert_eq!(Doc::objects().filter(|d| d.body.eq(body)).one().await?, doc);
        }
        let settings = Settings { theme: "dark".into(), sizes: vec![1e300, 2.0, 0.1], big: u128::MAX };
        let drafts = bodies.iter().map(|body| {
            let draft = Doc::draft().body(body).parts(bodies.to_vec());
            draft.settings(Json(settings.clone())).build()
        });
        let docs = Doc::objects().bulk_create(drafts).await?;
        for (doc, body) in docs.iter().zip(&bodies) {
            assert_eq!((&doc.body, &doc.parts[..]), (body, &bodies[..]));
            assert_eq!(doc.settings.as_ref().map(|settings| &settings.0), Some(&settings));
        }
        assert_eq!(Doc::objects().filter(|d| d.settings.eq(Json(settings))).count().await?, 6);
        assert_eq!(Doc::objects().filter(|d| d.body.in_(bodies)).count().await?, 12);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn null_and_the_null_of_json_are_two() {
    with_tables(orm::models![Doc], async {
        let none = Doc::objects().create().body(json!(1)).extra(None).parts([]).await.map(|doc| doc.extra);
        assert_eq!(none?, None);
        let null = Doc::objects().create().body(json!(2)).extra(Value::Null).parts([]).await?;
        assert_eq!(null.extra, Some(Value::Null));
        assert_eq!(Doc::objects().filter(|d| d.extra.is_null()).values(|d| d.body).await?, [json!(1)]);
        assert_eq!(Doc::objects().filter(|d| d.extra.eq(None)).values(|d| d.body).await?, [json!(1)]);
        assert_eq!(Doc::objects().filter(|d| d.extra.eq(Value::Null)).values(|d| d.body).await?, [json!(2)]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn json_that_could_not_be_read_back_is_refused_and_names_the_field() {
    with_tables(orm::models![Doc], async {
        for (body, why) in [
            (deep(128), "nested more than 127 deep"),
            (json!({"a": ["canary \0"]}), "the character NUL"),
            (json!({"canary \0": 1}), "the character NUL"),
        ] {
            for error in [
                Doc::objects().create().body(&body).parts([]).await.unwrap_err(),
                Doc::objects().filter(|d| d.body.eq(&body)).count().await.unwrap_err(),
                Doc::objects().update(|d| d.body.set(&body)).await.unwrap_err(),
            ] {
                assert_eq!(error.kind(), ErrorKind::InvalidValue);
                let text = format!("{error} {error:?}");
                assert!(text.contains("Doc.body: ") && text.contains(why), "{text}");
                assert!(!text.contains("canary"), "{text}");
            }
        }
        Ok(())
    })
    .await;
    let keys = std::collections::HashMap::from([((1, 2), 3)]);
    let error = through_bytes(&Json(keys)).unwrap_err();
    assert!(error.to_string().contains("key must be a string"), "{error}");
}

#[tokio::test]
async fn a_number_that_would_lose_digits_is_an_error_and_one_in_a_text_is_not() {
    let test = TestDb::create().await.unwrap();
    test.db().create_tables(orm::models![Doc]).await.unwrap();
    let client = by_hand(&test).await;
    test.db()
        .scope(async {
            for (json, held) in [
                ("12345678901234567890123", false),
                ("1e400", false),
                ("1e300", false),
                ("0.1234567890123456789", false),
                ("1e-400", false),
                ("1.00000000000000000001", false),
                ("-9223372036854775809", false),
                ("18446744073709551615", true),
                ("-9223372036854775808", true),
                ("0.12345678901234568", true),
                ("1e22", true),
                ("0.10000000000000000", true),
                (r#""12345678901234567890123 \" 0.1234567890123456789""#, true),
                (r#"{"12345678901234567890123": 1}"#, true),
            ] {
                let sql = format!("TRUNCATE doc; INSERT INTO doc (body, parts) VALUES ('{json}', '{{}}')");
                client.batch_execute(&sql).await.unwrap();
                let read = Doc::objects().one().await;
                match held {
                    true => {
                        read.unwrap_or_else(|error| panic!("{json}: {error}"));
                    }
                    false => {
                        let error = read.expect_err(json);
                        assert!(error.is_decode() && error.to_string().starts_with("Doc.body: "), "{error}");
                    }
                }
            }
            Ok::<_, orm::Error>(())
        })
        .await
        .unwrap();
}

#[test]
fn json_of_another_form_says_what_was_expected_and_not_what_was_found() {
    let decode = |json: &str| Json::<Settings>::decode(&[b"\x01", json.as_bytes()].concat()).unwrap_err();
    for (json, says) in [
        (r#"{"theme": ["canary, expected a"], "sizes": [], "big": 1}"#, "expected a string"),
        (r#"{"theme": "x", "sizes": "canary", "big": 1}"#, "expected a sequence"),
        (r#"{"theme": "x", "sizes": []}"#, "missing field `big`"),
        (r#"{"theme": "x", "sizes": [], "big": "canary"}"#, "invalid number"),
        (r#"{"theme": "canary"#, "EOF"),
    ] {
        let error = decode(json);
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.to_string().contains(says), "{error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
    let deep = format!("\x01{}1{}", "[".repeat(128), "]".repeat(128));
    assert!(Value::decode(deep.as_bytes()).unwrap_err().to_string().contains("recursion limit"));
    assert!(Value::decode(b"\x02{}").is_err() && Value::decode(b"").is_err());
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "reading")]
struct Reading {
    id: i64,
    value: Json<f64>,
}

#[tokio::test]
async fn what_is_written_as_json_that_its_type_does_not_read_is_refused() {
    with_tables(orm::models![Reading], async {
        Reading::objects().create().value(Json(1.5)).await?;
        let drafts = [0.5, f64::NAN].map(|value| Reading::draft().value(Json(value)).build());
        for error in [
            Reading::objects().create().value(Json(f64::NAN)).await.unwrap_err(),
            Reading::objects().bulk_create(drafts).await.unwrap_err(),
            Reading::objects().update(|r| r.value.set(Json(f64::INFINITY))).await.unwrap_err(),
        ] {
            assert!(error.is_invalid_value() && error.to_string().contains("Reading.value"), "{error}");
        }
        assert_eq!(Reading::objects().values(|r| r.value).await?, [Json(1.5)]);
        Ok(())
    })
    .await;
}
