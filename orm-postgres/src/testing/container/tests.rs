//! What containers promise. They need a Docker daemon that has the image, so they are run when asked for:
//! `cargo test -p orm-postgres --features testcontainers container -- --ignored`.

use std::{env, fs, path::PathBuf};

use testcontainers::{
    bollard::{
        errors::Error as DockerError,
        query_parameters::{InspectContainerOptions, RemoveContainerOptionsBuilder},
    },
    core::client::docker_client_instance,
};

use super::{
    super::{admin::Admin, home::Purpose, random},
    docker::name_and_tag,
    *,
};

/// A home of its own for one test.
struct Place {
    home: Home,
    target: PathBuf,
}

impl Place {
    async fn new(purpose: Purpose) -> Self {
        let target = env::temp_dir().join(format!("orm-containers-{:016x}", random()));
        fs::create_dir(&target).unwrap();
        Place { home: Home::at(purpose, Some(&target)).await.unwrap(), target }
    }

    async fn join(&self) -> Container {
        Container::join(&self.home, None, false, Duration::ZERO).await.unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.target);
        let _ = fs::remove_dir_all(&self.home.sockets);
    }
}

/// Whether a container runs; `None` when it is not there.
async fn runs(name: &str) -> Option<bool> {
    let docker = docker_client_instance().await.unwrap();
    match docker.inspect_container(name, None::<InspectContainerOptions>).await {
        Ok(found) => Some(found.state.unwrap().running.unwrap()),
        Err(DockerError::DockerResponseServerError { status_code: 404, .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

async fn becomes(name: &str, state: Option<bool>) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while runs(name).await != state {
        assert!(Instant::now() < deadline, "{name} is {:?}", runs(name).await);
        sleep(PAUSE).await;
    }
}

#[tokio::test]
#[ignore = "needs a Docker daemon that has the image"]
async fn a_second_user_gets_the_running_container_and_it_is_removed_after_the_last() {
    let place = Place::new(Purpose::Test).await;
    let first = place.join().await;
    let second = place.join().await;
    assert_eq!((first.url(), first.name()), (second.url(), second.name()));
    drop(first);
    sleep(Duration::from_secs(3)).await;
    Admin::connect(second.url()).await.unwrap();
    let name = second.name().to_owned();
    drop(second);
    becomes(&name, None).await;
}

#[tokio::test]
#[ignore = "needs a Docker daemon that has the image"]
async fn joining_while_the_container_stops_gets_one_that_runs() {
    let place = Place::new(Purpose::Test).await;
    let mut name = String::new();
    for wait in 0..8 {
        let container = place.join().await;
        let admin = Admin::connect(container.url()).await.unwrap();
        sleep(Duration::from_millis(1_500)).await;
        assert!(admin.exists("postgres").await.unwrap());
        drop(admin);
        name = container.name().to_owned();
        drop(container);
        sleep(Duration::from_millis(900 + wait * 60)).await;
    }
    becomes(&name, None).await;
}

#[tokio::test]
#[ignore = "needs a Docker daemon that has the image"]
async fn a_container_stays_for_whoever_is_connected_and_when_it_is_asked_to() {
    let place = Place::new(Purpose::Test).await;
    let container = place.join().await;
    let name = container.name().to_owned();
    let guest = Admin::connect(container.url()).await.unwrap();
    drop(container);
    sleep(Duration::from_secs(3)).await;
    assert!(guest.exists("postgres").await.unwrap());
    let container = place.join().await;
    container.stay(Duration::from_secs(6));
    drop((container, guest));
    sleep(Duration::from_secs(4)).await;
    assert_eq!(runs(&name).await, Some(true));
    becomes(&name, None).await;
}

#[tokio::test]
#[ignore = "needs a Docker daemon that has the image"]
async fn kept_data_is_there_when_its_container_runs_again() {
    let place = Place::new(Purpose::Kept).await;
    let container = place.join().await;
    let name = container.name().to_owned();
    Admin::connect(container.url()).await.unwrap().ensure("blog").await.unwrap();
    drop(container);
    becomes(&name, Some(false)).await;
    let container = place.join().await;
    let admin = Admin::connect(container.url()).await.unwrap();
    assert!(admin.exists("blog").await.unwrap());
    assert_eq!(admin.show("fsync").await.unwrap(), "on");
    let remove = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
    docker_client_instance().await.unwrap().remove_container(&name, Some(remove)).await.unwrap();
}

#[tokio::test]
#[ignore = "needs a Docker daemon"]
async fn an_image_that_is_not_there_is_named_and_not_pulled() {
    let place = Place::new(Purpose::Test).await;
    let image = Some("localhost:1/no-such-image:7");
    let error = Container::join(&place.home, image, false, Duration::ZERO).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no image localhost:1/no-such-image:7; ORM_TEST_POSTGRES=container would pull it"
    );
    let error = Container::join(&place.home, image, true, Duration::ZERO).await.unwrap_err();
    assert!(error.to_string().contains("failed to pull the image 'localhost:1/no-such-image:7'"), "{error}");
}

#[test]
fn the_colon_of_a_port_begins_no_tag() {
    assert_eq!(name_and_tag("postgres:17"), ("postgres", "17"));
    assert_eq!(name_and_tag("host:5000/postgres"), ("host:5000/postgres", "latest"));
    assert_eq!(name_and_tag("host:5000/postgres:17-alpine"), ("host:5000/postgres", "17-alpine"));
}
