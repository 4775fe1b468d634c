//! Raw SQL: what it is read as, how its values come in, and what is refused.

use crate::models::{Company, Post, User, all};
use futures_util::TryStreamExt;
use orm::{Error, ErrorKind, Result, prelude::*, testing::count_queries, types::RawSql};

async fn people() -> Result<()> {
    for (name, age) in [("ann", Some(30)), ("bob", None), ("cyd", Some(40))] {
        User::objects().create().username(name).age(age).await?;
    }
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn a_model_is_read_by_the_names_of_its_columns() -> Result<()> {
    people().await?;
    let users = User::objects().order_by(|u| u.id).await?;
    assert_eq!(User::raw(r#"SELECT * FROM "user" ORDER BY id"#).await?, users);
    let sql = r#"SELECT 1 AS one, u.joined_at, u.company_id, u.active, u.age, u.email, u.username, 'x' AS x, u.id FROM "user" u
        WHERE u.age > :age OR u.username = :name ORDER BY u.id"#;
    let (found, queries) =
        count_queries(User::raw(sql).bind("age", 35).bind("name", "bob").into_future()).await;
    assert_eq!(found?, users[1..]);
    assert_eq!(queries, 1);
    assert_eq!(User::raw(sql).bind("name", "none").bind("age", 35).one().await?, users[2]);
    let streamed: Vec<User> = User::raw(sql).bind("age", 0).bind("name", "").stream().try_collect().await?;
    assert_eq!(streamed, [users[0].clone(), users[2].clone()]);
    // What it returns is read too.
    let sql = r#"UPDATE "user" SET age = age + 1 WHERE age IS NOT NULL RETURNING *"#;
    let mut older = User::raw(sql).await?;
    older.sort_by_key(|user| user.id);
    assert_eq!(older.iter().map(|user| user.age).collect::<Vec<_>>(), [Some(31), Some(41)]);
    Ok(())
}

#[orm::test(models = all())]
async fn outside_of_a_transaction_it_is_streamed_by_names_too(db: Db) -> Result<()> {
    people().await?;
    let sql = r#"SELECT id AS other, company_id, joined_at, active, age, email, username, id FROM "user" ORDER BY id"#;
    let names: Vec<User> = User::raw(sql).using(&db).stream().try_collect().await?;
    assert_eq!(names.iter().map(|user| &*user.username).collect::<Vec<_>>(), ["ann", "bob", "cyd"]);
    let n: Vec<i32> =
        orm::raw::<i32>("SELECT generate_series(1, :most)").bind("most", 3).stream().try_collect().await?;
    assert_eq!(n, [1, 2, 3]);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn values_tuples_and_models_are_read_in_order() -> Result<()> {
    people().await?;
    let n: i64 = orm::raw(r#"SELECT count(*) FROM "user""#).one().await?;
    assert_eq!(n, 3);
    let rows: Vec<(String, Option<i32>)> = orm::raw(r#"SELECT username, age FROM "user" ORDER BY 1"#).await?;
    assert_eq!(rows[..2], [("ann".into(), Some(30)), ("bob".into(), None)]);
    Company::objects().create().name("acme").await?;
    let rows: Vec<(i32, Company, Option<Company>)> =
        orm::raw("SELECT 7, c.*, NULL::bigint, NULL::text FROM company c").await?;
    assert_eq!((rows[0].0, &*rows[0].1.name, &rows[0].2), (7, "acme", &None));
    let many: Vec<Vec<i32>> = orm::raw("SELECT ARRAY[1, 2]").await?;
    assert_eq!(many, [[1, 2]]);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn values_of_every_kind_come_in_by_name_and_only_as_values() -> Result<()> {
    people().await?;
    let find = |name: &str| {
        let name = name.to_owned();
        orm::raw::<String>(r#"SELECT username FROM "user" WHERE username = :name OR ':name' = :name"#)
            .bind("name", name)
    };
    assert_eq!(find("ann").await?, ["ann"]);
    assert!(find("' OR '1'='1").await?.is_empty());
    assert!(find(":name").await?.len() == 3, "the string in the SQL stays what it is");
    let sql = r#"SELECT count(*) FROM "user" WHERE id = ANY(:ids) OR username = ANY(:names)"#;
    let ids = User::objects().values(|u| u.id).order_by(|u| u.id).await?;
    let count = orm::raw::<i64>(sql).bind("ids", &ids[..1]).bind("names", vec!["cyd".to_owned()]);
    assert_eq!(count.one().await?, 2);
    let at = Utc::now();
    let sql = "SELECT :a::bigint, :b::text, :c::text, :d::timestamptz > now() - interval '1 day', :e::uuid, :f::bool";
    let row: (i64, Option<String>, Option<String>, bool, Uuid, bool) = orm::raw(sql)
        .bind("a", 5_i64)
        .bind("b", None::<String>)
        .bind("c", Some("x"))
        .bind("d", at)
        .bind("e", Uuid::nil())
        .bind("f", true)
        .one()
        .await?;
    assert_eq!(row, (5, None, Some("x".into()), true, Uuid::nil(), true));
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn a_statement_says_how_many_rows_it_changed() -> Result<()> {
    people().await?;
    let changed = orm::execute(r#"UPDATE "user" SET age = :age WHERE age IS NULL"#).bind("age", 20).await?;
    assert_eq!(changed, 1);
    assert_eq!(orm::execute(r#"DELETE FROM "user" WHERE age < 40 RETURNING id"#).await?, 2);
    assert_eq!(orm::execute("CREATE TEMP TABLE note (id int) ON COMMIT DROP").await?, 0);
    assert_eq!(orm::execute(RawSql::trusted(format!("INSERT INTO {} VALUES (1), (2)", "note"))).await?, 2);
    assert_eq!(orm::raw::<i32>("SELECT id FROM note ORDER BY 1").await?, [1, 2]);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn names_that_do_not_agree_are_errors_before_anything_is_sent() -> Result<()> {
    let said = async |sql: &'static str, names: &[&'static str]| {
        let raw = names.iter().fold(orm::raw::<i32>(sql), |raw, name| raw.bind(*name, 1));
        let (result, queries) = count_queries(raw.into_future()).await;
        assert_eq!(queries, 0);
        let error: Error = result.unwrap_err();
        assert_eq!((error.kind(), error.sql()), (ErrorKind::Usage, Some(sql)));
        error.to_string()
    };
    assert_eq!(said("SELECT :id", &[]).await, "`:id` stands in the SQL, and nothing is bound to it");
    assert_eq!(
        said("SELECT :name", &["nmae"]).await,
        "`nmae` is bound, and there is no `:nmae` in the SQL; did you mean `name`?"
    );
    assert_eq!(
        said("SELECT ':id', '-- :id'", &["id"]).await,
        "`id` is bound, and there is no `:id` in the SQL"
    );
    assert_eq!(said("SELECT :id", &["id", "id"]).await, "`id` is bound twice");
    assert_eq!(said("SELECT $1", &[]).await, "`$1` stands in raw SQL; give the parameter a name, `:id`");
    assert_eq!(
        said("SELECT 1 :: int, x[1:n]", &[]).await,
        "`:n` stands in the SQL, and nothing is bound to it"
    );
    assert_eq!(
        said("/* so */ COMMIT", &[]).await,
        "`COMMIT` in raw SQL: `atomic` begins and ends transactions and savepoints"
    );
    assert!(said("SET search_path = x", &[]).await.contains("`SET LOCAL` in an `atomic`"));
    Ok(())
}

#[orm::test(models = all())]
async fn rows_that_are_not_what_they_are_read_as_are_clear_errors() -> Result<()> {
    people().await?;
    let error = User::raw(r#"SELECT id, username FROM "user""#).await.unwrap_err();
    assert!(error.is_schema());
    assert_eq!(
        error.to_string(),
        "the SQL gives no column \"email\", which `User` needs; it gives id, username"
    );
    let error = Company::raw("SELECT 'x' AS id, name FROM company").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "column \"id\" is `text` in the database, but the model's field needs `bigint`"
    );
    let error = orm::raw::<i64>("SELECT 1").one().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "column \"column 1\" is `integer` in the database, but the model's field needs `bigint`"
    );
    let error = orm::raw::<(i32, i32)>("SELECT 1").await.unwrap_err();
    assert_eq!(error.to_string(), "2 columns were asked for, and the server answers 1");
    assert!(orm::raw::<i32>("SELECT NULL::int").await.unwrap_err().is_decode());
    assert!(orm::raw::<i32>("SELECT 1 WHERE false").one().await.unwrap_err().is_not_found());
    assert!(orm::raw::<i32>("SELECT generate_series(1, 2)").one().await.unwrap_err().is_multiple_found());
    let error = orm::raw::<i32>("SELECT 1; SELECT 2").await.unwrap_err();
    assert_eq!(error.code(), Some("42601"), "one statement at a time");
    let error =
        orm::execute(r#"INSERT INTO company (name) VALUES (:n), (:n)"#).bind("n", "acme").await.unwrap_err();
    assert!(error.is_unique_violation());
    assert_eq!(error.constraint(), Some("company_name_key"));
    Ok(())
}

#[orm::test(models = all())]
async fn a_changed_table_is_read_by_names_as_it_is_now() -> Result<()> {
    Company::objects().create().name("acme").await?;
    let read = async || Company::raw("SELECT * FROM company").await;
    assert_eq!(read().await?[0].name, "acme");
    orm::execute("ALTER TABLE company RENAME COLUMN name TO old").await?;
    orm::execute("ALTER TABLE company ADD COLUMN name text NOT NULL DEFAULT 'new'").await?;
    assert_eq!(read().await?[0].name, "new");
    Ok(())
}

#[orm::test(models = all())]
async fn raw_sql_is_a_part_of_the_transaction_it_stands_in() -> Result<()> {
    let rolled_back: Result<()> = atomic(async {
        orm::execute("INSERT INTO company (name) VALUES (:n)").bind("n", "acme").await?;
        assert_eq!(orm::raw::<String>("SELECT name FROM company").await?, ["acme"]);
        Err(Error::usage("no"))
    })
    .await;
    assert!(rolled_back.is_err());
    assert_eq!(Company::objects().count().await?, 0);
    assert_eq!(Post::objects().count().await?, 0);
    Ok(())
}
