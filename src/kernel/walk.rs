//! The walk itself: outer dimensions by recursion, the innermost by a loop made for the size of the item.

use core::mem::MaybeUninit;

use super::{
    cursor::{copy_item, follow},
    memory::Memory,
    plan::{Dim, Dims, Plan, Step},
};
use crate::layout::MAX_NDIM;

/// Copies every item of the plan from its source to its destination.
///
/// # Safety
/// The plan was made over `dims`; both sides may be followed, the destination written, and no item of the source
/// overlaps one of the destination.
pub(super) unsafe fn copy_all(plan: &Plan, dims: &Dims) {
    // SAFETY: as the caller promises.
    unsafe { outer(dims.as_slice(), plan.item, plan.to, plan.from) }
}

/// Copies every item of some dimensions.
///
/// # Safety
/// As for [`copy_all`].
pub(super) unsafe fn copy_dims(dims: &[Dim], item: usize, to: *mut u8, from: *mut u8) {
    // SAFETY: as the caller promises.
    unsafe { outer(dims, item, to, from) }
}

/// Copies the first `count` items, at least one, of a plan that is in order.
///
/// # Safety
/// As for [`copy_all`], and there are that many items.
pub(super) unsafe fn copy_first(plan: &Plan, dims: &Dims, count: isize) {
    // SAFETY: as the caller promises.
    unsafe { prefix(dims.as_slice(), plan.item, count, plan.to, plan.from) }
}

/// Copies packed items to the first `count` items in Fortran's order, each found by its index: the one order in which
/// indirect dimensions do not nest.
///
/// # Safety
/// The memory may be written and has that many items; as many are readable at `from`, and none of its own.
pub(super) unsafe fn scatter_each(to: &Memory<'_>, mut from: *mut u8, count: usize) {
    let (layout, size) = (to.layout(), to.itemsize());
    let mut index = [0isize; MAX_NDIM];
    for _ in 0..count {
        let mut place = to.base();
        for ((_, stride, suboffset), &at) in layout.dims().zip(&index) {
            let step = Step { stride, suboffset };
            // SAFETY: the index is within the shape, so that the layout leads to each pointer.
            place = unsafe { step.enter(place.wrapping_offset(stride.wrapping_mul(at))) };
        }
        // SAFETY: the layout has led to an item, and the source has one for it.
        unsafe { copy_item(place, from, size) };
        from = from.wrapping_add(size);
        for (at, &extent) in index.iter_mut().zip(layout.shape) {
            *at = at.wrapping_add(1);
            if *at < extent {
                break;
            }
            *at = 0;
        }
    }
}

impl Step {
    /// The place behind this step of the item that `pointer` has reached.
    ///
    /// # Safety
    /// Where the step is indirect, a pointer is readable at `pointer`.
    #[inline]
    pub(super) unsafe fn enter(self, pointer: *mut u8) -> *mut u8 {
        if self.is_direct() {
            return pointer;
        }
        // SAFETY: as the caller promises.
        unsafe { follow(pointer, self.suboffset) }
    }
}

unsafe fn outer(dims: &[Dim], item: usize, mut to: *mut u8, mut from: *mut u8) {
    // SAFETY: every position is within its extent, so that each address and pointer is one that the sides reach.
    unsafe {
        match dims {
            [] => copy_item(to, from, item),
            [inner] if inner.is_direct() => run(inner, item, to, from),
            [dim, rest @ ..] => {
                for _ in 0..dim.extent {
                    outer(rest, item, dim.to.enter(to), dim.from.enter(from));
                    to = to.wrapping_offset(dim.to.stride);
                    from = from.wrapping_offset(dim.from.stride);
                }
            }
        }
    }
}

unsafe fn prefix(dims: &[Dim], item: usize, count: isize, to: *mut u8, from: *mut u8) {
    let Some((dim, rest)) = dims.split_first() else {
        // SAFETY: the item exists, as the caller promises.
        return unsafe { copy_item(to, from, item) };
    };
    let each = rest.iter().fold(1isize, |items, dim| items.saturating_mul(dim.extent));
    let whole = count.checked_div(each).unwrap_or(0);
    let left = count.wrapping_sub(whole.wrapping_mul(each));
    let place = |step: Step, side: *mut u8, at: isize| side.wrapping_offset(step.stride.wrapping_mul(at));
    // SAFETY: positions up to `whole` are within the extent, and `whole` itself where items are left.
    unsafe {
        if rest.is_empty() && dim.is_direct() {
            return run(&Dim { extent: whole, ..*dim }, item, to, from);
        }
        for at in 0..whole {
            let (to, from) = (place(dim.to, to, at), place(dim.from, from, at));
            outer(rest, item, dim.to.enter(to), dim.from.enter(from));
        }
        if left > 0 {
            let (to, from) = (place(dim.to, to, whole), place(dim.from, from, whole));
            prefix(rest, item, left, dim.to.enter(to), dim.from.enter(from));
        }
    }
}

/// Copies the items of one direct dimension.
unsafe fn run(dim: &Dim, item: usize, to: *mut u8, from: *mut u8) {
    // SAFETY: as for `outer`; `N` equals `item`.
    unsafe {
        match item {
            1 => sized::<1>(dim, to, from),
            2 => sized::<2>(dim, to, from),
            3 => sized::<3>(dim, to, from),
            4 => sized::<4>(dim, to, from),
            8 => sized::<8>(dim, to, from),
            12 => sized::<12>(dim, to, from),
            16 => sized::<16>(dim, to, from),
            _ => any(dim, item, to, from),
        }
    }
}

/// A run of items of a size that the compiler knows. Copied as bytes that need not be initialised, so that padding
/// may be anything and pointers stay pointers.
unsafe fn sized<const N: usize>(dim: &Dim, to: *mut u8, from: *mut u8) {
    let count = dim.extent.unsigned_abs() + usize::from(cfg!(memview_fault = "overflow"));
    let (mut to, mut from) = (to.cast::<MaybeUninit<[u8; N]>>(), from.cast::<MaybeUninit<[u8; N]>>());
    // SAFETY: as for `outer`; the type is of alignment 1.
    unsafe {
        if dim.from.stride == 0 && dim.to.stride == N.cast_signed() {
            let item = from.read();
            for at in 0..count {
                to.wrapping_add(at).write(item);
            }
            return;
        }
        for _ in 0..count {
            to.write(from.read());
            to = to.wrapping_byte_offset(dim.to.stride);
            from = from.wrapping_byte_offset(dim.from.stride);
        }
    }
}

unsafe fn any(dim: &Dim, item: usize, mut to: *mut u8, mut from: *mut u8) {
    for _ in 0..dim.extent {
        // SAFETY: as for `outer`.
        unsafe { to.copy_from_nonoverlapping(from, item) };
        to = to.wrapping_offset(dim.to.stride);
        from = from.wrapping_offset(dim.from.stride);
    }
}
