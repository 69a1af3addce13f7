//! The built-in kinds: their function tables, which are also how this copy of the library knows its own objects, and how
//! each kind is freed.

use core::{
    ffi::{CStr, c_void},
    ptr::NonNull,
};

use super::{
    Code, Object, array,
    base::Base,
    buffer, bytearray, bytes, custom,
    format::Format,
    memory,
    protocol::{MV_ABI, MV_TYPE_LEASES, mv_buffer, mv_object, mv_request, mv_type},
    request::Request,
    share::Share,
};
use crate::error::{Error, mv_error, number};

/// The kinds, in the order of their tables.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Immutable bytes.
    Bytes,
    /// A growable array of bytes.
    Bytearray,
    /// An owned N-dimensional block.
    Array,
    /// Somebody else's memory.
    Memory,
    /// A caller's callbacks.
    Custom,
    /// A view.
    View,
    /// A parsed format.
    Format,
}

const KINDS: [Kind; 7] =
    [Kind::Bytes, Kind::Bytearray, Kind::Array, Kind::Memory, Kind::Custom, Kind::View, Kind::Format];

/// Function tables; their raw pointers are to static texts.
struct Tables([mv_type; 7]);

// SAFETY: the tables are constant.
unsafe impl Sync for Tables {}

static TABLES: Tables = Tables([
    built_in(c"bytes"),
    built_in(c"bytearray"),
    built_in(c"array"),
    built_in(c"memory"),
    built_in(c"custom"),
    built_in(c"view"),
    built_in(c"format"),
]);

#[allow(clippy::cast_possible_truncation)] // the size of a table is far below 4 GiB
const fn built_in(name: &'static CStr) -> mv_type {
    mv_type {
        size: size_of::<mv_type>() as u32,
        abi: MV_ABI,
        name: name.as_ptr(),
        r#ref: Some(reference),
        unref: Some(unreference),
        acquire: Some(acquire),
        release: Some(release),
        exports: Some(exports),
        features: MV_TYPE_LEASES,
    }
}

/// The function table of a kind.
pub fn table(kind: Kind) -> *const mv_type {
    TABLES.0.get(kind as usize).map_or(core::ptr::null(), core::ptr::from_ref)
}

/// The kind of an object of this copy of the library; `None` for everybody else's.
///
/// # Safety
/// The object is alive.
#[inline]
#[must_use]
pub unsafe fn kind_of(object: NonNull<mv_object>) -> Option<Kind> {
    // SAFETY: the object is alive.
    let table = unsafe { object.as_ref().r#type };
    let offset = table.addr().wrapping_sub(TABLES.0.as_ptr().addr());
    KINDS.get(offset / size_of::<mv_type>()).copied()
}

/// What an object of ours is.
#[derive(Clone, Copy)]
pub enum Ours {
    /// A built-in with a base.
    Base(NonNull<Base>),
    /// A view.
    View,
    /// A parsed format.
    Format,
}

/// The base of a built-in object, or that it is a view or a format; `None` for a foreign object.
///
/// # Safety
/// The object is alive.
#[inline]
#[must_use]
pub unsafe fn ours(object: NonNull<mv_object>) -> Option<(Kind, Ours)> {
    // SAFETY: the object is alive.
    match unsafe { kind_of(object) }? {
        Kind::View => Some((Kind::View, Ours::View)),
        Kind::Format => Some((Kind::Format, Ours::Format)),
        kind => Some((kind, Ours::Base(object.cast()))),
    }
}

/// Frees an object that nobody holds, by its kind.
///
/// # Safety
/// Nobody has a handle or a grant; the base is not used afterwards.
pub unsafe fn free(base: NonNull<Base>) {
    // SAFETY: every branch gets an object of its own kind that nobody holds.
    unsafe {
        match kind_of(base.cast()) {
            Some(Kind::Bytes) => bytes::free(base),
            Some(Kind::Bytearray) => bytearray::free(base),
            Some(Kind::Array) => array::free(base),
            Some(Kind::Memory) => memory::free(base),
            Some(Kind::Custom) => custom::free(base),
            Some(Kind::View | Kind::Format) | None => {}
        }
    }
}

unsafe extern "C" fn reference(object: *mut mv_object) {
    let Some(object) = NonNull::new(object) else { return };
    // SAFETY: the caller has a handle or a grant of an object of ours.
    unsafe {
        match ours(object) {
            Some((_, Ours::Base(base))) => base.as_ref().count.reference(),
            Some((_, Ours::View)) => core::mem::forget(Share::clone(&Share::borrow(object))),
            Some((_, Ours::Format)) => core::mem::forget(Format::clone(&Format::borrow(object))),
            None => {}
        }
    }
}

unsafe extern "C" fn unreference(object: *mut mv_object) {
    let Some(object) = NonNull::new(object) else { return };
    // SAFETY: the caller gives up a handle of an object of ours.
    unsafe {
        match ours(object) {
            Some((_, Ours::Base(base))) => {
                let fate = base.as_ref().count.unreference();
                super::base::settle(base, fate);
            }
            Some((_, Ours::View)) => drop(Share::own(object)),
            Some((_, Ours::Format)) => drop(Format::own(object)),
            None => {}
        }
    }
}

/// The protocol's entry for other copies of the library; ours calls `buffer::acquire` itself.
unsafe extern "C" fn acquire(
    object: *mut mv_object,
    request: *const mv_request,
    out: *mut mv_buffer,
    error: *mut mv_error,
) -> Code {
    let work = || {
        let object = NonNull::new(object).ok_or(Error::Null { argument: "self", number: 1 })?;
        let out = NonNull::new(out).ok_or(Error::Null { argument: "out", number: 3 })?;
        // SAFETY: the caller has a handle of an object of ours, and its pointers are valid.
        unsafe {
            let object = Object::borrow(object);
            let request =
                NonNull::new(request.cast_mut()).ok_or(Error::Null { argument: "request", number: 2 })?;
            let (size, least) = (request.cast::<usize>().read(), size_of::<mv_request>());
            if size < least {
                return Err(Error::StructSize { size: number(size), least: number(least) });
            }
            out.write(buffer::acquire(&object, &Request::read(request.as_ref())?)?);
            Ok(())
        }
    };
    match work() {
        Ok(()) => Code(0),
        // SAFETY: `error` is NULL or the caller's.
        Err(cause) => unsafe { super::report(&cause, error) },
    }
}

unsafe extern "C" fn release(object: *mut mv_object, buffer: *mut mv_buffer) {
    // SAFETY: the caller gives back what `acquire` gave, for this very object.
    unsafe {
        if let (Some(object), Some(buffer)) = (NonNull::new(object), buffer.as_ref()) {
            buffer::end(object, buffer.internal);
        }
    }
}

unsafe extern "C" fn exports(object: *const mv_object) -> usize {
    let Some(object) = NonNull::new(object.cast_mut()) else { return 0 };
    // SAFETY: the caller has a handle of an object of ours.
    let count = unsafe {
        match ours(object) {
            Some((_, Ours::Base(base))) => base.as_ref().count.exports(),
            Some((_, Ours::View)) => Share::borrow(object).exports(),
            Some((_, Ours::Format)) | None => 0,
        }
    };
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// A pointer that callbacks hand around.
pub type Context = *mut c_void;
