//! Types made in the database: enums, composite types and domains.

use orm::{Element, FieldType, Result, SqlType, prelude::*, testing::TestDb};

#[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
enum Mood {
    #[orm(rename = "so-so")]
    Fair,
    #[orm(rename = "it's \\ fine")]
    Fine,
}

#[derive(DbType, Debug, Clone, PartialEq)]
#[orm(domain = "Em@il", check = "VALUE LIKE '%@%'")]
struct Email(String);

#[derive(Model, Debug, Clone, PartialEq)]
struct Person {
    id: i64,
    mood: Mood,
    before: Option<Mood>,
    moods: Vec<Mood>,
    email: Email,
    others: Vec<Email>,
}

async fn on_tables<const N: usize>(
    models: [&'static orm::types::ModelMeta; N],
    body: impl AsyncFnOnce(&TestDb) -> Result<()>,
) {
    let test = TestDb::create().await.unwrap();
    test.db().create_tables(models).await.unwrap();
    test.db().create_tables(models).await.unwrap();
    test.db().scope(body(&test)).await.unwrap();
}

#[tokio::test]
async fn enums_and_domains_are_made_written_read_compared_and_listed() {
    let email = |name: &str| Email(format!("{name}@x.io"));
    on_tables(orm::models![Person], async |_| {
        let one = Person::objects().create().mood(Mood::Fine).moods([Mood::Fine, Mood::Fair]);
        let one = one.email(email("a")).others([email("b")]).await?;
        let draft = |mood: Mood, n: usize| {
            let draft = Person::draft().mood(mood).moods(vec![mood; n]).email(email("c"));
            draft.before(Mood::Fine).others(vec![email("d"); n]).build()
        };
        let many = Person::objects().bulk_create([draft(Mood::Fine, 0), draft(Mood::Fair, 3)]).await?;
        assert_eq!((one.mood, one.moods.len(), one.others.len()), (Mood::Fine, 2, 1));
        assert_eq!((many[1].moods.len(), many[1].others.len(), many[1].before), (3, 3, Some(Mood::Fine)));
        let count = |query: QuerySet<Person>| query.count();
        assert_eq!(count(Person::objects().filter(|p| p.mood.eq(Mood::Fair))).await?, 1);
        assert_eq!(count(Person::objects().filter(|p| p.before.ne(Mood::Fine))).await?, 1);
        assert_eq!(count(Person::objects().filter(|p| p.mood.in_([Mood::Fair, Mood::Fine]))).await?, 3);
        assert_eq!(count(Person::objects().filter(|p| p.email.in_([email("a")]))).await?, 1);
        assert_eq!(count(Person::objects().filter(|p| p.email.startswith("c@"))).await?, 2);
        assert_eq!(count(Person::objects().filter(|p| p.moods.eq(&one.moods))).await?, 1);
        assert_eq!(count(Person::objects().filter(|p| p.others.eq(&one.others))).await?, 1);
        assert_eq!(Person::objects().update(|p| (p.mood.set(Mood::Fair), p.before.set(p.mood))).await?, 3);
        assert_eq!(Person::objects().values(|p| p.mood).distinct().await?, [Mood::Fair]);
        let error = Person::objects().update(|p| p.email.set(Email("x".into()))).await.unwrap_err();
        assert!(error.is_check_violation(), "{error}");
        Ok(())
    })
    .await;
}

/// What a derive refuses to be: a label that the database does not have.
#[derive(Debug, Clone, PartialEq)]
struct AnyMood(String);

impl FieldType for AnyMood {
    const TYPE: SqlType = Mood::TYPE;
    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        self.0.encode(out)
    }
    fn decode(bytes: &[u8]) -> Result<Self> {
        String::decode(bytes).map(AnyMood)
    }
}
impl Element for AnyMood {}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "person")]
struct AnyPerson {
    id: i64,
    mood: AnyMood,
}

#[tokio::test]
async fn a_label_that_the_database_lacks_is_an_invalid_value() {
    on_tables(orm::models![Person], async |_| {
        let angry = AnyPerson::objects().update(|p| p.mood.set(AnyMood("angry".into())));
        let error = angry.await.unwrap_err();
        assert!(error.is_invalid_value(), "{error}");
        Ok(())
    })
    .await;
}

#[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
#[orm(type_name = "mood")]
enum MoreMoods {
    Awful,
    Awkward,
    #[orm(rename = "so-so")]
    Fair,
    Good,
    #[orm(rename = "it's \\ fine")]
    Fine,
    Great,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "person", ordering = ["mood"])]
struct MorePerson {
    id: i64,
    mood: MoreMoods,
    #[orm(default = [])]
    moods: Vec<MoreMoods>,
    #[orm(default = Email("a@x.io".into()))]
    email: Email,
    #[orm(default = [])]
    others: Vec<Email>,
}

#[tokio::test]
async fn labels_are_added_in_the_place_they_are_declared_in_and_compare_in_that_order() {
    on_tables(orm::models![Person], async |test| {
        test.db().create_tables(orm::models![MorePerson]).await?;
        let drafts = MoreMoods::VARIANTS.iter().rev().map(|mood| MorePerson::draft().mood(mood).build());
        MorePerson::objects().bulk_create(drafts).await?;
        assert_eq!(MorePerson::objects().values(|p| p.mood).await?, MoreMoods::VARIANTS);
        let high = MorePerson::objects().filter(|p| p.mood.gt(MoreMoods::Fair)).values(|p| p.mood).await?;
        assert_eq!(high, [MoreMoods::Good, MoreMoods::Fine, MoreMoods::Great]);
        assert_eq!(MorePerson::objects().aggregate(|p| p.mood.max()).await?, Some(MoreMoods::Great));
        let error = Person::objects().await.unwrap_err();
        assert!(error.is_decode(), "{error}");
        assert_eq!(
            error.to_string(),
            "Person.mood: the database holds `great`, which is no variant of `Mood`; it has `so-so`, `it's \\ fine`"
        );
        Ok(())
    })
    .await;
}

#[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
#[orm(text, rename_all = "SCREAMING-KEBAB-CASE")]
enum Size {
    Small,
    #[orm(label = "Really huge")]
    VeryLarge,
}

#[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
#[orm(int)]
#[repr(i8)]
enum Priority {
    Low = -1,
    Normal,
    High = 7,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Parcel {
    #[orm(primary_key)]
    size: Size,
    #[orm(default = Priority::Normal)]
    priority: Priority,
    before: Option<Priority>,
    all: Vec<Priority>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "parcel")]
struct AnyParcel {
    #[orm(primary_key)]
    size: String,
    priority: i16,
}

#[tokio::test]
async fn an_enum_may_be_stored_as_checked_text_or_numbers() {
    on_tables(orm::models![Parcel], async |_| {
        let draft = |size| Parcel::draft().size(size).all(Priority::VARIANTS).build();
        let rows = Parcel::objects().bulk_create(Size::VARIANTS.iter().map(draft)).await?;
        assert_eq!(
            (rows[1].size, rows[1].priority, rows[1].before),
            (Size::VeryLarge, Priority::Normal, None)
        );
        assert_eq!(rows[0].all, [Priority::Low, Priority::Normal, Priority::High]);
        let raw = AnyParcel::objects().order_by(|p| p.size).values(|p| (p.size, p.priority)).await?;
        assert_eq!(raw, [("SMALL".to_owned(), 0), ("VERY-LARGE".to_owned(), 0)]);
        assert_eq!((Size::VeryLarge.label(), Size::Small.label()), ("Really huge", "Small"));
        assert_eq!((Size::named("VERY-LARGE"), Size::named("x")), (Some(Size::VeryLarge), None));
        Parcel::objects().update(|p| p.before.set(Priority::Low)).await?;
        assert_eq!(Parcel::objects().filter(|p| p.before.lt(p.priority)).count().await?, 2);
        assert_eq!(Parcel::objects().get(Size::Small).await?.before, Some(Priority::Low));
        let medium = AnyParcel::objects().filter(|p| p.size.eq("SMALL")).update(|p| p.size.set("MEDIUM"));
        assert_eq!(medium.await.unwrap_err().constraint(), Some("parcel_size_check"));
        let five = AnyParcel::objects().update(|p| p.priority.set(5));
        assert!(five.await.unwrap_err().is_check_violation());
        Ok(())
    })
    .await;
}

#[derive(Model, Debug)]
struct Queue {
    #[orm(primary_key)]
    priority: Priority,
}

#[tokio::test]
async fn a_key_that_is_an_enum_of_numbers_is_given_and_not_numbered() {
    on_tables(orm::models![Queue], async |_| {
        assert_eq!(Queue::objects().create().priority(Priority::High).await?.priority, Priority::High);
        assert!(
            Queue::objects()
                .create()
                .await
                .unwrap_err()
                .to_string()
                .contains("Queue.priority: it has no value")
        );
        Ok(())
    })
    .await;
}

#[test]
fn an_unknown_text_or_number_is_a_decoding_error_that_names_the_known_ones() {
    let error = Size::decode(b"MEDIUM").unwrap_err();
    assert!(error.is_decode());
    assert_eq!(
        error.to_string(),
        "the database holds `MEDIUM`, which is no variant of `Size`; it has `SMALL`, `VERY-LARGE`"
    );
    let error = Priority::decode(&5i16.to_be_bytes()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the database holds `5`, which is no variant of `Priority`; it has `-1`, `0`, `7`"
    );
}

mod elsewhere {
    use super::*;

    #[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
    #[orm(type_name = "level")]
    pub(super) enum Floor {
        Ground,
    }

    #[derive(DbComposite, Debug, Clone, PartialEq)]
    #[orm(type_name = "level")]
    pub(super) struct Sound {
        decibel: f64,
    }

    #[derive(DbType, Debug, Clone, PartialEq)]
    #[orm(domain = "text", check = "VALUE <> ''")]
    pub(super) struct Words(String);
}

#[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
enum Level {
    Low,
    High,
}

#[derive(Model, Debug)]
#[orm(table = "lift")]
struct Lift {
    id: i64,
    floor: elsewhere::Floor,
}

#[derive(Model, Debug)]
#[orm(table = "game")]
struct Game {
    id: i64,
    level: Level,
}

#[derive(Model, Debug)]
#[orm(table = "amplifier")]
struct Amplifier {
    id: i64,
    sound: elsewhere::Sound,
}

#[derive(Model, Debug)]
#[orm(table = "letter")]
struct Letter {
    id: i64,
    words: elsewhere::Words,
}

#[tokio::test]
async fn a_type_of_a_name_that_is_another_types_is_refused_when_tables_are_made() {
    on_tables(orm::models![Game], async |db| {
        for (models, says) in [
            (&orm::models![Lift, Game][..], "the enum \"level\" is the name of two types that differ"),
            (&orm::models![Amplifier][..], "the type \"level\" has the name of another type of the database"),
            (&orm::models![Letter][..], "the domain \"text\" has the name of another type of the database"),
        ] {
            let error = db.db().create_tables(models).await.unwrap_err();
            assert!(error.is_schema() && error.to_string().contains(says), "{error}");
        }
        Ok(())
    })
    .await;
}
