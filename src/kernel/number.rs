//! Numbers of the machine's types, packed, on their way into the widest type that holds them exactly.

use core::mem::MaybeUninit;

use super::{
    isa::Isa,
    simd::{self, Loop},
    swap,
};
use crate::format::{Code, Leaf, Sort, float};

/// A type of the machine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A byte: any but zero is one.
    Bool,
    /// Signed, of 1, 2, 4 and 8 bytes.
    I8,
    /// 2 bytes.
    I16,
    /// 4 bytes.
    I32,
    /// 8 bytes.
    I64,
    /// Unsigned, of 1, 2, 4 and 8 bytes.
    U8,
    /// 2 bytes.
    U16,
    /// 4 bytes.
    U32,
    /// 8 bytes.
    U64,
    /// Half, single and double precision.
    F16,
    /// 4 bytes.
    F32,
    /// 8 bytes.
    F64,
}

/// What kernels know of an item: one number, or the two of a complex one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Number {
    /// The type.
    pub kind: Kind,
    /// Whether the bytes stand in the other order than this machine's.
    pub swapped: bool,
    /// Whether there are two of them.
    pub complex: bool,
}

/// What all numbers become: signed, unsigned or floating-point ones of 8 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wide {
    Int,
    Natural,
    Float,
}

impl Kind {
    pub(super) const fn size(self) -> usize {
        match self {
            Kind::Bool | Kind::I8 | Kind::U8 => 1,
            Kind::I16 | Kind::U16 | Kind::F16 => 2,
            Kind::I32 | Kind::U32 | Kind::F32 => 4,
            Kind::I64 | Kind::U64 | Kind::F64 => 8,
        }
    }

    pub(super) const fn wide(self) -> Wide {
        match self {
            Kind::F16 | Kind::F32 | Kind::F64 => Wide::Float,
            Kind::U64 => Wide::Natural,
            _ => Wide::Int,
        }
    }

    /// Whether it is an integer of so few bits that a double has room for all of them.
    pub(super) const fn is_small(self) -> bool {
        matches!(self, Kind::Bool | Kind::I8 | Kind::I16 | Kind::I32 | Kind::U8 | Kind::U16 | Kind::U32)
    }
}

impl Number {
    /// The number that a leaf is, or the two that it is; none where it is something else, or no type of the machine.
    #[must_use]
    pub fn of(leaf: Leaf) -> Option<Number> {
        let complex = leaf.sort() == Sort::Complex;
        let kind = match (leaf.sort(), leaf.component(), leaf.code()) {
            (Sort::Bool, 1, _) => Kind::Bool,
            (Sort::Signed, 1, _) => Kind::I8,
            (Sort::Signed, 2, _) => Kind::I16,
            (Sort::Signed, 4, _) => Kind::I32,
            (Sort::Signed, 8, _) => Kind::I64,
            (Sort::Unsigned, 1, _) => Kind::U8,
            (Sort::Unsigned, 2, _) => Kind::U16,
            (Sort::Unsigned | Sort::Pointer, 4, _) => Kind::U32,
            (Sort::Unsigned | Sort::Pointer, 8, _) => Kind::U64,
            (_, _, Code::Half) => Kind::F16,
            (_, 4, Code::Float | Code::ComplexFloat) => Kind::F32,
            (_, 8, Code::Double | Code::ComplexDouble) => Kind::F64,
            _ => return None,
        };
        Some(Number { kind, swapped: leaf.is_swapped() && kind.size() > 1, complex })
    }

    /// How many numbers so many items are.
    pub(super) const fn in_items(self, items: usize) -> usize {
        items.wrapping_mul(if self.complex { 2 } else { 1 })
    }
}

/// How many numbers are worked on at a time.
pub(super) const CHUNK: usize = 256;

/// Room for so many wide numbers.
#[repr(align(64))]
pub(super) struct Space(MaybeUninit<[u64; CHUNK]>);

impl Space {
    pub(super) const fn new() -> Space {
        Space(MaybeUninit::uninit())
    }

    pub(super) fn as_ptr(&mut self) -> *mut u8 {
        self.0.as_mut_ptr().cast()
    }
}

/// Brings packed numbers into this machine's order; where they stand then.
///
/// # Safety
/// They are readable, at most [`CHUNK`].
#[inline]
pub(super) unsafe fn turn(
    number: Number,
    from: *const u8,
    count: usize,
    space: &mut Space,
    isa: Isa,
) -> *const u8 {
    if !number.swapped {
        return from;
    }
    let to = space.as_ptr();
    let size = number.kind.size();
    // SAFETY: as the caller promises; the space holds as many numbers of 8 bytes.
    unsafe { swap::packed(to, from, size, count.wrapping_mul(size), isa) }
    to
}

/// Widens packed numbers, which stand in this machine's order.
///
/// # Safety
/// As many are readable, and writable 8 bytes each.
pub(super) unsafe fn widen(kind: Kind, to: *mut u8, from: *const u8, count: usize, isa: Isa) {
    macro_rules! each {
        ($($kind:ident),*) => {
            match kind {
                $(Kind::$kind => widen_as::<types::$kind>(to, from, count, isa),)*
                Kind::F32 => {
                    let (to, from) = (to.cast(), from.cast());
                    let each = |number: f32| (f64::from(number), !number.is_nan());
                    if !simd::run(Plainly { to, from, count, each }, isa) {
                        widen_as::<types::F32>(to.cast(), from.cast(), count, isa);
                    }
                }
                Kind::I64 | Kind::U64 | Kind::F64 => {
                    to.copy_from_nonoverlapping(from, count.wrapping_mul(size_of::<u64>()));
                }
            }
        };
    }
    // SAFETY: as the caller promises.
    unsafe { each!(Bool, I8, I16, I32, U8, U16, U32, F16) }
}

/// Makes wide integers of few bits doubles, where they are.
///
/// # Safety
/// As many are writable.
pub(super) unsafe fn small_to_float(numbers: *mut u8, count: usize, isa: Isa) {
    // SAFETY: as the caller promises.
    unsafe { simd::run(SmallToFloat { numbers: numbers.cast(), count }, isa) }
}

struct SmallToFloat {
    numbers: *mut u64,
    count: usize,
}

impl Loop for SmallToFloat {
    type Output = ();

    #[inline(always)]
    unsafe fn run(self) {
        // 2^52 + 2^51: beside it doubles are whole numbers, whose lowest bits are the integer's.
        const FAR: f64 = 6_755_399_441_055_744.0;
        for at in 0..self.count {
            let place = self.numbers.wrapping_add(at);
            // SAFETY: as the caller promises.
            unsafe {
                let number = f64::from_bits(FAR.to_bits().wrapping_add(place.read_unaligned())) - FAR;
                place.write_unaligned(number.to_bits());
            }
        }
    }
}

/// A quick way for most numbers.
pub(super) struct Plainly<S, T, F> {
    pub(super) to: *mut T,
    pub(super) from: *const S,
    pub(super) count: usize,
    /// What becomes of a number, and whether it is right.
    pub(super) each: F,
}

impl<S: Copy, T: Copy, F: Fn(S) -> (T, bool)> Loop for Plainly<S, T, F> {
    /// Whether all are right.
    type Output = bool;

    #[inline(always)]
    unsafe fn run(self) -> bool {
        let mut wrong = 0u64;
        for at in 0..self.count {
            // SAFETY: as many are readable and writable.
            unsafe {
                let (number, right) = (self.each)(self.from.wrapping_add(at).read_unaligned());
                self.to.wrapping_add(at).write_unaligned(number);
                wrong |= u64::from(!right);
            }
        }
        wrong == 0
    }
}

/// A type that becomes a wide one.
trait Narrow {
    /// Its bytes.
    type Bits: Copy;
    fn widen(bits: Self::Bits) -> u64;
}

/// # Safety
/// As for [`widen`].
unsafe fn widen_as<T: Narrow>(to: *mut u8, from: *const u8, count: usize, isa: Isa) {
    // SAFETY: as the caller promises.
    unsafe { simd::run(Widen::<T> { to: to.cast(), from: from.cast(), count }, isa) }
}

struct Widen<T: Narrow> {
    to: *mut u64,
    from: *const T::Bits,
    count: usize,
}

impl<T: Narrow> Loop for Widen<T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run(self) {
        let Widen { to, from, count } = self;
        for at in 0..count {
            // SAFETY: as the caller promises.
            unsafe { to.wrapping_add(at).write_unaligned(T::widen(from.wrapping_add(at).read_unaligned())) }
        }
    }
}

/// What becomes of each type.
mod types {
    use super::{Narrow, float};

    macro_rules! types {
        ($($name:ident: $bits:ty, |$from:ident| $wide:expr;)*) => {
            $(
                pub(super) struct $name;

                impl Narrow for $name {
                    type Bits = $bits;

                    #[inline(always)]
                    fn widen($from: $bits) -> u64 {
                        $wide
                    }
                }
            )*
        };
    }

    types! {
        Bool: u8, |from| u64::from(from != 0);
        I8: i8, |from| i64::from(from).cast_unsigned();
        I16: i16, |from| i64::from(from).cast_unsigned();
        I32: i32, |from| i64::from(from).cast_unsigned();
        U8: u8, |from| u64::from(from);
        U16: u16, |from| u64::from(from);
        U32: u32, |from| u64::from(from);
        F16: u16, |from| float::from_half(from).to_bits();
        F32: f32, |from| float::from_f32(from).to_bits();
    }
}
