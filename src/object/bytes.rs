//! Bytes: an immutable copy. (`bytes`)

use core::ptr::NonNull;

use super::{
    Object,
    base::{self, Base},
    described::Described,
    kinds::Kind,
};
use crate::{
    alloc,
    error::{Error, Result, number},
    kernel::Span,
    layout::Layout,
};

#[repr(C)]
struct Bytes {
    base: Base,
    extent: [isize; 1],
}

/// The strides of plain bytes.
pub(super) static ONE: [isize; 1] = [1];

/// A length as an extent.
pub(super) fn extent(length: usize) -> Result<isize> {
    isize::try_from(length).map_err(|_| Error::Overflow { what: "a length above PTRDIFF_MAX" })
}

/// Checks that there is data where there is a length.
pub(super) fn check_data(data: &Span<'_>) -> Result<()> {
    if data.data().is_null() && data.length() != 0 {
        return Err(Error::DataNull { length: number(data.length()) });
    }
    Ok(())
}

/// The description of plain bytes at `data`.
///
/// # Safety
/// The extent outlives the description.
pub(super) unsafe fn described(data: *mut u8, extent: &[isize; 1], readonly: bool) -> Described {
    let layout = Layout { itemsize: 1, shape: extent, strides: &ONE, suboffsets: &[] };
    // SAFETY: as the caller promises; the rest is static.
    unsafe { Described::new(data, &layout, c"B", readonly) }
}

/// An immutable copy of the data.
pub fn new(data: &Span<'_>) -> Result<Object> {
    check_data(data)?;
    let extent = [extent(data.length())?];
    let object = base::allocate(Bytes { base: Base::new(Kind::Bytes), extent }, data.length())?;
    // SAFETY: the object is new; its tail holds the data, which is readable for its length.
    unsafe {
        let bytes = base::tail(object).as_ptr();
        if data.length() != 0 {
            bytes.copy_from_nonoverlapping(data.data(), data.length());
        }
        let this = object.as_ptr();
        let described = described(bytes, &(*this).extent, true);
        (*this).base.describe(described);
        Ok(Object::of(object))
    }
}

/// Frees the object.
///
/// # Safety
/// It is of this kind, and nobody holds it.
pub(super) unsafe fn free(object: NonNull<Base>) {
    // SAFETY: as the caller promises.
    unsafe { alloc::free(object.cast()) }
}
