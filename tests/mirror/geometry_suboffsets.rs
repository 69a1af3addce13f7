//! `c-tests/test_geometry_suboffsets.c`: memory behind pointers, as the Python Imaging Library keeps images.
//!
//! Left out: `unchecked_addresses_of_the_header`: C of the header, in which the library has no part.

use std::ffi::c_void;

use memview::error::mv_status::*;

use crate::{
    arguments::*,
    calls::*,
    fixtures::*,
    harness::*,
    table::{POINTER, table_view, tables_alive},
};

const TWELVE: [i64; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

#[test]
fn acceptance_008_pointer_table_of_one_dimension() {
    let view = table_view(1, 3, 1);
    assert_eq!((shape(view), strides(view), suboffsets(view)), (vec![3], vec![POINTER], vec![0]));
    assert_eq!(contiguous(view), [0, 0, 0]);
    assert_eq!(items(view), [0, 1, 2]);
    let empty = sliced(view, c"3:");
    assert_eq!(shape(empty), [0]);
    drop_views([view, empty]);
    assert_eq!(tables_alive(), 0);
}

#[test]
fn acceptance_009_part_of_a_pointer_table() {
    let view = table_view(2, 3, 4);
    let part = sliced(view, c"1:3, 1:3");
    assert_eq!((shape(part), strides(part), suboffsets(part)), (vec![2, 2], vec![POINTER, 1], vec![1, -1]));
    assert_eq!(items(part), [5, 6, 9, 10]);
    drop_views([view, part]);
}

#[test]
fn acceptance_010_columns_of_a_pointer_table_reversed() {
    let view = table_view(2, 3, 4);
    let back = sliced(view, c":, ::-1");
    assert_eq!((suboffsets(back), strides(back)), (vec![3, -1], vec![POINTER, -1]));
    assert_eq!(items(back), [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8]);
    let again = sliced(back, c"::-1, 1::2");
    assert_eq!(suboffsets(again), [2, -1]);
    assert_eq!(items(again), [10, 8, 6, 4, 2, 0]);
    drop_views([view, back, again]);
}

#[test]
fn row_of_a_pointer_table_is_plain_memory() {
    let view = table_view(2, 3, 4);
    let part = sliced(view, c"1:, 1:");
    let row = sliced(part, c"1");
    assert_eq!((shape(row), strides(row)), (vec![3], vec![1]));
    assert!(buffer_of(row).suboffsets.is_null());
    assert_eq!(contiguous(row), [1, 1, 1]);
    assert_eq!(items(row), [9, 10, 11]);
    let slice = sliced(row, c"::-2");
    drop_views([view, part, row]);
    assert_eq!(items(slice), [11, 9]);
    drop_views([slice]);
    assert_eq!(tables_alive(), 0);
}

#[test]
fn column_of_a_pointer_table() {
    let view = table_view(2, 3, 4);
    let (column, item) = (sliced(view, c":, 2"), sliced(view, c"2, 3"));
    assert_eq!((shape(column), suboffsets(column)), (vec![3], vec![2]));
    assert_eq!(items(column), [2, 6, 10]);
    let back = sliced(column, c"::-1");
    assert_eq!(items(back), [10, 6, 2]);
    assert_eq!((buffer_of(item).ndim, items(item)), (0, vec![11]));
    drop_views([view, column, item, back]);
}

#[test]
fn new_axes_around_a_dereference() {
    let view = table_view(2, 2, 2);
    let a = sliced(view, c"newaxis, :, newaxis, :, newaxis");
    assert_eq!((shape(a), suboffsets(a)), (vec![1, 2, 1, 2, 1], vec![-1, 0, -1, -1, -1]));
    assert_eq!(items(a), [0, 1, 2, 3]);
    drop_views([view, a]);
}

#[test]
fn items_behind_pointers_are_written() {
    let view = table_view(2, 3, 4);
    let part = sliced(view, c"::2, 1::2");
    set_i64(part, &[1, -1], 77);
    assert_eq!(items(view), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 77]);
    fill(part, scalar_int(0));
    assert_eq!(items(view), [0, 0, 2, 0, 4, 5, 6, 7, 8, 0, 10, 0]);
    write(part, F, b"\x11\x12\x13\x14");
    assert_eq!(items(part), [0x11, 0x13, 0x12, 0x14]);
    drop_views([view, part]);
}

#[test]
fn unsupported_across_a_dereference() {
    let view = table_view(2, 3, 4);
    assert!([0, 1].contains(&turned(view).refused(MV_E_UNSUPPORTED).dim));
    reshape(view, &[12], C).refused(MV_E_UNSUPPORTED);
    cast(view, c"b").refused(MV_E_TYPE);
    let same = transpose(view, &[0, 1]).made();
    assert_eq!(items(same), TWELVE);
    let deep = reshape(view, &[3, 2, 2], C).made(); // within the rows
    assert_eq!((suboffsets(deep), items(deep)), (vec![0, -1, -1], TWELVE.to_vec()));
    drop_views([view, same, deep]);
}

#[test]
fn parts_of_a_pointer_table() {
    let view = table_view(2, 5, 3);
    let parts = [0, 1].map(|i| split(view, i, 2).made());
    assert_eq!([items(parts[0]), items(parts[1])].concat(), items(view));
    drop_views(parts);
    drop_views([view]);
}

/// Two tables in a row: each pointer of the first leads to a table of pointers to single items.
#[test]
fn two_dereferences_in_a_row() {
    let cells = placed([1_u8, 2, 3, 4]);
    let cell = |i| cells.address().cast::<u8>().wrapping_add(i);
    let inner = placed([[cell(0), cell(1)], [cell(2), cell(3)]]);
    let outer = placed([inner.address(), inner.address().wrapping_offset(2 * POINTER)]);
    let view = through_pointers(outer.address(), &[2, 2], &[POINTER, POINTER], &[0, 0]);
    assert_eq!(items(view), [1, 2, 3, 4]);
    let (row, back) = (sliced(view, c"1"), sliced(view, c"::-1, ::-1"));
    assert_eq!((suboffsets(row), items(row)), (vec![0], vec![3, 4]));
    assert_eq!(items(back), [4, 3, 2, 1]);
    assert_eq!(slice(view, c":, 1").refused(MV_E_UNSUPPORTED).dim, 1);
    drop_views([view, row, back]);
}

/// A table of 2 x 3 pointers to pairs: its first two dimensions may change places, the pairs may not move.
#[test]
fn transpose_before_a_dereference() {
    let pairs = placed([0_u8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    let pointers = placed([0, 2, 4, 6, 8, 10].map(|at| pairs.address().wrapping_byte_add(at)));
    let view = through_pointers(pointers.address(), &[2, 3, 2], &[3 * POINTER, POINTER, 1], &[-1, 0, -1]);
    let swapped = transpose(view, &[1, 0, 2]).made();
    assert_eq!((shape(swapped), suboffsets(swapped)), (vec![3, 2, 2], vec![-1, 0, -1]));
    assert_eq!(items(swapped), [0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11]);
    assert!([1, 2].contains(&transpose(view, &[0, 2, 1]).refused(MV_E_UNSUPPORTED).dim));
    let column = sliced(swapped, c"1, :, 1");
    assert_eq!((suboffsets(column), items(column)), (vec![1], vec![3, 9]));
    drop_views([view, swapped, column]);
}

/// Each pointer leads to the last item of its row.
#[test]
fn suboffset_below_zero_is_unsupported() {
    let rows = placed([0_u8, 1, 2, 3, 4, 5]);
    let pointers = placed([2, 5].map(|at| rows.address().wrapping_byte_add(at)));
    let view = through_pointers(pointers.address(), &[2, 3], &[POINTER, -1], &[0, -1]);
    assert_eq!(items(view), [2, 1, 0, 5, 4, 3]);
    assert_eq!(slice(view, c":, 1:").refused(MV_E_UNSUPPORTED).dim, 1);
    slice(view, c":, ::-1").refused(MV_E_UNSUPPORTED);
    let (row, line) = (sliced(view, c"1, ::-1"), sliced(view, c"1:"));
    assert_eq!(items(row), [3, 4, 5]);
    // Only the columns can be shared out.
    assert_eq!(split(line, 1, 3).refused(MV_E_UNSUPPORTED).dim, 1);
    let part = split(line, 0, 3).made();
    assert_eq!(items(part), [5]);
    drop_views([view, row, line, part]);
}

/// Nobody says that a table of pointers is aligned.
#[test]
fn pointers_that_are_not_aligned() {
    let (bytes, table) = (placed([0_u8, 1, 2, 3, 4, 5]), placed([0_u8; 25]));
    let first = table.address().wrapping_byte_add(1);
    for row in 0..2 {
        let pointer = bytes.address().wrapping_byte_offset(3 * row);
        // SAFETY: within the table.
        unsafe { first.wrapping_byte_offset(row * POINTER).cast::<*mut c_void>().write_unaligned(pointer) };
    }
    let view = through_pointers(first, &[2, 3], &[POINTER, 1], &[0, -1]);
    assert_eq!((items(view), read(view)), (vec![0, 1, 2, 3, 4, 5], vec![0, 1, 2, 3, 4, 5]));
    let (row, back) = (sliced(view, c"1"), sliced(view, c"::-1, ::-1"));
    assert_eq!(items(row), [3, 4, 5]);
    ok!(mv_view_copy(view, back));
    assert_eq!(bytes.get(), [5, 4, 3, 2, 1, 0]);
    fill(back, scalar_int(7));
    assert_eq!(bytes.get(), [7; 6]);
    drop_views([view, row, back]);
}
