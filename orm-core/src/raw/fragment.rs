//! SQL in an expression: where its values stand.

use super::names::{is_part, quoted};

/// A part of a fragment.
#[derive(Debug, PartialEq)]
pub(crate) enum Part {
    /// SQL, as it is.
    Sql(&'static str),
    /// The value of a number, which counts from 0 here.
    Value(usize),
}

/// The parts of SQL with `$1`, `$2`, … for so many values.
pub(crate) fn parts(sql: &'static str, values: usize) -> Result<Vec<Part>, String> {
    let bytes = sql.as_bytes();
    let (mut parts, mut copied, mut place) = (Vec::new(), 0, 0);
    let mut used = vec![false; values];
    while place < bytes.len() {
        if let Some(end) = quoted(sql, place) {
            place = end;
            continue;
        }
        let digits = bytes[place + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if bytes[place] != b'$' || digits == 0 || place > copied && is_part(bytes[place - 1]) {
            place += 1;
            continue;
        }
        let end = place + 1 + digits;
        let value = sql[place + 1..end].parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let Some(value) = value.filter(|value| *value < values) else {
            let given = if values == 1 { "1 value is".to_owned() } else { format!("{values} values are") };
            return Err(format!("`{}` stands in the SQL `{sql}`, and {given} given", &sql[place..end]));
        };
        used[value] = true;
        parts.push(Part::Sql(&sql[copied..place]));
        parts.push(Part::Value(value));
        (copied, place) = (end, end);
    }
    parts.push(Part::Sql(&sql[copied..]));
    parts.retain(|part| *part != Part::Sql(""));
    match used.iter().position(|used| !used) {
        Some(unused) => {
            Err(format!("the SQL `{sql}` is given a value for `${}`, which does not stand in it", unused + 1))
        }
        None => Ok(parts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_where_their_numbers_do() {
        let parts = |sql, values| parts(sql, values).expect("a fragment");
        use Part::{Sql, Value};
        assert_eq!(parts("lower($1)||$2", 2), [Sql("lower("), Value(0), Sql(")||"), Value(1)]);
        assert_eq!(parts("$2$1", 2), [Value(1), Value(0)]);
        assert_eq!(parts("$1 + $1", 1), [Value(0), Sql(" + "), Value(0)]);
        assert_eq!(parts("'日本' || $1::text", 1), [Sql("'日本' || "), Value(0), Sql("::text")]);
        assert_eq!(parts("", 0), []);
        for sql in
            ["'$1'", "\"$1\"", "E'\\'$1'", "$$ $1 $$", "$a$ $1 $a$", "/* $1 */ 2", "a$1", "$", "1 -- $1"]
        {
            assert_eq!(parts(sql, 0), [Sql(sql)], "{sql}");
        }
    }

    #[test]
    fn a_number_without_a_value_and_a_value_without_a_place_are_refused() {
        assert_eq!(
            parts("$1 + $2", 1),
            Err("`$2` stands in the SQL `$1 + $2`, and 1 value is given".to_owned())
        );
        assert!(parts("$0", 1).is_err());
        assert!(parts("$99999999999999999999999", 1).is_err());
        assert!(parts("$1", 2).is_err_and(|error| error.contains("`$2`, which does not stand in it")));
    }
}
