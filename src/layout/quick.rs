//! The usual answers about one layout, without the general machinery, which takes several times as long.

use super::slice::place;
use super::{Layout, Order};

/// How far an item of a layout without suboffsets is from the first. `None` wherever there is more to be said, as of any error.
#[inline]
#[must_use]
pub fn quick_item(layout: &Layout, index: &[isize]) -> Option<isize> {
    if !layout.suboffsets.is_empty() || index.len() != layout.shape.len() {
        return None;
    }
    let mut offset = 0isize;
    for ((&length, &stride), &at) in layout.shape.iter().zip(layout.strides).zip(index) {
        offset = quick_offset(at, length, stride)?.checked_add(offset)?;
    }
    Some(offset)
}

/// The same of one dimension.
#[inline]
#[must_use]
pub fn quick_offset(index: isize, length: isize, stride: isize) -> Option<isize> {
    place(index, length)?.checked_mul(stride)
}

/// Whether the `nbytes` bytes of a layout without suboffsets follow each other in the order, as [`Layout::is_contiguous`] has it. `None`
/// wherever there is more to be said: of a layout that is not valid, or has no items or another number of bytes.
#[inline]
#[must_use]
pub fn quick_contiguous(layout: &Layout, nbytes: isize, order: Order) -> Option<bool> {
    let (mut expected, mut follows) = (layout.itemsize, true);
    let mut pass = |(&extent, &stride): (&isize, &isize)| {
        follows &= extent == 1 || stride == expected;
        expected = expected.checked_mul(extent).filter(|_| extent > 0)?;
        Some(())
    };
    let mut dims = layout.shape.iter().zip(layout.strides);
    match order {
        Order::C => dims.rev().try_for_each(&mut pass)?,
        Order::F => dims.try_for_each(&mut pass)?,
        Order::A => return None,
    }
    (expected == nbytes && layout.suboffsets.is_empty()).then_some(follows)
}
