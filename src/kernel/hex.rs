//! Bytes as hexadecimal digits, in groups or not.

use core::{mem::MaybeUninit, ops::ControlFlow};

use super::{
    isa::Isa,
    memory::{Memory, Span},
    simd::{self, Loop},
    tiles::{Tiles, Use},
    visit::visit_runs,
};
use crate::layout::Order;

/// How hexadecimal digits are grouped.
#[derive(Clone, Copy)]
pub struct Groups {
    /// What stands between two groups: an ASCII character.
    pub separator: u8,
    /// The bytes of a group: counted from the end, or where it is negative from the start; 0: no groups.
    pub size: isize,
}

/// Writes the digits of all bytes in C order, as far as there is room for them; how many characters they are in all.
#[must_use]
pub fn write_hex(memory: &Memory<'_>, groups: Option<Groups>, to: &Span<'_>) -> usize {
    write_with(memory, groups, to, Isa::best())
}

/// The same with the kernels of `isa`.
pub(super) fn write_with(memory: &Memory<'_>, groups: Option<Groups>, to: &Span<'_>, isa: Isa) -> usize {
    if memory.layout().is_empty() {
        return 0;
    }
    let mut writer = Writer::new(memory.size(), groups, *to, isa);
    if memory.layout().is_contiguous(Order::C) {
        // SAFETY: so many bytes lie side by side.
        unsafe { writer.take(memory.base(), memory.size()) }
    } else {
        write_tiles(memory, &mut writer, isa);
    }
    writer.length
}

/// Takes the bytes of memory that is not contiguous.
#[inline(never)] // The walk is on the stack of those alone that need it.
fn write_tiles(memory: &Memory<'_>, writer: &mut Writer<'_>, isa: Isa) {
    let item = memory.itemsize();
    let _: ControlFlow<()> = match Tiles::new([memory], Use::ReadInOrder, isa) {
        Some(tiles) => tiles.each(|[from], count| {
            // SAFETY: each run has so many items.
            unsafe { writer.take(from, count.wrapping_mul(item)) }
            ControlFlow::Continue(())
        }),
        None => visit_runs(memory, |run| {
            // SAFETY: the span has so many bytes.
            unsafe { writer.take(run.data(), run.length()) }
            ControlFlow::Continue(())
        }),
    };
}

/// The bytes that become digits at a time: their buffers are on the stack.
const CHUNK: usize = 512;

/// The bytes of digits that are copied at once, though the group may have fewer.
const PIECE: usize = 16;

/// The most that a chunk becomes: every byte with a separator, and a piece.
const ROOM: usize = 3 * CHUNK + PIECE;

struct Writer<'a> {
    separator: u8,
    /// The bytes of a group; 0 where there are none.
    group: usize,
    /// The bytes before the next separator.
    left: usize,
    isa: Isa,
    to: Span<'a>,
    /// How many characters there have been.
    length: usize,
}

impl<'a> Writer<'a> {
    fn new(bytes: usize, groups: Option<Groups>, to: Span<'a>, isa: Isa) -> Self {
        let (separator, size) = groups.map_or((0, 0), |groups| (groups.separator, groups.size));
        let group = size.unsigned_abs();
        // What does not fill a group comes first, or last.
        let first = if size > 0 { bytes.checked_rem(group).unwrap_or(0) } else { 0 };
        Writer { separator, group, left: if first == 0 { group } else { first }, isa, to, length: 0 }
    }

    /// Writes the digits of bytes.
    ///
    /// # Safety
    /// So many are readable.
    unsafe fn take(&mut self, mut from: *const u8, mut count: usize) {
        let mut digits = MaybeUninit::<[u8; 2 * CHUNK + PIECE]>::uninit();
        let mut text = MaybeUninit::<[u8; ROOM]>::uninit();
        let (digits, text) = (digits.as_mut_ptr().cast::<u8>(), text.as_mut_ptr().cast::<u8>());
        while count > 0 {
            let chunk = count.min(CHUNK);
            let place = self.to.part(self.length, ROOM);
            let has_room = place.length() == ROOM;
            // SAFETY: the buffers, and the place where it has room, hold what becomes of a chunk.
            unsafe {
                match self.group {
                    0 => {
                        let to = if has_room { place.data() } else { digits };
                        write_digits(to, from, chunk, self.isa);
                        self.put(to, 2 * chunk);
                    }
                    // None stands in front of the first byte.
                    1 => {
                        let skipped = usize::from(self.length == 0);
                        let to = if has_room && skipped == 0 { place.data() } else { text };
                        let separator = self.separator;
                        simd::run(Separated { to, from, count: chunk, separator }, self.isa);
                        self.put(to.wrapping_add(skipped), (3 * chunk).wrapping_sub(skipped));
                    }
                    _ => {
                        write_digits(digits, from, chunk, self.isa);
                        let length = self.spread(text, digits, chunk);
                        self.put(text, length);
                    }
                }
            }
            from = from.wrapping_add(chunk);
            count = count.wrapping_sub(chunk);
        }
    }

    /// Takes characters down that stand in a buffer, or where they belong.
    ///
    /// # Safety
    /// So many are readable.
    unsafe fn put(&mut self, text: *const u8, length: usize) {
        let place = self.to.part(self.length, length);
        if place.length() > 0 && place.data().cast_const() != text {
            // SAFETY: as the caller promises; the span may be written.
            unsafe { place.data().copy_from_nonoverlapping(text, place.length()) }
        }
        self.length = self.length.saturating_add(length);
    }

    /// Copies the digits of so many bytes, with separators; how long that is.
    ///
    /// # Safety
    /// A chunk's buffers.
    unsafe fn spread(&mut self, text: *mut u8, mut digits: *const u8, mut count: usize) -> usize {
        let mut to = text;
        // SAFETY: every byte becomes three at most; a piece more is readable and writable.
        unsafe {
            while count > 0 {
                if self.left == 0 {
                    to.write(self.separator);
                    to = to.wrapping_add(1);
                    self.left = self.group;
                }
                let bytes = self.left.min(count);
                let length = 2 * bytes;
                if length <= PIECE {
                    to.cast::<MaybeUninit<[u8; PIECE]>>()
                        .write(digits.cast::<MaybeUninit<[u8; PIECE]>>().read());
                } else {
                    to.copy_from_nonoverlapping(digits, length);
                }
                (to, digits) = (to.wrapping_add(length), digits.wrapping_add(length));
                self.left = self.left.wrapping_sub(bytes);
                count = count.wrapping_sub(bytes);
            }
        }
        to.addr().wrapping_sub(text.addr())
    }
}

/// Writes the digits of bytes.
///
/// # Safety
/// So many are readable, and twice as many writable, and none is both.
unsafe fn write_digits(to: *mut u8, from: *const u8, count: usize, isa: Isa) {
    // SAFETY: as the caller promises; an `Isa` is the proof that the machine has the instructions.
    unsafe {
        let done = match isa {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2(_) | Isa::Avx512(_) => super::x86::digits_avx2(to, from, count),
            _ => 0,
        };
        let (to, from) = (to.wrapping_add(2 * done).cast(), from.wrapping_add(done));
        simd::run(Digits { to, from, count: count.wrapping_sub(done) }, isa);
    }
}

/// Both digits of a byte, the first in the low half.
#[inline(always)]
fn digits(byte: u8) -> u16 {
    let byte = u16::from(byte);
    let halves = (byte >> 4) | (byte & 15) << 8;
    // Six more carry from ten on; 39 lie between '9' and 'a'.
    let letters = (halves.wrapping_add(0x0606) >> 4) & 0x0101;
    halves.wrapping_add(0x3030).wrapping_add(letters.wrapping_mul(39))
}

struct Digits {
    to: *mut u16,
    from: *const u8,
    count: usize,
}

impl Loop for Digits {
    type Output = ();

    #[inline(always)]
    unsafe fn run(self) {
        for at in 0..self.count {
            // SAFETY: as the caller promises.
            unsafe {
                let digits = digits(self.from.wrapping_add(at).read());
                self.to.wrapping_add(at).write_unaligned(digits.to_le());
            }
        }
    }
}

/// A separator in front of the digits of every byte.
struct Separated {
    to: *mut u8,
    from: *const u8,
    count: usize,
    separator: u8,
}

impl Loop for Separated {
    type Output = ();

    #[inline(always)]
    unsafe fn run(self) {
        let digit = |half: u8| half.wrapping_add(b'0').wrapping_add(if half > 9 { 39 } else { 0 });
        for at in 0..self.count {
            let to = self.to.wrapping_add(3 * at);
            // SAFETY: as the caller promises.
            unsafe {
                let byte = self.from.wrapping_add(at).read();
                to.write(self.separator);
                to.wrapping_add(1).write(digit(byte >> 4));
                to.wrapping_add(2).write(digit(byte & 15));
            }
        }
    }
}
