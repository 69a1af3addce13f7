//! An item without parts: how its bytes are laid out, and the value of them, a local copy.

use super::{
    code::{Code, Kind},
    float,
    leaf::Leaf,
    scalar::Value,
    text::Unit,
    wide::{self, Exact, LONG_DOUBLE_KNOWN, LONG_DOUBLE_SIZE},
};
use crate::error::{Error, Result, number};

/// The most bytes that an item of numbers has; bytes and texts have as many as their count says.
pub const MAX_NUMBER: usize = 32;

impl Leaf {
    /// Whether an item has a value, not just bytes.
    #[must_use]
    pub const fn has_value(&self) -> bool {
        match self.code().kind() {
            Kind::Pad | Kind::Bits | Kind::PointerTo | Kind::Function => false,
            Kind::LongDouble | Kind::LongComplex => LONG_DOUBLE_KNOWN,
            _ => true,
        }
    }

    /// Where an item is bytes (of 'c', 's' or 'p'): where they begin and how many there are, given the item's first byte.
    #[must_use]
    pub fn bytes(&self, first: Option<u8>) -> Option<(usize, usize)> {
        let size = self.size().unsigned_abs();
        match self.code().kind() {
            Kind::Char | Kind::Bytes => Some((0, size)),
            // The first byte says how many of the others count.
            Kind::Pascal => Some((size.min(1), size.saturating_sub(1).min(first.unwrap_or(0).into()))),
            _ => None,
        }
    }

    /// Where an item is characters (of 'u' or 'w'): how they are encoded.
    #[must_use]
    pub const fn unit(&self) -> Option<Unit> {
        match self.code().kind() {
            Kind::Ucs2 => Some(Unit { wide: false, swapped: self.swapped }),
            Kind::Ucs4 => Some(Unit { wide: true, swapped: self.swapped }),
            _ => None,
        }
    }

    /// The bytes of each number in an item, where they have an order.
    #[must_use]
    pub const fn component(&self) -> usize {
        let size = self.size.unsigned_abs();
        match self.code.kind() {
            Kind::Complex | Kind::LongComplex => size >> 1,
            Kind::Ucs2 => 2,
            Kind::Ucs4 => 4,
            _ => size,
        }
    }

    /// Turns the bytes of an item between its own order and this machine's.
    pub(super) fn swap(&self, item: &mut [u8]) {
        if self.swapped {
            let component = self.component().max(1);
            item.chunks_exact_mut(component).for_each(<[u8]>::reverse);
        }
    }
}

/// The value of a number's bytes, which are a local copy and come to stand in this machine's order; or of the bytes of 'c', 's', 'p'.
#[inline]
pub fn read(leaf: Leaf, item: &mut [u8]) -> Result<Value<'_>> {
    check_length(leaf, item)?;
    leaf.swap(item);
    let half = item.len() >> 1;
    Ok(match leaf.code().kind() {
        Kind::Char | Kind::Bytes | Kind::Pascal => {
            let (begin, length) = leaf.bytes(item.first().copied()).unwrap_or((0, 0));
            Value::Bytes(item.get(begin..begin.saturating_add(length)).unwrap_or(&[]))
        }
        Kind::Bool => Value::Bool(item.iter().any(|&byte| byte != 0)),
        Kind::Signed => Value::Int(signed(item)),
        Kind::Unsigned => Value::UInt(unsigned(item)),
        Kind::Float => Value::Float(float(item)),
        Kind::LongDouble if LONG_DOUBLE_KNOWN => Value::Float(wide::read(item).to_double()),
        Kind::Complex => {
            let (re, im) = item.split_at_checked(half).unwrap_or((&[], &[]));
            Value::Complex(float(re), float(im))
        }
        Kind::LongComplex if LONG_DOUBLE_KNOWN => {
            let (re, im) = item.split_at_checked(half).unwrap_or((&[], &[]));
            Value::Complex(wide::read(re).to_double(), wide::read(im).to_double())
        }
        Kind::Pointer | Kind::Object => Value::Pointer(unsigned(item)),
        _ => return Err(Error::FormatOpaque { operation: "reading a value" }),
    })
}

/// The real and the imaginary part of a number's bytes, without rounding; none for what is no number.
pub(super) fn read_exact(leaf: Leaf, item: &mut [u8]) -> Option<(Exact, Exact)> {
    let zero = Exact::of_whole(0);
    let kind = leaf.code().kind();
    match kind {
        Kind::LongDouble | Kind::LongComplex if LONG_DOUBLE_KNOWN => {
            leaf.swap(item);
            let (re, im) = item.split_at_checked(LONG_DOUBLE_SIZE)?;
            Some((wide::read(re), if kind == Kind::LongComplex { wide::read(im) } else { zero }))
        }
        _ => match read(leaf, item).ok()? {
            Value::Complex(re, im) => Some((Exact::of_double(re), Exact::of_double(im))),
            value => Some((value.exact()?, zero)),
        },
    }
}

/// The value as a signed 64-bit integer; `code` is the format that it was read from.
#[inline]
pub fn as_i64(code: Code, value: &Value<'_>) -> Result<i64> {
    let whole = value.whole().ok_or_else(|| not_a(code, "an integer"))?;
    i64::try_from(whole).map_err(|_| out_of_range(Code::LongLong, value))
}

/// The value as an unsigned 64-bit integer; `code` is the format that it was read from.
#[inline]
pub fn as_u64(code: Code, value: &Value<'_>) -> Result<u64> {
    let whole = value.whole().ok_or_else(|| not_a(code, "an integer"))?;
    u64::try_from(whole).map_err(|_| out_of_range(Code::UnsignedLongLong, value))
}

/// The value as a double, exactly; `code` is the format that it was read from.
#[inline]
pub fn as_f64(code: Code, value: &Value<'_>) -> Result<f64> {
    let magnitude = match *value {
        Value::Bool(_) | Value::Float(_) => 0,
        Value::Int(value) => value.unsigned_abs(),
        Value::UInt(value) => value,
        _ => return Err(not_a(code, "a real number")),
    };
    // A double holds 53 significant bits.
    if magnitude.leading_zeros().saturating_add(magnitude.trailing_zeros()) < 64 - f64::MANTISSA_DIGITS {
        return Err(out_of_range(Code::Double, value));
    }
    value.real().ok_or_else(|| not_a(code, "a real number"))
}

pub(super) fn check_length(leaf: Leaf, item: &[u8]) -> Result<()> {
    let size = leaf.size();
    if item.len() == size.unsigned_abs() {
        return Ok(());
    }
    Err(Error::ItemLength { given: number(item.len()), needed: number(size.unsigned_abs()) })
}

#[cold]
fn not_a(code: Code, wanted: &'static str) -> Error {
    Error::ItemAs { code: code.name(), wanted }
}

#[cold]
fn out_of_range(code: Code, value: &Value<'_>) -> Error {
    Error::ItemRange { value: value.number(), code: code.name() }
}

#[allow(clippy::many_single_char_names)] // the bytes of an item
fn signed(item: &[u8]) -> i64 {
    match *item {
        [a] => i64::from(i8::from_ne_bytes([a])),
        [a, b] => i64::from(i16::from_ne_bytes([a, b])),
        [a, b, c, d] if cfg!(memview_fault = "endianness") => i64::from(i32::from_le_bytes([a, b, c, d])),
        [a, b, c, d] => i64::from(i32::from_ne_bytes([a, b, c, d])),
        [a, b, c, d, e, f, g, h] => i64::from_ne_bytes([a, b, c, d, e, f, g, h]),
        _ => 0,
    }
}

#[allow(clippy::many_single_char_names)]
fn unsigned(item: &[u8]) -> u64 {
    match *item {
        [a] => u64::from(a),
        [a, b] => u64::from(u16::from_ne_bytes([a, b])),
        [a, b, c, d] => u64::from(u32::from_ne_bytes([a, b, c, d])),
        [a, b, c, d, e, f, g, h] => u64::from_ne_bytes([a, b, c, d, e, f, g, h]),
        _ => 0,
    }
}

#[allow(clippy::many_single_char_names)]
fn float(item: &[u8]) -> f64 {
    match *item {
        [a, b] => float::from_half(u16::from_ne_bytes([a, b])),
        [a, b, c, d] => float::from_f32(f32::from_ne_bytes([a, b, c, d])),
        [a, b, c, d, e, f, g, h] => f64::from_ne_bytes([a, b, c, d, e, f, g, h]),
        _ => 0.0,
    }
}
