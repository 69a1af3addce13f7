//! `c-tests/test_diagnostics.c`: labels and who holds what, and memory that is taken back.

use std::{
    ffi::{CStr, CString, c_int, c_void},
    ptr,
    sync::atomic::{
        AtomicI32,
        Ordering::{Relaxed, SeqCst},
    },
};

use memview::{
    error::mv_status::*,
    ffi::{MV_READ, MV_WRITE_BACK, mv_view},
    object::{
        flags::*,
        protocol::{mv_buffer, mv_object, mv_request},
    },
};

use crate::{
    adversary::Adversary,
    chance::in_steps_of,
    fixtures::*,
    harness::{message, placed, zero},
};

#[track_caller]
fn check_holders(object: *mut mv_object, expected: &str) {
    let (mut text, mut length, mut needed) = ([b'#'; 4096], 99, 99);
    ok!(mv_object_holders(object, text.as_mut_ptr().cast(), text.len(), &raw mut length));
    let said = CStr::from_bytes_until_nul(&text).expect("a terminated text");
    assert_eq!(said.to_str(), Ok(expected));
    ok!(mv_object_holders(object, ptr::null_mut(), 0, &raw mut needed));
    assert_eq!((length, needed), (expected.len(), expected.len()));
}

fn labelled(object: *mut mv_object, label: &CStr, flags: c_int) -> mv_buffer {
    let request = mv_request { flags, label: label.as_ptr(), ..request() };
    made!(mv_buffer_acquire_for(object, &raw const request))
}

fn labelled_view(object: *mut mv_object, label: &CStr) -> *mut mv_view {
    let request = mv_request { label: label.as_ptr(), ..request() };
    made!(mv_view_new_for(object, &raw const request))
}

#[test]
fn labels_come_and_go_in_any_order() {
    let object = counting_bytearray(8);
    check_holders(object, "");
    let (first, second) = (labelled(object, c"first", MV_FULL_RO), labelled(object, c"second", MV_SIMPLE));
    let view = labelled_view(object, c"third");
    let (again, plain) = (labelled(object, c"first", MV_ND), acquire(object, MV_FULL_RO));
    check_holders(object, "'first', 'second', 'third', 'first'");
    assert_eq!(call!(mv_object_exports(object)), 5);
    release(second);
    check_holders(object, "'first', 'third', 'first'");
    release(first);
    check_holders(object, "'third', 'first'");
    release(again);
    ok!(mv_view_release(view));
    check_holders(object, "");
    drop_views([view]);
    assert_eq!(call!(mv_object_exports(object)), 1);
    release(plain);
    unref(object);
}

#[test]
fn label_stays_until_the_last_view_that_shares_it() {
    let object = counting_bytearray(8);
    let view = labelled_view(object, c"reader");
    let part = sliced(view, c"1:");
    let rest = made!(mv_view_toreadonly(part));
    assert_eq!(items(rest), [1, 2, 3, 4, 5, 6, 7]);
    check_holders(object, "'reader'");
    drop_views([view, part]);
    check_holders(object, "'reader'");
    let error = fails!(mv_bytearray_resize(object, 9), MV_E_EXPORTED);
    assert!(message(&error).contains("'reader'"));
    drop_views([rest]);
    check_holders(object, "");
    ok!(mv_bytearray_resize(object, 9));
    unref(object);
}

/// A label asks for an acquisition of its own, so that it has something to stand for.
#[test]
fn label_on_a_view_of_a_view() {
    let object = counting_bytearray(8);
    let view = view_of(object);
    let second = labelled_view(as_object(view), c"second");
    check_holders(object, "'second'");
    assert_eq!(call!(mv_object_exports(object)), 2);
    drop_views([second]);
    check_holders(object, "");
    assert_eq!(call!(mv_object_exports(object)), 1);
    drop_views([view]);
    unref(object);
}

#[test]
fn label_on_a_buffer_of_a_view() {
    let object = counting_bytearray(8);
    let view = view_of(object);
    let buffer = labelled(as_object(view), c"plugin", MV_FULL_RO);
    check_holders(object, "'plugin'");
    assert_eq!(call!(mv_object_exports(as_object(view))), 1);
    fails!(mv_view_release(view), MV_E_EXPORTED);
    release(buffer);
    check_holders(object, "");
    ok!(mv_view_release(view));
    drop_views([view]);
    unref(object);
}

#[test]
fn label_of_a_refused_request_is_not_left_behind() {
    let (a, object) = Adversary::custom();
    let refused = mv_request { label: c"refused".as_ptr(), ..request() };
    a.status.set(MV_E_SYSTEM as i32);
    refused!(mv_buffer_acquire_for(object, &raw const refused), MV_E_SYSTEM);
    refused!(mv_view_new_for(object, &raw const refused), MV_E_SYSTEM);
    check_holders(object, "");
    a.status.set(0);
    let refused = mv_request { ndim: 3, ..refused };
    refused!(mv_buffer_acquire_for(object, &raw const refused), MV_E_BUFFER);
    refused!(mv_view_new_for(object, &raw const refused), MV_E_BUFFER);
    check_holders(object, "");
    assert_eq!(call!(mv_object_exports(object)), 0);
    unref(object);
    a.check(a.grants(), a.grants(), 1);
}

#[test]
fn holders_text_in_every_size() {
    let expected = b"'ab', 'c'";
    let object = counting_bytearray(8);
    let (first, second) = (labelled(object, c"ab", MV_SIMPLE), labelled(object, c"c", MV_SIMPLE));
    for size in 1..=expected.len() + 3 {
        let (mut text, mut length) = ([b'#'; 12], 99);
        ok!(mv_object_holders(object, text.as_mut_ptr().cast(), size, &raw mut length));
        let shown = expected.len().min(size - 1);
        assert_eq!(length, expected.len());
        assert_eq!(&text[..shown], &expected[..shown]);
        assert_eq!(text[shown], 0);
        assert!(text[size..].iter().all(|byte| *byte == b'#'));
        ok!(mv_object_holders(object, text.as_mut_ptr().cast(), size, ptr::null_mut()));
    }
    ok!(mv_object_holders(object, ptr::null_mut(), 0, ptr::null_mut()));
    release(second);
    release(first);
    unref(object);
}

/// More labels than a message holds: it is cut between two characters, at every offset that the cut can have.
#[test]
fn labels_longer_than_the_message() {
    for lead in (0..4).step_by(in_steps_of(2)) {
        let label = CString::new("x".repeat(lead) + &"€".repeat(232)).expect("no zero");
        let object = counting_bytearray(8);
        let (buffer, other) = (labelled(object, &label, MV_SIMPLE), labelled(object, c"other", MV_SIMPLE));
        let error = fails!(mv_bytearray_resize(object, 9), MV_E_EXPORTED);
        assert_eq!(error.value, 2);
        assert!(message(&error).len() > size_of_val(&error.message) - 8); // and it is valid UTF-8
        release(other);
        release(buffer);
        unref(object);
    }
}

#[test]
fn labels_by_the_hundred() {
    let many = if cfg!(miri) { 30 } else { 300 };
    let names: Vec<CString> = (0..many).map(|i| CString::new(format!("n{i}")).expect("no zero")).collect();
    let object = counting_bytearray(8);
    let mut buffers: Vec<mv_buffer> = names.iter().map(|name| labelled(object, name, MV_SIMPLE)).collect();
    let quoted: Vec<String> =
        names.iter().map(|name| format!("'{}'", name.to_str().expect("UTF-8"))).collect();
    check_holders(object, &quoted.join(", "));
    for i in 0..many {
        let at = i * 7 % many; // 7 and the number have no common factor
        release(std::mem::replace(&mut buffers[at], zero()));
    }
    check_holders(object, "");
    ok!(mv_bytearray_resize(object, 9));
    unref(object);
}

#[test]
fn holders_of_what_has_none() {
    let (_a, foreign) = Adversary::object();
    let object = counting_bytearray(8);
    let (view, mut length) = (view_of(object), 99);
    for none in [as_object(view), foreign] {
        fails!(mv_object_holders(none, ptr::null_mut(), 0, &raw mut length), MV_E_UNSUPPORTED);
    }
    assert_eq!(length, 99);
    drop_views([view]);
    unref(object);
}

/// A foreign exporter is given the label; what it does with it is its own affair.
#[test]
fn label_for_a_foreign_type() {
    let (a, object) = Adversary::object();
    let label = c"for you";
    let buffer = labelled(object, label, MV_FULL_RO);
    assert_eq!(buffer.internal, a.address());
    assert_eq!(a.asked_label.load(Relaxed).cast_const(), label.as_ptr());
    release(buffer);
    assert_eq!(a.released_internal.load(Relaxed), a.address());
    a.check(1, 1, 0);
}

/// What is revoked answers RELEASED, to whoever asks for whatever.
#[track_caller]
fn check_revoked(object: *mut mv_object) {
    for flags in [MV_SIMPLE, MV_FULL, MV_EXCLUSIVE, MV_IMMUTABLE] {
        refused!(mv_buffer_acquire(object, flags), MV_E_RELEASED);
    }
    refused!(mv_view_new(object, MV_FULL_RO), MV_E_RELEASED);
    refused!(mv_view_contiguous(object, MV_READ, C), MV_E_RELEASED);
}

#[test]
fn revoked_objects_of_every_kind() {
    let data = placed([0_u8; 8]);
    let (array, block) = (counting_bytearray(8), array_of(c"B", &[8], C));
    let memory = made!(mv_memory_new(data.address(), 8, 0, None, ptr::null_mut()));
    let (a, custom) = Adversary::custom();
    for object in [array, block, memory, custom] {
        let view = view_of(object);
        ok!(mv_object_revoke(object));
        ok!(mv_object_revoke(object));
        check_revoked(object);
        if object == array {
            fails!(mv_bytearray_resize(object, 9), MV_E_RELEASED);
            fails!(mv_bytearray_splice(object, 0, 0, data.address(), 1), MV_E_RELEASED);
        }
        if object == block {
            fails!(mv_array_resize(object, [9].as_ptr(), 1), MV_E_RELEASED);
        }
        assert!(call!(mv_view_buffer(view)).is_null());
        ok!(mv_view_release(view));
        drop_views([view]);
        unref(object);
    }
    a.check(1, 1, 1);
}

#[test]
fn revoke_of_what_cannot_be_revoked() {
    let bytes = bytes_of(b"abc");
    fails!(mv_object_revoke(bytes), MV_E_UNSUPPORTED);
    let view = view_of(bytes);
    fails!(mv_object_revoke(as_object(view)), MV_E_UNSUPPORTED);
    assert_eq!(items(view), numbers(b"abc"));
    drop_views([view]);
    unref(bytes);
    let (a, foreign) = Adversary::object();
    fails!(mv_object_revoke(foreign), MV_E_UNSUPPORTED);
    assert_eq!(a.references(), 1);
}

unsafe extern "C" fn count_free(context: *mut c_void, _: *mut c_void) {
    // SAFETY: the context is the case's counter.
    unsafe { &*context.cast::<AtomicI32>() }.fetch_add(1, SeqCst);
}

/// Raw buffers, straight from the object or from a view of it, cannot be taken away: the owner asks again.
#[test]
fn revoke_with_raw_buffers_out() {
    let data = placed([0_u8, 1, 2, 3, 4, 5, 6, 7]);
    let freed = AtomicI32::new(0);
    let context = (&raw const freed).cast_mut().cast();
    let object = made!(mv_memory_new(data.address(), 8, 0, Some(count_free), context));
    let view = view_of(object);
    let (straight, through) = (acquire(object, MV_FULL), acquire(as_object(view), MV_FULL));
    assert_eq!(fails!(mv_object_revoke(object), MV_E_EXPORTED).value, 2);
    check_revoked(object); // refused from the first call on, whatever it answered
    assert_eq!(memory(straight.buf, 8), data.get());
    release(straight);
    assert_eq!(fails!(mv_object_revoke(object), MV_E_EXPORTED).value, 1);
    release(through);
    ok!(mv_object_revoke(object));
    drop_views([view]);
    assert_eq!(freed.load(SeqCst), 0);
    unref(object);
    assert_eq!(freed.load(SeqCst), 1);
}

/// Everything that came from a view, by whichever way, is revoked with it.
#[test]
fn revoke_reaches_all_descendants() {
    let object = counting_bytearray(8);
    let view = view_of(object);
    let slice = sliced(view, c"::-2");
    let square = made!(mv_view_cast(view, c"H".as_ptr(), [2, 2].as_ptr(), 2, C));
    let kin = [
        slice,
        made!(mv_view_toreadonly(slice)),
        made!(mv_view_reexport(slice)),
        labelled_view(as_object(view), c"label"),
        made!(mv_view_contiguous(as_object(view), MV_READ, C)),
        square,
    ];
    drop_views([view]);
    ok!(mv_object_revoke(object));
    for view in kin {
        let mut value = 0;
        let ndim = if view == square { 2 } else { 1 };
        fails!(mv_view_get_i64(view, [0, 0].as_ptr(), ndim, &raw mut value), MV_E_RELEASED);
        refused!(mv_view_slice(view, c"0:1".as_ptr()), MV_E_RELEASED);
        refused!(mv_view_reexport(view), MV_E_RELEASED);
        refused!(mv_buffer_acquire(as_object(view), MV_SIMPLE), MV_E_RELEASED);
        assert!(call!(mv_view_buffer(view)).is_null());
        ok!(mv_view_release(view));
        drop_views([view]);
    }
    check_holders(object, "");
    assert_eq!(call!(mv_object_exports(object)), 0);
    unref(object);
}

/// A copy of strided memory is memory of its own; what is written back to after a revoke is nobody's.
#[test]
fn revoke_before_a_copy_is_written_back() {
    let bytes = placed([0_u8, 1, 2, 3, 4, 5, 6, 7]);
    let (extent, stride) = ([4], [2]);
    let description = mv_buffer {
        buf: bytes.address(),
        itemsize: 1,
        ndim: 1,
        format: c"B".as_ptr(),
        shape: extent.as_ptr(),
        strides: stride.as_ptr(),
        ..zero()
    };
    let null = ptr::null_mut();
    let object = made!(mv_memory_describe(&raw const description, bytes.address(), 8, None, null));
    let view = made!(mv_view_contiguous(object, MV_WRITE_BACK, C));
    ok!(mv_view_write(view, NO_TEXT, C, data(b"wxyz"), 4));
    ok!(mv_object_revoke(object));
    fails!(mv_view_release(view), MV_E_RELEASED);
    assert_eq!(bytes.get(), [0, 1, 2, 3, 4, 5, 6, 7]);
    ok!(mv_view_release(view)); // it was released all the same
    drop_views([view]);
    unref(object);
}

#[test]
fn revoke_of_leased_memory() {
    for flag in [MV_EXCLUSIVE, MV_IMMUTABLE] {
        let object = counting_bytearray(8);
        let lease = acquire(object, MV_FULL_RO | flag);
        fails!(mv_object_revoke(object), MV_E_EXPORTED);
        release(lease);
        ok!(mv_object_revoke(object));
        check_revoked(object);
        unref(object);
        let object = counting_bytearray(8);
        let view = made!(mv_view_new(object, MV_FULL_RO | flag));
        ok!(mv_object_revoke(object));
        refused!(mv_buffer_acquire(as_object(view), MV_SIMPLE), MV_E_RELEASED);
        drop_views([view]);
        check_revoked(object);
        unref(object);
    }
}

/// What a custom exporter granted is given back by its views, in their own time: once each, revoked or not.
#[test]
fn revoked_grants_are_released_once() {
    let (a, object) = Adversary::custom();
    let view = view_of(object);
    let part = sliced(view, c"1:");
    ok!(mv_object_revoke(object));
    a.check(1, 0, 0);
    drop_views([view]);
    unref(object);
    a.check(1, 0, 0);
    ok!(mv_view_release(part));
    a.check(1, 1, 1);
    drop_views([part]);
    a.check(1, 1, 1);
}
