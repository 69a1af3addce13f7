//! Section 7: bulk.

use core::ffi::{c_char, c_int, c_void};

use super::{Code, at, data, mv_view, run, text_at, value, view_at};
use crate::{error::mv_error, ffi::item::mv_scalar, kernel::mv_run};

/// Copies all items of one view to another of the same shape and a format of the same layout, as if through a temporary, however the two
/// overlap. (`destination[...] = source`)
///
/// Where several items of the destination are one in memory (a stride of 0), the last in C order stays. On failure
/// nothing is written.
///
/// `MV_E_NULL`: `destination` or `source`. `MV_E_READONLY`. `MV_E_SHAPE`: the shapes differ; `dim` says where.
/// `MV_E_FORMAT`: the formats differ in layout. `MV_E_RELEASED`. `MV_E_NO_MEMORY`: formats are parsed, or overlapping or
/// indirect memory needs a temporary copy.
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
/// `format` names what the caller wants to find there: NULL for the view's own, one of the same layout, or the format of a number, into which
/// numbers are then converted by the rule `MV_STRICT`. `length` must be that of all items: without a conversion the view's `len`. The two
/// may overlap.
///
/// `MV_E_NULL`: `view`. `MV_E_VALUE`: another order, or `data` is NULL and `length` is not 0. `MV_E_FORMAT`: the view's items
/// are not of that format, and not both are numbers. `MV_E_RANGE`: a number does not fit; `position` is that of the item in C order.
/// `MV_E_SHAPE`: another length. `MV_E_RELEASED`. `MV_E_NO_MEMORY`: formats are parsed, or overlapping memory needs a temporary copy.
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

/// `mv_view_convert`: what does not fit is refused: integers arrive exactly or not at all; floats are rounded to nearest, but do not
/// overflow; into an integer goes what is whole; into a real number no imaginary part.
pub const MV_STRICT: i32 = 0;
/// `mv_view_convert`: what does not fit becomes the nearest number that does, NaN the integer 0; fractions and imaginary parts are cut off.
pub const MV_CLAMP: i32 = 1;
/// `mv_view_convert`: integers keep their low bits, floats overflow to infinity; fractions and imaginary parts are cut off; NaN and
/// infinities become the integer 0.
pub const MV_WRAP: i32 = 2;

/// Converts all items of one view into the format of another of the same shape, as if through a temporary: from and to every integer,
/// float, complex number and truth value, in any byte order. Formats of the same layout are copied as they are, whatever they are.
///
/// Truth values become 0 and 1, and what is not 0 becomes true. Integers go into floats as the nearest one, except by `MV_STRICT`. On failure
/// nothing is written.
///
/// `MV_E_NULL`: `destination` or `source`. `MV_E_VALUE`: another rule. `MV_E_READONLY`. `MV_E_SHAPE`: the shapes differ; `dim` says where.
/// `MV_E_FORMAT`: the formats differ, and not both are numbers. `MV_E_RANGE`: by `MV_STRICT`, a number does not fit; `position` is that
/// of the item in C order, `value` the number where it is an integer. `MV_E_RELEASED`. `MV_E_NO_MEMORY`: formats are parsed, or
/// overlapping memory needs a temporary copy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_convert(
    destination: *mut mv_view,
    source: *const mv_view,
    rule: c_int,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let to = view_at(destination, "destination", 1)?;
            to.convert_from(&*view_at(source, "source", 2)?, value::rule(rule)?)
        })
    }
}

/// Turns round the bytes of every number in every item, also within structs; the format stays what it is. (`numpy.ndarray.byteswap`)
///
/// `MV_E_NULL`: `view`. `MV_E_READONLY`. `MV_E_FORMAT`: items, or parts of them, without a meaning. `MV_E_RELEASED`.
/// `MV_E_NO_MEMORY`: a format is parsed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_byteswap(view: *mut mv_view, error: *mut mv_error) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { run(error, || view_at(view, "view", 1)?.byteswap()) }
}

/// Whether two views can have a byte in common: `*out` is 0 where they certainly have none, else 1. (`numpy.may_share_memory`)
///
/// Judged by the bytes that each reaches, and by whether the steps of the two can lead to the same: columns and channels of one image do
/// not overlap. Memory behind pointers can be anywhere.
///
/// `MV_E_NULL`: `a`, `b` or `out`. `MV_E_RELEASED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_overlaps(
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
            to.write(left.overlaps(&right)?.into());
            Ok(())
        })
    }
}

/// Lists the bytes of a view in C order as runs that follow each other in memory, for `readv`, `writev` and their like.
///
/// From run number `first` on as many as there are, `capacity` at most, go to `runs`; `*out_count` is how many the view has in all.
/// `NULL, 0` asks for that alone. The addresses hold as long as an acquisition of the view.
///
/// `MV_E_NULL`: `view`, `out_count`, or `runs` where `capacity` is not 0. `MV_E_RELEASED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_runs(
    view: *const mv_view,
    first: usize,
    runs: *mut mv_run,
    capacity: usize,
    out_count: *mut usize,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let view = view_at(view, "view", 1)?;
            let list = value::out_array(runs, capacity, "runs", 3)?;
            let to = value::out(out_count, "out_count", 5)?;
            to.write(view.runs(first, |place, run| list.write_at(place, run))?);
            Ok(())
        })
    }
}
