//! What a view asks of its layout once and for all, found in one pass.

use super::{Layout, Order};

/// The size of a layout's items, and the orders in which they lie side by side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Survey {
    /// As [`Layout::nbytes`].
    pub nbytes: isize,
    /// As [`Layout::is_contiguous`] in [`Order::C`].
    pub c_contiguous: bool,
    /// As [`Layout::is_contiguous`] in [`Order::F`].
    pub f_contiguous: bool,
}

/// Looks at every dimension once.
#[inline]
#[must_use]
pub fn survey(layout: &Layout<'_>) -> Survey {
    if !layout.suboffsets.is_empty() {
        return survey_indirect(layout);
    }
    let (mut c, mut f) = (true, true);
    // What the strides of the next dimension are in each order; C's goes from the last one to the first.
    let (mut c_stride, mut f_stride) = (layout.itemsize, layout.itemsize);
    let dims = layout.shape.iter().zip(layout.strides);
    for ((&f_extent, &f_found), (&c_extent, &c_found)) in dims.clone().zip(dims.rev()) {
        c &= c_extent <= 1 || c_found == c_stride;
        f &= f_extent <= 1 || f_found == f_stride;
        c_stride = c_stride.saturating_mul(c_extent);
        f_stride = f_stride.saturating_mul(f_extent);
    }
    let empty = c_stride == 0;
    Survey { nbytes: c_stride, c_contiguous: c || empty, f_contiguous: f || empty }
}

#[cold]
fn survey_indirect(layout: &Layout<'_>) -> Survey {
    Survey {
        nbytes: layout.nbytes(),
        c_contiguous: layout.is_contiguous(Order::C),
        f_contiguous: layout.is_contiguous(Order::F),
    }
}
