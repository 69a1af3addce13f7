//! The allocation of a view: its block, for a first view the acquisition behind it, then the arrays of its layout.

use core::{
    mem::{MaybeUninit, offset_of},
    ptr::NonNull,
};

use super::{Block, Share, acquisition::Acquisition, typed::Parsed};
use crate::{
    alloc::{self, NoMemory},
    error::Result,
    object::{
        base::Base,
        count::Count,
        described::Described,
        description::{arrays_size, copy_arrays},
        format::Format,
        kinds::{self, Kind},
        protocol::mv_object,
        sync::Lock,
    },
};

/// The first view of an acquisition, and the acquisition.
#[repr(C)]
struct Home {
    block: Block,
    acquisition: Acquisition,
}

/// The dimensions that there is always room for: to zero arrays of a constant size takes no call.
const USUAL_NDIM: usize = 4;

/// A new block, not filled yet, and zeroed arrays of `ndim` entries behind it: shape, strides and suboffsets.
#[inline]
pub(super) fn allocate_derived(ndim: usize) -> core::result::Result<(NonNull<Block>, *mut isize), NoMemory> {
    let (block, arrays) = allocate(size_of::<Block>(), ndim)?;
    // SAFETY: there is room for three arrays of `ndim` entries, of `USUAL_NDIM` at least.
    unsafe {
        arrays.cast::<[isize; 3 * USUAL_NDIM]>().write([0; 3 * USUAL_NDIM]);
        if ndim > USUAL_NDIM {
            zero(arrays, ndim.saturating_mul(3));
        }
    }
    Ok((block, arrays))
}

/// # Safety
/// `count` entries are ours to write.
#[cold]
unsafe fn zero(arrays: *mut isize, count: usize) {
    // SAFETY: as the caller promises.
    unsafe { arrays.write_bytes(0, count) }
}

/// A block that begins with `head` bytes, and room for arrays behind them.
#[inline]
fn allocate(head: usize, ndim: usize) -> core::result::Result<(NonNull<Block>, *mut isize), NoMemory> {
    let bytes = head.saturating_add(arrays_size(ndim.max(USUAL_NDIM)));
    let Ok(block) = alloc::allocate(bytes) else { return Err(NoMemory { bytes }) };
    // SAFETY: the block has room for the head and the arrays behind it; both are aligned for pointers.
    let arrays = unsafe { block.add(head).cast::<isize>().as_ptr() };
    Ok((block.cast(), arrays))
}

/// Where a new block's description goes.
///
/// # Safety
/// The block is allocated.
pub(super) unsafe fn place_of_description(block: NonNull<Block>) -> *mut MaybeUninit<Described> {
    // SAFETY: within the block.
    unsafe { (&raw mut (*block.as_ptr()).described).cast() }
}

/// Fills a new block, all but its description.
///
/// # Safety
/// The block is new and described; the description's arrays live in it or as long as the acquisition, which is of an object with this
/// base.
#[inline]
pub(super) unsafe fn fill(
    block: NonNull<Block>,
    format: Option<Format>,
    acquisition: NonNull<Acquisition>,
    base: *const Base,
) -> Share {
    let this = block.as_ptr();
    // SAFETY: the block is new and large enough. Field by field: a whole block would be made elsewhere first, and copied.
    unsafe {
        (&raw mut (*this).head).write(mv_object { r#type: kinds::table(Kind::View) });
        (&raw mut (*this).hash).write(Lock::new(None));
        (&raw mut (*this).count).write(Count::with_handle());
        (&raw mut (*this).base).write(base);
        (&raw mut (*this).format).write(Parsed::new(format));
        (&raw mut (*this).acquisition).write(acquisition);
    }
    Share(block)
}

/// A view that houses a new acquisition, of `obj`; nothing has happened where it fails.
///
/// # Safety
/// It is acquired for a view, or NULL and borrowed memory; `base` is the built-in object at the bottom, or NULL.
#[inline(always)]
#[allow(clippy::inline_always)] // for the usual view; the others call `home`
pub(super) unsafe fn home_inline(
    described: &Described,
    obj: *mut mv_object,
    base: *const Base,
) -> core::result::Result<Share, NoMemory> {
    // SAFETY: the description is alive.
    let layout = unsafe { described.layout() };
    let (block, arrays) = allocate(size_of::<Home>(), layout.ndim())?;
    // SAFETY: the block is new and large enough for all of this.
    unsafe {
        let acquisition = block.cast::<u8>().add(offset_of!(Home, acquisition)).cast::<Acquisition>();
        Acquisition::fill(acquisition, block, &described.buffer, obj, base);
        let own = (*place_of_description(block)).write(*described);
        own.move_to(&copy_arrays(&layout, arrays));
        own.buffer.obj = obj;
        Ok(fill(block, None, acquisition, base))
    }
}

/// [`home_inline`] as a call.
///
/// # Safety
/// As for `home_inline`.
pub(super) unsafe fn home(described: &Described, obj: *mut mv_object, base: *const Base) -> Result<Share> {
    // SAFETY: as the caller promises.
    Ok(unsafe { home_inline(described, obj, base) }?)
}
