//! Names of tables, made from names of structs.

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
    use super::snake_case;

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
}
