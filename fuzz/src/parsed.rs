//! Parsed formats, and what can be asked of them.

use std::{
    ffi::{CStr, CString, c_char},
    marker::PhantomData,
    ptr::{self, NonNull},
};

use memview::{
    error::mv_error,
    ffi::{self, Code, mv_field, mv_format},
};

use crate::call::{Answer, View, call, make};

/// One reference to a format.
pub struct Format(NonNull<mv_format>);

impl Drop for Format {
    fn drop(&mut self) {
        // SAFETY: the reference is ours.
        unsafe { ffi::mv_format_unref(self.0.as_ptr()) }
    }
}

impl Format {
    /// `mv_format_parse`
    pub fn parse(text: &CStr, rules: i32) -> Answer<Format> {
        // SAFETY: the text is terminated.
        make(|out, error| unsafe { ffi::mv_format_parse(text.as_ptr(), rules, out, error) }).map(Format)
    }

    /// `mv_format_from_numpy`
    pub fn from_numpy(text: &CStr) -> Answer<Format> {
        // SAFETY: the text is terminated.
        make(|out, error| unsafe { ffi::mv_format_from_numpy(text.as_ptr(), out, error) }).map(Format)
    }

    /// `mv_view_format`
    pub fn of_view(view: &View) -> Answer<Format> {
        // SAFETY: the view is alive.
        make(|out, error| unsafe { ffi::mv_view_format(view.raw(), out, error) }).map(Format)
    }

    /// A reference that was given away.
    ///
    /// # Safety
    /// It is one to a format.
    pub unsafe fn of(format: NonNull<mv_format>) -> Format {
        Format(format)
    }

    /// The format, to be asked.
    pub fn part(&self) -> Part<'_> {
        Part(self.0.as_ptr(), PhantomData)
    }
}

/// A format, or one that belongs to another.
#[derive(Clone, Copy)]
pub struct Part<'f>(*const mv_format, PhantomData<&'f ()>);

/// A text that a call writes: asked for its length, written into exactly as much, and cut.
pub fn written(ask: impl Fn(*mut c_char, usize, *mut usize, *mut mv_error) -> Code) -> Answer<CString> {
    let mut length = 0;
    call(|error| ask(ptr::null_mut(), 0, &raw mut length, error))?;
    let mut text = vec![0xAAu8; length + 1];
    let mut again = 0;
    call(|error| ask(text.as_mut_ptr().cast(), text.len(), &raw mut again, error))?;
    assert_eq!(again, length, "the length of a text has changed");
    let half = length / 2;
    let mut cut = vec![0xAAu8; half + 1];
    call(|error| ask(cut.as_mut_ptr().cast(), cut.len(), ptr::null_mut(), error))?;
    let end = cut.iter().position(|byte| *byte == 0).expect("a cut text is terminated");
    assert!(text.starts_with(&cut[..end]) && half - end < 4, "a text is cut at the boundary of a character");
    let text = CString::from_vec_with_nul(text).expect("one text, terminated at its length");
    Ok(text)
}

impl<'f> Part<'f> {
    /// The format of a field.
    pub fn of_field(field: &mv_field, _life: Part<'f>) -> Part<'f> {
        Part(field.format, PhantomData)
    }

    /// A format that a scalar names.
    ///
    /// # Safety
    /// It is one, and alive for 'f.
    pub unsafe fn of_raw(format: *const mv_format) -> Part<'f> {
        Part(format, PhantomData)
    }

    /// `mv_format_text`
    pub fn text(self) -> CString {
        // SAFETY: the format is alive.
        let text = written(|to, size, length, error| unsafe {
            ffi::mv_format_text(self.0, to, size, length, error)
        });
        text.expect("the text of a format")
    }

    /// `mv_format_numpy`
    pub fn numpy(self) -> Answer<CString> {
        // SAFETY: the format is alive.
        written(|to, size, length, error| unsafe { ffi::mv_format_numpy(self.0, to, size, length, error) })
    }

    /// `mv_format_itemsize`
    pub fn itemsize(self) -> isize {
        // SAFETY: the format is alive.
        unsafe { ffi::mv_format_itemsize(self.0) }
    }

    /// `mv_format_alignment`
    pub fn alignment(self) -> isize {
        // SAFETY: the format is alive.
        unsafe { ffi::mv_format_alignment(self.0) }
    }

    /// `mv_format_kind`
    pub fn kind(self) -> i32 {
        // SAFETY: the format is alive.
        unsafe { ffi::mv_format_kind(self.0) }
    }

    /// `mv_format_equal`
    pub fn equals(self, other: Part) -> bool {
        // SAFETY: the formats are alive.
        unsafe { ffi::mv_format_equal(self.0, other.0) == 1 }
    }

    /// `mv_format_field_count`
    pub fn field_count(self) -> usize {
        // SAFETY: the format is alive.
        unsafe { ffi::mv_format_field_count(self.0) }
    }

    /// `mv_format_field_at`
    pub fn field_at(self, number: usize) -> Answer<mv_field> {
        // SAFETY: the format is alive.
        field(|out, error| unsafe { ffi::mv_format_field_at(self.0, number, out, error) })
    }

    /// `mv_format_field`
    pub fn field(self, path: &CStr) -> Answer<mv_field> {
        // SAFETY: the format is alive.
        field(|out, error| unsafe { ffi::mv_format_field(self.0, path.as_ptr(), out, error) })
    }

    /// `mv_format_element`
    pub fn element(self) -> Answer<mv_field> {
        // SAFETY: the format is alive.
        field(|out, error| unsafe { ffi::mv_format_element(self.0, out, error) })
    }
}

fn field(work: impl FnOnce(*mut mv_field, *mut mv_error) -> Code) -> Answer<mv_field> {
    let mut out = mv_field {
        name: ptr::null(),
        offset: 0,
        itemsize: 0,
        shape: ptr::null(),
        ndim: 0,
        format: ptr::null(),
    };
    call(|error| work(&raw mut out, error))?;
    Ok(out)
}

/// The extents of a sub-array that a field is; none otherwise.
pub fn extents(field: &mv_field) -> &[isize] {
    if field.ndim == 0 {
        return &[];
    }
    // SAFETY: a shape has as many extents.
    unsafe { std::slice::from_raw_parts(field.shape, field.ndim as usize) }
}

/// The name of a field, where it is the whole path to it.
pub fn name(field: &mv_field) -> Option<&CStr> {
    if field.name.is_null() {
        return None;
    }
    // SAFETY: a name is a terminated text.
    let name = unsafe { CStr::from_ptr(field.name) };
    let plain = !name.is_empty() && !name.to_bytes().iter().any(|byte| matches!(byte, b'.' | b'['));
    plain.then_some(name)
}
