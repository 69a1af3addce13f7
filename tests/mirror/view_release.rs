//! `c-tests/test_view_release.c`: how views end, and what lives on.

use std::{ptr, thread};

use memview::{
    error::mv_status::*,
    ffi::{MV_INT, MV_READ, MV_STRICT, mv_scalar, mv_scalar_value},
    layout::mv_index,
    object::flags::*,
};

use crate::{
    adversary::Adversary,
    calls::{diagonal, field, strided, window},
    crowd::{Shared, crowd, rounds},
    fixtures::*,
    harness::{message, placed, text},
};

#[test]
fn acceptance_030_children_outlive_a_released_parent() {
    let array = bytearray_of(b"abcdef");
    let view = view_of(array);
    let slice = sliced(view, c"1:5");
    let cast = made!(mv_view_cast(slice, c"H".as_ptr(), ptr::null(), -1, C));
    let readonly = made!(mv_view_toreadonly(view));
    ok!(mv_view_release(view));
    assert_eq!(items(slice), numbers(b"bcde"));
    assert_eq!(items(readonly), numbers(b"abcdef"));
    assert_eq!(fails!(mv_bytearray_resize(array, 7), MV_E_EXPORTED).value, 1);
    ok!(mv_view_release(slice));
    ok!(mv_view_release(readonly));
    assert_eq!(shape(cast), [2]);
    fails!(mv_bytearray_resize(array, 7), MV_E_EXPORTED);
    ok!(mv_view_release(cast));
    ok!(mv_bytearray_resize(array, 7));
    drop_views([view, slice, cast, readonly]);
    unref(array);
}

#[test]
fn acceptance_031_release_is_refused_while_buffers_are_out() {
    let view = text_view("abc");
    let a = acquire(as_object(view), MV_FULL_RO);
    let error = fails!(mv_view_release(view), MV_E_EXPORTED);
    assert_eq!(error.value, 1);
    assert!(message(&error).contains("1 export") && !message(&error).contains("1 exports"));
    let b = acquire(as_object(view), MV_SIMPLE);
    let error = fails!(mv_view_release(view), MV_E_EXPORTED);
    assert_eq!(error.value, 2);
    assert!(message(&error).contains("2 exports"));
    assert_eq!(items(view), numbers(b"abc"));
    release(a);
    assert_eq!(fails!(mv_view_release(view), MV_E_EXPORTED).value, 1);
    release(b);
    ok!(mv_view_release(view));
    drop_views([view]);
}

#[test]
fn acceptance_032_released_twice() {
    let array = bytearray_of(b"abc");
    let (view, other) = (view_of(array), view_of(array));
    for _ in 0..3 {
        ok!(mv_view_release(view));
    }
    assert_eq!(call!(mv_object_exports(array)), 1);
    assert_eq!(items(other), numbers(b"abc"));
    drop_views([view]);
    assert_eq!(call!(mv_object_exports(array)), 1);
    drop_views([other]);
    unref(array);
}

#[test]
fn acceptance_033_everything_refuses_after_release() {
    let (view, good) = (released_view(), numbered(c"B", &[2, 3], C));
    let me = as_object(view);
    let value = mv_scalar { kind: MV_INT, reserved: 0, r#as: mv_scalar_value { i: 1 }, format: ptr::null() };
    let (mut scalar, mut i, mut u, mut f) = (value, 0, 0, 0.0);
    let (at, data) = ([0, 0].as_ptr(), placed([0_u8; 6]));
    assert!(call!(mv_view_buffer(view)).is_null());
    assert!(call!(mv_view_exporter(view)).is_null());
    fails!(mv_view_get(view, at, 2, &raw mut scalar), MV_E_RELEASED);
    fails!(mv_view_get_i64(view, at, 2, &raw mut i), MV_E_RELEASED);
    fails!(mv_view_get_u64(view, at, 2, &raw mut u), MV_E_RELEASED);
    fails!(mv_view_get_f64(view, at, 2, &raw mut f), MV_E_RELEASED);
    fails!(mv_view_set(view, at, 2, &raw const value), MV_E_RELEASED);
    fails!(mv_view_set_i64(view, at, 2, 1), MV_E_RELEASED);
    fails!(mv_view_set_u64(view, at, 2, 1), MV_E_RELEASED);
    fails!(mv_view_set_f64(view, at, 2, 1.0), MV_E_RELEASED);
    fails!(mv_view_copy(view, good), MV_E_RELEASED);
    fails!(mv_view_copy(good, view), MV_E_RELEASED);
    fails!(mv_view_read(view, NO_TEXT, C, data.address(), 6), MV_E_RELEASED);
    fails!(mv_view_write(view, NO_TEXT, C, data.address(), 6), MV_E_RELEASED);
    fails!(mv_view_fill(view, &raw const value), MV_E_RELEASED);
    let (mut overlap, mut count, mut place) = (0, 0, 0);
    fails!(mv_view_convert(view, good, MV_STRICT), MV_E_RELEASED);
    fails!(mv_view_convert(good, view, MV_STRICT), MV_E_RELEASED);
    fails!(mv_view_byteswap(view), MV_E_RELEASED);
    fails!(mv_view_overlaps(view, good, &raw mut overlap), MV_E_RELEASED);
    fails!(mv_view_overlaps(good, view, &raw mut overlap), MV_E_RELEASED);
    fails!(mv_view_runs(view, 0, ptr::null_mut(), 0, &raw mut count), MV_E_RELEASED);
    fails!(mv_view_count(view, &raw const value, &raw mut count), MV_E_RELEASED);
    fails!(mv_view_find(view, &raw const value, 0, isize::MAX, &raw mut place), MV_E_RELEASED);
    fails!(mv_view_find_bytes(view, data.address(), 1, 0, &raw mut place), MV_E_RELEASED);
    fails!(mv_view_hash(view, 0, &raw mut u), MV_E_RELEASED);
    fails!(mv_view_hex(view, NO_TEXT, 0, ptr::null_mut(), 0, &raw mut count), MV_E_RELEASED);
    fails!(mv_view_text(view, 6, ptr::null_mut(), 0, &raw mut count), MV_E_RELEASED);
    refused!(mv_view_format(view), MV_E_RELEASED);
    refused!(mv_view_index(view, [mv_index::at(0)].as_ptr(), 1), MV_E_RELEASED);
    refused!(mv_view_slice(view, c"0".as_ptr()), MV_E_RELEASED);
    refused!(mv_view_transpose(view, ptr::null(), 0), MV_E_RELEASED);
    refused!(mv_view_reshape(view, [6].as_ptr(), 1, C), MV_E_RELEASED);
    refused!(mv_view_broadcast(view, [2, 2, 3].as_ptr(), 3), MV_E_RELEASED);
    window(view, &[1, 1]).refused(MV_E_RELEASED);
    diagonal(view, 0, 0, 1).refused(MV_E_RELEASED);
    strided(view, 0, &[2], &[2]).refused(MV_E_RELEASED);
    field(view, c"").refused(MV_E_RELEASED);
    refused!(mv_view_split(view, 0, 2), MV_E_RELEASED);
    refused!(mv_view_cast(view, c"B".as_ptr(), ptr::null(), -1, C), MV_E_RELEASED);
    refused!(mv_view_toreadonly(view), MV_E_RELEASED);
    refused!(mv_view_reexport(view), MV_E_RELEASED);
    let request = request();
    refused!(mv_view_new(me, MV_FULL_RO), MV_E_RELEASED);
    refused!(mv_view_new_for(me, &raw const request), MV_E_RELEASED);
    refused!(mv_view_contiguous(me, MV_READ, C), MV_E_RELEASED);
    refused!(mv_buffer_acquire(me, MV_FULL_RO), MV_E_RELEASED);
    refused!(mv_buffer_acquire_for(me, &raw const request), MV_E_RELEASED);
    fails!(mv_object_copy(me, as_object(good)), MV_E_RELEASED);
    assert_eq!(text(call!(mv_object_type_name(me))).as_deref(), Some("view"));
    drop_views([view, good]);
}

#[test]
fn acceptance_036_release_of_a_read_only_view_leaves_the_original() {
    let view = text_view("abc");
    let readonly = made!(mv_view_toreadonly(view));
    ok!(mv_view_release(readonly));
    assert_eq!(buffer_of(view).readonly, 0);
    ok!(mv_view_set_i64(view, [1].as_ptr(), 1, i64::from(b'x')));
    assert_eq!(items(view), numbers(b"axc"));
    drop_views([view, readonly]);
}

/// Releases the view that is named to it.
fn release_the_victim(exporter: &Adversary) {
    let mut error = crate::harness::untouched();
    let code = call!(mv_view_release(exporter.other_view.get(), &raw mut error));
    exporter.seen.set(code.0);
    assert!(code.0 == 0 || error.value == 1);
}

#[test]
fn acceptance_037_callback_cannot_release_the_view_in_use() {
    let data = placed(*b"wxyz");
    let (foreign, object) = Adversary::foreign(data.address());
    let view = text_view("abcd");
    let slice = sliced(view, c"::-1");
    foreign.other_view.set(slice);
    foreign.on_acquire.set(Some(release_the_victim));
    // Holds the view, and then asks the exporter.
    ok!(mv_object_copy(as_object(slice), object));
    foreign.check(1, 1, 0);
    assert_eq!(foreign.seen.get(), MV_E_EXPORTED as i32);
    assert_eq!(items(slice), numbers(b"wxyz"));
    assert_eq!(items(view), numbers(b"zyxw"));
    ok!(mv_view_release(slice));
    drop_views([view, slice]);
}

#[test]
fn release_callback_meets_the_released_view() {
    let data = placed(*b"abc\0");
    let (foreign, object) = Adversary::foreign(data.address());
    let view = view_of(object);
    foreign.other_view.set(view);
    foreign.on_release.set(Some(release_the_victim));
    foreign.seen.set(MV_E_SYSTEM as i32);
    ok!(mv_view_release(view));
    assert_eq!(foreign.seen.get(), MV_OK as i32); // released again, and for nothing
    assert_eq!(foreign.releases(), 1);
    drop_views([view]);
    assert_eq!(foreign.releases(), 1);
}

#[test]
fn acceptance_038_two_threads_release_one_view() {
    for _ in 0..rounds(200) {
        let (lender, object) = Adversary::custom();
        let view = Shared(view_taking(object));
        thread::scope(|scope| {
            for _ in 0..2 {
                let view = &view;
                scope.spawn(move || ok!(mv_view_release(view.0)));
            }
        });
        lender.check(1, 1, 1);
        assert!(call!(mv_view_buffer(view.0)).is_null());
        drop_views([view.0]);
        lender.check(1, 1, 1);
    }
}

#[test]
fn acceptance_039_eight_threads_slice_one_view() {
    let (lender, object) = Adversary::custom();
    let view = Shared(view_taking(object));
    crowd(
        1,
        || view.0,
        |_, &view| {
            for i in 0..if cfg!(miri) { 12 } else { 2000 } {
                let item = mv_index::slice(Some(i % 6), Some(12), Some(2));
                let slice = made!(mv_view_index(view, &raw const item, 1));
                let number: i64 = made!(mv_view_get_i64(slice, [1].as_ptr(), 1));
                assert_eq!(number, i64::try_from(i % 6 + 2).expect("a small number"));
                if i % 2 == 1 {
                    ok!(mv_view_release(slice));
                }
                drop_views([slice]);
            }
        },
        |_| (),
    );
    assert_eq!(lender.releases(), 0);
    assert_eq!(items(view.0), (0..16).collect::<Vec<i64>>());
    drop_views([view.0]);
    lender.check(1, 1, 1);
}

#[test]
fn unref_waits_for_the_buffers() {
    let array = bytearray_of(b"abc");
    let view = view_of(array);
    let b = acquire(as_object(view), MV_FULL_RO);
    drop_views([view]);
    assert_eq!(call!(mv_object_exports(array)), 1);
    fails!(mv_bytearray_resize(array, 9), MV_E_EXPORTED);
    assert_eq!(memory(b.buf, 3), b"abc");
    assert_eq!(entries(b.shape, b.ndim), [3]);
    release(b);
    assert_eq!(call!(mv_object_exports(array)), 0);
    unref(array);
}

#[test]
fn references_of_a_view() {
    let array = bytearray_of(b"abc");
    let view = view_of(array);
    assert_eq!(call!(mv_view_ref(view)), view);
    drop_views([view]);
    assert_eq!(items(view), numbers(b"abc"));
    assert_eq!(call!(mv_object_ref(as_object(view))), view.cast());
    unref(as_object(view));
    assert_eq!(call!(mv_object_exports(array)), 1);
    unref(array);
    assert_eq!(items(view), numbers(b"abc"));
    drop_views([view]);
    assert_eq!(call!(mv_view_ref(NO_VIEW)), NO_VIEW);
    drop_views([NO_VIEW]);
    assert_eq!(fails!(mv_view_release(NO_VIEW), MV_E_NULL).dim, 1);
}
