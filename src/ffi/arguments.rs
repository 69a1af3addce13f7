//! Arguments from C, checked: pointers become references, arrays, texts and borrowed handles.

use core::{
    ffi::{CStr, c_char, c_int, c_void},
    fmt,
    mem::ManuallyDrop,
    ptr::NonNull,
};

use super::{mv_format, mv_view};
use crate::{
    error::{Error, Result},
    format::Out,
    kernel::{self, Span},
    layout,
    object::{
        Object,
        buffer::as_share,
        format::{Format, as_format},
        protocol::{mv_exporter, mv_object, mv_request},
        share::{NOT_A_VIEW, Share},
    },
    view::View,
};

/// A reference to a struct.
///
/// # Safety
/// NULL, or valid for 'a.
pub(super) unsafe fn at<'a, T>(pointer: *const T, argument: &'static str, number: i32) -> Result<&'a T> {
    // SAFETY: as the caller promises.
    unsafe { pointer.as_ref() }.ok_or(Error::Null { argument, number })
}

/// An array; NULL is an empty one where the count is 0.
///
/// # Safety
/// NULL, or `count` entries that are valid for 'a.
pub(super) unsafe fn array<'a, T>(
    first: *const T,
    count: usize,
    argument: &'static str,
    number: i32,
) -> Result<&'a [T]> {
    if count == 0 {
        return Ok(&[]);
    }
    if first.is_null() {
        return Err(Error::Null { argument, number });
    }
    // SAFETY: as the caller promises.
    Ok(unsafe { core::slice::from_raw_parts(first, count) })
}

/// A shape, an index or strides: an array of as many entries as there are dimensions.
///
/// # Safety
/// NULL, or `ndim` entries that are valid for 'a.
#[inline]
pub(super) unsafe fn limited<'a>(
    first: *const isize,
    ndim: c_int,
    argument: &'static str,
    number: i32,
) -> Result<&'a [isize]> {
    let ndim = layout::check_ndim(ndim)?;
    // SAFETY: as the caller promises.
    unsafe { array(first, ndim, argument, number) }
}

/// A shape, or none where it is `MV_NO_SHAPE`.
///
/// # Safety
/// NULL, or `ndim` entries that are valid for 'a.
pub(super) unsafe fn shape_or_none<'a>(
    shape: *const isize,
    ndim: c_int,
    number: i32,
) -> Result<Option<&'a [isize]>> {
    if shape.is_null() && ndim == -1 {
        return Ok(None);
    }
    // SAFETY: as the caller promises.
    unsafe { limited(shape, ndim, "shape", number).map(Some) }
}

/// A terminated text.
///
/// # Safety
/// NULL, or terminated and valid for 'a.
pub(super) unsafe fn text_at<'a>(
    text: *const c_char,
    argument: &'static str,
    number: i32,
) -> Result<&'a CStr> {
    if text.is_null() {
        return Err(Error::Null { argument, number });
    }
    // SAFETY: as the caller promises.
    Ok(unsafe { CStr::from_ptr(text) })
}

/// Contiguous bytes of the caller's.
///
/// # Safety
/// NULL, or `length` bytes that are valid for 'a.
pub(super) unsafe fn data<'a>(data: *const c_void, length: usize) -> Result<Span<'a>> {
    if data.is_null() && length > 0 {
        return Err(Error::DataNull { length: crate::error::number(length) });
    }
    // SAFETY: as the caller promises.
    Ok(unsafe { Span::from_const(data.cast(), length) })
}

/// A handle of an object, borrowed.
///
/// # Safety
/// NULL, or alive while the result is used.
#[inline]
pub(super) unsafe fn object_at(
    object: *const mv_object,
    argument: &'static str,
    number: i32,
) -> Result<ManuallyDrop<Object>> {
    let object = NonNull::new(object.cast_mut()).ok_or(Error::Null { argument, number })?;
    // SAFETY: alive, as the caller promises.
    unsafe {
        if object.as_ref().r#type.is_null() {
            return Err(Error::Null { argument: "object->type", number });
        }
        Ok(Object::borrow(object))
    }
}

/// A handle of a view of this copy, borrowed.
///
/// # Safety
/// NULL, or alive while the result is used.
#[inline]
pub(super) unsafe fn view_at(
    view: *const mv_view,
    argument: &'static str,
    number: i32,
) -> Result<ManuallyDrop<View>> {
    // SAFETY: as the caller promises.
    unsafe {
        let object = object_at(view.cast(), argument, number)?;
        let share = as_share(&object).ok_or(NOT_A_VIEW)?;
        Ok(ManuallyDrop::new(View::of(Share::own(share.as_raw()))))
    }
}

/// A handle of a format of this copy, borrowed.
///
/// # Safety
/// NULL, or alive while the result is used.
pub(super) unsafe fn format_at(
    format: *const mv_format,
    argument: &'static str,
    number: i32,
) -> Result<ManuallyDrop<Format>> {
    // SAFETY: as the caller promises.
    unsafe {
        let object = object_at(format.cast(), argument, number)?;
        as_format(&object).ok_or(Error::Kind { expected: "a format" })
    }
}

/// A struct that begins with its size.
///
/// # Safety
/// The first member is a `usize`: the size.
pub(super) unsafe trait Grows: Copy {}

// SAFETY: `size` is the first member.
unsafe impl Grows for mv_request {}
// SAFETY: `size` is the first member.
unsafe impl Grows for mv_exporter {}

/// A struct that may grow, brought to this version's size: a larger one is a newer caller's, and the rest is ignored. There is
/// no older size than this one yet.
///
/// # Safety
/// NULL, or a struct that begins with its size and is that long.
pub(super) unsafe fn fresh<T: Grows>(pointer: *const T, argument: &'static str, number: i32) -> Result<T> {
    if pointer.is_null() {
        return Err(Error::Null { argument, number });
    }
    // SAFETY: every such struct begins with its size.
    let size = unsafe { pointer.cast::<usize>().read() };
    if size < size_of::<T>() {
        return Err(Error::StructSize {
            size: crate::error::number(size),
            least: crate::error::number(size_of::<T>()),
        });
    }
    // SAFETY: the struct is at least as long.
    Ok(unsafe { pointer.read() })
}

/// A caller's space for a text, written with snprintf's rule.
pub(super) struct TextOut {
    text: *mut c_char,
    size: usize,
    length: usize,
}

impl TextOut {
    /// # Safety
    /// NULL, or `size` bytes of the caller's.
    pub(super) unsafe fn new(text: *mut c_char, size: usize, number: i32) -> Result<TextOut> {
        if text.is_null() && size > 0 {
            return Err(Error::Null { argument: "text", number });
        }
        Ok(TextOut { text, size, length: 0 })
    }

    /// Lets `write` put characters into what room there is, and tell how many there are in all.
    pub(super) fn fill(&mut self, write: impl FnOnce(&Span<'_>) -> Result<usize>) -> Result<()> {
        let room = self.size.saturating_sub(self.length).saturating_sub(1);
        // SAFETY: within the caller's space, with room for the terminator.
        let space = unsafe { Span::new(self.text.wrapping_add(self.length).cast(), room) };
        self.length = self.length.saturating_add(write(&space)?);
        Ok(())
    }

    /// Terminates the text and tells its full length.
    ///
    /// # Safety
    /// `out_length` is NULL or the caller's.
    pub(super) unsafe fn finish(self, out_length: *mut usize) {
        // SAFETY: the terminator lies within the caller's space.
        unsafe {
            if self.size > 0 {
                self.text.add(self.length.min(self.size.saturating_sub(1))).write(0);
            }
            if let Some(out) = out_length.as_mut() {
                *out = self.length;
            }
        }
    }
}

impl fmt::Write for TextOut {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.write_bytes(piece.as_bytes())
    }
}

impl Out for TextOut {
    fn write_bytes(&mut self, bytes: &[u8]) -> fmt::Result {
        self.fill(|space| {
            kernel::write_span(space, bytes);
            Ok(bytes.len())
        })
        .map_err(|_| fmt::Error)
    }
}
