//! `c-tests/test_walk.c`: raw loops over any buffer.

use std::{ffi::c_int, mem::MaybeUninit, ptr};

use memview::{
    error::mv_status::*,
    ffi::mv_view,
    kernel::mv_walk,
    layout::mv_index,
    object::{
        flags::{MV_FULL_RO, MV_SIMPLE},
        protocol::mv_buffer,
    },
};

use crate::{
    arguments::*,
    calls::*,
    chance::{Chance, each_round},
    fixtures::*,
    table::table_view,
};

type Walk = MaybeUninit<mv_walk>;

/// What `mv_walk_next` gives of the next run.
fn next(walk: &mut Walk) -> Option<(*mut u8, isize, isize)> {
    let (mut item, mut count, mut step) = (ptr::null_mut(), 0, 0);
    let is_there = call!(mv_walk_next(walk.as_mut_ptr(), &raw mut item, &raw mut count, &raw mut step));
    if is_there == 0 {
        assert!(item.is_null() && (count, step) == (0, 0), "the end has written something");
    }
    (is_there == 1).then_some((item.cast(), count, step))
}

/// The items in the order of a walk, as their numbers, and in how many runs they come.
#[track_caller]
fn walked(buffer: &mv_buffer, order: c_int) -> (Vec<i64>, usize) {
    let (mut walk, mut found, mut runs) = (Walk::uninit(), Vec::new(), 0);
    ok!(mv_walk_begin(walk.as_mut_ptr(), ptr::from_ref(buffer), order));
    while let Some((item, count, step)) = next(&mut walk) {
        assert!(count > 0);
        runs += 1;
        found.extend((0..count).map(|i| load_integer(buffer, item.wrapping_offset(i * step))));
    }
    assert!(next(&mut walk).is_none());
    (found, runs)
}

#[track_caller]
fn check_walk(view: *const mv_view, order: c_int, runs: usize, expected: &[i64]) {
    assert_eq!(walked(&buffer_of(view), order), (expected.to_vec(), runs));
}

#[test]
fn contiguous_memory_is_one_run() {
    let view = numbered(c"h", &[2, 3], C);
    let turned = turned(view).made();
    check_walk(view, C, 1, &[0, 1, 2, 3, 4, 5]);
    check_walk(view, F, 3, &[0, 3, 1, 4, 2, 5]);
    check_walk(turned, A, 1, &[0, 1, 2, 3, 4, 5]);
    check_walk(turned, C, 3, &[0, 3, 1, 4, 2, 5]);
    drop_views([view, turned]);
}

#[test]
fn strides_of_either_sign() {
    let view = numbered(c"i", &[4, 6], C);
    let (part, back) = (sliced(view, c"::-2, 1::3"), sliced(view, c"::-1, ::-1"));
    check_walk(part, C, 2, &[19, 22, 7, 10]);
    check_walk(part, F, 2, &[19, 7, 22, 10]);
    let backwards: Vec<i64> = (0..24).rev().collect();
    check_walk(back, C, 1, &backwards); // but in one run
    drop_views([part, back, view]);
}

#[test]
fn tables_of_pointers() {
    let (view, single) = (table_view(2, 3, 4), table_view(1, 3, 1));
    let (part, mut walk) = (sliced(view, c"::-1, 1:3"), Walk::uninit());
    check_walk(view, C, 3, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    check_walk(part, C, 3, &[9, 10, 5, 6, 1, 2]);
    check_walk(single, C, 3, &[0, 1, 2]);
    let buffer = buffer_of(view);
    assert_eq!(fails!(mv_walk_begin(walk.as_mut_ptr(), &raw const buffer, F), MV_E_UNSUPPORTED).dim, 0);
    drop_views([view, part, single]);
}

#[test]
fn no_dimensions_and_no_items() {
    let (view, none) = (numbered(c"i", &[], C), numbered(c"i", &[3, 0], C));
    check_walk(view, C, 1, &[0]);
    check_walk(none, C, 0, &[]);
    drop_views([view, none]);
}

#[test]
fn buffers_without_arrays() {
    let object = bytes_of(&[1, 2, 3]);
    let buffer = acquire(object, MV_SIMPLE);
    assert_eq!(walked(&buffer, C), (vec![1, 2, 3], 1));
    release(buffer);
    unref(object);
}

#[test]
fn walk_refuses() {
    let (view, mut walk) = (numbered(c"h", &[2], C), Walk::uninit());
    let good = buffer_of(view);
    let bad = mv_buffer { itemsize: 0, ..good };
    let at = walk.as_mut_ptr();
    fails!(mv_walk_begin(at, &raw const good, 'X' as c_int), MV_E_VALUE);
    fails!(mv_walk_begin(at, &raw const bad, C), MV_E_CALLBACK);
    let (mut item, mut count, mut step) = (ptr::null_mut(), 0, 0);
    assert_eq!(call!(mv_walk_next(ptr::null_mut(), &raw mut item, &raw mut count, &raw mut step)), 0);
    ok!(mv_walk_begin(at, &raw const good, C));
    assert_eq!(call!(mv_walk_next(at, ptr::null_mut(), &raw mut count, &raw mut step)), 0);
    assert_eq!(call!(mv_walk_next(at, &raw mut item, &raw mut count, &raw mut step)), 1); // nothing was lost
    assert_eq!((count, step), (2, 2));
    drop_views([view]);
}

/// Whatever goes from item to item: the next one after the release is refused. A walk holds off the release itself.
#[test]
fn acceptance_035_next_after_release() {
    let (view, mut walk) = (numbered(c"B", &[3, 2], F), Walk::uninit());
    let (four, mut item, mut at) = (scalar_int(4), 77, -2);
    assert_eq!(get_i64(view, &[0, 0]), 0);
    let row = index(view, &[mv_index::at(0)]).made();
    ok!(mv_view_find(view, &raw const four, 0, 2, &raw mut at));
    assert_eq!(at, -1);
    let buffer = acquire(as_object(view), MV_FULL_RO);
    ok!(mv_walk_begin(walk.as_mut_ptr(), &raw const buffer, C));
    assert!(next(&mut walk).is_some());
    fails!(mv_view_release(view), MV_E_EXPORTED);
    let (run, ..) = next(&mut walk).expect("a second run");
    assert_eq!(load_integer(&buffer, run), 2);
    release(buffer);
    ok!(mv_view_release(view));
    fails!(mv_view_get_i64(view, [0, 1].as_ptr(), 2, &raw mut item), MV_E_RELEASED);
    index(view, &[mv_index::at(1)]).refused(MV_E_RELEASED);
    fails!(mv_view_find(view, &raw const four, 2, 6, &raw mut at), MV_E_RELEASED);
    fails!(mv_walk_begin(walk.as_mut_ptr(), call!(mv_view_buffer(view)), C), MV_E_NULL);
    assert_eq!((item, at, items(row)), (77, -1, vec![0, 1])); // what came before stays
    drop_views([view, row]);
}

/// Random slices of random arrays against the header's rule.
fn check_random_view(chance: &mut Chance) {
    let shape_there: [isize; 4] = std::array::from_fn(|dim| chance.between(isize::from(dim < 3), 5));
    let view = numbered(c"h", &shape_there, if chance.percent(50) { C } else { F });
    let text = [c"::1, 1:, ::2", c"::-1, 2:, ::-2", c"::-1, :, ::2", c"::2, ::-1, ::-2, ::-1"];
    let part = sliced(view, chance.pick(&text));
    let moved = if chance.percent(50) { transpose(part, &[2, 0, 3, 1]) } else { turned(part) }.made();
    let buffer = buffer_of(moved);
    let expected: Vec<i64> = indices(&shape(moved))
        .iter()
        .map(|index| load_integer(&buffer, item_address(&buffer, index)))
        .collect();
    assert_eq!(walked(&buffer, C).0, expected);
    drop_views([view, part, moved]);
}

#[test]
fn walks_of_random_views() {
    each_round(if cfg!(miri) { 2 } else { 2000 }, 21, check_random_view);
}
