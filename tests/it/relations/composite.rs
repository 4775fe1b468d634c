//! Primary keys of several columns, and foreign keys to them.

use super::sends;
use expect_test::expect;
use orm::{Result, prelude::*, testing::count_queries};

#[derive(Model, Debug, Clone, PartialEq)]
struct Order {
    id: i64,
    lines: HasMany<Line>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "order_line")]
struct Line {
    #[orm(primary_key, on_delete = "cascade")]
    order: ForeignKey<Order>,
    #[orm(primary_key)]
    no: i32,
    product: String,
    #[orm(default = 1)]
    amount: i32,
    #[orm(via = "line")]
    shipments: HasMany<Shipment>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(ordering = ["id"])]
struct Shipment {
    id: i64,
    #[orm(columns = ["order_id", "line_no"], on_delete = "cascade")]
    line: ForeignKey<Line>,
    #[orm(columns = ["back_order_id", "back_line_no"], on_delete = "set_null")]
    back: Option<ForeignKey<Line>>,
    carrier: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Actor {
    id: i64,
    name: String,
    #[orm(via = "cast")]
    films: ManyToMany<Film>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Film {
    id: i64,
    #[orm(through = Role)]
    cast: ManyToMany<Actor>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Role {
    #[orm(primary_key)]
    film: ForeignKey<Film>,
    #[orm(primary_key)]
    actor: ForeignKey<Actor>,
    #[orm(default = "extra")]
    part: String,
}

fn all() -> [&'static orm::types::ModelMeta; 6] {
    orm::models![Order, Line, Shipment, Actor, Film, Role]
}

/// Orders 1 (lines 1 ink, 2 pen) and 2 (line 1 pen). Shipments: 1 of (1, 1) by dhl; 2 of (1, 2) by ups, back (2, 1).
async fn orders() -> Result<()> {
    Order::objects().bulk_create([1, 2].map(|id| Order::draft().id(id).build())).await?;
    let lines = [(1, 1, "ink"), (1, 2, "pen"), (2, 1, "pen")];
    let lines = lines.map(|(order, no, product)| Line::draft().order(order).no(no).product(product).build());
    assert_eq!(Line::objects().bulk_create(lines).await?.len(), 3);
    let shipments = [
        Shipment::draft().id(1).line((1, 1)).carrier("dhl").build(),
        Shipment::draft().id(2).line((1, 2)).back(ForeignKey::to((2, 1))).carrier("ups").build(),
    ];
    Shipment::objects().bulk_create(shipments).await?;
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn a_row_is_found_saved_and_deleted_by_the_whole_key() -> Result<()> {
    orders().await?;
    let query = Line::objects().get((1, 2));
    expect![[r#"SELECT "order_line"."order_id", "order_line"."no", "order_line"."product", "order_line"."amount" FROM "order_line" WHERE "order_line"."order_id" = $1 AND "order_line"."no" = $2"#]].assert_eq(&query.to_sql());
    let mut line = query.await?;
    assert_eq!((line.key(), line.order.id(), line.product.as_str()), ((1, 2), 1, "pen"));
    line.amount = 7;
    expect![[r#"UPDATE "order_line" SET "product" = $1, "amount" = $2 WHERE "order_line"."order_id" = $3 AND "order_line"."no" = $4 RETURNING "order_id", "no", "product", "amount""#]].assert_eq(&line.save().to_sql());
    line.save().await?;
    assert_eq!(Line::objects().filter(|l| l.amount.eq(7)).values(|l| (l.order.id, l.no)).await?, [(1, 2)]);
    Line::objects().update(|l| l.amount.set(l.amount + 1)).await?;
    line.refresh().await?;
    assert_eq!(line.amount, 8);
    line.save_fields(|l| l.product).await?;
    expect![[r#"DELETE FROM "order_line" WHERE "order_line"."order_id" = $1 AND "order_line"."no" = $2"#]]
        .assert_eq(&line.delete().to_sql());
    line.delete().await?;
    assert_eq!(Line::objects().count().await?, 2);
    assert!(line.save().await.unwrap_err().is_not_found());
    assert!(Line::objects().get((9, 9)).await.unwrap_err().is_not_found());
    let twice = atomic(async { Line::objects().create().order(1).no(1).product("x").await }).await;
    assert!(twice.unwrap_err().is_unique_violation());
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn keys_are_compared_listed_and_ordered() -> Result<()> {
    orders().await?;
    let found = Line::objects().in_bulk([(1, 1), (2, 1), (3, 3)]);
    expect![[r#"SELECT "order_line"."order_id", "order_line"."no", "order_line"."product", "order_line"."amount" FROM "order_line" WHERE ("order_line"."order_id", "order_line"."no") IN (SELECT * FROM unnest($1, $2) AS "keys")"#]].assert_eq(&found.to_sql());
    let found = found.await?;
    assert_eq!((found.len(), found[&(2, 1)].product.as_str()), (2, "pen"));
    assert!(Line::objects().in_bulk([] as [(i64, i32); 0]).await?.is_empty());
    let first = Line::objects().first();
    expect![[r#"SELECT "order_line"."order_id", "order_line"."no", "order_line"."product", "order_line"."amount" FROM "order_line" ORDER BY "order_line"."order_id" ASC, "order_line"."no" ASC LIMIT $1"#]].assert_eq(&first.to_sql());
    assert_eq!(first.await?.map(|line| line.key()), Some((1, 1)));
    assert_eq!(Line::objects().last().await?.map(|line| line.key()), Some((2, 1)));
    // some rows only, by their keys
    let change = Line::objects().order_by(|l| l.product.desc()).limit(2).update(|l| l.amount.set(5));
    expect![[r#"UPDATE "order_line" SET "amount" = $1 WHERE ("order_line"."order_id", "order_line"."no") IN (SELECT "order_line_2"."order_id", "order_line_2"."no" FROM "order_line" AS "order_line_2" ORDER BY "order_line_2"."product" DESC LIMIT $2 FOR UPDATE OF "order_line_2")"#]].assert_eq(&change.to_sql());
    assert_eq!(change.await?, 2);
    assert_eq!(Line::objects().filter(|l| l.amount.eq(1)).values(|l| l.product).await?, ["ink"]);
    let deleted = Line::objects().filter(|l| l.order.id.eq(2) & l.shipments.is_null()).delete().await?;
    assert_eq!(deleted, 1);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn a_foreign_key_holds_all_columns() -> Result<()> {
    orders().await?;
    let mut shipment = Shipment::objects().get(2).await?;
    assert_eq!(shipment.line.id(), (1, 2));
    assert_eq!(shipment.back.as_ref().map(ForeignKey::id), Some((2, 1)));
    assert_eq!(shipment.line.fetch().await?.product, "pen");
    let ink = Line::objects().get((1, 1)).await?;
    shipment.line = (&ink).into();
    shipment.back = None;
    expect![[r#"UPDATE "shipment" SET "order_id" = $1, "line_no" = $2, "back_order_id" = $3, "back_line_no" = $4, "carrier" = $5 WHERE "shipment"."id" = $6 RETURNING "id", "order_id", "line_no", "back_order_id", "back_line_no", "carrier""#]].assert_eq(&shipment.save().to_sql());
    shipment.save().await?;
    assert_eq!((shipment.line.id(), &shipment.back), ((1, 1), &None));
    let change =
        Shipment::objects().filter(|s| s.id.eq(2)).update(|s| (s.line.set((1, 2)), s.back.set(&ink)));
    expect![[r#"UPDATE "shipment" SET "order_id" = $1, "line_no" = $2, "back_order_id" = $3, "back_line_no" = $4 WHERE "shipment"."id" = $5"#]].assert_eq(&change.to_sql());
    assert_eq!(change.await?, 1);
    shipment.refresh().await?;
    assert_eq!((shipment.line.id(), shipment.back.map(|back| back.id())), ((1, 2), Some((1, 1))));
    let lost = atomic(async { Shipment::objects().create().id(9).line((7, 7)).carrier("x").await }).await;
    assert!(lost.unwrap_err().is_foreign_key_violation());
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn conditions_by_a_foreign_key_of_several_columns() -> Result<()> {
    orders().await?;
    let pen = Line::objects().get((1, 2)).await?;
    let check = async |query: QuerySet<Shipment>, sql: expect_test::Expect, ids: &[i64]| {
        let query = query.values(|s| s.id);
        let text = query.to_sql();
        sql.assert_eq(text.split_once(" FROM ").unwrap().1);
        query.await.map(|found| assert_eq!(found, ids))
    };
    let all = Shipment::objects;
    check(all().filter(|s| s.line.eq(&pen)), expect![[r#""shipment" WHERE "shipment"."order_id" = $1 AND "shipment"."line_no" = $2 ORDER BY "shipment"."id" ASC"#]], &[2]).await?;
    check(all().filter(|s| s.line.ne((1, 2))), expect![[r#""shipment" WHERE NOT ("shipment"."order_id" = $1 AND "shipment"."line_no" = $2) ORDER BY "shipment"."id" ASC"#]], &[1]).await?;
    check(all().filter(|s| s.back.ne((1, 2))), expect![[r#""shipment" WHERE ("shipment"."back_order_id" = $1 AND "shipment"."back_line_no" = $2) IS NOT TRUE ORDER BY "shipment"."id" ASC"#]], &[1, 2]).await?;
    check(
        all().filter(|s| s.back.eq(None)),
        expect![[r#""shipment" WHERE "shipment"."back_order_id" IS NULL ORDER BY "shipment"."id" ASC"#]],
        &[1],
    )
    .await?;
    check(
        all().filter(|s| s.back.is_not_null()),
        expect![[r#""shipment" WHERE "shipment"."back_order_id" IS NOT NULL ORDER BY "shipment"."id" ASC"#]],
        &[2],
    )
    .await?;
    check(all().filter(|s| s.line.in_([(1, 1), (2, 2)])), expect![[r#""shipment" WHERE ("shipment"."order_id", "shipment"."line_no") IN (SELECT * FROM unnest($1, $2) AS "keys") ORDER BY "shipment"."id" ASC"#]], &[1]).await?;
    check(all().filter(|s| s.line.in_(Line::objects().filter(|l| l.product.eq("pen")))), expect![[r#""shipment" WHERE ("shipment"."order_id", "shipment"."line_no") IN (SELECT "order_line"."order_id", "order_line"."no" FROM "order_line" WHERE "order_line"."product" = $1) ORDER BY "shipment"."id" ASC"#]], &[2])
        .await?;
    check(all().filter(|s| s.line.gt((1, 1))), expect![[r#""shipment" WHERE ("shipment"."order_id", "shipment"."line_no") > ($1, $2) ORDER BY "shipment"."id" ASC"#]], &[2]).await?;
    check(all().filter(|s| s.line.product.eq("ink")), expect![[r#""shipment" INNER JOIN "order_line" ON "order_line"."order_id" = "shipment"."order_id" AND "order_line"."no" = "shipment"."line_no" WHERE "order_line"."product" = $1 ORDER BY "shipment"."id" ASC"#]], &[1]).await?;
    check(all().filter(|s| s.line.no.eq(2) & s.line.order.eq(1)), expect![[r#""shipment" WHERE "shipment"."line_no" = $1 AND "shipment"."order_id" = $2 ORDER BY "shipment"."id" ASC"#]], &[2]).await?;
    check(all().filter(|s| s.back.product.eq("pen")), expect![[r#""shipment" LEFT JOIN "order_line" ON "order_line"."order_id" = "shipment"."back_order_id" AND "order_line"."no" = "shipment"."back_line_no" WHERE "order_line"."product" = $1 ORDER BY "shipment"."id" ASC"#]], &[2]).await?;
    check(all().exclude(|s| s.back.product.eq("pen")), expect![[r#""shipment" LEFT JOIN "order_line" ON "order_line"."order_id" = "shipment"."back_order_id" AND "order_line"."no" = "shipment"."back_line_no" WHERE ("order_line"."product" = $1) IS NOT TRUE ORDER BY "shipment"."id" ASC"#]], &[1]).await
}

#[orm::test(models = all(), transaction)]
async fn the_other_side_of_a_foreign_key_of_several_columns() -> Result<()> {
    orders().await?;
    let query = Line::objects().values(|l| (l.no, l.shipments.count())).order_by(|l| (l.order.id, l.no));
    expect![[r#"SELECT "order_line"."no", (SELECT COUNT("shipment"."id") FROM "shipment" WHERE "shipment"."order_id" = "order_line"."order_id" AND "shipment"."line_no" = "order_line"."no") FROM "order_line" ORDER BY "order_line"."order_id" ASC, "order_line"."no" ASC"#]].assert_eq(&query.to_sql());
    assert_eq!(query.await?, [(1, 1), (2, 1), (1, 0)]);
    let query = Order::objects().filter(|o| o.lines.shipments.carrier.eq("ups")).values(|o| o.id);
    expect![[r#"SELECT "order"."id" FROM "order" WHERE EXISTS(SELECT 1 FROM "order_line" WHERE "order_line"."order_id" = "order"."id" AND EXISTS(SELECT 1 FROM "shipment" WHERE "shipment"."order_id" = "order_line"."order_id" AND "shipment"."line_no" = "order_line"."no" AND "shipment"."carrier" = $1))"#]].assert_eq(&query.to_sql());
    assert_eq!(query.await?, [1]);
    let query = Line::objects().filter(|l| l.shipments.none(|s| s.carrier.eq("ups"))).count();
    assert_eq!(query.await?, 2);
    let pen = Line::objects().get((1, 2)).await?;
    expect![[
        r#"SELECT COUNT(*) FROM "shipment" WHERE "shipment"."order_id" = $1 AND "shipment"."line_no" = $2"#
    ]]
    .assert_eq(&pen.shipments.query().count().to_sql());
    let third = sends(1, pen.shipments.create().carrier("dpd").id(3)).await?;
    assert_eq!((third.line.id(), pen.shipments.query().count().await?), ((1, 2), 2));
    assert_eq!(sends(1, pen.shipments.add([1])).await?, 1);
    assert_eq!(pen.shipments.query().count().await?, 3);
    let order = Order::objects().get(1).await?;
    order.lines.create().no(3).product("cap").await?;
    let other = Order::objects().get(2).await?;
    assert_eq!(sends(1, other.lines.add([(1, 3)])).await?, 1);
    assert_eq!(other.lines.query().values(|l| l.no).order_by(|l| l.no).await?, [1, 3]);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn on_delete_of_a_foreign_key_of_several_columns() -> Result<()> {
    orders().await?;
    Line::objects().get((2, 1)).await?.delete().await?;
    assert_eq!(Shipment::objects().get(2).await?.back, None);
    Order::objects().get(1).await?.delete().await?;
    assert_eq!((Line::objects().count().await?, Shipment::objects().count().await?), (0, 0));
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn pairs_whose_keys_are_the_primary_key_are_added_in_one_statement() -> Result<()> {
    let film = Film::objects().create().await?;
    let (ann, bob) = (film.cast.create().name("ann").await?, Actor::objects().create().name("bob").await?);
    let hero = Changes::<Role>::default().with(|r| r.part.set("hero"));
    assert_eq!(sends(1, film.cast.through_defaults(hero).add(&[&ann, &bob])).await?, 1);
    let parts = Role::objects().order_by(|r| r.actor.id).values(|r| r.part);
    assert_eq!(parts.await?, ["extra", "hero"]);
    assert_eq!(bob.films.query().values(|f| f.id).await?, [film.id]);
    assert_eq!(Role::objects().get((film.id, ann.id)).await?.part, "extra");
    assert_eq!(Film::objects().filter(|f| f.cast.name.eq("bob")).count().await?, 1);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn rows_are_distinguished_and_grouped_by_the_whole_key_of_a_relation() -> Result<()> {
    orders().await?;
    let again = Shipment::draft().id(3).line((1, 2)).carrier("dhl").build();
    Shipment::objects().bulk_create([again]).await?;
    let first = Shipment::objects().distinct_on(|s| s.line).order_by(|s| s.id);
    assert_eq!(first.values(|s| s.id).await?, [1, 2], "of two lines of one order");
    let mut groups = Shipment::objects().group_by(|s| s.line).annotate(|s| s.id.count()).await?;
    groups.sort_by_key(|(line, _)| line.no);
    assert_eq!(groups.iter().map(|(line, n)| (line.no, *n)).collect::<Vec<_>>(), [(1, 1), (2, 2)]);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn a_model_in_the_rows_of_a_subquery_is_told_apart_by_its_whole_key() -> Result<()> {
    orders().await?;
    let again = Shipment::draft().id(3).line((1, 2)).carrier("dhl").build();
    Shipment::objects().bulk_create([again]).await?;
    let rows = || Shipment::objects().order_by(|s| s.id).values(|s| (s.id, s.line)).cte();
    assert_eq!(rows().distinct().count().await?, 3);
    let groups = rows().values(|(id, ())| id);
    assert_eq!(groups.order_by(|(id, ())| id).await?, [1, 2, 3]);
    // As values of a subquery: the shipments whose line is one of some.
    let lines = Shipment::objects().filter(|s| s.id.eq(2)).values(|s| (s.carrier, s.line)).subquery();
    let lines = lines.lateral(|(_, ())| Line::objects().filter(|l| l.no.eq(1)).limit(1));
    let first: Option<(String, Line, Line)> = lines.first().await?;
    assert_eq!(first.map(|(carrier, line, other)| (carrier, line.no, other.no)), Some(("ups".into(), 2, 1)));
    // A row that begins with it is one of the model, with its key.
    let own = Shipment::objects().filter(|s| s.id.gt(1)).values(|s| s.line).subquery();
    let found = Shipment::objects().filter(|s| s.line.in_(own)).order_by(|s| s.id).values(|s| s.id);
    assert_eq!(found.await?, [2, 3]);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn related_rows_are_loaded_by_the_whole_key() -> Result<()> {
    orders().await?;
    let more = [(3, 1), (4, 2), (5, 2)];
    let more = more.map(|(id, no)| Shipment::draft().id(id).line((1, no)).carrier("dhl").build());
    Shipment::objects().bulk_create(more).await?;
    let ids = |lines: &[Line]| -> Result<Vec<Vec<i64>>> {
        lines
            .iter()
            .map(|line| Ok(line.shipments.get()?.iter().map(|shipment| shipment.id).collect()))
            .collect()
    };
    let lines = || Line::objects().order_by(|l| (l.order.id, l.no));
    let (found, queries) = count_queries(lines().prefetch_related(|l| l.shipments).into_future()).await;
    expect![[r#"
        2 queries
          1. SELECT "order_line"."order_id", "order_line"."no", "order_line"."product", "order_line"."amount" FROM "order_line" ORDER BY "order_line"."order_id" ASC, "order_line"."no" ASC
          2. SELECT "shipment"."id", "shipment"."order_id", "shipment"."line_no", "shipment"."back_order_id", "shipment"."back_line_no", "shipment"."carrier" FROM "shipment" WHERE ("shipment"."order_id", "shipment"."line_no") IN (SELECT * FROM unnest($1, $2) AS "keys") ORDER BY "shipment"."id" ASC"#]]
        .assert_eq(&queries.to_string());
    assert_eq!(ids(&found?)?, [vec![1, 3], vec![2, 4, 5], vec![]]);
    // The newest two of each.
    let newest = Shipment::objects().order_by(|s| s.id.desc()).limit(2);
    let found = lines().prefetch_related(|l| l.shipments.with(newest)).await?;
    assert_eq!(ids(&found)?, [vec![3, 1], vec![5, 4], vec![]]);
    // And the other way, where the key may be missing.
    let query = Shipment::objects().prefetch_related(|s| (s.line.order, s.back));
    let (shipments, queries) = count_queries(query.into_future()).await;
    let shipments = shipments?;
    assert_eq!(queries, 4);
    let second = &shipments[1];
    assert_eq!((second.line.get()?.no, second.line.get()?.order.get()?.id), (2, 1));
    assert_eq!(second.back.get()?.map(|line| (line.order.id(), line.no)), Some((2, 1)));
    assert!(shipments[0].back.get()?.is_none());
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn peers_ask_once_by_the_whole_key() -> Result<()> {
    orders().await?;
    let shipments = Shipment::objects().fetch_mode(orm::FetchMode::Peers).await?;
    let (numbers, queries) = count_queries(async {
        let mut numbers = Vec::new();
        for shipment in &shipments {
            numbers.push((shipment.line.fetch().await?.no, shipment.back.fetch().await?.map(|line| line.no)));
        }
        Ok::<_, orm::Error>(numbers)
    })
    .await;
    assert_eq!(numbers?, [(1, None), (2, Some(1))]);
    assert_eq!(queries, 2);
    Ok(())
}
