//! A field may have a keyword as its name; the column has it plain.
#![allow(non_camel_case_types)]
use orm::prelude::*;

#[derive(Model)]
struct Event {
    id: i64,
    r#type: String,
    #[orm(default = 0)]
    r#move: i32,
    r#ref: Option<ForeignKey<Event>>,
    #[orm(via = "ref")]
    r#as: HasMany<Event>,
}

#[derive(Model)]
struct r#struct {
    id: i64,
}

pub(super) fn compiles() {
    let _ = Event::objects().filter(|e| e.r#type.eq("x") & e.r#ref.r#move.gt(3) & e.r#as.r#type.eq("y"));
    drop(Event::objects().create().r#type("x").r#move(3));
    let used = |event: Event, other: r#struct| {
        (event.id, event.r#type, event.r#move, event.r#ref, event.r#as, other.id)
    };
    let _ = used;
    let names = Event::meta().fields.iter().map(|field| field.name);
    assert_eq!(names.collect::<Vec<_>>(), ["id", "type", "move", "ref", "as"]);
    assert_eq!(r#struct::meta().table, "struct");
}
