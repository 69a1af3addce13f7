//! Runs of bytes for gathering and scattering input and output, and whether two memories can meet.

use core::{ffi::c_void, ops::ControlFlow};

use super::{
    memory::{Memory, Span, overlaps},
    plan::{Dims, Plan, Side},
    visit::visit_runs,
};
use crate::{
    error::{Error, Result, dimension, number, signed},
    layout::{self, Layout, MAX_NDIM, Order},
};

/// Bytes that follow each other in memory; laid out as `struct iovec`.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mv_run {
    /// The first byte.
    pub data: *mut c_void,
    /// How many there are.
    pub length: usize,
}

/// Gives the runs of a memory in C order, those from number `first` on; how many there are in all.
pub fn list_runs(memory: &Memory<'_>, first: usize, mut give: impl FnMut(usize, mv_run)) -> usize {
    let mut count = 0usize;
    let _: ControlFlow<()> = visit_runs(memory, |run| {
        if let Some(place) = count.checked_sub(first) {
            give(place, mv_run { data: run.data().cast(), length: run.length() });
        }
        count = count.saturating_add(1);
        ControlFlow::Continue(())
    });
    count
}

/// Refuses two memories of different shapes.
pub fn check_shapes(to: &Memory<'_>, from: &Memory<'_>) -> Result<()> {
    let (left, right) = (to.layout(), from.layout());
    if left.ndim() != right.ndim() {
        return Err(Error::NdimDiffers { left: number(left.ndim()), right: number(right.ndim()) });
    }
    let mut pairs = left.shape.iter().zip(right.shape).enumerate();
    match pairs.find(|(_, (left, right))| left != right) {
        Some((dim, (&left, &right))) => {
            Err(Error::ShapesDiffer { left: signed(left), right: signed(right), dim: dimension(dim) })
        }
        None => Ok(()),
    }
}

/// Runs `work` with contiguous bytes as items of a shape; there must be as many bytes as the items have.
pub fn with_packed<R>(
    span: &Span<'_>,
    shape: &[isize],
    itemsize: isize,
    order: Order,
    work: impl FnOnce(&Memory<'_>) -> Result<R>,
) -> Result<R> {
    let nbytes = layout::product(shape, itemsize)?;
    if nbytes.unsigned_abs() != span.length() {
        let (given, needed) = (number(span.length()), signed(nbytes));
        return Err(Error::Count { what: "the bytes of the contiguous block", given, needed });
    }
    let mut strides = [0isize; MAX_NDIM];
    let strides = strides.get_mut(..shape.len()).ok_or_else(|| layout::too_many(shape.len()))?;
    layout::fill_strides(shape, itemsize, order, strides)?;
    let layout = Layout { itemsize, shape, strides, suboffsets: &[] };
    // SAFETY: the layout reaches just the bytes of the span, which may be read, and written where its maker promised.
    work(&unsafe { Memory::new(span.data(), layout, true) })
}

/// Whether the two can have a byte in common: their reaches do, and the steps of both can lead there. The columns or channels of one
/// image do not meet.
#[must_use]
pub fn can_meet(a: &Memory<'_>, b: &Memory<'_>) -> bool {
    if !overlaps(a, b) {
        return false;
    }
    if a.layout().is_indirect() || b.layout().is_indirect() {
        return true;
    }
    let (left, right) = (lattice(a), lattice(b));
    let step = common(left.step, right.step);
    let distance = right.base.addr().wrapping_sub(left.base.addr()).cast_signed();
    // All runs lie a multiple of the step from their first.
    let behind = isize::try_from(step).ok().and_then(|step| distance.checked_rem_euclid(step));
    behind
        .map(isize::unsigned_abs)
        .is_none_or(|behind| behind < left.run || step.saturating_sub(behind) < right.run)
}

/// The places of a memory: runs of bytes that lie a multiple of a step from the first.
struct Lattice {
    base: *mut u8,
    run: usize,
    /// 0 where there is one run.
    step: usize,
}

fn lattice(memory: &Memory<'_>) -> Lattice {
    let mut dims = Dims::new();
    let plan = Plan::new(&mut dims, memory.layout(), Order::C, Side::Memory(memory), Side::Memory(memory));
    let strides = dims.as_slice().iter().map(|dim| dim.to.stride.unsigned_abs());
    Lattice { base: plan.to, run: plan.item, step: strides.fold(0, common) }
}

/// The greatest common divisor; that of 0 and a number is the number.
fn common(mut a: usize, mut b: usize) -> usize {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}
