//! `c-tests/test_fault_lifetime.c`: release, use after it, and owners that go before whoever holds their memory.

use std::{cell::Cell, ffi::c_void, ptr, sync::atomic::Ordering::Relaxed};

use memview::{
    error::mv_status::*,
    ffi::{MV_INT, MV_READ, mv_scalar, mv_scalar_value},
    layout::mv_index,
    object::{
        flags::*,
        protocol::{mv_buffer, mv_exporter, mv_object, mv_request},
    },
};

use crate::{
    adversary::{Adversary, CALLBACKS},
    fixtures::*,
    harness::{is_zero, placed, text, zero},
};

/// The bytes that a buffer shows first.
fn begins(buffer: &mv_buffer, expected: &[u8]) -> bool {
    memory(buffer.buf, expected.len()) == expected
}

#[test]
fn fault_037_release_twice() {
    let (a, object) = Adversary::custom();
    let mut buffer = acquire(object, MV_FULL_RO);
    for _ in 0..2 {
        call!(mv_buffer_release(&raw mut buffer));
        assert!(is_zero(&buffer));
    }
    release(zero());
    call!(mv_buffer_release(ptr::null_mut()));
    a.check(1, 1, 0);
    let view = view_of(object);
    ok!(mv_view_release(view));
    ok!(mv_view_release(view));
    drop_views([view, NO_VIEW]);
    assert_eq!(call!(mv_view_ref(NO_VIEW)), NO_VIEW);
    assert_eq!(call!(mv_object_ref(NO_OBJECT)), NO_OBJECT);
    a.check(2, 2, 0);
    drop_objects([object, NO_OBJECT]);
    a.check(2, 2, 1);
}

/// A description of borrowed memory has no obj: its release only empties it.
#[test]
fn fault_037_release_of_what_was_not_acquired() {
    let (byte, one) = (placed(7_u8), 1);
    let mut buffer = zero();
    ok!(mv_buffer_fill_info(&raw mut buffer, NO_OBJECT, byte.address(), &raw const one, 0, MV_FULL));
    release(buffer);
    assert_eq!(byte.get(), 7);
}

#[test]
fn fault_038_use_after_release() {
    let bytes = placed([0_u8; 4]);
    let one = mv_scalar { kind: MV_INT, reserved: 0, r#as: mv_scalar_value { i: 1 }, format: ptr::null() };
    let (mut scalar, mut value, at) = (one, 33, [0].as_ptr());
    let other = wrapped(bytes.address(), c"B", &[4]);
    let object = counting_bytearray(4);
    let view = view_of(object);
    ok!(mv_view_release(view));
    assert_eq!(call!(mv_object_exports(object)), 0);
    assert!(call!(mv_view_buffer(view)).is_null() && call!(mv_view_exporter(view)).is_null());
    fails!(mv_view_get_i64(view, at, 1, &raw mut value), MV_E_RELEASED);
    fails!(mv_view_get(view, at, 1, &raw mut scalar), MV_E_RELEASED);
    fails!(mv_view_set_i64(view, at, 1, 9), MV_E_RELEASED);
    fails!(mv_view_fill(view, &raw const one), MV_E_RELEASED);
    fails!(mv_view_read(view, NO_TEXT, C, bytes.address(), 4), MV_E_RELEASED);
    fails!(mv_view_write(view, NO_TEXT, C, bytes.address(), 4), MV_E_RELEASED);
    fails!(mv_view_copy(view, other), MV_E_RELEASED);
    fails!(mv_view_copy(other, view), MV_E_RELEASED);
    refused!(mv_view_toreadonly(view), MV_E_RELEASED);
    refused!(mv_view_reexport(view), MV_E_RELEASED);
    refused!(mv_view_new(as_object(view), MV_FULL_RO), MV_E_RELEASED);
    refused!(mv_view_contiguous(as_object(view), MV_READ, C), MV_E_RELEASED);
    refused!(mv_buffer_acquire(as_object(view), MV_SIMPLE), MV_E_RELEASED);
    assert_eq!(value, 33);
    assert_eq!(text(call!(mv_object_type_name(as_object(view)))).as_deref(), Some("view"));
    drop_views([view, other]);
    unref(object);
}

#[test]
fn fault_038_geometry_after_release() {
    let view = view_taking(counting_bytearray(4));
    ok!(mv_view_release(view));
    let (all, four) = (mv_index::all(), [4].as_ptr());
    refused!(mv_view_index(view, &raw const all, 1), MV_E_RELEASED);
    refused!(mv_view_slice(view, c":".as_ptr()), MV_E_RELEASED);
    refused!(mv_view_transpose(view, ptr::null(), 0), MV_E_RELEASED);
    refused!(mv_view_reshape(view, four, 1, C), MV_E_RELEASED);
    refused!(mv_view_broadcast(view, four, 1), MV_E_RELEASED);
    refused!(mv_view_split(view, 0, 1), MV_E_RELEASED);
    refused!(mv_view_cast(view, c"b".as_ptr(), ptr::null(), -1, C), MV_E_RELEASED);
    drop_views([view]);
}

#[test]
fn numpy_15450_pointer_kept_after_release() {
    let object = counting_bytearray(4);
    let view = view_of(object);
    assert!(!call!(mv_view_buffer(view)).is_null());
    assert_eq!(call!(mv_view_exporter(view)), object);
    ok!(mv_view_release(view));
    assert!(call!(mv_view_buffer(view)).is_null());
    assert!(call!(mv_view_exporter(view)).is_null());
    drop_views([view]);
    unref(object);
}

#[test]
fn fault_039_owner_dropped_before_its_views() {
    let (a, object) = Adversary::custom();
    let (view, other) = (view_of(object), view_of(object));
    let part = sliced(view, c"4:8");
    let buffer = acquire(object, MV_FULL);
    unref(object);
    a.check(3, 0, 0);
    drop_views([view]);
    a.check(3, 0, 0);
    release(buffer);
    drop_views([other]);
    a.check(3, 2, 0);
    assert_eq!(items(part), [4, 5, 6, 7]);
    drop_views([part]);
    a.check(3, 3, 1);
}

unsafe extern "C" fn count_free(context: *mut c_void, _: *mut c_void) {
    // SAFETY: the context is the case's counter.
    let count = unsafe { &*context.cast::<Cell<u32>>() };
    count.set(count.get() + 1);
}

#[test]
fn fault_039_memory_dropped_before_its_buffers() {
    let (bytes, freed) = (placed([1_u8, 2, 3, 4]), placed(0));
    let object = made!(mv_memory_new(bytes.address(), 4, 0, Some(count_free), freed.address()));
    let (first, second) = (acquire(object, MV_FULL), acquire(object, MV_SIMPLE));
    unref(object);
    release(first);
    assert_eq!(freed.get(), 0);
    assert!(begins(&second, &[1, 2, 3, 4]));
    release(second);
    assert_eq!(freed.get(), 1);
}

#[test]
fn fault_039_handle_taken_again_from_a_grant() {
    let (a, object) = Adversary::custom();
    let view = view_of(object);
    unref(object);
    let object = call!(mv_object_ref(call!(mv_view_exporter(view)))); // none was left, and the view kept it alive
    assert_eq!(call!(mv_object_exports(object)), 1);
    drop_views([view]);
    a.check(1, 1, 0);
    release(acquire(object, MV_FULL));
    unref(object);
    a.check(2, 2, 1);
}

#[test]
fn fault_040_resize_with_an_export() {
    let object = counting_bytearray(4);
    let buffer = acquire(object, MV_SIMPLE);
    assert_eq!(fails!(mv_bytearray_resize(object, 5), MV_E_EXPORTED).value, 1);
    fails!(mv_bytearray_resize(object, 0), MV_E_EXPORTED);
    fails!(mv_bytearray_splice(object, 0, 1, NO_DATA, 0), MV_E_EXPORTED);
    fails!(mv_bytearray_splice(object, 4, 0, data(b"x"), 1), MV_E_EXPORTED);
    fails!(mv_bytearray_reserve(object, 1 << 20), MV_E_EXPORTED);
    assert!(begins(&buffer, b"\0\x01\x02\x03"));
    ok!(mv_bytearray_resize(object, 4));
    ok!(mv_bytearray_splice(object, 1, 2, data(b"xy"), 2));
    assert!(begins(&buffer, b"\0xy\x03"));
    release(buffer);
    ok!(mv_bytearray_resize(object, 5));
    assert_eq!(content(object), b"\0xy\x03\0");
    unref(object);
}

#[test]
fn fault_040_resize_of_an_array_with_an_export() {
    let object = array_of(c"H", &[2, 2], F);
    let (view, written) = (view_of(object), [1_u16, 2, 3, 4]);
    ok!(mv_view_write(view, NO_TEXT, C, written.as_ptr().cast(), 8));
    assert_eq!(fails!(mv_array_resize(object, [3, 2].as_ptr(), 2), MV_E_EXPORTED).value, 1);
    assert_eq!(items(view), [1, 2, 3, 4]);
    drop_views([view]);
    ok!(mv_array_resize(object, [3, 1].as_ptr(), 2));
    let view = view_taking(object);
    assert_eq!(items(view), [1, 3, 0]);
    drop_views([view]);
}

#[test]
fn fault_041_release_of_a_parent() {
    let object = counting_bytearray(8);
    let view = view_of(object);
    let child = sliced(view, c"2:6");
    let grandchild = made!(mv_view_toreadonly(child));
    ok!(mv_view_release(view));
    drop_views([view]);
    assert_eq!(items(child), [2, 3, 4, 5]);
    assert_eq!(call!(mv_object_exports(object)), 1);
    fails!(mv_bytearray_resize(object, 9), MV_E_EXPORTED);
    ok!(mv_view_release(child));
    assert_eq!(items(grandchild), [2, 3, 4, 5]);
    fails!(mv_bytearray_resize(object, 9), MV_E_EXPORTED);
    drop_views([grandchild]);
    ok!(mv_bytearray_resize(object, 9));
    drop_views([child]);
    unref(object);
}

/// gh-142665: the bound of a slice released the view after the slice was made, and it dangled.
#[test]
fn cpython_142665_slice_of_a_view_that_is_released() {
    let (a, object) = Adversary::custom();
    let view = view_of(object);
    let slices = [(); 3].map(|()| sliced(view, c"8:10"));
    ok!(mv_view_release(view));
    refused!(mv_view_slice(view, c"8:10".as_ptr()), MV_E_RELEASED);
    a.check(1, 0, 0);
    for slice in slices {
        assert_eq!(items(slice), [8, 9]);
    }
    drop_views(slices);
    a.check(1, 1, 0);
    drop_views([view]);
    unref(object);
}

/// Case 52, `PyO3` #1736: the struct is moved while it is acquired; its arrays are not in it.
fn check_moved(object: *mut mv_object) {
    let exports = || call!(mv_object_exports(object));
    let before = exports();
    let first = Box::new(acquire(object, MV_FULL_RO));
    assert_eq!(exports(), before + 1);
    let (length, extents) = (first.len.cast_unsigned(), entries(first.shape, first.ndim));
    let second = Box::new(*first);
    drop(first);
    let mut bytes = [0_u8; 64];
    ok!(mv_buffer_to_contiguous(&raw const *second, bytes.as_mut_ptr().cast(), length, C));
    assert_eq!(entries(second.shape, second.ndim), extents);
    release(*second);
    assert_eq!(exports(), before);
}

#[test]
fn fault_052_buffer_struct_is_moved() {
    let (foreign, foreign_object) = Adversary::object();
    check_moved(foreign_object);
    foreign.check(1, 1, 0);
    let (_a, custom) = Adversary::custom();
    check_moved(custom);
    let view = view_of(custom);
    check_moved(as_object(view));
    drop_views([view]);
    let (data, growing) = (placed([0_u8; 8]), counting_bytearray(4));
    let memory = made!(mv_memory_new(data.address(), 8, 0, None, ptr::null_mut()));
    let all = [custom, bytes_of(b"abcd"), growing, array_of(c"d", &[2, 3], F), memory];
    all.into_iter().for_each(check_moved);
    ok!(mv_bytearray_resize(growing, 5));
    drop_objects(all);
}

#[test]
fn pyo3_1736_labelled_buffer_struct_is_moved() {
    let (a, object) = Adversary::custom();
    let request = mv_request { label: c"moved".as_ptr(), ..request() };
    let holders = || {
        let mut length = 99;
        ok!(mv_object_holders(object, ptr::null_mut(), 0, &raw mut length));
        length
    };
    let first: Box<mv_buffer> = Box::new(made!(mv_buffer_acquire_for(object, &raw const request)));
    let second = *first;
    drop(first);
    assert_eq!(holders(), "'moved'".len());
    release(second);
    assert_eq!(a.released_internal.load(Relaxed), a.address());
    assert_eq!(holders(), 0);
    unref(object);
    a.check(1, 1, 1);
}

/// ucx-py #120: the description and its arrays are gone when the memory is used.
fn described<R>(bytes: *mut c_void, arrays: [[isize; 2]; 2], work: impl FnOnce(*const mv_buffer) -> R) -> R {
    let [shape, strides] = arrays.map(Box::new);
    let format = Box::new(*b"B\0");
    let description = Box::new(mv_buffer {
        buf: bytes,
        itemsize: 1,
        ndim: 2,
        format: format.as_ptr().cast(),
        shape: shape.as_ptr(),
        strides: strides.as_ptr(),
        ..zero()
    });
    work(&raw const *description)
}

#[test]
fn ucx_py_120_description_on_the_stack() {
    let bytes = placed([1_u8, 2, 3, 0, 4, 5, 6]);
    let start = bytes.address().wrapping_byte_add(4);
    let object = described(start, [[2, 3], [-4, 1]], |description| {
        made!(mv_memory_describe(description, bytes.address(), 7, None, ptr::null_mut()))
    });
    let view = view_taking(object);
    assert_eq!(text(buffer_of(view).format).as_deref(), Some("B"));
    assert_eq!(items(view), [4, 5, 6, 1, 2, 3]);
    drop_views([view]);
}

#[test]
fn ucx_py_120_view_of_a_description_on_the_stack() {
    let bytes = placed([1_u8, 2, 3, 4, 5, 6]);
    let view = described(bytes.address(), [[3, 2], [1, 3]], |description| {
        // SAFETY: `described` lends it; a view of borrowed memory borrows the format too, so it has none.
        let given = unsafe { mv_buffer { len: 6, format: ptr::null(), ..*description } };
        made!(mv_view_from_buffer(&raw const given))
    });
    assert_eq!(items(view), [1, 4, 2, 5, 3, 6]);
    drop_views([view]);
}

/// velox #15005: what a callback needs lives until free; the table itself is copied.
#[test]
fn velox_15005_callback_table_on_the_stack() {
    let (a, unused) = Adversary::custom();
    unref(unused);
    let object = {
        let callbacks: Box<mv_exporter> = Box::new(CALLBACKS.0);
        made!(mv_custom_new(&raw const *callbacks, a.address()))
    };
    release(acquire(object, MV_FULL));
    a.check(1, 1, 1);
    unref(object);
    a.check(1, 1, 2);
}

/// gh-148493: `FromBuffer` neither takes nor drops the owner's reference.
#[test]
fn cpython_148493_view_from_a_buffer_leaves_its_owner_alone() {
    let (a, object) = Adversary::object();
    let buffer = acquire(object, MV_FULL);
    let view = made!(mv_view_from_buffer(&raw const buffer));
    assert!(call!(mv_view_exporter(view)).is_null());
    drop_views([view]);
    a.check(1, 0, 0);
    assert_eq!(a.references(), 2);
    release(buffer);
    assert_eq!(a.references(), 1);
}

/// gh-60198, gh-151046: a callback keeps the view of a buffer that its owner takes back.
#[test]
fn fault_047_view_kept_by_a_callback_is_revoked_as_in_cpython_60198() {
    let temporary = placed([1_u8, 2, 3, 4]);
    let object = made!(mv_memory_new(temporary.address(), 4, 0, None, ptr::null_mut()));
    let view = view_of(object);
    let kept = call!(mv_view_ref(view)); // what the callback does with the view it was lent
    let part = sliced(view, c"1:");
    assert_eq!(items(part), [2, 3, 4]);
    drop_views([view]);
    ok!(mv_object_revoke(object));
    let mut value = 0;
    fails!(mv_view_get_i64(kept, [0].as_ptr(), 1, &raw mut value), MV_E_RELEASED);
    fails!(mv_view_set_i64(part, [0].as_ptr(), 1, 9), MV_E_RELEASED);
    assert!(call!(mv_view_buffer(kept)).is_null() && call!(mv_view_buffer(part)).is_null());
    assert_eq!(temporary.get(), [1, 2, 3, 4]);
    drop_views([part, kept]);
    unref(object);
}

/// gh-157242: a resize that fails leaves what was there.
#[test]
fn cpython_157242_failed_resize_keeps_the_contents() {
    let half = isize::MAX / 2;
    let (object, array) = (counting_bytearray(4), array_of(c"B", &[2], C));
    let view = view_of(array);
    ok!(mv_view_write(view, NO_TEXT, C, data(&[7, 8]), 2));
    drop_views([view]);
    if MALLOC_REFUSES {
        fails!(mv_bytearray_resize(object, half.cast_unsigned()), MV_E_NO_MEMORY);
        fails!(mv_bytearray_reserve(object, half.cast_unsigned()), MV_E_NO_MEMORY);
        fails!(mv_array_resize(array, [half].as_ptr(), 1), MV_E_NO_MEMORY);
    }
    assert_eq!(content(object), [0, 1, 2, 3]);
    ok!(mv_bytearray_resize(object, 5));
    assert_eq!(content(array), [7, 8]);
    drop_objects([object, array]);
}

/// Views of a view: as gh-77894 and gh-122306, the last to go is what ends the acquisition.
#[test]
fn cpython_122306_view_dropped_while_its_buffers_live() {
    let (a, object) = Adversary::custom();
    let view = view_of(object);
    let buffer = acquire(as_object(view), MV_FULL);
    assert_eq!(call!(mv_object_exports(as_object(view))), 1);
    assert_eq!(fails!(mv_view_release(view), MV_E_EXPORTED).value, 1);
    drop_views([view]);
    a.check(1, 0, 0);
    assert!(begins(&buffer, &[0, 1, 2, 3]));
    release(buffer);
    a.check(1, 1, 0);
    unref(object);
    a.check(1, 1, 1);
}

/// Growing up to what was reserved moves nothing, however short the array is meanwhile.
#[test]
fn reserved_room_is_kept() {
    const ROOM: usize = if cfg!(miri) { 1 << 10 } else { 1 << 16 };
    let object = counting_bytearray(4);
    ok!(mv_bytearray_reserve(object, ROOM));
    ok!(mv_bytearray_splice(object, 4, 0, data(b"x"), 1));
    let buffer = acquire(object, MV_SIMPLE);
    let before = buffer.buf;
    release(buffer);
    let blocks = [(); 64].map(|()| Box::new([0_u8; 64])); // whoever shrank has lost the room behind him
    ok!(mv_bytearray_resize(object, ROOM));
    drop(blocks);
    let buffer = acquire(object, MV_SIMPLE);
    assert_eq!(buffer.buf, before);
    assert!(begins(&buffer, b"\0\x01\x02\x03x\0"));
    release(buffer);
    unref(object);
}
