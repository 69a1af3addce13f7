//! `c-tests/test_buffer_foreign.c`: foreign exporters, what memview makes of their answers, and when it calls them.

use std::{ffi::c_void, ptr, sync::atomic::Ordering::Relaxed};

use memview::{
    error::{mv_error, mv_status::*},
    ffi::Code,
    object::{
        flags::*,
        protocol::{MV_ABI, mv_buffer, mv_object, mv_request, mv_type},
    },
};

use crate::{
    adversary::{Adversary, REFUSAL, TYPE, TYPE_SIZE},
    fixtures::*,
    harness::{Placed, message, placed, text},
    table::{table_new, table_references, tables_alive},
};

/// Two rows of three bytes at `data`.
fn foreign_image(data: *mut c_void) -> (Placed<Adversary>, *mut mv_object) {
    let (foreign, object) = Adversary::foreign(data);
    foreign.shape.set([2, 3, 0, 0]);
    foreign.strides.set([3, 1, 0, 0]);
    foreign.change(|answer| answer.ndim = 2);
    (foreign, object)
}

#[test]
fn full_answer_is_narrowed_to_the_request() {
    let data = placed(*b"abcde\0");
    let (foreign, object) = foreign_image(data.address());
    let internal = data.address().wrapping_byte_add(3);
    foreign.change(|answer| answer.internal = internal);
    let b = acquire(object, MV_SIMPLE);
    assert_eq!(foreign.flags.load(Relaxed), MV_SIMPLE);
    assert_eq!((b.obj, b.buf), (object, data.address()));
    assert_eq!((b.len, b.ndim), (6, 1)); // the length was left to memview
    assert!(b.shape.is_null() && b.strides.is_null() && b.format.is_null());
    release(b);
    assert_eq!(foreign.releases(), 1);
    assert_eq!(foreign.released_internal.load(Relaxed), internal);
    let b = acquire(object, MV_FULL_RO);
    assert_eq!((entries(b.shape, 2), entries(b.strides, 2)), (vec![2, 3], vec![3, 1]));
    assert_eq!(text(b.format).as_deref(), Some("B"));
    release(b);
    foreign.check(2, 2, 0);
}

#[test]
fn refusal_after_the_answer_releases_once() {
    let data = placed(*b"abcde\0");
    let (foreign, object) = foreign_image(data.address());
    refused!(mv_buffer_acquire(object, MV_F_CONTIGUOUS), MV_E_BUFFER);
    assert_eq!(foreign.releases(), 1);
    foreign.change(|answer| answer.readonly = 1);
    refused!(mv_buffer_acquire(object, MV_WRITABLE), MV_E_BUFFER);
    assert_eq!(foreign.releases(), 2);
    let request = mv_request { format: c"d".as_ptr(), ..request() };
    refused!(mv_buffer_acquire_for(object, &raw const request), MV_E_BUFFER);
    assert_eq!(foreign.releases(), 3);
}

#[test]
fn refusal_of_the_exporter_passes_through() {
    let data = placed(*b"abcde\0");
    let (foreign, object) = foreign_image(data.address());
    for status in [MV_E_BUFFER, MV_E_BUSY, MV_E_NO_MEMORY, MV_E_SYSTEM] {
        foreign.refuse(status as i32);
        let error = refused!(mv_buffer_acquire(object, MV_FULL_RO), status);
        assert_eq!(message(&error), REFUSAL);
        refused!(mv_view_new(object, MV_FULL_RO), status);
    }
    for status in [MV_E_BUFFER as i32, 4711] {
        foreign.refuse(status);
        let mut b: mv_buffer = crate::harness::junk();
        let code = call!(mv_buffer_acquire(object, MV_FULL_RO, &raw mut b, ptr::null_mut()));
        assert_eq!(code.0, status);
        assert!(crate::harness::is_zero(&b));
    }
    assert_eq!(foreign.releases(), 0); // though the struct was filled
}

unsafe extern "C" fn sulk(
    _: *mut mv_object,
    _: *const mv_request,
    _: *mut mv_buffer,
    _: *mut mv_error,
) -> Code {
    Code(MV_E_BUSY as i32)
}

#[test]
fn refusal_without_words_is_given_some() {
    let r#type =
        mv_type { r#ref: None, unref: None, acquire: Some(sulk), release: None, exports: None, ..TYPE };
    let mut sulker = mv_object { r#type: &raw const r#type };
    refused!(mv_buffer_acquire(&raw mut sulker, MV_FULL_RO), MV_E_BUSY);
}

#[test]
fn type_of_an_unknown_version() {
    for (size, abi) in [(TYPE_SIZE, MV_ABI + 1), (TYPE_SIZE - 1, MV_ABI)] {
        let r#type = mv_type { size, abi, ..TYPE };
        let (foreign, object) = Adversary::typed(&raw const r#type);
        refused!(mv_buffer_acquire(object, MV_FULL_RO), MV_E_VERSION);
        assert_eq!(foreign.calls(), 0);
    }
    let larger = mv_type { size: TYPE_SIZE + 64, ..TYPE };
    let (foreign, object) = Adversary::typed(&raw const larger);
    release(acquire(object, MV_FULL_RO));
    foreign.check(1, 1, 0);
    let mute = mv_type { acquire: None, ..TYPE };
    let (_foreign, object) = Adversary::typed(&raw const mute);
    refused!(mv_buffer_acquire(object, MV_FULL_RO), MV_E_NULL);
}

#[test]
fn answers_without_sense_are_refused_and_released() {
    type Wrong = fn(&Adversary, &mut mv_buffer);
    let data = placed(*b"abcde\0");
    let wrongs: [(&str, Wrong); 9] = [
        ("buf", |_, answer| answer.buf = ptr::null_mut()),
        ("itemsize", |_, answer| answer.itemsize = 0),
        ("itemsize", |_, answer| answer.itemsize = -1),
        ("ndim", |_, answer| answer.ndim = -1),
        ("shape", |_, answer| answer.shape = ptr::null()),
        ("shape", |foreign, _| foreign.shape.set([2, -3, 0, 0])),
        ("shape", |foreign, _| foreign.shape.set([isize::MAX, 2, 0, 0])),
        ("strides", |foreign, _| foreign.strides.set([isize::MAX, 1, 0, 0])),
        ("len", |_, answer| answer.len = 5),
    ];
    for (member, wrong) in wrongs {
        let (bad, object) = foreign_image(data.address());
        bad.change(|answer| wrong(&bad, answer));
        let error = refused!(mv_buffer_acquire(object, MV_FULL_RO), MV_E_CALLBACK);
        assert!(message(&error).contains(member), "{}", message(&error));
        bad.check(1, 1, 0);
        refused!(mv_view_new(object, MV_FULL_RO), MV_E_CALLBACK);
        bad.check(2, 2, 0);
    }
}

#[test]
fn answer_of_too_many_dimensions() {
    let (data, ones) = (placed(*b"abcde\0"), [1; 65].as_ptr());
    let (foreign, object) = foreign_image(data.address());
    foreign.change(|answer| (answer.shape, answer.strides, answer.ndim) = (ones, ones, 65));
    assert_eq!(refused!(mv_buffer_acquire(object, MV_FULL_RO), MV_E_CALLBACK).value, 65);
    assert_eq!(foreign.releases(), 1);
    foreign.change(|answer| answer.ndim = 64);
    let b = acquire(object, MV_FULL_RO);
    assert_eq!(entries(b.shape, b.ndim), [1; 64]);
    release(b);
}

#[test]
fn leases_are_not_asked_of_types_without_them() {
    let data = placed(*b"abcde\0");
    let (foreign, object) = foreign_image(data.address());
    refused!(mv_buffer_acquire(object, MV_EXCLUSIVE), MV_E_BUFFER);
    refused!(mv_buffer_acquire(object, MV_IMMUTABLE), MV_E_BUFFER);
    assert_eq!(foreign.calls(), 0);
}

#[test]
fn view_keeps_copies_of_the_arrays() {
    let data = placed(*b"abcde\0");
    let (foreign, object) = foreign_image(data.address());
    let view = view_of(object);
    foreign.shape.set([1000, 3, 0, 0]);
    foreign.strides.set([3, 1000, 0, 0]);
    assert_eq!(shape(view), [2, 3]);
    assert_eq!(strides(view), [3, 1]);
    assert_eq!(items(view), numbers(b"abcde\0"));
    assert_eq!(call!(mv_view_exporter(view)), object);
    drop_views([view]);
    assert_eq!(foreign.releases(), 1);
}

#[test]
fn reference_of_the_exporter_is_taken_and_dropped() {
    let table = table_new(2, 3, 4);
    let (b, view) = (acquire(table, MV_FULL_RO), view_of(table));
    let slice = sliced(view, c"1:");
    assert!(table_references(table) >= 3);
    assert_eq!(call!(mv_object_exports(table)), 2);
    unref(table);
    release(b);
    drop_views([view]);
    assert_eq!(tables_alive(), 1);
    assert_eq!(items(slice), [4, 5, 6, 7, 8, 9, 10, 11]);
    drop_views([slice]);
    assert_eq!(tables_alive(), 0);
}
