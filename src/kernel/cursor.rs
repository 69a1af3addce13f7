//! Single items: their address, and the loads and stores that every typed access goes through.

use core::mem::MaybeUninit;

use super::memory::{Memory, Span};
use crate::{
    error::Result,
    layout::{self, Base},
};

/// An address that follows a layout: `layout` says "add" or "dereference", the cursor does it.
///
/// It is made for one memory, and driven only by functions of `layout` over that memory's own layout: only
/// where these lead is there a pointer to load.
#[derive(Debug)]
pub struct Cursor {
    address: *mut u8,
}

impl Cursor {
    /// A cursor at the memory's base.
    #[must_use]
    #[inline]
    pub(crate) fn new(memory: &Memory<'_>) -> Self {
        Cursor { address: memory.base() }
    }

    /// Where it stands.
    #[must_use]
    #[inline]
    pub fn address(&self) -> *mut u8 {
        self.address
    }
}

impl Base for Cursor {
    #[inline]
    fn add(&mut self, bytes: isize) {
        self.address = self.address.wrapping_offset(bytes);
    }

    #[inline]
    fn dereference(&mut self, suboffset: isize) {
        // SAFETY: `layout` leads a cursor to a pointer table of the memory that it was made for, which the
        // contract of `Memory::new` makes readable.
        self.address = unsafe { follow(self.address, suboffset) };
    }
}

/// Loads the pointer at `place`, however it is aligned, and moves on from there.
///
/// # Safety
/// A pointer is readable at `place`.
#[inline]
pub(super) unsafe fn follow(place: *mut u8, suboffset: isize) -> *mut u8 {
    // SAFETY: as the caller promises.
    unsafe { place.cast::<*mut u8>().read_unaligned() }.wrapping_offset(suboffset)
}

/// Copies `size` bytes; the usual sizes of items in one move each.
///
/// # Safety
/// `size` bytes are readable at `from` and writable at `to`, and the two do not overlap.
#[inline]
pub(super) unsafe fn copy_item(to: *mut u8, from: *const u8, size: usize) {
    /// # Safety
    /// As for `copy_item`, with `N` bytes.
    #[inline]
    unsafe fn of<const N: usize>(to: *mut u8, from: *const u8) {
        // SAFETY: as the caller promises. The type is of alignment 1, and keeps bytes that are not initialised
        // and the provenance of pointers.
        unsafe { to.cast::<MaybeUninit<[u8; N]>>().write(from.cast::<MaybeUninit<[u8; N]>>().read()) }
    }
    /// # Safety
    /// As for `copy_item`, with `N` to `2 * N` bytes: the first `N` and the last.
    #[inline]
    unsafe fn ends<const N: usize>(to: *mut u8, from: *const u8, size: usize) {
        let last = size.wrapping_sub(N);
        // SAFETY: as the caller promises.
        unsafe {
            of::<N>(to, from);
            of::<N>(to.wrapping_add(last), from.wrapping_add(last));
        }
    }
    // SAFETY: as the caller promises, with `N` equal to `size`, or as near as it must be.
    unsafe {
        match size {
            1 => of::<1>(to, from),
            2 => of::<2>(to, from),
            4 => of::<4>(to, from),
            8 => of::<8>(to, from),
            16 => of::<16>(to, from),
            5..8 => ends::<4>(to, from, size),
            9..16 => ends::<8>(to, from, size),
            17..32 => ends::<16>(to, from, size),
            32..64 => ends::<32>(to, from, size),
            _ => to.copy_from_nonoverlapping(from, size),
        }
    }
}

/// The address of the item at `index`, one number for each dimension; negative ones count from the end.
#[inline]
pub fn address(memory: &Memory<'_>, index: &[isize]) -> Result<*mut u8> {
    let mut cursor = Cursor::new(memory);
    layout::item(memory.layout(), index, &mut cursor)?;
    Ok(cursor.address)
}

/// Copies bytes out of a span, as many as both have.
#[inline]
pub fn read_span(from: &Span<'_>, into: &mut [u8]) {
    let length = from.length().min(into.len());
    // SAFETY: the span is readable for its length, as its maker promised; `into` is borrowed exclusively.
    unsafe { copy_item(into.as_mut_ptr(), from.data(), length) }
}

/// Copies bytes, a local copy, into a span that may be written, as many as both have.
#[inline]
pub fn write_span(to: &Span<'_>, from: &[u8]) {
    let length = to.length().min(from.len());
    // SAFETY: the span is writable for its length, as the caller found; `from` is a local copy.
    unsafe { copy_item(to.data(), from.as_ptr(), length) }
}

/// Copies a span into another that may be written, as if through a temporary, and fills it up with zeros.
pub fn move_span(to: &Span<'_>, from: &Span<'_>) {
    let length = to.length().min(from.length());
    if length > 0 {
        // SAFETY: both spans are as long.
        unsafe { to.data().copy_from(from.data(), length) }
    }
    let rest = to.part(length, usize::MAX);
    if rest.length() > 0 {
        // SAFETY: the rest of the span is writable.
        unsafe { rest.data().write_bytes(0, rest.length()) }
    }
}

/// Runs `work` with bytes of our own as a span.
pub fn with_span<R>(bytes: &mut [u8], work: impl FnOnce(&Span<'_>) -> R) -> R {
    // SAFETY: the bytes are borrowed exclusively for the call.
    work(&unsafe { Span::new(bytes.as_mut_ptr(), bytes.len()) })
}
