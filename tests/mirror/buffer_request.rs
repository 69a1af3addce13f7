//! `c-tests/test_buffer_request.c`: what a consumer asks for, and what it gets.

use std::{
    ffi::{c_int, c_void},
    ptr,
};

use memview::{
    error::{mv_error, mv_status, mv_status::*},
    ffi::mv_view,
    object::{
        flags::*,
        protocol::{mv_buffer, mv_request},
    },
};

use crate::{
    adversary::Adversary,
    fixtures::*,
    harness::{detail, text, zero},
    table::{table_new, table_view, tables_alive},
};

/// Which of format, shape, strides and suboffsets are there.
fn given(b: &mv_buffer) -> [bool; 4] {
    [!b.format.is_null(), !b.shape.is_null(), !b.strides.is_null(), !b.suboffsets.is_null()]
}

const NOTHING: [bool; 4] = [false; 4];
const FORMAT: [bool; 4] = [true, false, false, false];
const SHAPE: [bool; 4] = [false, true, false, false];
const FORMAT_AND_SHAPE: [bool; 4] = [true, true, false, false];
const STRIDES: [bool; 4] = [false, true, true, false];
const FORMAT_AND_STRIDES: [bool; 4] = [true, true, true, false];
const SUBOFFSETS: [bool; 4] = [false, true, true, true];
const ALL: [bool; 4] = [true; 4];

/// The request is granted, and answers exactly these parts.
#[track_caller]
fn check_granted(view: *mut mv_view, flags: c_int, parts: [bool; 4]) {
    let (b, full) = (acquire(as_object(view), flags), buffer_of(view));
    assert_eq!(given(&b), parts);
    assert_eq!(b.obj, as_object(view));
    assert_eq!((b.len, b.itemsize, b.readonly), (full.len, full.itemsize, full.readonly));
    assert!(b.shape.is_null() || b.ndim == full.ndim);
    assert_eq!(call!(mv_object_exports(as_object(view))), 1);
    release(b);
    assert_eq!(call!(mv_object_exports(as_object(view))), 0);
}

#[track_caller]
fn check_refused(view: *mut mv_view, flags: c_int, expected: mv_status) -> mv_error {
    let error = refused!(mv_buffer_acquire(as_object(view), flags), expected);
    assert_eq!(call!(mv_object_exports(as_object(view))), 0);
    error
}

#[test]
fn acceptance_016_bytes_refuse_writable() {
    let bytes = bytes_of(b"abc");
    refused!(mv_buffer_acquire(bytes, MV_WRITABLE), MV_E_BUFFER);
    refused!(mv_buffer_acquire(bytes, MV_FULL), MV_E_BUFFER);
    assert_eq!(call!(mv_object_exports(bytes)), 0);
    let b = acquire(bytes, MV_SIMPLE);
    assert_eq!((b.readonly, b.obj), (1, bytes));
    release(b);
    unref(bytes);
}

#[test]
fn acceptance_017_strided_view_refuses_simple_and_nd() {
    let view = numbered(c"H", &[6], C);
    let slice = sliced(view, c"::2");
    for flags in [MV_SIMPLE, MV_ND, MV_CONTIG, MV_C_CONTIGUOUS, MV_F_CONTIGUOUS, MV_ANY_CONTIGUOUS] {
        check_refused(slice, flags, MV_E_BUFFER);
    }
    drop_views([view, slice]);
}

#[test]
fn acceptance_018_strided_view_grants_strides() {
    let view = numbered(c"H", &[6], C);
    let slice = sliced(view, c"::2");
    check_granted(slice, MV_STRIDES, STRIDES);
    let b = acquire(as_object(slice), MV_STRIDES);
    assert_eq!((entries(b.shape, 1), entries(b.strides, 1)), (vec![3], vec![4]));
    release(b);
    check_granted(slice, MV_STRIDED, STRIDES);
    check_granted(slice, MV_RECORDS, FORMAT_AND_STRIDES);
    drop_views([view, slice]);
}

#[test]
fn acceptance_019_f_view() {
    let view = numbered(c"H", &[2, 3], F);
    for flags in [MV_ND, MV_SIMPLE, MV_C_CONTIGUOUS] {
        check_refused(view, flags, MV_E_BUFFER);
    }
    check_granted(view, MV_F_CONTIGUOUS, STRIDES);
    check_granted(view, MV_ANY_CONTIGUOUS, STRIDES);
    drop_views([view]);
    let view = numbered(c"H", &[2, 3], C);
    check_refused(view, MV_F_CONTIGUOUS, MV_E_BUFFER);
    check_granted(view, MV_C_CONTIGUOUS, STRIDES);
    check_granted(view, MV_ANY_CONTIGUOUS, STRIDES);
    drop_views([view]);
}

#[test]
fn acceptance_020_pointer_table() {
    let view = table_view(2, 3, 4);
    for flags in [MV_STRIDES, MV_SIMPLE, MV_ANY_CONTIGUOUS] {
        check_refused(view, flags, MV_E_BUFFER);
    }
    check_granted(view, MV_INDIRECT, SUBOFFSETS);
    check_granted(view, MV_FULL_RO, ALL);
    drop_views([view]);
    let table = table_new(2, 3, 4);
    refused!(mv_buffer_acquire(table, MV_STRIDES), MV_E_BUFFER);
    assert_eq!(call!(mv_object_exports(table)), 0); // what was refused was released
    let b = acquire(table, MV_INDIRECT);
    assert_eq!(given(&b), SUBOFFSETS);
    release(b);
    unref(table);
    assert_eq!(tables_alive(), 0);
}

#[test]
fn acceptance_021_simple_grant_of_two_dimensions() {
    let view = numbered(c"H", &[2, 3], C);
    let b = acquire(as_object(view), MV_SIMPLE);
    assert_eq!((b.len, b.itemsize, b.ndim, given(&b)), (12, 2, 1, NOTHING));
    release(b);
    check_granted(view, MV_ND, SHAPE);
    check_granted(view, MV_ND | MV_FORMAT, FORMAT_AND_SHAPE);
    check_granted(view, MV_FULL_RO, FORMAT_AND_STRIDES);
    drop_views([view]);
}

#[test]
fn acceptance_022_grants_of_no_dimensions() {
    let view = numbered(c"H", &[], C);
    for (flags, ndim) in [(MV_SIMPLE, 1), (MV_ND, 0), (MV_STRIDES, 0), (MV_INDIRECT, 0)] {
        let b = acquire(as_object(view), flags);
        assert_eq!((b.ndim, b.len, b.itemsize, given(&b)), (ndim, 2, 2, NOTHING));
        release(b);
    }
    check_granted(view, MV_FULL_RO, FORMAT);
    drop_views([view]);
}

#[test]
fn acceptance_023_format_without_shape() {
    let view = view_taking(bytes_of(b"abc"));
    check_granted(view, MV_FORMAT, FORMAT);
    for format in [c"B", c"b", c"c", c"@B"] {
        let cast = made!(mv_view_cast(view, format.as_ptr(), ptr::null(), -1, C));
        let b = acquire(as_object(cast), MV_FORMAT);
        assert_eq!(text(b.format).as_deref(), format.to_str().ok());
        assert!(b.shape.is_null());
        release(b);
        drop_views([cast]);
    }
    drop_views([view]);
    let view = numbered(c"H", &[3], C);
    check_refused(view, MV_FORMAT, MV_E_BUFFER);
    check_granted(view, MV_FORMAT | MV_ND, FORMAT_AND_SHAPE);
    let bytes = bytes_of(b"abc");
    let b = acquire(bytes, MV_FORMAT);
    assert_eq!((text(b.format).as_deref(), given(&b)), (Some("B"), FORMAT));
    release(b);
    refused!(mv_buffer_acquire(call!(mv_view_exporter(view)), MV_FORMAT), MV_E_BUFFER);
    unref(bytes);
    drop_views([view]);
}

#[test]
fn acceptance_024_flags_that_are_none() {
    let (view, bytes) = (numbered(c"B", &[3], C), bytes_of(b"abc"));
    for flags in [0x100, 0x200, 0x2, 0x400, 0x40000, 0x4000_0000, -1, MV_EXCLUSIVE | MV_IMMUTABLE] {
        assert_eq!(check_refused(view, flags, MV_E_FLAGS).value, i64::from(flags));
        refused!(mv_view_new(as_object(view), flags), MV_E_FLAGS);
        refused!(mv_buffer_acquire(bytes, flags), MV_E_FLAGS);
    }
    drop_views([view]);
    unref(bytes);
}

/// A consumer that exports on what it was itself granted, and nothing more.
#[test]
fn acceptance_025_simple_grant_is_not_passed_on_as_more() {
    let (passer, object) = Adversary::foreign(ptr::null_mut());
    let bytes = bytes_of(b"abc");
    let grant = acquire(bytes, MV_SIMPLE);
    passer.answer.set(grant);
    for flags in [MV_ND, MV_STRIDES, MV_WRITABLE, MV_C_CONTIGUOUS, MV_ANY_CONTIGUOUS, MV_FULL_RO] {
        refused!(mv_buffer_acquire(object, flags), MV_E_BUFFER);
    }
    assert_eq!(passer.grants(), passer.releases());
    let b = acquire(object, MV_SIMPLE);
    assert_eq!((b.buf, b.obj, b.len, given(&b)), (grant.buf, object, 3, NOTHING));
    assert_eq!(passer.grants(), passer.releases() + 1);
    release(b);
    assert_eq!(passer.grants(), passer.releases());
    assert_eq!(call!(mv_object_exports(bytes)), 1);
    release(grant);
    unref(bytes);
}

#[test]
fn acceptance_026_released_twice() {
    let array = bytearray_of(b"abc");
    let (mut a, b) = (acquire(array, MV_SIMPLE), acquire(array, MV_SIMPLE));
    for _ in 0..3 {
        call!(mv_buffer_release(&raw mut a));
        assert!(a.obj.is_null());
    }
    assert_eq!(call!(mv_object_exports(array)), 1);
    fails!(mv_bytearray_resize(array, 9), MV_E_EXPORTED);
    release(b);
    ok!(mv_bytearray_resize(array, 9));
    unref(array);
    release(zero());
    call!(mv_buffer_release(ptr::null_mut()));
}

#[test]
fn acceptance_027_read_only_view_refuses_full() {
    let view = numbered(c"B", &[3], C);
    let readonly = made!(mv_view_toreadonly(view));
    check_refused(readonly, MV_FULL, MV_E_BUFFER);
    check_refused(readonly, MV_WRITABLE, MV_E_BUFFER);
    check_granted(readonly, MV_FULL_RO, FORMAT_AND_STRIDES);
    refused!(mv_view_new(as_object(readonly), MV_FULL), MV_E_BUFFER);
    check_granted(view, MV_FULL, FORMAT_AND_STRIDES);
    drop_views([view, readonly]);
}

#[test]
fn grant_outlives_the_handles() {
    let array = bytearray_of(b"abc");
    let b = Box::new(acquire(array, MV_FULL_RO));
    let view = view_taking(array);
    let c = acquire(as_object(view), MV_FULL_RO);
    drop_views([view]);
    let moved = *b;
    drop(b);
    for b in [moved, c] {
        assert_eq!(memory(b.buf, 3), b"abc");
        assert_eq!(text(b.format).as_deref(), Some("B"));
        assert_eq!((entries(b.shape, 1), entries(b.strides, 1)), (vec![3], vec![1]));
    }
    release(moved);
    release(c);
}

#[test]
fn acquire_refuses() {
    let (view, bytes) = (released_view(), bytes_of(b"abc"));
    assert_eq!(refused!(mv_buffer_acquire(NO_OBJECT, MV_SIMPLE), MV_E_NULL).dim, 1);
    assert_eq!(fails!(mv_buffer_acquire(bytes, MV_SIMPLE, ptr::null_mut()), MV_E_NULL).dim, 3);
    check_refused(view, MV_SIMPLE, MV_E_RELEASED);
    drop_views([view]);
    unref(bytes);
}

#[test]
fn request_for_format_and_dimensions() {
    let view = view_taking(bytes_of(b"abcdefgh"));
    let cast = made!(mv_view_cast(view, c"h".as_ptr(), [2, 2].as_ptr(), 2, C));
    let object = as_object(cast);
    let asked = request();
    let b = made!(mv_buffer_acquire_for(object, &raw const asked));
    assert_eq!(given(&b), FORMAT_AND_STRIDES);
    release(b);
    // Compared, but not given.
    let known = mv_request { format: c"@h".as_ptr(), ndim: 2, flags: MV_SIMPLE, ..asked };
    let b = made!(mv_buffer_acquire_for(object, &raw const known));
    assert_eq!((given(&b), b.itemsize), (NOTHING, 2));
    release(b);
    let refuse =
        |request: mv_request, status| refused!(mv_buffer_acquire_for(object, &raw const request), status);
    refuse(mv_request { format: c"H".as_ptr(), ..known }, MV_E_BUFFER);
    let any = mv_request { format: ptr::null(), ..known };
    assert_eq!(detail(&refuse(mv_request { ndim: 1, ..any }, MV_E_BUFFER)), (-1, -1, 1, 2));
    refuse(mv_request { ndim: 0, ..any }, MV_E_BUFFER);
    assert_eq!(refuse(mv_request { ndim: -2, ..any }, MV_E_VALUE).value, -2);
    assert_eq!(call!(mv_object_exports(object)), 0);
    drop_views([view, cast]);
}

#[test]
fn request_of_another_size() {
    #[repr(C)]
    struct Newer {
        known: mv_request,
        unknown: [*const c_void; 4],
    }
    let bytes = bytes_of(b"abc");
    let size = size_of::<mv_request>();
    let known = mv_request { size: size_of::<Newer>(), ..request() };
    let newer = Newer { known, unknown: [bytes.cast_const().cast(); 4] };
    release(made!(mv_buffer_acquire_for(bytes, (&raw const newer).cast())));
    assert_eq!(newer.unknown[0], bytes.cast_const().cast());
    let short = mv_request { size: size - 1, ..request() };
    let error = refused!(mv_buffer_acquire_for(bytes, &raw const short), MV_E_VERSION);
    let size = i64::try_from(size).expect("a small struct");
    assert_eq!(detail(&error), (-1, -1, size - 1, size));
    let none = mv_request { size: 0, ..request() };
    refused!(mv_buffer_acquire_for(bytes, &raw const none), MV_E_VERSION);
    assert_eq!(refused!(mv_buffer_acquire_for(bytes, ptr::null()), MV_E_NULL).dim, 2);
    unref(bytes);
}
