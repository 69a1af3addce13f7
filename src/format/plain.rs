//! Numbers that a machine takes as they lie: of its own sizes, in its own byte order.

use super::{code::Kind, float, leaf::Leaf, scalar::Value};

/// A number that is loaded and stored in one move.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Plain {
    /// A signed byte.
    I8,
    /// Two bytes, signed.
    I16,
    /// Four bytes, signed.
    I32,
    /// Eight bytes, signed.
    I64,
    /// A byte.
    U8,
    /// Two bytes, unsigned.
    U16,
    /// Four bytes, unsigned.
    U32,
    /// Eight bytes, unsigned.
    U64,
    /// A single.
    F32,
    /// A double.
    F64,
}

impl Leaf {
    /// The plain number that this is, if it is one.
    #[must_use]
    pub const fn plain(&self) -> Option<Plain> {
        if self.swapped && self.size > 1 {
            return None;
        }
        Some(match (self.code.kind(), self.size) {
            (Kind::Signed, 1) => Plain::I8,
            (Kind::Signed, 2) => Plain::I16,
            (Kind::Signed, 4) => Plain::I32,
            (Kind::Signed, 8) => Plain::I64,
            (Kind::Unsigned, 1) => Plain::U8,
            (Kind::Unsigned, 2) => Plain::U16,
            (Kind::Unsigned, 4) => Plain::U32,
            (Kind::Unsigned, 8) => Plain::U64,
            (Kind::Float, 4) => Plain::F32,
            (Kind::Float, 8) => Plain::F64,
            _ => return None,
        })
    }
}

impl From<f32> for Value<'_> {
    /// The same number; a NaN is quietened.
    #[inline]
    fn from(value: f32) -> Self {
        Value::Float(float::from_f32(value))
    }
}

/// The quick ways between values and numbers; `None` where the general rules have more to say.
impl Value<'_> {
    /// A signed number.
    #[inline]
    #[must_use]
    pub fn to_i64(self) -> Option<i64> {
        match self {
            Value::Int(value) => Some(value),
            Value::UInt(value) => i64::try_from(value).ok(),
            _ => None,
        }
    }

    /// An unsigned number.
    #[inline]
    #[must_use]
    pub fn to_u64(self) -> Option<u64> {
        match self {
            Value::Int(value) => u64::try_from(value).ok(),
            Value::UInt(value) => Some(value),
            _ => None,
        }
    }

    /// A double that holds the number exactly.
    #[inline]
    #[must_use]
    pub fn to_f64(self) -> Option<f64> {
        match self {
            Value::Float(value) => Some(value),
            Value::Int(value) => i32::try_from(value).ok().map(f64::from),
            Value::UInt(value) => u32::try_from(value).ok().map(f64::from),
            _ => None,
        }
    }

    /// The single nearest to a float; none for what is none.
    #[inline]
    #[must_use]
    pub fn to_f32(&self) -> Option<f32> {
        if let Value::Float(value) = *self { Some(float::to_f32(value)) } else { None }
    }
}
