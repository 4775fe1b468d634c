use orm::prelude::*;

#[derive(DbEnum, Debug, Clone, PartialEq)]
enum Mood {
    Good,
    Bad(i32),
}

#[derive(Model)]
struct Person {
    id: i64,
    #[orm(default = Mood::Good)]
    mood: Mood,
    before: Option<Mood>,
    all: Vec<Mood>,
}

fn main() {
    let _ = Person::objects().filter(|p| p.mood.eq(Mood::Good) & p.before.eq(None));
    let _ = Person::draft().all(Mood::VARIANTS).build();
    let _ = (Mood::Good.name(), Mood::named("good"), Mood::LABELS);
}
