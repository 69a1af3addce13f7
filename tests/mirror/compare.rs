//! `c-tests/test_compare.c`: equality of views: by value, across formats.
//!
//! Long doubles come from doubles here: Rust has none of its own.

use std::ffi::{CStr, c_int};

use memview::{
    error::mv_status::*,
    ffi::{MV_BOOL, mv_view},
};

use crate::{arguments::*, calls::*, fixtures::*, formats::*, harness::*, table::table_view};

/// A view of these bytes, which are copied.
fn of(format: &CStr, content: &[u8]) -> *mut mv_view {
    let bytes = view_taking(bytearray_of(content));
    let made = cast(bytes, format).made();
    drop_views([bytes]);
    made
}

/// The bytes of numbers in native order.
macro_rules! native {
    ($($number:expr),*) => { &[$(&$number.to_ne_bytes()[..]),*].concat() };
}

/// Whether they are equal is the same from both sides.
#[track_caller]
fn check_equal(a: *const mv_view, b: *const mv_view, expected: bool) {
    let [forward, backward]: [c_int; 2] = [(a, b), (b, a)].map(|(a, b)| made!(mv_view_equal(a, b)));
    assert_eq!([forward, backward], [c_int::from(expected); 2]);
}

/// The two, which are dropped, are equal.
#[track_caller]
fn equal(a: *mut mv_view, b: *mut mv_view) {
    check_equal(a, b, true);
    drop_views([a, b]);
}

#[track_caller]
fn unequal(a: *mut mv_view, b: *mut mv_view) {
    check_equal(a, b, false);
    drop_views([a, b]);
}

const IS_LITTLE: bool = cfg!(target_endian = "little");

/// Its kind stands for the repr.
#[test]
fn acceptance_034_kind_equality_and_hash_of_a_released_view() {
    let (view, twin) = (view_taking(bytes_of(b"abc")), text_view("abc"));
    let other = toreadonly(view).made();
    let _: u64 = made!(mv_view_hash(view, 1));
    let before: u64 = made!(mv_view_hash(view, 5));
    ok!(mv_view_release(view));
    assert_eq!(text(call!(mv_object_type_name(as_object(view)))).as_deref(), Some("view"));
    check_equal(view, view, true);
    check_equal(view, twin, false);
    check_equal(view, other, false);
    check_equal(other, twin, true);
    let mut hash = 7;
    ok!(mv_view_hash(view, 5, &raw mut hash));
    fails!(mv_view_hash(view, 1, &raw mut hash), MV_E_RELEASED); // the last one alone is kept
    ok!(mv_view_release(other));
    fails!(mv_view_hash(other, 5, &raw mut hash), MV_E_RELEASED); // never asked before
    assert_eq!(hash, before);
    drop_views([view, twin, other]);
}

#[test]
fn acceptance_092_integers_and_floats() {
    equal(of(c"b", &[1]), of(c"d", native![1_f64]));
    unequal(of(c"b", &[1]), of(c"d", native![1.5_f64]));
    equal(of(c"e", &[0, 0]), of(c"B", &[0]));
}

#[test]
fn acceptance_093_byte_orders_and_widths() {
    equal(of(c"<i", &[5, 0, 0, 0]), of(c">h", &[0, 5]));
    equal(of(c"<h", &[0xfe, 0xff]), of(c">q", &(-2_i64).to_be_bytes()));
    unequal(of(c"<H", &[1, 0]), of(c">H", &[1, 0]));
}

#[test]
fn acceptance_094_integers_are_compared_exactly() {
    let (exact, limit) = (1_i64 << 53, 9_007_199_254_740_992_f64);
    unequal(of(c"q", native![exact + 1]), of(c"d", native![limit]));
    equal(of(c"q", native![exact]), of(c"d", native![limit]));
    unequal(of(c"Q", native![u64::MAX]), of(c"d", native![18_446_744_073_709_551_616_f64]));
    unequal(of(c"Q", native![u64::MAX]), of(c"q", native![-1_i64]));
}

#[test]
fn acceptance_095_singles_and_doubles() {
    unequal(of(c"f", native![0.1_f32]), of(c"d", native![0.1_f64]));
    equal(of(c"f", native![0.5_f32]), of(c"d", native![0.5_f64]));
    for number in [0.1, 0.5] {
        let long = view_taking(array_of(c"g", &[1], C));
        ok!(mv_view_set_f64(long, [0].as_ptr(), 1, number));
        equal(long, of(c"d", native![number]));
    }
}

#[test]
fn acceptance_096_nan_equals_nothing() {
    for format in [c"d", c"Zd"] {
        let view = of(format, native![0_f64, f64::NAN]);
        check_equal(view, view, false);
        drop_views([view]);
    }
}

#[test]
fn acceptance_097_zeros_of_both_signs() {
    equal(of(c"d", native![-0_f64]), of(c"d", native![0_f64]));
    equal(of(c"f", native![-0_f32]), of(c"d", native![0_f64]));
    equal(of(c"d", native![-0_f64]), of(c"b", &[0]));
    equal(of(c"Zd", native![-0_f64, 0_f64]), of(c"Zd", native![0_f64, -0_f64]));
}

#[test]
fn acceptance_098_padding_is_no_value() {
    equal(of(c"ix", &[native![1 as c_int] as &[u8], &[7]].concat()), of(c"i", native![1 as c_int]));
    equal(of(c"<ix", &[1, 0, 0, 0, 7]), of(c"<i", &[1, 0, 0, 0]));
    equal(of(c"T{b:a:3xb:b:}", &[1, 9, 9, 9, 2]), of(c"T{b:x:b:y:}", &[1, 2]));
}

#[test]
fn acceptance_099_sequences_value_by_value() {
    equal(of(c"ii", native![1_i32, 2_i32]), of(c"qq", native![1_i64, 2_i64]));
    equal(of(c"ii", native![1_i32, 2_i32]), of(c"2i", native![1_i32, 2_i32]));
    unequal(of(c"ii", native![1_i32, 2_i32]), of(c"ii", native![1_i32, 3_i32]));
    unequal(of(c"ii", native![1_i32, 1_i32]), of(c"i", native![1_i32]));
}

#[test]
fn acceptance_100_bytes_are_no_numbers() {
    unequal(of(c"c", b"a"), of(c"B", b"a"));
    equal(of(c"c", b"a"), of(c"s", b"a"));
    equal(of(c"3s", b"abc"), of(c"4p", b"\x03abc"));
    unequal(of(c"3s", b"abc"), of(c"4s", b"abc\0"));
    equal(of(c"4p", b"\x01axx"), of(c"4p", b"\x01ayy"));
}

#[test]
fn acceptance_101_truth_is_compared() {
    let two = of(c"?", &[2]);
    let item = got(two, &[0]);
    assert_eq!((item.kind, whole(&item)), (MV_BOOL, 1));
    equal(two, of(c"?", &[1]));
    unequal(of(c"?", &[0]), of(c"?", &[1]));
}

#[test]
fn acceptance_102_truth_and_numbers() {
    unequal(of(c"?", &[2]), of(c"B", &[2]));
    equal(of(c"?", &[2]), of(c"B", &[1]));
}

#[test]
fn acceptance_103_shapes_without_items() {
    let of_shape = |shape: &[isize]| numbered(c"i", shape, C);
    equal(of_shape(&[0, 5]), of_shape(&[0, 7]));
    unequal(of_shape(&[5, 0]), of_shape(&[7, 0]));
    equal(of_shape(&[5, 0]), of_shape(&[5, 0]));
    unequal(of_shape(&[0, 5]), of_shape(&[0]));
    unequal(of_shape(&[]), of_shape(&[1]));
    unequal(of_shape(&[2, 3]), of_shape(&[3, 2]));
}

#[test]
fn acceptance_104_structs_equal_themselves() {
    let view = of(c"T{i:a:}", native![1_i32, 2_i32]);
    check_equal(view, view, true);
    equal(view, of(c"T{q:other:}", native![1_i64, 2_i64]));
    unequal(of(c"T{i:a:}", native![1_i32]), of(c"i", native![1_i32]));
    let explicit = if IS_LITTLE { c"T{(2)<h:a:T{B:b:B:c:}:d:}" } else { c"T{(2)>h:a:T{B:b:B:c:}:d:}" };
    let bytes = &[1, 0, 2, 0, 3, 4];
    equal(of(c"T{(2)h:a:T{B:b:B:c:}:d:}", bytes), of(explicit, bytes));
}

#[test]
fn acceptance_105_addresses_and_integers() {
    let bits = native![0x1234_usize, 0_usize];
    equal(of(c"P", bits), of(c"N", bits));
    equal(of(c"P", bits), of(c"Q", native![0x1234_u64, 0_u64]));
    unequal(of(c"P", bits), of(c"Q", native![0x1234_u64, 1_u64]));
}

#[test]
fn sub_arrays_element_by_element() {
    let numbers = native![1_i16, 2_i16, 3_i16, 4_i16];
    let swapped = of(c"(2,2)h", numbers);
    ok!(mv_view_byteswap(swapped));
    let foreign = if IS_LITTLE { c"(2,2)>H" } else { c"(2,2)<H" };
    equal(of(c"(2,2)h", numbers), cast(swapped, foreign).made());
    drop_views([swapped]);
    unequal(of(c"(2,2)h", numbers), of(c"(4)h", numbers));
    unequal(of(c"(2)h", &numbers[..4]), of(c"hh", &numbers[..4]));
}

#[test]
fn characters_and_complex_numbers() {
    equal(of(c"<2u", b"a\0\0\0"), of(c">2w", b"\0\0\0a\0\0\0\0"));
    equal(of(c"<2u", &[0x3d, 0xd8, 0, 0xde]), of(c"<w", &[0, 0xf6, 1, 0]));
    unequal(of(c"<u", b"a\0"), of(c"c", b"a"));
    equal(of(c"Zf", native![1_f32, 0_f32]), of(c"h", native![1_i16]));
    unequal(of(c"Zf", native![1_f32, 2_f32]), of(c"h", native![1_i16]));
    equal(of(c"Zf", native![1_f32, 2_f32]), of(c"Zd", native![1_f64, 2_f64]));
}

#[test]
fn items_without_a_meaning() {
    let bytes = placed([1_u8, 2, 3, 4, 1, 2, 3, 4]);
    let odd = |at, format: &CStr| -> *mut mv_view {
        let full = described(bytes.address().wrapping_byte_add(at), format, 4, &[], &[]);
        made!(mv_view_from_buffer(&raw const full))
    };
    let [a, b] = [0, 4].map(|at| odd(at, c"T{<i:a:<i:b:}"));
    let (c, plain) = (odd(4, c"T{<q:a:}"), of(c"=i", &[1, 2, 3, 4]));
    check_equal(a, a, true);
    check_equal(a, b, true);
    check_equal(a, c, false);
    check_equal(a, plain, false);
    bytes.set([1, 2, 3, 4, 1, 2, 3, 9]);
    check_equal(a, b, false);
    drop_views([a, b, c, plain]);
    let seven = native![7_usize];
    equal(of(c"&i", seven), of(c"&i", seven));
    unequal(of(c"&i", seven), of(c"&h", seven));
    unequal(of(c"T{&i:p:}", seven), of(c"T{&h:p:}", seven));
}

#[test]
fn layouts_do_not_matter() {
    let [view, other] = [C, F].map(|order| numbered(c"h", &[3, 4], order));
    let [turned, back] = [view, other].map(|view| sliced(view, c"::-1, ::-2"));
    check_equal(view, other, true);
    check_equal(turned, back, true);
    set_i64(other, &[0, 1], -1);
    check_equal(view, other, false);
    check_equal(turned, back, false);
    drop_views([view, other, turned, back]);
    equal(table_view(2, 3, 4), numbered(c"B", &[3, 4], F));
    equal(table_view(2, 3, 4), numbered(c"q", &[3, 4], C));
}

#[test]
fn orders_of_matrices_do_not_matter() {
    let [rows, columns] = [C, F].map(|order| numbered(c"h", &[9, 8], order));
    check_equal(rows, columns, true);
    for index in [[0, 0], [8, 7], [3, 0], [0, 7]] {
        set_i64(rows, &index, -1);
        check_equal(rows, columns, false);
        set_i64(columns, &index, -1);
        check_equal(rows, columns, true);
    }
    drop_views([rows, columns]);
    let [rows, columns] = [C, F].map(|order| view_taking(array_of(c"d", &[3, 4], order)));
    ok!(mv_view_set_f64(rows, [1, 2].as_ptr(), 2, -0.0));
    check_equal(rows, columns, true);
    for view in [rows, columns] {
        ok!(mv_view_set_f64(view, [1, 2].as_ptr(), 2, f64::NAN));
    }
    check_equal(rows, columns, false);
    drop_views([rows, columns]);
}

#[test]
fn equal_refuses() {
    let (view, object, mut equal) = (text_view("a"), bytes_of(b"a"), 7);
    fails!(mv_view_equal(NO_VIEW, view, &raw mut equal), MV_E_NULL);
    fails!(mv_view_equal(view, object.cast(), &raw mut equal), MV_E_TYPE);
    assert_eq!(equal, 7);
    drop_views([view]);
    unref(object);
}
