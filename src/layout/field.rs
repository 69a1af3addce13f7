//! A part of every item.

use super::slice::Selection;
use super::trail::Trail;
use super::{Base, Layout, Sketch};
use crate::error::{Error, Result, dimension};

/// A part that begins `offset` bytes into each item. Where the part is a sub-array its extents are appended to the shape;
/// `stride` is the distance from one element to the next.
pub fn field(
    layout: &Layout,
    offset: isize,
    shape: &[isize],
    stride: isize,
    out: &mut Sketch,
    base: &mut impl Base,
) -> Result<()> {
    let empty = layout.is_empty() || shape.contains(&0);
    let mut trail = Trail::new(out, base, empty);
    for (dim, source) in layout.dims().enumerate() {
        trail.keep(dim, source, Selection::whole(source.0))?;
    }
    let ndim = layout.ndim();
    trail.forward(ndim, offset);
    for (number, &extent) in shape.iter().enumerate() {
        let inner = shape.iter().skip(number.saturating_add(1));
        let step =
            inner.filter(|&&extent| extent != 0).try_fold(stride, |step, extent| step.checked_mul(*extent));
        let overflow = || Error::OverflowAt { what: "a stride", dim: dimension(ndim.saturating_add(number)) };
        trail.append(extent, step.ok_or_else(overflow)?)?;
    }
    trail.finish(ndim)
}
