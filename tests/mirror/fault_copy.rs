//! `c-tests/test_fault_copy.c`: copies that overlap, do not fit, or may not be made. The expectation of an overlap is a copy
//! through a temporary, item by item.

use std::{
    cell::Cell,
    ffi::{CStr, c_void},
    ptr,
};

use memview::{
    error::mv_status::*,
    ffi::{MV_WRITE, MV_WRITE_BACK, mv_view},
    object::{
        flags::{MV_SIMPLE, MV_WRITABLE},
        protocol::mv_object,
    },
};

use crate::{
    adversary::Adversary, arguments::*, calls::*, chance::in_steps_of, fixtures::*, harness::*,
    table::POINTER,
};

const SIZE: usize = 64;

/// 64 bytes from 1, over which the cases lay their views.
struct Memory(Placed<Cell<[u8; SIZE]>>);

impl Memory {
    fn new() -> Memory {
        Memory(placed(COUNT_UP))
    }

    fn count_up(&self) {
        self.0.set(COUNT_UP);
    }

    fn at(&self, offset: isize) -> *mut c_void {
        self.0.address().wrapping_byte_offset(offset)
    }

    fn begins(&self, expected: &[u8]) {
        assert_eq!(&self.0.get()[..expected.len()], expected);
    }

    /// A view from offset `start`, with strides.
    fn strided(
        &self,
        start: isize,
        format: &CStr,
        itemsize: isize,
        dims: &[isize],
        steps: &[isize],
    ) -> *mut mv_view {
        let full = described(self.at(start), format, itemsize, dims, steps);
        view_taking(made!(mv_memory_describe(&raw const full, self.at(0), SIZE, None, ptr::null_mut())))
    }

    /// `destination[...] = source`, against the slow and obvious model.
    #[track_caller]
    fn check_copy(&self, destination: *mut mv_view, source: *const mv_view) {
        let mut expected = self.0.get();
        let (from, to) = (buffer_of(source), buffer_of(destination));
        let size = from.itemsize.cast_unsigned();
        let all = indices(&shape(source));
        let place = |at: *mut u8| at.addr() - self.at(0).addr();
        let dense: Vec<Vec<u8>> =
            all.iter().map(|index| expected[place(item_address(&from, index))..][..size].to_vec()).collect();
        for (index, item) in all.iter().zip(&dense) {
            expected[place(item_address(&to, index))..][..size].copy_from_slice(item);
        }
        ok!(mv_view_copy(destination, source));
        assert_eq!(self.0.get(), expected);
    }

    #[track_caller]
    fn check_pair(
        &self,
        format: &CStr,
        size: isize,
        dims: &[isize],
        to: (isize, &[isize]),
        from: (isize, &[isize]),
    ) {
        self.count_up();
        let destination = self.strided(to.0, format, size, dims, to.1);
        let source = self.strided(from.0, format, size, dims, from.1);
        self.check_copy(destination, source);
        drop_views([source, destination]);
    }
}

const COUNT_UP: [u8; SIZE] = {
    let (mut bytes, mut next) = ([0; SIZE], 1);
    while (next as usize) <= SIZE {
        bytes[next as usize - 1] = next;
        next += 1;
    }
    bytes
};

/// Every pair of starts and strides of 5 items in 24 bytes, zero and negative strides included.
#[test]
fn fault_068_overlap_in_one_dimension() {
    let memory = Memory::new();
    for n in (0..7 * 7 * 13).step_by(in_steps_of(90)) {
        let (to, from, shift) = (n / 91 - 3, n / 13 % 7 - 3, n % 13 - 6);
        memory.check_pair(c"B", 1, &[5], (24, &[to]), (24 + shift, &[from]));
    }
}

#[test]
fn fault_068_overlap_of_items_that_straddle_each_other() {
    let (memory, steps) = (Memory::new(), [-8, -5, -4, -3, 0, 1, 4, 5, 7]);
    for n in (0..9 * 9 * 11).step_by(in_steps_of(118)) {
        let (to, from, shift) = (steps[n / 99], steps[n / 11 % 9], n.cast_signed() % 11 - 5);
        memory.check_pair(c"I", 4, &[4], (29, &[to]), (29 + shift, &[from]));
    }
}

#[test]
fn fault_068_overlap_in_two_dimensions() {
    let steps = [
        [4, 1],
        [1, 4],
        [-4, 1],
        [4, -1],
        [-4, -1],
        [-1, -4],
        [0, 1],
        [1, 0],
        [0, 0],
        [1, 1],
        [-1, 1],
        [5, 2],
        [2, 5],
        [3, 1],
    ];
    let (memory, shifts) = (Memory::new(), [-7, -4, -1, 0, 1, 3, 4, 8]);
    for n in (0..14 * 14 * 8).step_by(in_steps_of(251)) {
        let (to, from, shift) = (&steps[n / 112], &steps[n / 8 % 14], shifts[n % 8]);
        memory.check_pair(c"B", 1, &[3, 4], (28, to), (28 + shift, from));
    }
}

#[test]
fn fault_068_overlap_in_three_dimensions() {
    let steps = [[9, 3, 1], [1, 3, 9], [3, 9, 1], [-9, 3, 1], [9, -3, -1], [0, 3, 1], [3, 1, 9]];
    let memory = Memory::new();
    for n in (0..7 * 7 * 9).step_by(in_steps_of(124)) {
        let (to, from, shift) = (&steps[n / 63], &steps[n / 9 % 7], n.cast_signed() % 9 - 4);
        memory.check_pair(c"B", 1, &[2, 3, 3], (24, to), (24 + shift, from));
    }
}

/// In place: a transpose and a reversal of the same bytes, all of them moved.
#[test]
fn fault_068_transpose_and_reversal_in_place() {
    let memory = Memory::new();
    memory.check_pair(c"B", 1, &[8, 8], (0, &[8, 1]), (0, &[1, 8]));
    memory.check_pair(c"B", 1, &[8, 8], (63, &[-8, -1]), (0, &[8, 1]));
    memory.check_pair(c"H", 2, &[32], (0, &[2]), (62, &[-2]));
    memory.check_pair(c"d", 8, &[8], (0, &[8]), (56, &[-8]));
}

/// Several items of the destination are one in memory: the last in C order stays.
#[test]
fn fault_068_last_item_wins_where_the_stride_is_0() {
    let memory = Memory::new();
    let source = memory.strided(0, c"B", 1, &[2, 3], &[3, 1]);
    for (steps, expected) in [([0, 1], [4, 5, 6, 0x2c]), ([0, 0], [6, 5, 6, 0x2c])] {
        let view = memory.strided(40, c"B", 1, &[2, 3], &steps);
        ok!(mv_view_copy(view, source));
        assert_eq!(memory.0.get()[40..44], expected);
        drop_views([view]);
    }
    drop_views([source]);
}

/// Rows behind pointers, some of them the same memory as the plain side, in another order.
#[test]
fn fault_068_overlap_behind_pointers() {
    let memory = Memory::new();
    let pointers = placed([8, 4, 0].map(|offset| memory.at(offset)));
    let rows = |suboffset| through_pointers(pointers.address(), &[3, 4], &[POINTER, 1], &[suboffset, -1]);
    let (table, plain) = (rows(0), memory.strided(0, c"B", 1, &[3, 4], &[]));
    ok!(mv_view_copy(plain, table));
    memory.begins(&[9, 10, 11, 12, 5, 6, 7, 8, 1, 2, 3, 4, 13]);
    ok!(mv_view_copy(table, plain));
    memory.begins(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    let back = sliced(table, c"::-1, ::-1");
    ok!(mv_view_copy(back, table));
    memory.begins(&[12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 13]);
    drop_views([back, plain, table]);
    let (table, plain) = (rows(2), memory.strided(1, c"B", 1, &[3, 4], &[])); // rows that overlap their neighbours
    memory.count_up();
    ok!(mv_view_copy(plain, table));
    memory.begins(&[1, 11, 12, 13, 14, 7, 8, 9, 10, 3, 4, 5, 6, 14]);
    drop_views([plain, table]);
}

#[test]
fn fault_068_read_and_write_into_the_view_itself() {
    let memory = Memory::new();
    let turned = [1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15, 4, 8, 12, 16];
    let view = memory.strided(0, c"B", 1, &[4, 4], &[1, 4]);
    let (own, buffer) = (memory.at(0), call!(mv_view_buffer(view)));
    ok!(mv_view_read(view, NO_TEXT, C, own, 16));
    memory.begins(&turned);
    memory.count_up();
    ok!(mv_view_write(view, NO_TEXT, C, own, 16));
    memory.begins(&turned);
    memory.count_up();
    ok!(mv_buffer_to_contiguous(buffer, own, 16, C));
    memory.begins(&turned);
    memory.count_up();
    ok!(mv_buffer_from_contiguous(buffer, own, 16, C));
    memory.begins(&turned);
    memory.count_up();
    ok!(mv_view_read(view, NO_TEXT, F, memory.at(2), 16)); // a shift by 2, and no more
    memory.begins(&[1, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 19]);
    drop_views([view]);
}

#[test]
fn fault_068_objects_of_overlapping_memory() {
    let memory = Memory::new();
    let [object, other]: [*mut mv_object; 2] =
        [0, 3].map(|at| made!(mv_memory_new(memory.at(at), 16, 0, None, ptr::null_mut())));
    ok!(mv_object_copy(other, object));
    memory.begins(&[1, 2, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 20]);
    ok!(mv_object_copy(object, object));
    memory.begins(&[1, 2, 3, 1, 2, 3, 4, 5]);
    drop_objects([other, object]);
}

/// A bytearray spliced with its own bytes, that move under it.
#[test]
fn fault_068_splice_of_a_bytearray_with_itself() {
    let object = counting_bytearray(4);
    let own = || {
        let b = acquire(object, MV_SIMPLE);
        release(b);
        (b.buf, b.len.cast_unsigned())
    };
    for _ in 0..6 {
        // Grows from 4 bytes to 256, moving on its way.
        let (data, length) = own();
        ok!(mv_bytearray_splice(object, 2, 0, data, length));
    }
    let grown = content(object);
    assert_eq!((grown.len(), &grown[..16]), (256, &[0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 2, 3][..]));
    ok!(mv_bytearray_resize(object, 8));
    ok!(mv_bytearray_splice(object, 0, 8, data(b"abcdefgh"), 8));
    let held = acquire(object, MV_SIMPLE);
    ok!(mv_bytearray_splice(object, 1, 5, held.buf.wrapping_byte_add(3), 5)); // no change of size
    assert_eq!(memory(held.buf, 8), b"adefghgh");
    release(held);
    unref(object);
}

#[track_caller]
fn check_mismatch(to: &[isize], from: &[isize]) {
    let memory = Memory::new();
    let (to, from) = (wrapped(memory.at(0), c"B", to), wrapped(memory.at(32), c"B", from));
    fails!(mv_view_copy(to, from), MV_E_SHAPE);
    fails!(mv_object_copy(as_object(to), as_object(from)), MV_E_SHAPE);
    memory.begins(&COUNT_UP);
    drop_views([from, to]);
}

#[test]
fn fault_069_shape_mismatch() {
    check_mismatch(&[4], &[5]);
    check_mismatch(&[5], &[4]);
    check_mismatch(&[4], &[2, 2]);
    check_mismatch(&[2, 2], &[4]);
    check_mismatch(&[1], &[]);
    check_mismatch(&[], &[1]);
    check_mismatch(&[2, 3], &[3, 2]);
    check_mismatch(&[4], &[1]); // nothing is broadcast
    check_mismatch(&[0], &[1]);
    check_mismatch(&[1], &[0]);
    check_mismatch(&[2, 0], &[3, 0]);
}

#[test]
fn fault_069_shape_mismatch_names_the_dimension() {
    let memory = Memory::new();
    let (to, from) = (wrapped(memory.at(0), c"B", &[2, 3]), wrapped(memory.at(32), c"B", &[2, 4]));
    assert_eq!(detail(&fails!(mv_view_copy(to, from), MV_E_SHAPE)), (1, -1, 3, 4));
    drop_views([from, to]);
}

#[test]
fn fault_069_length_mismatch() {
    let (memory, room) = (Memory::new(), placed([0x55_u8; 8]));
    let view = memory.strided(0, c"B", 1, &[4], &[3]);
    let (buffer, at) = (call!(mv_view_buffer(view)), room.address());
    for length in [0_u8, 1, 2, 3, 5, 6, 7] {
        let value = length.into();
        let length = length.into();
        let error = fails!(mv_view_read(view, NO_TEXT, C, at, length), MV_E_SHAPE);
        assert_eq!(error.value, value);
        fails!(mv_view_write(view, NO_TEXT, C, at, length), MV_E_SHAPE);
        fails!(mv_buffer_to_contiguous(buffer, at, length, C), MV_E_SHAPE);
    }
    fails!(mv_view_read(view, NO_TEXT, C, at, 10), MV_E_SHAPE); // the span is no length
    let code = call!(mv_view_read(view, NO_TEXT, C, at, usize::MAX, ptr::null_mut())).0;
    assert!([MV_E_SHAPE as i32, MV_E_OVERFLOW as i32].contains(&code));
    assert_eq!(room.get(), [0x55; 8]);
    memory.begins(&COUNT_UP);
    drop_views([view]);
}

#[test]
fn fault_069_format_mismatch() {
    let memory = Memory::new();
    let two = |offset, format| wrapped(memory.at(offset), format, &[2]);
    let [ints, bytes] = [c"i", c"B"].map(|format| two(0, format));
    let [floats, chars, spelt] = [c"f", c"c", c"@i"].map(|format| two(32, format));
    for (to, from) in [(ints, floats), (bytes, chars), (bytes, ints)] {
        fails!(mv_view_copy(to, from), MV_E_FORMAT);
    }
    fails!(mv_object_copy(as_object(ints), as_object(floats)), MV_E_FORMAT);
    fails!(mv_view_read(ints, c"4s".as_ptr(), C, memory.at(48), 8), MV_E_FORMAT);
    fails!(mv_view_write(ints, c"T{i:a:}".as_ptr(), C, memory.at(48), 8), MV_E_FORMAT);
    // Numbers are converted, but their length must be that of all of them.
    fails!(mv_view_write(ints, c"q".as_ptr(), C, memory.at(48), 8), MV_E_SHAPE);
    memory.begins(&COUNT_UP);
    ok!(mv_view_copy(ints, spelt));
    memory.begins(&COUNT_UP[32..40]);
    drop_views([spelt, chars, bytes, floats, ints]);
}

/// Every way to write, into a view that must not be written.
#[track_caller]
fn check_writes_are_refused(fixed: *mut mv_view) {
    let (bytes, nine, first) = (placed([9_u8; 4]), scalar_int(9), [0].as_ptr());
    let from = wrapped(bytes.address(), c"B", &[4]);
    assert_eq!(buffer_of(fixed).readonly, 1);
    fails!(mv_view_copy(fixed, from), MV_E_READONLY);
    fails!(mv_view_copy(fixed, fixed), MV_E_READONLY);
    fails!(mv_view_write(fixed, NO_TEXT, C, bytes.address(), 4), MV_E_READONLY);
    fails!(mv_view_fill(fixed, &raw const nine), MV_E_READONLY);
    fails!(mv_view_set(fixed, first, 1, &raw const nine), MV_E_READONLY);
    fails!(mv_view_set_i64(fixed, first, 1, 9), MV_E_READONLY);
    fails!(mv_view_set_u64(fixed, first, 1, 9), MV_E_READONLY);
    fails!(mv_view_set_f64(fixed, first, 1, 9.0), MV_E_READONLY);
    let buffer = call!(mv_view_buffer(fixed));
    fails!(mv_buffer_from_contiguous(buffer, bytes.address(), 4, C), MV_E_READONLY);
    fails!(mv_object_copy(as_object(fixed), as_object(from)), MV_E_BUFFER);
    refused!(mv_buffer_acquire(as_object(fixed), MV_WRITABLE), MV_E_BUFFER);
    assert_eq!(items(fixed), [0, 1, 2, 3]);
    drop_views([from]);
}

#[test]
fn fault_070_read_only_destination() {
    let bytes = placed([0_u8, 1, 2, 3]);
    let (at, none) = (bytes.address(), ptr::null_mut());
    let copy = view_taking(bytes_of(&[0, 1, 2, 3]));
    let memory = view_taking(made!(mv_memory_new(at, 4, 1, None, none)));
    let part = sliced(memory, c":");
    let borrowed: *mut mv_view = made!(mv_view_wrap(at, NO_TEXT, [4].as_ptr(), 1, 1));
    let writable = wrapped(at, c"B", &[4]);
    let fixed = toreadonly(writable).made();
    [copy, memory, part, borrowed, fixed].into_iter().for_each(check_writes_are_refused);
    set_i64(writable, &[0], 5);
    assert_eq!(bytes.get(), [5, 1, 2, 3]);
    drop_views([copy, memory, part, borrowed, fixed, writable]);
}

#[test]
fn fault_070_write_back_into_read_only_memory() {
    let object = bytes_of(b"abcd");
    refused!(mv_view_contiguous(object, MV_WRITE, C), MV_E_BUFFER);
    refused!(mv_view_contiguous(object, MV_WRITE_BACK, C), MV_E_BUFFER);
    assert_eq!(call!(mv_object_exports(object)), 0);
    unref(object);
}

/// libpng #778: the length of a copy is that of the items, whatever the strides say: 1 byte of each row of 8, the last of
/// which ends with the memory; and rows that run backwards.
#[test]
fn libpng_778_length_of_a_copy_is_not_a_stride() {
    let pixels = placed(std::array::from_fn::<u8, 57, _>(|i| u8::try_from(i).expect("a byte")));
    let rows = |start: usize, step| {
        let (first, steps) = (pixels.address().wrapping_byte_add(start), [step, 1]);
        let full = described(first, c"B", 1, &[8, 1], &steps);
        let none = ptr::null_mut();
        view_taking(made!(mv_memory_describe(&raw const full, pixels.address(), 57, None, none)))
    };
    let (forwards, backwards) = (rows(0, 8), rows(56, -8));
    assert_eq!(read(forwards), [0, 8, 16, 24, 32, 40, 48, 56]);
    write(forwards, F, b"abcdefgh");
    assert_eq!([56, 55, 1].map(|at| pixels.get()[at]), [b'h', 55, 1]);
    assert_eq!(read(backwards), b"hgfedcba");
    drop_views([forwards, backwards]);
}

/// gh-153689: sizes of the source in the shape of the destination.
#[test]
fn cpython_153689_copy_between_exporters_of_other_shapes() {
    let (a, source) = Adversary::object();
    a.shape.set([1, 2, 0, 0]);
    a.strides.set([4, 2, 0, 0]);
    a.change(|answer| answer.ndim = 2);
    let object = array_of(c"B", &[2, 1], C);
    fails!(mv_object_copy(object, source), MV_E_SHAPE);
    fails!(mv_object_copy(source, object), MV_E_SHAPE);
    assert_eq!(call!(mv_object_exports(object)), 0);
    a.check(2, 2, 0);
    assert_eq!([0, 1, 2, 3].map(|at| a.byte(at)), [0, 1, 2, 3]);
    drop_objects([object, source]);
}
