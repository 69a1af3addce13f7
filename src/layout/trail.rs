//! The way from a layout to a part of it, dimension by dimension: what is kept goes into the sketch, what is
//! constant into the base or into the suboffset of the dereference before it.

use super::slice::Selection;
use super::{Base, Sketch, dimension};
use crate::error::{Error, Result};

/// Extent, stride and suboffset of a dimension.
pub(super) type Dim = (isize, isize, isize);

/// A result in the making.
pub(super) struct Trail<'t, 's, B> {
    out: &'t mut Sketch<'s>,
    base: &'t mut B,
    /// The result has no item: nothing moves, nothing is loaded, everything has a description.
    empty: bool,
    /// The dimension on which a sum or product overflowed. No error before the end: the result may be empty.
    overflow: Option<usize>,
    /// The result dimension behind whose dereference we are; at first there is none, but the base.
    behind: Option<usize>,
    /// The offset from there: the suboffset to be, or what the base is to be moved by.
    offset: isize,
    /// The last dimension of the source that the result keeps, as a dimension of the result.
    last: Option<usize>,
}

impl<'t, 's, B: Base> Trail<'t, 's, B> {
    /// For an indirect layout it must be known beforehand whether the result is empty.
    pub fn new(out: &'t mut Sketch<'s>, base: &'t mut B, empty: bool) -> Self {
        out.clear();
        Trail { out, base, empty, overflow: None, behind: None, offset: 0, last: None }
    }

    /// A new dimension of extent 1.
    pub fn add(&mut self) -> Result<()> {
        self.out.push(1, 0, -1)
    }

    /// Dimension `dim` of the source, or a part of it.
    pub fn keep(&mut self, dim: usize, source: Dim, part: Selection) -> Result<()> {
        let (_, stride, suboffset) = source;
        self.shift(dim, part.start, stride);
        self.empty |= part.extent == 0;
        // Nothing follows a stride of less than two positions: where the product has no place, any will do.
        let stride = stride.checked_mul(part.step).unwrap_or_else(|| {
            if part.extent > 1 {
                self.overflow = Some(dim);
            }
            stride
        });
        let here = self.out.ndim();
        self.out.push(part.extent, stride, suboffset)?;
        self.last = Some(here);
        if suboffset >= 0 { self.pass(dim, here, suboffset) } else { Ok(()) }
    }

    /// One position of dimension `dim` of the source, which the result loses.
    pub fn remove(&mut self, dim: usize, source: Dim, position: isize) -> Result<()> {
        let (_, stride, suboffset) = source;
        self.shift(dim, position, stride);
        if suboffset < 0 || self.empty {
            return Ok(());
        }
        match self.last {
            None => {
                self.finish(dim)?;
                self.base.dereference(suboffset);
                Ok(())
            }
            Some(last) if self.behind == Some(last) => Err(Error::UnsupportedAt {
                operation: "an integer index",
                reason: "two pointers would be loaded in a row",
                dim: dimension(dim),
            }),
            // All that is added before this load is known once the last kept dimension is passed.
            Some(last) => self.pass(dim, last, suboffset),
        }
    }

    /// So many bytes further on, behind the last dimension; `dim` is the one to be named.
    pub fn forward(&mut self, dim: usize, bytes: isize) {
        self.shift(dim, 1, bytes);
    }

    /// A new last dimension, which is direct.
    pub fn append(&mut self, extent: isize, stride: isize) -> Result<()> {
        self.empty |= extent == 0;
        self.out.push(extent, stride, -1)
    }

    #[inline]
    fn shift(&mut self, dim: usize, position: isize, stride: isize) {
        if self.empty {
            return;
        }
        match position.checked_mul(stride).and_then(|bytes| self.offset.checked_add(bytes)) {
            Some(offset) => self.offset = offset,
            None => self.overflow = Some(dim),
        }
    }

    /// Goes through the dereference of dimension `here` of the result.
    fn pass(&mut self, dim: usize, here: usize, suboffset: isize) -> Result<()> {
        self.finish(dim)?;
        self.behind = Some(here);
        self.offset = suboffset;
        Ok(())
    }

    /// Settles the offset of the segment that ends at dimension `dim` of the source.
    pub fn finish(&mut self, dim: usize) -> Result<()> {
        let offset = core::mem::take(&mut self.offset);
        if let Some(dim) = self.overflow
            && !self.empty
        {
            return Err(Error::OverflowAt { what: "the offset of an item", dim: dimension(dim) });
        }
        match self.behind {
            None if offset == 0 || self.empty => Ok(()),
            None => {
                self.base.add(offset);
                Ok(())
            }
            Some(behind) if offset >= 0 => self.out.set_suboffset(behind, offset),
            Some(_) => Err(Error::UnsupportedAt {
                operation: "a slice behind a pointer",
                reason: "the suboffset would go below zero",
                dim: dimension(dim),
            }),
        }
    }
}
