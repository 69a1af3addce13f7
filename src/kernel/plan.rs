//! The plan of a walk: the dimensions that are left once everything that does not matter has been taken out.
//!
//! A walk goes over two sides at once, the destination and the source. Either is memory with strides and
//! suboffsets, a packed block, or one item repeated. Dimensions of extent 1 are dropped; where the order of
//! writing cannot be seen, dimensions are sorted by the destination's strides and run upwards; neighbours that
//! are one dimension on both sides are joined; and an innermost dimension that is contiguous on both sides
//! becomes part of the item.

use core::mem::MaybeUninit;

use super::memory::Memory;
use crate::layout::{Layout, MAX_NDIM, Order};

/// Runs of fewer items cost more to start than to copy.
const SHORT_RUN: isize = 16;

/// How one side moves along one dimension.
#[derive(Clone, Copy)]
pub(super) struct Step {
    pub(super) stride: isize,
    /// Negative where the dimension is direct.
    pub(super) suboffset: isize,
}

impl Step {
    pub(super) const NONE: Step = Step { stride: 0, suboffset: -1 };

    pub(super) fn is_direct(self) -> bool {
        self.suboffset < 0
    }

    /// Turns round: from the last item to the first. Returns how far the base moves for it.
    pub(super) fn turn(&mut self, extent: isize) -> isize {
        let moved = extent.wrapping_sub(1).wrapping_mul(self.stride);
        self.stride = self.stride.wrapping_neg();
        moved
    }
}

/// One dimension of a walk.
#[derive(Clone, Copy)]
pub(super) struct Dim {
    pub(super) extent: isize,
    pub(super) to: Step,
    pub(super) from: Step,
}

impl Dim {
    pub(super) fn is_direct(&self) -> bool {
        self.to.is_direct() && self.from.is_direct()
    }

    /// This dimension with an inner one, as one dimension; none where the two do not follow each other evenly.
    fn join(&self, inner: &Dim) -> Option<Dim> {
        let even = |outer: Step, step: Step| step.stride.checked_mul(inner.extent) == Some(outer.stride);
        if !self.is_direct() || !even(self.to, inner.to) || !even(self.from, inner.from) {
            return None;
        }
        Some(Dim { extent: self.extent.checked_mul(inner.extent)?, ..*inner })
    }
}

/// What one side of a walk is.
#[derive(Clone, Copy)]
pub(super) enum Side<'a> {
    /// Items where a layout says.
    Memory(&'a Memory<'a>),
    /// Items one after another, in the order of the walk.
    Packed(*mut u8),
    /// The same item again and again.
    Repeated(*mut u8),
}

impl Side<'_> {
    fn base(self) -> *mut u8 {
        match self {
            Side::Memory(memory) => memory.base(),
            Side::Packed(base) | Side::Repeated(base) => base,
        }
    }

    fn step(self, dim: usize) -> Step {
        let Side::Memory(memory) = self else { return Step::NONE };
        let Layout { strides, suboffsets, .. } = memory.layout();
        Step {
            stride: strides.get(dim).copied().unwrap_or(0),
            suboffset: suboffsets.get(dim).copied().unwrap_or(-1),
        }
    }
}

/// The dimensions of a walk, outermost first. Only those in use are ever written.
pub(super) struct Dims {
    space: [MaybeUninit<Dim>; MAX_NDIM],
    count: usize,
}

impl Dims {
    #[inline]
    pub(super) fn new() -> Self {
        Dims { space: [const { MaybeUninit::uninit() }; MAX_NDIM], count: 0 }
    }

    fn push(&mut self, dim: Dim) {
        if let Some(space) = self.space.get_mut(self.count) {
            space.write(dim);
            self.count = self.count.wrapping_add(1);
        }
    }

    fn set(&mut self, dims: &[Dim]) {
        self.count = 0;
        for dim in dims {
            self.push(*dim);
        }
    }

    /// How many positions the dimensions have.
    pub(super) fn positions(&self) -> usize {
        self.as_slice().iter().fold(1, |all, dim| all.saturating_mul(dim.extent.unsigned_abs()))
    }

    /// Takes the innermost dimension out.
    pub(super) fn take_last(&mut self) {
        self.count = self.count.saturating_sub(1);
    }

    /// Takes a dimension out.
    pub(super) fn take(&mut self, number: usize) -> Option<Dim> {
        let [dim, after @ ..] = self.as_mut_slice().get_mut(number..)? else { return None };
        let taken = *dim;
        let mut hole = dim;
        for next in after {
            *hole = *next;
            hole = next;
        }
        self.count = self.count.saturating_sub(1);
        Some(taken)
    }

    pub(super) fn as_slice(&self) -> &[Dim] {
        // SAFETY: `push` has written the first `count` entries, all of them inside the array.
        unsafe { core::slice::from_raw_parts(self.space.as_ptr().cast(), self.count) }
    }

    pub(super) fn as_mut_slice(&mut self) -> &mut [Dim] {
        // SAFETY: `push` has written the first `count` entries, all of them inside the array.
        unsafe { core::slice::from_raw_parts_mut(self.space.as_mut_ptr().cast(), self.count) }
    }
}

/// A walk, ready to be done over the dimensions that were put into a [`Dims`].
pub(super) struct Plan {
    /// The bytes moved at each position.
    pub(super) item: usize,
    /// Where the destination begins.
    pub(super) to: *mut u8,
    /// Where the source begins.
    pub(super) from: *mut u8,
    /// Whether the items may be copied in any order: every dimension is direct, and no byte of the destination belongs to two.
    pub(super) is_free: bool,
    /// Whether the source is known not to be in the caches, however small it is.
    pub(super) is_far: bool,
}

impl Plan {
    /// Plans a walk over every index of `layout`, which has items, in the given order or one that cannot be told from
    /// it by its result, unless items of indirect memory overlap each other and the order is Fortran's.
    /// [`Order::A`] counts as C's.
    pub(super) fn new(
        dims: &mut Dims,
        layout: &Layout<'_>,
        order: Order,
        to: Side<'_>,
        from: Side<'_>,
    ) -> Plan {
        let mut plan = Plan::in_order(dims, layout, order, to, from);
        if is_direct(dims.as_slice()) && !plan.loosen(dims) {
            collect(dims, layout, order, to, from);
        }
        join_neighbours(dims);
        plan.absorb(dims);
        plan
    }

    /// Plans a walk over direct dimensions, in their order or one that cannot be told from it by its result.
    pub(super) fn over(dims: &mut Dims, given: &[Dim], item: usize, to: *mut u8, from: *mut u8) -> Plan {
        let mut plan = Plan { item, to, from, is_free: false, is_far: false };
        dims.set(given);
        if !plan.loosen(dims) {
            dims.set(given);
        }
        join_neighbours(dims);
        plan.absorb(dims);
        plan
    }

    /// Sorts the dimensions, and lets them run upwards in the destination, where the order of writing cannot be seen; whether it cannot.
    fn loosen(&mut self, dims: &mut Dims) -> bool {
        sort(dims.as_mut_slice());
        self.is_free = is_injective(dims.as_slice(), self.item);
        if self.is_free {
            self.turn_upwards(dims.as_mut_slice());
        }
        self.is_free
    }

    /// Plans a walk in C order, over runs of items that are side by side on both sides.
    pub(super) fn in_runs(dims: &mut Dims, layout: &Layout<'_>, to: Side<'_>, from: Side<'_>) -> Plan {
        let mut plan = Plan::in_order(dims, layout, Order::C, to, from);
        join_neighbours(dims);
        plan.absorb(dims);
        plan
    }

    /// Plans a walk in exactly the given order, item by item. Fortran's is not possible for indirect memory.
    pub(super) fn in_order(
        dims: &mut Dims,
        layout: &Layout<'_>,
        order: Order,
        to: Side<'_>,
        from: Side<'_>,
    ) -> Plan {
        collect(dims, layout, order, to, from);
        Plan {
            item: layout.itemsize.unsigned_abs(),
            to: to.base(),
            from: from.base(),
            is_free: false,
            is_far: false,
        }
    }

    /// Lets every dimension run upwards in the destination.
    fn turn_upwards(&mut self, dims: &mut [Dim]) {
        for dim in dims.iter_mut().filter(|dim| dim.to.stride < 0) {
            self.to = self.to.wrapping_offset(dim.to.turn(dim.extent));
            self.from = self.from.wrapping_offset(dim.from.turn(dim.extent));
        }
    }

    /// Makes an innermost dimension that is contiguous on both sides a part of the item.
    fn absorb(&mut self, dims: &mut Dims) {
        let item = self.item.cast_signed();
        if let [.., inner] = *dims.as_slice()
            && inner.is_direct()
            && inner.to.stride == item
            && inner.from.stride == item
            && let Some(run) = item.checked_mul(inner.extent)
        {
            self.item = run.unsigned_abs();
            dims.count = dims.count.saturating_sub(1);
        }
    }
}

/// Takes the dimensions in the nesting of the order; those of indirect memory always in their own, since a pointer
/// must be loaded before what lies behind it.
fn collect(dims: &mut Dims, layout: &Layout<'_>, order: Order, to: Side<'_>, from: Side<'_>) {
    dims.count = 0;
    let mut take = |number: usize, extent: isize| {
        let dim = Dim { extent, to: to.step(number), from: from.step(number) };
        if extent != 1 || !dim.is_direct() {
            dims.push(dim);
        }
    };
    let extents = layout.shape.iter().copied().enumerate();
    let turned = order == Order::F && !layout.is_indirect();
    if turned {
        extents.rev().for_each(|(number, extent)| take(number, extent));
    } else {
        extents.for_each(|(number, extent)| take(number, extent));
    }
    let inwards = turned || order != Order::F;
    if let Side::Packed(_) = to {
        pack(dims.as_mut_slice(), layout.itemsize, inwards, |dim| &mut dim.to);
    }
    if let Side::Packed(_) = from {
        pack(dims.as_mut_slice(), layout.itemsize, inwards, |dim| &mut dim.from);
    }
}

/// Gives one side the strides of a packed block whose innermost dimension, or else outermost, moves fastest.
fn pack(dims: &mut [Dim], itemsize: isize, inwards: bool, side: impl Fn(&mut Dim) -> &mut Step) {
    let mut stride = itemsize;
    let mut next = |dim: &mut Dim| {
        side(dim).stride = stride;
        stride = stride.wrapping_mul(dim.extent);
    };
    if inwards {
        dims.iter_mut().rev().for_each(&mut next);
    } else {
        dims.iter_mut().for_each(&mut next);
    }
}

fn is_direct(dims: &[Dim]) -> bool {
    dims.iter().all(Dim::is_direct)
}

/// Puts the dimensions with the greatest strides of the destination outermost.
fn sort(dims: &mut [Dim]) {
    let mut sorted = 0usize;
    while let Some([rest @ .., last]) = dims.get_mut(..=sorted) {
        let dim = *last;
        let mut hole = last;
        for place in rest.iter_mut().rev() {
            if place.to.stride.unsigned_abs() >= dim.to.stride.unsigned_abs() {
                break;
            }
            *hole = *place;
            hole = place;
        }
        *hole = dim;
        sorted = sorted.wrapping_add(1);
    }
}

/// Puts the longer of the two innermost dimensions innermost where the other is too short for a loop of its own.
pub(super) fn lengthen_runs(dims: &mut [Dim]) {
    if let [.., outer, inner] = dims
        && inner.extent < SHORT_RUN
        && outer.extent > inner.extent
    {
        core::mem::swap(outer, inner);
    }
}

/// Whether no byte of the destination belongs to two positions, as far as sorted strides can tell.
fn is_injective(sorted: &[Dim], item: usize) -> bool {
    let mut reach = item;
    sorted.iter().rev().all(|dim| {
        let stride = dim.to.stride.unsigned_abs();
        let free = stride >= reach;
        reach = stride.saturating_mul(dim.extent.unsigned_abs().saturating_sub(1)).saturating_add(reach);
        free
    })
}

/// Joins neighbours that are one dimension on both sides.
fn join_neighbours(dims: &mut Dims) {
    let mut kept = 0usize;
    let slice = dims.as_mut_slice();
    for next in 0..slice.len() {
        let Some(&inner) = slice.get(next) else { break };
        let outer = kept.checked_sub(1).and_then(|last| slice.get_mut(last));
        if let Some(outer) = outer
            && let Some(joined) = outer.join(&inner)
        {
            *outer = joined;
        } else if let Some(place) = slice.get_mut(kept) {
            *place = inner;
            kept = kept.wrapping_add(1);
        }
    }
    dims.count = kept;
}
