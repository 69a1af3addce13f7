//! Makes `memview.h` and `memview.cdef` from the sections of `src/ffi`, in `OUT_DIR`.
//!
//! cbindgen prints constants, then types, then functions. So that the header reads section by section, each section
//! is a run of its own, and what the runs print is joined here: constants become enumerators, structs lose the
//! typedefs that the preamble has made for all of them, functions are laid out as a person would.
//! `tests/header.rs` compares the result with `include/`.

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// A section: its title, and the files whose public C types, constants and functions make it up. The macros in
/// `src/ffi/NAME.h`, where there is one beside the last file, stand behind the types.
struct Section {
    title: &'static str,
    sources: &'static [&'static str],
}

const SECTIONS: &[Section] = &[
    Section { title: "1. Version, status, errors", sources: &["src/error/status.rs", "src/ffi/status.rs"] },
    Section { title: "2. Objects", sources: &["src/object/protocol.rs", "src/ffi/object.rs"] },
    Section { title: "3. Buffers", sources: &["src/object/flags.rs", "src/ffi/buffer.rs"] },
    Section { title: "4. Views", sources: &["src/ffi/view.rs"] },
    Section { title: "5. Geometry", sources: &["src/layout/index.rs", "src/ffi/geometry.rs"] },
    Section { title: "6. Items", sources: &["src/ffi/item.rs"] },
    Section { title: "7. Bulk", sources: &["src/kernel/runs.rs", "src/ffi/bulk.rs"] },
    Section {
        title: "8. Compare, search, walk",
        sources: &["src/ffi/compare.rs", "src/kernel/walker.rs", "src/ffi/walk.rs"],
    },
    Section { title: "9. Formats", sources: &["src/object/members.rs", "src/ffi/format.rs"] },
];

/// Handles whose structs are not C's business.
const OPAQUE: &[&str] = &["mv_view", "mv_format"];

const PREAMBLE: &str = "src/ffi/preamble.h";

const WIDTH: usize = 110;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=cbindgen.toml");
    println!("cargo::rerun-if-changed=src");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let (header, cdef) = generate();
    for (name, variable, text) in
        [("memview.h", "MEMVIEW_HEADER", header), ("memview.cdef", "MEMVIEW_CDEF", cdef)]
    {
        let path = out.join(name);
        fs::write(&path, text).expect("OUT_DIR can be written");
        println!("cargo::rustc-env={variable}={}", path.display());
    }
    // For tests that call the C compiler through the crate `cc`.
    println!("cargo::rustc-env=TARGET={}", env::var("TARGET").expect("cargo sets TARGET"));
}

fn generate() -> (String, String) {
    let config = cbindgen::Config::from_file("cbindgen.toml").expect("cbindgen.toml is valid");
    let mut types = Vec::new();
    let mut body = String::new();
    for section in SECTIONS {
        let rule = "-".repeat(WIDTH - " *  */".len());
        let _ = write!(body, "\n/* {rule}\n * {}\n * {rule} */\n", section.title);
        body += &print_section(section, &config, &mut types);
    }
    let mut forward = String::new();
    for name in OPAQUE {
        let _ = writeln!(forward, "typedef struct {name} {name};");
    }
    for (kind, name) in &types {
        let _ = writeln!(forward, "typedef {kind} {name} {name};");
    }
    let preamble = read(PREAMBLE).replace("@TYPES@\n", &forward);
    let header = ["MAJOR", "MINOR", "PATCH"].iter().fold(preamble, |text, part| {
        let value = env::var(format!("CARGO_PKG_VERSION_{part}")).expect("cargo sets the version");
        text.replace(&format!("@{part}@"), &value)
    });
    let trailer = "\n#ifdef __cplusplus\n}\n#endif\n\n#include \"memview_inline.h\"\n\n#endif\n";
    (header + &body + trailer, declarations_alone(&(forward + &body)))
}

/// One section: constants, types, macros, functions.
fn print_section(
    section: &Section,
    config: &cbindgen::Config,
    types: &mut Vec<(&'static str, String)>,
) -> String {
    let mut builder = cbindgen::Builder::new().with_config(config.clone());
    let mut source = String::new();
    for path in section.sources {
        builder = builder.with_src(path);
        source += &read(path);
        source += "\n\n";
    }
    let bindings = builder.generate().unwrap_or_else(|error| panic!("{}: {error}", section.title));
    let mut printed = Vec::new();
    bindings.write(&mut printed);
    let printed = String::from_utf8(printed).expect("cbindgen prints UTF-8").replace("self_", "self");

    let open = "#ifdef __cplusplus\nextern \"C\" {\n#endif // __cplusplus\n";
    let close = "#ifdef __cplusplus\n}  // extern \"C\"\n#endif  // __cplusplus\n";
    let (declared, functions) = printed.split_once(open).unwrap_or((&printed, ""));
    let mut text = constants(&source);
    text += &structs(declared, &source, types);
    let macros = Path::new(section.sources[section.sources.len() - 1]).with_extension("h");
    if macros.exists() {
        text += "\n";
        text += &read(macros.to_str().expect("a path of ours is UTF-8"));
    }
    for item in items(&functions.replace(close, "")) {
        text += "\n";
        text += &function(item);
    }
    text
}

/// The pieces of cbindgen's output: it separates them by empty lines, and has none inside of them.
fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n").map(|item| item.trim_matches('\n')).filter(|item| !item.is_empty())
}

/// `pub const`s as enumerators, their expressions as they are written; one enum for each run of them. A comment
/// (`//`) or any other item ends a run.
fn constants(source: &str) -> String {
    let mut text = String::new();
    let mut docs: Vec<&str> = Vec::new();
    let mut open = false;
    for line in source.lines() {
        if let Some(doc) = line.strip_prefix("///") {
            docs.push(doc.trim());
        } else if let Some((name, value)) =
            line.strip_prefix("pub const MV_").and_then(|rest| rest.split_once(": "))
        {
            let value = value.split_once(" = ").and_then(|(_, value)| value.strip_suffix(';'));
            let value = value.unwrap_or_else(|| panic!("a constant of more than one line: {line}"));
            text += if open { "" } else { "\nenum {\n" };
            open = true;
            text += &comment("    ", &docs);
            let _ = writeln!(text, "    MV_{name} = {value},");
            docs.clear();
        } else if !line.is_empty() {
            text += if open { "};\n" } else { "" };
            open = false;
            docs.clear();
        }
    }
    text + if open { "};\n" } else { "" }
}

fn comment(indent: &str, lines: &[&str]) -> String {
    match &fill(lines, WIDTH - indent.len() - " * ".len())[..] {
        [] => String::new(),
        [line] if indent.len() + line.len() + "/**  */".len() <= WIDTH => format!("{indent}/** {line} */\n"),
        lines => {
            let body: Vec<String> =
                lines.iter().map(|line| format!("{indent} * {line}").trim_end().to_owned()).collect();
            format!("{indent}/**\n{}\n{indent} */\n", body.join("\n"))
        }
    }
}

/// Breaks paragraphs, which empty lines separate, anew; indented lines are code and stay as they are.
fn fill(lines: &[&str], width: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in lines {
        if line.starts_with("    ") {
            found.push((*line).to_owned());
            continue;
        }
        for word in line.split(' ') {
            match found.last_mut() {
                Some(last)
                    if !line.is_empty() && !last.is_empty() && last.len() + 1 + word.len() <= width =>
                {
                    *last += " ";
                    *last += word;
                }
                _ => found.push(word.to_owned()),
            }
        }
    }
    found
}

/// Types in the order of the source, without the typedefs that the preamble has made; their names go to `types`.
fn structs(declared: &str, source: &str, types: &mut Vec<(&'static str, String)>) -> String {
    let mut sorted: Vec<(usize, &str, String, String)> = Vec::new();
    for item in items(declared) {
        let item = item.replace("struct mv_", "mv_").replace("union mv_", "mv_");
        let mut text = String::new();
        let (mut at, mut kind, mut named) = (0, "", String::new());
        for line in statements(&item) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                ["typedef", name, "{"] => {
                    kind = if source.contains(&format!("pub union {name} ")) { "union" } else { "struct" };
                    at = position(source, kind, name);
                    name.clone_into(&mut named);
                    let _ = writeln!(text, "{kind} {name} {{");
                }
                ["enum", name] => {
                    at = position(source, "enum", name);
                    text += &(line + "\n");
                }
                ["typedef", ..] if line.contains("(*") => {
                    let name = line.split_once("(*").and_then(|(_, rest)| rest.split_once(')'));
                    at = position(source, "type", name.map_or("", |(name, _)| name));
                    text += &(line + "\n");
                }
                ["typedef", handle, _] if OPAQUE.contains(&handle) => text.clear(),
                ["}", _] if !kind.is_empty() => text += "};\n",
                ["#endif", ..] => text += "#endif\n",
                ["{"] => text += "{\n",
                _ => text += &(line + "\n"),
            }
        }
        sorted.push((at, kind, named, text));
    }
    sorted.sort_by_key(|(at, ..)| *at);
    let mut joined = String::new();
    for (_, kind, name, text) in sorted.into_iter().filter(|(.., text)| !text.is_empty()) {
        joined = joined + "\n" + &text;
        if !kind.is_empty() {
            types.push((kind, name));
        }
    }
    joined
}

fn position(source: &str, kind: &str, name: &str) -> usize {
    let wanted = format!("pub {kind} {name} ");
    source.find(&wanted).unwrap_or_else(|| panic!("`{wanted}` is not in the section's files"))
}

/// Lines of a declaration: short comments on one line, what cbindgen has broken after a comma laid out anew.
fn statements(item: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut docs: Option<Vec<&str>> = None;
    let mut broken = String::new();
    for line in item.lines() {
        let indent = if line.starts_with("    ") { "    " } else { "" };
        match (line.trim(), &mut docs) {
            ("/**", _) => docs = Some(Vec::new()),
            ("*/", Some(lines)) => {
                found.push(comment(indent, lines).trim_end().to_owned());
                docs = None;
            }
            (text, Some(lines)) => {
                let text = text.trim_start_matches('*').trim_end();
                lines.push(text.strip_prefix(' ').unwrap_or(text));
            }
            (text, None) => {
                broken = if broken.is_empty() { line.trim_end().to_owned() } else { broken + " " + text };
                if !text.ends_with(',') || !broken.contains('(') {
                    found.push(wrap(&std::mem::take(&mut broken)));
                }
            }
        }
    }
    found
}

/// A function; where ignoring its result would leak what it hands out, the compiler is told.
fn function(item: &str) -> String {
    let item = item.replace("struct mv_", "mv_").replace("MV_API\n", "MV_API ");
    let declaration = item.rsplit("*/\n").next().unwrap_or_default();
    let gives = ["mv_object **out", "mv_view **out", "mv_format **out", "mv_buffer_acquire"];
    let gives = gives.iter().any(|given| declaration.contains(given));
    let item = if gives { item.replace("\nMV_API ", "\nMV_NODISCARD MV_API ") } else { item };
    statements(&item).join("\n") + "\n"
}

/// Breaks a declaration at commas and aligns what follows with its last opening parenthesis.
fn wrap(declaration: &str) -> String {
    let column = declaration.rfind('(').map_or(0, |at| at + 1);
    let mut lines = vec![String::new()];
    for part in declaration.split_inclusive(", ") {
        let last = lines.len() - 1;
        if lines[last].len() + part.trim_end().len() > WIDTH && column > 0 {
            lines.push(" ".repeat(column));
        }
        let last = lines.len() - 1;
        lines[last] += part;
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

/// The declarations without comments and preprocessor, as a C compiler before C23 sees them, for foreign function
/// interfaces that parse C.
fn declarations_alone(text: &str) -> String {
    let mut found =
        String::from("/* memview.h for LuaJIT's ffi and Python's cffi: generated, `make header`. */\n");
    let mut conditions: Vec<bool> = Vec::new();
    let (mut in_comment, mut in_macro) = (false, false);
    for line in text.lines() {
        let line = line.trim_end();
        if in_macro || line.starts_with('#') {
            let condition = line.strip_prefix("#if").map(|rest| rest.starts_with("ndef"));
            conditions.extend(condition);
            if line.starts_with("#else") {
                let flipped = conditions.pop().map(|seen| !seen);
                conditions.extend(flipped);
            } else if line.starts_with("#endif") {
                conditions.pop();
            }
            in_macro = line.ends_with('\\');
            continue;
        }
        in_comment |= line.trim_start().starts_with("/*");
        if !in_comment && !line.is_empty() && conditions.iter().all(|seen| *seen) {
            found += &line.replace("MV_API ", "").replace("MV_NODISCARD ", "");
            found += "\n";
        }
        in_comment &= !line.ends_with("*/");
    }
    found
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}
