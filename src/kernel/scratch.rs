//! The temporary that overlapping operations go through.

use core::ptr::NonNull;

use crate::{alloc, error::Result};

/// A block of memory for the time of one operation.
pub struct Scratch {
    block: NonNull<u8>,
    size: usize,
}

impl Scratch {
    /// A block of so many bytes, all zero.
    pub fn zeroed(size: usize) -> Result<Self> {
        alloc::allocate_zeroed(size).map(|block| Scratch { block, size })
    }

    pub(super) fn new(size: usize) -> Result<Self> {
        alloc::allocate(size).map(|block| Scratch { block, size })
    }

    pub(super) fn as_ptr(&self) -> *mut u8 {
        self.block.as_ptr()
    }

    /// The bytes of a block that was made zeroed.
    #[must_use]
    pub fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: the block is ours, that long, and has been initialised.
        unsafe { core::slice::from_raw_parts_mut(self.block.as_ptr(), self.size) }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // SAFETY: allocated in `new`, and its pointers are not used after the operation.
        unsafe { alloc::free(self.block) }
    }
}
