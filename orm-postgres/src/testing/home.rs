//! Where a local server keeps its files, and as which user its programs run.

use std::{
    env, fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use orm_core::Result;

use super::{failed, hash};

/// What a local server is for; each has a server and data of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Purpose {
    /// Test databases: nothing has to survive a crash.
    Test,
    /// The examples' data, kept between runs.
    Kept,
}

/// The folders of one local server.
#[derive(Clone, Debug)]
pub(super) struct Home {
    pub(super) purpose: Purpose,
    /// Holds `data`, `log` and what its users agree by; see [`Server`](super::server::Server).
    folder: PathBuf,
    /// Holds the socket. It has a short path of its own because a socket's may have 100 bytes only.
    pub(super) sockets: PathBuf,
    /// Whom the server's programs run as, when it is not who we are: they refuse to run as root.
    #[cfg(unix)]
    user: Option<unix::User>,
}

impl Home {
    /// The home of this checkout's server: under `target/`, or in the system's temporary folder when we are
    /// root (the server's user may not reach the checkout) or may not write to `target/`.
    pub(super) async fn find(purpose: Purpose) -> Result<Self> {
        let target = target_folder(
            env::var_os("CARGO_TARGET_DIR").map(PathBuf::from),
            env::current_exe().ok(),
            env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).or_else(|| env::current_dir().ok()),
        );
        Self::at(purpose, target.as_deref()).await
    }

    /// The home that belongs to a `target/` folder.
    pub(super) async fn at(purpose: Purpose, target: Option<&Path>) -> Result<Self> {
        #[cfg(unix)]
        let (me, user) = unix::whoami().await?;
        #[cfg(unix)]
        let root = user.is_some();
        #[cfg(not(unix))]
        let (me, root) = (0, false);

        let unique = hash((purpose, target, me));
        let sockets = temporary_folder().join(format!("orm-{unique:016x}"));
        let mut home = Home {
            purpose,
            folder: sockets.clone(),
            sockets,
            #[cfg(unix)]
            user,
        };
        home.make_folder(&home.sockets)?;
        let below = match purpose {
            Purpose::Test => "orm-postgres/test",
            Purpose::Kept => "orm-postgres/kept",
        };
        if let Some(folder) = target.filter(|_| !root).map(|target| target.join(below)) {
            // Not ours when somebody else has built here before: then we have our own elsewhere.
            if fs::create_dir_all(&folder).is_ok() && home.make_folder(&folder).is_ok() {
                home.folder = folder;
            }
        }
        Ok(home)
    }

    /// A file or folder of the server.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Makes a folder that only the server's user can read, or accepts the one that is there.
    pub(super) fn make_folder(&self, folder: &Path) -> Result<()> {
        match fs::create_dir(folder) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(format!("cannot create {}", folder.display()), error)),
        }
        #[cfg(unix)]
        unix::take(folder, self.user)?;
        Ok(())
    }

    /// A command that runs as the server's user, in a process group of its own: Ctrl-C is not for it.
    pub(super) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        // Whatever locale this process has, the server's messages are in English and its start-up does not
        // depend on which locales are installed.
        command.env("LC_ALL", "C").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        #[cfg(unix)]
        unix::prepare(&mut command, self.user);
        command
    }
}

/// Cargo's `target/` folder: what `CARGO_TARGET_DIR` says, or the one around the running program (cargo marks
/// it with `CACHEDIR.TAG`), or the one beside or above the package's manifest.
pub(super) fn target_folder(
    told: Option<PathBuf>,
    program: Option<PathBuf>,
    package: Option<PathBuf>,
) -> Option<PathBuf> {
    let around = |program: PathBuf| {
        program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file()).map(Path::to_owned)
    };
    let above = |package: PathBuf| {
        package.ancestors().map(|folder| folder.join("target")).find(|target| target.is_dir())
    };
    // A relative folder is relative to where cargo was started, which we cannot know.
    told.filter(|told| told.is_absolute())
        .or_else(|| program.and_then(around))
        .or_else(|| package.and_then(above))
}

/// The system's temporary folder. `TMPDIR` differs between the processes that share a server, may be too long
/// for a socket, and root's may be closed to others.
fn temporary_folder() -> PathBuf {
    if cfg!(unix) { "/tmp".into() } else { env::temp_dir() }
}

#[cfg(unix)]
mod unix {
    use std::{
        fs::{self, Permissions},
        os::unix::{
            fs::{MetadataExt, PermissionsExt, chown},
            process::CommandExt,
        },
        path::Path,
        process::Command,
    };

    use orm_core::{Error, Result};
    use tokio::sync::OnceCell;

    use super::failed;

    /// A user of the system.
    #[derive(Clone, Copy, Debug)]
    pub(super) struct User {
        uid: u32,
        gid: u32,
    }

    /// Our own id, and the user to drop to when we are root.
    pub(super) async fn whoami() -> Result<(u32, Option<User>)> {
        static ME: OnceCell<(u32, Option<User>)> = OnceCell::const_new();
        ME.get_or_try_init(ask).await.copied()
    }

    async fn ask() -> Result<(u32, Option<User>)> {
        let me = id(&["-u"])
            .await
            .ok_or_else(|| Error::usage("cannot tell which user runs this: `id -u` failed"))?;
        if me != 0 {
            return Ok((me, None));
        }
        for name in ["postgres", "nobody"] {
            if let (Some(uid), Some(gid)) = (id(&["-u", name]).await, id(&["-g", name]).await) {
                return Ok((me, Some(User { uid, gid })));
            }
        }
        Err(Error::usage(
            "PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody` to run it as",
        ))
    }

    async fn id(arguments: &[&str]) -> Option<u32> {
        let output = tokio::process::Command::new("id").args(arguments).output().await.ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse().ok()
    }

    /// Gives a folder of ours to the server's user, for that user's eyes only.
    pub(super) fn take(folder: &Path, user: Option<User>) -> Result<()> {
        let at = |error| failed(format!("cannot take {} for the server", folder.display()), error);
        let meta = fs::symlink_metadata(folder).map_err(at)?;
        // In a shared temporary folder somebody else may have made it first, to have us use theirs.
        if !meta.is_dir() {
            return Err(Error::usage(format!("{} is not a folder: remove it", folder.display())));
        }
        // For anyone but root both of these fail on a folder of somebody else.
        if let Some(user) = user {
            if meta.uid() != 0 && meta.uid() != user.uid {
                return Err(Error::usage(format!("{} belongs to another user: remove it", folder.display())));
            }
            chown(folder, Some(user.uid), Some(user.gid)).map_err(at)?;
        }
        fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(at)
    }

    /// Makes a command run as the server's user and out of reach of the terminal's signals.
    pub(super) fn prepare(command: &mut Command, user: Option<User>) {
        // The current folder may be one that user may not enter.
        command.process_group(0).current_dir("/");
        if let Some(user) = user {
            command.uid(user.uid).gid(user.gid);
        }
    }
}
