//! Exporters that are not this copy's: their answers are checked, never trusted.

use core::{
    ffi::CStr,
    ptr::{self, NonNull},
};

use super::{
    Code, Object,
    described::Described,
    description::{self, broken},
    flags::{MV_FORMAT, MV_ND, MV_STRIDES},
    foreign_error,
    protocol::{MV_ABI, MV_TYPE_LEASES, mv_buffer, mv_object, mv_type},
    request::Request,
    succeeded,
};
use crate::error::{Error, Result, mv_error};

/// An error struct that nothing has been written to.
const CLEAN: mv_error = mv_error { status: 0, dim: -1, position: -1, value: 0, limit: 0, message: [0; 480] };

/// A `mv_buffer` as exporters get it to fill.
pub const ZEROED: mv_buffer = mv_buffer {
    buf: ptr::null_mut(),
    obj: ptr::null_mut(),
    len: 0,
    itemsize: 0,
    readonly: 0,
    ndim: 0,
    format: ptr::null(),
    shape: ptr::null(),
    strides: ptr::null(),
    suboffsets: ptr::null(),
    internal: ptr::null_mut(),
};

/// Runs an exporter's acquire function, and gives what it filled in.
///
/// # Safety
/// `call` is the exporter's function, called with pointers that are valid for the call.
pub unsafe fn call(
    name: &CStr,
    call: impl FnOnce(*mut mv_buffer, *mut mv_error) -> Code,
) -> Result<mv_buffer> {
    let (mut out, mut error) = (ZEROED, CLEAN);
    let code = call(&raw mut out, &raw mut error);
    if succeeded(code) {
        return Ok(out);
    }
    Err(foreign_error(code.0, &error, name.to_str().unwrap_or("?")))
}

/// The description in an exporter's answer, checked field by field, complete for what was asked for.
///
/// # Safety
/// The arrays that are not NULL hold `ndim` entries.
pub unsafe fn checked(answer: &mv_buffer, request: &Request<'_>, complete: bool) -> Result<Described> {
    let missing = |field, reason| Err(Error::Exporter { field, reason, value: 0 });
    if complete && answer.ndim > 0 {
        // An exporter that has less to say than was asked for refuses; one that leaves out what it must know errs.
        if request.wants(MV_ND) && answer.shape.is_null() {
            return match answer.ndim {
                1 => Err(Error::Request { reason: "the exporter gives no shape" }),
                _ => missing("shape", "is NULL"),
            };
        }
        if request.wants(MV_STRIDES) && answer.strides.is_null() {
            return Err(Error::Request { reason: "the exporter gives no strides" });
        }
    }
    if complete && request.wants(MV_FORMAT) && answer.format.is_null() && answer.itemsize != 1 {
        return Err(Error::Request { reason: "the exporter gives no format" });
    }
    let work = |layout: &crate::layout::Layout<'_>| {
        if crate::layout::reach(layout).is_err() {
            return missing("strides", super::buffer::WIDE);
        }
        // SAFETY: NULL or the exporter's text.
        let format = unsafe { description::checked_format(answer.format, layout.itemsize)? };
        // SAFETY: the arrays are the exporter's, alive until the release.
        unsafe { description::describe(answer, layout, format) }
    };
    // SAFETY: as the caller promises.
    let mut described = unsafe { description::with_layout(answer, work) }.map_err(broken)?;
    // What the exporter left out stays out: arrays made up here would not live as long as the answer.
    described.buffer.shape = answer.shape;
    described.buffer.strides = answer.strides;
    if !described.buffer.suboffsets.is_null() {
        described.buffer.suboffsets = answer.suboffsets;
    }
    if answer.ndim == 0 {
        (described.buffer.shape, described.buffer.strides) = (ptr::null(), ptr::null());
    }
    described.buffer.internal = answer.internal;
    Ok(described)
}

fn checked_table(object: &Object) -> Result<&mv_type> {
    let table = object.table();
    let (size, least) = (i64::from(table.size), size_of::<mv_type>());
    if table.abi != MV_ABI {
        return Err(Error::Abi { abi: table.abi.into(), known: MV_ABI.into() });
    }
    if usize::try_from(table.size).unwrap_or(0) < least {
        return Err(Error::StructSize { size, least: crate::error::number(least) });
    }
    Ok(table)
}

/// Acquires from a foreign exporter; the result's `obj` is a handle of ours.
pub fn acquire(object: &Object, request: &Request<'_>, complete: bool) -> Result<Described> {
    let table = checked_table(object)?;
    let Some(acquire) = table.acquire else {
        return Err(Error::Null { argument: "object->type->acquire", number: 1 });
    };
    if request.lease().is_some() && table.features & MV_TYPE_LEASES == 0 {
        return Err(Error::Request { reason: "the exporter grants no leases" });
    }
    let held = object.clone();
    let raw = object.as_raw().as_ptr();
    // SAFETY: a type's name is a terminated text.
    let name = unsafe { CStr::from_ptr(object.type_name()) };
    let asked = request.as_c();
    // SAFETY: the protocol's function, called on a live object of its type with valid pointers.
    let answer = unsafe { call(name, |out, error| acquire(raw, &raw const asked, out, error))? };
    // SAFETY: the exporter's answer.
    match unsafe { checked(&answer, request, complete) } {
        Ok(mut described) => {
            described.buffer.obj = held.into_raw();
            Ok(described)
        }
        Err(error) => {
            let mut answer = mv_buffer { obj: raw, ..answer };
            // SAFETY: this ends the acquisition that just began.
            unsafe { end_with(table, object.as_raw(), &mut answer) };
            Err(error)
        }
    }
}

unsafe fn end_with(table: &mv_type, object: NonNull<mv_object>, buffer: &mut mv_buffer) {
    if let Some(release) = table.release {
        // SAFETY: the protocol's function, called once for an acquisition of this object.
        unsafe { release(object.as_ptr(), buffer) }
    }
}

/// Ends an acquisition from a foreign exporter and drops its handle.
///
/// # Safety
/// `buffer` is an acquisition from the object, which is not ours, and ends here.
pub unsafe fn release(object: NonNull<mv_object>, buffer: &mut mv_buffer) {
    // SAFETY: the acquisition holds a handle.
    unsafe {
        let held = Object(object);
        end_with(held.table(), object, buffer);
    }
}
