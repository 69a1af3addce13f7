//! `c-tests/test_bulk_bytes.c`: to and from contiguous memory.

use std::{ffi::c_int, ptr};

use memview::{
    error::mv_status::{self, *},
    ffi::mv_view,
};

use crate::{calls::*, chance::in_steps_of, fixtures::*, harness::*, table::table_view};

const COUNT: &[u8] = &[0, 1, 2, 3, 4, 5];

#[test]
fn acceptance_086_bytes_of_an_f_ordered_view() {
    let view = numbered(c"B", &[2, 3], F);
    write(view, F, COUNT);
    assert_eq!([C, F, A].map(|order| read_in(view, order)), [&[0, 2, 4, 1, 3, 5][..], COUNT, COUNT]);
    drop_views([view]);
}

#[test]
fn acceptance_087_bytes_of_reversed_rows() {
    let view = numbered(c"B", &[2, 3], C);
    let back = sliced(view, c"::-1");
    let rows = [3, 4, 5, 0, 1, 2];
    assert_eq!([C, F, A].map(|order| read_in(back, order)), [rows, [3, 0, 4, 1, 5, 2], rows]);
    drop_views([view, back]);
}

#[test]
fn acceptance_088_orders_are_capital_letters() {
    let (view, block) = (numbered(c"B", &[2, 3], C), placed([9_u8; 6]));
    let (to, shown) = (block.address(), call!(mv_view_buffer(view)));
    for letter in [b'c', b'f', b'a', b'K', b' ', 0].map(c_int::from).into_iter().chain([-1, C + 256]) {
        assert_eq!(fails!(mv_view_read(view, NO_TEXT, letter, to, 6), MV_E_VALUE).value, letter.into());
        fails!(mv_view_write(view, NO_TEXT, letter, to, 6), MV_E_VALUE);
        fails!(mv_buffer_to_contiguous(shown, to, 6, letter), MV_E_VALUE);
    }
    assert_eq!((block.get(), items(view)), ([9; 6], numbers(COUNT)));
    drop_views([view]);
}

#[test]
fn read_and_write_are_inverse() {
    for i in (0..3 * 5).step_by(in_steps_of(4)) {
        let (order, n) = ([C, F, A][i / 5], i % 5);
        let order_there = if n == 1 { F } else { C };
        let view = if n == 2 { table_view(2, 3, 4) } else { numbered(c"B", &[3, 4], order_there) };
        let part = sliced(view, [c":", c":", c":", c"::-2, ::-1", c"1"][n]);
        let changed: Vec<u8> = read_in(part, order).iter().map(|byte| byte + 100).collect();
        write(part, order, &changed);
        assert_eq!(read_in(part, order), changed);
        let first = items(part)[0];
        assert_eq!(first, changed[0].into());
        drop_views([view, part]);
    }
}

#[test]
fn write_takes_an_order() {
    let (view, f) = (numbered(c"B", &[2, 3], C), numbered(c"B", &[2, 3], F));
    write(view, F, COUNT);
    assert_eq!(items(view), [0, 2, 4, 1, 3, 5]);
    write(f, A, COUNT);
    assert_eq!(memory(buffer_of(f).buf, 6), COUNT);
    let back = sliced(view, c"::-1, ::-1");
    write(back, C, &[6, 7, 8, 9, 10, 11]);
    assert_eq!(items(view), [11, 10, 9, 8, 7, 6]);
    drop_views([view, f, back]);
}

#[test]
fn read_of_wider_items_and_of_none() {
    let view = numbered(c"i", &[2, 3], C);
    let (columns, none) = (sliced(view, c":, ::2"), sliced(view, c"2:"));
    let bytes = |items: [c_int; 4]| items.map(c_int::to_ne_bytes).concat();
    assert_eq!([C, F].map(|order| read_in(columns, order)), [bytes([0, 2, 3, 5]), bytes([0, 3, 2, 5])]);
    ok!(mv_view_read(none, NO_TEXT, C, ptr::null_mut(), 0));
    ok!(mv_view_write(none, NO_TEXT, C, ptr::null(), 0));
    drop_views([view, columns, none]);
}

#[test]
fn read_and_write_name_a_format() {
    let view = numbered(c"h", &[3], C);
    let block = placed([70_i16, 71, 72]);
    let (at, upper) = (block.address(), c"H".as_ptr());
    ok!(mv_view_read(view, c"@h".as_ptr(), C, at, 6));
    assert_eq!(block.get(), [0, 1, 2]);
    ok!(mv_view_write(view, c"h".as_ptr(), C, data(&[0; 6]), 6));
    assert_eq!(items(view), [0, 0, 0]);
    fails!(mv_view_read(view, c"2s".as_ptr(), C, at, 6), MV_E_FORMAT);
    fails!(mv_view_read(view, c"".as_ptr(), C, at, 6), MV_E_FORMAT);
    fails!(mv_view_write(view, c"T{h:a:}".as_ptr(), C, at, 6), MV_E_FORMAT);
    fails!(mv_view_write(view, c"c".as_ptr(), C, at, 3), MV_E_FORMAT);
    assert_eq!((items(view), block.get()), (vec![0, 0, 0], [0, 1, 2]));
    block.set([0, -1, 2]); // as an unsigned number, more than an item holds
    assert_eq!(detail(&fails!(mv_view_write(view, upper, C, at, 6), MV_E_RANGE)), (-1, 1, 65535, 0));
    assert_eq!(items(view), [0, 0, 0]);
    ok!(mv_view_write(view, c"B".as_ptr(), C, data(&[1, 2, 3]), 3));
    ok!(mv_view_read(view, upper, C, at, 6));
    assert_eq!(block.get(), [1, 2, 3]);
    drop_views([view]);
}

#[test]
fn read_and_write_over_the_view_s_own_memory() {
    let view = numbered(c"B", &[2, 3], C);
    let own = buffer_of(view).buf;
    ok!(mv_view_read(view, NO_TEXT, F, own, 6));
    assert_eq!(memory(own, 6), [0, 3, 1, 4, 2, 5]);
    ok!(mv_view_write(view, NO_TEXT, F, own, 6));
    assert_eq!(memory(own, 6), COUNT);
    let back = sliced(view, c"::-1, ::-1");
    ok!(mv_view_write(back, NO_TEXT, C, own, 6));
    assert_eq!(memory(own, 6), [5, 4, 3, 2, 1, 0]);
    drop_views([view, back]);
}

#[test]
fn read_refuses() {
    let view = numbered(c"B", &[2, 3], C);
    let block = placed(*b"before\0\0");
    let refused = |view: *mut mv_view, order, to, length, expected: mv_status| {
        detail(&fails!(mv_view_read(view, NO_TEXT, order, to, length), expected))
    };
    assert_eq!(refused(NO_VIEW, C, block.address(), 6, MV_E_NULL).0, 1);
    refused(view, C, ptr::null_mut(), 6, MV_E_VALUE);
    assert_eq!(refused(view, C, block.address(), 5, MV_E_SHAPE), (-1, -1, 5, 6));
    refused(view, C, block.address(), 7, MV_E_SHAPE);
    assert_eq!(block.get(), *b"before\0\0");
    drop_views([view]);
}

#[test]
fn write_refuses() {
    let view = numbered(c"B", &[2, 3], C);
    let readonly = toreadonly(view).made();
    let refused = |view: *mut mv_view, order, from, length, expected: mv_status| {
        detail(&fails!(mv_view_write(view, NO_TEXT, order, from, length), expected))
    };
    let bytes = data(b"before\0\0");
    assert_eq!(refused(NO_VIEW, C, bytes, 6, MV_E_NULL).0, 1);
    refused(view, 'x' as c_int, bytes, 6, MV_E_VALUE);
    refused(view, C, NO_DATA, 6, MV_E_VALUE);
    assert_eq!(refused(view, C, bytes, 5, MV_E_SHAPE), (-1, -1, 5, 6));
    refused(view, C, bytes, 7, MV_E_SHAPE);
    refused(readonly, C, bytes, 6, MV_E_READONLY);
    assert_eq!(items(view), [0, 1, 2, 3, 4, 5]);
    drop_views([view, readonly]);
}
