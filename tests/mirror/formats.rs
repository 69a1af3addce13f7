//! Parsed formats, their texts and their fields; the parts of scalars.

use std::{
    ffi::{CStr, CString},
    ptr,
};

use memview::ffi::{
    MV_BOOL, MV_INT, MV_POINTER, MV_RULES_STRUCT, MV_UINT, mv_field, mv_format, mv_scalar, mv_view,
};

use crate::fixtures::ndim;

pub const IS_LITTLE: bool = cfg!(target_endian = "little");

/// A text of the case's own making.
pub fn c_text(text: &str) -> CString {
    CString::new(text).expect("a text without NUL")
}

/// This text, with the byte order of a big-endian machine where it is one.
pub fn own(text: &str) -> String {
    if IS_LITTLE { text.into() } else { text.replace('<', ">") }
}

#[track_caller]
pub fn parsed(text: &CStr) -> *mut mv_format {
    made!(mv_format_parse(text.as_ptr(), MV_RULES_STRUCT))
}

/// Drops a reference to each.
pub fn drop_formats<const COUNT: usize>(formats: [*mut mv_format; COUNT]) {
    for format in formats {
        call!(mv_format_unref(format));
    }
}

/// What is asked of the format of this text.
#[track_caller]
pub fn of_text<T>(text: &CStr, ask: impl FnOnce(*mut mv_format) -> T) -> T {
    let format = parsed(text);
    let answer = ask(format);
    drop_formats([format]);
    answer
}

#[track_caller]
pub fn text_of(format: *const mv_format) -> String {
    String::from_utf8(written(format)).expect("UTF-8")
}

/// The whole text of a format, in room of just its size.
#[track_caller]
pub fn written(format: *const mv_format) -> Vec<u8> {
    let mut length = 0;
    ok!(mv_format_text(format, ptr::null_mut(), 0, &raw mut length));
    let (mut bytes, asked) = (vec![0x77; length + 1], length);
    ok!(mv_format_text(format, bytes.as_mut_ptr().cast(), bytes.len(), &raw mut length));
    assert_eq!((length, bytes.pop()), (asked, Some(0)));
    bytes
}

/// The text that NumPy has for a format, in room of just its size.
#[track_caller]
pub fn numpy_of(format: *const mv_format) -> String {
    let mut length = 0;
    ok!(mv_format_numpy(format, ptr::null_mut(), 0, &raw mut length));
    let (mut bytes, asked) = (vec![0x77; length + 1], length);
    ok!(mv_format_numpy(format, bytes.as_mut_ptr().cast(), bytes.len(), &raw mut length));
    assert_eq!((length, bytes.pop()), (asked, Some(0)));
    String::from_utf8(bytes).expect("UTF-8")
}

#[track_caller]
pub fn field(format: *const mv_format, path: &CStr) -> mv_field {
    made!(mv_format_field(format, path.as_ptr()))
}

#[track_caller]
pub fn got(view: *const mv_view, index: &[isize]) -> mv_scalar {
    made!(mv_view_get(view, index.as_ptr(), ndim(index)))
}

/// A part of an item that is a record or a sub-array.
#[track_caller]
pub fn part(of: &mv_scalar, path: &CStr) -> mv_scalar {
    made!(mv_scalar_field(&raw const *of, path.as_ptr()))
}

/// The whole number that a scalar is.
#[track_caller]
pub fn whole(scalar: &mv_scalar) -> i128 {
    // SAFETY: the kind names the member.
    unsafe {
        match scalar.kind {
            MV_BOOL | MV_INT => scalar.r#as.i.into(),
            MV_UINT | MV_POINTER => scalar.r#as.u.into(),
            other => panic!("kind {other} is no whole number"),
        }
    }
}
