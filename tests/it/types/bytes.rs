//! Bytes that are no value are an error, and never a panic.

use bit_vec::BitVec;
use cidr::{IpCidr, IpInet};
use orm::{CiText, FieldType, Hstore, Json, MacAddr, Multirange, Range, TsVector, geometry::*, prelude::*};
use std::net::IpAddr;

/// Numbers that look like chance, and are the same in every run.
struct Chance(u64);

impl Chance {
    fn byte(&mut self) -> u8 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.to_be_bytes()[3]
    }
}

/// Decodes what comes of a value's bytes by cutting, lengthening and changing them, and bytes by chance. What is still
/// a value is one that can be written and read again.
fn shake<T: FieldType + PartialEq + std::fmt::Debug>(value: &T) {
    let mut bytes = Vec::new();
    value.encode(&mut bytes).unwrap();
    assert_eq!(&T::decode(&bytes).unwrap(), value);
    for end in 0..bytes.len() {
        let is_text = matches!(T::TYPE, orm::SqlType::Named(named) if named.name == "citext");
        assert!(is_text || T::decode(&bytes[..end]).is_err(), "{} cut after {end} bytes", T::TYPE);
    }
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    for round in 0..20_000 {
        let mut changed = match round % 4 {
            0 => (0..chance.byte() % 64).map(|_| chance.byte()).collect(),
            _ => bytes.clone(),
        };
        for _ in 0..=chance.byte() % 3 {
            let (place, byte) = (usize::from(chance.byte()), chance.byte());
            match changed.len() {
                0 => changed.push(byte),
                length => changed[place % length] = if byte % 2 == 0 { byte % 5 } else { byte },
            }
        }
        if let Ok(value) = T::decode(&changed) {
            let mut again = Vec::new();
            if value.encode(&mut again).is_ok() {
                T::decode(&again).unwrap_or_else(|error| panic!("{value:?}: {error}"));
            }
        }
    }
}

#[test]
fn any_bytes_are_a_value_or_an_error() {
    let point = Point::new(1.0, -2.5);
    shake(&serde_json::json!({"a": [1, 2.5, "x\n", null, {"b": 12345678901234567_u64}]}));
    shake(&Json(vec![("a".to_owned(), Some(1))]));
    shake(&Range::from(1..10));
    shake(&Range::from(..7_i64));
    shake(&Range::from(NaiveDate::default()..));
    shake(&Range::from(DateTime::<Utc>::default()..=DateTime::<Utc>::default()));
    shake(&Multirange::from_iter([1..3, 5..8].map(Range::from)));
    shake(&"10.1.2.3".parse::<IpAddr>().unwrap());
    shake(&"::1".parse::<IpAddr>().unwrap());
    shake(&"10.1.2.3/8".parse::<IpInet>().unwrap());
    shake(&"2001:db8::/32".parse::<IpCidr>().unwrap());
    shake(&MacAddr([1; 6]));
    shake(&CiText::from("text"));
    shake(&Hstore::from_iter([("a", "b"), ("c", "")]));
    shake(&(0..77).map(|bit| bit % 3 == 0).collect::<BitVec>());
    shake(&TsVector::decode(b"\0\0\0\x01cat\0\0\x02\0\x01\xc0\x02").unwrap());
    shake(&point);
    shake(&Line { a: 1.0, b: 2.0, c: 3.0 });
    shake(&Segment { from: point, to: point });
    shake(&BoundingBox::new(point, Point::new(0.0, 0.0)));
    shake(&Circle { center: point, radius: 1.0 });
    shake(&Path { closed: true, points: vec![point; 2] });
    shake(&Polygon(vec![point; 3]));
}
