//! Section 6: items.

use core::ffi::{c_int, c_void};

use super::{Code, at, limited, mv_format, mv_view, run, value, view_at};
use crate::{error::mv_error, view::View};

/// `mv_scalar.kind`: true or false, in `as.i` as 1 or 0.
pub const MV_BOOL: i32 = 1;
/// `mv_scalar.kind`: a signed number, in `as.i`.
pub const MV_INT: i32 = 2;
/// `mv_scalar.kind`: an unsigned number, in `as.u`.
pub const MV_UINT: i32 = 3;
/// `mv_scalar.kind`: a floating-point number, in `as.f`.
pub const MV_FLOAT: i32 = 4;
/// `mv_scalar.kind`: a complex number, in `as.c`. No format of this version makes or takes one.
pub const MV_COMPLEX: i32 = 5;
/// `mv_scalar.kind`: bytes, in `as.bytes`: the one byte of an item of format "c".
pub const MV_BYTES: i32 = 6;
/// `mv_scalar.kind`: characters. No format of this version makes or takes them.
pub const MV_TEXT: i32 = 7;
/// `mv_scalar.kind`: an address, in `as.u`.
pub const MV_POINTER: i32 = 8;
/// `mv_scalar.kind`: a struct. No format of this version makes or takes one.
pub const MV_RECORD: i32 = 9;
/// `mv_scalar.kind`: a sub-array. No format of this version makes or takes one.
pub const MV_ARRAY: i32 = 10;
/// `mv_scalar.kind`: an item that has no value of these kinds; its bytes, in `as.bytes`.
pub const MV_OPAQUE: i32 = 11;

/// Bytes in memory that belongs to somebody else.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mv_scalar_bytes {
    /// The first byte.
    pub data: *const c_void,
    /// How many there are.
    pub length: usize,
}

/// A complex number.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mv_scalar_complex {
    /// The real part.
    pub re: f64,
    /// The imaginary part.
    pub im: f64,
}

/// The value of a scalar; the kind says which member holds it.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy)]
pub union mv_scalar_value {
    /// `MV_BOOL`, `MV_INT`.
    pub i: i64,
    /// `MV_UINT`, `MV_POINTER`.
    pub u: u64,
    /// `MV_FLOAT`.
    pub f: f64,
    /// `MV_COMPLEX`.
    pub c: mv_scalar_complex,
    /// `MV_BYTES`, `MV_TEXT`, `MV_RECORD`, `MV_ARRAY`, `MV_OPAQUE`.
    pub bytes: mv_scalar_bytes,
}

/// One item as a tagged value, for callers that do not know the item's type. It owns nothing: what points, points into the item.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mv_scalar {
    /// `MV_BOOL` to `MV_OPAQUE`.
    pub kind: i32,
    /// 0.
    pub reserved: i32,
    /// The value.
    pub r#as: mv_scalar_value,
    /// How to read `as.bytes` of a text, a struct or a sub-array; else NULL.
    pub format: *const mv_format,
}

/// Reads one item. (`view[index]`)
///
/// `index` holds one integer for each dimension; `NULL, 0` reads the item of a 0-dimensional view. A negative index counts from
/// the end. An item of a format that is not a native single character comes as `MV_OPAQUE`.
///
/// `MV_E_NULL`: `view`, `out`, or `index` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is negative. `MV_E_LIMIT`:
/// `ndim` is above 64. `MV_E_TYPE`: too many or too few indices. `MV_E_INDEX`: out of bounds; `dim`, `value` and `limit` say
/// where. `MV_E_RELEASED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_get(
    view: *const mv_view,
    index: *const isize,
    ndim: c_int,
    out: *mut mv_scalar,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let view = view_at(view, "view", 1)?;
            let index = limited(index, ndim, "index", 2)?;
            let to = value::out(out, "out", 4)?;
            view.get(index, |content| {
                to.write(super::scalar::from_content(&content, |_| {
                    Ok(view.item_format()?.cast_const().cast())
                })?);
                Ok(())
            })
        })
    }
}

/// Writes one item. (`view[index] = value`)
///
/// Integer items take `MV_BOOL`, `MV_INT` and `MV_UINT` in their range; floating-point items take every number ("f" stores
/// infinity where a number is too great, as CPython does; "e" refuses); "?" takes the truth of any value; "c" takes `MV_BYTES` of
/// length 1; "P" takes `MV_POINTER` and integers. On failure nothing is written.
///
/// As `mv_view_get`; also `MV_E_NULL`: `value`; `MV_E_READONLY`; `MV_E_TYPE`: a value of a kind that the item does not take;
/// `MV_E_RANGE`: it does not fit; `MV_E_VALUE`: bytes of another length; `MV_E_FORMAT`: the view's format is not a native
/// single character.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_set(
    view: *mut mv_view,
    index: *const isize,
    ndim: c_int,
    value: *const mv_scalar,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let view = view_at(view, "view", 1)?;
            let index = limited(index, ndim, "index", 2)?;
            let given = at(value, "value", 4)?;
            super::scalar::with_given(given, |given| view.set(index, given))
        })
    }
}

/// Reads one item as a signed number.
///
/// As `mv_view_get`; also `MV_E_TYPE`: the item is not an integer, a truth value or an address; `MV_E_RANGE`: it does not fit;
/// `MV_E_FORMAT`: the view's format is not a native single character.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_get_i64(
    view: *const mv_view,
    index: *const isize,
    ndim: c_int,
    out: *mut i64,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { get(view, index, ndim, out, error, View::get_i64) }
}

/// Reads one item as an unsigned number. As `mv_view_get_i64`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_get_u64(
    view: *const mv_view,
    index: *const isize,
    ndim: c_int,
    out: *mut u64,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { get(view, index, ndim, out, error, View::get_u64) }
}

/// Reads one item as a floating-point number; an integer must be exactly representable.
///
/// As `mv_view_get`; also `MV_E_TYPE`: the item is no number; `MV_E_RANGE`: an integer that a double cannot hold exactly;
/// `MV_E_FORMAT`: the view's format is not a native single character.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_get_f64(
    view: *const mv_view,
    index: *const isize,
    ndim: c_int,
    out: *mut f64,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { get(view, index, ndim, out, error, View::get_f64) }
}

/// Writes a signed number into one item. As `mv_view_set` with `MV_INT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_set_i64(
    view: *mut mv_view,
    index: *const isize,
    ndim: c_int,
    value: i64,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { run(error, || view_at(view, "view", 1)?.set_i64(limited(index, ndim, "index", 2)?, value)) }
}

/// Writes an unsigned number into one item. As `mv_view_set` with `MV_UINT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_set_u64(
    view: *mut mv_view,
    index: *const isize,
    ndim: c_int,
    value: u64,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { run(error, || view_at(view, "view", 1)?.set_u64(limited(index, ndim, "index", 2)?, value)) }
}

/// Writes a floating-point number into one item. As `mv_view_set` with `MV_FLOAT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_set_f64(
    view: *mut mv_view,
    index: *const isize,
    ndim: c_int,
    value: f64,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { run(error, || view_at(view, "view", 1)?.set_f64(limited(index, ndim, "index", 2)?, value)) }
}

unsafe fn get<T>(
    view: *const mv_view,
    index: *const isize,
    ndim: c_int,
    out: *mut T,
    error: *mut mv_error,
    read: impl FnOnce(&View, &[isize]) -> crate::Result<T>,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let view = view_at(view, "view", 1)?;
            let index = limited(index, ndim, "index", 2)?;
            let to = value::out(out, "out", 4)?;
            to.write(read(&view, index)?);
            Ok(())
        })
    }
}
