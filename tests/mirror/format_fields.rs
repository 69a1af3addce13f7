//! `c-tests/test_format_fields.c`: parsed formats, their values one by one, their texts, what is equal.

use std::{
    ffi::{CStr, c_int, c_long, c_longlong, c_short},
    mem::offset_of,
    ptr,
};

use memview::{
    error::mv_status::*,
    ffi::{
        MV_ARRAY, MV_BOOL, MV_BYTES, MV_COMPLEX, MV_FLOAT, MV_INT, MV_OPAQUE, MV_POINTER, MV_RECORD, MV_TEXT,
        MV_UINT, mv_field, mv_format,
    },
};

use crate::{fixtures::*, formats::*, harness::*};

const NO_FORMAT: *mut mv_format = ptr::null_mut();

#[track_caller]
fn equal(a: &CStr, b: &CStr) -> bool {
    let (left, right) = (parsed(a), parsed(b));
    let answer = call!(mv_format_equal(left, right));
    assert_eq!(call!(mv_format_equal(right, left)), answer);
    assert_eq!(call!(mv_format_equal(left, left)), 1);
    drop_formats([left, right]);
    answer == 1
}

fn kind(format: *const mv_format) -> c_int {
    call!(mv_format_kind(format))
}

#[track_caller]
fn at(format: *const mv_format, number: usize) -> mv_field {
    made!(mv_format_field_at(format, number))
}

fn name(field: &mv_field) -> Option<String> {
    text(field.name)
}

fn dims(field: &mv_field) -> Vec<isize> {
    entries(field.shape, field.ndim)
}

#[repr(C)]
struct Point {
    x: f32,
    y: f32,
}
#[repr(C)]
struct Sample {
    tag: u8,
    at: Point,
    grid: [[c_short; 3]; 2],
    weight: f64,
}
const SAMPLE: &CStr = c"T{B:tag:T{f:x:f:y:}:at:(2,3)h:grid:d:weight:}";

fn signed(size: usize) -> isize {
    size.cast_signed()
}

#[test]
fn fields_lie_where_the_compiler_puts_them() {
    let format = parsed(SAMPLE);
    assert_eq!(call!(mv_format_itemsize(format)), signed(size_of::<Sample>()));
    assert_eq!((kind(format), call!(mv_format_field_count(format))), (MV_RECORD, 4));
    let tag = at(format, 0);
    assert_eq!((name(&tag).as_deref(), tag.offset, tag.itemsize), (Some("tag"), 0, 1));
    assert_eq!((tag.shape, tag.ndim, kind(tag.format)), (ptr::null(), 0, MV_UINT));
    let grid = at(format, 2);
    assert_eq!((name(&grid).as_deref(), grid.offset), (Some("grid"), signed(offset_of!(Sample, grid))));
    assert_eq!((grid.itemsize, dims(&grid), kind(grid.format)), (2, vec![2, 3], MV_INT));
    let mut field = at(format, 3);
    assert_eq!(field.offset, signed(offset_of!(Sample, weight)));
    let error = fails!(mv_format_field_at(format, 4, &raw mut field), MV_E_INDEX);
    assert_eq!(detail(&error), (-1, -1, 4, 4));
    fails!(mv_format_field_at(format, usize::MAX, &raw mut field), MV_E_INDEX);
    assert_eq!(name(&field).as_deref(), Some("weight")); // untouched
    drop_formats([format]);
}

#[test]
fn paths_lead_to_fields_within_fields() {
    let format = parsed(SAMPLE);
    let y = field(format, c"at.y");
    assert_eq!((name(&y).as_deref(), kind(y.format)), (Some("y"), MV_FLOAT));
    assert_eq!(y.offset, signed(offset_of!(Sample, at) + offset_of!(Point, y)));
    let last = field(format, c"grid[1,2]");
    assert_eq!((last.offset, last.ndim), (signed(offset_of!(Sample, grid) + 5 * size_of::<c_short>()), 0));
    assert_eq!(field(format, c"[1].x").offset, signed(offset_of!(Sample, at)));
    let mut whole = field(format, c"");
    assert_eq!((whole.offset, whole.itemsize), (0, signed(size_of::<Sample>())));
    for (path, place) in [
        (c"no", 0),
        (c"at.z", 3),
        (c"at.", 3),
        (c"at..x", 3),
        (c"grid[1]", 4),
        (c"grid[1,3]", 4),
        (c"grid[1,2,0]", 4),
        (c"grid[-1,0]", 4),
        (c"grid[1,2", 4),
        (c"[4]", 0),
        (c"[]", 0),
        (c".at", 0),
        (c"tag.x", 4),
        (c"tag[0]", 3),
        (c"at]", 0),
        (c"grid[1,2]x", 9),
        (c"[99999999999999999999]", 0),
    ] {
        let error = fails!(mv_format_field(format, path.as_ptr(), &raw mut whole), MV_E_NOT_FOUND);
        assert_eq!(error.position, place, "{path:?}");
    }
    drop_formats([format]);
}

#[test]
fn names_of_all_kinds() {
    let format = parsed(c"T{<i::h:a:b:a:q:\xc3\xa4 {}:x:pad:}");
    assert_eq!(call!(mv_format_field_count(format)), 5);
    assert_eq!(name(&at(format, 0)).as_deref(), Some(""));
    assert_eq!(field(format, c"a").offset, 4); // the first of them
    assert_eq!(field(format, c"\xc3\xa4 {}").offset, 7);
    let padding = at(format, 4);
    assert_eq!((name(&padding).as_deref(), kind(padding.format)), (Some("pad"), MV_OPAQUE));
    drop_formats([format]);
}

#[test]
fn names_that_are_not_utf8() {
    let whole = c"T{T{h:\xff:b:\xc3:}:\xe9:}";
    let format = parsed(whole);
    assert_eq!(written(format), whole.to_bytes());
    assert_eq!(numpy_of(format), own(r"[('\udce9', [('\udcff', '<i2'), ('\udcc3', '|i1'), ('', '|V1')])]"));
    let all = view_taking(array_of(whole, &[2], C));
    let part = made!(mv_view_field(all, c"\xe9".as_ptr()));
    // SAFETY: the format of a view is a text.
    assert_eq!(unsafe { CStr::from_ptr(buffer_of(part).format) }, c"T{h:\xff:b:\xc3:}");
    let of_part = made!(mv_view_format(part));
    assert_eq!(field(of_part, c"\xc3").offset, 2);
    drop_formats([format, of_part]);
    drop_views([part, all]);
}

#[test]
fn a_sequence_is_a_struct_without_names() {
    let format = parsed(c"=h3xHb2i");
    assert_eq!((call!(mv_format_field_count(format)), kind(format)), (5, MV_RECORD));
    assert_eq!((at(format, 1).name, at(format, 1).offset), (NO_TEXT, 5));
    assert_eq!((at(format, 4).offset, field(format, c"[3]").offset), (12, 8));
    let scalar = parsed(c"i");
    let mut out = junk();
    assert_eq!(call!(mv_format_field_count(scalar)), 0);
    fails!(mv_format_field_at(scalar, 0, &raw mut out), MV_E_INDEX);
    fails!(mv_format_field(scalar, c"a".as_ptr(), &raw mut out), MV_E_NOT_FOUND);
    drop_formats([format, scalar]);
}

#[test]
fn elements_of_a_sub_array() {
    let (format, scalar) = (parsed(c"(2,3)T{hb}"), parsed(c"i"));
    assert_eq!((kind(format), call!(mv_format_field_count(format))), (MV_ARRAY, 0));
    let mut element: mv_field = made!(mv_format_element(format));
    assert_eq!((element.name, element.offset, dims(&element)), (NO_TEXT, 0, vec![2, 3]));
    assert_eq!(element.itemsize * 6, call!(mv_format_itemsize(format)));
    assert_eq!(kind(element.format), MV_RECORD);
    fails!(mv_format_element(scalar, &raw mut element), MV_E_TYPE);
    fails!(mv_format_element(element.format, &raw mut element), MV_E_TYPE);
    drop_formats([format, scalar]);
}

/// The handle of a field stands in the middle of its format's allocation, and keeps it all.
#[test]
fn a_field_keeps_its_format_alive() {
    let format = parsed(SAMPLE);
    let found = field(format, c"at");
    let inner = call!(mv_format_ref(found.format.cast_mut()));
    assert_eq!(inner.cast_const(), found.format);
    drop_formats([format]);
    assert_eq!(text_of(inner), "T{f:x:f:y:}");
    assert_eq!(call!(mv_format_itemsize(inner)), signed(size_of::<Point>()));
    // A leaf's handle alone keeps the name that its field shows.
    let y = field(inner, c"y");
    let leaf = call!(mv_format_ref(y.format.cast_mut()));
    drop_formats([inner]);
    assert_eq!((name(&y).as_deref(), y.offset), (Some("y"), signed(offset_of!(Point, y))));
    assert_eq!((text_of(leaf).as_str(), kind(leaf)), ("f", MV_FLOAT));
    drop_formats([leaf]);
    assert!(call!(mv_format_ref(NO_FORMAT)).is_null());
    drop_formats([NO_FORMAT]);
}

#[test]
fn texts_are_canonical() {
    for (text, expected) in [
        (c"=i", own("<i").as_str()),
        (c"@i", "i"),
        (c"!i", ">i"),
        (c" 3 i ", "3i"),
        (c"(2, 3)>d", "(2,3)>d"),
        (c"<(2)d", "(2)<d"),
        (c"3(2)d", "(3,2)d"),
        (c"F", "Zf"),
        (c"1s", "s"),
        (c"T{>i:a:h:b:}h:c:", "T{>i:a:h:b:}h:c:"),
        (c"T{ 3i :a: }", "T{(3)i:a:}"),
        (c"X{ii->d}:f:&<i:p:", "X{ii->d}:f:<&i:p:"),
        (c"i9& T{<b:a:>h:b:}", "i<9&T{b:a:>h:b:}"),
        (c"", ""),
    ] {
        assert_eq!(of_text(text, |format| text_of(format)), expected);
        assert!(equal(text, &c_text(expected)), "{text:?}");
    }
}

#[test]
fn text_is_cut_as_snprintf_does() {
    let format = parsed(c"T{i:a:}");
    let mut length = 99;
    ok!(mv_format_text(format, ptr::null_mut(), 0, &raw mut length));
    assert_eq!(length, 7);
    for (size, expected) in [(4, b"T{i\0xxxx"), (1, b"\0xxxxxxx"), (8, b"T{i:a:}\0")] {
        let mut room = *b"xxxxxxxx";
        ok!(mv_format_text(format, room.as_mut_ptr().cast(), size, ptr::null_mut()));
        assert_eq!(&room, expected);
    }
    drop_formats([format]);
}

#[test]
fn equal_is_what_means_the_same() {
    let (native, other) = if IS_LITTLE { (c"<i", c">i") } else { (c">i", c"<i") };
    for (a, b, expected) in [
        (c"i", native, true),
        (c"i", other, false),
        (c"l", c"q", size_of::<c_long>() == size_of::<c_longlong>()),
        (c"l", c"i", size_of::<c_long>() == size_of::<c_int>()),
        (c"n", c"q", size_of::<isize>() == size_of::<c_longlong>()),
        (c"<l", c"<i", true),
        (c"<b", c">b", true),
        (c"B", c"c", false),
        (c"B", c"?", false),
        (c"i", c"I", false),
        (c"i", c"f", false),
        (c"P", c"N", false),
        (c"3i", c"iii", true),
        (c"3i", c"(3)i", false),
        (c"3c", c"3s", false),
        (c"3s", c"4s", false),
        (c"i", c"T{i}", false),
        (c"T{i:a:}", c"T{i:b:}", false),
        (c"T{i:a:}", c"T{i}", false),
        (c"F", c"Zf", true),
        (c"ix", c"i", false), // items of another size
        (c"T{<h:a:xxi:b:}", c"T{<h:a:2xi:b:}", true),
    ] {
        assert_eq!(equal(a, b), expected, "{a:?} and {b:?}");
    }
    assert_eq!(call!(mv_format_equal(NO_FORMAT, NO_FORMAT)), 0);
}

/// However many values a count makes, they are counted and compared as one.
#[test]
fn counts_of_any_size() {
    let most = isize::MAX;
    let (text, more) = (c_text(&format!("{most}b")), c_text(&format!("b{}bb", most - 2)));
    let (format, count) = (parsed(&text), most.cast_unsigned());
    assert_eq!(call!(mv_format_field_count(format)), count);
    let mut last = at(format, count - 1);
    assert_eq!(last.offset, most - 1);
    fails!(mv_format_field(format, c"a".as_ptr(), &raw mut last), MV_E_NOT_FOUND);
    assert!(equal(&text, &more));
    assert!(equal(c"3h2h", c"hhhhh") && equal(c"<2h2xh", c"<hhxxh"));
    assert!(!equal(c"3h2h", c"hhhhi") && !equal(c"3h2h", c"hhhh") && !equal(c"<2h2xh", c"<3h2x"));
    drop_formats([format]);
}

#[test]
fn kinds_are_those_of_scalars() {
    for (text, expected) in [
        (c"?", MV_BOOL),
        (c">q", MV_INT),
        (c"N", MV_UINT),
        (c"e", MV_FLOAT),
        (c"<Zd", MV_COMPLEX),
        (c"c", MV_BYTES),
        (c"5s", MV_BYTES),
        (c"5p", MV_BYTES),
        (c"5w", MV_TEXT),
        (c"u", MV_TEXT),
        (c"P", MV_POINTER),
        (c"O", MV_POINTER),
        (c"Z", MV_POINTER), // ctypes' wchar_t *
        (c"z", MV_POINTER),
        (c"3i", MV_RECORD),
        (c"(3)i", MV_ARRAY),
        (c"&i", MV_OPAQUE),
        (c"X{}", MV_OPAQUE),
        (c"3t", MV_OPAQUE),
        (c"ix", MV_INT),
        (c"xi", MV_INT),
    ] {
        assert_eq!(of_text(text, |format| kind(format)), expected, "{text:?}");
    }
}

#[test]
fn native_means_this_machines_order() {
    for (text, little, big) in [
        (c"i", true, true),
        (c"<i", true, false),
        (c">i", false, true),
        (c"=i", true, true),
        (c">b", true, true),
        (c">3s", true, true),
        (c"T{i>h}", false, true),
        (c"(2)>w", false, true),
        (c"&>i", false, true),
        (c"", true, true),
    ] {
        let native = of_text(text, |format| call!(mv_format_is_native(format)));
        assert_eq!(native == 1, if IS_LITTLE { little } else { big }, "{text:?}");
    }
}

#[test]
fn a_view_keeps_its_format() {
    let view = view_taking(array_of(SAMPLE, &[3], C));
    let (format, again) = (made!(mv_view_format(view)), made!(mv_view_format(view)));
    assert_eq!((format, call!(mv_format_field_count(format))), (again, 4));
    // The views of one family have one; a field of it outlives them all.
    let part = sliced(view, c"1:");
    let same = made!(mv_view_format(part));
    let inner = call!(mv_format_ref(field(same, c"at").format.cast_mut()));
    drop_formats([again, same]);
    ok!(mv_view_release(view));
    refused!(mv_view_format(view), MV_E_RELEASED);
    drop_views([view, part]);
    assert_eq!(call!(mv_format_itemsize(format)), signed(size_of::<Sample>()));
    drop_formats([format]);
    assert_eq!(text_of(inner), "T{f:x:f:y:}");
    drop_formats([inner]);
}

#[test]
fn a_handle_of_something_else_is_no_format() {
    let object = bytes_of(b"ab");
    let none: *mut mv_format = object.cast();
    let mut out = junk();
    fails!(mv_format_field_at(none, 0, &raw mut out), MV_E_TYPE);
    fails!(mv_format_text(none, ptr::null_mut(), 0, ptr::null_mut()), MV_E_TYPE);
    assert_eq!((call!(mv_format_itemsize(none)), call!(mv_format_equal(none, none))), (0, 0));
    drop_formats([none]); // left alone
    unref(object);
}
