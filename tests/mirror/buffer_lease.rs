//! `c-tests/test_buffer_lease.c`: memory that nobody else holds, or that nobody writes.

use std::ptr;

use memview::{
    error::mv_status::*,
    object::{flags::*, protocol::mv_request},
};

use crate::{
    fixtures::*,
    harness::{message, placed},
};

#[test]
fn exclusive_lease_keeps_everybody_out() {
    let array = bytearray_of(b"abc");
    let lease = acquire(array, MV_FULL | MV_EXCLUSIVE);
    assert_eq!(lease.readonly, 0);
    assert_eq!(call!(mv_object_exports(array)), 1);
    for flags in [MV_SIMPLE, MV_EXCLUSIVE, MV_IMMUTABLE] {
        refused!(mv_buffer_acquire(array, flags), MV_E_BUSY);
    }
    refused!(mv_view_new(array, MV_FULL_RO), MV_E_BUSY);
    assert_eq!(call!(mv_object_exports(array)), 1);
    release(lease);
    release(acquire(array, MV_SIMPLE));
    unref(array);
}

#[test]
fn exclusive_lease_needs_free_memory() {
    let array = bytearray_of(b"abc");
    let view = view_of(array);
    let b = acquire(array, MV_SIMPLE);
    assert_eq!(refused!(mv_buffer_acquire(array, MV_EXCLUSIVE), MV_E_EXPORTED).value, 2);
    release(b);
    assert_eq!(refused!(mv_buffer_acquire(array, MV_EXCLUSIVE), MV_E_EXPORTED).value, 1);
    drop_views([view]);
    release(acquire(array, MV_EXCLUSIVE));
    unref(array);
}

#[test]
fn immutable_lease_keeps_writers_out() {
    let array = bytearray_of(b"abc");
    let lease = acquire(array, MV_FULL_RO | MV_IMMUTABLE);
    assert_eq!(lease.readonly, 1);
    refused!(mv_buffer_acquire(array, MV_WRITABLE), MV_E_BUSY);
    refused!(mv_buffer_acquire(array, MV_EXCLUSIVE), MV_E_EXPORTED);
    fails!(mv_bytearray_splice(array, 0, 1, data(b"x"), 1), MV_E_BUSY);
    let other = acquire(array, MV_SIMPLE | MV_IMMUTABLE); // readers share it
    assert_eq!(other.readonly, 1);
    release(other);
    let b = acquire(array, MV_FULL_RO);
    assert_eq!(b.readonly, 1);
    let view = view_of(array);
    assert_eq!(buffer_of(view).readonly, 1);
    fails!(mv_view_set_i64(view, [0].as_ptr(), 1, 7), MV_E_READONLY);
    assert_eq!(memory(lease.buf, 3), b"abc");
    drop_views([view]);
    release(b);
    release(lease);
    release(acquire(array, MV_WRITABLE));
    ok!(mv_bytearray_splice(array, 0, 1, data(b"x"), 1));
    unref(array);
}

#[test]
fn immutable_lease_needs_memory_without_writers() {
    let (array, bytes) = (bytearray_of(b"abc"), bytes_of(b"abc"));
    let b = acquire(array, MV_WRITABLE);
    assert_eq!(refused!(mv_buffer_acquire(array, MV_IMMUTABLE), MV_E_EXPORTED).value, 1);
    release(b);
    let b = acquire(array, MV_SIMPLE); // without MV_WRITABLE too the answer is writable
    assert_eq!(b.readonly, 0);
    refused!(mv_buffer_acquire(array, MV_IMMUTABLE), MV_E_EXPORTED);
    release(b);
    release(acquire(array, MV_IMMUTABLE));
    let b = acquire(bytes, MV_SIMPLE); // nobody writes bytes anyway
    release(acquire(bytes, MV_IMMUTABLE));
    release(b);
    drop_objects([array, bytes]);
}

#[test]
fn lease_of_a_view_is_shared_by_its_slices() {
    let array = bytearray_of(b"abcdef");
    let view = made!(mv_view_new(array, MV_FULL | MV_EXCLUSIVE));
    let slice = sliced(view, c"::2");
    assert_eq!(items(slice), numbers(b"ace"));
    ok!(mv_view_set_i64(slice, [0].as_ptr(), 1, i64::from(b'x')));
    refused!(mv_view_reexport(slice), MV_E_BUSY);
    refused!(mv_buffer_acquire(array, MV_SIMPLE), MV_E_BUSY);
    drop_views([view]);
    refused!(mv_buffer_acquire(array, MV_SIMPLE), MV_E_BUSY);
    drop_views([slice]);
    assert_eq!(content(array), b"xbcdef");
    unref(array);
}

#[test]
fn leases_of_each_built_in() {
    let bytes = placed([0_u8; 3]);
    let memory = made!(mv_memory_new(bytes.address(), 3, 0, None, ptr::null_mut()));
    for object in [bytearray_of(b"abc"), array_of(c"B", &[3], C), memory] {
        let lease = acquire(object, MV_FULL | MV_EXCLUSIVE);
        refused!(mv_buffer_acquire(object, MV_SIMPLE), MV_E_BUSY);
        release(lease);
        let lease = acquire(object, MV_FULL_RO | MV_IMMUTABLE);
        refused!(mv_buffer_acquire(object, MV_FULL), MV_E_BUSY);
        release(lease);
        unref(object);
    }
}

#[test]
fn leases_that_contradict() {
    let array = bytearray_of(b"abc");
    let both = MV_EXCLUSIVE | MV_IMMUTABLE;
    assert_eq!(refused!(mv_buffer_acquire(array, both), MV_E_FLAGS).value, i64::from(both));
    refused!(mv_buffer_acquire(array, MV_FULL | MV_IMMUTABLE), MV_E_FLAGS);
    assert_eq!(call!(mv_object_exports(array)), 0);
    unref(array);
}

#[test]
fn busy_object_names_its_labelled_holder() {
    let array = bytearray_of(b"abc");
    let request = mv_request { flags: MV_FULL, label: c"the encoder".as_ptr(), ..request() };
    let lease = made!(mv_buffer_acquire_for(array, &raw const request));
    let error = refused!(mv_buffer_acquire(array, MV_EXCLUSIVE), MV_E_EXPORTED);
    assert!(message(&error).contains("the encoder"));
    release(lease);
    unref(array);
}
