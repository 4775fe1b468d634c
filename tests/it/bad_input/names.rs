//! Names of tables and columns that need quotes.

use super::{in_a_lab, says};
use orm::{ErrorKind, prelude::*};

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "select", ordering = ["-from", "id"])]
struct Reserved {
    id: i64,
    #[orm(column = "from", unique)]
    from: String,
    #[orm(column = "group", index)]
    group: Option<i32>,
    #[orm(column = "user", default = false)]
    user: bool,
    #[orm(column = "order", on_delete = "set_null")]
    r#where: Option<ForeignKey<Odd>>,
    #[orm(column = "self", on_delete = "cascade")]
    parent: Option<ForeignKey<Reserved>>,
    #[orm(via = "parent")]
    children: HasMany<Reserved>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "Odd \"Table\"; -- 'ü' 表")]
struct Odd {
    #[orm(column = "The Key", primary_key)]
    key: i64,
    #[orm(column = "a \"b\"\"", unique, max_length = 20)]
    quoted: String,
    #[orm(column = "$1")]
    dollar: Option<i32>,
    #[orm(column = "?")]
    question: Option<i32>,
    #[orm(column = "#")]
    ordinality: Option<i32>,
    #[orm(column = "ORDER BY", default = 0)]
    words: i32,
    #[orm(column = "{0} %s \\")]
    format: Option<String>,
    #[orm(column = "naïve ✓")]
    unicode: Option<String>,
    #[orm(column = "ctid2")]
    plain: Option<i32>,
    #[orm(via = "where")]
    reserved: HasMany<Reserved>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "a23456789_123456789_123456789_123456789_123456789_123456789_123")]
struct Long {
    id: i64,
    #[orm(column = "b23456789_123456789_123456789_123456789_123456789_123456789_123", unique)]
    one: String,
    #[orm(column = "b23456789_123456789_123456789_123456789_123456789_123456789_124", unique)]
    other: String,
    #[orm(column = "c23456789_123456789_123456789_123456789_123456789_123456789_123", on_delete = "cascade")]
    parent: Option<ForeignKey<Long>>,
    #[orm(column = "é3456789_123456789_123456789_123456789_123456789_123456789_123", index)]
    accent: Option<i32>,
    #[orm(via = "parent")]
    children: HasMany<Long>,
}

in_a_lab! {
    async fn reserved_words_do_everything(lab) {
        lab.db.create_tables(orm::models![Reserved, Odd]).await?;
        lab.db.create_tables(orm::models![Reserved, Odd]).await?;
        let root = Reserved::objects().create().from("root").group(1).await?;
        let children = (0..3).map(|i| Reserved::draft().from(format!("child {i}")).group(i).parent(&root).build());
        let mut children = Reserved::objects().bulk_create(children).await?;
        assert_eq!(Reserved::objects().values(|r| r.from).await?, ["root", "child 2", "child 1", "child 0"], "its own order");
        let found = Reserved::objects().filter(|r| r.parent.from.eq("root") & r.group.gt(r.parent.group)).one().await?;
        assert_eq!(found, children[2]);
        let parents = Reserved::objects().filter(|r| r.children.any(|c| c.from.startswith("child") & c.group.eq(0)));
        assert_eq!(parents.one().await?, root);
        assert_eq!(root.children.query().count().await?, 3);
        assert_eq!(Reserved::objects().values(|r| r.children.count()).await?, [3, 0, 0, 0]);
        children[0].user = true;
        children[0].save().await?;
        children[1].group = Some(9);
        children[1].save_fields(|r| r.group).await?;
        let n = Reserved::objects().filter(|r| r.user).update(|r| (r.group.set(r.group + 7), r.from.set("changed"))).await?;
        children[0].refresh().await?;
        assert_eq!((n, &*children[0].from, children[0].group), (1, "changed", Some(7)));
        assert_eq!(Reserved::objects().aggregate(|r| (r.group.sum(), r.group.max())).await?, (Some(19), Some(9)));
        let (again, created) = Reserved::objects().get_or_create(|r| r.from.eq("root"), |new| new.from("root")).await?;
        assert_eq!((again, created), (root.clone(), false));
        let locked = atomic(async { Reserved::objects().select_for_update().get(&root).await }).await?;
        assert_eq!(locked, root);
        let error = Reserved::objects().create().from("root").await.unwrap_err();
        says(&error, ErrorKind::UniqueViolation, &["\"select_from_key\""]);
        root.delete().await?;
        assert_eq!(Reserved::objects().count().await?, 0, "cascade");
        lab.db.drop_tables(orm::models![Reserved, Odd]).await?;
    }

    async fn quotes_spaces_and_unicode_do_everything(lab) {
        lab.sql("CREATE TABLE canary (x int); INSERT INTO canary VALUES (1)").await;
        lab.db.create_tables(orm::models![Reserved, Odd]).await?;
        let odd = Odd::objects().create().quoted("a").dollar(1).question(2).format("{}").unicode("✓").await?;
        assert_eq!(Odd::objects().get(odd.key).await?, odd);
        let drafts = (0..3).map(|i| Odd::draft().quoted(format!("bulk {i}")).dollar(i).ordinality(2 - i).format("$1 {0}").build());
        let bulk = Odd::objects().bulk_create(drafts).await?;
        assert_eq!(bulk.iter().map(|odd| odd.ordinality).collect::<Vec<_>>(), [Some(2), Some(1), Some(0)], "in order");
        let found = Odd::objects().filter(|o| o.dollar.eq(2) & o.question.is_null() & o.format.contains("$1"));
        assert_eq!(found.order_by(|o| (o.unicode, o.quoted.desc())).await?, [bulk[2].clone()]);
        Reserved::objects().create().from("x").r#where(&odd).await?;
        assert_eq!(Reserved::objects().filter(|r| r.r#where.unicode.eq("✓")).count().await?, 1);
        let rows = Reserved::objects().values(|r| (r.r#where, r.r#where.quoted)).await?;
        assert_eq!(rows, [(Some(odd.clone()), Some("a".into()))]);
        assert_eq!(Odd::objects().filter(|o| o.reserved.from.eq("x")).values(|o| o.reserved.count()).await?, [1]);
        let n = Odd::objects().filter(|o| o.words.eq(0)).update(|o| (o.words.set(o.words + 1), o.plain.set(o.dollar))).await?;
        assert_eq!(n, 4);
        let mut odd = Odd::objects().get(odd.key).await?;
        odd.format = Some("{1}".into());
        odd.save().await?;
        odd.refresh().await?;
        assert_eq!((odd.plain, odd.words, odd.format.as_deref()), (Some(1), 1, Some("{1}")));
        let error = Odd::objects().create().quoted("a").await.unwrap_err();
        assert!(error.is_unique_violation() && error.constraint().unwrap().contains("a \"b\"\""), "{error:?}");
        let slice = Odd::objects().order_by(|o| o.key).limit(2).delete().await?;
        assert_eq!((slice, Odd::objects().count().await?), (2, 2));
        lab.db.drop_tables(orm::models![Odd, Reserved]).await?;
        lab.db.create_tables(orm::models![Odd, Reserved]).await?;
        assert_eq!(Odd::objects().count().await?, 0);
        assert_eq!(lab.client.query("SELECT x FROM canary", &[]).await.unwrap().len(), 1, "nobody else's table was touched");
    }

    async fn names_as_long_as_postgres_allows_do_everything(lab) {
        lab.db.create_tables(orm::models![Long]).await?;
        let root = Long::objects().create().one("a").other("b").accent(1).await?;
        let child = Long::objects().bulk_create([Long::draft().one("c").other("d").parent(&root).build()]).await?.remove(0);
        let grandchild = Long::objects().create().one("e").other("f").parent(&child).await?;
        assert_eq!(Long::objects().filter(|l| l.parent.parent.one.eq("a")).one().await?, grandchild);
        assert_eq!(Long::objects().filter(|l| l.children.children.other.eq("f")).one().await?, root);
        assert_eq!(Long::objects().order_by(|l| l.one).values(|l| (l.one, l.parent.other)).await?.len(), 3);
        let errors = [
            Long::objects().create().one("a").other("x").await.unwrap_err(),
            Long::objects().create().one("x").other("b").await.unwrap_err(),
        ];
        assert!(errors.iter().all(|error| error.is_unique_violation()), "{errors:?}");
        assert_ne!(errors[0].constraint(), errors[1].constraint(), "the constraints of both columns have names of their own");
        assert_eq!(Long::objects().update(|l| (l.one.set(l.other), l.accent.set(2))).await?, 3);
        root.delete().await?;
        assert_eq!(Long::objects().count().await?, 0);
    }
}
