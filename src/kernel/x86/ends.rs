//! Two bytes at a distance from each other, looked for with AVX-512.

use core::arch::x86_64::{
    __m512i, _mm512_cmpeq_epi8_mask, _mm512_loadu_si512, _mm512_mask_cmpeq_epi8_mask, _mm512_set1_epi8,
};

use super::super::lanes::LINE;

/// How many lines are looked at together.
const LINES: usize = 4;

/// The first of so many places that has both bytes, the one at `first` and the other at `last`; where there is none, a place up to which
/// there is none, and behind which fewer are left than are looked at together.
///
/// # Safety
/// So many places are readable from either. The machine has what [`Isa::Avx512`](super::super::Isa) stands for.
#[target_feature(enable = "avx512f,avx512bw")]
pub(in super::super) unsafe fn ends_avx512(
    first: *const u8,
    last: *const u8,
    bytes: (u8, u8),
    count: usize,
) -> usize {
    let (one, other) = (_mm512_set1_epi8(bytes.0.cast_signed()), _mm512_set1_epi8(bytes.1.cast_signed()));
    let load = |from: *const u8, at: usize| -> __m512i {
        // SAFETY: within the places.
        unsafe { _mm512_loadu_si512(from.wrapping_add(at).cast()) }
    };
    let mut at = 0usize;
    while count.wrapping_sub(at) >= const { LINES * LINE } {
        let mut found = [0u64; LINES];
        for (number, found) in found.iter_mut().enumerate() {
            let at = at.wrapping_add(number.wrapping_mul(LINE));
            let begins = _mm512_cmpeq_epi8_mask(load(first, at), one);
            *found = _mm512_mask_cmpeq_epi8_mask(begins, load(last, at), other);
        }
        if found.iter().fold(0, |all, one| all | one) != 0 {
            for line in found {
                if line != 0 {
                    return at.wrapping_add(line.trailing_zeros() as usize);
                }
                at = at.wrapping_add(LINE);
            }
        }
        at = at.wrapping_add(const { LINES * LINE });
    }
    at
}
