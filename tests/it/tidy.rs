//! The invariants of ARCHITECTURE.md that can be read off the source.

use std::{
    fs,
    path::{Path, PathBuf},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a folder, sorted.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix(root()).unwrap().to_owned(), text));
            }
        }
    }
    files.sort();
    assert!(!files.is_empty(), "no sources in {folder}");
    files
}

fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs")
}

/// What the library is made of, without its tests.
fn library() -> Vec<(PathBuf, String)> {
    let all = ["src", "orm-core/src", "orm-derive/src", "orm-postgres/src"].map(sources).concat();
    all.into_iter().filter(|(path, _)| !is_test(path)).collect()
}

/// The lines of a file that are code: without comments, documentation and the text of strings.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(n, line)| (n + 1, line))
}

/// Fails with the places where a library file names one of the words.
fn names_none(files: &[(PathBuf, String)], words: &[&str]) {
    let mut found = Vec::new();
    for (path, text) in files {
        for (n, line) in code(text) {
            if let Some(word) = words.iter().find(|word| line.contains(**word)) {
                found.push(format!("{}:{n}: `{word}`", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_core_does_no_io() {
    let manifest = fs::read_to_string(root().join("orm-core/Cargo.toml")).unwrap();
    let dependencies = manifest.split("[dev-dependencies]").next().unwrap();
    for name in ["tokio-postgres", "sea-query", "axum", "deadpool"] {
        assert!(!dependencies.contains(name), "orm-core depends on {name}");
    }
    names_none(
        &sources("orm-core/src"),
        &["tokio_postgres", "sea_query", "axum", "deadpool", "std::net", "std::fs"],
    );
    for (path, text) in sources("orm-core/src") {
        for (n, line) in code(&text).filter(|(_, line)| line.contains("tokio::")) {
            assert!(line.contains("tokio::task_local!"), "{}:{n}: {line}", path.display());
        }
    }
}

#[test]
fn no_public_signature_names_a_third_party() {
    // Everything else that is imported from outside comes from here.
    let shown = [
        "std",
        "core",
        "crate",
        "super",
        "self",
        "bigdecimal",
        "bit_vec",
        "chrono",
        "cidr",
        "jiff",
        "rust_decimal",
        "serde",
        "serde_json",
        "time",
        "uuid",
    ];
    for (path, text) in ["src", "orm-core/src"].map(sources).concat() {
        let imports = code(&text).filter_map(|(_, line)| line.trim().strip_prefix("use ")?.strip_suffix(';'));
        let third = |import: &&str| import.split_once("::").is_some_and(|(from, _)| !shown.contains(&from));
        let names: Vec<_> = imports.filter(third).filter_map(|import| import.rsplit("::").next()).collect();
        for (n, line) in code(&text).filter(|(_, line)| line.trim_start().starts_with("pub ")) {
            let words = line.split(|char: char| !char.is_alphanumeric() && char != '_');
            for word in words.filter(|word| !word.is_empty()) {
                let foreign =
                    ["tokio", "futures_core", "async_trait", "tokio_postgres", "sea_query", "deadpool"];
                let ours = path.starts_with("src") || word.chars().next().is_some_and(char::is_lowercase);
                let named = foreign.contains(&word) || names.contains(&word) && !ours;
                assert!(!named, "{}:{n}: `{word}` in `{}`", path.display(), line.trim());
            }
        }
    }
}

#[test]
fn nothing_blocks_a_thread_or_makes_one() {
    let words =
        ["spawn_blocking", "block_in_place", "block_on", "thread::spawn", "thread::sleep", "thread::Builder"];
    // A test is a function without `async`: somebody has to wait for it.
    let runs_tests = |path: &Path| path.ends_with("orm-postgres/src/testing/run.rs");
    let rest: Vec<_> = library().into_iter().filter(|(path, _)| !runs_tests(path)).collect();
    names_none(&rest, &words);
    names_none(&sources("examples/blog/src"), &words);
}

#[test]
fn only_the_driver_names_the_driver() {
    let outside = ["src", "orm-core/src", "orm-derive/src"].map(sources).concat();
    names_none(&outside, &["tokio_postgres", "sea_query", "deadpool"]);
    let render: Vec<_> = library()
        .into_iter()
        .filter(|(path, _)| {
            !path.starts_with("orm-postgres/src/render") && !path.ends_with("orm-postgres/src/render.rs")
        })
        .collect();
    names_none(&render, &["sea_query"]);
}

#[test]
fn the_derive_knows_none_of_our_crates_but_the_facade() {
    names_none(&sources("orm-derive/src"), &["orm_core", "orm_postgres"]);
}

#[test]
fn nothing_is_unwrapped_or_left_to_do() {
    names_none(&library(), &[".unwrap()", "todo!(", "unimplemented!(", "dbg!(", "panic!("]);
}

#[test]
fn no_test_is_ignored() {
    // This file, and the test that `#[orm::test]` leaves such attributes to the test.
    let ours = ["tests/it/tidy.rs", "tests/it/testing.rs"];
    let tests: Vec<_> = sources("tests")
        .into_iter()
        .filter(|(path, _)| ours.iter().all(|ours| !path.ends_with(ours)))
        .collect();
    names_none(&tests, &["#[ignore", "#[should_panic"]);
    let inside = ["orm-core/src", "orm-derive/src", "orm-postgres/src"].map(sources).concat();
    let inside: Vec<_> =
        inside.into_iter().filter(|(path, _)| !path.ends_with("orm-derive/src/tests/test_fn.rs")).collect();
    names_none(&inside, &["#[ignore", "#[should_panic"]);
}

#[test]
fn every_module_says_what_it_is_for() {
    let missing: Vec<_> =
        library().into_iter().filter(|(_, text)| !text.starts_with("//! ")).map(|(path, _)| path).collect();
    assert!(missing.is_empty(), "no `//!` line: {missing:?}");
}

#[test]
fn files_are_small() {
    for folder in ["src", "orm-core/src", "orm-derive/src", "orm-postgres/src"] {
        let mut sizes: Vec<_> = sources(folder)
            .into_iter()
            .filter(|(path, _)| !is_test(path))
            .map(|(path, text)| (text.lines().count(), path))
            .collect();
        sizes.sort();
        let (largest, path) = sizes.last().unwrap();
        assert!(*largest <= 600, "{} has {largest} lines", path.display());
        let (median, _) = sizes[sizes.len() / 2];
        assert!(median <= 150, "the median of {folder} is {median} lines");
    }
}

#[test]
fn every_mistake_is_one_short_error() {
    // What has a limit of its own: (file, errors, lines).
    const OTHERS: [(&str, usize, usize); 7] = [
        // Two mistakes.
        ("create_without_two_required_fields", 2, 41),
        ("rust_and", 2, 31),
        // rustc lists what else implements the trait, or shows where a bound of ours stands and what to derive.
        ("db_type_of_no_column_type", 1, 20),
        ("db_type_without_clone", 1, 16),
        ("db_enum_without_clone", 1, 16),
        ("primary_key_without_equality", 1, 18),
        // rustc shows the function too.
        ("validate_of_another_type", 1, 20),
    ];
    for (kind, most) in [("derive", 15), ("query", 31)] {
        let programs = sources(&format!("tests/ui/{kind}"));
        assert!(programs.len() > 50, "only {} in {kind}", programs.len());
        for (path, _) in programs {
            let text = fs::read_to_string(root().join(&path).with_extension("stderr")).unwrap();
            let errors = text.lines().filter(|line| line.starts_with("error")).count();
            let lines = text.trim_end().lines().count();
            let limit = OTHERS.iter().find(|(name, ..)| path.file_stem().unwrap() == *name);
            let (right, most) = limit.map_or((1, most), |(_, errors, lines)| (*errors, *lines));
            assert_eq!(errors, right, "errors in {}", path.display());
            assert!(lines <= most, "{} has {lines} lines", path.display());
            let inner = ["orm::__private", "warning"].iter().find(|word| text.contains(**word));
            assert_eq!(inner, None, "in what rustc says of {}", path.display());
        }
    }
}

#[test]
fn documents_name_files_that_exist() {
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(root().join(document)).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap();
            if !file.is_empty() && !file.contains("://") {
                assert!(root().join(file).exists(), "{document} links to {file}");
            }
        }
    }
}

#[test]
fn the_quickstart_is_short_and_in_the_readme() {
    let quickstart = fs::read_to_string(root().join("examples/quickstart.rs")).unwrap();
    assert!(quickstart.lines().count() <= 120, "{} lines", quickstart.lines().count());
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (from, to) = (quickstart.find("#[derive(Model").unwrap(), quickstart.find("#[tokio::main").unwrap());
    let models = &quickstart[from..to];
    assert!(readme.contains(models), "the README shows other models than the quickstart");
}

#[test]
fn the_tests_that_the_guide_shows_are_run() {
    let guide = fs::read_to_string(root().join("docs/guide/testing.md")).unwrap();
    let run = fs::read_to_string(root().join("tests/doc/test.rs")).unwrap();
    let shown = &guide[guide.find("#[orm::test(").unwrap()..];
    let shown = &shown[..shown.find("```").unwrap()];
    assert!(run.contains(shown), "the guide shows tests that are not in tests/doc/test.rs");
}
