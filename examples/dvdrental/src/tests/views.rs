//! The views, compared with queries over the tables.

use super::Shop;
use crate::{models::*, views::*};
use orm::{concat, prelude::*};

#[tokio::test]
async fn customers_and_staff_are_those_of_the_tables() {
    let shop = Shop::open().await;
    let names = CustomerList::objects().order_by(|c| c.id).values(|c| (c.id, c.name, c.country));
    let tables = Customer::objects()
        .order_by(|c| c.id)
        .values(|c| (c.id, concat((c.first_name, " ", c.last_name)), c.address.city.country.name));
    assert_eq!(shop.run(names).await, shop.run(tables).await);
    assert_eq!(shop.run(StaffList::objects().count()).await, shop.run(Staff::objects().count()).await);
    assert!(!shop.run(super::super::views::managers("Canada")).await.is_empty());
}

#[tokio::test]
async fn films_are_those_of_the_tables_with_their_cast() {
    let shop = Shop::open().await;
    let (wrong, all) = shop
        .run(async {
            let known = Film::objects().filter(|f| f.cast.exists() & f.categories.exists());
            let wrong =
                FilmList::objects().exclude(|l| l.title.eq(l.film.title) & l.price.eq(l.film.rental_rate));
            Ok((wrong.count().await?, (FilmList::objects().count().await?, known.count().await?)))
        })
        .await;
    assert_eq!((wrong, all.0), (0, all.1));
    let films = shop.run(for_all("Family")).await;
    assert!(films.iter().all(|(_, language, cast)| language.trim() == "English" && !cast.is_empty()));
    let info = ActorInfo::objects().filter(|a| a.film_info.contains("ACADEMY DINOSAUR")).count();
    let actors = Actor::objects().filter(|a| a.films.title.eq("ACADEMY DINOSAUR")).count();
    assert_eq!(shop.run(info).await, shop.run(actors).await);
}

#[tokio::test]
async fn sales_are_those_of_the_tables_and_stored_ones_those_of_the_last_refresh() {
    let shop = Shop::open().await;
    let by_category =
        || SalesByCategory::objects().order_by(|c| c.category).values(|c| (c.category, c.total_sales));
    let tables = Category::objects()
        .values(|c| c.name)
        .annotate(|c| c.films.copies.rentals.payments.amount.sum())
        .order_by(|(c, _)| c.name);
    assert_eq!(shop.run(by_category()).await, shop.run(tables).await);
    let stores = SalesByStore::objects().aggregate(|s| s.total_sales.sum());
    let payments = Payment::objects().aggregate(|p| p.amount.sum());
    assert_eq!(shop.run(stores).await, shop.run(payments).await);
    let stored =
        || RentalByCategory::objects().order_by(|c| c.category).values(|c| (c.category, c.total_sales));
    shop.run(RentalByCategory::refresh_materialized_view()).await;
    assert_eq!(shop.run(stored()).await, shop.run(by_category()).await);
    shop.run(Payment::objects().filter(|p| p.amount.gt(11)).delete()).await;
    assert_ne!(shop.run(stored()).await, shop.run(by_category()).await);
    shop.run(RentalByCategory::refresh_materialized_view()).await;
    assert_eq!(shop.run(stored()).await, shop.run(by_category()).await);
}
