//! Shapes of any number of points.

use super::{
    super::{
        Element, FieldType,
        reader::{Reader, count},
    },
    Point,
};
use crate::{Error, ErrorKind, Result, SqlType};
use serde::{Deserialize, Serialize};

/// Points that are joined by straight lines; it has at least one.
///
/// ```
/// use orm::geometry::{Path, Point};
///
/// let way = Path { closed: false, points: vec![Point::new(0.0, 0.0), Point::new(1.0, 2.0)] };
/// # let mut bytes = Vec::new();
/// # orm::FieldType::encode(&way, &mut bytes)?;
/// # assert_eq!(<Path as orm::FieldType>::decode(&bytes)?, way);
/// # Ok::<(), orm::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Path {
    /// Whether the last point is joined to the first.
    pub closed: bool,
    /// The points.
    pub points: Vec<Point>,
}

/// An area with straight sides; it has at least one point.
///
/// ```
/// use orm::geometry::{Point, Polygon};
///
/// let triangle = Polygon::from_iter([(0.0, 0.0), (4.0, 0.0), (0.0, 3.0)].map(|(x, y)| Point::new(x, y)));
/// assert_eq!(triangle.0.len(), 3);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Polygon(pub Vec<Point>);

impl FromIterator<Point> for Polygon {
    fn from_iter<I: IntoIterator<Item = Point>>(points: I) -> Self {
        Polygon(points.into_iter().collect())
    }
}

fn write(points: &[Point], out: &mut Vec<u8>) -> Result<()> {
    if points.is_empty() {
        return Err(Error::new(ErrorKind::InvalidValue, "a path or polygon has at least one point"));
    }
    out.extend_from_slice(&count(points.len())?);
    points.iter().for_each(|point| point.write(out));
    Ok(())
}

fn read(mut reader: Reader<'_>) -> Result<Vec<Point>> {
    let points = (0..reader.count()?).map(|_| Point::read(&mut reader)).collect::<Result<_>>()?;
    reader.end()?;
    Ok(points)
}

#[diagnostic::do_not_recommend]
impl FieldType for Path {
    const TYPE: SqlType = SqlType::Path;

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        out.push(u8::from(self.closed));
        write(&self.points, out)
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(Self::TYPE, bytes);
        let closed = reader.byte()?;
        reader.expect(closed <= 1)?;
        Ok(Path { closed: closed == 1, points: read(reader)? })
    }
}

#[diagnostic::do_not_recommend]
impl FieldType for Polygon {
    const TYPE: SqlType = SqlType::Polygon;

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        write(&self.0, out)
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        read(Reader::new(Self::TYPE, bytes)).map(Polygon)
    }
}

impl Element for Path {}
impl Element for Polygon {}
