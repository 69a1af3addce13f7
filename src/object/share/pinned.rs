//! Holding a view for one operation, so that a release from another thread or from a callback finds it in use.

use core::ffi::CStr;

use super::Share;
use crate::{
    error::{Error, Result},
    kernel::Memory,
    layout::Layout,
    object::count::{Fate, LIMIT, Refusal},
};

impl Share {
    /// Holds the view for an operation that looks at its geometry.
    #[inline]
    pub fn pin(&self) -> Result<Pinned<'_>> {
        let listed = self.block().count.pin().map_err(refused)?;
        let pinned = Pinned { share: self, listed };
        if self.is_revoked() { Err(Error::Revoked) } else { Ok(pinned) }
    }

    /// Holds the view for an operation that touches its memory: from here on a revoke waits for it to end.
    #[inline]
    pub fn access(&self) -> Result<Access<'_>> {
        let pinned = Pinned { share: self, listed: self.block().count.pin().map_err(refused)? };
        if !pinned.listed && !self.block().base.is_null() {
            self.list();
        }
        // Looked at after the pin can be seen: either this operation sees the revoke, or the revoke sees the pin.
        if self.is_revoked() { Err(Error::Revoked) } else { Ok(Access(pinned)) }
    }

    /// The same where nothing is left to be done first, as for every operation but a view's first one; `None` where
    /// [`Share::access`] has more to say.
    #[inline]
    #[must_use]
    pub fn access_quickly(&self) -> Option<Access<'_>> {
        let pinned = Pinned { share: self, listed: self.block().count.pin().ok()? };
        let is_ready = pinned.listed || self.block().base.is_null();
        (is_ready && !self.is_revoked()).then_some(Access(pinned))
    }
}

/// The error of a refused pin or export.
#[cold]
pub(super) fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Full => Error::CountLimit { what: "exports of a view", limit: LIMIT.cast_signed() },
        _ => Error::Released,
    }
}

/// A view held for one operation: its geometry may be looked at.
pub struct Pinned<'a> {
    pub(super) share: &'a Share,
    listed: bool,
}

impl Pinned<'_> {
    /// Where the items lie.
    #[inline]
    #[must_use]
    pub fn layout(&self) -> Layout<'_> {
        // SAFETY: the arrays live in the block and never change.
        unsafe { self.share.block().described.layout() }
    }

    /// The format's text.
    #[must_use]
    pub fn format(&self) -> &CStr {
        // SAFETY: the text outlives the acquisition.
        unsafe { crate::object::request::text_or_byte(self.share.block().described.buffer.format) }
    }

    /// Whether items must not be written.
    #[must_use]
    pub fn is_readonly(&self) -> bool {
        self.share.block().described.buffer.readonly != 0
    }

    /// Whether the memory is indirect, so that taking a part may load a pointer.
    #[must_use]
    pub fn is_indirect(&self) -> bool {
        !self.share.block().described.buffer.suboffsets.is_null()
    }

    /// The memory of all items.
    ///
    /// # Safety
    /// No item is touched, and no pointer loaded but by who has access.
    #[inline]
    pub(super) unsafe fn memory(&self) -> Memory<'_> {
        // SAFETY: the pin holds the acquisition, and that the memory in place.
        unsafe { self.share.block().described.memory() }
    }
}

impl Drop for Pinned<'_> {
    #[inline]
    fn drop(&mut self) {
        let fate = self.share.block().count.unpin();
        // The handle that this pin was made through still counts, unless a callback dropped it meanwhile.
        if fate == Fate::Free {
            // SAFETY: nobody else holds the view.
            unsafe { Share::settle(self.share.0, fate) }
        }
    }
}

/// A view held for one operation that touches its memory.
pub struct Access<'a>(pub(super) Pinned<'a>);

impl<'a> core::ops::Deref for Access<'a> {
    type Target = Pinned<'a>;
    #[inline]
    fn deref(&self) -> &Pinned<'a> {
        &self.0
    }
}

impl Access<'_> {
    /// The memory of all items.
    #[inline]
    #[must_use]
    pub fn memory(&self) -> Memory<'_> {
        // SAFETY: this is the access.
        unsafe { self.0.memory() }
    }
}
