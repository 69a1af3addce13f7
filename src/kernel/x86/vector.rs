//! The registers of x86-64 as lanes of 16 bytes.

use core::arch::x86_64::{
    __m128i, __m256i, __m512i, _CMP_EQ_OQ, _CMP_NEQ_UQ, _MM_HINT_T0, _mm_castpd_si128, _mm_castps_si128,
    _mm_castsi128_pd, _mm_castsi128_ps, _mm_cmpeq_epi32, _mm_cmpeq_pd, _mm_cmpeq_ps, _mm_loadu_si128,
    _mm_movemask_epi8, _mm_or_si128, _mm_prefetch, _mm_setzero_si128, _mm_shuffle_epi8, _mm_storeu_si128,
    _mm_stream_si128, _mm_unpackhi_epi8, _mm_unpackhi_epi16, _mm_unpackhi_epi32, _mm_unpackhi_epi64,
    _mm_unpacklo_epi8, _mm_unpacklo_epi16, _mm_unpacklo_epi32, _mm_unpacklo_epi64,
    _mm256_broadcastsi128_si256, _mm256_castpd_si256, _mm256_castps_si256, _mm256_castsi128_si256,
    _mm256_castsi256_pd, _mm256_castsi256_ps, _mm256_castsi256_si128, _mm256_cmp_pd, _mm256_cmp_ps,
    _mm256_cmpeq_epi32, _mm256_extracti128_si256, _mm256_inserti128_si256, _mm256_loadu_si256,
    _mm256_movemask_epi8, _mm256_or_si256, _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_storeu_si256,
    _mm256_stream_si256, _mm256_unpackhi_epi8, _mm256_unpackhi_epi16, _mm256_unpackhi_epi32,
    _mm256_unpackhi_epi64, _mm256_unpacklo_epi8, _mm256_unpacklo_epi16, _mm256_unpacklo_epi32,
    _mm256_unpacklo_epi64, _mm512_broadcast_i32x4, _mm512_castsi128_si512, _mm512_castsi512_pd,
    _mm512_castsi512_ps, _mm512_castsi512_si256, _mm512_cmp_pd_mask, _mm512_cmp_ps_mask,
    _mm512_cmpneq_epi64_mask, _mm512_extracti64x4_epi64, _mm512_inserti32x4, _mm512_loadu_si512,
    _mm512_or_si512, _mm512_setzero_si512, _mm512_shuffle_epi8, _mm512_storeu_si512, _mm512_stream_si512,
    _mm512_unpackhi_epi8, _mm512_unpackhi_epi16, _mm512_unpackhi_epi32, _mm512_unpackhi_epi64,
    _mm512_unpacklo_epi8, _mm512_unpacklo_epi16, _mm512_unpacklo_epi32, _mm512_unpacklo_epi64,
};

use super::super::lanes::{Equality, LANE, Vector};

fn row(from: *const u8, pitch: isize, number: isize) -> *const __m128i {
    from.wrapping_offset(pitch.wrapping_mul(number)).cast()
}

#[inline(always)]
fn prefetch(line: *const u8) {
    // SAFETY: every x86-64 has the instruction, which does nothing where the address is not readable.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(line.cast()) }
}

impl Vector for __m128i {
    const LANES: usize = 1;

    #[inline(always)]
    unsafe fn zero() -> Self {
        // SAFETY: as the caller promises.
        unsafe { _mm_setzero_si128() }
    }

    #[inline(always)]
    unsafe fn load(from: *const u8, _pitch: isize) -> Self {
        // SAFETY: as the caller promises.
        unsafe { _mm_loadu_si128(from.cast()) }
    }

    #[inline(always)]
    unsafe fn zip<const SIZE: usize>(self, other: Self) -> (Self, Self) {
        // SAFETY: as the caller promises.
        unsafe {
            match SIZE {
                1 => (_mm_unpacklo_epi8(self, other), _mm_unpackhi_epi8(self, other)),
                2 => (_mm_unpacklo_epi16(self, other), _mm_unpackhi_epi16(self, other)),
                4 => (_mm_unpacklo_epi32(self, other), _mm_unpackhi_epi32(self, other)),
                _ => (_mm_unpacklo_epi64(self, other), _mm_unpackhi_epi64(self, other)),
            }
        }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut u8) {
        // SAFETY: as the caller promises.
        unsafe { _mm_storeu_si128(to.cast(), self) }
    }

    #[inline(always)]
    unsafe fn mix(self, source: Self, control: &[u8; LANE]) -> Self {
        // SAFETY: as the caller promises.
        unsafe {
            let control = _mm_loadu_si128(control.as_ptr().cast());
            _mm_or_si128(self, _mm_shuffle_epi8(source, control))
        }
    }

    #[inline(always)]
    fn prefetch(line: *const u8) {
        prefetch(line);
    }

    #[inline(always)]
    unsafe fn stream(self, to: *mut u8) {
        // SAFETY: as the caller promises.
        unsafe { _mm_stream_si128(to.cast(), self) }
    }

    #[inline(always)]
    unsafe fn store_lanes(self, to: *mut u8, _step: usize) {
        // SAFETY: as the caller promises.
        unsafe { self.store(to) }
    }

    #[inline(always)]
    unsafe fn equals<const SIZE: usize>(self, at: *const u8, equality: Equality) -> bool {
        // SAFETY: as the caller promises.
        unsafe {
            let other = _mm_loadu_si128(at.cast());
            let equal = match (equality, SIZE) {
                (Equality::Floats, 4) => {
                    _mm_castps_si128(_mm_cmpeq_ps(_mm_castsi128_ps(self), _mm_castsi128_ps(other)))
                }
                (Equality::Floats, 8) => {
                    _mm_castpd_si128(_mm_cmpeq_pd(_mm_castsi128_pd(self), _mm_castsi128_pd(other)))
                }
                _ => _mm_cmpeq_epi32(self, other),
            };
            _mm_movemask_epi8(equal) == 0xffff
        }
    }
}

impl Vector for __m256i {
    const LANES: usize = 2;

    #[inline(always)]
    unsafe fn zero() -> Self {
        // SAFETY: as the caller promises.
        unsafe { _mm256_setzero_si256() }
    }

    #[inline(always)]
    unsafe fn load(from: *const u8, pitch: isize) -> Self {
        // SAFETY: as the caller promises.
        unsafe {
            let low = _mm256_castsi128_si256(_mm_loadu_si128(from.cast()));
            _mm256_inserti128_si256::<1>(low, _mm_loadu_si128(row(from, pitch, 1)))
        }
    }

    #[inline(always)]
    unsafe fn zip<const SIZE: usize>(self, other: Self) -> (Self, Self) {
        // SAFETY: as the caller promises.
        unsafe {
            match SIZE {
                1 => (_mm256_unpacklo_epi8(self, other), _mm256_unpackhi_epi8(self, other)),
                2 => (_mm256_unpacklo_epi16(self, other), _mm256_unpackhi_epi16(self, other)),
                4 => (_mm256_unpacklo_epi32(self, other), _mm256_unpackhi_epi32(self, other)),
                _ => (_mm256_unpacklo_epi64(self, other), _mm256_unpackhi_epi64(self, other)),
            }
        }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut u8) {
        // SAFETY: as the caller promises.
        unsafe { _mm256_storeu_si256(to.cast(), self) }
    }

    #[inline(always)]
    unsafe fn mix(self, source: Self, control: &[u8; LANE]) -> Self {
        // SAFETY: as the caller promises.
        unsafe {
            let control = _mm256_broadcastsi128_si256(_mm_loadu_si128(control.as_ptr().cast()));
            _mm256_or_si256(self, _mm256_shuffle_epi8(source, control))
        }
    }

    #[inline(always)]
    fn prefetch(line: *const u8) {
        prefetch(line);
    }

    #[inline(always)]
    unsafe fn stream(self, to: *mut u8) {
        // SAFETY: as the caller promises.
        unsafe { _mm256_stream_si256(to.cast(), self) }
    }

    #[inline(always)]
    unsafe fn store_lanes(self, to: *mut u8, step: usize) {
        // SAFETY: as the caller promises.
        unsafe {
            _mm256_castsi256_si128(self).store(to);
            _mm256_extracti128_si256::<1>(self).store(to.wrapping_add(step));
        }
    }

    #[inline(always)]
    unsafe fn equals<const SIZE: usize>(self, at: *const u8, equality: Equality) -> bool {
        // SAFETY: as the caller promises.
        unsafe {
            let other = _mm256_loadu_si256(at.cast());
            let equal = match (equality, SIZE) {
                (Equality::Floats, 4) => _mm256_castps_si256(_mm256_cmp_ps::<_CMP_EQ_OQ>(
                    _mm256_castsi256_ps(self),
                    _mm256_castsi256_ps(other),
                )),
                (Equality::Floats, 8) => _mm256_castpd_si256(_mm256_cmp_pd::<_CMP_EQ_OQ>(
                    _mm256_castsi256_pd(self),
                    _mm256_castsi256_pd(other),
                )),
                _ => _mm256_cmpeq_epi32(self, other),
            };
            _mm256_movemask_epi8(equal) == -1
        }
    }
}

impl Vector for __m512i {
    const LANES: usize = 4;

    #[inline(always)]
    unsafe fn zero() -> Self {
        // SAFETY: as the caller promises.
        unsafe { _mm512_setzero_si512() }
    }

    #[inline(always)]
    unsafe fn load(from: *const u8, pitch: isize) -> Self {
        // SAFETY: as the caller promises.
        unsafe {
            let first = _mm512_castsi128_si512(_mm_loadu_si128(from.cast()));
            let two = _mm512_inserti32x4::<1>(first, _mm_loadu_si128(row(from, pitch, 1)));
            let three = _mm512_inserti32x4::<2>(two, _mm_loadu_si128(row(from, pitch, 2)));
            _mm512_inserti32x4::<3>(three, _mm_loadu_si128(row(from, pitch, 3)))
        }
    }

    #[inline(always)]
    unsafe fn zip<const SIZE: usize>(self, other: Self) -> (Self, Self) {
        // SAFETY: as the caller promises.
        unsafe {
            match SIZE {
                1 => (_mm512_unpacklo_epi8(self, other), _mm512_unpackhi_epi8(self, other)),
                2 => (_mm512_unpacklo_epi16(self, other), _mm512_unpackhi_epi16(self, other)),
                4 => (_mm512_unpacklo_epi32(self, other), _mm512_unpackhi_epi32(self, other)),
                _ => (_mm512_unpacklo_epi64(self, other), _mm512_unpackhi_epi64(self, other)),
            }
        }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut u8) {
        // SAFETY: as the caller promises.
        unsafe { _mm512_storeu_si512(to.cast(), self) }
    }

    #[inline(always)]
    unsafe fn mix(self, source: Self, control: &[u8; LANE]) -> Self {
        // SAFETY: as the caller promises.
        unsafe {
            let control = _mm512_broadcast_i32x4(_mm_loadu_si128(control.as_ptr().cast()));
            _mm512_or_si512(self, _mm512_shuffle_epi8(source, control))
        }
    }

    #[inline(always)]
    fn prefetch(line: *const u8) {
        prefetch(line);
    }

    #[inline(always)]
    unsafe fn stream(self, to: *mut u8) {
        // SAFETY: as the caller promises.
        unsafe { _mm512_stream_si512(to.cast(), self) }
    }

    #[inline(always)]
    unsafe fn store_lanes(self, to: *mut u8, step: usize) {
        // SAFETY: as the caller promises.
        unsafe {
            _mm512_castsi512_si256(self).store_lanes(to, step);
            _mm512_extracti64x4_epi64::<1>(self).store_lanes(to.wrapping_add(step.wrapping_mul(2)), step);
        }
    }

    #[inline(always)]
    unsafe fn equals<const SIZE: usize>(self, at: *const u8, equality: Equality) -> bool {
        // SAFETY: as the caller promises.
        unsafe {
            let other = _mm512_loadu_si512(at.cast());
            match (equality, SIZE) {
                (Equality::Floats, 4) => {
                    _mm512_cmp_ps_mask::<_CMP_NEQ_UQ>(_mm512_castsi512_ps(self), _mm512_castsi512_ps(other))
                        == 0
                }
                (Equality::Floats, 8) => {
                    _mm512_cmp_pd_mask::<_CMP_NEQ_UQ>(_mm512_castsi512_pd(self), _mm512_castsi512_pd(other))
                        == 0
                }
                _ => _mm512_cmpneq_epi64_mask(self, other) == 0,
            }
        }
    }
}

/// Two registers as one: what AVX2 has to fill a line of the cache at once.
#[derive(Clone, Copy)]
pub(super) struct Pair(__m256i, __m256i);

impl Pair {
    /// Loads a line.
    ///
    /// # Safety
    /// 64 bytes are readable, and AVX2 is there.
    #[inline(always)]
    pub(super) unsafe fn load_line(from: *const u8) -> Self {
        // SAFETY: as the caller promises.
        unsafe { Pair(_mm256_loadu_si256(from.cast()), _mm256_loadu_si256(from.wrapping_add(32).cast())) }
    }
}

impl Vector for Pair {
    const LANES: usize = 4;

    #[inline(always)]
    unsafe fn zero() -> Self {
        // SAFETY: as the caller promises.
        unsafe { Pair(__m256i::zero(), __m256i::zero()) }
    }

    #[inline(always)]
    unsafe fn load(from: *const u8, pitch: isize) -> Self {
        // SAFETY: as the caller promises.
        unsafe { Pair(__m256i::load(from, pitch), __m256i::load(row(from, pitch, 2).cast(), pitch)) }
    }

    #[inline(always)]
    unsafe fn zip<const SIZE: usize>(self, other: Self) -> (Self, Self) {
        // SAFETY: as the caller promises.
        unsafe {
            let (low, high) = (self.0.zip::<SIZE>(other.0), self.1.zip::<SIZE>(other.1));
            (Pair(low.0, high.0), Pair(low.1, high.1))
        }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut u8) {
        // SAFETY: as the caller promises.
        unsafe {
            self.0.store(to);
            self.1.store(to.wrapping_add(size_of::<__m256i>()));
        }
    }

    #[inline(always)]
    unsafe fn mix(self, source: Self, control: &[u8; LANE]) -> Self {
        // SAFETY: as the caller promises.
        unsafe { Pair(self.0.mix(source.0, control), self.1.mix(source.1, control)) }
    }

    #[inline(always)]
    fn prefetch(line: *const u8) {
        prefetch(line);
    }

    #[inline(always)]
    unsafe fn stream(self, to: *mut u8) {
        // SAFETY: as the caller promises.
        unsafe {
            self.0.stream(to);
            self.1.stream(to.wrapping_add(size_of::<__m256i>()));
        }
    }

    #[inline(always)]
    unsafe fn store_lanes(self, to: *mut u8, step: usize) {
        // SAFETY: as the caller promises.
        unsafe {
            self.0.store_lanes(to, step);
            self.1.store_lanes(to.wrapping_add(step.wrapping_mul(2)), step);
        }
    }

    #[inline(always)]
    unsafe fn equals<const SIZE: usize>(self, at: *const u8, equality: Equality) -> bool {
        // SAFETY: as the caller promises.
        unsafe {
            let behind = at.wrapping_add(size_of::<__m256i>());
            self.0.equals::<SIZE>(at, equality) && self.1.equals::<SIZE>(behind, equality)
        }
    }
}
