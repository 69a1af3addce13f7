//! Section 6: items.

use core::{
    ffi::{c_char, c_int, c_void},
    ptr,
};

use super::{Code, TextOut, at, limited, mv_format, mv_view, run, text_at, value, view_at};
use crate::{
    error::mv_error,
    format::Value,
    object::part::Content,
    view::{Given, View},
};

/// `mv_scalar.kind`: true or false, in `as.i` as 1 or 0.
pub const MV_BOOL: i32 = 1;
/// `mv_scalar.kind`: a signed number, in `as.i`.
pub const MV_INT: i32 = 2;
/// `mv_scalar.kind`: an unsigned number, in `as.u`.
pub const MV_UINT: i32 = 3;
/// `mv_scalar.kind`: a floating-point number, in `as.f`.
pub const MV_FLOAT: i32 = 4;
/// `mv_scalar.kind`: a complex number, in `as.c`.
pub const MV_COMPLEX: i32 = 5;
/// `mv_scalar.kind`: bytes, in `as.bytes`: of items of "c", "s" and "p", of the latter without the length in front.
pub const MV_BYTES: i32 = 6;
/// `mv_scalar.kind`: characters, in `as.bytes`. As an item of "u" or "w" has them, where `format` says so; where it is NULL, in UTF-8: so
/// they can be given, too.
pub const MV_TEXT: i32 = 7;
/// `mv_scalar.kind`: an address, in `as.u`.
pub const MV_POINTER: i32 = 8;
/// `mv_scalar.kind`: a struct, or a sequence of values; its bytes, in `as.bytes`, which `format` tells how to read.
pub const MV_RECORD: i32 = 9;
/// `mv_scalar.kind`: a sub-array; its bytes, in `as.bytes`, which `format` tells how to read.
pub const MV_ARRAY: i32 = 10;
/// `mv_scalar.kind`: an item that has no value of these kinds (pointers to something, functions, bits, a format that cannot be
/// read); its bytes, in `as.bytes`.
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
/// the end. Items may be unaligned and in any byte order; numbers come in this machine's. What a scalar points to is the item itself: it
/// lives as long as an acquisition of it. The scalar's `format` belongs to the view.
///
/// `MV_E_NULL`: `view`, `out`, or `index` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is negative. `MV_E_LIMIT`:
/// `ndim` is above 64. `MV_E_TYPE`: too many or too few indices. `MV_E_INDEX`: out of bounds; `dim`, `value` and `limit` say
/// where. `MV_E_RELEASED`. `MV_E_NO_MEMORY`: a format with parts is parsed when its first item is asked for.
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
            if let Some(value) = view.load(index) {
                to.write(super::scalar::from_content(&Content::Value(value), |_| Ok(ptr::null()))?);
                return Ok(());
            }
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
/// infinity where a number is too great, as CPython does; "e" refuses), complex items these and `MV_COMPLEX`; "?" takes the truth of any
/// value without parts, of bytes and characters whether there are any; "c" takes `MV_BYTES` of length 1, "s" and "p" bytes that fit, and fill up with zeros; "P" takes `MV_POINTER` and integers; "u" and
/// "w" take `MV_TEXT`. Structs and sub-arrays take `MV_RECORD` and `MV_ARRAY` of an equal format, and, as items without a meaning do,
/// `MV_BYTES` and `MV_OPAQUE` of their very size. On failure nothing is written.
///
/// As `mv_view_get`; also `MV_E_NULL`: `value`; `MV_E_READONLY`; `MV_E_TYPE`: a value of a kind that the item does not take;
/// `MV_E_RANGE`: it does not fit; `MV_E_VALUE`: bytes or characters of a length that does not fit, or a text that is not UTF-8;
/// `MV_E_FORMAT`: the item has no value, or is a struct or sub-array of another format. `MV_E_NO_MEMORY`: long texts need a copy.
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

/// Reads a part of a struct or sub-array: what a path leads to, as `mv_format_field` has it.
///
/// `record` is `MV_RECORD` or `MV_ARRAY`, as `mv_view_get` and this function make them; `out` may be `record` itself.
///
/// `MV_E_NULL`: `record`, `path` or `out`. `MV_E_TYPE`: a scalar of another kind. `MV_E_NOT_FOUND`: there is no such field; `position`
/// is the offset in the path. `MV_E_SHAPE`: the scalar has fewer bytes than its format needs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_scalar_field(
    record: *const mv_scalar,
    path: *const c_char,
    out: *mut mv_scalar,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let record = at(record, "record", 1)?;
            let path = text_at(path, "path", 2)?;
            let to = value::out(out, "out", 3)?;
            to.write(super::scalar::field(record, path.to_bytes())?);
            Ok(())
        })
    }
}

/// Reads one item as a signed number.
///
/// As `mv_view_get`; also `MV_E_TYPE`: the item is not an integer, a truth value or an address; `MV_E_RANGE`: it does not fit;
/// `MV_E_FORMAT`: the item is a struct, a sub-array, or has no value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_get_i64(
    view: *const mv_view,
    index: *const isize,
    ndim: c_int,
    out: *mut i64,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { get(view, index, ndim, out, error, Value::to_i64, View::get_i64) }
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
    unsafe { get(view, index, ndim, out, error, Value::to_u64, View::get_u64) }
}

/// Reads one item as a floating-point number; an integer must be exactly representable.
///
/// As `mv_view_get`; also `MV_E_TYPE`: the item is no number; `MV_E_RANGE`: an integer that a double cannot hold exactly;
/// `MV_E_FORMAT`: the item is a struct, a sub-array, or has no value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_get_f64(
    view: *const mv_view,
    index: *const isize,
    ndim: c_int,
    out: *mut f64,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { get(view, index, ndim, out, error, Value::to_f64, View::get_f64) }
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
    unsafe { set(view, index, ndim, Value::Int(value), error) }
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
    unsafe { set(view, index, ndim, Value::UInt(value), error) }
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
    unsafe { set(view, index, ndim, Value::Float(value), error) }
}

#[inline]
unsafe fn get<T>(
    view: *const mv_view,
    index: *const isize,
    ndim: c_int,
    out: *mut T,
    error: *mut mv_error,
    quick: impl FnOnce(Value<'static>) -> Option<T>,
    read: impl FnOnce(&View, &[isize]) -> crate::Result<T>,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        if let Ok(view) = view_at(view, "view", 1)
            && let Ok(index) = limited(index, ndim, "index", 2)
            && let Ok(to) = value::out(out, "out", 4)
            && let Some(value) = view.load(index).and_then(quick)
        {
            to.write(value);
            return Code(0);
        }
        get_generally(view, index, ndim, out, error, read)
    }
}

/// Reads whatever is not read the quick way.
#[cold]
#[inline(never)]
unsafe fn get_generally<T>(
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

#[inline]
unsafe fn set(
    view: *mut mv_view,
    index: *const isize,
    ndim: c_int,
    value: Value<'_>,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        if let Ok(view) = view_at(view, "view", 1)
            && let Ok(index) = limited(index, ndim, "index", 2)
            && view.store(index, &value).is_some()
        {
            return Code(0);
        }
        set_generally(view, index, ndim, value, error)
    }
}

/// Writes whatever is not written the quick way.
#[cold]
#[inline(never)]
unsafe fn set_generally(
    view: *mut mv_view,
    index: *const isize,
    ndim: c_int,
    value: Value<'_>,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let view = view_at(view, "view", 1)?;
            view.set(limited(index, ndim, "index", 2)?, &Given::Value(value))
        })
    }
}

/// Writes all items as nested lists, as Python prints `memoryview.tolist()`: structs as tuples, sub-arrays as lists, floats with the fewest
/// digits that read back the same; items without a meaning as their bytes.
///
/// Of more than `limit` items each long dimension shows its first three and last three; `SIZE_MAX` shows all. `text`, `size` and
/// `out_length` as `mv_format_text` has them.
///
/// `MV_E_NULL`: `view`, or `text` where `size` is not 0. `MV_E_RELEASED`. `MV_E_NO_MEMORY`: a format is parsed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_text(
    view: *const mv_view,
    limit: usize,
    text: *mut c_char,
    size: usize,
    out_length: *mut usize,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let view = view_at(view, "view", 1)?;
            let mut out = TextOut::new(text, size, 3)?;
            view.write_text(limit, &mut out)?;
            out.finish(out_length);
            Ok(())
        })
    }
}
