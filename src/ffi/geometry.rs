//! Section 5: geometry.

use core::ffi::{c_char, c_int};

use super::{Code, array, limited, make, make_quickly, mv_view, run, shape_or_none, text_at, value, view_at};
use crate::{error::mv_error, layout::mv_index, view::ParsedIndex};

/// Makes a view by a list of index items, one for each dimension; what is not named is taken whole. (`view[items]`)
///
/// An integer removes its dimension, a slice keeps it, an ellipsis stands for as many whole dimensions as are
/// missing, a newaxis adds a dimension of extent 1. Bounds of slices are clamped as in Python; a negative index or bound counts from the end.
///
/// `MV_E_NULL`: `view`, `out`, or `items` where `count` is above 0. `MV_E_VALUE`: `count` is negative, a step of 0, two ellipses, an unknown kind.
/// `MV_E_TYPE`: more items than dimensions. `MV_E_INDEX`: an integer out of bounds; `dim`, `value` and `limit` say
/// where. `MV_E_LIMIT`: more than 64 dimensions, or 2^30 views of one acquisition. `MV_E_UNSUPPORTED`: the result's suboffsets have no description.
/// `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_index(
    view: *const mv_view,
    items: *const mv_index,
    count: c_int,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        let quickly = || {
            let view = view_at(view, "view", 1).ok()?;
            view.index_quickly(array(items, value::count(count, "count").ok()?, "items", 2).ok()?)
        };
        make_quickly(out, error, quickly).unwrap_or_else(|| index(view, items, count, out, error))
    }
}

/// Every part that is not made the quick way.
#[inline(never)]
unsafe fn index(
    view: *const mv_view,
    items: *const mv_index,
    count: c_int,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        make(out, 4, error, || {
            let view = view_at(view, "view", 1)?;
            view.index(array(items, value::count(count, "count")?, "items", 2)?)
        })
    }
}

/// `mv_view_index` with the items as a text in Python's syntax: `"1:3, ..., ::-1"`; `newaxis` and `None` are the
/// same.
///
/// As `mv_view_index`; also `MV_E_VALUE`: a text that is no index, `position` says where.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_slice(
    view: *const mv_view,
    text: *const c_char,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        make(out, 3, error, || {
            let view = view_at(view, "view", 1)?;
            view.slice(text_at(text, "text", 2)?)
        })
    }
}

/// Reads an index text into items, for those who use one text for many views.
///
/// At most `capacity` items are written; `out_count` receives their number. 129 suffice for every text that a view
/// can take. Numbers beyond `ptrdiff_t` become its least or greatest: as an index they are out of bounds, as a bound they
/// are clamped.
///
/// `MV_E_NULL`: `text`, `out_count`, or `items` where `capacity` is above 0. `MV_E_VALUE`: `capacity` is negative, or a text that is no index,
/// `position` says where. `MV_E_LIMIT`: more items than `capacity`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_index_parse(
    text: *const c_char,
    items: *mut mv_index,
    capacity: c_int,
    out_count: *mut c_int,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let text = text_at(text, "text", 1)?;
            let to = value::out_array(items, value::count(capacity, "capacity")?, "items", 2)?;
            let to_count = value::out(out_count, "out_count", 4)?;
            let items = ParsedIndex::read(text)?;
            to.copy(items.items())?;
            to_count.write(value::int(items.items().len()));
            Ok(())
        })
    }
}

/// Makes a view with its dimensions in another order: dimension `i` of the result is dimension `axes[i]` of the
/// view. `NULL, 0` reverses them. A negative axis counts from the end. (`numpy.transpose`)
///
/// `MV_E_NULL`: `view`, `out`, or `axes` where `count` is above 0. `MV_E_VALUE`: `count` is not the number of dimensions, no such axis, or an axis
/// named twice. `MV_E_UNSUPPORTED`: a dimension would move across an indirect one. `MV_E_RELEASED`.
/// `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_transpose(
    view: *const mv_view,
    axes: *const c_int,
    count: c_int,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        let quickly = || {
            let view = view_at(view, "view", 1).ok()?;
            if axes.is_null() && count == 0 { view.reverse_quickly() } else { None }
        };
        make_quickly(out, error, quickly).unwrap_or_else(|| transpose(view, axes, count, out, error))
    }
}

/// Every order of dimensions that is not had the quick way.
#[inline(never)]
unsafe fn transpose(
    view: *const mv_view,
    axes: *const c_int,
    count: c_int,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        make(out, 4, error, || {
            let view = view_at(view, "view", 1)?;
            let count = value::count(count, "count")?;
            let axes = if axes.is_null() && count == 0 { None } else { Some(array(axes, count, "axes", 2)?) };
            view.transpose(axes)
        })
    }
}

/// Makes a view of the same items in another shape, taken in the order 'C', 'F', or, for 'A', in the one in which they lie.
/// One extent may be -1: it follows from the others. (`numpy.reshape`, without its copy)
///
/// `MV_E_NULL`: `view`, `out`, or `shape` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is negative, or another order. `MV_E_LIMIT`: `ndim` is above 64.
/// `MV_E_SHAPE`: another number of items, a negative extent, or two of -1. `MV_E_UNSUPPORTED`: the shape cannot be had without a
/// copy. `MV_E_RELEASED`. `MV_E_OVERFLOW`. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_reshape(
    view: *const mv_view,
    shape: *const isize,
    ndim: c_int,
    order: c_int,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        make(out, 5, error, || {
            let view = view_at(view, "view", 1)?;
            view.reshape(limited(shape, ndim, "shape", 2)?, value::order(order)?)
        })
    }
}

/// Makes a read-only view of a greater shape in which dimensions of extent 1, and new ones in front, repeat without a
/// copy. (`numpy.broadcast_to`)
///
/// `MV_E_NULL`: `view`, `out`, or `shape` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is negative. `MV_E_LIMIT`: `ndim` is above 64.
/// `MV_E_SHAPE`: the shapes do not fit, or a negative extent. `MV_E_OVERFLOW`.
/// `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_broadcast(
    view: *const mv_view,
    shape: *const isize,
    ndim: c_int,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        make(out, 4, error, || {
            let view = view_at(view, "view", 1)?;
            view.broadcast(limited(shape, ndim, "shape", 2)?)
        })
    }
}

/// Makes a read-only view of every position of a window that slides over the items, without a copy.
/// (`numpy.lib.stride_tricks.sliding_window_view`)
///
/// `shape` has one extent for each dimension of the view. The result has twice as many dimensions: the positions, `extent - window + 1` of
/// them, then the items of the window.
///
/// `MV_E_NULL`: `view`, `out`, or `shape` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is negative. `MV_E_LIMIT`: the view has more than
/// 32 dimensions. `MV_E_SHAPE`: not one extent for each dimension, a negative one, or one that is greater than the dimension; `dim` says
/// which. `MV_E_UNSUPPORTED`: the window would slide across a dereference. `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_window(
    view: *const mv_view,
    shape: *const isize,
    ndim: c_int,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { make(out, 4, error, || view_at(view, "view", 1)?.window(limited(shape, ndim, "shape", 2)?)) }
}

/// Makes a view of a diagonal: `axis1` and `axis2` are taken away, and the items whose position on `axis2` is that on `axis1` plus `offset`
/// become the last dimension. Axes may count from the end. (`numpy.diagonal`)
///
/// `MV_E_NULL`: `view` or `out`. `MV_E_VALUE`: there is no such axis, or both are the same. `MV_E_UNSUPPORTED`: the diagonal would cross a
/// dereference, or a suboffset go below zero; `dim` says where. `MV_E_OVERFLOW`. `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_diagonal(
    view: *const mv_view,
    offset: isize,
    axis1: c_int,
    axis2: c_int,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { make(out, 5, error, || view_at(view, "view", 1)?.diagonal(offset, (axis1, axis2))) }
}

/// Makes a view in a shape and with strides of the caller's, `offset` bytes from the first item, within the bytes that the view reaches.
/// (`numpy.lib.stride_tricks.as_strided`, but checked)
///
/// `strides` has `ndim` entries in bytes, of either sign or 0. Items of the result may overlap each other.
///
/// `MV_E_NULL`: `view`, `out`, or `shape` or `strides` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is negative. `MV_E_LIMIT`: `ndim` is
/// above 64. `MV_E_SHAPE`: a negative extent, or a byte outside of those that the view reaches (`value` counts from the first of them,
/// `limit` is how many there are). `MV_E_UNSUPPORTED`: the view has suboffsets. `MV_E_OVERFLOW`. `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_strided(
    view: *const mv_view,
    offset: isize,
    shape: *const isize,
    strides: *const isize,
    ndim: c_int,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        make(out, 6, error, || {
            let view = view_at(view, "view", 1)?;
            let shape = limited(shape, ndim, "shape", 3)?;
            view.strided(offset, shape, limited(strides, ndim, "strides", 4)?)
        })
    }
}

/// Makes a view of a part of every item: what a path leads to, as `mv_format_field` has it: a field of a struct, a position in a
/// sub-array; of a complex number also "real" and "imag" (of a field: "field.real").
///
/// Where the part is a sub-array its extents are appended to the shape. The view's format is that of the part.
///
/// `MV_E_NULL`: `view`, `path` or `out`. `MV_E_NOT_FOUND`: there is no such part; `position` is the offset in the path. `MV_E_LIMIT`: more than
/// 64 dimensions. `MV_E_FORMAT`: a part without bytes. `MV_E_UNSUPPORTED`: a suboffset would go below zero. `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_field(
    view: *const mv_view,
    path: *const c_char,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { make(out, 3, error, || view_at(view, "view", 1)?.field(text_at(path, "path", 2)?.to_bytes())) }
}

/// Makes a view of one of `parts` parts, for a host that has threads: the parts are balanced, do not overlap, and together hold every
/// item. `part` counts from 0. Where there are more parts than slices to share out, some are empty.
///
/// `MV_E_NULL`: `view` or `out`. `MV_E_VALUE`: `parts` is below 1, or there is no such part. `MV_E_TYPE`: 0 dimensions have one part.
/// `MV_E_UNSUPPORTED`: a suboffset would go below zero. `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_split(
    view: *const mv_view,
    part: c_int,
    parts: c_int,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { make(out, 4, error, || view_at(view, "view", 1)?.split(part, parts)) }
}

/// Makes a view of the same bytes as items of another format, in one dimension (`MV_NO_SHAPE`) or in the given shape
/// and the order 'C' or 'F'. (`memoryview.cast`)
///
/// `format` NULL keeps the format. The view must be contiguous in C order; one that is contiguous in Fortran order can be
/// cast to one dimension, as its bytes lie. The new format is any that has bytes; its text is
/// kept as it is written.
///
/// `MV_E_NULL`: `view`, `out`, or `shape` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is below -1, or another order.
/// `MV_E_LIMIT`: `ndim` is above 64. `MV_E_FORMAT`, `MV_E_LIMIT`, `MV_E_OVERFLOW`: as `mv_format_parse`. `MV_E_TYPE`: the view is not contiguous; its bytes are
/// no whole number of items or not as many as the shape needs; or it has no items and is given a shape. `MV_E_SHAPE`: an
/// extent that is not above 0. `MV_E_OVERFLOW`. `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_cast(
    view: *const mv_view,
    format: *const c_char,
    shape: *const isize,
    ndim: c_int,
    order: c_int,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        let quickly = || {
            let view = view_at(view, "view", 1).ok()?;
            let is_row = shape.is_null() && ndim == -1 && value::order_cf(order).is_ok();
            if is_row { view.cast_quickly(text_at(format, "format", 2).ok()?) } else { None }
        };
        make_quickly(out, error, quickly)
            .unwrap_or_else(|| cast(view, format, shape, ndim, order, out, error))
    }
}

/// Every cast that is not done the quick way.
#[inline(never)]
unsafe fn cast(
    view: *const mv_view,
    format: *const c_char,
    shape: *const isize,
    ndim: c_int,
    order: c_int,
    out: *mut *mut mv_view,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        make(out, 6, error, || {
            let view = view_at(view, "view", 1)?;
            let format = if format.is_null() { None } else { Some(text_at(format, "format", 2)?) };
            view.cast(format, shape_or_none(shape, ndim, 3)?, value::order_cf(order)?)
        })
    }
}
