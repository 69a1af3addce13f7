//! `c-tests/test_geometry_region.c`: windows, diagonals and strides of one's own.

use std::ffi::c_int;

use memview::error::mv_status::{self, *};

use crate::{
    calls::*,
    fixtures::*,
    harness::*,
    table::{table_view, tables_alive},
};

/// What was made has these items, and is dropped.
#[track_caller]
fn check_items(made: Answer, expected: &[i64]) {
    let view = made.made();
    assert_eq!(items(view), expected);
    drop_views([view]);
}

#[track_caller]
fn check_shape(made: Answer, expected: &[isize]) {
    let view = made.made();
    assert_eq!(shape(view), expected);
    assert_eq!(items(view).len().cast_signed(), expected.iter().product::<isize>());
    drop_views([view]);
}

#[test]
fn window_positions_then_items() {
    let (view, single) = (numbered(c"h", &[3, 4], C), numbered(c"B", &[], C));
    let windows = window(view, &[2, 3]).made();
    assert_eq!((shape(windows), strides(windows)), (vec![2, 2, 2, 3], vec![8, 2, 8, 2]));
    assert_eq!(buffer_of(windows).readonly, 1);
    let one = sliced(windows, c"1, 1");
    assert_eq!(items(one), [5, 6, 7, 9, 10, 11]);
    drop_views([one, windows]);
    check_shape(window(view, &[3, 4]), &[1, 1, 3, 4]);
    check_shape(window(view, &[0, 4]), &[4, 1, 0, 4]);
    check_items(window(single, &[]), &[0]);
    drop_views([view, single]);
}

#[test]
fn window_over_reversed_and_strided_memory() {
    let view = numbered(c"i", &[9], C);
    let every = sliced(view, c"::-2");
    let windows = window(every, &[3]).made();
    assert_eq!((shape(windows), items(windows)), (vec![3, 3], vec![8, 6, 4, 6, 4, 2, 4, 2, 0]));
    drop_views([view, every, windows]);
}

#[test]
fn window_refuses() {
    let (view, wide, released) = (numbered(c"h", &[3, 4], C), numbered(c"B", &[1; 33], C), released_view());
    let refused = |dims: &[isize]| detail(&window(view, dims).refused(MV_E_SHAPE));
    assert_eq!(refused(&[2]), (-1, -1, 2, 1));
    assert_eq!(refused(&[2, 5]), (1, -1, 4, 5));
    assert_eq!(refused(&[-1, 2]), (0, -1, -1, 0));
    refused(&[isize::MAX, 2]);
    refused!(mv_view_window(view, [0].as_ptr(), -1), MV_E_VALUE);
    assert_eq!(detail(&window(wide, &[1; 33]).refused(MV_E_LIMIT)), (-1, -1, 66, 64));
    window(released, &[1, 1]).refused(MV_E_RELEASED);
    drop_views([view, wide, released]);
}

#[test]
fn window_of_a_table_slides_behind_the_pointers_alone() {
    let view = table_view(2, 3, 4);
    assert_eq!(window(view, &[2, 1]).refused(MV_E_UNSUPPORTED).dim, 0);
    let made = window(view, &[1, 2]).made();
    assert_eq!(shape(made), [3, 3, 1, 2]);
    assert_eq!(items(made), [0, 1, 1, 2, 2, 3, 4, 5, 5, 6, 6, 7, 8, 9, 9, 10, 10, 11]);
    drop_views([view, made]);
    assert_eq!(tables_alive(), 0);
}

#[test]
fn diagonal_of_two_dimensions() {
    let view = numbered(c"i", &[3, 4], C);
    let made = diagonal(view, 0, 0, 1).made();
    assert_eq!((shape(made), strides(made), items(made)), (vec![3], vec![20], vec![0, 5, 10]));
    check_items(diagonal(view, 2, 0, 1), &[2, 7]);
    let below = diagonal(view, -1, -2, -1).made();
    assert_eq!(items(below), [4, 9]);
    set_i64(below, &[1], 99);
    assert_eq!(items(below), [4, 99]);
    check_items(diagonal(view, -1, 1, 0), &[1, 6, 11]);
    check_shape(diagonal(view, isize::MIN, 0, 1), &[0]);
    drop_views([made, below, view]);
}

#[test]
fn diagonal_of_more_dimensions_goes_last() {
    let view = numbered(c"h", &[2, 3, 2], F);
    check_shape(diagonal(view, 0, 0, 2), &[3, 2]);
    check_items(diagonal(view, 0, 0, 2), &[0, 7, 2, 9, 4, 11]);
    drop_views([view]);
}

#[test]
fn diagonal_refuses() {
    let (view, table) = (numbered(c"h", &[3, 4], C), table_view(2, 3, 4));
    diagonal(view, 0, 1, 1).refused(MV_E_VALUE);
    diagonal(view, 0, 1, -1).refused(MV_E_VALUE);
    assert_eq!(detail(&diagonal(view, 0, 0, 2).refused(MV_E_VALUE)), (-1, -1, 2, 2));
    diagonal(view, 0, c_int::MIN, 0).refused(MV_E_VALUE);
    assert_eq!(diagonal(table, 0, 0, 1).refused(MV_E_UNSUPPORTED).dim, 0);
    drop_views([view, table]);
}

#[test]
fn strided_within_the_view() {
    let view = numbered(c"h", &[3, 4], C);
    let made = strided(view, 2, &[2, 3], &[10, 2]).made();
    assert_eq!((items(made), buffer_of(made).readonly), (vec![1, 2, 3, 6, 7, 8], 0));
    check_items(strided(view, 22, &[12], &[-2]), &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    check_items(strided(view, 6, &[3], &[0]), &[3, 3, 3]);
    check_shape(strided(view, 1000, &[0], &[7]), &[0]);
    drop_views([made, view]);
}

#[test]
fn strided_never_leaves_the_view() {
    let (whole, table) = (numbered(c"h", &[12], C), table_view(2, 3, 4));
    let view = sliced(whole, c"2:10:2"); // reaches the 14 bytes of items 2 to 8
    check_items(strided(view, 0, &[7], &[2]), &[2, 3, 4, 5, 6, 7, 8]);
    let refused = |offset, extent, step, status: mv_status| {
        detail(&strided(view, offset, &[extent], &[step]).refused(status))
    };
    assert_eq!(refused(0, 8, 2, MV_E_SHAPE), (-1, -1, 15, 14));
    assert_eq!(refused(-1, 1, 2, MV_E_SHAPE), (-1, -1, -1, 14));
    refused(13, 1, 2, MV_E_SHAPE);
    refused(0, 2, isize::MAX, MV_E_OVERFLOW);
    refused(0, 2, isize::MIN, MV_E_OVERFLOW);
    refused(isize::MAX, 1, 2, MV_E_OVERFLOW);
    refused(0, -1, 2, MV_E_SHAPE);
    refused(0, isize::MAX, 2, MV_E_OVERFLOW);
    strided(view, 0, &[2; 65], &[2; 65]).refused(MV_E_LIMIT);
    strided(table, 0, &[1], &[2]).refused(MV_E_UNSUPPORTED);
    drop_views([view, whole, table]);
}
