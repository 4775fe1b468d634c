//! What is asked of the Docker daemon: which image there is, and a container of it.

use std::{collections::HashMap, env, fmt::Display, path::Path};

use orm_core::{Error, ErrorKind, Result};
use testcontainers::{
    ContainerRequest, GenericImage, ImageExt, ReuseDirective, TestcontainersError,
    bollard::{errors::Error as DockerError, models::PortBinding, query_parameters::InspectNetworkOptions},
    core::{
        IntoContainerPort, Mount,
        client::{ClientError, docker_client_instance},
    },
    runners::AsyncRunner,
};
use tokio::time::timeout;

use super::{
    super::{home::Purpose, server},
    ANSWER_DEADLINE,
};

/// The images that are looked for unless `ORM_TEST_IMAGE` names one. The last is the one that is pulled.
const IMAGES: [&str; 2] = ["orm-test-postgres:15", "postgres:17"];

pub(super) const PORT: u16 = 5432;
const DATA: &str = "/var/lib/postgresql/in-memory";
/// Runs the image's server, and stops it when it is free: nobody has the lock or is connected in another way (a `psql`).
/// The comment on the database tells for how many seconds it stays then; before its first user it is no number.
/// psql still has the lock when it stops the server: a session that gets the lock is safe.
const SCRIPT: &str = r#"
free=0
while sleep 1; do
  free=$((free + 1))
  said=$(psql -XAtq -h 127.0.0.1 -U postgres postgres 2>/dev/null <<END
SELECT alone, alone AND $free > CASE WHEN stay SIMILAR TO '[0-9]+' THEN stay::int ELSE 60 END AS stop FROM (
  SELECT pg_try_advisory_lock(7303789)
    AND (SELECT count(*) = 1 FROM pg_stat_activity WHERE backend_type = 'client backend') AS alone,
    shobj_description(oid, 'pg_database') AS stay FROM pg_database WHERE datname = current_database()
) now \gset
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
/// The image to use; it is there.
pub(super) async fn find_image(asked: Option<&str>, pull: bool) -> Result<String> {
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

fn no_daemon(error: &impl Display) -> Error {
    Error::new(ErrorKind::Connection, format!("no Docker daemon answers: {error}"))
}

/// `latest` is what an image without a tag means; a colon before a slash belongs to a registry's port.
pub(super) fn name_and_tag(image: &str) -> (&str, &str) {
    image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).unwrap_or((image, "latest"))
}

/// The container, to be found or made.
pub(super) fn request(
    purpose: Purpose,
    image: &str,
    name: &str,
    address: Option<String>,
) -> ContainerRequest<GenericImage> {
    let (image, tag) = name_and_tag(image);
    let mut command = ["-c", SCRIPT, "orm-container"].map(String::from).to_vec();
    for setting in server::settings(purpose) {
        command.extend(["-c".into(), setting.into()]);
    }
    let image = GenericImage::new(image, tag).with_entrypoint("sh").with_exposed_port(PORT.tcp());
    let request = match purpose {
        // In memory: a database for each test is a thousand files written and removed.
        Purpose::Test => image.with_mount(Mount::tmpfs_mount(DATA)).with_env_var("PGDATA", DATA),
        Purpose::Kept => image.into(),
    };
    request
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

/// Where the containers are reached and nobody on another machine reaches them, for they ask for no password;
/// `None` when the daemon itself is on another machine.
pub(super) async fn address() -> Result<Option<String>> {
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

/// Whether the container was found and was gone, or was being removed, a moment later.
pub(super) fn is_going(error: &TestcontainersError) -> bool {
    use ClientError::{CreateContainer, InspectContainer, StartContainer};
    use DockerError::DockerResponseServerError as Refused;
    let TestcontainersError::Client(CreateContainer(error) | InspectContainer(error) | StartContainer(error)) =
        error
    else {
        return false;
    };
    matches!(error, Refused { status_code: 404 | 409, .. })
}
