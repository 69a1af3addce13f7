//! A vector that every machine has: 16 bytes, moved about as the compiler sees fit. Miri runs the kernels with it.

use core::mem::MaybeUninit;

use super::lanes::{Equality, LANE, Vector};

/// One lane. Its bytes need not be initialised, so that padding may be anything and pointers stay pointers.
#[derive(Clone, Copy)]
pub(super) struct Plain([MaybeUninit<u8>; LANE]);

impl Vector for Plain {
    const LANES: usize = 1;

    #[inline(always)]
    unsafe fn zero() -> Self {
        Plain([MaybeUninit::new(0); LANE])
    }

    #[inline(always)]
    unsafe fn load(from: *const u8, _pitch: isize) -> Self {
        // SAFETY: as the caller promises; the type is of alignment 1.
        unsafe { from.cast::<Plain>().read() }
    }

    #[inline(always)]
    unsafe fn zip<const SIZE: usize>(self, other: Self) -> (Self, Self) {
        let half = |half: usize| {
            let mut mixed = self;
            let items = self.0.chunks_exact(SIZE).zip(other.0.chunks_exact(SIZE));
            let pairs = items.skip(half.wrapping_mul(LANE / 2 / SIZE));
            for (pair, (one, another)) in mixed.0.chunks_exact_mut(2 * SIZE).zip(pairs) {
                let both = one.iter().chain(another);
                for (to, from) in pair.iter_mut().zip(both) {
                    *to = *from;
                }
            }
            mixed
        };
        (half(0), half(1))
    }

    #[inline(always)]
    unsafe fn mix(self, source: Self, control: &[u8; LANE]) -> Self {
        let mut mixed = self;
        for (to, &number) in mixed.0.iter_mut().zip(control) {
            if let Some(from) = source.0.get(usize::from(number)) {
                *to = *from;
            }
        }
        mixed
    }

    #[inline(always)]
    fn prefetch(_line: *const u8) {}

    #[inline(always)]
    unsafe fn store(self, to: *mut u8) {
        // SAFETY: as the caller promises; the type is of alignment 1.
        unsafe { to.cast::<Plain>().write(self) }
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
        let here = self.0.as_ptr().cast::<u8>();
        let step = if equality == Equality::Bits { LANE } else { SIZE };
        // SAFETY: as the caller promises; what is compared is initialised.
        (0..LANE)
            .step_by(step)
            .all(|item| unsafe { equality.is_met(here.wrapping_add(item), at.wrapping_add(item), step) })
    }
}
