//! Where PostgreSQL is installed: `PATH`, `pg_config`, then the folders its packages use.

use std::{
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use orm_core::{Error, Result};
use tokio::process::Command;

/// The programs a server needs, all in one folder of the same version.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Binaries {
    folder: PathBuf,
    /// `15` of `postgres (PostgreSQL) 15.13`: data folders of another major version cannot be used.
    pub(super) major: u32,
}

impl Binaries {
    /// The first installation that runs.
    pub(super) async fn find() -> Result<Self> {
        Self::find_in(env::var_os("PATH").as_deref(), &usual_folders()).await
    }

    /// [`find`](Self::find) in a given `PATH` and given folders.
    pub(super) async fn find_in(path: Option<&OsStr>, usual: &[PathBuf]) -> Result<Self> {
        let on_path: Vec<PathBuf> = path.map(|path| env::split_paths(path).collect()).unwrap_or_default();
        if let Some(found) = Self::first(&on_path).await {
            return Ok(found);
        }
        let pg_config = on_path.iter().map(|folder| program(folder, "pg_config")).find(|path| path.is_file());
        if let Some(pg_config) = pg_config
            && let Some(folder) = output(&pg_config, "--bindir").await
            && let Some(found) = Self::first(&[folder.into()]).await
        {
            return Ok(found);
        }
        if let Some(found) = Self::first(usual).await {
            return Ok(found);
        }
        let usual: Vec<_> = usual.iter().map(|folder| folder.display().to_string()).collect();
        let usual = if usual.is_empty() { "the usual folders".into() } else { usual.join(", ") };
        Err(Error::usage(format!(
            "no PostgreSQL installation found: looked for `postgres`, `initdb` and `pg_ctl` in PATH, \
             where `pg_config --bindir` points, and in {usual}"
        )))
    }

    async fn first(folders: &[PathBuf]) -> Option<Self> {
        for folder in folders {
            // Debian and Homebrew link single programs into PATH; the others lie where the link points.
            let Ok(postgres) = program(folder, "postgres").canonicalize() else { continue };
            let Some(folder) = postgres.parent() else { continue };
            if ["initdb", "pg_ctl"].iter().any(|name| !program(folder, name).is_file()) {
                continue;
            }
            if let Some(major) = output(&postgres, "--version").await.as_deref().and_then(major) {
                return Some(Binaries { folder: folder.into(), major });
            }
        }
        None
    }

    /// One of its programs: `initdb`, `postgres`, `pg_ctl`.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        program(&self.folder, name)
    }
}

fn program(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

async fn output(program: &Path, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).stdin(Stdio::null()).output().await.ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)` and `postgres (PostgreSQL) 18beta1`.
fn major(version: &str) -> Option<u32> {
    let number = version.split_once("(PostgreSQL) ")?.1;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Where the packages of Debian, Fedora, Homebrew and Windows put the programs, newest version first.
fn usual_folders() -> Vec<PathBuf> {
    if cfg!(windows) {
        return versions(r"C:\Program Files\PostgreSQL", "", "bin");
    }
    let mut folders = versions("/usr/lib/postgresql", "", "bin");
    folders.extend(versions("/usr", "pgsql-", "bin"));
    folders.extend(versions("/opt/homebrew/opt", "postgresql@", "bin"));
    folders.extend(versions("/usr/local/opt", "postgresql@", "bin"));
    folders.extend(["/usr/bin", "/usr/local/bin", "/usr/local/pgsql/bin"].map(PathBuf::from));
    folders
}

/// The folders `parent/<prefix><number>/<below>`, highest number first.
fn versions(parent: &str, prefix: &str, below: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((number, entry.path().join(below)))
        })
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    found.into_iter().map(|(_, folder)| folder).collect()
}
