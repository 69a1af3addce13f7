//! `c-tests/test_item.c`: reading one item, as a scalar and as a number.

use std::{
    ffi::{CStr, c_int, c_long, c_longlong, c_short, c_uint, c_ulong, c_ulonglong, c_ushort},
    ptr,
};

use memview::{
    error::mv_status::{self, *},
    ffi::{
        MV_BOOL, MV_BYTES, MV_FLOAT, MV_INT, MV_OPAQUE, MV_POINTER, MV_RECORD, MV_UINT, mv_scalar, mv_view,
    },
    layout::mv_index as Item,
    object::protocol::mv_buffer,
};

use crate::{arguments::*, calls::*, fixtures::*, harness::*};

const MAX: isize = isize::MAX;
const MIN: isize = isize::MIN;
const NO_INDEX: *const isize = ptr::null();

#[track_caller]
fn fails_at(view: *const mv_view, index: &[isize], expected: mv_status) -> (i32, i64, i64, i64) {
    let mut item = 77;
    let error = fails!(mv_view_get_i64(view, index.as_ptr(), ndim(index), &raw mut item), expected);
    assert_eq!(item, 77);
    detail(&error)
}

#[test]
fn acceptance_041_index_of_one_dimension() {
    let view = numbered(c"B", &[12], C);
    assert_eq!((get_i64(view, &[-1]), get_i64(view, &[-12])), (11, 0));
    assert_eq!(fails_at(view, &[12], MV_E_INDEX), (0, -1, 12, 12));
    assert_eq!(fails_at(view, &[-13], MV_E_INDEX), (0, -1, -13, 12));
    fails_at(view, &[MIN], MV_E_INDEX);
    fails_at(view, &[MAX], MV_E_INDEX);
    drop_views([view]);
}

#[test]
fn acceptance_042_index_error_names_dimension() {
    let view = numbered(c"B", &[3, 4], C);
    assert_eq!(fails_at(view, &[3, 0], MV_E_INDEX), (0, -1, 3, 3));
    assert_eq!(fails_at(view, &[0, 4], MV_E_INDEX), (1, -1, 4, 4));
    drop_views([view]);
}

#[test]
fn acceptance_043_negative_index_in_each_dimension() {
    let view = numbered(c"B", &[3, 4], C);
    assert_eq!(known(&got(view, &[-1, -1])), Known::UInt(11));
    drop_views([view]);
}

#[test]
fn acceptance_044_more_indices_than_dimensions() {
    let view = numbered(c"B", &[3, 4], C);
    assert_eq!(fails_at(view, &[1, 2, 3], MV_E_TYPE), (-1, -1, 3, 2));
    slice(view, c"1, 2, 3").refused(MV_E_TYPE);
    assert_eq!(fails_at(view, &[1], MV_E_TYPE), (-1, -1, 1, 2)); // nor fewer, for an item
    drop_views([view]);
}

#[test]
fn acceptance_048_item_of_no_dimensions() {
    let view = numbered(c"H", &[], C);
    write(view, C, &4711_u16.to_ne_bytes());
    let item: mv_scalar = made!(mv_view_get(view, NO_INDEX, 0));
    assert_eq!(known(&item), Known::UInt(4711));
    let (same, also) = (index(view, &[Item::ellipsis()]).made(), sliced(view, c"..."));
    assert_eq!((buffer_of(same).ndim, buffer_of(same).buf), (0, buffer_of(view).buf));
    assert_eq!(items(also), [4711]);
    drop_views([view, same, also]);
}

/// What a scalar says.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Known {
    Bool(i64),
    Int(i64),
    UInt(u64),
    /// By its bits; all that are not numbers are one.
    Float(u64),
    Pointer(u64),
    Bytes(usize),
}

fn float(number: f64) -> Known {
    Known::Float(if number.is_nan() { f64::NAN } else { number }.to_bits())
}

fn known(item: &mv_scalar) -> Known {
    assert_eq!((item.reserved, item.format), (0, ptr::null()));
    // SAFETY: the kind names the member.
    unsafe {
        match item.kind {
            MV_BOOL => Known::Bool(item.r#as.i),
            MV_INT => Known::Int(item.r#as.i),
            MV_UINT => Known::UInt(item.r#as.u),
            MV_FLOAT => float(item.r#as.f),
            MV_POINTER => Known::Pointer(item.r#as.u),
            MV_BYTES | MV_OPAQUE => Known::Bytes(item.r#as.bytes.length),
            other => panic!("kind {other}"),
        }
    }
}

#[track_caller]
fn got(view: *const mv_view, index: &[isize]) -> mv_scalar {
    made!(mv_view_get(view, index.as_ptr(), ndim(index)))
}

/// One item of a format, whose bytes these are.
#[track_caller]
fn item_of(format: &CStr, bytes: &[u8]) -> *mut mv_view {
    let view = view_taking(bytearray_of(bytes));
    let item = cast_to(view, format, &[]).made();
    drop_views([view]);
    item
}

#[track_caller]
fn scalar_of(format: &CStr, bytes: &[u8]) -> Known {
    let view = item_of(format, bytes);
    let item = got(view, &[]);
    if item.kind == MV_BYTES {
        // SAFETY: the kind names the member.
        assert_eq!(unsafe { item.r#as.bytes.data }, buffer_of(view).buf.cast_const());
    }
    drop_views([view]);
    known(&item)
}

/// The item of a number's type is read as that number.
macro_rules! numbers_of {
    ($kind:ident $wide:ty: $($format:literal $type:ty, $number:expr;)*) => {$({
        let number: $type = $number;
        #[allow(clippy::allow_attributes, clippy::useless_conversion, reason = "on some machines")]
        let wide = <$wide>::try_from(number).expect("a number of 64 bits");
        assert_eq!(scalar_of($format, &number.to_ne_bytes()), Known::$kind(wide), "{:?}", $format);
    })*};
}

#[test]
fn scalars_of_each_integer_format() {
    numbers_of! { Int i64:
        c"b" i8, i8::MIN;
        c"h" c_short, c_short::MIN;
        c"i" c_int, c_int::MIN;
        c"l" c_long, c_long::MIN;
        c"q" c_longlong, c_longlong::MIN;
        c"n" isize, MIN;
        c"@h" c_short, 1234;
    }
    numbers_of! { UInt u64:
        c"B" u8, u8::MAX;
        c"H" c_ushort, c_ushort::MAX;
        c"I" c_uint, c_uint::MAX;
        c"L" c_ulong, c_ulong::MAX;
        c"Q" c_ulonglong, c_ulonglong::MAX;
        c"N" usize, usize::MAX;
    }
}

#[test]
fn scalars_of_floating_formats() {
    for number in [-f64::MAX, 0.1, -0.0] {
        assert_eq!(scalar_of(c"d", &number.to_ne_bytes()), float(number));
    }
    for number in [0.1_f32, f32::from_bits(1)] {
        assert_eq!(scalar_of(c"f", &number.to_ne_bytes()), float(number.into()));
    }
    let least = 1.0 / 16_777_216.0; // 2 to the -24th
    let halves = [
        (0x3c00_u16, 1.0),
        (0xc000, -2.0),
        (0x7bff, 65504.0),
        (0x0001, least),
        (0x8000, -0.0),
        (0x0400, 1024.0 * least),
        (0xfc00, f64::NEG_INFINITY),
        (0x7e01, f64::NAN),
    ];
    for (bits, number) in halves {
        assert_eq!(scalar_of(c"e", &bits.to_ne_bytes()), float(number));
    }
}

#[test]
fn scalars_of_other_formats() {
    assert_eq!(scalar_of(c"?", &[2]), Known::Bool(1)); // any byte but 0
    assert_eq!(scalar_of(c"?", &[0]), Known::Bool(0));
    assert_eq!(scalar_of(c"c", b"x"), Known::Bytes(1));
    let address = 4096_usize;
    assert_eq!(scalar_of(c"P", &address.to_ne_bytes()), Known::Pointer(4096));
}

/// An item that is a pointer, with its provenance.
#[test]
fn item_that_is_a_real_pointer() {
    let target = placed(5_u8);
    let pointers = placed([target.address()]);
    let view = wrapped(pointers.address(), c"P", &[1]);
    assert_eq!(known(&got(view, &[0])), Known::Pointer(target.address().addr() as u64));
    let copy = view_taking(array_of(c"P", &[1], C));
    ok!(mv_view_copy(copy, view));
    // SAFETY: the one pointer, that a copy keeps whole.
    assert_eq!(unsafe { **buffer_of(copy).buf.cast::<*const u8>() }, 5);
    drop_views([view, copy]);
}

#[test]
fn item_of_a_format_that_is_no_character() {
    // More format than item: whatever is known of formats, these are mere bytes.
    let bytes = placed([1_u8, 2, 3, 4]);
    let description = memview::object::protocol::mv_buffer {
        len: 4,
        ..described(bytes.address(), c"T{<i:a:<i:b:}", 4, &[], &[])
    };
    let view: *mut mv_view = made!(mv_view_from_buffer(&raw const description));
    let (item, one) = (got(view, &[]), scalar_int(1));
    // SAFETY: the kind names the member.
    assert_eq!((item.kind, unsafe { item.r#as.bytes.data }), (MV_OPAQUE, bytes.address().cast_const()));
    assert_eq!(known(&item), Known::Bytes(4));
    let (mut i, mut u, mut f) = (0, 0, 0.0);
    fails!(mv_view_get_i64(view, NO_INDEX, 0, &raw mut i), MV_E_FORMAT);
    fails!(mv_view_get_u64(view, NO_INDEX, 0, &raw mut u), MV_E_FORMAT);
    fails!(mv_view_get_f64(view, NO_INDEX, 0, &raw mut f), MV_E_FORMAT);
    fails!(mv_view_set(view, NO_INDEX, 0, &raw const one), MV_E_FORMAT);
    fails!(mv_view_set_i64(view, NO_INDEX, 0, 1), MV_E_FORMAT);
    fails!(mv_view_fill(view, &raw const one), MV_E_FORMAT);
    assert_eq!(bytes.get(), [1, 2, 3, 4]);
    drop_views([view]);
}

#[test]
fn items_of_sliced_and_f_ordered_views() {
    let view = numbered(c"i", &[4, 5], F);
    let slice = sliced(view, c"::-1, 1::2");
    assert_eq!(get_i64(slice, &[0, 1]), 18);
    assert_eq!(items(slice), [16, 18, 11, 13, 6, 8, 1, 3]);
    drop_views([view, slice]);
}

/// What the typed reads answer of one item: a number, or why not.
#[track_caller]
fn typed(format: &CStr, bytes: &[u8]) -> (Result<i64, i32>, Result<u64, i32>, Result<f64, i32>) {
    let view = item_of(format, bytes);
    let (mut i, mut u, mut f) = (77, 77, 77.0);
    let int = call!(mv_view_get_i64(view, NO_INDEX, 0, &raw mut i, ptr::null_mut())).0;
    let uint = call!(mv_view_get_u64(view, NO_INDEX, 0, &raw mut u, ptr::null_mut())).0;
    let float = call!(mv_view_get_f64(view, NO_INDEX, 0, &raw mut f, ptr::null_mut())).0;
    drop_views([view]);
    let untouched = [i == 77, u == 77, f.to_bits() == 77_f64.to_bits()];
    assert_eq!(untouched, [int, uint, float].map(|code| code != 0), "the out-parameters");
    (
        if int == 0 { Ok(i) } else { Err(int) },
        if uint == 0 { Ok(u) } else { Err(uint) },
        if float == 0 { Ok(f) } else { Err(float) },
    )
}

const RANGE: i32 = MV_E_RANGE as i32;
const TYPE: i32 = MV_E_TYPE as i32;

#[test]
fn typed_reads_of_integers() {
    assert_eq!(typed(c"b", &[0xff]), (Ok(-1), Err(RANGE), Ok(-1.0)));
    assert_eq!(typed(c"Q", &[0xff; 8]), (Err(RANGE), Ok(u64::MAX), Err(RANGE))); // 2^64 - 1 is no double
    let exact = 1_u64 << 53;
    assert_eq!(typed(c"Q", &exact.to_ne_bytes()), (Ok(1 << 53), Ok(exact), Ok(9_007_199_254_740_992.0)));
    let odd = (1_i64 << 53) + 1;
    assert_eq!(typed(c"q", &odd.to_ne_bytes()), (Ok(odd), Ok((1 << 53) + 1), Err(RANGE)));
    let least = i64::MIN;
    assert_eq!(typed(c"q", &least.to_ne_bytes()), (Ok(least), Err(RANGE), Ok(-9_223_372_036_854_775_808.0)));
    let view = item_of(c"b", &[0xff]);
    let mut u = 0;
    assert_eq!(fails!(mv_view_get_u64(view, NO_INDEX, 0, &raw mut u), MV_E_RANGE).value, -1);
    drop_views([view]);
}

#[test]
fn typed_reads_of_other_items() {
    let third = 1.0_f32 / 3.0;
    assert_eq!(typed(c"d", &0.5_f64.to_ne_bytes()), (Err(TYPE), Err(TYPE), Ok(0.5)));
    assert_eq!(typed(c"f", &third.to_ne_bytes()), (Err(TYPE), Err(TYPE), Ok(third.into())));
    assert_eq!(typed(c"c", b"x"), (Err(TYPE), Err(TYPE), Err(TYPE)));
    assert_eq!(typed(c"?", &[7]).0, Ok(1));
    assert_eq!(typed(c"P", &4096_usize.to_ne_bytes()).1, Ok(4096));
}

/// Each of the functions that read one item fails so, and leaves its out-parameter alone.
#[track_caller]
fn each_reader(
    view: *const mv_view,
    index: *const isize,
    ndim: c_int,
    expected: mv_status,
) -> (i32, i64, i64, i64) {
    let (mut item, mut i, mut u, mut f) = (junk::<mv_scalar>(), 77, 77, 77.0);
    fails!(mv_view_get(view, index, ndim, &raw mut item), expected);
    fails!(mv_view_get_i64(view, index, ndim, &raw mut i), expected);
    fails!(mv_view_get_u64(view, index, ndim, &raw mut u), expected);
    let error = fails!(mv_view_get_f64(view, index, ndim, &raw mut f), expected);
    assert_eq!((item.kind, i, u, f.to_bits()), (junk(), 77, 77, 77_f64.to_bits()));
    detail(&error)
}

/// As NumPy describes what is not aligned: what follows the item is not the item's.
#[test]
fn struct_without_its_last_padding() {
    let data = placed([1u8, 0, 0, 0, 2]);
    let description = mv_buffer { len: 5, ..described(data.address(), c"T{i:a:b:b:}", 5, &[], &[]) };
    let view = made!(mv_view_from_buffer(&raw const description));
    let (mut item, mut field) = (junk::<mv_scalar>(), junk::<mv_scalar>());
    ok!(mv_view_get(view, NO_INDEX, 0, &raw mut item));
    // SAFETY: a struct has bytes.
    assert_eq!((item.kind, unsafe { item.r#as.bytes.length }), (MV_RECORD, 5));
    ok!(mv_scalar_field(&raw const item, c"b".as_ptr(), &raw mut field));
    // SAFETY: a signed number.
    assert_eq!((field.kind, unsafe { field.r#as.i }), (MV_INT, 2));
    ok!(mv_view_set(view, NO_INDEX, 0, &raw const item));
    let part = made!(mv_view_field(view, c"".as_ptr()));
    assert_eq!(buffer_of(part).itemsize, 5);
    drop_views([view, part]);
}

#[test]
fn get_refuses() {
    let view = numbered(c"B", &[3, 4], C);
    let (index, outside) = ([0; 65], [0, 4]);
    let first = index.as_ptr();
    assert_eq!(each_reader(NO_VIEW, first, 2, MV_E_NULL).0, 1);
    assert_eq!(each_reader(view, NO_INDEX, 2, MV_E_NULL).0, 2);
    assert_eq!(each_reader(view, first, -1, MV_E_VALUE).2, -1);
    assert_eq!(each_reader(view, first, 65, MV_E_LIMIT), (-1, -1, 65, 64));
    each_reader(view, first, 1, MV_E_TYPE);
    each_reader(view, first, 3, MV_E_TYPE);
    each_reader(view, NO_INDEX, 0, MV_E_TYPE);
    assert_eq!(each_reader(view, outside.as_ptr(), 2, MV_E_INDEX), (1, -1, 4, 4));
    assert_eq!(fails!(mv_view_get(view, first, 2, ptr::null_mut()), MV_E_NULL).dim, 4);
    assert_eq!(fails!(mv_view_get_i64(view, first, 2, ptr::null_mut()), MV_E_NULL).dim, 4);
    assert_eq!(fails!(mv_view_get_u64(view, first, 2, ptr::null_mut()), MV_E_NULL).dim, 4);
    assert_eq!(fails!(mv_view_get_f64(view, first, 2, ptr::null_mut()), MV_E_NULL).dim, 4);
    drop_views([view]);
}
