//! `c-tests/test_geometry_cast.c`: the same bytes as items of another format, in another shape.

use std::ffi::{c_short, c_uint};

use memview::error::mv_status::*;

use crate::{calls::*, fixtures::*, harness::*};

const MAX: isize = isize::MAX;
const UINT: isize = size_of::<c_uint>().cast_signed();

fn format(view: *const memview::ffi::mv_view) -> String {
    text(buffer_of(view).format).expect("a format")
}

#[test]
fn acceptance_015_cast_to_64_dimensions() {
    let view = text_view("a");
    let ones = [1; 65];
    let deep = cast_to(view, c"B", &ones[..64]).made();
    assert_eq!(buffer_of(deep).ndim, 64);
    assert_eq!(get_i64(deep, &[0; 64]), i64::from(b'a'));
    assert_eq!(detail(&cast_to(view, c"B", &ones).refused(MV_E_LIMIT)), (-1, -1, 65, 64));
    drop_views([view, deep]);
}

#[test]
fn acceptance_072_cast_of_no_bytes() {
    let view = text_view("");
    let none = cast(view, c"I").made();
    assert_eq!((shape(none), buffer_of(none).itemsize), (vec![0], UINT));
    cast_to(view, c"I", &[0]).refused(MV_E_TYPE);
    drop_views([view, none]);
}

#[test]
fn acceptance_073_cast_to_no_dimensions_and_back() {
    let one = 1_u32.to_ne_bytes();
    let view = view_taking(bytearray_of(&one));
    let scalar = cast_to(view, c"I", &[]).made();
    assert_eq!((buffer_of(scalar).ndim, items(scalar)), (0, vec![1]));
    let back = cast(scalar, c"B").made();
    assert_eq!((shape(back), read(back)), (vec![UINT], one.to_vec()));
    drop_views([view, scalar, back]);
}

#[test]
fn acceptance_074_cast_of_a_scalar() {
    let view = text_view("abcd");
    let scalar: *mut _ = made!(mv_view_cast(view, c"I".as_ptr(), std::ptr::null(), 0, C));
    let (square, again) = (cast_to(scalar, c"B", &[2, 2]).made(), cast_to(scalar, c"f", &[]).made());
    assert_eq!(items(square), numbers(b"abcd"));
    assert_eq!((buffer_of(again).ndim, format(again)), (0, "f".into()));
    assert_eq!(buffer_of(again).buf, buffer_of(view).buf);
    drop_views([view, scalar, square, again]);
}

#[test]
fn acceptance_075_cast_of_a_remainder() {
    let view = text_view("abcde");
    assert_eq!(detail(&cast(view, c"H").refused(MV_E_TYPE)), (-1, -1, 5, 2));
    drop_views([view]);
}

#[test]
fn acceptance_077_cast_from_shape_to_shape() {
    let view = numbered(c"B", &[2, 2], C);
    let (same, turned) = (cast_to(view, c"B", &[2, 2]).made(), cast_to(view, c"b", &[4, 1]).made());
    assert_eq!((items(same), items(turned)), (vec![0, 1, 2, 3], vec![0, 1, 2, 3]));
    let wider = cast_to(view, c"H", &[1, 2]).made();
    assert_eq!(shape(wider), [1, 2]);
    let kept = cast_in(wider, None, Some(&[2, 1]), C).made();
    assert_eq!((shape(kept), format(kept)), (vec![2, 1], "H".into()));
    drop_views([view, same, turned, wider, kept]);
}

#[test]
fn acceptance_078_cast_to_impossible_shapes() {
    let view = text_view("abcd");
    let error = cast_to(view, c"B", &[4, 0]).refused(MV_E_SHAPE);
    assert_eq!((error.dim, error.value), (1, 0));
    let error = cast_to(view, c"B", &[-1]).refused(MV_E_SHAPE);
    assert_eq!((error.dim, error.value), (0, -1));
    assert_eq!(detail(&cast_to(view, c"B", &[3]).refused(MV_E_TYPE)), (-1, -1, 3, 4));
    cast_to(view, c"B", &[MAX, 2]).refused(MV_E_OVERFLOW);
    cast_to(view, c"H", &[MAX]).refused(MV_E_OVERFLOW);
    assert_eq!(refused!(mv_view_cast(view, c"B".as_ptr(), std::ptr::null(), 1, C), MV_E_NULL).dim, 3);
    drop_views([view]);
}

#[test]
fn acceptance_080_cast_keeps_the_text_of_the_format() {
    let view = text_view("abcd");
    let spelt = cast(view, c"@B").made();
    assert_eq!((items(spelt), format(spelt)), (numbers(b"abcd"), "@B".into()));
    let own = {
        let text = c"@H".to_owned(); // the caller's text need not live on
        cast(view, &text).made()
    };
    assert_eq!(format(own), "@H");
    drop_views([view, spelt, own]);
}

#[test]
fn acceptance_081_cast_of_negative_strides() {
    let view = text_view("abcd");
    let (back, single) = (sliced(view, c"::-1"), sliced(view, c"2::-7"));
    cast(back, c"B").refused(MV_E_TYPE);
    cast_to(back, c"H", &[2]).refused(MV_E_TYPE);
    assert_eq!(shape(single), [1]);
    let square = cast_to(single, c"b", &[1, 1]).made();
    assert_eq!(items(square), numbers(b"c"));
    drop_views([view, back, single, square]);
}

#[test]
fn acceptance_082_cast_of_f_contiguous_bytes() {
    let view = numbered(c"B", &[2, 3], F);
    let (flat, given) = (cast(view, c"B").made(), cast_to(view, c"b", &[6]).made());
    assert_eq!((items(flat), items(given)), (vec![0, 3, 1, 4, 2, 5], vec![0, 3, 1, 4, 2, 5])); // as they lie
    cast_to(view, c"B", &[3, 2]).refused(MV_E_TYPE);
    drop_views([view, flat, given]);
}

#[test]
fn acceptance_083_cast_in_fortran_order() {
    let view = numbered(c"B", &[6], C);
    let f = cast_in(view, Some(c"B"), Some(&[3, 2]), F).made();
    assert_eq!((shape(f), strides(f), items(f)), (vec![3, 2], vec![1, 3], vec![0, 3, 1, 4, 2, 5]));
    drop_views([view, f]);
}

#[test]
fn acceptance_085_unaligned_items() {
    let [one, two]: [[u8; 2]; 2] = [1, 2].map(c_short::to_ne_bytes);
    let view = view_taking(bytearray_of(&[0, one[0], one[1], two[0], two[1]]));
    let part = sliced(view, c"1:");
    let unaligned = cast(part, c"H").made();
    assert_eq!(items(unaligned), [1, 2]);
    assert_eq!(call!(mv_buffer_alignment(call!(mv_view_buffer(unaligned)))), 1);
    set_i64(unaligned, &[0], 0x0304);
    assert_eq!(items(unaligned), [0x0304, 2]);
    let low = 0x0304_u16.to_ne_bytes();
    assert_eq!(read(view), [0, low[0], low[1], two[0], two[1]]);
    drop_views([view, part, unaligned]);
}

#[test]
fn cast_inherits_and_shares() {
    let view = view_taking(bytes_of(b"abcdefgh"));
    let wide = cast(view, c"d").made();
    let (b, from) = (buffer_of(wide), buffer_of(view));
    assert_eq!((b.readonly, b.itemsize, b.buf), (1, 8, from.buf));
    assert_eq!(call!(mv_view_exporter(wide)), call!(mv_view_exporter(view)));
    let other = cast(wide, c"q").made(); // from one wide format to another
    assert_eq!(format(other), "q");
    drop_views([view, wide, other]);
}

#[test]
fn cast_refuses() {
    let (view, none) = (text_view("abcd"), text_view(""));
    let slice = sliced(view, c"::2");
    let no_shape = std::ptr::null();
    assert_eq!(cast(NO_VIEW, c"B").refused(MV_E_NULL).dim, 1);
    let error = fails!(mv_view_cast(view, c"B".as_ptr(), no_shape, -1, C, std::ptr::null_mut()), MV_E_NULL);
    assert_eq!(error.dim, 6);
    assert_eq!(refused!(mv_view_cast(view, c"B".as_ptr(), no_shape, -2, C), MV_E_VALUE).value, -2);
    cast_in(view, Some(c"B"), None, A).refused(MV_E_VALUE);
    cast_in(view, Some(c"B"), None, 'f' as i32).refused(MV_E_VALUE);
    cast(view, c"").refused(MV_E_FORMAT);
    cast(view, c"@").refused(MV_E_FORMAT);
    cast(view, c"\xff").refused(MV_E_FORMAT);
    cast(slice, c"B").refused(MV_E_TYPE);
    cast_to(none, c"B", &[1]).refused(MV_E_TYPE);
    cast_to(none, c"B", &[]).refused(MV_E_TYPE);
    drop_views([view, slice, none]);
}
