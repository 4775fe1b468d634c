//! What the test databases and the local server promise.

use super::*;

#[test]
fn the_url_comes_first_and_a_local_server_last() {
    let ways = Way::choose(None, Some("postgres://x".into())).unwrap();
    assert_eq!(ways, [Way::Url(Some("postgres://x".into())), Way::Container { pull: false }, Way::Local]);
}

#[test]
fn a_forced_way_is_the_only_one() {
    let chosen = |forced| Way::choose(Some(forced), None).unwrap();
    assert_eq!(chosen("url"), [Way::Url(None)]);
    assert_eq!(chosen("container"), [Way::Container { pull: true }]);
    assert_eq!(chosen("local"), [Way::Local]);
}

#[test]
fn an_unknown_way_is_an_error_that_lists_the_three() {
    let error = Way::choose(Some("docker"), None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "ORM_TEST_POSTGRES is `docker`; it can be `url`, `container` or `local`, or unset to try them in this order"
    );
}

#[tokio::test]
async fn an_error_names_each_way_out_and_why_it_did_not_work() {
    let error = TestDb::create_by(&[Way::Url(None), Way::Url(Some("mysql://h".into()))]).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "no server for test databases; what can be done, and why it did not work:\n\
         - set ORM_TEST_DATABASE_URL to the URL of a database whose user may create others: it is not set\n\
         - set ORM_TEST_DATABASE_URL to the URL of a database whose user may create others: not a PostgreSQL URL: \
         write it as postgres://user@host:5432/database"
    );
}

#[test]
fn a_url_keeps_everything_but_its_database() {
    let other = |url| with_database(url, "b c").unwrap();
    assert_eq!(
        other("postgres://u:p%2F@h:1/a?sslmode=disable"),
        "postgres://u:p%2F@h:1/b%20c?sslmode=disable"
    );
    assert_eq!(other("postgresql://h"), "postgresql://h/b%20c");
    assert_eq!(other("postgres://u@%2Ftmp%2Fs:5/a"), "postgres://u@%2Ftmp%2Fs:5/b%20c");
}

#[test]
fn a_url_that_is_not_postgresqls_is_an_error() {
    for wrong in ["mysql://h/a", "host=h dbname=a", "postgres://h:x/a", "postgres://h/a?dbname=real"] {
        assert!(with_database(wrong, "b").is_err(), "{wrong}");
    }
}

#[cfg(unix)]
mod unix {
    use std::{os::unix::fs::PermissionsExt, process, time::Instant};

    use tokio::time::sleep;

    use super::{super::binaries::Binaries, super::home::target_folder, *};

    /// A folder for one test, removed after it.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            let path = env::temp_dir().join(format!("orm folder-{:016x}", random()));
            fs::create_dir(&path).unwrap();
            Folder(path)
        }

        /// A file with its folders.
        fn file(&self, path: &str, content: &str) -> PathBuf {
            let path = self.0.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, content).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
            path
        }

        /// What looks like an installation of PostgreSQL.
        fn install(&self, folder: &str, version: &str) -> PathBuf {
            let script = format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n");
            self.file(&format!("{folder}/initdb"), "");
            self.file(&format!("{folder}/pg_ctl"), "");
            self.file(&format!("{folder}/postgres"), &script).parent().unwrap().canonicalize().unwrap()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[tokio::test]
    async fn the_first_whole_installation_in_path_is_taken() {
        let folder = Folder::new();
        let partial = folder.file("partial/postgres", "").parent().unwrap().to_owned();
        let (first, second) =
            (folder.install("first", "16.2 (Homebrew)"), folder.install("second", "18beta1"));
        let path = env::join_paths([&partial, &first, &second]).unwrap();
        let found = Binaries::find_in(Some(&path), &[]).await.unwrap();
        assert_eq!((found.program("initdb"), found.major), (first.join("initdb"), 16));
    }

    #[tokio::test]
    async fn pg_config_leads_to_an_installation_outside_of_path() {
        let folder = Folder::new();
        let real = folder.install("real", "18beta1");
        let script = format!("#!/bin/sh\necho '{}'\n", real.display());
        let path = folder.file("bin/pg_config", &script).parent().unwrap().to_owned();
        let found = Binaries::find_in(Some(path.as_os_str()), &[]).await.unwrap();
        assert_eq!((found.program("initdb"), found.major), (real.join("initdb"), 18));
    }

    #[tokio::test]
    async fn links_in_path_lead_to_the_folder_of_all_programs() {
        let folder = Folder::new();
        let real = folder.install("real", "15.13");
        let path = folder.file("bin/other", "").parent().unwrap().to_owned();
        std::os::unix::fs::symlink(real.join("postgres"), path.join("postgres")).unwrap();
        let found = Binaries::find_in(Some(path.as_os_str()), &[]).await.unwrap();
        assert_eq!(found.program("pg_ctl"), real.join("pg_ctl"));
    }

    #[tokio::test]
    async fn no_installation_is_an_error_that_says_where_it_was_looked_for() {
        let folder = Folder::new();
        let error = Binaries::find_in(None, std::slice::from_ref(&folder.0)).await.unwrap_err();
        assert!(error.to_string().contains(&folder.0.display().to_string()), "{error}");
    }

    #[test]
    fn the_target_folder_is_found_from_the_environment_the_program_or_the_package() {
        let folder = Folder::new();
        let at = |path: &str| Some(folder.0.join(path));
        folder.file("built/CACHEDIR.TAG", "");
        folder.file("project/target/x", "");
        let (program, package) = (at("built/debug/deps/it-1"), at("project/member"));
        assert_eq!(target_folder(at("told"), program.clone(), package.clone()), at("told"));
        assert_eq!(target_folder(Some("relative".into()), program, package.clone()), at("built"));
        assert_eq!(target_folder(None, at("elsewhere/doctest"), package), at("project/target"));
    }

    /// A home of its own for one test.
    struct Place {
        home: Home,
        /// Where the home is, unless we are root.
        _target: Folder,
    }

    impl Place {
        async fn new(purpose: Purpose) -> Self {
            let target = Folder::new();
            let home = Home::at(purpose, Some(&target.0)).await.unwrap();
            Place { home, _target: target }
        }

        async fn join(&self) -> Server {
            Server::join(&self.home, Duration::ZERO).await.unwrap()
        }

        fn pid(&self) -> String {
            let pid_file = fs::read_to_string(self.home.path("data/postmaster.pid")).unwrap();
            pid_file.lines().next().unwrap().to_owned()
        }

        /// Waits until nothing of the server runs.
        async fn stopped(&self) {
            let deadline = Instant::now() + Duration::from_secs(60);
            let alive = File::open(self.home.path("alive")).unwrap();
            while alive.try_lock().is_err() {
                assert!(Instant::now() < deadline, "the server still runs");
                sleep(Duration::from_millis(20)).await;
            }
        }
    }

    impl Drop for Place {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.home.sockets);
        }
    }

    #[tokio::test]
    async fn a_second_user_gets_the_running_server_and_the_last_one_stops_it() {
        let place = Place::new(Purpose::Test).await;
        let first = place.join().await;
        let pid = place.pid();
        let second = place.join().await;
        assert_eq!((second.url(), place.pid()), (first.url(), pid));
        drop(first);
        sleep(Duration::from_millis(300)).await;
        Admin::connect(second.url()).await.unwrap();
        drop(second);
        place.stopped().await;
    }

    #[tokio::test]
    async fn joining_while_the_server_stops_gets_one_that_runs() {
        let place = Place::new(Purpose::Test).await;
        for wait in 0..12 {
            let server = place.join().await;
            Admin::connect(server.url()).await.unwrap().drop_test_databases().await.unwrap();
            drop(server);
            sleep(Duration::from_millis(wait * 7)).await;
        }
        place.stopped().await;
    }

    #[tokio::test]
    async fn what_a_killed_server_left_behind_is_not_taken_for_a_running_one() {
        let place = Place::new(Purpose::Test).await;
        drop(place.join().await);
        place.stopped().await;
        let pid = process::id();
        let left = format!("{pid}\n{}\n", place.home.path("data").display());
        fs::write(place.home.path("data/postmaster.pid"), left).unwrap();
        fs::write(place.home.sockets.join(".s.PGSQL.5432.lock"), format!("{pid}\n")).unwrap();
        fs::create_dir_all(place.home.path("data.new/half")).unwrap();
        let server = place.join().await;
        Admin::connect(server.url()).await.unwrap();
        drop(server);
        place.stopped().await;
    }

    #[tokio::test]
    async fn test_data_of_another_version_is_made_anew() {
        let place = Place::new(Purpose::Test).await;
        fs::create_dir(place.home.path("data")).unwrap();
        fs::write(place.home.path("data/PG_VERSION"), "9\n").unwrap();
        drop(place.join().await);
        place.stopped().await;
    }

    #[tokio::test]
    async fn kept_data_of_another_version_is_never_removed() {
        let place = Place::new(Purpose::Kept).await;
        fs::create_dir(place.home.path("data")).unwrap();
        fs::write(place.home.path("data/PG_VERSION"), "9\n").unwrap();
        let error = Server::join(&place.home, Duration::ZERO).await.unwrap_err();
        assert!(error.to_string().contains("is of PostgreSQL 9"), "{error}");
        assert!(place.home.path("data/PG_VERSION").exists());
    }

    #[tokio::test]
    async fn kept_data_outlives_the_server_and_is_durable() {
        let place = Place::new(Purpose::Kept).await;
        let server = place.join().await;
        Admin::connect(server.url()).await.unwrap().ensure("blog").await.unwrap();
        drop(server);
        place.stopped().await;
        let server = place.join().await;
        let blog = with_database(server.url(), "blog").unwrap();
        assert_eq!(Admin::connect(&blog).await.unwrap().show("fsync").await.unwrap(), "on");
        drop(server);
        place.stopped().await;
    }

    #[tokio::test]
    async fn a_database_is_dropped_after_its_test_and_kept_when_it_fails() {
        let place = Place::new(Purpose::Test).await;
        let server = place.join().await;
        let ways = [Way::Url(Some(server.url().to_owned()))];
        let passed = TestDb::create_by(&ways).await.unwrap();
        let failing = TestDb::create_by(&ways).await.unwrap();
        let (passed_name, failed_name) = (passed.name().to_owned(), failing.name().to_owned());
        assert_ne!(passed_name, failed_name);
        drop(passed);
        let test = tokio::spawn(async move {
            let _test = failing;
            panic!("the test fails");
        });
        assert!(test.await.unwrap_err().is_panic());
        let next = TestDb::create_by(&ways).await.unwrap();
        let admin = Admin::connect(next.url()).await.unwrap();
        assert!(!admin.exists(&passed_name).await.unwrap());
        assert!(admin.exists(&failed_name).await.unwrap());
        let _ = fs::remove_dir(&next.finished);
        drop((admin, next, server));
        place.stopped().await;
    }

    #[tokio::test]
    async fn a_template_somebody_is_connected_to_is_waited_for() {
        let place = Place::new(Purpose::Test).await;
        let server = place.join().await;
        let busy = Admin::connect(&with_database(server.url(), "template1").unwrap()).await.unwrap();
        let admin = Admin::connect(server.url()).await.unwrap();
        let (created, ()) = tokio::join!(admin.create("copy"), async {
            sleep(Duration::from_secs(6)).await;
            drop(busy);
        });
        created.unwrap();
        drop((admin, server));
        place.stopped().await;
    }
}
