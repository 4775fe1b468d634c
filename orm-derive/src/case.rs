//! Names in the database, made from those in Rust.

/// What `rename_all` takes.
pub(crate) const CASES: [&str; 8] = [
    "snake_case",
    "SCREAMING_SNAKE_CASE",
    "kebab-case",
    "SCREAMING-KEBAB-CASE",
    "camelCase",
    "PascalCase",
    "lowercase",
    "UPPERCASE",
];

/// The name of a variant, written in one of the [`CASES`].
pub(crate) fn in_case(name: &str, case: &str) -> String {
    match case {
        "SCREAMING_SNAKE_CASE" => snake_case(name).to_uppercase(),
        "kebab-case" => snake_case(name).replace('_', "-"),
        "SCREAMING-KEBAB-CASE" => snake_case(name).replace('_', "-").to_uppercase(),
        "camelCase" => capitalized(name, char::to_lowercase),
        "PascalCase" => name.to_owned(),
        "lowercase" => name.to_lowercase(),
        "UPPERCASE" => name.to_uppercase(),
        _ => snake_case(name),
    }
}

/// `InReview` → `In Review`.
pub(crate) fn title(name: &str) -> String {
    let snake = snake_case(name);
    let words: Vec<_> = snake.split('_').map(|word| capitalized(word, char::to_uppercase)).collect();
    words.join(" ")
}

fn capitalized<C: Iterator<Item = char>>(word: &str, change: fn(char) -> C) -> String {
    let mut chars = word.chars();
    chars.next().into_iter().flat_map(change).chain(chars).collect()
}

/// `BlogPost` → `blog_post`, `HTTPRequest` → `http_request`.
pub(crate) fn snake_case(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (i, &c) in chars.iter().enumerate() {
        let after = i.checked_sub(1).map(|before| chars[before]);
        let starts_word = after.is_some_and(|before| {
            let ends_acronym =
                before.is_uppercase() && chars.get(i + 1).is_some_and(|next| next.is_lowercase());
            before != '_' && (!before.is_uppercase() || ends_acronym)
        });
        if c.is_uppercase() && starts_word {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{CASES, in_case, snake_case, title};

    #[test]
    fn words_and_acronyms_are_parted_by_underscores() {
        let cases = [
            ("Post", "post"),
            ("BlogPost", "blog_post"),
            ("HTTPRequest", "http_request"),
            ("UserID", "user_id"),
            ("Http2Stream", "http2_stream"),
            ("Already_Snake", "already_snake"),
            ("post", "post"),
        ];
        for (name, snake) in cases {
            assert_eq!(snake_case(name), snake);
        }
    }

    #[test]
    fn a_variants_name_is_written_in_the_case_asked_for() {
        let all = CASES.map(|case| in_case("InReview2", case));
        let expected = [
            "in_review2",
            "IN_REVIEW2",
            "in-review2",
            "IN-REVIEW2",
            "inReview2",
            "InReview2",
            "inreview2",
            "INREVIEW2",
        ];
        assert_eq!(all, expected);
        assert_eq!((title("InReview").as_str(), title("HTTPError").as_str()), ("In Review", "Http Error"));
    }
}
