//! Blocks of exactly so many bytes, and items laid over them with any strides, some of them behind tables of
//! pointers.

use std::{
    alloc::{self, Layout},
    ffi::CStr,
    ptr::NonNull,
};

use memview::object::protocol::mv_buffer;

use crate::{
    bytes::Bytes,
    call::NO_BUFFER,
    model::{Model, over},
};

/// Memory that is reached through raw pointers alone. It ends where its last byte does, so that the address
/// sanitizer sees the one behind it.
pub struct Block {
    start: NonNull<u8>,
    length: usize,
    owned: bool,
}

impl Block {
    /// A new block, filled with bytes that depend on their place and on `seed`.
    pub fn new(length: usize, seed: u8) -> Self {
        let layout = Layout::from_size_align(length.max(1), 1).expect("a small block");
        // SAFETY: the size is not 0.
        let start = NonNull::new(unsafe { alloc::alloc(layout) }).expect("memory");
        let block = Block { start, length, owned: true };
        block.restore(&(0..length).map(|at| noise(at, seed)).collect::<Vec<u8>>());
        block
    }

    /// Somebody else's memory.
    ///
    /// # Safety
    /// It is there, and may be written, as long as the block is used.
    pub unsafe fn lent(start: *mut u8, length: usize) -> Self {
        Block { start: NonNull::new(start).unwrap_or(NonNull::dangling()), length, owned: false }
    }

    /// The number of bytes.
    pub fn length(&self) -> usize {
        self.length
    }

    /// The address of a byte, or of the end.
    pub fn at(&self, offset: usize) -> *mut u8 {
        self.range(offset, 0)
    }

    /// The address of so many bytes.
    pub fn range(&self, offset: usize, length: usize) -> *mut u8 {
        assert!(offset <= self.length && length <= self.length - offset, "the model has left its block");
        self.start.as_ptr().wrapping_add(offset)
    }

    /// How far behind the start an address is.
    pub fn offset(&self, address: *const u8) -> isize {
        address.addr().wrapping_sub(self.start.as_ptr().addr()).cast_signed()
    }

    /// All bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; self.length];
        // SAFETY: the block holds as many.
        unsafe { bytes.as_mut_ptr().copy_from(self.start.as_ptr(), self.length) };
        bytes
    }

    /// Writes all bytes.
    pub fn restore(&self, bytes: &[u8]) {
        assert_eq!(bytes.len(), self.length);
        // SAFETY: the block holds as many.
        unsafe { self.start.as_ptr().copy_from(bytes.as_ptr(), self.length) }
    }

    /// Writes a pointer, however it is aligned.
    fn set_pointer(&self, offset: usize, to: *mut u8) {
        // SAFETY: the block has room for it.
        unsafe { self.range(offset, size_of::<usize>()).cast::<*mut u8>().write_unaligned(to) }
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        if self.owned {
            let layout = Layout::from_size_align(self.length.max(1), 1).expect("a small block");
            // SAFETY: allocated so in `new`.
            unsafe { alloc::dealloc(self.start.as_ptr(), layout) }
        }
    }
}

fn noise(at: usize, seed: u8) -> u8 {
    let mixed = (at as u64 + 1 + (u64::from(seed) << 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 56) as u8
}

/// A shape of up to 5 dimensions and 200 items.
pub fn shape(bytes: &mut Bytes) -> Vec<isize> {
    let ndim = bytes.below(6);
    let mut items = 1;
    let extents = (0..ndim).map(|_| {
        let extent = bytes.between(0, 6);
        let extent = if items * extent > 200 { 1 } else { extent };
        items *= extent.max(1);
        extent
    });
    extents.collect()
}

/// Items in a block. The tables of pointers that lead to them are their own.
pub struct Items {
    /// The address of the first item.
    pub base: *mut u8,
    /// Bytes of an item.
    pub itemsize: isize,
    /// The extents.
    pub shape: Vec<isize>,
    /// The strides.
    pub strides: Vec<isize>,
    /// The suboffsets; empty where there are none.
    pub suboffsets: Vec<isize>,
    tables: Vec<Block>,
}

const POINTER: isize = size_of::<usize>() as isize;

/// The lowest offset that dimensions reach, and the end of the highest.
pub fn bounds(shape: &[isize], strides: &[isize], unit: isize) -> (isize, isize) {
    let (mut low, mut high) = (0, unit);
    for (&extent, &stride) in shape.iter().zip(strides) {
        let last = (extent - 1).max(0) * stride;
        if last < 0 { low += last } else { high += last }
    }
    (low, high)
}

/// Strides of items of `unit` bytes: side by side in C's or Fortran's order, with gaps, turned round, all in
/// one place, and, where items may overlap, any.
fn strides(bytes: &mut Bytes, shape: &[isize], unit: isize, overlap: bool) -> Vec<isize> {
    let mut strides = vec![0; shape.len()];
    let mut dims: Vec<usize> = (0..shape.len()).rev().collect();
    if bytes.once_in(3) {
        dims.reverse();
    }
    let mut free = unit;
    for dim in dims {
        let choice = bytes.below(if overlap { 10 } else { 8 });
        let gap = if choice % 2 == 1 { bytes.between(1, 5) } else { 0 };
        let stride = free + gap;
        free = free.max(stride * shape[dim]);
        strides[dim] = match choice {
            0..4 => stride,
            4..7 => -stride,
            7 => 0,
            _ => bytes.between(-9, 9),
        };
    }
    strides
}

impl Items {
    /// Items of that shape, to be placed in a block of at least [`Items::span`] bytes.
    pub fn new(bytes: &mut Bytes, shape: &[isize], itemsize: isize, indirect: bool) -> Self {
        let mut suboffsets = Vec::new();
        if indirect {
            suboffsets =
                shape.iter().map(|_| if bytes.once_in(2) { bytes.between(0, 8) } else { -1 }).collect();
        }
        let (mut all, mut start) = (Vec::new(), 0);
        for (dim, _) in suboffsets.iter().enumerate().filter(|(_, suboffset)| **suboffset >= 0) {
            all.extend(strides(bytes, &shape[start..=dim], POINTER, false));
            start = dim + 1;
        }
        all.extend(strides(bytes, &shape[start..], itemsize, true));
        let base = std::ptr::null_mut();
        Items { base, itemsize, shape: shape.to_vec(), strides: all, suboffsets, tables: Vec::new() }
    }

    fn innermost(&self) -> (isize, isize) {
        let start = self.suboffsets.iter().rposition(|suboffset| *suboffset >= 0).map_or(0, |dim| dim + 1);
        bounds(&self.shape[start..], &self.strides[start..], self.itemsize)
    }

    /// The bytes that the items need behind the last pointer.
    pub fn span(&self) -> usize {
        let (low, high) = self.innermost();
        (high - low) as usize
    }

    /// Puts the items somewhere in the block and builds the tables that lead to them.
    #[must_use]
    pub fn place(mut self, bytes: &mut Bytes, block: &Block) -> Self {
        self.base = self.segment(bytes, block, 0);
        self
    }

    fn segment(&mut self, bytes: &mut Bytes, block: &Block, start: usize) -> *mut u8 {
        let end = self.suboffsets.iter().enumerate().skip(start).find(|(_, suboffset)| **suboffset >= 0);
        let Some((end, &suboffset)) = end else {
            let room = block.length() - self.span();
            return block.at(bytes.below(room.min(255) + 1)).wrapping_offset(-self.innermost().0);
        };
        let (shape, strides) = (self.shape[start..=end].to_vec(), self.strides[start..=end].to_vec());
        let (low, high) = bounds(&shape, &strides, POINTER);
        let margin = bytes.below(9);
        let table = Block::new((high - low) as usize + margin, 0);
        over(&shape, |index| {
            let offset: isize = index.iter().zip(&strides).map(|(at, stride)| at * stride).sum();
            let behind = self.segment(bytes, block, end + 1).wrapping_offset(-suboffset);
            table.set_pointer(margin + (offset - low) as usize, behind);
        });
        let base = table.at(margin).wrapping_offset(-low);
        self.tables.push(table);
        base
    }

    /// Whether pointers lead to the items.
    pub fn is_indirect(&self) -> bool {
        self.suboffsets.iter().any(|suboffset| *suboffset >= 0)
    }

    /// The items as a buffer describes them.
    pub fn description(&self, format: &CStr, readonly: bool) -> mv_buffer {
        mv_buffer {
            buf: self.base.cast(),
            itemsize: self.itemsize,
            readonly: readonly.into(),
            ndim: self.shape.len() as i32,
            format: format.as_ptr(),
            shape: self.shape.as_ptr(),
            strides: self.strides.as_ptr(),
            suboffsets: if self.is_indirect() { self.suboffsets.as_ptr() } else { std::ptr::null() },
            ..NO_BUFFER
        }
    }

    /// The bytes in which the description must lie: of the table, where there is one, else of the block.
    pub fn ground<'a>(&'a self, block: &'a Block) -> &'a Block {
        if self.is_indirect() { self.tables.last().unwrap_or(block) } else { block }
    }

    /// The same items as a list.
    pub fn model(&self, block: &Block, format: &'static CStr, readonly: bool) -> Model {
        // SAFETY: the tables are complete and alive.
        unsafe { Model::of(&self.description(format, readonly), block, format) }
    }
}
