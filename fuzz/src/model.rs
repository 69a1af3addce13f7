//! The slow model of a view: its shape, and where each of its items lies, listed in C's order. What an
//! operation gives is worked out on the list, without a thought of strides.

use std::{ffi::CStr, fmt};

use memview::{
    error::mv_status::{
        self, MV_E_FORMAT, MV_E_INDEX, MV_E_LIMIT, MV_E_OVERFLOW, MV_E_SHAPE, MV_E_TYPE, MV_E_UNSUPPORTED,
        MV_E_VALUE,
    },
    layout::{MV_INDEX_AT, MV_INDEX_ELLIPSIS, MV_INDEX_NEWAXIS, MV_INDEX_SLICE, mv_index},
    object::protocol::mv_buffer,
};

use crate::memory::Block;

/// A set of statuses, each the cause of a failure.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Causes(u32);

impl Causes {
    /// No cause.
    pub const NONE: Causes = Causes(0);
    /// One cause.
    pub const fn of(status: mv_status) -> Self {
        Causes(1 << status as u32)
    }
    /// The causes of both.
    #[must_use]
    pub const fn or(self, other: Causes) -> Self {
        Causes(self.0 | other.0)
    }
    /// One more, where the condition holds.
    pub fn add_if(&mut self, condition: bool, status: mv_status) {
        if condition {
            self.0 |= Causes::of(status).0;
        }
    }
    /// Whether a status is one of them.
    pub fn has(self, status: i32) -> bool {
        (0..32).contains(&status) && self.0 & 1 << status != 0
    }
    /// A result, where there is no cause of failure.
    pub fn then<T>(self, result: impl FnOnce() -> T) -> Result<T, Causes> {
        if self == Causes::NONE { Ok(result()) } else { Err(self) }
    }
}

impl fmt::Debug for Causes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries((0..32).filter(|status| self.has(*status))).finish()
    }
}

/// A view as a list.
#[derive(Clone, Debug)]
pub struct Model {
    /// The extents.
    pub shape: Vec<isize>,
    /// Where each item begins, from the start of its block.
    pub items: Vec<isize>,
    /// Bytes of an item.
    pub itemsize: isize,
    /// The format.
    pub format: &'static CStr,
    /// Whether nobody may write through the view.
    pub readonly: bool,
}

/// What `visit` makes of each index of a shape, the last number moving fastest.
pub fn over<T>(shape: &[isize], mut visit: impl FnMut(&[isize]) -> T) -> Vec<T> {
    let mut index = vec![0; shape.len()];
    let next = |_| {
        let result = visit(&index);
        for (at, extent) in index.iter_mut().zip(shape).rev() {
            *at += 1;
            if *at < *extent {
                break;
            }
            *at = 0;
        }
        result
    };
    (0..product(shape)).map(next).collect()
}

/// The product, as far as it goes; 0 where any extent is.
pub fn product(shape: &[isize]) -> i128 {
    if shape.contains(&0) {
        0
    } else {
        shape.iter().fold(1, |all: i128, extent| all.saturating_mul(*extent as i128))
    }
}

fn number(shape: &[isize], index: &[isize]) -> usize {
    shape.iter().zip(index).fold(0, |number, (extent, at)| number * extent + at) as usize
}

/// The numbers in C's order of all items of a shape, in the order 'C' or 'F'.
fn places(shape: &[isize], order: u8) -> Vec<usize> {
    if order == b'C' {
        return (0..product(shape) as usize).collect();
    }
    let count = product(shape) as usize;
    let number = |mut place: usize| {
        let (mut number, mut step) = (0, count);
        for extent in shape.iter().map(|extent| *extent as usize) {
            step /= extent;
            number += place % extent * step;
            place /= extent;
        }
        number
    };
    (0..count).map(number).collect()
}

/// The positions of a slice: Python's `range(*slice.indices(length))`.
fn positions(item: &mv_index, length: isize) -> Vec<isize> {
    let length = length as i128;
    let given = |bit: u32, value: isize| (item.given & bit != 0).then_some(value as i128);
    let step = given(4, item.step).unwrap_or(1);
    let (low, high) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let bound = |value: i128| if value < 0 { (value + length).max(low) } else { value.min(high) };
    let (first, last) = if step > 0 { (low, high) } else { (high, low) };
    let mut at = given(1, item.start).map_or(first, bound);
    let stop = given(2, item.stop).map_or(last, bound);
    let mut positions = Vec::new();
    while if step > 0 { at < stop } else { at > stop } {
        positions.push(at as isize);
        at += step;
    }
    positions
}

impl Model {
    /// The items of a description with all arrays, each found by the rule of the protocol.
    ///
    /// # Safety
    /// The description is valid, and so are the pointers that it leads to.
    pub unsafe fn of(buffer: &mv_buffer, block: &Block, format: &'static CStr) -> Model {
        let ndim = buffer.ndim as usize;
        let array = |array: *const isize| {
            if ndim == 0 || array.is_null() {
                return Vec::new();
            }
            // SAFETY: arrays hold as many entries as there are dimensions.
            unsafe { std::slice::from_raw_parts(array, ndim) }.to_vec()
        };
        let (shape, strides, suboffsets) =
            (array(buffer.shape), array(buffer.strides), array(buffer.suboffsets));
        let address = |index: &[isize]| {
            let mut at = buffer.buf.cast::<u8>();
            for (dim, position) in index.iter().enumerate() {
                at = at.wrapping_offset(position.wrapping_mul(strides[dim]));
                if let Some(suboffset) = suboffsets.get(dim).filter(|suboffset| **suboffset >= 0) {
                    // SAFETY: a pointer lies here, as the caller promises.
                    at = unsafe { at.cast::<*mut u8>().read_unaligned() }.wrapping_offset(*suboffset);
                }
            }
            block.offset(at)
        };
        let items = over(&shape, address);
        Model { shape, items, itemsize: buffer.itemsize, format, readonly: buffer.readonly != 0 }
    }

    /// The bytes of all items.
    pub fn size(&self) -> usize {
        self.items.len() * self.itemsize as usize
    }

    /// Where the items begin, in the order 'C' or 'F'.
    pub fn in_order(&self, order: u8) -> Vec<isize> {
        places(&self.shape, order).into_iter().map(|place| self.items[place]).collect()
    }

    /// Whether the items follow each other without gaps in the order 'C' or 'F'. Of a direct view.
    pub fn is_packed(&self, order: u8) -> bool {
        let mut offsets = self.in_order(order).into_iter();
        let Some(first) = offsets.next() else { return true };
        offsets.enumerate().all(|(passed, offset)| offset == first + (passed as isize + 1) * self.itemsize)
    }

    /// What 'A' stands for.
    pub fn resolve(&self, order: u8, indirect: bool) -> u8 {
        match order {
            b'A' if !indirect && self.is_packed(b'F') && !self.is_packed(b'C') => b'F',
            b'A' => b'C',
            order => order,
        }
    }

    fn with(&self, shape: Vec<isize>, items: Vec<isize>) -> Model {
        Model { shape, items, ..*self }
    }

    /// By a list of index items.
    pub fn index(&self, program: &[mv_index]) -> Result<Model, Causes> {
        let is = |kind: i32| program.iter().filter(move |item| item.kind == kind).count();
        let (used, ndim) = (is(MV_INDEX_AT) + is(MV_INDEX_SLICE), self.shape.len());
        let mut causes = Causes::NONE;
        causes.add_if(program.iter().any(|item| !(0..4).contains(&item.kind)), MV_E_VALUE);
        causes.add_if(is(MV_INDEX_ELLIPSIS) > 1, MV_E_VALUE);
        causes.add_if(used > ndim, MV_E_TYPE);
        causes.add_if(ndim + is(MV_INDEX_NEWAXIS) > 64 + is(MV_INDEX_AT), MV_E_LIMIT);
        let rest = vec![mv_index::all(); ndim.saturating_sub(used)];
        let mut full = program.to_vec();
        match program.iter().position(|item| item.kind == MV_INDEX_ELLIPSIS) {
            Some(at) => drop(full.splice(at..=at, rest)),
            None => full.extend(rest),
        }
        let (mut shape, mut chosen) = (Vec::new(), Vec::new());
        for item in &full {
            let extent = self.shape.get(chosen.len()).copied();
            match (item.kind, extent) {
                (MV_INDEX_AT, Some(extent)) => {
                    let at = if item.start < 0 { item.start.wrapping_add(extent) } else { item.start };
                    causes.add_if(!(0..extent).contains(&at), MV_E_INDEX);
                    chosen.push(vec![at]);
                }
                (MV_INDEX_SLICE, Some(extent)) => {
                    let stands = item.given & 4 != 0 && item.step == 0;
                    causes.add_if(stands, MV_E_VALUE);
                    let positions = if stands { Vec::new() } else { positions(item, extent) };
                    shape.push(positions.len() as isize);
                    chosen.push(positions);
                }
                (MV_INDEX_NEWAXIS, _) => shape.push(1),
                _ => {}
            }
        }
        let extents: Vec<isize> = chosen.iter().map(|positions| positions.len() as isize).collect();
        causes.then(|| {
            let mut source = vec![0; extents.len()];
            let items = over(&extents, |index| {
                let positions = index.iter().zip(&chosen).map(|(at, positions)| positions[*at as usize]);
                source.iter_mut().zip(positions).for_each(|(to, position)| *to = position);
                self.items[number(&self.shape, &source)]
            });
            self.with(shape, items)
        })
    }

    /// With the dimensions in another order.
    pub fn transpose(&self, axes: Option<&[i32]>) -> Result<Model, Causes> {
        let ndim = self.shape.len() as i32;
        let reversed: Vec<i32> = (0..ndim).rev().collect();
        let given = axes.unwrap_or(&reversed);
        let axes: Vec<i32> =
            given.iter().map(|axis| if *axis < 0 { axis.wrapping_add(ndim) } else { *axis }).collect();
        let mut sorted = axes.clone();
        sorted.sort_unstable();
        let mut causes = Causes::NONE;
        causes.add_if(!sorted.into_iter().eq(0..ndim), MV_E_VALUE);
        causes.then(|| {
            let shape: Vec<isize> = axes.iter().map(|axis| self.shape[*axis as usize]).collect();
            let mut source = vec![0; shape.len()];
            let items = over(&shape, |index| {
                axes.iter().zip(index).for_each(|(axis, at)| source[*axis as usize] = *at);
                self.items[number(&self.shape, &source)]
            });
            self.with(shape, items)
        })
    }

    /// In another shape.
    pub fn reshape(&self, shape: &[isize], order: u8, indirect: bool) -> Result<Model, Causes> {
        let open = shape.iter().filter(|extent| **extent == -1).count();
        let known: Vec<isize> = shape.iter().map(|extent| if *extent == -1 { 1 } else { *extent }).collect();
        let (needed, given) = (product(&known), self.items.len() as i128);
        let mut causes = Causes::NONE;
        causes.add_if(!b"CFA".contains(&order), MV_E_VALUE);
        causes.add_if(shape.len() > 64, MV_E_LIMIT);
        causes.add_if(open > 1 || known.iter().any(|extent| *extent < 0), MV_E_SHAPE);
        causes
            .add_if(if open == 0 { needed != given } else { needed == 0 || given % needed != 0 }, MV_E_SHAPE);
        causes.add_if(needed > isize::MAX as i128, MV_E_OVERFLOW);
        causes.then(|| ())?;
        let derived = |extent: &isize| if *extent == -1 { (given / needed) as isize } else { *extent };
        let shape: Vec<isize> = shape.iter().map(derived).collect();
        let order = self.resolve(order, indirect);
        let mut items = vec![0; self.items.len()];
        for (place, item) in places(&shape, order).into_iter().zip(self.in_order(order)) {
            items[place] = item;
        }
        let result = self.with(shape, items);
        causes.add_if(!indirect && !result.has_strides(), MV_E_UNSUPPORTED);
        causes.then(|| result)
    }

    /// Whether some strides lead to all items.
    fn has_strides(&self) -> bool {
        let Some(&first) = self.items.first() else { return true };
        let neighbour = |dim: usize| {
            let index: Vec<isize> = (0..self.shape.len()).map(|other| (other == dim).into()).collect();
            if self.shape[dim] > 1 { self.items[number(&self.shape, &index)] - first } else { 0 }
        };
        let strides: Vec<isize> = (0..self.shape.len()).map(neighbour).collect();
        let way = |index: &[isize]| index.iter().zip(&strides).map(|(at, stride)| at * stride).sum::<isize>();
        over(&self.shape, |index| first + way(index)) == self.items
    }

    /// In a greater shape, read-only.
    pub fn broadcast(&self, shape: &[isize]) -> Result<Model, Causes> {
        let mut causes = Causes::NONE;
        let added = shape.len().checked_sub(self.shape.len());
        let fits =
            |added: usize| shape[added..].iter().zip(&self.shape).all(|(to, from)| to == from || *from == 1);
        causes.add_if(!added.is_some_and(fits) || shape.iter().any(|extent| *extent < 0), MV_E_SHAPE);
        causes.add_if(shape.len() > 64, MV_E_LIMIT);
        causes
            .add_if(product(shape).saturating_mul(self.itemsize as i128) > isize::MAX as i128, MV_E_OVERFLOW);
        causes.then(|| {
            let mut source = vec![0; self.shape.len()];
            let items = over(shape, |index| {
                let pairs = index[added.unwrap_or(0)..].iter().zip(&self.shape);
                let positions = pairs.map(|(at, extent)| if *extent == 1 { 0 } else { *at });
                source.iter_mut().zip(positions).for_each(|(to, position)| *to = position);
                self.items[number(&self.shape, &source)]
            });
            Model { readonly: true, ..self.with(shape.to_vec(), items) }
        })
    }

    /// One of many balanced parts, cut along the first axis that is long enough, or else the longest.
    pub fn split(&self, part: i32, parts: i32) -> Result<Model, Causes> {
        let mut causes = Causes::NONE;
        causes.add_if(parts < 1 || !(0..parts).contains(&part), MV_E_VALUE);
        causes.add_if(self.shape.is_empty() && parts > 1, MV_E_TYPE);
        causes.then(|| ())?;
        let (part, parts) = (part as isize, parts as isize);
        let longest = self.shape.iter().copied().max();
        let axis = self.shape.iter().position(|extent| {
            *extent >= parts || longest.is_some_and(|longest| longest < parts && *extent == longest)
        });
        let Some(axis) = axis else { return Ok(self.clone()) };
        let extent = self.shape[axis];
        let first = |part: isize| part * (extent / parts) + part.min(extent % parts);
        let mut program = vec![mv_index::all(); axis];
        program.push(mv_index::range(first(part), first(part + 1)));
        self.index(&program)
    }

    /// As items of `itemsize` bytes; 0 stands for an unknown format.
    pub fn cast(
        &self,
        format: &'static CStr,
        itemsize: isize,
        shape: Option<&[isize]>,
        order: u8,
        indirect: bool,
    ) -> Result<Model, Causes> {
        let (mut causes, nbytes) = (Causes::NONE, self.size() as isize);
        let one = shape.is_none_or(|shape| shape.len() == 1);
        causes.add_if(itemsize == 0, MV_E_FORMAT);
        causes.add_if(!b"CF".contains(&order), MV_E_VALUE);
        causes.add_if(indirect || !(self.is_packed(b'C') || one && self.is_packed(b'F')), MV_E_TYPE);
        causes.add_if(self.items.is_empty() && (shape.is_some() || self.shape.len() != 1), MV_E_TYPE);
        if let Some(shape) = shape {
            let needed = product(shape).saturating_mul(itemsize as i128);
            causes.add_if(shape.len() > 64, MV_E_LIMIT);
            causes.add_if(shape.iter().any(|extent| *extent <= 0), MV_E_SHAPE);
            causes.add_if(needed != nbytes as i128, MV_E_TYPE);
            causes.add_if(needed > isize::MAX as i128, MV_E_OVERFLOW);
        } else {
            causes.add_if(itemsize > 0 && nbytes % itemsize != 0, MV_E_TYPE);
        }
        causes.then(|| {
            let shape = shape.map_or_else(|| vec![nbytes / itemsize], <[isize]>::to_vec);
            let mut items = vec![0; (nbytes / itemsize) as usize];
            let first = self.items.iter().copied().min().unwrap_or(0);
            for (at, place) in places(&shape, order).into_iter().enumerate() {
                items[place] = first + at as isize * itemsize;
            }
            Model { shape, items, itemsize, format, readonly: self.readonly }
        })
    }
}
