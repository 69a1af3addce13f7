//! `c-tests/test_object.c`: references, bytes, bytearray, array.

use std::ptr;

use memview::{error::mv_status::*, object::flags::*};

use crate::{
    adversary::Adversary,
    fixtures::*,
    harness::text,
    table::{table_new, table_references, tables_alive},
};

#[test]
fn acceptance_028_bytearray_grows_not_while_viewed() {
    let array = bytearray_of(b"abc");
    let view = view_of(array);
    let error = fails!(mv_bytearray_splice(array, 3, 0, data(b"d"), 1), MV_E_EXPORTED);
    assert_eq!(error.value, 1);
    fails!(mv_bytearray_splice(array, 1, 1, NO_DATA, 0), MV_E_EXPORTED);
    fails!(mv_bytearray_resize(array, 0), MV_E_EXPORTED);
    assert_eq!(content(array), b"abc");
    drop_views([view]);
    ok!(mv_bytearray_splice(array, 3, 0, data(b"d"), 1));
    assert_eq!(content(array), b"abcd");
    unref(array);
}

#[test]
fn acceptance_029_bytearray_changes_in_place_while_viewed() {
    let array = bytearray_of(b"abc");
    let view = view_of(array);
    let reversed = sliced(view, c"::-1");
    let before = buffer_of(view).buf;
    ok!(mv_bytearray_splice(array, 0, 1, data(b"x"), 1));
    assert_eq!(items(view), numbers(b"xbc"));
    ok!(mv_view_copy(view, reversed));
    assert_eq!(items(view), numbers(b"cbx"));
    ok!(mv_view_set_i64(view, [1].as_ptr(), 1, i64::from(b'y')));
    ok!(mv_bytearray_splice(array, 3, 0, NO_DATA, 0));
    ok!(mv_bytearray_resize(array, 3));
    assert_eq!(buffer_of(view).buf, before);
    drop_views([view, reversed]);
    assert_eq!(content(array), b"cyx");
    unref(array);
}

#[test]
fn references_keep_an_object() {
    let object = bytes_of(b"abc");
    assert_eq!(call!(mv_object_ref(object)), object);
    unref(object);
    assert_eq!(content(object), b"abc");
    unref(object);
    assert_eq!(call!(mv_object_ref(NO_OBJECT)), NO_OBJECT);
    unref(NO_OBJECT);
}

#[test]
fn references_count_through_a_foreign_type() {
    let table = table_new(2, 2, 2);
    assert_eq!(call!(mv_object_ref(table)), table);
    assert_eq!(table_references(table), 2);
    unref(table);
    assert_eq!(table_references(table), 1);
    unref(table);
    assert_eq!(tables_alive(), 0);
}

#[test]
fn type_names() {
    let mut memory = 5_i32;
    let (bytes, array, table) = (bytes_of(b"a"), bytearray_of(b"a"), table_new(2, 2, 2));
    let block = array_of(c"d", &[2], C);
    let wrapped = made!(mv_memory_new((&raw mut memory).cast(), 4, 0, None, ptr::null_mut()));
    let view = view_of(bytes);
    let all = [bytes, array, block, wrapped, as_object(view), table];
    let names = all.map(|object| text(call!(mv_object_type_name(object))).expect("a name"));
    assert_eq!(names, ["bytes", "bytearray", "array", "memory", "view", "table"]);
    assert_eq!(text(call!(mv_object_type_name(NO_OBJECT))), None);
    drop_views([view]);
    drop_objects([bytes, array, block, wrapped, table]);
}

#[test]
fn exports_count_acquisitions_not_views() {
    let exports = |object| call!(mv_object_exports(object));
    let object = bytearray_of(b"abcdef");
    assert_eq!(exports(object), 0);
    let view = view_of(object);
    let (slice, other) = (sliced(view, c"1:3"), view_of(object));
    assert_eq!(exports(object), 2);
    let b = acquire(object, MV_SIMPLE);
    assert_eq!(exports(object), 3);
    let c = acquire(as_object(slice), MV_FULL_RO);
    assert_eq!(exports(object), 3);
    assert_eq!(exports(as_object(slice)), 1);
    assert_eq!(exports(as_object(view)), 0);
    release(c);
    release(b);
    drop_views([view, slice]);
    assert_eq!(exports(object), 1);
    drop_views([other]);
    assert_eq!(exports(object), 0);
    assert_eq!(exports(NO_OBJECT), 0);
    unref(object);
}

#[test]
fn exports_of_a_foreign_type() {
    let mut data = *b"abc\0";
    let (_silent, object) = Adversary::foreign((&raw mut data).cast());
    assert_eq!(call!(mv_object_exports(object)), 0);
    let table = table_new(2, 2, 2);
    let view = view_of(table);
    assert_eq!(call!(mv_object_exports(table)), 1);
    drop_views([view]);
    assert_eq!(call!(mv_object_exports(table)), 0);
    unref(table);
}

#[test]
fn bytes_are_a_read_only_copy() {
    let mut data = *b"abc";
    let view = view_taking(bytes_of(&data));
    data[0] = b'x';
    assert_eq!(data, *b"xbc");
    let b = buffer_of(view);
    assert_eq!(text(b.format).as_deref(), Some("B"));
    assert_eq!(b.readonly, 1);
    assert_eq!(items(view), numbers(b"abc"));
    let empty = view_taking(made!(mv_bytes_new(NO_DATA, 0)));
    assert_eq!(shape(empty), [0]);
    drop_views([view, empty]);
}

#[test]
fn bytes_refuse() {
    assert_eq!(refused!(mv_bytes_new(NO_DATA, 3), MV_E_VALUE).value, 3);
    assert_eq!(fails!(mv_bytes_new(data(b"abc"), 3, ptr::null_mut()), MV_E_NULL).dim, 3);
}

#[test]
fn bytearray_is_a_writable_copy() {
    let mut data = *b"abc";
    let view = view_taking(bytearray_of(&data));
    data[0] = b'x';
    assert_eq!(data, *b"xbc");
    assert_eq!(text(buffer_of(view).format).as_deref(), Some("B"));
    assert_eq!(buffer_of(view).readonly, 0);
    assert_eq!(items(view), numbers(b"abc"));
    let zeros = view_taking(made!(mv_bytearray_new(NO_DATA, 3)));
    assert_eq!(items(zeros), [0, 0, 0]);
    drop_views([view, zeros]);
}

#[test]
fn bytearray_new_refuses() {
    assert_eq!(fails!(mv_bytearray_new(data(b"abc"), 3, ptr::null_mut()), MV_E_NULL).dim, 3);
    refused!(mv_bytearray_new(NO_DATA, isize::MAX.cast_unsigned() + 1), MV_E_OVERFLOW);
    refused!(mv_bytearray_new(NO_DATA, usize::MAX), MV_E_OVERFLOW);
    if MALLOC_REFUSES {
        refused!(mv_bytearray_new(NO_DATA, HUGE_LENGTH), MV_E_NO_MEMORY);
    }
}

#[test]
fn splice_is_append_insert_remove_replace_and_clear() {
    let array = bytearray_of(b"");
    let splice = |at, removed, new: &[u8]| ok!(mv_bytearray_splice(array, at, removed, data(new), new.len()));
    splice(0, 0, b"world");
    splice(0, 0, b"hello ");
    assert_eq!(content(array), b"hello world");
    splice(11, 0, b"!");
    splice(5, 1, b", ");
    assert_eq!(content(array), b"hello, world!");
    splice(0, 7, b"");
    assert_eq!(content(array), b"world!");
    splice(1, 4, b"e");
    assert_eq!(content(array), b"we!");
    ok!(mv_bytearray_splice(array, 0, 3, NO_DATA, 0));
    assert_eq!(content(array), b"");
    unref(array);
}

#[test]
fn splice_takes_data_of_the_array_itself() {
    let array = bytearray_of(b"abcdef");
    let b = acquire(array, MV_SIMPLE);
    let own = b.buf.cast::<u8>();
    release(b);
    ok!(mv_bytearray_splice(array, 1, 3, own.wrapping_add(2).cast(), 3)); // over itself
    assert_eq!(content(array), b"acdeef");
    ok!(mv_bytearray_splice(array, 2, 1, own.cast(), 6)); // and growing
    assert_eq!(content(array), b"acacdeefeef");
    unref(array);
}

#[test]
fn splice_refuses() {
    let (array, bytes) = (bytearray_of(b"abc"), bytes_of(b"abc"));
    let x = data(b"x");
    assert_eq!(fails!(mv_bytearray_splice(NO_OBJECT, 0, 0, x, 1), MV_E_NULL).dim, 1);
    fails!(mv_bytearray_splice(bytes, 0, 0, x, 1), MV_E_TYPE);
    let error = fails!(mv_bytearray_splice(array, 4, 0, x, 1), MV_E_INDEX);
    assert_eq!((error.value, error.limit), (4, 3));
    fails!(mv_bytearray_splice(array, 2, 2, x, 1), MV_E_INDEX);
    fails!(mv_bytearray_splice(array, 2, usize::MAX, x, 1), MV_E_INDEX);
    fails!(mv_bytearray_splice(array, 0, 0, NO_DATA, 1), MV_E_VALUE);
    fails!(mv_bytearray_splice(array, 3, 0, x, isize::MAX.cast_unsigned()), MV_E_OVERFLOW);
    assert_eq!(content(array), b"abc");
    ok!(mv_object_revoke(array));
    fails!(mv_bytearray_splice(array, 0, 0, x, 1), MV_E_RELEASED);
    drop_objects([array, bytes]);
}

#[test]
fn resize_keeps_the_beginning_and_zeroes_the_rest() {
    let array = bytearray_of(b"abcd");
    ok!(mv_bytearray_resize(array, 2));
    assert_eq!(content(array), b"ab");
    ok!(mv_bytearray_resize(array, 5));
    assert_eq!(content(array), b"ab\0\0\0");
    unref(array);
}

#[test]
fn resize_refuses() {
    let (array, bytes) = (bytearray_of(b"abc"), bytes_of(b"abc"));
    fails!(mv_bytearray_resize(NO_OBJECT, 1), MV_E_NULL);
    fails!(mv_bytearray_resize(bytes, 1), MV_E_TYPE);
    fails!(mv_bytearray_resize(array, usize::MAX), MV_E_OVERFLOW);
    if MALLOC_REFUSES {
        fails!(mv_bytearray_resize(array, HUGE_LENGTH), MV_E_NO_MEMORY);
    }
    assert_eq!(content(array), b"abc");
    ok!(mv_object_revoke(array));
    fails!(mv_bytearray_resize(array, 1), MV_E_RELEASED);
    drop_objects([array, bytes]);
}

#[test]
fn reserve_makes_room_that_growth_uses() {
    let array = bytearray_of(b"abc");
    ok!(mv_bytearray_reserve(array, 1000));
    assert_eq!(content(array), b"abc");
    let b = acquire(array, MV_SIMPLE);
    let before = b.buf;
    ok!(mv_bytearray_reserve(array, 1000)); // the room is there already
    assert_eq!(fails!(mv_bytearray_reserve(array, 1_000_000), MV_E_EXPORTED).value, 1);
    release(b);
    ok!(mv_bytearray_resize(array, 1000));
    let b = acquire(array, MV_SIMPLE);
    assert_eq!((b.buf, b.len), (before, 1000));
    release(b);
    unref(array);
}

#[test]
fn reserve_refuses() {
    let (array, bytes) = (bytearray_of(b"abc"), bytes_of(b"abc"));
    fails!(mv_bytearray_reserve(NO_OBJECT, 1), MV_E_NULL);
    fails!(mv_bytearray_reserve(bytes, 1), MV_E_TYPE);
    fails!(mv_bytearray_reserve(array, usize::MAX), MV_E_OVERFLOW);
    if MALLOC_REFUSES {
        fails!(mv_bytearray_reserve(array, HUGE_LENGTH), MV_E_NO_MEMORY);
    }
    assert_eq!(content(array), b"abc");
    ok!(mv_object_revoke(array));
    fails!(mv_bytearray_reserve(array, 1_000_000), MV_E_RELEASED);
    drop_objects([array, bytes]);
}
