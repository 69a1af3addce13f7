//! `c-tests/test_format_numpy.c`: formats as NumPy writes them, and back.

use std::ffi::{CStr, c_char};

use memview::{
    error::{
        mv_error,
        mv_status::{self, *},
    },
    ffi::{MV_FORMAT_MAX_DEPTH, MV_FORMAT_MAX_TEXT, mv_format},
};

use crate::{formats::*, harness::*};

fn from_numpy(text: &CStr) -> *mut mv_format {
    made!(mv_format_from_numpy(text.as_ptr()))
}

#[track_caller]
fn writes<const COUNT: usize>(formats: [(&CStr, &str); COUNT]) {
    for (text, expected) in formats {
        let format = parsed(text);
        let found = numpy_of(format);
        assert_eq!(found, own(expected), "{text:?}");
        let again = from_numpy(&c_text(&found));
        assert_eq!(call!(mv_format_itemsize(again)), call!(mv_format_itemsize(format)), "{text:?}");
        drop_formats([again, format]);
    }
}

#[track_caller]
fn reads<const COUNT: usize>(texts: [(&CStr, &CStr); COUNT]) {
    for (text, expected) in texts {
        let (format, wanted) = (from_numpy(text), parsed(expected));
        assert_eq!(call!(mv_format_equal(format, wanted)), 1, "{text:?} is read as {}", text_of(format));
        drop_formats([format, wanted]);
    }
}

#[track_caller]
fn refused_at(text: &CStr, expected: mv_status, place: i64) -> mv_error {
    let error = refused!(mv_format_from_numpy(text.as_ptr()), expected);
    assert_eq!(error.position, place, "{text:?}: {}", message(&error));
    error
}

#[test]
fn types_without_parts() {
    writes([
        (c"b", "|i1"),
        (c"?", "|b1"),
        (c"c", "|S1"),
        (c"=h", "<i2"),
        (c">i", ">i4"),
        (c"=Q", "<u8"),
        (c"e", "<f2"),
        (c"d", "<f8"),
        (c">Zf", ">c8"),
        (c"D", "<c16"),
        (c"3s", "|S3"),
        (c">5w", ">U5"),
        (c"7x", "|V7"),
        (c"O", "|O"),
    ]);
}

#[test]
fn structs_and_sub_arrays() {
    writes([
        (c"T{=i:a:=d:b:}", "[('a', '<i4'), ('b', '<f8')]"),
        (c"T{=h:a:2x=i:b:3x}", "[('a', '<i2'), ('', '|V2'), ('b', '<i4'), ('', '|V3')]"),
        (c"T{(2,3)=h:a:(2)T{B:x:}:b:}", "[('a', '<i2', (2, 3)), ('b', [('x', '|u1')], (2,))]"),
        (c"(2,3)=h", "('<i2', (2, 3))"),
        (c"3T{B:x:}", "([('x', '|u1')], (3,))"),
        (c"=hB2i", "[('f0', '<i2'), ('f1', '|u1'), ('f2', '<i4', (2,))]"),
        (c"bx", "[('f0', '|i1'), ('', '|V1')]"),
        (c"T{}", "[]"),
        (c"", "[]"),
        (c"T{3x:raw:}", "[('raw', '|V3')]"),
        (
            c"T{b:it's:b:a\"b:b:'\":b:\\:b:\n\x01:b:\xc3\xa4:}",
            "[(\"it's\", '|i1'), ('a\"b', '|i1'), ('\\'\"', '|i1'), ('\\\\', '|i1'), ('\\n\\x01', '|i1'), \
             ('\u{e4}', '|i1')]",
        ),
    ]);
}

/// The padding that C implies is written down.
#[test]
fn padding_is_explicit() {
    let format = parsed(c"T{b:a:T{d:d:b:b:}:s:b:c:}");
    let again = from_numpy(&c_text(&numpy_of(format)));
    assert_eq!(call!(mv_format_equal(again, format)), 1);
    assert_eq!(call!(mv_format_alignment(again)), 1);
    drop_formats([again, format]);
}

#[test]
fn a_part_is_written_alone() {
    let format = parsed(c"T{b:a:T{>h:x:}:s:}");
    assert_eq!(numpy_of(field(format, c"s").format), "[('x', '>i2')]");
    drop_formats([format]);
}

#[test]
fn what_numpy_has_no_type_for() {
    for none in [c"P", c"&i", c"X{}", c"5p", c"3u", c"3t", c"z", c"Z", c"T{i:a:P:b:}", c"(2)T{3u:x:}"] {
        let (mut room, mut length) = (*b"untouched", 77);
        let (at, size) = (room.as_mut_ptr().cast::<c_char>(), room.len());
        of_text(none, |format| {
            fails!(mv_format_numpy(format, at, size, &raw mut length), MV_E_UNSUPPORTED);
        });
        assert_eq!((&room, length), (b"untouched", 77), "{none:?}");
    }
}

#[test]
fn typestrs_are_read() {
    reads([
        (c"<i4", c"<i"),
        (c" '>u2' ", c">H"),
        (c"\"=i4\"", c"=i"),
        (c"u8", c"=Q"),
        (c"u'|b1'", c"?"),
        (c"b'|S3'", c"3s"),
        (c"<U5", c"<5w"),
        (c"|V7", c"7x"),
        (c"|O8", c"O"),
        (c"|O", c"O"),
        (c"|a5", c"5s"),
        (c"c16", c"=Zd"),
        (c"f2", c"=e"),
        (c"'\\x3ci4'", c"<i"),
    ]);
}

#[test]
fn literals_are_read() {
    reads([
        (c"[('a', '<i4'), ('b', '>f8')]", c"T{<i:a:>d:b:}"),
        (c"[('a','<i4',),]", c"T{<i:a:}"),
        (c"[('a', '<i4', (2, 3)), ('b', '|i1', 3)]", c"T{(2,3)<i:a:(3)b:b:}"),
        (c"[('a', '<i4', (2L,)), ('b', '<i4', ())]", c"T{(2)<i:a:<i:b:}"),
        (c"('<i4', (2, 3))", c"(2,3)<i"),
        (c"(('<i4', (3,)), (2,))", c"(2,3)<i"),
        (c"([('x', '|i1')], 2)", c"(2)T{b:x:}"),
        (c"[(('the title', 'a'), '<i4')]", c"T{<i:a:}"),
        (c"[('', '|V4'), ('a', [('b', '<i2')])]", c"T{4xT{<h:b:}:a:}"),
        (c"[]", c"T{}"),
        (c"[ ( \"it's\" ,\n '|i1' ) ]", c"T{b:it's:}"),
        (c"[('\\x61\\u00e4\\n\\'\\101', '|i1')]", c"T{b:a\xc3\xa4\n'A:}"),
        (c"[('], (', '|i1')]", c"T{b:], (:}"),
    ]);
}

#[test]
fn faults_have_a_place() {
    for (text, place) in [
        (c"", 0),
        (c"<", 0),
        (c"'<i4", 4),
        (c"'<i4' x", 6),
        (c"[", 1),
        (c"[('a'", 5),
        (c"[('a', '<i4'", 12),
        (c"[('a', '<i4')", 13),
        (c"['<i4']", 1),
        (c"[(1, '<i4')]", 2),
        (c"[('a', 4)]", 7),
        (c"[('a', '<i4', -1)]", 14),
        (c"[('a', '<i4', (2 3))]", 17),
        (c"[('a', '<i4', 2, 3)]", 17),
        (c"[('a:b', '<i4')]", 4),
        (c"[('a\\0', '<i4')]", 4),
        (c"[('a\\q', '<i4')]", 4),
        (c"[('\\ud800', '<i4')]", 3),
        (c"('<i4')", 6),
    ] {
        refused_at(text, MV_E_FORMAT, place);
    }
    for text in [c"<i3", c"|S", c"<M8[ns]", c"i4 x", c"{'names': []}"] {
        refused_at(text, MV_E_UNSUPPORTED, 0);
    }
    refused_at(c"[('a', '<M8[s]')]", MV_E_UNSUPPORTED, 8);
    refused_at(c"|S99999999999999999999", MV_E_OVERFLOW, 0);
    let digit = if size_of::<usize>() == 8 { 32 } else { 23 };
    refused_at(c"[('a', '<i4', 99999999999999999999)]", MV_E_OVERFLOW, digit);
    refused_at(c"[('\xff', '<i4')]", MV_E_VALUE, 3);
}

#[test]
fn nesting_and_length_are_limited() {
    if cfg!(miri) {
        return; // minutes for the texts alone
    }
    for open in ["[('a',  ", "("] {
        let endless = c_text(&open.repeat(20000));
        refused!(mv_format_from_numpy(endless.as_ptr()), MV_E_FORMAT);
    }
    let closed = "[('a',".repeat(66) + "'<i4'" + &")]".repeat(66);
    let error = refused_at(&c_text(&closed), MV_E_LIMIT, 65 * 6);
    assert_eq!(error.limit, i64::from(MV_FORMAT_MAX_DEPTH));
    let long = format!("[{}]", format!("('{}','<i4'),", "n".repeat(9000)).repeat(8));
    let error = refused!(mv_format_from_numpy(c_text(&long).as_ptr()), MV_E_LIMIT);
    assert_eq!(error.limit, i64::from(MV_FORMAT_MAX_TEXT));
}
