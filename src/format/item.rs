//! The codec of one item without parts: its bytes, a local copy, to a value and back.

use super::{
    code::{Code, Kind},
    float,
    leaf::Leaf,
    scalar::Value,
    text::{self, Unit},
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
    fn swap(&self, item: &mut [u8]) {
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

/// Writes a value into an item's bytes, a local copy, by CPython's rules: integers must be in range, floats are rounded to
/// nearest and singles overflow to infinity, '?' takes the truth of any value, 'c' takes one byte; bytes and texts that are shorter than the
/// item are filled up with zeros. On failure the item is untouched.
#[inline]
pub fn write(leaf: Leaf, value: &Value<'_>, item: &mut [u8]) -> Result<()> {
    check_length(leaf, item)?;
    let code = leaf.code();
    let stored = match code.kind() {
        Kind::Char => put(item, one_byte(code, value)?),
        Kind::Bool => {
            put(item, [u8::from(value.truth())]).or_else(|| put_unsigned(item, value.truth().into()))
        }
        Kind::Signed => put_signed(item, whole(code, value)?),
        Kind::Unsigned => put_unsigned(item, whole(code, value)?),
        Kind::Float => put_float(item, real(code, value)?),
        Kind::LongDouble if LONG_DOUBLE_KNOWN => put_long_double(item, real(code, value)?),
        Kind::Complex | Kind::LongComplex if code.kind() == Kind::Complex || LONG_DOUBLE_KNOWN => {
            put_complex(code, item, value)?
        }
        Kind::Pointer | Kind::Object => {
            put_pointer(item, value.whole().ok_or_else(|| wrong_kind(code, value))?)
        }
        Kind::Bytes => put_bytes(item, bytes(code, value)?),
        Kind::Pascal => put_pascal(item, bytes(code, value)?),
        Kind::Ucs2 | Kind::Ucs4 => return write_text(leaf, value, item),
        _ => return Err(Error::FormatOpaque { operation: "writing a value" }),
    };
    if stored.is_none() {
        return Err(match value {
            Value::Bytes(given) => too_long(given.len(), item.len()),
            _ => Error::ItemRange { value: value.number(), code: code.name() },
        });
    }
    leaf.swap(item);
    Ok(())
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

fn check_length(leaf: Leaf, item: &[u8]) -> Result<()> {
    let size = leaf.size();
    if item.len() == size.unsigned_abs() {
        return Ok(());
    }
    Err(Error::ItemLength { given: number(item.len()), needed: number(size.unsigned_abs()) })
}

#[cold]
fn wrong_kind(code: Code, value: &Value<'_>) -> Error {
    Error::ItemKind { given: value.name(), code: code.name() }
}

#[cold]
fn not_a(code: Code, wanted: &'static str) -> Error {
    Error::ItemAs { code: code.name(), wanted }
}

#[cold]
fn out_of_range(code: Code, value: &Value<'_>) -> Error {
    Error::ItemRange { value: value.number(), code: code.name() }
}

/// An address is no number: it goes into a pointer alone.
fn refuse_address(code: Code, value: &Value<'_>) -> Result<()> {
    if let Value::Pointer(_) = value { Err(wrong_kind(code, value)) } else { Ok(()) }
}

fn real(code: Code, value: &Value<'_>) -> Result<f64> {
    refuse_address(code, value)?;
    value.real().ok_or_else(|| wrong_kind(code, value))
}

fn whole(code: Code, value: &Value<'_>) -> Result<i128> {
    refuse_address(code, value)?;
    value.whole().ok_or_else(|| wrong_kind(code, value))
}

fn one_byte(code: Code, value: &Value<'_>) -> Result<[u8; 1]> {
    match *value {
        Value::Bytes(&[byte]) => Ok([byte]),
        Value::Bytes(bytes) => Err(Error::ItemLength { given: number(bytes.len()), needed: 1 }),
        _ => Err(wrong_kind(code, value)),
    }
}

fn bytes<'a>(code: Code, value: &Value<'a>) -> Result<&'a [u8]> {
    match *value {
        Value::Bytes(bytes) => Ok(bytes),
        _ => Err(wrong_kind(code, value)),
    }
}

fn too_long(given: usize, needed: usize) -> Error {
    Error::ItemLength { given: number(given), needed: number(needed) }
}

/// Writes characters from one encoding in another; what is no character is refused.
pub fn transcode(from: Leaf, given: &[u8], to: Leaf, item: &mut [u8]) -> Result<()> {
    check_length(to, item)?;
    let (Some(source), Some(unit)) = (from.unit(), to.unit()) else {
        return Err(Error::FormatOpaque { operation: "writing characters" });
    };
    let (mut units, mut bad) = (0usize, None);
    for (number, character) in text::decode(source, given).enumerate() {
        match character {
            Ok(character) => units = units.saturating_add(text::units_of(character, unit.wide)),
            Err(_) if bad.is_none() => bad = Some(number),
            Err(_) => {}
        }
    }
    if let Some(position) = bad {
        return Err(Error::Utf8 { position: number(position) });
    }
    let space = item.len().checked_div(unit.size()).unwrap_or(0);
    if units > space {
        return Err(too_long(units, space));
    }
    text::encode(text::decode(source, given).filter_map(core::result::Result::ok), unit, item);
    Ok(())
}

fn write_text(leaf: Leaf, value: &Value<'_>, item: &mut [u8]) -> Result<()> {
    let (Value::Text(given), Some(unit)) = (value, leaf.unit()) else {
        return Err(wrong_kind(leaf.code(), value));
    };
    let units = text::units(given, unit.wide);
    let space = item.len().checked_div(unit.size()).unwrap_or(0);
    if units > space {
        return Err(too_long(units, space));
    }
    text::encode(given.chars(), unit, item);
    Ok(())
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

/// Stores the bytes; none where the item is not of their length.
fn put<const N: usize>(item: &mut [u8], bytes: [u8; N]) -> Option<()> {
    *<&mut [u8; N]>::try_from(item).ok()? = bytes;
    Some(())
}

fn put_signed(item: &mut [u8], value: i128) -> Option<()> {
    match item.len() {
        1 => put(item, i8::try_from(value).ok()?.to_ne_bytes()),
        2 => put(item, i16::try_from(value).ok()?.to_ne_bytes()),
        4 => put(item, i32::try_from(value).ok()?.to_ne_bytes()),
        _ => put(item, i64::try_from(value).ok()?.to_ne_bytes()),
    }
}

fn put_unsigned(item: &mut [u8], value: i128) -> Option<()> {
    match item.len() {
        1 => put(item, u8::try_from(value).ok()?.to_ne_bytes()),
        2 => put(item, u16::try_from(value).ok()?.to_ne_bytes()),
        4 => put(item, u32::try_from(value).ok()?.to_ne_bytes()),
        _ => put(item, u64::try_from(value).ok()?.to_ne_bytes()),
    }
}

/// An address may be given as a negative number, which stands for the same bits.
fn put_pointer(item: &mut [u8], value: i128) -> Option<()> {
    let address = match isize::try_from(value) {
        Ok(value) => value.cast_unsigned(),
        Err(_) => usize::try_from(value).ok()?,
    };
    put(item, address.to_ne_bytes())
}

fn put_float(item: &mut [u8], value: f64) -> Option<()> {
    match item.len() {
        2 => put(item, float::to_half(value)?.to_ne_bytes()),
        4 => put(item, float::to_f32(value).to_ne_bytes()),
        _ => put(item, value.to_ne_bytes()),
    }
}

fn put_long_double(item: &mut [u8], value: f64) -> Option<()> {
    let bytes = wide::write(value);
    item.copy_from_slice(bytes.get(..LONG_DOUBLE_SIZE).filter(|bytes| bytes.len() == item.len())?);
    Some(())
}

fn put_complex(code: Code, item: &mut [u8], value: &Value<'_>) -> Result<Option<()>> {
    let (re, im) = match *value {
        Value::Complex(re, im) => (re, im),
        _ => (real(code, value)?, 0.0),
    };
    let Some((to_re, to_im)) = item.split_at_mut_checked(item.len() >> 1) else { return Ok(None) };
    if code.kind() == Kind::LongComplex {
        return Ok(put_long_double(to_re, re).and_then(|()| put_long_double(to_im, im)));
    }
    Ok(put_float(to_re, re).and_then(|()| put_float(to_im, im)))
}

/// Stores bytes and fills up with zeros.
fn put_bytes(item: &mut [u8], bytes: &[u8]) -> Option<()> {
    if bytes.len() > item.len() {
        return None;
    }
    let padded = bytes.iter().copied().chain(core::iter::repeat(0));
    item.iter_mut().zip(padded).for_each(|(to, from)| *to = from);
    Some(())
}

/// Stores a length in the first byte, then the bytes.
fn put_pascal(item: &mut [u8], bytes: &[u8]) -> Option<()> {
    let Some((first, rest)) = item.split_first_mut() else { return bytes.is_empty().then_some(()) };
    let length = u8::try_from(bytes.len()).ok()?;
    put_bytes(rest, bytes)?;
    *first = length;
    Some(())
}
