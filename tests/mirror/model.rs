//! A slow and obvious model of a view, as in `c-tests/model.h`: its shape, and the addresses of its items listed in C order. What
//! an operation on a view should give is worked out on the list, without a thought of strides.

use std::{
    ffi::{CStr, CString, c_int},
    iter::repeat_n,
};

use memview::{
    error::mv_status::{self, *},
    layout::{MV_INDEX_AT, MV_INDEX_ELLIPSIS, MV_INDEX_NEWAXIS, MV_INDEX_SLICE, mv_index as Item},
    object::protocol::mv_buffer,
};

use crate::fixtures::{A, C, F, entries, indices, item_address};

/// A set of statuses.
pub type Causes = u32;

pub const fn cause(status: mv_status) -> Causes {
    1 << status as u32
}

/// What an operation must be refused with: one of `causes`.
#[derive(Default)]
pub struct Wrong {
    pub causes: Causes,
    /// Indices that are out of bounds: dimension, value, limit.
    pub faults: Vec<(i32, i64, i64)>,
}

pub struct Model {
    pub shape: Vec<isize>,
    pub itemsize: isize,
    pub format: CString,
    pub readonly: bool,
    /// The number of dereferences that the description began with.
    pub indirect: usize,
    pub items: Vec<usize>,
}

type Modelled = Result<Model, Wrong>;

/// All indices of a shape where the last dimension moves fastest ('C') or the first ('F').
pub fn in_order(shape: &[isize], order: c_int) -> Vec<Vec<isize>> {
    let reversed = |entries: &[isize]| -> Vec<isize> { entries.iter().rev().copied().collect() };
    if order == C {
        return indices(shape);
    }
    indices(&reversed(shape)).iter().map(|index| reversed(index)).collect()
}

/// The number of an index in C order.
fn number(shape: &[isize], index: &[isize]) -> usize {
    index.iter().zip(shape).fold(0, |number, (i, extent)| number * extent + i).cast_unsigned()
}

pub fn product(shape: &[isize]) -> isize {
    shape.iter().product()
}

/// The positions that a slice takes of a dimension, by Python's rules; none for a step of 0.
fn positions(item: &Item, length: isize) -> Option<Vec<isize>> {
    let part = |bit, value| (item.given & bit != 0).then_some(value);
    let step = part(4, item.step).unwrap_or(1);
    let (low, high) = if step < 0 { (-1, length - 1) } else { (0, length) };
    let clip = |bound: isize| if bound < 0 { bound + length } else { bound }.clamp(low, high);
    let (first, end) = (part(1, clip(item.start)), part(2, clip(item.stop)));
    let every = |span: isize| (0..span).filter(|at| at % step == 0);
    match step {
        0 => None,
        1.. => {
            let (first, end) = (first.unwrap_or(low), end.unwrap_or(high));
            Some(every(end - first).map(|at| first + at).collect())
        }
        _ => {
            let (first, end) = (first.unwrap_or(high), end.unwrap_or(low));
            Some(every(first - end).map(|at| first - at).collect())
        }
    }
}

impl Model {
    /// Of a description in full.
    pub fn new(full: &mv_buffer, format: &CStr) -> Model {
        let shape = entries(full.shape, full.ndim);
        Model {
            itemsize: full.itemsize,
            format: format.into(),
            readonly: full.readonly != 0,
            indirect: entries(full.suboffsets, full.ndim).iter().filter(|suboffset| **suboffset >= 0).count(),
            items: indices(&shape).iter().map(|index| item_address(full, index).addr()).collect(),
            shape,
        }
    }

    fn at(&self, index: &[isize]) -> usize {
        self.items[number(&self.shape, index)]
    }

    /// All but the shape and the items.
    fn like(&self, shape: Vec<isize>, items: Vec<usize>) -> Model {
        Model { shape, items, format: self.format.clone(), ..*self }
    }

    pub fn same(&self) -> Model {
        self.like(self.shape.clone(), self.items.clone())
    }

    pub fn nbytes(&self) -> isize {
        self.items.len().cast_signed() * self.itemsize
    }

    /// The items in an order.
    pub fn ordered(&self, order: c_int) -> Vec<usize> {
        in_order(&self.shape, order).iter().map(|index| self.at(index)).collect()
    }

    pub fn index(&self, items: &[Item]) -> Modelled {
        let count = |kind| items.iter().filter(|item| item.kind == kind).count();
        let (used, ellipses) = (count(MV_INDEX_AT) + count(MV_INDEX_SLICE), count(MV_INDEX_ELLIPSIS));
        let mut wrong = Wrong::default();
        if ellipses > 1 || items.iter().any(|item| !(MV_INDEX_AT..=MV_INDEX_NEWAXIS).contains(&item.kind)) {
            wrong.causes |= cause(MV_E_VALUE);
        }
        if used > self.shape.len() {
            wrong.causes |= cause(MV_E_TYPE);
        }
        let mut written = items.to_vec();
        if ellipses == 0 {
            written.push(Item::ellipsis());
        }
        let rest = || repeat_n(Item::all(), self.shape.len().saturating_sub(used));
        let plain = written
            .into_iter()
            .flat_map(|item| if item.kind == MV_INDEX_ELLIPSIS { rest().collect() } else { vec![item] });
        let (mut shape, mut chosen) = (Vec::new(), Vec::new());
        for item in plain {
            if item.kind == MV_INDEX_NEWAXIS {
                shape.push(1);
                continue;
            }
            let Some(length) = self.shape.get(chosen.len()).copied() else { break };
            if item.kind == MV_INDEX_AT {
                let position = if item.start < 0 { item.start + length } else { item.start };
                if !(0..length).contains(&position) {
                    wrong.causes |= cause(MV_E_INDEX);
                    let dim = i32::try_from(chosen.len()).expect("a few dimensions");
                    wrong.faults.push((dim, item.start as i64, length as i64));
                }
                chosen.push(vec![position]);
            } else if let Some(positions) = positions(&item, length) {
                shape.push(positions.len().cast_signed());
                chosen.push(positions);
            } else {
                wrong.causes |= cause(MV_E_VALUE);
                chosen.push(Vec::new());
            }
        }
        if wrong.causes != 0 {
            return Err(wrong);
        }
        let lengths: Vec<isize> = chosen.iter().map(|positions| positions.len().cast_signed()).collect();
        let place = |index: Vec<isize>| -> usize {
            let there = index.iter().zip(&chosen).map(|(i, positions)| positions[i.cast_unsigned()]);
            self.at(&there.collect::<Vec<isize>>())
        };
        Ok(self.like(shape, indices(&lengths).into_iter().map(place).collect()))
    }

    pub fn transpose(&self, axes: &[c_int]) -> Modelled {
        let ndim = self.shape.len();
        let refused = || Err(Wrong { causes: cause(MV_E_VALUE), ..Wrong::default() });
        let mut order: Vec<usize> = Vec::new();
        for axis in axes {
            let counted = if *axis < 0 { *axis as isize + ndim.cast_signed() } else { *axis as isize };
            match usize::try_from(counted) {
                Ok(dim) if dim < ndim && !order.contains(&dim) => order.push(dim),
                _ => return refused(),
            }
        }
        if order.len() != ndim {
            return refused();
        }
        let shape: Vec<isize> = order.iter().map(|dim| self.shape[*dim]).collect();
        let place = |index: Vec<isize>| {
            let mut source = vec![0; ndim];
            order.iter().zip(index).for_each(|(dim, i)| source[*dim] = i);
            self.at(&source)
        };
        let items = indices(&shape).into_iter().map(place).collect();
        Ok(self.like(shape, items))
    }

    /// Whether some strides lead to all items.
    fn has_strides(&self) -> bool {
        let Some(first) = self.items.first() else { return true };
        let step = |dim: usize| {
            let mut index = vec![0; self.shape.len()];
            index[dim] = isize::from(self.shape[dim] > 1);
            self.at(&index).wrapping_sub(*first).cast_signed()
        };
        let steps: Vec<isize> = (0..self.shape.len()).map(step).collect();
        indices(&self.shape).iter().zip(&self.items).all(|(index, item)| {
            let offset: isize = index.iter().zip(&steps).map(|(i, step)| i * step).sum();
            first.wrapping_add_signed(offset) == *item
        })
    }

    /// Whether the items follow each other without gaps in the order 'C' or 'F'. Of a direct view.
    pub fn is_packed(&self, order: c_int) -> bool {
        let size = self.itemsize.cast_unsigned();
        let first = self.items.first().copied().unwrap_or_default();
        self.ordered(order).iter().enumerate().all(|(place, item)| *item == first + place * size)
    }

    /// The order that 'A' stands for.
    pub fn meant(&self, order: c_int, is_indirect: bool) -> c_int {
        match order {
            A if !is_indirect && self.is_packed(F) && !self.is_packed(C) => F,
            A => C,
            other => other,
        }
    }

    /// The items given, in this shape and order.
    fn arranged(&self, shape: &[isize], order: c_int, items: &[usize]) -> Model {
        let mut arranged = vec![0; items.len()];
        in_order(shape, order)
            .iter()
            .zip(items)
            .for_each(|(index, item)| arranged[number(shape, index)] = *item);
        self.like(shape.to_vec(), arranged)
    }

    /// One extent may be -1. `is_indirect`: the view has suboffsets now.
    pub fn reshape(&self, wanted: &[isize], order: c_int, is_indirect: bool) -> Modelled {
        let (mut wrong, mut shape, count) =
            (Wrong::default(), wanted.to_vec(), self.items.len().cast_signed());
        let open: Vec<usize> = (0..shape.len()).filter(|dim| shape[*dim] == -1).collect();
        let known: isize = shape.iter().filter(|extent| **extent != -1).product();
        if ![C, F, A].contains(&order) {
            wrong.causes |= cause(MV_E_VALUE);
        }
        let fits = if open.is_empty() { known == count } else { known != 0 && count % known == 0 };
        if open.len() > 1 || !fits || shape.iter().any(|extent| *extent < -1) {
            wrong.causes |= cause(MV_E_SHAPE);
        }
        if wrong.causes != 0 {
            return Err(wrong);
        }
        for dim in open {
            shape[dim] = count / known;
        }
        let order = self.meant(order, is_indirect);
        let made = self.arranged(&shape, order, &self.ordered(order));
        if is_indirect || made.has_strides() {
            return Ok(made);
        }
        Err(Wrong { causes: cause(MV_E_UNSUPPORTED), ..wrong })
    }

    pub fn broadcast(&self, shape: &[isize]) -> Modelled {
        let added = shape.len().checked_sub(self.shape.len());
        let fits = |added: usize| {
            shape[added..].iter().zip(&self.shape).all(|(extent, own)| *own == 1 || own == extent)
        };
        let (Some(added), true) =
            (added.filter(|added| fits(*added)), shape.iter().all(|extent| *extent >= 0))
        else {
            return Err(Wrong { causes: cause(MV_E_SHAPE), ..Wrong::default() });
        };
        let place = |index: Vec<isize>| {
            let source = index[added..].iter().zip(&self.shape);
            self.at(&source.map(|(i, own)| if *own == 1 { 0 } else { *i }).collect::<Vec<isize>>())
        };
        let items = indices(shape).into_iter().map(place).collect();
        Ok(Model { readonly: true, ..self.like(shape.to_vec(), items) })
    }

    /// To items of `itemsize` bytes, 0: an unknown format.
    pub fn cast(
        &self,
        (format, itemsize): (&CStr, isize),
        shape: Option<&[isize]>,
        order: c_int,
        is_indirect: bool,
    ) -> Modelled {
        let (mut wrong, nbytes) = (Wrong::default(), self.nbytes());
        let mut found = |is_wrong, status| wrong.causes |= if is_wrong { cause(status) } else { 0 };
        let is_flat = shape.is_none_or(|shape| shape.len() == 1);
        let is_packed = || self.is_packed(C) || (is_flat && self.is_packed(F));
        found(itemsize == 0, MV_E_FORMAT);
        found(order != C && order != F, MV_E_VALUE);
        found(is_indirect || !is_packed(), MV_E_TYPE);
        found(self.items.is_empty() && (shape.is_some() || self.shape.len() != 1), MV_E_TYPE);
        match shape {
            Some(shape) => {
                found(shape.iter().any(|extent| *extent <= 0), MV_E_SHAPE);
                found(itemsize * product(shape) != nbytes, MV_E_TYPE);
            }
            None => found(itemsize != 0 && nbytes % itemsize != 0, MV_E_TYPE),
        }
        if wrong.causes != 0 {
            return Err(wrong);
        }
        let (count, size) = (nbytes / itemsize, itemsize.cast_unsigned());
        let first = self.items.iter().min().copied().unwrap_or_default();
        let items: Vec<usize> = (0..count.cast_unsigned()).map(|place| first + place * size).collect();
        let made = self.arranged(shape.unwrap_or(&[count]), order, &items);
        Ok(Model { itemsize, format: format.into(), ..made })
    }
}
