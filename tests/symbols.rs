//! The functions of `src/ffi`, the allow-list `c-tests/abi/symbols.txt`, and what the shared library exports are
//! one and the same set.

use std::{collections::BTreeSet, env, fs, path::Path, process::Command};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn allowed() -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("c-tests/abi/symbols.txt")).expect("the allow-list");
    text.lines().map(str::to_owned).collect()
}

fn written() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(root().join("src/ffi")).expect("src/ffi") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source file");
            let functions = text.lines().filter_map(|line| line.split_once("extern \"C\" fn mv_"));
            found.extend(
                functions
                    .filter(|(before, _)| before.starts_with("pub "))
                    .map(|(_, rest)| format!("mv_{}", rest.split('(').next().unwrap_or_default())),
            );
        }
    }
    found
}

/// What the linker was given: builds the library as it is shipped.
fn exported() -> BTreeSet<String> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory");
    let cargo = env::var_os("CARGO").unwrap_or("cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--release", "--locked", "--package", "memview-cdylib", "--target-dir"])
        .arg(target)
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let listed = Command::new("nm")
        .args(["-D", "--defined-only"])
        .arg(target.join("release/libmemview.so"))
        .output()
        .expect("nm, from binutils");
    let listed = String::from_utf8(listed.stdout).expect("symbols are ASCII");
    listed.lines().filter_map(|line| line.rsplit(' ').next()).map(str::to_owned).collect()
}

#[track_caller]
fn same(what: &str, found: &BTreeSet<String>, allowed: &BTreeSet<String>) {
    let extra: Vec<_> = found.difference(allowed).collect();
    let missing: Vec<_> = allowed.difference(found).collect();
    assert!(
        extra.is_empty() && missing.is_empty(),
        "{what}: not in c-tests/abi/symbols.txt: {extra:?}; only there: {missing:?}"
    );
}

#[test]
fn the_allow_list_is_sorted() {
    let text = fs::read_to_string(root().join("c-tests/abi/symbols.txt")).expect("the allow-list");
    assert_eq!(
        text.lines().map(str::to_owned).collect::<Vec<_>>(),
        allowed().into_iter().collect::<Vec<_>>()
    );
}

#[test]
fn functions_are_those_of_the_allow_list() {
    same("src/ffi", &written(), &allowed());
}

#[test]
fn the_shared_library_exports_the_allow_list_and_nothing_else() {
    same("libmemview.so", &exported(), &allowed());
}
