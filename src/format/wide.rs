//! C's `long double`, whose width and layout are the platform's: to a double and back, and exactly.
//!
//! An [`Exact`] holds every finite float of any width as sign, whole mantissa and exponent, so that floats can be
//! compared without being rounded first.

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
mod platform {
    /// The 80-bit extended format of x87, padded.
    pub const EXTENDED: bool = !cfg!(target_env = "msvc");
    pub const SIZE: usize = if !EXTENDED {
        8
    } else if cfg!(target_pointer_width = "64") || cfg!(target_os = "macos") {
        16
    } else {
        12
    };
    pub const ALIGN: usize = if SIZE == 12 { 4 } else { SIZE };
    pub const QUAD: bool = false;
}

#[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
mod platform {
    pub const EXTENDED: bool = false;
    /// IEEE's binary128.
    pub const QUAD: bool = cfg!(any(
        all(target_arch = "aarch64", not(any(target_vendor = "apple", target_os = "windows"))),
        target_arch = "s390x",
        target_arch = "riscv32",
        target_arch = "riscv64",
        target_arch = "loongarch64",
        target_arch = "sparc64",
        target_arch = "mips64"
    ));
    /// The pair of doubles of PowerPC has the size of a binary128, but no value here.
    pub const SIZE: usize = if QUAD || cfg!(target_arch = "powerpc64") { 16 } else { 8 };
    pub const ALIGN: usize = if cfg!(target_arch = "s390x") { 8 } else { SIZE };
}

/// `sizeof(long double)`.
pub(super) const LONG_DOUBLE_SIZE: usize = platform::SIZE;
/// `_Alignof(long double)`.
pub(super) const LONG_DOUBLE_ALIGN: usize = platform::ALIGN;
/// Whether the layout of a `long double` is one that this file reads.
pub(super) const LONG_DOUBLE_KNOWN: bool = SIZE_IS_DOUBLE || platform::EXTENDED || platform::QUAD;

const SIZE_IS_DOUBLE: bool = platform::SIZE == 8;

/// A float of any width: `(-1)^negative * mantissa * 2^exponent`, or an infinity, or no number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Exact {
    /// The mantissa is odd, or 0 with an exponent of 0: equal numbers have equal fields, but for the sign of zero.
    Finite {
        negative: bool,
        mantissa: u128,
        exponent: i32,
    },
    Infinite {
        negative: bool,
    },
    NotANumber {
        negative: bool,
    },
}

impl Exact {
    fn finite(negative: bool, mantissa: u128, exponent: i32) -> Exact {
        if mantissa == 0 {
            return Exact::Finite { negative, mantissa, exponent: 0 };
        }
        let zeros = mantissa.trailing_zeros();
        Exact::Finite {
            negative,
            mantissa: mantissa.wrapping_shr(zeros),
            // At most 127.
            exponent: exponent.saturating_add_unsigned(zeros),
        }
    }

    /// A double, exactly.
    pub(super) fn of_double(value: f64) -> Exact {
        let negative = value.is_sign_negative();
        if value.is_nan() {
            return Exact::NotANumber { negative };
        }
        if value.is_infinite() {
            return Exact::Infinite { negative };
        }
        let bits = value.to_bits();
        let (field, fraction) = ((bits >> 52) & 0x7FF, bits & 0x000F_FFFF_FFFF_FFFF);
        // At most 2046.
        let field = i32::try_from(field).unwrap_or(0);
        if field == 0 {
            Exact::finite(negative, u128::from(fraction), -1074)
        } else {
            Exact::finite(negative, u128::from(fraction | 1 << 52), field.saturating_sub(1075))
        }
    }

    /// A whole number, exactly.
    pub(super) fn of_whole(value: i128) -> Exact {
        Exact::finite(value < 0, value.unsigned_abs(), 0)
    }

    /// The number as a whole one, if it is one that is not too large.
    pub(super) fn whole(self) -> Option<i128> {
        let Exact::Finite { negative, mantissa, exponent } = self else { return None };
        let shift = u32::try_from(exponent).ok()?;
        if mantissa.leading_zeros() <= shift {
            return None;
        }
        let magnitude = i128::try_from(mantissa.wrapping_shl(shift)).ok()?;
        Some(if negative { magnitude.wrapping_neg() } else { magnitude })
    }

    /// Whether the two are the same number: zeros are, whatever their signs; what is no number never is.
    pub(super) fn equals(&self, other: &Exact) -> bool {
        match (self, other) {
            (Exact::Finite { mantissa: 0, .. }, Exact::Finite { mantissa: 0, .. }) => true,
            (Exact::NotANumber { .. }, _) => false,
            (left, right) => left == right,
        }
    }

    /// The nearest double, ties to even.
    pub(super) fn to_double(self) -> f64 {
        let (negative, magnitude) = match self {
            Exact::NotANumber { negative } => (negative, f64::NAN),
            Exact::Infinite { negative } => (negative, f64::INFINITY),
            Exact::Finite { negative, mantissa, exponent } => (negative, nearest(mantissa, exponent)),
        };
        if negative { -magnitude } else { magnitude }
    }
}

/// The double nearest to `mantissa * 2^exponent`, ties to even.
fn nearest(mantissa: u128, exponent: i32) -> f64 {
    let length = 128u32.saturating_sub(mantissa.leading_zeros());
    if length == 0 {
        return 0.0;
    }
    // The exponent of the highest bit; bits lower than `lowest` are rounded away.
    let highest = exponent.saturating_add_unsigned(length.saturating_sub(1));
    if highest > 1023 {
        return f64::INFINITY;
    }
    let lowest = highest.saturating_sub(52).max(-1074);
    let (kept, lowest) = match u32::try_from(lowest.saturating_sub(exponent)) {
        Ok(drop @ 1..) => {
            let whole = mantissa.checked_shr(drop).unwrap_or(0);
            let half = 1u128.checked_shl(drop.saturating_sub(1)).unwrap_or(0);
            let rest = if drop >= 128 { mantissa } else { mantissa & half.wrapping_shl(1).wrapping_sub(1) };
            let up = if drop > 128 { false } else { rest > half || (rest == half && whole & 1 == 1) };
            (whole.saturating_add(u128::from(up)), lowest)
        }
        _ => (mantissa, exponent),
    };
    // At most 54 bits are left: the conversion is exact, and so are both multiplications.
    #[allow(clippy::cast_precision_loss)]
    let kept = kept as f64;
    scaled(kept, lowest)
}

/// `value * 2^exponent`, where the result is a double or too large for one.
fn scaled(value: f64, exponent: i32) -> f64 {
    let power = |exponent: i32| {
        // Between the least and the greatest normal number.
        let field = u64::try_from(exponent.saturating_add(1023).clamp(1, 2046)).unwrap_or(1);
        f64::from_bits(field << 52)
    };
    // Small numbers last: only the last multiplication may meet the subnormals.
    match exponent {
        ..-1022 => value * power(exponent.saturating_add(200)) * power(-200),
        1024.. => value * power(1023) * power(exponent.saturating_sub(1023)),
        _ => value * power(exponent),
    }
}

/// A `long double` from its bytes, which stand in this machine's order.
pub(super) fn read(item: &[u8]) -> Exact {
    if SIZE_IS_DOUBLE {
        return <[u8; 8]>::try_from(item).map_or(Exact::NotANumber { negative: false }, |bytes| {
            Exact::of_double(f64::from_ne_bytes(bytes))
        });
    }
    let mut bytes = [0u8; 16];
    for (to, from) in bytes.iter_mut().zip(item) {
        *to = *from;
    }
    let bits = u128::from_ne_bytes(bytes);
    if platform::EXTENDED { read_extended(bits) } else { read_quad(bits) }
}

fn split(field: u128, bias: i32) -> (bool, i32) {
    let negative = field & 0x8000 != 0;
    let exponent = i32::try_from(field & 0x7FFF).unwrap_or(0);
    (negative, exponent.max(1).saturating_sub(bias))
}

fn read_extended(bits: u128) -> Exact {
    let mantissa = bits & u128::from(u64::MAX);
    let field = (bits >> 64) & 0xFFFF;
    let (negative, exponent) = split(field, 16383 + 63);
    match (field & 0x7FFF, mantissa << 65) {
        // The highest bit of the mantissa is explicit: without it, only what is below the normal numbers is one.
        (1.., _) if mantissa >> 63 == 0 => Exact::NotANumber { negative },
        (0x7FFF, 0) => Exact::Infinite { negative },
        (0x7FFF, _) => Exact::NotANumber { negative },
        _ => Exact::finite(negative, mantissa, exponent),
    }
}

fn read_quad(bits: u128) -> Exact {
    let fraction = bits & ((1 << 112) - 1);
    let field = bits >> 112;
    let (negative, exponent) = split(field, 16383 + 112);
    match (field & 0x7FFF, fraction) {
        (0x7FFF, 0) => Exact::Infinite { negative },
        (0x7FFF, _) => Exact::NotANumber { negative },
        (0, _) => Exact::finite(negative, fraction, exponent),
        _ => Exact::finite(negative, fraction | 1 << 112, exponent),
    }
}

/// The bytes of a double as a `long double`, exactly; padding is zero. Only the first [`LONG_DOUBLE_SIZE`] count.
pub(super) fn write(value: f64) -> [u8; 16] {
    if SIZE_IS_DOUBLE {
        let mut bytes = [0u8; 16];
        for (to, from) in bytes.iter_mut().zip(value.to_ne_bytes()) {
            *to = from;
        }
        return bytes;
    }
    let negative = u128::from(value.is_sign_negative()) << 15;
    let (field, fraction) = match Exact::of_double(value) {
        Exact::Finite { mantissa: 0, .. } => (0, 0),
        Exact::Finite { mantissa, exponent, .. } => {
            // The mantissa's highest bit goes to bit 127; every double is normal here.
            let zeros = mantissa.leading_zeros();
            let field = exponent.saturating_add(16383 + 127).saturating_sub_unsigned(zeros);
            (u128::try_from(field).unwrap_or(0), mantissa.wrapping_shl(zeros))
        }
        Exact::Infinite { .. } => (0x7FFF, 1 << 127),
        // The payload of a double that is no number goes along, quietened.
        Exact::NotANumber { .. } => {
            let payload = u128::from(value.to_bits() & 0x0007_FFFF_FFFF_FFFF) << 75;
            (0x7FFF, 0b11 << 126 | payload)
        }
    };
    let bits = if platform::EXTENDED {
        (negative | field) << 64 | fraction >> 64
    } else {
        (negative | field) << 112 | (fraction << 1) >> 16
    };
    bits.to_ne_bytes()
}
