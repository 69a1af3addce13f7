//! Scalars: `mv_scalar` from an item's value, and back.

use core::ptr;

use super::item::{
    MV_BOOL, MV_BYTES, MV_FLOAT, MV_INT, MV_OPAQUE, MV_POINTER, MV_UINT, mv_scalar, mv_scalar_bytes,
    mv_scalar_value,
};
use crate::{
    error::{Error, Result},
    format::Value,
};

/// The scalar of an item; `item` and `size` are the item's own bytes.
pub(super) fn from_value(value: Option<Value<'_>>, item: *const u8, size: usize) -> mv_scalar {
    let bytes = mv_scalar_value { bytes: mv_scalar_bytes { data: item.cast(), length: size } };
    let (kind, value) = match value {
        Some(Value::Bool(value)) => (MV_BOOL, mv_scalar_value { i: value.into() }),
        Some(Value::Int(i)) => (MV_INT, mv_scalar_value { i }),
        Some(Value::UInt(u)) => (MV_UINT, mv_scalar_value { u }),
        Some(Value::Float(f)) => (MV_FLOAT, mv_scalar_value { f }),
        Some(Value::Pointer(u)) => (MV_POINTER, mv_scalar_value { u }),
        Some(Value::Bytes(_)) => (MV_BYTES, bytes),
        None => (MV_OPAQUE, bytes),
    };
    mv_scalar { kind, reserved: 0, r#as: value, format: ptr::null() }
}

/// Stands for bytes of which only the number matters: an item takes one byte or none.
static NUMBERED: [u8; 64] = [0; 64];

/// Runs `work` with the value of a scalar.
///
/// # Safety
/// The scalar's member is the one that its kind names.
pub(super) unsafe fn with_value<R>(
    scalar: &mv_scalar,
    work: impl FnOnce(&Value<'_>) -> Result<R>,
) -> Result<R> {
    // SAFETY: as the caller promises.
    unsafe {
        match scalar.kind {
            MV_BOOL => work(&Value::Bool(scalar.r#as.i != 0)),
            MV_INT => work(&Value::Int(scalar.r#as.i)),
            MV_UINT => work(&Value::UInt(scalar.r#as.u)),
            MV_FLOAT => work(&Value::Float(scalar.r#as.f)),
            MV_POINTER => work(&Value::Pointer(scalar.r#as.u)),
            MV_BYTES => with_bytes(scalar.r#as.bytes, |bytes| work(&Value::Bytes(bytes))),
            kind => Err(Error::ScalarKind { kind: kind.into() }),
        }
    }
}

/// # Safety
/// The bytes are the caller's for the call.
unsafe fn with_bytes<R>(bytes: mv_scalar_bytes, work: impl FnOnce(&[u8]) -> Result<R>) -> Result<R> {
    if bytes.data.is_null() && bytes.length > 0 {
        return Err(Error::DataNull { length: crate::error::number(bytes.length) });
    }
    if bytes.length == 1 {
        // SAFETY: one byte is there. It is copied: it may be part of the very item that is written.
        return work(&[unsafe { bytes.data.cast::<u8>().read() }]);
    }
    work(NUMBERED.get(..bytes.length).unwrap_or(&NUMBERED))
}
