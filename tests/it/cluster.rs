//! A PostgreSQL server of one test, where its configuration is what is tested.

use crate::wait::until;
use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};
use tokio_postgres::{Client, NoTls};

/// Runs until it is dropped, on this machine, wherever the test databases are.
pub struct Cluster {
    folder: PathBuf,
    owner: (u32, u32),
    process: Option<Child>,
    /// It listens on 127.0.0.1, if it was told to.
    pub port: u16,
}

impl Cluster {
    /// Makes one whose superuser `alice` has this password, which it asks for as scram-sha-256.
    pub async fn new(name: &str, password: &str) -> Self {
        let (programs, owner) = (programs(), owner());
        // Of its own: one of the same name may be going at this moment.
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let (process, number) = (std::process::id(), MADE.fetch_add(1, Relaxed));
        let folder = std::env::temp_dir().join(format!("orm-{name}-{process}-{number}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        chown(&folder, Some(owner.0), Some(owner.1)).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Cluster { folder, owner, process: None, port };
        cluster.write("password", password);
        cluster.write("programs", programs.to_str().unwrap());
        let mut initdb = tokio::process::Command::from(cluster.program("initdb"));
        initdb.args(["--no-sync", "--auth=scram-sha-256", "--username=alice"]);
        initdb.args(["--encoding=UTF8", "--locale=C", "--pwfile"]).arg(cluster.path("password"));
        assert!(initdb.arg("--pgdata").arg(cluster.path("data")).status().await.unwrap().success(), "initdb");
        cluster
    }

    fn program(&self, name: &str) -> Command {
        let programs = fs::read_to_string(self.path("programs")).unwrap();
        let mut command = Command::new(Path::new(&programs).join(name));
        command.current_dir(&self.folder).stdout(Stdio::null()).stderr(Stdio::null());
        if fs::metadata("/proc/self").map_or(0, |me| me.uid()) != self.owner.0 {
            command.uid(self.owner.0).gid(self.owner.1);
        }
        command
    }

    /// A file of the server; its data is in `data/`.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Writes a file that only the server, and root, can read.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        chown(&path, Some(self.owner.0), Some(self.owner.1)).unwrap();
    }

    /// Starts it, with a socket in its folder and these settings.
    pub async fn start(&mut self, settings: &[&str]) {
        let mut postgres = self.program("postgres");
        postgres.arg("-D").arg(self.path("data")).arg("-k").arg(&self.folder);
        for setting in ["fsync=off", "listen_addresses="].iter().chain(settings) {
            postgres.args(["-c", setting]);
        }
        self.process = Some(postgres.env("PGPORT", self.port.to_string()).spawn().unwrap());
        until("the server has started", async || self.connect().await.is_ok()).await;
    }

    /// A connection of `alice` over the socket.
    pub async fn connect(&self) -> Result<Client, tokio_postgres::Error> {
        let password = fs::read_to_string(self.path("password")).unwrap();
        let (client, connection) =
            tokio_postgres::connect(&self.url("alice", Some(&password)), NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    /// A URL of its database over the socket.
    pub fn url(&self, user: &str, password: Option<&str>) -> String {
        let password = password.map(|password| format!(":{password}")).unwrap_or_default();
        let folder = self.folder.to_string_lossy().replace('/', "%2F");
        format!("postgres://{user}{password}@{folder}:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Where PostgreSQL's programs are: on the `PATH`, or where Debian has them.
fn programs() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<_> = debian.map(|version| version.path().join("bin")).collect();
    debian.sort();
    let mut folders = std::env::split_paths(&path).chain(debian.into_iter().rev());
    let found = folders.find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists());
    found.expect("this test starts a server of its own: install PostgreSQL's programs")
}

/// Who runs the server: this user, or another one for root, whom PostgreSQL refuses.
fn owner() -> (u32, u32) {
    let me = fs::metadata("/proc/self").unwrap();
    if me.uid() != 0 {
        return (me.uid(), me.gid());
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let user = |name: &str| {
        let fields: Vec<_> =
            users.lines().find(|line| line.split(':').next() == Some(name))?.split(':').collect();
        Some((fields[2].parse().ok()?, fields[3].parse().ok()?))
    };
    user("postgres").or_else(|| user("nobody")).expect("a user for the server")
}
