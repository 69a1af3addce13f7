//! `c-tests/test_fault_arithmetic.c`: sizes, strides and offsets at the edges of their ranges.

use std::{
    ffi::{CStr, c_void},
    ptr,
    sync::atomic::{AtomicI32, Ordering::SeqCst},
};

use memview::{
    error::mv_status::{self, *},
    ffi::mv_view,
    object::{
        flags::{MV_FULL, MV_FULL_RO},
        protocol::{mv_buffer, mv_object},
    },
};

use crate::{adversary::Adversary, arguments::*, calls::*, fixtures::*, harness::*};

const MAX: isize = isize::MAX;
const MIN: isize = isize::MIN;

/// Memory that nobody gets, and how often it was freed.
struct Ground {
    memory: Placed<std::cell::Cell<[u8; 64]>>,
    freed: Placed<AtomicI32>,
}

impl Ground {
    fn new() -> Ground {
        Ground { memory: placed([0; 64]), freed: Placed::new(AtomicI32::new(0)) }
    }

    /// The description is refused by each function that takes one.
    #[track_caller]
    fn check_description(&self, full: &mv_buffer, expected: mv_status) {
        let (base, context) = (self.memory.address(), self.freed.address());
        refused!(mv_view_from_buffer(&raw const *full), expected);
        refused!(mv_memory_describe(&raw const *full, base, 64, Some(count_free), context), expected);
        assert_eq!(self.freed.load(SeqCst), 0);
    }
}

/// Every function that makes a size out of a shape and an itemsize refuses this one so.
#[track_caller]
fn check_shape(format: &CStr, itemsize: isize, dims: &[isize], expected: mv_status) {
    let ground = Ground::new();
    let (text, first, count) = (format.as_ptr(), dims.as_ptr(), ndim(dims));
    refused!(mv_array_new(text, first, count, C), expected);
    refused!(mv_array_new(text, first, count, F), expected);
    refused!(mv_view_wrap(ground.memory.address(), text, first, count, 0), expected);
    ground.check_description(&described(ground.memory.address(), format, itemsize, dims, &[]), expected);
    let array = array_of(format, &[1; 4][..dims.len()], C);
    fails!(mv_array_resize(array, first, count), expected);
    let view = view_taking(array);
    assert_eq!(buffer_of(view).len, itemsize);
    drop_views([view]);
    if expected == MV_E_OVERFLOW {
        let mut steps = [77; 4];
        fails!(mv_buffer_fill_strides(first, count, itemsize, C, steps.as_mut_ptr()), expected);
        fails!(mv_buffer_fill_strides(first, count, itemsize, F, steps.as_mut_ptr()), expected);
        assert_eq!(steps, [77; 4]);
    }
}

#[test]
fn fault_013_shape_product_above_size_t() {
    check_shape(c"B", 1, &[MAX, 4], MV_E_OVERFLOW);
    check_shape(c"B", 1, &[4, MAX], MV_E_OVERFLOW);
    check_shape(c"B", 1, &[MAX, MAX, MAX, MAX], MV_E_OVERFLOW);
    check_shape(c"B", 1, &[MAX / 4 + 1, 4, 4], MV_E_OVERFLOW); // wraps to 0 in size_t
}

#[test]
fn fault_014_product_times_itemsize() {
    check_shape(c"d", 8, &[MAX / 8 + 1], MV_E_OVERFLOW);
    check_shape(c"d", 8, &[MAX / 16 + 1, 2], MV_E_OVERFLOW);
    check_shape(c"H", 2, &[MAX], MV_E_OVERFLOW);
}

/// libpng #794: a product that wraps to something small and plausible.
#[test]
fn libpng_794_product_wraps_to_a_small_number() {
    check_shape(c"d", 8, &[MAX / 4 + 2], MV_E_OVERFLOW); // 2 ** 61 + 1 items wrap to 8 bytes
    check_shape(c"H", 2, &[MAX / 4 + 1, 4], MV_E_OVERFLOW); // to 0 bytes
}

/// Pillow #1710: width * height * size, each plausible.
#[test]
fn pillow_1710_product_of_plausible_extents() {
    let side = 1 << (size_of::<usize>() * 4 - 1);
    check_shape(c"d", 8, &[side, side], MV_E_OVERFLOW);
    check_shape(c"H", 2, &[side, side, 2], MV_E_OVERFLOW);
}

#[test]
fn fault_015_product_above_ptrdiff_max() {
    check_shape(c"B", 1, &[MAX / 2 + 1, 2], MV_E_OVERFLOW);
    check_shape(c"B", 1, &[2, MAX / 2 + 1], MV_E_OVERFLOW);
}

#[test]
fn fault_015_lengths_above_ptrdiff_max() {
    let ground = Ground::new();
    let (memory, most) = (ground.memory.address(), usize::MAX);
    let above = MAX.cast_unsigned() + 1;
    refused!(mv_bytearray_new(NO_DATA, above), MV_E_OVERFLOW);
    refused!(mv_bytearray_new(NO_DATA, most), MV_E_OVERFLOW);
    refused!(mv_bytearray_new(memory, most), MV_E_OVERFLOW);
    refused!(mv_bytes_new(memory, above), MV_E_OVERFLOW);
    refused!(mv_memory_new(memory, most, 0, Some(count_free), ground.freed.address()), MV_E_OVERFLOW);
    assert_eq!(ground.freed.load(SeqCst), 0);
    let object = counting_bytearray(4);
    fails!(mv_bytearray_resize(object, above), MV_E_OVERFLOW);
    fails!(mv_bytearray_reserve(object, most), MV_E_OVERFLOW);
    fails!(mv_bytearray_splice(object, 4, 0, memory, most), MV_E_OVERFLOW);
    fails!(mv_bytearray_splice(object, 4, 0, memory, above - 4), MV_E_OVERFLOW);
    assert_eq!(content(object), [0, 1, 2, 3]);
    unref(object);
}

/// What fits the arithmetic but no machine: refused by the allocator, and nothing is lost by it.
#[test]
fn fault_015_lengths_that_fit_but_are_not_there() {
    if MALLOC_REFUSES {
        refused!(mv_bytearray_new(NO_DATA, MAX.cast_unsigned() / 2), MV_E_NO_MEMORY);
    }
    let mut object = junk::<*mut mv_object>();
    let code = call!(mv_array_new(c"B".as_ptr(), [MAX].as_ptr(), 1, C, &raw mut object, ptr::null_mut())).0;
    assert!([MV_E_OVERFLOW as i32, MV_E_NO_MEMORY as i32].contains(&code));
    assert!(object.is_null());
}

#[track_caller]
fn check_empty_shape(dims: &[isize]) {
    let mut steps = [0; 4];
    for order in [C, F] {
        let object = array_of(c"d", dims, order);
        let b = acquire(object, MV_FULL);
        assert_eq!((b.len, entries(b.shape, b.ndim)), (0, dims.to_vec()));
        assert_eq!([C, F].map(|order| call!(mv_buffer_is_contiguous(&raw const b, order))), [1, 1]);
        ok!(mv_buffer_to_contiguous(&raw const b, ptr::null_mut(), 0, order));
        release(b);
        unref(object);
        ok!(mv_buffer_fill_strides(dims.as_ptr(), ndim(dims), 8, order, steps.as_mut_ptr()));
    }
    let nothing = ptr::null_mut();
    let view = wrapped(nothing, c"d", dims);
    assert_eq!(buffer_of(view).len, 0);
    ok!(mv_view_read(view, NO_TEXT, C, nothing, 0));
    drop_views([view]);
    let full = described(nothing, c"d", 8, dims, &[]);
    let object = made!(mv_memory_describe(&raw const full, nothing, 0, None, nothing));
    release(acquire(object, MV_FULL));
    unref(object);
}

#[test]
fn fault_016_huge_extents_with_an_empty_one_in_any_order() {
    check_empty_shape(&[0, MAX]);
    check_empty_shape(&[MAX, 0]);
    check_empty_shape(&[0, MAX, MAX]);
    check_empty_shape(&[MAX, 0, MAX]);
    check_empty_shape(&[MAX, MAX, 0]);
    check_empty_shape(&[MAX, MAX, MAX, 0]);
}

#[test]
fn fault_021_result_of_broadcast_is_read_only() {
    let view = view_taking(counting_bytearray(1));
    let (wide, same, one) = (broadcast(view, &[2, 3]).made(), broadcast(view, &[1]).made(), scalar_int(1));
    let part = sliced(wide, c"0, 0:1");
    for fixed in [wide, part, same] {
        assert_eq!(buffer_of(fixed).readonly, 1);
        fails!(mv_view_fill(fixed, &raw const one), MV_E_READONLY);
        refused!(mv_buffer_acquire(as_object(fixed), MV_FULL), MV_E_BUFFER);
    }
    fails!(mv_view_set_i64(wide, [0, 0].as_ptr(), 2, 1), MV_E_READONLY);
    assert_eq!(items(wide), [0; 6]);
    drop_views([part, same, wide, view]);
}

#[test]
fn fault_013_broadcast_reshape_and_cast_overflow() {
    let view = view_taking(counting_bytearray(8));
    let one = sliced(view, c"0:1");
    broadcast(one, &[MAX, MAX]).refused(MV_E_OVERFLOW);
    broadcast(one, &[MAX / 2 + 1, 2, 1]).refused(MV_E_OVERFLOW);
    let wide = broadcast(one, &[MAX]).made();
    assert_eq!(buffer_of(wide).len, MAX);
    reshape(view, &[MAX, MAX], C).refused(MV_E_OVERFLOW);
    reshape(view, &[MAX, MAX, -1], C).refused(MV_E_OVERFLOW);
    cast_to(view, c"B", &[MAX, MAX]).refused(MV_E_OVERFLOW);
    cast_in(view, Some(c"d"), Some(&[MAX / 8 + 1]), F).refused(MV_E_OVERFLOW);
    drop_views([one, wide, view]);
}

#[test]
fn fault_022_negative_extent() {
    check_shape(c"B", 1, &[-1], MV_E_SHAPE);
    let error = refused!(mv_array_new(c"B".as_ptr(), [4, -7].as_ptr(), 2, C), MV_E_SHAPE);
    assert_eq!((error.dim, error.value), (1, -7));
    check_shape(c"B", 1, &[2, MIN], MV_E_SHAPE);
    check_shape(c"d", 8, &[-2, -3], MV_E_SHAPE);
    check_shape(c"d", 8, &[0, -1], MV_E_SHAPE);
    check_shape(c"d", 8, &[MAX, 0, MAX, -1], MV_E_SHAPE);
    let mut step = 0;
    fails!(mv_buffer_fill_strides([-1].as_ptr(), 1, 1, C, &raw mut step), MV_E_SHAPE);
}

#[test]
fn fault_022_negative_extent_of_geometry() {
    let view = view_taking(counting_bytearray(8));
    for dims in [&[-2][..], &[-1, -1], &[-2, -4], &[-1, 0]] {
        reshape(view, dims, C).refused(MV_E_SHAPE);
    }
    broadcast(view, &[-1, 8]).refused(MV_E_SHAPE);
    cast_to(view, c"B", &[-1, 8]).refused(MV_E_SHAPE);
    cast_to(view, c"B", &[-2, -4]).refused(MV_E_SHAPE);
    drop_views([view]);
}

#[test]
fn fault_023_itemsize_not_above_0() {
    let ground = Ground::new();
    for itemsize in [0, -1, -8, MIN] {
        let full = described(ground.memory.address(), c"B", itemsize, &[4], &[]);
        ground.check_description(&full, MV_E_FORMAT);
        ground.check_description(&mv_buffer { shape: ptr::null(), len: 16, ..full }, MV_E_FORMAT);
        let mut step = 77;
        let error = fails!(mv_buffer_fill_strides([4].as_ptr(), 1, itemsize, C, &raw mut step), MV_E_FORMAT);
        assert_eq!((error.value, step), (itemsize as i64, 77));
    }
}

/// A buffer that memview has not checked, complete, and impossible all the same: the helpers for ports take nothing from the
/// caller's word.
#[track_caller]
fn check_senseless(buffer: &mv_buffer) {
    let block = placed([1_u8, 2, 3, 4]);
    let (buffer, at) = (&raw const *buffer, block.address());
    let (mut low, mut size) = (at.cast_const(), 44);
    fails!(mv_buffer_extent(buffer, &raw mut low, &raw mut size), MV_E_CALLBACK);
    assert_eq!((low, size), (at.cast_const(), 44));
    // SAFETY: the caller's own.
    let length = unsafe { (*buffer).len }.max(0).cast_unsigned();
    fails!(mv_buffer_to_contiguous(buffer, at, length, C), MV_E_CALLBACK);
    fails!(mv_buffer_from_contiguous(buffer, at, 4, C), MV_E_CALLBACK);
    assert_eq!(call!(mv_buffer_alignment(buffer)), 0);
    assert_eq!([C, A].map(|order| call!(mv_buffer_is_contiguous(buffer, order))), [0, 0]);
    assert_eq!(block.get(), [1, 2, 3, 4]);
}

#[test]
fn bpo_37188_itemsize_0_never_divides() {
    let (ground, mut at) = (Ground::new(), ptr::null_mut());
    let buffer = described(ground.memory.address(), c"B", 0, &[4], &[]);
    check_senseless(&buffer);
    fails!(mv_buffer_pointer(&raw const buffer, [0].as_ptr(), 1, &raw mut at), MV_E_CALLBACK);
    assert!(at.is_null());
}

fn pair(memory: *mut c_void, dims: &[isize], len: isize) -> mv_buffer {
    mv_buffer { len, ..described(memory, c"B", 1, dims, &[0, 0]) }
}

#[test]
fn fault_013_buffer_whose_shape_overflows() {
    let ground = Ground::new();
    for len in [0, MAX] {
        check_senseless(&pair(ground.memory.address(), &[MAX / 2 + 1, 4], len));
    }
}

#[test]
fn fault_022_buffer_whose_shape_is_negative() {
    let ground = Ground::new();
    for len in [0, -2] {
        check_senseless(&pair(ground.memory.address(), &[2, -1], len));
    }
}

#[test]
fn fault_005_buffer_whose_ndim_is_none() {
    let ground = Ground::new();
    let full = pair(ground.memory.address(), &[2, 2], 4);
    check_senseless(&mv_buffer { ndim: -1, ..full });
    check_senseless(&mv_buffer { ndim: 65, ..full });
    check_senseless(&mv_buffer { shape: ptr::null(), strides: ptr::null(), ..full });
}

/// Whatever `len` says, no more is written than there is room for.
#[test]
fn fault_026_buffer_whose_len_is_not_the_shapes() {
    let (ground, room) = (Ground::new(), placed([1_u8, 2, 3]));
    for len in [5, 3, 0, -4] {
        let buffer = pair(ground.memory.address(), &[2, 2], len);
        let code = call!(mv_buffer_to_contiguous(&raw const buffer, room.address(), 3, C, ptr::null_mut())).0;
        assert!([MV_E_SHAPE as i32, MV_E_CALLBACK as i32].contains(&code));
    }
    assert_eq!(room.get(), [1, 2, 3]);
}

#[test]
fn fault_024_cast_of_a_remainder() {
    let view = view_taking(counting_bytearray(5));
    assert_eq!(detail(&cast(view, c"H").refused(MV_E_TYPE)), (-1, -1, 5, 2));
    cast(view, c"d").refused(MV_E_TYPE);
    cast_to(view, c"H", &[2]).refused(MV_E_TYPE);
    cast_to(view, c"B", &[2, 2]).refused(MV_E_TYPE);
    cast_to(view, c"d", &[]).refused(MV_E_TYPE);
    let turned = cast_to(view, c"b", &[5, 1]).made();
    drop_views([turned, view]);
}

#[test]
fn fault_025_shapes_of_3_gib() {
    let (ground, dims) = (Ground::new(), [3, 1 << 30]);
    let memory = ground.memory.address();
    if size_of::<usize>() == 4 {
        refused!(mv_view_wrap(memory, c"B".as_ptr(), dims.as_ptr(), 2, 1), MV_E_OVERFLOW);
        refused!(mv_array_new(c"B".as_ptr(), dims.as_ptr(), 2, C), MV_E_OVERFLOW);
        return;
    }
    let view: *mut mv_view = made!(mv_view_wrap(memory, c"B".as_ptr(), dims.as_ptr(), 2, 1)); // described, and never read
    assert_eq!((buffer_of(view).len as i64, strides(view)[0]), (3 << 30, 1 << 30));
    drop_views([view]);
}

#[test]
fn fault_026_len_that_is_not_the_shapes() {
    let ground = Ground::new();
    let (a, foreign) = Adversary::object();
    a.shape.set([4, 2, 0, 0]);
    a.strides.set([4, 2, 0, 0]);
    a.change(|answer| (answer.ndim, answer.itemsize, answer.format) = (2, 2, c"H".as_ptr()));
    for len in [15, 17, -1, 1, 24, MAX, MIN] {
        a.change(|answer| answer.len = len);
        let full = a.answer.get();
        let (bytes, context) = (a.bytes().cast(), ground.freed.address());
        refused!(mv_memory_describe(&raw const full, bytes, 64, Some(count_free), context), MV_E_SHAPE);
        let mut view = junk::<*mut mv_view>();
        let code = call!(mv_view_from_buffer(&raw const full, &raw mut view, ptr::null_mut())).0;
        assert!(code == MV_E_SHAPE as i32 || (code == MV_E_VALUE as i32 && len % 2 != 0));
        assert!(view.is_null());
        refused!(mv_buffer_acquire(foreign, MV_FULL_RO), MV_E_CALLBACK);
    }
    for len in [16, 0] {
        a.change(|answer| answer.len = len);
        release(acquire(foreign, MV_FULL_RO));
    }
    a.check(9, 9, 0);
    assert_eq!(ground.freed.load(SeqCst), 0);
    unref(foreign);
}
