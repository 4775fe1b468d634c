//! Texts in the forms of the internet, by the rules of Django's validators: characters and lengths, no look-up.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address to send mail to.
pub(super) fn is_email(text: &str) -> bool {
    let Some((user, domain)) = text.rsplit_once('@') else { return false };
    let is_atom = |atom: &str| {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
        !atom.is_empty() && atom.chars().all(is_allowed)
    };
    let literal = || {
        let ip = domain.strip_prefix('[').and_then(|domain| domain.strip_suffix(']'))?;
        ip.strip_prefix("IPv6:").unwrap_or(ip).parse::<IpAddr>().ok()
    };
    text.len() <= 320
        && (user.split('.').all(is_atom) || is_quoted(user))
        && (domain == "localhost" || is_domain_name(domain) || literal().is_some())
}

/// `"…"`, in which a quote and a backslash stand behind a backslash.
fn is_quoted(user: &str) -> bool {
    let Some(inner) = user.strip_prefix('"').and_then(|user| user.strip_suffix('"')) else { return false };
    let mut escaped = false;
    for c in inner.chars() {
        if !(' '..='~').contains(&c) || c == '"' && !escaped {
            return false;
        }
        escaped = c == '\\' && !escaped;
    }
    !escaped
}

/// A name of at least two parts, such as `example.org`.
pub(super) fn is_domain_name(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        let is_allowed = |c: char| {
            c.is_ascii_alphanumeric() || c == '-' || c >= '\u{a1}' && !c.is_whitespace() && !c.is_control()
        };
        (1..=63).contains(&label.chars().count())
            && label.chars().all(is_allowed)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let Some((_, top)) = name.rsplit_once('.') else { return false };
    name.chars().count() <= 253
        && name.split('.').all(is_label)
        && top.chars().count() >= 2
        && !top.chars().all(|c| c.is_ascii_digit())
}

/// An absolute address with one of some schemes and a host.
pub(super) fn is_url(text: &str, schemes: &[&str]) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (user, host) =
        authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
    let (host, port) = match host.rfind(']') {
        Some(end) => host.split_at(end + 1),
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let is_port = |port: &str| {
        let digits = port.strip_prefix(':');
        port.is_empty()
            || digits.is_some_and(|digits| !digits.starts_with('+') && digits.parse::<u16>().is_ok())
    };
    let is_v6 = |host: &str| {
        let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        inner.is_some_and(|inner| inner.parse::<Ipv6Addr>().is_ok())
    };
    text.len() <= 2048
        && schemes.iter().any(|known| scheme.eq_ignore_ascii_case(known))
        && !path.chars().any(|c| c.is_whitespace() || c.is_control())
        && user.is_none_or(|user| {
            !user.is_empty() && !user.contains(['@', '/', ' ']) && user.split(':').count() <= 2
        })
        && is_port(port)
        && (host == "localhost" || is_domain_name(host) || host.parse::<Ipv4Addr>().is_ok() || is_v6(host))
}

/// Letters, digits, `-` and `_`, and at least one of them.
pub(super) fn is_slug(text: &str, is_letter: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(|c| is_letter(c) || c == '-' || c == '_')
}
