//! Section 4: views.

use core::ffi::{c_char, c_int, c_void};

use super::{Code, at, fresh, limited, make, make_quickly, mv_view, object_at, run, text_at, value, view_at};
use crate::{
    error::mv_error,
    object::{
        Request,
        protocol::{mv_buffer, mv_object, mv_request},
    },
    view::View,
};

/// Makes a view of an object: acquires it in full and holds it until the last view that shares the acquisition is
/// released. (`memoryview(object)`, `PyMemoryView_FromObject`)
///
/// `flags` say what the views must be able to do: `MV_FULL_RO` for any memory; with `MV_WRITABLE` read-only memory is refused;
/// with `MV_C_CONTIGUOUS` strided memory; and so on. A view of a view shares its acquisition, whatever the flags ask
/// beyond what it has is refused. Making a view is one allocation.
///
/// `MV_E_NULL`: `object` or `out`. `MV_E_NO_MEMORY`. Also what `mv_buffer_acquire` returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_new(
    object: *mut mv_object,
    flags: c_int,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        let quickly = || View::new_quickly(&*object_at(object, "object", 1).ok()?, flags);
        make_quickly(out, error, quickly).unwrap_or_else(|| new(object, flags, out, error))
    }
}

/// Every view that is not made the quick way.
#[inline(never)]
unsafe fn new(object: *mut mv_object, flags: c_int, out: *mut *mut mv_view, error: *mut mv_error) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { make(out, 3, error, || View::new(&*object_at(object, "object", 1)?, &Request::flags(flags))) }
}

/// `mv_view_new` with all that flags cannot say: a wanted format and number of dimensions, and a label. A view of a view
/// with a label has an acquisition of its own, so that the label has something to stand for.
///
/// As `mv_view_new` and `mv_buffer_acquire_for`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_new_for(
    object: *mut mv_object,
    request: *const mv_request,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        make(out, 3, error, || {
            let object = object_at(object, "object", 1)?;
            View::new(&object, &Request::read(&fresh(request, "request", 2)?)?)
        })
    }
}

/// Makes a view of borrowed memory in one call: a C-contiguous block. (`PyMemoryView_FromMemory`, with a shape)
///
/// The caller keeps the memory alive and in place until the last view of it is released; to be told when, or to revoke it,
/// use `mv_memory_new`. `format` is any that has bytes, and is copied; NULL means "B". `data` may be NULL where there are no
/// items.
///
/// `MV_E_NULL`: `out`, or `shape` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is negative, or `data` is NULL while there are items.
/// `MV_E_LIMIT`: `ndim` is above 64. `MV_E_FORMAT`, `MV_E_LIMIT`, `MV_E_OVERFLOW`: as `mv_format_parse`; `MV_E_FORMAT`, too, for a
/// format without bytes. `MV_E_SHAPE`: a negative extent. `MV_E_OVERFLOW`. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_wrap(
    data: *mut c_void,
    format: *const c_char,
    shape: *const isize,
    ndim: c_int,
    readonly: c_int,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        make(out, 6, error, || {
            let format = if format.is_null() { c"B" } else { text_at(format, "format", 2)? };
            let shape = limited(shape, ndim, "shape", 3)?;
            value::with_borrowed(data, format, shape, readonly != 0, View::wrap)
        })
    }
}

/// Makes a view of memory that a buffer describes; the description's arrays are copied, its memory and format are borrowed.
/// (`PyMemoryView_FromBuffer`)
///
/// The view does not hold the description's `obj` and will not release it: whoever made the description keeps it alive. Missing pieces
/// are filled in: `shape` NULL with 1 dimension means `len / itemsize`, `strides` NULL means C order, `format` NULL
/// means "B". What an item has beyond its struct, sequence or sub-array is padding. Items have no meaning (`MV_OPAQUE`) where the
/// format cannot be read, needs more bytes than they have, or is one value that does not fill them.
///
/// `MV_E_NULL`: `description`, `out`, or its `shape` where `ndim` is above 1. `MV_E_VALUE`: `buf` is NULL, `ndim` is
/// negative, or `len` is not a multiple of `itemsize`. `MV_E_LIMIT`: `ndim` is above 64. `MV_E_FORMAT`: `itemsize` is not above
/// 0, or below the size of a native type that the format is ("i"). `MV_E_SHAPE`: a negative extent, or `len` is not the shape's. `MV_E_OVERFLOW`. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_from_buffer(
    description: *const mv_buffer,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        make(out, 2, error, || {
            let description = at(description, "description", 1)?;
            View::wrap(value::described(description)?)
        })
    }
}

/// `mv_view_contiguous`: the view is only read; a copy, where one is needed, is read-only.
pub const MV_READ: i32 = 0x100;
/// `mv_view_contiguous`: the view is written; memory that is not contiguous is refused.
pub const MV_WRITE: i32 = 0x200;
/// `mv_view_contiguous`: the view is written; a copy, where one is needed, is written back when its last view is
/// released.
pub const MV_WRITE_BACK: i32 = 0x400;

/// Makes a view whose items are contiguous in the order 'C', 'F', or, for 'A', in either: the object's own memory where it is
/// already, else a copy in C order ('F': in Fortran order) of the same shape and format. (`PyMemoryView_GetContiguous`)
///
/// With `MV_WRITE_BACK` a copy holds the object, and its items are written back when the last view that shares
/// the copy is released: `mv_view_release` reports how that went; `mv_view_unref` cannot.
///
/// `MV_E_NULL`: `object` or `out`. `MV_E_VALUE`: another mode or order. `MV_E_BUFFER`: the memory is read-only and the
/// mode writes; or it is not contiguous and the mode is `MV_WRITE`. `MV_E_NO_MEMORY`. Also what
/// `mv_buffer_acquire` returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_contiguous(
    object: *mut mv_object,
    mode: c_int,
    order: c_int,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        make(out, 4, error, || {
            View::contiguous(&*object_at(object, "object", 1)?, value::mode(mode)?, value::order(order)?)
        })
    }
}

/// Makes a view of the same items with an acquisition of its own, so that threads that work on views of their own do not
/// meet on one counter. It counts as one more export of a built-in object; a foreign or custom exporter, which could answer
/// with other memory, is not asked again, and what it granted is kept until both are released.
///
/// `MV_E_NULL`: `view` or `out`. `MV_E_RELEASED`. `MV_E_BUSY`: the acquisition is an exclusive lease.
/// `MV_E_NO_MEMORY`. Also what `mv_buffer_acquire` returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_reexport(
    view: *const mv_view,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { make(out, 2, error, || view_at(view, "view", 1)?.reexport()) }
}

/// Makes a read-only view of the same items; the original stays as it is. Views made from it are read-only.
/// (`memoryview.toreadonly`)
///
/// `MV_E_NULL`: `view` or `out`. `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_toreadonly(
    view: *const mv_view,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { make(out, 2, error, || view_at(view, "view", 1)?.to_readonly()) }
}

/// Adds a reference and returns the view; NULL gives NULL. Never fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_ref(view: *mut mv_view) -> *mut mv_view {
    // SAFETY: the caller keeps the rules at the top of the header.
    if let Ok(view) = unsafe { view_at(view, "view", 1) } {
        core::mem::forget(View::clone(&view));
    }
    view
}

/// Drops a reference. With the last one the view is released, or, while buffers acquired from it are alive or an operation is in
/// flight, as soon as they end. NULL is a no-op. Never fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_unref(view: *mut mv_view) {
    // SAFETY: the caller gives one reference away; a pointer that is no view of this copy is left alone.
    unsafe { super::drop_view(view) }
}

/// Releases the view: its share of the acquisition ends, and with the last share the exporter is told at once. The handle stays
/// valid and answers `MV_E_RELEASED`; it still wants its `mv_view_unref`. Releasing again is a no-op. Views made from this
/// one are not touched; one that another thread is making of it comes about, or answers `MV_E_RELEASED`.
/// (`memoryview.release`)
///
/// `MV_E_NULL`: `view`. `MV_E_TYPE`: no view of this copy of memview. `MV_E_EXPORTED`: buffers acquired from the view
/// are alive, the error's value says how many, or an operation on it is in flight. Of a contiguous copy, the
/// failure to write it back: the view is released all the same.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_release(view: *mut mv_view, error: *mut mv_error) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { run(error, || view_at(view, "view", 1)?.release()) }
}

/// Every attribute of the view at once: `mv_view_buffer(view)->shape[1]` reads without a further call. All fields are filled
/// (`shape` and `strides` are NULL only for 0 dimensions, `suboffsets` where no dimension is indirect). `obj` is
/// the exporter. (`PyMemoryView_GET_BUFFER`)
///
/// Borrowed: valid while the handle is, and never to be released. NULL for NULL, for a view of another copy of memview,
/// and once the view is released or its memory revoked. It describes; whoever touches `buf` while other threads may release the view
/// or the owner may revoke the memory holds an acquisition, `mv_buffer_acquire(mv_view_as_object(view), ...)`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_buffer(view: *const mv_view) -> *const mv_buffer {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { view_at(view, "view", 1) }.map_or(core::ptr::null(), |view| view.buffer())
}

/// The exporter whose memory the view shows, CPython's `.obj`: not another view, but the object at the bottom. Borrowed: valid until
/// the view is released. NULL for NULL, for borrowed memory, and once the view is released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_exporter(view: *const mv_view) -> *mut mv_object {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { view_at(view, "view", 1) }.map_or(core::ptr::null_mut(), |view| view.exporter())
}

/// The view as an object, to hand it to others or to acquire from it: the same pointer, borrowed. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_as_object(view: *mut mv_view) -> *mut mv_object {
    view.cast()
}
