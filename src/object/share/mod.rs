//! A share: the stake of one view in one acquisition. The view's block, its state word, its pins.
//!
//! An acquisition lives in the allocation of its first view, counts the views that share it, and ends with the last of
//! them; a view is made of another by adding to that count. Every other operation pins the view for as long as it looks at its
//! geometry ([`Pinned`]) or at its memory ([`Access`]), so that a release from another thread or from a callback finds it in
//! use.

mod acquisition;
mod block;
mod derive;
mod listed;
mod make;
mod pinned;
mod quick;
pub(super) mod stake;
pub(super) mod stakes;
mod typed;

pub use derive::{Plan, Room};
pub use make::{Borrowed, NOT_A_VIEW, Stage};
pub use pinned::{Access, Pinned};
pub use typed::{Item, Retyped};

use core::{
    cell::UnsafeCell,
    mem::{ManuallyDrop, MaybeUninit},
    ptr::NonNull,
};

use super::{
    Request,
    base::Base,
    count::{Count, Fate, Lease, Refusal, Unit},
    described::Described,
    flags::MV_WRITABLE,
    holders::Node,
    protocol::{mv_buffer, mv_object},
    sync::Lock,
};
use crate::{
    alloc::{self, Text},
    error::{Error, Result},
};
use acquisition::Acquisition;
use listed::unlist;
use pinned::refused;
use stakes::Stakes;
use typed::Parsed;

/// The block of a view; `repr(C)`, so that a pointer to it is one to its `mv_object`.
#[repr(C)]
struct Block {
    head: mv_object,
    /// On the acquisition's list once the view has touched memory, nothing before; the first view's is the acquisition's own.
    node: UnsafeCell<MaybeUninit<Node>>,
    /// The hash that was last asked for, and its seed.
    hash: Lock<Option<(u64, u64)>>,
    /// What every operation writes: a cache line away from the block before, which may be another thread's.
    count: Count,
    /// What the view shows; `obj` is the exporter. Never changes.
    described: Described,
    /// The built-in object at the bottom, as the acquisition has it.
    base: *const Base,
    /// The parsed format, once somebody needed it.
    format: Parsed,
    /// Outlives the view's release: its memory stays as long as there are blocks.
    acquisition: NonNull<Acquisition>,
    // Behind it, in the first view: the acquisition. Then the arrays of the layout.
}

/// One handle of a view.
#[repr(transparent)]
pub struct Share(NonNull<Block>);

// SAFETY: a view may be used from any thread; its counts are atomic and its description is constant.
unsafe impl Send for Share {}
// SAFETY: as above.
unsafe impl Sync for Share {}

impl Share {
    /// A handle that is somebody else's.
    ///
    /// # Safety
    /// The object is a view of this copy, and alive while the result is used.
    #[must_use]
    pub unsafe fn borrow(object: NonNull<mv_object>) -> ManuallyDrop<Share> {
        ManuallyDrop::new(Share(object.cast()))
    }

    /// Takes over one handle.
    ///
    /// # Safety
    /// The object is a view of this copy, of which the caller gives one handle away.
    #[must_use]
    pub unsafe fn own(object: NonNull<mv_object>) -> Share {
        Share(object.cast())
    }

    /// The view as an object; a pointer to the whole block.
    #[must_use]
    pub fn as_raw(&self) -> NonNull<mv_object> {
        self.0.cast()
    }

    /// Gives the handle away.
    #[must_use]
    pub fn into_raw(self) -> NonNull<mv_object> {
        ManuallyDrop::new(self).0.cast()
    }

    fn block(&self) -> &Block {
        // SAFETY: the block lives as long as the handle.
        unsafe { self.0.as_ref() }
    }

    /// Whether the memory has been taken back; the caller has a pin, an export or a stake.
    #[inline]
    fn is_revoked(&self) -> bool {
        // SAFETY: the object at the bottom outlives the acquisition.
        unsafe { self.block().base.as_ref() }.is_some_and(|base| base.count.is_closed())
    }

    /// Whether the end of the acquisition calls out.
    #[inline]
    fn ends_out(&self) -> bool {
        // SAFETY: its memory lives as long as the view's block; this is never written once the view is shared.
        unsafe { (*self.block().acquisition.as_ptr()).calls_out }
    }

    fn acquisition(&self) -> &Acquisition {
        // SAFETY: the acquisition lives while the view is not released; callers hold a pin or know that it is not.
        unsafe { self.block().acquisition.as_ref() }
    }

    /// The buffers acquired from this view.
    #[must_use]
    pub fn exports(&self) -> u64 {
        self.block().count.buffers()
    }

    /// Every attribute at once; `None` once released or revoked.
    #[must_use]
    pub fn buffer(&self) -> Option<NonNull<mv_buffer>> {
        let _pinned = self.pin().ok()?;
        Some(NonNull::from(&self.block().described.buffer))
    }

    /// The exporter at the bottom; `None` for borrowed memory and once released.
    #[must_use]
    pub fn exporter(&self) -> Option<NonNull<mv_object>> {
        if self.block().count.is_closed() {
            return None;
        }
        NonNull::new(self.block().described.buffer.obj)
    }

    /// Remembers a hash of the items beyond the release of the view.
    pub fn keep_hash(&self, seed: u64, hash: u64) {
        self.block().hash.with(|kept| *kept = Some((seed, hash)));
    }

    /// The hash that was last kept, if it has that seed.
    #[must_use]
    pub fn kept_hash(&self, seed: u64) -> Option<u64> {
        let kept = self.block().hash.with(|kept| *kept);
        kept.and_then(|(with, hash)| (with == seed).then_some(hash))
    }

    /// The base whose list names the holders; `None` once released or revoked.
    #[must_use]
    pub fn base(&self) -> Option<NonNull<Base>> {
        let pinned = self.pin().ok()?;
        pinned.share.acquisition().base()
    }

    /// The base whose list names the holders, revoked or not.
    ///
    /// # Safety
    /// The caller holds an export or a pin.
    #[must_use]
    pub unsafe fn held_base(&self) -> Option<NonNull<Base>> {
        self.acquisition().base()
    }

    /// Grants a consumer a buffer of this view, the usual way: by flags alone, of memory that is as they ask, once the view is on the
    /// list. `None` where [`Share::export`] has more to say; then nothing has happened.
    #[inline]
    #[must_use]
    pub fn export_quickly(&self, flags: i32) -> Option<&Described> {
        let Block { count, described, base, .. } = self.block();
        let refused = flags & MV_WRITABLE != 0 && described.buffer.readonly != 0;
        if refused || !described.surely_suits(flags) || !count.grant_quickly(Unit::Export) {
            return None;
        }
        if (count.is_listed() || base.is_null()) && !self.is_revoked() {
            return Some(described);
        }
        self.take_back();
        None
    }

    /// Ends an export that is of no use.
    #[cold]
    fn take_back(&self) {
        // SAFETY: ends what has just begun.
        unsafe { Share::end_export(self.as_raw()) }
    }

    /// Grants a consumer a buffer of this view, described in full.
    pub fn export(&self, request: &Request<'_>) -> Result<Described> {
        let block = self.block();
        block.count.grant(Unit::Export, false).map_err(refused)?;
        if !block.count.is_listed() {
            self.list();
        }
        let result = self.exportable(request);
        if result.is_err() {
            // SAFETY: ends the export that has just begun.
            unsafe { Share::end_export(self.as_raw()) };
        }
        result
    }

    fn exportable(&self, request: &Request<'_>) -> Result<Described> {
        if self.is_revoked() {
            return Err(Error::Revoked);
        }
        let mut described = self.block().described;
        described.buffer.readonly |= i32::from(self.leases(request)?);
        described.buffer.obj = self.0.as_ptr().cast();
        Ok(described)
    }

    /// Whether the request asks for a lease, which a view grants if it was granted it.
    fn leases(&self, request: &Request<'_>) -> Result<bool> {
        match request.lease() {
            None => Ok(false),
            Some(Lease::Immutable) if self.acquisition().is_immutable() => Ok(true),
            Some(_) => {
                Err(Error::Request { reason: "a view grants no lease but an immutable one of its own" })
            }
        }
    }

    /// Whether the view has what a request asks for; `true`: as an immutable lease.
    pub fn grants(&self, request: &Request<'_>) -> Result<bool> {
        let _pinned = self.pin()?;
        // SAFETY: the pin keeps the description alive.
        unsafe { request.narrow(&self.block().described)? };
        self.leases(request)
    }

    /// Ends an export of a view.
    ///
    /// # Safety
    /// The object is a view of this copy, and the caller gives one export back.
    pub unsafe fn end_export(object: NonNull<mv_object>) {
        let block = object.cast::<Block>();
        // SAFETY: the export keeps the block alive until here.
        unsafe {
            let fate = block.as_ref().count.ungrant(Unit::Export);
            Share::settle(block, fate);
        }
    }

    /// Releases the view; again is a no-op. Where the acquisition was a copy, reports how writing it back went.
    pub fn release(&self) -> Result<()> {
        match self.block().count.close() {
            Ok(false) => Ok(()),
            // SAFETY: this call released the view, so this is the one end of its share.
            Ok(true) => unsafe {
                unlist(self.0);
                let (result, home) = Acquisition::leave(self.block().acquisition, Stakes::end_share);
                discard(home);
                result
            },
            Err(Refusal::Held(exports)) => Err(Error::Exported {
                operation: "release",
                exports: exports.cast_signed(),
                holders: Text::empty(),
            }),
            Err(_) => Err(Error::InFlight { operation: "release" }),
        }
    }

    /// Frees the view with the last count; a view that was not released is released by it.
    ///
    /// # Safety
    /// The fate is that of the view's own count, and the caller does not use the view any more.
    #[inline]
    unsafe fn settle(block: NonNull<Block>, fate: Fate) {
        if fate == Fate::Free {
            // SAFETY: nobody else has a handle, an export or a pin.
            unsafe { Share::free(block) }
        }
    }

    #[inline(never)]
    unsafe fn free(block: NonNull<Block>) {
        // SAFETY: nobody else has a handle, an export or a pin; the acquisition's memory lives as long as this block has a stake.
        unsafe {
            let this = block.as_ref();
            let released = this.count.is_closed();
            this.count.bury();
            if !released {
                unlist(block);
            }
            let is_home = this.acquisition.as_ref().home == block;
            // There is nobody left to tell how it went.
            let home = if released {
                Acquisition::leave(this.acquisition, Stakes::end_block).1
            } else {
                Acquisition::leave(this.acquisition, Stakes::end_view).1
            };
            discard(home);
            if !is_home {
                discard(Some(block));
            }
        }
    }
}

/// Frees a block, if there is one.
///
/// # Safety
/// Nobody uses it any more.
#[inline]
unsafe fn discard(block: Option<NonNull<Block>>) {
    if let Some(block) = block {
        // SAFETY: as the caller promises.
        unsafe {
            block.as_ref().format.forget();
            alloc::free(block.cast());
        }
    }
}

impl Clone for Share {
    fn clone(&self) -> Self {
        self.block().count.reference();
        Share(self.0)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let fate = self.block().count.unreference();
        // SAFETY: the handle is gone.
        unsafe { Share::settle(self.0, fate) }
    }
}
