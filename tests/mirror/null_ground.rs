//! Valid arguments for every function, for the sweep in `null_sweep`. What a call does not ask for is not made.

use std::{
    cell::{Cell, OnceCell},
    ffi::{CStr, c_int, c_void},
    ptr,
};

use memview::{
    error::mv_error,
    ffi::{Code, MV_RECORD, mv_format, mv_scalar, mv_view},
    kernel::mv_walk,
    object::{
        flags::MV_FULL,
        members::mv_member,
        protocol::{mv_buffer, mv_exporter, mv_object, mv_request},
    },
};

use crate::{
    adversary::{Adversary, Table},
    arguments::*,
    fixtures::*,
    formats::*,
    harness::*,
};

pub const FOUR: &[isize] = &[4];
pub const B: &CStr = c"B";
pub const RECORD: &CStr = c"T{i:a:}";

unsafe extern "C" fn refuse(
    _: *mut c_void,
    _: *const mv_request,
    _: *mut mv_buffer,
    _: *mut mv_error,
) -> Code {
    Code(memview::error::mv_status::MV_E_BUFFER as i32)
}

pub unsafe extern "C" fn keep(_: *mut c_void, _: *mut c_void) {}

pub static REFUSING: Table<mv_exporter> = Table(mv_exporter {
    size: size_of::<mv_exporter>(),
    name: ptr::null(),
    acquire: Some(refuse),
    release: None,
    free: None,
});

/// What an out-parameter is given: room for the largest of them.
type Room = [u128; ROOM];
const ROOM: usize = size_of::<mv_walk>().div_ceil(size_of::<u128>());
pub const UNTOUCHED: Room = [0x5555_5555_5555_5555_5555_5555_5555_5555; ROOM];

/// A handle, made when it is first asked for.
type Lazy<T> = OnceCell<*mut T>;

fn or_null<T>(handle: Lazy<T>) -> *mut T {
    handle.into_inner().unwrap_or(ptr::null_mut())
}

pub struct Ground {
    foreign: OnceCell<Placed<Adversary>>,
    object: Lazy<mv_object>,
    bytearray: Lazy<mv_object>,
    array: Lazy<mv_object>,
    lonely: Lazy<mv_object>,
    view: Lazy<mv_view>,
    doubles: Lazy<mv_view>,
    square: Lazy<mv_view>,
    records: Lazy<mv_view>,
    frozen: Lazy<mv_view>,
    format: Lazy<mv_format>,
    grid: Lazy<mv_format>,
    record: OnceCell<mv_scalar>,
    buffer: OnceCell<Placed<mv_buffer>>,
    walk: OnceCell<Placed<Cell<mv_walk>>>,
    pub member: mv_member,
    pub description: mv_buffer,
    pub request: mv_request,
    pub scalar: mv_scalar,
    pub length: isize,
    pub bytes: Placed<Cell<[u8; 8]>>,
    pub outputs: [Placed<Cell<Room>>; 2],
}

impl Ground {
    pub fn new() -> Ground {
        let bytes = placed([0; 8]);
        Ground {
            foreign: OnceCell::new(),
            object: Lazy::new(),
            bytearray: Lazy::new(),
            array: Lazy::new(),
            lonely: Lazy::new(),
            view: Lazy::new(),
            doubles: Lazy::new(),
            square: Lazy::new(),
            records: Lazy::new(),
            frozen: Lazy::new(),
            format: Lazy::new(),
            grid: Lazy::new(),
            record: OnceCell::new(),
            buffer: OnceCell::new(),
            walk: OnceCell::new(),
            member: mv_member { name: NO_TEXT, offset: 0, size: 4, format: NO_TEXT },
            description: mv_buffer { len: 4, ..described(bytes.address(), B, 1, FOUR, &[]) },
            request: request(),
            scalar: scalar_int(1),
            length: 4,
            bytes,
            outputs: [UNTOUCHED, UNTOUCHED].map(placed),
        }
    }

    pub fn foreign(&self) -> *mut mv_object {
        self.foreign.get_or_init(|| Adversary::foreign(self.bytes.address()).0).own.get()
    }

    pub fn object(&self) -> *mut mv_object {
        *self.object.get_or_init(|| bytearray_of(b"abcd"))
    }

    /// Without exports.
    pub fn bytearray(&self) -> *mut mv_object {
        *self.bytearray.get_or_init(|| bytearray_of(b"abcd"))
    }

    pub fn array(&self) -> *mut mv_object {
        *self.array.get_or_init(|| array_of(B, FOUR, C))
    }

    /// An array without exports.
    pub fn lonely(&self) -> *mut mv_object {
        *self.lonely.get_or_init(|| array_of(c"d", FOUR, C))
    }

    pub fn view(&self) -> *mut mv_view {
        *self.view.get_or_init(|| made!(mv_view_new(self.array(), MV_FULL)))
    }

    pub fn doubles(&self) -> *mut mv_view {
        *self.doubles.get_or_init(|| view_taking(array_of(c"d", FOUR, C)))
    }

    pub fn square(&self) -> *mut mv_view {
        *self.square.get_or_init(|| wrapped(self.bytes.address(), B, &[2, 2]))
    }

    pub fn records(&self) -> *mut mv_view {
        *self.records.get_or_init(|| wrapped(self.bytes.address(), RECORD, &[1]))
    }

    /// Cannot be written.
    pub fn frozen(&self) -> *mut mv_view {
        let make = || made!(mv_view_wrap(self.bytes.address(), B.as_ptr(), FOUR.as_ptr(), 1, 1));
        *self.frozen.get_or_init(make)
    }

    pub fn format(&self) -> *mut mv_format {
        *self.format.get_or_init(|| parsed(RECORD))
    }

    pub fn grid(&self) -> *mut mv_format {
        *self.grid.get_or_init(|| parsed(c"(2,3)h"))
    }

    pub fn record(&self) -> *const mv_scalar {
        self.record.get_or_init(|| {
            let mut record = mv_scalar { kind: MV_RECORD, format: self.format(), ..scalar_bytes(&[]) };
            record.r#as.bytes.data = self.bytes.address();
            record.r#as.bytes.length = size_of::<c_int>();
            record
        })
    }

    pub fn buffer(&self) -> *mut mv_buffer {
        self.buffer.get_or_init(|| Placed::new(acquire(self.object(), MV_FULL))).as_ptr()
    }

    /// Of the buffer; begun.
    pub fn walk(&self) -> *mut mv_walk {
        let begin = || {
            let walk = placed(zero());
            ok!(mv_walk_begin(walk.as_ptr().cast(), self.buffer(), C));
            walk
        };
        self.walk.get_or_init(begin).as_ptr().cast()
    }

    pub fn end(self) {
        if let Some(buffer) = self.buffer.into_inner() {
            call!(mv_buffer_release(buffer.as_ptr()));
        }
        drop_views([self.view, self.doubles, self.square, self.records, self.frozen].map(or_null));
        drop_formats([self.format, self.grid].map(or_null));
        drop_objects([self.lonely, self.array, self.bytearray, self.object].map(or_null));
    }
}
