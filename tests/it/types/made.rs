//! Types made in the database: enums, composite types and domains, written by hand as a derive would.

use orm::{
    Element, FieldType, Result, SqlType,
    prelude::*,
    testing::TestDb,
    types::{NamedKind, NamedType},
};

#[derive(Debug, Clone, PartialEq)]
struct Mood(String);

impl FieldType for Mood {
    const TYPE: SqlType =
        SqlType::Named(&NamedType { name: "mood", kind: NamedKind::Enum(&["so-so", "it's \\ fine"]) });
    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        self.0.encode(out)
    }
    fn decode(bytes: &[u8]) -> Result<Self> {
        String::decode(bytes).map(Mood)
    }
}
impl Element for Mood {}

#[derive(Debug, Clone, PartialEq)]
struct Email(String);

impl FieldType for Email {
    const TYPE: SqlType = SqlType::Named(&NamedType {
        name: "Em@il",
        kind: NamedKind::Domain { base: SqlType::Text, check: Some("VALUE LIKE '%@%'") },
    });
    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        self.0.encode(out)
    }
    fn decode(bytes: &[u8]) -> Result<Self> {
        String::decode(bytes).map(Email)
    }
}
impl Element for Email {}
impl orm::Text for Email {}

#[derive(Model, Debug, Clone, PartialEq)]
struct Person {
    id: i64,
    mood: Mood,
    before: Option<Mood>,
    moods: Vec<Mood>,
    email: Email,
    others: Vec<Email>,
}

#[tokio::test]
async fn enums_and_domains_are_made_written_read_compared_and_listed() {
    let test = TestDb::create().await.unwrap();
    let (good, bad) = (Mood("it's \\ fine".into()), Mood("so-so".into()));
    let email = |name: &str| Email(format!("{name}@x.io"));
    test.db()
        .scope(async {
            test.db().create_tables(orm::models![Person]).await?;
            test.db().create_tables(orm::models![Person]).await?;
            let one =
                Person::objects().create().mood(&good).moods([good.clone(), bad.clone()]).email(email("a"));
            let one = one.others([email("b")]).await?;
            let draft = |mood: &Mood, n: usize| {
                let draft = Person::draft().mood(mood).moods(vec![mood.clone(); n]).email(email("c"));
                draft.before(&good).others(vec![email("d"); n]).build()
            };
            let many = Person::objects().bulk_create([draft(&good, 0), draft(&bad, 3)]).await?;
            assert_eq!((&one.mood, one.moods.len(), one.others.len()), (&good, 2, 1));
            assert_eq!(
                (many[1].moods.len(), many[1].others.len(), &many[1].before),
                (3, 3, &Some(good.clone()))
            );
            let count = |query: QuerySet<Person>| query.count();
            assert_eq!(count(Person::objects().filter(|p| p.mood.eq(&bad))).await?, 1);
            assert_eq!(count(Person::objects().filter(|p| p.before.ne(&good))).await?, 1);
            assert_eq!(count(Person::objects().filter(|p| p.mood.in_([&bad, &good]))).await?, 3);
            assert_eq!(count(Person::objects().filter(|p| p.email.in_([email("a")]))).await?, 1);
            assert_eq!(count(Person::objects().filter(|p| p.email.startswith("c@"))).await?, 2);
            assert_eq!(count(Person::objects().filter(|p| p.moods.eq(&one.moods))).await?, 1);
            assert_eq!(count(Person::objects().filter(|p| p.others.eq(&one.others))).await?, 1);
            assert_eq!(Person::objects().update(|p| (p.mood.set(&bad), p.before.set(p.mood))).await?, 3);
            assert_eq!(Person::objects().values(|p| p.mood).distinct().await?, [bad]);
            let error = Person::objects().update(|p| p.email.set(Email("x".into()))).await.unwrap_err();
            assert!(error.is_check_violation(), "{error}");
            let error = Person::objects().update(|p| p.mood.set(Mood("angry".into()))).await.unwrap_err();
            assert!(error.is_invalid_value(), "{error}");
            Ok::<_, orm::Error>(())
        })
        .await
        .unwrap();
}
