//! Loops over blocks: dimensions that want to be near each other are walked in pieces that the caches hold.

use super::plan::{Dim, Step};

/// The most dimensions that are walked in blocks.
pub(super) const MOST_BLOCKED: usize = 4;

/// What is done with the innermost dimensions.
pub(super) trait Leaf {
    /// Copies the items of these dimensions, as many as the leaf asked for, or looks at them.
    ///
    /// # Safety
    /// Each side has an item at every position; where it writes, none in common.
    unsafe fn run(&self, dims: &[Dim], to: *mut u8, from: *mut u8);

    /// Whether nothing more is wanted.
    #[inline]
    fn is_done(&self) -> bool {
        false
    }
}

/// The blocked dimensions: some to be looped over within a block, then those of the leaf.
#[derive(Clone, Copy)]
pub(super) struct Blocks {
    /// Outermost first. While a block is walked, `now` has its extents.
    dims: [Dim; MOST_BLOCKED],
    sizes: [isize; MOST_BLOCKED],
    count: usize,
    /// How many of them the leaf takes.
    leaf: usize,
}

impl Blocks {
    /// No dimensions yet; the leaf will take the last `leaf`.
    pub(super) fn new(leaf: usize) -> Blocks {
        let none = Dim { extent: 1, to: Step::NONE, from: Step::NONE };
        Blocks { dims: [none; MOST_BLOCKED], sizes: [1; MOST_BLOCKED], count: 0, leaf }
    }

    /// A further dimension inside of the others, in pieces of at most `size`; at most [`MOST_BLOCKED`].
    pub(super) fn push(&mut self, dim: Dim, size: isize) {
        if let (Some(to), Some(place)) = (self.dims.get_mut(self.count), self.sizes.get_mut(self.count)) {
            *to = dim;
            *place = size.max(1);
            self.count = self.count.saturating_add(1);
        }
    }

    /// Walks the outer dimensions item by item, and inside of them the blocks.
    ///
    /// # Safety
    /// Each side has an item at every position, and none in common; all dimensions are direct.
    pub(super) unsafe fn walk(&self, outer: &[Dim], leaf: &impl Leaf, mut to: *mut u8, mut from: *mut u8) {
        // SAFETY: every position is within its extent.
        unsafe {
            let Some((dim, rest)) = outer.split_first() else { return self.block(leaf, to, from) };
            for _ in 0..dim.extent {
                if leaf.is_done() {
                    return;
                }
                self.walk(rest, leaf, to, from);
                to = to.wrapping_offset(dim.to.stride);
                from = from.wrapping_offset(dim.from.stride);
            }
        }
    }

    /// # Safety
    /// As for [`Blocks::walk`].
    unsafe fn block(&self, leaf: &impl Leaf, to: *mut u8, from: *mut u8) {
        let mut all = self.dims.iter().zip(&self.sizes).take(self.count);
        // SAFETY: as the caller promises.
        unsafe {
            if all.all(|(dim, &size)| dim.extent <= size) {
                let (near, inner) = self.split();
                each(near, inner, leaf, to, from);
            } else {
                self.pieces(&mut { *self }, 0, leaf, to, from);
            }
        }
    }

    /// # Safety
    /// As for [`Blocks::walk`].
    unsafe fn pieces(
        &self,
        now: &mut Blocks,
        at: usize,
        leaf: &impl Leaf,
        mut to: *mut u8,
        mut from: *mut u8,
    ) {
        let (Some(dim), Some(&size)) = (self.dims.get(at).filter(|_| at < self.count), self.sizes.get(at))
        else {
            let (near, inner) = now.split();
            // SAFETY: as the caller promises; the extents are those of the block.
            return unsafe { each(near, inner, leaf, to, from) };
        };
        let mut left = dim.extent;
        while left > 0 && !leaf.is_done() {
            let piece = left.min(size);
            if let Some(place) = now.dims.get_mut(at) {
                place.extent = piece;
            }
            // SAFETY: every position is within its extent.
            unsafe { self.pieces(now, at.saturating_add(1), leaf, to, from) };
            to = to.wrapping_offset(dim.to.stride.wrapping_mul(piece));
            from = from.wrapping_offset(dim.from.stride.wrapping_mul(piece));
            left = left.wrapping_sub(piece);
        }
    }

    /// The dimensions around the leaf, and the leaf's.
    fn split(&self) -> (&[Dim], &[Dim]) {
        let dims = self.dims.get(..self.count).unwrap_or_default();
        dims.split_at_checked(self.count.saturating_sub(self.leaf)).unwrap_or_default()
    }
}

/// # Safety
/// As for [`Blocks::walk`].
unsafe fn each(near: &[Dim], inner: &[Dim], leaf: &impl Leaf, mut to: *mut u8, mut from: *mut u8) {
    // SAFETY: every position is within its extent.
    unsafe {
        let Some((dim, rest)) = near.split_first() else { return leaf.run(inner, to, from) };
        for _ in 0..dim.extent {
            each(rest, inner, leaf, to, from);
            to = to.wrapping_offset(dim.to.stride);
            from = from.wrapping_offset(dim.from.stride);
        }
    }
}
