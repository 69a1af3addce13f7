//! A walk in the caller's hands: the innermost runs of any buffer, one after another, without an allocation.

use core::ffi::c_void;

use super::cursor::follow;
use crate::{
    error::{Error, Result, dimension},
    layout::{Layout, MAX_NDIM, Order},
};

/// A walk over the items of a buffer; its contents are the library's.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mv_walk {
    /// Not for callers.
    pub opaque: [u64; 208],
}

/// What a walk is made of.
#[repr(C)]
pub struct Walker {
    base: *mut u8,
    /// NULL where no dimension is indirect; the buffer's own.
    suboffsets: *const isize,
    ndim: usize,
    /// Whether there is another run.
    more: bool,
    extents: [isize; MAX_NDIM],
    strides: [isize; MAX_NDIM],
    index: [isize; MAX_NDIM],
}

const _: () =
    assert!(size_of::<Walker>() <= size_of::<mv_walk>() && align_of::<Walker>() <= align_of::<mv_walk>());

/// A run of items: the first, how many, and how many bytes from one to the next.
#[derive(Clone, Copy)]
pub struct ItemRun {
    /// The address of the first item.
    pub item: *mut c_void,
    /// How many items.
    pub count: isize,
    /// The distance in bytes.
    pub step: isize,
}

impl Walker {
    /// A walk over the items of a layout from an address, in C order, or in Fortran's where no dimension is indirect. Neighbours that are
    /// one dimension are joined.
    ///
    /// # Safety
    /// The suboffsets are the layout's, or NULL where none is indirect; they, and all that the layout reaches, live as long as the walk is used.
    pub unsafe fn new(
        base: *mut u8,
        layout: &Layout<'_>,
        suboffsets: *const isize,
        order: Order,
    ) -> Result<Walker> {
        let indirect = layout.suboffsets.iter().position(|&suboffset| suboffset >= 0);
        if let Some(dim) = indirect.filter(|_| order == Order::F) {
            return Err(Error::UnsupportedAt {
                operation: "a walk in Fortran order",
                reason: "a pointer must be followed before what lies behind it",
                dim: dimension(dim),
            });
        }
        let mut walker = Walker {
            base,
            suboffsets: if indirect.is_some() { suboffsets } else { core::ptr::null() },
            ndim: 0,
            more: !layout.is_empty(),
            extents: [1; MAX_NDIM],
            strides: [0; MAX_NDIM],
            index: [0; MAX_NDIM],
        };
        let dims = layout.dims().map(|(extent, stride, _)| (extent, stride));
        if order == Order::F {
            dims.rev().for_each(|dim| walker.push(dim, true));
        } else {
            dims.for_each(|dim| walker.push(dim, indirect.is_none()));
        }
        Ok(walker)
    }

    /// A further dimension inside of the others.
    fn push(&mut self, (extent, stride): (isize, isize), join: bool) {
        if join && extent == 1 {
            return;
        }
        let outer = self.ndim.checked_sub(1).filter(|_| join);
        let joined = outer.and_then(|outer| {
            let even = stride.checked_mul(extent) == self.strides.get(outer).copied();
            let extents = self.extents.get(outer)?.checked_mul(extent)?;
            even.then_some((outer, extents))
        });
        let (at, extent) = joined.unwrap_or((self.ndim, extent));
        if let (Some(to_extent), Some(to_stride)) = (self.extents.get_mut(at), self.strides.get_mut(at)) {
            *to_extent = extent;
            *to_stride = stride;
            self.ndim = at.saturating_add(1);
        }
    }

    /// The next run; none after the last.
    ///
    /// # Safety
    /// As for [`Walker::new`], and nobody else uses the walk.
    pub unsafe fn next(&mut self) -> Option<ItemRun> {
        if !self.more {
            return None;
        }
        let inner = self.ndim.checked_sub(1).filter(|_| !self.is_last_indirect());
        // SAFETY: the index is within the extents.
        let item = unsafe { self.address() }.cast();
        let entry = |array: &[isize; MAX_NDIM]| inner.and_then(|inner| array.get(inner)).copied();
        let run = ItemRun {
            item,
            count: entry(&self.extents).unwrap_or(1),
            step: entry(&self.strides).unwrap_or(0),
        };
        self.more = self.advance(inner.unwrap_or(self.ndim));
        Some(run)
    }

    fn suboffset(&self, dim: usize) -> isize {
        if self.suboffsets.is_null() {
            return -1;
        }
        // SAFETY: indirect layouts keep all of their dimensions, for each of which there is an entry.
        unsafe { self.suboffsets.add(dim).read() }
    }

    fn is_last_indirect(&self) -> bool {
        self.ndim.checked_sub(1).is_some_and(|last| self.suboffset(last) >= 0)
    }

    /// # Safety
    /// As for [`Walker::new`].
    unsafe fn address(&self) -> *mut u8 {
        let mut place = self.base;
        let dims = self.index.iter().zip(&self.strides).take(self.ndim);
        for (dim, (at, stride)) in dims.enumerate() {
            place = place.wrapping_offset(at.wrapping_mul(*stride));
            let suboffset = self.suboffset(dim);
            if suboffset >= 0 {
                // SAFETY: the layout has led to a pointer, as the maker of the walk promised.
                place = unsafe { follow(place, suboffset) };
            }
        }
        place
    }

    /// To the next index of the first `ndim` dimensions; whether there is one.
    fn advance(&mut self, ndim: usize) -> bool {
        let dims = self.index.iter_mut().zip(&self.extents).take(ndim);
        for (at, extent) in dims.rev() {
            *at = at.saturating_add(1);
            if *at < *extent {
                return true;
            }
            *at = 0;
        }
        false
    }
}
