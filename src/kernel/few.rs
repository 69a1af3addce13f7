//! Copies of so few items that a plan would take longer than the copy.

use super::memory::{Memory, intersect};
use crate::layout::Layout;

/// The most items that are copied one by one without more thought.
const MOST: usize = 256;

/// One dimension: its extent, and the strides of destination and source.
type Dim = (usize, isize, isize);

/// Copies a few items of usual size, in one dimension or two, as [`copy`](super::copy()) does; `false`, and nothing has happened, wherever
/// there is more to be said, as of any error.
#[must_use]
pub fn copy_few(to: &Memory<'_>, from: &Memory<'_>) -> bool {
    let (Layout { itemsize, shape, .. }, strides) = (to.layout(), from.layout().strides);
    let direct = to.layout().suboffsets.is_empty() && from.layout().suboffsets.is_empty();
    let alike = *shape == from.layout().shape && *itemsize == from.layout().itemsize;
    if !direct || !alike || to.check_writable().is_err() {
        return false;
    }
    let dim = |at: usize| -> Option<Dim> {
        Some((shape.get(at)?.unsigned_abs(), *to.layout().strides.get(at)?, *strides.get(at)?))
    };
    let [outer, inner] = match shape.len() {
        1 => [Some((1, 0, 0)), dim(0)],
        2 => [dim(0), dim(1)],
        _ => return false,
    };
    let (Some(outer), Some(inner)) = (outer, inner) else { return false };
    let size = itemsize.unsigned_abs();
    // Rows that lie side by side on both sides are better moved as such.
    let in_rows = inner.1 == *itemsize && inner.2 == *itemsize && inner.0 > 1;
    if in_rows || !(1..=MOST).contains(&outer.0.saturating_mul(inner.0)) {
        return false;
    }
    if intersect(
        span(to, size, [(outer.0, outer.1), (inner.0, inner.1)]),
        span(from, size, [(outer.0, outer.2), (inner.0, inner.2)]),
    ) {
        return false;
    }
    // SAFETY: both reach as many items of that size, the destination is writable, and they have no byte in common.
    unsafe {
        match size {
            1 => each::<u8>(outer, inner, to.base(), from.base()),
            2 => each::<u16>(outer, inner, to.base(), from.base()),
            4 => each::<u32>(outer, inner, to.base(), from.base()),
            8 => each::<u64>(outer, inner, to.base(), from.base()),
            _ => return false,
        }
    }
    true
}

/// The bytes that items in two dimensions reach: none of these sums wraps, since there is memory there.
fn span(memory: &Memory<'_>, size: usize, dims: [(usize, isize); 2]) -> (*mut u8, usize) {
    let (mut low, mut length) = (0isize, size);
    for (extent, stride) in dims {
        let last = extent.wrapping_sub(1).cast_signed().wrapping_mul(stride);
        low = low.wrapping_add(last.min(0));
        length = length.wrapping_add(last.unsigned_abs());
    }
    (memory.base().wrapping_offset(low), length)
}

/// Copies items one by one, in C's order.
///
/// # Safety
/// Items of the type's size are readable and writable wherever the dimensions lead.
#[inline]
unsafe fn each<T: Copy>(outer: Dim, inner: Dim, mut to: *mut u8, mut from: *mut u8) {
    for _ in 0..outer.0 {
        let (mut at, mut source) = (to, from);
        for _ in 0..inner.0 {
            // SAFETY: as the caller promises.
            unsafe { at.cast::<T>().write_unaligned(source.cast::<T>().read_unaligned()) };
            (at, source) = (at.wrapping_offset(inner.1), source.wrapping_offset(inner.2));
        }
        (to, from) = (to.wrapping_offset(outer.1), from.wrapping_offset(outer.2));
    }
}
