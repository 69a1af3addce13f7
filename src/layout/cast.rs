//! The same bytes as items of another size, in another shape.

use super::{Layout, MAX_NDIM, Order, Sketch, dimension, product, signed, sketch_contiguous, too_many};
use crate::error::{Error, Result};

/// The number of dimensions of a cast's result.
#[must_use]
pub fn cast_ndim(shape: Option<&[isize]>) -> usize {
    shape.map_or(1, <[isize]>::len)
}

/// Describes the bytes of a contiguous layout as items of another size: of the given shape, laid out in `order`
/// ([`Order::A`] counts as C's), or without one in one dimension. The first item stays where it is.
///
/// Bytes that are contiguous only in Fortran's order can be cast to one dimension, which has them as they lie.
pub fn cast_shape(
    layout: &Layout,
    itemsize: isize,
    shape: Option<&[isize]>,
    order: Order,
    out: &mut Sketch,
) -> Result<()> {
    out.clear();
    let ndim = cast_ndim(shape);
    if ndim > MAX_NDIM {
        return Err(too_many(ndim));
    }
    if !layout.is_contiguous(if ndim == 1 { Order::A } else { Order::C }) {
        return Err(Error::CastStrided);
    }
    if let Some(dim) = layout.shape.iter().position(|&extent| extent == 0)
        && (shape.is_some() || layout.ndim() != 1)
    {
        return Err(Error::CastEmpty { dim: dimension(dim) });
    }
    let nbytes = layout.nbytes();
    match shape {
        None => sketch_contiguous(&[whole(nbytes, itemsize)?], itemsize, order, out),
        Some(shape) => {
            fits(nbytes, itemsize, shape)?;
            sketch_contiguous(shape, itemsize, order, out)
        }
    }
}

fn whole(nbytes: isize, itemsize: isize) -> Result<isize> {
    product(&[], itemsize)?;
    match (nbytes.checked_rem(itemsize), nbytes.checked_div(itemsize)) {
        (Some(0), Some(items)) => Ok(items),
        _ => Err(Error::Remainder { nbytes: signed(nbytes), itemsize: signed(itemsize) }),
    }
}

fn fits(nbytes: isize, itemsize: isize, shape: &[isize]) -> Result<()> {
    let needed = product(shape, itemsize)?;
    if let Some(dim) = shape.iter().position(|&extent| extent == 0) {
        return Err(Error::CastExtent { dim: dimension(dim) });
    }
    if needed == nbytes {
        Ok(())
    } else {
        Err(Error::CastSize { nbytes: signed(nbytes), needed: signed(needed) })
    }
}
