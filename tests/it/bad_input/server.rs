//! A PostgreSQL server of one test, which asks for passwords.

use super::Lab;
use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// Runs until it is dropped; made with the programs and the user of the test databases' server.
pub(crate) struct PasswordServer {
    folder: PathBuf,
    process: Child,
}

impl PasswordServer {
    /// Starts one whose superuser `alice` has this password.
    pub(crate) async fn start(lab: &Lab, password: &str) -> Self {
        let about =
            "SELECT current_setting('data_directory'), (SELECT setting FROM pg_config WHERE name = 'BINDIR')";
        let row = lab.client.query_one(about, &[]).await.unwrap();
        let (data, programs): (String, String) = (row.get(0), row.get(1));
        let owner = fs::metadata(data).expect("the server runs on this machine");
        let folder = std::env::temp_dir().join(format!("orm-password-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        let secret = folder.join("password");
        fs::write(&secret, password).unwrap();
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
        for path in [&folder, &secret] {
            chown(path, Some(owner.uid()), Some(owner.gid())).unwrap();
        }
        let program = |name: &str| {
            let mut command = Command::new(Path::new(&programs).join(name));
            command.current_dir(&folder).stdout(Stdio::null()).stderr(Stdio::null());
            if fs::metadata("/proc/self").map_or(0, |me| me.uid()) != owner.uid() {
                command.uid(owner.uid()).gid(owner.gid());
            }
            command
        };
        let mut initdb = tokio::process::Command::from(program("initdb"));
        initdb.args([
            "--no-sync",
            "--auth=scram-sha-256",
            "--username=alice",
            "--encoding=UTF8",
            "--locale=C",
        ]);
        initdb.arg("--pwfile").arg(&secret).arg("--pgdata").arg(folder.join("data"));
        assert!(initdb.status().await.unwrap().success(), "initdb");
        let mut postgres = program("postgres");
        postgres.arg("-D").arg(folder.join("data")).arg("-k").arg(&folder).args([
            "-h",
            "",
            "-c",
            "fsync=off",
        ]);
        let server = PasswordServer { process: postgres.spawn().unwrap(), folder };
        for _ in 0..200 {
            if is_up(&server.url("alice", Some(password))).await {
                return server;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server does not start");
    }

    /// A URL of its database.
    pub(crate) fn url(&self, user: &str, password: Option<&str>) -> String {
        let password = password.map(|password| format!(":{password}")).unwrap_or_default();
        let folder = self.folder.to_string_lossy().replace('/', "%2F");
        format!("postgres://{user}{password}@{folder}/postgres")
    }
}

async fn is_up(url: &str) -> bool {
    tokio_postgres::connect(url, tokio_postgres::NoTls).await.is_ok()
}

impl Drop for PasswordServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
