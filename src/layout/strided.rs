//! Any shape and strides over the same bytes.

use super::{
    Base, Layout, MAX_NDIM, Sketch, dimension, last_indirect, number, product, reach, signed, too_many,
};
use crate::error::{Error, Result};

/// Items `offset` bytes from the first, in a shape and with strides of the caller's, as NumPy's `as_strided`; but every
/// byte that the result can touch lies within those that the layout itself can touch.
pub fn strided(
    layout: &Layout,
    offset: isize,
    shape: &[isize],
    strides: &[isize],
    out: &mut Sketch,
    base: &mut impl Base,
) -> Result<()> {
    out.clear();
    if shape.len() > MAX_NDIM {
        return Err(too_many(shape.len()));
    }
    if let Some(dim) = last_indirect(layout) {
        return Err(Error::UnsupportedAt {
            operation: "strides of one's own",
            reason: "the memory is indirect",
            dim: dimension(dim),
        });
    }
    product(shape, layout.itemsize)?;
    for (&extent, &stride) in shape.iter().zip(strides) {
        out.push(extent, stride, -1)?;
    }
    let result = out.layout(layout.itemsize);
    if result.is_empty() {
        return Ok(());
    }
    let ((low, high), (least, most)) = (reach(layout)?, reach(&result)?);
    let overflow = || Error::Overflow { what: "the bytes that the strides reach" };
    let least = least.checked_add(offset).ok_or_else(overflow)?;
    let most = most.checked_add(offset).ok_or_else(overflow)?;
    if least < low || most > high {
        let extent = number(high.saturating_sub(low).unsigned_abs());
        let outside = if least < low { least } else { most.saturating_sub(1) };
        return Err(Error::Reach { reach: signed(outside.saturating_sub(low)), extent });
    }
    base.add(offset);
    Ok(())
}
