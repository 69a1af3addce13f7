//! Whether two memories are equal of which one is innermost where the other is not, in registers: nothing is brought together.

use core::cell::Cell;

use super::{
    isa::Isa,
    lanes::{Ask, Compare, Equality, LANE, LINE, Tile},
    memory::Memory,
    nest::{Blocks, Leaf},
    plan::{Dim, Dims, Plan, Side},
    transpose::{FAR, Matrix, take_matrix, turn},
};
use crate::layout::Order;

/// The bytes of a block on either side: half a page, as of a copy. The unit tests have small cases.
const BLOCK: isize = if cfg!(test) { 256 } else { 2 << 10 };

/// Whether the items of two direct memories of one shape are equal; none where they do not run along different dimensions, or are of
/// no size for it.
#[inline(never)] // The dimensions are on the stack of those alone that need them.
pub(super) fn same(a: &Memory<'_>, b: &Memory<'_>, equality: Equality, isa: Isa) -> Option<bool> {
    let size = a.itemsize();
    if size != b.itemsize() || a.layout().ndim() < 2 {
        return None;
    }
    let mut dims = Dims::new();
    let plan = Plan::new(&mut dims, a.layout(), Order::C, Side::Memory(b), Side::Memory(a));
    if !plan.is_free || plan.item != size {
        return None;
    }
    let far = size.saturating_mul(dims.positions()) >= FAR;
    let Matrix { columns, rows, to, from } = take_matrix(&plan, &mut dims)?;
    let block = BLOCK >> size.trailing_zeros();
    let mut blocks = Blocks::new(2);
    blocks.push(columns, block);
    blocks.push(rows, block);
    let ask = if far { Ask::Below } else { Ask::Nothing };
    let look = Look { item: size, compare: Compare(equality), isa, ask, same: Cell::new(true) };
    // SAFETY: both memories have an item at every position, and none is written.
    unsafe { blocks.walk(dims.as_slice(), &look, to, from) }
    Some(look.same.get())
}

/// How a block is looked at.
struct Look {
    item: usize,
    compare: Compare,
    isa: Isa,
    ask: Ask,
    /// Whether there has been no difference.
    same: Cell<bool>,
}

impl Leaf for Look {
    unsafe fn run(&self, dims: &[Dim], to: *mut u8, from: *mut u8) {
        let [columns, rows] = dims else { return };
        let items = |bytes: usize| bytes.checked_div(self.item).unwrap_or(1).cast_signed();
        let (least, wide) = (items(LANE), items(LINE));
        if rows.extent < least || columns.extent < least {
            // SAFETY: as the caller promises.
            return unsafe { self.look_at_each(columns, rows, to, from) };
        }
        let mut column = 0isize;
        // A line of each row of the source, before the next one: so every line of either side is read once.
        while column < columns.extent && self.same.get() {
            // The last columns may be fewer than fill a lane: then with some of those before them.
            let first = column.min(columns.extent.wrapping_sub(least));
            let part = Dim { extent: wide.min(columns.extent.wrapping_sub(first)), ..*columns };
            let to = to.wrapping_offset(columns.to.stride.wrapping_mul(first));
            let from = from.wrapping_offset(columns.from.stride.wrapping_mul(first));
            let tile = Tile::new(self.item, &part, rows, to, from, (false, self.ask));
            // SAFETY: as the caller promises; both dimensions fill a lane.
            self.same.set(unsafe { turn(&tile, self.compare, self.isa) });
            column = column.wrapping_add(wide);
        }
    }

    fn is_done(&self) -> bool {
        !self.same.get()
    }
}

impl Look {
    /// # Safety
    /// As for [`Leaf::run`].
    unsafe fn look_at_each(&self, columns: &Dim, rows: &Dim, mut to: *mut u8, mut from: *mut u8) {
        for _ in 0..columns.extent {
            let (mut one, mut other) = (to, from);
            for _ in 0..rows.extent {
                // SAFETY: as the caller promises.
                let same = unsafe { self.compare.0.is_met(one, other, self.item) };
                self.same.set(self.same.get() && same);
                one = one.wrapping_offset(rows.to.stride);
                other = other.wrapping_offset(rows.from.stride);
            }
            to = to.wrapping_offset(columns.to.stride);
            from = from.wrapping_offset(columns.from.stride);
        }
    }
}
