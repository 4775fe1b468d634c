//! Composite types: in a column, in each other, in arrays, one by one and in bulk.

use orm::{FieldType, Result, prelude::*, testing::TestDb};

#[derive(DbComposite, Debug, Clone, PartialEq)]
struct Address {
    street: String,
    #[orm(rename = "Post code")]
    code: Option<String>,
    floors: Vec<i16>,
    kind: Option<Kind>,
    at: Option<Point>,
}

#[derive(DbComposite, Debug, Clone, Copy, PartialEq)]
#[orm(type_name = "geo_point")]
struct Point {
    x: f64,
    y: Option<f64>,
}

#[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
enum Kind {
    Home,
    Work,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Customer {
    id: i64,
    home: Address,
    work: Option<Address>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Route {
    id: i64,
    name: String,
    stops: Vec<Address>,
    points: Vec<Option<Point>>,
    end: Option<Point>,
}

fn address(n: i16) -> Address {
    let street = format!("Main \"Street\", ({n})");
    let point = Point { x: f64::from(n), y: (n % 2 == 0).then_some(-1.5) };
    let code = (n % 3 > 0).then(|| n.to_string());
    Address { street, code, floors: (0..n % 4).collect(), kind: Some(Kind::Work), at: Some(point) }
}

fn nowhere() -> Address {
    Address { street: String::new(), code: None, floors: vec![], kind: None, at: None }
}

async fn on_tables(body: impl Future<Output = Result<()>>) {
    let test = TestDb::create().await.unwrap();
    test.db().create_tables(orm::models![Customer, Route]).await.unwrap();
    test.db().create_tables(orm::models![Customer, Route]).await.unwrap();
    test.db().scope(body).await.unwrap();
}

#[tokio::test]
async fn composite_values_come_back_as_they_went_in_where_nothing_else_is_in_the_row() {
    on_tables(async {
        let one = Customer::objects().create().home(address(1)).work(nowhere()).await?;
        assert_eq!((&one.home, &one.work), (&address(1), &Some(nowhere())));
        let draft =
            |n: i16| Customer::draft().home(address(n)).work((n % 2 == 0).then(|| address(-n))).build();
        let many = Customer::objects().bulk_create((0..50).map(draft)).await?;
        for (n, row) in (0i16..).zip(&many) {
            assert_eq!((&row.home, &row.work), (&address(n), &(n % 2 == 0).then(|| address(-n))));
        }
        let mut row = many[3].clone();
        row.home.floors.push(9);
        row.save().await?;
        assert_eq!(Customer::objects().get(row.id).await?, row);
        assert_eq!(Customer::objects().filter(|c| c.home.eq(&row.home)).one().await?, row);
        assert_eq!(Customer::objects().filter(|c| c.home.in_([address(4), address(5)])).count().await?, 2);
        assert_eq!(Customer::objects().filter(|c| c.home.eq(c.work)).count().await?, 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_composite_value_of_nulls_alone_is_not_null() {
    on_tables(async {
        let end = |x: Option<Point>| Route::draft().name("a").stops([]).points(vec![]).end(x).build();
        Route::objects().bulk_create([end(None), end(Some(Point { x: 1.0, y: None }))]).await?;
        let (null, some) =
            (Route::objects().filter(|r| r.end.is_null()), Route::objects().filter(|r| !r.end.is_null()));
        assert_eq!((null.count().await?, some.count().await?), (1, 1));
        assert_eq!(Route::objects().filter(|r| r.end.is_not_null()).count().await?, 1);
        assert_eq!(Route::objects().filter(|r| r.end.eq(None)).one().await?.end, None);
        assert_eq!(
            Route::objects().exclude(|r| r.end.eq(None)).one().await?.end,
            Some(Point { x: 1.0, y: None })
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn arrays_of_composite_values_come_back_one_by_one_and_in_bulk() {
    on_tables(async {
        let draft = |n: i16| {
            let points = vec![None, Some(Point { x: 0.5, y: None })];
            Route::draft()
                .name(n.to_string())
                .stops((0..n).map(address).collect::<Vec<_>>())
                .points(points)
                .build()
        };
        let many = Route::objects().bulk_create((0..20).map(draft)).await?;
        let one = Route::objects().bulk_create([draft(5)]).await?.remove(0);
        for (n, row) in (0i16..).zip(&many) {
            assert_eq!((&*row.name, row.stops.len()), (&*n.to_string(), usize::try_from(n).unwrap()));
            assert_eq!(row.points, [None, Some(Point { x: 0.5, y: None })]);
        }
        assert_eq!(one.stops, (0..5).map(address).collect::<Vec<_>>());
        assert_eq!(Route::objects().filter(|r| r.stops.eq(&one.stops)).count().await?, 2);
        Ok(())
    })
    .await;
}

/// The type of the database, seen with other fields.
mod other {
    use orm::prelude::*;

    #[derive(DbComposite, Debug, Clone, PartialEq)]
    #[orm(type_name = "geo_point")]
    pub struct Long {
        x: f64,
        y: Option<f64>,
        z: Option<f64>,
    }

    #[derive(DbComposite, Debug, Clone, PartialEq)]
    #[orm(type_name = "geo_point")]
    pub struct Integer {
        x: f64,
        y: Option<i64>,
    }

    #[derive(DbComposite, Debug, Clone, PartialEq)]
    #[orm(type_name = "geo_point")]
    pub struct Never {
        x: f64,
        y: f64,
    }

    macro_rules! routes { ($($name:ident: $ty:ty),*) => {$(
        #[derive(Model, Debug, Clone, PartialEq)]
        #[orm(table = "route")]
        pub struct $name {
            id: i64,
            end: Option<$ty>,
        }
    )*}}
    routes!(LongRoute: Long, IntegerRoute: Integer, NeverRoute: Never);
}

#[tokio::test]
async fn a_composite_type_that_is_another_in_the_database_is_an_error_that_names_the_field() {
    on_tables(async {
        Route::objects().create().name("a").stops([]).points(vec![]).end(Point { x: 1.0, y: None }).await?;
        let error = other::LongRoute::objects().await.unwrap_err();
        assert_eq!(error.to_string(), "LongRoute.end: `geo_point` has 2 fields in the database, but 3 here");
        let error = other::IntegerRoute::objects().await.unwrap_err();
        assert_eq!(error.to_string(), "IntegerRoute.end: y: the field is not of type bigint in the database");
        let error = other::NeverRoute::objects().await.unwrap_err();
        assert!(error.is_decode());
        assert!(error.to_string().starts_with("NeverRoute.end: y: the database holds NULL"), "{error}");
        Ok(())
    })
    .await;
}

#[test]
fn a_composite_value_that_is_cut_or_holds_a_nul_is_an_error() {
    let mut bytes = Vec::new();
    address(7).encode(&mut bytes).unwrap();
    assert_eq!(Address::decode(&bytes).unwrap(), address(7));
    for end in 0..bytes.len() {
        assert!(Address::decode(&bytes[..end]).unwrap_err().is_decode(), "cut after {end} bytes");
    }
    let error = Address { street: "a\0b".into(), ..address(1) }.encode(&mut Vec::new()).unwrap_err();
    assert_eq!(error.to_string(), "street: text cannot hold the character NUL");
}
