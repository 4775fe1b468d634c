//! What rustc says about mistakes: each is one short error at the user's token.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::{env, fs, path::Path, process::Command};

/// What rustc says differs from version to version. With the version that Cargo.toml names, its words are compared with
/// those in the `.stderr` files; with any other, every program in `derive` and `query` still has to be refused, and every
/// one in `pass` to compile. trybuild has no such mode, so the test then runs itself once more over a copy of the
/// programs, without the `.stderr` files and with `TRYBUILD=overwrite`, which writes down what rustc says instead of
/// comparing it and fails as always if a wrong program compiles.
#[test]
fn mistakes_are_one_error_each_at_the_users_token() {
    let programs = env::var("ORM_UI_PROGRAMS").unwrap_or_else(|_| "tests/ui".into());
    if env::var_os("TRYBUILD").is_none() && !rustc_is_the_one_compared_with() {
        let copy = concat!(env!("CARGO_TARGET_TMPDIR"), "/ui");
        copy_programs("tests/ui".as_ref(), copy.as_ref());
        let again = Command::new(env::current_exe().unwrap())
            .args(["--exact", "mistakes_are_one_error_each_at_the_users_token", "--nocapture"])
            .envs([("TRYBUILD", "overwrite"), ("ORM_UI_PROGRAMS", copy)])
            .status();
        assert!(again.unwrap().success(), "a program that should compile does not, or the other way round");
        return;
    }
    let cases = trybuild::TestCases::new();
    cases.compile_fail(format!("{programs}/derive/*.rs"));
    cases.compile_fail(format!("{programs}/query/*.rs"));
}

fn rustc_is_the_one_compared_with() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().unwrap().stdout;
    String::from_utf8_lossy(&version).starts_with(concat!("rustc ", env!("CARGO_PKG_RUST_VERSION"), "."))
}

fn copy_programs(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_programs(&path, &to);
        } else if path.extension().is_some_and(|end| end == "rs") {
            fs::copy(&path, &to).unwrap();
        }
    }
}
