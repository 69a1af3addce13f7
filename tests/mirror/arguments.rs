//! What calls are given: scalars, descriptions of memory, a callback.

use std::{
    ffi::{CStr, c_void},
    ptr,
    sync::atomic::{AtomicI32, Ordering::SeqCst},
};

use memview::{
    ffi::{
        MV_BOOL, MV_BYTES, MV_FLOAT, MV_INT, MV_POINTER, MV_UINT, mv_scalar, mv_scalar_bytes,
        mv_scalar_value, mv_view,
    },
    object::protocol::mv_buffer,
};

use crate::{fixtures::ndim, harness::zero};

fn scalar(kind: i32, value: mv_scalar_value) -> mv_scalar {
    mv_scalar { kind, reserved: 0, r#as: value, format: ptr::null() }
}

pub fn scalar_int(i: i64) -> mv_scalar {
    scalar(MV_INT, mv_scalar_value { i })
}

pub fn scalar_uint(u: u64) -> mv_scalar {
    scalar(MV_UINT, mv_scalar_value { u })
}

pub fn scalar_float(f: f64) -> mv_scalar {
    scalar(MV_FLOAT, mv_scalar_value { f })
}

pub fn scalar_bool(value: bool) -> mv_scalar {
    scalar(MV_BOOL, mv_scalar_value { i: value.into() })
}

pub fn scalar_pointer(u: u64) -> mv_scalar {
    scalar(MV_POINTER, mv_scalar_value { u })
}

pub fn scalar_bytes(bytes: &[u8]) -> mv_scalar {
    let bytes = mv_scalar_bytes { data: bytes.as_ptr().cast(), length: bytes.len() };
    scalar(MV_BYTES, mv_scalar_value { bytes })
}

/// Describes memory in full; no strides: as an array in C order.
pub fn described(
    memory: *mut c_void,
    format: &CStr,
    itemsize: isize,
    shape: &[isize],
    strides: &[isize],
) -> mv_buffer {
    let entries = |array: &[isize]| if array.is_empty() { ptr::null() } else { array.as_ptr() };
    mv_buffer {
        buf: memory,
        itemsize,
        ndim: ndim(shape),
        format: format.as_ptr(),
        shape: entries(shape),
        strides: entries(strides),
        ..zero()
    }
}

/// A view of bytes with strides and suboffsets.
pub fn through_pointers(
    memory: *mut c_void,
    shape: &[isize],
    strides: &[isize],
    suboffsets: &[isize],
) -> *mut mv_view {
    let full = mv_buffer { suboffsets: suboffsets.as_ptr(), ..described(memory, c"B", 1, shape, strides) };
    made!(mv_view_from_buffer(&raw const full))
}

/// A free callback that counts: `context` is an [`AtomicI32`].
///
/// # Safety
/// It is, and lives.
pub unsafe extern "C" fn count_free(context: *mut c_void, _: *mut c_void) {
    // SAFETY: as the caller promises.
    unsafe { &*context.cast::<AtomicI32>() }.fetch_add(1, SeqCst);
}
