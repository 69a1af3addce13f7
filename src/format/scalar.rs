//! One item as a value.

use super::wide::Exact;
use crate::error::Number;

/// The value of one item, for callers that do not know its type.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Value<'a> {
    /// A truth value.
    Bool(bool),
    /// A signed number.
    Int(i64),
    /// An unsigned number.
    UInt(u64),
    /// A float of any width.
    Float(f64),
    /// A complex number of any width: its real and its imaginary part.
    Complex(f64, f64),
    /// Bytes as they stand in the item.
    Bytes(&'a [u8]),
    /// Characters, in UTF-8.
    Text(&'a str),
    /// An address.
    Pointer(u64),
}

impl Value<'_> {
    /// What kind of value this is, in the words of a message.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Value::Bool(_) => "bool",
            Value::Int(_) => "signed integer",
            Value::UInt(_) => "unsigned integer",
            Value::Float(_) => "float",
            Value::Complex(..) => "complex number",
            Value::Bytes(_) => "bytes",
            Value::Text(_) => "text",
            Value::Pointer(_) => "pointer",
        }
    }

    /// The value as a message shows it.
    pub(super) const fn number(&self) -> Number {
        match *self {
            Value::Bool(value) => Number::Int(value as i64),
            Value::Int(value) => Number::Int(value),
            Value::UInt(value) | Value::Pointer(value) => Number::UInt(value),
            Value::Float(_) | Value::Complex(..) | Value::Bytes(_) | Value::Text(_) => Number::Float,
        }
    }

    /// The value as a whole number; none for what is no integer.
    pub(super) fn whole(&self) -> Option<i128> {
        match *self {
            Value::Bool(value) => Some(i128::from(value)),
            Value::Int(value) => Some(i128::from(value)),
            Value::UInt(value) | Value::Pointer(value) => Some(i128::from(value)),
            Value::Float(_) | Value::Complex(..) | Value::Bytes(_) | Value::Text(_) => None,
        }
    }

    /// The number nearest to the value; none for what is no real number.
    #[allow(clippy::cast_precision_loss)] // rounds to nearest, as CPython's integers do on their way to a double
    pub(super) fn real(&self) -> Option<f64> {
        match *self {
            Value::Bool(value) => Some(f64::from(u8::from(value))),
            Value::Int(value) => Some(value as f64),
            Value::UInt(value) | Value::Pointer(value) => Some(value as f64),
            Value::Float(value) => Some(value),
            Value::Complex(..) | Value::Bytes(_) | Value::Text(_) => None,
        }
    }

    /// The value as a number without rounding; none for what is no real number.
    pub(super) fn exact(&self) -> Option<Exact> {
        match *self {
            Value::Float(value) => Some(Exact::of_double(value)),
            _ => self.whole().map(Exact::of_whole),
        }
    }

    /// Python's truth of the value: NaN is true, empty bytes are false.
    #[allow(clippy::float_cmp)] // exactly zero is what is meant
    pub(super) fn truth(&self) -> bool {
        match *self {
            Value::Bool(value) => value,
            Value::Int(value) => value != 0,
            Value::UInt(value) | Value::Pointer(value) => value != 0,
            Value::Float(value) => value != 0.0,
            Value::Complex(re, im) => re != 0.0 || im != 0.0,
            Value::Bytes(bytes) => !bytes.is_empty(),
            Value::Text(text) => !text.is_empty(),
        }
    }
}
