//! What was probably meant by a name that does not exist, and what there is.

/// The longest name for which others are tried: a client may send anything.
const LONGEST: usize = 64;

/// ``; did you mean `title`?``, if one of the names is close.
pub(crate) fn meant<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    nearest(written, names).map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// ``; did you mean `title`? There are id, title, views``
pub(super) fn listed<'a>(written: &str, names: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let all: Vec<_> = names.clone().into_iter().collect();
    let all = if all.is_empty() { "none".to_owned() } else { all.join(", ") };
    match nearest(written, names) {
        Some(name) => format!("; did you mean `{name}`? There are {all}"),
        None => format!("; there are {all}"),
    }
}

/// The name that is closest, if one is close.
fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = written.chars().count();
    if length > LONGEST {
        return None;
    }
    let near = names.into_iter().map(|name| (distance(written, name), name)).min()?;
    (near.0 <= length.max(3) / 3).then_some(near.1)
}

/// How many characters must be inserted, removed, replaced or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (row[j] + usize::from(x != y)).min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                let swapped: &Vec<usize> = &before;
                least = least.min(swapped[j - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_fingers_is_one_step() {
        for slip in ["titel", "titl", "titlee", "tytle", "itle"] {
            assert_eq!(distance(slip, "title"), 1, "{slip}");
        }
        assert_eq!((distance("", "abc"), distance("abc", ""), distance("same", "same")), (3, 3, 0));
    }

    #[test]
    fn what_is_close_is_suggested_and_all_are_listed() {
        assert_eq!(listed("titel", ["id", "title"]), "; did you mean `title`? There are id, title");
        assert_eq!(listed("subject", ["id", "title"]), "; there are id, title");
        assert_eq!(listed("subject", []), "; there are none");
    }
}
