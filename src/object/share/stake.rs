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
pub(super) enum Refused {
    Full,
    Released,
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
    #[inline]
    pub(super) fn take(parent: &'a Share) -> Result<Stake<'a>, Refused> {
        let Block { acquisition, count, .. } = parent.block();
        // SAFETY: its memory lives as long as the parent's block, whether or not the acquisition has ended.
        if !unsafe { acquisition.as_ref() }.stakes.add() {
            return Err(Refused::Full);
        }
        let stake = Stake { parent };
        if count.is_closed() && !cfg!(memview_fault = "released_parent_is_not_seen") {
            return Err(Refused::Released);
        }
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
