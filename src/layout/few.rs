//! The usual layouts, worked out in place and in one pass with all that a view asks of them: direct, without a dimension more than
//! their source has.

use super::index::{MV_INDEX_AT, MV_INDEX_SLICE, mv_index};
use super::slice::{cut, place};
use super::{Layout, Survey};

/// A direct layout that is being worked out, outermost dimension first, and what is known of it so far.
pub struct Few<'a> {
    shape: &'a mut [isize],
    strides: &'a mut [isize],
    ndim: usize,
    itemsize: isize,
    /// The bytes of all items: what the stride of the next dimension is in Fortran's order.
    nbytes: isize,
    /// The stride of the last dimension that has one in use; `itemsize` times what will follow it in C's order.
    outer: Option<isize>,
    c_contiguous: bool,
    f_contiguous: bool,
}

impl<'a> Few<'a> {
    /// No dimension yet, and room for some; of a layout that has no more bytes than memory can have.
    #[inline]
    pub fn new(shape: &'a mut [isize], strides: &'a mut [isize], itemsize: isize) -> Self {
        let (ndim, nbytes, outer) = (0, itemsize, None);
        Few { shape, strides, ndim, itemsize, nbytes, outer, c_contiguous: true, f_contiguous: true }
    }

    /// Appends a dimension, if there is room.
    #[inline]
    fn push(&mut self, extent: isize, stride: isize) -> Option<()> {
        *self.shape.get_mut(self.ndim)? = extent;
        *self.strides.get_mut(self.ndim)? = stride;
        self.ndim = self.ndim.saturating_add(1);
        if extent != 1 {
            // What wraps belongs to a layout without items, which is contiguous for that reason, or to none that is: its
            // innermost stride would have to be the size of an item, and from there on nothing wraps.
            self.c_contiguous &= self.outer.is_none_or(|outer| outer == extent.wrapping_mul(stride));
            self.f_contiguous &= stride == self.nbytes;
            self.nbytes = self.nbytes.wrapping_mul(extent);
            self.outer = Some(stride);
        }
        Some(())
    }

    /// The dimensions so far.
    #[inline]
    #[must_use]
    pub fn ndim(&self) -> usize {
        self.ndim
    }

    /// What [`survey`](super::survey) says of the layout.
    #[inline]
    #[must_use]
    pub fn survey(&self) -> Survey {
        let empty = self.nbytes == 0;
        Survey {
            nbytes: self.nbytes,
            c_contiguous: empty
                || (self.c_contiguous && self.outer.is_none_or(|inner| inner == self.itemsize)),
            f_contiguous: empty || self.f_contiguous,
        }
    }
}

/// Integers and slices of a direct layout, as [`index`](super::index()) has them; gives how far the first item moves. `None` wherever there
/// is more to be said, as of any error: then the general way starts afresh.
#[inline]
pub fn index_few(layout: &Layout, items: &[mv_index], out: &mut Few) -> Option<isize> {
    let mut sources = layout.shape.iter().zip(layout.strides);
    let mut offset = 0isize;
    for item in items {
        let (&length, &stride) = sources.next()?;
        if item.kind == MV_INDEX_AT {
            offset = place(item.start, length)?.checked_mul(stride)?.checked_add(offset)?;
            continue;
        }
        if item.kind != MV_INDEX_SLICE {
            return None;
        }
        let part = cut(item, length)?;
        offset = part.start.checked_mul(stride)?.checked_add(offset)?;
        out.push(part.extent, stride.checked_mul(part.step)?)?;
    }
    for (&length, &stride) in sources {
        out.push(length, stride)?;
    }
    // Without items the first one stays where it is.
    Some(if out.nbytes == 0 { 0 } else { offset })
}

/// All dimensions of a direct layout, reversed.
#[inline]
pub fn reverse_few(layout: &Layout, out: &mut Few) -> Option<isize> {
    let mut dims = layout.shape.iter().zip(layout.strides).rev();
    dims.try_for_each(|(&extent, &stride)| out.push(extent, stride))?;
    Some(0)
}

/// The bytes of a contiguous direct layout as a row of items of another size. `None` where there is more to be said, as of any error.
#[inline]
pub fn cast_few(layout: &Layout, nbytes: isize, out: &mut Few) -> Option<isize> {
    let size = out.itemsize.unsigned_abs();
    let even = size.is_power_of_two() && nbytes.unsigned_abs() & size.wrapping_sub(1) == 0;
    if !even || layout.ndim() != 1 {
        return None;
    }
    out.push(nbytes.checked_shr(size.trailing_zeros())?, out.itemsize)?;
    Some(0)
}
