//! The address of one item.

use super::quick::quick_item;
use super::slice::position;
use super::{Base, Layout, dimension, number};
use crate::error::{Error, Result};

/// Moves the base to the item that the index names, one position for each dimension; a negative one counts from
/// the end. All bounds are checked before the first call on `base`.
#[inline]
pub fn item(layout: &Layout, index: &[isize], base: &mut impl Base) -> Result<()> {
    match quick_item(layout, index) {
        Some(offset) => {
            base.add(offset);
            Ok(())
        }
        None => item_generally(layout, index, base),
    }
}

#[cold]
#[inline(never)]
pub(super) fn item_generally(layout: &Layout, index: &[isize], base: &mut impl Base) -> Result<()> {
    let (given, ndim) = (index.len(), layout.ndim());
    if given > ndim {
        return Err(Error::TooManyIndices { given: number(given), ndim: number(ndim) });
    }
    if given < ndim {
        return Err(Error::TooFewIndices { given: number(given), ndim: number(ndim) });
    }
    if layout.is_indirect() {
        // A rehearsal, so that no pointer is loaded where a later position is out of bounds.
        steps(layout, index, |_, _| {})?;
        return steps(layout, index, |offset, suboffset| {
            base.add(offset);
            if suboffset >= 0 {
                base.dereference(suboffset);
            }
        });
    }
    let mut sum = 0isize;
    let directly = layout.shape.iter().zip(layout.strides).zip(index);
    for (dim, ((&extent, &stride), &at)) in directly.enumerate() {
        sum = sum.checked_add(offset(at, extent, stride, dim)?).ok_or_else(|| overflow(dim))?;
    }
    base.add(sum);
    Ok(())
}

fn steps(layout: &Layout, index: &[isize], mut step: impl FnMut(isize, isize)) -> Result<()> {
    for (dim, ((extent, stride, suboffset), &at)) in layout.dims().zip(index).enumerate() {
        step(offset(at, extent, stride, dim)?, suboffset);
    }
    Ok(())
}

#[inline]
fn offset(at: isize, extent: isize, stride: isize, dim: usize) -> Result<isize> {
    position(at, extent, dim)?.checked_mul(stride).ok_or_else(|| overflow(dim))
}

#[cold]
fn overflow(dim: usize) -> Error {
    Error::OverflowAt { what: "the offset of an item", dim: dimension(dim) }
}
