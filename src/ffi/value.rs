//! Plain values from C and to C: orders, modes, counts, out-parameters, borrowed memory.

use core::{
    ffi::{CStr, c_char, c_int, c_void},
    marker::PhantomData,
    ptr,
};

use super::bulk::{MV_CLAMP, MV_STRICT, MV_WRAP};
use super::format::{MV_RULES_EXPORTER, MV_RULES_NUMPY, MV_RULES_STRUCT};
use super::view::{MV_READ, MV_WRITE, MV_WRITE_BACK};
use crate::{
    error::{Error, Result},
    format::{Rule, Rules},
    layout::Order,
    object::{
        protocol::mv_buffer,
        share::{Borrowed, Retyped},
    },
    view::{Groups, Mode},
};

const C: c_int = b'C' as c_int;
const F: c_int = b'F' as c_int;
const A: c_int = b'A' as c_int;

/// 'C', 'F' or 'A'.
pub(super) fn order(order: c_int) -> Result<Order> {
    match order {
        C => Ok(Order::C),
        F => Ok(Order::F),
        A => Ok(Order::A),
        other => Err(unexpected("order", other, "'C', 'F' or 'A' is expected")),
    }
}

/// 'C' or 'F'.
pub(super) fn order_cf(given: c_int) -> Result<Order> {
    match order(given) {
        Ok(Order::A) | Err(_) => Err(unexpected("order", given, "'C' or 'F' is expected")),
        known => known,
    }
}

/// How a format text is read.
pub(super) fn rules(rules: c_int) -> Result<Rules> {
    match rules {
        MV_RULES_STRUCT => Ok(Rules::Struct),
        MV_RULES_NUMPY => Ok(Rules::Numpy),
        MV_RULES_EXPORTER => Ok(Rules::Exporter),
        other => Err(unexpected("rules", other, "one of MV_RULES_STRUCT, NUMPY, EXPORTER is expected")),
    }
}

/// How hexadecimal digits are grouped; none without a separator.
///
/// # Safety
/// NULL or a terminated text.
pub(super) unsafe fn groups(separator: *const c_char, size: c_int) -> Result<Option<Groups>> {
    if separator.is_null() {
        return Ok(None);
    }
    // SAFETY: as the caller promises.
    let text = unsafe { CStr::from_ptr(separator) }.to_bytes();
    match (text, isize::try_from(size)) {
        (&[separator], Ok(size)) if separator.is_ascii() => Ok(Some(Groups { separator, size })),
        _ => Err(Error::Value {
            what: "separator",
            value: crate::error::number(text.len()),
            expected: "one ASCII character is expected",
        }),
    }
}

/// The number of what was found; -1 where nothing was.
pub(super) fn place(found: Option<usize>) -> isize {
    found.map_or(-1, usize::cast_signed)
}

/// What becomes of a number that does not fit.
pub(super) fn rule(rule: c_int) -> Result<Rule> {
    match rule {
        MV_STRICT => Ok(Rule::Strict),
        MV_CLAMP => Ok(Rule::Clamp),
        MV_WRAP => Ok(Rule::Wrap),
        other => Err(unexpected("rule", other, "MV_STRICT, MV_CLAMP or MV_WRAP is expected")),
    }
}

/// How a contiguous view is used.
pub(super) fn mode(mode: c_int) -> Result<Mode> {
    match mode {
        MV_READ => Ok(Mode::Read),
        MV_WRITE => Ok(Mode::Write),
        MV_WRITE_BACK => Ok(Mode::WriteBack),
        other => Err(unexpected("mode", other, "MV_READ, MV_WRITE or MV_WRITE_BACK is expected")),
    }
}

fn unexpected(what: &'static str, value: c_int, expected: &'static str) -> Error {
    Error::Value { what, value: value.into(), expected }
}

/// A count of array entries.
pub(super) fn count(count: c_int, what: &'static str) -> Result<usize> {
    usize::try_from(count).map_err(|_| unexpected(what, count, "a count is not negative"))
}

/// A small count as C's int.
pub(super) fn int(count: usize) -> c_int {
    c_int::try_from(count).unwrap_or(c_int::MAX)
}

/// An out-parameter that has been checked.
pub(super) struct Out<T>(*mut T);

impl<T> Out<T> {
    /// Writes the result.
    pub(super) fn write(self, value: T) {
        // SAFETY: `out` checked it, and its caller promised that it is the caller's.
        unsafe { self.0.write(value) }
    }
}

/// Checks an out-parameter.
///
/// # Safety
/// NULL, or the caller's for the call.
pub(super) unsafe fn out<T>(out: *mut T, argument: &'static str, number: i32) -> Result<Out<T>> {
    if out.is_null() { Err(Error::Null { argument, number }) } else { Ok(Out(out)) }
}

/// An array to be filled, checked.
pub(super) struct OutArray<'a, T> {
    first: *mut T,
    capacity: usize,
    life: PhantomData<&'a T>,
}

impl<T: Copy> OutArray<'_, T> {
    /// Fills the array from its start.
    pub(super) fn copy(&self, from: &[T]) -> Result<()> {
        if from.len() > self.capacity {
            let (given, capacity) = (crate::error::number(from.len()), crate::error::number(self.capacity));
            return Err(Error::IndexCapacity { given, capacity });
        }
        // SAFETY: within the capacity; `out_array`'s caller promised that the array is the caller's.
        unsafe { ptr::copy_nonoverlapping(from.as_ptr(), self.first, from.len()) }
        Ok(())
    }

    /// Fills one entry; one beyond the capacity is dropped.
    pub(super) fn write_at(&self, at: usize, value: T) {
        if at < self.capacity {
            // SAFETY: as above.
            unsafe { self.first.add(at).write(value) }
        }
    }
}

/// Checks an array to be filled; NULL is fine where the capacity is 0.
///
/// # Safety
/// NULL, or `capacity` entries that are the caller's for the call.
pub(super) unsafe fn out_array<'a, T>(
    first: *mut T,
    capacity: usize,
    argument: &'static str,
    number: i32,
) -> Result<OutArray<'a, T>> {
    if first.is_null() && capacity > 0 {
        return Err(Error::Null { argument, number });
    }
    Ok(OutArray { first, capacity, life: PhantomData })
}

/// Borrowed memory by address, format and shape, C-contiguous.
///
/// # Safety
/// The memory is there until the last view of it is released.
pub(super) unsafe fn with_borrowed<R>(
    data: *mut c_void,
    format: &CStr,
    shape: &[isize],
    readonly: bool,
    work: impl FnOnce(Borrowed<'_>) -> Result<R>,
) -> Result<R> {
    let retyped = Retyped::parse(format)?;
    let description = mv_buffer {
        buf: data,
        obj: ptr::null_mut(),
        len: 0,
        itemsize: retyped.itemsize(),
        readonly: readonly.into(),
        ndim: int(shape.len()),
        format: retyped.text().as_ptr(),
        shape: shape.as_ptr(),
        strides: ptr::null(),
        suboffsets: ptr::null(),
        internal: ptr::null_mut(),
    };
    // SAFETY: as the caller promises; the text is static, or belongs to the format that goes along.
    work(unsafe { Borrowed::new(&description) }.of_format(retyped.format()))
}

/// Borrowed memory as a buffer describes it.
///
/// # Safety
/// The description is valid, and its memory is there until the last view of it is released.
pub(super) unsafe fn described(description: &mv_buffer) -> Result<Borrowed<'_>> {
    if description.buf.is_null() {
        return Err(Error::DataNull { length: crate::error::signed(description.len) });
    }
    // SAFETY: as the caller promises.
    Ok(unsafe { Borrowed::new(description) })
}
