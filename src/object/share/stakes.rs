//! Who has a stake in an acquisition, in one word: its views that are not released, and the blocks of views, released or not.
//!
//! The acquisition ends with the last view that is not released. The block that it lives behind stays until it has ended and
//! no block of a view is left: whoever has a handle may ask, and add a view, without holding anything else first. One atomic
//! operation makes a view, and one ends it; none does where nobody else has a stake.

use crate::object::sync::{AcqRel, Acquire, AtomicU64, Relaxed};

/// A view that is not released.
const SHARE: u64 = 1;
const SHARES: u64 = (1 << 31) - 1;
/// The block of a view.
const BLOCK: u64 = 1 << 31;
const BLOCKS: u64 = SHARES << 31;
/// Somebody ends the acquisition, or has ended it.
const ENDING: u64 = 1 << 62;
/// It has not ended.
const ALIVE: u64 = 1 << 63;
/// One view, which is not released, is all there is.
const SOLE: u64 = ALIVE | BLOCK | SHARE;

/// The most views of one acquisition.
pub(super) const LIMIT: u64 = 1 << 30;

/// The stakes in one acquisition.
pub(super) struct Stakes(AtomicU64);

/// What a stake that is gone leaves to its owner.
#[must_use]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Left {
    /// Others have stakes.
    Others,
    /// The acquisition is to be ended, and [`Stakes::ended`] told.
    Acquisition,
    /// The block that the acquisition lived behind is to be freed.
    Block,
}

impl Stakes {
    /// Those of the first view.
    pub(super) fn of_one() -> Stakes {
        Stakes(AtomicU64::new(SOLE))
    }

    /// Adds a view; `false`, and nothing has happened, where there are too many.
    ///
    /// The caller has a handle of a view of the acquisition, and afterwards sees that this view is not released: it gave its
    /// share back after it was marked as released, so that the mark is seen wherever the acquisition may have ended.
    #[inline]
    pub(super) fn add(&self) -> bool {
        let fits = self.0.load(Relaxed) & BLOCKS < LIMIT.wrapping_mul(BLOCK);
        if fits {
            self.0.fetch_add(SHARE | BLOCK, AcqRel);
        }
        fits
    }

    /// Ends a view that was not released, with its block.
    #[inline]
    pub(super) fn end_view(&self) -> Left {
        if self.0.load(Acquire) == SOLE {
            return Left::Acquisition;
        }
        self.end(SHARE | BLOCK)
    }

    /// Releases a view; its block stays.
    pub(super) fn end_share(&self) -> Left {
        self.end(SHARE)
    }

    /// Ends the block of a view that was released before.
    #[inline]
    pub(super) fn end_block(&self) -> Left {
        if self.0.load(Acquire) == ENDING | BLOCK { Left::Block } else { self.end(BLOCK) }
    }

    /// The acquisition, which was the caller's to end, has ended.
    #[inline]
    pub(super) fn ended(&self) -> Left {
        // Where the word alone said so, it still says it.
        if self.0.load(Relaxed) == SOLE { Left::Block } else { self.end(ALIVE) }
    }

    fn end(&self, stakes: u64) -> Left {
        let left = self.0.fetch_sub(stakes, AcqRel).wrapping_sub(stakes);
        if left & !ENDING == 0 {
            return Left::Block;
        }
        // More than one may find no share left, where a view was added to what had ended and taken back; one of them is first.
        let ends = left & SHARES == 0 && left & ENDING == 0 && left & ALIVE != 0;
        if ends && self.0.fetch_or(ENDING, AcqRel) & ENDING == 0 { Left::Acquisition } else { Left::Others }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::{ALIVE, AtomicU64, BLOCK, LIMIT, Left, SHARE, Stakes};

    #[test]
    fn the_last_view_ends_the_acquisition_and_frees_its_block() {
        let stakes = Stakes::of_one();
        assert!(stakes.add());
        assert_eq!(stakes.end_view(), Left::Others);
        assert_eq!(stakes.end_view(), Left::Acquisition);
        assert_eq!(stakes.ended(), Left::Block);
    }

    #[test]
    fn a_released_view_keeps_the_block() {
        let stakes = Stakes::of_one();
        assert!(stakes.add());
        assert_eq!(stakes.end_share(), Left::Others);
        assert_eq!(stakes.end_share(), Left::Acquisition);
        assert_eq!(stakes.end_block(), Left::Others);
        assert_eq!(stakes.ended(), Left::Others);
        assert_eq!(stakes.end_block(), Left::Block);
    }

    #[test]
    fn what_has_ended_ends_no_second_time() {
        let stakes = Stakes::of_one();
        assert_eq!(stakes.end_share(), Left::Acquisition);
        assert!(stakes.add() && stakes.add());
        assert_eq!(stakes.end_view(), Left::Others);
        assert_eq!(stakes.ended(), Left::Others);
        assert_eq!(stakes.end_view(), Left::Others);
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
        assert!(stakes.add());
        assert!(!stakes.add());
        assert_eq!(stakes.end_view(), Left::Others);
        assert!(stakes.add());
    }
}
