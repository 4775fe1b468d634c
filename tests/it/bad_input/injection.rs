//! Texts that try to be SQL: they are stored and found as they are, whichever method takes them.

use super::in_a_lab;
use crate::models::{Tag, User};
use orm::prelude::*;
use std::collections::HashMap;

fn payloads() -> Vec<String> {
    let mut payloads: Vec<String> = [
        "'",
        "''",
        "\"",
        "`",
        "\\",
        "\\\\",
        "\\'",
        "'; DROP TABLE canary; --",
        "\"; DROP TABLE canary; --",
        "'; DROP TABLE canary; /*",
        "') OR ('1'='1",
        "' OR 1=1 --",
        "\\'; DROP TABLE canary; --",
        "x' UNION SELECT slug, name FROM tag --",
        "1; SELECT pg_sleep(9)",
        "$1",
        "$2::text",
        "$$",
        "$tag$ x $tag$",
        "?",
        ":name",
        "@x",
        "%",
        "_",
        "%%",
        "\\%",
        "%s %d",
        "100%\\",
        "{}",
        "{0}",
        "{{}}",
        "${HOME}",
        "-- comment",
        "/* comment",
        "*/",
        "# comment",
        "\r\n; DROP TABLE canary;\r\n",
        "\t",
        " ",
        "",
        "\u{1}\u{7f}",
        "E'\\x41'",
        "U&'\\0041'",
        "ʼ",
        "’",
        "＇",
        "‘; DROP TABLE canary; --’",
        "\u{2028}",
        "\u{200b}",
        "\u{feff}",
        "\u{202e}abc",
        "İß",
        "e\u{301}",
        "🦀",
        "\u{10ffff}",
        "NULL",
        "null",
        "DEFAULT",
        "TRUE",
        "infinity",
        "{\"a\": null}",
        "{a,NULL,\"b\"}",
        "(1,2)",
        "[1,2)",
        "\\N",
        "\\.",
        "^a.*(b|c)$",
        "(?i)x",
    ]
    .map(str::to_owned)
    .into();
    payloads.push("'\"\\;%$1--".repeat(200));
    payloads
}

in_a_lab! {
    async fn any_text_is_stored_and_found_literally_by_every_method_and_changes_no_sql(lab) {
        lab.sql("CREATE TABLE canary (x int); INSERT INTO canary VALUES (1)").await;
        let payloads = payloads();
        let mut texts: HashMap<&'static str, String> = HashMap::new();
        let mut same = |what: &'static str, sql: String| {
            let first = texts.entry(what).or_insert_with(|| sql.clone());
            assert_eq!(*first, sql, "{what}: the SQL depends on the value");
        };
        for payload in &payloads {
            let text = &**payload;
            let own = &*format!("key of {text}");
            // written
            let create = || Tag::objects().create().slug(own).name(text);
            same("create", create().to_sql());
            let mut tag = create().await?;
            assert_eq!((&*tag.slug, &*tag.name), (own, text));
            same("save", tag.save().to_sql());
            tag.save().await?;
            same("save_fields", tag.save_fields(|t| t.name).to_sql());
            tag.save_fields(|t| t.name).await?;
            let update = || Tag::objects().filter(|t| t.slug.eq(own)).update(|t| t.name.set(text));
            same("update", update().to_sql());
            assert_eq!(update().await?, 1);
            assert_eq!(Tag::objects().get(own).await?, tag, "{text:?}");
            // found
            macro_rules! finds { ($($name:literal $query:expr;)*) => {$(
                let query = $query;
                same($name, query.to_sql());
                assert!(query.await?.contains(&tag), "{} does not find {text:?}", $name);
            )*}}
            finds! {
                "eq" Tag::objects().filter(|t| t.name.eq(text));
                "iexact" Tag::objects().filter(|t| t.name.iexact(text));
                "contains" Tag::objects().filter(|t| t.name.contains(text));
                "icontains" Tag::objects().filter(|t| t.name.icontains(text));
                "startswith" Tag::objects().filter(|t| t.name.startswith(text));
                "istartswith" Tag::objects().filter(|t| t.name.istartswith(text));
                "endswith" Tag::objects().filter(|t| t.name.endswith(text));
                "iendswith" Tag::objects().filter(|t| t.name.iendswith(text));
                "in_" Tag::objects().filter(|t| t.name.in_([text]));
                "in_ many" Tag::objects().filter(|t| t.name.in_(&payloads));
                "range" Tag::objects().filter(|t| t.name.range(text, text));
                "gte lte" Tag::objects().filter(|t| t.name.gte(text) & t.name.lte(text));
                "not ne" Tag::objects().exclude(|t| t.name.ne(text));
                "or" Tag::objects().filter(|t| t.name.or(text).eq(text));
                "subquery" Tag::objects().filter(|t| t.slug.in_(Tag::objects().filter(|u| u.name.eq(text)).values(|u| u.slug)));
            }
            let exactly = Tag::objects().filter(|t| t.name.contains(text)).values(|t| t.name).await?;
            assert!(exactly.iter().all(|name| name.contains(text)), "{text:?} is no pattern: {exactly:?}");
            assert_eq!(Tag::objects().filter(|t| t.name.lt(text) | t.name.gt(text)).filter(|t| t.slug.eq(own)).count().await?, 0);
            let regex = Tag::objects().filter(|t| t.name.regex(text));
            same("regex", regex.to_sql());
            if let Err(error) = regex.count().await {
                assert!(error.is_invalid_value(), "a wrong regular expression: {error:?}");
                assert!(text.len() < 3 || !error.to_string().contains(text), "{error}");
            }
            // by key, and the others
            same("get", Tag::objects().get(own).to_sql());
            same("in_bulk", Tag::objects().in_bulk([own]).to_sql());
            assert_eq!(Tag::objects().in_bulk([own]).await?[own], tag);
            let get = || Tag::objects().get_or_create(|t| t.name.eq(text), |new| new.slug(own).name(text));
            same("get_or_create", get().to_sql());
            assert_eq!(get().await?, (tag.clone(), false));
            let change = || Tag::objects().update_or_create(|t| t.name.eq(text), |t| t.name.set(text), |new| new.slug(own).name(text));
            same("update_or_create", change().to_sql());
            assert_eq!(change().await?, (tag.clone(), false));
            assert!(Tag::objects().order_by(|t| t.name.or(text)).await?.contains(&tag));
            tag.refresh().await?;
            same("delete", tag.delete().to_sql());
            tag.delete().await?;
            assert_eq!(get().await?, (tag.clone(), true), "made anew");
        }
        assert_eq!(Tag::objects().count().await?, i64::try_from(payloads.len()).unwrap());
        let stored = Tag::objects().order_by(|t| t.name).values(|t| t.name).await?;
        let mut expected = payloads.clone();
        expected.sort();
        let mut sorted = stored.clone();
        sorted.sort();
        assert_eq!(sorted, expected, "nothing was changed on the way");
        assert_eq!(lab.client.query("SELECT x FROM canary", &[]).await.unwrap().len(), 1, "the canary lives");
    }

    async fn any_text_survives_bulk_create(lab) {
        lab.sql("CREATE TABLE canary (x int); INSERT INTO canary VALUES (1)").await;
        let payloads = payloads();
        let drafts = payloads.iter().enumerate().map(|(i, text)| User::draft().username(format!("{i}")).email(text).build());
        let users = User::objects().bulk_create(drafts).await?;
        assert!(users.iter().map(|user| user.email.as_ref().unwrap()).eq(&payloads));
        assert_eq!(User::objects().filter(|u| u.email.in_(&payloads)).order_by(|u| u.id).await?, users);
        let one = || User::objects().bulk_create([User::draft().username("'; --").email("$1").build()]);
        assert_eq!(one().to_sql(), User::objects().bulk_create([User::draft().username("x").email("y").build()]).to_sql());
        assert_eq!(one().await?[0].username, "'; --");
        assert_eq!(lab.client.query("SELECT x FROM canary", &[]).await.unwrap().len(), 1, "the canary lives");
    }
}
