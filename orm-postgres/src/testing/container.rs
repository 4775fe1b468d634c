//! One PostgreSQL server in a container that all processes of a run share: found by its name, else started.
//!
//! Each process keeps a session on it, and in the session a shared advisory lock. The session ends when the process
//! does, however that ends. The container itself looks for the lock every second: when nobody has had it for some
//! seconds, it takes the lock, stops, and is removed. So nothing has to outlive the tests to clean up after them.

mod docker;
#[cfg(test)]
mod tests;

use std::{
    io::Write,
    net::TcpStream,
    pin::pin,
    time::{Duration, Instant},
};

use futures_util::future::{Either, select};
use orm_core::{Error, ErrorKind, Result};
use testcontainers::{ContainerRequest, GenericImage, core::IntoContainerPort, runners::AsyncRunner};
use tokio::time::{sleep, timeout};
use tokio_postgres::NoTls;

use self::docker::{PORT, address, find_image, is_going, request};
use super::{hash, home::Home, server};

/// For an answer of the Docker daemon, or of the server when it runs.
const ANSWER_DEADLINE: Duration = Duration::from_secs(10);
/// For `initdb` and a start, on a slow machine.
const START_DEADLINE: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_millis(50);

/// False while the server is about to stop.
const LOCK: &str = "SELECT pg_try_advisory_lock_shared(7303789)";

/// A running server in a container that this process uses.
#[derive(Debug)]
pub(super) struct Container {
    /// The container's name: the same for every process and every run.
    name: String,
    url: String,
    session: TcpStream,
}

impl Container {
    /// Uses the container of a home and an image, which is started when it does not run. It stops `grace` after its
    /// last user. The image has to be there, unless it may be pulled.
    pub(super) async fn join(home: &Home, image: Option<&str>, pull: bool, grace: Duration) -> Result<Self> {
        let image = find_image(image, pull).await?;
        let name = format!("orm-postgres-{:016x}", hash((home.path(""), home.purpose, &image)));
        let _turn = server::lock(&home.path("container-lock")).await?;
        let address = address().await?;
        let deadline = Instant::now() + START_DEADLINE;
        loop {
            let request = request(home.purpose, &image, &name, address.clone());
            if let Some((url, session)) = enter(request, grace).await? {
                return Ok(Container { name, url, session });
            }
            if Instant::now() > deadline {
                let seconds = START_DEADLINE.as_secs();
                let shows = format!("docker run --rm -e POSTGRES_HOST_AUTH_METHOD=trust {image}");
                let what = format!(
                    "no PostgreSQL in the container `{name}` within {seconds} s; `{shows}` shows why"
                );
                return Err(Error::new(ErrorKind::Timeout, what));
            }
            sleep(PAUSE).await;
        }
    }

    /// The URL of the maintenance database.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Keeps the container for a while after this process, unless another joins: somebody will want to look into it.
    pub(super) fn stay(&self, time: Duration) {
        let sql = stay(time) + "\0";
        let length = u32::try_from(4 + sql.len()).unwrap_or(u32::MAX);
        // A query as it is on the wire: a runtime to send it with may be gone. Nobody waits for the answer.
        let _ = (&self.session).write_all(&[&b"Q"[..], &length.to_be_bytes(), sql.as_bytes()].concat());
    }
}

/// Tells the container how long to stay after its last user.
fn stay(time: Duration) -> String {
    format!("COMMENT ON DATABASE postgres IS '{}'", time.as_secs())
}

/// Starts the container unless it runs, and the session in it; `None` while the server starts or stops.
async fn enter(
    request: ContainerRequest<GenericImage>,
    grace: Duration,
) -> Result<Option<(String, TcpStream)>> {
    let container = match request.start().await {
        Ok(container) => container,
        Err(error) if is_going(&error) => return Ok(None),
        Err(error) => {
            let what = format!("cannot start a container: {error}");
            return Err(Error::new(ErrorKind::Connection, what).with_source(error));
        }
    };
    // A container that has just stopped has no port.
    let (Ok(host), Ok(port)) = (container.get_host().await, container.get_host_port_ipv4(PORT.tcp()).await)
    else {
        return Ok(None);
    };
    // Names are resolved on a thread of their own, which some tests count.
    let host = if host.to_string() == "localhost" { "127.0.0.1".to_owned() } else { host.to_string() };
    let session = timeout(ANSWER_DEADLINE, session(&host, port, grace)).await;
    let url = format!("postgres://postgres@{host}:{port}/postgres?sslmode=disable");
    Ok(session.ok().and_then(std::io::Result::ok).flatten().map(|session| (url, session)))
}

/// A session that has the lock, out of the hands of any runtime; `None` when the server is about to stop.
async fn session(host: &str, port: u16, grace: Duration) -> std::io::Result<Option<TcpStream>> {
    let stream = tokio::net::TcpStream::connect((host, port)).await?.into_std()?;
    let session = stream.try_clone()?;
    let mut config = tokio_postgres::Config::new();
    config.user("postgres").dbname("postgres").application_name("orm test process");
    let stream = tokio::net::TcpStream::from_std(stream)?;
    let (client, connection) = config.connect_raw(stream, NoTls).await.map_err(std::io::Error::other)?;
    let ask = async {
        let locked = client.query_one(LOCK, &[]).await?.get(0);
        client.batch_execute(&stay(grace)).await?;
        Ok::<bool, tokio_postgres::Error>(locked)
    };
    // The connection is dropped where it stands, so it says no goodbye: its copy keeps the session.
    let locked = match select(pin!(ask), pin!(connection)).await {
        Either::Left((locked, _)) => locked.map_err(std::io::Error::other)?,
        Either::Right(_) => false,
    };
    session.set_nonblocking(false)?;
    Ok(locked.then_some(session))
}
