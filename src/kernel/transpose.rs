//! Transposes: the dimension that is innermost in the destination is not the one that is innermost in the source.
//!
//! Both are walked in blocks, so that lines of the cache are used in full on either side. Where one of the two is short, the
//! dimension that continues its lines is walked in blocks too.

use super::{
    isa::Isa,
    lanes::{LANE, LINE, Tile},
    nest::{Blocks, Leaf},
    plan::{Dim, Dims, Plan},
    stream, walk,
};

/// The contiguous bytes of a block on either side, measured: with fewer the lines next to each other are fetched apart, with more
/// the blocks of both sides leave the first cache.
const BLOCK: isize = 256;

/// The bytes of either side in a block with the dimensions that continue lines: a part of the second cache.
const NEAR: isize = 512 << 10;

/// From how many bytes on the source is asked for beforehand: it is seldom in the caches, and its rows lie too far apart for the
/// machine to see what comes next.
const FAR: usize = 1 << 20;

/// The bytes of the source across which items are copied one by one before the next column begins.
const PLAIN_REACH: isize = 4096;

/// Items per block of a dimension, copied one by one.
const PLAIN: isize = 16;

/// A transpose in blocks.
pub(super) struct Transpose {
    blocks: Blocks,
    tiles: Tiles,
}

/// How a block is copied.
struct Tiles {
    item: usize,
    isa: Isa,
    stream: bool,
    far: bool,
}

impl Transpose {
    /// Whether that is what a free plan has left, with items that are transposed in registers. The dimensions in blocks are taken out
    /// of the others.
    pub(super) fn find(plan: &mut Plan, dims: &mut Dims, isa: Isa) -> Option<Transpose> {
        let (item, size) = (plan.item.cast_signed(), plan.item.saturating_mul(dims.positions()));
        let [outer @ .., rows] = dims.as_slice() else { return None };
        let (rows, last) = (*rows, outer.len());
        let (number, columns) = nearest(outer, |dim| dim.from.stride)?;
        let whole = |dim: &Dim| dim.extent.saturating_mul(item) >= LANE.cast_signed();
        if matches!(isa, Isa::Portable)
            || !matches!(plan.item, 1 | 2 | 4 | 8 | 16)
            || (rows.to.stride, columns.from.stride.abs()) != (item, item)
            || rows.from.stride.abs() <= item
            || !whole(&rows)
            || !whole(&columns)
        {
            return None;
        }
        dims.take(last);
        let mut columns = dims.take(number)?;
        if columns.from.stride < 0 {
            plan.from = plan.from.wrapping_offset(columns.from.turn(columns.extent));
            plan.to = plan.to.wrapping_offset(columns.to.turn(columns.extent));
        }
        let strides = dims.as_slice().iter().fold(columns.to.stride, |all, dim| all | dim.to.stride);
        let stream =
            stream::pays(size, isa) && (plan.to.addr() | strides.unsigned_abs()).is_multiple_of(LINE);
        let items = BLOCK.checked_div(item)?;
        let tile = columns.extent.min(items).saturating_mul(rows.extent.min(items)).saturating_mul(item);
        let mut room = NEAR.checked_div(tile)?;
        let run = rows.extent.saturating_mul(item);
        let near = continue_lines(dims, &columns, run, &mut room, |dim| dim.to.stride);
        let run = columns.extent.saturating_mul(item);
        let far = continue_lines(dims, &rows, run, &mut room, |dim| dim.from.stride);
        let mut blocks = Blocks::new(2);
        for (dim, size) in [far, near].into_iter().flatten() {
            blocks.push(dim, size);
        }
        blocks.push(columns, items);
        blocks.push(rows, items);
        let far = size >= FAR;
        Some(Transpose { blocks, tiles: Tiles { item: plan.item, isa, stream, far } })
    }

    /// The same for all other items, copied one by one.
    pub(super) fn one_by_one(plan: &Plan, dims: &mut Dims) -> Option<Transpose> {
        let [outer @ .., rows] = dims.as_slice() else { return None };
        let (rows, last) = (*rows, outer.len());
        let (number, columns) = nearest(outer, |dim| dim.from.stride)?;
        let step = columns.from.stride.abs();
        if step >= rows.from.stride.abs() || step >= LINE.cast_signed() || plan.item >= LINE {
            return None;
        }
        let reach = PLAIN_REACH.checked_div(rows.from.stride.abs())?;
        dims.take(last);
        dims.take(number);
        let mut blocks = Blocks::new(2);
        blocks.push(columns, PLAIN);
        blocks.push(rows, reach.max(PLAIN));
        Some(Transpose {
            blocks,
            tiles: Tiles { item: plan.item, isa: Isa::Portable, stream: false, far: false },
        })
    }

    /// Copies every item.
    ///
    /// # Safety
    /// As for [`walk::copy_all`], with the plan and the dimensions that are left of it.
    pub(super) unsafe fn run(&self, plan: &Plan, dims: &Dims) {
        // SAFETY: as the caller promises.
        unsafe { self.blocks.walk(dims.as_slice(), &self.tiles, plan.to, plan.from) }
        if self.tiles.stream {
            stream::finish();
        }
    }
}

/// The dimension that moves least, but moves.
fn nearest(dims: &[Dim], stride: impl Fn(&Dim) -> isize) -> Option<(usize, Dim)> {
    let moving = dims.iter().copied().enumerate().filter(|(_, dim)| stride(dim) != 0);
    moving.reduce(|best, next| if stride(&next.1).abs() <= stride(&best.1).abs() { next } else { best })
}

/// Walks in blocks the dimension that continues contiguous runs of `run` bytes, where these are short, as far as there is room for
/// further tiles; `other` is walked so anyhow.
fn continue_lines(
    dims: &mut Dims,
    other: &Dim,
    run: isize,
    room: &mut isize,
    stride: impl Fn(&Dim) -> isize,
) -> Option<(Dim, isize)> {
    let (number, next) = nearest(dims.as_slice(), &stride).filter(|_| run < BLOCK)?;
    if stride(&next).abs() >= stride(other).abs()
        || stride(&next).abs() >= run.saturating_add(LINE.cast_signed())
    {
        return None;
    }
    let size = next.extent.min((*room).max(4));
    *room = room.checked_div(size)?;
    dims.take(number).map(|dim| (dim, size))
}

impl Leaf for Tiles {
    unsafe fn run(&self, dims: &[Dim], to: *mut u8, from: *mut u8) {
        let [columns, rows] = dims else { return };
        let least = LANE.checked_div(self.item).unwrap_or(1).cast_signed();
        let tile = Tile::new(self.item, columns, rows, to, from, (self.stream, self.far));
        // SAFETY: as the caller promises; an `Isa` is the proof that the machine has the instructions, and the tile is no smaller
        // than a lane.
        unsafe {
            match self.isa {
                #[cfg(target_arch = "x86_64")]
                Isa::Avx512(_) if rows.extent >= least && columns.extent >= least => {
                    super::x86::transpose_avx512(&tile);
                }
                #[cfg(target_arch = "x86_64")]
                Isa::Avx2(_) if rows.extent >= least && columns.extent >= least => {
                    super::x86::transpose_avx2(&tile);
                }
                _ => walk::copy_dims(dims, self.item, to, from),
            }
        }
    }
}
