//! Section 8: walk.

use core::ffi::{c_int, c_void};

use super::{Code, at, run, value};
use crate::{
    error::mv_error,
    kernel::{Walker, mv_walk},
    object::{buffer, protocol::mv_buffer},
};

/// Begins a walk over the items of a buffer, in the order 'C' or 'F' ('A': F for memory that lies in Fortran order, else C), run by run:
///
///     mv_walk walk;
///     MV_TRY(mv_walk_begin(&walk, &buffer, 'C', error));
///     while (mv_walk_next(&walk, &item, &count, &step))
///         for (i = 0; i < count; i++) use((char *)item + i * step);
///
/// Dimensions that are one in memory are joined: contiguous memory is one run. Nothing is allocated, and there is nothing to end. The
/// buffer must stay acquired, and its arrays unchanged, as long as the walk is used; the struct itself may move.
///
/// `MV_E_NULL`: `walk` or `buffer`. `MV_E_VALUE`: another order. `MV_E_UNSUPPORTED`: 'F' across suboffsets; `dim` says where.
/// `MV_E_CALLBACK`: the buffer makes no sense.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_walk_begin(
    walk: *mut mv_walk,
    buffer: *const mv_buffer,
    order: c_int,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let to = value::out(walk.cast::<Walker>(), "walk", 1)?;
            let buffer = at(buffer, "buffer", 2)?;
            to.write(buffer::walk(buffer, value::order(order)?)?);
            Ok(())
        })
    }
}

/// The next run of items: the address of the first, how many there are, and the distance in bytes from one to the next. Returns 1; after
/// the last run 0, and the outputs are untouched. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_walk_next(
    walk: *mut mv_walk,
    out_item: *mut *mut c_void,
    out_count: *mut isize,
    out_step: *mut isize,
) -> c_int {
    // SAFETY: the caller keeps the rules at the top of the header, and `mv_walk_begin` has filled the walk.
    unsafe {
        let (Some(walk), Ok(item), Ok(count), Ok(step)) = (
            walk.cast::<Walker>().as_mut(),
            value::out(out_item, "out_item", 2),
            value::out(out_count, "out_count", 3),
            value::out(out_step, "out_step", 4),
        ) else {
            return 0;
        };
        let Some(next) = walk.next() else { return 0 };
        item.write(next.item);
        count.write(next.count);
        step.write(next.step);
    }
    1
}
