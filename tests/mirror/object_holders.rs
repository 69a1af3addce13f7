//! `c-tests/test_object_holders.c`: who holds an object's memory, and how its owner takes it back.

use std::{
    cell::Cell,
    ffi::{CStr, c_void},
    ptr,
};

use memview::{
    error::{mv_error, mv_status::*},
    ffi::{Code, mv_view},
    object::{
        flags::*,
        protocol::{mv_buffer, mv_exporter, mv_object, mv_request},
    },
};

use crate::{
    adversary::Adversary,
    fixtures::*,
    harness::{message, placed},
};

fn labelled(label: &CStr) -> mv_request {
    mv_request { label: label.as_ptr(), ..request() }
}

fn labelled_view(object: *mut mv_object, label: &CStr) -> *mut mv_view {
    let request = labelled(label);
    made!(mv_view_new_for(object, &raw const request))
}

fn holders(object: *mut mv_object) -> String {
    let mut text = [b'x'; 200];
    let mut length = 0;
    ok!(mv_object_holders(object, text.as_mut_ptr().cast(), text.len(), &raw mut length));
    let text = CStr::from_bytes_until_nul(&text).expect("a terminated text").to_str().expect("UTF-8");
    assert_eq!(length, text.len());
    text.into()
}

unsafe extern "C" fn three_bytes(
    self_: *mut c_void,
    _: *const mv_request,
    out: *mut mv_buffer,
    _: *mut mv_error,
) -> Code {
    static SHAPE: [isize; 1] = [3];
    static STRIDES: [isize; 1] = [1];
    // SAFETY: memview gives a buffer to be filled.
    let out = unsafe { &mut *out };
    (out.buf, out.itemsize, out.ndim, out.format) = (self_, 1, 1, c"B".as_ptr());
    (out.shape, out.strides) = (SHAPE.as_ptr(), STRIDES.as_ptr());
    Code(0)
}

fn custom(data: *mut c_void) -> *mut mv_object {
    let callbacks = mv_exporter {
        size: size_of::<mv_exporter>(),
        name: ptr::null(),
        acquire: Some(three_bytes),
        release: None,
        free: None,
    };
    made!(mv_custom_new(&raw const callbacks, data))
}

#[test]
fn holders_are_the_labels_in_order() {
    let array = bytearray_of(b"abc");
    assert_eq!(holders(array), "");
    let (silent, sheet) = (view_of(array), labelled_view(array, c"contact sheet"));
    assert_eq!(holders(array), "'contact sheet'");
    let (stripes, slice) = (labelled_view(array, c"stripes plugin"), sliced(sheet, c"1:"));
    assert_eq!(holders(array), "'contact sheet', 'stripes plugin'");
    let request = labelled(c"raw");
    let b = made!(mv_buffer_acquire_for(array, &raw const request));
    assert_eq!(holders(array), "'contact sheet', 'stripes plugin', 'raw'");
    drop_views([sheet]);
    assert_eq!(holders(array), "'contact sheet', 'stripes plugin', 'raw'"); // its slice shares the acquisition
    drop_views([slice]);
    assert_eq!(holders(array), "'stripes plugin', 'raw'");
    let error = fails!(mv_bytearray_resize(array, 9), MV_E_EXPORTED);
    assert_eq!(error.value, 3);
    let words = message(&error);
    assert!(words.contains("stripes plugin") && words.contains("raw") && !words.contains("contact sheet"));
    release(b);
    drop_views([stripes, silent]);
    assert_eq!(holders(array), "");
    unref(array);
}

#[test]
fn holders_of_a_custom_exporter() {
    let data = placed([1_u8, 2, 3]);
    let object = custom(data.address());
    let first = labelled_view(object, c"first");
    let second = labelled_view(as_object(first), c"second");
    assert_eq!(holders(object), "'first', 'second'");
    assert_eq!(items(second), [1, 2, 3]);
    drop_views([first]);
    assert_eq!(items(second), [1, 2, 3]);
    drop_views([second]);
    assert_eq!(holders(object), "");
    unref(object);
}

#[test]
fn holders_text_follows_snprintf() {
    let array = bytearray_of(b"abc");
    let view = labelled_view(array, c"abc");
    let mut length = 0;
    ok!(mv_object_holders(array, ptr::null_mut(), 0, &raw mut length));
    assert_eq!(length, 5);
    let written = |size, out_length| {
        let mut text = *b"xxxxxxxx";
        ok!(mv_object_holders(array, text.as_mut_ptr().cast(), size, out_length));
        text
    };
    length = 0;
    assert_eq!(&written(4, &raw mut length), b"'ab\0xxxx");
    assert_eq!(length, 5);
    assert_eq!(&written(1, &raw mut length), b"\0xxxxxxx");
    assert_eq!(&written(6, ptr::null_mut()), b"'abc'\0xx");
    drop_views([view]);
    unref(array);
}

#[test]
fn holders_refuse() {
    let (mut text, mut length) = (*b"before\0\0", 77);
    let data = placed(*b"abc\0");
    let array = bytearray_of(b"abc");
    let view = view_of(array);
    let (_foreign, object) = Adversary::foreign(data.address());
    let (to, to_length) = (text.as_mut_ptr().cast(), &raw mut length);
    assert_eq!(fails!(mv_object_holders(NO_OBJECT, to, 8, to_length), MV_E_NULL).dim, 1);
    assert_eq!(fails!(mv_object_holders(array, ptr::null_mut(), 8, to_length), MV_E_NULL).dim, 2);
    fails!(mv_object_holders(as_object(view), to, 8, to_length), MV_E_UNSUPPORTED);
    fails!(mv_object_holders(object, to, 8, to_length), MV_E_UNSUPPORTED);
    assert_eq!((&text, length), (b"before\0\0", 77));
    drop_views([view]);
    unref(array);
}

unsafe extern "C" fn count_free(context: *mut c_void, _: *mut c_void) {
    // SAFETY: the context is the case's counter.
    let count = unsafe { &*context.cast::<Cell<u32>>() };
    count.set(count.get() + 1);
}

#[test]
fn acceptance_040_revoke_releases_all_descendants() {
    let (data, freed) = (placed([0_u8; 12]), placed(0));
    let memory = made!(mv_memory_new(data.address(), 12, 0, Some(count_free), freed.address()));
    let view = view_of(memory);
    let slice = sliced(view, c"2:8");
    let inner = sliced(slice, c"::2");
    let cast = made!(mv_view_cast(slice, c"H".as_ptr(), ptr::null(), -1, C));
    let own = made!(mv_view_reexport(inner));
    ok!(mv_object_revoke(memory));
    for view in [view, slice, inner, cast, own] {
        let mut item = 5;
        fails!(mv_view_get_i64(view, [0].as_ptr(), 1, &raw mut item), MV_E_RELEASED);
        assert_eq!(item, 5);
        fails!(mv_view_set_i64(view, [0].as_ptr(), 1, 1), MV_E_RELEASED);
        refused!(mv_view_slice(view, c"1:".as_ptr()), MV_E_RELEASED);
        refused!(mv_buffer_acquire(as_object(view), MV_FULL_RO), MV_E_RELEASED);
        assert!(call!(mv_view_buffer(view)).is_null());
    }
    refused!(mv_buffer_acquire(memory, MV_SIMPLE), MV_E_RELEASED);
    refused!(mv_view_new(memory, MV_FULL_RO), MV_E_RELEASED);
    assert_eq!(data.get(), [0; 12]);
    drop_views([view, slice, inner, cast, own]);
    assert_eq!(freed.get(), 0);
    unref(memory);
    assert_eq!(freed.get(), 1);
}

#[test]
fn revoke_does_not_wait_for_raw_buffers() {
    let array = bytearray_of(b"abc");
    let view = view_of(array);
    let (direct, through) = (acquire(array, MV_SIMPLE), acquire(as_object(view), MV_SIMPLE));
    assert_eq!(fails!(mv_object_revoke(array), MV_E_EXPORTED).value, 2);
    refused!(mv_view_slice(view, c"1:".as_ptr()), MV_E_RELEASED); // from now on
    assert_eq!(memory(direct.buf, 3), b"abc");
    release(direct);
    assert_eq!(fails!(mv_object_revoke(array), MV_E_EXPORTED).value, 1);
    release(through);
    ok!(mv_object_revoke(array));
    ok!(mv_object_revoke(array));
    drop_views([view]);
    unref(array);
}

#[test]
fn revoke_of_each_kind() {
    let data = placed(*b"abc\0");
    let bytes = bytes_of(b"abc");
    let view = view_of(bytes);
    let (_foreign, foreign) = Adversary::foreign(data.address());
    fails!(mv_object_revoke(NO_OBJECT), MV_E_NULL);
    fails!(mv_object_revoke(bytes), MV_E_UNSUPPORTED);
    fails!(mv_object_revoke(as_object(view)), MV_E_UNSUPPORTED);
    fails!(mv_object_revoke(foreign), MV_E_UNSUPPORTED);
    assert_eq!(items(view), numbers(b"abc"));
    drop_views([view]);
    unref(bytes);
    let block = array_of(c"B", &[3], C);
    let view = view_of(block);
    ok!(mv_object_revoke(block));
    assert!(call!(mv_view_buffer(view)).is_null());
    drop_views([view]);
    unref(block);
}

/// Takes the memory back; the views say so.
fn check_revoked(object: *mut mv_object, views: &[*mut mv_view]) {
    ok!(mv_object_revoke(object));
    for &view in views {
        let mut item = 0;
        fails!(mv_view_get_i64(view, [0].as_ptr(), 1, &raw mut item), MV_E_RELEASED);
        assert!(call!(mv_view_buffer(view)).is_null());
    }
    refused!(mv_view_new(object, MV_FULL_RO), MV_E_RELEASED);
}

#[test]
fn revoke_of_a_custom_exporter() {
    let data = placed([1_u8, 2, 3]);
    let object = custom(data.address());
    let view = view_of(object);
    let slice = sliced(view, c"::2");
    assert_eq!(items(slice), [1, 3]);
    check_revoked(object, &[view, slice]);
    drop_views([view, slice]);
    unref(object);
}

#[test]
fn revoke_of_reexported_views() {
    let data = placed([1_u8, 2, 3]);
    let memory = made!(mv_memory_new(data.address(), 3, 0, None, ptr::null_mut()));
    for object in [memory, custom(data.address())] {
        let view = view_of(object);
        let slice = sliced(view, c"::2");
        let own = made!(mv_view_reexport(slice));
        assert_eq!(items(own), [1, 3]);
        check_revoked(object, &[view, slice, own]);
        drop_views([view, slice, own]);
        unref(object);
    }
}
