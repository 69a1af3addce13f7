//! The codec of one item: its bytes, a local copy, to a value and back.

use super::{
    code::{Code, Kind},
    float,
    scalar::Value,
};
use crate::error::{Error, Result, number};

/// The value of an item's bytes, which stand in this machine's order.
#[inline]
pub fn read(code: Code, item: &[u8]) -> Result<Value<'_>> {
    check_length(code, item)?;
    Ok(match code.kind() {
        Kind::Char => Value::Bytes(item),
        Kind::Bool => Value::Bool(item.iter().any(|&byte| byte != 0)),
        Kind::Signed => Value::Int(signed(item)),
        Kind::Unsigned => Value::UInt(unsigned(item)),
        Kind::Float => Value::Float(float(item)),
        Kind::Pointer => Value::Pointer(unsigned(item)),
    })
}

/// Writes a value into an item's bytes, by CPython's rules: integers must be in range, floats are rounded to
/// nearest and singles overflow to infinity, '?' takes the truth of any value, 'c' takes one byte. On failure
/// the item is untouched.
#[inline]
pub fn write(code: Code, value: &Value<'_>, item: &mut [u8]) -> Result<()> {
    check_length(code, item)?;
    let stored = match code.kind() {
        Kind::Char => put(item, one_byte(code, value)?),
        Kind::Bool => put(item, [u8::from(value.truth())]),
        Kind::Signed => put_signed(item, whole(code, value)?),
        Kind::Unsigned => put_unsigned(item, whole(code, value)?),
        Kind::Float => put_float(item, real(code, value)?),
        Kind::Pointer => put_pointer(item, value.whole().ok_or_else(|| wrong_kind(code, value))?),
    };
    stored.ok_or(Error::ItemRange { value: value.number(), code: code.character() })
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
        Value::Bytes(_) | Value::Pointer(_) => return Err(not_a(code, "a number")),
    };
    // A double holds 53 significant bits.
    if magnitude.leading_zeros().saturating_add(magnitude.trailing_zeros()) < 64 - f64::MANTISSA_DIGITS {
        return Err(out_of_range(Code::Double, value));
    }
    value.real().ok_or_else(|| not_a(code, "a number"))
}

fn check_length(code: Code, item: &[u8]) -> Result<()> {
    let size = code.size();
    if item.len() == size.unsigned_abs() {
        return Ok(());
    }
    Err(Error::ItemLength { given: number(item.len()), needed: number(size.unsigned_abs()) })
}

#[cold]
fn wrong_kind(code: Code, value: &Value<'_>) -> Error {
    Error::ItemKind { given: value.name(), code: code.character() }
}

#[cold]
fn not_a(code: Code, wanted: &'static str) -> Error {
    Error::ItemAs { code: code.character(), wanted }
}

#[cold]
fn out_of_range(code: Code, value: &Value<'_>) -> Error {
    Error::ItemRange { value: value.number(), code: code.character() }
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
