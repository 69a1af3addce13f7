//! Numbers with their bytes turned round.

use super::{
    isa::Isa,
    simd::{self, Loop},
};

/// Turns round the bytes of every packed number of 2, 4, 8 or 16 bytes; any other bytes are copied as they are.
///
/// # Safety
/// `bytes` bytes are readable and writable: all of them the same, or none.
pub(super) unsafe fn packed(to: *mut u8, from: *const u8, size: usize, bytes: usize, isa: Isa) {
    // SAFETY: as the caller promises.
    unsafe {
        match size {
            2 => sized::<u16>(to, from, bytes, isa),
            4 => sized::<u32>(to, from, bytes, isa),
            8 => sized::<u64>(to, from, bytes, isa),
            16 => sized::<u128>(to, from, bytes, isa),
            _ => to.copy_from(from, bytes),
        }
    }
}

/// # Safety
/// As for [`packed`].
unsafe fn sized<T: Swappable>(to: *mut u8, from: *const u8, bytes: usize, isa: Isa) {
    let (to, from, count) = (to.cast::<T>(), from.cast::<T>(), bytes / const { size_of::<T>() });
    // SAFETY: as the caller promises.
    unsafe {
        // The compiler must see that the two are one to make vectors of them.
        if to.cast_const() == from {
            simd::run(SwapInPlace { numbers: to, count }, isa);
        } else {
            simd::run(Swap { to, from, count }, isa);
        }
    }
}

trait Swappable: Copy {
    fn swapped(self) -> Self;
}

macro_rules! swappable {
    ($($type:ty),*) => {
        $(impl Swappable for $type {
            #[inline(always)]
            fn swapped(self) -> Self {
                self.swap_bytes()
            }
        })*
    };
}
swappable!(u16, u32, u64, u128);

struct Swap<T> {
    to: *mut T,
    from: *const T,
    count: usize,
}

impl<T: Swappable> Loop for Swap<T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run(self) {
        let Swap { to, from, count } = self;
        for at in 0..count {
            // SAFETY: as the caller promises.
            unsafe { to.wrapping_add(at).write_unaligned(from.wrapping_add(at).read_unaligned().swapped()) }
        }
    }
}

struct SwapInPlace<T> {
    numbers: *mut T,
    count: usize,
}

impl<T: Swappable> Loop for SwapInPlace<T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run(self) {
        for at in 0..self.count {
            let place = self.numbers.wrapping_add(at);
            // SAFETY: as the caller promises.
            unsafe { place.write_unaligned(place.read_unaligned().swapped()) }
        }
    }
}
