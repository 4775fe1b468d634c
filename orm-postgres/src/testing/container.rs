//! One PostgreSQL server in a container that all processes of a run share: found by its name, else started.
//!
//! Each process keeps a session on it, and in the session a shared advisory lock. The session ends when the process
//! does, however that ends. The container itself looks for the lock every second: when nobody has had it for some
//! seconds, it takes the lock, stops, and is removed. So nothing has to outlive the tests to clean up after them.

use std::{
    collections::HashMap,
    env,
    io::Write,
    net::TcpStream,
    path::Path,
    pin::pin,
    time::{Duration, Instant},
};

use futures_util::future::{Either, select};
use orm_core::{Error, ErrorKind, Result};
use testcontainers::{
    ContainerRequest, GenericImage, ImageExt, ReuseDirective, TestcontainersError,
    bollard::{errors::Error as DockerError, models::PortBinding, query_parameters::InspectNetworkOptions},
    core::{
        IntoContainerPort,
        client::{ClientError, docker_client_instance},
    },
    runners::AsyncRunner,
};
use tokio::time::{sleep, timeout};
use tokio_postgres::NoTls;

use super::{
    hash,
    home::{Home, Purpose},
    server,
};

/// The images that are looked for unless `ORM_TEST_IMAGE` names one. The last is the one that is pulled.
const IMAGES: [&str; 2] = ["orm-test-postgres:15", "postgres:17"];

const PORT: u16 = 5432;
/// For an answer of the Docker daemon, or of the server when it runs.
const ANSWER_DEADLINE: Duration = Duration::from_secs(10);
/// For `initdb` and a start, on a slow machine.
const START_DEADLINE: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_millis(50);

/// Runs the image's server, and stops it some seconds after the last session with the lock, unless somebody else (a
/// `psql`) is connected. psql still has the lock when it stops the server: a session that gets it may stay.
/// `free` counts the seconds without users; the first user has a minute more.
const SCRIPT: &str = r#"
grace=$1
shift
free=-60
while sleep 1; do
  free=$((free + 1))
  said=$(psql -XAtq -h 127.0.0.1 -U postgres postgres 2>/dev/null <<END
SELECT pg_try_advisory_lock(7303789) AND (SELECT count(*) = 1 FROM pg_stat_activity
  WHERE backend_type = 'client backend') AS alone \gset
SELECT :'alone' AND $free >= coalesce(shobj_description(oid, 'pg_database'), '$grace')::int AS stop
  FROM pg_database WHERE datname = current_database() \gset
\if :stop
\! kill -INT 1
\elif :alone
\else
\echo busy
\endif
END
  )
  if [ "$said" = busy ]; then free=0; fi
done &
exec docker-entrypoint.sh postgres "$@"
"#;
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
            let request = request(home.purpose, &image, &name, address.clone(), grace);
            if let Some((url, session)) = enter(request).await? {
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
        let sql = format!("COMMENT ON DATABASE postgres IS '{}'\0", time.as_secs());
        let length = u32::try_from(4 + sql.len()).unwrap_or(u32::MAX);
        // A query as it is on the wire: a runtime to send it with may be gone. Nobody waits for the answer.
        let _ = (&self.session).write_all(&[&b"Q"[..], &length.to_be_bytes(), sql.as_bytes()].concat());
    }
}

/// The image to use; it is there.
async fn find_image(asked: Option<&str>, pull: bool) -> Result<String> {
    let docker = docker_client_instance().await.map_err(|error| no_daemon(&error))?;
    let images = asked.map_or(IMAGES.to_vec(), |image| vec![image]);
    for image in &images {
        match timeout(ANSWER_DEADLINE, docker.inspect_image(image)).await {
            Ok(Ok(_)) => return Ok((*image).to_owned()),
            Ok(Err(DockerError::DockerResponseServerError { status_code: 404, .. })) => {}
            Ok(Err(error)) => return Err(no_daemon(&error)),
            Err(elapsed) => return Err(no_daemon(&elapsed)),
        }
    }
    let missing = images.join(" and no image ");
    if !pull {
        let what = format!("there is no image {missing}; ORM_TEST_POSTGRES=container would pull it");
        return Err(Error::new(ErrorKind::Connection, what));
    }
    let image = images[images.len() - 1];
    let (name, tag) = name_and_tag(image);
    match GenericImage::new(name, tag).pull_image().await {
        Ok(_) => Ok(image.to_owned()),
        Err(error) => {
            let what = format!("there is no image {missing}, and {error}");
            Err(Error::new(ErrorKind::Connection, what).with_source(error))
        }
    }
}

fn no_daemon(error: &impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Connection, format!("no Docker daemon answers: {error}"))
}

/// `latest` is what an image without a tag means; a colon before a slash belongs to a registry's port.
fn name_and_tag(image: &str) -> (&str, &str) {
    image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).unwrap_or((image, "latest"))
}

/// The container, to be found or made.
fn request(
    purpose: Purpose,
    image: &str,
    name: &str,
    address: Option<String>,
    grace: Duration,
) -> ContainerRequest<GenericImage> {
    let (image, tag) = name_and_tag(image);
    let mut command: Vec<String> =
        ["-c", SCRIPT, "orm-container", &grace.as_secs().to_string()].map(String::from).to_vec();
    for setting in server::settings(purpose) {
        command.extend(["-c".into(), setting.into()]);
    }
    GenericImage::new(image, tag)
        .with_entrypoint("sh")
        .with_exposed_port(PORT.tcp())
        .with_cmd(command)
        .with_container_name(name)
        .with_reuse(ReuseDirective::Always)
        .with_env_var("POSTGRES_HOST_AUTH_METHOD", "trust")
        .with_env_var("POSTGRES_INITDB_ARGS", "--encoding=UTF8 --locale=C.UTF-8 --no-sync")
        .with_shm_size(256 << 20)
        .with_host_config_modifier(move |host| {
            host.auto_remove = Some(purpose == Purpose::Test);
            if address.is_some() {
                let binding = PortBinding { host_ip: address.clone(), host_port: None };
                host.publish_all_ports = Some(false);
                host.port_bindings = Some(HashMap::from([(format!("{PORT}/tcp"), Some(vec![binding]))]));
            }
        })
}

/// Where the daemon's containers are reached and nobody on another machine reaches them, for they ask for no password;
/// `None` when the daemon itself is on another machine.
async fn address() -> Result<Option<String>> {
    if env::var("DOCKER_HOST").is_ok_and(|host| host.starts_with("tcp:") || host.starts_with("http")) {
        return Ok(None);
    }
    let mut gateway = None;
    // In a container itself, the machine's own address is another.
    if Path::new("/.dockerenv").exists() {
        let docker = docker_client_instance().await.map_err(|error| no_daemon(&error))?;
        let bridge = docker.inspect_network("bridge", None::<InspectNetworkOptions>).await.ok();
        let configs = bridge.and_then(|bridge| bridge.ipam?.config).into_iter().flatten();
        gateway = configs.filter_map(|config| config.gateway).find(|gateway| !gateway.is_empty());
    }
    Ok(Some(gateway.unwrap_or_else(|| "127.0.0.1".into())))
}

/// Starts the container unless it runs, and the session in it; `None` while the server starts or stops.
async fn enter(request: ContainerRequest<GenericImage>) -> Result<Option<(String, TcpStream)>> {
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
    let session = timeout(ANSWER_DEADLINE, session(&host, port)).await;
    let url = format!("postgres://postgres@{host}:{port}/postgres");
    Ok(session.ok().and_then(std::io::Result::ok).flatten().map(|session| (url, session)))
}

/// Whether the container was found and was gone, or was being removed, a moment later.
fn is_going(error: &TestcontainersError) -> bool {
    use ClientError::{CreateContainer, InspectContainer, StartContainer};
    use DockerError::DockerResponseServerError as Refused;
    let TestcontainersError::Client(CreateContainer(error) | InspectContainer(error) | StartContainer(error)) =
        error
    else {
        return false;
    };
    matches!(error, Refused { status_code: 404 | 409, .. })
}

/// A session that has the lock, out of the hands of any runtime; `None` when the server is about to stop.
async fn session(host: &str, port: u16) -> std::io::Result<Option<TcpStream>> {
    let stream = tokio::net::TcpStream::connect((host, port)).await?.into_std()?;
    let session = stream.try_clone()?;
    let mut config = tokio_postgres::Config::new();
    config.user("postgres").dbname("postgres").application_name("orm test process");
    let stream = tokio::net::TcpStream::from_std(stream)?;
    let (client, connection) = config.connect_raw(stream, NoTls).await.map_err(std::io::Error::other)?;
    let ask = async {
        let locked = client.query_one(LOCK, &[]).await?.get(0);
        client.batch_execute("COMMENT ON DATABASE postgres IS NULL").await?;
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
