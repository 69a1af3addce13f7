//! Custom: a caller's callbacks and its `self`, counted, labelled, leased and revoked as a built-in.

use core::{ffi::CStr, ptr::NonNull};

use super::{
    Object, Request,
    base::{self, Base, settle},
    count::Unit,
    described::Described,
    foreign, grant,
    kinds::{Context, Kind},
    protocol::{mv_buffer, mv_exporter},
};
use crate::{
    alloc,
    error::{Error, Result},
};

#[repr(C)]
struct Custom {
    base: Base,
    callbacks: mv_exporter,
    context: Context,
}

/// An object of callbacks, already brought to this version's size.
///
/// # Safety
/// The callbacks keep the protocol's contract, and `callbacks.name` outlives the object.
pub unsafe fn new(callbacks: &mv_exporter, context: Context) -> Result<Object> {
    if callbacks.acquire.is_none() {
        return Err(Error::Null { argument: "callbacks->acquire", number: 1 });
    }
    let custom = Custom { base: Base::new(Kind::Custom), callbacks: *callbacks, context };
    // SAFETY: the object is new.
    Ok(unsafe { Object::of(base::allocate(custom, 0)?) })
}

/// What a custom object calls itself.
///
/// # Safety
/// The object is of this kind.
pub(super) unsafe fn name_of<'a>(base: NonNull<Base>) -> &'a CStr {
    // SAFETY: as the caller promises; the name outlives the object.
    name(unsafe { base.cast::<Custom>().as_ref() })
}

fn name(custom: &Custom) -> &CStr {
    if custom.callbacks.name.is_null() {
        c"custom"
    } else {
        // SAFETY: the name outlives the object, as `mv_exporter` says.
        unsafe { CStr::from_ptr(custom.callbacks.name) }
    }
}

/// Acquires: a grant on our own count, so that nothing vanishes meanwhile, then the callback.
pub(super) fn acquire(
    base: NonNull<Base>,
    request: &Request<'_>,
    unit: Unit,
    complete: bool,
) -> Result<Described> {
    // SAFETY: the caller has a handle.
    let custom = unsafe { base.cast::<Custom>().as_ref() };
    let Some(acquire) = custom.callbacks.acquire else {
        return Err(Error::Null { argument: "callbacks->acquire", number: 1 });
    };
    let readonly = grant::grant(&custom.base, request, unit)?;
    let asked = request.as_c();
    // SAFETY: the caller's callback, with valid pointers.
    let answer = unsafe {
        foreign::call(name(custom), |out, error| acquire(custom.context, &raw const asked, out, error))
    };
    let described = answer.and_then(|mut answer| {
        // SAFETY: the callback's answer.
        unsafe { foreign::checked(&answer, request, complete).inspect_err(|_| end(custom, &mut answer)) }
    });
    match described {
        Ok(mut described) => {
            described.buffer.obj = base.as_ptr().cast();
            described.buffer.readonly |= i32::from(readonly);
            Ok(described)
        }
        Err(error) => {
            // SAFETY: the grant from above ends; the caller has a handle.
            unsafe { settle(base, custom.base.count.ungrant(unit)) };
            Err(error)
        }
    }
}

unsafe fn end(custom: &Custom, buffer: &mut mv_buffer) {
    if let Some(release) = custom.callbacks.release {
        // SAFETY: the caller's callback, once for an acquisition.
        unsafe { release(custom.context, buffer) }
    }
}

/// Ends an acquisition: the callback first, while the grant still holds everything in place.
///
/// # Safety
/// `buffer` is an acquisition of this object, and ends here.
pub(super) unsafe fn release(base: NonNull<Base>, buffer: &mut mv_buffer, unit: Unit) {
    // SAFETY: the grant keeps the object alive.
    unsafe {
        let custom = base.cast::<Custom>().as_ref();
        end(custom, buffer);
        settle(base, custom.base.count.ungrant(unit));
    }
}

/// Gives `self` back and frees the object.
///
/// # Safety
/// It is of this kind, and nobody holds it.
pub(super) unsafe fn free(object: NonNull<Base>) {
    // SAFETY: as the caller promises; the callback is called once, here.
    unsafe {
        let custom = object.cast::<Custom>().as_ref();
        if let Some(free) = custom.callbacks.free {
            free(custom.context);
        }
        alloc::free(object.cast());
    }
}
