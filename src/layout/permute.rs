//! The same items with the dimensions in another order.

use super::{Layout, Sketch, dimension, number};
use crate::error::{Error, Result};

/// Puts the dimensions into the order of `axes`, which names each once and may count from the end; `None` reverses
/// them.
///
/// Dimensions may change places as long as their strides are added before the same dereference.
pub fn transpose(layout: &Layout, axes: Option<&[i32]>, out: &mut Sketch) -> Result<()> {
    out.clear();
    let ndim = layout.ndim();
    if let Some(axes) = axes {
        check(axes, ndim)?;
    }
    let free = !layout.is_indirect() || layout.is_empty();
    for (to, _) in layout.shape.iter().enumerate() {
        let from = match axes {
            None => ndim.saturating_sub(to).saturating_sub(1),
            Some(axes) => axis(axes.get(to).copied().unwrap_or(0), ndim)?,
        };
        if !free && segment(layout, from) != segment(layout, to) {
            return Err(Error::UnsupportedAt {
                operation: "a transpose",
                reason: "it would move the dimension across a dereference",
                dim: dimension(from),
            });
        }
        if let Some((extent, stride, _)) = layout.dim(from) {
            // The pointer is loaded once the last dimension of the segment is passed, whichever that is.
            out.push(extent, stride, layout.suboffset(to))?;
        }
    }
    Ok(())
}

/// The number of dereferences before a dimension.
fn segment(layout: &Layout, dim: usize) -> usize {
    layout.suboffsets.iter().take(dim).filter(|&&suboffset| suboffset >= 0).count()
}

fn check(axes: &[i32], ndim: usize) -> Result<()> {
    if axes.len() != ndim {
        return Err(Error::AxisCount { given: number(axes.len()), ndim: number(ndim) });
    }
    let mut seen = 0u64;
    for &given in axes {
        let place = u32::try_from(axis(given, ndim)?).unwrap_or(u32::MAX);
        let bit = 1u64.checked_shl(place).unwrap_or(0);
        if seen & bit != 0 {
            return Err(Error::AxisTwice { axis: i64::from(given) });
        }
        seen |= bit;
    }
    Ok(())
}

/// The dimension that an axis names; a negative one counts from the end.
pub(super) fn axis(given: i32, ndim: usize) -> Result<usize> {
    let wanted = usize::try_from(given.unsigned_abs()).unwrap_or(usize::MAX);
    let from_start = if given < 0 { ndim.checked_sub(wanted) } else { Some(wanted) };
    from_start
        .filter(|&from_start| from_start < ndim)
        .ok_or_else(|| Error::Axis { axis: i64::from(given), ndim: number(ndim) })
}
