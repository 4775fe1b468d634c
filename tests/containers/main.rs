//! What the test databases' container promises. Needs a Docker daemon that has the image, so it is run when asked for:
//! `cargo test --test containers`. Each test starts this program again as the processes that use the container.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by a panic; its processes speak by their output"
)]

use std::{
    env,
    fs::{self, create_dir_all},
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use orm::{prelude::*, testing::TestDb};

/// What a process is to do; the test `a_process` does it.
const ROLE: &str = "ORM_CONTAINERS_ROLE";

/// A checkout of its own, and so a container of its own.
struct Checkout(PathBuf);

impl Checkout {
    fn new(test: &str) -> Self {
        let folder =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{}", std::process::id()));
        create_dir_all(&folder).unwrap();
        Checkout(folder)
    }

    fn process(&self, role: &str) -> Command {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", "a_process", "--nocapture"]).env(ROLE, role);
        command.env("ORM_TEST_POSTGRES", "container").env("CARGO_TARGET_DIR", &self.0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// A process that has a database until its input ends.
    fn user(&self) -> User {
        self.user_that("use")
    }

    fn user_that(&self, role: &str) -> User {
        let mut child = self.process(role).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let lines = stdout.by_ref().lines().map(Result::unwrap);
        let port = lines.filter_map(|line| line.strip_prefix("port ").map(str::to_owned)).next();
        let Some(port) = port else {
            let mut said = String::new();
            child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            panic!("the process failed: {said}");
        };
        User { child, _stdout: stdout, port }
    }

    /// What a process says that fails.
    fn failure(&self, role: &str, variables: &[(&str, &str)]) -> String {
        let output = self.process(role).envs(variables.iter().copied()).output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct User {
    child: Child,
    /// Open, for it to write its last words to.
    _stdout: BufReader<ChildStdout>,
    /// The container's port on this machine: another for each container.
    port: String,
}

impl User {
    fn ends(mut self) {
        drop(self.child.stdin.take());
        assert!(self.child.wait().unwrap().success());
    }

    fn dies(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// The ids of containers, running or not, that match both filters.
fn docker_ps(one: &str, other: &str) -> String {
    let arguments = ["ps", "-a", "-q", "--filter", one, "--filter", other];
    let output = Command::new("docker").args(arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn container_at(port: &str) -> String {
    docker_ps(&format!("publish={port}"), "name=orm-postgres-")
}

fn eventually(what: &str, is: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !is() {
        assert!(Instant::now() < deadline, "not so after a minute: {what}");
        sleep(Duration::from_millis(100));
    }
}

/// No test, but what the processes of the tests do; without a role, nothing.
#[tokio::test]
async fn a_process() {
    let Ok(role) = env::var(ROLE) else { return };
    if role == "write" || role == "read" {
        let url = orm::testing::database_url("kept").await.unwrap();
        let db = Db::connect(&url).await.unwrap();
        if role == "write" {
            db.create_tables(orm::models![Note]).await.unwrap();
            Note::objects().using(&db).create().text("kept").await.unwrap();
        }
        assert_eq!(Note::objects().using(&db).values(|n| n.text).await.unwrap(), ["kept"]);
        return serve(&url);
    }
    let test = TestDb::create().await.unwrap();
    assert!(role != "fail", "the test fails");
    serve(test.url());
}

/// Says where the server is and waits for the end of the input.
fn serve(url: &str) {
    let place = url.rsplit_once(':').unwrap().1;
    println!("port {}", place.split('/').next().unwrap());
    std::io::stdin().read_to_string(&mut String::new()).unwrap();
}

#[derive(Model)]
struct Note {
    id: i64,
    text: String,
}

#[test]
fn processes_share_a_container_and_it_is_removed_after_the_last_even_if_they_are_killed() {
    let checkout = Checkout::new("share");
    let (first, second) = (checkout.user(), checkout.user());
    let port = first.port.clone();
    assert_eq!(port, second.port);
    first.ends();
    sleep(Duration::from_secs(8));
    assert_ne!(container_at(&port), "", "somebody uses it");
    second.dies();
    eventually("the container is removed", || container_at(&port).is_empty());
}

#[test]
fn joining_while_the_container_stops_gets_one_that_runs() {
    let checkout = Checkout::new("join");
    let mut port = String::new();
    for wait in 0..5 {
        let user = checkout.user();
        port = user.port.clone();
        user.ends();
        sleep(Duration::from_millis(4_000 + wait * 300));
    }
    eventually("the last container is removed", || container_at(&port).is_empty());
}

#[test]
fn the_container_of_a_failed_test_stays_until_the_next_run() {
    let checkout = Checkout::new("stay");
    let said = checkout.failure("fail", &[]);
    assert!(said.contains("its database is kept for 5 minutes"), "{said}");
    sleep(Duration::from_secs(10));
    let user = checkout.user();
    let port = user.port.clone();
    assert!(said.contains(&format!(":{port}/")), "it is the same container: {said}");
    user.ends();
    eventually("the container is removed", || container_at(&port).is_empty());
}

#[test]
fn kept_data_is_there_when_its_container_runs_again() {
    let checkout = Checkout::new("kept");
    let writer = checkout.user_that("write");
    let id = container_at(&writer.port);
    writer.ends();
    eventually("the container stops", || !docker_ps(&format!("id={id}"), "status=exited").is_empty());
    let reader = checkout.user_that("read");
    assert_eq!(container_at(&reader.port), id);
    reader.ends();
    assert!(Command::new("docker").args(["rm", "-f", "-v", &id]).output().unwrap().status.success());
}

#[test]
fn what_is_missing_is_named() {
    let checkout = Checkout::new("missing");
    let image = "localhost:1/no-such-image:7";
    let said = checkout.failure("use", &[("ORM_TEST_IMAGE", image)]);
    assert!(said.contains(&format!("failed to pull the image '{image}'")), "{said}");
    let said = checkout.failure("use", &[("DOCKER_HOST", "unix:///no/such/docker.sock")]);
    assert!(said.contains("no Docker daemon answers") && said.contains("run a Docker daemon"), "{said}");
}
