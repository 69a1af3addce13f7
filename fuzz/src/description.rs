//! Any bytes as a description of memory, and what is wrong with it: worked out in numbers that cannot overflow.

use std::{ffi::CStr, ptr};

use memview::{
    error::mv_status::{MV_E_FORMAT, MV_E_LIMIT, MV_E_NULL, MV_E_OVERFLOW, MV_E_SHAPE, MV_E_VALUE},
    object::protocol::mv_buffer,
};

use crate::{
    bytes::Bytes,
    call::NO_BUFFER,
    memory::Block,
    model::{Causes, Model, over, product},
    native::{self, LONGER, NATIVE},
};

const ODD: [&CStr; 6] = [c"", c"@", c"BB", c"=I", c"T{", c"\xff\xfe"];

/// A description in the making: the arrays that the buffer points to.
pub struct Description {
    /// As C sees it.
    pub buffer: mv_buffer,
    /// The format; absent where it is NULL.
    pub format: Option<&'static CStr>,
    shape: Option<Vec<isize>>,
    strides: Option<Vec<isize>>,
    suboffsets: Option<Vec<isize>>,
}

/// A description with nothing left out.
pub struct Full {
    /// The extents.
    pub shape: Vec<isize>,
    /// The strides.
    pub strides: Vec<isize>,
    /// The suboffsets; empty where no dimension is indirect.
    pub suboffsets: Vec<isize>,
    /// Bytes of an item.
    pub itemsize: isize,
}

impl Description {
    /// Reads a description of memory around `base`.
    pub fn new(bytes: &mut Bytes, base: *mut u8) -> Self {
        let ndim = match bytes.byte() {
            small @ 0..=239 => i32::from(small % 5),
            _ => bytes.number() as i32,
        };
        let entries = usize::try_from(ndim).map_or(2, |ndim| ndim.min(66));
        let array = |chances: usize, bytes: &mut Bytes| {
            let given = bytes.below(8) < chances;
            given.then(|| (0..entries).map(|_| bytes.number()).collect::<Vec<isize>>())
        };
        let (shape, strides, suboffsets) = (array(7, bytes), array(5, bytes), array(2, bytes));
        let (format, fitting) = match bytes.below(33) {
            0 => (None, 1),
            native @ 1..19 => (Some(NATIVE[native - 1].0), NATIVE[native - 1].1),
            longer @ 19..25 => (Some(LONGER[longer - 19].0), LONGER[longer - 19].1),
            odd @ 25..31 => (Some(ODD[odd - 25]), 4),
            _ => (Some(c"@d"), 8),
        };
        let itemsize = if bytes.once_in(8) { bytes.number() } else { fitting };
        let len = match bytes.below(4) {
            0 | 1 => 0,
            2 => shape.as_deref().map_or(8, product).saturating_mul(itemsize as i128) as isize,
            _ => bytes.number(),
        };
        let buf = if bytes.once_in(16) { ptr::null_mut() } else { base.wrapping_offset(bytes.number()) };
        let pointer = |array: &Option<Vec<isize>>| array.as_ref().map_or(ptr::null(), Vec::as_ptr);
        let buffer = mv_buffer {
            buf: buf.cast(),
            len,
            itemsize,
            readonly: bytes.one_of(&[0, 0, 0, 1, -1]),
            ndim,
            format: format.map_or(ptr::null(), CStr::as_ptr),
            shape: pointer(&shape),
            strides: pointer(&strides),
            suboffsets: pointer(&suboffsets),
            ..NO_BUFFER
        };
        Description { buffer, format, shape, strides, suboffsets }
    }

    /// The description with nothing left out, or what is wrong with it, wherever it lies.
    pub fn complete(&self) -> Result<Full, Causes> {
        let mv_buffer { len, itemsize, ndim, .. } = self.buffer;
        let mut causes = Causes::NONE;
        causes.add_if(ndim < 0, MV_E_VALUE);
        causes.add_if(ndim > 64, MV_E_LIMIT);
        causes.then(|| ())?;
        let known = self.format.and_then(|format| native::size(format.to_bytes()));
        causes.add_if(itemsize <= 0 || known.is_some_and(|size| size > itemsize), MV_E_FORMAT);
        if itemsize <= 0 {
            return Err(causes);
        }
        let shape = match (&self.shape, ndim) {
            (_, 0) => Vec::new(),
            (Some(shape), _) => shape.clone(),
            (None, 1) if len < 0 || len % itemsize != 0 => return Err(causes.or(Causes::of(MV_E_VALUE))),
            (None, 1) => vec![len / itemsize],
            (None, _) => return Err(causes.or(Causes::of(MV_E_NULL))),
        };
        let nbytes = product(&shape).saturating_mul(itemsize as i128);
        causes.add_if(shape.iter().any(|extent| *extent < 0), MV_E_SHAPE);
        causes.add_if(nbytes > isize::MAX as i128, MV_E_OVERFLOW);
        causes.add_if(len != 0 && len as i128 != nbytes, MV_E_SHAPE);
        let behind =
            |dim: usize| shape[dim + 1..].iter().fold(itemsize, |all, extent| all.saturating_mul(*extent));
        let side_by_side = (0..shape.len()).map(behind).collect();
        let given = |array: &Option<Vec<isize>>| array.clone().filter(|_| ndim > 0);
        let strides = given(&self.strides).unwrap_or(side_by_side);
        let suboffsets = given(&self.suboffsets);
        let suboffsets = suboffsets.filter(|list| list.iter().any(|suboffset| *suboffset >= 0));
        let full = Full { shape, strides, suboffsets: suboffsets.unwrap_or_default(), itemsize };
        causes.add_if(!full.is_empty() && full.reach(0).is_none(), MV_E_OVERFLOW);
        causes.then(|| full)
    }

    /// Whether all that the description reaches lies in so many bytes from `base`.
    pub fn lies_in(&self, full: &Full, base: *const u8, extent: usize) -> bool {
        let position = self.buffer.buf.addr() as i128 - base.addr() as i128;
        let inside = |(low, high): (i128, i128)| position + low >= 0 && position + high <= extent as i128;
        full.is_empty() || full.reach(0).is_some_and(inside)
    }
}

impl Full {
    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.shape.contains(&0)
    }

    fn suboffset(&self, dim: usize) -> isize {
        self.suboffsets.get(dim).copied().unwrap_or(-1)
    }

    /// The bytes that the dimensions from `start` to the next indirect one reach, or to the items; none where
    /// their number has no place in a `ptrdiff_t`.
    fn reach(&self, start: usize) -> Option<(i128, i128)> {
        let end = (start..self.shape.len()).find(|dim| self.suboffset(*dim) >= 0);
        let unit = if end.is_some() { size_of::<usize>() } else { self.itemsize as usize };
        let (mut low, mut high) = (0, unit as i128);
        for dim in start..end.map_or(self.shape.len(), |end| end + 1) {
            let last = (self.shape[dim] as i128 - 1) * self.strides[dim] as i128;
            let end: &mut i128 = if last < 0 { &mut low } else { &mut high };
            *end = end.saturating_add(last);
        }
        let range = isize::MIN as i128..=isize::MAX as i128;
        [low, high, high.saturating_sub(low)].iter().all(|bound| range.contains(bound)).then_some((low, high))
    }

    /// Fills the tables that lie at `base`, and gives the block of the items; none where there are too many
    /// items, or no tables could lead to all of them.
    pub fn build(&self, base: *mut u8) -> Option<Vec<Block>> {
        let items = product(&self.shape);
        if self.is_empty() || items > 300 {
            return None;
        }
        let (mut blocks, mut base, mut start) = (Vec::new(), base, 0);
        while let Some(end) = (start..self.shape.len()).find(|dim| self.suboffset(*dim) >= 0) {
            let (low, high) = self.reach(end + 1).filter(|(low, high)| high - low < 4096)?;
            let behind = Block::new((high - low) as usize, 5);
            let pointer = behind.at(0).wrapping_offset(-low as isize).wrapping_offset(-self.suboffsets[end]);
            let way = |index: &[isize]| {
                let pairs = index.iter().zip(&self.strides[start..=end]);
                pairs.map(|(at, stride)| at.wrapping_mul(*stride)).fold(0, isize::wrapping_add)
            };
            let mut taken = over(&self.shape[start..=end], way);
            taken.sort_unstable();
            taken.dedup();
            if taken.windows(2).any(|pair| pair[1] - pair[0] < size_of::<usize>() as isize) {
                return None;
            }
            for offset in taken {
                // SAFETY: the table lies where `base` leads, as `lies_in` or the block behind has it.
                unsafe { base.wrapping_offset(offset).cast::<*mut u8>().write_unaligned(pointer) };
            }
            (base, start) = (behind.at(0).wrapping_offset(-low as isize), end + 1);
            blocks.push(behind);
        }
        Some(blocks)
    }

    /// The items as a list; the tables are built.
    pub fn model(&self, buffer: &mv_buffer, block: &Block, format: &'static CStr) -> Model {
        let suboffsets = if self.suboffsets.is_empty() { ptr::null() } else { self.suboffsets.as_ptr() };
        let (shape, strides) = (self.shape.as_ptr(), self.strides.as_ptr());
        let readonly = i32::from(buffer.readonly != 0);
        let full = mv_buffer { shape, strides, suboffsets, readonly, ..*buffer };
        // SAFETY: nothing is left out, and the tables are built.
        unsafe { Model::of(&full, block, format) }
    }
}
