//! Memory: somebody else's, plain or fully described, given back through a callback.

use core::{
    ffi::CStr,
    ptr::{self, NonNull},
};

use super::{
    Object,
    base::{self, Base},
    bytes::{check_data, described, extent},
    description::{self, arrays_size, copy_arrays},
    kinds::{Context, Kind},
    protocol::{mv_buffer, mv_free_fn},
};
use crate::{
    alloc,
    error::{Error, Result, number},
    kernel::Span,
    layout::{self, Layout},
};

#[repr(C)]
struct Owned {
    base: Base,
    free: mv_free_fn,
    context: Context,
    data: *mut u8,
    extent: [isize; 1],
    // Behind it, for described memory: the arrays and the format.
}

/// `length` bytes of somebody's.
pub fn new(data: &Span<'_>, readonly: bool, free: mv_free_fn, context: Context) -> Result<Object> {
    check_data(data)?;
    let extent = [extent(data.length())?];
    let owned = Owned { base: Base::new(Kind::Memory), free, context, data: data.data(), extent };
    let object = base::allocate(owned, 0)?;
    // SAFETY: the object is new and ours alone; the extent lives in it.
    unsafe {
        let this = object.as_ptr();
        let described = described(data.data(), &(*this).extent, readonly);
        (*this).base.describe(described);
        Ok(Object::of(object))
    }
}

/// Somebody's memory, as a description has it; all that it reaches lies in `extent` bytes from `start`.
///
/// # Safety
/// The arrays and the format of the description are valid, and the extent is the caller's to share.
pub unsafe fn describe(
    description: &mv_buffer,
    start: *mut u8,
    extent: usize,
    free: mv_free_fn,
    context: Context,
) -> Result<Object> {
    let work = |layout: &Layout<'_>| {
        check_extent(description, layout, start, extent)?;
        // SAFETY: NULL or a terminated text.
        let format = unsafe { description::checked_format(description.format, layout.itemsize)? };
        let owned = Owned { base: Base::new(Kind::Memory), free, context, data: start, extent: [0] };
        let arrays = arrays_size(layout.ndim());
        let text = format.to_bytes_with_nul();
        let object = base::allocate(owned, arrays.saturating_add(text.len()))?;
        // SAFETY: the object is new and ours alone; its tail has room for the arrays and the text.
        unsafe {
            let tail = base::tail(object);
            let layout = copy_arrays(layout, tail.cast().as_ptr());
            let place = tail.add(arrays).as_ptr();
            ptr::copy_nonoverlapping(text.as_ptr(), place, text.len());
            let format = CStr::from_ptr(place.cast());
            object.as_ref().base.describe(description::describe(description, &layout, format)?);
            Ok(Object::of(object))
        }
    };
    // SAFETY: as the caller promises.
    unsafe { description::with_layout(description, work) }
}

fn check_extent(description: &mv_buffer, layout: &Layout<'_>, start: *mut u8, extent: usize) -> Result<()> {
    if layout.is_empty() {
        return Ok(());
    }
    if description.buf.is_null() || start.is_null() {
        return Err(Error::DataNull { length: crate::error::signed(layout.nbytes()) });
    }
    let distance = description.buf.addr().wrapping_sub(start.addr()).cast_signed();
    if description.buf.addr() < start.addr() && distance >= 0
        || distance < 0 && description.buf.addr() > start.addr()
    {
        return Err(Error::Reach { reach: crate::error::signed(distance), extent: number(extent) });
    }
    layout::within(layout, distance, extent)
}

/// Gives the memory back and frees the object.
///
/// # Safety
/// It is of this kind, and nobody holds it.
pub(super) unsafe fn free(object: NonNull<Base>) {
    // SAFETY: as the caller promises; the callback is called once, here.
    unsafe {
        let Owned { free, context, data, .. } = *object.cast::<Owned>().as_ref();
        if let Some(free) = free {
            free(context, data.cast());
        }
        alloc::free(object.cast());
    }
}
