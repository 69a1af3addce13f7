//! The temporary that overlapping operations go through.

use core::ptr::NonNull;

use crate::{alloc, error::Result};

/// A block of memory for the time of one operation.
pub(super) struct Scratch(NonNull<u8>);

impl Scratch {
    pub(super) fn new(size: usize) -> Result<Self> {
        alloc::allocate(size).map(Scratch)
    }

    pub(super) fn as_ptr(&self) -> *mut u8 {
        self.0.as_ptr()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // SAFETY: allocated in `new`, and its pointers are not used after the operation.
        unsafe { alloc::free(self.0) }
    }
}
