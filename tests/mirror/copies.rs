//! `c-tests/test_copies.c`: random copies between two views of the same memory, against a model that goes through a
//! temporary: first all items of the source are taken, then all items of the destination are written in C order.

use std::{
    cell::Cell,
    ffi::{CStr, c_int, c_void},
    ptr,
};

use memview::{
    error::mv_status::{self, *},
    ffi::mv_view,
    layout::mv_index,
    object::{flags::*, protocol::mv_buffer},
};

use crate::{
    chance::{Chance, each_round},
    fixtures::*,
    harness::{Placed, placed, zero},
    table::POINTER,
};

const SIZE: usize = 512;
const ROUNDS: u64 = if cfg!(miri) { 1 } else { 500 };

/// The memory in which all items lie.
fn ground(chance: &mut Chance) -> Placed<Cell<[u8; SIZE]>> {
    placed([(); SIZE].map(|()| chance.next().to_le_bytes()[0]))
}

const FORMATS: [(&CStr, isize); 5] = [(c"B", 1), (c"h", 2), (c"i", 4), (c"@i", 4), (c"d", 8)];

/// A view of this shape and these strides somewhere in the memory.
fn place(
    chance: &mut Chance,
    low: *mut c_void,
    (format, itemsize): (&CStr, isize),
    shape: &[isize],
    strides: &[isize],
) -> *mut mv_view {
    let reach = |dim: usize| (shape[dim] - 1).max(0) * strides[dim];
    let below: isize = (0..shape.len()).map(|dim| reach(dim).min(0)).sum();
    let above: isize = (0..shape.len()).map(|dim| reach(dim).max(0)).sum();
    let room = SIZE.cast_signed() - (above - below + itemsize);
    let most = if chance.percent(80) { 40 } else { room };
    let start = chance.between(0, most.min(room)) - below;
    let description = mv_buffer {
        buf: low.wrapping_byte_offset(start),
        len: shape.iter().product::<isize>() * itemsize,
        itemsize,
        ndim: ndim(shape),
        format: format.as_ptr(),
        shape: shape.as_ptr(),
        strides: strides.as_ptr(),
        ..zero()
    };
    made!(mv_view_from_buffer(&raw const description))
}

/// Where the items lie in the memory, in C order.
fn offsets(view: *const mv_view, low: *mut c_void) -> Vec<usize> {
    let buffer = buffer_of(view);
    indices(&shape(view)).iter().map(|index| item_address(&buffer, index).addr() - low.addr()).collect()
}

/// Copies, and holds all of the memory against the model; then both views are dropped.
fn copy_and_compare(low: *mut c_void, target: *mut mv_view, source: *mut mv_view, expected: mv_status) {
    let size = buffer_of(target).itemsize.cast_unsigned();
    let mut shadow = memory(low, SIZE);
    if expected == MV_OK {
        let items: Vec<Vec<u8>> =
            offsets(source, low).iter().map(|&from| shadow[from..from + size].to_vec()).collect();
        for (item, to) in items.iter().zip(offsets(target, low)) {
            shadow[to..to + size].copy_from_slice(item);
        }
        ok!(mv_view_copy(target, source));
    } else {
        fails!(mv_view_copy(target, source), expected);
    }
    assert_eq!(memory(low, SIZE), shadow);
    drop_views([target, source]);
}

/// A slice of `length` positions from anywhere in 8, in steps of either sign.
fn some_slice(chance: &mut Chance, length: isize) -> mv_index {
    let step = if length > 1 { chance.between(1, 7 / (length - 1)) } else { 1 };
    let first = chance.between(0, 7 - (length - 1).max(0) * step);
    let end = first + (length - 1) * step;
    match length {
        0 => mv_index::range(first, first),
        _ if chance.percent(50) => mv_index::slice(Some(first), Some(end + 1), Some(step)),
        _ => mv_index::slice(Some(end), (first > 0).then_some(first - 1), Some(-step)),
    }
}

#[test]
fn slices_of_one_array() {
    each_round(ROUNDS, 11, |chance| {
        // 8 x 8 items of 8 bytes.
        let array = array_of(c"d", &[8, 8], if chance.percent(70) { C } else { F });
        let whole = made!(mv_view_new(array, MV_FULL));
        let low = buffer_of(whole).buf;
        let content = ground(chance);
        ok!(mv_view_write(whole, NO_TEXT, A, content.address(), SIZE));
        let shape = [chance.between(0, 5), chance.between(1, 5)];
        let [target, source] = [(); 2].map(|()| {
            let turned = chance.percent(40);
            let lengths = if turned { [shape[1], shape[0]] } else { shape };
            let slices = lengths.map(|length| some_slice(chance, length));
            let slice = made!(mv_view_index(whole, slices.as_ptr(), 2));
            let axes: [c_int; 2] = if turned { [1, 0] } else { [0, 1] };
            let part = made!(mv_view_transpose(slice, axes.as_ptr(), 2));
            drop_views([slice]);
            part
        });
        copy_and_compare(low, target, source, MV_OK);
        drop_views([whole]);
        unref(array);
    });
}

#[test]
fn any_strides() {
    each_round(ROUNDS, 12, |chance| {
        let memory = ground(chance);
        let low = memory.address();
        let format = FORMATS[chance.below(5)];
        let shape = chance.shape(3);
        let strides = chance.packed(&shape, format.1);
        let target = place(chance, low, format, &shape, &strides);
        let strides =
            if chance.percent(60) { chance.packed(&shape, format.1) } else { chance.meeting(&shape, 1) };
        // Now and then of another format or shape, or to a target that is read-only.
        let (mut other, mut longer, mut expected) = (format, shape.clone(), MV_OK);
        match chance.below(20) {
            0 => (other, expected) = ((c"f", 4), MV_E_FORMAT),
            1 if !shape.is_empty() => {
                longer[0] += 1;
                expected = MV_E_SHAPE;
            }
            2 => {
                let source = place(chance, low, other, &shape, &strides);
                let fixed = made!(mv_view_toreadonly(target));
                drop_views([target]);
                return copy_and_compare(low, fixed, source, MV_E_READONLY);
            }
            _ => {}
        }
        let source = place(chance, low, other, &longer, &strides);
        copy_and_compare(low, target, source, expected);
    });
}

/// Where items of the destination share memory, whole or in part, the last in C order stays.
#[test]
fn destinations_that_share_items() {
    each_round(ROUNDS, 13, |chance| {
        let memory = ground(chance);
        let format = FORMATS[chance.below(5)];
        let shape = chance.shape(3);
        let unit = if chance.percent(60) { format.1 } else { 1 };
        let strides = chance.meeting(&shape, unit);
        let target = place(chance, memory.address(), format, &shape, &strides);
        let strides = if chance.percent(70) {
            chance.packed(&shape, format.1)
        } else {
            chance.meeting(&shape, format.1)
        };
        let source = place(chance, memory.address(), format, &shape, &strides);
        copy_and_compare(memory.address(), target, source, MV_OK);
    });
}

/// Pointers to four rows of `columns` items anywhere in the memory; those of a destination do not overlap.
fn place_rows(
    table: &Placed<Cell<[*mut c_void; 4]>>,
    chance: &mut Chance,
    low: *mut c_void,
    columns: isize,
    apart: bool,
) -> *mut mv_view {
    table.set(std::array::from_fn(|row| {
        let start = if apart { row.cast_signed() * (2 * columns + 10) } else { chance.between(0, 200) };
        low.wrapping_byte_offset(start)
    }));
    let backwards = chance.percent(30);
    let (extents, steps) = ([4, columns], [if backwards { -POINTER } else { POINTER }, 2]);
    let suboffsets = [chance.between(0, 7), -1];
    let description = mv_buffer {
        buf: table.address().wrapping_byte_offset(if backwards { 3 * POINTER } else { 0 }),
        len: 8 * columns,
        itemsize: 2,
        ndim: 2,
        format: c"h".as_ptr(),
        shape: extents.as_ptr(),
        strides: steps.as_ptr(),
        suboffsets: suboffsets.as_ptr(),
        ..zero()
    };
    made!(mv_view_from_buffer(&raw const description))
}

#[test]
fn tables_of_pointers() {
    let tables = [(); 2].map(|()| placed([ptr::null_mut::<c_void>(); 4]));
    each_round(ROUNDS, 14, |chance| {
        let memory = ground(chance);
        let (low, columns) = (memory.address(), chance.between(0, 6));
        let direct = |chance: &mut Chance| {
            let strides = chance.packed(&[4, columns], 2);
            place(chance, low, (c"h", 2), &[4, columns], &strides)
        };
        let which = chance.below(3);
        let target =
            if which == 0 { direct(chance) } else { place_rows(&tables[0], chance, low, columns, true) };
        let source =
            if which == 1 { direct(chance) } else { place_rows(&tables[1], chance, low, columns, false) };
        copy_and_compare(low, target, source, MV_OK);
    });
}

/// The items' numbers in C order, in another order.
fn in_order(shape: &[isize], order: c_int) -> Vec<usize> {
    let turned: Vec<isize> = shape.iter().rev().copied().collect();
    if order == C {
        return (0..indices(shape).len()).collect();
    }
    let number = |index: &Vec<isize>| {
        let place = index.iter().rev().zip(shape).fold(0, |number, (i, extent)| number * extent + i);
        place.cast_unsigned()
    };
    indices(&turned).iter().map(number).collect()
}

#[test]
fn contiguous_memory_that_overlaps() {
    each_round(ROUNDS, 15, |chance| {
        let ground = ground(chance);
        let low = ground.address();
        let format = FORMATS[chance.below(5)];
        let (extents, size) = (chance.shape(3), format.1.cast_unsigned());
        let strides = chance.packed(&extents, format.1);
        let view = place(chance, low, format, &extents, &strides);
        let length = buffer_of(view).len.cast_unsigned();
        let start = chance.below(SIZE - length + 1);
        let near = low.wrapping_byte_add(start);
        let order = [C, F, A][chance.below(3)];
        let is_f = order == F || (order == A && contiguous(view)[..2] == [0, 1]);
        let places: Vec<usize> = in_order(&extents, if is_f { F } else { C });
        let mut shadow = memory(low, SIZE);
        let items = offsets(view, low);
        let (buffer, by_view) = (call!(mv_view_buffer(view)), chance.percent(50));
        if chance.percent(50) {
            let taken: Vec<u8> =
                places.iter().flat_map(|&item| shadow[items[item]..items[item] + size].to_vec()).collect();
            shadow[start..start + length].copy_from_slice(&taken);
            if by_view {
                ok!(mv_view_read(view, NO_TEXT, order, near, length));
            } else {
                ok!(mv_buffer_to_contiguous(buffer, near, length, order));
            }
        } else {
            let taken = shadow[start..start + length].to_vec();
            for (item, from) in places.iter().zip(taken.chunks(size)) {
                shadow[items[*item]..items[*item] + size].copy_from_slice(from);
            }
            if by_view {
                ok!(mv_view_write(view, NO_TEXT, order, near, length));
            } else {
                ok!(mv_buffer_from_contiguous(buffer, near, length, order));
            }
        }
        assert_eq!(memory(low, SIZE), shadow);
        drop_views([view]);
    });
}
