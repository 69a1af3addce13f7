//! Geometry: where the items of an N-dimensional block lie. No memory is touched and nothing is unsafe;
//! every sum and product is checked.
//!
//! A [`Layout`] describes, a [`Sketch`] is the space into which an operation writes its result, and a [`Base`]
//! is told how the address of the first item moves: "add" or "dereference". The owner of memory does the load.

use crate::error::{Error, Result};

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

/// A description of items: borrowed, and trusted to be valid once [`Layout::validate`] has passed it.
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

    /// Appends a dimension. A suboffset of -1 says that it is direct.
    pub fn push(&mut self, extent: isize, stride: isize, suboffset: isize) -> Result<()> {
        let (Some(to_extent), Some(to_stride)) =
            (self.shape.get_mut(self.ndim), self.strides.get_mut(self.ndim))
        else {
            return Err(too_many(self.ndim.saturating_add(1)));
        };
        *to_extent = extent;
        *to_stride = stride;
        if let Some(to) = self.suboffsets.get_mut(self.ndim) {
            *to = suboffset;
        }
        self.ndim = self.ndim.saturating_add(1);
        Ok(())
    }
}

/// The error of a layout with too many dimensions.
#[must_use]
pub fn too_many(ndim: usize) -> Error {
    Error::NdimLimit { ndim: number(ndim), limit: number(MAX_NDIM) }
}

/// A length as the 64-bit number of an error.
#[must_use]
pub fn number(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
