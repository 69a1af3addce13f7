//! Who owns memory: the protocol, the counting, the built-in exporters, leases and revocation.
//!
//! [`Object`] is a handle of anything that exports, built in or foreign. Whoever holds a grant of an object holds
//! its memory in place; [`share::Share`] is the stake of one view in one acquisition.

pub mod alike;
pub mod array;
pub mod base;
pub mod buffer;
pub mod bytearray;
pub mod bytes;
pub mod convert;
pub mod count;
pub mod custom;
pub mod described;
pub mod description;
pub mod equal;
pub mod flags;
pub mod foreign;
pub mod format;
pub mod grant;
pub mod holders;
pub mod kinds;
pub mod members;
pub mod memory;
pub mod part;
pub mod plain;
pub mod protocol;
pub mod request;
pub mod share;
pub mod show;
pub mod sync;

#[cfg(all(test, loom))]
#[path = "tests/models/mod.rs"]
mod models;
#[cfg(all(test, not(loom)))]
mod tests;

use core::{
    ffi::c_char,
    fmt::{self, Write as _},
    mem::ManuallyDrop,
    ptr::NonNull,
};

use crate::error::{Error, Result, mv_error, mv_status};
use kinds::Ours;
use protocol::{mv_object, mv_type};

pub use request::Request;

/// A status as it crosses the boundary: one of `mv_status`, or a foreign exporter's own number.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Code(pub i32);

/// Why a format is no exporter, although its handle begins as an object's does.
pub(crate) const FORMAT: &str = "a format has no memory";

/// One handle of an exporter, built in or foreign.
#[repr(transparent)]
pub struct Object(NonNull<mv_object>);

// SAFETY: the protocol's functions may be called from any thread.
unsafe impl Send for Object {}
// SAFETY: as above; every operation on a handle is synchronised by the exporter.
unsafe impl Sync for Object {}

impl Object {
    /// Takes over one handle; `None` for NULL or an object without a type.
    ///
    /// # Safety
    /// NULL, or a live object of which the caller gives one handle away.
    pub unsafe fn from_raw(object: *mut mv_object) -> Option<Object> {
        let object = NonNull::new(object)?;
        // SAFETY: the object is alive.
        if unsafe { object.as_ref() }.r#type.is_null() { None } else { Some(Object(object)) }
    }

    /// A handle that is somebody else's: it is not dropped here.
    ///
    /// # Safety
    /// The object is alive, has a type, and stays alive while the result is used.
    #[must_use]
    pub unsafe fn borrow(object: NonNull<mv_object>) -> ManuallyDrop<Object> {
        ManuallyDrop::new(Object(object))
    }

    /// Gives the handle away.
    #[must_use]
    pub fn into_raw(self) -> *mut mv_object {
        ManuallyDrop::new(self).0.as_ptr()
    }

    /// The object, borrowed.
    #[must_use]
    pub fn as_raw(&self) -> NonNull<mv_object> {
        self.0
    }

    /// A new built-in object with its first handle.
    ///
    /// # Safety
    /// It begins with a `Base` whose one handle the caller gives away.
    unsafe fn of<T>(object: NonNull<T>) -> Object {
        Object(object.cast())
    }

    fn table(&self) -> &mv_type {
        // SAFETY: the object is alive and its table is constant.
        unsafe { &*self.0.as_ref().r#type }
    }

    /// The name of its kind.
    #[must_use]
    pub fn type_name(&self) -> *const c_char {
        if let Some((kinds::Kind::Custom, Ours::Base(base))) = self.ours() {
            // SAFETY: the kind is checked.
            return unsafe { custom::name_of(base) }.as_ptr();
        }
        let name = self.table().name;
        if name.is_null() { c"unnamed".as_ptr() } else { name }
    }

    /// The acquisitions alive, as far as its kind tells.
    #[must_use]
    pub fn exports(&self) -> usize {
        // SAFETY: the protocol's function, called on a live object of its type.
        self.table().exports.map_or(0, |exports| unsafe { exports(self.0.as_ptr()) })
    }

    fn ours(&self) -> Option<(kinds::Kind, Ours)> {
        // SAFETY: the object is alive.
        unsafe { kinds::ours(self.0) }
    }

    fn base(&self, operation: &'static str) -> Result<&base::Base> {
        match self.ours() {
            // SAFETY: the base lives as long as the handle.
            Some((_, Ours::Base(base))) => Ok(unsafe { base.as_ref() }),
            Some((_, Ours::View)) => Err(Error::Unsupported { operation, reason: "a view is not the owner" }),
            Some((_, Ours::Format)) => Err(Error::Unsupported { operation, reason: FORMAT }),
            None => {
                Err(Error::Unsupported { operation, reason: "the object is not of this copy of memview" })
            }
        }
    }

    /// Writes the labels of the holders.
    pub fn write_holders(&self, to: &mut dyn fmt::Write) -> Result<()> {
        self.base("naming the holders")?.holders.write("", to);
        Ok(())
    }

    /// Takes the memory back.
    pub fn revoke(&self) -> Result<()> {
        if let Some((kinds::Kind::Bytes, _)) = self.ours() {
            return Err(Error::Unsupported { operation: "revoke", reason: "bytes never change" });
        }
        self.base("revoke")?.revoke()
    }

    /// The object as one of a built-in kind.
    ///
    /// # Safety
    /// `T` is the struct of that kind.
    unsafe fn downcast<T>(&self, kind: kinds::Kind, expected: &'static str) -> Result<NonNull<T>> {
        match self.ours() {
            Some((found, Ours::Base(base))) if found == kind => Ok(base.cast()),
            _ => Err(Error::Kind { expected }),
        }
    }
}

impl Clone for Object {
    fn clone(&self) -> Self {
        if let Some(reference) = self.table().r#ref {
            // SAFETY: the protocol's function, called on a live object of its type.
            unsafe { reference(self.0.as_ptr()) }
        }
        Object(self.0)
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        if let Some(unreference) = self.table().unref {
            // SAFETY: the protocol's function, called on a live object of its type; the handle is ours to drop.
            unsafe { unreference(self.0.as_ptr()) }
        }
    }
}

/// Fills the caller's error, where there is one, and gives the status.
///
/// # Safety
/// `error` is NULL or points to an `mv_error` of the caller's.
pub unsafe fn report(cause: &Error, error: *mut mv_error) -> Code {
    let detail = cause.detail();
    // SAFETY: as the caller promises.
    unsafe { report_detail(detail, cause, error) };
    Code(detail.status)
}

#[cold]
unsafe fn report_detail(detail: crate::error::Detail, cause: &Error, error: *mut mv_error) {
    if error.is_null() {
        return;
    }
    let mut filled = mv_error {
        status: detail.status,
        dim: detail.dim,
        position: detail.position,
        value: detail.value,
        limit: detail.limit,
        message: [0; 480],
    };
    // A message that does not fit is cut: writing it cannot fail otherwise.
    let _ = write!(Message { text: &mut filled.message, length: 0 }, "{cause}");
    // SAFETY: `error` points to an `mv_error` of the caller's.
    unsafe { error.write(filled) }
}

/// A message in an `mv_error`, cut at the boundary of a character, always terminated.
struct Message<'a> {
    text: &'a mut [c_char; 480],
    length: usize,
}

impl fmt::Write for Message<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        let Some([space @ .., _]) = self.text.get_mut(self.length..) else { return Ok(()) };
        let mut fits = piece.len().min(space.len());
        while !piece.is_char_boundary(fits) {
            fits = fits.saturating_sub(1);
        }
        for (to, from) in space.iter_mut().zip(piece.as_bytes().get(..fits).unwrap_or_default()) {
            *to = c_char::from_ne_bytes([*from]);
        }
        // What follows a cut is cut too.
        self.length = if fits < piece.len() { self.text.len() } else { self.length.saturating_add(fits) };
        Ok(())
    }
}

/// The text of an error that came from a foreign exporter.
fn foreign_error(status: i32, given: &mv_error, name: &str) -> Error {
    let filled = given.message.first().is_some_and(|first| *first != 0);
    let text = crate::alloc::Text::write(|text| {
        if filled {
            let bytes = given.message.iter().map(|byte| byte.to_ne_bytes()[0]).take_while(|byte| *byte != 0);
            write_utf8(bytes, text);
        } else {
            let _ = write!(text, "the exporter '{name}' refused with status {status}");
        }
    });
    if filled {
        let mv_error { dim, position, value, limit, .. } = *given;
        Error::Foreign { status, dim, position, value, limit, text }
    } else {
        Error::Foreign { status, dim: -1, position: -1, value: 0, limit: 0, text }
    }
}

fn write_utf8(bytes: impl Iterator<Item = u8>, to: &mut dyn fmt::Write) {
    let mut buffer = [0u8; 480];
    let mut length = 0usize;
    for (space, byte) in buffer.iter_mut().zip(bytes) {
        *space = byte;
        length = length.saturating_add(1);
    }
    let given = buffer.get(..length).unwrap_or(&[]);
    for chunk in given.utf8_chunks() {
        let _ = to.write_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            let _ = to.write_char('?');
        }
    }
}

/// Whether a status is success.
#[must_use]
pub fn succeeded(code: Code) -> bool {
    code.0 == mv_status::MV_OK as i32
}
