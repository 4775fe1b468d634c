//! A process's mark at a shared server, and the child that takes it away when the process has ended.
//!
//! While a folder `users` exists, the server may be used, and nobody stops it while there is a mark in it.
//! Whoever stops the server removes the (empty) folder first, which is one atomic step: a process that still
//! got its mark in is safe, and one that did not knows that the server is going.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{ErrorKind, Write},
    process::{self, ChildStdin, Stdio},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use orm_core::Result;

use super::{failed, home::Home};

/// How long the server stays after its last user: the next test program starts within that time.
pub(super) const GRACE: Duration = Duration::from_secs(4);

/// Reads how many seconds to wait until the pipe ends, which it does when the process does, however that ends.
/// It asks for the server's pid before it removes the folder: a server that was started anew since then is
/// not the one to stop. SIGTERM lets those who are still connected (a `psql`) finish.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
mark=$1 users=$2 pid_file=$3 grace=$4
while read -r line; do grace=$line; done
sleep "$grace"
rm -f "$mark"
read -r pid < "$pid_file" && rmdir "$users" && kill "$pid"
"#;

/// Keeps the server for as long as it lives, or its process does.
#[derive(Debug)]
pub(super) struct Watchdog(Mutex<ChildStdin>);

impl Watchdog {
    /// Marks this process as a user; `None` when the server is being stopped.
    pub(super) fn start(home: &Home, grace: Duration) -> Result<Option<Self>> {
        let users = home.path("users");
        remove_stale_marks(home);
        let unique = super::random();
        let path = users.join(format!("{}-{unique:016x}", process::id()));
        let mark = match File::create_new(&path) {
            Ok(mark) => mark,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(format!("cannot create {}", path.display()), error)),
        };
        let run = || {
            mark.lock()?;
            // The lock on the mark goes with the watchdog: a mark that can be locked has none any more.
            let mut child = home
                .command("sh")
                .args(["-c", SCRIPT, "orm-watchdog"])
                .args([&path, &users, &home.path("data").join("postmaster.pid")])
                .arg(grace.as_secs_f32().to_string())
                .stdin(Stdio::piped())
                .stdout(mark)
                .spawn()?;
            child.stdin.take().ok_or_else(|| ErrorKind::BrokenPipe.into())
        };
        match run() {
            Ok(pipe) => Ok(Some(Watchdog(Mutex::new(pipe)))),
            Err(error) => {
                let _ = fs::remove_file(&path);
                Err(failed("cannot start `sh` to watch over the server", error))
            }
        }
    }

    /// Keeps the server for a while after this process: somebody will want to look into it.
    pub(super) fn stay(&self, time: Duration) {
        let mut pipe = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Without a watchdog there is nobody to stop the server either.
        let _ = writeln!(pipe, "{}", time.as_secs());
    }
}

/// Removes the marks whose watchdogs were killed.
fn remove_stale_marks(home: &Home) {
    for mark in fs::read_dir(home.path("users")).into_iter().flatten().flatten() {
        // A mark is made and locked under the server's lock, which we hold: none is found in between.
        let file = OpenOptions::new().write(true).open(mark.path());
        if file.is_ok_and(|file| !matches!(file.try_lock(), Err(TryLockError::WouldBlock))) {
            let _ = fs::remove_file(mark.path());
        }
    }
}
