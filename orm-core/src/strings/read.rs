//! Values from texts, by the type of their column.

use super::{invalid, times};
use crate::{Check, FieldMeta, FieldType, NamedKind, NamedType, Node, Param, Result, SqlType};

/// The value of a column that a text stands for.
pub(super) fn value(field: &FieldMeta, text: &str) -> Result<Node> {
    let ty = field.ty;
    if ty.is_text() {
        one_of(field, text)?;
        return Ok(Node::Param(self::text(text)?.retyped(ty)));
    }
    let text = text.trim();
    let bytes = match ty.base() {
        SqlType::Bool => encoded(&truth(text)?)?,
        SqlType::Int2 => number::<i16>(ty, text)?,
        SqlType::Int4 => number::<i32>(ty, text)?,
        SqlType::Int8 => number::<i64>(ty, text)?,
        SqlType::Float4 => number::<f32>(ty, text)?,
        SqlType::Float8 => number::<f64>(ty, text)?,
        SqlType::Uuid => uuid(text).ok_or_else(|| none(ty))?,
        SqlType::Date => times::date(text).ok_or_else(|| none(ty))?,
        SqlType::Time => times::time(text).ok_or_else(|| none(ty))?,
        SqlType::Timestamp => times::timestamp(text, false).ok_or_else(|| none(ty))?,
        SqlType::Timestamptz => times::timestamp(text, true).ok_or_else(|| none(ty))?,
        SqlType::Named(NamedType { kind: NamedKind::Enum(labels), .. }) => {
            among(labels, text)?;
            text.as_bytes().to_vec()
        }
        // The server knows how it is written.
        _ => return Ok(Node::Cast(Node::Param(self::text(text)?).boxed(), ty)),
    };
    Ok(Node::Param(Param::raw(ty, bytes)))
}

/// A text as it is.
pub(super) fn text(text: &str) -> Result<Param> {
    let param = Param::new(Some(&text.to_owned()));
    param.bytes()?;
    Ok(param)
}

/// `true` or `false`.
pub(super) fn truth(text: &str) -> Result<bool> {
    match text {
        "true" | "True" | "1" => Ok(true),
        "false" | "False" | "0" => Ok(false),
        _ => Err(invalid("the text is neither `true` nor `false`".into())),
    }
}

fn none(ty: SqlType) -> crate::Error {
    invalid(format!("the text is no value of type {ty}"))
}

fn encoded<T: FieldType>(value: &T) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    value.encode(&mut bytes)?;
    Ok(bytes)
}

fn number<T: FieldType + std::str::FromStr>(ty: SqlType, text: &str) -> Result<Vec<u8>> {
    encoded(&text.parse::<T>().map_err(|_| none(ty))?)
}

/// With hyphens or without, as PostgreSQL reads one.
fn uuid(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b'-').collect();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = |pair: &[u8]| u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok();
    if digits.len() == 32 { digits.chunks(2).map(byte).collect() } else { None }
}

/// An enum that is stored as text has these and no others.
fn one_of(field: &FieldMeta, text: &str) -> Result<()> {
    match field.check {
        Some(Check::OneOf(names)) => among(names, text),
        _ => Ok(()),
    }
}

fn among(names: &[&'static str], text: &str) -> Result<()> {
    if names.contains(&text) {
        return Ok(());
    }
    Err(invalid(format!("the text is none of {}", names.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_read_with_hyphens_and_without() {
        let bytes: Vec<u8> = (0..16).collect();
        assert_eq!(uuid("00010203-0405-0607-0809-0A0b0c0d0e0f"), Some(bytes.clone()));
        assert_eq!(uuid("000102030405060708090a0b0c0d0e0f"), Some(bytes));
        for text in
            ["", "00010203", "g0010203-0405-0607-0809-0a0b0c0d0e0f", "00010203-0405-0607-0809-0a0b0c0d0e0f0"]
        {
            assert_eq!(uuid(text), None, "{text}");
        }
    }
}
