//! The same items in another shape, wherever strides can say so.

use core::ops::Range;

use super::shape::{pack, product_of};
use super::{Layout, MAX_NDIM, Order, Sketch, dimension, signed, too_many};
use crate::error::{Error, Result};

/// Gives the items another shape without moving them, as NumPy's `reshape`: `order` is the order in which the items
/// are counted in both shapes; [`Order::A`] is Fortran's where only that is contiguous. One extent may be -1: it
/// follows from the others.
///
/// [`Error::Unsupported`] where it needs a copy. The dimensions of an indirect layout are regrouped on each side of
/// a dereference by themselves.
pub fn reshape(layout: &Layout, shape: &[isize], order: Order, out: &mut Sketch) -> Result<()> {
    out.clear();
    if shape.len() > MAX_NDIM {
        return Err(too_many(shape.len()));
    }
    let derived = derive(layout.items(), shape)?;
    for &extent in shape {
        out.push(if extent == -1 { derived } else { extent }, 0, -1)?;
    }
    let order = match order {
        Order::A if layout.is_contiguous(Order::F) && !layout.is_contiguous(Order::C) => Order::F,
        Order::A => Order::C,
        order => order,
    };
    if layout.is_empty() {
        return pack(layout.itemsize, order, out);
    }
    let (mut old, mut new) = (0, 0);
    for (dim, (.., suboffset)) in layout.dims().enumerate().filter(|(_, (.., suboffset))| *suboffset >= 0) {
        let old_end = dim.saturating_add(1);
        let (last, new_end) =
            same_count(layout, old..old_end, new, out).ok_or_else(|| Error::UnsupportedAt {
                operation: "a reshape",
                reason: "it would join items on both sides of a dereference",
                dim: dimension(dim),
            })?;
        regroup(layout, old..old_end, new..new_end, order, out)?;
        out.set_suboffset(last, suboffset)?;
        (old, new) = (old_end, new_end);
    }
    regroup(layout, old..layout.ndim(), new..out.ndim(), order, out)
}

/// The extent that -1 stands for; 0 where nothing is left open. Fails where the items do not fill the shape.
fn derive(items: isize, shape: &[isize]) -> Result<isize> {
    let mut open = shape.iter().enumerate().filter(|(_, extent)| **extent == -1).map(|(dim, _)| dim);
    let any_open = open.next().is_some();
    if let Some(second) = open.next() {
        return Err(Error::NegativeExtent { extent: -1, dim: dimension(second) });
    }
    let known = product_of(shape.iter().map(|&extent| if extent == -1 { 1 } else { extent }), 1)?;
    match (any_open, items.checked_rem(known)) {
        (false, _) if items == known => Ok(0),
        (true, Some(0)) => Ok(items.checked_div(known).unwrap_or(0)),
        _ => {
            Err(Error::Count { what: "the items of a reshape", given: signed(items), needed: signed(known) })
        }
    }
}

/// The fewest new dimensions from `new` on that have as many items as these old ones; at least one, because one must
/// carry the dereference. The last of them, and the end.
fn same_count(layout: &Layout, old: Range<usize>, new: usize, out: &Sketch) -> Option<(usize, usize)> {
    let wanted = layout.shape.get(old)?.iter().fold(1, |count: isize, &extent| count.saturating_mul(extent));
    let mut count: isize = 1;
    for dim in new..out.ndim() {
        count = count.saturating_mul(*out.shape.get(dim)?);
        if count >= wanted {
            return (count == wanted).then_some((dim, dim.saturating_add(1)));
        }
    }
    None
}

/// Sets the strides of the new dimensions to those of the old ones, which have as many items.
///
/// From the fastest dimension on, old dimensions are joined to a run until the next new extent divides it.
fn regroup(
    layout: &Layout,
    old: Range<usize>,
    new: Range<usize>,
    order: Order,
    out: &mut Sketch,
) -> Result<()> {
    let needs_copy =
        || Error::Unsupported { operation: "a reshape of these strides", reason: "it needs a copy" };
    let sources = fastest_first(old, order).filter_map(|dim| layout.dim(dim));
    let mut sources = sources.filter(|&(extent, ..)| extent != 1);
    let (mut run, mut step) = (1isize, layout.itemsize);
    for dim in fastest_first(new, order) {
        let extent = out.shape.get(dim).copied().unwrap_or(1);
        while run.checked_rem(extent) != Some(0) {
            match sources.next() {
                Some((extent, stride, _)) if run == 1 => (run, step) = (extent, stride),
                Some((extent, stride, _)) if step.checked_mul(run) == Some(stride) => {
                    run = run.saturating_mul(extent);
                }
                _ => return Err(needs_copy()),
            }
        }
        out.set_stride(dim, step);
        run = run.checked_div(extent).unwrap_or(1);
        step = step.saturating_mul(extent);
    }
    Ok(())
}

fn fastest_first(dims: Range<usize>, order: Order) -> impl Iterator<Item = usize> {
    let (start, end) = (dims.start, dims.end);
    dims.map(move |dim| {
        let passed = dim.saturating_sub(start);
        if order == Order::F { dim } else { end.saturating_sub(passed).saturating_sub(1) }
    })
}
