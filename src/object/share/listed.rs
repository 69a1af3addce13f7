//! Where a revoke finds the views: the first one of an acquisition on the list of the object at the bottom, all others on a list of the
//! acquisition. A view goes there when it first touches memory.

use core::ptr::{self, NonNull};

use super::{Block, Share, acquisition::Acquisition};
use crate::object::holders::Node;

impl Share {
    /// Puts the view on a list where a revoke looks for operations in flight.
    #[cold]
    pub(super) fn list(&self) {
        let acquisition = self.acquisition();
        let count = &self.block().count;
        // SAFETY: the acquisition has not ended; the node stays in the block until it is unlinked, at the latest when the view's
        // share ends.
        unsafe {
            Acquisition::list(self.block().acquisition, ptr::null());
            if acquisition.home == self.0 {
                return count.set_listed();
            }
            let node = NonNull::new_unchecked(self.block().node.get()).cast::<Node>();
            acquisition.views.link(node, || {
                let already = count.is_listed();
                if !already {
                    node.write(Node::new(ptr::null(), count));
                    count.set_listed();
                }
                already
            });
        }
    }
}

/// Takes a view off the list that [`Share::list`] put it on.
///
/// # Safety
/// Called once for a view, which is released, and whose share has not ended.
#[inline]
pub(super) unsafe fn unlist(block: NonNull<Block>) {
    // SAFETY: the acquisition lives until the share has ended.
    unsafe {
        let this = block.as_ref();
        let acquisition = this.acquisition.as_ref();
        // The first view's node is the acquisition's, and goes with that.
        if this.count.is_listed() && acquisition.home != block {
            acquisition.views.unlink(NonNull::new_unchecked(this.node.get()).cast());
        }
    }
}
