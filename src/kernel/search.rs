//! Items that have a pattern, counted and found.

use core::ops::ControlFlow;

use super::{
    isa::Isa,
    memory::Memory,
    simd::{self, Loop},
    tiles::{Tiles, Use},
};
use crate::{format::Pattern, layout::Order};

/// How many items of direct memory have the pattern.
#[must_use]
pub fn count_items(memory: &Memory<'_>, pattern: &Pattern) -> usize {
    count_with(memory, pattern, Isa::best())
}

/// The same with the kernels of `isa`.
pub(super) fn count_with(memory: &Memory<'_>, pattern: &Pattern, isa: Isa) -> usize {
    let items = memory.layout().items().unsigned_abs();
    let mut found = 0usize;
    runs(memory, Use::Read, isa, |from, count| {
        // SAFETY: each run has so many items.
        found = found.wrapping_add(unsafe { count_packed(from, count, pattern, isa) });
        ControlFlow::Continue(())
    });
    if pattern.others { items.wrapping_sub(found) } else { found }
}

/// The number in C order of the first item of direct memory that has the pattern, from `first` to before `end`.
#[must_use]
pub fn find_item(memory: &Memory<'_>, pattern: &Pattern, first: usize, end: usize) -> Option<usize> {
    find_with(memory, pattern, first, end, Isa::best())
}

/// The same with the kernels of `isa`.
pub(super) fn find_with(
    memory: &Memory<'_>,
    pattern: &Pattern,
    first: usize,
    end: usize,
    isa: Isa,
) -> Option<usize> {
    let (mut number, mut found) = (0usize, None);
    runs(memory, Use::ReadInOrder, isa, |from, count| {
        let skipped = first.saturating_sub(number).min(count);
        let looked_at = end.saturating_sub(number).min(count).saturating_sub(skipped);
        let from = from.wrapping_add(skipped.wrapping_mul(pattern.size));
        // SAFETY: each run has so many items.
        let place = unsafe { find_packed(from, looked_at, pattern, isa) };
        found = place.map(|place| number.wrapping_add(skipped).wrapping_add(place));
        number = number.wrapping_add(count);
        if found.is_some() || number >= end { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    found
}

/// Hands out packed runs of items.
fn runs(
    memory: &Memory<'_>,
    purpose: Use,
    isa: Isa,
    mut look: impl FnMut(*const u8, usize) -> ControlFlow<()>,
) {
    let layout = memory.layout();
    if layout.is_contiguous(Order::C) {
        let _: ControlFlow<()> = look(memory.base(), layout.items().unsigned_abs());
    } else {
        tiles(memory, purpose, isa, look);
    }
}

/// The same of memory that is not contiguous.
#[inline(never)] // The walk is on the stack of those alone that need it.
fn tiles(
    memory: &Memory<'_>,
    purpose: Use,
    isa: Isa,
    mut look: impl FnMut(*const u8, usize) -> ControlFlow<()>,
) {
    if let Some(tiles) = Tiles::new([memory], purpose, isa) {
        let _: ControlFlow<()> = tiles.each(|[from], count| look(from, count));
    }
}

/// How many packed items have the pattern's bytes.
///
/// # Safety
/// So many are readable.
unsafe fn count_packed(from: *const u8, count: usize, pattern: &Pattern, isa: Isa) -> usize {
    // SAFETY: as the caller promises.
    unsafe {
        match pattern.size {
            1 => simd::run(Count::<u8>::new(from, count, pattern), isa),
            2 => simd::run(Count::<u16>::new(from, count, pattern), isa),
            4 => simd::run(Count::<u32>::new(from, count, pattern), isa),
            _ => simd::run(Count::<u64>::new(from, count, pattern), isa),
        }
    }
}

/// How many items are looked at before one that is found ends the loop.
const BLOCK: usize = 512;

/// # Safety
/// As for [`count_packed`].
unsafe fn find_packed(from: *const u8, count: usize, pattern: &Pattern, isa: Isa) -> Option<usize> {
    if pattern.size == 1 && pattern.mask.first() == Some(&0xFF) && !pattern.others {
        // SAFETY: as the caller promises.
        return unsafe { find_byte(from, pattern.bytes.first().copied().unwrap_or(0), count) };
    }
    let mut at = 0usize;
    while at < count {
        let block = BLOCK.min(count.wrapping_sub(at));
        let place = |at: usize| from.wrapping_add(at.wrapping_mul(pattern.size));
        // SAFETY: as the caller promises.
        unsafe {
            let equal = count_packed(place(at), block, pattern, isa);
            if equal != if pattern.others { block } else { 0 } {
                let is_one =
                    |at: &usize| (count_packed(place(*at), 1, pattern, Isa::Portable) == 1) != pattern.others;
                // None where another thread has changed it in between.
                let found = (at..at.wrapping_add(block)).find(is_one);
                if found.is_some() {
                    return found;
                }
            }
        }
        at = at.wrapping_add(block);
    }
    None
}

/// Where a byte first is.
///
/// # Safety
/// So many bytes are readable.
pub(super) unsafe fn find_byte(from: *const u8, byte: u8, count: usize) -> Option<usize> {
    if count == 0 {
        return None;
    }
    // SAFETY: as the caller promises.
    let found = unsafe { libc::memchr(from.cast(), byte.into(), count) };
    (!found.is_null()).then(|| found.addr().wrapping_sub(from.addr()))
}

/// The bits of an item.
trait Bits: Copy {
    /// Those at the beginning of some bytes.
    fn of(bytes: [u8; 8]) -> Self;
    /// One more where the item's bits that count are those.
    fn count(found: Self, item: Self, mask: Self, bits: Self) -> Self;
    /// As a number.
    fn total(found: Self) -> usize;
}

macro_rules! bits {
    ($($type:ident: |$first:ident| $bytes:expr;)*) => {
        $(impl Bits for $type {
            #[inline(always)]
            fn of($first: [u8; 8]) -> Self {
                $type::from_ne_bytes($bytes)
            }

            #[inline(always)]
            fn count(found: Self, item: Self, mask: Self, bits: Self) -> Self {
                found.wrapping_add($type::from(item & mask == bits))
            }

            #[inline(always)]
            #[allow(clippy::cast_possible_truncation)] // never more than there are items
            fn total(found: Self) -> usize {
                found as usize
            }
        })*
    };
}

bits! {
    u8: |all| { let [a, ..] = all; [a] };
    u16: |all| { let [a, b, ..] = all; [a, b] };
    u32: |all| { let [a, b, c, d, ..] = all; [a, b, c, d] };
    u64: |all| all;
}

struct Count<T> {
    from: *const T,
    items: usize,
    mask: T,
    bits: T,
}

/// How many counters there are side by side: the bytes of two lines.
const COUNTED: usize = 128;

/// How often each can count in a byte.
const ROUNDS: usize = 255;

impl<T: Bits> Count<T> {
    fn new(from: *const u8, count: usize, pattern: &Pattern) -> Self {
        Count { from: from.cast(), items: count, mask: T::of(pattern.mask), bits: T::of(pattern.bytes) }
    }

    /// Counts items `step` apart.
    ///
    /// # Safety
    /// They are readable.
    #[inline(always)]
    unsafe fn one(&self, at: usize, found: T) -> T {
        // SAFETY: as the caller promises.
        T::count(found, unsafe { self.from.wrapping_add(at).read_unaligned() }, self.mask, self.bits)
    }
}

impl<T: Bits> Loop for Count<T> {
    type Output = usize;

    #[inline(always)]
    unsafe fn run(self) -> usize {
        let lanes = const { COUNTED / size_of::<T>() };
        let (mut total, mut at) = (0usize, 0usize);
        // SAFETY: as the caller promises.
        unsafe {
            while self.items.wrapping_sub(at) >= lanes {
                let rounds = (self.items.wrapping_sub(at) / lanes).min(ROUNDS);
                let mut counters = [T::of([0; 8]); COUNTED];
                for _ in 0..rounds {
                    for (lane, counter) in counters.iter_mut().enumerate().take(lanes) {
                        *counter = self.one(at.wrapping_add(lane), *counter);
                    }
                    at = at.wrapping_add(lanes);
                }
                total =
                    counters.into_iter().take(lanes).fold(total, |all, one| all.wrapping_add(T::total(one)));
            }
            while at < self.items {
                total = total.wrapping_add(T::total(self.one(at, T::of([0; 8]))));
                at = at.wrapping_add(1);
            }
        }
        total
    }
}
