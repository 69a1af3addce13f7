//! Walks over memories of one shape in runs of items that are packed on every side: what lies in memory so is handed out where it
//! is, and anything else is brought together in a small buffer, tile by tile.

use core::{array, mem::MaybeUninit, ops::ControlFlow};

use super::{
    choose,
    isa::Isa,
    memory::Memory,
    plan::{Dim, Dims, Plan, Side, Step},
    scratch::Scratch,
    walk,
};
use crate::layout::{Layout, MAX_NDIM, Order};

/// The bytes of a buffer: that of each side fits into the first cache beside the other's.
const TILE: usize = 8 << 10;

/// Where sides run along different dimensions and are at least [`FAR`], the bytes of a buffer that fits into the second cache:
/// the longer the rows, the fewer waits for memory.
const WIDE: usize = 256 << 10;

/// The bytes of a buffer of a single row that fits into the second cache.
const LONG_TILE: usize = 64 << 10;

/// The bytes of memory from which on that is worth an allocation. The unit tests make do with fewer, so that small cases do it too.
const FAR: usize = if cfg!(test) { 2 << 10 } else { 1 << 20 };

/// The bytes of a row of a buffer, and of a wide one.
const SHORT_ROW: usize = 256;
const LONG_ROW: usize = 1 << 10;

/// Rows of so many bytes are worth being looked at where they lie.
const LEAST_ROW: usize = 256;

/// One dimension of all sides.
#[derive(Clone, Copy)]
struct Axis<const N: usize> {
    extent: isize,
    strides: [isize; N],
}

impl<const N: usize> Axis<N> {
    const NONE: Self = Axis { extent: 1, strides: [0; N] };

    /// This dimension with an inner one, as one dimension; none where the two do not follow each other evenly.
    fn join(&self, inner: &Self) -> Option<Self> {
        let mut pairs = self.strides.iter().zip(inner.strides);
        let even = pairs.all(|(outer, step)| step.checked_mul(inner.extent) == Some(*outer));
        let extent = self.extent.checked_mul(inner.extent).filter(|_| even)?;
        Some(Axis { extent, ..*inner })
    }
}

/// What is done with the items of the first side.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// They are read, in any order.
    Read,
    /// They are read, in C order.
    ReadInOrder,
    /// They are written, in any order: no byte belongs to two of them.
    Write,
}

/// A walk over the items of `N` memories.
pub(super) struct Tiles<const N: usize> {
    axes: [Axis<N>; MAX_NDIM],
    count: usize,
    bases: [*mut u8; N],
    sizes: [usize; N],
    /// The two dimensions of a tile, of which the first may be [`Axis::NONE`], and their extents in it.
    rows: Axis<N>,
    columns: Axis<N>,
    tile: (isize, isize),
    purpose: Use,
    isa: Isa,
    /// The buffers, where they are wide.
    wide: Option<Scratch>,
}

/// Where a side's items of a tile are looked at.
#[derive(Clone, Copy)]
struct Place {
    first: *mut u8,
    /// From row to row.
    pitch: isize,
    is_packed: bool,
}

impl<const N: usize> Tiles<N> {
    /// A walk over memories of the same shape, which have items and are direct; none where a memory is not.
    pub(super) fn new(sides: [&Memory<'_>; N], purpose: Use, isa: Isa) -> Option<Self> {
        let first = sides.first()?;
        if sides.iter().any(|side| side.layout().is_indirect() || side.layout().shape != first.layout().shape)
        {
            return None;
        }
        let mut tiles = Tiles {
            axes: [Axis::NONE; MAX_NDIM],
            count: 0,
            bases: sides.map(Memory::base),
            sizes: sides.map(Memory::itemsize),
            rows: Axis::NONE,
            columns: Axis::NONE,
            tile: (1, 1),
            purpose,
            isa,
            wide: None,
        };
        for (dim, &extent) in first.layout().shape.iter().enumerate() {
            let stride = |side: &Memory<'_>| side.layout().strides.get(dim).copied().unwrap_or(0);
            tiles.push(Axis { extent, strides: sides.map(stride) });
        }
        tiles.join_neighbours();
        tiles.choose_tile();
        Some(tiles)
    }

    /// Takes a dimension: sorted by the strides of the first side, and running upwards there, unless the order counts.
    fn push(&mut self, mut axis: Axis<N>) {
        if axis.extent == 1 {
            return;
        }
        let mut at = self.count;
        if self.purpose != Use::ReadInOrder {
            if axis.strides.first().is_some_and(|stride| *stride < 0) {
                for (base, stride) in self.bases.iter_mut().zip(&mut axis.strides) {
                    *base = base.wrapping_offset(stride.wrapping_mul(axis.extent.wrapping_sub(1)));
                    *stride = stride.wrapping_neg();
                }
            }
            while let Some(before) = at.checked_sub(1)
                && let Some(outer) = self.axes.get(before).copied()
                && outer.strides.map(isize::unsigned_abs) < axis.strides.map(isize::unsigned_abs)
            {
                if let Some(place) = self.axes.get_mut(at) {
                    *place = outer;
                }
                at = before;
            }
        }
        if let Some(place) = self.axes.get_mut(at) {
            *place = axis;
            self.count = self.count.wrapping_add(1);
        }
    }

    fn join_neighbours(&mut self) {
        let mut kept = 0usize;
        for next in 0..self.count {
            let Some(&inner) = self.axes.get(next) else { break };
            let outer = kept.checked_sub(1).and_then(|last| self.axes.get_mut(last));
            if let Some(outer) = outer
                && let Some(joined) = outer.join(&inner)
            {
                *outer = joined;
            } else if let Some(place) = self.axes.get_mut(kept) {
                *place = inner;
                kept = kept.wrapping_add(1);
            }
        }
        self.count = kept;
    }

    /// Takes a dimension out.
    fn take(&mut self, number: usize) -> Axis<N> {
        let mut taken = Axis::NONE;
        if let Some([axis, after @ ..]) = self.axes.get_mut(number..self.count) {
            taken = *axis;
            let mut hole = axis;
            for next in after {
                *hole = *next;
                hole = next;
            }
            self.count = self.count.wrapping_sub(1);
        }
        taken
    }

    fn is_direct(&self, side: usize, columns: &Axis<N>) -> bool {
        let stride = columns.strides.get(side).copied().unwrap_or(0);
        columns.extent == 1 || self.sizes.get(side).is_some_and(|size| stride == size.cast_signed())
    }

    /// Chooses the dimensions of a tile.
    fn choose_tile(&mut self) {
        let Some(last) = self.count.checked_sub(1) else { return };
        self.columns = self.take(last);
        let most = self.sizes.iter().fold(1, |most, size| most.max(*size));
        let room = |buffer: usize| buffer.checked_div(most).unwrap_or(1).max(1).cast_signed();
        let run = self.columns.extent.saturating_mul(most.cast_signed());
        let all_direct = (0..N).all(|side| self.is_direct(side, &self.columns));
        let other = if self.purpose == Use::ReadInOrder { None } else { self.nearest_elsewhere() };
        let (rows, columns) = match (other, last.checked_sub(1)) {
            // Two sides that run along different dimensions.
            (Some(other), _) => {
                self.rows = self.take(other);
                let all = run.saturating_mul(self.rows.extent).unsigned_abs();
                if all >= FAR {
                    self.wide = Scratch::new(WIDE.saturating_mul(N)).ok();
                }
                let (buffer, row) = if self.wide.is_some() { (WIDE, LONG_ROW) } else { (TILE, SHORT_ROW) };
                let columns = self.columns.extent.min(room(row));
                (room(buffer).checked_div(columns).unwrap_or(1), columns)
            }
            (None, Some(next)) if run < LEAST_ROW.cast_signed() => {
                self.rows = self.take(next);
                (room(TILE).checked_div(self.columns.extent).unwrap_or(1), self.columns.extent)
            }
            _ if all_direct => (1, isize::MAX),
            _ => {
                // A plan for each tile, of which there are to be few.
                let planned = |side| !self.is_direct(side, &self.columns) && !self.is_plain(side);
                if run.unsigned_abs() >= FAR && (0..N).any(planned) {
                    self.wide = Scratch::new(WIDE.saturating_mul(N)).ok();
                }
                (1, room(if self.wide.is_some() { LONG_TILE } else { TILE }))
            }
        };
        self.tile = (rows.max(1), columns.max(1));
    }

    /// A dimension along which another side lies closer together than along the columns, where it is not packed.
    fn nearest_elsewhere(&self) -> Option<usize> {
        let axes = self.axes.get(..self.count)?;
        (1..N).find_map(|side| {
            let stride = |axis: &Axis<N>| axis.strides.get(side).map_or(0, |stride| stride.unsigned_abs());
            let moving = axes.iter().enumerate().filter(|(_, axis)| stride(axis) != 0);
            let (number, nearest) = moving.min_by_key(|(_, axis)| stride(axis))?;
            (stride(nearest) < stride(&self.columns)).then_some(number)
        })
    }

    /// Hands out the items in runs: where the items of each side lie, packed, and how many they are. A first side that is to be
    /// written is brought to its place afterwards.
    pub(super) fn each<B>(
        &self,
        mut look: impl FnMut([*mut u8; N], usize) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        match &self.wide {
            Some(wide) => self.all(wide.as_ptr(), WIDE, &mut look),
            None => self.all_close(&mut look),
        }
    }

    #[inline(never)] // The buffers are on the stack of those alone that need them.
    fn all_close<B>(&self, look: &mut impl FnMut([*mut u8; N], usize) -> ControlFlow<B>) -> ControlFlow<B> {
        let mut space = MaybeUninit::<[[u8; TILE]; N]>::uninit();
        self.all(space.as_mut_ptr().cast(), TILE, look)
    }

    /// The same with a buffer of so many bytes for each side.
    fn all<B>(
        &self,
        start: *mut u8,
        buffer: usize,
        look: &mut impl FnMut([*mut u8; N], usize) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let buffers = array::from_fn(|side| start.wrapping_add(buffer.wrapping_mul(side)));
        self.outer(self.axes.get(..self.count).unwrap_or(&[]), self.bases, &buffers, look)
    }

    fn outer<B>(
        &self,
        axes: &[Axis<N>],
        mut places: [*mut u8; N],
        buffers: &[*mut u8; N],
        look: &mut impl FnMut([*mut u8; N], usize) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let Some((outer, rest)) = axes.split_first() else {
            return self.pieces(places, buffers, look);
        };
        for _ in 0..outer.extent {
            self.outer(rest, places, buffers, look)?;
            places = moved(places, outer, 1);
        }
        ControlFlow::Continue(())
    }

    /// The tiles of the two inner dimensions.
    fn pieces<B>(
        &self,
        places: [*mut u8; N],
        buffers: &[*mut u8; N],
        look: &mut impl FnMut([*mut u8; N], usize) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let mut column = 0isize;
        while column < self.columns.extent {
            let columns = self.tile.1.min(self.columns.extent.wrapping_sub(column));
            let mut row = 0isize;
            while row < self.rows.extent {
                let rows = self.tile.0.min(self.rows.extent.wrapping_sub(row));
                let first = moved(moved(places, &self.rows, row), &self.columns, column);
                self.piece(first, rows, columns, buffers, look)?;
                row = row.wrapping_add(rows);
            }
            column = column.wrapping_add(columns);
        }
        ControlFlow::Continue(())
    }

    fn piece<B>(
        &self,
        first: [*mut u8; N],
        rows: isize,
        columns: isize,
        buffers: &[*mut u8; N],
        look: &mut impl FnMut([*mut u8; N], usize) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let is_written = |side: usize| side == 0 && self.purpose == Use::Write;
        let mut places = [Place { first: core::ptr::null_mut(), pitch: 0, is_packed: true }; N];
        for (side, place) in places.iter_mut().enumerate() {
            let (Some(&from), Some(&buffer)) = (first.get(side), buffers.get(side)) else { continue };
            *place = self.place(side, from, rows, columns).unwrap_or_else(|| {
                if !is_written(side) {
                    // SAFETY: the buffer holds a tile, and the tile lies in the memory.
                    unsafe { self.bring(side, buffer, from, rows, columns) }
                }
                Place { first: buffer, pitch: self.row_bytes(side, columns), is_packed: true }
            });
        }
        let result = if places.iter().all(|place| place.is_packed) {
            look(places.map(|place| place.first), rows.wrapping_mul(columns).unsigned_abs())
        } else {
            (0..rows).try_for_each(|row| {
                let row = places.map(|place| place.first.wrapping_offset(place.pitch.wrapping_mul(row)));
                look(row, columns.unsigned_abs())
            })
        };
        if let (Some(&to), Some(place)) = (first.first(), places.first())
            && is_written(0)
            && buffers.first() == Some(&place.first)
        {
            // SAFETY: as above; the memory may be written, as the caller of `each` has found.
            unsafe { self.bring_back(to, place.first, rows, columns) }
        }
        result
    }

    fn row_bytes(&self, side: usize, columns: isize) -> isize {
        self.sizes.get(side).map_or(0, |size| size.cast_signed()).wrapping_mul(columns)
    }

    /// Where the tile is looked at in memory; none where it is worth a buffer.
    fn place(&self, side: usize, first: *mut u8, rows: isize, columns: isize) -> Option<Place> {
        if columns > 1 && !self.is_direct(side, &self.columns) {
            return None;
        }
        let (run, pitch) = (self.row_bytes(side, columns), self.rows.strides.get(side).copied()?);
        let is_packed = rows == 1 || pitch == run;
        (is_packed || run >= LEAST_ROW.cast_signed()).then_some(Place { first, pitch, is_packed })
    }

    /// Packs a tile.
    ///
    /// # Safety
    /// The tile lies in the memory; the buffer holds one.
    unsafe fn bring(&self, side: usize, to: *mut u8, from: *mut u8, rows: isize, columns: isize) {
        let (shape, strides) = ([rows, columns], self.steps(side));
        // SAFETY: as the caller promises.
        unsafe {
            if rows == 1 && self.is_plain(side) {
                return self.copy_row(side, to, from, columns, |dim| &mut dim.from);
            }
            let memory = self.tile(side, from, &shape, &strides);
            copy(&memory, Side::Packed(to), Side::Memory(&memory), (self.wide.is_some(), self.isa));
        }
    }

    /// Unpacks a tile of the first side.
    ///
    /// # Safety
    /// As for `bring`, and the memory may be written.
    unsafe fn bring_back(&self, to: *mut u8, from: *mut u8, rows: isize, columns: isize) {
        let (shape, strides) = ([rows, columns], self.steps(0));
        // SAFETY: as the caller promises.
        unsafe {
            if rows == 1 && self.is_plain(0) {
                return self.copy_row(0, to, from, columns, |dim| &mut dim.to);
            }
            let memory = self.tile(0, to, &shape, &strides);
            copy(&memory, Side::Memory(&memory), Side::Packed(from), (false, self.isa));
        }
    }

    /// Whether single items of a side are copied sooner than a plan is made.
    fn is_plain(&self, side: usize) -> bool {
        self.sizes.get(side).is_some_and(|size| *size >= size_of::<u32>())
    }

    /// Copies items along the columns between a buffer and the side of which `strided` is the step.
    ///
    /// # Safety
    /// So many are readable and writable, and none is both.
    unsafe fn copy_row(
        &self,
        side: usize,
        to: *mut u8,
        from: *mut u8,
        columns: isize,
        strided: impl Fn(&mut Dim) -> &mut Step,
    ) {
        let item = self.sizes.get(side).copied().unwrap_or(0);
        let packed = Step { stride: item.cast_signed(), ..Step::NONE };
        let mut dim = Dim { extent: columns, to: packed, from: packed };
        strided(&mut dim).stride = self.columns.strides.get(side).copied().unwrap_or(0);
        // SAFETY: as the caller promises.
        unsafe { walk::copy_dims(&[dim], item, to, from) }
    }

    fn steps(&self, side: usize) -> [isize; 2] {
        [&self.rows, &self.columns].map(|axis| axis.strides.get(side).copied().unwrap_or(0))
    }

    /// # Safety
    /// The tile lies in the memory.
    unsafe fn tile<'a>(
        &self,
        side: usize,
        base: *mut u8,
        shape: &'a [isize; 2],
        strides: &'a [isize; 2],
    ) -> Memory<'a> {
        let itemsize = self.sizes.get(side).map_or(0, |size| size.cast_signed());
        // SAFETY: as the caller promises.
        unsafe { Memory::new(base, Layout { itemsize, shape, strides, suboffsets: &[] }, true) }
    }
}

fn moved<const N: usize>(places: [*mut u8; N], axis: &Axis<N>, by: isize) -> [*mut u8; N] {
    let mut places = places;
    for (place, stride) in places.iter_mut().zip(axis.strides) {
        *place = place.wrapping_offset(stride.wrapping_mul(by));
    }
    places
}

/// Copies a tile; the source is told to be far where it is a part of memory that the caches do not hold.
///
/// # Safety
/// Both sides have an item for each index of the memory, the destination may be written, and none is both.
unsafe fn copy(memory: &Memory<'_>, to: Side<'_>, from: Side<'_>, (is_far, isa): (bool, Isa)) {
    let mut dims = Dims::new();
    let mut plan = Plan::new(&mut dims, memory.layout(), Order::C, to, from);
    plan.is_far = is_far;
    // SAFETY: as the caller promises.
    unsafe { choose::copy_all(&plan, &mut dims, isa) }
}
