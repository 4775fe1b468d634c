//! Validators and `full_clean`: all that is wrong with a row, by field.

mod formats;

use orm::{Result, ValidationErrors, prelude::*, testing::count_queries};
use serde_json::json;

#[derive(Model, Input, Debug, Clone)]
#[orm(table = "room")]
struct Room {
    id: i64,
    #[orm(unique, min_length = 2, max_length = 20)]
    name: String,
    #[orm(default = 1, min_value = 1, max_value = 500, validate = not_thirteen)]
    seats: i32,
}

#[derive(Model, Input, Debug, Clone)]
#[orm(table = "booking", clean = in_order)]
struct Booking {
    id: i64,
    #[orm(on_delete = "cascade")]
    room: ForeignKey<Room>,
    #[orm(email)]
    by: String,
    #[orm(regex = "^[A-Z]{2}-[0-9]+$", unique, verbose_name = "booking code")]
    code: Option<String>,
    #[orm(max_digits = 5, decimal_places = 2, min_value = Decimal::ONE, step = 2)]
    price: Decimal,
    #[orm(min_value = NaiveDate::MIN)]
    from: NaiveDate,
    until: NaiveDate,
    #[orm(url)]
    page: Option<String>,
    #[orm(slug, validate = lower_case, default = Host("main".into()))]
    host: Host,
    #[orm(validate = [not_example, orm::validators::domain_name])]
    site: Option<String>,
}

#[derive(DbType, Debug, Clone, serde::Deserialize)]
struct Host(String);

fn not_thirteen(seats: &i32) -> Result<(), &'static str> {
    if *seats == 13 { Err("That brings bad luck.") } else { Ok(()) }
}

fn lower_case(host: &Host) -> Result<(), String> {
    let upper = host.0.chars().find(|c| c.is_uppercase());
    upper.map_or(Ok(()), |c| Err(format!("{c} is upper case.")))
}

fn not_example(site: &str) -> Result<(), &'static str> {
    if site == "example" { Err("That is none.") } else { Ok(()) }
}

fn in_order(booking: &Draft<Booking>) -> Result<(), ValidationErrors> {
    match (booking.get(|b| b.from), booking.get(|b| b.until)) {
        (Some(from), Some(until)) if from > until => Err("The end is before the start.".into()),
        _ => Ok(()),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "so that calls read well")]
fn booking(sent: serde_json::Value) -> Draft<Booking> {
    let mut all = json!({
        "room": 1, "by": "ann@example.org", "price": "4", "from": "2026-01-01", "until": "2026-01-02",
    });
    all.as_object_mut().unwrap().extend(sent.as_object().unwrap().clone());
    serde_json::from_value(all).unwrap()
}

/// The codes of what is wrong with a draft, by field.
fn codes(errors: &ValidationErrors) -> serde_json::Value {
    let codes =
        |errors: &[orm::ValidationError]| errors.iter().map(|e| e.code.to_string()).collect::<Vec<_>>();
    errors
        .iter()
        .map(|(field, errors)| (field.to_owned(), json!(codes(errors))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn wrong(sent: serde_json::Value) -> serde_json::Value {
    codes(&booking(sent).clean_fields().err().unwrap_or_default())
}

#[test]
fn each_validator_of_a_field_has_its_say() {
    assert_eq!(wrong(json!({})), json!({}));
    let sent = json!({
        "by": "ann", "code": "nl-7", "price": "0.5", "page": "ftp:/x", "host": "A b", "site": "example",
    });
    let expected = json!({
        "by": ["invalid"], "code": ["invalid"], "price": ["min_value", "step_size"], "page": ["invalid"],
        "host": ["invalid", "invalid"], "site": ["invalid", "invalid"],
    });
    assert_eq!(wrong(sent), expected);
    assert_eq!(
        wrong(json!({"code": "NL-7", "price": "12", "page": "http://a.org", "host": "a-b", "site": "a.org"})),
        json!({})
    );
    assert_eq!(wrong(json!({"code": null, "page": null})), json!({}), "NULL is judged by nobody");
}

#[test]
fn a_decimal_has_no_more_digits_than_its_column() {
    for (price, expected) in [
        ("998", json!({})),
        ("998.00", json!({})),
        ("1000", json!({"price": ["max_whole_digits"]})),
        ("10000", json!({"price": ["max_whole_digits"]})),
        ("2.001", json!({"price": ["max_decimal_places", "step_size"]})),
    ] {
        assert_eq!(wrong(json!({"price": price})), expected, "{price}");
    }
}

#[test]
fn an_error_has_a_code_a_message_and_the_parameters_of_the_message() {
    let draft: Draft<Room> = serde_json::from_value(json!({"name": "x", "seats": 501})).unwrap();
    let expected = json!({
        "name": [{
            "code": "min_length", "message": "Ensure this value has at least 2 characters (it has 1).",
            "params": {"limit_value": "2", "show_value": "1"},
        }],
        "seats": [{
            "code": "max_value", "message": "Ensure this value is less than or equal to 500.",
            "params": {"limit_value": "500"},
        }],
    });
    assert_eq!(json!(draft.clean_fields().unwrap_err()), expected);
    let draft = draft.with(|r| (r.name.set("blue"), r.seats.set(13)));
    assert_eq!(draft.clean_fields().unwrap_err().message_dict()["seats"], ["That brings bad luck."]);
}

#[orm::test(models(Room, Booking))]
async fn full_clean_tells_what_the_fields_the_model_and_the_database_say_in_one_query() -> Result<()> {
    let room = Room::objects().create().name("blue").await?;
    let first = booking(json!({"room": room.id, "code": "NL-1"}));
    let (valid, queries) = count_queries(async { first.full_clean().await }).await;
    valid?;
    assert_eq!(queries, 1);
    let mut first = first.save().await?;

    let sent = json!({"room": 77, "code": "NL-1", "by": "", "until": "2025-01-01"});
    let (answer, queries) = count_queries(async { booking(sent).full_clean().await }).await;
    let error = answer.unwrap_err();
    let expected = json!({
        "__all__": ["The end is before the start."],
        "by": ["Enter a valid email address."],
        "code": ["Booking with this booking code already exists."],
        "room": ["This Room does not exist."],
    });
    assert_eq!(json!(error.validation_errors().unwrap().message_dict()), expected);
    assert_eq!(queries, 1);
    assert!(!format!("{error:?}").contains("NL-1"));

    first.full_clean().await?; // its own code is not taken
    first.room = ForeignKey::to(77);
    first.page = Some("x y".into());
    let error = first.full_clean().await.unwrap_err();
    assert_eq!(
        codes(error.validation_errors().unwrap()),
        json!({"page": ["invalid"], "room": ["does_not_exist"]})
    );
    first.full_clean().exclude(|b| (b.room, b.page)).await?;
    Ok(())
}

#[orm::test(models(Room, Booking))]
async fn changes_are_judged_with_the_row_they_are_for() -> Result<()> {
    let room = Room::objects().create().name("blue").await?;
    booking(json!({"room": room.id, "code": "NL-1"})).save().await?;
    let other = booking(json!({"room": room.id, "code": "NL-2"})).save().await?;
    let judged = async |sent| {
        let changes: Changes<Booking> = serde_json::from_value(sent).unwrap();
        changes
            .full_clean(&other)
            .await
            .err()
            .map_or(json!({}), |error| codes(error.validation_errors().unwrap()))
    };
    assert_eq!(judged(json!({"code": "NL-1"})).await, json!({"code": ["unique"]}));
    assert_eq!(judged(json!({"code": "NL-2", "until": "2027-01-01"})).await, json!({}));
    assert_eq!(judged(json!({"until": "2025-01-01"})).await, json!({"__all__": ["invalid"]}));
    assert_eq!(judged(json!({"by": 7, "x": null})).await, json!({"by": ["invalid"], "x": ["unknown"]}));
    Ok(())
}

#[orm::test(models(Room))]
async fn save_does_not_validate_and_a_key_that_is_given_may_be_taken() -> Result<()> {
    let room = Room::objects().create().name("x").seats(13).await?;
    let same = Room::draft().id(room.id).name("blue").build();
    let error = same.full_clean().await.unwrap_err();
    assert_eq!(codes(error.validation_errors().unwrap()), json!({"id": ["unique"]}));
    Ok(())
}
