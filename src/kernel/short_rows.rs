//! Transposes whose rows are short, and continued in the destination by those of another dimension: the rows of both are brought
//! together in a buffer, so that whole lines of the destination are made of them.

use core::mem::MaybeUninit;

use super::{
    lanes::LINE,
    nest::Leaf,
    plan::{Dim, Dims, Step},
    stream::ask,
    transpose::{SHORT, Tiles, nearest},
};

/// The bytes of the buffer: a part of the first cache.
const ROOM: usize = 16 << 10;

/// The bytes of the rows of a block in the destination. The fewer they are, the sooner comes what continues the columns in the source.
const RUN: isize = 192;

/// Takes out the dimension that continues the rows without a gap in the destination, where they are short; with it comes how many of
/// it are brought together.
pub(super) fn take_runs(dims: &mut Dims, columns: &Dim, rows: &Dim, item: isize) -> Option<(Dim, isize)> {
    let run = rows.extent.saturating_mul(item);
    let (number, runs) = nearest(dims.as_slice(), |dim| dim.to.stride)?;
    if run >= SHORT || runs.to.stride != run || columns.extent.saturating_mul(item) < LINE.cast_signed() {
        return None;
    }
    // As many as end where a line does.
    let even = LINE.cast_signed() >> run.trailing_zeros().min(LINE.trailing_zeros());
    let size = RUN.checked_div(run)? & !even.wrapping_sub(1);
    let size = size.max(even).min(runs.extent);
    let height = size.saturating_mul(rows.extent);
    if size == 1 || height.saturating_mul(LINE.cast_signed()) > ROOM.cast_signed() {
        return None;
    }
    dims.take(number).map(|dim| (dim, size))
}

/// Transposes the rows of the last two dimensions, as many as [`take_runs`] has found or fewer.
///
/// # Safety
/// As for [`Leaf::run`].
#[inline(never)] // The buffer is on the stack of those alone that need it.
pub(super) unsafe fn transpose(
    tiles: &Tiles,
    [columns, runs, rows]: [&Dim; 3],
    to: *mut u8,
    from: *const u8,
) {
    let mut space = Space(MaybeUninit::uninit());
    let buffer = space.0.as_mut_ptr().cast::<u8>();
    let item = tiles.item;
    let height = runs.extent.wrapping_mul(rows.extent);
    let width = columns.extent.unsigned_abs().wrapping_mul(item);
    let most = ROOM.checked_div(height.unsigned_abs()).unwrap_or(LINE) & !(LINE - 1);
    let tiles = tiles.close();
    let mut done = 0usize;
    while done < width {
        // At least a line: some of it may be done again.
        let begin = done.min(width.saturating_sub(LINE));
        let piece = most.min(width.wrapping_sub(begin));
        let packed = Step { stride: piece.cast_signed(), ..Step::NONE };
        let all_rows = Dim { extent: height, to: rows.to, from: packed };
        let first = begin.checked_div(item).unwrap_or(0).cast_signed();
        let columns = Dim { extent: piece.checked_div(item).unwrap_or(0).cast_signed(), ..*columns };
        let to = to.wrapping_offset(columns.to.stride.wrapping_mul(first));
        // SAFETY: as the caller promises; the buffer holds so many rows.
        unsafe {
            pack(buffer, [runs, rows], from.wrapping_add(begin), piece, width);
            tiles.run(&[columns, all_rows], to, buffer);
        }
        done = begin.wrapping_add(piece);
    }
}

/// The buffer.
#[repr(align(64))]
struct Space(MaybeUninit<[u8; ROOM]>);

/// Copies so many bytes of each row side by side, and asks for those that lie `ahead` of them.
///
/// # Safety
/// They are at least a line, and readable; the buffer holds all of them.
unsafe fn pack(
    mut buffer: *mut u8,
    [runs, rows]: [&Dim; 2],
    mut from: *const u8,
    bytes: usize,
    ahead: usize,
) {
    type Bytes = MaybeUninit<[u8; LINE]>;
    for _ in 0..runs.extent {
        let mut row = from;
        for _ in 0..rows.extent {
            let mut at = 0usize;
            while at < bytes {
                let line = at.min(bytes.wrapping_sub(LINE));
                ask(row.wrapping_add(ahead).wrapping_add(line));
                // SAFETY: as the caller promises.
                unsafe {
                    buffer
                        .wrapping_add(line)
                        .cast::<Bytes>()
                        .write(row.wrapping_add(line).cast::<Bytes>().read());
                };
                at = at.wrapping_add(LINE);
            }
            buffer = buffer.wrapping_add(bytes);
            row = row.wrapping_offset(rows.from.stride);
        }
        from = from.wrapping_offset(runs.from.stride);
    }
}
