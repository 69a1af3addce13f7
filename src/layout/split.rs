//! Parts of a layout that are worked on independently.

use super::slice::Selection;
use super::trail::Trail;
use super::{Base, Layout, Sketch, signed};
use crate::error::{Error, Result};

/// Part number `part` of `parts`: together they have every item once, and along the axis that is cut their extents
/// differ by 1 at most. With more parts than positions there some are empty.
///
/// Cut is the first axis long enough to give each part something, or else the longest.
pub fn split(
    layout: &Layout,
    part: isize,
    parts: isize,
    out: &mut Sketch,
    base: &mut impl Base,
) -> Result<()> {
    if part < 0 || part >= parts {
        return Err(Error::Part { part: signed(part), parts: signed(parts) });
    }
    let Some(axis) = axis(layout, parts) else {
        if parts > 1 {
            return Err(Error::ZeroDim { what: "axis to be split along" });
        }
        out.clear();
        return Ok(());
    };
    let cut = balanced(layout.shape.get(axis).copied().unwrap_or(0), part, parts);
    let empty = layout.is_empty() || cut.extent == 0;
    let mut trail = Trail::new(out, base, empty);
    for (dim, source) in layout.dims().enumerate() {
        trail.keep(dim, source, if dim == axis { cut } else { Selection::whole(source.0) })?;
    }
    trail.finish(axis)
}

fn axis(layout: &Layout, parts: isize) -> Option<usize> {
    let first = layout.shape.iter().position(|&extent| extent >= parts);
    let longest = || layout.shape.iter().enumerate().rev().max_by_key(|(_, extent)| **extent);
    first.or_else(|| longest().map(|(axis, _)| axis))
}

fn balanced(length: isize, part: isize, parts: isize) -> Selection {
    let each = length.checked_div(parts).unwrap_or(0);
    let longer = length.checked_rem(parts).unwrap_or(0);
    let extent = if part < longer { each.saturating_add(1) } else { each };
    let start = part.saturating_mul(each).saturating_add(part.min(longer));
    Selection { start: if extent == 0 { 0 } else { start }, extent, step: 1 }
}
