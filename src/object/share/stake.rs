//! The stake of a view that is being made.

use super::{
    Block, Share,
    acquisition::Acquisition,
    discard,
    stakes::{LIMIT, Stakes},
};
use crate::error::Error;

/// A stake in the acquisition of a view, for another one; given back where that does not come about.
pub(super) struct Stake<'a> {
    pub(super) parent: &'a Share,
}

/// Why there is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refused {
    /// There are too many views.
    Full,
    /// The parent is released.
    Released,
    /// The memory was taken back.
    Revoked,
}

impl From<Refused> for Error {
    #[cold]
    fn from(refused: Refused) -> Error {
        match refused {
            Refused::Full => {
                Error::CountLimit { what: "views of an acquisition", limit: LIMIT.cast_signed() }
            }
            Refused::Released => Error::Released,
            Refused::Revoked => Error::Revoked,
        }
    }
}

impl<'a> Stake<'a> {
    /// Takes a stake. The parent is not pinned for it: once the stake is there, the parent may be released as well.
    ///
    /// A parent whose acquisition calls out where it ends is pinned by the caller, so that its release and not the end of a stake
    /// that comes to nothing is the last: it reports how that went.
    #[inline]
    pub(super) fn take(parent: &'a Share) -> Result<Stake<'a>, Refused> {
        let Block { acquisition, count, .. } = parent.block();
        // SAFETY: its memory lives as long as the parent's block, whether or not the acquisition has ended.
        unsafe { acquisition.as_ref() }.stakes.add()?;
        let stake = Stake { parent };
        if count.is_closed() {
            return Err(Refused::Released);
        }
        // The stake holds the acquisition, and so the object at the bottom, as a pin does.
        if parent.is_revoked() { Err(Refused::Revoked) } else { Ok(stake) }
    }
}

impl Drop for Stake<'_> {
    #[cold]
    fn drop(&mut self) {
        // SAFETY: the stake is given back; a parent that others released meanwhile may leave the acquisition's end to it, but its
        // block is there.
        unsafe {
            let (_, home) = Acquisition::leave(self.parent.block().acquisition, Stakes::end_view);
            discard(home);
        }
    }
}
