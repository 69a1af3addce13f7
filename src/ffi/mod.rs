//! The C ABI: one file per section of the header. Check, call, translate: no loop and no arithmetic lives here.
//!
//! Every function checks every pointer before anything else happens. What `# Safety` would say stands once, at the
//! top of the header: pointers are NULL or valid for the call, handles are alive, texts are terminated.

#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod arguments;
mod scalar;
mod value;

pub mod buffer;
pub mod bulk;
pub mod compare;
pub mod format;
pub mod geometry;
pub mod item;
pub mod object;
pub mod status;
pub mod view;
pub mod walk;

pub use buffer::*;
pub use bulk::*;
pub use compare::*;
pub use format::*;
pub use geometry::*;
pub use item::*;
pub use object::*;
pub use status::*;
pub use view::*;
pub use walk::*;

pub use crate::object::Code;

use core::{
    ffi::CStr,
    mem::ManuallyDrop,
    ptr::{self, NonNull},
};

use crate::{
    alloc::Quick,
    error::{Error, Result, mv_error},
    object::{
        Object,
        format::Format,
        protocol::{mv_buffer, mv_object},
        report,
    },
    view::View,
};
use arguments::{
    TextOut, array, at, data, format_at, fresh, limited, object_at, shape_or_none, text_at, view_at,
};

/// A view, as C sees it: opaque.
#[allow(non_camel_case_types)]
#[repr(C)]
pub struct mv_view {
    head: mv_object,
}

/// A parsed format, as C sees it: opaque.
#[allow(non_camel_case_types)]
#[repr(C)]
pub struct mv_format {
    head: mv_object,
}

const VERSION_TEXT: &CStr = {
    match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(text) => text,
        Err(_) => c"",
    }
};

/// Runs a function that answers with a status alone.
///
/// # Safety
/// `error` is NULL or the caller's.
#[inline]
unsafe fn run(error: *mut mv_error, work: impl FnOnce() -> Result<()>) -> Code {
    match work() {
        Ok(()) => Code(0),
        // SAFETY: as the caller promises.
        Err(cause) => unsafe { fail(cause, error) },
    }
}

/// Reports an error, out of the way of what succeeds.
#[cold]
#[inline(never)]
#[allow(clippy::needless_pass_by_value)] // it ends here
unsafe fn fail(cause: Error, error: *mut mv_error) -> Code {
    // SAFETY: as the caller promises.
    unsafe { report(&cause, error) }
}

/// A handle that goes out to C.
trait Handle {
    type Raw;
    fn into_raw(self) -> *mut Self::Raw;
}

impl Handle for Object {
    type Raw = mv_object;
    fn into_raw(self) -> *mut mv_object {
        Object::into_raw(self)
    }
}

impl Handle for Format {
    type Raw = mv_format;
    fn into_raw(self) -> *mut mv_format {
        Format::into_raw(self).as_ptr().cast()
    }
}

impl Handle for View {
    type Raw = mv_view;
    fn into_raw(self) -> *mut mv_view {
        self.into_share().into_raw().as_ptr().cast()
    }
}

/// Runs a function that makes a handle: `*out` is NULL after a failure.
///
/// # Safety
/// `out` is NULL or the caller's, and so is `error`.
#[inline]
unsafe fn make<H: Handle>(
    out: *mut *mut H::Raw,
    number: i32,
    error: *mut mv_error,
    work: impl FnOnce() -> Result<H>,
) -> Code {
    // SAFETY: as the caller promises.
    unsafe {
        run(error, || {
            let out = NonNull::new(out).ok_or(Error::Null { argument: "out", number })?;
            out.write(ptr::null_mut());
            out.write(work()?.into_raw());
            Ok(())
        })
    }
}

/// The same of a function that makes it the quick way or not at all: `None`, and nothing has happened, where [`make`] has more to say.
///
/// # Safety
/// As for [`make`].
#[inline]
unsafe fn make_quickly<H: Handle>(
    out: *mut *mut H::Raw,
    error: *mut mv_error,
    work: impl FnOnce() -> Quick<H>,
) -> Option<Code> {
    let out = NonNull::new(out)?;
    // SAFETY: as the caller promises.
    unsafe {
        match work()? {
            Ok(made) => out.write(made.into_raw()),
            Err(cause) => {
                out.write(ptr::null_mut());
                return Some(fail(cause.into(), error));
            }
        }
    }
    Some(Code(0))
}

/// Runs a function that fills a buffer: `*out` is all zero after a failure.
///
/// # Safety
/// `out` is NULL or the caller's, and so is `error`.
#[inline]
unsafe fn place(
    out: *mut mv_buffer,
    number: i32,
    error: *mut mv_error,
    work: impl FnOnce() -> Result<mv_buffer>,
) -> Code {
    // SAFETY: as the caller promises.
    unsafe {
        run(error, || {
            let out = NonNull::new(out).ok_or(Error::Null { argument: "out", number })?;
            match work() {
                Ok(buffer) => out.write(buffer),
                Err(cause) => {
                    out.write(crate::object::foreign::ZEROED);
                    return Err(cause);
                }
            }
            Ok(())
        })
    }
}

/// Drops a handle of a view of this copy; anything else is left alone.
///
/// # Safety
/// NULL, or a live object of which the caller gives one handle away.
unsafe fn drop_view(view: *mut mv_view) {
    // SAFETY: as the caller promises.
    unsafe {
        if let Ok(view) = view_at(view, "view", 1) {
            drop(ManuallyDrop::into_inner(view));
        }
    }
}
