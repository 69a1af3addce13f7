//! `c-tests/test_buffer_copy.c`: to and from contiguous memory, and from object to object.

use std::{ffi::c_int, ptr};

use memview::{error::mv_status::*, ffi::mv_view, object::protocol::mv_buffer};

use crate::{
    fixtures::*,
    harness::{detail, placed},
    table::table_view,
};

/// Items of "h" of which every other one is shown: the whole, and the part.
fn strided_view() -> (*mut mv_view, *mut mv_view) {
    let whole = numbered(c"h", &[6], C);
    (whole, sliced(whole, c"::2"))
}

/// `ITEMS` items of the view's own order in another.
fn to_contiguous<const ITEMS: usize>(view: *const mv_view, order: c_int) -> [i16; ITEMS] {
    let mut data = [99; ITEMS];
    ok!(mv_buffer_to_contiguous(
        call!(mv_view_buffer(view)),
        data.as_mut_ptr().cast(),
        size_of_val(&data),
        order
    ));
    data
}

fn from_contiguous(view: *const mv_view, data: &[i16], order: c_int) {
    let buffer = call!(mv_view_buffer(view));
    ok!(mv_buffer_from_contiguous(buffer, data.as_ptr().cast(), size_of_val(data), order));
}

#[test]
fn to_contiguous_in_each_order() {
    let (c, f) = (numbered(c"h", &[2, 3], C), numbered(c"h", &[2, 3], F));
    for view in [c, f] {
        assert_eq!(to_contiguous(view, C), [0, 1, 2, 3, 4, 5]);
        assert_eq!(to_contiguous(view, F), [0, 3, 1, 4, 2, 5]);
    }
    assert_eq!(to_contiguous(c, A), [0, 1, 2, 3, 4, 5]);
    assert_eq!(to_contiguous(f, A), [0, 3, 1, 4, 2, 5]);
    let (slice, empty) = (sliced(c, c"::-1, ::2"), sliced(c, c":, 1:1"));
    assert_eq!(to_contiguous(slice, A), [3, 5, 0, 2]);
    ok!(mv_buffer_to_contiguous(call!(mv_view_buffer(empty)), ptr::null_mut(), 0, C));
    drop_views([c, f, slice, empty]);
    let mut bytes = [0_u8; 12];
    let table = table_view(2, 3, 4);
    ok!(mv_buffer_to_contiguous(call!(mv_view_buffer(table)), bytes.as_mut_ptr().cast(), 12, F));
    assert_eq!(bytes, [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
    drop_views([table]);
}

#[test]
fn to_contiguous_over_its_own_memory() {
    let view = numbered(c"h", &[2, 3], C);
    let own = buffer_of(view).buf;
    ok!(mv_buffer_to_contiguous(call!(mv_view_buffer(view)), own, 12, F));
    assert_eq!(items(view), [0, 3, 1, 4, 2, 5]);
    drop_views([view]);
}

#[test]
fn acceptance_111_to_contiguous_wants_the_exact_length() {
    let mut data = [70_i16, 71, 72, 73];
    let to = data.as_mut_ptr().cast();
    let (whole, view) = strided_view();
    let part = call!(mv_view_buffer(view));
    assert_eq!(detail(&fails!(mv_buffer_to_contiguous(part, to, 4, C), MV_E_SHAPE)), (-1, -1, 4, 6));
    fails!(mv_buffer_to_contiguous(part, to, 7, C), MV_E_SHAPE);
    let error = fails!(mv_buffer_to_contiguous(call!(mv_view_buffer(whole)), to, 8, C), MV_E_SHAPE);
    assert_eq!(detail(&error), (-1, -1, 8, 12));
    assert_eq!(data, [70, 71, 72, 73]);
    drop_views([view, whole]);
}

#[test]
fn to_contiguous_refuses() {
    let mut data = [0_i16; 3];
    let to = data.as_mut_ptr().cast();
    let (whole, view) = strided_view();
    let b = call!(mv_view_buffer(view));
    assert_eq!(fails!(mv_buffer_to_contiguous(ptr::null(), to, 6, C), MV_E_NULL).dim, 1);
    fails!(mv_buffer_to_contiguous(b, ptr::null_mut(), 6, C), MV_E_VALUE);
    fails!(mv_buffer_to_contiguous(b, to, 6, c_int::from(b'c')), MV_E_VALUE);
    fails!(mv_buffer_to_contiguous(b, to, 6, 0), MV_E_VALUE);
    let senseless = mv_buffer { itemsize: 0, ..buffer_of(view) };
    fails!(mv_buffer_to_contiguous(&raw const senseless, to, 6, C), MV_E_CALLBACK);
    assert_eq!(data, [0; 3]);
    drop_views([view, whole]);
}

#[test]
fn from_contiguous_in_each_order() {
    let numbers = [10, 11, 12, 13, 14, 15];
    let (c, f) = (numbered(c"h", &[2, 3], C), numbered(c"h", &[2, 3], F));
    for view in [c, f] {
        from_contiguous(view, &numbers, F);
        assert_eq!(items(view), [10, 12, 14, 11, 13, 15]);
        from_contiguous(view, &numbers, C);
        assert_eq!(items(view), [10, 11, 12, 13, 14, 15]);
    }
    from_contiguous(f, &numbers, A);
    assert_eq!(items(f), [10, 12, 14, 11, 13, 15]); // in memory, as in the numbers
    ok!(mv_buffer_from_contiguous(call!(mv_view_buffer(c)), NO_DATA, 0, C));
    assert_eq!(items(c), [10, 11, 12, 13, 14, 15]);
    let table = table_view(2, 2, 2);
    let writable = buffer_of(table);
    ok!(mv_buffer_from_contiguous(&raw const writable, data(&[6, 7, 8, 9]), 4, F));
    assert_eq!(items(table), [6, 8, 7, 9]);
    drop_views([c, f, table]);
}

#[test]
fn acceptance_112_from_contiguous_clamps_and_checks_writability() {
    let data = [10, 11, 12, 13, 14, 15];
    let (whole, view) = strided_view();
    from_contiguous(view, &data, C);
    assert_eq!(items(whole), [10, 1, 11, 3, 12, 5]);
    from_contiguous(whole, &data[3..5], C); // fewer bytes write a beginning
    assert_eq!(items(whole), [13, 14, 11, 3, 12, 5]);
    let readonly = made!(mv_view_toreadonly(view));
    let b = call!(mv_view_buffer(readonly));
    fails!(mv_buffer_from_contiguous(b, data.as_ptr().cast(), 12, C), MV_E_READONLY);
    assert_eq!(items(whole), [13, 14, 11, 3, 12, 5]);
    drop_views([view, whole, readonly]);
}

#[test]
fn acceptance_113_from_contiguous_drops_a_partial_item() {
    let bytes = data(&[1, 1, 2, 2, 3]);
    let (whole, strided) = strided_view();
    ok!(mv_buffer_from_contiguous(call!(mv_view_buffer(strided)), bytes, 5, C));
    assert_eq!(items(whole), [0x0101, 1, 0x0202, 3, 4, 5]);
    drop_views([strided, whole]);
    let contiguous = numbered(c"h", &[3], C);
    ok!(mv_buffer_from_contiguous(call!(mv_view_buffer(contiguous)), bytes, 5, C));
    assert_eq!(items(contiguous), [0x0101, 0x0202, 2]);
    drop_views([contiguous]);
}

#[test]
fn from_contiguous_refuses() {
    let data = placed([10_i16, 11, 12]);
    let from = data.address().cast_const();
    let (whole, view) = strided_view();
    let b = call!(mv_view_buffer(view));
    assert_eq!(fails!(mv_buffer_from_contiguous(ptr::null(), from, 6, C), MV_E_NULL).dim, 1);
    fails!(mv_buffer_from_contiguous(b, NO_DATA, 6, C), MV_E_VALUE);
    fails!(mv_buffer_from_contiguous(b, from, 6, c_int::from(b'f')), MV_E_VALUE);
    let senseless = mv_buffer { ndim: 65, ..buffer_of(view) };
    fails!(mv_buffer_from_contiguous(&raw const senseless, from, 6, C), MV_E_CALLBACK);
    assert_eq!(items(whole), [0, 1, 2, 3, 4, 5]);
    drop_views([view, whole]);
}

#[test]
fn object_copy_copies_items() {
    let destination = array_of(c"h", &[2, 3], C);
    let (source, view) = (numbered(c"h", &[2, 3], F), view_of(destination));
    ok!(mv_object_copy(destination, as_object(source)));
    assert_eq!(items(view), [0, 1, 2, 3, 4, 5]);
    assert_eq!(call!(mv_object_exports(destination)), 1);
    assert_eq!(call!(mv_object_exports(as_object(source))), 0);
    let reversed = sliced(view, c"::-1, ::-1");
    ok!(mv_object_copy(as_object(view), as_object(reversed))); // over itself
    assert_eq!(items(view), [5, 4, 3, 2, 1, 0]);
    drop_views([source, view, reversed]);
    unref(destination);
}

#[test]
fn acceptance_115_object_copy_refuses_other_structures() {
    let (six, five) = (array_of(c"h", &[6], C), array_of(c"h", &[5], C));
    let (square, turned) = (array_of(c"h", &[2, 3], C), array_of(c"h", &[3, 2], C));
    let (bytes, target, other) = (bytes_of(b"abcdef"), array_of(c"B", &[6], C), array_of(c"H", &[6], C));
    assert_eq!(fails!(mv_object_copy(five, six), MV_E_SHAPE).dim, 0);
    fails!(mv_object_copy(six, five), MV_E_SHAPE);
    fails!(mv_object_copy(square, turned), MV_E_SHAPE);
    fails!(mv_object_copy(square, six), MV_E_SHAPE);
    fails!(mv_object_copy(bytes, target), MV_E_BUFFER);
    fails!(mv_object_copy(target, six), MV_E_FORMAT);
    fails!(mv_object_copy(other, six), MV_E_FORMAT);
    for object in [six, five, bytes, square, turned, target, other] {
        assert_eq!(call!(mv_object_exports(object)), 0);
        unref(object);
    }
}

#[test]
fn object_copy_refuses() {
    let (bytes, target) = (bytes_of(b"abc"), bytearray_of(b"xyz"));
    assert_eq!(fails!(mv_object_copy(NO_OBJECT, bytes), MV_E_NULL).dim, 1);
    assert_eq!(fails!(mv_object_copy(target, NO_OBJECT), MV_E_NULL).dim, 2);
    ok!(mv_object_copy(target, bytes));
    assert_eq!(content(target), b"abc");
    let view = view_of(target);
    ok!(mv_view_release(view));
    fails!(mv_object_copy(target, as_object(view)), MV_E_RELEASED);
    fails!(mv_object_copy(as_object(view), bytes), MV_E_RELEASED);
    drop_views([view]);
    assert_eq!(call!(mv_object_exports(target)), 0);
    drop_objects([target, bytes]);
}
