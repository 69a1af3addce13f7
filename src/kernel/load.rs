//! Plain numbers, loaded and stored where they lie, however they are aligned.

use crate::format::{Plain, Value};

/// The value of a number.
///
/// # Safety
/// As many bytes as the number has are readable at the address.
#[inline]
#[must_use]
pub unsafe fn load(number: Plain, address: *const u8) -> Value<'static> {
    // SAFETY: as the caller promises.
    unsafe {
        match number {
            Plain::I8 => Value::Int(address.cast::<i8>().read().into()),
            Plain::I16 => Value::Int(address.cast::<i16>().read_unaligned().into()),
            Plain::I32 => Value::Int(address.cast::<i32>().read_unaligned().into()),
            Plain::I64 => Value::Int(address.cast::<i64>().read_unaligned()),
            Plain::U8 => Value::UInt(address.read().into()),
            Plain::U16 => Value::UInt(address.cast::<u16>().read_unaligned().into()),
            Plain::U32 => Value::UInt(address.cast::<u32>().read_unaligned().into()),
            Plain::U64 => Value::UInt(address.cast::<u64>().read_unaligned()),
            Plain::F32 => Value::from(address.cast::<f32>().read_unaligned()),
            Plain::F64 => Value::Float(address.cast::<f64>().read_unaligned()),
        }
    }
}

/// Stores a value of the number's own sort. `None`, and nothing is stored, where it is of another or does not fit.
///
/// # Safety
/// As many bytes as the number has are writable at the address.
#[inline]
pub unsafe fn store(number: Plain, value: &Value<'_>, address: *mut u8) -> Option<()> {
    /// # Safety
    /// As for `store`.
    #[inline]
    unsafe fn put<T>(value: T, address: *mut u8) {
        // SAFETY: as the caller promises.
        unsafe { address.cast::<T>().write_unaligned(value) }
    }
    // SAFETY: as the caller promises.
    unsafe {
        match (number, *value) {
            (Plain::I8, Value::Int(value)) => put(i8::try_from(value).ok()?, address),
            (Plain::I16, Value::Int(value)) => put(i16::try_from(value).ok()?, address),
            (Plain::I32, Value::Int(value)) => put(i32::try_from(value).ok()?, address),
            (Plain::I64, Value::Int(value)) => put(value, address),
            (Plain::U8, Value::Int(value)) => put(u8::try_from(value).ok()?, address),
            (Plain::U16, Value::Int(value)) => put(u16::try_from(value).ok()?, address),
            (Plain::U32, Value::Int(value)) => put(u32::try_from(value).ok()?, address),
            (Plain::U64, Value::Int(value)) => put(u64::try_from(value).ok()?, address),
            (Plain::U8, Value::UInt(value)) => put(u8::try_from(value).ok()?, address),
            (Plain::U16, Value::UInt(value)) => put(u16::try_from(value).ok()?, address),
            (Plain::U32, Value::UInt(value)) => put(u32::try_from(value).ok()?, address),
            (Plain::U64, Value::UInt(value)) => put(value, address),
            (Plain::F32, Value::Float(_)) => put(value.to_f32()?, address),
            (Plain::F64, Value::Float(value)) => put(value, address),
            _ => return None,
        }
    }
    Some(())
}
