//! A value into the bytes of an item without parts, a local copy.

use super::{
    code::{Code, Kind},
    float,
    item::check_length,
    leaf::Leaf,
    scalar::Value,
    text,
    wide::{self, LONG_DOUBLE_KNOWN, LONG_DOUBLE_SIZE},
};
use crate::error::{Error, Result, number};

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

#[cold]
fn wrong_kind(code: Code, value: &Value<'_>) -> Error {
    Error::ItemKind { given: value.name(), code: code.name() }
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
