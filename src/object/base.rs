//! What every built-in object begins with: its counts, its holders, and the full description of its memory, so that
//! acquiring is a count and a copy.

use core::ptr::NonNull;

use super::{
    count::{Count, Fate, Refusal},
    described::Described,
    holders::Holders,
    kinds::{self, Kind},
    protocol::mv_object,
    sync::{AtomicBool, Relaxed, UnsafeCell},
};
use crate::{
    alloc::{self, Text},
    error::{Error, Result},
};

/// The first part of every built-in object but views. `repr(C)`, so that a pointer to the object is one to its `mv_object`.
#[repr(C)]
pub struct Base {
    head: mv_object,
    /// Who holds it.
    pub count: Count,
    /// Their names.
    pub holders: Holders,
    described: UnsafeCell<Described>,
    /// Outside the description, which a resize writes while others ask.
    readonly: AtomicBool,
}

impl Base {
    /// The base of a new object with one handle, which does not describe its memory yet.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Base {
            head: mv_object { r#type: kinds::table(kind) },
            count: Count::with_handle(),
            holders: Holders::empty(),
            described: UnsafeCell::new(Described::NOTHING),
            readonly: AtomicBool::new(false),
        }
    }

    /// Looks at the description of the memory.
    ///
    /// # Safety
    /// The caller holds a grant, or a resize, or is alone.
    #[inline]
    pub unsafe fn with_described<R>(&self, look: impl FnOnce(&Described) -> R) -> R {
        // SAFETY: it changes under a resize alone, when nobody holds a grant.
        self.described.with(|described| look(unsafe { &*described }))
    }

    /// Changes the description.
    ///
    /// # Safety
    /// The caller holds a resize or is alone.
    pub unsafe fn describe(&self, described: Described) {
        // SAFETY: nobody reads it, as the caller promises.
        self.described.with_mut(|place| unsafe { *place = described });
        self.readonly.store(described.buffer.readonly != 0, Relaxed);
    }

    /// Whether nobody may ever write; constant for the object's life.
    #[inline]
    pub fn is_readonly(&self) -> bool {
        self.readonly.load(Relaxed)
    }

    /// The error of a refused operation, with the names of the holders.
    pub fn refused(&self, operation: &'static str, refusal: Refusal) -> Error {
        match refusal {
            Refusal::Closed => Error::Revoked,
            Refusal::Exclusive => Error::Busy { operation, reason: "somebody holds an exclusive lease" },
            Refusal::Immutable => Error::Busy { operation, reason: "somebody holds an immutable lease" },
            Refusal::InFlight => Error::InFlight { operation },
            Refusal::Full => {
                Error::CountLimit { what: "acquisitions", limit: super::count::LIMIT.cast_signed() }
            }
            Refusal::Held(exports) => {
                let holders = Text::write(|text| self.holders.write(", held by ", text));
                Error::Exported { operation, exports: exports.cast_signed(), holders }
            }
        }
    }

    /// Takes the memory back; see `mv_object_revoke`.
    pub fn revoke(&self) -> Result<()> {
        let buffers = self.count.revoke();
        let in_use = buffers.saturating_add(self.holders.in_use());
        if in_use == 0 { Ok(()) } else { Err(self.refused("revoke", Refusal::Held(in_use))) }
    }

    /// Runs a change of size: alone, while whoever comes waits. `change` calls nothing that is not memview's own.
    pub fn resizing<R>(&self, operation: &'static str, change: impl FnOnce() -> Result<R>) -> Result<R> {
        self.count.begin_resize().map_err(|refusal| self.refused(operation, refusal))?;
        let result = change();
        self.count.end_resize();
        result
    }
}

/// Allocates an object: `T` begins with a [`Base`]; `tail` bytes follow it, indeterminate.
///
/// The object is plain memory until its kind's `free` is called; nothing is dropped by itself.
pub fn allocate<T>(object: T, tail: usize) -> Result<NonNull<T>> {
    let size = size_of::<T>().checked_add(tail).ok_or(Error::Overflow { what: "the size of an object" })?;
    let block = alloc::allocate(size)?.cast::<T>();
    // SAFETY: the block is new, large enough, and aligned as `malloc` aligns.
    unsafe { block.write(object) };
    Ok(block)
}

/// The memory behind an object that [`allocate`] made.
///
/// # Safety
/// It was made with a tail.
#[must_use]
pub unsafe fn tail<T>(object: NonNull<T>) -> NonNull<u8> {
    // SAFETY: one past the object is within or at the end of its block.
    unsafe { object.add(1).cast() }
}

/// Ends a grant on a built-in object and frees the object with the last one.
///
/// # Safety
/// The fate is that of the object's own count, and the caller does not use the object any more.
#[inline]
pub unsafe fn settle(base: NonNull<Base>, fate: Fate) {
    if fate == Fate::Free {
        // SAFETY: nobody else has a handle or a grant.
        unsafe { free(base) }
    }
}

#[cold]
unsafe fn free(base: NonNull<Base>) {
    // SAFETY: nobody else has a handle or a grant.
    unsafe {
        base.as_ref().count.bury();
        kinds::free(base);
        if cfg!(memview_fault = "use_after_free") {
            base.as_ref().count.bury();
        }
    }
}
