//! `c-tests/test_view.c`: how views are made, and what they say of themselves.

use std::ptr;

use memview::{
    error::mv_status::*,
    object::{
        flags::*,
        protocol::{mv_buffer, mv_request},
    },
};

use crate::{
    fixtures::*,
    harness::{detail, placed, text, zero},
    table::{table_new, tables_alive},
};

#[test]
fn view_shows_the_object_s_own_memory() {
    let array = bytearray_of(b"abc");
    let view = view_of(array);
    let b = acquire(array, MV_SIMPLE);
    let shown = buffer_of(view);
    assert_eq!(shown.buf, b.buf);
    release(b);
    assert_eq!(shown.obj, array);
    assert_eq!(call!(mv_view_exporter(view)), array);
    assert_eq!(as_object(view), view.cast());
    assert_eq!((shape(view), strides(view)), (vec![3], vec![1]));
    assert!(shown.suboffsets.is_null());
    assert_eq!(text(shown.format).as_deref(), Some("B"));
    drop_views([view]);
    unref(array);
}

#[test]
fn view_of_a_view_shares_its_acquisition() {
    let array = bytearray_of(b"abcdef");
    let view = view_of(array);
    let slice = sliced(view, c"::2");
    let again = view_of(as_object(slice));
    assert_eq!(call!(mv_object_exports(array)), 1);
    assert_eq!(call!(mv_object_exports(as_object(slice))), 0);
    assert_eq!(call!(mv_view_exporter(again)), array);
    assert_eq!(items(again), numbers(b"ace"));
    drop_views([view, slice]);
    assert_eq!(call!(mv_object_exports(array)), 1);
    assert_eq!(items(again), numbers(b"ace"));
    drop_views([again]);
    assert_eq!(call!(mv_object_exports(array)), 0);
    unref(array);
}

#[test]
fn view_new_holds_to_its_flags() {
    let bytes = bytes_of(b"abcdef");
    let view = made!(mv_view_new(bytes, MV_SIMPLE));
    assert_eq!(shape(view), [6]); // a view knows all the same
    assert_eq!(text(buffer_of(view).format).as_deref(), Some("B"));
    let slice = sliced(view, c"::2");
    refused!(mv_view_new(bytes, MV_FULL), MV_E_BUFFER);
    for flags in [MV_C_CONTIGUOUS, MV_SIMPLE, MV_FULL] {
        refused!(mv_view_new(as_object(slice), flags), MV_E_BUFFER);
    }
    let table = table_new(2, 3, 4);
    refused!(mv_view_new(table, MV_STRIDES), MV_E_BUFFER);
    unref(table);
    assert_eq!(tables_alive(), 0);
    assert_eq!(call!(mv_object_exports(bytes)), 1);
    drop_views([view, slice]);
    unref(bytes);
}

#[test]
fn view_new_refuses() {
    let (bytes, view) = (bytes_of(b"abc"), released_view());
    assert_eq!(refused!(mv_view_new(NO_OBJECT, MV_FULL_RO), MV_E_NULL).dim, 1);
    assert_eq!(fails!(mv_view_new(bytes, MV_FULL_RO, ptr::null_mut()), MV_E_NULL).dim, 3);
    refused!(mv_view_new(as_object(view), MV_FULL_RO), MV_E_RELEASED);
    assert_eq!(call!(mv_object_exports(bytes)), 0);
    drop_views([view]);
    unref(bytes);
}

#[test]
fn view_new_for_a_request() {
    let array = array_of(c"h", &[2, 2], C);
    let view = view_of(array);
    let known = mv_request { format: c"@h".as_ptr(), ndim: 2, ..request() };
    let shared = made!(mv_view_new_for(as_object(view), &raw const known));
    assert_eq!(call!(mv_object_exports(array)), 1);
    drop_views([shared]);
    let named = mv_request { label: c"second".as_ptr(), ..known }; // wants an acquisition of its own
    let own = made!(mv_view_new_for(as_object(view), &raw const named));
    assert_eq!(call!(mv_object_exports(array)), 2);
    assert_eq!(shape(own), [2, 2]);
    assert_eq!(call!(mv_view_exporter(own)), array);
    drop_views([own]);
    assert_eq!(call!(mv_object_exports(array)), 1);
    let refuse = |request: mv_request, status| refused!(mv_view_new_for(array, &raw const request), status);
    assert_eq!(detail(&refuse(mv_request { ndim: 1, ..named }, MV_E_BUFFER)), (-1, -1, 1, 2));
    refuse(mv_request { ndim: -2, ..named }, MV_E_VALUE);
    refuse(mv_request { ndim: -1, format: c"B".as_ptr(), ..named }, MV_E_BUFFER);
    refuse(mv_request { size: size_of::<mv_request>() - 1, ..request() }, MV_E_VERSION);
    assert_eq!(refused!(mv_view_new_for(array, ptr::null()), MV_E_NULL).dim, 2);
    assert_eq!(refused!(mv_view_new_for(NO_OBJECT, &raw const known), MV_E_NULL).dim, 1);
    assert_eq!(fails!(mv_view_new_for(array, &raw const known, ptr::null_mut()), MV_E_NULL).dim, 3);
    assert_eq!(call!(mv_object_exports(array)), 1);
    drop_views([view]);
    unref(array);
}

#[test]
fn wrap_shows_borrowed_memory() {
    let data = placed([0_i16, 1, 2, 3, 4, 5]);
    let view = wrapped(data.address(), c"h", &[2, 3]);
    assert_eq!(buffer_of(view).buf, data.address());
    assert_eq!(strides(view), [6, 2]);
    assert_eq!(items(view), [0, 1, 2, 3, 4, 5]);
    assert!(call!(mv_view_exporter(view)).is_null());
    assert!(buffer_of(view).obj.is_null());
    let slice = sliced(view, c"1");
    drop_views([view]);
    ok!(mv_view_set_i64(slice, [2].as_ptr(), 1, 50));
    assert_eq!(data.get()[5], 50);
    drop_views([slice]);
    let view = made!(mv_view_wrap(data.address(), NO_TEXT, [12].as_ptr(), 1, 1));
    assert_eq!(text(buffer_of(view).format).as_deref(), Some("B"));
    assert_eq!(buffer_of(view).readonly, 1);
    refused!(mv_view_new(as_object(view), MV_WRITABLE), MV_E_BUFFER);
    let (empty, item) = (wrapped(ptr::null_mut(), c"d", &[4, 0]), wrapped(data.address(), c"h", &[]));
    assert_eq!(shape(empty), [4, 0]);
    assert_eq!((buffer_of(item).ndim, buffer_of(item).len), (0, 2));
    drop_views([view, empty, item]);
}

#[test]
fn wrap_refuses() {
    let data = placed([0_i16; 6]);
    let (at, format, six) = (data.address(), c"h".as_ptr(), [6].as_ptr());
    assert_eq!(fails!(mv_view_wrap(at, format, six, 1, 0, ptr::null_mut()), MV_E_NULL).dim, 6);
    assert_eq!(refused!(mv_view_wrap(at, format, ptr::null(), 1, 0), MV_E_NULL).dim, 3);
    refused!(mv_view_wrap(at, format, ptr::null(), -1, 0), MV_E_VALUE);
    refused!(mv_view_wrap(ptr::null_mut(), format, six, 1, 0), MV_E_VALUE);
    refused!(mv_view_wrap(at, format, [1; 65].as_ptr(), 65, 0), MV_E_LIMIT);
    refused!(mv_view_wrap(at, c"".as_ptr(), six, 1, 0), MV_E_FORMAT);
    refused!(mv_view_wrap(at, c"@".as_ptr(), six, 1, 0), MV_E_FORMAT);
    let error = refused!(mv_view_wrap(at, format, [2, -3].as_ptr(), 2, 0), MV_E_SHAPE);
    assert_eq!(detail(&error), (1, -1, -3, 0));
    refused!(mv_view_wrap(at, format, [isize::MAX, 2].as_ptr(), 2, 0), MV_E_OVERFLOW);
}

#[test]
fn from_buffer_copies_the_description_and_fills_gaps() {
    let data = placed([0_u16, 1, 2, 3, 4, 5]);
    let bytes = bytes_of(b"x");
    let view = {
        let (extents, steps) = ([2, 2], [-6, 4]); // copied: they end before the view does
        let description = mv_buffer {
            buf: data.address().wrapping_byte_add(6),
            obj: bytes,
            len: 8,
            itemsize: 2,
            ndim: 2,
            format: c"H".as_ptr(),
            shape: extents.as_ptr(),
            strides: steps.as_ptr(),
            ..zero()
        };
        made!(mv_view_from_buffer(&raw const description))
    };
    assert_eq!(shape(view), [2, 2]);
    assert_eq!(items(view), [3, 5, 0, 2]);
    assert!(call!(mv_view_exporter(view)).is_null()); // it does not hold `obj`
    drop_views([view]);
    assert_eq!(call!(mv_object_exports(bytes)), 0);
    unref(bytes);
    let all = mv_buffer { buf: data.address(), len: 12, itemsize: 2, ndim: 1, readonly: 1, ..zero() };
    let of_words = mv_buffer { format: c"H".as_ptr(), ..all };
    let view = made!(mv_view_from_buffer(&raw const of_words));
    assert_eq!((shape(view), strides(view)), (vec![6], vec![2]));
    assert_eq!(buffer_of(view).readonly, 1);
    drop_views([view]);
    let of_bytes = mv_buffer { itemsize: 1, ndim: 2, shape: [3, 4].as_ptr(), ..all };
    let view = made!(mv_view_from_buffer(&raw const of_bytes));
    assert_eq!(strides(view), [4, 1]);
    assert_eq!(text(buffer_of(view).format).as_deref(), Some("B"));
    drop_views([view]);
}

#[test]
fn acceptance_118_from_buffer_refuses() {
    let data = placed([0_u8; 8]);
    let good = mv_buffer { buf: data.address(), len: 4, itemsize: 1, ndim: 1, ..zero() };
    let refuse = |bad: mv_buffer, status| refused!(mv_view_from_buffer(&raw const bad), status);
    refuse(mv_buffer { buf: ptr::null_mut(), ..good }, MV_E_VALUE);
    let error = refuse(mv_buffer { len: 1, ndim: 65, shape: [1; 65].as_ptr(), ..good }, MV_E_LIMIT);
    assert_eq!(detail(&error), (-1, -1, 65, 64));
    assert_eq!(refuse(mv_buffer { len: 7, itemsize: 4, ..good }, MV_E_VALUE).value, 7);
}

#[test]
fn from_buffer_refuses() {
    let data = placed([0_u8; 8]);
    let (buf, shape) = (data.address(), [2, 3].as_ptr());
    let good = mv_buffer { buf, len: 6, itemsize: 1, ndim: 2, shape, ..zero() };
    assert_eq!(refused!(mv_view_from_buffer(ptr::null()), MV_E_NULL).dim, 1);
    assert_eq!(fails!(mv_view_from_buffer(&raw const good, ptr::null_mut()), MV_E_NULL).dim, 2);
    let bad = [
        (mv_buffer { shape: ptr::null(), ..good }, MV_E_NULL),
        (mv_buffer { ndim: -1, ..good }, MV_E_VALUE),
        (mv_buffer { itemsize: 0, ..good }, MV_E_FORMAT),
        (mv_buffer { itemsize: -1, ..good }, MV_E_FORMAT),
        (mv_buffer { shape: [2, -3].as_ptr(), ..good }, MV_E_SHAPE),
        (mv_buffer { len: 5, ..good }, MV_E_SHAPE),
        (mv_buffer { shape: [isize::MAX, 2].as_ptr(), ..good }, MV_E_OVERFLOW),
    ];
    for (bad, status) in &bad {
        refused!(mv_view_from_buffer(&raw const *bad), *status);
    }
}

#[test]
fn reexport_has_an_acquisition_of_its_own() {
    let array = bytearray_of(b"abcdef");
    let view = view_of(array);
    let slice = sliced(view, c"1::2");
    let own = made!(mv_view_reexport(slice));
    assert_eq!(call!(mv_object_exports(array)), 2);
    assert_eq!(items(own), numbers(b"bdf"));
    assert_eq!(call!(mv_view_exporter(own)), array);
    drop_views([view, slice]);
    assert_eq!(call!(mv_object_exports(array)), 1);
    assert_eq!(items(own), numbers(b"bdf"));
    assert_eq!(fails!(mv_view_reexport(own, ptr::null_mut()), MV_E_NULL).dim, 2);
    assert_eq!(refused!(mv_view_reexport(NO_VIEW), MV_E_NULL).dim, 1);
    ok!(mv_view_release(own));
    refused!(mv_view_reexport(own), MV_E_RELEASED);
    drop_views([own]);
    assert_eq!(call!(mv_object_exports(array)), 0);
    unref(array);
}

#[test]
fn reexport_of_a_foreign_exporter() {
    let table = table_new(2, 3, 4);
    let view = view_of(table);
    let slice = sliced(view, c"1:, ::2");
    let own = made!(mv_view_reexport(slice));
    assert_eq!(call!(mv_view_exporter(own)), table);
    assert_eq!(items(own), [4, 6, 8, 10]);
    drop_views([view, slice]);
    assert_eq!(items(own), [4, 6, 8, 10]);
    assert_eq!(call!(mv_object_exports(table)), 1);
    drop_views([own]);
    assert_eq!(call!(mv_object_exports(table)), 0);
    unref(table);
    assert_eq!(tables_alive(), 0);
}

#[test]
fn toreadonly_is_inherited() {
    let view = numbered(c"B", &[6], C);
    let readonly = made!(mv_view_toreadonly(view));
    assert_eq!(buffer_of(view).readonly, 0);
    let slice = sliced(readonly, c"1:3");
    let cast = made!(mv_view_cast(readonly, c"H".as_ptr(), ptr::null(), -1, C));
    for view in [readonly, slice, cast] {
        assert_eq!(buffer_of(view).readonly, 1);
        fails!(mv_view_set_i64(view, [0].as_ptr(), 1, 1), MV_E_READONLY);
    }
    ok!(mv_view_set_i64(view, [1].as_ptr(), 1, 9));
    assert_eq!(items(slice), [9, 2]);
    fails!(mv_view_toreadonly(view, ptr::null_mut()), MV_E_NULL);
    refused!(mv_view_toreadonly(NO_VIEW), MV_E_NULL);
    drop_views([view, readonly, slice, cast]);
}

#[test]
fn view_functions_want_a_view_of_this_library() {
    let bytes = bytes_of(b"abc");
    let no = bytes.cast();
    refused!(mv_view_slice(no, c"1:".as_ptr()), MV_E_TYPE);
    refused!(mv_view_reexport(no), MV_E_TYPE);
    refused!(mv_view_toreadonly(no), MV_E_TYPE);
    refused!(mv_view_cast(no, c"B".as_ptr(), ptr::null(), -1, C), MV_E_TYPE);
    let mut item = 0;
    fails!(mv_view_get_i64(no, [0].as_ptr(), 1, &raw mut item), MV_E_TYPE);
    fails!(mv_view_release(no), MV_E_TYPE);
    for none in [no, NO_VIEW] {
        assert!(call!(mv_view_buffer(none)).is_null());
        assert!(call!(mv_view_exporter(none)).is_null());
    }
    call!(mv_view_unref(no)); // leaves alone what is no view
    assert_eq!(text(call!(mv_object_type_name(bytes))).as_deref(), Some("bytes"));
    assert!(as_object(NO_VIEW).is_null());
    unref(bytes);
}
