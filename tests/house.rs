//! The rules of the house: which room may use which, where `unsafe` and allocation live, how long a file may be.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Each room and those it may use; all may use `error` and `alloc`.
const ROOMS: &[(&str, &[&str])] = &[
    ("error", &["alloc"]),
    ("alloc", &["error"]),
    ("layout", &[]),
    ("format", &[]),
    ("kernel", &["layout", "format"]),
    ("object", &["layout", "format", "kernel"]),
    ("view", &["layout", "format", "kernel", "object"]),
    ("interop", &["layout", "format", "kernel", "object", "view"]),
    ("ffi", &["layout", "format", "kernel", "object", "view", "interop"]),
];

const UNSAFE_ROOMS: &[&str] = &["alloc", "kernel", "object", "interop", "ffi"];

const MOST_LINES: usize = 500;

/// Files of the checkout that people write, by their extensions.
fn files(folders: &[&str], extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting: Vec<PathBuf> =
        folders.iter().map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).collect();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting
                .extend(fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|given| extensions.iter().any(|one| given == *one)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The library's own files, without its unit tests, each with its room and its depth below `src`.
fn sources() -> Vec<(PathBuf, String, usize)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for path in files(&["src"], &["rs"]) {
        let inside: Vec<String> = path
            .strip_prefix(&src)
            .expect("below src")
            .with_extension("")
            .iter()
            .map(|part| part.to_string_lossy().into_owned())
            .collect();
        if inside.iter().any(|part| part == "tests") || inside == ["lib"] {
            continue;
        }
        let depth = inside.iter().filter(|part| *part != "mod").count();
        found.push((path, inside[0].clone(), depth));
    }
    found
}

/// The code without comments.
fn code(path: &Path) -> String {
    let text = read(path);
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// The names that directly follow `prefix` in paths: `crate::a::b`, and `crate::{a::b, c}`.
fn roots(code: &str, prefix: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let boundary = code[..at].chars().next_back();
        if boundary.is_some_and(|before| before.is_alphanumeric() || before == '_' || before == ':') {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            found.push(name(rest));
            continue;
        };
        let mut depth = 0;
        let mut begins = true;
        for (at, character) in group.char_indices() {
            match character {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => begins = true,
                _ if begins && !character.is_whitespace() => {
                    found.push(name(&group[at..]));
                    begins = false;
                }
                _ => {}
            }
        }
    }
    found
}

fn name(text: &str) -> String {
    text.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
}

#[test]
fn the_parser_of_this_test_sees_rooms() {
    let code =
        "use crate::{alloc::Text, layout::{self, Order},\n view::View}; crate::object::f(); xcrate::no";
    assert_eq!(roots(code, "crate::"), ["alloc", "layout", "view", "object"]);
}

#[test]
fn dependencies_run_one_way() {
    let mut wrong = Vec::new();
    let mut used = 0;
    for (path, room, depth) in sources() {
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
            wrong.push(format!("{}: the room is unknown to this test", path.display()));
            continue;
        };
        let code = code(&path);
        let outside = "super::".repeat(depth);
        for target in [roots(&code, "crate::"), roots(&code, &outside)].concat() {
            let is_room = ROOMS.iter().any(|(name, _)| *name == target);
            used += usize::from(is_room && target != room);
            let common = target == "error" || target == "alloc";
            if is_room && target != room && !common && !allowed.contains(&target.as_str()) {
                wrong.push(format!("{}: {room} uses {target}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(used > 20, "the test sees only {used} uses of other rooms: it has lost its way");
}

#[test]
fn unsafe_lives_in_its_rooms() {
    for (path, room, _) in sources() {
        let uses = code(&path).split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "unsafe");
        assert!(!uses || UNSAFE_ROOMS.contains(&room.as_str()), "{}: unsafe in {room}", path.display());
    }
}

#[test]
fn only_alloc_allocates() {
    let calls = ["malloc(", "calloc(", "realloc(", "posix_memalign(", "aligned_alloc(", "libc::free("];
    for (path, room, _) in sources() {
        let code = code(&path);
        for call in calls {
            assert!(room == "alloc" || !code.contains(call), "{}: {call}", path.display());
        }
        for foreign in ["std::", "extern crate"] {
            assert!(!code.contains(foreign), "{}: {foreign}", path.display());
        }
    }
}

#[test]
fn files_are_short_and_finished() {
    let folders = [
        "src",
        "tests",
        "cdylib",
        "build.rs",
        "c-tests",
        "examples",
        "benches",
        "include",
        "tools",
        "cmake",
        "fuzz/src",
        "fuzz/fuzz_targets",
        "fuzz/tests",
    ];
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    let generated = Path::new(env!("CARGO_MANIFEST_DIR")).join("include/memview.h");
    for path in files(&folders, &["rs", "c", "cpp", "h", "hpp", "py", "sh", "cmake", "txt", "in"]) {
        let text = read(&path);
        let lines = text.lines().count();
        assert!(lines <= MOST_LINES || path == generated, "{}: {lines} lines", path.display());
        for word in words {
            let found = text.split(|c: char| !c.is_alphanumeric()).any(|given| given == word);
            assert!(!found, "{}: {word}", path.display());
        }
    }
}
