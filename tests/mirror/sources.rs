//! Everything that `mv_buffer_acquire` can be asked of, as in `c-tests/acquire_sources.h`: each kind of exporter x format x
//! structure x read-only or not, and views of them.

use std::{
    cell::Cell,
    ffi::{CStr, c_int, c_void},
    ptr,
};

use memview::{
    ffi::mv_view,
    object::{
        flags::MV_FULL_RO,
        protocol::{mv_buffer, mv_object},
    },
};

use crate::{adversary::Adversary, calls::*, fixtures::*, harness::*, table::POINTER};

/// How the memory lies. Strides and offset count items; at the `indirect` dimension (-1: none) and before, pointers.
struct Structure {
    shape: &'static [isize],
    strides: &'static [isize],
    offset: isize,
    indirect: isize,
}

const fn lies(
    shape: &'static [isize],
    strides: &'static [isize],
    offset: isize,
    indirect: isize,
) -> Structure {
    Structure { shape, strides, offset, indirect }
}

const STRUCTURES: &[Structure] = &[
    lies(&[5], &[1], 0, -1),
    lies(&[2, 3], &[3, 1], 0, -1),
    lies(&[2, 2, 3], &[6, 3, 1], 0, -1),
    lies(&[2, 3], &[1, 2], 0, -1),
    lies(&[2, 2, 3], &[1, 2, 4], 0, -1),
    lies(&[1, 4], &[9, 1], 0, -1), // both orders, odd strides
    lies(&[1, 3, 1], &[5, 1, 7], 0, -1),
    lies(&[2, 3], &[4, 1], 0, -1), // neither order
    lies(&[2, 3], &[6, 2], 0, -1),
    lies(&[2, 3, 2], &[6, 1, 3], 0, -1),
    lies(&[3], &[2], 0, -1),
    lies(&[1], &[2], 0, -1),
    lies(&[], &[], 0, -1),
    lies(&[0], &[3], 0, -1), // no items
    lies(&[3, 0], &[5, 2], 0, -1),
    lies(&[0, 3], &[1, 7], 0, -1),
    lies(&[4], &[-1], 3, -1), // backwards
    lies(&[1], &[-1], 0, -1),
    lies(&[2, 3], &[-3, 1], 3, -1),
    lies(&[2, 3], &[-3, -1], 5, -1),
    lies(&[4], &[0], 0, -1), // one item several times
    lies(&[2, 3], &[0, 1], 0, -1),
    lies(&[3, 4], &[1, 1], 0, 0), // pointers
    lies(&[3], &[1], 0, 0),
    lies(&[2, 2], &[2, 1], 0, 1),
    lies(&[3, 2, 2], &[1, 2, 1], 0, 0),
    lies(&[1, 1], &[1, 1], 0, 0),
    lies(&[2, 0], &[1, 1], 0, 0),
];

/// With the size of their items; the first four may be given without a shape, the last is to the library a text as any other.
pub const FORMATS: [(&CStr, isize); 9] = [
    (c"B", 1),
    (c"b", 1),
    (c"c", 1),
    (c"@B", 1),
    (c"?", 1),
    (c"H", 2),
    (c"i", 4),
    (c"d", 8),
    (c"T{i:a:}", 4),
];
pub const UNKNOWN_FORMAT: usize = 8;

/// Who is asked, and all that is known of it.
pub struct Source {
    pub object: *mut mv_object,
    pub format: usize,
    /// Its arrays are in `sizes`.
    pub full: mv_buffer,
    /// The strides of no items are the library's affair.
    pub any_strides: bool,
    pub what: String,
    is_view: bool,
    adversary: Option<Placed<Adversary>>,
    sizes: Placed<[[isize; 4]; 3]>,
    memory: Placed<Cell<[u8; 256]>>,
    pointers: Placed<Cell<[*mut c_void; 4]>>,
}

type Maker = fn(&mut Source) -> *mut mv_object;

const MAKERS: [Maker; 8] = [
    described_memory,
    type_of_its_own,
    callbacks,
    |source| view_in_place(described_memory(source)),
    |source| view_in_place(type_of_its_own(source)),
    |source| as_object(view_from_buffer(source)),
    |source| {
        let inner = view_from_buffer(source);
        let outer = view_of(as_object(inner));
        drop_views([inner]);
        as_object(outer)
    },
    |source| {
        let inner = view_from_buffer(source);
        let outer = toreadonly(inner).made();
        source.full.readonly = 1;
        drop_views([inner]);
        as_object(outer)
    },
];
/// From here on, a maker makes views.
const VIEWS: usize = 3;

fn view_in_place(object: *mut mv_object) -> *mut mv_object {
    as_object(view_taking(object))
}

fn view_from_buffer(source: &Source) -> *mut mv_view {
    made!(mv_view_from_buffer(&raw const source.full))
}

fn described_memory(source: &mut Source) -> *mut mv_object {
    let indirect = !source.full.suboffsets.is_null();
    let (base, extent) = if indirect {
        (source.pointers.address(), size_of::<[*mut c_void; 4]>())
    } else {
        (source.memory.address(), 256)
    };
    made!(mv_memory_describe(&raw const source.full, base, extent, None, ptr::null_mut()))
}

/// Answers in full, every other time with a length.
fn answering(
    source: &mut Source,
    (adversary, object): (Placed<Adversary>, *mut mv_object),
) -> *mut mv_object {
    adversary.answer.set(mv_buffer { len: 0, ..source.full });
    adversary.seen.set(c_int::try_from(source.full.len).expect("a short one"));
    adversary.on_acquire.set(Some(|adversary| {
        let length = adversary.seen.get() as isize;
        adversary.change(|answer| answer.len = length - answer.len);
    }));
    source.adversary = Some(adversary);
    object
}

fn type_of_its_own(source: &mut Source) -> *mut mv_object {
    answering(source, Adversary::object())
}

fn callbacks(source: &mut Source) -> *mut mv_object {
    answering(source, Adversary::custom())
}

impl Source {
    fn lay(how: &Structure, format: usize, readonly: bool) -> Source {
        let (text, itemsize) = FORMATS[format];
        let mut sizes = [[0; 4]; 3];
        for (dim, extent) in how.shape.iter().enumerate() {
            let unit = if dim.cast_signed() <= how.indirect { POINTER } else { itemsize };
            sizes[0][dim] = *extent;
            sizes[1][dim] = how.strides[dim] * unit;
            sizes[2][dim] = if dim.cast_signed() == how.indirect { itemsize } else { -1 };
        }
        let (sizes, memory) = (Placed::new(sizes), placed([0; 256]));
        let pointers =
            placed([0, 5, 10, 15].map(|item| memory.address().wrapping_byte_offset(item * itemsize)));
        let is_direct = how.indirect < 0;
        let first = memory.address().wrapping_byte_offset(how.offset * itemsize);
        let given = |array: usize, is_given: bool| if is_given { sizes[array].as_ptr() } else { ptr::null() };
        let full = mv_buffer {
            buf: if is_direct { first } else { pointers.address() },
            len: itemsize * how.shape.iter().product::<isize>(),
            itemsize,
            readonly: readonly.into(),
            ndim: ndim(how.shape),
            format: text.as_ptr(),
            shape: given(0, !how.shape.is_empty()),
            strides: given(1, !how.shape.is_empty()),
            suboffsets: given(2, !is_direct),
            ..zero()
        };
        let what = format!("{text:?} {:?} by {:?}", how.shape, how.strides);
        Source {
            object: NO_OBJECT,
            format,
            full,
            any_strides: false,
            what,
            is_view: false,
            adversary: None,
            sizes,
            memory,
            pointers,
        }
    }

    /// The acquisitions of the source itself; a view holds one of its exporter.
    #[track_caller]
    pub fn check_balance(&self, held: i32) {
        if let Some(adversary) = &self.adversary {
            let there = if self.is_view { 1 } else { held };
            assert_eq!(adversary.grants() - adversary.releases(), there, "{}", self.what);
        }
        assert_eq!(
            call!(mv_object_exports(self.object)),
            usize::try_from(held).expect("a count"),
            "{}",
            self.what
        );
    }

    fn end(self) {
        unref(self.object);
        if let Some(adversary) = &self.adversary {
            adversary.check(adversary.grants(), adversary.grants(), 1);
        }
    }

    /// Learns where the library's own memory lies.
    fn find(mut self, object: *mut mv_object, is_view: bool) -> Source {
        let buffer = acquire(object, MV_FULL_RO);
        self.full.buf = buffer.buf;
        release(buffer);
        self.object = if is_view { view_in_place(object) } else { object };
        self.is_view = is_view;
        self
    }
}

/// Bytes, bytearrays and plain memory, empty and not, and views of them.
fn plain(number: usize) -> Source {
    let (is_view, kind) = (number / 2 % 2 == 1, number / 4);
    let structure = [lies(&[0], &[1], 0, -1), lies(&[5], &[1], 0, -1)];
    let source = Source::lay(&structure[number % 2], 0, kind == 0 || kind == 3);
    let (bytes, length) = (source.memory.address(), source.full.len.cast_unsigned());
    let object = match kind {
        0 => made!(mv_bytes_new(bytes, length)),
        1 => made!(mv_bytearray_new(bytes, length)),
        _ => made!(mv_memory_new(bytes, length, (kind == 3).into(), None, ptr::null_mut())),
    };
    source.find(object, is_view)
}

fn array(number: usize) -> Source {
    let (is_view, format) = (number / 2 % 2 == 1, number / 4 % UNKNOWN_FORMAT);
    let order = if number.is_multiple_of(2) { C } else { F };
    let how = &STRUCTURES[number / 4 / UNKNOWN_FORMAT];
    let mut source = Source::lay(how, format, false);
    let itemsize = FORMATS[format].1;
    let mut sizes = *source.sizes;
    ok!(mv_buffer_fill_strides(how.shape.as_ptr(), ndim(how.shape), itemsize, order, sizes[1].as_mut_ptr()));
    source.sizes = Placed::new(sizes);
    if !how.shape.is_empty() {
        (source.full.shape, source.full.strides) = (source.sizes[0].as_ptr(), source.sizes[1].as_ptr());
    }
    source.any_strides = source.full.len == 0;
    let object = array_of(FORMATS[format].0, how.shape, order);
    source.find(object, is_view)
}

fn by_a_maker(number: usize) -> Source {
    let (maker, readonly, format) = (number % 8, number / 8 % 2 == 1, number / 16 % 9);
    let mut source = Source::lay(&STRUCTURES[number / 144], format, readonly);
    source.object = MAKERS[maker](&mut source);
    source.is_view = maker >= VIEWS;
    source
}

const PLAIN: usize = 16;
/// Those without pointers, which come last.
const ARRAYS: usize = 22 * UNKNOWN_FORMAT * 4;
const MADE: usize = 28 * 9 * 2 * 8;

/// Every so many-th of all sources, with its number.
pub fn with_sources(step: usize, one: impl Fn(usize, &Source)) {
    for number in (0..PLAIN + ARRAYS + MADE).step_by(step) {
        let source = match number {
            0..PLAIN => plain(number),
            PLAIN.. if number < PLAIN + ARRAYS => array(number - PLAIN),
            _ => by_a_maker(number - PLAIN - ARRAYS),
        };
        one(number, &source);
        source.end();
    }
}
