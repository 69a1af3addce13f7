//! Section 8: compare, search.

use core::ffi::{c_char, c_int, c_void};

use super::{Code, TextOut, at, data, mv_view, run, value, view_at};
use crate::{error::mv_error, ffi::item::mv_scalar};

/// Whether two views have equal items in the same shape: `*out` is 1 or 0. (`memoryview.__eq__`)
///
/// Values are compared, not bytes: numbers across formats, exactly (2^53 + 1 as an integer does not equal 2.0^53), NaN with nothing,
/// truth values as 0 and 1; structs value by value without their names and padding, sub-arrays element by element; bytes ("c", "s",
/// "p") with bytes, characters with characters. Items without a meaning are equal where their formats and their bytes are. Shapes with an
/// extent of 0 at the same place are equal. A released view equals itself alone.
///
/// `MV_E_NULL`: `a`, `b` or `out`. `MV_E_NO_MEMORY`: a format is parsed, or long texts need a copy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_equal(
    a: *const mv_view,
    b: *const mv_view,
    out: *mut c_int,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let (left, right) = (view_at(a, "a", 1)?, view_at(b, "b", 2)?);
            let to = value::out(out, "out", 3)?;
            to.write(left.equals(&right)?.into());
            Ok(())
        })
    }
}

/// Counts the items that equal a value. (`memoryview.count`)
///
/// `MV_E_NULL`: `view`, `value` or `out`. `MV_E_TYPE`: a scalar of an unknown kind. `MV_E_VALUE`: a text that is not UTF-8.
/// `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_count(
    view: *const mv_view,
    value: *const mv_scalar,
    out: *mut usize,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let view = view_at(view, "view", 1)?;
            let given = at(value, "value", 2)?;
            let to = value::out(out, "out", 3)?;
            super::scalar::with_given(given, |given| {
                to.write(view.count(given)?);
                Ok(())
            })
        })
    }
}

/// Finds the first item that equals a value: `*out` is its number in C order, or -1. (`memoryview.index`, and `in`)
///
/// Looked at are the items from number `start` to before `stop`. As for Python's lists negative ones count from the end, and
/// both are clamped: `0, PTRDIFF_MAX` is all.
///
/// `MV_E_NULL`: `view`, `value` or `out`. Else as `mv_view_count`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_find(
    view: *const mv_view,
    value: *const mv_scalar,
    start: isize,
    stop: isize,
    out: *mut isize,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let view = view_at(view, "view", 1)?;
            let given = at(value, "value", 2)?;
            let to = value::out(out, "out", 5)?;
            super::scalar::with_given(given, |given| {
                to.write(value::place(view.find(given, start, stop)?));
                Ok(())
            })
        })
    }
}

/// Finds a string of bytes in the bytes of a view that is contiguous in C order: `*out` is where it first begins at `start` or behind it,
/// or -1. (`bytes.find`) An empty string is found at `start`, where that is within the view.
///
/// `MV_E_NULL`: `view` or `out`. `MV_E_VALUE`: `data` is NULL and `length` is not 0. `MV_E_TYPE`: the view is not contiguous.
/// `MV_E_RELEASED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_find_bytes(
    view: *const mv_view,
    data: *const c_void,
    length: usize,
    start: usize,
    out: *mut isize,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let view = view_at(view, "view", 1)?;
            let wanted = self::data(data, length)?;
            let to = value::out(out, "out", 5)?;
            to.write(value::place(view.find_bytes(&wanted, start)?));
            Ok(())
        })
    }
}

/// Hashes the bytes of a view in C order: SipHash-1-3 with the key `(seed, 0)`, the same for equal bytes in any shape and on any machine.
///
/// As in CPython only a read-only view of format "B", "b" or "c" has a hash, and the one that was last asked for can still be had once
/// the view is released, with the same seed. (`memoryview.__hash__`)
///
/// `MV_E_NULL`: `view` or `out`. `MV_E_VALUE`: the view is writable, or of another format. `MV_E_RELEASED`: without a hash from
/// before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_hash(
    view: *const mv_view,
    seed: u64,
    out: *mut u64,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let view = view_at(view, "view", 1)?;
            let to = value::out(out, "out", 3)?;
            to.write(view.hash(seed)?);
            Ok(())
        })
    }
}

/// Writes the bytes of a view in C order as hexadecimal digits. (`memoryview.hex`)
///
/// `separator` is one ASCII character between groups of `group` bytes, which are counted from the end, or where `group` is negative from
/// the start; NULL, or a `group` of 0: none. `text`, `size` and `out_length` as `mv_format_text` has them.
///
/// `MV_E_NULL`: `view`, or `text` where `size` is not 0. `MV_E_VALUE`: a separator that is not one ASCII character. `MV_E_RELEASED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_hex(
    view: *const mv_view,
    separator: *const c_char,
    group: c_int,
    text: *mut c_char,
    size: usize,
    out_length: *mut usize,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let view = view_at(view, "view", 1)?;
            let groups = value::groups(separator, group)?;
            let mut out = TextOut::new(text, size, 4)?;
            out.fill(|space| view.hex(groups, space))?;
            out.finish(out_length);
            Ok(())
        })
    }
}
