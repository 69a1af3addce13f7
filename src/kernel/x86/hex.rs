//! Hexadecimal digits, looked up in a register.

use core::arch::x86_64::{
    _mm_loadu_si128, _mm256_and_si256, _mm256_broadcastsi128_si256, _mm256_loadu_si256,
    _mm256_permute2x128_si256, _mm256_set1_epi8, _mm256_shuffle_epi8, _mm256_srli_epi16, _mm256_storeu_si256,
    _mm256_unpackhi_epi8, _mm256_unpacklo_epi8,
};

/// The bytes of a register.
const WIDTH: usize = 32;

/// Writes the digits of as many bytes as fill whole registers; how many that is.
///
/// # Safety
/// So many bytes are readable, and twice as many writable, and none is both. The machine has AVX2.
#[target_feature(enable = "avx2")]
pub(in super::super) unsafe fn digits_avx2(to: *mut u8, from: *const u8, count: usize) -> usize {
    // SAFETY: the constant has as many bytes.
    let table = unsafe { _mm256_broadcastsi128_si256(_mm_loadu_si128(b"0123456789abcdef".as_ptr().cast())) };
    let half = _mm256_set1_epi8(15);
    let all = count & !(WIDTH - 1);
    let mut at = 0usize;
    while at < all {
        let to = to.wrapping_add(2 * at).cast();
        // SAFETY: within the bytes.
        unsafe {
            let bytes = _mm256_loadu_si256(from.wrapping_add(at).cast());
            let high = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), half));
            let low = _mm256_shuffle_epi8(table, _mm256_and_si256(bytes, half));
            let (one, other) = (_mm256_unpacklo_epi8(high, low), _mm256_unpackhi_epi8(high, low));
            _mm256_storeu_si256(to, _mm256_permute2x128_si256::<0x20>(one, other));
            _mm256_storeu_si256(to.wrapping_add(1), _mm256_permute2x128_si256::<0x31>(one, other));
        }
        at = at.wrapping_add(WIDTH);
    }
    all
}
