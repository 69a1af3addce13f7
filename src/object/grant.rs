//! One acquisition, from whichever kind of exporter: the grant on its count, and the full description of the memory.

use core::ptr::{self, NonNull};

use super::{
    Object, Request,
    base::{Base, settle},
    count::{Grant, Unit},
    custom,
    described::Described,
    foreign,
    kinds::{Kind, Ours},
    protocol::{mv_buffer, mv_object},
    share::Share,
};
use crate::error::{Error, Result};

/// Acquires the memory in full. `complete`: what the request asks for must be there; else missing arrays are left to the caller.
///
/// The result's `obj` is the exporter, which the acquisition keeps alive.
#[inline]
pub fn acquire(object: &Object, request: &Request<'_>, unit: Unit, complete: bool) -> Result<Described> {
    match object.ours() {
        Some((Kind::Custom, Ours::Base(base))) => custom::acquire(base, request, unit, complete),
        Some((_, Ours::Base(base))) => built_in(base, request, unit),
        // SAFETY: the object is a view, and alive.
        Some((_, Ours::View)) => unsafe { Share::borrow(object.as_raw()) }.export(request),
        Some((_, Ours::Format)) => Err(Error::Request { reason: super::FORMAT }),
        None => foreign::acquire(object, request, complete),
    }
}

/// The usual grant without the general machinery: on a built-in object, by flags alone, of memory that is as they ask. `None` where
/// there is more to be said, as of any error; then nothing has happened.
#[inline]
#[must_use]
pub fn quick(object: &Object, flags: i32, unit: Unit) -> Option<NonNull<Base>> {
    let base = match object.ours()? {
        (Kind::Custom, _) | (_, Ours::View | Ours::Format) => return None,
        (_, Ours::Base(base)) => base,
    };
    // SAFETY: the object is alive.
    let this = unsafe { base.as_ref() };
    let refused = flags & super::flags::MV_WRITABLE != 0 && this.is_readonly();
    if refused || !Request::flags(flags).is_plain() || !this.count.grant_quickly(unit) {
        return None;
    }
    // SAFETY: granted.
    if unsafe { this.with_described(|described| described.surely_suits(flags)) } {
        return Some(base);
    }
    take_back(base, unit);
    None
}

/// Ends a grant that is of no use.
#[cold]
fn take_back(base: NonNull<Base>, unit: Unit) {
    // SAFETY: ends what has just begun.
    unsafe { settle(base, base.as_ref().count.ungrant(unit)) }
}

#[inline]
fn built_in(base: NonNull<Base>, request: &Request<'_>, unit: Unit) -> Result<Described> {
    // SAFETY: the object is alive.
    let this = unsafe { base.as_ref() };
    let readonly = grant(this, request, unit)?;
    // SAFETY: granted.
    let mut described = unsafe { this.with_described(|described| *described) };
    described.buffer.obj = base.as_ptr().cast();
    described.buffer.readonly |= i32::from(readonly);
    Ok(described)
}

/// Takes a grant on a built-in object as the request asks; `true`: for reading alone.
#[inline]
pub fn grant(base: &Base, request: &Request<'_>, unit: Unit) -> Result<bool> {
    const OPERATION: &str = "the request";
    let writable = request.wants(super::flags::MV_WRITABLE);
    if writable && base.is_readonly() {
        return Err(Error::Request { reason: "the memory is read-only" });
    }
    let lease = match request.lease() {
        // Nobody writes memory that is read-only for all: that is what the lease asks for.
        Some(super::count::Lease::Immutable) if base.is_readonly() => None,
        lease => lease,
    };
    match lease {
        None => match base.count.grant(unit, writable) {
            Ok(grant) => Ok(grant == Grant::ReadOnly),
            Err(refusal) => Err(base.refused(OPERATION, refusal)),
        },
        Some(lease) => match base.count.lease(unit, lease) {
            Ok(()) => Ok(lease == super::count::Lease::Immutable),
            Err(refusal) => Err(base.refused("a lease", refusal)),
        },
    }
}

/// Ends an acquisition that [`acquire`] began.
///
/// # Safety
/// `buffer` has the `obj` and the `internal` that the acquisition had, and ends here; unit is the one it was made with.
#[inline]
pub unsafe fn release(buffer: &mut mv_buffer, unit: Unit) {
    let Some(object) = NonNull::new(buffer.obj) else { return };
    // SAFETY: the acquisition keeps the object alive until here.
    unsafe {
        match super::kinds::ours(object) {
            Some((Kind::Custom, Ours::Base(base))) => custom::release(base, buffer, unit),
            Some((_, Ours::Base(base))) => settle(base, base.as_ref().count.ungrant(unit)),
            Some((_, Ours::View)) => Share::end_export(object),
            // Nothing is ever granted.
            Some((_, Ours::Format)) => {}
            None => foreign::release(object, buffer),
        }
    }
    buffer.obj = ptr::null_mut();
}

/// The base whose list names the holders of what the object exports: its own, or that of a view's exporter.
#[must_use]
pub fn base_of(object: &Object) -> Option<NonNull<Base>> {
    match object.ours() {
        Some((_, Ours::Base(base))) => Some(base),
        // SAFETY: the object is a view, and alive.
        Some((_, Ours::View)) => unsafe { Share::borrow(object.as_raw()) }.base(),
        Some((_, Ours::Format)) | None => None,
    }
}

/// The same of an object that an acquisition holds, revoked or not.
///
/// # Safety
/// The caller has an acquisition of the object.
#[must_use]
pub unsafe fn base_of_held(object: NonNull<mv_object>) -> Option<NonNull<Base>> {
    // SAFETY: the acquisition keeps the object alive, and a view unreleased.
    unsafe {
        match super::kinds::ours(object)? {
            (_, Ours::Base(base)) => Some(base),
            (_, Ours::View) => Share::borrow(object).held_base(),
            (_, Ours::Format) => None,
        }
    }
}
