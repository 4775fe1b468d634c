//! The two forms of a connection string, taken apart into keywords and values as libpq does.

use percent_encoding::percent_decode_str;

/// Keywords and values in the order of the text, or `None` if it is neither form. A later one wins.
pub(super) fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let rest = ["postgres://", "postgresql://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    rest.map_or_else(|| keywords(text), url)
}

/// `user:password@host:port,host:port/database?keyword=value&…`, each part percent-encoded, none needed.
fn url(text: &str) -> Option<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    let mut add = |key: &str, value: String| {
        if !value.is_empty() {
            pairs.push((key.to_owned(), value));
        }
    };
    let end = text.find(['/', '?']).unwrap_or(text.len());
    let (mut place, rest) = text.split_at(end);
    // Else a password may have been cut by a `/` or a `?`: nothing of it is to be taken for anything else.
    if !place.contains('@') && rest.contains('@') {
        return None;
    }
    if let Some((who, place_alone)) = place.split_once('@') {
        let (user, password) = who.split_once(':').unwrap_or((who, ""));
        add("user", decoded(user)?);
        add("password", decoded(password)?);
        place = place_alone;
    }
    let (mut hosts, mut ports) = (Vec::new(), Vec::new());
    for part in place.split(',') {
        let (host, port) = match part.strip_prefix('[') {
            Some(part) => {
                let (host, port) = part.split_once(']')?;
                (host, if port.is_empty() { "" } else { port.strip_prefix(':')? })
            }
            None => part.split_once(':').unwrap_or((part, "")),
        };
        hosts.push(decoded(host)?);
        ports.push(decoded(port)?);
    }
    add("host", hosts.join(","));
    if ports.iter().any(|port| !port.is_empty()) {
        add("port", ports.join(","));
    }
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    add("dbname", decoded(path.strip_prefix('/').unwrap_or_default())?);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').filter(|(key, _)| is_keyword(key))?;
        pairs.push((decoded(key)?, decoded(value)?));
    }
    Some(pairs)
}

fn decoded(part: &str) -> Option<String> {
    Some(percent_decode_str(part).decode_utf8().ok()?.into_owned())
}

fn is_keyword(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// `keyword = value …`, where a value with spaces stands in single quotes, and `\` takes the next character as it is.
fn keywords(text: &str) -> Option<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (key, value) = rest.split_once('=')?;
        let key = key.trim_end();
        if !is_keyword(key) {
            return None;
        }
        let value = value.trim_start();
        let (quoted, value) = value.strip_prefix('\'').map_or((false, value), |value| (true, value));
        let (mut read, mut end) = (String::new(), None);
        let mut characters = value.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => read.extend(characters.next().map(|(_, character)| character)),
                '\'' if quoted => end = Some(at + 1),
                _ if !quoted && character.is_whitespace() => end = Some(at),
                _ => read.push(character),
            }
            if end.is_some() {
                break;
            }
        }
        if quoted && end.is_none() {
            return None;
        }
        pairs.push((key.to_owned(), read));
        rest = value[end.unwrap_or(value.len())..].trim_start();
    }
    Some(pairs)
}
