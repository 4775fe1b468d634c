//! What has a smallest and a largest value.

use cidr::IpInet;
use orm::{CiText, Interval, Result, prelude::*};
use std::net::IpAddr;

#[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
enum Size {
    Small,
    Large,
}

#[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
#[orm(text)]
enum Colour {
    Red,
    Blue,
}

#[derive(DbType, Debug, Clone, PartialEq)]
struct Code(String);

#[derive(DbType, Debug, Clone, PartialEq)]
struct Outer(Code);

#[derive(Model, Debug, Clone, PartialEq)]
struct Thing {
    id: i64,
    size: Size,
    colour: Option<Colour>,
    code: Code,
    outer: Outer,
    name: CiText,
    at: NaiveTime,
    took: Interval,
    ip: IpAddr,
    inet: IpInet,
    sizes: Vec<Size>,
    marks: Vec<Option<i32>>,
    price: Decimal,
    small: u8,
}

#[orm::test(models(Thing))]
async fn all_that_is_ordered_has_a_smallest_and_a_largest_value() -> Result<()> {
    for (id, size, colour, code, ip) in
        [(1, Size::Large, None, "a", "10.0.0.2"), (2, Size::Small, Some(Colour::Red), "b", "10.0.0.10")]
    {
        let inet: IpInet = format!("{ip}/8").parse().unwrap();
        let thing = Thing::draft().id(id).size(size).colour(colour).code(Code(code.into()));
        let thing =
            thing.outer(Outer(Code(code.into()))).name(code).at(NaiveTime::MIN).took(Interval::days(1));
        let thing =
            thing.ip(ip.parse::<IpAddr>().unwrap()).inet(inet).sizes([size]).marks(vec![Some(3), None]);
        thing.price(Decimal::from(id)).small(7).build().save().await?;
    }
    let largest = Thing::objects()
        .aggregate(|t| {
            (
                t.size.max(),
                t.colour.max(),
                t.code.max(),
                t.outer.max(),
                t.name.max(),
                t.ip.max(),
                t.inet.max(),
            )
        })
        .await?;
    let (size, colour, code, outer, name, ip, inet) = largest;
    assert_eq!((size, colour), (Some(Size::Large), Some(Colour::Red)));
    assert_eq!(
        (code, outer, name),
        (Some(Code("b".into())), Some(Outer(Code("b".into()))), Some("b".into()))
    );
    assert_eq!((ip, inet), ("10.0.0.10".parse().ok(), "10.0.0.10/8".parse().ok()));
    let (sizes, marks, at, took, price, small): (Option<Vec<Size>>, _, _, _, _, _) = Thing::objects()
        .aggregate(|t| (t.sizes.min(), t.marks.min(), t.at.min(), t.took.min(), t.price.min(), t.small.min()))
        .await?;
    assert_eq!((sizes, marks), (Some(vec![Size::Small]), Some(vec![Some(3), None])));
    assert_eq!(
        (at, took, price, small),
        (Some(NaiveTime::MIN), Some(Interval::days(1)), Some(Decimal::ONE), Some(7))
    );
    Ok(())
}
