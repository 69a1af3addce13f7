//! Runs of lines, copied past the caches.

use core::arch::x86_64::{__m512i, _mm512_loadu_si512};

use super::{
    super::lanes::{LINE, Vector},
    vector::Pair,
};

/// Copies whole lines.
///
/// # Safety
/// So many bytes, whole lines, are readable and writable, and none is both; the destination begins a line. The machine has AVX2.
#[target_feature(enable = "avx2")]
pub(in super::super) unsafe fn stream_avx2(to: *mut u8, from: *const u8, size: usize) {
    let mut at = 0usize;
    while at < size {
        // SAFETY: within the lines.
        unsafe { Pair::load_line(from.wrapping_add(at)).stream(to.wrapping_add(at)) };
        at = at.wrapping_add(LINE);
    }
}

/// The same with AVX-512.
///
/// # Safety
/// As for [`stream_avx2`]; the machine has what [`Isa::Avx512`](super::super::Isa) stands for.
#[target_feature(enable = "avx512f")]
pub(in super::super) unsafe fn stream_avx512(to: *mut u8, from: *const u8, size: usize) {
    let mut at = 0usize;
    while at < size {
        // SAFETY: within the lines.
        unsafe { __m512i::stream(_mm512_loadu_si512(from.wrapping_add(at).cast()), to.wrapping_add(at)) };
        at = at.wrapping_add(LINE);
    }
}
