//! `c-tests/test_geometry.c`: indexing by a list of items and by text.

use std::ffi::{CString, c_int};

use memview::{
    error::mv_status::{self, *},
    layout::{MV_INDEX_AT, MV_INDEX_SLICE, mv_index as Item},
    object::flags::MV_FULL_RO,
};

use crate::{calls::*, fixtures::*, harness::*};

const MAX: isize = isize::MAX;
const MIN: isize = isize::MIN;

/// `start:stop:step`
const fn step(first: isize, end: isize, by: isize) -> Item {
    Item::slice(Some(first), Some(end), Some(by))
}

const fn from(start: isize) -> Item {
    Item::slice(Some(start), None, None)
}

const fn to(stop: isize) -> Item {
    Item::slice(None, Some(stop), None)
}

#[test]
fn acceptance_012_slice_backwards() {
    let view = numbered(c"B", &[10], C);
    let slice = sliced(view, c"::-3");
    assert_eq!((shape(slice), strides(slice)), (vec![4], vec![-3]));
    assert_eq!(buffer_of(slice).buf.addr(), buffer_of(view).buf.addr() + 9);
    assert_eq!(items(slice), [9, 6, 3, 0]);
    drop_views([view, slice]);
}

#[test]
fn acceptance_013_greatest_step_on_bytes() {
    let view = numbered(c"B", &[3], C);
    let slice = index(view, &[Item::every(MAX)]).made();
    assert_eq!(items(slice), [0]);
    let back = index(view, &[Item::every(MIN)]).made();
    assert_eq!(items(back), [2]);
    drop_views([view, slice, back]);
}

#[test]
fn acceptance_014_greatest_step_on_wider_items() {
    let view = numbered(c"i", &[3], C);
    let slice = index(view, &[Item::every(MAX)]).made();
    assert_eq!(contiguous(slice), [1, 1, 1]);
    assert_eq!(items(slice), [0]);
    let b = acquire(as_object(slice), MV_FULL_RO);
    let (mut low, mut size) = (NO_DATA, 0);
    ok!(mv_buffer_extent(&raw const b, &raw mut low, &raw mut size));
    assert_eq!((low, size), (b.buf.cast_const(), size_of::<c_int>()));
    release(b);
    let again = index(slice, &[Item::every(MIN)]).made();
    assert_eq!(items(again), [0]);
    let last = index(view, &[step(2, 0, -MAX)]).made();
    assert_eq!(items(last), [2]);
    drop_views([view, slice, again, last]);
}

#[test]
fn acceptance_045_row_of_a_matrix() {
    let view = numbered(c"B", &[3, 4], C);
    let (row, last) = (sliced(view, c"0"), index(view, &[Item::at(-1)]).made());
    assert_eq!(shape(row), [4]);
    assert_eq!((items(row), items(last)), (vec![0, 1, 2, 3], vec![8, 9, 10, 11]));
    drop_views([view, row, last]);
}

#[test]
fn acceptance_046_column_by_ellipsis() {
    let view = numbered(c"B", &[3, 4], C);
    let (column, same) = (sliced(view, c"..., 1"), index(view, &[Item::ellipsis(), Item::at(1)]).made());
    assert_eq!(strides(column), [4]);
    assert_eq!((items(column), items(same)), (vec![1, 5, 9], vec![1, 5, 9]));
    drop_views([view, column, same]);
}

#[test]
fn acceptance_047_slices_in_two_dimensions() {
    let view = numbered(c"B", &[3, 4], C);
    let (part, same) = (sliced(view, c"1:3, 1:3"), index(view, &[Item::range(1, 3); 2]).made());
    assert_eq!((shape(part), strides(part)), (vec![2, 2], vec![4, 1]));
    assert_eq!((items(part), items(same)), (vec![5, 6, 9, 10], vec![5, 6, 9, 10]));
    drop_views([view, part, same]);
}

#[test]
fn acceptance_049_integer_on_no_dimensions() {
    let view = numbered(c"H", &[], C);
    assert_eq!(detail(&slice(view, c"0").refused(MV_E_TYPE)), (-1, -1, 1, 0));
    index(view, &[Item::at(0)]).refused(MV_E_TYPE);
    let mut item = 77;
    fails!(mv_view_get_i64(view, [0].as_ptr(), 1, &raw mut item), MV_E_TYPE);
    assert_eq!(item, 77);
    drop_views([view]);
}

#[test]
fn acceptance_050_index_beyond_every_integer() {
    let view = numbered(c"B", &[12], C);
    let error = slice(view, c"18446744073709551616").refused(MV_E_INDEX);
    assert_eq!((error.dim, error.limit), (0, 12));
    slice(view, c"-18446744073709551616").refused(MV_E_INDEX);
    slice(view, c"999999999999999999999999999999").refused(MV_E_INDEX);
    let all = sliced(view, c"-18446744073709551616:18446744073709551616:18446744073709551616");
    assert_eq!(items(all), [0]); // as bounds they are clamped
    drop_views([view, all]);
}

#[test]
fn acceptance_051_slice_of_the_first_dimension() {
    let view = numbered(c"B", &[3, 4], C);
    let (row, back) = (sliced(view, c"1:2"), sliced(view, c"::-1"));
    assert_eq!((shape(row), items(row)), (vec![1, 4], vec![4, 5, 6, 7]));
    assert_eq!((shape(back), strides(back)), (vec![3, 4], vec![-4, 1]));
    assert_eq!(items(back), [8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3]);
    drop_views([view, row, back]);
}

#[test]
fn acceptance_052_step_zero() {
    let view = numbered(c"B", &[3, 4], C);
    assert_eq!(slice(view, c"::0").refused(MV_E_VALUE).dim, 0);
    assert_eq!(index(view, &[Item::all(), Item::every(0)]).refused(MV_E_VALUE).dim, 1);
    drop_views([view]);
}

/// A slice of 0 1 2 3 4 5 6 7 8 9, as Python has it.
#[track_caller]
fn check_slice(item: Item, expected: &str) {
    let view = numbered(c"B", &[10], C);
    let slice = index(view, &[item]).made();
    let digits: String = items(slice).iter().map(ToString::to_string).collect();
    assert_eq!(digits, expected);
    // The pointer never leaves the memory, even where there is nothing to see.
    let begin = buffer_of(view).buf.addr();
    assert!((begin..=begin + 10).contains(&buffer_of(slice).buf.addr()));
    drop_views([view, slice]);
}

#[test]
fn slices_by_python_s_rules() {
    check_slice(Item::range(2, 5), "234");
    check_slice(Item::range(-3, -1), "78");
    check_slice(Item::range(8, 100), "89");
    check_slice(Item::range(-100, 2), "01");
    check_slice(Item::range(5, 5), "");
    check_slice(Item::range(7, 3), "");
    check_slice(Item::range(10, 20), "");
    check_slice(Item::range(100, 200), "");
    check_slice(from(7), "789");
    check_slice(from(-2), "89");
    check_slice(from(10), "");
    check_slice(to(3), "012");
    check_slice(to(-8), "01");
    check_slice(to(-10), "");
    check_slice(Item::all(), "0123456789");
    check_slice(Item::every(3), "0369");
    check_slice(Item::every(-4), "951");
    check_slice(Item::every(9), "09");
    check_slice(Item::every(10), "0");
    check_slice(step(1, 8, 3), "147");
    check_slice(step(8, 1, -3), "852");
    check_slice(step(8, -100, -3), "852");
    check_slice(step(100, 0, -4), "951");
    check_slice(step(1, 8, -1), "");
    check_slice(step(-100, -200, -1), "");
}

#[test]
fn bounds_at_the_ends_of_ptrdiff_t() {
    check_slice(Item::range(MIN, MAX), "0123456789");
    check_slice(Item::range(MAX, MIN), "");
    check_slice(step(MAX, MIN, -1), "9876543210");
    check_slice(step(MIN, MAX, MAX), "0");
    check_slice(step(MAX, MIN, MIN), "9");
    check_slice(step(MIN, MIN, MIN), "");
}

#[test]
fn integers_slices_ellipsis_and_newaxis_together() {
    let view = numbered(c"H", &[2, 3, 4], C);
    let a = index(view, &[Item::at(1), Item::ellipsis(), Item::every(-2)]).made();
    assert_eq!((shape(a), strides(a)), (vec![3, 2], vec![8, -4]));
    assert_eq!(items(a), [15, 13, 19, 17, 23, 21]);
    let b =
        index(view, &[Item::newaxis(), Item::all(), Item::at(-1), Item::newaxis(), Item::range(1, 3)]).made();
    assert_eq!((shape(b), items(b)), (vec![1, 2, 1, 2], vec![9, 10, 21, 22]));
    let c = index(view, &[Item::at(1), Item::at(2), Item::ellipsis(), Item::at(3)]).made();
    assert_eq!((shape(c), items(c)), (vec![], vec![23]));
    let same: *mut _ = made!(mv_view_index(view, std::ptr::null(), 0));
    assert_eq!(shape(same), [2, 3, 4]);
    drop_views([a, b, c, same]);
    let texts = [c"1, ..., ::-2", c"newaxis, :, -1, None, 1:3", c" ... "].map(|text| sliced(view, text));
    assert_eq!(items(texts[0]), [15, 13, 19, 17, 23, 21]);
    assert_eq!((shape(texts[1]), shape(texts[2])), (vec![1, 2, 1, 2], vec![2, 3, 4]));
    drop_views(texts);
    drop_views([view]);
}

#[test]
fn empty_dimensions_can_be_indexed() {
    let view = numbered(c"H", &[3, 0, 4], C);
    let part = sliced(view, c"1:, ::-1, 2");
    assert_eq!(shape(part), [2, 0]);
    assert_eq!(buffer_of(part).buf, buffer_of(view).buf);
    assert_eq!(detail(&slice(view, c":, 0").refused(MV_E_INDEX)), (1, -1, 0, 0));
    drop_views([view, part]);
}

#[test]
fn index_refuses() {
    let view = numbered(c"B", &[3, 4], C);
    let (many, one) = ([Item::newaxis(); 65], [Item::at(0)]);
    assert_eq!(index(NO_VIEW, &one).refused(MV_E_NULL).dim, 1);
    assert_eq!(refused!(mv_view_index(view, std::ptr::null(), 1), MV_E_NULL).dim, 2);
    assert_eq!(fails!(mv_view_index(view, one.as_ptr(), 1, std::ptr::null_mut()), MV_E_NULL).dim, 4);
    refused!(mv_view_index(view, many.as_ptr(), -1), MV_E_VALUE);
    index(view, &[Item::ellipsis(); 2]).refused(MV_E_VALUE);
    let unknown = |kind| Item { kind, ..Item::all() };
    assert_eq!(index(view, &[Item::all(), unknown(4)]).refused(MV_E_VALUE).value, 4);
    index(view, &[unknown(-1)]).refused(MV_E_VALUE);
    let error = index(view, &[Item::all(), Item::all(), Item::at(0)]).refused(MV_E_TYPE);
    assert_eq!(detail(&error), (-1, -1, 3, 2));
    let error = index(view, &[Item::all(), Item::at(4)]).refused(MV_E_INDEX);
    assert_eq!(detail(&error), (1, -1, 4, 4));
    index(view, &[Item::at(MIN)]).refused(MV_E_INDEX);
    index(view, &[Item::at(MAX)]).refused(MV_E_INDEX);
    assert_eq!(detail(&index(view, &many[..63]).refused(MV_E_LIMIT)), (-1, -1, 65, 64));
    let most = index(view, &many[..62]).made();
    assert_eq!(buffer_of(most).ndim, 64);
    drop_views([view, most]);
}

#[test]
fn slice_refuses() {
    let view = numbered(c"B", &[3, 4], C);
    slice(view, c"0, 0, 0").refused(MV_E_TYPE);
    slice(view, c"..., ...").refused(MV_E_VALUE);
    assert_eq!(slice(view, c"0, 1, 2:x").refused(MV_E_VALUE).position, 8);
    assert_eq!(detail(&slice(view, c":, -5").refused(MV_E_INDEX)), (1, -1, -5, 4));
    drop_views([view]);
}

#[test]
fn long_texts_fail_as_long_lists_do() {
    let view = numbered(c"B", &[3, 4], C);
    let check = |item: &str, times: u16, expected: mv_status| {
        let text = CString::new(format!("{item},").repeat(times.into())).expect("a text");
        let error = slice(view, &text).refused(expected);
        if expected == MV_E_TYPE {
            assert_eq!((error.value, error.limit), (times.into(), 2));
        } else {
            assert_eq!(error.limit, 64);
        }
    };
    check("newaxis", 63, MV_E_LIMIT);
    check("None", if cfg!(miri) { 66 } else { 200 }, MV_E_LIMIT);
    check("0", 3, MV_E_TYPE);
    check("0", 129, MV_E_TYPE);
    check("0", 130, MV_E_TYPE);
    check(":", if cfg!(miri) { 131 } else { 500 }, MV_E_TYPE);
    drop_views([view]);
}

/// Reads a text and compares it with the items expected.
#[track_caller]
fn check_parse(text: &str, expected: &[Item]) {
    let (mut items, mut count) = ([junk::<Item>(); 8], -1);
    let text = CString::new(text).expect("a text");
    ok!(mv_index_parse(text.as_ptr(), items.as_mut_ptr(), 8, &raw mut count));
    assert_eq!(count, c_int::try_from(expected.len()).expect("a few items"));
    for (item, expected) in items.iter().zip(expected) {
        assert_eq!(item.kind, expected.kind);
        if item.kind == MV_INDEX_SLICE {
            let known = |item: &Item| {
                [(1, item.start), (2, item.stop), (4, item.step)]
                    .map(|(bit, n)| (item.given & bit != 0).then_some(n))
            };
            assert_eq!(known(item), known(expected));
        } else if item.kind == MV_INDEX_AT {
            assert_eq!(item.start, expected.start);
        }
    }
}

#[test]
fn index_text_is_python_s() {
    assert_eq!(size_of::<Item>(), 8 + 3 * size_of::<isize>());
    check_parse("3", &[Item::at(3)]);
    check_parse("-3,+4", &[Item::at(-3), Item::at(4)]);
    check_parse("1:3, ..., ::-1", &[Item::range(1, 3), Item::ellipsis(), Item::every(-1)]);
    check_parse(":,1:,:2,::", &[Item::all(), from(1), to(2), Item::all()]);
    check_parse("1::2", &[Item::slice(Some(1), None, Some(2))]);
    check_parse(":-2:3", &[Item::slice(None, Some(-2), Some(3))]);
    check_parse("\t1 : 9 : - 2 ", &[step(1, 9, -2)]);
    check_parse("newaxis, None", &[Item::newaxis(), Item::newaxis()]);
    check_parse("None:None:None", &[Item::all()]);
    check_parse("0, ", &[Item::at(0)]); // Python's m[0,]
    check_parse("18446744073709551616, -18446744073709551617", &[Item::at(MAX), Item::at(MIN)]);
    check_parse("-99999999999999999999:99999999999999999999", &[Item::range(MIN, MAX)]);
}

#[test]
fn index_text_that_is_none() {
    let texts = [
        (&b"x"[..], 0),
        (b"1:3, x", 5),
        (b"1 2", 2),
        (b"1:2:3:4", 5),
        (b",", 0),
        (b"1,,2", 2),
        (b"-", 1),
        (b"1.5", 1),
        (b"..", 0),
        (b"....", 3),
        (b"1:-", 3),
        (b"(1)", 0),
        (b"0x10", 1),
        (b"nan", 0),
        (b"--1", 1),
        (b"\xff", 0),
    ];
    for (text, position) in texts {
        let (mut items, mut count) = ([junk::<Item>(); 8], -1);
        let text = CString::new(text).expect("a text");
        let error = fails!(mv_index_parse(text.as_ptr(), items.as_mut_ptr(), 8, &raw mut count), MV_E_VALUE);
        assert_eq!((error.position, count), (position, -1), "{text:?}");
    }
}

#[test]
fn index_parse_refuses() {
    let (mut two, mut count) = ([junk::<Item>(); 2], -1);
    let (items, none, out) = (two.as_mut_ptr(), std::ptr::null_mut(), &raw mut count);
    assert_eq!(fails!(mv_index_parse(NO_TEXT, items, 2, out), MV_E_NULL).dim, 1);
    assert_eq!(fails!(mv_index_parse(c"0".as_ptr(), none, 2, out), MV_E_NULL).dim, 2);
    assert_eq!(fails!(mv_index_parse(c"0".as_ptr(), items, 2, std::ptr::null_mut()), MV_E_NULL).dim, 4);
    fails!(mv_index_parse(c"0".as_ptr(), items, -1, out), MV_E_VALUE);
    let error = fails!(mv_index_parse(c"0, 1, 2".as_ptr(), items, 2, out), MV_E_LIMIT);
    assert_eq!(detail(&error), (-1, -1, 3, 2));
    fails!(mv_index_parse(c"0".as_ptr(), none, 0, out), MV_E_LIMIT);
    assert_eq!(count, -1);
    ok!(mv_index_parse(c"0, 1".as_ptr(), items, 2, &raw mut count));
    assert_eq!(count, 2);
}
