//! Section 7: bulk.

use core::ffi::{c_char, c_int, c_void};

use super::{Code, at, data, mv_view, run, text_at, value, view_at};
use crate::{error::mv_error, ffi::item::mv_scalar};

/// Copies all items of one view to another of the same shape and a format of the same layout, as if through a temporary, however the two
/// overlap. (`destination[...] = source`)
///
/// Where several items of the destination are one in memory (a stride of 0), the last in C order stays. On failure
/// nothing is written.
///
/// `MV_E_NULL`: `destination` or `source`. `MV_E_READONLY`. `MV_E_SHAPE`: the shapes differ; `dim` says where.
/// `MV_E_FORMAT`: the formats differ in layout. `MV_E_RELEASED`. `MV_E_NO_MEMORY`: overlapping or indirect memory needs a
/// temporary copy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_copy(
    destination: *mut mv_view,
    source: *const mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || view_at(destination, "destination", 1)?.copy_from(&*view_at(source, "source", 2)?))
    }
}

/// Copies all items into contiguous memory, in the order 'C' or 'F'; 'A': as they lie if that is Fortran order, else C.
/// (`memoryview.tobytes`)
///
/// `format` names what the caller wants to find there: NULL for the view's own, or one of the same layout. `length` must be the view's
/// `len`. The two may overlap.
///
/// `MV_E_NULL`: `view`. `MV_E_VALUE`: another order, or `data` is NULL and `length` is not 0. `MV_E_FORMAT`: the view's items
/// are not of that format. `MV_E_SHAPE`: another length. `MV_E_RELEASED`. `MV_E_NO_MEMORY`: overlapping memory needs a
/// temporary copy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_read(
    view: *const mv_view,
    format: *const c_char,
    order: c_int,
    data: *mut c_void,
    length: usize,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let view = view_at(view, "view", 1)?;
            let format = if format.is_null() { None } else { Some(text_at(format, "format", 2)?) };
            view.read(format, value::order(order)?, &self::data(data, length)?)
        })
    }
}

/// Copies contiguous memory into all items; the reverse of `mv_view_read`, with the same arguments.
///
/// As `mv_view_read`; also `MV_E_READONLY`. On failure nothing is written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_write(
    view: *mut mv_view,
    format: *const c_char,
    order: c_int,
    data: *const c_void,
    length: usize,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let view = view_at(view, "view", 1)?;
            let format = if format.is_null() { None } else { Some(text_at(format, "format", 2)?) };
            view.write(format, value::order(order)?, &self::data(data, length)?)
        })
    }
}

/// Writes one value into all items. As `mv_view_set` takes values, and with its statuses, but for those of the index.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_fill(
    view: *mut mv_view,
    value: *const mv_scalar,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let view = view_at(view, "view", 1)?;
            let given = at(value, "value", 2)?;
            super::scalar::with_given(given, |given| view.fill(given))
        })
    }
}
