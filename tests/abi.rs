//! What C sees is what Rust has: sizes, offsets, constants, the version. The C side of each table is made from the
//! generated declarations, so that a new struct, member or constant cannot be forgotten here.

// One macro takes constants of every integer type, and of an enum.
#![allow(clippy::cast_lossless)]

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    mem::{offset_of, size_of},
    path::Path,
    process::Command,
};

use memview::{
    error::{mv_error, mv_status},
    ffi::{mv_field, mv_scalar, mv_scalar_bytes, mv_scalar_complex, mv_scalar_value},
    kernel::{mv_run, mv_walk},
    layout::mv_index,
    object::members::mv_member,
    object::protocol::{mv_buffer, mv_exporter, mv_object, mv_request, mv_type},
};

type Table = BTreeMap<String, i128>;

/// A struct's size and the offsets of its members, under their C names.
macro_rules! layouts {
    ($($name:ident { $($member:ident),* })*) => {{
        let mut table = Table::new();
        $(
            table.insert(stringify!($name).into(), size_of::<$name>() as i128);
            $(table.insert(
                format!("{}.{}", stringify!($name), stringify!($member).trim_start_matches("r#")),
                offset_of!($name, $member) as i128,
            );)*
        )*
        table
    }};
}

/// Constants under their C names.
macro_rules! values {
    ($($path:path),* $(,)?) => {{
        let mut table = Table::new();
        $({
            use $path as value;
            let name = stringify!($path).rsplit("::").next().unwrap().trim().to_owned();
            table.insert(name, value as i128);
        })*
        table
    }};
}

fn rust_layouts() -> Table {
    layouts! {
        mv_error { status, dim, position, value, limit, message }
        mv_object { r#type }
        mv_buffer {
            buf, obj, len, itemsize, readonly, ndim, format, shape, strides, suboffsets, internal
        }
        mv_request { size, flags, ndim, format, label }
        mv_type { size, abi, name, r#ref, unref, acquire, release, exports, features }
        mv_exporter { size, name, acquire, release, free }
        mv_index { kind, given, start, stop, step }
        mv_scalar_bytes { data, length }
        mv_scalar_complex { re, im }
        mv_scalar_value { i, u, f, c, bytes }
        mv_scalar { kind, reserved, r#as, format }
        mv_run { data, length }
        mv_walk { opaque }
        mv_member { name, offset, size, format }
        mv_field { name, offset, itemsize, shape, ndim, format }
    }
}

fn rust_values() -> Table {
    values! {
        mv_status::MV_OK, mv_status::MV_E_NULL, mv_status::MV_E_VALUE, mv_status::MV_E_TYPE,
        mv_status::MV_E_INDEX, mv_status::MV_E_SHAPE, mv_status::MV_E_FORMAT, mv_status::MV_E_RANGE,
        mv_status::MV_E_OVERFLOW, mv_status::MV_E_LIMIT, mv_status::MV_E_FLAGS, mv_status::MV_E_BUFFER,
        mv_status::MV_E_READONLY, mv_status::MV_E_EXPORTED, mv_status::MV_E_BUSY, mv_status::MV_E_RELEASED,
        mv_status::MV_E_NOT_FOUND, mv_status::MV_E_UNSUPPORTED, mv_status::MV_E_NO_MEMORY,
        mv_status::MV_E_CALLBACK, mv_status::MV_E_SYSTEM, mv_status::MV_E_VERSION,
        memview::object::protocol::MV_ABI, memview::object::protocol::MV_TYPE_LEASES,
        memview::object::flags::MV_SIMPLE, memview::object::flags::MV_WRITABLE,
        memview::object::flags::MV_FORMAT, memview::object::flags::MV_ND,
        memview::object::flags::MV_STRIDES, memview::object::flags::MV_C_CONTIGUOUS,
        memview::object::flags::MV_F_CONTIGUOUS, memview::object::flags::MV_ANY_CONTIGUOUS,
        memview::object::flags::MV_INDIRECT, memview::object::flags::MV_CONTIG,
        memview::object::flags::MV_CONTIG_RO, memview::object::flags::MV_STRIDED,
        memview::object::flags::MV_STRIDED_RO, memview::object::flags::MV_RECORDS,
        memview::object::flags::MV_RECORDS_RO, memview::object::flags::MV_FULL,
        memview::object::flags::MV_FULL_RO, memview::object::flags::MV_EXCLUSIVE,
        memview::object::flags::MV_IMMUTABLE,
        memview::ffi::MV_READ, memview::ffi::MV_WRITE, memview::ffi::MV_WRITE_BACK,
        memview::layout::MV_INDEX_AT, memview::layout::MV_INDEX_SLICE,
        memview::layout::MV_INDEX_ELLIPSIS, memview::layout::MV_INDEX_NEWAXIS,
        memview::ffi::MV_BOOL, memview::ffi::MV_INT, memview::ffi::MV_UINT, memview::ffi::MV_FLOAT,
        memview::ffi::MV_COMPLEX, memview::ffi::MV_BYTES, memview::ffi::MV_TEXT, memview::ffi::MV_POINTER,
        memview::ffi::MV_RECORD, memview::ffi::MV_ARRAY, memview::ffi::MV_OPAQUE,
        memview::ffi::MV_STRICT, memview::ffi::MV_CLAMP, memview::ffi::MV_WRAP,
        memview::ffi::MV_RULES_STRUCT, memview::ffi::MV_RULES_NUMPY, memview::ffi::MV_RULES_EXPORTER,
        memview::ffi::MV_FORMAT_MAX_DEPTH, memview::ffi::MV_FORMAT_MAX_TEXT,
    }
}

/// Compiles a C program that prints `name value` for each of the expressions, and reads what it prints.
fn ask_c(test: &str, expressions: &[(String, String)]) -> Table {
    let mut source = String::from("#include <stdio.h>\n#include \"memview.h\"\nint main(void)\n{\n");
    for (name, expression) in expressions {
        let _ = writeln!(source, "    printf(\"{name} %lld\\n\", (long long)({expression}));");
    }
    source += "    return 0;\n}\n";
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (file, program) = (folder.join(format!("{test}.c")), folder.join(test));
    fs::write(&file, source).unwrap();
    let compiler = cc::Build::new()
        .target(env!("TARGET"))
        .host(env!("TARGET"))
        .opt_level(0)
        .cargo_metadata(false)
        .get_compiler();
    let built = compiler
        .to_command()
        .arg("-I")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("include"))
        .arg(&file)
        .arg("-o")
        .arg(&program)
        .output()
        .expect("a C compiler");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let printed = Command::new(&program).output().unwrap().stdout;
    let printed = String::from_utf8(printed).unwrap();
    let pairs = printed.lines().map(|line| line.split_once(' ').unwrap());
    pairs.map(|(name, value)| (name.to_owned(), value.parse().unwrap())).collect()
}

/// The body of each `struct` and `union`, with its name.
fn declared_structs() -> Vec<(&'static str, &'static str)> {
    let declarations = include_str!(env!("MEMVIEW_CDEF"));
    let mut found = Vec::new();
    for (at, _) in declarations.match_indices(" {\n") {
        let line = declarations[..at].lines().next_back().unwrap();
        if let Some(name) = line.strip_prefix("struct ").or(line.strip_prefix("union ")) {
            let body = &declarations[at + 3..];
            found.push((name, &body[..body.find("\n}").unwrap()]));
        }
    }
    found
}

/// The member that a declaration declares: `a`, `a[9]`, or `(*a)(...)`.
fn member(declaration: &str) -> &str {
    let text = match declaration.split_once("(*") {
        Some((_, pointer)) => pointer.split(')').next().unwrap(),
        None => declaration.split('[').next().unwrap(),
    };
    text.trim().rsplit([' ', '*']).next().unwrap()
}

#[test]
fn structs_are_laid_out_as_c_lays_them_out() {
    let mut expressions = Vec::new();
    for (name, body) in declared_structs() {
        expressions.push((name.to_owned(), format!("sizeof({name})")));
        for declaration in body.split(';').filter(|text| !text.trim().is_empty()) {
            let member = member(declaration);
            expressions.push((format!("{name}.{member}"), format!("offsetof({name}, {member})")));
        }
    }
    assert_eq!(ask_c("layouts", &expressions), rust_layouts());
}

#[test]
fn frozen_structs_keep_their_size() {
    assert_eq!(size_of::<mv_error>(), 512);
    assert_eq!(size_of::<mv_status>(), 4);
    if size_of::<usize>() == 8 {
        assert_eq!(size_of::<mv_buffer>(), 80);
        assert_eq!(size_of::<mv_index>(), 32);
        assert_eq!(size_of::<mv_scalar>(), 32);
    }
}

#[test]
fn constants_have_the_values_that_c_sees() {
    let declarations = include_str!(env!("MEMVIEW_CDEF"));
    let names = declarations.lines().filter_map(|line| line.strip_prefix("    MV_")?.split_once(" = "));
    let expressions: Vec<_> = names.map(|(name, _)| (format!("MV_{name}"), format!("MV_{name}"))).collect();
    assert_eq!(ask_c("constants", &expressions), rust_values());
}

#[test]
fn the_version_of_the_header_is_that_of_the_package() {
    let asked = ["MV_VERSION_MAJOR", "MV_VERSION_MINOR", "MV_VERSION_PATCH", "MV_VERSION"];
    let expressions: Vec<_> = asked.iter().map(|name| (name.to_string(), name.to_string())).collect();
    let printed = ask_c("version", &expressions);
    let part = |text: &str| text.parse::<i128>().unwrap();
    let (major, minor, patch) = (
        part(env!("CARGO_PKG_VERSION_MAJOR")),
        part(env!("CARGO_PKG_VERSION_MINOR")),
        part(env!("CARGO_PKG_VERSION_PATCH")),
    );
    let composed = 10_000 * major + 100 * minor + patch;
    let wanted = [major, minor, patch, composed];
    let wanted: Table = asked.iter().map(ToString::to_string).zip(wanted).collect();
    assert_eq!(printed, wanted);
    assert_eq!(i128::from(memview::ffi::mv_version()), composed);
}
