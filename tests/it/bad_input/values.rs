//! Values that a column cannot hold, and those at the edge of what it can.

use super::{CANARY, Lab, in_a_lab, says};
use crate::models::{Tag, User};
use orm::{ErrorKind, prelude::*};

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "floats")]
struct Floats {
    id: i64,
    real: f32,
    double: f64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "note")]
struct Note {
    id: i64,
    #[orm(max_length = 5)]
    title: String,
    #[orm(max_length = 5)]
    label: Option<String>,
}

/// Six characters, in a text that shows if it is printed.
const LONG: &str = "canary";

in_a_lab! {
    async fn a_text_over_max_length_is_refused_by_every_way_of_writing(lab) {
        lab.db.create_tables(orm::models![Note]).await?;
        let mut note = Note::objects().create().title("fits").await?;
        let stored = note.clone();
        let find = |title: &'static str| Note::objects().filter(move |n| n.title.eq(title));
        note.title = LONG.into();
        let errors = [
            Note::objects().create().title(LONG).await.unwrap_err(),
            note.save().await.unwrap_err(),
            note.save_fields(|n| n.title).await.unwrap_err(),
            find("fits").update(|n| n.title.set(LONG)).await.unwrap_err(),
            Note::objects().bulk_create(["ok", LONG].map(|title| Note::draft().title(title).build())).await.unwrap_err(),
            Note::objects().get_or_create(|n| n.title.eq("new"), |new| new.title(LONG)).await.unwrap_err(),
            Note::objects().update_or_create(|n| n.title.eq("fits"), |n| n.title.set(LONG), |new| new.title("x")).await.unwrap_err(),
            Note::objects().update_or_create(|n| n.title.eq("new"), |n| n.title.set("x"), |new| new.title(LONG)).await.unwrap_err(),
        ];
        for error in errors {
            says(&error, ErrorKind::InvalidValue, &["Note.title", "the text has 6 characters, and the field at most 5"]);
            assert!(!format!("{error} {error:?}").contains(LONG), "{error:?}");
        }
        let error = Note::objects().update(|n| n.label.set(LONG)).await.unwrap_err();
        says(&error, ErrorKind::InvalidValue, &["Note.label", "6 characters"]);
        assert_eq!(Note::objects().all().await?, [stored], "nothing was written");
        assert_eq!(find(LONG).count().await?, 0, "it can be looked for");
    }

    async fn a_text_that_grows_in_the_database_is_refused_there(lab) {
        lab.db.create_tables(orm::models![Note]).await?;
        let long = lab.db.scope(async { Tag::objects().create().slug("x").name(LONG).await }).await?;
        Note::objects().create().title("fits").await?;
        let name = Tag::objects().filter(|t| t.slug.eq(long.slug)).values(|t| t.name).first();
        let error = Note::objects().update(|n| n.title.set(name)).await.unwrap_err();
        says(&error, ErrorKind::InvalidValue, &["Note", "too long", "22001"]);
        assert_eq!(Note::objects().one().await?.title, "fits");
    }

    async fn max_length_counts_characters_and_not_bytes(lab) {
        lab.db.create_tables(orm::models![Note]).await?;
        let mut note = Note::objects().create().title("日本語🦀é").await?;
        assert_eq!(Note::objects().get(note.id).await?.title, "日本語🦀é");
        note.title = "ééééé".into();
        note.save().await?;
        let error = Note::objects().create().title("日本語🦀é!").await.unwrap_err();
        says(&error, ErrorKind::InvalidValue, &["6 characters"]);
        // spaces at the end count too, though the server would cut them off without an error
        let error = Note::objects().create().title("ab    ").await.unwrap_err();
        says(&error, ErrorKind::InvalidValue, &["6 characters"]);
    }

    async fn a_nul_in_a_text_is_refused_wherever_a_text_is_taken(_lab) {
        let nul = &*format!("{CANARY}\0");
        Tag::objects().create().slug("a").name("a").await?;
        let mut tag = Tag { slug: "a".into(), name: nul.into() };
        for error in [
            Tag::objects().create().slug("b").name(nul).await.unwrap_err(),
            tag.save().await.unwrap_err(),
            Tag::objects().update(|t| t.name.set(nul)).await.unwrap_err(),
            Tag::objects().bulk_create([Tag::draft().slug("b").name(nul).build()]).await.unwrap_err(),
            Tag::objects().get_or_create(|t| t.slug.eq("b"), |new| new.slug("b").name(nul)).await.unwrap_err(),
            Tag::objects().get_or_create(|t| t.name.eq(nul), |new| new.slug("b").name("b")).await.unwrap_err(),
            Tag::objects().filter(|t| t.name.eq(nul)).await.unwrap_err(),
            Tag::objects().filter(|t| t.name.ne(nul)).count().await.unwrap_err(),
            Tag::objects().exclude(|t| t.name.lt(nul)).exists().await.unwrap_err(),
            Tag::objects().filter(|t| t.name.range(nul, "z")).first().await.unwrap_err(),
            Tag::objects().filter(|t| t.name.in_([nul])).await.unwrap_err(),
            Tag::objects().filter(|t| t.name.in_(vec!["a", nul])).delete().await.unwrap_err(),
            Tag::objects().filter(|t| t.name.iexact(nul)).await.unwrap_err(),
            Tag::objects().filter(|t| t.name.contains(nul)).await.unwrap_err(),
            Tag::objects().filter(|t| t.name.icontains(nul)).await.unwrap_err(),
            Tag::objects().filter(|t| t.name.startswith(nul)).await.unwrap_err(),
            Tag::objects().filter(|t| t.name.iendswith(nul)).await.unwrap_err(),
            Tag::objects().filter(|t| t.name.regex(nul)).await.unwrap_err(),
            Tag::objects().filter(|t| t.name.or(nul).eq("a")).await.unwrap_err(),
        ] {
            says(&error, ErrorKind::InvalidValue, &["Tag.name: ", "text cannot hold the character NUL"]);
        }
        let key = Tag { slug: nul.into(), name: "a".into() };
        for error in [
            Tag::objects().get(nul).await.unwrap_err(),
            Tag::objects().in_bulk([nul]).await.unwrap_err(),
            Tag::objects().create().slug(nul).name("b").await.unwrap_err(),
            key.clone().save().await.unwrap_err(),
            key.clone().refresh().await.unwrap_err(),
            key.delete().await.unwrap_err(),
        ] {
            says(&error, ErrorKind::InvalidValue, &["Tag.slug: ", "text cannot hold the character NUL"]);
        }
        assert_eq!(Tag::objects().all().await?, [Tag { slug: "a".into(), name: "a".into() }]);
    }

    async fn nan_and_the_infinities_come_back_as_they_went(lab) {
        lab.db.create_tables(orm::models![Floats]).await?;
        let rows = [
            (f32::NAN, f64::NAN),
            (f32::INFINITY, f64::INFINITY),
            (f32::NEG_INFINITY, f64::NEG_INFINITY),
            (-0.0, -0.0),
            (f32::MAX, f64::MAX),
            (f32::MIN_POSITIVE, f64::MIN_POSITIVE),
            (f32::from_bits(1), f64::from_bits(1)), // the smallest
            (0.1, 0.1),
        ];
        let drafts = rows.map(|(real, double)| Floats::draft().real(real).double(double).build());
        let stored = Floats::objects().bulk_create(drafts).await?;
        for (row, (real, double)) in stored.iter().zip(rows) {
            assert_eq!((row.real.to_bits(), row.double.to_bits()), (real.to_bits(), double.to_bits()));
            let found = Floats::objects().filter(|f| f.real.eq(real) & f.double.eq(double)).one().await?;
            assert_eq!(found.id, row.id, "{real} {double}");
        }
        let of = |row: usize| stored[row].id;
        let nan = Floats::objects().filter(|f| f.double.in_([f64::NAN])).values(|f| f.id).await?;
        assert_eq!(nan, [of(0)], "PostgreSQL's NaN equals itself");
        let above = Floats::objects().filter(|f| f.double.gt(f64::MAX)).order_by(|f| f.double).values(|f| f.id).await?;
        assert_eq!(above, [of(1), of(0)], "and is above all");
        assert_eq!(Floats::objects().filter(|f| f.real.lt(f32::MIN)).values(|f| f.id).await?, [of(2)]);
        let error = Floats::objects().filter(|f| f.double.eq(f64::MAX)).update(|f| f.double.set(f.double * 2.0)).await.unwrap_err();
        says(&error, ErrorKind::InvalidValue, &["Floats", "out of range", "22003"]);
    }
}

#[tokio::test]
async fn a_text_that_is_no_utf8_names_the_field_and_leaves_the_other_rows() {
    let lab = Lab::new().await;
    let name = format!("{}_ascii", lab.test.name());
    lab.sql(&format!("CREATE DATABASE {name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")).await;
    let db = Db::connect(lab.test.url().replace(lab.test.name(), &name)).await.unwrap();
    let (client, connection) =
        tokio_postgres::connect(&lab.test.url().replace(lab.test.name(), &name), tokio_postgres::NoTls)
            .await
            .unwrap();
    tokio::spawn(connection);
    db.create_tables(orm::models![Tag]).await.unwrap();
    client
        .batch_execute(r"INSERT INTO tag VALUES ('bad', E'canary-7f3a \xff\xfe'), ('good', 'é')")
        .await
        .unwrap();
    db.scope(async {
        let error = Tag::objects().all().await.unwrap_err();
        says(&error, ErrorKind::Decode, &["Tag: ", "not valid in its encoding", "22021"]);
        let good = Tag::objects().exclude(|t| t.slug.eq("bad")).one().await?;
        assert_eq!(good.name, "é");
        assert_eq!(Tag::objects().filter(|t| t.slug.eq("bad")).update(|t| t.name.set("mended")).await?, 1);
        assert_eq!(Tag::objects().get("bad").await?.name, "mended");
        Ok::<_, orm::Error>(())
    })
    .await
    .unwrap();
    db.close(std::time::Duration::from_secs(2)).await.unwrap();
    drop(client);
    lab.sql(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

in_a_lab! {
    async fn a_saved_row_that_has_vanished_is_an_error_inside_a_transaction_too(_lab) {
        let mut alice = User::objects().create().username("alice").await?;
        alice.delete().await?;
        let result = atomic(async {
            User::objects().create().username("bob").await?;
            alice.email = Some(CANARY.into());
            alice.save().await
        });
        let error = result.await.unwrap_err();
        says(&error, ErrorKind::NotFound, &["`User` has vanished"]);
        assert_eq!(User::objects().count().await?, 0, "all of it was rolled back");
        // caught inside, the transaction goes on: nothing failed on the server
        atomic(async {
            assert!(alice.save().await.unwrap_err().is_not_found());
            User::objects().create().username("bob").await
        }).await?;
        assert_eq!(User::objects().values(|u| u.username).await?, ["bob"]);
    }
}
