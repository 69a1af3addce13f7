//! `c-tests/test_fault_describe.c`: described memory: strides, suboffsets and addresses that lead outside of it, or nearly.

use std::{
    cell::Cell,
    ffi::{CStr, c_void},
    ptr,
};

use memview::{
    error::{mv_status, mv_status::*},
    object::{
        flags::*,
        protocol::{mv_buffer, mv_object},
    },
};

use crate::{
    fixtures::*,
    harness::{Placed, placed, zero},
    table::POINTER,
};

const MAX: isize = isize::MAX;
const MIN: isize = isize::MIN;

unsafe extern "C" fn count_free(context: *mut c_void, _: *mut c_void) {
    // SAFETY: the context is the case's counter.
    let count = unsafe { &*context.cast::<Cell<u32>>() };
    count.set(count.get() + 1);
}

/// 64 bytes, and how often they were given back.
struct Memory {
    bytes: Placed<Cell<[u8; 64]>>,
    freed: Placed<Cell<u32>>,
}

/// What a case says of the memory: the first item at `start`; without strides where there are none.
#[derive(Clone, Copy)]
struct Claim<'a> {
    start: usize,
    itemsize: isize,
    format: &'static CStr,
    shape: &'a [isize],
    strides: &'a [isize],
}

const fn bytes_from<'a>(start: usize, shape: &'a [isize], strides: &'a [isize]) -> Claim<'a> {
    Claim { start, itemsize: 1, format: c"B", shape, strides }
}

impl Memory {
    fn new() -> Self {
        Memory { bytes: placed([0; 64]), freed: placed(0) }
    }

    fn at(&self, start: usize) -> *mut c_void {
        self.bytes.address().wrapping_byte_add(start)
    }

    fn buffer(&self, claim: &Claim<'_>) -> mv_buffer {
        let strides = if claim.strides.is_empty() { ptr::null() } else { claim.strides.as_ptr() };
        mv_buffer {
            buf: self.at(claim.start),
            itemsize: claim.itemsize,
            ndim: ndim(claim.shape),
            format: claim.format.as_ptr(),
            shape: claim.shape.as_ptr(),
            strides,
            ..zero()
        }
    }

    #[track_caller]
    fn described(&self, claim: Claim<'_>) -> *mut mv_object {
        let (buffer, free) = (self.buffer(&claim), Some(count_free as unsafe extern "C" fn(_, _)));
        made!(mv_memory_describe(&raw const buffer, self.at(0), 64, free, self.freed.address()))
    }

    #[track_caller]
    fn refused(&self, claim: Claim<'_>, status: mv_status) {
        let (buffer, free) = (self.buffer(&claim), Some(count_free as unsafe extern "C" fn(_, _)));
        let context = self.freed.address();
        refused!(mv_memory_describe(&raw const buffer, self.at(0), 64, free, context), status);
        assert_eq!(self.freed.get(), 0);
    }

    /// Through to the object and back.
    #[track_caller]
    fn check_described(&self, claim: Claim<'_>) {
        let before = self.freed.get();
        let view = view_taking(self.described(claim));
        assert_eq!(buffer_of(view).buf, self.at(claim.start));
        drop_views([view]);
        assert_eq!(self.freed.get(), before + 1);
    }
}

#[test]
fn fault_017_stride_of_ptrdiff_min() {
    let memory = Memory::new();
    for (shape, strides) in
        [(&[2][..], &[MIN][..]), (&[3], &[MIN]), (&[1, 2], &[0, MIN]), (&[2, 2], &[MIN, MIN])]
    {
        memory.refused(bytes_from(0, shape, strides), MV_E_OVERFLOW);
    }
}

/// A stride that is never taken may be anything, and may not come out as a fault later.
#[test]
fn fault_017_stride_of_ptrdiff_min_that_is_not_used() {
    let memory = Memory::new();
    memory.check_described(bytes_from(0, &[1], &[MIN]));
    memory.check_described(bytes_from(63, &[1, 1], &[MIN, MIN]));
    memory.check_described(bytes_from(0, &[0], &[MIN]));
    let view = view_taking(memory.described(bytes_from(5, &[1], &[MIN])));
    let (turned, part) = (sliced(view, c"::-1"), sliced(view, c"::2"));
    assert_eq!(buffer_of(turned).buf, memory.at(5));
    ok!(mv_view_set_i64(part, [-1].as_ptr(), 1, 77));
    assert_eq!(memory.bytes.get()[5], 77);
    assert!(call!(mv_buffer_alignment(call!(mv_view_buffer(part)))) >= 1);
    drop_views([turned, part, view]);
}

#[test]
fn fault_018_last_index_times_stride() {
    let memory = Memory::new();
    for (shape, strides) in [
        (&[3][..], &[MAX / 2 + 1][..]),
        (&[4], &[MAX]),
        (&[4], &[-MAX]),
        (&[2, 2], &[MAX, MAX]),
        (&[2, 2], &[-MAX, -MAX]),
        (&[2, 2], &[MAX, 1]),
    ] {
        memory.refused(bytes_from(0, shape, strides), MV_E_OVERFLOW);
    }
}

/// Two overflows that cancel out are two overflows, or at the least a description that reaches outside.
#[test]
fn fault_018_strides_that_cancel_out() {
    let memory = Memory::new();
    let buffer = memory.buffer(&bytes_from(0, &[2, 2], &[MAX, -MAX]));
    let mut out = ptr::null_mut();
    let (null, to) = (ptr::null_mut(), &raw mut out);
    let code =
        call!(mv_memory_describe(&raw const buffer, memory.at(0), 64, None, null, to, ptr::null_mut()));
    assert!([MV_E_OVERFLOW as i32, MV_E_SHAPE as i32].contains(&code.0));
    assert!(out.is_null());
}

/// Two pointers to a block of eight bytes, of which some are shown.
fn with_table(work: impl FnOnce(mv_buffer, usize)) {
    let block = placed([1_u8, 2, 3, 4, 5, 6, 7, 8]);
    let table = placed([block.address(); 2]);
    let shown = mv_buffer { buf: table.address(), itemsize: 1, ndim: 2, format: c"B".as_ptr(), ..zero() };
    work(shown, size_of_val(&table.get()));
}

/// The blocks behind pointers are taken on trust, but no arithmetic on the way to them wraps.
#[test]
fn cpython_107595_giant_strides_and_suboffsets() {
    with_table(|shown, size| {
        for (strides, suboffsets) in [([POINTER, 1], [MAX, -1]), ([POINTER, MAX], [1, -1])] {
            let (shape, strides, suboffsets) = ([2, 2].as_ptr(), strides.as_ptr(), suboffsets.as_ptr());
            let description = mv_buffer { shape, strides, suboffsets, ..shown };
            let (mut object, given) = (ptr::null_mut(), &raw const description);
            let (null, to) = (ptr::null_mut(), &raw mut object);
            let code = call!(mv_memory_describe(given, shown.buf, size, None, null, to, ptr::null_mut()));
            if code.0 != MV_OK as i32 {
                assert!(object.is_null() && [MV_E_OVERFLOW as i32, MV_E_SHAPE as i32].contains(&code.0));
                continue;
            }
            let (view, mut part) = (view_taking(object), ptr::null_mut());
            // The suboffset would be MAX + 1.
            let code = call!(mv_view_slice(view, c":, 1:".as_ptr(), &raw mut part, ptr::null_mut()));
            assert!(part.is_null() && [MV_E_OVERFLOW as i32, MV_E_UNSUPPORTED as i32].contains(&code.0));
            drop_views([view]);
        }
    });
    Memory::new().refused(bytes_from(0, &[2, 2, 2], &[MAX, MAX, MAX]), MV_E_OVERFLOW);
}

#[test]
fn fault_019_reach_below_the_start() {
    let memory = Memory::new();
    for (start, shape, strides) in [
        (0, &[2][..], &[-1][..]),
        (62, &[64], &[-1]),
        (0, &[2, 2], &[2, -1]),
        (10, &[2, 2], &[-10, -1]),
        (0, &[2], &[-MAX / 2]),
    ] {
        memory.refused(bytes_from(start, shape, strides), MV_E_SHAPE);
    }
    memory.check_described(bytes_from(63, &[64], &[-1]));
    memory.check_described(bytes_from(11, &[2, 2], &[-10, -1]));
}

#[test]
fn fault_019_first_item_below_the_start() {
    let memory = Memory::new();
    let (buffer, free) =
        (memory.buffer(&bytes_from(0, &[4], &[])), Some(count_free as unsafe extern "C" fn(_, _)));
    for base in [1, 32] {
        let (at, size, context) = (memory.at(base), 64 - base, memory.freed.address());
        refused!(mv_memory_describe(&raw const buffer, at, size, free, context), MV_E_SHAPE);
    }
    assert_eq!(memory.freed.get(), 0);
}

#[test]
fn fault_020_reach_past_the_end_by_1() {
    let memory = Memory::new();
    for (start, shape, strides) in [
        (0, &[65][..], &[][..]),
        (1, &[64], &[]),
        (64, &[1], &[]),
        (1, &[9, 8], &[7, 1]),
        (0, &[2], &[MAX - 64]),
    ] {
        memory.refused(bytes_from(start, shape, strides), MV_E_SHAPE);
    }
    let doubles = Claim { itemsize: 8, format: c"d", ..bytes_from(57, &[], &[]) };
    memory.refused(doubles, MV_E_SHAPE);
    memory.refused(Claim { start: 0, shape: &[2], strides: &[57], ..doubles }, MV_E_SHAPE);
    memory.check_described(bytes_from(0, &[9, 8], &[7, 1]));
    memory.check_described(bytes_from(0, &[64], &[]));
    memory.check_described(bytes_from(63, &[1], &[]));
    memory.check_described(bytes_from(0, &[2], &[63]));
}

/// Nothing is reached where there are no items, from an address inside or at the very end.
#[test]
fn fault_020_no_items_reach_nothing() {
    let memory = Memory::new();
    memory.check_described(bytes_from(64, &[0], &[]));
    memory.check_described(bytes_from(0, &[1000, 0], &[MAX, MAX]));
}

#[test]
fn fault_020_pointer_table_past_the_end() {
    with_table(|shown, size| {
        let (strides, suboffsets) = ([POINTER, 1].as_ptr(), [0, -1].as_ptr());
        let of_two = mv_buffer { shape: [2, 4].as_ptr(), strides, suboffsets, ..shown };
        let of_three = mv_buffer { shape: [3, 4].as_ptr(), ..of_two };
        let null = ptr::null_mut();
        refused!(mv_memory_describe(&raw const of_two, shown.buf, size - 1, None, null), MV_E_SHAPE);
        refused!(mv_memory_describe(&raw const of_three, shown.buf, size, None, null), MV_E_SHAPE);
        let view = view_taking(made!(mv_memory_describe(&raw const of_two, shown.buf, size, None, null)));
        assert_eq!(items(view), [1, 2, 3, 4, 1, 2, 3, 4]);
        drop_views([view]);
    });
}

#[test]
fn fault_021_stride_0_on_described_memory() {
    let memory = Memory::new();
    memory.bytes.set([7; 64]);
    let view = view_taking(memory.described(bytes_from(3, &[4], &[0])));
    assert_eq!(buffer_of(view).readonly, 0);
    assert_eq!(items(view), [7, 7, 7, 7]);
    ok!(mv_view_set_i64(view, [2].as_ptr(), 1, 9));
    assert_eq!(items(view), [9, 9, 9, 9]);
    ok!(mv_view_write(view, NO_TEXT, C, data(&[1, 2, 3, 4]), 4));
    assert_eq!(memory.bytes.get()[2..5], [7, 4, 7]);
    drop_views([view]);
}

#[test]
fn fault_027_stride_that_is_no_multiple_of_the_itemsize() {
    let memory = Memory::new();
    memory.bytes.set(std::array::from_fn(|i| u8::try_from(i).expect("below 64")));
    let words = Claim { itemsize: 4, format: c"I", ..bytes_from(1, &[3], &[7]) };
    let view = view_taking(memory.described(words));
    let word = |from: u8| i64::from(u32::from_ne_bytes([from, from + 1, from + 2, from + 3]));
    assert_eq!(items(view), [1, 8, 15].map(word));
    assert_eq!(call!(mv_buffer_is_contiguous(call!(mv_view_buffer(view)), A)), 0);
    let shown = mv_buffer { len: 12, ..buffer_of(view) };
    let alignment = call!(mv_buffer_alignment(&raw const shown));
    assert_eq!(alignment, 1);
    release(acquire(as_object(view), MV_FULL_RO));
    drop_views([view]);
}
