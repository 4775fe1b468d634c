//! Texts of other types: `citext`, `hstore`, `char(n)`; and types that are refused.

use super::{by_hand, through_bytes, with_tables};
use orm::{
    CiText, ErrorKind, FieldType, Hstore, Result, SqlType,
    prelude::*,
    testing::TestDb,
    types::{NamedKind, NamedType},
};

#[derive(Model, Debug, Clone, PartialEq)]
struct Account {
    #[orm(primary_key)]
    name: CiText,
    #[orm(max_length = 5)]
    nick: Option<CiText>,
    labels: Hstore,
    more: Option<Hstore>,
    names: Vec<CiText>,
    all: Vec<Hstore>,
    #[orm(db_default = "'x'")]
    code: String,
}

fn labels(n: usize) -> Hstore {
    let mut labels = Hstore::from_iter((0..n).map(|n| (format!("k{n} \"=>"), "é'\\")));
    if n > 1 {
        labels.insert(String::new(), None);
    }
    labels
}

#[tokio::test]
async fn the_database_ignores_the_case_of_citext() {
    with_tables(orm::models![Account], async {
        let alice = Account::objects().create().name("Alice").labels(labels(0)).names([]).all([]).await?;
        assert_eq!(alice.name.to_string(), "Alice");
        let drafts = ["Bob", "carol"].map(|name| {
            let draft = Account::draft().name(name).nick(&name[..3]).labels(labels(3)).more(labels(1));
            draft.names([CiText::from(name)]).all([labels(2)]).build()
        });
        let many = Account::objects().bulk_create(drafts).await?;
        assert_eq!(Account::objects().get(CiText::from("ALICE")).await?, alice);
        let found = |query: QuerySet<Account>| query.order_by(|a| a.name).values(|a| a.name);
        let names = |names: &[&str]| names.iter().copied().map(CiText::from).collect::<Vec<_>>();
        assert_eq!(found(Account::objects().filter(|a| a.name.eq("BOB"))).await?, names(&["Bob"]));
        assert_eq!(found(Account::objects().filter(|a| a.name.ne("BOB"))).await?, names(&["Alice", "carol"]));
        assert_eq!(
            found(Account::objects().filter(|a| a.name.in_(["alice", "CAROL"]))).await?,
            names(&["Alice", "carol"])
        );
        assert_eq!(found(Account::objects().filter(|a| a.name.lt("BZ"))).await?, names(&["Alice", "Bob"]));
        assert_eq!(found(Account::objects().filter(|a| a.name.contains("LIC"))).await?, names(&["Alice"]));
        assert_eq!(found(Account::objects().filter(|a| a.name.startswith("b"))).await?, names(&["Bob"]));
        assert_eq!(found(Account::objects().filter(|a| a.name.regex("^C"))).await?, names(&["carol"]));
        assert_eq!(found(Account::objects().filter(|a| a.name.iexact("aLICE"))).await?, names(&["Alice"]));
        assert_eq!(found(Account::objects().filter(|a| a.nick.eq("BOB"))).await?, names(&["Bob"]));
        assert_eq!(
            found(Account::objects().filter(|a| a.names.eq([CiText::from("BOB")]))).await?,
            names(&["Bob"])
        );
        assert_eq!(many[1].names, names(&["carol"]));
        let error =
            Account::objects().create().name("ALICE").labels(labels(0)).names([]).all([]).await.unwrap_err();
        assert!(error.is_unique_violation(), "{error}");
        for (nick, why) in [("too long", "8 characters"), ("\0", "the character NUL")] {
            let error = Account::objects().update(|a| a.nick.set(nick)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidValue);
            assert!(
                error.to_string().contains("Account.nick: ") && error.to_string().contains(why),
                "{error}"
            );
        }
        Ok(())
    })
    .await;
}

#[test]
fn a_newtype_of_citext_has_the_lookups_of_text() {
    #[derive(DbType, Debug, Clone, PartialEq)]
    struct Mail(CiText);
    #[derive(Model)]
    struct Letter {
        id: i64,
        mail: Mail,
    }
    assert_eq!(
        Letter::objects().filter(|l| l.mail.eq(Mail("x".into())) | l.mail.icontains("x")).count().to_sql(),
        r#"SELECT COUNT(*) FROM "letter" WHERE "letter"."mail" = CAST($1 AS "citext") OR ("letter"."mail" ILIKE $2)"#
    );
}

#[tokio::test]
async fn an_hstore_comes_back_as_it_went_in() {
    with_tables(orm::models![Account], async {
        for n in 0..4 {
            let create = Account::objects().create().name(format!("{n}").as_str()).labels(labels(n));
            let row = create.more(labels(n)).names([]).all(vec![labels(n); n]).await?;
            assert_eq!(
                (&row.labels, &row.more, &row.all),
                (&labels(n), &Some(labels(n)), &vec![labels(n); n])
            );
            assert_eq!(
                Account::objects().filter(|a| a.labels.eq(labels(n)) & a.all.eq(&row.all)).one().await?,
                row
            );
        }
        assert_eq!(Account::objects().filter(|a| a.more.in_([labels(1), labels(2)])).count().await?, 2);
        assert_eq!(Account::objects().filter(|a| a.more.is_null()).count().await?, 0);
        for wrong in [Hstore::from_iter([("\0", "x")]), Hstore::from_iter([("x", "\0")])] {
            let error = Account::objects().update(|a| a.labels.set(&wrong)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidValue);
            assert!(error.to_string().contains("Account.labels: "), "{error}");
        }
        Ok(())
    })
    .await;
    assert_eq!(through_bytes(&labels(3)).unwrap(), labels(3));
    let twice = [&[0, 0, 0, 2][..], &[0, 0, 0, 1, b'a', 255, 255, 255, 255].repeat(2)].concat();
    assert!(Hstore::decode(&twice).is_err(), "a name stands twice");
    assert_eq!(serde_json::to_string(&labels(2)).unwrap(), r#"{"":null,"k0 \"=>":"é'\\","k1 \"=>":"é'\\"}"#);
}

#[tokio::test]
async fn a_char_column_is_read_with_the_spaces_that_fill_it_up() {
    let test = TestDb::create().await.unwrap();
    test.db().create_tables(orm::models![Account]).await.unwrap();
    by_hand(&test).await.batch_execute("ALTER TABLE account ALTER code TYPE char(5)").await.unwrap();
    test.db()
        .scope(async {
            let create = Account::objects().create().name("a").labels(labels(0)).names([]).all([]);
            assert_eq!(create.code("ab").await?.code, "ab   ");
            assert_eq!(Account::objects().filter(|a| a.code.eq("ab")).count().await?, 1);
            assert_eq!(Account::objects().filter(|a| a.code.in_(["ab", "b"])).count().await?, 1);
            let error = Account::objects().update(|a| a.code.set("abcdef")).await.unwrap_err();
            assert!(error.is_invalid_value(), "{error}");
            Ok::<_, orm::Error>(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn money_is_refused_with_advice() {
    #[derive(Model, Debug)]
    struct Price {
        id: i64,
        amount: f64,
    }
    let test = TestDb::create().await.unwrap();
    let client = by_hand(&test).await;
    client
        .batch_execute("CREATE TABLE price (id bigint, amount money); INSERT INTO price VALUES (1, 2)")
        .await
        .unwrap();
    test.db()
        .scope(async {
            let read = Price::objects().all().await.unwrap_err();
            let written = Price::objects().create().id(2).amount(2.5).await.unwrap_err();
            assert_eq!([read.kind(), written.kind()], [ErrorKind::Schema; 2], "{written}");
            let text = read.to_string();
            assert!(text.contains("`money`") && text.contains("make it `numeric`"), "{text}");
            Ok::<_, orm::Error>(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn an_extension_that_the_server_does_not_have_is_named() {
    #[derive(Clone)]
    struct Odd;
    impl FieldType for Odd {
        const TYPE: SqlType =
            SqlType::Named(&NamedType { name: "odd", kind: NamedKind::Extension("odd_extension") });
        fn encode(&self, _: &mut Vec<u8>) -> Result<()> {
            Ok(())
        }
        fn decode(_: &[u8]) -> Result<Self> {
            Ok(Odd)
        }
    }
    #[derive(Model)]
    struct OddRow {
        id: i64,
        odd: Odd,
    }
    let test = TestDb::create().await.unwrap();
    let error = test.db().create_tables(orm::models![OddRow]).await.unwrap_err();
    assert!(error.to_string().contains("\"odd_extension\" is not available"), "{error}");
    assert!(format!("{error:?}").contains("hint: "), "{error:?}");
}
