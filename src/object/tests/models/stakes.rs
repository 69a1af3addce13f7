//! The stakes in an acquisition: it ends once, its memory goes once, and nobody touches that afterwards.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use super::{ALL, FREED, Memory, explore, part, together};
use crate::object::{
    share::{
        stake::Refused,
        stakes::{Left, Stakes},
    },
    sync::SeqCst,
};

/// What the word is where its memory has been freed: others write there what they like.
const OTHERS: u64 = 0x5555_5555_0000_0001;

/// An acquisition, reduced to its stakes.
struct Acquisition {
    stakes: Stakes,
    /// What views read until it ends.
    items: Memory,
    ended: AtomicUsize,
    freed: AtomicUsize,
}

impl Acquisition {
    /// With so many views.
    fn new(views: usize) -> Arc<Self> {
        let (ended, freed) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let this = Acquisition { stakes: Stakes::of_one(), items: Memory::new(), ended, freed };
        (1..views).for_each(|_| this.stakes.add().unwrap());
        Arc::new(this)
    }

    fn settle(&self, mut left: Left) {
        if left == Left::Acquisition {
            self.items.write(FREED);
            self.ended.fetch_add(1, Relaxed);
            left = self.stakes.ended();
        }
        if left == Left::Block {
            self.freed.fetch_add(1, Relaxed);
            self.stakes.word().store(OTHERS, SeqCst);
        }
    }

    /// The last handle of a view that is not released goes.
    fn drop_view(&self) {
        self.items.read();
        self.settle(self.stakes.end_view());
    }

    /// Releases a view, and drops it.
    fn release_and_drop(&self) {
        self.release();
        self.drop_released();
    }

    fn release(&self) {
        self.items.read();
        self.settle(self.stakes.end_share());
    }

    fn drop_released(&self) {
        self.settle(self.stakes.end_block());
    }

    /// Asks a released view for another one, and drops it.
    fn ask_and_drop(&self) {
        match self.stakes.add() {
            // The mark of the release is seen, and the stake comes to nothing.
            Ok(()) => self.settle(self.stakes.end_view()),
            Err(refused) => assert_eq!(refused, Refused::Released),
        }
        self.drop_released();
    }
}

/// Runs the parts, which end all stakes; before that each of the views in front is released.
fn all_end<const N: usize>(released: usize, parts: [fn(&Acquisition); N]) {
    let acquisition = Acquisition::new(N);
    (0..released).for_each(|_| acquisition.release());
    together(parts.map(|work| {
        let acquisition = acquisition.clone();
        part(move || work(&acquisition))
    }));
    assert_eq!(acquisition.ended.load(Relaxed), 1, "times ended");
    assert_eq!(acquisition.freed.load(Relaxed), 1, "times freed");
    assert_eq!(acquisition.stakes.word().load(SeqCst), OTHERS, "touched after it was freed");
}

#[test]
fn views_that_are_released_or_dropped_end_it_once() {
    explore(ALL, || all_end(0, [Acquisition::drop_view, Acquisition::drop_view]));
    explore(ALL, || all_end(0, [Acquisition::release_and_drop, Acquisition::drop_view]));
    explore(3, || {
        all_end(0, [Acquisition::release_and_drop, Acquisition::release_and_drop, Acquisition::drop_view])
    });
}

#[test]
fn the_last_view_ends_beside_the_block_of_a_released_one() {
    explore(ALL, || all_end(1, [Acquisition::drop_released, Acquisition::drop_view]));
    explore(ALL, || all_end(1, [Acquisition::drop_released, Acquisition::release_and_drop]));
    explore(3, || {
        all_end(2, [Acquisition::drop_released, Acquisition::drop_released, Acquisition::drop_view])
    });
}

#[test]
fn a_view_is_added_while_the_last_one_ends() {
    explore(ALL, || all_end(1, [Acquisition::ask_and_drop, Acquisition::drop_view]));
    explore(ALL, || all_end(1, [Acquisition::ask_and_drop, Acquisition::release_and_drop]));
    explore(2, || all_end(2, [Acquisition::ask_and_drop, Acquisition::ask_and_drop, Acquisition::drop_view]));
}
