//! `c-tests/test_bulk.c`: copy and fill.

use std::ffi::{c_int, c_long, c_longlong};

use memview::{error::mv_status::*, ffi::mv_view};

use crate::{
    arguments::*,
    calls::*,
    chance::in_steps_of,
    fixtures::*,
    harness::*,
    table::{table_view, tables_alive},
};

#[track_caller]
fn copy(to: *mut mv_view, from: *const mv_view) {
    ok!(mv_view_copy(to, from));
}

#[test]
fn acceptance_011_zero_stride() {
    let byte = placed([7_u8]);
    let description = described(byte.address(), c"B", 1, &[4], &[0]);
    let none = std::ptr::null_mut();
    let view = view_taking(made!(mv_memory_describe(&raw const description, byte.address(), 1, None, none)));
    let source = view_taking(bytes_of(&[1, 2, 3, 4]));
    assert_eq!((buffer_of(view).len, contiguous(view)), (4, [0, 0, 0]));
    assert_eq!(items(view), [7; 4]);
    set_i64(view, &[2], 9);
    assert_eq!(items(view), [9; 4]);
    copy(view, source);
    assert_eq!(items(view), [4; 4]);
    write(view, C, &[5, 6, 7, 8]);
    assert_eq!(items(view), [8; 4]);
    drop_views([view, source]);
}

#[test]
fn acceptance_063_copy_of_another_length() {
    let (view, one) = (text_view("abcd"), view_taking(bytes_of(b"X")));
    let two = sliced(view, c":2");
    assert_eq!(detail(&fails!(mv_view_copy(two, one), MV_E_SHAPE)), (0, -1, 2, 1));
    assert_eq!(items(view), numbers(b"abcd"));
    drop_views([view, two, one]);
}

#[test]
fn acceptance_064_overlapping_copy() {
    let view = text_view("abcdefgh");
    let (to, from) = (sliced(view, c"1:5"), sliced(view, c"0:4"));
    copy(to, from);
    assert_eq!(read(view), b"aabcdfgh");
    copy(from, to); // and back
    assert_eq!(read(view), b"abcddfgh");
    drop_views([view, to, from]);
}

#[test]
fn acceptance_065_copy_of_the_reverse() {
    for text in ["a", "ab", "abcde", "abcdefghijklmnopqrstuvwxyz"] {
        let view = text_view(text);
        let back = sliced(view, c"::-1");
        copy(view, back);
        assert_eq!(read(view), text.bytes().rev().collect::<Vec<u8>>());
        copy(back, view);
        assert_eq!(read(view), text.as_bytes());
        drop_views([view, back]);
    }
}

#[test]
fn acceptance_066_copy_into_every_other_item() {
    let (view, from) = (text_view("abcdefgh"), view_taking(bytes_of(b"1234")));
    let to = sliced(view, c"::2");
    copy(to, from);
    assert_eq!(read(view), b"1b2d3f4h");
    drop_views([view, to, from]);
}

#[test]
fn acceptance_068_copy_between_spellings_of_a_format() {
    let (view, source) = (text_view("abcd"), text_view("wxyz"));
    let spelt = cast(source, c"@B").made();
    copy(view, spelt);
    assert_eq!(items(view), numbers(b"wxyz"));
    set_i64(view, &[0], i64::from(b'a'));
    copy(spelt, view);
    assert_eq!(items(source), numbers(b"axyz"));
    drop_views([view, source, spelt]);
}

#[test]
fn acceptance_069_copy_of_other_dimensions() {
    let (flat, other, one) = (text_view("abcd"), text_view("wxyz"), text_view("a"));
    let (square, scalar) = (cast_to(other, c"B", &[2, 2]).made(), cast_to(one, c"B", &[]).made());
    for (to, from) in [(flat, square), (square, flat), (one, scalar), (scalar, one)] {
        fails!(mv_view_copy(to, from), MV_E_SHAPE);
    }
    assert_eq!((items(flat), items(square)), (numbers(b"abcd"), numbers(b"wxyz")));
    copy(scalar, scalar);
    drop_views([flat, other, square, scalar, one]);
}

#[test]
fn acceptance_070_copy_of_nothing() {
    let (empty, none, one) = (text_view(""), text_view(""), text_view("a"));
    copy(empty, none);
    fails!(mv_view_copy(empty, one), MV_E_SHAPE);
    fails!(mv_view_copy(one, empty), MV_E_SHAPE);
    assert_eq!(items(one), numbers(b"a"));
    drop_views([empty, none, one]);
}

#[test]
fn acceptance_071_overlapping_copy_of_two_dimensions() {
    let view = numbered(c"B", &[3, 4], C);
    let (to, from) = (sliced(view, c"1:, :"), sliced(view, c":-1, :"));
    copy(to, from);
    assert_eq!(items(view), [0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7]);
    drop_views([view, to, from]);
    let view = numbered(c"B", &[3, 4], C);
    let (to, from) = (sliced(view, c":-1, 1:"), sliced(view, c"1:, :-1"));
    copy(to, from);
    assert_eq!(items(view), [0, 4, 5, 6, 4, 8, 9, 10, 8, 9, 10, 11]);
    drop_views([view, to, from]);
}

/// Every pair of views of one 5 x 5 block with the same shape, against a copy through a temporary.
#[test]
fn overlapping_copies_are_as_if_through_a_temporary() {
    let texts = [
        c"0:3, 0:3",
        c"1:4, 1:4",
        c"2:5, 0:3",
        c"0:3, 2:5",
        c"2::-1, 0:3",
        c"1:4, ::-2",
        c"::2, 1:4",
        c"::-2, ::-2",
        c"::2, ::2",
        c"4:1:-1, ::2",
        c"1:4, 3:0:-1",
        c"3:0:-1, 4:1:-1",
    ];
    let formats = [c"B", c"h", c"i", c"q"];
    for n in (0..4 * 144).step_by(in_steps_of(151)) {
        let view = numbered(formats[n / 144], &[5, 5], C);
        let (to, from) = (sliced(view, texts[n / 12 % 12]), sliced(view, texts[n % 12]));
        let source = if n % 2 == 0 { call!(mv_view_ref(from)) } else { turned(from).made() };
        let mut expected: Vec<i64> = (0..25).collect();
        let block = buffer_of(view);
        let target = buffer_of(to);
        for (place, item) in indices(&[3, 3]).iter().zip(items(source)) {
            let offset = item_address(&target, place).addr() - block.buf.addr();
            expected[offset / block.itemsize.cast_unsigned()] = item;
        }
        copy(to, source);
        assert_eq!(items(view), expected, "{:?} of {:?}", texts[n / 12 % 12], texts[n % 12]);
        drop_views([view, to, from, source]);
    }
}

#[test]
fn copy_between_layouts_and_tables() {
    let back_to_front: Vec<i64> = (0..12).rev().collect();
    let layouts = [|| numbered(c"B", &[3, 4], C), || numbered(c"B", &[3, 4], F), || table_view(2, 3, 4)];
    for n in (0..9).step_by(in_steps_of(5)) {
        let (to, from) = (layouts[n / 3](), layouts[n % 3]());
        let back = sliced(from, c"::-1, ::-1");
        copy(to, back);
        assert_eq!(items(to), back_to_front);
        assert_eq!(items(from), (0..12).collect::<Vec<i64>>());
        drop_views([to, from, back]);
    }
    let table = table_view(2, 3, 4);
    let back = sliced(table, c"::-1, ::-1");
    copy(table, back); // over itself, through the pointers
    assert_eq!(items(table), back_to_front);
    drop_views([table, back]);
    assert_eq!(tables_alive(), 0);
}

#[test]
fn copy_refuses() {
    let (view, wide) = (text_view("abcd"), numbered(c"i", &[1], C));
    let [b, c, i, f] = [c"b", c"c", c"I", c"f"].map(|format| cast(view, format).made());
    assert_eq!(fails!(mv_view_copy(NO_VIEW, view), MV_E_NULL).dim, 1);
    assert_eq!(fails!(mv_view_copy(view, NO_VIEW), MV_E_NULL).dim, 2);
    for (to, from) in [(view, b), (view, c), (wide, i), (wide, f)] {
        fails!(mv_view_copy(to, from), MV_E_FORMAT);
    }
    assert_eq!((items(wide), items(view)), (vec![0], numbers(b"abcd")));
    drop_views([view, b, c, i, f, wide]);
}

#[test]
fn copy_between_formats_of_one_layout() {
    let other = if size_of::<c_long>() == size_of::<c_longlong>() { c"q" } else { c"i" };
    let (to, from) = (numbered(c"l", &[3], C), numbered(other, &[3], C));
    let back = sliced(from, c"::-1");
    copy(to, back);
    assert_eq!(items(to), [2, 1, 0]);
    drop_views([to, from, back]);
}

#[test]
fn fill_writes_one_value_to_all_items() {
    let view = numbered(c"h", &[3, 4], C);
    let (part, none) = (sliced(view, c"::2, 1::2"), sliced(view, c"1:1"));
    fill(part, scalar_int(-7));
    assert_eq!(items(view), [0, -7, 2, -7, 4, 5, 6, 7, 8, -7, 10, -7]);
    fill(view, scalar_int(-7));
    assert_eq!(items(view), [-7; 12]);
    let great = scalar_int(40000);
    fails!(mv_view_fill(view, &raw const great), MV_E_RANGE);
    fails!(mv_view_fill(none, &raw const great), MV_E_RANGE);
    fill(none, scalar_uint(1));
    assert_eq!(items(view), [-7; 12]);
    drop_views([view, part, none]);
    let view = numbered(c"?", &[3], C);
    fill(view, scalar_float(2.5));
    assert_eq!(items(view), [1, 1, 1]);
    drop_views([view]);
    let view = numbered(c"q", &[], C);
    fill(view, scalar_int(i64::MIN));
    assert_eq!(items(view), [i64::MIN]);
    drop_views([view]);
}

/// Items of every size, next to each other, apart, backwards and unaligned.
#[test]
fn fill_of_every_size() {
    let formats = [(c"B", 1), (c"h", 2), (c"i", size_of::<c_int>()), (c"q", 8)];
    let texts = [c":", c"::2", c"::-3"];
    for n in (0..4 * 3).step_by(in_steps_of(5)) {
        let ((format, size), text) = (formats[n / 3], texts[n % 3]);
        let bytes = view_taking(bytearray_of(&vec![0; 1 + 4 * size]));
        let unaligned = sliced(bytes, c"1:");
        let all = cast(unaligned, format).made();
        let part = sliced(all, text);
        fill(part, scalar_int(0x55));
        assert!(items(part).iter().all(|item| *item == 0x55));
        let filled = items(all).iter().filter(|item| **item != 0).count();
        assert_eq!((filled, read(bytes)[0]), (items(part).len(), 0));
        drop_views([bytes, unaligned, all, part]);
    }
}

#[test]
fn fill_refuses() {
    let view = text_view("abcd");
    let c = cast(view, c"c").made();
    let (value, real, two) = (scalar_int(1), scalar_float(1.0), scalar_bytes(b"xy"));
    assert_eq!(fails!(mv_view_fill(NO_VIEW, &raw const value), MV_E_NULL).dim, 1);
    assert_eq!(fails!(mv_view_fill(view, std::ptr::null()), MV_E_NULL).dim, 2);
    fails!(mv_view_fill(view, &raw const real), MV_E_TYPE);
    fails!(mv_view_fill(c, &raw const value), MV_E_TYPE);
    fails!(mv_view_fill(c, &raw const two), MV_E_VALUE);
    assert_eq!(items(view), numbers(b"abcd"));
    drop_views([view, c]);
}
