//! What is an address, a URL, a slug: the telling cases of Django's own tests.

use orm::validators::{domain_name, email, slug, unicode_slug, url};

fn accepts(validator: fn(&str) -> Result<(), orm::ValidationError>, valid: &[&str], invalid: &[&str]) {
    let refused: Vec<_> = valid.iter().filter(|text| validator(text).is_err()).collect();
    let accepted: Vec<_> = invalid.iter().filter(|text| validator(text).is_ok()).collect();
    assert!(refused.is_empty() && accepted.is_empty(), "refused {refused:?}, accepted {accepted:?}");
}

#[test]
fn an_email_address_has_a_user_and_a_domain() {
    let valid = [
        "email@here.com",
        "weirder-email@here.and.there.com",
        "email@[127.0.0.1]",
        "email@[2001:dB8::1]",
        "email@[::fffF:127.0.0.1]",
        "example@valid-----hyphens.com",
        "example@valid-with-hyphens.com",
        "test@domain.with.idn.tld.उदाहरण.परीक्षा",
        "email@localhost",
        "\"test@test\"@example.com",
        "a.b+c@d-e.co",
        "\"\\\"quoted\\\"\"@here.com",
    ];
    let long = format!("{}@here.com", "a".repeat(320));
    let invalid = [
        "",
        "abc",
        "abc@",
        "abc@bar",
        "a @x.cz",
        "abc@.com",
        "something@@somewhere.com",
        "email@127.0.0.1",
        "email@[127.0.0.256]",
        "email@[2001:db8::12345]",
        "example@invalid-.com",
        "example@-invalid.com",
        "example@inv-.alid-.com",
        "test@example.com\n\n<script src=\"x.js\">",
        "\"\\\u{b}\"@here.com",
        "trailingdot@shouldfail.com.\n",
        "a@b.com\n",
        "a..b@c.de",
        ".a@b.de",
        "\"a\"b\"@c.de",
        "\"a\\\"@c.de",
        &long,
    ];
    accepts(email, &valid, &invalid);
}

#[test]
fn a_url_has_a_scheme_and_a_host() {
    let valid = [
        "http://www.djangoproject.com/",
        "HTTP://WWW.DJANGOPROJECT.COM/",
        "http://localhost/",
        "http://example.com:8000/test",
        "http://200.8.9.10:8000/test",
        "http://valid-----hyphens.com/",
        "http://example.com?something=value",
        "https://example.com/index.php?something=value&another=value2",
        "https://example.com/#fragment",
        "ftp://foo.bar",
        "http://userid:password@example.com:8080/",
        "http://[::192.9.5.5]/ipng",
        "http://[2001:db8::1]:80",
        "http://✪df.ws/123",
        "http://مثال.إختبار",
        "http://1337.net",
        "http://foo.bar/?q=Test%20URL-encoded%20stuff",
    ];
    let invalid = [
        "foo",
        "http://",
        "http://example",
        "http://example.",
        "http://example.com:-1/",
        "http://-.com",
        "http://invalid-.com",
        "http://.com",
        "http://inv-.alid-.com",
        "file://localhost/path",
        "git://example.com/",
        "http://.",
        "http://?",
        "http://foo.bar?q=Spaces should be encoded",
        "//a",
        "rdar://1234",
        "http:// shouldfail.com",
        "http://a.b--c.de-/",
        "http://1.1.1.1.1",
        "http://123.123.123",
        "http://[::1",
        "http://[::1]x/",
        "http://foo@bar@example.com",
        "http://a:b:c@example.com",
        "http://example.com:99999/",
        "javascript:alert(1)",
        "http://example.com/\nx",
        "://a.de",
    ];
    accepts(url, &valid, &invalid);
}

#[test]
fn a_slug_and_a_domain_name_are_of_few_characters() {
    accepts(
        slug,
        &["slug-ok", "longer-slug-still-ok", "--------", "nohyphensoranything", "a", "1", "a1_"],
        &["", " text ", " ", "some@mail.com", "你好", "你 好", "\n", "trailing-newline\n"],
    );
    accepts(unicode_slug, &["slug-ok", "größe", "你-好", "1_"], &["", "some@mail.com", "你 好", "\n", "a."]);
    let long = format!("{}.com", "a".repeat(64));
    accepts(
        domain_name,
        &["example.org", "a.b.co", "مثال.إختبار", "example.org."],
        &["", "example", ".org", "a..b", "-a.org", "a-.org", "a b.org", "a.o", "1.2.3.44", "a.org\n", &long],
    );
}
