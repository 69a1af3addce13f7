//! Every position of a window that slides over the items.

use super::{Layout, MAX_NDIM, Sketch, dimension, last_indirect, number, signed, too_many};
use crate::error::{Error, Result};

/// The positions of a window first, then the items in it, as NumPy's `sliding_window_view`: one extent of the window
/// for each dimension.
///
/// A window over a dimension that stands before a dereference has no description, unless its extent there is 1.
pub fn window(layout: &Layout, shape: &[isize], out: &mut Sketch) -> Result<()> {
    out.clear();
    let ndim = layout.ndim();
    if shape.len() != ndim {
        return Err(Error::NdimDiffers { left: number(ndim), right: number(shape.len()) });
    }
    let doubled = ndim.saturating_mul(2);
    if doubled > MAX_NDIM {
        return Err(too_many(doubled));
    }
    let last = last_indirect(layout);
    for (dim, ((extent, stride, suboffset), &wanted)) in layout.dims().zip(shape).enumerate() {
        if wanted < 0 {
            return Err(Error::NegativeExtent { extent: signed(wanted), dim: dimension(dim) });
        }
        if wanted > extent {
            let (left, right) = (signed(extent), signed(wanted));
            return Err(Error::ShapesDiffer { left, right, dim: dimension(dim) });
        }
        if wanted > 1 && last.is_some_and(|last| dim <= last) {
            return Err(Error::UnsupportedAt {
                operation: "a window",
                reason: "it would slide across a dereference",
                dim: dimension(dim),
            });
        }
        // An extent of 0 has one position more than there are items.
        let positions = extent.saturating_sub(wanted).saturating_add(1);
        out.push(positions, stride, suboffset)?;
    }
    for (dim, ((_, stride, _), &wanted)) in layout.dims().zip(shape).enumerate() {
        let inside = last.is_none_or(|last| dim > last);
        out.push(wanted, if inside { stride } else { 0 }, -1)?;
    }
    Ok(())
}
