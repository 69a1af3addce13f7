//! The same items seen again and again, in a greater shape.

use super::{Layout, MAX_NDIM, Sketch, dimension, number, product, signed, too_many};
use crate::error::{Error, Result};

/// Repeats the items to fill a shape, as NumPy's `broadcast_to`: new dimensions come first, extents of 1 stretch, all
/// others must be equal. What is repeated has a stride of 0.
///
/// Indirect dimensions too can be stretched: each position loads the same pointer.
pub fn broadcast(layout: &Layout, shape: &[isize], out: &mut Sketch) -> Result<()> {
    out.clear();
    if shape.len() > MAX_NDIM {
        return Err(too_many(shape.len()));
    }
    let Some(added) = shape.len().checked_sub(layout.ndim()) else {
        return Err(Error::NdimDiffers { left: number(layout.ndim()), right: number(shape.len()) });
    };
    product(shape, layout.itemsize)?;
    for (dim, &wanted) in shape.iter().enumerate() {
        let source = dim.checked_sub(added).and_then(|dim| layout.dim(dim));
        match source {
            None => out.push(wanted, 0, -1)?,
            Some((extent, stride, suboffset)) if extent == wanted => out.push(extent, stride, suboffset)?,
            Some((1, _, suboffset)) => out.push(wanted, 0, suboffset)?,
            Some((extent, ..)) => {
                return Err(Error::ShapesDiffer {
                    left: signed(extent),
                    right: signed(wanted),
                    dim: dimension(dim),
                });
            }
        }
    }
    Ok(())
}
