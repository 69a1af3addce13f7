//! A string of bytes in bytes: where its first and its last byte fit, it is compared in full.

use super::{
    isa::Isa,
    memory::Span,
    search::find_byte,
    simd::{self, Loop},
    two_way,
    visit::same_run,
};

/// Where in a span a string of bytes begins, at `from` or behind it.
#[must_use]
pub fn find(span: &Span<'_>, wanted: &Span<'_>, from: usize) -> Option<usize> {
    find_with(span, wanted, from, Isa::best())
}

/// From how many bytes of false hits on, beside four times those that were looked at, a search takes over that is linear
/// whatever there is to be found.
const PATIENCE: usize = 4 << 10;

/// The same with the kernels of `isa`: places where the first and the last byte fit, which are compared in full.
pub(super) fn find_with(span: &Span<'_>, wanted: &Span<'_>, from: usize, isa: Isa) -> Option<usize> {
    let length = wanted.length();
    let last = span.length().checked_sub(length).filter(|last| from <= *last)?;
    let Some(gap) = length.checked_sub(1) else { return Some(from) };
    let count = last.wrapping_sub(from).wrapping_add(1);
    let begin = span.data().wrapping_add(from).cast_const();
    let mut patience = PATIENCE;
    // SAFETY: every place up to the last has as many bytes as are wanted behind it.
    unsafe {
        let ends = (wanted.data().read(), wanted.data().wrapping_add(gap).read());
        if gap == 0 {
            return find_byte(begin, ends.0, count).map(|found| found.wrapping_add(from));
        }
        let mut at = 0usize;
        while at < count {
            let place = begin.wrapping_add(at);
            let left = count.wrapping_sub(at);
            let ahead =
                Ends { first: place, last: place.wrapping_add(gap), count: left, bytes: ends }.skip(isa);
            patience = patience.saturating_add(ahead.saturating_mul(4));
            let begin_block = at.wrapping_add(ahead);
            let end_block = begin_block.saturating_add(ENDS).min(count);
            for at in begin_block..end_block {
                let place = begin.wrapping_add(at);
                if place.read() != ends.0 || place.wrapping_add(gap).read() != ends.1 {
                    continue;
                }
                if same_run(place, wanted.data(), length) {
                    return Some(from.wrapping_add(at));
                }
                match patience.checked_sub(length) {
                    Some(left) => patience = left,
                    None => return two_way::search(span, wanted, from.wrapping_add(at)),
                }
            }
            at = end_block;
        }
    }
    None
}

/// How many places are looked at together.
const ENDS: usize = 128;

/// Places at which two bytes fit.
struct Ends {
    first: *const u8,
    last: *const u8,
    count: usize,
    bytes: (u8, u8),
}

impl Ends {
    /// How many places may be left out: the next [`ENDS`] may have one that fits.
    ///
    /// # Safety
    /// As many places as there are, are readable.
    unsafe fn skip(self, isa: Isa) -> usize {
        // SAFETY: as the caller promises; an `Isa` is the proof that the machine has the instructions.
        unsafe {
            match isa {
                #[cfg(target_arch = "x86_64")]
                Isa::Avx512(_) => super::x86::ends_avx512(self.first, self.last, self.bytes, self.count),
                _ => simd::run(self, isa),
            }
        }
    }

    /// # Safety
    /// So many places are readable.
    #[inline(always)]
    unsafe fn any(&self, at: usize, count: usize) -> bool {
        let mut found = 0u8;
        for at in at..at.wrapping_add(count) {
            // SAFETY: as the caller promises.
            let (first, last) =
                unsafe { (self.first.wrapping_add(at).read(), self.last.wrapping_add(at).read()) };
            found = found.wrapping_add(u8::from((first ^ self.bytes.0) | (last ^ self.bytes.1) == 0));
        }
        found != 0
    }
}

impl Loop for Ends {
    /// The first of those places among which there is one.
    type Output = usize;

    #[inline(always)]
    unsafe fn run(self) -> usize {
        let mut at = 0usize;
        // SAFETY: as the caller promises.
        unsafe {
            while self.count.wrapping_sub(at) >= ENDS {
                if self.any(at, ENDS) {
                    return at;
                }
                at = at.wrapping_add(ENDS);
            }
        }
        at
    }
}
