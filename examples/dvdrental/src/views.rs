//! The shop's views, which are there already and are only read.

use crate::{models::*, reports::Question};
use orm::prelude::*;

#[derive(Model, Debug, Clone)]
#[orm(view, table = "customer_list")]
pub(crate) struct CustomerList {
    pub(crate) id: i32,
    pub(crate) name: String,
    #[orm(column = "zip code")]
    pub(crate) zip_code: Option<String>,
    pub(crate) city: String,
    pub(crate) country: String,
    pub(crate) notes: String,
    #[orm(column = "sid")]
    pub(crate) store: ForeignKey<Store>,
}

#[derive(Model, Debug, Clone)]
#[orm(view, table = "staff_list")]
pub(crate) struct StaffList {
    pub(crate) id: i32,
    pub(crate) name: String,
    pub(crate) city: String,
}

#[derive(Model, Debug, Clone)]
#[orm(view, table = "film_list")]
pub(crate) struct FilmList {
    #[orm(primary_key, column = "fid")]
    pub(crate) film: ForeignKey<Film>,
    pub(crate) title: String,
    pub(crate) category: String,
    pub(crate) price: Decimal,
    pub(crate) rating: Option<Rating>,
    pub(crate) actors: String,
}

#[derive(Model, Debug, Clone)]
#[orm(view, table = "actor_info")]
pub(crate) struct ActorInfo {
    #[orm(primary_key, column = "actor_id")]
    pub(crate) actor: ForeignKey<Actor>,
    pub(crate) film_info: Option<String>,
}

#[derive(Model, Debug, Clone)]
#[orm(view, table = "sales_by_store")]
pub(crate) struct SalesByStore {
    #[orm(primary_key)]
    pub(crate) store: String,
    pub(crate) manager: String,
    pub(crate) total_sales: Option<Decimal>,
}

#[derive(Model, Debug, Clone)]
#[orm(view, table = "sales_by_film_category")]
pub(crate) struct SalesByCategory {
    #[orm(primary_key)]
    pub(crate) category: String,
    pub(crate) total_sales: Option<Decimal>,
}

/// The same, with rows that are stored.
#[derive(Model, Debug, Clone)]
#[orm(materialized_view, table = "rental_by_category")]
pub(crate) struct RentalByCategory {
    #[orm(primary_key)]
    pub(crate) category: String,
    pub(crate) total_sales: Option<Decimal>,
}

/// 33. Which customers in a country have whom as their manager?
pub(crate) fn managers(country: &str) -> impl Question<(String, String, String)> {
    CustomerList::objects()
        .filter(|c| c.country.eq(country) & c.notes.eq("active"))
        .order_by(|c| c.name)
        .values(|c| (c.name, c.city, c.store.manager.last_name))
}

/// 34. Which films of a category can everybody see, with their cast and language?
pub(crate) fn for_all(category: &str) -> impl Question<(String, String, String)> {
    FilmList::objects()
        .filter(|f| f.category.eq(category) & f.rating.eq(Rating::General))
        .order_by(|f| f.title)
        .values(|f| (f.title, f.film.language.name, f.actors))
}
