//! An exporter with suboffsets: a table of pointers to rows, as the Python Imaging Library has it; of one dimension, each
//! pointer leads to one item. Items are bytes, numbered in C order; each row is a block of its own.

use std::{
    cell::Cell,
    ffi::c_int,
    ptr,
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
};

use memview::{
    error::mv_error,
    ffi::{Code, mv_view},
    object::protocol::{MV_ABI, mv_buffer, mv_object, mv_request, mv_type},
};

use crate::{adversary, fixtures::view_taking};

pub const POINTER: isize = size_of::<*const u8>().cast_signed();

#[repr(C)]
pub struct Table {
    object: mv_object,
    references: AtomicUsize,
    exports: AtomicUsize,
    ndim: c_int,
    shape: [isize; 2],
    strides: [isize; 2],
    suboffsets: [isize; 2],
    rows: [Cell<*mut u8>; 8],
    columns: usize,
}

thread_local! {
    static ALIVE: Cell<usize> = const { Cell::new(0) };
}

/// The tables of this thread's case that nobody has freed.
pub fn tables_alive() -> usize {
    ALIVE.get()
}

pub fn table_new(ndim: c_int, rows: usize, columns: usize) -> *mut mv_object {
    let row = |y: usize| {
        let items = (0..columns).map(|x| u8::try_from(y * columns + x).expect("a byte"));
        Box::into_raw(items.collect::<Box<[u8]>>()).cast::<u8>()
    };
    let table = Box::new(Table {
        object: mv_object { r#type: &raw const TYPE.0 },
        references: AtomicUsize::new(1),
        exports: AtomicUsize::new(0),
        ndim,
        shape: [rows.cast_signed(), columns.cast_signed()],
        strides: [POINTER, 1],
        suboffsets: [0, -1],
        rows: std::array::from_fn(|y| Cell::new(if y < rows { row(y) } else { ptr::null_mut() })),
        columns,
    });
    ALIVE.set(ALIVE.get() + 1);
    Box::into_raw(table).cast()
}

/// A view of a table that only the view keeps alive.
pub fn table_view(ndim: c_int, rows: usize, columns: usize) -> *mut mv_view {
    view_taking(table_new(ndim, rows, columns))
}

pub fn table_references(object: *mut mv_object) -> usize {
    at(object).references.load(SeqCst)
}

fn at<'a>(object: *const mv_object) -> &'a Table {
    // SAFETY: only tables come here, and while they are alive.
    unsafe { &*object.cast() }
}

unsafe extern "C" fn add(self_: *mut mv_object) {
    at(self_).references.fetch_add(1, SeqCst);
}

unsafe extern "C" fn drop_one(self_: *mut mv_object) {
    if at(self_).references.fetch_sub(1, SeqCst) > 1 {
        return;
    }
    // SAFETY: `table_new` made it and its rows, and the last reference is gone.
    unsafe {
        let table = Box::from_raw(self_.cast::<Table>());
        for row in table.rows.iter().map(Cell::get).filter(|row| !row.is_null()) {
            drop(Box::from_raw(ptr::slice_from_raw_parts_mut(row, table.columns)));
        }
    }
    ALIVE.set(ALIVE.get() - 1);
}

unsafe extern "C" fn acquire(
    self_: *mut mv_object,
    _: *const mv_request,
    out: *mut mv_buffer,
    _: *mut mv_error,
) -> Code {
    let table = at(self_);
    // SAFETY: memview gives a buffer to be filled.
    let out = unsafe { &mut *out };
    out.buf = table.rows.as_ptr().cast_mut().cast();
    out.itemsize = 1;
    out.ndim = table.ndim;
    out.format = c"B".as_ptr();
    out.shape = table.shape.as_ptr();
    out.strides = table.strides.as_ptr();
    out.suboffsets = table.suboffsets.as_ptr();
    table.exports.fetch_add(1, SeqCst);
    Code(0)
}

unsafe extern "C" fn release(self_: *mut mv_object, _: *mut mv_buffer) {
    at(self_).exports.fetch_sub(1, SeqCst);
}

unsafe extern "C" fn exports(self_: *const mv_object) -> usize {
    at(self_).exports.load(SeqCst)
}

static TYPE: adversary::Table<mv_type> = adversary::Table(mv_type {
    size: adversary::TYPE_SIZE,
    abi: MV_ABI,
    name: c"table".as_ptr(),
    r#ref: Some(add),
    unref: Some(drop_one),
    acquire: Some(acquire),
    release: Some(release),
    exports: Some(exports),
    features: 0,
});
