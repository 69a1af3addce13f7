//! Who has a stake in an acquisition, in one word: its views that are not released, and the blocks of views, released or not.
//!
//! The acquisition ends with the last view that is not released, and by whoever ends that: no view is added where there is none
//! left. The block that it lives behind stays until it has ended and no block of a view is left: whoever has a handle may ask
//! for another view without holding anything else first. One atomic operation makes a view, and one ends it; none does where
//! nobody else has a stake.

use super::stake::Refused;
use crate::object::sync::{AcqRel, Acquire, AtomicU64, Relaxed, fault};

/// A view that is not released.
const SHARE: u64 = 1;
const SHARES: u64 = (1 << 31) - 1;
/// The block of a view.
const BLOCK: u64 = 1 << 31;
const BLOCKS: u64 = SHARES << 31;
/// It has not ended.
const ALIVE: u64 = 1 << 63;
/// One view, which is not released, is all there is.
const SOLE: u64 = ALIVE | BLOCK | SHARE;

/// The most views of one acquisition.
pub const LIMIT: u64 = 1 << 30;

/// The stakes in one acquisition.
pub struct Stakes(AtomicU64);

/// What a stake that is gone leaves to its owner.
#[must_use]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Left {
    /// Others have stakes.
    Others,
    /// The acquisition is to be ended, and [`Stakes::ended`] told.
    Acquisition,
    /// The block that the acquisition lived behind is to be freed.
    Block,
}

impl Stakes {
    /// Those of the first view.
    pub fn of_one() -> Stakes {
        Stakes(AtomicU64::new(SOLE))
    }

    /// Adds a view, unless the last one has been released or there are too many; the caller has a handle of one of them.
    #[inline]
    pub fn add(&self) -> Result<(), Refused> {
        let mut stakes = self.0.load(Relaxed);
        loop {
            if stakes & SHARES == 0 && !fault("view_is_added_to_none") {
                return Err(Refused::Released);
            }
            if stakes & BLOCKS >= LIMIT.wrapping_mul(BLOCK) {
                return Err(Refused::Full);
            }
            let more = stakes.wrapping_add(SHARE | BLOCK);
            match self.0.compare_exchange_weak(stakes, more, AcqRel, Relaxed) {
                Ok(_) => return Ok(()),
                Err(changed) => stakes = changed,
            }
        }
    }

    /// Ends a view that was not released, with its block.
    #[inline]
    pub fn end_view(&self) -> Left {
        if self.0.load(Acquire) == SOLE {
            return Left::Acquisition;
        }
        self.end(SHARE | BLOCK)
    }

    /// Releases a view; its block stays.
    pub fn end_share(&self) -> Left {
        self.end(SHARE)
    }

    /// Ends the block of a view that was released before.
    #[inline]
    pub fn end_block(&self) -> Left {
        if self.0.load(Acquire) == BLOCK { Left::Block } else { self.end(BLOCK) }
    }

    /// The acquisition, which was the caller's to end, has ended.
    #[inline]
    pub fn ended(&self) -> Left {
        // Where the word alone said so, it still says it.
        if self.0.load(Relaxed) == SOLE { Left::Block } else { self.end(ALIVE) }
    }

    /// Nothing is touched after the one operation: where it was not the last share, others may free the word at once.
    fn end(&self, stakes: u64) -> Left {
        let left = self.0.fetch_sub(stakes, AcqRel).wrapping_sub(stakes);
        if left == 0 {
            Left::Block
        } else if stakes & SHARES != 0 && left & SHARES == 0 {
            Left::Acquisition
        } else {
            Left::Others
        }
    }

    /// The word, for a model to see whether it is touched.
    #[cfg(all(test, loom))]
    pub fn word(&self) -> &AtomicU64 {
        &self.0
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::{ALIVE, AtomicU64, BLOCK, LIMIT, Left, Refused, SHARE, Stakes};

    #[test]
    fn the_last_view_ends_the_acquisition_and_frees_its_block() {
        let stakes = Stakes::of_one();
        stakes.add().unwrap();
        assert_eq!(stakes.end_view(), Left::Others);
        assert_eq!(stakes.end_view(), Left::Acquisition);
        assert_eq!(stakes.ended(), Left::Block);
    }

    #[test]
    fn a_released_view_keeps_the_block() {
        let stakes = Stakes::of_one();
        stakes.add().unwrap();
        assert_eq!(stakes.end_share(), Left::Others);
        assert_eq!(stakes.end_share(), Left::Acquisition);
        assert_eq!(stakes.end_block(), Left::Others);
        assert_eq!(stakes.ended(), Left::Others);
        assert_eq!(stakes.end_block(), Left::Block);
    }

    #[test]
    fn no_view_is_added_where_there_is_none() {
        let stakes = Stakes::of_one();
        assert_eq!(stakes.end_share(), Left::Acquisition);
        assert_eq!(stakes.add(), Err(Refused::Released));
        assert_eq!(stakes.ended(), Left::Others);
        assert_eq!(stakes.add(), Err(Refused::Released));
        assert_eq!(stakes.end_block(), Left::Block);
    }

    #[test]
    fn a_callback_may_drop_the_view_that_is_being_released() {
        let stakes = Stakes::of_one();
        assert_eq!(stakes.end_share(), Left::Acquisition);
        assert_eq!(stakes.end_block(), Left::Others);
        assert_eq!(stakes.ended(), Left::Block);
    }

    #[test]
    fn there_are_no_more_than_so_many() {
        let stakes = Stakes(AtomicU64::new(ALIVE | ((LIMIT - 1) * BLOCK) | SHARE));
        stakes.add().unwrap();
        assert_eq!(stakes.add(), Err(Refused::Full));
        assert_eq!(stakes.end_view(), Left::Others);
        stakes.add().unwrap();
    }
}
