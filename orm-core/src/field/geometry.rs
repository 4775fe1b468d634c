//! Shapes in the plane ([Geometric Types](https://www.postgresql.org/docs/current/datatype-geometric.html)).
//!
//! PostgreSQL compares shapes in ways of its own: boxes and circles are equal if their areas are, paths if they have as many
//! points, and points and polygons have no `=` at all, so `eq` and `in_` of them are errors of the server.
//!
//! ```
//! # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
//! use orm::geometry::{Circle, Point};
//!
//! #[derive(Model)]
//! struct Tower {
//!     id: i64,
//!     at: Point,
//!     reach: Option<Circle>,
//! }
//!
//! # run(async |db| {
//! db.create_tables(orm::models![Tower]).await?;
//! let at = Point::new(1.5, -2.0);
//! let tower = Tower::objects().create().at(at).reach(Circle { center: at, radius: 10.0 }).await?;
//! assert_eq!((tower.at.x, tower.reach.map(|circle| circle.radius)), (1.5, Some(10.0)));
//! # Ok(())
//! # });
//! ```

mod many;

pub use many::{Path, Polygon};

use super::{Element, FieldType, reader::Reader};
use crate::{Result, SqlType};
use serde::{Deserialize, Serialize};

macro_rules! shapes { ($(
    $(#[$m:meta])* $name:ident as $ty:ident { $($(#[$fm:meta])* $vis:vis $field:ident: $of:ty = $read:ident,)* }
)*) => {$(
    $(#[$m])*
    #[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
    pub struct $name { $($(#[$fm])* $vis $field: $of,)* }

    impl $name {
        fn write(&self, out: &mut Vec<u8>) {
            $(self.$field.write(out);)*
        }

        fn read(reader: &mut Reader<'_>) -> Result<Self> {
            Ok($name { $($field: $read(reader)?,)* })
        }
    }

    #[diagnostic::do_not_recommend]
    impl FieldType for $name {
        const TYPE: SqlType = SqlType::$ty;

        fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
            self.write(out);
            Ok(())
        }

        fn decode(bytes: &[u8]) -> Result<Self> {
            let mut reader = Reader::new(Self::TYPE, bytes);
            let shape = $name::read(&mut reader)?;
            reader.end()?;
            Ok(shape)
        }
    }

    impl Element for $name {}
)*}}
shapes! {
    /// A point.
    Point as Point {
        /// To the right.
        pub x: f64 = float,
        /// Upwards.
        pub y: f64 = float,
    }
    /// A straight line without ends: all points where `ax + by + c = 0`. The server refuses one whose `a` and `b` are zero.
    Line as Line {
        /// How much `x` counts.
        pub a: f64 = float,
        /// How much `y` counts.
        pub b: f64 = float,
        /// What is added.
        pub c: f64 = float,
    }
    /// A straight line between two points (`lseg`).
    Segment as Lseg {
        /// Where it begins.
        pub from: Point = point,
        /// Where it ends.
        pub to: Point = point,
    }
    /// A rectangle along the axes (`box`), told by two opposite corners.
    BoundingBox as Box {
        upper_right: Point = point,
        lower_left: Point = point,
    }
    /// A circle. The server refuses a negative radius.
    Circle as Circle {
        /// The middle.
        pub center: Point = point,
        /// The distance from there.
        pub radius: f64 = float,
    }
}

impl Point {
    /// A point.
    pub const fn new(x: f64, y: f64) -> Self {
        Point { x, y }
    }
}

impl BoundingBox {
    /// The box with two opposite corners.
    ///
    /// ```
    /// use orm::geometry::{BoundingBox, Point};
    ///
    /// let area = BoundingBox::new(Point::new(0.0, 5.0), Point::new(3.0, 1.0));
    /// assert_eq!((area.lower_left(), area.upper_right()), (Point::new(0.0, 1.0), Point::new(3.0, 5.0)));
    /// ```
    pub const fn new(a: Point, b: Point) -> Self {
        BoundingBox {
            upper_right: Point::new(a.x.max(b.x), a.y.max(b.y)),
            lower_left: Point::new(a.x.min(b.x), a.y.min(b.y)),
        }
    }

    /// The corner that is greatest.
    pub const fn upper_right(&self) -> Point {
        self.upper_right
    }

    /// The corner that is least.
    pub const fn lower_left(&self) -> Point {
        self.lower_left
    }
}

trait Write {
    fn write(&self, out: &mut Vec<u8>);
}

impl Write for f64 {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_be_bytes());
    }
}

fn float(reader: &mut Reader<'_>) -> Result<f64> {
    reader.float()
}

fn point(reader: &mut Reader<'_>) -> Result<Point> {
    Point::read(reader)
}
