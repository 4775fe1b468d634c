//! The questions on the data as it is loaded, and again after the library changed it.

use super::{Shop, day};

#[tokio::test]
async fn every_question_is_answered_as_sql_written_by_hand_answers_it() {
    let shop = Shop::open().await;
    let counts = [
        shop.overdue(day("09-01")).await.len(),
        shop.never_rented("davis").await.len(),
        shop.rented_in("Canada", &["Sports", "Travel"]).await.len(),
        shop.takings(1, day("07-08")).await.0 as usize,
        shop.staff().await.len(),
        shop.stock("dragon", 2).await.len(),
        shop.absent(1, day("06-01"), day("07-01")).await.len(),
        shop.reliable().await.len(),
        shop.costars(1).await.len(),
        shop.long().await.len(),
        shop.cities_without_store().await.len(),
        shop.best_customers().await.len(),
    ];
    assert_eq!(counts, [183, 4, 12, 49, 2, 4, 6, 440, 79, 85, 597, 10]);
}
