//! Named parameters in raw SQL: found as PostgreSQL's lexer would find them, and numbered
//! ([Lexical Structure](https://www.postgresql.org/docs/current/sql-syntax-lexical.html)).

/// SQL whose parameters have numbers.
#[derive(Debug, PartialEq)]
pub(super) struct Numbered<'a> {
    /// The SQL, with `$1`, `$2`, … in place of the names.
    pub(super) sql: String,
    /// The names, in the order of their numbers.
    pub(super) names: Vec<&'a str>,
    /// The word it begins with, if it is a usual one.
    pub(super) operation: &'static str,
}

/// Numbers the parameters.
pub(super) fn number(sql: &str) -> Result<Numbered<'_>, String> {
    let bytes = sql.as_bytes();
    let at = |place: usize| bytes.get(place).copied().unwrap_or_default();
    let mut numbered = Numbered { sql: String::with_capacity(sql.len()), names: Vec::new(), operation: "" };
    let (mut copied, mut place) = (0, 0);
    while place < bytes.len() {
        if let Some(end) = quoted(sql, place) {
            place = end;
            continue;
        }
        let in_name = place > 0 && is_part(at(place - 1));
        match (at(place), at(place + 1)) {
            (b'$', b'0'..=b'9') if !in_name => {
                return Err("`$1` stands in raw SQL; give the parameter a name, `:id`".to_owned());
            }
            (b':', b':' | b'=') => place += 2,
            (b':', next) if is_start(next) => {
                let end = place + 1 + length(&bytes[place + 1..]);
                let name = &sql[place + 1..end];
                let number = numbered.names.iter().position(|known| *known == name).unwrap_or_else(|| {
                    numbered.names.push(name);
                    numbered.names.len() - 1
                });
                numbered.sql.push_str(&sql[copied..place]);
                numbered.sql.push_str(&format!("${}", number + 1));
                (copied, place) = (end, end);
            }
            (first, _) if is_start(first) && !in_name => {
                let end = place + length(&bytes[place..]);
                if numbered.operation.is_empty() {
                    numbered.operation = operation(&sql[place..end], &sql[end..])?;
                }
                place = if at(end) == b'\'' { end } else { end.max(place + 1) };
            }
            _ => place += 1,
        }
    }
    numbered.sql.push_str(&sql[copied..]);
    Ok(numbered)
}

/// The first word of a statement; what belongs to a transaction or a connection is not for raw SQL.
fn operation(word: &str, rest: &str) -> Result<&'static str, String> {
    const KNOWN: [&str; 9] =
        ["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "CREATE", "ALTER", "DROP"];
    const TRANSACTION: [&str; 9] =
        ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE"];
    const CONNECTION: [&str; 6] = ["COPY", "LISTEN", "UNLISTEN", "SET", "RESET", "DISCARD"];
    let word = word.to_ascii_uppercase();
    let local = rest.split_ascii_whitespace().next().is_some_and(|next| next.eq_ignore_ascii_case("LOCAL"));
    if TRANSACTION.contains(&&*word) {
        return Err(format!("`{word}` in raw SQL: `atomic` begins and ends transactions and savepoints"));
    }
    if CONNECTION.contains(&&*word) && !(word == "SET" && local) {
        return Err(format!(
            "`{word}` in raw SQL: it needs a connection of its own, and statements share theirs; `SET LOCAL` in an \
             `atomic` holds for its transaction"
        ));
    }
    Ok(KNOWN.into_iter().find(|known| *known == word).unwrap_or("RAW"))
}

/// The place after a string, a quoted name or a comment that begins at a place.
pub(super) fn quoted(sql: &str, place: usize) -> Option<usize> {
    let bytes = sql.as_bytes();
    let at = |place: usize| bytes.get(place).copied().unwrap_or_default();
    Some(match (at(place), at(place + 1)) {
        (b'\'', _) => {
            let escapes =
                matches!(at(place.wrapping_sub(1)), b'e' | b'E') && !is_part(at(place.wrapping_sub(2)));
            end_of_string(bytes, place + 1, escapes)
        }
        (b'"', _) => after(sql, place + 1, "\""),
        (b'-', b'-') => after(sql, place + 2, "\n"),
        (b'/', b'*') => end_of_comment(bytes, place),
        (b'$', _) if place == 0 || !is_part(at(place - 1)) => {
            let tag = place + 1 + length(&bytes[place + 1..]);
            let opens = at(tag) == b'$' && !at(place + 1).is_ascii_digit();
            return opens.then(|| after(sql, tag + 1, &sql[place..=tag]));
        }
        _ => return None,
    })
}

fn is_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

/// Whether a byte can stand in a name; `$` can, though not at its beginning.
pub(super) fn is_part(byte: u8) -> bool {
    is_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

/// How long the name is that the bytes begin with: of letters, digits and `_`.
fn length(bytes: &[u8]) -> usize {
    let end = bytes.iter().position(|byte| !(is_start(*byte) || byte.is_ascii_digit()));
    end.unwrap_or(bytes.len())
}

/// The place after the next occurrence of a text; the end if there is none.
fn after(sql: &str, from: usize, text: &str) -> usize {
    sql[from..].find(text).map_or(sql.len(), |at| from + at + text.len())
}

/// The place after a string, whose quotes are doubled inside of it, or escaped.
fn end_of_string(bytes: &[u8], mut place: usize, escapes: bool) -> usize {
    while let Some(byte) = bytes.get(place) {
        match byte {
            b'\\' if escapes => place += 2,
            b'\'' => return place + 1,
            _ => place += 1,
        }
    }
    bytes.len()
}

/// The place after a comment, in which there may be comments.
fn end_of_comment(bytes: &[u8], mut place: usize) -> usize {
    let mut depth = 0;
    while let Some(two) = bytes.get(place..place + 2) {
        match two {
            b"/*" => (depth, place) = (depth + 1, place + 2),
            b"*/" => {
                (depth, place) = (depth - 1, place + 2);
                if depth == 0 {
                    return place;
                }
            }
            _ => place += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(sql: &str) -> (String, Vec<&str>) {
        let numbered = number(sql).expect("what can be numbered");
        (numbered.sql, numbered.names)
    }

    #[test]
    fn names_are_numbered_once_each() {
        let (sql, names) = numbered("SELECT :a, :b_2 + :a, x[:lo:5]");
        assert_eq!((&*sql, &names[..]), ("SELECT $1, $2 + $1, x[$3:5]", &["a", "b_2", "lo"][..]));
    }

    #[test]
    fn what_is_quoted_commented_or_cast_is_no_parameter() {
        for sql in [
            "SELECT ':a'",
            "SELECT 'it''s :a'",
            r"SELECT E'\':a'",
            r"SELECT e'\\' || ':a'",
            r"SELECT '\'  ",
            "SELECT \":a\", \"x\"\":a\"",
            "SELECT 1 -- :a\n + 1",
            "SELECT 1 -- :a",
            "SELECT /* :a /* :b */ :c */ 1",
            "SELECT $$:a$$, $tag$ :b $$ $tag$",
            "SELECT x::text, x:: int",
            "SELECT f(a := 1), x[1:2], ':",
            "SELECT a$b, a$1, '日本:a'",
            "SELECT \"日本\", x ? 'a', x @> '{}'",
        ] {
            assert_eq!(numbered(sql), (sql.to_owned(), Vec::new()), "{sql}");
        }
        // after all that, one is found
        for sql in [
            "'' :a",
            "\"\" :a",
            "-- x\n:a",
            "/* /**/ */:a",
            "$$ $$:a",
            r"'\' :a",
            r"E'\\' :a",
            "x::int=:a",
            "name':a':a",
        ] {
            assert_eq!(numbered(sql).1, ["a"], "{sql}");
        }
        assert_eq!(numbered("SELECT some'x' || :a").1, ["a"], "`some` is not `E`");
    }

    #[test]
    fn numbers_of_others_transactions_and_settings_are_refused() {
        assert!(number("SELECT $1").is_err_and(|error| error.contains("give the parameter a name")));
        for sql in [
            "commit",
            " /* x */ ROLLBACK",
            "-- x\nBEGIN",
            "savepoint a",
            "SET search_path = x",
            "copy x to stdout",
        ] {
            assert!(number(sql).is_err(), "{sql}");
        }
        for (sql, operation) in [
            ("set  local x = 1", "RAW"),
            ("(select 1)", "SELECT"),
            ("with x as (select 1) table x", "WITH"),
            ("", ""),
            ("select commit", "SELECT"),
        ] {
            assert_eq!(number(sql).map(|numbered| numbered.operation), Ok(operation), "{sql}");
        }
    }
}
