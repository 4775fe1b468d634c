//! What rustc says about mistakes: each is one short error at the user's token.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test without the harness")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// trybuild runs over a copy of the programs, in a process of its own that is told to write down what rustc says. It fails
/// if one of them compiles. Of what it writes, [`ours`] is compared with the `.stderr` files, if rustc is of the version
/// that Cargo.toml names: the words of others differ. `TRYBUILD=overwrite` writes the files anew, and arguments choose
/// some of the programs by parts of their names.
fn main() {
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    if env::var_os("ORM_UI_WRITES").is_some() {
        return writes(&copy);
    }
    let chosen = env::args().skip(1).map(|arg| arg.trim_start_matches("trybuild=").to_owned());
    let chosen: Vec<_> = chosen.take_while(|arg| !arg.starts_with('-')).collect();
    let _ = fs::remove_dir_all(&copy);
    copy_programs("tests/ui".as_ref(), &copy);
    let is_chosen = |program: &PathBuf| chosen.iter().any(|part| program.to_string_lossy().contains(&**part));
    if !chosen.is_empty() && !programs(&copy).iter().any(is_chosen) {
        return println!("\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out");
    }
    let mut again = Command::new(env::current_exe().unwrap());
    again.args(chosen.iter().map(|part| format!("trybuild={part}")));
    let said = again.envs([("TRYBUILD", "overwrite"), ("ORM_UI_WRITES", "1")]).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let same_version = rustc_is_the_one_compared_with();
    let (mut compared, mut wrong) = (0, Vec::new());
    for program in programs(&copy) {
        let Ok(all) = fs::read_to_string(copy.join(&program).with_extension("stderr")) else { continue };
        compared += 1;
        if !same_version {
            continue;
        }
        let file = Path::new("tests/ui").join(&program);
        let (found, stderr) = (ours(&all, &file), file.with_extension("stderr"));
        if env::var_os("TRYBUILD").is_some() {
            fs::write(stderr, found).unwrap();
        } else if fs::read_to_string(&stderr).unwrap_or_default() != found {
            wrong.push(format!("{} is not what rustc says:\n\n{found}", stderr.display()));
        }
    }
    assert!(wrong.is_empty(), "{}\n{} of {compared} are wrong", wrong.join("\n"), wrong.len());
    assert!(compared > 0, "nothing was written");
    // libtest's closing line, so that runners count this program as the one test it is.
    println!("{compared} mistakes are errors at the user's token");
    println!("\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out");
}

fn writes(copy: &Path) {
    let cases = trybuild::TestCases::new();
    cases.compile_fail(copy.join("derive/*.rs"));
    cases.compile_fail(copy.join("query/*.rs"));
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

/// `derive/….rs` and `query/….rs`.
fn programs(copy: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for folder in ["derive", "query"] {
        let files = fs::read_dir(copy.join(folder)).unwrap().map(|entry| entry.unwrap().file_name());
        let files = files.map(|name| Path::new(folder).join(name));
        all.extend(files.filter(|file| file.extension().is_some_and(|end| end == "rs")));
    }
    all.sort();
    all
}

/// Of each error its message, place and labels, and the notes that are ours. What rustc adds by itself lists the types that
/// implement a trait and shows code of other crates: one more implementation anywhere would change it everywhere.
fn ours(stderr: &str, file: &Path) -> String {
    let errors = stderr.split("\n\n").map(str::trim_end).filter(|error| !error.is_empty());
    errors.map(|error| ours_of(error, file)).collect::<Vec<_>>().join("\n")
}

fn ours_of(error: &str, file: &Path) -> String {
    let begins = |text: &str| ["= ", "help: ", "note: ", "::: "].iter().any(|start| text.starts_with(start));
    let digits = |line: &str| line.trim_start().chars().take_while(char::is_ascii_digit).count();
    let (mut kept, mut keep, mut moved) = (Vec::new(), true, 0);
    for (n, line) in error.lines().enumerate() {
        let text = line.trim_start();
        if begins(text) {
            keep = is_ours(text, error);
        }
        match line.split_once("--> ") {
            Some((space, place)) if n == 1 => {
                moved = space.len();
                let (_, place) = place.split_once(".rs:").unwrap();
                kept.push(format!("{space}--> {}:{place}", file.display()));
            }
            // stands before what is left out, too
            _ if text == "|" && n > 2 => {}
            _ if keep && (n == 0 || text.starts_with("| ")) && error.starts_with("error[") => {
                kept.push(unqualified(line));
            }
            _ if keep => kept.push(line.to_owned()),
            _ => {}
        }
    }
    // Lines are moved in by the longest number of a line, which may be among what is left out.
    let wide = kept.iter().map(|line| digits(line)).max().unwrap();
    let space = " ".repeat(moved.saturating_sub(wide));
    kept.iter().map(|line| format!("{}\n", line.strip_prefix(&space).unwrap_or(line))).collect()
}

fn is_ours(text: &str, error: &str) -> bool {
    const RUSTCS: [&str; 4] = ["required for", "required by", "this error originates", "the question mark"];
    let note = text.strip_prefix("= note: ");
    error.starts_with("error: ")
        || text.starts_with("help: ") && text.contains("with a similar name")
        || error.starts_with("error[E0277]")
            && note.is_some_and(|note| !RUSTCS.iter().any(|rustcs| note.starts_with(rustcs)))
}

/// A line whose types are without paths: rustc shows a path only if there are two types of a name, in any crates.
fn unqualified(line: &str) -> String {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::new();
    for part in line.split_inclusive("::") {
        let name = part.trim_end_matches("::");
        let before = name.trim_end_matches(is_name);
        let is_module = part != name && name[before.len()..].starts_with(char::is_lowercase);
        out += if is_module { before } else { part };
    }
    out
}
