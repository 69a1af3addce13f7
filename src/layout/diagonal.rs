//! The items whose two positions are equal, but for an offset.

use super::permute::axis;
use super::slice::Selection;
use super::trail::Trail;
use super::{Base, Layout, Sketch, dimension, last_indirect};
use crate::error::{Error, Result};

/// Takes two dimensions away and appends their diagonal, as NumPy's `diagonal`: the items whose position on the second
/// axis is that on the first plus `offset`. Axes may count from the end.
pub fn diagonal(
    layout: &Layout,
    offset: isize,
    axes: (i32, i32),
    out: &mut Sketch,
    base: &mut impl Base,
) -> Result<()> {
    let ndim = layout.ndim();
    let (first, second) = (axis(axes.0, ndim)?, axis(axes.1, ndim)?);
    if first == second {
        return Err(Error::AxisTwice { axis: i64::from(axes.1) });
    }
    let (Some((rows, down, _)), Some((columns, across, _))) = (layout.dim(first), layout.dim(second)) else {
        return Ok(());
    };
    // Where the diagonal begins: below the first row, or right of the first column.
    let (row, column) = (offset.saturating_neg().max(0), offset.max(0));
    let extent = rows.saturating_sub(row).min(columns.saturating_sub(column)).max(0);
    let empty = extent == 0
        || layout.dims().enumerate().any(|(dim, (extent, ..))| dim != first && dim != second && extent == 0);
    let before = |dim: usize| !empty && last_indirect(layout).is_some_and(|last| dim <= last);
    if let Some(dim) = [first, second].into_iter().find(|&dim| before(dim)) {
        return Err(Error::UnsupportedAt {
            operation: "a diagonal",
            reason: "it would move the dimension across a dereference",
            dim: dimension(dim),
        });
    }
    let overflow = || Error::OverflowAt { what: "the stride of a diagonal", dim: dimension(second) };
    let stride = match down.checked_add(across) {
        Some(stride) => stride,
        // Nothing follows a stride of less than two positions.
        None if extent < 2 => down,
        None => return Err(overflow()),
    };
    let mut trail = Trail::new(out, base, empty);
    for (dim, source) in layout.dims().enumerate() {
        if dim != first && dim != second {
            trail.keep(dim, source, Selection::whole(source.0))?;
        } else if !empty {
            trail.remove(dim, source, if dim == first { row } else { column })?;
        }
    }
    trail.append(extent, stride)?;
    trail.finish(second)
}
