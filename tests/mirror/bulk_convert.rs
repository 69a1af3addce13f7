//! `c-tests/test_bulk_convert.c`: conversion between formats, byte order, overlap, runs.

use std::ffi::{CStr, c_int};

use memview::{
    error::{
        mv_error,
        mv_status::{self, *},
    },
    ffi::{MV_CLAMP, MV_STRICT, MV_WRAP, mv_view},
    kernel::mv_run,
};

use crate::{calls::*, fixtures::*, harness::*, table::table_view};

/// A view of all numbers of a place.
fn wrap<T>(place: &Placed<T>, format: &CStr, count: isize) -> *mut mv_view {
    wrapped(place.address(), format, &[count])
}

#[track_caller]
fn convert(to: *mut mv_view, from: *const mv_view, rule: c_int) {
    ok!(mv_view_convert(to, from, rule));
}

#[track_caller]
fn refused(to: *mut mv_view, from: *const mv_view, rule: c_int, expected: mv_status) -> mv_error {
    fails!(mv_view_convert(to, from, rule), expected)
}

#[track_caller]
fn check_floats<T: Into<f64> + Copy>(found: &[T], expected: &[f64]) {
    let bits = |number: f64| number.to_bits();
    assert!(found.iter().map(|number| bits((*number).into())).eq(expected.iter().copied().map(bits)));
}

#[test]
fn convert_widens_exactly() {
    let (from, doubles, swapped) = (placed([-1_i16, 0, 32767]), placed([0_f64; 3]), placed([[0_u8; 8]; 3]));
    let (a, b, c) = (wrap(&from, c"h", 3), wrap(&doubles, c"d", 3), wrap(&swapped, c">q", 3));
    convert(b, a, MV_STRICT);
    check_floats(&doubles.get(), &[-1.0, 0.0, 32767.0]);
    convert(c, b, MV_STRICT);
    assert_eq!(swapped.get(), [-1_i64, 0, 32767].map(i64::to_be_bytes));
    from.set([0; 3]);
    convert(a, c, MV_STRICT);
    assert_eq!(from.get(), [-1, 0, 32767]);
    drop_views([a, b, c]);
}

#[test]
fn strict_says_which_item_does_not_fit() {
    let (from, to, reals) =
        (placed([1 as c_int, 2, 300, -1]), placed([9_u8; 4]), placed([1.0, 2.5, 0.0, 0.0_f64]));
    let (ints, bytes, doubles) = (wrap(&from, c"i", 4), wrap(&to, c"B", 4), wrap(&reals, c"d", 4));
    assert_eq!(detail(&refused(bytes, ints, MV_STRICT, MV_E_RANGE)), (-1, 2, 300, 0));
    for number in [2.5, f64::INFINITY, f64::NAN] {
        reals.set([1.0, number, 0.0, 0.0]);
        assert_eq!(refused(bytes, doubles, MV_STRICT, MV_E_RANGE).position, 1);
    }
    assert_eq!(to.get(), [9; 4]); // nothing is written
    let (large, single) = (placed([(1_i64 << 53) + 1]), placed([7_f32]));
    let (whole, double, float) = (wrap(&large, c"q", 1), wrap(&reals, c"d", 1), wrap(&single, c"f", 1));
    refused(double, whole, MV_STRICT, MV_E_RANGE);
    reals.set([1e39, 0.0, 0.0, 0.0]);
    refused(float, double, MV_STRICT, MV_E_RANGE);
    reals.set([0.1, 0.0, 0.0, 0.0]);
    convert(float, double, MV_STRICT); // rounding is no fault of fit
    check_floats(&single.get(), &[0.1_f32.into()]);
    drop_views([ints, bytes, doubles, whole, double, float]);
}

/// As many as a single, and a half, has bits of precision; and the first that it is not.
#[test]
fn strict_integers_are_exact_in_every_float() {
    let most: c_int = 1 << 24;
    let (exact, inexact) = (placed([most, -most, c_int::MIN, 0]), placed([0, 0, most + 1, 0]));
    let (halves, none) = (placed([2048_i16, -2050, -32768, 0]), placed([0_i16, 2049, 0, 0]));
    let (longs, beyond) = (placed([1_u64 << 63, (1 << 24) - 1, 0, 0]), placed([0, 0, 0, (1_u64 << 63) + 1]));
    let (singles, codes) = (placed([7_f32; 4]), placed([7_u16; 4]));
    let (floats, small) = (wrap(&singles, c"f", 4), wrap(&codes, c"e", 4));
    let (ints, larger_ints, shorts) =
        (wrap(&exact, c"i", 4), wrap(&inexact, c"i", 4), wrap(&halves, c"h", 4));
    let (larger_shorts, whole, larger) =
        (wrap(&none, c"h", 4), wrap(&longs, c"Q", 4), wrap(&beyond, c"Q", 4));
    convert(floats, whole, MV_STRICT);
    check_floats(&singles.get()[..1], &[9_223_372_036_854_775_808.0]);
    convert(floats, ints, MV_STRICT);
    check_floats(&singles.get()[2..3], &[c_int::MIN.into()]);
    assert_eq!(detail(&refused(floats, larger_ints, MV_STRICT, MV_E_RANGE)), (-1, 2, i64::from(most) + 1, 0));
    assert_eq!(refused(floats, larger, MV_STRICT, MV_E_RANGE).position, 3);
    check_floats(&singles.get()[2..3], &[c_int::MIN.into()]); // nothing is written
    convert(floats, larger_ints, MV_CLAMP);
    check_floats(&singles.get()[2..3], &[most.into()]);
    convert(small, shorts, MV_STRICT);
    assert_eq!(codes.get()[0], 0x6800);
    assert_eq!(refused(small, larger_shorts, MV_STRICT, MV_E_RANGE).position, 1);
    assert_eq!(codes.get()[0], 0x6800);
    drop_views([ints, larger_ints, shorts, larger_shorts, whole, larger, floats, small]);
}

#[test]
fn clamp_takes_the_nearest() {
    let (infinity, nan) = (f64::INFINITY, f64::NAN);
    let from = placed([-1e30, -1.9, 200.9, 300.0, 1e300, infinity, -infinity, nan]);
    let (small, bytes, singles) = (placed([9_i8; 8]), placed([9_u8; 8]), placed([9_f32; 8]));
    let (a, b, c, d) =
        (wrap(&from, c"d", 8), wrap(&small, c"b", 8), wrap(&bytes, c"B", 8), wrap(&singles, c"f", 8));
    convert(b, a, MV_CLAMP);
    assert_eq!(small.get(), [-128, -1, 127, 127, 127, 127, -128, 0]);
    convert(c, a, MV_CLAMP);
    assert_eq!(bytes.get(), [0, 0, 200, 255, 255, 255, 0, 0]);
    convert(d, a, MV_CLAMP);
    check_floats(&singles.get()[4..6], &[f32::MAX.into(), infinity]);
    drop_views([a, b, c, d]);
}

#[test]
fn wrap_keeps_the_low_bits() {
    let (from, reals) = (placed([300, -1, c_int::MIN, 255]), placed([-1.5, 1e300, f64::NAN, 65537.0]));
    let (bytes, words, singles) = (placed([9_u8; 4]), placed([9_u16; 4]), placed([9_f32; 4]));
    let (ints, small) = (wrap(&from, c"i", 4), wrap(&bytes, c"B", 4));
    let (doubles, short, floats) = (wrap(&reals, c"d", 4), wrap(&words, c"H", 4), wrap(&singles, c"f", 4));
    convert(small, ints, MV_WRAP);
    assert_eq!(bytes.get(), [44, 255, 0, 255]);
    convert(short, doubles, MV_WRAP);
    assert_eq!(words.get(), [65535, 0, 0, 1]);
    convert(floats, doubles, MV_WRAP);
    check_floats(&singles.get()[1..2], &[f64::INFINITY]);
    drop_views([ints, small, doubles, short, floats]);
}

#[test]
fn truth_and_complex_numbers() {
    let (truths, complex, numbers) =
        (placed([0_u8, 7]), placed([1.0, 0.0, 2.0, 3.0_f64]), placed([9 as c_int; 2]));
    let (a, b, c) = (wrap(&truths, c"?", 2), wrap(&numbers, c"i", 2), wrap(&complex, c"Zd", 2));
    convert(b, a, MV_STRICT);
    assert_eq!(numbers.get(), [0, 1]);
    assert_eq!(refused(b, c, MV_STRICT, MV_E_RANGE).position, 1);
    convert(b, c, MV_CLAMP);
    assert_eq!(numbers.get()[1], 2);
    numbers.set([0, 2]);
    convert(a, b, MV_STRICT);
    assert_eq!(truths.get(), [0, 1]);
    convert(c, b, MV_STRICT);
    check_floats(&complex.get(), &[0.0, 0.0, 2.0, 0.0]);
    drop_views([a, b, c]);
}

#[test]
fn convert_where_the_two_overlap() {
    let data = placed([1_u8, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0]);
    let (whole, expected) = (wrap(&data, c"B", 16), [1, 2, 3, 4, 5, 6, 7, 8]);
    let (bytes, words) = (sliced(whole, c":8"), cast(whole, c"H").made());
    convert(words, bytes, MV_STRICT);
    assert_eq!(items(words), expected);
    convert(bytes, words, MV_STRICT);
    assert_eq!(items(bytes), expected);
    drop_views([whole, bytes, words]);
}

#[test]
fn convert_in_any_layout() {
    let (from, to) = (numbered(c"h", &[3, 4], C), view_taking(array_of(c"d", &[4, 3], F)));
    let turned = turned(from).made();
    let back = sliced(turned, c"::-1");
    convert(to, back, MV_STRICT);
    let corner: f64 = made!(mv_view_get_f64(to, [0, 2].as_ptr(), 2));
    check_floats(&[corner], &[11.0]);
    let (table, numbers) = (table_view(2, 3, 4), numbered(c"i", &[3, 4], F));
    set_i64(numbers, &[2, 3], -1);
    convert(numbers, table, MV_STRICT);
    assert_eq!(items(numbers), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    let table_back = sliced(table, c"::-1, ::-1");
    convert(table_back, numbers, MV_STRICT); // and into memory behind pointers
    assert_eq!(items(table), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    drop_views([from, to, turned, back, table, table_back, numbers]);
}

/// Of one number, in items of different sizes: what follows it is padding, and stays.
#[test]
fn convert_into_longer_items() {
    let (from, to) = (placed([1u8, 2]), placed([9u8; 4]));
    let (a, b) = (wrapped(from.address(), c"B", &[2]), wrapped(to.address(), c"Bx", &[2]));
    ok!(mv_view_convert(b, a, MV_STRICT));
    assert_eq!(to.get(), [1, 9, 2, 9]);
    ok!(mv_view_convert(a, b, MV_STRICT));
    drop_views([a, b]);
}

#[test]
fn convert_refuses() {
    let data = placed([0_u8; 4]);
    let (bytes, chars) = (wrap(&data, c"B", 4), wrap(&data, c"c", 4));
    let (numbers, readonly) = (numbered(c"i", &[3], C), toreadonly(bytes).made());
    refused(numbers, bytes, MV_STRICT, MV_E_SHAPE);
    refused(bytes, chars, MV_STRICT, MV_E_FORMAT);
    refused(chars, bytes, MV_WRAP, MV_E_FORMAT);
    assert_eq!(refused(bytes, bytes, 3, MV_E_VALUE).value, 3);
    convert(chars, chars, MV_STRICT); // of one layout: a copy
    refused(readonly, bytes, MV_STRICT, MV_E_READONLY);
    drop_views([bytes, chars, numbers, readonly]);
}

#[test]
fn read_and_write_in_another_format() {
    let (view, out) = (numbered(c"h", &[2, 3], C), placed([9_f64; 6]));
    let (at, d, negative) = (out.address(), c"d".as_ptr(), [0, -2, -4, -6, -8, -10]);
    ok!(mv_view_read(view, d, F, at, 48));
    check_floats(&out.get(), &[0.0, 3.0, 1.0, 4.0, 2.0, 5.0]);
    out.set(out.get().map(|number| number * -2.0));
    ok!(mv_view_write(view, d, F, at, 48));
    assert_eq!(items(view), negative);
    out.set([0.0, 0.0, 0.0, 0.0, 0.5, 0.0]);
    assert_eq!(fails!(mv_view_write(view, d, C, at, 48), MV_E_RANGE).position, 4);
    assert_eq!(items(view), negative);
    fails!(mv_view_read(view, d, C, at, 40), MV_E_SHAPE);
    fails!(mv_view_read(view, c"c".as_ptr(), C, at, 6), MV_E_FORMAT);
    fails!(mv_view_read(view, c"T{d}".as_ptr(), C, at, 48), MV_E_FORMAT);
    drop_views([view]);
}

#[test]
fn byteswap_in_place() {
    let data = placed([1_u8, 2, 3, 4, 5, 6, 7, 8]);
    let view = wrap(&data, c"H", 4);
    let half = sliced(view, c"::2");
    ok!(mv_view_byteswap(half));
    assert_eq!(data.get(), [2, 1, 3, 4, 6, 5, 7, 8]);
    ok!(mv_view_byteswap(half));
    drop_views([view, half]);
    for (format, expected) in [
        (c"T{=H:a:2s:b:(2)=h:c:}", [2, 1, 3, 4, 6, 5, 8, 7]),
        (c"=Zf", [4, 3, 1, 2, 7, 8, 5, 6]),
        (c"8s", [4, 3, 1, 2, 7, 8, 5, 6]),
    ] {
        let records = wrap(&data, format, 1);
        ok!(mv_view_byteswap(records));
        assert_eq!(data.get(), expected, "{format:?}");
        drop_views([records]);
    }
    let bits = wrap(&data, c"3t", 8);
    fails!(mv_view_byteswap(bits), MV_E_FORMAT);
    drop_views([bits]);
}

#[track_caller]
fn check_meeting(a: *const mv_view, b: *const mv_view, expected: bool) {
    let [one, other]: [c_int; 2] = [(a, b), (b, a)].map(|(a, b)| made!(mv_view_overlaps(a, b)));
    assert_eq!([one, other], [c_int::from(expected); 2]);
}

#[test]
fn overlap_of_parts_of_one_block() {
    let (image, other) = (numbered(c"B", &[4, 6, 3], C), numbered(c"B", &[4], C));
    let part = |text| sliced(image, text);
    let (red, blue) = (part(c"..., 0"), part(c"..., 2"));
    let (left, right, top) = (part(c":, :3"), part(c":, 3:"), part(c":2"));
    let (even, odd) = (part(c"::2"), part(c"1::2"));
    let back = sliced(red, c"::-1, ::-1");
    for (a, b) in [(image, image), (image, blue), (left, top), (even, top), (back, red)] {
        check_meeting(a, b, true);
    }
    for (a, b) in [(red, blue), (left, right), (even, odd), (image, other), (back, blue)] {
        check_meeting(a, b, false);
    }
    drop_views([image, red, blue, left, right, top, even, odd, other, back]);
}

/// How many runs there are, and those from number `first` on, `capacity` at most.
fn runs(view: *const mv_view, first: usize, capacity: usize) -> (usize, Vec<mv_run>) {
    let (mut list, mut count) = (Vec::<mv_run>::with_capacity(capacity), 99);
    ok!(mv_view_runs(view, first, list.as_mut_ptr(), capacity, &raw mut count));
    // SAFETY: as many were written.
    unsafe { list.set_len(count.saturating_sub(first).min(capacity)) };
    (count, list)
}

#[test]
fn runs_for_scattered_output() {
    let view = numbered(c"h", &[4, 6], C);
    let base = buffer_of(view).buf.addr();
    let listed = |view: *mut mv_view, first, capacity| {
        let (count, list) = runs(view, first, capacity);
        (count, list.iter().map(|run| (run.data.addr() - base, run.length)).collect::<Vec<_>>())
    };
    let (part, back) = (sliced(view, c"1:3, 2:5"), sliced(view, c"::-1"));
    assert_eq!(listed(view, 0, 4), (1, vec![(0, 48)]));
    assert_eq!(listed(part, 0, 4), (2, vec![(16, 6), (28, 6)]));
    assert_eq!(listed(part, 1, 1), (2, vec![(28, 6)]));
    assert_eq!(listed(part, 0, 0), (2, vec![]));
    assert_eq!(listed(back, 0, 4), (4, vec![(36, 12), (24, 12), (12, 12), (0, 12)]));
    let mut count: usize = 99;
    ok!(mv_view_runs(part, 0, std::ptr::null_mut(), 0, &raw mut count));
    assert_eq!(count, 2);
    let (table, none) = (table_view(2, 3, 4), numbered(c"h", &[0], C));
    let (count, list) = runs(table, 0, 4);
    let bytes: Vec<u8> = list.iter().flat_map(|run| memory(run.data, run.length)).collect();
    assert_eq!((count, bytes), (3, (0..12).collect()));
    assert_eq!(runs(none, 0, 4).0, 0);
    drop_views([view, part, back, table, none]);
}
