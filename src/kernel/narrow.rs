//! Wide numbers, made ready for a type of fewer values by the rule for those that do not fit, and written as that type.

use super::{
    isa::Isa,
    number::{Kind, Number, Plainly, Wide, small_to_float},
    simd::{self, Loop},
    swap,
};
use crate::format::{Rule, float};

/// The least doubles that round to more than the greatest half and single, and those.
const HALF: (f64, f64) = (65520.0, 65504.0);
const SINGLE: (f64, f64) = (3.402_823_567_797_336_6e38, f32::MAX as f64);

/// What is done with wide numbers.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Step {
    Nothing,
    ClampInt(i64, i64),
    ClampNatural(u64),
    /// Integers of few bits, and others, become the nearest doubles.
    SmallToFloat,
    IntToFloat,
    NaturalToFloat,
    /// Doubles become the nearest integers towards zero; no number becomes zero.
    ToInt,
    ToNatural,
    /// Doubles become the low bits of the integers towards zero; what is no number, or infinite, becomes zero.
    ToLowBits,
    /// Finite doubles from the first on become the second.
    ClampFloat(f64, f64),
}

/// What must hold of wide numbers.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Check {
    Nothing,
    IntWithin(i64, i64),
    NaturalAtMost(u64),
    /// Doubles have no fraction, and lie from the first to before the second.
    WholeWithin(f64, f64),
    /// Integers are floats of so many bits of precision, and at most that.
    ExactNatural(u32, u64),
    /// The same of signed ones, and of their magnitude.
    ExactInt(u32, u64),
    /// Doubles are less than that, or infinite, or no numbers.
    FiniteBelow(f64),
}

/// Which steps lead from one type to another, and what they take for granted.
pub(super) fn plan(to: Kind, from: Kind, rule: Rule) -> ([Step; 2], Check) {
    if to == from || to == Kind::Bool {
        return ([Step::Nothing; 2], Check::Nothing);
    }
    let strict = |check: Check| if rule == Rule::Strict { check } else { Check::Nothing };
    let clamp = |step: Step| if rule == Rule::Clamp { step } else { Step::Nothing };
    let limit = match to {
        Kind::F16 => Some(HALF),
        Kind::F32 if from == Kind::F64 => Some(SINGLE),
        _ => None,
    };
    let clamp_float =
        limit.map_or(Step::Nothing, |(limit, greatest)| clamp(Step::ClampFloat(limit, greatest)));
    let (least, most) = range(to);
    match (from.wide(), to.wide()) {
        (Wide::Float, Wide::Float) => {
            let check = limit.map_or(Check::Nothing, |(limit, _)| strict(Check::FiniteBelow(limit)));
            ([clamp_float, Step::Nothing], check)
        }
        (wide, Wide::Float) => {
            let step = match wide {
                Wide::Natural => Step::NaturalToFloat,
                _ if from.is_small() => Step::SmallToFloat,
                _ => Step::IntToFloat,
            };
            let (precision, most) = match to {
                Kind::F16 => (11, 65504),
                Kind::F32 => (f32::MANTISSA_DIGITS, u64::MAX),
                _ => (f64::MANTISSA_DIGITS, u64::MAX),
            };
            let check = match wide {
                // All of them are floats of this precision.
                _ if from.size().wrapping_mul(8) <= precision as usize => Check::Nothing,
                Wide::Natural => Check::ExactNatural(precision, most),
                _ => Check::ExactInt(precision, most),
            };
            ([step, clamp_float], strict(check))
        }
        (Wide::Float, _) => {
            let steps = match rule {
                Rule::Clamp if to == Kind::U64 => [Step::ToNatural, Step::Nothing],
                Rule::Clamp => [Step::ToInt, Step::ClampInt(least, most.cast_signed())],
                _ => [Step::ToLowBits, Step::Nothing],
            };
            (steps, strict(whole_within(to)))
        }
        (Wide::Natural, _) => {
            ([clamp(Step::ClampNatural(most)), Step::Nothing], strict(Check::NaturalAtMost(most)))
        }
        (Wide::Int, _) => {
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            ([clamp(Step::ClampInt(least, most)), Step::Nothing], strict(Check::IntWithin(least, most)))
        }
    }
}

/// The least and the greatest integer of a type.
fn range(kind: Kind) -> (i64, u64) {
    let bits = u32::try_from(kind.size()).unwrap_or(8).wrapping_mul(8);
    let all = u64::MAX.wrapping_shr(64u32.wrapping_sub(bits));
    match kind {
        Kind::I8 | Kind::I16 | Kind::I32 | Kind::I64 => {
            let most = all >> 1;
            (most.cast_signed().wrapping_neg().wrapping_sub(1), most)
        }
        _ => (0, all),
    }
}

#[allow(clippy::cast_precision_loss)] // both ends are powers of two
fn whole_within(kind: Kind) -> Check {
    let (least, most) = range(kind);
    // Rounded up to the power of two behind it, or just below that.
    let end = if most >> 53 == 0 { (most.wrapping_add(1)) as f64 } else { most as f64 };
    Check::WholeWithin(least as f64, end)
}

impl Check {
    /// Whether it holds of all numbers.
    ///
    /// # Safety
    /// So many wide numbers are readable.
    #[allow(clippy::float_cmp)] // a double without a fraction comes back as it was
    pub(super) unsafe fn holds(self, numbers: *const u8, count: usize, isa: Isa) -> bool {
        // Beside it doubles are whole.
        const FAR: f64 = 4_503_599_627_370_496.0;
        let exact = |magnitude: u64, precision: u32, most: u64| {
            let outside = magnitude.leading_zeros().wrapping_add(magnitude.trailing_zeros());
            magnitude == 0 || (u64::BITS.wrapping_sub(outside) <= precision && magnitude <= most)
        };
        // SAFETY: as the caller promises.
        unsafe {
            match self {
                Check::Nothing => true,
                Check::IntWithin(least, most) => all(numbers, count, isa, move |bits| {
                    let number = bits.cast_signed();
                    number >= least && number <= most
                }),
                Check::NaturalAtMost(most) => all(numbers, count, isa, move |bits| bits <= most),
                Check::WholeWithin(least, end) => all(numbers, count, isa, move |bits| {
                    let number = f64::from_bits(bits);
                    let size = number.abs();
                    let whole = size >= FAR || (size + FAR) - FAR == size;
                    whole && number >= least && number < end
                }),
                Check::ExactNatural(precision, most) => {
                    all(numbers, count, isa, move |bits| exact(bits, precision, most))
                }
                Check::ExactInt(precision, most) => all(numbers, count, isa, move |bits| {
                    exact(bits.cast_signed().unsigned_abs(), precision, most)
                }),
                Check::FiniteBelow(limit) => all(numbers, count, isa, move |bits| {
                    let size = f64::from_bits(bits).abs();
                    !(size >= limit && size < f64::INFINITY)
                }),
            }
        }
    }
}

impl Step {
    /// Does it with all numbers.
    ///
    /// # Safety
    /// So many wide numbers are writable.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub(super) unsafe fn run(self, numbers: *mut u8, count: usize, isa: Isa) {
        // SAFETY: as the caller promises.
        unsafe {
            match self {
                Step::Nothing => {}
                Step::ClampInt(least, most) => each(numbers, count, isa, move |bits| {
                    bits.cast_signed().max(least).min(most).cast_unsigned()
                }),
                Step::ClampNatural(most) => each(numbers, count, isa, move |bits| bits.min(most)),
                Step::SmallToFloat => small_to_float(numbers, count, isa),
                Step::IntToFloat => each(numbers, count, isa, |bits| (bits.cast_signed() as f64).to_bits()),
                Step::NaturalToFloat => each(numbers, count, isa, |bits| (bits as f64).to_bits()),
                Step::ToInt => {
                    each(numbers, count, isa, |bits| (f64::from_bits(bits) as i64).cast_unsigned());
                }
                Step::ToNatural => each(numbers, count, isa, |bits| f64::from_bits(bits) as u64),
                Step::ToLowBits => each(numbers, count, isa, low_bits),
                Step::ClampFloat(limit, greatest) => each(numbers, count, isa, move |bits| {
                    let number = f64::from_bits(bits);
                    let beyond = number.abs() >= limit && number.abs() < f64::INFINITY;
                    if beyond { greatest.copysign(number).to_bits() } else { bits }
                }),
            }
        }
    }
}

/// The low bits of the whole part of a double; none of what has no such part.
#[inline(always)]
fn low_bits(bits: u64) -> u64 {
    // A double is its mantissa times two to the power of this less 1075.
    let exponent = (bits >> 52) & 0x7FF;
    let mantissa = (bits & 0x000F_FFFF_FFFF_FFFF) | 0x0010_0000_0000_0000;
    let (left, right) = (exponent.wrapping_sub(1075), 1075u64.wrapping_sub(exponent));
    let shift = |value: u64, by: u64, up: bool| {
        let by = u32::try_from(by & 63).unwrap_or(0);
        if up { value.wrapping_shl(by) } else { value.wrapping_shr(by) }
    };
    let large = if left < 64 { shift(mantissa, left, true) } else { 0 };
    let whole = if right < 64 { shift(mantissa, right, false) } else { large };
    if bits >> 63 == 0 { whole } else { whole.wrapping_neg() }
}

/// Writes wide numbers as a type that they fit into, or the low bits of integers.
///
/// # Safety
/// So many are readable and writable; `wide` is what they were before the steps.
#[allow(clippy::cast_possible_truncation)]
pub(super) unsafe fn narrow(kind: Kind, wide: Wide, to: *mut u8, from: *const u8, count: usize, isa: Isa) {
    // SAFETY: as the caller promises.
    unsafe {
        match kind {
            Kind::Bool if wide == Wide::Float => {
                map(to, from, count, isa, |bits: u64| u8::from(bits << 1 != 0));
            }
            Kind::Bool => map(to, from, count, isa, |bits: u64| u8::from(bits != 0)),
            Kind::I8 | Kind::U8 => map(to, from, count, isa, |bits: u64| bits as u8),
            Kind::I16 | Kind::U16 => map(to, from, count, isa, |bits: u64| bits as u16),
            Kind::I32 | Kind::U32 => map(to, from, count, isa, |bits: u64| bits as u32),
            Kind::F16 => map(to, from, count, isa, |number: f64| {
                let infinite = if number.is_sign_negative() { 0xFC00 } else { 0x7C00 };
                float::to_half(number).unwrap_or(infinite)
            }),
            Kind::F32 => {
                let (to, from) = (to.cast(), from.cast());
                let plain =
                    Plainly { to, from, count, each: |number: f64| (number as f32, !number.is_nan()) };
                if !simd::run(plain, isa) {
                    map(to.cast(), from.cast(), count, isa, float::to_f32);
                }
            }
            Kind::I64 | Kind::U64 | Kind::F64 => to.copy_from_nonoverlapping(from, count.wrapping_mul(8)),
        }
    }
}

/// The bits of a single as a conversion leaves them: of what is no number the signalling kind becomes quiet.
#[inline(always)]
fn quiet(bits: u32) -> u32 {
    if bits & 0x7FFF_FFFF > 0x7F80_0000 { bits | 0x0040_0000 } else { bits }
}

/// Converts to the same type in the other byte order.
///
/// # Safety
/// So many are readable and writable, and none is both.
pub(super) unsafe fn turn(of: Number, to: *mut u8, from: *const u8, count: usize, isa: Isa) {
    let size = of.kind.size();
    // SAFETY: as the caller promises.
    unsafe {
        match (of.kind, of.swapped) {
            (Kind::F32, true) => map(to, from, count, isa, |bits: u32| quiet(bits.swap_bytes())),
            (Kind::F32, false) => map(to, from, count, isa, |bits: u32| quiet(bits).swap_bytes()),
            _ => swap::packed(to, from, size, count.wrapping_mul(size), isa),
        }
    }
}

/// Converts without a detour by way of the widest types, where that needs no steps; whether it did.
///
/// # Safety
/// So many are readable and writable.
#[allow(clippy::cast_precision_loss)]
pub(super) unsafe fn at_once(
    (to_kind, to): (Kind, *mut u8),
    (from_kind, from): (Kind, *const u8),
    count: usize,
    isa: Isa,
) -> bool {
    // SAFETY: as the caller promises.
    unsafe {
        match (from_kind, to_kind) {
            (Kind::F32, Kind::F32) => map(to, from, count, isa, quiet),
            (Kind::I8, Kind::F32) => map(to, from, count, isa, |number: i8| f32::from(number)),
            (Kind::U8, Kind::F32) => map(to, from, count, isa, |number: u8| f32::from(number)),
            (Kind::I16, Kind::F32) => map(to, from, count, isa, |number: i16| f32::from(number)),
            (Kind::U16, Kind::F32) => map(to, from, count, isa, |number: u16| f32::from(number)),
            (Kind::I32, Kind::F32) => map(to, from, count, isa, |number: i32| number as f32),
            (Kind::I32, Kind::F64) => map(to, from, count, isa, |number: i32| f64::from(number)),
            (one, other) if one == other && one != Kind::Bool => {
                to.copy_from_nonoverlapping(from, count.wrapping_mul(one.size()));
            }
            _ => return false,
        }
    }
    true
}

/// # Safety
/// So many are readable and writable, and none is both.
#[inline]
unsafe fn map<S: Copy, T: Copy>(to: *mut u8, from: *const u8, count: usize, isa: Isa, each: impl Fn(S) -> T) {
    // SAFETY: as the caller promises.
    unsafe { simd::run(Map { to: to.cast::<T>(), from: from.cast::<S>(), count, each }, isa) }
}

/// # Safety
/// So many wide numbers are writable.
#[inline]
unsafe fn each(numbers: *mut u8, count: usize, isa: Isa, change: impl Fn(u64) -> u64) {
    // SAFETY: as the caller promises.
    unsafe { simd::run(Each { numbers: numbers.cast(), count, change }, isa) }
}

/// # Safety
/// So many wide numbers are readable.
#[inline]
unsafe fn all(numbers: *const u8, count: usize, isa: Isa, holds: impl Fn(u64) -> bool) -> bool {
    // SAFETY: as the caller promises.
    unsafe { simd::run(All { numbers: numbers.cast(), count, holds }, isa) }
}

struct Map<S, T, F> {
    to: *mut T,
    from: *const S,
    count: usize,
    each: F,
}

impl<S: Copy, T: Copy, F: Fn(S) -> T> Loop for Map<S, T, F> {
    type Output = ();

    #[inline(always)]
    unsafe fn run(self) {
        for at in 0..self.count {
            // SAFETY: as the caller promises.
            unsafe {
                let number = self.from.wrapping_add(at).read_unaligned();
                self.to.wrapping_add(at).write_unaligned((self.each)(number));
            }
        }
    }
}

struct Each<F> {
    numbers: *mut u64,
    count: usize,
    change: F,
}

impl<F: Fn(u64) -> u64> Loop for Each<F> {
    type Output = ();

    #[inline(always)]
    unsafe fn run(self) {
        for at in 0..self.count {
            let place = self.numbers.wrapping_add(at);
            // SAFETY: as the caller promises.
            unsafe { place.write_unaligned((self.change)(place.read_unaligned())) }
        }
    }
}

struct All<F> {
    numbers: *const u64,
    count: usize,
    holds: F,
}

impl<F: Fn(u64) -> bool> Loop for All<F> {
    type Output = bool;

    #[inline(always)]
    unsafe fn run(self) -> bool {
        let mut misfits = 0u64;
        for at in 0..self.count {
            // SAFETY: as the caller promises.
            let number = unsafe { self.numbers.wrapping_add(at).read_unaligned() };
            misfits = misfits.wrapping_add(u64::from(!(self.holds)(number)));
        }
        misfits == 0
    }
}
