//! Memory that may be touched, and how far it reaches.

use core::marker::PhantomData;

use crate::{
    error::{Error, Result, number},
    layout::{self, Layout, Order},
};

/// Items in memory: a base pointer and the layout that leads from it to every item.
///
/// No reference to the bytes is ever formed: other threads may write them meanwhile.
#[derive(Clone, Copy, Debug)]
pub struct Memory<'a> {
    base: *mut u8,
    layout: Layout<'a>,
    writable: bool,
}

impl<'a> Memory<'a> {
    /// Memory from the address of its first item.
    ///
    /// # Safety
    /// The layout is valid. Everything that it reaches from `base`, through its pointer tables too, is readable,
    /// and writable if `writable` says so, for `'a`. Writing items does not change the pointer tables of the same
    /// memory, and nobody else changes them. Other threads may write the items: what is read then is the callers'
    /// affair.
    #[must_use]
    pub unsafe fn new(base: *mut u8, layout: Layout<'a>, writable: bool) -> Self {
        Memory { base, layout, writable }
    }

    /// Where the items lie.
    #[must_use]
    pub fn layout(&self) -> &Layout<'a> {
        &self.layout
    }

    /// The address of the item with all indices 0.
    #[must_use]
    pub fn base(&self) -> *mut u8 {
        self.base
    }

    /// So many bytes from `offset` on of every item; none where an item has fewer, or lies behind a pointer and
    /// does not begin there.
    #[must_use]
    pub fn within_items(&self, offset: isize, size: isize) -> Option<Memory<'a>> {
        let end = offset.checked_add(size).filter(|_| offset >= 0 && size >= 0)?;
        let fits = end <= self.layout.itemsize && (offset == 0 || !self.layout.is_indirect());
        fits.then_some(Memory {
            base: self.base.wrapping_offset(offset),
            layout: Layout { itemsize: size, ..self.layout },
            ..*self
        })
    }

    /// The bytes of all items, where they are contiguous in either order.
    #[must_use]
    pub fn bytes(&self) -> Span<'a> {
        let contiguous = self.layout.is_contiguous(Order::A);
        // SAFETY: the items of a contiguous layout are just these bytes.
        unsafe { Span::new(self.base, if contiguous { self.size() } else { 0 }) }
    }

    /// The bytes of all items together.
    pub(super) fn size(&self) -> usize {
        self.layout.nbytes().unsigned_abs()
    }

    /// The bytes of one item.
    pub(super) fn itemsize(&self) -> usize {
        self.layout.itemsize.unsigned_abs()
    }

    pub(super) fn check_writable(&self) -> Result<()> {
        if self.writable { Ok(()) } else { Err(Error::ReadOnly) }
    }

    /// C's order or Fortran's: what `order` means for this layout.
    #[must_use]
    pub fn resolve(&self, order: Order) -> Order {
        match order {
            Order::A if self.layout.is_contiguous(Order::F) && !self.layout.is_contiguous(Order::C) => {
                Order::F
            }
            Order::A => Order::C,
            order => order,
        }
    }
}

/// Contiguous bytes of a caller.
#[derive(Clone, Copy, Debug)]
pub struct Span<'a> {
    data: *mut u8,
    length: usize,
    life: PhantomData<&'a ()>,
}

impl Span<'_> {
    /// Bytes to be read or written.
    ///
    /// # Safety
    /// `length` bytes from `data` are readable and writable for the lifetime; `data` may be NULL where `length` is 0.
    #[must_use]
    pub unsafe fn new(data: *mut u8, length: usize) -> Self {
        Span { data, length, life: PhantomData }
    }

    /// Bytes to be read: not for [`gather`](super::gather), which writes its span.
    ///
    /// # Safety
    /// `length` bytes from `data` are readable for the lifetime, and the span is not written; `data` may be NULL
    /// where `length` is 0.
    #[must_use]
    pub unsafe fn from_const(data: *const u8, length: usize) -> Self {
        Span { data: data.cast_mut(), length, life: PhantomData }
    }

    /// The first byte.
    #[must_use]
    pub fn data(&self) -> *mut u8 {
        self.data
    }

    /// How many bytes there are.
    #[must_use]
    pub fn length(&self) -> usize {
        self.length
    }

    /// Some of the bytes, as far as they are there.
    #[must_use]
    pub fn part(&self, begin: usize, length: usize) -> Self {
        let begin = begin.min(self.length);
        let length = length.min(self.length.saturating_sub(begin));
        Span { data: self.data.wrapping_add(begin), length, life: PhantomData }
    }

    pub(super) fn check_length(&self, memory: &Memory<'_>) -> Result<()> {
        if self.length == memory.size() {
            return Ok(());
        }
        let (given, needed) = (number(self.length), number(memory.size()));
        Err(Error::Count { what: "the bytes of the contiguous block", given, needed })
    }
}

/// The lowest address that the memory reaches, and how many bytes there are from it to the end of its last item.
/// Of indirect memory that is what lies at its base: the pointer table.
pub fn reach(memory: &Memory<'_>) -> Result<(*mut u8, usize)> {
    let (low, high) = layout::reach(&memory.layout)?;
    Ok((memory.base.wrapping_offset(low), high.wrapping_sub(low).unsigned_abs()))
}

/// Whether the two can have a byte in common, judged by the addresses that they reach. Indirect memory can reach
/// anything.
#[must_use]
pub fn overlaps(a: &Memory<'_>, b: &Memory<'_>) -> bool {
    if a.layout.is_empty() || b.layout.is_empty() {
        return false;
    }
    match (direct_reach(a), direct_reach(b)) {
        (Some(a), Some(b)) => intersect(a, b),
        _ => true,
    }
}

/// Whether the memory, which has items, can have a byte in common with the block.
pub(super) fn touches(memory: &Memory<'_>, data: *mut u8, length: usize) -> bool {
    direct_reach(memory).is_none_or(|reach| intersect(reach, (data, length)))
}

fn direct_reach(memory: &Memory<'_>) -> Option<(*mut u8, usize)> {
    if memory.layout.is_indirect() { None } else { reach(memory).ok() }
}

pub(super) fn intersect(a: (*mut u8, usize), b: (*mut u8, usize)) -> bool {
    let distance = b.0.addr().wrapping_sub(a.0.addr());
    distance < a.1 || distance.wrapping_neg() < b.1
}
