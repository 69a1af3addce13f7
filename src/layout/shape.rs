//! Shapes: their validity, their product and the strides of contiguous items.

use super::{Layout, MAX_NDIM, Order, Sketch, dimension, number, signed, too_many};
use crate::error::{Error, Result};

/// The number of dimensions that a caller states: not negative and within [`MAX_NDIM`].
pub fn check_ndim(ndim: i32) -> Result<usize> {
    let count = usize::try_from(ndim).map_err(|_| Error::Ndim { ndim: i64::from(ndim) })?;
    if count > MAX_NDIM { Err(too_many(count)) } else { Ok(count) }
}

/// Checks a layout that comes from outside, and returns the bytes of all its items.
///
/// Says nothing about where the items lie: that is [`reach`](super::reach).
pub fn validate(layout: &Layout) -> Result<isize> {
    let ndim = layout.ndim();
    if ndim > MAX_NDIM {
        return Err(too_many(ndim));
    }
    same_ndim(ndim, layout.strides.len())?;
    if !layout.suboffsets.is_empty() {
        same_ndim(ndim, layout.suboffsets.len())?;
    }
    product(layout.shape, layout.itemsize)
}

/// The bytes of all items of a shape: not negative, and 0 where any extent is 0, however great the others are.
pub fn product(shape: &[isize], itemsize: isize) -> Result<isize> {
    product_of(shape.iter().copied(), itemsize)
}

pub(super) fn product_of(extents: impl Iterator<Item = isize>, itemsize: isize) -> Result<isize> {
    if itemsize <= 0 {
        return Err(Error::Itemsize { itemsize: signed(itemsize) });
    }
    let mut bytes = Ok(itemsize);
    let mut empty = false;
    for (dim, extent) in extents.enumerate() {
        if extent < 0 {
            return Err(Error::NegativeExtent { extent: signed(extent), dim: dimension(dim) });
        }
        empty |= extent == 0;
        bytes = bytes.and_then(|bytes| bytes.checked_mul(extent).ok_or(dim));
    }
    match bytes {
        _ if empty => Ok(0),
        Ok(bytes) => Ok(bytes),
        Err(dim) => Err(Error::OverflowAt { what: "the bytes of all items", dim: dimension(dim) }),
    }
}

/// The strides of items side by side, as `PyBuffer_FillContiguousStrides`: a zero extent gives zero strides to the
/// slower dimensions. [`Order::A`] counts as C's. `out` is as long as `shape`.
pub fn fill_strides(shape: &[isize], itemsize: isize, order: Order, out: &mut [isize]) -> Result<()> {
    product(shape, itemsize)?;
    same_ndim(shape.len(), out.len())?;
    let pairs = shape.iter().zip(out);
    // Only an empty shape can pass the limit here, and its strides lead nowhere.
    let place = |stride: isize, (extent, to): (&isize, &mut isize)| {
        *to = stride;
        stride.saturating_mul(*extent)
    };
    if order == Order::F {
        pairs.fold(itemsize, place);
    } else {
        pairs.rfold(itemsize, place);
    }
    Ok(())
}

/// Describes items of this shape side by side. [`Order::A`] counts as C's.
pub fn sketch_contiguous(shape: &[isize], itemsize: isize, order: Order, out: &mut Sketch) -> Result<()> {
    out.clear();
    for &extent in shape {
        out.push(extent, 0, -1)?;
    }
    pack(itemsize, order, out)
}

/// Gives the dimensions of a sketch the strides of items side by side.
pub(super) fn pack(itemsize: isize, order: Order, out: &mut Sketch) -> Result<()> {
    let shape = out.shape.get(..out.ndim).unwrap_or_default();
    let strides = out.strides.get_mut(..out.ndim).unwrap_or_default();
    fill_strides(shape, itemsize, order, strides)
}

fn same_ndim(left: usize, right: usize) -> Result<()> {
    if left == right { Ok(()) } else { Err(Error::NdimDiffers { left: number(left), right: number(right) }) }
}
