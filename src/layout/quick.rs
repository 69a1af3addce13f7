//! The usual index, and the usual item, without the general machinery, which takes several times as long.

use super::index::{MV_INDEX_AT, MV_INDEX_SLICE, mv_index};
use super::slice::{cut, place};
use super::{Base, Layout, Sketch};

/// Integers and slices of a layout without suboffsets. `None` wherever there is more to be said, as of any error:
/// then the general way starts afresh, and the base has not been called.
#[inline]
pub(super) fn quick(
    layout: &Layout,
    items: &[mv_index],
    out: &mut Sketch,
    base: &mut impl Base,
) -> Option<()> {
    if !layout.suboffsets.is_empty() || !out.suboffsets.is_empty() {
        return None;
    }
    let mut sources = layout.shape.iter().zip(layout.strides);
    let mut targets = out.shape.iter_mut().zip(out.strides.iter_mut());
    let (mut ndim, mut offset, mut empty) = (0usize, 0isize, false);
    for item in items {
        let (&length, &stride) = sources.next()?;
        if item.kind == MV_INDEX_AT {
            offset = place(item.start, length)?.checked_mul(stride)?.checked_add(offset)?;
            continue;
        }
        if item.kind != MV_INDEX_SLICE {
            return None;
        }
        let part = cut(item, length)?;
        let (extent, to) = targets.next()?;
        offset = part.start.checked_mul(stride)?.checked_add(offset)?;
        *extent = part.extent;
        *to = stride.checked_mul(part.step)?;
        empty |= part.extent == 0;
        ndim = ndim.saturating_add(1);
    }
    for (&length, &stride) in sources {
        let (extent, to) = targets.next()?;
        (*extent, *to) = (length, stride);
        empty |= length == 0;
        ndim = ndim.saturating_add(1);
    }
    out.ndim = ndim;
    if !empty && offset != 0 {
        base.add(offset);
    }
    Some(())
}

/// How far an item of a layout without suboffsets is from the first. `None` wherever there is more to be said, as of any error.
#[inline]
#[must_use]
pub fn quick_item(layout: &Layout, index: &[isize]) -> Option<isize> {
    if !layout.suboffsets.is_empty() || index.len() != layout.shape.len() {
        return None;
    }
    let mut offset = 0isize;
    for ((&length, &stride), &at) in layout.shape.iter().zip(layout.strides).zip(index) {
        offset = place(at, length)?.checked_mul(stride)?.checked_add(offset)?;
    }
    Some(offset)
}
