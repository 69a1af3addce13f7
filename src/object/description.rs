//! Descriptions that callers and foreign exporters write: missing pieces filled in, everything checked.

use core::{
    ffi::{CStr, c_char},
    ptr,
};

use super::{
    described::{Described, full_layout},
    protocol::mv_buffer,
    request::text_or_byte,
};
use crate::{
    error::{Error, Result},
    format,
    layout::{self, Layout, MAX_NDIM, Order},
};

/// Runs `work` with the checked layout of a description: a NULL shape means one dimension of `len / itemsize`, NULL strides mean C order,
/// suboffsets that are all negative mean none. A `len` of 0 is taken from the shape.
///
/// # Safety
/// The arrays that are not NULL hold `ndim` entries and do not change meanwhile.
pub unsafe fn with_layout<R>(buffer: &mv_buffer, work: impl FnOnce(&Layout<'_>) -> Result<R>) -> Result<R> {
    let ndim = layout::check_ndim(buffer.ndim)?;
    if buffer.itemsize <= 0 {
        return Err(Error::Itemsize { itemsize: crate::error::signed(buffer.itemsize) });
    }
    // The space for what the description leaves out.
    let (spare_shape, mut spare_strides);
    let shape = match (buffer.shape.is_null(), ndim) {
        (_, 0) => &[][..],
        // SAFETY: the array is there.
        (false, _) => unsafe { core::slice::from_raw_parts(buffer.shape, ndim) },
        (true, 1) => {
            spare_shape = [items_of(buffer)?];
            &spare_shape[..]
        }
        (true, _) => return Err(Error::Null { argument: "shape", number: 1 }),
    };
    let strides = if buffer.strides.is_null() {
        spare_strides = [0; MAX_NDIM];
        let strides = spare_strides.get_mut(..ndim).unwrap_or(&mut []);
        layout::fill_strides(shape, buffer.itemsize, Order::C, strides)?;
        &*strides
    } else {
        // SAFETY: the array is there.
        unsafe { core::slice::from_raw_parts(buffer.strides, ndim) }
    };
    let suboffsets = if buffer.suboffsets.is_null() {
        &[][..]
    } else {
        // SAFETY: the array is there.
        unsafe { core::slice::from_raw_parts(buffer.suboffsets, ndim) }
    };
    let indirect = suboffsets.iter().any(|suboffset| *suboffset >= 0);
    let suboffsets = if indirect { suboffsets } else { &[] };
    let layout = Layout { itemsize: buffer.itemsize, shape, strides, suboffsets };
    let nbytes = layout::validate(&layout)?;
    if buffer.len != nbytes && buffer.len != 0 {
        let (given, needed) = (crate::error::signed(buffer.len), crate::error::signed(nbytes));
        return Err(Error::Count { what: "'len' and the shape", given, needed });
    }
    work(&layout)
}

fn items_of(buffer: &mv_buffer) -> Result<isize> {
    let whole = buffer.len.checked_rem(buffer.itemsize) == Some(0);
    match buffer.len.checked_div(buffer.itemsize) {
        Some(items) if items >= 0 && whole => Ok(items),
        _ => Err(Error::Value {
            what: "len",
            value: crate::error::signed(buffer.len),
            expected: "without a shape it is a whole number of items",
        }),
    }
}

/// A buffer in somebody's hands, as a layout: checked as if a foreign exporter had just filled it.
///
/// # Safety
/// The arrays that are not NULL hold `ndim` entries and do not change meanwhile.
pub unsafe fn with_acquired<R>(buffer: &mv_buffer, work: impl FnOnce(&Layout<'_>) -> Result<R>) -> Result<R> {
    let mut buffer = *buffer;
    if buffer.shape.is_null() && buffer.ndim == 1 && buffer.itemsize > 0 {
        // Plain bytes, whatever the items were: so a request without a shape is to be read.
        buffer.itemsize = 1;
    }
    let mut result = None;
    // SAFETY: as the caller promises.
    let checked = unsafe {
        with_layout(&buffer, |layout| {
            result = Some(work(layout));
            Ok(())
        })
    };
    checked.map_err(broken)?;
    result.unwrap_or(Err(Error::Overflow { what: "a buffer" }))
}

/// The same for a buffer that is complete, which is taken at its word: the quick way to one item.
///
/// # Safety
/// The buffer is one that memview, or an exporter that keeps the contract, filled.
#[inline]
pub unsafe fn with_trusted<R>(buffer: &mv_buffer, work: impl FnOnce(&Layout<'_>) -> Result<R>) -> Result<R> {
    let complete = buffer.ndim == 0 || !(buffer.shape.is_null() || buffer.strides.is_null());
    if complete && buffer.itemsize > 0 && (0..=64).contains(&buffer.ndim) {
        // SAFETY: nothing is missing.
        return work(&unsafe { full_layout(buffer) });
    }
    // SAFETY: as the caller promises.
    unsafe { with_acquired(buffer, work) }
}

/// The same fault as a breach of an exporter's contract, with the field at fault.
#[must_use]
pub fn broken(error: Error) -> Error {
    let (field, reason, value) = match error {
        Error::Ndim { ndim } => ("ndim", "is negative", ndim),
        Error::NdimLimit { ndim, .. } => ("ndim", "is above 64", ndim),
        Error::Itemsize { itemsize } => ("itemsize", "is not above 0", itemsize),
        Error::Null { .. } => ("shape", "is NULL", 0),
        Error::NegativeExtent { extent, .. } => ("shape", "has a negative extent", extent),
        Error::Overflow { .. } | Error::OverflowAt { .. } => {
            ("shape", "describes more than memory can hold", 0)
        }
        Error::Count { given, .. } => ("len", "is not the product of the shape and itemsize", given),
        Error::Value { value, .. } => ("len", "is not a whole number of items", value),
        Error::DataNull { length } => ("buf", "is NULL while there are items", length),
        Error::FormatsDiffer { right, .. } => ("itemsize", "is not that of the format", right),
        other => return other,
    };
    Error::Exporter { field, reason, value }
}

/// The format of a description; a native single character needs as many bytes as an item has, or fewer: then items are opaque.
///
/// # Safety
/// NULL or a terminated text, alive for 'a.
pub unsafe fn checked_format<'a>(format: *const c_char, itemsize: isize) -> Result<&'a CStr> {
    // SAFETY: as the caller promises.
    let text = unsafe { text_or_byte(format) };
    match format::Code::parse(text.to_bytes()) {
        Some(code) if code.size() > itemsize && !format.is_null() => Err(Error::FormatsDiffer {
            left: crate::error::signed(code.size()),
            right: crate::error::signed(itemsize),
        }),
        _ => Ok(text),
    }
}

/// A full description from a checked layout and what else the writer said.
///
/// # Safety
/// As [`Described::new`].
pub unsafe fn describe(buffer: &mv_buffer, layout: &Layout<'_>, format: &CStr) -> Result<Described> {
    if buffer.buf.is_null() && !layout.is_empty() {
        return Err(Error::DataNull { length: crate::error::signed(layout.nbytes()) });
    }
    // SAFETY: as the caller promises.
    Ok(unsafe { Described::new(buffer.buf.cast(), layout, format, buffer.readonly != 0) })
}

/// The arrays of a layout, copied behind an object: shape, strides and, where the layout is indirect, suboffsets.
///
/// # Safety
/// `to` has room for [`arrays_size`] bytes, is aligned for `isize`, and outlives 'a unchanged.
pub unsafe fn copy_arrays<'a>(layout: &Layout<'_>, to: *mut isize) -> Layout<'a> {
    let ndim = layout.ndim();
    // SAFETY: there is room for three arrays of `ndim`, as the caller promises.
    unsafe {
        let strides = to.add(ndim);
        // Side by side: for a few numbers a call of memcpy takes longer.
        for (dim, (extent, stride)) in layout.shape.iter().zip(layout.strides).enumerate() {
            to.add(dim).write(*extent);
            strides.add(dim).write(*stride);
        }
        let suboffsets = if layout.is_indirect() {
            let suboffsets = strides.add(ndim);
            ptr::copy_nonoverlapping(layout.suboffsets.as_ptr(), suboffsets, ndim);
            core::slice::from_raw_parts(suboffsets, ndim)
        } else {
            &[]
        };
        Layout {
            itemsize: layout.itemsize,
            shape: core::slice::from_raw_parts(to, ndim),
            strides: core::slice::from_raw_parts(strides, ndim),
            suboffsets,
        }
    }
}

/// The bytes that [`copy_arrays`] needs.
#[must_use]
pub const fn arrays_size(ndim: usize) -> usize {
    // At most 64 dimensions.
    ndim.saturating_mul(3 * size_of::<isize>())
}
