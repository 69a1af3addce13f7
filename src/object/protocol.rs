//! The protocol as C sees it: the structs that cross between components. Nothing but declarations lives here.

#![allow(non_camel_case_types)]

use core::ffi::{c_char, c_int, c_void};

use super::Code;
use crate::error::mv_error;

/// Anything that exports buffers. Its one field points to the function table of its kind.
///
/// An exporter written in C embeds it as the first member of a struct of its own. Every handle of memview (an
/// object, a view, a format) begins with one, so a pointer to it may be cast to `mv_object *`.
#[repr(C)]
pub struct mv_object {
    /// The function table; never NULL, constant for the object's life.
    pub r#type: *const mv_type,
}

/// One acquisition of an exporter's memory: CPython's `Py_buffer`, field by field.
///
/// The address of the item with index `i[0] .. i[ndim - 1]`: begin at `buf`; for each dimension add
/// `strides[d] * i[d]`, and where `suboffsets` is not NULL and `suboffsets[d]` is not negative, load the pointer
/// found there and add `suboffsets[d]`. The macros `mv_item` and `mv_row` do that.
///
/// The arrays and the format belong to the exporter and live until the buffer is released. A buffer that memview
/// filled may be moved in memory while it is acquired, but must be released exactly once.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mv_buffer {
    /// The address of the item whose indices are all 0; not always the lowest address.
    pub buf: *mut c_void,
    /// The exporter; NULL once released, and in descriptions of borrowed memory.
    pub obj: *mut mv_object,
    /// The bytes of a contiguous copy: the product of the shape times `itemsize`.
    pub len: isize,
    /// Bytes of one item. It keeps its value where `format` was not asked for.
    pub itemsize: isize,
    /// 0: the items may be written; 1: they must not be.
    pub readonly: c_int,
    /// The number of dimensions, 0 to 64. 1 where the shape was not asked for.
    pub ndim: c_int,
    /// The item's format in the syntax of Python's struct module and PEP 3118; NULL (meaning "B") where it was
    /// not asked for.
    pub format: *const c_char,
    /// `ndim` extents; NULL where not asked for or `ndim` is 0.
    pub shape: *const isize,
    /// `ndim` signed distances in bytes; NULL where not asked for (C-contiguous) or `ndim` is 0.
    pub strides: *const isize,
    /// `ndim` suboffsets; NULL where no dimension is indirect.
    pub suboffsets: *const isize,
    /// The exporter's own; consumers leave it alone.
    pub internal: *mut c_void,
}

/// What a consumer asks for, where flags alone cannot say it. Begins with its size, so that it may grow.
///
/// Initialise it with `MV_REQUEST_INIT`, which asks for a full description, read-only access, any format and any
/// number of dimensions.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mv_request {
    /// `sizeof(mv_request)` of the caller. Larger: a newer caller, what is unknown is ignored. Smaller than in
    /// the first release: `MV_E_VERSION`.
    pub size: usize,
    /// Request flags, `MV_SIMPLE` to `MV_FULL` and the leases.
    pub flags: c_int,
    /// The wanted number of dimensions; -1: any.
    pub ndim: c_int,
    /// The wanted format; NULL: any. A format equal in layout is accepted ("@d" for "=d").
    pub format: *const c_char,
    /// Who holds the memory, for `mv_object_holders` and for the message of a refused resize: a text that
    /// outlives the acquisition, or NULL.
    pub label: *const c_char,
}

/// The protocol: the function table of one kind of exporter. All that an exporter in C has to write.
///
/// Begin its initialiser with `MV_TYPE_INIT`. The functions may be called from any thread, may call any function
/// of memview, and must not throw, unwind or longjmp.
#[repr(C)]
pub struct mv_type {
    /// `sizeof(mv_type)` of whoever wrote the table.
    pub size: u32,
    /// `MV_ABI`.
    pub abi: u32,
    /// The name of the kind, for messages; a text that lives as long as the table.
    pub name: *const c_char,
    /// Adds a reference to self. `ref` and `unref` are both NULL where self outlives every user.
    pub r#ref: Option<unsafe extern "C" fn(self_: *mut mv_object)>,
    /// Drops a reference to self.
    pub unref: Option<unsafe extern "C" fn(self_: *mut mv_object)>,
    /// Describes the memory and promises that it neither moves nor vanishes until `release`. The one required
    /// function.
    ///
    /// It may look at `MV_WRITABLE` in the request's flags alone and describe the memory in full: `buf`,
    /// `itemsize`, `readonly`, `ndim`, `format`, `shape`, `strides`, `suboffsets` (NULL where none). `out` comes
    /// zeroed; `len` may stay 0; `obj` is filled by memview, which also takes and drops its reference.
    /// `mv_buffer_acquire` checks the answer and narrows it to what the consumer asked for. A failure returns a
    /// status other than `MV_OK` and fills `error` (`mv_fail` does both); `release` is then not called.
    pub acquire: Option<
        unsafe extern "C" fn(
            self_: *mut mv_object,
            request: *const mv_request,
            out: *mut mv_buffer,
            error: *mut mv_error,
        ) -> Code,
    >,
    /// Ends an acquisition; NULL where there is nothing to do. It may rely on `buffer->internal` alone, which is
    /// as `acquire` left it. Called once for every `acquire` that returned `MV_OK`.
    pub release: Option<unsafe extern "C" fn(self_: *mut mv_object, buffer: *mut mv_buffer)>,
    /// The number of acquisitions alive; NULL: unknown.
    pub exports: Option<unsafe extern "C" fn(self_: *const mv_object) -> usize>,
    /// Bits of `MV_TYPE_LEASES`: what this kind can do beyond CPython's protocol.
    pub features: u64,
}

/// The protocol for callers that have a `void *self`: the object around it is allocated and counted by memview.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mv_exporter {
    /// `sizeof(mv_exporter)` of the caller.
    pub size: usize,
    /// The name of the kind, for messages; a text that outlives the object. NULL: "custom".
    pub name: *const c_char,
    /// As `mv_type.acquire`; required.
    pub acquire: Option<
        unsafe extern "C" fn(
            self_: *mut c_void,
            request: *const mv_request,
            out: *mut mv_buffer,
            error: *mut mv_error,
        ) -> Code,
    >,
    /// As `mv_type.release`; may be NULL.
    pub release: Option<unsafe extern "C" fn(self_: *mut c_void, buffer: *mut mv_buffer)>,
    /// Called once, when the last reference and the last acquisition are gone; may be NULL.
    pub free: Option<unsafe extern "C" fn(self_: *mut c_void)>,
}

/// Gives memory back to its owner: called exactly once, from whichever thread drops the last holder.
pub type mv_free_fn = Option<unsafe extern "C" fn(context: *mut c_void, data: *mut c_void)>;

/// The version of the protocol that this header describes.
pub const MV_ABI: u32 = 1;

/// `mv_type.features`: the exporter understands `MV_EXCLUSIVE` and `MV_IMMUTABLE`. A type without this bit is never
/// asked for a lease; such a request is refused with `MV_E_BUFFER`.
pub const MV_TYPE_LEASES: u64 = 1;
