//! `c-tests/test_fault_arguments.c`: arguments outside their domain: NULL data, numbers of dimensions.

use std::{
    cell::Cell,
    ffi::{c_int, c_void},
    ptr,
};

use memview::{
    error::{mv_status, mv_status::*},
    ffi::{MV_INT, mv_scalar, mv_scalar_value, mv_view},
    layout::mv_index,
    object::{
        flags::*,
        protocol::{mv_buffer, mv_request},
    },
};

use crate::{
    adversary::Adversary,
    fixtures::*,
    harness::{Placed, is_zero, junk, placed, zero},
};

static ONES: [isize; 65] = [1; 65];
static ZEROS: [isize; 65] = [0; 65];

unsafe extern "C" fn count_free(context: *mut c_void, _: *mut c_void) {
    // SAFETY: the context is the case's counter.
    let count = unsafe { &*context.cast::<Cell<u32>>() };
    count.set(count.get() + 1);
}

type Free = Option<unsafe extern "C" fn(*mut c_void, *mut c_void)>;
const COUNT_FREE: Free = Some(count_free);

fn view_2x3(bytes: &Placed<Cell<[u8; 6]>>) -> *mut mv_view {
    wrapped(bytes.address(), c"B", &[2, 3])
}

#[test]
fn fault_003_null_data_of_length_0() {
    let (freed, none, null) = (placed(0), 0, ptr::null_mut());
    unref(made!(mv_bytes_new(NO_DATA, 0)));
    let object = made!(mv_memory_new(null, 0, 0, COUNT_FREE, freed.address()));
    release(acquire(object, MV_FULL));
    unref(object);
    assert_eq!(freed.get(), 1);
    let object = made!(mv_bytearray_new(NO_DATA, 0));
    ok!(mv_bytearray_splice(object, 0, 0, NO_DATA, 0));
    let view = view_taking(object);
    assert_eq!(buffer_of(view).len, 0);
    ok!(mv_view_read(view, NO_TEXT, C, null, 0));
    ok!(mv_view_write(view, NO_TEXT, F, NO_DATA, 0));
    ok!(mv_buffer_to_contiguous(call!(mv_view_buffer(view)), null, 0, A));
    ok!(mv_buffer_from_contiguous(call!(mv_view_buffer(view)), NO_DATA, 0, A));
    drop_views([view, made!(mv_view_wrap(null, NO_TEXT, [3, 0].as_ptr(), 2, 0))]);
    let mut buffer: mv_buffer = zero();
    ok!(mv_buffer_fill_info(&raw mut buffer, NO_OBJECT, null, &raw const none, 0, MV_FULL));
    assert_eq!(buffer.len, 0);
}

/// CPython's bytearray(n): NULL stands for zeros, whatever the length.
#[test]
fn fault_003_null_data_of_a_bytearray_is_zeros() {
    let object = made!(mv_bytearray_new(NO_DATA, 3));
    assert_eq!(content(object), [0, 0, 0]);
    unref(object);
}

#[test]
fn fault_004_null_data_of_some_length() {
    let (bytes, freed, one, null) = (placed([0_u8; 6]), placed(0), 1, ptr::null_mut());
    assert_eq!(refused!(mv_bytes_new(NO_DATA, 1), MV_E_VALUE).value, 1);
    refused!(mv_memory_new(null, 1, 0, COUNT_FREE, freed.address()), MV_E_VALUE);
    refused!(mv_view_wrap(null, c"B".as_ptr(), [1].as_ptr(), 1, 0), MV_E_VALUE);
    refused!(mv_view_wrap(null, c"B".as_ptr(), ptr::null(), 0, 0), MV_E_VALUE);
    let view = view_2x3(&bytes);
    fails!(mv_view_read(view, NO_TEXT, C, null, 6), MV_E_VALUE);
    fails!(mv_view_write(view, NO_TEXT, C, NO_DATA, 6), MV_E_VALUE);
    let description = buffer_of(view);
    let given = &raw const description;
    fails!(mv_buffer_to_contiguous(given, null, 6, C), MV_E_VALUE);
    fails!(mv_buffer_from_contiguous(given, NO_DATA, 6, C), MV_E_VALUE);
    refused!(mv_memory_describe(given, null, 6, COUNT_FREE, freed.address()), MV_E_VALUE);
    let nowhere = mv_buffer { buf: null, ..description };
    let given = &raw const nowhere;
    refused!(mv_memory_describe(given, bytes.address(), 6, COUNT_FREE, freed.address()), MV_E_VALUE);
    refused!(mv_view_from_buffer(given), MV_E_VALUE);
    drop_views([view]);
    let mut buffer: mv_buffer = junk();
    fails!(mv_buffer_fill_info(&raw mut buffer, NO_OBJECT, null, &raw const one, 0, MV_FULL), MV_E_VALUE);
    assert!(is_zero(&buffer));
    assert_eq!(freed.get(), 0);
}

#[test]
fn fault_004_null_data_of_some_length_spliced() {
    let object = counting_bytearray(4);
    fails!(mv_bytearray_splice(object, 1, 1, NO_DATA, 1), MV_E_VALUE);
    assert_eq!(content(object), [0, 1, 2, 3]);
    unref(object);
}

/// With `ndim` in the place of the number of dimensions, every function that has one answers so.
fn check_ndim_of_creators(shape: *const isize, ndim: c_int, expected: mv_status) {
    let (bytes, freed) = (placed([0_u8; 6]), placed(0));
    let (at, format) = (bytes.address(), c"B".as_ptr());
    let description = mv_buffer { buf: at, len: 1, itemsize: 1, ndim, format, shape, ..zero() };
    let given = &raw const description;
    let (source, array) = (view_2x3(&bytes), array_of(c"B", &[2, 3], C));
    assert_eq!(refused!(mv_array_new(format, shape, ndim, C), expected).value, i64::from(ndim));
    refused!(mv_memory_describe(given, at, 6, COUNT_FREE, freed.address()), expected);
    refused!(mv_view_from_buffer(given), expected);
    refused!(mv_view_wrap(at, format, shape, ndim, 0), expected);
    refused!(mv_view_reshape(source, shape, ndim, C), expected);
    refused!(mv_view_broadcast(source, shape, ndim), expected);
    fails!(mv_array_resize(array, shape, ndim), expected);
    drop_views([source]);
    unref(array);
    assert_eq!(freed.get(), 0);
}

fn check_ndim_of_items(index: *const isize, ndim: c_int, expected: mv_status) {
    let bytes = placed([9_u8; 6]);
    let view = view_2x3(&bytes);
    let one = mv_scalar { kind: MV_INT, reserved: 0, r#as: mv_scalar_value { i: 1 }, format: ptr::null() };
    let (mut scalar, mut i, mut u, mut f, mut at) = (one, 5, 5, 5.0, bytes.address());
    fails!(mv_view_get(view, index, ndim, &raw mut scalar), expected);
    fails!(mv_view_get_i64(view, index, ndim, &raw mut i), expected);
    fails!(mv_view_get_u64(view, index, ndim, &raw mut u), expected);
    fails!(mv_view_get_f64(view, index, ndim, &raw mut f), expected);
    fails!(mv_view_set(view, index, ndim, &raw const one), expected);
    fails!(mv_view_set_i64(view, index, ndim, 1), expected);
    fails!(mv_view_set_u64(view, index, ndim, 1), expected);
    fails!(mv_view_set_f64(view, index, ndim, 1.0), expected);
    let error = fails!(mv_buffer_pointer(call!(mv_view_buffer(view)), index, ndim, &raw mut at), expected);
    assert_eq!(error.value, i64::from(ndim));
    assert_eq!((i, u, f.to_bits(), at), (5, 5, 5_f64.to_bits(), bytes.address()));
    // SAFETY: untouched, it is the integer that it was.
    assert_eq!((scalar.kind, unsafe { scalar.r#as.i }), (MV_INT, 1));
    assert_eq!(bytes.get(), [9; 6]);
    drop_views([view]);
}

#[test]
fn fault_005_ndim_below_0() {
    let mut strides = [77];
    check_ndim_of_creators(ONES.as_ptr(), -1, MV_E_VALUE);
    check_ndim_of_creators(ptr::null(), -1, MV_E_VALUE);
    check_ndim_of_creators(ONES.as_ptr(), c_int::MIN, MV_E_VALUE);
    check_ndim_of_items(ZEROS.as_ptr(), -1, MV_E_VALUE);
    check_ndim_of_items(ptr::null(), -1, MV_E_VALUE);
    check_ndim_of_items(ZEROS.as_ptr(), c_int::MIN, MV_E_VALUE);
    fails!(mv_buffer_fill_strides(ONES.as_ptr(), -1, 1, C, strides.as_mut_ptr()), MV_E_VALUE);
    assert_eq!(strides, [77]);
}

#[test]
fn fault_005_count_below_0() {
    let (bytes, all) = (placed([0_u8; 6]), mv_index::all());
    let (mut parsed, mut count) = ([all; 2], 44);
    let view = view_2x3(&bytes);
    refused!(mv_view_index(view, &raw const all, -1), MV_E_VALUE);
    refused!(mv_view_index(view, ptr::null(), c_int::MIN), MV_E_VALUE);
    refused!(mv_view_transpose(view, [0].as_ptr(), -1), MV_E_VALUE);
    refused!(mv_view_transpose(view, ptr::null(), -1), MV_E_VALUE);
    refused!(mv_view_cast(view, c"B".as_ptr(), ONES.as_ptr(), -2, C), MV_E_VALUE);
    fails!(mv_index_parse(c"0".as_ptr(), parsed.as_mut_ptr(), -1, &raw mut count), MV_E_VALUE);
    assert_eq!(count, 44);
    drop_views([view]);
}

#[test]
fn fault_005_ndim_of_a_request_below_minus_1() {
    let object = counting_bytearray(4);
    let request = mv_request { ndim: -2, ..request() };
    refused!(mv_buffer_acquire_for(object, &raw const request), MV_E_VALUE);
    refused!(mv_view_new_for(object, &raw const request), MV_E_VALUE);
    assert_eq!(call!(mv_object_exports(object)), 0);
    unref(object);
}

#[test]
fn fault_006_ndim_65() {
    let (bytes, mut strides) = (placed([0_u8; 6]), [77; 65]);
    for ndim in [65, c_int::MAX] {
        check_ndim_of_creators(ONES.as_ptr(), ndim, MV_E_LIMIT);
        check_ndim_of_items(ZEROS.as_ptr(), ndim, MV_E_LIMIT);
    }
    fails!(mv_buffer_fill_strides(ONES.as_ptr(), 65, 1, C, strides.as_mut_ptr()), MV_E_LIMIT);
    assert_eq!(strides, [77; 65]);
    let view = view_2x3(&bytes);
    refused!(mv_view_cast(view, c"B".as_ptr(), ONES.as_ptr(), 65, C), MV_E_LIMIT);
    drop_views([view]);
}

#[test]
fn fault_006_a_65th_dimension_by_newaxis() {
    let (byte, axes) = (placed(7_u8), [mv_index::newaxis(); 65]);
    let (full, scalar) = (wrapped(byte.address(), c"B", &ONES[..64]), wrapped(byte.address(), c"B", &[]));
    refused!(mv_view_index(full, axes.as_ptr(), 1), MV_E_LIMIT);
    refused!(mv_view_slice(full, c"None".as_ptr()), MV_E_LIMIT);
    refused!(mv_view_index(scalar, axes.as_ptr(), 65), MV_E_LIMIT);
    let view = made!(mv_view_index(scalar, axes.as_ptr(), 64));
    assert_eq!(shape(view), [1; 64]);
    drop_views([view, scalar, full]);
}

#[test]
fn fault_007_ndim_64() {
    let (byte, mut strides, ones) = (placed(7_u8), [0; 64], &ONES[..64]);
    let axes: [c_int; 64] = std::array::from_fn(|i| 63 - c_int::try_from(i).expect("below 64"));
    let source = wrapped(byte.address(), c"B", ones);
    let item: i64 = made!(mv_view_get_i64(source, ZEROS.as_ptr(), 64));
    assert_eq!(item, 7);
    let turned = made!(mv_view_transpose(source, axes.as_ptr(), 64));
    ok!(mv_view_set_i64(turned, ZEROS.as_ptr(), 64, 8));
    assert_eq!(byte.get(), 8);
    let sliced = sliced(source, c"..., ::-1");
    assert_eq!(items(sliced), [8]);
    let flat = made!(mv_view_reshape(source, ptr::null(), 0, C));
    drop_views([turned, sliced, source]);
    let broad = made!(mv_view_broadcast(flat, ones.as_ptr(), 64));
    drop_views([flat, broad]);
    ok!(mv_buffer_fill_strides(ones.as_ptr(), 64, 8, F, strides.as_mut_ptr()));
    assert_eq!(strides, [8; 64]);
    let array = array_of(c"d", ones, F);
    ok!(mv_array_resize(array, ones.as_ptr(), 64));
    release(acquire(array, MV_FULL));
    unref(array);
}

#[test]
fn fault_008_ndim_0() {
    let item = placed(513_u16);
    let view = wrapped(item.address(), c"H", &[]);
    assert_eq!(buffer_of(view).len, 2);
    assert_eq!(items(view), [513]);
    let at: *mut c_void = made!(mv_buffer_pointer(call!(mv_view_buffer(view)), ptr::null(), 0));
    assert_eq!(at, item.address());
    drop_views([view]);
    let (buf, format) = (item.address(), c"H".as_ptr());
    let description = mv_buffer { buf, itemsize: 2, format, ..zero() };
    let object = made!(mv_memory_describe(&raw const description, buf, 2, None, ptr::null_mut()));
    let buffer = acquire(object, MV_FULL_RO);
    assert_eq!((buffer.ndim, buffer.len), (0, 2));
    assert!([buffer.shape, buffer.strides, buffer.suboffsets].iter().all(|array| array.is_null()));
    release(buffer);
    unref(object);
    let array = array_of(c"H", &[], C);
    let view = view_of(array);
    assert_eq!(items(view), [0]);
    drop_views([view]);
    ok!(mv_array_resize(array, ptr::null(), 0));
    unref(array);
    ok!(mv_buffer_fill_strides(ptr::null(), 0, 2, C, ptr::null_mut()));
}

/// The pointers are not followed: an array of 0 entries may lie anywhere.
#[test]
fn numpy_29872_shape_pointer_past_the_end_at_ndim_0() {
    let byte = placed(5_u8);
    let nowhere = ptr::without_provenance(8);
    let view = made!(mv_view_wrap(byte.address(), c"B".as_ptr(), nowhere, 0, 0));
    let item: i64 = made!(mv_view_get_i64(view, nowhere, 0));
    assert_eq!(item, 5);
    let description = mv_buffer {
        buf: byte.address(),
        itemsize: 1,
        shape: nowhere,
        strides: nowhere,
        suboffsets: nowhere,
        ..zero()
    };
    let other = made!(mv_view_from_buffer(&raw const description));
    drop_views([view, other]);
    let (given, null) = (&raw const description, ptr::null_mut());
    let object = made!(mv_memory_describe(given, byte.address(), 1, None, null));
    release(acquire(object, MV_FULL_RO));
    unref(object);
}

#[test]
fn numpy_19083_an_exporter_with_ndim_below_0() {
    let (a, object) = Adversary::object();
    for ndim in [-1, c_int::MIN] {
        a.change(|answer| answer.ndim = ndim);
        refused!(mv_buffer_acquire(object, MV_FULL_RO), MV_E_CALLBACK);
    }
    a.check(2, 2, 0);
}
