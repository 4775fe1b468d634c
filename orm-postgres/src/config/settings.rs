//! What is said about a connection, by its keyword: in the text, in a service's file, in the environment.

use super::text;
use orm_core::{Error, Result};
use std::{collections::BTreeMap, fs};

/// Looks up a variable of the environment.
pub(super) type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Values by libpq's keywords. One that is empty is said to be nothing: what stands behind it is not looked at.
#[derive(Default)]
pub(super) struct Settings(BTreeMap<String, String>);

/// libpq's [variables](https://www.postgresql.org/docs/current/libpq-envars.html), each of which stands for a keyword.
const VARIABLES: [(&str, &str); 19] = [
    ("PGHOST", "host"),
    ("PGHOSTADDR", "hostaddr"),
    ("PGPORT", "port"),
    ("PGUSER", "user"),
    ("PGPASSWORD", "password"),
    ("PGPASSFILE", "passfile"),
    ("PGDATABASE", "dbname"),
    ("PGAPPNAME", "application_name"),
    ("PGOPTIONS", "options"),
    ("PGCONNECT_TIMEOUT", "connect_timeout"),
    ("PGSSLMODE", "sslmode"),
    ("PGSSLNEGOTIATION", "sslnegotiation"),
    ("PGSSLROOTCERT", "sslrootcert"),
    ("PGSSLCRL", "sslcrl"),
    ("PGSSLCERT", "sslcert"),
    ("PGSSLKEY", "sslkey"),
    ("PGCHANNELBINDING", "channel_binding"),
    ("PGREQUIREAUTH", "require_auth"),
    ("PGTARGETSESSIONATTRS", "target_session_attrs"),
];

impl Settings {
    /// `None` if the text is no connection string.
    pub(super) fn read(text: &str, env: Env<'_>) -> Result<Option<Settings>> {
        let Some(pairs) = text::pairs(text) else { return Ok(None) };
        let mut settings = Settings(pairs.into_iter().collect());
        let env = |name: &str| env(name).filter(|value| !value.is_empty());
        if let Some(service) = settings.take("service").or_else(|| env("PGSERVICE")) {
            let named = settings.take("servicefile").or_else(|| env("PGSERVICEFILE"));
            let home = env("HOME").map(|home| format!("{home}/.pg_service.conf"));
            let system = env("PGSYSCONFDIR").map(|folder| format!("{folder}/pg_service.conf"));
            settings.fill(of_service(&service, [named.or(home), system])?);
        }
        settings
            .fill(VARIABLES.iter().filter_map(|(name, key)| Some(((*key).to_owned(), env(name)?))).collect());
        Ok(Some(settings))
    }

    /// Adds what was not said yet. Names and addresses of servers belong together: one of them says where.
    fn fill(&mut self, pairs: Vec<(String, String)>) {
        let somewhere = self.0.contains_key("host") || self.0.contains_key("hostaddr");
        for (key, value) in pairs {
            if !(somewhere && matches!(&*key, "host" | "hostaddr")) {
                self.0.entry(key).or_insert(value);
            }
        }
    }

    /// A value, to be read by us.
    pub(super) fn take(&mut self, key: &str) -> Option<String> {
        self.take_said(key).filter(|value| !value.is_empty())
    }

    /// A value that may be said to be nothing.
    pub(super) fn take_said(&mut self, key: &str) -> Option<String> {
        self.0.remove(key)
    }

    /// What nobody took, as a connection string.
    pub(super) fn rest(&self) -> String {
        let mut text = String::new();
        for (key, value) in self.0.iter().filter(|(_, value)| !value.is_empty()) {
            text += &format!("{key}='{}' ", value.replace('\\', r"\\").replace('\'', r"\'"));
        }
        text
    }
}

/// A service's section of the first [file](https://www.postgresql.org/docs/current/libpq-pgservice.html) that has it.
fn of_service(service: &str, files: [Option<String>; 2]) -> Result<Vec<(String, String)>> {
    let mut looked_in = Vec::new();
    for file in files.into_iter().flatten() {
        if let Ok(text) = fs::read_to_string(&file)
            && let Some(pairs) = section(&text, service, &file)?
        {
            return Ok(pairs);
        }
        looked_in.push(file);
    }
    Err(Error::usage(format!(
        "there is no section `[{service}]` for the service in {}; name the file in PGSERVICEFILE",
        if looked_in.is_empty() { "~/.pg_service.conf".into() } else { looked_in.join(" or ") }
    )))
}

fn section(text: &str, service: &str, file: &str) -> Result<Option<Vec<(String, String)>>> {
    let mut pairs: Option<Vec<(String, String)>> = None;
    for (n, line) in text.lines().enumerate().map(|(n, line)| (n + 1, line.trim())) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            if pairs.is_some() {
                break;
            }
            pairs = (name == service).then(Vec::new);
        } else if let Some(pairs) = &mut pairs {
            match line.split_once('=') {
                Some((key, value)) if !key.starts_with("service") => pairs.push((key.into(), value.into())),
                _ => return Err(Error::usage(format!("{file}, line {n}: it is not `keyword=value`"))),
            }
        }
    }
    Ok(pairs)
}
