//! Passwords by server, database and user: `~/.pgpass`.

use super::Place;
use std::{fs, os::unix::fs::PermissionsExt};

/// The lines of a [password file](https://www.postgresql.org/docs/current/libpq-pgpass.html): host, port, database,
/// user, password.
#[derive(Clone, Default)]
pub(super) struct Passfile(Vec<[String; 5]>);

impl Passfile {
    /// A file that is not there, or that others may read, has no lines.
    pub(super) fn read(path: &str) -> Passfile {
        let Ok(about) = fs::metadata(path) else { return Passfile::default() };
        let ignored = match (about.is_file(), about.permissions().mode() & 0o077) {
            (true, 0) => match fs::read_to_string(path) {
                Ok(text) => return Passfile(text.lines().filter_map(fields).collect()),
                Err(_) => "it cannot be read",
            },
            (true, _) => "others may read it; `chmod 600` it",
            (false, _) => "it is not a file",
        };
        tracing::warn!(target: "orm", "the password file {path} is ignored: {ignored}");
        Passfile::default()
    }

    /// The password of the first line that fits. The usual folder of sockets goes by `localhost`.
    pub(super) fn password(&self, place: &Place, database: &str, user: &str) -> Option<&str> {
        let (host, port) = match place {
            Place::Tcp { host, port, .. } => (&**host, port.to_string()),
            Place::Unix(path) => {
                let port = path.extension().unwrap_or_default().to_string_lossy().into_owned();
                match path.parent().and_then(|folder| folder.to_str()) {
                    None | Some("/tmp" | "/run/postgresql" | "/var/run/postgresql") => ("localhost", port),
                    Some(folder) => (folder, port),
                }
            }
        };
        let wanted = [host, &port, database, user];
        let fits =
            |line: &&[String; 5]| line.iter().zip(wanted).all(|(is, wanted)| is == "*" || is == wanted);
        let found = self.0.iter().find(fits).map(|[.., password]| &**password);
        found.filter(|password| !password.is_empty())
    }
}

/// A line's fields; `\` takes the next character as it is.
fn fields(line: &str) -> Option<[String; 5]> {
    let mut fields = [const { String::new() }; 5];
    let mut at = 0;
    let mut characters = line.trim_end_matches('\r').chars();
    if line.starts_with('#') {
        return None;
    }
    while let Some(character) = characters.next() {
        match character {
            ':' if at < 4 => at += 1,
            '\\' => fields[at].extend(characters.next()),
            _ => fields[at].push(character),
        }
    }
    (at == 4).then_some(fields)
}
