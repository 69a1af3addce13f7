//! `c-tests/test_fault_index.c`: indices, slices, axes, shapes and casts that lead outside.

use std::{
    cell::Cell,
    ffi::{CStr, c_int},
    ptr,
};

use memview::{error::mv_status::*, ffi::mv_view, layout::mv_index as Item};

use crate::{arguments::*, calls::*, chance::in_steps_of, fixtures::*, harness::*};

const MAX: isize = isize::MAX;
const MIN: isize = isize::MIN;
const TWELVE: [u8; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

type Bytes = Placed<Cell<[u8; 12]>>;

/// The bytes as 3 rows of 4.
fn begin() -> (Bytes, *mut mv_view) {
    let bytes = placed(TWELVE);
    let view = wrapped(bytes.address(), c"B", &[3, 4]);
    (bytes, view)
}

fn in_a_row() -> (Bytes, *mut mv_view) {
    let bytes = placed(TWELVE);
    let view = wrapped(bytes.address(), c"B", &[12]);
    (bytes, view)
}

/// How far into the bytes a view begins; never outside.
#[track_caller]
fn offset(bytes: &Bytes, view: *const mv_view) -> usize {
    let offset = buffer_of(view).buf.addr().wrapping_sub(bytes.address().addr());
    assert!(offset <= TWELVE.len());
    offset
}

#[track_caller]
fn check_out_of_bounds(view: *mut mv_view, at: [isize; 2], dim: u8) {
    let (mut item, one) = (junk(), scalar_int(1));
    let (mut i, mut u, mut f, mut pointer) = (55, 55, 55.0, ptr::dangling_mut());
    let (before, place) = (pointer, at.as_ptr());
    fails!(mv_view_get(view, place, 2, &raw mut item), MV_E_INDEX);
    fails!(mv_view_get_i64(view, place, 2, &raw mut i), MV_E_INDEX);
    fails!(mv_view_get_u64(view, place, 2, &raw mut u), MV_E_INDEX);
    fails!(mv_view_get_f64(view, place, 2, &raw mut f), MV_E_INDEX);
    fails!(mv_view_set(view, place, 2, &raw const one), MV_E_INDEX);
    fails!(mv_view_set_i64(view, place, 2, 1), MV_E_INDEX);
    fails!(mv_view_set_u64(view, place, 2, 1), MV_E_INDEX);
    fails!(mv_view_set_f64(view, place, 2, 1.0), MV_E_INDEX);
    fails!(mv_buffer_pointer(call!(mv_view_buffer(view)), place, 2, &raw mut pointer), MV_E_INDEX);
    let error = index(view, &at.map(Item::at)).refused(MV_E_INDEX);
    let dimension = usize::from(dim);
    let (value, limit) = (at[dimension] as i64, shape(view)[dimension] as i64);
    assert_eq!(detail(&error), (dim.into(), -1, value, limit));
    assert_eq!((item.kind, i, u, f.to_bits(), pointer), (junk(), 55, 55, 55_f64.to_bits(), before));
}

#[test]
fn fault_028_index_out_of_bounds() {
    let (bytes, view) = begin();
    for row in [-4, 3, MIN, MAX, MIN + 1, MAX - 2] {
        check_out_of_bounds(view, [row, 0], 0);
    }
    for column in [-5, 4, MIN, MAX, MIN + 4] {
        check_out_of_bounds(view, [0, column], 1);
    }
    check_out_of_bounds(view, [-4, -5], 0);
    assert_eq!(bytes.get(), TWELVE);
    drop_views([view]);
}

/// CPython's order of checks: released, read-only, number of indices, bounds, and the value last.
#[test]
fn fault_028_bounds_before_the_value_and_after_read_only() {
    let (_bytes, view) = begin();
    let outside = [3, 0].as_ptr();
    fails!(mv_view_set_i64(view, outside, 2, 256), MV_E_INDEX);
    fails!(mv_view_set_i64(view, outside, 1, 256), MV_E_TYPE);
    let fixed = toreadonly(view).made();
    fails!(mv_view_set_i64(fixed, outside, 2, 1), MV_E_READONLY);
    fails!(mv_view_set_f64(fixed, outside, 2, 1.0), MV_E_READONLY);
    ok!(mv_view_release(fixed));
    fails!(mv_view_set_i64(fixed, outside, 2, 1), MV_E_RELEASED);
    drop_views([fixed, view]);
}

#[test]
fn fault_028_index_at_the_bounds() {
    let (_bytes, view) = begin();
    assert_eq!((get_i64(view, &[-3, -4]), get_i64(view, &[2, 3])), (0, 11));
    drop_views([view]);
}

#[test]
fn fault_028_index_of_an_empty_dimension() {
    let view = wrapped(ptr::null_mut(), c"B", &[0, 4]);
    check_out_of_bounds(view, [0, 0], 0);
    check_out_of_bounds(view, [-1, 0], 0);
    drop_views([view]);
    let view = wrapped(ptr::null_mut(), c"B", &[4, 0]);
    check_out_of_bounds(view, [3, 0], 1);
    drop_views([view]);
}

#[test]
fn fault_028_index_as_a_text() {
    let (_bytes, view) = begin();
    for text in [
        c"3",
        c"-4",
        c"0, 4",
        c"0, -5",
        c"99999999999999999999999",
        c"-99999999999999999999999",
        c"9223372036854775808",
        c"...,4",
    ] {
        slice(view, text).refused(MV_E_INDEX);
    }
    drop_views([view]);
}

#[test]
fn fault_029_step_0() {
    let (_bytes, view) = begin();
    let zero = |start, stop| Item::slice(Some(start), Some(stop), Some(0));
    assert_eq!(index(view, &[Item::every(0)]).refused(MV_E_VALUE).dim, 0);
    assert_eq!(index(view, &[Item::all(), zero(0, 0)]).refused(MV_E_VALUE).dim, 1);
    index(view, &[Item::ellipsis(), zero(MAX, MIN)]).refused(MV_E_VALUE);
    slice(view, c"::0").refused(MV_E_VALUE);
    slice(view, c"5:5:-0").refused(MV_E_VALUE);
    drop_views([view]);
    let view = wrapped(ptr::null_mut(), c"B", &[0]);
    slice(view, c"::0").refused(MV_E_VALUE);
    drop_views([view]);
}

/// One item remains, the first in the direction of the step; or the size is refused.
#[track_caller]
fn check_giant_step(bytes: &Bytes, answer: Answer, expected: u8) {
    if answer.code.0 == MV_E_OVERFLOW as i32 {
        answer.refused(MV_E_OVERFLOW);
        return;
    }
    let view = answer.made();
    assert_eq!((items(view), offset(bytes, view)), (vec![expected.into()], expected.into()));
    drop_views([view]);
}

#[test]
fn fault_030_step_of_ptrdiff_min() {
    let (bytes, view) = in_a_row();
    let from = |start| Item::slice(Some(start), Some(MIN), Some(MIN));
    check_giant_step(&bytes, index(view, &[Item::every(MIN)]), 11);
    check_giant_step(&bytes, index(view, &[Item::every(MIN + 1)]), 11);
    check_giant_step(&bytes, index(view, &[from(5)]), 5);
    check_giant_step(&bytes, index(view, &[from(MAX)]), 11);
    check_giant_step(&bytes, slice(view, c"::-9223372036854775808"), 11);
    check_giant_step(&bytes, slice(view, c"::-99999999999999999999999"), 11);
    drop_views([view]);
}

#[test]
fn fault_030_step_of_ptrdiff_max() {
    let (bytes, view) = in_a_row();
    let from = |start| Item::slice(Some(start), Some(MAX), Some(MAX));
    check_giant_step(&bytes, index(view, &[Item::every(MAX)]), 0);
    check_giant_step(&bytes, index(view, &[from(7)]), 7);
    check_giant_step(&bytes, index(view, &[from(MIN)]), 0);
    drop_views([view]);
}

/// A giant step on items of several bytes, sliced again and again: no product of strides may wrap.
#[test]
fn fault_030_giant_steps_one_after_another() {
    let bytes = placed(TWELVE);
    let mut view = wrapped(bytes.address(), c"I", &[3]);
    for step in [MAX, MIN, MAX / 2 + 1, -1, MIN + 1, MAX - 1] {
        let next = index(view, &[Item::every(step)]).made();
        drop_views([view]);
        view = next;
        assert_eq!(
            (shape(view), contiguous(view)[0], read(view)),
            (vec![1], 1, memory(buffer_of(view).buf, 4))
        );
    }
    assert_eq!(offset(&bytes, view), 0);
    drop_views([view]);
}

/// The slice in Python's own words: every position that the rules of `slice.indices` name.
fn expected_slice(length: isize, first: Option<isize>, end: Option<isize>, by: isize) -> Vec<i64> {
    let (low, high) = if by > 0 { (0, length) } else { (-1, length - 1) };
    let clip = |bound: isize| {
        let counted = if bound < 0 { bound.saturating_add(length) } else { bound };
        counted.clamp(low, high)
    };
    let (lowest, highest) = if by > 0 { (low, high) } else { (high, low) };
    let (from, to) = (first.map_or(lowest, clip), end.map_or(highest, clip));
    let positions = std::iter::successors(Some(from), |at| Some(at + by));
    positions.take_while(|at| if by > 0 { *at < to } else { *at > to }).map(|at| at as i64).collect()
}

#[test]
fn fault_031_slice_bounds_are_clipped() {
    let known = [MIN, MIN + 1, MIN + 4, -6, -5, -4, -1, 0, 1, 4, 5, 6, MAX - 4, MAX - 1, MAX];
    let bounds: Vec<Option<isize>> = known.into_iter().map(Some).chain([None]).collect();
    let bytes = placed(TWELVE);
    for length in [0, 1, 5] {
        let view = wrapped(bytes.address(), c"B", &[length]);
        for n in (0..8 * 256).step_by(in_steps_of(293)) {
            let (first, end, by) =
                (bounds[n % 16], bounds[n / 16 % 16], [1, 2, 5, 6, -1, -2, -5, -6][n / 256]);
            let part = index(view, &[Item::slice(first, end, Some(by))]).made();
            assert_eq!(items(part), expected_slice(length, first, end, by), "{first:?}:{end:?}:{by}");
            assert!(offset(&bytes, part) <= length.cast_unsigned());
            drop_views([part]);
        }
        drop_views([view]);
    }
}

#[test]
fn fault_031_slice_bounds_beyond_ptrdiff_as_a_text() {
    let (_bytes, view) = begin();
    let a = sliced(view, c"-99999999999999999999:99999999999999999999, 1:9223372036854775808");
    assert_eq!(items(a), [1, 2, 3, 5, 6, 7, 9, 10, 11]);
    let b = sliced(view, c"99999999999999999999:-99999999999999999999:-2, 0");
    assert_eq!(items(b), [8, 0]);
    drop_views([a, b, view]);
}

/// Empty slices keep their address inside the memory or at its end, wherever their bounds point.
#[test]
fn fault_032_empty_slices_stay_inside() {
    let (bytes, view) = in_a_row();
    let texts = [
        c"12:",
        c"5:5",
        c"100:",
        c"3:1",
        c"-100:-50",
        c"0:0:-1",
        c"1:5:-1",
        c"12:12",
        c"11:11:-1",
        c"5:5, None",
        c"..., 7:3:2",
    ];
    let far = index(view, &[Item::slice(Some(MAX), Some(MAX), Some(MAX))]).made();
    for part in texts.into_iter().map(|text| sliced(view, text)).chain([far]) {
        assert_eq!(buffer_of(part).len, 0);
        let again = sliced(part, c"::-1");
        offset(&bytes, part);
        offset(&bytes, again);
        drop_views([again, part]);
    }
    drop_views([view]);
}

#[test]
fn fault_032_empty_slice_of_an_empty_dimension() {
    let view = text_view("");
    for text in [c":", c"::-1", c"1:", c":0", c"-1:", c"5:1:-1", c"::2", c"None"] {
        let part = sliced(view, text);
        assert_eq!((buffer_of(part).buf, buffer_of(part).len), (buffer_of(view).buf, 0));
        drop_views([part]);
    }
    drop_views([view]);
    let bytes = placed(TWELVE);
    let view = wrapped(bytes.address(), c"B", &[3, 0]);
    let back = sliced(view, c"::-1, ::-1"); // 3 rows without bytes lead nowhere
    offset(&bytes, back);
    let row = sliced(view, c"2");
    assert_eq!(buffer_of(row).len, 0);
    drop_views([back, row, view]);
}

#[test]
fn fault_033_more_indices_than_dimensions() {
    let (_bytes, view) = begin();
    let (zeros, mut value, mut at) = ([0; 3].as_ptr(), 0, ptr::null_mut());
    let error = index(view, &[Item::at(0); 3]).refused(MV_E_TYPE);
    assert_eq!((error.value, error.limit), (3, 2));
    index(view, &[Item::all(), Item::ellipsis(), Item::all(), Item::all()]).refused(MV_E_TYPE);
    slice(view, c"0, 0, 0").refused(MV_E_TYPE);
    fails!(mv_view_get_i64(view, zeros, 3, &raw mut value), MV_E_TYPE);
    fails!(mv_view_get_i64(view, zeros, 1, &raw mut value), MV_E_TYPE);
    fails!(mv_view_get_i64(view, ptr::null(), 0, &raw mut value), MV_E_TYPE);
    fails!(mv_buffer_pointer(call!(mv_view_buffer(view)), zeros, 3, &raw mut at), MV_E_TYPE);
    fails!(mv_buffer_pointer(call!(mv_view_buffer(view)), zeros, 1, &raw mut at), MV_E_TYPE);
    let [all, new] = [Item::all(), Item::newaxis()];
    let more = index(view, &[new, all, Item::ellipsis(), all, new]).made();
    assert_eq!(buffer_of(more).ndim, 4);
    drop_views([more, view]);
    let bytes = placed(TWELVE);
    let scalar = wrapped(bytes.address(), c"B", &[]);
    index(scalar, &[all]).refused(MV_E_TYPE);
    slice(scalar, c"0").refused(MV_E_TYPE);
    drop_views([scalar]);
}

#[test]
fn fault_033_items_that_are_none() {
    let (_bytes, view) = begin();
    let unknown = |kind| Item { kind, ..Item::all() };
    assert_eq!(index(view, &[unknown(4)]).refused(MV_E_VALUE).value, 4);
    index(view, &[unknown(-1)]).refused(MV_E_VALUE);
    index(view, &[Item::ellipsis(); 2]).refused(MV_E_VALUE);
    index(view, &[Item::all(); 300]).refused(MV_E_TYPE);
    slice(view, c"...,...").refused(MV_E_VALUE);
    drop_views([view]);
}

#[test]
fn fault_034_axes_that_are_no_permutation() {
    let (_bytes, view) = begin();
    let wrong = [[0, 0], [1, 1], [0, -2], [-1, 1], [0, 2], [-3, 0], [c_int::MIN, 0], [0, c_int::MAX]];
    for axes in wrong.iter().map(|axes| &axes[..]).chain([&[0, 1, 2][..], &[0], &[]]) {
        transpose(view, axes).refused(MV_E_VALUE);
    }
    let turned = transpose(view, &[-1, -2]).made();
    assert_eq!(shape(turned), [4, 3]);
    drop_views([turned, view]);
}

#[test]
fn fault_035_reshape_that_needs_a_copy() {
    let (bytes, view) = begin();
    let columns = sliced(view, c":, 0:3");
    reshape(columns, &[9], C).refused(MV_E_UNSUPPORTED);
    reshape(columns, &[-1], A).refused(MV_E_UNSUPPORTED);
    let turned = turned(view).made();
    reshape(turned, &[12], C).refused(MV_E_UNSUPPORTED);
    reshape(turned, &[2, 6], C).refused(MV_E_UNSUPPORTED);
    let flat = reshape(turned, &[12], F).made();
    assert_eq!(offset(&bytes, flat), 0);
    let back = sliced(view, c"::-1");
    reshape(back, &[12], C).refused(MV_E_UNSUPPORTED);
    let cube = reshape(back, &[3, 2, 2], C).made();
    assert_eq!(items(cube), [8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3]);
    reshape(back, &[5, 2], C).refused(MV_E_SHAPE);
    drop_views([columns, turned, flat, back, cube, view]);
}

#[test]
fn fault_036_cast_between_two_formats_that_are_no_bytes() {
    let floats = placed([1.0_f32, 2.0]);
    let view = wrapped(floats.address(), c"f", &[2]);
    let [word, scalar] = [cast(view, c"I"), cast_to(view, c"Q", &[])].map(Answer::made);
    let second: u64 = made!(mv_view_get_u64(word, [1].as_ptr(), 1));
    assert_eq!((second, buffer_of(scalar).ndim), (2.0_f32.to_bits().into(), 0));
    let f = cast_in(view, Some(c"h"), Some(&[2, 2]), F).made();
    assert_eq!(strides(f), [2, 4]);
    cast_to(view, c"I", &[3]).refused(MV_E_TYPE);
    cast_to(view, c"d", &[2]).refused(MV_E_TYPE);
    drop_views([word, scalar, f, view]);
}

/// libpng #457 and its kin: a size less an offset that is greater.
#[test]
fn libpng_457_size_minus_offset_underflows() {
    let object = counting_bytearray(4);
    let (x, most) = (CStr::as_ptr(c"x").cast(), usize::MAX);
    for (at, removed, length, new) in [
        (5, 0, 1, x),
        (3, 2, 0, NO_DATA),
        (4, 1, 0, NO_DATA),
        (most, 1, 1, x),
        (1, most, 1, x),
        (most, most, 0, NO_DATA),
    ] {
        let error = fails!(mv_bytearray_splice(object, at, removed, new, length), MV_E_INDEX);
        assert!(at != 5 || (error.value, error.limit) == (5, 4));
    }
    assert_eq!(content(object), [0, 1, 2, 3]);
    unref(object);
}
