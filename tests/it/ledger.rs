//! `docs/parity.md`: what it claims is proved by tests that exist.

use std::{fs, path::Path};

/// The groups of the inventory that the ledger covers so far, and how many items each has.
const GROUPS: [(&str, usize); 22] = [
    ("M", 30),
    ("F", 34),
    ("FO", 23),
    ("T", 19),
    ("V", 21),
    ("X", 7),
    ("TS", 16),
    ("CN", 12),
    ("R", 45),
    ("Q", 52),
    ("QB", 25),
    ("L", 49),
    ("E", 26),
    ("AG", 19),
    ("PG", 40),
    ("IN", 9),
    ("RW", 7),
    ("B", 12),
    ("IT", 6),
    ("S", 11),
    ("P", 7),
    ("DF", 93),
];

struct Entry {
    item: String,
    here: String,
    tests: Vec<String>,
}

fn ledger() -> Vec<Entry> {
    let text = fs::read_to_string("docs/parity.md").unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| |"));
    let entry = |line: &str| {
        let line = line.replace("\\|", "\0");
        let cells: Vec<_> = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
        let [item, _, here, tests] = &cells[..] else { panic!("not four cells: {line}") };
        let tests = tests.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        Entry { item: item.clone(), here: here.clone(), tests }
    };
    rows.map(entry).collect()
}

/// Whether a test of that name exists: a function in its module's file, or a program of the compile-fail tests.
fn exists(test: &str) -> bool {
    if let Some(program) = test.strip_prefix("ui/") {
        return Path::new(&format!("tests/ui/{program}.rs")).exists();
    }
    let (folder, path) = match test.strip_prefix("example/") {
        Some(path) => ("examples", path),
        None => ("tests/it", test),
    };
    let Some((module, name)) = path.rsplit_once("::") else { return false };
    let file = format!("{folder}/{}.rs", module.replace("::", "/"));
    fs::read_to_string(file).is_ok_and(|text| text.contains(&format!("fn {name}(")))
}

#[test]
fn the_ledger_lists_every_item_of_its_groups_once() {
    let items: Vec<_> = ledger().into_iter().map(|entry| entry.item).collect();
    let numbers = |(group, count): (&str, usize)| {
        (1..=count).map(move |n| format!("{group}{n:02}")).collect::<Vec<_>>()
    };
    assert_eq!(items, GROUPS.into_iter().flat_map(numbers).collect::<Vec<_>>());
}

#[test]
fn every_claim_of_the_ledger_names_a_test_that_exists_or_says_why_there_is_none() {
    for Entry { item, here, tests } in ledger() {
        let excused = here.starts_with("*no place*") || here.starts_with("*not yet*");
        assert!(excused || !tests.is_empty(), "{item} claims something without a test: {here}");
        for test in tests {
            assert!(exists(&test), "{item} names `{test}`, which does not exist");
        }
    }
}
