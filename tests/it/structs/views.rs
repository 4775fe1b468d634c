//! `#[orm(view = "…")]` and `materialized_view`: read as any model.

use orm::{Result, prelude::*};

#[derive(Model, Debug, Clone, PartialEq)]
struct Shop {
    id: i64,
    city: String,
    sales: HasMany<Sale>,
    revenue: HasOne<Revenue>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Sale {
    id: i64,
    price: i32,
    #[orm(on_delete = "cascade")]
    shop: ForeignKey<Shop>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(view = "SELECT shop_id, sum(price) AS total, count(*) AS sales FROM sale GROUP BY shop_id", ordering = ["-total"])]
struct Revenue {
    #[orm(primary_key, column = "shop_id", unique)]
    shop: ForeignKey<Shop>,
    sales: i64,
    total: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(
    table = "best_sale",
    materialized_view = "SELECT DISTINCT ON (shop_id) id, price, shop_id FROM sale ORDER BY shop_id, price DESC"
)]
struct Best {
    id: i64,
    #[orm(index)]
    price: i32,
    shop: ForeignKey<Shop>,
}

async fn filled() -> Result<Vec<Shop>> {
    let mut shops = Vec::new();
    for (city, prices) in [("Rome", [1, 2]), ("Oslo", [30, 40])] {
        let shop = Shop::objects().create().city(city).await?;
        for price in prices {
            shop.sales.create().price(price).await?;
        }
        shops.push(shop);
    }
    Ok(shops)
}

#[orm::test(models(Best, Revenue, Shop, Sale))]
async fn a_view_is_made_after_the_tables_and_read_as_one() -> Result<()> {
    let shops = filled().await?;
    let all = Revenue::objects().values(|r| (r.total, r.sales)).await?;
    assert_eq!(all, [(70, 2), (3, 2)]);
    assert_eq!(Revenue::objects().get(shops[0].id).await?.total, 3);
    assert_eq!(Revenue::objects().filter(|r| r.total.gt(10)).count().await?, 1);
    Ok(())
}

#[orm::test(models(Shop, Sale, Revenue, Best))]
async fn a_view_has_relations_that_are_joined_and_loaded() -> Result<()> {
    filled().await?;
    let all = Revenue::objects().select_related(|r| r.shop).await?;
    let cities: Vec<_> =
        all.iter().map(|row| row.shop.get().map(|shop| &*shop.city)).collect::<Result<_>>()?;
    assert_eq!(cities, ["Oslo", "Rome"]);
    assert_eq!(Revenue::objects().filter(|r| r.shop.city.eq("Rome")).values(|r| r.total).await?, [3]);
    let shops = Shop::objects().filter(|s| s.revenue.total.lt(10)).select_related(|s| s.revenue).await?;
    assert_eq!((shops.len(), shops[0].revenue.get()?.map(|revenue| revenue.total)), (1, Some(3)));
    let read = Revenue::objects().prefetch_related(|r| r.shop).first().await?;
    assert_eq!(
        read.map(|row| row.shop.get().map(|shop| shop.city.clone())).transpose()?,
        Some("Oslo".into())
    );
    Ok(())
}

#[orm::test(models(Shop, Sale, Revenue, Best))]
async fn a_materialized_view_is_what_it_was_when_it_was_refreshed() -> Result<()> {
    filled().await?;
    assert_eq!(Best::objects().count().await?, 0);
    let refresh = Best::refresh_materialized_view();
    assert_eq!(refresh.to_sql(), r#"REFRESH MATERIALIZED VIEW "best_sale""#);
    refresh.await?;
    assert_eq!(Best::objects().order_by(|b| b.price).values(|b| b.price).await?, [2, 40]);
    Sale::objects().update(|s| s.price.set(s.price + 1)).await?;
    Best::refresh_materialized_view().concurrently().await?;
    assert_eq!(Best::objects().order_by(|b| b.price).values(|b| b.price).await?, [3, 41]);
    Ok(())
}

#[orm::test(models(Shop, Sale, Revenue, Best))]
async fn views_are_dropped_and_made_again(db: Db) -> Result<()> {
    let models = || orm::models![Shop, Sale, Revenue, Best];
    db.create_tables(models()).await?; // they are there already
    db.drop_tables(models()).await?;
    assert!(Revenue::objects().count().await.unwrap_err().is_schema());
    db.create_tables(models()).await?;
    assert_eq!(Revenue::objects().count().await? + Best::objects().count().await?, 0);
    db.drop_tables(orm::models![Best]).await?;
    assert_eq!(Revenue::objects().count().await?, 0);
    Ok(())
}
