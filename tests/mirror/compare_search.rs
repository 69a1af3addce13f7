//! `c-tests/test_compare_search.c`: search, hash and hexadecimal digits.

use std::{
    ffi::{CStr, c_char, c_int},
    ptr,
};

use memview::{
    error::mv_status::*,
    ffi::{MV_TEXT, mv_scalar, mv_view},
};

use crate::{arguments::*, calls::*, fixtures::*, harness::*, table::table_view};

const ALL: isize = isize::MAX;

#[track_caller]
fn found(view: *const mv_view, value: mv_scalar, start: isize, stop: isize) -> isize {
    let mut at = -2;
    ok!(mv_view_find(view, &raw const value, start, stop, &raw mut at));
    at
}

#[track_caller]
fn counted(view: *const mv_view, value: mv_scalar) -> usize {
    let mut count = 99;
    ok!(mv_view_count(view, &raw const value, &raw mut count));
    count
}

/// Characters in UTF-8.
fn scalar_text(text: &[u8]) -> mv_scalar {
    mv_scalar { kind: MV_TEXT, ..scalar_bytes(text) }
}

#[test]
fn acceptance_109_values_are_found_across_formats() {
    let doubles = placed([1_f64, 2.0, 0.0, 2.0, -1.0, f64::NAN]);
    let (bytes, numbers) = (text_view("banana"), wrapped(doubles.address(), c"d", &[6]));
    let chars = cast(bytes, c"c").made();
    assert_eq!(found(bytes, scalar_float(97.0), 0, ALL), 1);
    assert_eq!(found(bytes, scalar_bytes(b"a"), 0, ALL), -1);
    assert_eq!(found(chars, scalar_bytes(b"a"), 0, ALL), 1);
    assert_eq!(found(chars, scalar_int(97), 0, ALL), -1);
    assert_eq!(found(numbers, scalar_bool(true), 0, ALL), 0);
    assert_eq!(found(numbers, scalar_float(f64::NAN), 0, ALL), -1); // though it is there
    assert_eq!(counted(numbers, scalar_float(f64::NAN)), 0);
    assert_eq!((counted(bytes, scalar_int(97)), counted(numbers, scalar_int(2))), (3, 2));
    drop_views([bytes, chars, numbers]);
}

#[test]
fn acceptance_110_bounds_are_those_of_lists() {
    let view = text_view("banana");
    for (start, stop, expected) in [
        (-3, 100, 3),
        (2, 3, -1),
        (2, 4, 3),
        (isize::MIN, ALL, 1),
        (0, -5, -1),
        (0, -4, 1),
        (6, ALL, -1),
        (ALL, isize::MIN, -1),
    ] {
        assert_eq!(found(view, scalar_int(97), start, stop), expected, "{start} to {stop}");
    }
    assert_eq!(found(view, scalar_int(120), 0, ALL), -1);
    drop_views([view]);
}

#[test]
fn search_in_more_dimensions() {
    let view = numbered(c"h", &[3, 4], F);
    let turned = sliced(view, c"::-1, ::-1");
    assert_eq!(found(view, scalar_int(6), 0, ALL), 6);
    assert_eq!(found(turned, scalar_int(6), 0, ALL), 5);
    assert_eq!(found(turned, scalar_int(0), -1, ALL), 11);
    let (table, none) = (table_view(2, 3, 4), numbered(c"i", &[0, 3], C));
    assert_eq!(found(table, scalar_uint(7), 0, ALL), 7);
    assert_eq!(counted(none, scalar_int(0)), 0);
    drop_views([view, turned, table, none]);
}

#[test]
fn structs_and_texts_are_found() {
    let (pairs, names) = (placed([1_i16, 2, 3, 4, 1, 2]), placed(*b"one\0two\0"));
    let view = wrapped(pairs.address(), c"hh", &[3]);
    let item: mv_scalar = made!(mv_view_get(view, [0].as_ptr(), 1));
    assert_eq!((counted(view, item), found(view, item, 1, ALL)), (2, 2));
    drop_views([view]);
    let texts = wrapped(names.address(), c"4s", &[2]);
    assert_eq!(found(texts, scalar_bytes(b"two"), 0, ALL), -1); // the zero at the end is part of the value
    assert_eq!(found(texts, scalar_bytes(b"two\0"), 0, ALL), 1);
    drop_views([texts]);
    let (texts, broken, mut at) = (wrapped(names.address(), c"<2u", &[2]), scalar_text(b"\xff"), -2);
    assert_eq!(found(texts, scalar_text(b"\xe7\x9d\xb4o"), 0, ALL), 1);
    let error = fails!(mv_view_find(texts, &raw const broken, 0, 9, &raw mut at), MV_E_VALUE);
    assert_eq!((error.position, at), (0, -2));
    drop_views([texts]);
}

#[test]
fn strings_of_bytes() {
    let (view, wide) = (text_view("abababac"), numbered(c"h", &[4], C));
    let found = |view: *mut mv_view, wanted: &[u8], start| {
        let mut at = -2;
        ok!(mv_view_find_bytes(view, data(wanted), wanted.len(), start, &raw mut at));
        at
    };
    for (wanted, start, expected) in [
        ("aba", 0, 0),
        ("aba", 1, 2),
        ("abac", 0, 4),
        ("abad", 0, -1),
        ("abababacx", 0, -1),
        ("", 3, 3),
        ("", 8, 8),
        ("", 9, -1),
        ("a", usize::MAX, -1),
    ] {
        assert_eq!(found(view, wanted.as_bytes(), start), expected, "'{wanted}' from {start}");
    }
    assert_eq!(found(wide, &[2], 0), if cfg!(target_endian = "little") { 4 } else { 5 });
    let (every, mut at) = (sliced(view, c"::2"), -2);
    fails!(mv_view_find_bytes(every, data(b"a"), 1, 0, &raw mut at), MV_E_TYPE);
    fails!(mv_view_find_bytes(view, NO_DATA, 1, 0, &raw mut at), MV_E_VALUE);
    drop_views([view, every, wide]);
}

#[track_caller]
fn hash(view: *const mv_view, seed: u64) -> u64 {
    made!(mv_view_hash(view, seed))
}

#[test]
fn acceptance_107_hashes_of_equal_bytes() {
    let [view, backwards] = [b"abc", b"cba"].map(|bytes| view_taking(bytes_of(bytes)));
    let (numbers, column) = (cast(view, c"b").made(), cast_to(view, c"c", &[3, 1]).made());
    let turned = sliced(backwards, c"::-1");
    let expected = hash(view, 0);
    assert_eq!([numbers, column, turned].map(|view| hash(view, 0)), [expected; 3]);
    assert!(hash(view, 1) != expected && hash(backwards, 0) != expected);
    drop_views([view, numbers, column, backwards, turned]);
}

/// The values are those of Python's siphash13 with the key (seed, 0).
#[test]
fn hash_is_siphash_1_3() {
    let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(1000).collect();
    let (none, long) = (view_taking(bytes_of(b"")), view_taking(bytes_of(&bytes)));
    let halves = cast_to(long, c"B", &[40, 25]).made();
    assert_eq!(hash(none, 0), 0xd1fb_a762_150c_532c);
    assert_eq!([long, halves].map(|view| hash(view, 42)), [0x2059_284d_822d_21b6; 2]);
    drop_views([none, long, halves]);
}

#[test]
fn acceptance_108_what_has_no_hash() {
    let (writable, wide, mut hash) = (text_view("abc"), view_taking(bytes_of(b"abcd")), 7);
    let numbers = cast(wide, c"I").made();
    fails!(mv_view_hash(writable, 0, &raw mut hash), MV_E_VALUE);
    fails!(mv_view_hash(numbers, 0, &raw mut hash), MV_E_VALUE);
    assert_eq!(hash, 7);
    let readonly = toreadonly(writable).made();
    ok!(mv_view_hash(readonly, 0, &raw mut hash)); // whether the owner has a hash is its affair
    drop_views([writable, wide, numbers, readonly]);
}

#[track_caller]
fn hex(view: *const mv_view, separator: Option<&CStr>, group: c_int) -> String {
    let (mut digits, mut length) = ([0 as c_char; 64], 99);
    let separator = separator.map_or(NO_TEXT, CStr::as_ptr);
    ok!(mv_view_hex(view, separator, group, digits.as_mut_ptr(), 64, &raw mut length));
    let hex = text(digits.as_ptr()).expect("a text");
    assert_eq!(hex.len(), length);
    hex
}

#[test]
fn acceptance_089_hex_in_groups() {
    let view = text_view("edcba");
    let (turned, none) = (sliced(view, c"::-1"), numbered(c"B", &[2, 0], C));
    for (group, expected) in [
        (2, "65:6463:6261"),
        (-2, "6564:6362:61"),
        (1, "65:64:63:62:61"),
        (0, "6564636261"),
        (5, "6564636261"),
        (c_int::MIN, "6564636261"),
    ] {
        assert_eq!(hex(view, Some(c":"), group), expected, "groups of {group}");
    }
    assert_eq!(hex(view, Some(c" "), 1), "65 64 63 62 61");
    assert_eq!(hex(view, None, 2), "6564636261");
    assert_eq!(hex(turned, Some(c":"), 2), "61:6263:6465");
    assert_eq!(hex(none, Some(c":"), 1), "");
    drop_views([view, turned, none]);
}

#[test]
fn acceptance_090_separators() {
    let (view, text) = (text_view("ab"), placed(*b"before\0\0"));
    let (at, mut length) = (text.address().cast::<c_char>(), 0);
    for separator in [c"::", c"\xc3\xa9", c""] {
        fails!(mv_view_hex(view, separator.as_ptr(), 1, at, 8, ptr::null_mut()), MV_E_VALUE);
    }
    assert_eq!(text.get(), *b"before\0\0");
    ok!(mv_view_hex(view, c":".as_ptr(), 1, ptr::null_mut(), 0, &raw mut length));
    assert_eq!(length, 5);
    ok!(mv_view_hex(view, c":".as_ptr(), 1, at, 4, &raw mut length));
    assert_eq!(text.get()[..4], *b"61:\0");
    drop_views([view]);
}
