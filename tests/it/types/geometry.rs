//! Shapes.

use super::with_tables;
use orm::{geometry::*, prelude::*};

#[derive(Model, Debug, Clone, PartialEq)]
struct Shape {
    id: i64,
    at: Point,
    line: Option<Line>,
    side: Segment,
    area: BoundingBox,
    way: Path,
    field: Polygon,
    reach: Circle,
    points: Vec<Point>,
    areas: Vec<BoundingBox>,
    ways: Vec<Path>,
}

fn point(x: f64) -> Point {
    Point::new(x, -x / 3.0)
}

fn shape(n: u8) -> orm::Draft<Shape> {
    let (x, corner) = (f64::from(n), point(f64::from(n)));
    let area = BoundingBox::new(corner, Point::new(0.0, 7.0));
    let way = Path { closed: n.is_multiple_of(2), points: (0..=n).map(|n| point(n.into())).collect() };
    let draft = Shape::draft().at(corner).side(Segment { from: corner, to: point(0.1) }).area(area);
    let draft =
        draft.way(&way).field(Polygon(way.points.clone())).reach(Circle { center: corner, radius: x });
    let draft = draft.points(&way.points[..]).areas(vec![area; usize::from(n)]).ways([way]);
    if n.is_multiple_of(2) { draft.build() } else { draft.line(Line { a: x, b: -0.1, c: 1e300 }).build() }
}

#[tokio::test]
async fn shapes_come_back_as_they_went_in() {
    with_tables(orm::models![Shape], async {
        let many = Shape::objects().bulk_create((0..5).map(shape)).await?;
        for (row, n) in many.iter().zip(0u8..) {
            let x = f64::from(n);
            assert_eq!((row.at, row.side), (point(x), Segment { from: point(x), to: point(0.1) }));
            assert_eq!(row.area.upper_right(), Point::new(x, 7.0));
            assert_eq!(row.area.lower_left(), Point::new(0.0, point(x).y));
            assert_eq!((row.way.closed, row.way.points.len()), (n % 2 == 0, usize::from(n) + 1));
            assert_eq!((&row.field.0, &row.points), (&row.way.points, &row.way.points));
            assert_eq!((row.areas.len(), &row.ways), (usize::from(n), &vec![row.way.clone()]));
            assert_eq!(
                row.line.map(|line| (line.a, line.b, line.c)),
                (n % 2 == 1).then_some((x, -0.1, 1e300))
            );
            let copy = Shape::objects().create().at(row.at).line(row.line).side(row.side).area(row.area);
            let copy = copy.way(&row.way).field(&row.field).reach(row.reach).points(&row.points);
            let copy = copy.areas(&row.areas).ways(&row.ways).await?;
            assert_eq!(Shape { id: row.id, ..copy }, *row);
        }
        assert_eq!(Shape::objects().filter(|s| s.side.eq(many[2].side)).count().await?, 2);
        assert_eq!(
            Shape::objects().filter(|s| s.way.eq(&many[2].way)).count().await?,
            2,
            "of as many points"
        );
        assert_eq!(Shape::objects().filter(|s| s.line.is_null()).count().await?, 6);
        let error = Shape::objects().filter(|s| s.at.eq(point(1.0))).count().await.unwrap_err();
        assert_eq!(error.code(), Some("42883"), "points have no `=`");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_no_shape_is_refused() {
    with_tables(orm::models![Shape], async {
        Shape::objects().bulk_create([shape(1)]).await?;
        for error in [
            Shape::objects()
                .update(|s| s.reach.set(Circle { center: point(0.0), radius: -1.0 }))
                .await
                .unwrap_err(),
            Shape::objects().update(|s| s.line.set(Line { a: 0.0, b: 0.0, c: 1.0 })).await.unwrap_err(),
            Shape::objects().update(|s| s.way.set(Path { closed: true, points: vec![] })).await.unwrap_err(),
            Shape::objects().update(|s| s.field.set(Polygon(vec![]))).await.unwrap_err(),
        ] {
            assert!(error.is_invalid_value(), "{error:?}");
        }
        Ok(())
    })
    .await;
}
