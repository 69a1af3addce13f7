//! `c-tests/test_fault_contract.c`: exporters that break the contract, or keep it in unusual ways.

use std::{ptr, sync::atomic::Ordering::Relaxed};

use memview::{
    error::{mv_error, mv_status::*},
    ffi::{MV_READ, MV_WRITE},
    object::{
        flags::*,
        protocol::{mv_buffer, mv_object, mv_request},
    },
};

use crate::{
    adversary::{Adversary, fail},
    fixtures::*,
    harness::{Placed, is_zero, message, placed, text},
    table::POINTER,
};

type Make = fn() -> (Placed<Adversary>, *mut mv_object);

const BOTH: [Make; 2] = [Adversary::object, Adversary::custom];

/// Case 48: what a failing acquire leaves behind is wiped, its status comes through, and release is not called.
#[test]
fn fault_048_acquire_fails_with_a_half_filled_struct() {
    for make in BOTH {
        let (a, object) = make();
        for status in [MV_E_NOT_FOUND, MV_E_SYSTEM, MV_E_BUFFER, MV_E_VERSION] {
            a.status.set(status as i32);
            refused!(mv_buffer_acquire(object, MV_FULL_RO), status);
            refused!(mv_view_new(object, MV_FULL_RO), status);
            refused!(mv_view_contiguous(object, MV_READ, C), status);
        }
        assert_eq!(a.calls(), 12);
        a.check(0, 0, 0);
        assert_eq!(call!(mv_object_exports(object)), 0);
        unref(object);
        assert_eq!(a.frees(), 1);
    }
}

fn fail_unterminated(_: &Adversary, error: *mut mv_error) {
    // SAFETY: an exporter is given an error to be filled.
    unsafe { error.write_bytes(b'x', 1) }
}

fn fail_in_words(_: &Adversary, error: *mut mv_error) {
    fail(error, MV_E_NOT_FOUND as i32, "the sensor is unplugged");
    // SAFETY: as above.
    unsafe { (*error).value = 42 }
}

#[test]
fn fault_048_error_of_a_failing_acquire() {
    let (a, object) = Adversary::object();
    a.status.set(MV_E_NOT_FOUND as i32);
    a.fill_error.set(Some(fail_in_words));
    refused!(mv_buffer_acquire(object, MV_FULL_RO), MV_E_NOT_FOUND);
    let error = refused!(mv_view_new(object, MV_FULL_RO), MV_E_NOT_FOUND);
    assert_eq!((message(&error).as_str(), error.value), ("the sensor is unplugged", 42));
    let mut view = ptr::null_mut();
    let code = call!(mv_view_new(object, MV_FULL_RO, &raw mut view, ptr::null_mut()));
    assert_eq!(code.0, MV_E_NOT_FOUND as i32);
    a.status.set(MV_E_SYSTEM as i32); // the callback's error says otherwise: what it returned counts
    refused!(mv_buffer_acquire(object, MV_FULL_RO), MV_E_SYSTEM);
    a.fill_error.set(Some(fail_unterminated));
    refused!(mv_buffer_acquire(object, MV_FULL_RO), MV_E_SYSTEM);
    assert_eq!(a.references(), 1);
}

#[test]
fn fault_048_statuses_that_nobody_knows() {
    let (a, object) = Adversary::custom();
    for status in [22, 777, -1, i32::MAX, i32::MIN] {
        a.status.set(status);
        let mut buffer: mv_buffer = crate::harness::junk();
        let mut error = crate::harness::untouched();
        let code = call!(mv_buffer_acquire(object, MV_FULL_RO, &raw mut buffer, &raw mut error));
        assert_eq!((code.0, error.status), (status, status));
        assert!(is_zero(&buffer));
        assert_eq!(text(call!(mv_status_name(status))).as_deref(), Some("unknown"));
        assert_eq!(text(call!(mv_status_exception(status))).as_deref(), Some("SystemError"));
    }
    a.status.set(0);
    release(acquire(object, MV_FULL_RO));
    a.check(1, 1, 0);
    unref(object);
}

/// The error is the caller's only where the call fails: a callback that writes to it and succeeds changes nothing.
#[test]
fn fault_048_error_written_by_a_successful_acquire() {
    let (a, object) = Adversary::object();
    a.fill_error.set(Some(fail_in_words));
    release(acquire(object, MV_FULL_RO)); // `ok!` looks at the error
    drop_views([view_of(object)]);
    a.check(2, 2, 0);
}

type Wrong = fn(&Adversary, &mut mv_buffer);

/// Case 49: changes to a good answer of 4 x 4 bytes that break the contract.
const BROKEN: [Wrong; 9] = [
    |_, answer| answer.buf = ptr::null_mut(),
    |_, answer| answer.ndim = -1,
    |_, answer| answer.itemsize = 0,
    |_, answer| answer.itemsize = -1,
    |_, answer| answer.shape = ptr::null(),
    |a, _| a.shape.set([4, -1, 0, 0]),
    |a, _| a.shape.set([isize::MAX, 2, 0, 0]),
    |_, answer| answer.len = 15,
    |_, answer| answer.len = -16,
];

/// Strides whose last item lies further away than a number can say: cases 17 and 18, in an exporter's answer.
const OVERFLOWING: [Wrong; 2] =
    [|a, _| a.strides.set([isize::MAX, 8, 0, 0]), |a, _| a.strides.set([isize::MIN, 1, 0, 0])];

fn check_broken(a: &Adversary, object: *mut mv_object, wrongs: &[Wrong]) {
    let good = a.answer.get();
    for (wrong, number) in wrongs.iter().zip(0..) {
        a.shape.set([4; 4]);
        a.strides.set([4; 4]);
        a.answer.set(mv_buffer { ndim: 2, ..good });
        let internal = a.bytes().wrapping_add(number).cast();
        a.change(|answer| {
            wrong(a, answer);
            answer.internal = internal;
        });
        let before = a.releases();
        refused!(mv_buffer_acquire(object, MV_FULL_RO), MV_E_CALLBACK);
        assert_eq!(a.releases(), before + 1);
        assert_eq!(a.released_internal.load(Relaxed), internal);
        refused!(mv_buffer_acquire(object, MV_STRIDES), MV_E_CALLBACK);
        refused!(mv_view_new(object, MV_FULL_RO), MV_E_CALLBACK);
        refused!(mv_view_contiguous(object, MV_READ, C), MV_E_CALLBACK);
        a.check(before + 4, before + 4, 0);
    }
    assert_eq!(call!(mv_object_exports(object)), 0);
}

#[test]
fn fault_049_answers_that_break_the_contract() {
    let (a, object) = Adversary::object();
    check_broken(&a, object, &BROKEN);
    assert_eq!(a.references(), 1);
    unref(object);
    a.check(36, 36, 1);
}

#[test]
fn fault_049_answers_of_a_boxed_exporter_that_break_the_contract() {
    let (a, object) = Adversary::custom();
    check_broken(&a, object, &BROKEN);
    unref(object);
    a.check(36, 36, 1);
}

#[test]
fn fault_049_answers_whose_strides_overflow() {
    let (a, object) = Adversary::object();
    check_broken(&a, object, &OVERFLOWING);
    assert_eq!(a.references(), 1);
}

#[test]
fn fault_049_answer_of_65_dimensions() {
    let ones = [1; 65].as_ptr();
    let (a, object) = Adversary::object();
    a.change(|answer| (answer.shape, answer.strides, answer.ndim) = (ones, ones, 64));
    release(acquire(object, MV_FULL_RO));
    for ndim in [65, i32::MAX] {
        a.change(|answer| answer.ndim = ndim);
        refused!(mv_buffer_acquire(object, MV_FULL_RO), MV_E_CALLBACK);
    }
    a.check(3, 3, 0);
}

/// No byte past the memory is read, however the items are asked for.
#[test]
fn fault_049_answer_whose_format_is_longer_than_its_items() {
    let (a, object) = Adversary::object();
    a.change(|answer| answer.format = c"d".as_ptr());
    let (mut view, mut value) = (ptr::null_mut(), 0.0);
    let code = call!(mv_view_new(object, MV_FULL_RO, &raw mut view, ptr::null_mut()));
    assert_eq!(a.grants(), 1);
    if code.0 == MV_OK as i32 {
        fails!(mv_view_get_f64(view, [15].as_ptr(), 1, &raw mut value), MV_E_FORMAT);
        drop_views([view]);
    } else {
        assert!([MV_E_CALLBACK as i32, MV_E_FORMAT as i32].contains(&code.0));
        assert!(view.is_null());
    }
    a.check(1, 1, 0);
}

/// What memview fills is memview's: whatever an exporter writes there is not believed.
#[test]
fn fault_049_answer_with_an_obj_of_its_own() {
    let (other, other_object) = Adversary::object();
    for make in BOTH {
        let (a, object) = make();
        a.change(|answer| (answer.obj, answer.readonly) = (other_object, 7));
        let buffer = acquire(object, MV_FULL_RO);
        assert_eq!((buffer.obj, buffer.readonly), (object, 1));
        release(buffer);
        refused!(mv_buffer_acquire(object, MV_FULL), MV_E_BUFFER);
        a.check(2, 2, 0);
        unref(object);
        assert_eq!(a.frees(), 1);
    }
    other.check(0, 0, 0);
    assert_eq!(other.references(), 1);
}

/// pybind11 #852, numba #441, Imath #266: what was acquired is given back on every path that refuses it.
#[test]
fn pybind11_852_refused_answers_are_released() {
    let (a, object) = Adversary::object();
    a.shape.set([4; 4]);
    a.strides.set([1, 4, 0, 0]);
    a.change(|answer| answer.ndim = 2);
    for flags in [MV_SIMPLE, MV_ND, MV_C_CONTIGUOUS] {
        refused!(mv_buffer_acquire(object, flags), MV_E_BUFFER);
    }
    release(acquire(object, MV_F_CONTIGUOUS));
    refused!(mv_view_new(object, MV_C_CONTIGUOUS | MV_FORMAT), MV_E_BUFFER);
    let doubles = mv_request { format: c"d".as_ptr(), ..request() };
    refused!(mv_buffer_acquire_for(object, &raw const doubles), MV_E_BUFFER);
    let line = mv_request { ndim: 1, ..request() };
    refused!(mv_view_new_for(object, &raw const line), MV_E_BUFFER);
    refused!(mv_view_contiguous(object, MV_WRITE, C), MV_E_BUFFER);
    a.check(8, 8, 0);
    assert_eq!(a.references(), 1);
}

/// gh-104371: an error that is on its way is not lost to a release callback that fails at something of its own.
#[test]
fn cpython_104371_release_while_an_error_is_pending() {
    let (a, object) = Adversary::object();
    a.change(|answer| answer.readonly = 1);
    a.on_release.set(Some(|a| {
        fails!(mv_bytearray_resize(a.own.get(), 1), MV_E_TYPE);
    }));
    refused!(mv_buffer_acquire(object, MV_FULL), MV_E_BUFFER);
    a.check(1, 1, 0);
}

/// cupy #2095: strides that are NULL mean C order, and are not followed.
#[test]
fn cupy_2095_exporter_without_strides() {
    let (a, object) = Adversary::object();
    a.shape.set([2, 8, 0, 0]);
    a.change(|answer| (answer.ndim, answer.strides) = (2, ptr::null()));
    let view = view_of(object);
    assert_eq!(strides(view), [8, 1]);
    assert_eq!(items(view), (0..16).collect::<Vec<i64>>());
    drop_views([view]);
    let buffer = acquire(object, MV_ND);
    assert_eq!(entries(buffer.shape, 2), [2, 8]);
    assert_eq!(call!(mv_buffer_is_contiguous(&raw const buffer, C)), 1);
    release(buffer);
    a.check(2, 2, 0);
}

/// numpy #9456: memory with suboffsets in the hands of one who did not ask for them.
#[test]
fn numpy_9456_suboffsets_for_who_cannot_follow_them() {
    let rows = [placed([1_u8, 2, 3, 4]), placed([5_u8, 6, 7, 8])];
    let table = placed([rows[0].address(), rows[1].address()]);
    let (a, object) = Adversary::object();
    a.shape.set([2, 4, 0, 0]);
    a.strides.set([POINTER, 1, 0, 0]);
    a.suboffsets.set([0, -1, 0, 0]);
    let suboffsets = a.suboffsets.as_ptr().cast_const().cast();
    a.change(|answer| (answer.buf, answer.ndim, answer.suboffsets) = (table.address(), 2, suboffsets));
    for flags in [MV_SIMPLE, MV_STRIDES, MV_RECORDS, MV_ANY_CONTIGUOUS] {
        refused!(mv_buffer_acquire(object, flags), MV_E_BUFFER);
    }
    release(acquire(object, MV_INDIRECT));
    let view = view_of(object);
    assert_eq!(items(view), (1..9).collect::<Vec<i64>>());
    drop_views([view]);
    a.check(6, 6, 0);
}

/// Case 50: views have copies of their own.
#[test]
fn fault_050_exporter_changes_its_arrays_under_a_view() {
    let (a, object) = Adversary::custom();
    let view = view_of(object);
    let part = sliced(view, c"::2");
    a.shape.set([0x7f7f; 4]);
    a.strides.set([0x7f7f; 4]);
    assert_eq!((shape(view), strides(view)), (vec![16], vec![1]));
    let mut value: i64 = made!(mv_view_get_i64(view, [-1].as_ptr(), 1));
    assert_eq!(value, 15);
    fails!(mv_view_get_i64(view, [16].as_ptr(), 1, &raw mut value), MV_E_INDEX);
    assert_eq!(items(part), [0, 2, 4, 6, 8, 10, 12, 14]);
    drop_views([part, view]);
    unref(object);
    a.check(1, 1, 1);
}
