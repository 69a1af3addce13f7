//! `c-tests/test_format_members.c`: the format of a C struct from its members.
//!
//! Left out: `formats_of_members_types`: a macro of the header, which takes the formats from C types.

use std::{
    ffi::{CStr, c_int, c_short, c_void},
    mem::offset_of,
    ptr,
};

use memview::{
    error::mv_status::{self, *},
    ffi::{MV_FORMAT_MAX_TEXT, MV_OPAQUE, MV_RULES_NUMPY, MV_RULES_STRUCT, mv_field, mv_format},
    object::members::mv_member,
};

use crate::{fixtures::*, formats::*, harness::*};

const INT: usize = size_of::<c_int>();

fn member(
    name: impl Into<Option<&'static CStr>>,
    offset: usize,
    size: usize,
    format: impl Into<Option<&'static CStr>>,
) -> mv_member {
    let text = |text: Option<&CStr>| text.map_or(ptr::null(), CStr::as_ptr);
    mv_member { name: text(name.into()), offset, size, format: text(format.into()) }
}

/// The format of these members; with the text, where one is expected.
#[track_caller]
fn described(members: &[mv_member], itemsize: usize, expected: &str) -> *mut mv_format {
    let format = made!(mv_format_from_members(members.as_ptr(), members.len(), itemsize));
    assert_eq!(call!(mv_format_itemsize(format)).cast_unsigned(), itemsize);
    let found = text_of(format);
    assert!(expected.is_empty() || found == expected, "{found} instead of {expected}");
    for member in members {
        // "" leads to the item.
        if text(member.name).is_none_or(|name| name.is_empty()) {
            continue;
        }
        let field: mv_field = made!(mv_format_field(format, member.name));
        assert_eq!(text(field.name), text(member.name));
        assert_eq!(field.offset.cast_unsigned(), member.offset);
        let size = entries(field.shape, field.ndim).iter().fold(field.itemsize, |size, extent| size * extent);
        assert_eq!(size.cast_unsigned(), member.size);
    }
    // The text says the same by either rules.
    for rules in [MV_RULES_STRUCT, MV_RULES_NUMPY] {
        let again = made!(mv_format_parse(c_text(&found).as_ptr(), rules));
        assert_eq!(call!(mv_format_equal(again, format)), 1);
        assert_eq!(call!(mv_format_alignment(again)), call!(mv_format_alignment(format)));
        drop_formats([again]);
    }
    format
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
    name: [u8; 5],
    next: *mut c_void,
    history: [c_int; 4],
}

fn sample() -> *mut mv_format {
    let short = size_of::<c_short>();
    let members = [
        member(c"tag", offset_of!(Sample, tag), 1, c"B"),
        member(c"at", offset_of!(Sample, at), size_of::<Point>(), c"T{f:x:f:y:}"),
        member(c"grid", offset_of!(Sample, grid), 6 * short, c"(2,3)h"),
        member(c"weight", offset_of!(Sample, weight), 8, c"d"),
        member(c"name", offset_of!(Sample, name), 5, c"5s"),
        member(c"next", offset_of!(Sample, next), size_of::<*mut c_void>(), c"P"),
        member(c"history", offset_of!(Sample, history), 4 * INT, c"4i"),
    ];
    described(&members, size_of::<Sample>(), "")
}

#[test]
fn members_lie_where_the_compiler_puts_them() {
    let format = sample();
    assert_eq!(call!(mv_format_field_count(format)), 7);
    let y = offset_of!(Sample, at) + offset_of!(Point, y);
    assert_eq!(field(format, c"at.y").offset.cast_unsigned(), y);
    let history = field(format, c"history");
    assert_eq!(entries(history.shape, history.ndim), [4]);
    if size_of::<usize>() == 8 {
        assert_eq!(call!(mv_format_alignment(format)), 8);
    }
    drop_formats([format]);
}

#[test]
fn values_are_read_through_the_format() {
    let empty = || Sample {
        tag: 200,
        at: Point { x: 0.0, y: 0.5 },
        grid: [[0; 3], [0, 0, -7]],
        weight: 0.0,
        name: *b"abc\0\0",
        next: ptr::null_mut(),
        history: [0; 4],
    };
    let (target, format) = (placed(1_u8), sample());
    let samples = Placed::new([empty(), Sample { next: target.address(), ..empty() }]);
    // The view has a format of its own.
    let view = wrapped(samples.address(), &c_text(&text_of(format)), &[2]);
    drop_formats([format]);
    let item = got(view, &[1]);
    assert_eq!(whole(&part(&item, c"tag")), 200);
    assert_eq!(whole(&part(&item, c"grid[1,2]")), -7);
    assert_eq!(whole(&part(&item, c"next")), target.address().addr() as i128);
    let (y, name) = (part(&item, c"at.y"), part(&item, c"name"));
    // SAFETY: the kinds name the members.
    let (y, name) = unsafe { (y.r#as.f, name.r#as.bytes) };
    assert_eq!((y.to_bits(), memory(name.data, name.length)), (0.5_f64.to_bits(), b"abc\0\0".to_vec()));
    drop_views([view]);
}

/// The offsets of `#pragma pack(1)`, given as numbers.
#[test]
fn unaligned_members_are_written_so() {
    let packed = [member(c"a", 0, 1, c"b"), member(c"b", 1, INT, c"i"), member(c"c", 1 + INT, 2, c"h")];
    let format = described(&packed, 3 + INT, "T{b:a:^i:b:h:c:}");
    assert_eq!(call!(mv_format_alignment(format)), 1);
    drop_formats([format]);
    // A struct inside, with padding of its own, at an odd place.
    let inside = [member(c"a", 0, 1, c"b"), member(c"b", 1, 2 * INT, c"T{i:x:b:y:}")];
    let format = described(&inside, 1 + 2 * INT, "");
    assert_eq!(field(format, c"b.y").offset.cast_unsigned(), 1 + INT);
    drop_formats([format]);
    // An array of such structs keeps its stride.
    let many = [member(c"a", 1, 6 * INT, c"3T{i:x:b:y:}")];
    let format = described(&many, 1 + 6 * INT, "");
    assert_eq!(field(format, c"a[2].y").offset.cast_unsigned(), 1 + 5 * INT);
    drop_formats([format]);
    // All in place, but no room for the padding that C would end with.
    let cut = [member(c"a", 0, INT, c"i"), member(c"b", INT, 1, c"b")];
    drop_formats([described(&cut, INT + 1, "T{i:a:b:b:^}")]);
    drop_formats([described(&cut, 2 * INT, "T{i:a:b:b:3x}")]);
    drop_formats([described(&cut, 7 * INT, "T{i:a:b:b:23x}")]);
}

#[test]
fn orders_of_members_stay_their_own() {
    let mixed = [
        member(c"a", 0, 4, c">i"),
        member(c"b", 4, INT, c"i"),
        member(c"c", 4 + INT, 8, c"T{<h:x:>h:y:i:z:}"),
        member(c"d", 12 + INT, INT, c"i"),
    ];
    let format = described(&mixed, 12 + 2 * INT, "");
    let last = field(format, c"d");
    assert_eq!(call!(mv_format_is_native(last.format)), 1);
    assert_eq!(call!(mv_format_alignment(last.format)).cast_unsigned(), align_of::<c_int>());
    drop_formats([format]);
}

#[test]
fn bytes_padding_and_sequences() {
    let all = [
        member(c"raw", 2, 6, None),
        member(None, 8, 2, None),
        member(None, 10, 2, c"<h"),
        member(c"none", 12, 0, None),
        member(c"pair", 12, 5, c"<ib"),
        member(c"", 17, 1, c"c"),
    ];
    let format = described(&all, 20, "T{2x6x:raw:2x<h0x:none:T{ib}:pair:@c::2x}");
    assert_eq!(call!(mv_format_field_count(format)), 5);
    assert_eq!(call!(mv_format_kind(field(format, c"raw").format)), MV_OPAQUE);
    drop_formats([format]);
    // An address is no complex number, even where a float follows.
    let pointer = size_of::<*mut c_void>();
    let wide = [member(None, 0, pointer, c"Z"), member(None, pointer, 4, c"f")];
    let format = described(&wide, 2 * pointer, "");
    assert_eq!(call!(mv_format_field_count(format)), 2);
    drop_formats([format, described(&[], 3, "T{3x}"), described(&[], 0, "T{}")]);
    drop_formats([made!(mv_format_from_members(ptr::null(), 0, 3))]);
}

#[track_caller]
fn refused_second(second: mv_member, expected: mv_status, numbers: (i64, i64, i64)) {
    let members = [member(c"first", 0, 4, c"4s"), second];
    let error = refused!(mv_format_from_members(members.as_ptr(), 2, 12), expected);
    let (place, value, limit) = numbers;
    assert_eq!(detail(&error), (1, place, value, limit));
    assert!(message(&error).contains("member 1"));
}

#[test]
fn members_that_do_not_fit() {
    let (most, any) = (isize::MAX, c"4s");
    let greatest = i64::try_from(usize::MAX).unwrap_or(i64::MAX);
    refused_second(member(c"a", 3, 4, any), MV_E_VALUE, (-1, 3, 4)); // overlaps
    refused_second(member(c"a", 0, 4, any), MV_E_VALUE, (-1, 0, 4)); // out of order
    refused_second(member(c"a", 8, 5, c"5s"), MV_E_VALUE, (-1, 13, 12));
    refused_second(member(c"a", most.cast_unsigned(), 5, c"5s"), MV_E_VALUE, (-1, most as i64, 12));
    refused_second(member(c"a", usize::MAX, 4, any), MV_E_VALUE, (-1, greatest, 4));
    refused_second(member(c"a", 4, 4, c"5s"), MV_E_FORMAT, (-1, 5, 4));
    refused_second(member(c"a", 4, 4, c""), MV_E_FORMAT, (-1, 0, 4));
    refused_second(member(c"a", 4, 4, c"4y"), MV_E_FORMAT, (1, 0, 0));
    refused_second(member(c"a", 4, 4, c"T{4s"), MV_E_FORMAT, (4, 0, 0));
    refused_second(member(c"a:b", 4, 4, any), MV_E_VALUE, (-1, 0, 0));
    refused_second(member(c"\xff", 4, 4, any), MV_E_VALUE, (-1, 0, 0));
}

#[cfg_attr(miri, ignore = "a minute for the text alone")]
#[test]
fn texts_that_are_too_long() {
    let name = c_text(&"n".repeat(MV_FORMAT_MAX_TEXT.cast_unsigned() as usize / 100));
    let members: Vec<mv_member> =
        (0..100).map(|i| mv_member { name: name.as_ptr(), ..member(None, INT * i, INT, c"i") }).collect();
    refused!(mv_format_from_members(members.as_ptr(), members.len(), 100 * INT), MV_E_LIMIT);
}
