//! `c-tests/test_fault_callback.c`: callbacks that turn on the library: they acquire, release, resize and revoke what is in use.

use std::ptr;

use memview::{
    error::mv_status::*,
    ffi::MV_WRITE_BACK,
    object::{flags::*, protocol::mv_request},
};

use crate::{adversary::Adversary, fixtures::*, harness::zero};

/// The bytes 0 to 15, as items.
fn sixteen() -> Vec<i64> {
    (0..16).collect()
}

fn acquire_again(a: &Adversary) {
    a.on_release.set(None); // once
    let mut buffer = zero();
    a.seen.set(call!(mv_buffer_acquire(a.own.get(), MV_FULL_RO, &raw mut buffer, ptr::null_mut())).0);
    a.taken.set(buffer);
}

fn unref_other_view(a: &Adversary) {
    a.on_release.set(None);
    drop_views([a.other_view.get()]);
}

fn release_other_view(a: &Adversary) {
    a.on_release.set(None);
    release_view_at_work(a);
}

fn unref_own(a: &Adversary) {
    a.on_release.set(None);
    unref(a.own.get());
}

#[test]
fn fault_042_release_callback_acquires_again() {
    let (a, object) = Adversary::custom();
    let view = view_of(object);
    a.on_release.set(Some(acquire_again));
    drop_views([view]);
    // A handle is left: another acquisition is as good as any.
    assert!([MV_OK as i32, MV_E_BUSY as i32].contains(&a.seen.get()));
    a.release_taken();
    assert_eq!(call!(mv_object_exports(object)), 0);
    a.check(a.grants(), a.grants(), 0);
    unref(object);
    assert_eq!(a.frees(), 1);
}

/// No handle is left: what the callback acquires is granted and keeps the object alive, or is refused; it is never handed
/// out and then freed.
#[test]
fn fault_042_no_resurrection_by_a_release_callback() {
    let (a, object) = Adversary::custom();
    let view = view_of(object);
    unref(object);
    a.on_release.set(Some(acquire_again));
    drop_views([view]);
    if a.seen.get() == MV_OK as i32 {
        a.check(2, 1, 0);
        assert_eq!(memory(a.taken.get().buf, 4), [0, 1, 2, 3]);
    } else {
        assert_eq!(a.seen.get(), MV_E_BUSY as i32);
    }
    a.release_taken();
    a.check(a.grants(), a.grants(), 1);
}

/// Once free runs nothing can be had any more, and nothing is freed twice.
#[test]
fn fault_042_no_resurrection_by_a_free_callback() {
    let (a, object) = Adversary::custom();
    a.on_free.set(Some(acquire_again));
    unref(object);
    assert!([MV_E_BUSY as i32, MV_E_RELEASED as i32].contains(&a.seen.get()));
    a.release_taken();
    a.check(0, 0, 1);
}

#[test]
fn fault_043_release_callback_releases_another_view() {
    let (a, object) = Adversary::custom();
    let (view, other) = (view_of(object), view_of(object));
    a.other_view.set(other);
    a.on_release.set(Some(release_other_view));
    a.seen.set(MV_E_SYSTEM as i32);
    ok!(mv_view_release(view));
    assert_eq!(a.seen.get(), MV_OK as i32);
    a.check(2, 2, 0);
    assert!(call!(mv_view_buffer(other)).is_null());
    drop_views([other, view]);
    let view = view_of(object);
    a.other_view.set(view_of(object));
    a.on_release.set(Some(unref_other_view));
    drop_views([view]);
    a.check(4, 4, 0);
    unref(object);
    a.check(4, 4, 1);
}

/// The very view whose release is under way: it is released already, so releasing it is a no-op.
#[test]
fn fault_043_release_callback_releases_its_own_view() {
    let (a, object) = Adversary::custom();
    let view = view_of(object);
    a.other_view.set(view);
    a.on_release.set(Some(release_other_view));
    a.seen.set(MV_E_SYSTEM as i32);
    ok!(mv_view_release(view));
    assert_eq!(a.seen.get(), MV_OK as i32);
    a.check(1, 1, 0);
    drop_views([view]);
    unref(object);
    a.check(1, 1, 1);
}

#[test]
fn fault_044_release_callback_drops_the_exporter() {
    let (a, object) = Adversary::custom();
    a.on_release.set(Some(unref_own));
    release(acquire(object, MV_FULL));
    a.check(1, 1, 1);
    let (a, object) = Adversary::custom();
    a.on_release.set(Some(unref_own));
    let view = view_of(object);
    ok!(mv_view_release(view));
    a.check(1, 1, 1);
    fails!(mv_view_read(view, NO_TEXT, C, ptr::null_mut(), 0), MV_E_RELEASED);
    drop_views([view]);
    let (a, object) = Adversary::object();
    a.on_release.set(Some(unref_own));
    let buffer = acquire(object, MV_FULL);
    assert_eq!(a.references(), 2);
    release(buffer);
    a.check(1, 1, 1);
}

/// A redirecting exporter: it lends a bytearray's memory, and then tries to resize it under its own answer.
fn acquire_then_resize(a: &Adversary) {
    let other = a.other_object.get();
    let buffer = acquire(other, MV_FULL);
    a.taken.set(buffer);
    a.change(|answer| answer.buf = buffer.buf);
    a.seen.set(call!(mv_bytearray_resize(other, 1 << 16, ptr::null_mut())).0);
}

#[test]
fn fault_045_acquire_callback_resizes_its_own_memory() {
    let (a, object) = Adversary::custom();
    let other = counting_bytearray(16);
    a.other_object.set(other);
    a.on_acquire.set(Some(acquire_then_resize));
    a.on_release.set(Some(Adversary::release_taken));
    let view = view_of(object);
    assert_eq!(a.seen.get(), MV_E_EXPORTED as i32);
    assert_eq!(items(view), sixteen());
    assert_eq!(call!(mv_object_exports(other)), 1);
    drop_views([view]);
    ok!(mv_bytearray_resize(other, 17));
    drop_objects([other, object]);
    a.check(1, 1, 1);
}

fn revoke_own(a: &Adversary) {
    a.on_acquire.set(None);
    a.seen.set(call!(mv_object_revoke(a.own.get(), ptr::null_mut())).0);
}

#[test]
fn fault_045_acquire_callback_revokes_its_own_exporter() {
    let (a, object) = Adversary::custom();
    a.on_acquire.set(Some(revoke_own));
    let mut buffer = zero();
    let code = call!(mv_buffer_acquire(object, MV_FULL, &raw mut buffer, ptr::null_mut()));
    assert_eq!(a.seen.get(), MV_E_EXPORTED as i32); // the request itself is in flight
    assert!([MV_OK as i32, MV_E_RELEASED as i32].contains(&code.0));
    release(buffer);
    ok!(mv_object_revoke(object));
    refused!(mv_buffer_acquire(object, MV_SIMPLE), MV_E_RELEASED);
    unref(object);
    a.check(a.grants(), a.grants(), 1);
}

/// gh-92888 and its family: a callback releases the view that is being worked on.
fn release_view_at_work(a: &Adversary) {
    a.seen.set(call!(mv_view_release(a.other_view.get(), ptr::null_mut())).0);
}

#[test]
fn cpython_92888_callback_releases_the_view_being_reexported() {
    let (a, object) = Adversary::custom();
    let view = view_of(object);
    a.other_view.set(view);
    a.on_acquire.set(Some(release_view_at_work));
    a.seen.set(MV_E_EXPORTED as i32); // so it stays where the exporter is not asked again
    let again = made!(mv_view_reexport(view));
    assert_eq!(a.seen.get(), MV_E_EXPORTED as i32);
    assert_eq!(items(again), sixteen());
    assert_eq!(a.releases(), 0);
    drop_views([again]);
    ok!(mv_view_release(view));
    drop_views([view]);
    unref(object);
    a.check(a.grants(), a.grants(), 1);
}

#[test]
fn fault_046_callback_releases_the_view_that_is_viewed_with_a_label() {
    let (a, object) = Adversary::custom();
    let view = view_of(object);
    a.other_view.set(view);
    a.on_acquire.set(Some(release_view_at_work));
    a.seen.set(MV_E_EXPORTED as i32);
    let request = mv_request { label: c"label".as_ptr(), ..request() };
    let labelled = made!(mv_view_new_for(as_object(view), &raw const request));
    assert_eq!(a.seen.get(), MV_E_EXPORTED as i32);
    drop_views([labelled, view]);
    unref(object);
    a.check(a.grants(), a.grants(), 1);
}

/// The end of a copy that is written back: its source is at work while the exporter is told.
fn release_and_read(a: &Adversary) {
    let mut bytes = [0_u8; 16];
    let (view, to) = (a.other_view.get(), bytes.as_mut_ptr().cast());
    a.seen.set(call!(mv_view_read(view, NO_TEXT, C, to, 8, ptr::null_mut())).0);
    drop_views([view]);
}

#[test]
fn fault_046_release_callback_drops_the_copy_being_written_back() {
    let (a, object) = Adversary::custom();
    a.shape.set([8, 0, 0, 0]);
    a.strides.set([2, 0, 0, 0]);
    let view = made!(mv_view_contiguous(object, MV_WRITE_BACK, C));
    ok!(mv_view_set_i64(view, [7].as_ptr(), 1, 99));
    assert_eq!(a.byte(14), 14);
    a.other_view.set(call!(mv_view_ref(view)));
    a.on_release.set(Some(release_and_read));
    ok!(mv_view_release(view));
    assert_eq!(a.byte(14), 99);
    assert_eq!(a.seen.get(), MV_E_RELEASED as i32);
    drop_views([view]);
    unref(object);
    a.check(a.grants(), a.grants(), 1);
}

/// The destination of a copy, released and resized by the acquire callback of its source.
fn release_and_resize_destination(a: &Adversary) {
    release_view_at_work(a);
    if a.seen.get() == MV_OK as i32 {
        ok!(mv_bytearray_resize(a.other_object.get(), 3));
    }
}

#[test]
fn fault_046_callback_releases_the_destination_of_a_copy() {
    let (a, source) = Adversary::custom();
    let object = counting_bytearray(16);
    let view = view_of(object);
    a.fill(0x77);
    a.other_view.set(view);
    a.other_object.set(object);
    a.on_acquire.set(Some(release_and_resize_destination));
    let code = call!(mv_object_copy(as_object(view), source, ptr::null_mut()));
    if a.seen.get() == MV_E_EXPORTED as i32 {
        assert_eq!(code.0, MV_OK as i32);
        assert_eq!(items(view), [0x77; 16]);
    } else {
        // The source came first, and the destination was gone when it was asked.
        assert_eq!((a.seen.get(), code.0), (MV_OK as i32, MV_E_RELEASED as i32));
    }
    drop_views([view]);
    drop_objects([object, source]);
    a.check(1, 1, 1);
}

/// gh-143378: acquiring the source closes the target.
fn resize_destination(a: &Adversary) {
    a.seen.set(call!(mv_bytearray_resize(a.other_object.get(), 1 << 16, ptr::null_mut())).0);
}

#[test]
fn cpython_143378_acquiring_the_source_resizes_the_target() {
    let (a, source) = Adversary::custom();
    let object = counting_bytearray(16);
    a.other_object.set(object);
    a.on_acquire.set(Some(resize_destination));
    let code = call!(mv_object_copy(object, source, ptr::null_mut()));
    let refused = a.seen.get() == MV_E_EXPORTED as i32;
    assert!(refused || a.seen.get() == MV_OK as i32);
    assert_eq!(code.0, if refused { MV_OK as i32 } else { MV_E_SHAPE as i32 });
    drop_objects([object, source]);
    a.check(1, 1, 1);
}

/// Case 47: what a callback keeps of a view it was lent is a handle: it outlives the release, and says so.
fn keep_view(a: &Adversary) {
    a.kept.set(call!(mv_view_ref(a.other_view.get())));
}

#[test]
fn fault_047_callback_keeps_a_view_and_uses_it_later() {
    let lent = counting_bytearray(4);
    let (a, object) = Adversary::custom();
    let other = view_of(lent);
    a.other_view.set(other);
    a.on_acquire.set(Some(keep_view));
    release(acquire(object, MV_SIMPLE));
    let kept = a.kept.get();
    let mut value: i64 = made!(mv_view_get_i64(kept, [3].as_ptr(), 1));
    assert_eq!(value, 3);
    ok!(mv_view_release(other));
    drop_views([other]);
    ok!(mv_bytearray_resize(lent, 0));
    unref(lent);
    fails!(mv_view_get_i64(kept, [3].as_ptr(), 1, &raw mut value), MV_E_RELEASED);
    assert!(call!(mv_view_buffer(kept)).is_null());
    drop_views([kept]);
    unref(object);
    a.check(1, 1, 1);
}
