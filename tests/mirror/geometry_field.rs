//! `c-tests/test_geometry_field.c`: a part of every item.

use std::{
    cell::Cell,
    ffi::{CStr, c_int},
    mem::offset_of,
};

use memview::{error::mv_status::*, ffi::mv_view, object::protocol::mv_buffer};

use crate::{arguments::*, calls::*, fixtures::*, harness::*, table::POINTER};

#[derive(Clone, Copy, Default)]
#[repr(C)]
struct Inner {
    gain: f32,
    count: c_int,
}

#[derive(Clone, Copy, Default)]
#[repr(C)]
struct Pixel {
    tag: u8,
    position: [i16; 2],
    inner: [Inner; 2],
}

const PIXEL: &CStr = c"T{B:tag:(2)h:position:(2)T{f:gain:i:count:}:inner:}";
const STEP: isize = size_of::<Pixel>().cast_signed();

/// Three items, numbered by hand.
fn pixels() -> Placed<Cell<[Pixel; 3]>> {
    placed([0_u8, 1, 2].map(|i| {
        let inner = |j: u8| Inner {
            gain: f32::from(i) + 0.5 * f32::from(j),
            count: 1000 * c_int::from(i) + c_int::from(j),
        };
        let first = 100 * i16::from(i);
        Pixel { tag: 10 + i, position: [first, first + 1], inner: [inner(0), inner(1)] }
    }))
}

fn view_of_pixels(data: &Placed<Cell<[Pixel; 3]>>) -> *mut mv_view {
    let view = wrapped(data.address(), PIXEL, &[3]);
    assert_eq!(buffer_of(view).itemsize, STEP);
    view
}

#[track_caller]
fn format(view: *const mv_view) -> String {
    text(buffer_of(view).format).expect("a format")
}

#[track_caller]
fn get_f64(view: *const mv_view, index: isize) -> f64 {
    made!(mv_view_get_f64(view, [index].as_ptr(), 1))
}

#[test]
fn field_of_a_struct() {
    let data = pixels();
    let view = view_of_pixels(&data);
    let tag = field(view, c"tag").made();
    let back = sliced(tag, c"::-1");
    assert_eq!((format(tag), strides(tag)), ("B".into(), vec![STEP]));
    assert_eq!((items(tag), items(back)), (vec![10, 11, 12], vec![12, 11, 10]));
    set_i64(back, &[0], 77);
    assert_eq!(data.get()[2].tag, 77);
    drop_views([view, tag, back]);
}

#[test]
fn field_that_is_a_sub_array() {
    let data = pixels();
    let view = view_of_pixels(&data);
    let [position, second] = [c"position", c"position[1]"].map(|path| field(view, path).made());
    assert_eq!((shape(position), strides(position)), (vec![3, 2], vec![STEP, 2]));
    assert_eq!(items(position), [0, 1, 100, 101, 200, 201]);
    assert_eq!(items(second), [1, 101, 201]);
    drop_views([view, position, second]);
}

#[test]
fn field_of_a_field() {
    let (data, expected) = (pixels(), [0, 1, 1000, 1001, 2000, 2001]);
    let view = view_of_pixels(&data);
    let [inner, gain] = [c"inner", c"inner[1].gain"].map(|path| field(view, path).made());
    let counts = field(inner, c"count").made();
    assert_eq!(shape(inner), [3, 2]);
    assert_eq!(buffer_of(inner).itemsize, size_of::<Inner>().cast_signed());
    assert_eq!(items(counts), expected);
    assert_eq!(get_f64(gain, 2).to_bits(), 2.5_f64.to_bits());
    drop_views([view, inner]); // the format of what is left lives on
    assert_eq!((format(counts), items(counts)), ("i".into(), expected.to_vec()));
    drop_views([counts, gain]);
}

#[test]
fn field_of_values_without_names() {
    let data = placed([1 as c_int, 2, 3, 4]);
    let view = wrapped(data.address(), c"ii", &[2]);
    let second = field(view, c"[1]").made();
    assert_eq!(items(second), [2, 4]);
    drop_views([view, second]);
}

#[test]
fn field_in_another_byte_order() {
    let data = placed([0_u8, 0, 1, 2, 9, 0, 0, 3, 4, 9]);
    let view = wrapped(data.address(), c"T{>I:number:B:rest:}", &[2]);
    let number = field(view, c"number").made();
    let child = sliced(number, c"1:");
    assert_eq!(format(child), ">I");
    drop_views([view, number]);
    assert_eq!(get_i64(child, &[0]), 0x304);
    set_i64(child, &[0], 0x0102_0304);
    assert_eq!(data.get(), [0, 0, 1, 2, 9, 1, 2, 3, 4, 9]);
    drop_views([child]);
}

#[test]
fn real_and_imaginary_part() {
    let data = placed([1_f64, 2.0, 3.0, 4.0]);
    let view = wrapped(data.address(), c"Zd", &[2]);
    let [real, imaginary] = [c"real", c"imag"].map(|path| field(view, path).made());
    assert_eq!((format(real), strides(imaginary)), ("d".into(), vec![16]));
    assert_eq!(get_f64(real, 1).to_bits(), 3_f64.to_bits());
    ok!(mv_view_set_f64(imaginary, [0].as_ptr(), 1, -5.0));
    assert_eq!(data.get()[1].to_bits(), (-5_f64).to_bits());
    drop_views([view, real, imaginary]);
    let view = wrapped(data.address(), c"T{Zd:wave:Zd:real:}", &[1]);
    let imaginary = field(view, c"wave.imag").made();
    assert_eq!(get_f64(imaginary, 0).to_bits(), (-5_f64).to_bits());
    let odd = field(view, c"real").made(); // a field of that name comes first
    assert_eq!(format(odd), "Zd");
    drop_views([view, imaginary, odd]);
}

#[test]
fn field_behind_pointers() {
    let row = pixels();
    let rows = placed([row.address(); 2]);
    let (dims, steps, suboffsets) = ([2, 3], [POINTER, STEP], [0, -1]);
    let full = mv_buffer {
        suboffsets: suboffsets.as_ptr(),
        ..described(rows.address(), PIXEL, STEP, &dims, &steps)
    };
    let view: *mut mv_view = made!(mv_view_from_buffer(&raw const full));
    let position = field(view, c"position").made();
    let offset = offset_of!(Pixel, position).cast_signed();
    assert_eq!((shape(position), self::suboffsets(position)), (vec![2, 3, 2], vec![offset, -1, -1]));
    assert_eq!(items(position), [0, 1, 100, 101, 200, 201, 0, 1, 100, 101, 200, 201]);
    drop_views([view, position]);
}

#[test]
fn field_refuses() {
    let data = pixels();
    let (view, plain, released) = (view_of_pixels(&data), numbered(c"i", &[2], C), released_view());
    for (path, position) in [(c"tga", 0), (c"inner[2]", 5), (c"inner[0].x", 9)] {
        assert_eq!(field(view, path).refused(MV_E_NOT_FOUND).position, position, "{path:?}");
    }
    field(view, c"tag.real").refused(MV_E_NOT_FOUND);
    field(plain, c"real").refused(MV_E_NOT_FOUND);
    field(plain, c"[0]").refused(MV_E_NOT_FOUND);
    let odd = described(data.address(), c"T{<i:a:<i:b:}", 4, &[], &[]);
    let opaque: *mut mv_view = made!(mv_view_from_buffer(&raw const odd));
    field(opaque, c"a").refused(MV_E_NOT_FOUND);
    field(released, c"a").refused(MV_E_RELEASED);
    drop_views([view, plain, opaque, released]);
}
