//! The faults that check the checks, behind `cfg(memview_fault)` and, in models of the counting, `fault`: each one is in the
//! library, is given to the step or the model that must find it, and is set by nothing else.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const CFG: &str = "memview_fault";

/// What a build reads: none of it sets a fault.
const BUILDS: &[&str] = &[
    "build.rs",
    "cdylib",
    "CMakeLists.txt",
    "CMakePresets.json",
    "cmake",
    "c-tests",
    "examples",
    "Makefile",
    ".ci",
    "tools",
];

type Names = BTreeSet<String>;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// All files below a folder, or the file itself.
fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    entries.flat_map(|entry| files(&entry.expect("an entry").path())).collect()
}

/// The text between two marks.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before}"));
    rest.split_once(after).unwrap_or_else(|| panic!("no {after} behind {before}")).0
}

/// The values of the cfg that the compiler accepts.
fn declared() -> Names {
    let manifest = read(&root("Cargo.toml"));
    let values = between(&manifest, "cfg(memview_fault, values(", ")");
    values.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The faults in the table of `seeded_faults.sh`.
fn seeded() -> Names {
    let script = read(&root("tools/verify/seeded_faults.sh"));
    let rows = between(&script, "table='", "'").lines();
    rows.filter_map(|row| row.split_whitespace().next()).map(str::to_owned).collect()
}

/// What stands in the library between a mark and a quote.
fn used(mark: &str) -> Names {
    let texts = files(&root("src")).into_iter().map(|path| read(&path));
    texts
        .flat_map(|text| {
            let behind = text.split(mark).skip(1);
            behind.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn each_fault_is_in_the_library_and_given_to_a_step() {
    assert_eq!(used("memview_fault = \""), declared());
    assert_eq!(seeded(), declared());
    assert!(declared().len() >= 6);
}

#[test]
fn each_fault_of_the_counting_is_given_to_a_model() {
    let script = read(&root("tools/verify/models.sh"));
    let rows = between(&script, "<<EOF", "EOF").lines();
    let given: Names = rows.filter_map(|row| row.split_whitespace().next()).map(str::to_owned).collect();
    assert_eq!(given, used("fault(\""));
}

#[test]
fn no_build_sets_a_fault() {
    let steps = root("tools/verify");
    for path in BUILDS.iter().flat_map(|name| files(&root(name))) {
        assert!(path.starts_with(&steps) || !read(&path).contains(CFG), "{} names {CFG}", path.display());
    }
    let uses = read(&root("Cargo.toml")).matches(CFG).count();
    assert_eq!(uses, 1, "Cargo.toml declares {CFG}, and does no more with it");
    assert!(!root(".cargo").exists(), "a configuration of cargo's could set {CFG}");
}
