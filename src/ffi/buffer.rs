//! Section 3: buffers.

use core::{
    ffi::{c_int, c_void},
    mem::MaybeUninit,
};

use super::{Code, at, data, fresh, limited, object_at, place, run, value};
use crate::{
    error::mv_error,
    object::{
        Request, buffer,
        protocol::{mv_buffer, mv_object, mv_request},
    },
};

/// Acquires the object's memory: until `mv_buffer_release`, it neither moves nor vanishes. (`PyObject_GetBuffer`)
///
/// `flags` say what the caller can deal with; fields that were not asked for are NULL in `out`. `len`, `itemsize`,
/// `readonly` and `ndim` are always filled. Acquiring from a built-in object or a view allocates nothing.
///
/// `MV_E_NULL`: `object` or `out`. `MV_E_FLAGS`: unknown flags, exactly 0x100 or 0x200, both leases, or `MV_IMMUTABLE` with
/// `MV_WRITABLE`.
/// `MV_E_BUFFER`: the memory is not as asked for (read-only, not contiguous, needs strides, suboffsets, or a shape), or the
/// exporter grants no such lease (a view grants none but the immutable one that it was granted). `MV_E_RELEASED`: a released view or revoked memory. `MV_E_BUSY`: somebody's lease.
/// `MV_E_EXPORTED`: a lease is asked for while others hold the memory. `MV_E_LIMIT`: too many acquisitions.
/// `MV_E_CALLBACK`: a foreign exporter's answer is invalid; the message names the field. Statuses
/// of foreign exporters pass through. After a failure `out` is all zero.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_buffer_acquire(
    object: *mut mv_object,
    flags: c_int,
    out: *mut mv_buffer,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        if let Some(to) = out.cast::<MaybeUninit<mv_buffer>>().as_mut()
            && let Ok(object) = object_at(object, "object", 1)
            && buffer::acquire_quickly(&object, flags, to)
        {
            return Code(0);
        }
        acquire(object, flags, out, error)
    }
}

/// Every acquisition that is not of a built-in object as it lies: a function of its own, so that the usual one has no frame.
#[inline(never)]
unsafe fn acquire(object: *mut mv_object, flags: c_int, out: *mut mv_buffer, error: *mut mv_error) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        if let Some(to) = out.cast::<MaybeUninit<mv_buffer>>().as_mut()
            && let Ok(object) = object_at(object, "object", 1)
            && buffer::acquire_view_quickly(&object, flags, to)
        {
            return Code(0);
        }
        place(out, 3, error, || buffer::acquire(&*object_at(object, "object", 1)?, &Request::flags(flags)))
    }
}

/// `mv_buffer_acquire` with all that flags cannot say: a wanted format and number of dimensions, and a label.
///
/// A wanted format or number of dimensions implies that it is known, whatever the flags: the answer's format and shape
/// are compared, and given only where asked for. A labelled acquisition allocates a note of its label.
///
/// As `mv_buffer_acquire`; also `MV_E_NULL`: `request`; `MV_E_VERSION`: `request->size` is too small;
/// `MV_E_VALUE`: `request->ndim` is below -1; `MV_E_BUFFER`: another format or number of dimensions;
/// `MV_E_NO_MEMORY`: for the label, or to compare the formats.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_buffer_acquire_for(
    object: *mut mv_object,
    request: *const mv_request,
    out: *mut mv_buffer,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        place(out, 3, error, || {
            let object = object_at(object, "object", 1)?;
            buffer::acquire(&object, &Request::read(&fresh(request, "request", 2)?)?)
        })
    }
}

/// Ends an acquisition and empties the struct. A struct that has been released, one that is all zero, one without `obj`,
/// and NULL are no-ops. Never fails, never allocates. (`PyBuffer_Release`)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_buffer_release(buffer: *mut mv_buffer) {
    // SAFETY: the caller keeps the rules at the top of the header.
    if let Some(buffer) = unsafe { buffer.as_mut() } {
        // SAFETY: the caller releases what `mv_buffer_acquire` filled.
        unsafe { buffer::release(buffer) }
    }
}

/// 1 where the buffer's items follow each other without gaps in the order 'C', in 'F', or, for 'A', in either;
/// 0 elsewhere, for NULL, and for any other order. (`PyBuffer_IsContiguous`)
///
/// A buffer with an indirect dimension never is; one without items, or of 0 dimensions, always is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_buffer_is_contiguous(buffer: *const mv_buffer, order: c_int) -> c_int {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { at(buffer, "buffer", 1) }
        .and_then(|buffer| Ok(buffer::is_contiguous(buffer, value::order(order)?)))
        .map_or(0, c_int::from)
}

/// The alignment that every item has: the greatest power of two that divides `buf` and every stride in use. 0 for
/// NULL and for a buffer that makes no sense.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_buffer_alignment(buffer: *const mv_buffer) -> usize {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { at(buffer, "buffer", 1) }.and_then(buffer::alignment).unwrap_or(0)
}

/// The bytes that the buffer can reach: from `*out_low`, `*out_size` bytes. With suboffsets, the bytes of the
/// table of pointers.
///
/// `MV_E_NULL`: `buffer`, `out_low` or `out_size`. `MV_E_CALLBACK`: a buffer that makes no sense.
/// `MV_E_OVERFLOW`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_buffer_extent(
    buffer: *const mv_buffer,
    out_low: *mut *const c_void,
    out_size: *mut usize,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let buffer = at(buffer, "buffer", 1)?;
            let (to_low, to_size) =
                (value::out(out_low, "out_low", 2)?, value::out(out_size, "out_size", 3)?);
            let (low, size) = buffer::extent(buffer)?;
            to_low.write(low.cast());
            to_size.write(size);
            Ok(())
        })
    }
}

/// The address of one item, bounds checked; a negative index counts from the end. (`PyBuffer_GetPointer`) It is valid while the
/// buffer is acquired.
///
/// `index` holds `ndim` indices, as many as the buffer has dimensions. A buffer without a shape has one dimension of `len`
/// bytes. For loops in C and C++ `memview_inline.h` has it without a call, as `mv_buffer_pointer_inline`.
///
/// `MV_E_NULL`: `buffer`, `out`, or `index` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is negative.
/// `MV_E_LIMIT`: `ndim` is above 64. `MV_E_TYPE`: too many or too few indices. `MV_E_INDEX`: out of bounds; `dim`,
/// `value` and `limit` say where. `MV_E_CALLBACK`: a buffer that makes no sense.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_buffer_pointer(
    buffer: *const mv_buffer,
    index: *const isize,
    ndim: c_int,
    out: *mut *mut c_void,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        if let Ok(buffer) = at(buffer, "buffer", 1)
            && let Ok(to) = value::out(out, "out", 4)
            && ndim == 1
            && let Ok(index) = at(index, "index", 2)
            && let Some(item) = buffer::pointer_in_row(buffer, *index)
        {
            to.write(item.cast());
            return Code(0);
        }
        pointer_in_many(buffer, index, ndim, out, error)
    }
}

/// An address in more than one dimension: a function of its own, so that one dimension needs no frame.
#[inline(never)]
unsafe fn pointer_in_many(
    buffer: *const mv_buffer,
    index: *const isize,
    ndim: c_int,
    out: *mut *mut c_void,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        if let Ok(buffer) = at(buffer, "buffer", 1)
            && let Ok(index) = limited(index, ndim, "index", 2)
            && let Ok(to) = value::out(out, "out", 4)
            && let Some(item) = buffer::pointer_quickly(buffer, index)
        {
            to.write(item.cast());
            return Code(0);
        }
        pointer(buffer, index, ndim, out, error)
    }
}

/// Every address that is not found the quick way.
#[cold]
#[inline(never)]
unsafe fn pointer(
    buffer: *const mv_buffer,
    index: *const isize,
    ndim: c_int,
    out: *mut *mut c_void,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let buffer = at(buffer, "buffer", 1)?;
            let index = limited(index, ndim, "index", 2)?;
            let to = value::out(out, "out", 4)?;
            to.write(buffer::pointer(buffer, index)?.cast());
            Ok(())
        })
    }
}

/// Fills a buffer for an exporter of plain bytes, as `flags` ask. (`PyBuffer_FillInfo`) For `mv_type.acquire`.
///
/// The shape is `length` itself, so `*length` must live and keep its value until the release. `object` may be NULL
/// (borrowed memory that nobody releases). Nothing is counted: the exporter does that.
///
/// `MV_E_NULL`: `out` or `length`. `MV_E_VALUE`: `*length` is negative, or `data` is NULL and `*length` is not 0.
/// `MV_E_FLAGS`: unknown flags, exactly 0x100 or 0x200. `MV_E_BUFFER`: `MV_WRITABLE` is asked of read-only memory. After a
/// failure `out` is all zero.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_buffer_fill_info(
    out: *mut mv_buffer,
    object: *mut mv_object,
    data: *mut c_void,
    length: *const isize,
    readonly: c_int,
    flags: c_int,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        place(out, 1, error, || {
            let length = at(length, "length", 4)?;
            buffer::fill_info(object, data, length, readonly != 0, flags)
        })
    }
}

/// Computes the strides of a contiguous block: `order` 'C' or 'F'. (`PyBuffer_FillContiguousStrides`)
///
/// `MV_E_NULL`: `shape` or `out_strides` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is negative, or another
/// order. `MV_E_LIMIT`: `ndim` is above 64. `MV_E_FORMAT`: `itemsize` is not above 0. `MV_E_SHAPE`: a negative extent.
/// `MV_E_OVERFLOW`. On failure `out_strides` is untouched.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_buffer_fill_strides(
    shape: *const isize,
    ndim: c_int,
    itemsize: isize,
    order: c_int,
    out_strides: *mut isize,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let shape = limited(shape, ndim, "shape", 1)?;
            let to = value::out_array(out_strides, shape.len(), "out_strides", 5)?;
            buffer::fill_strides(shape, itemsize, value::order_cf(order)?, |dim, stride| {
                to.write_at(dim, stride);
            })
        })
    }
}

/// Copies all items into contiguous memory in the order 'C' or 'F'; 'A': as they lie if that is Fortran order, else C.
/// (`PyBuffer_ToContiguous`)
///
/// `length` must be `buffer->len`. The two may overlap.
///
/// `MV_E_NULL`: `buffer`. `MV_E_VALUE`: another order, or `data` is NULL and `length` is not 0. `MV_E_SHAPE`: another
/// length. `MV_E_CALLBACK`: a buffer that makes no sense. `MV_E_NO_MEMORY`: overlapping memory needs a temporary
/// copy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_buffer_to_contiguous(
    buffer: *const mv_buffer,
    data: *mut c_void,
    length: usize,
    order: c_int,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let buffer = at(buffer, "buffer", 1)?;
            buffer::to_contiguous(buffer, value::order(order)?, &self::data(data, length)?)
        })
    }
}

/// Copies contiguous memory in the order 'C', 'F' or 'A' into the buffer's items. (`PyBuffer_FromContiguous`)
///
/// Fewer bytes write the first items of that order, more are ignored; a trailing part of an item is dropped. The two
/// may overlap.
///
/// `MV_E_NULL`: `buffer`. `MV_E_VALUE`: another order, or `data` is NULL and `length` is not 0. `MV_E_READONLY`: the
/// buffer is read-only. `MV_E_CALLBACK`: a buffer that makes no sense. `MV_E_NO_MEMORY`: overlapping memory needs a
/// temporary copy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_buffer_from_contiguous(
    buffer: *const mv_buffer,
    data: *const c_void,
    length: usize,
    order: c_int,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let buffer = at(buffer, "buffer", 1)?;
            buffer::from_contiguous(buffer, value::order(order)?, &self::data(data, length)?)
        })
    }
}

/// Copies all items of one exporter to another of the same shape and format, overlap or not. (`PyObject_CopyData`)
///
/// `MV_E_NULL`: `destination` or `source`. `MV_E_BUFFER`: the destination is read-only. `MV_E_SHAPE`: the shapes
/// differ. `MV_E_FORMAT`: the formats differ in layout. `MV_E_NO_MEMORY`: formats are parsed, or overlapping memory needs a temporary copy. Also
/// what `mv_buffer_acquire` returns for either.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_object_copy(
    destination: *mut mv_object,
    source: *mut mv_object,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            buffer::copy(&*object_at(destination, "destination", 1)?, &*object_at(source, "source", 2)?)
        })
    }
}
