//! `c-tests/test_object_array.c`: making an array, and changing its shape.

use std::{
    ffi::{CStr, c_int, c_long, c_longlong, c_short, c_void},
    ptr,
};

use memview::error::mv_status::*;

use crate::{
    fixtures::*,
    harness::{detail, text},
};

#[test]
fn array_is_zeroed_aligned_and_in_order() {
    let view = view_taking(array_of(c"i", &[2, 3], F));
    let b = buffer_of(view);
    assert_eq!(text(b.format).as_deref(), Some("i"));
    assert_eq!((b.itemsize, b.readonly), (4, 0));
    assert_eq!(b.buf.addr() % 64, 0);
    assert_eq!(shape(view), [2, 3]);
    assert_eq!(strides(view), [4, 8]);
    assert_eq!(items(view), [0; 6]);
    let other = view_taking(array_of(c"i", &[2, 3], C));
    assert_eq!(strides(other), [12, 4]);
    drop_views([view, other]);
}

#[test]
fn array_of_each_native_format() {
    let formats: [(&CStr, usize); 19] = [
        (c"c", 1),
        (c"b", 1),
        (c"B", 1),
        (c"?", size_of::<bool>()),
        (c"h", size_of::<c_short>()),
        (c"H", size_of::<c_short>()),
        (c"i", size_of::<c_int>()),
        (c"I", size_of::<c_int>()),
        (c"l", size_of::<c_long>()),
        (c"L", size_of::<c_long>()),
        (c"q", size_of::<c_longlong>()),
        (c"Q", size_of::<c_longlong>()),
        (c"n", size_of::<isize>()),
        (c"N", size_of::<usize>()),
        (c"e", 2),
        (c"f", size_of::<f32>()),
        (c"d", size_of::<f64>()),
        (c"P", size_of::<*const c_void>()),
        (c"@d", size_of::<f64>()),
    ];
    for (format, itemsize) in formats {
        let view = view_taking(array_of(format, &[3], C));
        let b = buffer_of(view);
        assert_eq!(text(b.format).as_deref(), format.to_str().ok());
        assert_eq!((b.itemsize, b.len), (itemsize.cast_signed(), 3 * itemsize.cast_signed()));
        drop_views([view]);
    }
}

#[test]
fn array_of_no_dimensions_and_without_items() {
    let view = view_taking(made!(mv_array_new(c"q".as_ptr(), ptr::null(), 0, C)));
    assert_eq!(buffer_of(view).ndim, 0);
    assert_eq!(items(view), [0]);
    drop_views([view]);
    // However great the other extents are, and wherever the zero stands.
    unref(array_of(c"q", &[isize::MAX, isize::MAX, 0], C));
    let view = view_taking(array_of(c"q", &[0, isize::MAX, isize::MAX], F));
    assert_eq!(buffer_of(view).len, 0);
    assert_eq!(shape(view), [0, isize::MAX, isize::MAX]);
    drop_views([view]);
}

#[test]
fn array_new_refuses() {
    let (two, byte) = ([2].as_ptr(), c"B".as_ptr());
    assert_eq!(refused!(mv_array_new(NO_TEXT, two, 1, C), MV_E_NULL).dim, 1);
    assert_eq!(refused!(mv_array_new(byte, ptr::null(), 1, C), MV_E_NULL).dim, 2);
    assert_eq!(fails!(mv_array_new(byte, two, 1, C, ptr::null_mut()), MV_E_NULL).dim, 5);
    for order in [A, c_int::from(b'c'), C + 256] {
        refused!(mv_array_new(byte, two, 1, order), MV_E_VALUE);
    }
    assert_eq!(refused!(mv_array_new(byte, ptr::null(), -1, C), MV_E_VALUE).value, -1);
    for format in [c"", c"@", c"\x01"] {
        refused!(mv_array_new(format.as_ptr(), two, 1, C), MV_E_FORMAT);
    }
    let error = refused!(mv_array_new(byte, [2, -1].as_ptr(), 2, C), MV_E_SHAPE);
    assert_eq!(detail(&error), (1, -1, -1, 0));
    refused!(mv_array_new(byte, [-1, 0].as_ptr(), 2, C), MV_E_SHAPE);
    let error = refused!(mv_array_new(byte, [1; 65].as_ptr(), 65, C), MV_E_LIMIT);
    assert_eq!(detail(&error), (-1, -1, 65, 64));
    unref(array_of(c"B", &[1; 64], C));
}

#[test]
fn array_new_refuses_sizes() {
    let byte = c"B".as_ptr();
    refused!(mv_array_new(byte, [isize::MAX, 3].as_ptr(), 2, C), MV_E_OVERFLOW);
    refused!(mv_array_new(byte, [3, isize::MAX].as_ptr(), 2, F), MV_E_OVERFLOW);
    refused!(mv_array_new(c"h".as_ptr(), [isize::MAX / 2 + 1].as_ptr(), 1, C), MV_E_OVERFLOW);
    if MALLOC_REFUSES {
        refused!(mv_array_new(byte, [isize::MAX - 65536].as_ptr(), 1, C), MV_E_NO_MEMORY);
    }
}

/// An array of 3 x 4 numbered items gets another shape; the items that lie in both keep index and value.
fn check_resize(order: c_int, rows: isize, columns: isize) {
    let array = array_of(c"h", &[3, 4], order);
    let view = view_of(array);
    for (index, number) in indices(&[3, 4]).iter().zip(1..) {
        ok!(mv_view_set_i64(view, index.as_ptr(), 2, number));
    }
    drop_views([view]);
    ok!(mv_array_resize(array, [rows, columns].as_ptr(), 2));
    let view = view_taking(array);
    assert_eq!(shape(view), [rows, columns]);
    let line = rows <= 1 || columns <= 1;
    assert_eq!(contiguous(view), [line || order == C, line || order == F, true].map(c_int::from));
    let kept = |index: &Vec<isize>| match index[..] {
        [y @ ..3, x @ ..4] => i64::try_from(y * 4 + x + 1).expect("a small number"),
        _ => 0,
    };
    assert_eq!(items(view), indices(&[rows, columns]).iter().map(kept).collect::<Vec<i64>>());
    drop_views([view]);
}

#[test]
fn array_resize_keeps_what_lies_in_both_shapes() {
    let sizes = [(4, 5), (2, 6), (6, 2), (0, 4), (1, 1), (3, 4), (5, 4), (3, 7), (2, 4), (3, 2)];
    let tried = if cfg!(miri) { 5 } else { sizes.len() }; // one of each kind
    for &(rows, columns) in &sizes[..tried] {
        check_resize(C, rows, columns);
        check_resize(F, rows, columns);
    }
}

#[test]
fn array_resize_refuses() {
    let (array, bytes) = (array_of(c"h", &[2, 3], C), bytes_of(b"abc"));
    let resize =
        |shape: &[isize], status| fails!(mv_array_resize(array, shape.as_ptr(), ndim(shape)), status);
    assert_eq!(fails!(mv_array_resize(NO_OBJECT, [2, 3].as_ptr(), 2), MV_E_NULL).dim, 1);
    assert_eq!(fails!(mv_array_resize(array, ptr::null(), 2), MV_E_NULL).dim, 2);
    fails!(mv_array_resize(bytes, [2].as_ptr(), 1), MV_E_TYPE);
    resize(&[6], MV_E_SHAPE);
    assert_eq!(detail(&resize(&[2, -3], MV_E_SHAPE)), (1, -1, -3, 0));
    fails!(mv_array_resize(array, ptr::null(), -1), MV_E_VALUE);
    resize(&[1; 65], MV_E_LIMIT);
    resize(&[isize::MAX, 2], MV_E_OVERFLOW);
    if MALLOC_REFUSES {
        resize(&[isize::MAX / 2 - 65536, 1], MV_E_NO_MEMORY);
    }
    let view = view_of(array);
    assert_eq!(shape(view), [2, 3]);
    assert_eq!(resize(&[3, 3], MV_E_EXPORTED).value, 1);
    drop_views([view]);
    ok!(mv_object_revoke(array));
    resize(&[3, 3], MV_E_RELEASED);
    drop_objects([array, bytes]);
}
