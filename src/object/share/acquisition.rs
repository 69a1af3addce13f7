//! One acquisition on behalf of views: what was granted, who shares it, how it ends.

use core::{
    cell::UnsafeCell,
    ffi::c_char,
    ptr::{self, NonNull},
};

use super::{
    Block, Share,
    stakes::{Left, Stakes},
};
use crate::{
    error::Result,
    kernel,
    object::{
        base::Base,
        count::Unit,
        grant,
        holders::{Holders, Node},
        protocol::{mv_buffer, mv_object},
        sync::{Acquire, AtomicBool, Release},
    },
};

/// An acquisition; it lives behind the block of its first view.
pub(super) struct Acquisition {
    /// The views that share it.
    pub stakes: Stakes,
    /// Those of them that have touched the memory, but for the first: a list of their own, so that threads that work on
    /// acquisitions of their own do not meet.
    pub views: Holders,
    /// Whether the first view's node stands on the base's list, with its count, this list, and the label.
    listed: AtomicBool,
    /// The built-in object at the bottom, whose revocation the views must notice and whose list they stand on.
    pub base: *const Base,
    /// The block that this acquisition lives behind.
    pub home: NonNull<Block>,
    /// Whether the items go back to the source in the end.
    pub write_back: bool,
    /// The view that this one stands for: a re-export keeps it, a contiguous copy is written back to it.
    pub source: UnsafeCell<Option<Share>>,
    /// As it was acquired; without `obj` it is borrowed memory. Ended through this very struct.
    pub acquired: UnsafeCell<mv_buffer>,
}

impl Acquisition {
    /// Fills a new acquisition of `obj`, with one view.
    ///
    /// # Safety
    /// `this` is new, and lives behind `home`.
    #[inline]
    pub(super) unsafe fn fill(
        this: NonNull<Acquisition>,
        home: NonNull<Block>,
        acquired: &mv_buffer,
        obj: *mut mv_object,
        base: *const Base,
    ) {
        let this = this.as_ptr();
        // SAFETY: as the caller promises. Field by field, as a block.
        unsafe {
            (&raw mut (*this).stakes).write(Stakes::of_one());
            (&raw mut (*this).views).write(Holders::empty());
            (&raw mut (*this).listed).write(AtomicBool::new(false));
            (&raw mut (*this).base).write(base);
            (&raw mut (*this).home).write(home);
            (&raw mut (*this).write_back).write(false);
            (&raw mut (*this).source).write(UnsafeCell::new(None));
            (&raw mut (*this).acquired).write(UnsafeCell::new(*acquired));
            (*(*this).acquired.get()).obj = obj;
        }
    }

    pub(super) fn base(&self) -> Option<NonNull<Base>> {
        NonNull::new(self.base.cast_mut())
    }

    /// Whether nobody can write the memory while this acquisition lives.
    pub(super) fn is_immutable(&self) -> bool {
        // SAFETY: the object at the bottom outlives the acquisition.
        self.base().is_some_and(|base| unsafe {
            let base = base.as_ref();
            base.is_readonly() || base.count.is_immutable()
        })
    }

    /// Whether this acquisition is a grant of that object itself, and no more: not of a copy that is written back.
    pub(super) fn holds(&self, base: NonNull<Base>) -> bool {
        // SAFETY: what was acquired does not change until the acquisition ends.
        !self.write_back && ptr::addr_eq(unsafe { (*self.acquired.get()).obj }, base.as_ptr())
    }

    /// What a re-export keeps; the caller has a pin.
    pub(super) fn kept(&self) -> Option<&Share> {
        // SAFETY: set before the view was shared, taken when nobody shares it any more.
        unsafe { &*self.source.get() }.as_ref().filter(|_| !self.write_back)
    }

    /// Whether this acquisition is an exclusive lease.
    pub(super) fn is_exclusive(&self) -> bool {
        // SAFETY: the object at the bottom outlives the acquisition.
        self.base().is_some_and(|base| unsafe { base.as_ref() }.count.is_exclusive())
    }

    /// Puts the acquisition on the list of its base, with a label or NULL.
    ///
    /// # Safety
    /// The acquisition is in its final place and has not ended; the label outlives it.
    pub(super) unsafe fn list(this: NonNull<Acquisition>, label: *const c_char) {
        // SAFETY: the base outlives the acquisition, which takes its node off the list when it ends; under the list's lock
        // nobody else writes the node.
        unsafe {
            let acquisition = this.as_ref();
            let Some(base) = acquisition.base() else { return };
            if acquisition.listed.load(Acquire) {
                return;
            }
            let first = acquisition.home.as_ptr();
            let node = NonNull::new_unchecked((*first).node.get()).cast::<Node>();
            base.as_ref().holders.link(node, || {
                let already = acquisition.listed.load(Acquire);
                if !already {
                    node.write(Node::of_views(
                        label,
                        &raw const (*first).count,
                        &raw const acquisition.views,
                    ));
                    // Released, after the lock was taken: whoever finds the mark comes after a revoke that missed the node.
                    acquisition.listed.store(true, Release);
                }
                already
            });
        }
    }

    /// Gives a stake back, of a view, of its share or of its block: the last share ends the acquisition. Where nobody is left at all,
    /// gives the block that it lived behind, which the caller is to free.
    ///
    /// # Safety
    /// The stake was the caller's, who does not use the acquisition any more.
    #[inline]
    pub(super) unsafe fn leave(
        this: NonNull<Acquisition>,
        leave: impl FnOnce(&Stakes) -> Left,
    ) -> (Result<()>, Option<NonNull<Block>>) {
        // SAFETY: the acquisition lives until the caller's stake is gone, and then until it has ended, where that is up to the
        // caller.
        unsafe {
            let home = this.as_ref().home;
            let (mut left, mut result) = (leave(&this.as_ref().stakes), Ok(()));
            if left == Left::Acquisition {
                result = Acquisition::end(this);
                left = this.as_ref().stakes.ended();
            }
            (result, (left == Left::Block).then_some(home))
        }
    }

    /// Writes a copy back and tells the exporter; the acquisition is not used any more.
    #[inline]
    unsafe fn end(this: NonNull<Acquisition>) -> Result<()> {
        // SAFETY: nobody shares the acquisition any more.
        unsafe {
            let acquisition = this.as_ref();
            if acquisition.listed.load(Acquire) || (*acquisition.source.get()).is_some() {
                return Acquisition::end_generally(this);
            }
            grant::release(&mut *acquisition.acquired.get(), Unit::Share);
        }
        Ok(())
    }

    #[cold]
    unsafe fn end_generally(this: NonNull<Acquisition>) -> Result<()> {
        // SAFETY: nobody shares the acquisition any more.
        unsafe {
            let acquisition = this.as_ref();
            let acquired = acquisition.acquired.get();
            let source = (*acquisition.source.get()).take();
            let result = match &source {
                Some(target) if acquisition.write_back => write_back(&*acquired, target),
                _ => Ok(()),
            };
            if acquisition.listed.load(Acquire)
                && let Some(base) = acquisition.base()
            {
                base.as_ref()
                    .holders
                    .unlink(NonNull::new_unchecked((*acquisition.home.as_ptr()).node.get()).cast());
            }
            // What a re-export keeps is its own: with it may go the last share of a copy.
            let kept =
                if acquisition.write_back { Ok(()) } else { source.as_ref().map_or(Ok(()), Share::release) };
            drop(source);
            grant::release(&mut *acquired, Unit::Share);
            result.and(kept)
        }
    }
}

/// # Safety
/// The buffer is acquired, described in full, and of the target's shape.
unsafe fn write_back(copy: &mv_buffer, target: &Share) -> Result<()> {
    let access = target.access()?;
    // SAFETY: as the caller promises.
    let from =
        unsafe { kernel::Memory::new(copy.buf.cast(), crate::object::described::full_layout(copy), false) };
    // SAFETY: the copy is an array of its own, made after the target.
    unsafe { kernel::copy_apart(&access.memory(), &from) }
}
