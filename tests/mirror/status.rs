//! `c-tests/test_status.c`: version, status and errors.
//!
//! Left out: `exporter_message_is_cut_between_characters`: it tests `mv_fail`, which is C, in `memview_inline.h`.

use std::{
    ffi::{CString, c_int},
    mem::offset_of,
    ptr,
};

use memview::{
    error::{mv_error, mv_status::*},
    object::{
        flags::*,
        protocol::{MV_ABI, mv_request},
    },
};

use crate::{
    fixtures::*,
    harness::{detail, is_zero, junk, message, text},
};

const STATUSES: [(&str, &str); 22] = [
    ("MV_OK", ""),
    ("MV_E_NULL", "SystemError"),
    ("MV_E_VALUE", "ValueError"),
    ("MV_E_TYPE", "TypeError"),
    ("MV_E_INDEX", "IndexError"),
    ("MV_E_SHAPE", "ValueError"),
    ("MV_E_FORMAT", "ValueError"),
    ("MV_E_RANGE", "ValueError"),
    ("MV_E_OVERFLOW", "OverflowError"),
    ("MV_E_LIMIT", "ValueError"),
    ("MV_E_FLAGS", "SystemError"),
    ("MV_E_BUFFER", "BufferError"),
    ("MV_E_READONLY", "TypeError"),
    ("MV_E_EXPORTED", "BufferError"),
    ("MV_E_BUSY", "BufferError"),
    ("MV_E_RELEASED", "ValueError"),
    ("MV_E_NOT_FOUND", "ValueError"),
    ("MV_E_UNSUPPORTED", "NotImplementedError"),
    ("MV_E_NO_MEMORY", "MemoryError"),
    ("MV_E_CALLBACK", "SystemError"),
    ("MV_E_SYSTEM", "OSError"),
    ("MV_E_VERSION", "ImportError"),
];

fn named(status: c_int) -> (Option<String>, Option<String>) {
    (text(call!(mv_status_name(status))), text(call!(mv_status_exception(status))))
}

#[test]
fn version_of_header_and_library_agree() {
    let parts = env!("CARGO_PKG_VERSION").split('.').map(|part| part.parse::<u32>().expect("a number"));
    assert_eq!(call!(mv_version()), parts.fold(0, |version, part| version * 100 + part));
    assert_eq!(text(call!(mv_version_string())).as_deref(), Some(env!("CARGO_PKG_VERSION")));
}

#[test]
fn version_check_knows_its_own_abi() {
    ok!(mv_version_check(MV_ABI));
    assert_eq!(call!(mv_version_check(MV_ABI, ptr::null_mut())).0, 0);
}

#[test]
fn version_check_refuses_another_abi() {
    let (other, own) = (i64::from(MV_ABI) + 1, i64::from(MV_ABI));
    assert_eq!(detail(&fails!(mv_version_check(MV_ABI + 1), MV_E_VERSION)), (-1, -1, other, own));
    fails!(mv_version_check(0), MV_E_VERSION);
    assert_eq!(fails!(mv_version_check(u32::MAX), MV_E_VERSION).value, i64::from(u32::MAX));
    assert_eq!(call!(mv_version_check(0, ptr::null_mut())).0, MV_E_VERSION as i32);
}

#[test]
fn statuses_keep_their_numbers_names_and_exceptions() {
    for ((name, exception), number) in STATUSES.into_iter().zip(0..) {
        assert_eq!(named(number), (Some(name.into()), Some(exception.into())));
    }
    assert_eq!((MV_E_NULL as i32, MV_E_VERSION as i32), (1, 21));
}

#[test]
fn status_names_are_total() {
    for strange in [-1, 22, 23, 1000, c_int::MIN, c_int::MAX, -424_242, 1 << 16, (1 << 16) + 5] {
        assert_eq!(named(strange), (Some("unknown".into()), Some("SystemError".into())));
    }
}

#[test]
fn error_has_512_bytes_in_known_places() {
    assert_eq!(size_of::<mv_error>(), 512);
    assert_eq!((offset_of!(mv_error, status), offset_of!(mv_error, dim)), (0, 4));
    assert_eq!((offset_of!(mv_error, position), offset_of!(mv_error, value)), (8, 16));
    assert_eq!((offset_of!(mv_error, limit), offset_of!(mv_error, message)), (24, 32));
}

/// `ok!` gives every call an error, and looks at its status; here is the rest of it.
#[test]
fn error_is_untouched_by_success() {
    let mut error: mv_error = junk();
    let mut object = ptr::null_mut();
    assert_eq!(call!(mv_bytes_new(data(b"ab"), 2, &raw mut object, &raw mut error)).0, 0);
    let mut view = ptr::null_mut();
    assert_eq!(call!(mv_view_new(object, MV_FULL_RO, &raw mut view, &raw mut error)).0, 0);
    let mut item = 0;
    assert_eq!(call!(mv_view_get_u64(view, [1].as_ptr(), 1, &raw mut item, &raw mut error)).0, 0);
    assert_eq!(memory((&raw const error).cast(), 512), [0x5a; 512]);
    drop_views([view]);
    unref(object);
}

#[test]
fn error_may_be_null() {
    let mut object = junk();
    assert_eq!(call!(mv_bytes_new(NO_DATA, 1, &raw mut object, ptr::null_mut())).0, MV_E_VALUE as i32);
    assert!(is_zero(&object));
    let code = call!(mv_view_get(NO_VIEW, ptr::null(), 0, ptr::null_mut(), ptr::null_mut()));
    assert_eq!(code.0, MV_E_NULL as i32);
}

#[test]
fn error_of_null_names_the_argument() {
    let (view, all) = (numbered(c"B", &[2, 3], C), c":".as_ptr());
    assert_eq!(detail(&refused!(mv_view_slice(NO_VIEW, all), MV_E_NULL)), (1, -1, 0, 0));
    assert_eq!(detail(&refused!(mv_view_slice(view, NO_TEXT), MV_E_NULL)), (2, -1, 0, 0));
    let error = fails!(mv_view_slice(view, all, ptr::null_mut()), MV_E_NULL);
    assert_eq!(detail(&error), (3, -1, 0, 0));
    assert!(message(&error).contains("out"));
    drop_views([view]);
}

/// Each number stands by itself in the message, and the error's numbers are these.
#[track_caller]
fn says(error: &mv_error, numbers: &[i64], expected: (i32, i64, i64, i64)) {
    let words = message(error);
    for number in numbers {
        let of_number = |c: char| c.is_ascii_digit() || c == '-';
        assert!(words.split(|c| !of_number(c)).any(|word| word == number.to_string()), "{number} in {words}");
    }
    assert_eq!(detail(error), expected);
}

#[test]
fn message_names_index_dimension_and_length() {
    let view = view_taking(array_of(c"h", &[21, 34], C));
    let mut item = 77;
    let error = fails!(mv_view_get_i64(view, [3, -35].as_ptr(), 2, &raw mut item), MV_E_INDEX);
    says(&error, &[-35, 1, 34], (1, -1, -35, 34));
    assert_eq!(item, 77);
    let error = refused!(mv_view_slice(view, c"55".as_ptr()), MV_E_INDEX);
    says(&error, &[55, 0, 21], (0, -1, 55, 21));
    drop_views([view]);
}

#[test]
fn message_names_what_does_not_fit() {
    let view = numbered(c"B", &[5, 7], C);
    let error = fails!(mv_view_set_i64(view, [0, 0].as_ptr(), 2, 256), MV_E_RANGE);
    assert_eq!(error.value, 256);
    assert!(message(&error).contains("256") && message(&error).contains('B'));
    let error = refused!(mv_view_cast(view, c"h".as_ptr(), ptr::null(), -1, C), MV_E_TYPE);
    says(&error, &[35, 2], (-1, -1, 35, 2));
    let error = refused!(mv_view_reshape(view, [6, 6].as_ptr(), 2, C), MV_E_SHAPE);
    says(&error, &[35, 36], (-1, -1, 35, 36));
    let mut bytes = [0_u8; 64];
    let error = fails!(mv_view_read(view, NO_TEXT, C, bytes.as_mut_ptr().cast(), 36), MV_E_SHAPE);
    says(&error, &[35, 36], (-1, -1, 36, 35));
    drop_views([view]);
}

#[test]
fn message_names_values_of_geometry() {
    let view = numbered(c"B", &[5, 7], C);
    let error = refused!(mv_view_transpose(view, [0, 13].as_ptr(), 2), MV_E_VALUE);
    says(&error, &[13, 2], (-1, -1, 13, 2));
    assert_eq!(refused!(mv_view_transpose(view, [1, 1].as_ptr(), 2), MV_E_VALUE).value, 1);
    assert_eq!(refused!(mv_view_slice(view, c":, ::0".as_ptr()), MV_E_VALUE).dim, 1);
    says(&refused!(mv_view_split(view, 9, 8), MV_E_VALUE), &[9, 8], (-1, -1, 9, 8));
    let error = refused!(mv_view_slice(view, c"1:3, 1 2".as_ptr()), MV_E_VALUE);
    assert_eq!(error.position, 7);
    assert!(message(&error).contains('7'));
    drop_views([view]);
}

#[test]
fn message_names_dimensions_over_the_limit() {
    let byte = c"B".as_ptr();
    let error = refused!(mv_array_new(byte, [1; 66].as_ptr(), 66, C), MV_E_LIMIT);
    says(&error, &[66, 64], (-1, -1, 66, 64));
    let error = refused!(mv_array_new(byte, [1; 66].as_ptr(), -3, C), MV_E_VALUE);
    assert_eq!(error.value, -3);
    assert!(message(&error).contains("-3"));
    says(&refused!(mv_array_new(byte, [1, -8, 1].as_ptr(), 3, C), MV_E_SHAPE), &[-8, 1], (1, -1, -8, 0));
}

#[test]
fn message_names_the_number_of_exports() {
    let object = bytearray_of(b"abc");
    let held = [(); 12].map(|()| acquire(object, MV_SIMPLE));
    says(&fails!(mv_bytearray_resize(object, 4), MV_E_EXPORTED), &[12], (-1, -1, 12, 0));
    held.into_iter().for_each(release);
    unref(object);
}

#[test]
fn long_message_is_cut_between_characters() {
    for begin in ["", "x"] {
        let label = CString::new(format!("{begin}{}", "ä".repeat(599))).expect("no zero");
        let object = bytearray_of(b"abc");
        let request = mv_request { label: label.as_ptr(), ..request() };
        let held = made!(mv_buffer_acquire_for(object, &raw const request));
        let words = message(&fails!(mv_bytearray_resize(object, 4), MV_E_EXPORTED));
        assert!(words.ends_with('ä') && [478, 479].contains(&words.len()), "{}", words.len());
        release(held);
        unref(object);
    }
}
