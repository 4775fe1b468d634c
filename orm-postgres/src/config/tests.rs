//! What a connection string is taken for.

use super::*;
use crate::tls::Mode;

#[test]
fn both_forms_of_a_connection_string_name_the_places_in_order() {
    let url = Config::from_url("postgres://u:p@a:1,b/db?connect_timeout=2").unwrap();
    assert_eq!(places(&url), ["a:1", "b:5432"]);
    assert_eq!(url.connect_timeout, Duration::from_secs(2));
    let pairs = Config::from_url("host=/tmp/x port=7 user=u").unwrap();
    assert_eq!(pairs.places(), [Place::Unix("/tmp/x/.s.PGSQL.7".into())]);
    assert_eq!(Config::from_url("postgres:///db").unwrap().places()[0].to_string(), "localhost:5432");
}

#[test]
fn the_password_is_in_no_text() {
    let config = Config::from_url("postgres://u:hunter2@a/db").unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
    for url in [
        "postgres://u:hunter2@a:port/db",
        "host=a password=hunter2 colour=red",
        "password='hunter2",
        "hunter2",
    ] {
        let error = Config::from_url(url).unwrap_err();
        assert!(!format!("{error:?} {error}").contains("hunter2"), "{error:?}");
    }
}

#[test]
fn a_wrong_url_says_what_is_wrong() {
    let text = |url: &str| Config::from_url(url).unwrap_err().to_string();
    assert!(text("postgres://a:port/db").contains("`port`"), "{}", text("postgres://a:port/db"));
    assert!(text("host=a colour=red").contains("`colour`"));
    assert!(text("mysql://a/db").contains("postgres://user"));
}

#[test]
fn a_password_that_is_not_percent_encoded_is_not_taken_for_something_else() {
    for url in
        ["postgres://u:12/hunter2@a/db", "postgres://u:1?hunter2=x@a/db", "postgres://u:a@hunter2@a/db"]
    {
        let error = Config::from_url(url).unwrap_err();
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        assert!(error.to_string().contains("percent-encoded"), "{error}");
    }
}

#[test]
fn each_part_of_a_url_is_decoded() {
    let config = from("postgres://a%40b:p%2Fw%25@[::1]:7,%2Ftmp%2Fx/d%20b?application_name=c@d&user=e", &[]);
    assert_eq!(config.server.get_user(), Some("e"), "a later word wins");
    assert_eq!(config.server.get_password(), Some(&b"p/w%"[..]));
    assert_eq!(places(&config), ["::1:7", "/tmp/x/.s.PGSQL.5432"]);
    assert_eq!(config.database(), Some("d b"));
    assert_eq!(config.server.get_application_name(), Some("c@d"));
}

#[test]
fn values_of_keywords_are_quoted_and_escaped() {
    let config = from(r"user = 'it\'s' application_name='a \'b\' \\' password=a\ b", &[]);
    assert_eq!(config.server.get_application_name(), Some(r"a 'b' \"));
    assert_eq!(config.server.get_password(), Some(&b"a b"[..]));
    assert_eq!(config.server.get_user(), Some("it's"));
    for wrong in ["user='a", "user", "=a", "us er=a", "{}=b"] {
        assert!(Config::from_url(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn sslmode_is_read_as_libpq_reads_it() {
    let mode = |url: &str| from(url, &[]).tls.mode;
    assert_eq!(mode("postgres://a/db"), Mode::Prefer);
    assert_eq!(mode("postgres://a/db?sslmode=allow"), Mode::Allow);
    assert_eq!(mode("host=a sslmode=require"), Mode::Require);
    assert_eq!(
        mode("postgres:///db?host=/tmp&sslmode=verify-full"),
        Mode::Disable,
        "sockets are not encrypted"
    );
    let error = |url: &str| Config::read(url, &|_| None).unwrap_err().to_string();
    for (url, says) in [
        (
            "postgres://a/db?sslmode=verify",
            "`sslmode` is disable, allow, prefer, require, verify-ca or verify-full",
        ),
        ("postgres://a/db?sslmode=verify-ca", "sslrootcert"),
        ("postgres://a/db?sslmode=require&sslrootcert=/not/there", "/not/there"),
        ("postgres://a/db?sslmode=require&sslrootcert=system", "verify-full"),
        ("postgres://a/db?sslnegotiation=direct", "sslmode=require"),
        ("postgres://a/db?sslnegotiation=maybe", "postgres or direct"),
        ("postgres://a/db?channel_binding=yes", "disable, prefer or require"),
        ("postgres://a/db?target_session_attrs=master", "read-write"),
        ("postgres://a/db?require_auth=md6", "scram-sha-256"),
        ("postgres://a/db?require_auth=!md5,password", "not both"),
    ] {
        assert!(error(url).contains(says), "{url}: {}", error(url));
    }
}

#[test]
fn the_systems_certificates_mean_that_names_are_compared() {
    assert_eq!(from("postgres://a/db?sslrootcert=system", &[]).tls.mode, Mode::VerifyFull);
}

#[test]
fn the_environment_fills_in_what_the_url_does_not_say() {
    let env = [
        ("PGHOST", "there"),
        ("PGHOSTADDR", "10.0.0.1"),
        ("PGPORT", "7"),
        ("PGUSER", "alice"),
        ("PGPASSWORD", "hunter2"),
        ("PGDATABASE", "blog"),
        ("PGAPPNAME", "app"),
        ("PGOPTIONS", "-c jit=off"),
        ("PGCONNECT_TIMEOUT", "3"),
        ("PGSSLMODE", "disable"),
        ("PGCHANNELBINDING", "require"),
        ("PGREQUIREAUTH", "none"),
        ("PGTARGETSESSIONATTRS", "standby"),
    ];
    let config = from("postgres://", &env);
    assert_eq!(places(&config), ["there:7 (10.0.0.1)"]);
    assert_eq!((config.server.get_user(), config.database()), (Some("alice"), Some("blog")));
    assert_eq!(config.server.get_password(), Some(&b"hunter2"[..]));
    assert_eq!(config.server.get_application_name(), Some("app"));
    assert_eq!(config.server.get_options(), Some("-c jit=off -c TimeZone=UTC"));
    assert_eq!(config.connect_timeout, Duration::from_secs(3));
    assert_eq!(config.tls.mode, Mode::Disable);
    assert_eq!(config.server.get_channel_binding(), ChannelBinding::Require);
    assert_eq!(config.accepted, Accepted::read("none").unwrap());
    assert_eq!(config.target, Target::Standby);
    let said = from("postgres://bob:x@here:1/db?application_name=b&options=&target_session_attrs=any", &env);
    assert_eq!(places(&said), ["here:1"], "the variable's address is another server's");
    assert_eq!((said.server.get_user(), said.database()), (Some("bob"), Some("db")));
    assert_eq!(said.server.get_options(), Some("-c TimeZone=UTC"), "an empty value keeps the variable out");
    assert_eq!(said.target, Target::Any);
    assert_eq!(places(&from("postgres://here", &env)), ["here:7"]);
    let verified = Config::read("postgres://a", &|name| (name == "PGSSLMODE").then(|| "verify-full".into()));
    assert!(verified.unwrap_err().to_string().contains("sslrootcert"));
}

#[test]
fn a_service_stands_between_the_url_and_the_environment() {
    let folder = Folder::new("service");
    let home = folder.0.to_str().unwrap();
    let file =
        "# ours\n[other]\nhost=elsewhere\n\n[blog]\nhost=there\nuser=alice\ndbname=blog\n[blog]\nport=9\n";
    folder.write(".pg_service.conf", file, 0o644);
    let env = [("HOME", home), ("PGUSER", "bob"), ("PGPORT", "7"), ("PGHOST", "here")];
    let config = from("service=blog dbname=mine", &env);
    assert_eq!(places(&config), ["there:7"]);
    assert_eq!((config.server.get_user(), config.database()), (Some("alice"), Some("mine")));
    let named = from("postgres://", &[("HOME", home), ("PGSERVICE", "other")]);
    assert_eq!(places(&named), ["elsewhere:5432"]);
    let error = |text: &str, env: &[(&str, &str)]| reads(text, env).unwrap_err().to_string();
    assert!(error("service=blig", &env).contains("[blig]"), "{}", error("service=blig", &env));
    folder.write("broken", "[blog]\nhost = there\nnonsense\n", 0o644);
    let broken = folder.0.join("broken").to_str().unwrap().to_owned();
    assert!(error("service=blog", &[("PGSERVICEFILE", &broken)]).contains("line 3"));
    assert!(error("service=blog", &[]).contains("~/.pg_service.conf"));
}

#[test]
fn a_password_is_found_by_server_database_and_user() {
    let folder = Folder::new("pgpass");
    let home = folder.0.to_str().unwrap();
    let file = "# host:port\nb:*:*:alice:of\\:b\nlocalhost:5432:blog:alice:of\\\\socket\n*:7:*:*:any\n";
    folder.write(".pgpass", file, 0o600);
    let passwords = |text: &str, env: &[(&str, &str)]| {
        let config = reads(text, env).unwrap();
        let password = |place| {
            config.server_at(&place).get_password().map(|word| String::from_utf8(word.into()).unwrap())
        };
        config.places().into_iter().map(password).collect::<Vec<_>>()
    };
    let some = |word: &str| Some(word.to_owned());
    let env = [("HOME", home)];
    assert_eq!(passwords("postgres://alice@a:7,b:1,c:1/blog", &env), [some("any"), some("of:b"), None]);
    assert_eq!(passwords("host=/tmp user=alice dbname=blog", &env), [some(r"of\socket")]);
    assert_eq!(passwords("host=b user=bob", &env), [None]);
    assert_eq!(passwords("postgres://alice:said@b/blog", &env), [some("said")]);
    assert_eq!(passwords("host=b user=alice", &[("HOME", home), ("PGPASSWORD", "env")]), [some("env")]);
    folder.write(".pgpass", file, 0o640);
    assert_eq!(passwords("host=b user=alice", &env), [None], "others may read it");
    folder.write("mine", "*:*:*:*:other\n", 0o600);
    let mine = folder.0.join("mine");
    assert_eq!(
        passwords("host=b user=alice", &[("HOME", home), ("PGPASSFILE", mine.to_str().unwrap())]),
        [some("other")]
    );
    let shown = format!("{:?}", from("host=b user=alice", &[("PGPASSFILE", mine.to_str().unwrap())]));
    assert!(!shown.contains("other"), "{shown}");
}

/// Reads in an environment of these variables alone.
fn reads(text: &str, env: &[(&str, &str)]) -> Result<Config> {
    Config::read(text, &|name| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
}

fn from(text: &str, env: &[(&str, &str)]) -> Config {
    reads(text, env).unwrap()
}

fn places(config: &Config) -> Vec<String> {
    config.places().iter().map(ToString::to_string).collect()
}

/// A folder of one test, removed after it.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("orm-config-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, text: &str, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_value_without_a_keyword_is_refused() {
    for url in ["postgres://a/db?=x", "postgres://a/db? =x", "postgres://a/db?sslmode=require&=", "=x"] {
        assert!(Config::from_url(url).is_err(), "{url}");
    }
}
