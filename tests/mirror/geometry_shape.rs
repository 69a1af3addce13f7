//! `c-tests/test_geometry_shape.c`: transpose, reshape, broadcast, split.

use std::ptr;

use memview::{error::mv_status::*, ffi::mv_view};

use crate::{calls::*, chance::in_steps_of, fixtures::*, harness::*, table::table_view};

const MAX: isize = isize::MAX;
const TWELVE: [i64; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

#[test]
fn transpose_permutes_dimensions() {
    let view = numbered(c"h", &[2, 3, 4], C);
    let reversed = turned(view).made();
    assert_eq!((shape(reversed), strides(reversed)), (vec![4, 3, 2], vec![2, 8, 24]));
    let moved = transpose(view, &[1, 2, 0]).made();
    assert_eq!((shape(moved), strides(moved)), (vec![3, 4, 2], vec![8, 2, 24]));
    let row = sliced(moved, c"1, 2");
    assert_eq!(items(row), [6, 18]);
    let negative = transpose(view, &[-2, -1, -3]).made();
    assert_eq!(strides(negative), [8, 2, 24]);
    drop_views([view, reversed, moved, negative, row]);
    let view = numbered(c"h", &[], C);
    let reversed = turned(view).made();
    assert_eq!(items(reversed), [0]);
    drop_views([view, reversed]);
}

#[test]
fn transpose_refuses() {
    let view = numbered(c"h", &[2, 3], C);
    let good = [1, 0];
    assert_eq!(transpose(NO_VIEW, &good).refused(MV_E_NULL).dim, 1);
    assert_eq!(refused!(mv_view_transpose(view, ptr::null(), 2), MV_E_NULL).dim, 2);
    assert_eq!(fails!(mv_view_transpose(view, good.as_ptr(), 2, ptr::null_mut()), MV_E_NULL).dim, 4);
    assert_eq!(detail(&transpose(view, &good[..1]).refused(MV_E_VALUE)), (-1, -1, 1, 2));
    transpose(view, &[0, 1, 2]).refused(MV_E_VALUE);
    refused!(mv_view_transpose(view, good.as_ptr(), -1), MV_E_VALUE);
    transpose(view, &[1, -1]).refused(MV_E_VALUE);
    assert_eq!(detail(&transpose(view, &[0, 2]).refused(MV_E_VALUE)), (-1, -1, 2, 2));
    assert_eq!(transpose(view, &[0, -3]).refused(MV_E_VALUE).value, -3);
    drop_views([view]);
}

fn reshaped(view: *mut mv_view, order: i32, shape: &[isize]) -> *mut mv_view {
    let made = reshape(view, shape, order).made();
    assert_eq!(buffer_of(made).buf, buffer_of(view).buf);
    made
}

#[test]
fn reshape_counts_items_in_an_order() {
    let view = numbered(c"h", &[2, 6], C);
    let (a, b) = (reshaped(view, C, &[3, 4]), reshaped(view, C, &[-1]));
    let (c, d) = (reshaped(view, C, &[2, -1, 3]), reshaped(view, A, &[4, 3]));
    assert_eq!((strides(a), shape(b)), (vec![8, 2], vec![12]));
    assert_eq!((shape(c), strides(c), strides(d)), (vec![2, 2, 3], vec![12, 6, 2], vec![6, 2]));
    assert_eq!((items(a), items(c)), (TWELVE.to_vec(), TWELVE.to_vec()));
    drop_views([a, b, c, d]);
    let fortran = numbered(c"h", &[2, 6], F);
    let (a, b) = (reshaped(fortran, F, &[4, 3]), reshaped(fortran, A, &[4, 3]));
    assert_eq!((strides(a), strides(b)), (vec![2, 8], vec![2, 8]));
    let c = reshaped(a, F, &[2, 6]);
    assert_eq!(items(c), TWELVE);
    drop_views([view, fortran, a, b, c]);
}

#[test]
fn reshape_of_strided_items_where_strides_can_say_it() {
    let view = numbered(c"h", &[4, 6], C);
    let (rows, columns) = (sliced(view, c"::2"), sliced(view, c":, ::2"));
    let every_other_row = [0, 1, 2, 3, 4, 5, 12, 13, 14, 15, 16, 17];
    let a = reshaped(rows, C, &[2, 2, 3]);
    assert_eq!((strides(a), items(a)), (vec![24, 6, 2], every_other_row.to_vec()));
    let b = reshaped(columns, C, &[12]); // every other item of all
    assert_eq!((strides(b), items(b)), (vec![4], TWELVE.map(|item| 2 * item).to_vec()));
    reshape(rows, &[12], C).refused(MV_E_UNSUPPORTED);
    reshape(view, &[24], F).refused(MV_E_UNSUPPORTED);
    let c = reshaped(rows, C, &[1, 2, 1, 6, 1]); // ones cost nothing
    assert_eq!(items(c), every_other_row);
    drop_views([view, rows, a, columns, b, c]);
}

#[test]
fn reshape_of_one_item_and_of_none() {
    let one = numbered(c"h", &[1, 1], C);
    let a = reshaped(one, C, &[]);
    assert_eq!(buffer_of(a).ndim, 0);
    let b = reshaped(a, C, &[1, 1, 1]);
    assert_eq!(items(b), [0]);
    drop_views([one, a, b]);
    let none = numbered(c"h", &[3, 0], C);
    let a = reshaped(none, C, &[0, 5]);
    assert_eq!(shape(a), [0, 5]);
    drop_views([none, a]);
}

#[test]
fn reshape_refuses() {
    let view = numbered(c"h", &[2, 3], C);
    assert_eq!(reshape(NO_VIEW, &[6], C).refused(MV_E_NULL).dim, 1);
    assert_eq!(refused!(mv_view_reshape(view, ptr::null(), 1, C), MV_E_NULL).dim, 2);
    assert_eq!(fails!(mv_view_reshape(view, [6].as_ptr(), 1, C, ptr::null_mut()), MV_E_NULL).dim, 5);
    refused!(mv_view_reshape(view, ptr::null(), -1, C), MV_E_VALUE);
    reshape(view, &[6], 'K' as i32).refused(MV_E_VALUE);
    reshape(view, &[1; 65], C).refused(MV_E_LIMIT);
    reshape(view, &[5], C).refused(MV_E_SHAPE);
    reshape(view, &[4, -1], C).refused(MV_E_SHAPE);
    reshape(view, &[-1, -1], C).refused(MV_E_SHAPE);
    let error = reshape(view, &[-2, -3], C).refused(MV_E_SHAPE);
    assert_eq!((error.dim, error.value), (0, -2));
    refused!(mv_view_reshape(view, ptr::null(), 0, C), MV_E_SHAPE);
    reshape(view, &[0, -1], C).refused(MV_E_SHAPE);
    reshape(view, &[MAX, 4], C).refused(MV_E_OVERFLOW);
    drop_views([view]);
}

#[test]
fn broadcast_repeats_items() {
    let view = numbered(c"h", &[3, 1], C);
    let wide = broadcast(view, &[3, 4]).made();
    assert_eq!((strides(wide), buffer_of(wide).len), (vec![2, 0], 24));
    assert_eq!((buffer_of(wide).readonly, buffer_of(view).readonly), (1, 0));
    assert_eq!(items(wide), [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    fails!(mv_view_set_i64(wide, [0, 0].as_ptr(), 2, 1), MV_E_READONLY);
    let deep = broadcast(view, &[2, 3, 2]).made();
    assert_eq!(strides(deep), [0, 2, 0]);
    assert_eq!(items(deep), [0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2]);
    let same = broadcast(view, &[3, 1]).made();
    assert_eq!(items(same), [0, 1, 2]);
    drop_views([wide, deep, same]);
    let none = broadcast(view, &[3, 0]).made(); // even to nothing
    assert_eq!(shape(none), [3, 0]);
    drop_views([view, none]);
    let table = table_view(2, 2, 1);
    let deep = broadcast(table, &[2, 2, 3]).made();
    assert_eq!(items(deep), [0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1]);
    drop_views([table, deep]);
    let table = table_view(2, 1, 2);
    let deep = broadcast(table, &[3, 2]).made();
    assert_eq!((suboffsets(deep), strides(deep)), (vec![0, -1], vec![0, 1]));
    assert_eq!(items(deep), [0, 1, 0, 1, 0, 1]);
    drop_views([table, deep]);
}

#[test]
fn broadcast_refuses() {
    let view = numbered(c"h", &[2, 3], C);
    assert_eq!(broadcast(NO_VIEW, &[2, 3]).refused(MV_E_NULL).dim, 1);
    assert_eq!(refused!(mv_view_broadcast(view, ptr::null(), 2), MV_E_NULL).dim, 2);
    assert_eq!(fails!(mv_view_broadcast(view, [2, 3].as_ptr(), 2, ptr::null_mut()), MV_E_NULL).dim, 4);
    refused!(mv_view_broadcast(view, ptr::null(), -1), MV_E_VALUE);
    broadcast(view, &[1; 65]).refused(MV_E_LIMIT);
    assert_eq!(broadcast(view, &[2, 4]).refused(MV_E_SHAPE).dim, 1);
    broadcast(view, &[3]).refused(MV_E_SHAPE);
    broadcast(view, &[2, 1]).refused(MV_E_SHAPE);
    assert_eq!(detail(&broadcast(view, &[-1, 2, 3]).refused(MV_E_SHAPE)), (0, -1, -1, 0));
    broadcast(view, &[MAX, 2, 3]).refused(MV_E_OVERFLOW);
    drop_views([view]);
}

/// The parts are balanced, and together have every item once.
fn check_split(dims: &[isize], parts: i32) {
    let view = numbered(c"B", dims, C);
    let mut lengths = Vec::new();
    let mut seen = Vec::new();
    for i in 0..parts {
        let part = split(view, i, parts).made();
        assert_eq!(shape(part).len(), dims.len());
        lengths.push(buffer_of(part).len);
        seen.extend(items(part));
        drop_views([part]);
    }
    seen.sort_unstable();
    assert_eq!(seen, items(view));
    // No part is longer than another by more than one position of an axis.
    let slab = |extent: &isize| if *extent > 0 { buffer_of(view).len / extent } else { 0 };
    let coarsest = dims.iter().map(slab).max().expect("a dimension").max(1);
    let (least, greatest) = (lengths.iter().min().expect("a part"), lengths.iter().max().expect("a part"));
    assert!(greatest - least <= coarsest);
    drop_views([view]);
}

#[test]
fn split_parts_have_every_item_once() {
    for parts in (1..=9).step_by(in_steps_of(8)) {
        for dims in [&[24][..], &[7], &[4, 6], &[2, 12], &[2, 3, 4], &[1, 5], &[3, 0]]
            .into_iter()
            .step_by(in_steps_of(4))
        {
            check_split(dims, parts);
        }
    }
}

#[test]
fn split_refuses() {
    let (view, scalar) = (numbered(c"B", &[6], C), numbered(c"B", &[], C));
    assert_eq!(split(NO_VIEW, 0, 2).refused(MV_E_NULL).dim, 1);
    assert_eq!(fails!(mv_view_split(view, 0, 2, ptr::null_mut()), MV_E_NULL).dim, 4);
    split(view, 0, 0).refused(MV_E_VALUE);
    split(view, 0, -1).refused(MV_E_VALUE);
    assert_eq!(detail(&split(view, 2, 2).refused(MV_E_VALUE)), (-1, -1, 2, 2));
    split(view, -1, 2).refused(MV_E_VALUE);
    split(scalar, 0, 2).refused(MV_E_TYPE);
    let only = split(scalar, 0, 1).made();
    assert_eq!(items(only), [0]);
    drop_views([view, scalar, only]);
}
