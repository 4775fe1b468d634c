//! The tables of the shop as they are: names, keys and types are Pagila's.

use orm::{TsVector, prelude::*};

#[derive(Model, Debug, Clone)]
pub(crate) struct Country {
    #[orm(primary_key, column = "country_id")]
    pub(crate) id: i32,
    #[orm(column = "country")]
    pub(crate) name: String,
}

#[derive(Model, Debug, Clone)]
pub(crate) struct City {
    #[orm(primary_key, column = "city_id")]
    pub(crate) id: i32,
    #[orm(column = "city")]
    pub(crate) name: String,
    pub(crate) country: ForeignKey<Country>, // column country_id
}

#[derive(Model, Debug, Clone)]
pub(crate) struct Address {
    #[orm(primary_key, column = "address_id")]
    pub(crate) id: i32,
    #[orm(column = "address")]
    pub(crate) street: String,
    pub(crate) district: String,
    pub(crate) city: ForeignKey<City>,
    pub(crate) phone: String,
}

#[derive(Model, Debug, Clone)]
pub(crate) struct Store {
    #[orm(primary_key, column = "store_id")]
    pub(crate) id: i32,
    pub(crate) address: ForeignKey<Address>,
    #[orm(column = "manager_staff_id")]
    pub(crate) manager: ForeignKey<Staff>,
}

#[derive(Model, Debug, Clone)]
pub(crate) struct Staff {
    #[orm(primary_key, column = "staff_id")]
    pub(crate) id: i32,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) store: ForeignKey<Store>,
}

#[derive(Model, Debug, Clone)]
pub(crate) struct Customer {
    #[orm(primary_key, column = "customer_id")]
    pub(crate) id: i32,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: Option<String>,
    pub(crate) store: ForeignKey<Store>,
    pub(crate) address: ForeignKey<Address>,
    #[orm(column = "activebool", default = true)]
    pub(crate) active: bool,
    pub(crate) rentals: HasMany<Rental>,
    pub(crate) payments: HasMany<Payment>,
}

#[derive(Model, Debug, Clone)]
pub(crate) struct Language {
    #[orm(primary_key, column = "language_id")]
    pub(crate) id: i32,
    pub(crate) name: String,
    #[orm(via = "language")] // and not `original_language`
    pub(crate) films: HasMany<Film>,
}

#[derive(Model, Debug, Clone)]
pub(crate) struct Category {
    #[orm(primary_key, column = "category_id")]
    pub(crate) id: i32,
    pub(crate) name: String,
    #[orm(via = "categories")]
    pub(crate) films: ManyToMany<Film>,
}

#[derive(Model, Debug, Clone)]
pub(crate) struct Actor {
    #[orm(primary_key, column = "actor_id")]
    pub(crate) id: i32,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) roles: HasMany<FilmActor>,
    #[orm(via = "actors")]
    pub(crate) films: ManyToMany<Film>,
}

/// Who may see a film.
#[derive(DbEnum, Debug, Clone, Copy, PartialEq, Eq)]
#[orm(type_name = "mpaa_rating")]
pub(crate) enum Rating {
    #[orm(rename = "G")]
    General,
    #[orm(rename = "PG")]
    Guidance,
    #[orm(rename = "PG-13")]
    Over13,
    #[orm(rename = "R")]
    Restricted,
    #[orm(rename = "NC-17")]
    Over17,
}

#[derive(Model, Debug, Clone)]
pub(crate) struct Film {
    #[orm(primary_key, column = "film_id")]
    pub(crate) id: i32,
    pub(crate) title: String,
    pub(crate) description: Option<String>,
    pub(crate) release_year: Option<i32>, // a domain over integer
    pub(crate) language: ForeignKey<Language>,
    pub(crate) original_language: Option<ForeignKey<Language>>,
    #[orm(db_default = "3")]
    pub(crate) rental_duration: i16, // days
    pub(crate) rental_rate: Decimal,
    pub(crate) length: Option<i16>, // minutes
    pub(crate) rating: Option<Rating>,
    pub(crate) special_features: Option<Vec<String>>,
    pub(crate) fulltext: TsVector, // filled by a trigger
    pub(crate) cast: HasMany<FilmActor>,
    #[orm(through = FilmActor)]
    pub(crate) actors: ManyToMany<Actor>,
    #[orm(through = FilmCategory)]
    pub(crate) categories: ManyToMany<Category>,
    pub(crate) copies: HasMany<Inventory>,
}

/// Who plays in which film. The key is the pair.
#[derive(Model, Debug, Clone)]
#[orm(table = "film_actor")]
pub(crate) struct FilmActor {
    #[orm(primary_key)]
    pub(crate) actor: ForeignKey<Actor>,
    #[orm(primary_key)]
    pub(crate) film: ForeignKey<Film>,
}

/// Which film is of which category.
#[derive(Model, Debug, Clone)]
#[orm(table = "film_category")]
pub(crate) struct FilmCategory {
    #[orm(primary_key)]
    pub(crate) film: ForeignKey<Film>,
    #[orm(primary_key)]
    pub(crate) category: ForeignKey<Category>,
}

/// A copy of a film that a store has.
#[derive(Model, Debug, Clone)]
pub(crate) struct Inventory {
    #[orm(primary_key, column = "inventory_id")]
    pub(crate) id: i32,
    pub(crate) film: ForeignKey<Film>,
    pub(crate) store: ForeignKey<Store>,
    pub(crate) rentals: HasMany<Rental>,
}

#[derive(Model, Debug, Clone)]
pub(crate) struct Rental {
    #[orm(primary_key, column = "rental_id")]
    pub(crate) id: i32,
    #[orm(column = "rental_date")]
    pub(crate) rented_at: DateTime<Utc>,
    #[orm(column = "inventory_id")]
    pub(crate) copy: ForeignKey<Inventory>,
    pub(crate) customer: ForeignKey<Customer>,
    #[orm(column = "return_date")]
    pub(crate) returned_at: Option<DateTime<Utc>>,
    pub(crate) staff: ForeignKey<Staff>,
    pub(crate) payments: HasMany<Payment>,
}

/// The table is partitioned by date, which is a part of its key.
#[derive(Model, Debug, Clone)]
pub(crate) struct Payment {
    #[orm(primary_key, column = "payment_id", db_default = "nextval('payment_payment_id_seq')")]
    pub(crate) id: i32,
    pub(crate) customer: ForeignKey<Customer>,
    pub(crate) staff: ForeignKey<Staff>,
    pub(crate) rental: ForeignKey<Rental>,
    pub(crate) amount: Decimal,
    #[orm(primary_key, column = "payment_date")]
    pub(crate) paid_at: DateTime<Utc>,
}
