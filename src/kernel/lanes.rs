//! Tiles transposed in registers: rows that are contiguous in the source become columns that are contiguous in the destination.
//!
//! A vector is made of lanes of 16 bytes, each loaded from a row of its own. `N` such vectors, with `N` items to a lane,
//! hold `N` rows in every lane; interleaving the first half of them with the second, once for each power of two in `N`,
//! transposes every lane, and each vector then is one whole column of the tile. So no item ever crosses a lane, one kernel serves
//! all sizes of items, and a destination line of 64 bytes is written by one store.

use core::mem::MaybeUninit;

use super::{plan::Dim, visit::same_run};

/// The bytes of a lane.
pub(super) const LANE: usize = 16;

/// The bytes of a cache line, taken from each source row at a time.
pub(super) const LINE: usize = 64;

/// Rows of fewer bytes are too short for the machine to see where they go on.
const NARROW: usize = 1 << 10;

/// The most rows of a tile: one for each byte of the widest vector.
const MOST_ROWS: usize = 64;

/// Lanes of 16 bytes in one register. Its functions may be called where the instructions are there that it is made of.
pub(super) trait Vector: Copy {
    /// How many lanes there are.
    const LANES: usize;

    /// All bytes zero.
    ///
    /// # Safety
    /// The instructions are there.
    unsafe fn zero() -> Self;

    /// Loads each lane from a row of its own, `pitch` bytes from one to the next.
    ///
    /// # Safety
    /// 16 bytes are readable in each row.
    unsafe fn load(from: *const u8, pitch: isize) -> Self;

    /// Interleaves the items of `SIZE` bytes, lane by lane: those of the lower half, and those of the upper.
    ///
    /// # Safety
    /// The instructions are there.
    unsafe fn zip<const SIZE: usize>(self, other: Self) -> (Self, Self);

    /// Stores all lanes side by side.
    ///
    /// # Safety
    /// As many bytes are writable.
    unsafe fn store(self, to: *mut u8);

    /// Puts bytes of the source into places that are still zero: for each byte of a lane the control has the number of the one that
    /// goes there, or [`NOTHING`](super::program::NOTHING).
    ///
    /// # Safety
    /// The instructions are there.
    unsafe fn mix(self, source: Self, control: &[u8; LANE]) -> Self;

    /// Asks for a line that will be loaded soon; any address will do.
    fn prefetch(line: *const u8);

    /// The same as `store` past the caches.
    ///
    /// # Safety
    /// As for `store`, and the address is a multiple of the vector's bytes.
    unsafe fn stream(self, to: *mut u8);

    /// Stores each lane at a place of its own, `step` bytes from one to the next.
    ///
    /// # Safety
    /// 16 bytes are writable at each.
    unsafe fn store_lanes(self, to: *mut u8, step: usize);

    /// Whether the items of `SIZE` bytes at a place are equal to those of the vector.
    ///
    /// # Safety
    /// As many bytes are readable.
    unsafe fn equals<const SIZE: usize>(self, at: *const u8, equality: Equality) -> bool;
}

/// When items are equal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Equality {
    /// Where all bits are.
    Bits,
    /// As floats of 4 or 8 bytes: NaN is equal to nothing, and the zeros are to each other.
    Floats,
}

impl Equality {
    /// Whether two items are equal.
    ///
    /// # Safety
    /// So many bytes are readable at both places.
    #[allow(clippy::float_cmp)]
    pub(super) unsafe fn is_met(self, one: *const u8, other: *const u8, size: usize) -> bool {
        // SAFETY: as the caller promises.
        unsafe {
            match (self, size) {
                (Equality::Floats, 4) => {
                    one.cast::<f32>().read_unaligned() == other.cast::<f32>().read_unaligned()
                }
                (Equality::Floats, 8) => {
                    one.cast::<f64>().read_unaligned() == other.cast::<f64>().read_unaligned()
                }
                _ => same_run(one, other, size),
            }
        }
    }
}

/// What becomes of the columns of a tile.
pub(super) trait Sink: Copy {
    /// Takes a part of a column as wide as the vector, at its place; whether the rest is wanted, too.
    ///
    /// # Safety
    /// Called where the instructions are there, with a place that is as the sink's maker promised.
    unsafe fn take<V: Vector, const SIZE: usize>(&self, vector: V, to: *mut u8) -> bool;
}

/// They are stored.
#[derive(Clone, Copy)]
pub(super) struct Store {
    /// Past the caches.
    pub(super) stream: bool,
}

impl Sink for Store {
    #[inline(always)]
    unsafe fn take<V: Vector, const SIZE: usize>(&self, vector: V, to: *mut u8) -> bool {
        // SAFETY: as the caller promises; where it is streamed, the place is a multiple of a line.
        unsafe {
            if self.stream {
                vector.stream(to);
            } else {
                vector.store(to);
            }
        }
        true
    }
}

/// They are held against what is there.
#[derive(Clone, Copy)]
pub(super) struct Compare(pub(super) Equality);

impl Sink for Compare {
    #[inline(always)]
    unsafe fn take<V: Vector, const SIZE: usize>(&self, vector: V, to: *mut u8) -> bool {
        // SAFETY: as the caller promises.
        unsafe { vector.equals::<SIZE>(to, self.0) }
    }
}

/// A part of a matrix to be transposed: the items of a row are contiguous in the source, those of a column in the destination.
#[derive(Clone, Copy)]
pub(super) struct Tile {
    /// The bytes of an item.
    pub(super) item: usize,
    to: *mut u8,
    from: *const u8,
    pub(super) rows: usize,
    columns: usize,
    /// From column to column in the destination.
    to_pitch: isize,
    /// From row to row in the source.
    from_pitch: isize,
    /// Whether every vector is stored past the caches: whole lines are written then.
    pub(super) stream: bool,
    ask: Ask,
}

/// Which lines of the source are asked for beforehand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ask {
    /// None: they are in the caches.
    Nothing,
    /// The next one of each row, and below the last ones those of the rows that follow.
    Next,
    /// Those of the rows that follow.
    Below,
}

impl Tile {
    /// The tile of two dimensions. Where the columns are not whole lines, they are not streamed.
    pub(super) fn new(
        item: usize,
        columns: &Dim,
        rows: &Dim,
        to: *mut u8,
        from: *const u8,
        (stream, ask): (bool, Ask),
    ) -> Tile {
        let count = rows.extent.unsigned_abs();
        Tile {
            item,
            to,
            from,
            rows: count,
            columns: columns.extent.unsigned_abs(),
            to_pitch: columns.to.stride,
            from_pitch: rows.from.stride,
            ask,
            stream: stream && count.wrapping_mul(item).is_multiple_of(LINE),
        }
    }

    /// Some of the rows.
    #[cfg(target_arch = "x86_64")]
    pub(super) fn part(&self, first: usize, rows: usize) -> Tile {
        let from = self.from.wrapping_offset(self.from_pitch.wrapping_mul(first.cast_signed()));
        Tile { to: self.to.wrapping_add(first.wrapping_mul(self.item)), from, rows, ..*self }
    }

    /// Whether so many rows lie so far apart that their lines push each other out of a cache of 8 ways and 4 KiB each.
    fn is_crowded(&self, rows: usize) -> bool {
        let apart = self.from_pitch.unsigned_abs() | 4096;
        let places = (4096usize >> apart.trailing_zeros()).min(LINE);
        rows > places.saturating_mul(8)
    }
}

/// Transposes a tile of items of 1, 2, 4, 8 or 16 bytes into a sink; whether it took all of it.
///
/// # Safety
/// The rows are readable and the columns writable, or readable as the sink has it; no byte is read and written. There are at least as
/// many rows as fill a vector, and columns as fill a lane. Called from a function that enables the instructions of the vector, of which
/// it becomes a part.
#[inline(always)]
pub(super) unsafe fn transpose<V: Vector, S: Sink>(tile: &Tile, sink: S) -> bool {
    // SAFETY: as the caller promises; `N` items fill a lane.
    unsafe {
        match tile.item {
            1 => strips::<V, S, 1, 16>(tile, sink),
            2 => strips::<V, S, 2, 8>(tile, sink),
            4 => strips::<V, S, 4, 4>(tile, sink),
            8 => strips::<V, S, 8, 2>(tile, sink),
            _ => strips::<V, S, 16, 1>(tile, sink),
        }
    }
}

/// The same for items of `SIZE` bytes, `N` to a lane.
///
/// # Safety
/// As for [`transpose`].
#[inline(always)]
unsafe fn strips<V: Vector, S: Sink, const SIZE: usize, const N: usize>(tile: &Tile, sink: S) -> bool {
    let high = const { V::LANES * N };
    let crowded = tile.is_crowded(high);
    let mut buffer = MaybeUninit::<[u8; MOST_ROWS * LINE]>::uninit();
    let buffer = buffer.as_mut_ptr().cast::<u8>();
    let wide = const { LINE / SIZE };
    // The next tile continues the rows of a narrow one.
    let narrow = tile.columns.wrapping_mul(SIZE) < NARROW;
    let mut row = 0usize;
    // SAFETY: the positions are within the tile: the last rows and columns are taken from the end, some of them again.
    unsafe {
        while row < tile.rows {
            let first = row.min(tile.rows.wrapping_sub(high));
            let from = tile.from.wrapping_offset(tile.from_pitch.wrapping_mul(first.cast_signed()));
            let to = tile.to.wrapping_add(first.wrapping_mul(SIZE));
            let below = from.wrapping_offset(tile.from_pitch.wrapping_mul(high.cast_signed()));
            let mut column = 0usize;
            while column < tile.columns {
                let from = from.wrapping_add(column.wrapping_mul(SIZE));
                let to = to.wrapping_offset(tile.to_pitch.wrapping_mul(column.cast_signed()));
                let left = tile.columns.wrapping_sub(column);
                if tile.ask != Ask::Nothing {
                    let is_next = tile.ask == Ask::Next && (left > wide || narrow);
                    let line = if is_next { from.wrapping_add(LINE) } else { below };
                    ask::<V>(line, tile.from_pitch, high);
                }
                let (from, pitch) = if left >= wide && crowded {
                    pack(buffer, from, tile.from_pitch, high);
                    (buffer.cast_const(), LINE.cast_signed())
                } else {
                    (from, tile.from_pitch)
                };
                if !square::<V, S, SIZE, N>(to, tile.to_pitch, from, pitch, left.min(wide), sink) {
                    return false;
                }
                column = column.wrapping_add(wide);
            }
            row = row.wrapping_add(high);
        }
    }
    true
}

/// Asks for a line of each row.
#[inline(always)]
fn ask<V: Vector>(from: *const u8, pitch: isize, rows: usize) {
    let mut line = from;
    for _ in 0..rows {
        V::prefetch(line);
        line = line.wrapping_offset(pitch);
    }
}

/// Copies a line of each row side by side.
///
/// # Safety
/// A line of each row is readable.
#[inline(always)]
unsafe fn pack(buffer: *mut u8, from: *const u8, pitch: isize, rows: usize) {
    type Line = MaybeUninit<[u8; LINE]>;
    let (mut to, mut from) = (buffer.cast::<Line>(), from.cast::<Line>());
    for _ in 0..rows {
        // SAFETY: as the caller promises; the buffer has room for the most rows.
        unsafe { to.write(from.read()) };
        to = to.wrapping_add(1);
        from = from.wrapping_byte_offset(pitch);
    }
}

/// Transposes as many columns as a line has, or fewer; where fewer than `N` are left, the last `N` up to there.
///
/// # Safety
/// As for [`transpose`].
#[inline(always)]
unsafe fn square<V: Vector, S: Sink, const SIZE: usize, const N: usize>(
    to: *mut u8,
    to_pitch: isize,
    from: *const u8,
    from_pitch: isize,
    columns: usize,
    sink: S,
) -> bool {
    let (mut column, mut taken) = (0isize, true);
    let end = columns.cast_signed();
    while column < end {
        let first = column.min(end.wrapping_sub(N.cast_signed()));
        let from = from.wrapping_offset(first.wrapping_mul(SIZE.cast_signed()));
        let mut to = to.wrapping_offset(first.wrapping_mul(to_pitch));
        // SAFETY: as the caller promises.
        unsafe {
            let mut vectors = [V::load(from, from_pitch.wrapping_mul(N.cast_signed())); N];
            for (number, vector) in vectors.iter_mut().enumerate().skip(1) {
                let row = from.wrapping_offset(from_pitch.wrapping_mul(number.cast_signed()));
                *vector = V::load(row, from_pitch.wrapping_mul(N.cast_signed()));
            }
            for _ in 0..N.trailing_zeros() {
                vectors = interleave::<V, SIZE, N>(vectors);
            }
            for vector in vectors {
                taken &= sink.take::<V, SIZE>(vector, to);
                to = to.wrapping_offset(to_pitch);
            }
        }
        column = column.wrapping_add(N.cast_signed());
    }
    taken
}

/// Interleaves the first half of the vectors with the second.
///
/// # Safety
/// The instructions are there.
#[inline(always)]
unsafe fn interleave<V: Vector, const SIZE: usize, const N: usize>(vectors: [V; N]) -> [V; N] {
    let mut mixed = vectors;
    let (lower, upper) = vectors.split_at(N / 2);
    for ((pair, lower), upper) in mixed.chunks_exact_mut(2).zip(lower).zip(upper) {
        if let [low, high] = pair {
            // SAFETY: as the caller promises.
            (*low, *high) = unsafe { lower.zip::<SIZE>(*upper) };
        }
    }
    mixed
}
