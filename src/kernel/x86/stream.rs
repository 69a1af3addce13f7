//! Runs of lines, copied past the caches.

use core::arch::x86_64::{__m512i, _mm512_loadu_si512};

use super::{
    super::lanes::{LINE, Vector},
    vector::Pair,
};

/// Copies whole lines, as many as there are in so many bytes; how many bytes that is.
///
/// # Safety
/// So many bytes are readable and writable, and none is both; the destination begins a line. The machine has AVX2.
#[target_feature(enable = "avx2")]
pub(in super::super) unsafe fn stream_avx2(to: *mut u8, from: *const u8, size: usize) -> usize {
    let lines = size & !(LINE - 1);
    let mut at = 0usize;
    while at < lines {
        // SAFETY: within the lines.
        unsafe { Pair::load_line(from.wrapping_add(at)).stream(to.wrapping_add(at)) };
        at = at.wrapping_add(LINE);
    }
    lines
}

/// The same with AVX-512.
///
/// # Safety
/// As for [`stream_avx2`]; the machine has what [`Isa::Avx512`](super::super::Isa) stands for.
#[target_feature(enable = "avx512f")]
pub(in super::super) unsafe fn stream_avx512(to: *mut u8, from: *const u8, size: usize) -> usize {
    let lines = size & !(LINE - 1);
    let mut at = 0usize;
    while at < lines {
        // SAFETY: within the lines.
        unsafe { __m512i::stream(_mm512_loadu_si512(from.wrapping_add(at).cast()), to.wrapping_add(at)) };
        at = at.wrapping_add(LINE);
    }
    lines
}
