//! `c-tests/test_item_store.c`: writing one item.

use std::{
    ffi::{CStr, c_int},
    ptr,
};

use memview::{
    error::{
        mv_error,
        mv_status::{self, *},
    },
    ffi::{MV_ARRAY, MV_RECORD, MV_STRICT, mv_scalar, mv_view},
};

use crate::{arguments::*, calls::*, fixtures::*, harness::*};

const NO_INDEX: *const isize = ptr::null();

/// A view of one item of a format, all bytes 0x5a.
fn slot(format: &CStr) -> *mut mv_view {
    let view = view_taking(array_of(format, &[], C));
    write(view, C, &vec![0x5a; buffer_of(view).len.cast_unsigned()]);
    view
}

/// Stores the value, and compares the bytes of the item.
#[track_caller]
fn check_stored(format: &CStr, value: mv_scalar, expected: &[u8]) {
    let view = slot(format);
    ok!(mv_view_set(view, NO_INDEX, 0, &raw const value));
    assert_eq!(read(view), expected, "{format:?}");
    drop_views([view]);
}

/// The value is refused, and nothing written.
#[track_caller]
fn check_kept(format: &CStr, value: mv_scalar, expected: mv_status) -> mv_error {
    let view = slot(format);
    let error = fails!(mv_view_set(view, NO_INDEX, 0, &raw const value), expected);
    assert!(read(view).iter().all(|byte| *byte == 0x5a), "{format:?}");
    drop_views([view]);
    error
}

#[test]
fn acceptance_055_unsigned_byte() {
    assert_eq!(check_kept(c"B", scalar_int(256), MV_E_RANGE).value, 256);
    assert_eq!(check_kept(c"B", scalar_int(-1), MV_E_RANGE).value, -1);
    check_kept(c"B", scalar_float(1.0), MV_E_TYPE);
    check_kept(c"B", scalar_bytes(b"a"), MV_E_TYPE);
    check_stored(c"B", scalar_int(255), &[255]);
    check_stored(c"B", scalar_int(0), &[0]);
    check_stored(c"B", scalar_uint(255), &[255]);
    check_stored(c"B", scalar_bool(true), &[1]);
    let view = slot(c"B");
    fails!(mv_view_set_i64(view, NO_INDEX, 0, 256), MV_E_RANGE);
    fails!(mv_view_set_i64(view, NO_INDEX, 0, -1), MV_E_RANGE);
    fails!(mv_view_set_u64(view, NO_INDEX, 0, 256), MV_E_RANGE);
    fails!(mv_view_set_f64(view, NO_INDEX, 0, 1.0), MV_E_TYPE);
    assert_eq!(items(view), [0x5a]);
    ok!(mv_view_set_u64(view, NO_INDEX, 0, 255));
    assert_eq!(items(view), [255]);
    drop_views([view]);
}

#[test]
fn acceptance_056_integers_out_of_range() {
    assert_eq!(check_kept(c"b", scalar_int(-129), MV_E_RANGE).value, -129);
    for (format, number) in [
        (c"b", 128),
        (c"h", 40000),
        (c"h", -32769),
        (c"H", 65536),
        (c"i", 1 << 31),
        (c"I", 1 << 32),
        (c"N", -1),
        (c"Q", -1),
    ] {
        check_kept(format, scalar_int(number), MV_E_RANGE);
    }
    check_kept(c"q", scalar_uint(1 << 63), MV_E_RANGE);
    check_kept(c"n", scalar_uint(isize::MAX as u64 + 1), MV_E_RANGE);
    check_stored(c"h", scalar_int(-32768), &i16::MIN.to_ne_bytes());
    check_stored(c"q", scalar_int(i64::MIN), &i64::MIN.to_ne_bytes());
    check_stored(c"Q", scalar_uint(u64::MAX), &[0xff; 8]);
    let view = slot(c"q");
    fails!(mv_view_set_u64(view, NO_INDEX, 0, 1 << 63), MV_E_RANGE);
    ok!(mv_view_set_u64(view, NO_INDEX, 0, (1 << 63) - 1));
    assert_eq!(items(view), [i64::MAX]);
    drop_views([view]);
}

#[test]
fn acceptance_057_character() {
    check_stored(c"c", scalar_bytes(b"a"), b"a");
    check_stored(c"c", scalar_bytes(b"\0"), b"\0");
    assert_eq!(detail(&check_kept(c"c", scalar_bytes(b"ab"), MV_E_VALUE)), (-1, -1, 2, 1));
    check_kept(c"c", scalar_bytes(b""), MV_E_VALUE);
    check_kept(c"c", scalar_int(97), MV_E_TYPE);
    check_kept(c"c", scalar_float(97.0), MV_E_TYPE);
}

/// The byte that is stored is part of the very item that is written.
#[test]
fn character_from_the_item_itself() {
    let view = slot(c"c");
    let own: mv_scalar = made!(mv_view_get(view, NO_INDEX, 0));
    ok!(mv_view_set(view, NO_INDEX, 0, &raw const own));
    assert_eq!(read(view), [0x5a]);
    drop_views([view]);
}

#[test]
fn acceptance_058_truth() {
    let truthy = [
        scalar_bool(true),
        scalar_int(-5),
        scalar_uint(256),
        scalar_float(0.25),
        scalar_float(f64::NAN),
        scalar_bytes(b"\0"),
        scalar_pointer(1),
    ];
    let falsy = [
        scalar_bool(false),
        scalar_int(0),
        scalar_uint(0),
        scalar_float(0.0),
        scalar_float(-0.0),
        scalar_bytes(b""),
        scalar_pointer(0),
    ];
    for (truth, untruth) in truthy.into_iter().zip(falsy) {
        check_stored(c"?", truth, &[1]);
        check_stored(c"?", untruth, &[0]);
    }
    let view = slot(c"?");
    ok!(mv_view_set_i64(view, NO_INDEX, 0, 512));
    assert_eq!(items(view), [1]);
    ok!(mv_view_set_f64(view, NO_INDEX, 0, 0.0));
    assert_eq!(items(view), [0]);
    drop_views([view]);
}

#[test]
fn acceptance_059_float_stores_infinity() {
    let numbers = [
        (1e39, f32::INFINITY),
        (-1e39, f32::NEG_INFINITY),
        (0.1, 0.1),
        (f32::MAX.into(), f32::MAX),
        (f64::INFINITY, f32::INFINITY),
    ];
    for (number, expected) in numbers {
        check_stored(c"f", scalar_float(number), &expected.to_ne_bytes());
    }
    let view = slot(c"f");
    ok!(mv_view_set_f64(view, NO_INDEX, 0, 1e300));
    assert_eq!(read(view), f32::INFINITY.to_ne_bytes());
    // The checked variant: a conversion by the strict rule.
    let great = placed(1e39_f64);
    let from = wrapped(great.address(), c"d", &[]);
    ok!(mv_view_set_i64(view, NO_INDEX, 0, 1));
    fails!(mv_view_write(view, c"d".as_ptr(), C, great.address(), 8), MV_E_RANGE);
    fails!(mv_view_convert(view, from, MV_STRICT), MV_E_RANGE);
    assert_eq!(read(view), 1_f32.to_ne_bytes());
    drop_views([view, from]);
}

#[test]
fn acceptance_060_half() {
    let step = 1.0 / 1024.0;
    let numbers = [
        (65519.0, 0x7bff_u16),
        (f64::INFINITY, 0x7c00),
        (-65519.0, 0xfbff),
        (1.0, 0x3c00),
        (step / 16384.0, 0x0001),
        (step / 65536.0, 0x0000),
        (1.0 + step / 2.0, 0x3c00),
        (1.0 + step * 1.5, 0x3c02),
    ];
    for (number, bits) in numbers {
        check_stored(c"e", scalar_float(number), &bits.to_ne_bytes());
    }
    check_kept(c"e", scalar_float(65520.0), MV_E_RANGE);
    check_kept(c"e", scalar_float(-65520.0), MV_E_RANGE);
    check_kept(c"e", scalar_float(1e300), MV_E_RANGE);
    check_kept(c"e", scalar_int(65520), MV_E_RANGE);
    check_stored(c"e", scalar_int(65504), &0x7bff_u16.to_ne_bytes());
    let view = slot(c"e");
    ok!(mv_view_set_f64(view, NO_INDEX, 0, 65519.0));
    let back: f64 = made!(mv_view_get_f64(view, NO_INDEX, 0));
    assert_eq!(back.to_bits(), 65504_f64.to_bits());
    drop_views([view]);
}

#[test]
fn acceptance_061_pointer() {
    let (all, some) = (usize::MAX.to_ne_bytes(), 4096_usize.to_ne_bytes());
    check_stored(c"P", scalar_int(-1), &all);
    check_stored(c"P", scalar_int(isize::MIN as i64), &isize::MIN.to_ne_bytes());
    check_stored(c"P", scalar_uint(usize::MAX as u64), &all);
    check_stored(c"P", scalar_pointer(4096), &some);
    check_kept(c"P", scalar_float(1.0), MV_E_TYPE);
    check_kept(c"P", scalar_bytes(b"a"), MV_E_TYPE);
    // 2^64 is more than any scalar holds; where pointers are shorter, there is too much to be had.
    if size_of::<usize>() < 8 {
        check_kept(c"P", scalar_uint(1 << 32), MV_E_RANGE);
    }
}

#[test]
fn acceptance_062_read_only_memory() {
    let (view, source) = (view_taking(bytes_of(b"abc")), text_view("xyz"));
    let (value, first) = (scalar_int(120), [0].as_ptr());
    fails!(mv_view_set(view, first, 1, &raw const value), MV_E_READONLY);
    fails!(mv_view_set_i64(view, first, 1, 120), MV_E_READONLY);
    fails!(mv_view_set_u64(view, first, 1, 120), MV_E_READONLY);
    fails!(mv_view_set_f64(view, first, 1, 1.0), MV_E_READONLY);
    fails!(mv_view_fill(view, &raw const value), MV_E_READONLY);
    fails!(mv_view_copy(view, source), MV_E_READONLY);
    fails!(mv_view_write(view, NO_TEXT, C, data(b"xyz"), 3), MV_E_READONLY);
    assert_eq!(items(view), numbers(b"abc"));
    drop_views([view, source]);
}

#[test]
fn numbers_into_floating_items() {
    let values = [
        (scalar_int(-1), -1.0_f64),
        (scalar_uint(2), 2.0),
        (scalar_bool(true), 1.0),
        (scalar_float(2.0), 2.0),
        (scalar_uint(1 << 63), 9_223_372_036_854_775_808.0),
    ];
    for (value, expected) in values {
        check_stored(c"d", value, &expected.to_ne_bytes());
    }
    check_kept(c"d", scalar_bytes(b"a"), MV_E_TYPE);
    let view = slot(c"d");
    ok!(mv_view_set_i64(view, NO_INDEX, 0, -1));
    assert_eq!(read(view), (-1.0_f64).to_ne_bytes());
    ok!(mv_view_set_u64(view, NO_INDEX, 0, 2));
    assert_eq!(read(view), 2.0_f64.to_ne_bytes());
    ok!(mv_view_set_f64(view, NO_INDEX, 0, f64::NAN));
    let back: f64 = made!(mv_view_get_f64(view, NO_INDEX, 0));
    assert!(back.is_nan());
    drop_views([view]);
}

#[test]
fn values_of_unknown_kinds() {
    for kind in [0, -1, 12, 99, MV_RECORD, MV_ARRAY] {
        check_kept(c"B", mv_scalar { kind, ..scalar_int(1) }, MV_E_TYPE);
    }
}

#[test]
fn pointers_go_into_pointers_alone() {
    for format in [c"B", c"h", c"Q", c"N", c"d", c"c"] {
        check_kept(format, scalar_pointer(1), MV_E_TYPE);
    }
}

#[test]
fn index_is_checked_before_the_value() {
    let view = numbered(c"h", &[2], C);
    let wrong = scalar_bytes(b"x");
    fails!(mv_view_set(view, [2].as_ptr(), 1, &raw const wrong), MV_E_INDEX);
    fails!(mv_view_set_i64(view, [-3].as_ptr(), 1, 40000), MV_E_INDEX);
    fails!(mv_view_set_f64(view, [2].as_ptr(), 1, 1.0), MV_E_INDEX);
    assert_eq!(fails!(mv_view_set_f64(view, [0, 0].as_ptr(), 2, 1.0), MV_E_TYPE).limit, 1);
    drop_views([view]);
}

/// Each of the functions that write one item fails so.
#[track_caller]
fn each_writer(
    view: *mut mv_view,
    index: *const isize,
    ndim: c_int,
    expected: mv_status,
) -> (i32, i64, i64, i64) {
    let value = scalar_int(1);
    fails!(mv_view_set(view, index, ndim, &raw const value), expected);
    fails!(mv_view_set_i64(view, index, ndim, 1), expected);
    fails!(mv_view_set_u64(view, index, ndim, 1), expected);
    detail(&fails!(mv_view_set_f64(view, index, ndim, 1.0), expected))
}

#[test]
fn set_refuses() {
    let view = view_taking(array_of(c"d", &[2, 2], C));
    let (index, outside, below) = ([0; 65], [0, 2], [-3, 0]);
    let first = index.as_ptr();
    assert_eq!(each_writer(NO_VIEW, first, 2, MV_E_NULL).0, 1);
    assert_eq!(each_writer(view, NO_INDEX, 2, MV_E_NULL).0, 2);
    each_writer(view, first, -1, MV_E_VALUE);
    each_writer(view, first, 65, MV_E_LIMIT);
    each_writer(view, first, 1, MV_E_TYPE);
    each_writer(view, first, 3, MV_E_TYPE);
    assert_eq!(each_writer(view, outside.as_ptr(), 2, MV_E_INDEX), (1, -1, 2, 2));
    assert_eq!(each_writer(view, below.as_ptr(), 2, MV_E_INDEX), (0, -1, -3, 2));
    assert_eq!(fails!(mv_view_set(view, first, 2, ptr::null()), MV_E_NULL).dim, 4);
    assert_eq!(read(view), [0; 32]);
    drop_views([view]);
}
