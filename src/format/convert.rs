//! Numbers from one format in another, by a rule for what does not fit.

use super::{
    Leaf, Sort,
    code::Kind,
    item::{read, read_exact},
    scalar::Value,
    store::write,
};
use crate::error::{Error, Number, Result};

/// What becomes of a number that does not fit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// It is refused: integers arrive exactly or not at all, floats are rounded but do not overflow, what goes into an integer is
    /// whole.
    Strict,
    /// It becomes the nearest number that fits, or zero where it is no number; fractions are cut off.
    Clamp,
    /// Integers keep their low bits, fractions are cut off, floats overflow to infinity; what is no number, or infinite, becomes the
    /// integer zero.
    Wrap,
}

/// A number on its way.
#[derive(Clone, Copy)]
enum Carried {
    Whole(i128),
    /// A float without a fraction, and the double nearest to it.
    WholeReal(i128, f64),
    Real(f64),
    Complex(f64, f64),
}

impl Leaf {
    /// Whether an item is a number that can be converted.
    #[must_use]
    pub const fn is_number(&self) -> bool {
        matches!(self.sort(), Sort::Bool | Sort::Signed | Sort::Unsigned | Sort::Float | Sort::Complex)
    }
}

/// Converts an item: `from` is a local copy of its bytes, `to` takes the bytes of the result.
pub fn convert(source: Leaf, from: &mut [u8], target: Leaf, to: &mut [u8], rule: Rule) -> Result<()> {
    let carried = carry(source, from)?;
    match target.sort() {
        Sort::Bool => write(target, &Value::Bool(carried.truth()), to),
        Sort::Signed | Sort::Unsigned => {
            let (least, most) = range(target);
            whole(carried, least, most, rule)
                .ok_or_else(|| refused(carried, target))
                .and_then(|whole| put_whole(target, whole, to))
        }
        _ => {
            let (re, im) = match carried {
                Carried::Whole(value) if rule == Rule::Strict && !is_exact(value, target) => {
                    return Err(refused(carried, target));
                }
                #[allow(clippy::cast_precision_loss)] // rounds to nearest, as a conversion does
                Carried::Whole(value) => (value as f64, 0.0),
                Carried::WholeReal(_, value) | Carried::Real(value) => (value, 0.0),
                Carried::Complex(re, im) => (re, im),
            };
            if target.sort() == Sort::Float && im != 0.0 && rule == Rule::Strict {
                return Err(refused(carried, target));
            }
            let fit = |part: f64| fit(part, target, rule).ok_or_else(|| refused(carried, target));
            let (re, im) = (fit(re)?, fit(im)?);
            let value =
                if target.sort() == Sort::Complex { Value::Complex(re, im) } else { Value::Float(re) };
            write(target, &value, to)
        }
    }
}

impl Carried {
    fn truth(self) -> bool {
        match self {
            Carried::Whole(value) | Carried::WholeReal(value, _) => value != 0,
            Carried::Real(value) => value != 0.0,
            Carried::Complex(re, im) => re != 0.0 || im != 0.0,
        }
    }
}

fn refused(carried: Carried, target: Leaf) -> Error {
    let value = match carried {
        Carried::Whole(value) | Carried::WholeReal(value, _) => {
            match (i64::try_from(value), u64::try_from(value)) {
                (Ok(value), _) => Number::Int(value),
                (_, Ok(value)) => Number::UInt(value),
                _ => Number::Float,
            }
        }
        _ => Number::Float,
    };
    Error::ItemRange { value, code: target.code().name() }
}

fn carry(source: Leaf, from: &mut [u8]) -> Result<Carried> {
    if source.code().kind() == Kind::LongDouble
        && let Some((exact, _)) = read_exact(source, from)
    {
        // A zero keeps its sign.
        let (whole, near) = (exact.whole().filter(|whole| *whole != 0), exact.to_double());
        return Ok(whole.map_or(Carried::Real(near), |whole| Carried::WholeReal(whole, near)));
    }
    let value = read(source, from)?;
    Ok(match value {
        Value::Float(value) => Carried::Real(value),
        Value::Complex(re, im) => Carried::Complex(re, im),
        other => match other.whole() {
            Some(whole) => Carried::Whole(whole),
            None => return Err(Error::FormatOpaque { operation: "converting a number" }),
        },
    })
}

/// The least and the greatest number of an integer type.
fn range(target: Leaf) -> (i128, i128) {
    let bits = u32::try_from(target.size().saturating_mul(8)).unwrap_or(64).min(64);
    let power = |exponent: u32| 1i128.wrapping_shl(exponent);
    if target.sort() == Sort::Signed {
        let half = power(bits.saturating_sub(1));
        (half.wrapping_neg(), half.wrapping_sub(1))
    } else {
        (0, power(bits).wrapping_sub(1))
    }
}

/// A number as a whole one within the range.
fn whole(carried: Carried, least: i128, most: i128, rule: Rule) -> Option<i128> {
    let (value, exact) = match carried {
        Carried::Whole(value) | Carried::WholeReal(value, _) => (value, true),
        Carried::Real(value) => truncated(value, rule)?,
        Carried::Complex(_, im) if im != 0.0 && rule == Rule::Strict => return None,
        Carried::Complex(re, _) => truncated(re, rule)?,
    };
    match rule {
        Rule::Strict => (exact && (least..=most).contains(&value)).then_some(value),
        Rule::Clamp => Some(value.clamp(least, most)),
        // All ranges have a power of two of numbers: their width is a mask.
        Rule::Wrap => {
            let mask = most.wrapping_sub(least);
            let low = value & mask;
            Some(if low > most { low.wrapping_sub(mask).wrapping_sub(1) } else { low })
        }
    }
}

/// The whole part of a float, and whether it is all of it; none for what is no number, or infinite, where that is refused.
fn truncated(value: f64, rule: Rule) -> Option<(i128, bool)> {
    if value.is_nan() || (value.is_infinite() && rule != Rule::Clamp) {
        return (rule != Rule::Strict).then_some((0, false));
    }
    // Wide enough for every integer type, and for wrapping; beyond it there are no low bits.
    if value.abs() >= 1.7e38 {
        let beyond = if value > 0.0 { i128::MAX } else { i128::MIN };
        return Some(if rule == Rule::Wrap { (0, true) } else { (beyond, true) });
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::float_cmp)]
    {
        let whole = value as i128;
        Some((whole, whole as f64 == value))
    }
}

/// Whether a float of the target's precision is just this whole number, as far as its range goes.
fn is_exact(value: i128, target: Leaf) -> bool {
    let precision = match target.component() {
        2 => 11,
        4 => f32::MANTISSA_DIGITS,
        // By way of a double, long doubles too.
        _ => f64::MANTISSA_DIGITS,
    };
    let magnitude = value.unsigned_abs();
    let outside = magnitude.leading_zeros().saturating_add(magnitude.trailing_zeros());
    magnitude == 0 || u128::BITS.saturating_sub(outside) <= precision
}

/// A float that the target can hold.
fn fit(value: f64, target: Leaf, rule: Rule) -> Option<f64> {
    // The greatest doubles that round to the greatest numbers of the type.
    let (greatest, overflow) = match target.component() {
        2 => (65504.0, 65520.0),
        4 => (f64::from(f32::MAX), 3.402_823_567_797_336_6e38),
        _ => return Some(value),
    };
    if !value.is_finite() || value.abs() < overflow {
        return Some(value);
    }
    let signed = |magnitude: f64| if value < 0.0 { -magnitude } else { magnitude };
    match rule {
        Rule::Strict => None,
        Rule::Clamp => Some(signed(greatest)),
        Rule::Wrap => Some(signed(f64::INFINITY)),
    }
}

fn put_whole(target: Leaf, value: i128, to: &mut [u8]) -> Result<()> {
    let value = match (i64::try_from(value), u64::try_from(value)) {
        (Ok(value), _) => Value::Int(value),
        (_, Ok(value)) => Value::UInt(value),
        _ => return Err(refused(Carried::Whole(value), target)),
    };
    write(target, &value, to)
}
