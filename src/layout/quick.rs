//! The usual item, without the general machinery, which takes several times as long.

use super::Layout;
use super::slice::place;

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
