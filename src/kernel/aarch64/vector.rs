//! The registers of NEON as one lane of 16 bytes.

use core::arch::aarch64::{
    uint8x16_t, vceqq_f32, vceqq_f64, vceqq_u8, vdupq_n_u8, vld1q_u8, vminvq_u8, vorrq_u8, vqtbl1q_u8,
    vreinterpretq_f32_u8, vreinterpretq_f64_u8, vreinterpretq_u8_u16, vreinterpretq_u8_u32,
    vreinterpretq_u8_u64, vreinterpretq_u16_u8, vreinterpretq_u32_u8, vreinterpretq_u64_u8, vst1q_u8,
    vzip1q_u8, vzip1q_u16, vzip1q_u32, vzip1q_u64, vzip2q_u8, vzip2q_u16, vzip2q_u32, vzip2q_u64,
};

use super::super::lanes::{Equality, LANE, Vector};

impl Vector for uint8x16_t {
    const LANES: usize = 1;

    #[inline(always)]
    unsafe fn zero() -> Self {
        // SAFETY: as the caller promises.
        unsafe { vdupq_n_u8(0) }
    }

    #[inline(always)]
    unsafe fn load(from: *const u8, _pitch: isize) -> Self {
        // SAFETY: as the caller promises.
        unsafe { vld1q_u8(from) }
    }

    #[inline(always)]
    unsafe fn zip<const SIZE: usize>(self, other: Self) -> (Self, Self) {
        // SAFETY: as the caller promises.
        unsafe {
            match SIZE {
                1 => (vzip1q_u8(self, other), vzip2q_u8(self, other)),
                2 => {
                    let (one, another) = (vreinterpretq_u16_u8(self), vreinterpretq_u16_u8(other));
                    let (low, high) = (vzip1q_u16(one, another), vzip2q_u16(one, another));
                    (vreinterpretq_u8_u16(low), vreinterpretq_u8_u16(high))
                }
                4 => {
                    let (one, another) = (vreinterpretq_u32_u8(self), vreinterpretq_u32_u8(other));
                    let (low, high) = (vzip1q_u32(one, another), vzip2q_u32(one, another));
                    (vreinterpretq_u8_u32(low), vreinterpretq_u8_u32(high))
                }
                _ => {
                    let (one, another) = (vreinterpretq_u64_u8(self), vreinterpretq_u64_u8(other));
                    let (low, high) = (vzip1q_u64(one, another), vzip2q_u64(one, another));
                    (vreinterpretq_u8_u64(low), vreinterpretq_u8_u64(high))
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn mix(self, source: Self, control: &[u8; LANE]) -> Self {
        // SAFETY: as the caller promises.
        unsafe { vorrq_u8(self, vqtbl1q_u8(source, vld1q_u8(control.as_ptr()))) }
    }

    #[inline(always)]
    fn prefetch(_line: *const u8) {}

    #[inline(always)]
    unsafe fn store(self, to: *mut u8) {
        // SAFETY: as the caller promises.
        unsafe { vst1q_u8(to, self) }
    }

    #[inline(always)]
    unsafe fn stream(self, to: *mut u8) {
        // SAFETY: as the caller promises.
        unsafe { self.store(to) }
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
            let other = vld1q_u8(at);
            let equal = match (equality, SIZE) {
                (Equality::Floats, 4) => {
                    vreinterpretq_u8_u32(vceqq_f32(vreinterpretq_f32_u8(self), vreinterpretq_f32_u8(other)))
                }
                (Equality::Floats, 8) => {
                    vreinterpretq_u8_u64(vceqq_f64(vreinterpretq_f64_u8(self), vreinterpretq_f64_u8(other)))
                }
                _ => vceqq_u8(self, other),
            };
            vminvq_u8(equal) == u8::MAX
        }
    }
}
