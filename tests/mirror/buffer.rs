//! `c-tests/test_buffer.c`: contiguity, alignment, extent, addresses, and the helpers for exporters.

use std::{ffi::c_int, ptr};

use memview::{
    error::{mv_error, mv_status, mv_status::*},
    ffi::mv_view,
    object::{flags::*, protocol::mv_buffer},
};

use crate::{
    fixtures::*,
    harness::{detail, placed, text, zero},
    table::{POINTER, table_view},
};

/// A buffer that nobody granted: so many items of so many bytes, one dimension, no arrays.
fn plain(at: *mut u8, items: isize, itemsize: isize) -> mv_buffer {
    mv_buffer { buf: at.cast(), len: items * itemsize, itemsize, ndim: 1, ..zero() }
}

#[test]
fn acceptance_001_c_view_is_c_contiguous() {
    let view = numbered(c"B", &[2, 3], C);
    assert_eq!(strides(view), [3, 1]);
    assert_eq!(contiguous(view), [1, 0, 1]);
    drop_views([view]);
}

#[test]
fn acceptance_002_f_view_is_f_contiguous() {
    let view = numbered(c"B", &[2, 3], F);
    assert_eq!(strides(view), [1, 2]);
    assert_eq!(contiguous(view), [0, 1, 1]);
    drop_views([view]);
}

#[test]
fn acceptance_003_one_long_dimension_is_contiguous_in_both_orders() {
    for shape in [&[1, 4][..], &[4, 1], &[1, 3, 1], &[1, 1]] {
        let views = [C, F].map(|order| numbered(c"H", shape, order));
        assert_eq!(views.map(|view| contiguous(view)), [[1, 1, 1]; 2]);
        drop_views(views);
    }
    // The stride of an extent of 1 leads nowhere.
    let data = placed([0_u8; 4]);
    let (extents, steps) = ([1, 4, 1], [-777, 1, 12345]);
    let (shape, strides) = (extents.as_ptr(), steps.as_ptr());
    let odd = mv_buffer { ndim: 3, shape, strides, ..plain(data.address().cast(), 4, 1) };
    let view = made!(mv_view_from_buffer(&raw const odd));
    assert_eq!(contiguous(view), [1, 1, 1]);
    drop_views([view]);
}

#[test]
fn acceptance_004_without_items_is_contiguous_in_both_orders() {
    for shape in [&[3, 0][..], &[0, 3], &[7, 0, 7]] {
        let views = [C, F].map(|order| numbered(c"H", shape, order));
        assert_eq!(views.map(|view| contiguous(view)), [[1, 1, 1]; 2]);
        assert_eq!(buffer_of(views[0]).len, 0);
        drop_views(views);
    }
}

#[test]
fn acceptance_005_length_1_with_a_step_is_contiguous() {
    let view = numbered(c"B", &[12], C);
    let slice = sliced(view, c"3:4:2");
    assert_eq!(shape(slice), [1]);
    assert_eq!(contiguous(slice), [1, 1, 1]);
    assert_eq!(items(slice), [3]);
    drop_views([view, slice]);
}

#[test]
fn acceptance_006_empty_slice_with_a_step_is_contiguous() {
    let view = numbered(c"B", &[12], C);
    for text in [c"5:5:3", c"2:5:-1", c"12::7", c"0:0:-2"] {
        let slice = sliced(view, text);
        assert_eq!(shape(slice), [0]);
        assert_eq!(contiguous(slice), [1, 1, 1]);
        let b = acquire(as_object(slice), MV_SIMPLE);
        assert_eq!(b.len, 0);
        release(b);
        let cast = made!(mv_view_cast(slice, c"H".as_ptr(), ptr::null(), -1, C));
        assert_eq!(shape(cast), [0]);
        drop_views([slice, cast]);
    }
    drop_views([view]);
}

#[test]
fn acceptance_007_no_dimensions_are_contiguous() {
    let view = numbered(c"H", &[], C);
    let b = buffer_of(view);
    assert_eq!(contiguous(view), [1, 1, 1]);
    assert_eq!((b.ndim, b.len), (0, 2));
    assert!([b.shape, b.strides, b.suboffsets].iter().all(|array| array.is_null()));
    refused!(mv_view_slice(view, c":".as_ptr()), MV_E_TYPE);
    drop_views([view]);
}

#[test]
fn contiguity_of_strided_memory_and_of_other_orders() {
    let view = numbered(c"B", &[4, 6], C);
    for text in [c"::2", c":, ::2", c"::-1", c":, 1:5"] {
        let slice = sliced(view, text);
        assert_eq!(contiguous(slice), [0, 0, 0]);
        drop_views([slice]);
    }
    for order in [c_int::from(b'c'), c_int::from(b'f'), c_int::from(b'K'), 0, -1, C + 256, c_int::MIN] {
        assert_eq!(call!(mv_buffer_is_contiguous(call!(mv_view_buffer(view)), order)), 0);
    }
    assert_eq!(call!(mv_buffer_is_contiguous(ptr::null(), C)), 0);
    drop_views([view]);
    let mut byte = 0;
    let plain = plain(&raw mut byte, 1, 1);
    assert_eq!(call!(mv_buffer_is_contiguous(&raw const plain, F)), 1);
}

#[test]
fn alignment_is_that_of_every_item() {
    #[repr(align(64))]
    struct Block([u8; 256]);
    let mut block = Block([0; 256]);
    let first = block.0.as_mut_ptr();
    let cases = [
        (0, [3, 4], [24, 4], 4),
        (0, [3, 4], [24, 8], 8),
        (4, [3, 4], [24, 8], 4),
        (0, [3, 4], [25, 8], 1),
        (2, [1, 4], [7, 16], 2),
        (8, [1, 1], [3, 5], 8),
        (32, [2, 2], [-16, 4], 4),
        (16, [2, 2], [0, 32], 16),
    ];
    for (offset, shape, strides, alignment) in cases {
        let (items, shape, strides) = (shape[0] * shape[1], shape.as_ptr(), strides.as_ptr());
        let b = mv_buffer { ndim: 2, shape, strides, ..plain(first.wrapping_add(offset), items, 4) };
        assert_eq!(call!(mv_buffer_alignment(&raw const b)), alignment);
    }
    let senseless = mv_buffer { len: 4, ..plain(first, 4, 0) };
    assert_eq!(call!(mv_buffer_alignment(&raw const senseless)), 0);
    assert_eq!(call!(mv_buffer_alignment(ptr::null())), 0);
}

fn check_extent(view: *mut mv_view, low: isize, size: usize) {
    let (mut at, mut length) = (ptr::null(), 0);
    ok!(mv_buffer_extent(call!(mv_view_buffer(view)), &raw mut at, &raw mut length));
    assert_eq!(at, buffer_of(view).buf.wrapping_byte_offset(low).cast_const());
    assert_eq!(length, size);
    drop_views([view]);
}

#[test]
fn extent_is_what_the_items_reach() {
    let view = numbered(c"H", &[4, 6], C);
    check_extent(sliced(view, c":"), 0, 48);
    check_extent(sliced(view, c"::-1"), -36, 48);
    check_extent(sliced(view, c":, ::-1"), -10, 48);
    check_extent(sliced(view, c"1:3, 2:5"), 0, 18);
    check_extent(sliced(view, c"::-1, ::-2"), -36 - 8, 46);
    check_extent(sliced(view, c"2, 3:4"), 0, 2);
    drop_views([view]);
    check_extent(numbered(c"H", &[4, 0], C), 0, 0);
    check_extent(table_view(2, 3, 4), 0, 3 * POINTER.cast_unsigned());
}

#[test]
fn extent_refuses() {
    let view = numbered(c"B", &[2], C);
    let (before, mut length) = (NO_DATA.wrapping_byte_add(64), 99);
    let mut at = before;
    let (to, to_length) = (&raw mut at, &raw mut length);
    let good = call!(mv_view_buffer(view));
    fails!(mv_buffer_extent(ptr::null(), to, to_length), MV_E_NULL);
    assert_eq!(fails!(mv_buffer_extent(good, ptr::null_mut(), to_length), MV_E_NULL).dim, 2);
    assert_eq!(fails!(mv_buffer_extent(good, to, ptr::null_mut()), MV_E_NULL).dim, 3);
    let (extent, wild, buf) = ([3], [isize::MAX], buffer_of(view).buf);
    let senseless = mv_buffer { shape: extent.as_ptr(), len: 3, ..plain(buf.cast(), 3, -1) };
    fails!(mv_buffer_extent(&raw const senseless, to, to_length), MV_E_CALLBACK);
    let wide = mv_buffer { shape: extent.as_ptr(), strides: wild.as_ptr(), ..plain(buf.cast(), 3, 1) };
    fails!(mv_buffer_extent(&raw const wide, to, to_length), MV_E_OVERFLOW);
    assert_eq!((at, length), (before, 99));
    drop_views([view]);
}

#[test]
fn pointer_follows_strides_and_pointers() {
    let view = numbered(c"H", &[4, 6], C);
    let views = [view, sliced(view, c"::-1, 1::2"), table_view(2, 3, 4)];
    for view in views {
        let (b, given) = (buffer_of(view), call!(mv_view_buffer(view)));
        for index in indices(&shape(view)) {
            let expected = item_address(&b, &index).cast();
            assert_eq!(made!(mv_buffer_pointer(given, index.as_ptr(), 2)), expected);
            let from_end: Vec<isize> = index.iter().zip(shape(view)).map(|(i, extent)| i - extent).collect();
            assert_eq!(made!(mv_buffer_pointer(given, from_end.as_ptr(), 2)), expected);
        }
    }
    drop_views(views);
    let mut data = [0; 10];
    let first = data.as_mut_ptr();
    let plain = plain(first, 5, 2);
    // Without a shape, one dimension of `len` bytes.
    for (index, offset) in [(4, 4), (9, 9), (-1, 9)] {
        let at = made!(mv_buffer_pointer(&raw const plain, [index].as_ptr(), 1));
        assert_eq!(at, first.wrapping_add(offset).cast());
    }
    let mut at = ptr::null_mut();
    fails!(mv_buffer_pointer(&raw const plain, [10].as_ptr(), 1, &raw mut at), MV_E_INDEX);
}

#[test]
fn pointer_refuses() {
    let view = numbered(c"H", &[4, 6], C);
    let good = call!(mv_view_buffer(view));
    let before = ptr::without_provenance_mut(64);
    let mut at = before;
    let to = &raw mut at;
    let many = [0; 65].as_ptr();
    assert_eq!(fails!(mv_buffer_pointer(ptr::null(), many, 2, to), MV_E_NULL).dim, 1);
    assert_eq!(fails!(mv_buffer_pointer(good, ptr::null(), 2, to), MV_E_NULL).dim, 2);
    assert_eq!(fails!(mv_buffer_pointer(good, many, 2, ptr::null_mut()), MV_E_NULL).dim, 4);
    fails!(mv_buffer_pointer(good, ptr::null(), -1, to), MV_E_VALUE);
    fails!(mv_buffer_pointer(good, many, 65, to), MV_E_LIMIT);
    assert_eq!(detail(&fails!(mv_buffer_pointer(good, many, 3, to), MV_E_TYPE)), (-1, -1, 3, 2));
    fails!(mv_buffer_pointer(good, many, 1, to), MV_E_TYPE);
    let outside = |index: [isize; 2]| fails!(mv_buffer_pointer(good, index.as_ptr(), 2, to), MV_E_INDEX);
    assert_eq!(detail(&outside([3, 6])), (1, -1, 6, 6));
    assert_eq!(detail(&outside([-5, 0])), (0, -1, -5, 4));
    outside([isize::MIN, 0]);
    outside([0, isize::MAX]);
    let senseless = mv_buffer { ndim: -1, ..buffer_of(view) };
    fails!(mv_buffer_pointer(&raw const senseless, many, 1, to), MV_E_CALLBACK);
    assert_eq!(at, before);
    drop_views([view]);
}

#[test]
fn fill_info_describes_plain_bytes() {
    let (data, length) = (placed(*b"abcd"), 4);
    let object = bytes_of(b"x");
    let fill = |object, readonly, flags| {
        let mut b = zero();
        ok!(mv_buffer_fill_info(&raw mut b, object, data.address(), &raw const length, readonly, flags));
        b
    };
    let b = fill(object, 0, MV_FULL);
    assert_eq!((b.buf, b.obj), (data.address(), object));
    assert_eq!((b.len, b.itemsize, b.readonly, b.ndim), (4, 1, 0, 1));
    assert_eq!(text(b.format).as_deref(), Some("B"));
    assert_eq!(b.shape, &raw const length);
    assert_eq!(entries(b.strides, 1), [1]); // `b` was moved: no array points into the struct
    assert!(b.suboffsets.is_null());
    let b = fill(NO_OBJECT, 1, MV_SIMPLE);
    assert!(b.obj.is_null() && b.format.is_null() && b.shape.is_null() && b.strides.is_null());
    assert_eq!(b.readonly, 1);
    assert_eq!(text(fill(NO_OBJECT, 1, MV_FORMAT).format).as_deref(), Some("B"));
    let b = fill(NO_OBJECT, 1, MV_ND);
    assert_eq!(b.shape, &raw const length);
    assert!(b.strides.is_null());
    unref(object);
}

#[test]
fn fill_info_refuses() {
    let data = placed(*b"abcd");
    let (four, negative, none) = (4, -4, 0);
    let refuse = |at, length: *const isize, readonly, flags, status: mv_status| -> mv_error {
        let mut b: mv_buffer = crate::harness::junk();
        let error = fails!(mv_buffer_fill_info(&raw mut b, NO_OBJECT, at, length, readonly, flags), status);
        assert!(crate::harness::is_zero(&b));
        error
    };
    let at = data.address();
    let error =
        fails!(mv_buffer_fill_info(ptr::null_mut(), NO_OBJECT, at, &raw const four, 0, MV_FULL), MV_E_NULL);
    assert_eq!(error.dim, 1);
    assert_eq!(refuse(at, ptr::null(), 0, MV_FULL, MV_E_NULL).dim, 4);
    assert_eq!(refuse(at, &raw const negative, 0, MV_FULL, MV_E_VALUE).value, -4);
    refuse(ptr::null_mut(), &raw const four, 0, MV_FULL, MV_E_VALUE);
    for flags in [0x100, 0x200, 0x4000_0000] {
        refuse(at, &raw const four, 0, flags, MV_E_FLAGS);
    }
    refuse(at, &raw const four, 1, MV_FULL, MV_E_BUFFER);
    let mut b: mv_buffer = zero();
    ok!(mv_buffer_fill_info(&raw mut b, NO_OBJECT, ptr::null_mut(), &raw const none, 0, MV_FULL));
    assert_eq!(b.len, 0);
}

#[test]
fn acceptance_114_strides_of_contiguous_blocks() {
    for (shape, order, expected) in
        [([2, 3, 4], C, [96, 32, 8]), ([2, 3, 4], F, [8, 16, 48]), ([2, 0, 4], C, [0, 32, 8])]
    {
        let mut strides = [0; 3];
        ok!(mv_buffer_fill_strides(shape.as_ptr(), 3, 8, order, strides.as_mut_ptr()));
        assert_eq!(strides, expected);
    }
    ok!(mv_buffer_fill_strides(ptr::null(), 0, 8, C, ptr::null_mut()));
}

#[test]
fn fill_strides_refuses() {
    let mut strides = [77; 65];
    let to = strides.as_mut_ptr();
    let ones = [1; 65].as_ptr();
    assert_eq!(fails!(mv_buffer_fill_strides(ptr::null(), 2, 8, C, to), MV_E_NULL).dim, 1);
    assert_eq!(fails!(mv_buffer_fill_strides(ones, 2, 8, C, ptr::null_mut()), MV_E_NULL).dim, 5);
    fails!(mv_buffer_fill_strides(ones, -1, 8, C, to), MV_E_VALUE);
    fails!(mv_buffer_fill_strides(ones, 2, 8, A, to), MV_E_VALUE);
    fails!(mv_buffer_fill_strides(ones, 65, 8, C, to), MV_E_LIMIT);
    fails!(mv_buffer_fill_strides(ones, 2, 0, C, to), MV_E_FORMAT);
    assert_eq!(fails!(mv_buffer_fill_strides(ones, 2, -8, C, to), MV_E_FORMAT).value, -8);
    let error = fails!(mv_buffer_fill_strides([2, -3].as_ptr(), 2, 8, C, to), MV_E_SHAPE);
    assert_eq!(detail(&error), (1, -1, -3, 0));
    fails!(mv_buffer_fill_strides([isize::MAX, 2].as_ptr(), 2, 8, C, to), MV_E_OVERFLOW);
    fails!(mv_buffer_fill_strides([isize::MAX / 8 + 1].as_ptr(), 1, 8, F, to), MV_E_OVERFLOW);
    assert_eq!(strides, [77; 65]);
}
