//! Transposes: the dimension that is innermost in the destination is not the one that is innermost in the source.
//!
//! Both are walked in blocks, so that lines of the cache are used in full on either side. Where one of the two is short, the
//! dimension that continues its lines is walked in blocks too.

use super::{
    isa::Isa,
    lanes::{self, Ask, LANE, LINE, Sink, Store, Tile},
    nest::{Blocks, Leaf},
    plain::Plain,
    plan::{Dim, Dims, Plan},
    short_rows, stream, walk,
};

/// Runs of fewer bytes are short: what continues them is to be copied soon afterwards.
pub(super) const SHORT: isize = 256;

/// The bytes of a block of columns and of rows, where all is in the caches: a line of each row is used up before the next one.
const CLOSE_BLOCK: (isize, isize) = (LINE.cast_signed(), 1 << 10);

/// The same where it is not: half a page of either side, before the machine has forgotten where the page is.
const FAR_BLOCK: (isize, isize) = (2 << 10, 2 << 10);

/// The bytes of either side in a block with the dimensions that continue lines: a part of the second cache.
const NEAR: isize = 512 << 10;

/// From how many bytes on the source is asked for beforehand: it is seldom in the caches, and its rows lie too far apart for the
/// machine to see what comes next. The unit tests have small cases.
pub(super) const FAR: usize = if cfg!(test) { 1 << 10 } else { 1 << 20 };

/// The bytes of the source across which items are copied one by one before the next column begins.
const PLAIN_REACH: isize = 4096;

/// Items per block of a dimension, copied one by one.
const PLAIN: isize = 16;

/// Copies every item of a free plan whose items are transposed in registers; whether they are.
///
/// # Safety
/// As for [`walk::copy_all`].
pub(super) unsafe fn copy(plan: &Plan, dims: &mut Dims, isa: Isa) -> bool {
    let (item, size) = (plan.item.cast_signed(), plan.item.saturating_mul(dims.positions()));
    let far = plan.is_far || size >= FAR;
    let Some(Matrix { columns, rows, to, from }) = take_matrix(plan, dims) else { return false };
    let (wide, high) = if far { FAR_BLOCK } else { CLOSE_BLOCK };
    let (wide, high) = (wide >> item.trailing_zeros(), high >> item.trailing_zeros());
    let runs = if far { short_rows::take_runs(dims, &columns, &rows, item) } else { None };
    let strides = dims.as_slice().iter().fold(columns.to.stride, |all, dim| all | dim.to.stride);
    let stream = stream::pays(size, isa) && (to.addr() | strides.unsigned_abs()).is_multiple_of(LINE);
    let tiles = Tiles { item: plan.item, isa, stream, far };
    let mut blocks = Blocks::new(if runs.is_some() { 3 } else { 2 });
    if !dims.as_slice().is_empty() {
        let height = runs.map_or(1, |(_, size)| size).saturating_mul(rows.extent.min(high));
        let tile = columns.extent.min(wide).saturating_mul(height).saturating_mul(item);
        let mut room = NEAR.checked_div(tile).unwrap_or(1);
        // The source's lines first: of the destination's, a few side by side are as good as all.
        let run = columns.extent.saturating_mul(item);
        let far = continue_lines(dims, &rows, run, &mut room, |dim| dim.from.stride);
        let run = if runs.is_some() { SHORT } else { rows.extent.saturating_mul(item) };
        let near = continue_lines(dims, &columns, run, &mut room, |dim| dim.to.stride);
        for (dim, size) in [far, near].into_iter().flatten() {
            blocks.push(dim, size);
        }
    }
    blocks.push(columns, wide);
    if let Some((runs, size)) = runs {
        blocks.push(runs, size);
    }
    blocks.push(rows, high);
    // SAFETY: as the caller promises.
    unsafe { blocks.walk(dims.as_slice(), &tiles, to, from) }
    if stream {
        stream::finish();
    }
    true
}

/// Copies every item of a free plan one by one, if that is better done in blocks; whether it is.
///
/// # Safety
/// As for [`walk::copy_all`].
pub(super) unsafe fn copy_each(plan: &Plan, dims: &mut Dims) -> bool {
    let Some((number, columns, rows)) = innermost(dims) else { return false };
    if columns.from.stride.unsigned_abs() >= LINE || plan.item >= LINE {
        return false;
    }
    dims.take_last();
    dims.take(number);
    let mut blocks = Blocks::new(2);
    blocks.push(columns, PLAIN);
    blocks.push(rows, PLAIN_REACH.checked_div(rows.from.stride.abs()).unwrap_or(1).max(PLAIN));
    // SAFETY: as the caller promises.
    unsafe { blocks.walk(dims.as_slice(), &Each { item: plan.item }, plan.to, plan.from) }
    true
}

/// How a block is copied.
#[derive(Clone, Copy)]
pub(super) struct Tiles {
    pub(super) item: usize,
    isa: Isa,
    stream: bool,
    far: bool,
}

impl Tiles {
    /// The same where the source is in the caches.
    pub(super) fn close(&self) -> Tiles {
        Tiles { far: false, ..*self }
    }
}

/// Two dimensions of a plan: items follow each other along the columns in the source, along the rows in the destination.
pub(super) struct Matrix {
    pub(super) columns: Dim,
    pub(super) rows: Dim,
    /// Where the sides begin.
    pub(super) to: *mut u8,
    pub(super) from: *mut u8,
}

/// Takes out the matrix of a free plan whose items are transposed in registers; nothing where there is none.
pub(super) fn take_matrix(plan: &Plan, dims: &mut Dims) -> Option<Matrix> {
    if !matches!(plan.item, 1 | 2 | 4 | 8 | 16) {
        return None;
    }
    let item = plan.item.cast_signed();
    let (number, mut columns, rows) = innermost(dims)?;
    let fills = |dim: &Dim| dim.extent.saturating_mul(item) >= LANE.cast_signed();
    if (rows.to.stride, columns.from.stride.abs()) != (item, item) || !fills(&rows) || !fills(&columns) {
        return None;
    }
    dims.take_last();
    dims.take(number);
    let (mut to, mut from) = (plan.to, plan.from);
    if columns.from.stride < 0 {
        to = to.wrapping_offset(columns.to.turn(columns.extent));
        from = from.wrapping_offset(columns.from.turn(columns.extent));
    }
    Some(Matrix { columns, rows, to, from })
}

/// The dimension that is innermost in the source, with its number, and another one that is innermost in the destination.
fn innermost(dims: &Dims) -> Option<(usize, Dim, Dim)> {
    let [outer @ .., rows] = dims.as_slice() else { return None };
    let (number, columns) = nearest(outer, |dim| dim.from.stride)?;
    (columns.from.stride.abs() < rows.from.stride.abs()).then_some((number, columns, *rows))
}

/// The dimension that moves least, but moves.
pub(super) fn nearest(dims: &[Dim], stride: impl Fn(&Dim) -> isize) -> Option<(usize, Dim)> {
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
    let (number, next) = nearest(dims.as_slice(), &stride).filter(|_| run < SHORT)?;
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
        let (columns, rows) = match dims {
            [columns, rows] => (columns, rows),
            [columns, runs, rows] => {
                // SAFETY: as the caller promises.
                return unsafe { short_rows::transpose(self, [columns, runs, rows], to, from) };
            }
            _ => return,
        };
        let least = LANE.checked_div(self.item).unwrap_or(1).cast_signed();
        let ask = if self.far { Ask::Next } else { Ask::Nothing };
        let tile = Tile::new(self.item, columns, rows, to, from, (self.stream, ask));
        // SAFETY: as the caller promises; where both are long enough, they fill a lane.
        unsafe {
            if rows.extent < least || columns.extent < least {
                walk::copy_dims(dims, self.item, to, from);
            } else {
                turn(&tile, Store { stream: tile.stream }, self.isa);
            }
        }
    }
}

/// Transposes a tile into a sink, with the instructions of `isa`; whether it took all of it.
///
/// # Safety
/// As for [`lanes::transpose`]: the rows and the columns both fill a lane.
#[inline]
pub(super) unsafe fn turn<S: Sink>(tile: &Tile, sink: S, isa: Isa) -> bool {
    // SAFETY: as the caller promises; an `Isa` is the proof that the machine has the instructions.
    unsafe {
        match isa {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512(_) => super::x86::transpose_avx512(tile, sink),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2(_) => super::x86::transpose_avx2(tile, sink),
            #[cfg(target_arch = "aarch64")]
            Isa::Neon(_) => super::aarch64::transpose_neon(tile, sink),
            _ => lanes::transpose::<Plain, S>(tile, sink),
        }
    }
}

/// One by one, in blocks.
struct Each {
    item: usize,
}

impl Leaf for Each {
    unsafe fn run(&self, dims: &[Dim], to: *mut u8, from: *mut u8) {
        // SAFETY: as the caller promises.
        unsafe { walk::copy_dims(dims, self.item, to, from) }
    }
}
