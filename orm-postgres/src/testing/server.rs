//! One PostgreSQL server that all processes of a run share: started by the first, stopped after the last.
//!
//! A process joins under `lock`. The server and everything it forks inherit a lock on `alive`, so that lock
//! tells for sure whether anything of it still runs; a pid file can be stale. Who uses it is in `users`; see
//! [`watchdog`](super::watchdog).

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::Read,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use orm_core::{Error, ErrorKind, Result};
use tokio::time::sleep;

use super::{
    admin::{self, Admin},
    binaries::Binaries,
    failed,
    home::{Home, Purpose},
    watchdog::Watchdog,
};

/// Long enough for `initdb` on a slow machine, and for the queue of those who join at the same time.
const JOIN_DEADLINE: Duration = Duration::from_secs(120);
/// For a start with crash recovery, and for a stop.
const START_DEADLINE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(20);
/// The port is a part of the socket's name only.
const PORT: &str = "5432";
const USER: &str = "postgres";

/// A running server that this process uses.
#[derive(Debug)]
pub(super) struct Server {
    url: String,
    pub(super) watchdog: Watchdog,
}

impl Server {
    /// Uses the server of a home, which is started when it does not run. It stops `grace` after its last user.
    pub(super) async fn join(home: &Home, grace: Duration) -> Result<Self> {
        if cfg!(windows) {
            let what = "a local server cannot be started on Windows yet";
            return Err(Error::new(ErrorKind::Unsupported, what));
        }
        let binaries = Binaries::find().await?;
        let _turn = lock(&home.path("lock")).await?;
        let alive = open(&home.path("alive"))?;
        let watchdog = match Watchdog::start(home, grace)? {
            Some(watchdog) => watchdog,
            None => {
                stop(home, &binaries, &alive).await?;
                home.make_folder(&home.path("users"))?;
                Watchdog::start(home, grace)?
                    .ok_or_else(|| Error::usage(format!("{} was removed", home.path("users").display())))?
            }
        };
        // From here on nobody else stops the server.
        let server = Server { url: url(home), watchdog };
        let deadline = Instant::now() + START_DEADLINE;
        while !try_lock(&alive)? {
            match admin::answers(&server.url).await {
                Ok(()) => return Ok(server),
                Err(error) if Instant::now() > deadline => {
                    return Err(unwell(home, "does not answer", error));
                }
                Err(_) => sleep(PAUSE).await,
            }
        }
        start(home, &binaries, &server.url, &alive).await?;
        Ok(server)
    }

    /// The URL of the maintenance database.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

fn url(home: &Home) -> String {
    let host = admin::encoded(&home.sockets.to_string_lossy());
    format!("postgres://{USER}@{host}:{PORT}/postgres")
}

/// Stops a server that has no users, or whose last one is stopping it right now.
async fn stop(home: &Home, binaries: &Binaries, alive: &File) -> Result<()> {
    let deadline = Instant::now() + START_DEADLINE;
    let mut asked = false;
    while !try_lock(alive)? {
        if !asked {
            let mut command = home.command(binaries.program("pg_ctl"));
            command.args(["stop", "-m", "fast", "-D"]).arg(home.path("data"));
            asked = run(command, None).await.is_ok();
        }
        if Instant::now() > deadline {
            let what = format!("the server in {} does not stop", home.path("data").display());
            return Err(Error::new(ErrorKind::Timeout, what));
        }
        sleep(PAUSE).await;
    }
    alive.unlock().map_err(|error| failed("cannot unlock the server", error))
}

/// Starts the server, on data made before or now. We hold the lock on `alive`, so nothing of it runs.
async fn start(home: &Home, binaries: &Binaries, url: &str, alive: &File) -> Result<()> {
    let made = prepare(home, binaries, alive).await?;
    let started = launch(home, binaries, url, alive).await;
    match started {
        // Data written without fsync may be unusable after a crash of the machine.
        Err(_) if home.purpose == Purpose::Test && !made => {
            remove(&home.path("data"))?;
            prepare(home, binaries, alive).await?;
            launch(home, binaries, url, alive).await?;
        }
        started => started?,
    }
    if home.purpose == Purpose::Test {
        Admin::connect(url).await?.drop_test_databases().await?;
    }
    Ok(())
}

/// Makes sure there is a data folder of the right version; true if it was made now.
async fn prepare(home: &Home, binaries: &Binaries, alive: &File) -> Result<bool> {
    let data = home.path("data");
    let major = fs::read_to_string(data.join("PG_VERSION")).ok();
    match major.as_deref().map(str::trim) {
        Some(major) if major == binaries.major.to_string() => return Ok(false),
        Some(major) if home.purpose == Purpose::Kept => {
            return Err(Error::usage(format!(
                "the data in {} is of PostgreSQL {major}, the one installed is {}: put PostgreSQL {major} first \
                 in PATH, or delete the folder to start with an empty database",
                data.display(),
                binaries.major
            )));
        }
        _ => remove(&data)?,
    }
    // Made beside its place and renamed: a data folder is whole or not there.
    let fresh = home.path("data.new");
    let mut failure = None;
    for locale in ["C.UTF-8", "C"] {
        remove(&fresh)?;
        let mut command = home.command(binaries.program("initdb"));
        command.args(["--encoding=UTF8", "--auth=trust", "--no-sync", "--username", USER]);
        command.arg(format!("--locale={locale}")).arg("--pgdata").arg(&fresh);
        match run(command, Some(alive)).await {
            Ok(()) => {
                let into = |error| failed(format!("cannot rename {} to data", fresh.display()), error);
                fs::rename(&fresh, &data).map_err(into)?;
                return Ok(true);
            }
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    Err(failure.unwrap_or_else(|| Error::usage("`initdb` was not run")))
}

/// Starts `postgres` and waits until it answers.
async fn launch(home: &Home, binaries: &Binaries, url: &str, alive: &File) -> Result<()> {
    // Nothing of an earlier server runs. What it left behind would be taken for a running one as soon as its
    // process id is in use again.
    let socket = home.sockets.join(format!(".s.PGSQL.{PORT}"));
    for stale in [home.path("data/postmaster.pid"), socket.with_extension(format!("{PORT}.lock")), socket] {
        remove(&stale)?;
    }
    let log_path = home.path("log");
    let log = File::create(&log_path).map_err(|error| failed("cannot create the server's log", error))?;
    let mut command = home.command(binaries.program("postgres"));
    command.arg("-D").arg(home.path("data")).arg("-k").arg(&home.sockets).args(["-h", "", "-p", PORT]);
    for setting in settings(home.purpose) {
        command.args(["-c", setting]);
    }
    let spawn = || command.stdin(alive.try_clone()?).stderr(log.try_clone()?).stdout(log).spawn();
    let mut server: Child = spawn().map_err(|error| failed("cannot start `postgres`", error))?;
    let deadline = Instant::now() + START_DEADLINE;
    loop {
        let Err(error) = admin::answers(url).await else { return Ok(()) };
        if let Ok(Some(status)) = server.try_wait() {
            return Err(unwell(home, &format!("stopped ({status})"), error));
        }
        if Instant::now() > deadline {
            return Err(unwell(home, "does not answer", error));
        }
        sleep(PAUSE).await;
    }
}

/// The settings that differ from PostgreSQL's own, whatever way a server is started.
pub(super) fn settings(purpose: Purpose) -> Vec<&'static str> {
    let mut settings = vec!["max_connections=200", "shared_buffers=32MB", "timezone=UTC", "log_timezone=UTC"];
    if purpose == Purpose::Test {
        settings.extend(["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]);
        // Without statistics any query seems large enough to be compiled.
        settings.push("jit=off");
    }
    settings
}

/// Runs a program to its end; its last words are the error when it fails.
async fn run(mut command: Command, stdin: Option<&File>) -> Result<()> {
    let name = Path::new(command.get_program()).display().to_string();
    let could_not = |error| failed(format!("cannot run {name}"), error);
    if let Some(stdin) = stdin {
        command.stdin(stdin.try_clone().map_err(could_not)?);
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = tokio::process::Command::from(command).output().await.map_err(could_not)?;
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(Error::new(ErrorKind::Connection, format!("{name} failed ({}): {}", output.status, words.trim())))
}

/// An error about a server that was started, with the end of its log.
fn unwell(home: &Home, what: &str, cause: Error) -> Error {
    let path = home.path("log");
    let mut log = String::new();
    let _ = File::open(&path).and_then(|mut file| file.read_to_string(&mut log));
    let lines: Vec<&str> = log.lines().collect();
    let tail = lines[lines.len().saturating_sub(12)..].join("\n  ");
    let message = format!("the local PostgreSQL server {what}; the end of {}:\n  {tail}", path.display());
    Error::new(ErrorKind::Connection, message).with_source(cause)
}

/// Waits for a lock file's turn.
pub(super) async fn lock(path: &Path) -> Result<File> {
    let file = open(path)?;
    let deadline = Instant::now() + JOIN_DEADLINE;
    while !try_lock(&file)? {
        if Instant::now() > deadline {
            let what = format!("waited {} s for the lock on {}", JOIN_DEADLINE.as_secs(), path.display());
            return Err(Error::new(ErrorKind::Timeout, what + ": another process is starting the server"));
        }
        sleep(PAUSE).await;
    }
    Ok(file)
}

fn open(path: &Path) -> Result<File> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    file.map_err(|error| failed(format!("cannot open {}", path.display()), error))
}

/// Whether the lock was free and is ours now.
fn try_lock(file: &File) -> Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(failed("cannot lock a file", error)),
    }
}

fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(failed(format!("cannot remove {}", path.display()), error))
        }
        _ => Ok(()),
    }
}
