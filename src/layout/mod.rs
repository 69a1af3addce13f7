//! Geometry: where the items of an N-dimensional block lie. No memory is touched and nothing is unsafe;
//! every sum and product is checked.
//!
//! A [`Layout`] describes, a [`Sketch`] is the space into which an operation writes its result, and a [`Base`]
//! is told how the address of the first item moves: "add" or "dereference". The owner of memory does the load.
//!
//! Dimensions up to and including an indirect one form a segment: their strides are added before the pointer is
//! loaded. What an operation can do to indirect layouts follows from that, and [`Error::UnsupportedAt`] says where
//! the result would have no description.

#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)]
#![allow(clippy::similar_names)] // start, stop and step are Python's words

mod broadcast;
mod cast;
mod diagonal;
mod extent;
mod few;
mod field;
mod index;
mod item;
mod permute;
mod quick;
mod reshape;
mod shape;
mod slice;
mod split;
mod strided;
mod survey;
mod text;
mod trail;
mod window;

pub use broadcast::broadcast;
pub use cast::{cast_ndim, cast_shape};
pub use diagonal::diagonal;
pub use extent::{reach, within};
pub use few::{Few, cast_few, index_few, reverse_few};
pub use field::field;
pub use index::{
    MV_INDEX_AT, MV_INDEX_ELLIPSIS, MV_INDEX_NEWAXIS, MV_INDEX_SLICE, index, mv_index, result_ndim,
};
pub use item::item;
pub use permute::transpose;
pub use quick::{quick_contiguous, quick_item, quick_offset};
pub use reshape::reshape;
pub use shape::{check_ndim, fill_strides, product, sketch_contiguous, validate};
pub use split::split;
pub use strided::strided;
pub use survey::{Survey, survey};
pub use text::parse;
pub use window::window;

#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)]
mod tests;

use crate::error::{Error, Result, dimension, number, signed};

/// The greatest number of dimensions, as in CPython.
pub const MAX_NDIM: usize = 64;

/// The order in which the items of contiguous memory follow each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// The last index moves fastest.
    C,
    /// The first index moves fastest.
    F,
    /// Fortran's where the layout is contiguous in Fortran's order and not in C's, else C's.
    A,
}

/// A description of items: borrowed, and trusted to be valid once [`validate`] has passed it.
///
/// The address of an item: for each dimension add `strides[i] * index[i]`; where `suboffsets[i]` is not negative,
/// load the pointer found there and add the suboffset.
#[derive(Clone, Copy, Debug)]
pub struct Layout<'a> {
    /// Bytes of one item, above 0.
    pub itemsize: isize,
    /// The extent of each dimension.
    pub shape: &'a [isize],
    /// Bytes between neighbours in each dimension; as long as `shape`.
    pub strides: &'a [isize],
    /// As long as `shape`, or empty where no dimension is indirect.
    pub suboffsets: &'a [isize],
}

impl<'a> Layout<'a> {
    /// The number of dimensions.
    #[must_use]
    pub fn ndim(&self) -> usize {
        self.shape.len()
    }

    /// The number of items.
    #[must_use]
    pub fn items(&self) -> isize {
        self.shape.iter().fold(1, |items: isize, &extent| items.saturating_mul(extent))
    }

    /// The bytes of all items, laid side by side.
    #[must_use]
    pub fn nbytes(&self) -> isize {
        self.items().saturating_mul(self.itemsize)
    }

    /// Whether there is no item, because some extent is 0.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shape.contains(&0)
    }

    /// Whether the way to an item goes through a pointer.
    #[inline]
    #[must_use]
    pub fn is_indirect(&self) -> bool {
        self.suboffsets.iter().any(|&suboffset| suboffset >= 0)
    }

    /// The suboffset of a dimension; negative where it is direct.
    #[must_use]
    pub fn suboffset(&self, dim: usize) -> isize {
        self.suboffsets.get(dim).copied().unwrap_or(-1)
    }

    /// Extent, stride and suboffset of one dimension.
    #[must_use]
    pub fn dim(&self, dim: usize) -> Option<(isize, isize, isize)> {
        Some((*self.shape.get(dim)?, *self.strides.get(dim)?, self.suboffset(dim)))
    }

    /// Extent, stride and suboffset of each dimension, from the first to the last.
    #[must_use]
    pub fn dims(
        &self,
    ) -> impl DoubleEndedIterator<Item = (isize, isize, isize)> + ExactSizeIterator + Clone + use<'a> {
        let layout = *self;
        let pairs = layout.shape.iter().zip(layout.strides).enumerate();
        pairs.map(move |(dim, (&extent, &stride))| (extent, stride, layout.suboffset(dim)))
    }

    /// Whether the items lie side by side in this order; [`Order::A`]: in C's or in Fortran's.
    ///
    /// Without items every direct layout is contiguous in both orders; an indirect one never is.
    #[must_use]
    pub fn is_contiguous(&self, order: Order) -> bool {
        if self.is_indirect() {
            return false;
        }
        match order {
            _ if self.is_empty() => true,
            Order::C => self.is_packed(self.dims().rev()),
            Order::F => self.is_packed(self.dims()),
            Order::A => self.is_packed(self.dims().rev()) || self.is_packed(self.dims()),
        }
    }

    fn is_packed(&self, fastest_first: impl Iterator<Item = (isize, isize, isize)>) -> bool {
        let mut expected = self.itemsize;
        for (extent, stride, _) in fastest_first.filter(|&(extent, ..)| extent > 1) {
            if stride != expected {
                return false;
            }
            expected = expected.saturating_mul(extent);
        }
        true
    }

    /// All strides that lead to another item, joined by "or": with the address of the first item, its trailing
    /// zero bits are the alignment of all items.
    #[must_use]
    pub fn align_mask(&self) -> usize {
        let used = self.dims().filter(|&(extent, ..)| extent > 1);
        used.fold(0, |mask, (_, stride, _)| mask | stride.cast_unsigned())
    }
}

/// The last dimension that goes through a pointer, in a layout that has items.
fn last_indirect(layout: &Layout) -> Option<usize> {
    if layout.is_empty() {
        return None;
    }
    layout.suboffsets.iter().rposition(|&suboffset| suboffset >= 0)
}

/// How the address of a view's first item follows from its parent's, step by step.
pub trait Base {
    /// Move by so many bytes.
    fn add(&mut self, bytes: isize);
    /// Load the pointer at the present address and move by so many bytes from there.
    fn dereference(&mut self, suboffset: isize);
}

/// The space for a result: as many entries as the operation can need; `ndim` of them are filled.
#[derive(Debug)]
pub struct Sketch<'a> {
    shape: &'a mut [isize],
    strides: &'a mut [isize],
    /// Empty where the source has none.
    suboffsets: &'a mut [isize],
    ndim: usize,
}

impl<'a> Sketch<'a> {
    /// An empty result in the given space.
    #[must_use]
    pub fn new(shape: &'a mut [isize], strides: &'a mut [isize], suboffsets: &'a mut [isize]) -> Self {
        Sketch { shape, strides, suboffsets, ndim: 0 }
    }

    /// The number of dimensions so far.
    #[must_use]
    pub fn ndim(&self) -> usize {
        self.ndim
    }

    /// Forgets all dimensions.
    pub fn clear(&mut self) {
        self.ndim = 0;
    }

    /// The result so far, as items of this size.
    #[must_use]
    pub fn layout(&self, itemsize: isize) -> Layout<'_> {
        Layout {
            itemsize,
            shape: self.shape.get(..self.ndim).unwrap_or_default(),
            strides: self.strides.get(..self.ndim).unwrap_or_default(),
            suboffsets: self.suboffsets.get(..self.ndim).unwrap_or_default(),
        }
    }

    /// Appends a dimension. A negative suboffset says that it is direct.
    pub fn push(&mut self, extent: isize, stride: isize, suboffset: isize) -> Result<()> {
        let (Some(to_extent), Some(to_stride)) =
            (self.shape.get_mut(self.ndim), self.strides.get_mut(self.ndim))
        else {
            return Err(too_many(self.ndim.saturating_add(1)));
        };
        *to_extent = extent;
        *to_stride = stride;
        self.set_suboffset(self.ndim, suboffset)?;
        self.ndim = self.ndim.saturating_add(1);
        Ok(())
    }

    fn set_stride(&mut self, dim: usize, stride: isize) {
        if let Some(to) = self.strides.get_mut(dim) {
            *to = stride;
        }
    }

    fn set_suboffset(&mut self, dim: usize, suboffset: isize) -> Result<()> {
        match self.suboffsets.get_mut(dim) {
            Some(to) => *to = suboffset,
            None if suboffset < 0 => {}
            None => {
                return Err(Error::UnsupportedAt {
                    operation: "an indirect dimension",
                    reason: "the result has no space for suboffsets",
                    dim: dimension(dim),
                });
            }
        }
        Ok(())
    }
}

/// The error of a layout with too many dimensions.
#[must_use]
pub fn too_many(ndim: usize) -> Error {
    Error::NdimLimit { ndim: number(ndim), limit: number(MAX_NDIM) }
}
