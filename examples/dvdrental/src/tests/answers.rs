//! The questions on the data as it is loaded, and again after the library changed it.

use super::{Shop, by_hand::cents, day};
use crate::models::*;
use orm::prelude::*;

impl Shop {
    /// Compares all twelve questions with SQL written by hand; gives the sizes of the answers.
    async fn all(&self) -> [usize; 12] {
        [
            self.overdue(day("09-01")).await.len(),
            self.never_rented("davis").await.len(),
            self.rented_in("Canada", &["Sports", "Travel"]).await.len(),
            self.takings(1, day("07-08")).await.0 as usize,
            self.staff().await.len(),
            self.stock("dragon", 2).await.len(),
            self.absent(1, day("06-01"), day("07-01")).await.len(),
            self.reliable().await.len(),
            self.costars(1).await.len(),
            self.long().await.len(),
            self.cities_without_store().await.len(),
            self.best_customers().await.len(),
        ]
    }
}

const AS_LOADED: [usize; 12] = [183, 4, 12, 49, 2, 4, 6, 440, 79, 85, 597, 10];

#[tokio::test]
async fn every_question_is_answered_as_sql_written_by_hand_answers_it() {
    let shop = Shop::open().await;
    assert_eq!(shop.all().await, AS_LOADED);
}

#[tokio::test]
async fn a_question_without_an_answer_has_no_rows() {
    let shop = Shop::open().await;
    assert_eq!(shop.overdue(day("02-14")).await, []);
    assert_eq!(shop.never_rented("%").await, []);
    assert_eq!(shop.rented_in("Canada", &[]).await, [""; 0]);
    assert_eq!(shop.takings(3, day("07-08")).await, (0, cents(0), None));
    assert_eq!(shop.stock("_", 1).await, []);
    assert_eq!(shop.costars(0).await, []);
}

#[tokio::test]
async fn a_rental_that_was_returned_is_not_overdue() {
    let shop = Shop::open().await;
    let open = || Rental::objects().filter(|r| r.returned_at.is_null());
    let customer = shop
        .run(async {
            let mut rental = open().order_by(|r| r.id).first().await?.expect("an open rental");
            rental.returned_at = Some(day("08-31"));
            rental.save_fields(|r| r.returned_at).await?;
            // the customer's other ones, if there are any
            open()
                .filter(|r| r.customer.eq(&rental.customer))
                .update(|r| r.returned_at.set(day("08-31")))
                .await?;
            rental.customer.fetch().await
        })
        .await;
    assert!(shop.overdue(day("09-01")).await.len() < AS_LOADED[0]);
    assert!(shop.reliable().await.contains(&(customer.id, customer.first_name, customer.last_name)));
    shop.run(open().update(|r| r.returned_at.set(day("08-31")))).await;
    assert_eq!(shop.overdue(day("09-01")).await, []);
    assert_eq!(shop.reliable().await.len(), 599);
}

#[tokio::test]
async fn takings_follow_the_payments_to_the_cent() {
    let shop = Shop::open().await;
    let (count, sum, _) = shop.takings(1, day("07-08")).await;
    let of_that_day = || Payment::objects().filter(|p| p.paid_at.range(day("07-08"), day("07-09")));
    shop.run(of_that_day().update(|p| p.amount.set(p.amount + cents(1)))).await;
    assert_eq!(shop.takings(1, day("07-08")).await.1, sum + cents(count));
    shop.run(of_that_day().filter(|p| p.amount.lt(cents(500))).delete()).await;
    let (fewer, less, mean) = shop.takings(1, day("07-08")).await;
    assert!(fewer > 0 && fewer < count && less < sum && mean > Some(5.0));
    shop.run(of_that_day().delete()).await;
    assert_eq!(shop.takings(1, day("07-08")).await, (0, cents(0), None));
}

#[tokio::test]
async fn amounts_are_summed_to_the_cent() {
    let shop = Shop::open().await;
    let all = shop.run(Payment::objects().aggregate(|p| p.amount.sum())).await;
    assert_eq!(all, Some(cents(6_741_651)));
}

#[tokio::test]
async fn an_amount_that_is_too_large_for_its_column_is_refused() {
    let shop = Shop::open().await;
    let dear = Payment::objects().update(|p| p.amount.set(cents(100_000)));
    let error = shop.db.scope(dear).await.unwrap_err();
    assert_eq!(error.kind(), orm::ErrorKind::InvalidValue, "{error}");
    assert_eq!(shop.takings(1, day("07-08")).await.1, cents(21_851));
}

/// A new customer, who rents many films of the first store on one day and pays for each.
async fn regular_customer(films: i64) -> orm::Result<Customer> {
    let city =
        City::objects().filter(|c| c.name.eq("London") & c.country.name.eq("United Kingdom")).one().await?;
    let address =
        Address::objects().create().street("1 Film Row").district("Soho").city(&city).phone("020").await?;
    let ada = Customer::objects()
        .create()
        .first_name("ADA")
        .last_name("LOVELACE")
        .store(1)
        .address(&address)
        .await?;
    let clerk = Staff::objects().filter(|s| s.store.eq(1)).one().await?;
    let copies =
        Inventory::objects().filter(|i| i.store.eq(1)).order_by(|i| i.id).limit(films as u64).await?;
    let rentals = copies
        .iter()
        .map(|copy| Rental::draft().copy(copy).customer(&ada).staff(&clerk).rented_at(day("07-08")).build());
    let rentals = Rental::objects().bulk_create(rentals).await?;
    let payments = rentals.iter().map(|rental| {
        let draft = Payment::draft().rental(rental).customer(&ada).staff(&clerk);
        draft.amount(cents(250)).paid_at(day("07-08")).build()
    });
    Payment::objects().bulk_create(payments).await?;
    Ok(ada)
}

#[tokio::test]
async fn a_new_customer_counts_once_her_transaction_is_committed() {
    let shop = Shop::open().await;
    let before = shop.takings(1, day("07-08")).await;

    let fail = async {
        regular_customer(60).await?;
        Err::<(), _>(orm::Error::usage("the till is closed"))
    };
    assert_eq!(shop.db.scope(atomic(fail)).await.unwrap_err().to_string(), "the till is closed");
    assert_eq!(shop.all().await, AS_LOADED);

    let ada = shop.run(atomic(regular_customer(60))).await;
    let (first, last) = (ada.first_name, ada.last_name);
    assert_eq!((ada.active, ada.email), (true, None));
    let after = shop.takings(1, day("07-08")).await;
    assert_eq!((after.0, after.1), (before.0 + 60, before.1 + cents(60 * 250)));
    let best = shop.best_customers().await;
    assert_eq!((&best[0].0, best[0].2, best[0].3), (&first, 60, cents(60 * 250)));
    assert!(shop.absent(1, day("06-01"), day("07-01")).await.contains(&(first, last)));
    shop.all().await;
}

#[tokio::test]
async fn a_store_that_moves_is_in_its_new_city() {
    let shop = Shop::open().await;
    let canadian = Address::objects().filter(|a| a.city.country.name.eq("Canada")).order_by(|a| a.id.desc());
    let address = shop.run(canadian.limit(1).one()).await;
    let moved =
        Store::objects().filter(|s| s.manager.first_name.eq("Jon")).update(|s| s.address.set(&address));
    assert_eq!(shop.run(moved).await, 1);
    let countries: Vec<_> = shop.staff().await.into_iter().map(|colleague| colleague.4).collect();
    assert_eq!(countries, ["Canada", "Canada"]);
    assert_eq!(shop.cities_without_store().await.len(), AS_LOADED[10] - 1);
}

#[tokio::test]
async fn a_film_says_in_which_language_it_was_shot() {
    let shop = Shop::open().await;
    shop.run(async {
        let italian = Language::objects().filter(|l| l.name.startswith("Italian")).one().await?;
        let mut film = Film::objects().filter(|f| f.title.eq("CHICAGO NORTH")).one().await?;
        film.original_language = Some((&italian).into());
        film.rental_rate = cents(1_000);
        film.save().await
    })
    .await;
    let (_, _, rate, shot_in) = shop.long().await.swap_remove(0);
    assert_eq!((rate, shot_in.as_deref().map(str::trim_end)), (cents(1_000), Some("Italian")));
}

#[tokio::test]
async fn a_film_without_a_known_length_is_not_long() {
    let shop = Shop::open().await;
    let named = Film::objects().filter(|f| f.title.in_(["CHICAGO NORTH", "HOME PITY"]));
    assert_eq!(shop.run(named.update(|f| f.length.set(None))).await, 2);
    assert_eq!(shop.long().await.len(), AS_LOADED[9] - 2);
}

#[tokio::test]
async fn new_copies_are_in_stock_until_they_are_rented() {
    let shop = Shop::open().await;
    let film = shop.run(Film::objects().filter(|f| f.title.eq("FACTORY DRAGON")).one()).await;
    let copy = || Inventory::draft().film(&film).store(2).build();
    let copies = shop.run(Inventory::objects().bulk_create([copy(), copy()])).await;
    assert_eq!(shop.stock("factory d", 2).await, [("FACTORY DRAGON".to_owned(), 2, 0)]);
    let rental = Rental::objects().create().copy(&copies[0]).customer(1).staff(2).rented_at(day("08-31"));
    shop.run(rental).await;
    assert_eq!(shop.stock("factory d", 2).await, [("FACTORY DRAGON".to_owned(), 2, 1)]);
}

#[tokio::test]
async fn customers_who_are_inactive_are_not_missed() {
    let shop = Shop::open().await;
    shop.run(Customer::objects().filter(|c| c.last_name.eq("MYERS")).update(|c| c.active.set(false))).await;
    assert_eq!(shop.absent(1, day("06-01"), day("07-01")).await.len(), AS_LOADED[6] - 1);
}

#[tokio::test]
async fn what_the_tables_forbid_is_an_error_that_names_the_constraint() {
    let shop = Shop::open().await;
    let customer = shop.run(Customer::objects().get(1)).await;
    let error = shop.db.scope(customer.delete()).await.unwrap_err();
    assert!(error.is_foreign_key_violation(), "{error}");
    assert_eq!(error.constraint(), Some("payment_p2022_01_customer_id_fkey"));

    let rental = shop.run(Rental::objects().get(1)).await;
    let again =
        Rental::objects().create().rented_at(rental.rented_at).copy(&rental.copy).customer(&rental.customer);
    let error = shop.db.scope(again.staff(&rental.staff)).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!(error.constraint(), Some("idx_unq_rental_rental_date_inventory_id_customer_id"));
    assert_eq!(shop.run(Rental::objects().filter(|r| r.customer.eq(1)).count()).await, 32);
}
