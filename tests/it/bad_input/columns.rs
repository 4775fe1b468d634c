//! Columns that are not what the model's fields say.

use super::{CANARY, in_a_lab, says};
use crate::models::{Tag, User};
use orm::{ErrorKind, prelude::*};

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "kinds")]
struct Kinds {
    id: i64,
    small: Option<i16>,
    int: Option<i32>,
    big: Option<i64>,
    real: Option<f32>,
    double: Option<f64>,
    flag: Option<bool>,
    text: Option<String>,
    bytes: Option<Vec<u8>>,
    at: Option<DateTime<Utc>>,
    day: Option<NaiveDate>,
    token: Option<Uuid>,
}

in_a_lab! {
    async fn a_column_of_another_type_is_named_with_both_types_before_a_row_is_read(lab) {
        lab.db.create_tables(orm::models![Kinds]).await?;
        lab.sql("INSERT INTO kinds DEFAULT VALUES").await;
        for (column, has, needs) in [
            ("small", "integer", "smallint"),
            ("int", "bigint", "integer"),
            ("int", "smallint", "integer"),
            ("int", "text", "integer"),
            ("big", "integer", "bigint"),
            ("big", "numeric", "bigint"),
            ("real", "double precision", "real"),
            ("double", "real", "double precision"),
            ("double", "bigint", "double precision"),
            ("flag", "integer", "boolean"),
            ("text", "integer", "text"),
            ("text", "bytea", "text"),
            ("text", "json", "text"),
            ("bytes", "text", "bytea"),
            ("at", "timestamp", "timestamp with time zone"),
            ("at", "date", "timestamp with time zone"),
            ("day", "timestamp with time zone", "date"),
            ("token", "text", "uuid"),
        ] {
            lab.sql(&format!("ALTER TABLE kinds ALTER {column} TYPE {has} USING NULL")).await;
            let wrong = [&*format!("\"kinds.{column}\""), &format!("`{has}`"), &format!("needs `{needs}`")];
            says(&Kinds::objects().all().await.unwrap_err(), ErrorKind::Schema, &wrong);
            says(&Kinds::objects().create().await.unwrap_err(), ErrorKind::Schema, &wrong);
            says(&Kinds::objects().first().await.unwrap_err(), ErrorKind::Schema, &wrong);
            assert_eq!(Kinds::objects().count().await?, 1, "nothing was inserted");
            assert_eq!(Kinds::objects().values(|k| k.id).await?.len(), 1, "other columns can be read");
            lab.sql(&format!("ALTER TABLE kinds ALTER {column} TYPE {needs} USING NULL")).await;
            assert_eq!(Kinds::objects().all().await?.len(), 1, "all is well once it is right");
        }
    }

    async fn a_value_is_never_sent_as_another_type(lab) {
        lab.db.create_tables(orm::models![Kinds]).await?;
        lab.sql("INSERT INTO kinds DEFAULT VALUES").await;
        lab.sql("ALTER TABLE kinds ALTER int TYPE text, ALTER text TYPE integer USING NULL").await;
        let says = |error| says(&error, ErrorKind::Schema, &["not what the model says"]);
        says(Kinds::objects().filter(|k| k.int.eq(3)).count().await.unwrap_err());
        says(Kinds::objects().filter(|k| k.text.eq(CANARY)).count().await.unwrap_err());
        says(Kinds::objects().filter(|k| k.text.in_([CANARY])).count().await.unwrap_err());
        says(Kinds::objects().filter(|k| k.text.contains(CANARY)).count().await.unwrap_err());
        says(Kinds::objects().update(|k| k.text.set(CANARY)).await.unwrap_err());
        says(Kinds::objects().create().text(CANARY).await.unwrap_err());
        says(Kinds::objects().bulk_create([Kinds::draft().text(CANARY).build()]).await.unwrap_err());
        assert_eq!(Kinds::objects().filter(|k| k.id.gt(0)).count().await?, 1);
    }

    async fn a_null_in_a_field_that_holds_none_names_the_field(lab) {
        Tag::objects().create().slug("a").name("a").await?;
        lab.sql("ALTER TABLE tag ALTER name DROP NOT NULL; INSERT INTO tag (slug) VALUES ('b')").await;
        let error = Tag::objects().all().await.unwrap_err();
        says(&error, ErrorKind::Decode, &["Tag.name", "the database holds NULL", "`Option`"]);
        says(&Tag::objects().get("b").await.unwrap_err(), ErrorKind::Decode, &["Tag.name"]);
        says(&Tag::objects().order_by(|t| t.slug).values(|t| (t.slug, t.name)).await.unwrap_err(), ErrorKind::Decode, &["column 2"]);
        assert_eq!(Tag::objects().filter(|t| t.name.is_null()).update(|t| t.name.set("b")).await?, 1);
        assert_eq!(Tag::objects().count().await?, 2);
    }

    async fn an_integer_that_its_column_cannot_hold_is_refused(lab) {
        lab.db.create_tables(orm::models![Kinds]).await?;
        let row = Kinds::objects().create().small(i16::MAX).int(i32::MAX).big(i64::MAX).await?;
        let error = Kinds::objects().update(|k| k.small.set(k.small + 1)).await.unwrap_err();
        says(&error, ErrorKind::InvalidValue, &["Kinds", "out of range", "22003"]);
        let error = Kinds::objects().update(|k| (k.int.set(7), k.big.set(k.big * 2))).await.unwrap_err();
        says(&error, ErrorKind::InvalidValue, &["Kinds", "out of range", "22003"]);
        let error = Kinds::objects().filter(|k| (k.int + 1).gt(0)).count().await.unwrap_err();
        says(&error, ErrorKind::InvalidValue, &["Kinds", "out of range", "22003"]);
        let error = Kinds::objects().filter(|k| (k.int / 0).gt(0)).count().await.unwrap_err();
        says(&error, ErrorKind::InvalidValue, &["Kinds", "division by zero", "22012"]);
        assert_eq!(Kinds::objects().one().await?, row, "nothing was changed");
        // a column that is smaller than the field
        lab.sql("UPDATE kinds SET int = 1; ALTER TABLE kinds ALTER int TYPE smallint").await;
        let error = Kinds::objects().update(|k| k.int.set(1 << 20)).await.unwrap_err();
        says(&error, ErrorKind::InvalidValue, &["Kinds", "out of range", "22003"]);
        let one = Kinds::objects().filter(|k| k.int.lt(1 << 20)).values(|k| k.id).one().await?;
        assert_eq!(one, row.id);
    }

    async fn a_sum_that_is_too_large_is_an_error_and_not_another_number(lab) {
        lab.db.create_tables(orm::models![Kinds]).await?;
        Kinds::objects().bulk_create((0..2).map(|_| Kinds::draft().big(i64::MAX).int(i32::MAX).build())).await?;
        let error = Kinds::objects().aggregate(|k| k.big.sum()).await.unwrap_err();
        says(&error, ErrorKind::InvalidValue, &["Kinds", "out of range", "22003"]);
        assert_eq!(Kinds::objects().aggregate(|k| k.int.sum()).await?, Some(2 * i64::from(i32::MAX)));
    }

    async fn a_column_that_is_shorter_than_the_field_says_is_the_servers_error(lab) {
        lab.sql("ALTER TABLE \"user\" ALTER username TYPE varchar(3)").await;
        let error = User::objects().create().username(CANARY).await.unwrap_err();
        says(&error, ErrorKind::InvalidValue, &["User", "too long", "(3)", "22001"]);
        assert_eq!(User::objects().count().await?, 0);
    }
}
