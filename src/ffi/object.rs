//! Section 2: objects.

use core::ffi::{c_char, c_int, c_void};

use super::{Code, TextOut, at, data, fresh, limited, make, object_at, run, text_at, value};
use crate::{
    error::mv_error,
    object::{
        Object, array, bytearray, bytes, custom, memory,
        protocol::{mv_buffer, mv_exporter, mv_free_fn, mv_object},
    },
};

/// Adds a reference and returns the object; NULL gives NULL. Never fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_object_ref(object: *mut mv_object) -> *mut mv_object {
    // SAFETY: the caller keeps the rules at the top of the header.
    if let Ok(object) = unsafe { object_at(object, "object", 1) } {
        core::mem::forget(Object::clone(&object));
    }
    object
}

/// Drops a reference. The object is freed with its last reference and its last acquisition, whichever goes later.
/// NULL is a no-op. Never fails, never allocates.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_object_unref(object: *mut mv_object) {
    // SAFETY: the caller gives one reference away.
    drop(unsafe { Object::from_raw(object) });
}

/// The name of the object's kind: "bytes", "bytearray", "array", "memory", "view", or what a foreign type calls
/// itself. Borrowed; lives as long as the object. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_object_type_name(object: *const mv_object) -> *const c_char {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { object_at(object, "object", 1) }.map_or(core::ptr::null(), |object| object.type_name())
}

/// The number of acquisitions alive: buffers, and views that were made straight from the object; slices, casts and
/// other views of a view share that view's acquisition. For a view: the buffers acquired from it. 0 for NULL and where a foreign
/// type does not tell. With threads about, it is a snapshot.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_object_exports(object: *const mv_object) -> usize {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { object_at(object, "object", 1) }.map_or(0, |object| object.exports())
}

/// Who holds the memory: the labels of the labelled acquisitions, quoted, in the order in which they came:
/// `'contact sheet', 'stripes plugin'`. Empty where nobody left a label.
///
/// Written to `text` with snprintf's rule: always terminated, at most `size` bytes; `out_length` (may be NULL)
/// receives the full length without the terminator, so `NULL, 0` asks for it.
///
/// `MV_E_NULL`: `object`, or `text` where `size` is above 0. `MV_E_UNSUPPORTED`: a foreign type, or a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_object_holders(
    object: *const mv_object,
    text: *mut c_char,
    size: usize,
    out_length: *mut usize,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let object = object_at(object, "object", 1)?;
            let mut to = TextOut::new(text, size, 2)?;
            object.write_holders(&mut to)?;
            to.finish(out_length);
            Ok(())
        })
    }
}

/// Takes the memory back from whoever holds views of it. From this call on, views of the object answer
/// `MV_E_RELEASED` and requests are refused with it.
///
/// `MV_OK` says that no operation is in flight and no raw buffer is out: the memory is the owner's again, to change
/// or to free as far as it is the caller's own. It never waits. For every built-in but bytes, and for custom
/// exporters.
///
/// `MV_E_EXPORTED`: buffers are still acquired (the error's value says how many) or operations in flight; ask
/// again. Somebody who only runs into the revocation may be counted for that moment, even after `MV_OK`, but touches
/// nothing. `MV_E_UNSUPPORTED`: bytes, views, foreign types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_object_revoke(object: *mut mv_object, error: *mut mv_error) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { run(error, || object_at(object, "object", 1)?.revoke()) }
}

/// Makes an immutable copy of `length` bytes: Python's bytes. It exports read-only memory of format "B".
///
/// `data` may be NULL where `length` is 0.
///
/// `MV_E_NULL`: `out`. `MV_E_VALUE`: `data` is NULL and `length` is not 0. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_bytes_new(
    data: *const c_void,
    length: usize,
    out: *mut *mut mv_object,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { make(out, 3, error, || bytes::new(&self::data(data, length)?)) }
}

/// Makes a growable array of bytes: Python's bytearray. It exports writable memory of format "B", and any change of its
/// size is refused while an acquisition is alive.
///
/// It holds a copy of `length` bytes of `data`, or zeros where `data` is NULL.
///
/// `MV_E_NULL`: `out`. `MV_E_OVERFLOW`: `length` is above `PTRDIFF_MAX`. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_bytearray_new(
    data: *const c_void,
    length: usize,
    out: *mut *mut mv_object,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        make(out, 3, error, || {
            if data.is_null() {
                bytearray::zeroed(length)
            } else {
                bytearray::new(&self::data(data, length)?)
            }
        })
    }
}

/// Replaces `removed` bytes at offset `at` by `length` bytes of `data`. Append, extend, insert, remove and clear are all
/// splices. Replacing bytes by as many is allowed while exports are alive; a change of size is not.
///
/// `data` may lie in the bytearray itself, and may be NULL where `length` is 0. On failure nothing has changed.
///
/// `MV_E_NULL`: `array`. `MV_E_TYPE`: not a bytearray of this library. `MV_E_INDEX`: `at` is past the end, or `removed`
/// reaches past it. `MV_E_VALUE`: `data` is NULL and `length` is not 0. `MV_E_EXPORTED`: the size would change while
/// acquisitions are alive; the error's value is their number, its message names the labelled ones. `MV_E_BUSY`: an
/// immutable lease is alive. `MV_E_RELEASED`: revoked. `MV_E_OVERFLOW`. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_bytearray_splice(
    array: *mut mv_object,
    at: usize,
    removed: usize,
    data: *const c_void,
    length: usize,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let array = object_at(array, "array", 1)?;
            bytearray::splice(&array, at, removed, &self::data(data, length)?)
        })
    }
}

/// Changes the length; new bytes are zero. The memory may move, so it is refused while acquisitions are alive, unless the
/// length stays the same.
///
/// `MV_E_NULL`: `array`. `MV_E_TYPE`: not a bytearray of this library. `MV_E_EXPORTED`: acquisitions are alive; the
/// error's value is their number, its message names the labelled ones. `MV_E_RELEASED`: revoked. `MV_E_OVERFLOW`.
/// `MV_E_NO_MEMORY`: nothing has changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_bytearray_resize(
    array: *mut mv_object,
    length: usize,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { run(error, || bytearray::resize(&*object_at(array, "array", 1)?, length)) }
}

/// Makes room for `capacity` bytes in all, so that growing up to there does not allocate. It never shrinks. Refused as
/// `mv_bytearray_resize` is, with the same statuses, unless the room is already there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_bytearray_reserve(
    array: *mut mv_object,
    capacity: usize,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { run(error, || bytearray::reserve(&*object_at(array, "array", 1)?, capacity)) }
}

/// Makes an N-dimensional array of its own memory: zeroed, aligned to 64 bytes, contiguous in the given order.
///
/// `format` is the format of an item, of any kind that has bytes: "d", "T{h:id:f:x:}". `shape` holds `ndim` extents;
/// `NULL, 0` is the 0-dimensional shape of one item. `order` is 'C' or 'F'.
///
/// `MV_E_NULL`: `format`, `out`, or `shape` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is negative, or another order.
/// `MV_E_LIMIT`: `ndim` is above 64. `MV_E_FORMAT`, `MV_E_LIMIT`, `MV_E_OVERFLOW`: as `mv_format_parse`; `MV_E_FORMAT`, too, for a
/// format without bytes. `MV_E_SHAPE`: a negative extent. `MV_E_OVERFLOW`. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_array_new(
    format: *const c_char,
    shape: *const isize,
    ndim: c_int,
    order: c_int,
    out: *mut *mut mv_object,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        make(out, 5, error, || {
            array::new(
                text_at(format, "format", 1)?,
                limited(shape, ndim, "shape", 2)?,
                value::order_cf(order)?,
            )
        })
    }
}

/// Gives an array another shape of as many dimensions; what lies in both shapes keeps its index and its value, what is
/// new is zero. The memory may move, so it is refused while acquisitions are alive.
///
/// `MV_E_NULL`: `array`, or `shape` where `ndim` is above 0. `MV_E_TYPE`: not an array of this library.
/// `MV_E_SHAPE`: another number of dimensions, or a negative extent. `MV_E_VALUE`: `ndim` is negative. `MV_E_LIMIT`.
/// `MV_E_EXPORTED`: acquisitions are alive; the error's value is their number, its message names the labelled ones.
/// `MV_E_RELEASED`: revoked. `MV_E_OVERFLOW`. `MV_E_NO_MEMORY`: nothing has changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_array_resize(
    array: *mut mv_object,
    shape: *const isize,
    ndim: c_int,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || array::resize(&*object_at(array, "array", 1)?, limited(shape, ndim, "shape", 2)?))
    }
}

/// Makes an object of somebody else's memory: `length` bytes at `data`, format "B".
///
/// The memory stays where it is until `free(context, data)` is called, once, when the last reference and the last
/// acquisition are gone. `free` may be NULL: then the caller keeps the memory alive, and can be sure of it after
/// `mv_object_revoke`. On failure `free` is not called. `data` may be NULL where `length` is 0. `readonly` other
/// than 0 says that nobody may write.
///
/// `MV_E_NULL`: `out`. `MV_E_VALUE`: `data` is NULL and `length` is not 0. `MV_E_OVERFLOW`: `length` is above
/// `PTRDIFF_MAX`. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_memory_new(
    data: *mut c_void,
    length: usize,
    readonly: c_int,
    free: mv_free_fn,
    context: *mut c_void,
    out: *mut *mut mv_object,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { make(out, 6, error, || memory::new(&self::data(data, length)?, readonly != 0, free, context)) }
}

/// Makes an object of somebody else's memory, described in full: `description` gives the first item's address, format,
/// shape, strides and suboffsets; `base` and `extent` give the bytes in which all of it must lie.
///
/// Every byte that the description reaches is checked against the extent; with suboffsets, the table of pointers is
/// checked and the blocks are taken on trust. The description, its arrays and its format are copied. In it, `obj`,
/// `internal` and a `len` of 0 are ignored, a NULL `format` means "B", NULL `shape` one dimension of `len` bytes, and
/// NULL `strides` C order; items and formats that do not fit each other are as in `mv_view_from_buffer`. `free(context, base)` is
/// called as by `mv_memory_new`.
///
/// `MV_E_NULL`: `description`, `out`, or its `shape` where `ndim` is above 1. `MV_E_VALUE`: `ndim` is negative, `base` or
/// `buf` is NULL while there are items, or `shape` is NULL and `len` is not a multiple of `itemsize`. `MV_E_LIMIT`: `ndim` is
/// above 64. `MV_E_FORMAT`: `itemsize` is not above 0, or below the size of a native type that the format is ("i"). `MV_E_SHAPE`: a negative extent, a `len`
/// that is not the shape's, or a description that reaches outside the extent. `MV_E_OVERFLOW`. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_memory_describe(
    description: *const mv_buffer,
    base: *mut c_void,
    extent: usize,
    free: mv_free_fn,
    context: *mut c_void,
    out: *mut *mut mv_object,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        make(out, 6, error, || {
            let description = at(description, "description", 1)?;
            memory::describe(description, base.cast(), extent, free, context)
        })
    }
}

/// Makes an object of a caller's callbacks and its `self`; counted, labelled, leased and revoked as a built-in.
///
/// The table is copied. `self` may be NULL; it is handed to the callbacks and, last of all, to `free`. On failure
/// `free` is not called.
///
/// `MV_E_NULL`: `callbacks`, its `acquire`, or `out`. `MV_E_VERSION`: `callbacks->size` is too small.
/// `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_custom_new(
    callbacks: *const mv_exporter,
    self_: *mut c_void,
    out: *mut *mut mv_object,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { make(out, 3, error, || custom::new(&fresh(callbacks, "callbacks", 1)?, self_)) }
}
