//! `c-tests/test_view_contiguous.c`: contiguous views, by a copy where it takes one.

use std::ffi::c_int;

use memview::{
    error::mv_status::*,
    ffi::{MV_READ, MV_WRITE, MV_WRITE_BACK, mv_view},
};

use crate::{fixtures::*, harness::text, table::table_view};

fn contiguous_view(view: *mut mv_view, mode: c_int, order: c_int) -> *mut mv_view {
    made!(mv_view_contiguous(as_object(view), mode, order))
}

#[test]
fn contiguous_memory_is_not_copied() {
    let (c, f) = (numbered(c"H", &[2, 3], C), numbered(c"H", &[2, 3], F));
    for (of, order) in [(c, C), (c, A), (f, F), (f, A)] {
        for mode in [MV_READ, MV_WRITE, MV_WRITE_BACK] {
            let view = contiguous_view(of, mode, order);
            assert_eq!(buffer_of(view).buf, buffer_of(of).buf);
            assert_eq!(items(view), [0, 1, 2, 3, 4, 5]);
            drop_views([view]);
        }
    }
    drop_views([c, f]);
}

#[test]
fn acceptance_116_read_copy_of_strided_items() {
    let whole = numbered(c"H", &[4, 6], C);
    let strided = sliced(whole, c"::2, ::3");
    for (order, in_order) in [(C, [1, 0, 1]), (A, [1, 0, 1]), (F, [0, 1, 1])] {
        let view = contiguous_view(strided, MV_READ, order);
        assert_eq!(buffer_of(view).readonly, 1);
        assert_eq!(text(buffer_of(view).format).as_deref(), Some("H"));
        assert_eq!(shape(view), [2, 2]);
        assert_eq!(contiguous(view), in_order);
        assert_eq!(items(view), [0, 3, 12, 15]);
        ok!(mv_view_set_i64(strided, [0, 0].as_ptr(), 2, 7));
        assert_eq!(items(view), [0, 3, 12, 15]); // a copy
        ok!(mv_view_set_i64(strided, [0, 0].as_ptr(), 2, 0));
        drop_views([view]);
    }
    let other = numbered(c"H", &[2, 3], F);
    let view = contiguous_view(other, MV_READ, C);
    assert_eq!(strides(view), [6, 2]);
    assert_eq!(items(view), [0, 1, 2, 3, 4, 5]);
    let table = table_view(2, 3, 4);
    let flat = contiguous_view(table, MV_READ, C);
    assert!(buffer_of(flat).suboffsets.is_null());
    assert_eq!(items(flat), (0..12).collect::<Vec<i64>>());
    drop_views([whole, strided, other, view, table, flat]);
}

#[test]
fn read_copy_does_not_hold_the_object() {
    let array = bytearray_of(b"abcdef");
    let view = view_of(array);
    let slice = sliced(view, c"::2");
    let copy = contiguous_view(slice, MV_READ, C);
    drop_views([view, slice]);
    assert_eq!(call!(mv_object_exports(array)), 0);
    ok!(mv_bytearray_resize(array, 0));
    assert_eq!(items(copy), numbers(b"ace"));
    drop_views([copy]);
    unref(array);
}

#[test]
fn acceptance_117_write_back_of_strided_items() {
    let array = bytearray_of(b"abcdef");
    let view = view_of(array);
    let slice = sliced(view, c"::2");
    refused!(mv_view_contiguous(as_object(slice), MV_WRITE, C), MV_E_BUFFER);
    let copy = contiguous_view(slice, MV_WRITE_BACK, C);
    let part = sliced(copy, c"1:");
    assert_eq!(buffer_of(copy).readonly, 0);
    assert_eq!(contiguous(copy), [1, 1, 1]);
    assert_eq!(items(copy), numbers(b"ace"));
    ok!(mv_view_set_i64(copy, [0].as_ptr(), 1, i64::from(b'X')));
    ok!(mv_view_set_i64(part, [1].as_ptr(), 1, i64::from(b'Z')));
    ok!(mv_view_release(copy));
    assert_eq!(items(view), numbers(b"abcdef")); // the part still shares the copy
    fails!(mv_bytearray_resize(array, 9), MV_E_EXPORTED);
    ok!(mv_view_release(part));
    assert_eq!(items(view), numbers(b"XbcdZf"));
    drop_views([slice, copy, part, view]);
    assert_eq!(call!(mv_object_exports(array)), 0);
    unref(array);
}

#[test]
fn write_back_of_two_dimensions_by_unref() {
    let view = numbered(c"h", &[2, 3], C);
    let copy = contiguous_view(view, MV_WRITE_BACK, F);
    assert_eq!(strides(copy), [2, 4]);
    for index in indices(&[2, 3]) {
        let item: i64 = made!(mv_view_get_i64(copy, index.as_ptr(), 2));
        ok!(mv_view_set_i64(copy, index.as_ptr(), 2, item + 10));
    }
    assert_eq!(items(view), [0, 1, 2, 3, 4, 5]);
    drop_views([copy]);
    assert_eq!(items(view), [10, 11, 12, 13, 14, 15]);
    drop_views([view]);
}

#[test]
fn write_back_to_revoked_memory_is_reported() {
    let array = bytearray_of(b"abcdef");
    let view = view_of(array);
    let slice = sliced(view, c"::2");
    let copy = contiguous_view(slice, MV_WRITE_BACK, C);
    ok!(mv_view_set_i64(copy, [0].as_ptr(), 1, i64::from(b'X')));
    drop_views([view, slice]);
    let revoked = call!(mv_object_revoke(array, std::ptr::null_mut()));
    assert!([MV_OK as i32, MV_E_EXPORTED as i32].contains(&revoked.0));
    fails!(mv_view_release(copy), MV_E_RELEASED);
    assert!(call!(mv_view_buffer(copy)).is_null());
    ok!(mv_view_release(copy)); // it is released all the same
    drop_views([copy]);
    ok!(mv_object_revoke(array));
    unref(array);
}

#[test]
fn contiguous_refuses() {
    let bytes = bytes_of(b"abcdef");
    let view = view_of(bytes);
    let slice = sliced(view, c"::2");
    for mode in [MV_WRITE, MV_WRITE_BACK] {
        refused!(mv_view_contiguous(bytes, mode, C), MV_E_BUFFER);
        refused!(mv_view_contiguous(as_object(slice), mode, C), MV_E_BUFFER);
    }
    assert_eq!(refused!(mv_view_contiguous(NO_OBJECT, MV_READ, C), MV_E_NULL).dim, 1);
    assert_eq!(fails!(mv_view_contiguous(bytes, MV_READ, C, std::ptr::null_mut()), MV_E_NULL).dim, 4);
    for (mode, order) in [(0, C), (MV_READ | MV_WRITE, C), (MV_READ, c_int::from(b'c')), (MV_READ, 0)] {
        refused!(mv_view_contiguous(bytes, mode, order), MV_E_VALUE);
    }
    drop_views([slice]);
    assert_eq!(call!(mv_object_exports(bytes)), 1);
    drop_views([view]);
    unref(bytes);
}
