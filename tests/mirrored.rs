//! Every case of the C tests is in the mirror that runs under Miri (`tests/mirror`), or its module says why it is not.
//!
//! A case is mirrored by a test of its name in the module of its program: `c-tests/test_view.c` by `tests/mirror/view.rs`.
//! What has none stands in the module's documentation, in a paragraph of its own:
//!
//! ```text
//! //! Left out: `case`, `other`: why.
//! //! Merged: `case`, `other` into `test`.
//! ```

use std::{fs, path::PathBuf};

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(path: &str) -> Option<String> {
    fs::read_to_string(folder(path)).ok()
}

/// The names of C programs with cases, in alphabetical order.
fn programs() -> Vec<String> {
    let entries = fs::read_dir(folder("c-tests")).expect("the C tests");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter_map(|file| Some(file.strip_prefix("test_")?.strip_suffix(".c")?.into()))
        .collect();
    names.sort();
    names
}

fn cases_of_c(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.strip_prefix("TEST(")?.strip_suffix(')')).collect()
}

fn cases_of_rust(text: &str) -> Vec<&str> {
    let after = text.split("#[test]\nfn ").skip(1);
    after.filter_map(|rest| rest.split_once("()").map(|(name, _)| name)).collect()
}

/// The paragraphs of a module's documentation.
fn paragraphs(text: &str) -> Vec<String> {
    let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
    let text: Vec<&str> = lines.map(str::trim).collect();
    text.split(|line| line.is_empty()).map(|lines| lines.join(" ")).collect()
}

fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Cases that the documentation says are left out or merged; what is wrong with what it says.
fn excused(text: &str, tests: &[&str], wrong: &mut Vec<String>) -> Vec<String> {
    let mut found = Vec::new();
    for paragraph in paragraphs(text) {
        let (cases, is_said) = if let Some(rest) = paragraph.strip_prefix("Left out: ") {
            let (cases, why) = rest.split_once("`: ").unwrap_or_default();
            (cases.to_owned() + "`", why.len() > 10)
        } else if let Some(rest) = paragraph.strip_prefix("Merged: ") {
            let (cases, into) = rest.split_once(" into ").unwrap_or_default();
            (cases.into(), quoted(into).next().is_some_and(|test| tests.contains(&test)))
        } else {
            continue;
        };
        if !is_said {
            wrong.push(format!("neither a reason nor a test of the module follows: {paragraph}"));
        }
        found.extend(quoted(&cases).map(str::to_owned));
    }
    found
}

/// What is wrong with the mirror of one program.
fn compare(program: &str, c: &str, rust: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let (cases, tests) = (cases_of_c(c), cases_of_rust(rust));
    let excused = excused(rust, &tests, &mut wrong);
    for case in &cases {
        if !tests.contains(case) && !excused.iter().any(|one| one == case) {
            wrong.push(format!("{case} of test_{program}.c has no mirror in tests/mirror/{program}.rs"));
        }
    }
    for case in &excused {
        if tests.contains(&case.as_str()) || !cases.contains(&case.as_str()) {
            wrong.push(format!("tests/mirror/{program}.rs excuses {case}, which is mirrored or no case"));
        }
    }
    wrong
}

#[test]
fn every_case_is_mirrored() {
    let main = read("tests/mirror/main.rs").expect("the mirror");
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for program in programs() {
        let mirror = read(&format!("tests/mirror/{program}.rs"));
        let Some(rust) = mirror.filter(|_| main.contains(&format!("mod {program};"))) else {
            wrong.push(format!(
                "test_{program}.c has no mirror: no tests/mirror/{program}.rs, named in main.rs"
            ));
            continue;
        };
        let c = read(&format!("c-tests/test_{program}.c")).expect("the program");
        compared += cases_of_c(&c).len();
        wrong.extend(compare(&program, &c, &rust));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 100, "the test sees only {compared} cases: it has lost its way");
}

/// Functions that take no pointer.
const WITHOUT_POINTERS: &[&str] =
    &["mv_status_exception", "mv_status_name", "mv_version", "mv_version_string"];

#[test]
fn every_function_is_given_null() {
    let sweep = read("tests/mirror/null_sweep.rs").expect("the sweep");
    let functions = read("c-tests/abi/symbols.txt").expect("the allow-list");
    let missing: Vec<&str> = functions
        .lines()
        .filter(|name| sweep.contains(&format!("{name}(")) == WITHOUT_POINTERS.contains(name))
        .collect();
    assert!(missing.is_empty(), "without a call in tests/mirror/null_sweep.rs: {missing:?}");
}

#[test]
fn the_comparison_sees_what_is_missing() {
    let c = "TEST(one)\n{\n}\n\nTEST(two)\n{\n}\n\nTEST(three)\n{\n}\n";
    let complete = "//! Doc.\n//!\n//! Left out: `two`: needs two\n//! processes.\n//!\n//! Merged: `three` into `one`.\n\n\
                    #[test]\nfn one() {}\n";
    assert!(compare("p", c, complete).is_empty());
    for (from, to) in [
        ("fn one", "fn on"),
        ("`two`:", "`tow`:"),
        ("needs two\n//! processes.", ""),
        ("into `one`", "into `other`"),
        ("#[test]\n", ""),
        ("fn one() {}", "fn one() {}\n#[test]\nfn two() {}"),
    ] {
        assert!(!compare("p", c, &complete.replace(from, to)).is_empty(), "{from}");
    }
}
