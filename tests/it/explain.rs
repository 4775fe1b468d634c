//! `explain`: the server's plan, as a text and to ask.

use orm::{Plan, Result, prelude::*};

#[derive(Model, Debug, Clone, PartialEq)]
struct Shop {
    id: i64,
    #[orm(index)]
    town: String,
    sales: HasMany<Sale>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Sale {
    id: i64,
    price: i32,
    shop: ForeignKey<Shop>,
}

/// Ten towns of a hundred shops, each with one sale.
async fn shops() -> Result<()> {
    let shops = (0..1_000).map(|n| Shop::draft().town(format!("town {}", n % 10)).build());
    let shops = Shop::objects().bulk_create(shops).await?;
    let sales = shops.iter().map(|shop| Sale::draft().price(7).shop(shop).build());
    Sale::objects().bulk_create(sales).await?;
    orm::execute("ANALYZE").await.map(drop)
}

#[orm::test(models(Shop, Sale), fixture = shops)]
async fn a_plan_is_a_text_with_what_was_asked_for() -> Result<()> {
    let one = || Shop::objects().filter(|s| s.id.eq(1));
    let text = one().explain().await?;
    assert!(text.starts_with("Index Scan using shop_pkey on shop") && text.contains("cost="), "{text}");
    let text = one().explain().analyze().without_costs().without_timing().await?;
    assert!(text.contains("(actual rows=1 loops=1)") && !text.contains("cost="), "{text}");
    let text = one().explain().analyze().buffers().wal().verbose().settings().await?;
    assert!(text.contains("Buffers: shared") && text.contains("Output: id, town"), "{text}");
    Ok(())
}

#[orm::test(models(Shop, Sale), fixture = shops)]
async fn a_parsed_plan_says_which_tables_are_read_and_how() -> Result<()> {
    let by_key = Shop::objects().filter(|s| s.id.eq(1)).explain().parsed().await?;
    assert!(by_key.uses_index("shop_pkey") && !by_key.scans("shop"), "{by_key}");
    assert_eq!((by_key.root.rows, by_key.root.actual, by_key.planning_time), (Some(1.0), None, None));

    let joined = Sale::objects().filter(|s| s.shop.town.eq("town 1")).select_related(|s| s.shop);
    let plan: Plan = joined.explain().analyze().buffers().parsed().await?;
    let relations: Vec<_> = plan.nodes().filter_map(|node| node.relation.as_deref()).collect();
    assert_eq!(relations, ["sale", "shop"], "{plan}");
    assert!(plan.scans("sale") && plan.uses_index("shop_town_idx"), "{plan}");
    let actual = plan.root.actual.expect("it was run");
    assert_eq!((actual.rows, actual.loops, actual.time.is_some()), (100.0, 1.0, true));
    assert!(plan.execution_time.is_some() && plan.planning_time.is_some());
    assert!(plan.root.startup_cost < plan.root.total_cost && plan.root.width.is_some());
    assert!(plan.root.more.contains_key("Shared Hit Blocks"), "{:?}", plan.root.more);
    let shown = plan.to_string();
    assert!(
        shown.starts_with("Hash Join (cost=") && shown.contains("\n  -> Seq Scan on sale (cost="),
        "{shown}"
    );
    Ok(())
}

#[orm::test(models(Shop, Sale), fixture = shops)]
async fn a_change_is_explained_and_what_it_does_in_an_analysis_is_undone() -> Result<()> {
    let some = || Sale::objects().filter(|s| s.id.lte(10));
    let plan = some().delete().explain().analyze().parsed().await?;
    assert_eq!((&*plan.root.node_type, plan.root.relation.as_deref()), ("ModifyTable", Some("sale")));
    let plan = some().update(|s| s.price.set(0)).returning(|s| s.price).explain().analyze().parsed().await?;
    assert_eq!(plan.root.actual.map(|actual| actual.rows), Some(10.0));
    let copied =
        Sale::objects().insert_from(some(), |new, s| (new.price.set(s.price), new.shop.set(s.shop.id)));
    copied.explain().analyze().await?;
    assert_eq!(Sale::objects().filter(|s| s.price.eq(7)).count().await?, 1_000);
    // In a transaction too, which goes on.
    orm::atomic(async {
        some().update(|s| s.price.set(1)).await?;
        some().delete().explain().analyze().await?;
        some().update(|s| s.price.set(2)).await
    })
    .await?;
    assert_eq!(Sale::objects().filter(|s| s.price.eq(2)).count().await?, 10);
    Ok(())
}

#[orm::test(models(Shop, Sale), fixture = shops)]
async fn options_that_the_server_refuses_are_its_error() -> Result<()> {
    let error = Shop::objects().explain().analyze().generic_plan().await.unwrap_err();
    assert!(error.to_string().contains("EXPLAIN"), "{error}");
    Ok(())
}
