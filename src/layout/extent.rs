//! The bytes that a layout can touch.

use super::{Layout, dimension, number, signed};
use crate::error::{Error, Result};

/// The bytes that the layout can touch, relative to the address of its first item: the lowest, and one past the
/// highest. Without items `(0, 0)`.
///
/// Of an indirect layout only the block at its base counts, which holds pointers.
pub fn reach(layout: &Layout) -> Result<(isize, isize)> {
    if layout.is_empty() {
        return Ok((0, 0));
    }
    let (mut low, mut high) = (0, layout.itemsize);
    for (dim, (extent, stride, suboffset)) in layout.dims().enumerate() {
        let overflow = || Error::OverflowAt { what: "the offset of the last item", dim: dimension(dim) };
        if suboffset >= 0 {
            high = pointer_behind(high, layout.itemsize).ok_or_else(overflow)?;
        }
        let last = extent.saturating_sub(1).checked_mul(stride).ok_or_else(overflow)?;
        let end = if last < 0 { &mut low } else { &mut high };
        *end = end.checked_add(last).ok_or_else(overflow)?;
        if high.checked_sub(low).is_none() {
            return Err(overflow());
        }
        if suboffset >= 0 {
            break;
        }
    }
    Ok((low, high))
}

/// The end of the same span with a pointer in the place of the item.
fn pointer_behind(high: isize, itemsize: isize) -> Option<isize> {
    let pointer = if cfg!(memview_fault = "pointer_width") { 8 } else { size_of::<usize>() };
    high.saturating_sub(itemsize).checked_add(isize::try_from(pointer).ok()?)
}

/// Checks that all that the layout can touch lies in a block of `extent` bytes, of which the first item is
/// `position` bytes from the start.
pub fn within(layout: &Layout, position: isize, extent: usize) -> Result<()> {
    let outside = |reach: isize| Error::Reach { reach: signed(reach), extent: number(extent) };
    let (low, high) = reach(layout)?;
    let lowest = position.saturating_add(low);
    if lowest < 0 {
        return Err(outside(lowest));
    }
    let end = position.saturating_add(high);
    let fits = position.checked_add(high).is_some() && usize::try_from(end).is_ok_and(|end| end <= extent);
    if fits { Ok(()) } else { Err(outside(end.saturating_sub(1).max(position))) }
}
