//! Models that lead to each other in circles: rustc sees that their futures are `Send`, and does not take long.
use orm::prelude::*;

macro_rules! models { ($($name:ident $next:ident $other:ident;)*) => {$(
    #[derive(Model, Debug, Clone, PartialEq)]
    struct $name {
        id: i64,
        name: String,
        next: ForeignKey<$next>,
        other: Option<ForeignKey<$other>>,
        back: HasMany<$next>,
        all: ManyToMany<$other>,
    }
)*}}
models! {
    M0 M1 M3;
    M1 M2 M10;
    M2 M3 M17;
    M3 M4 M24;
    M4 M5 M1;
    M5 M6 M8;
    M6 M7 M15;
    M7 M8 M22;
    M8 M9 M29;
    M9 M10 M6;
    M10 M11 M13;
    M11 M12 M20;
    M12 M13 M27;
    M13 M14 M4;
    M14 M15 M11;
    M15 M16 M18;
    M16 M17 M25;
    M17 M18 M2;
    M18 M19 M9;
    M19 M20 M16;
    M20 M21 M23;
    M21 M22 M0;
    M22 M23 M7;
    M23 M24 M14;
    M24 M25 M21;
    M25 M26 M28;
    M26 M27 M5;
    M27 M28 M12;
    M28 M29 M19;
    M29 M0 M26;
}

fn is_send<T: Send>(_: T) {}

pub(super) fn compiles() {
    is_send(async {
        let found =
            M0::objects().filter(|m| m.next.next.other.next.next.name.eq("x") & m.back.all.next.name.eq("y"));
        let mut first = found.one().await?;
        first.save().await?;
        let next = first.next.fetch().await?;
        atomic(async { M1::objects().create().name("x").next(3).await?.delete().await }).await?;
        next.back.query().values(|m| (m.next, m.other, m.next.next.id)).await
    });
}
