//! Conversions between widths of floats, written on the bits: halves because no machine type of the stable
//! language has them, NaNs because the language leaves their sign and payload open.

/// The least magnitude that rounds to more than the greatest half, 65504.
const HALF_OVERFLOW: f64 = 65520.0;
const F64_INFINITY: u64 = 0x7FF0_0000_0000_0000;
const F64_QUIET: u64 = 0x0008_0000_0000_0000;
const F32_INFINITY: u32 = 0x7F80_0000;
const F32_QUIET: u32 = 0x0040_0000;

/// The single nearest to the double, infinite beyond its range; of a NaN, quietened, the sign and the
/// leading bits of the payload.
#[inline(always)]
#[allow(clippy::cast_possible_truncation)] // rounding, and the bits that a shift has brought into place
pub(crate) fn to_f32(value: f64) -> f32 {
    if !value.is_nan() {
        return value as f32;
    }
    let bits = value.to_bits();
    let sign = (bits >> 32) as u32 & 0x8000_0000;
    let payload = (bits >> 29) as u32 & 0x003F_FFFF;
    f32::from_bits(sign | F32_INFINITY | F32_QUIET | payload)
}

/// The same number as a double; a NaN is quietened.
#[inline(always)]
pub(crate) fn from_f32(value: f32) -> f64 {
    if !value.is_nan() {
        return f64::from(value);
    }
    let bits = u64::from(value.to_bits());
    let sign = (bits & 0x8000_0000) << 32;
    f64::from_bits(sign | F64_INFINITY | F64_QUIET | ((bits & 0x007F_FFFF) << 29))
}

/// The half nearest to the double, ties to even, in one rounding; none where a finite number is beyond the
/// range of halves. A NaN keeps its sign and the leading bits of its payload.
#[inline(always)]
#[allow(clippy::cast_possible_truncation)] // the bits that shifts and masks have brought into place
pub(crate) fn to_half(value: f64) -> Option<u16> {
    let bits = value.to_bits();
    let sign = (bits >> 48) as u16 & 0x8000;
    if value.is_nan() {
        let payload = (bits >> 42) as u16 & 0x03FF;
        return Some(sign | 0x7C00 | if payload == 0 { 0x0200 } else { payload });
    }
    if value.is_infinite() {
        return Some(sign | 0x7C00);
    }
    if value.abs() >= HALF_OVERFLOW {
        return None;
    }
    // Below 2^-14 halves are multiples of 2^-24: adding 2^28 lets the machine round to just those, once.
    if value.abs() < 6.103_515_625e-5 {
        let rounded = value.abs() + 268_435_456.0;
        return Some(sign | (rounded.to_bits() as u16 & 0x07FF));
    }
    // The exponent's bias goes from 1023 to 15 and 42 bits of the mantissa go; a carry raises the exponent.
    let magnitude = (bits & !(1 << 63)).saturating_sub(1008 << 52);
    let odd = (magnitude >> 42) & 1;
    let rounded = magnitude.saturating_add(0x1FF_FFFF_FFFF).saturating_add(odd) >> 42;
    Some(sign | rounded as u16)
}

/// The same number as a double; a NaN keeps its sign and payload.
#[inline(always)]
pub(crate) fn from_half(half: u16) -> f64 {
    let sign = u64::from(half & 0x8000) << 48;
    let magnitude = u64::from(half & 0x7FFF);
    let bits = match magnitude {
        // 2^28 plus a multiple of 2^-24, less 2^28: exact.
        0..0x0400 => (f64::from_bits(0x41B0_0000_0000_0000 | magnitude) - 268_435_456.0).to_bits(),
        0x0400..0x7C00 => (magnitude << 42).saturating_add(1008 << 52),
        _ => F64_INFINITY | (magnitude << 42),
    };
    f64::from_bits(sign | bits)
}
