//! What the cases share: views with known items, and what they look like. The addressing rule and the order of items are
//! written down here a second time, so that no function of the library vouches for itself.

use std::{
    ffi::{CStr, c_char, c_int, c_long, c_longlong, c_short, c_uint, c_ulong, c_ulonglong, c_ushort, c_void},
    ptr,
};

use memview::{
    ffi::mv_view,
    object::{
        flags::{MV_FULL_RO, MV_SIMPLE},
        protocol::{mv_buffer, mv_object, mv_request},
    },
};

/// Orders, as C passes them.
pub const C: c_int = 67;
pub const F: c_int = 70;
pub const A: c_int = 65;

pub const NO_DATA: *const c_void = ptr::null();
pub const NO_TEXT: *const c_char = ptr::null();
pub const NO_OBJECT: *mut mv_object = ptr::null_mut();
pub const NO_VIEW: *mut mv_view = ptr::null_mut();

/// Too much for any malloc, but no overflow: where `MALLOC_REFUSES`. A 32-bit machine may have that much, and Miri ends.
pub const HUGE_LENGTH: usize = isize::MAX.cast_unsigned() - 65536;
pub const MALLOC_REFUSES: bool = size_of::<usize>() == 8 && !cfg!(miri);

/// The address of bytes, as C takes it.
pub fn data(bytes: &[u8]) -> *const c_void {
    bytes.as_ptr().cast()
}

pub fn ndim(dims: &[isize]) -> c_int {
    c_int::try_from(dims.len()).expect("a few dimensions")
}

pub fn bytes_of(content: &[u8]) -> *mut mv_object {
    made!(mv_bytes_new(data(content), content.len()))
}

pub fn bytearray_of(content: &[u8]) -> *mut mv_object {
    made!(mv_bytearray_new(data(content), content.len()))
}

/// A bytearray of the bytes 0, 1, 2 ...
pub fn counting_bytearray(length: u8) -> *mut mv_object {
    bytearray_of(&(0..length).collect::<Vec<u8>>())
}

pub fn array_of(format: &CStr, shape: &[isize], order: c_int) -> *mut mv_object {
    made!(mv_array_new(format.as_ptr(), shape.as_ptr(), ndim(shape), order))
}

pub fn unref(object: *mut mv_object) {
    call!(mv_object_unref(object));
}

/// Drops a reference to each.
pub fn drop_objects<const COUNT: usize>(objects: [*mut mv_object; COUNT]) {
    objects.into_iter().for_each(unref);
}

/// Drops a reference to each.
pub fn drop_views<const COUNT: usize>(views: [*mut mv_view; COUNT]) {
    for view in views {
        call!(mv_view_unref(view));
    }
}

pub fn view_of(object: *mut mv_object) -> *mut mv_view {
    made!(mv_view_new(object, MV_FULL_RO))
}

/// A view of an object that only the view keeps alive.
pub fn view_taking(object: *mut mv_object) -> *mut mv_view {
    let view = view_of(object);
    unref(object);
    view
}

/// A view as an object: borrowed.
pub fn as_object(view: *mut mv_view) -> *mut mv_object {
    call!(mv_view_as_object(view))
}

/// A view of borrowed memory.
pub fn wrapped(memory: *mut c_void, format: &CStr, shape: &[isize]) -> *mut mv_view {
    made!(mv_view_wrap(memory, format.as_ptr(), shape.as_ptr(), ndim(shape), 0))
}

/// A writable view of a bytearray with this text.
pub fn text_view(text: &str) -> *mut mv_view {
    view_taking(bytearray_of(text.as_bytes()))
}

pub fn sliced(view: *const mv_view, text: &CStr) -> *mut mv_view {
    made!(mv_view_slice(view, text.as_ptr()))
}

/// A view of an array of its own, items 0, 1, 2 ... in C order of the indices, laid out in `order`.
pub fn numbered(format: &CStr, shape: &[isize], order: c_int) -> *mut mv_view {
    let view = view_taking(array_of(format, shape, order));
    let buffer = buffer_of(view);
    for (number, index) in (0..).zip(indices(shape)) {
        store_integer(&buffer, item_address(&buffer, &index), number);
    }
    view
}

/// A released view; its exporter lives as long.
pub fn released_view() -> *mut mv_view {
    let view = numbered(c"B", &[2, 3], C);
    ok!(mv_view_release(view));
    view
}

/// What `mv_view_buffer` shows now.
#[track_caller]
pub fn buffer_of(view: *const mv_view) -> mv_buffer {
    let buffer = call!(mv_view_buffer(view));
    assert!(!buffer.is_null(), "mv_view_buffer is NULL");
    // SAFETY: valid while the view is.
    unsafe { *buffer }
}

pub fn acquire(object: *mut mv_object, flags: c_int) -> mv_buffer {
    made!(mv_buffer_acquire(object, flags))
}

/// Ends an acquisition; the struct is empty then.
#[track_caller]
pub fn release(mut buffer: mv_buffer) {
    call!(mv_buffer_release(&raw mut buffer));
    assert!(crate::harness::is_zero(&buffer), "a released buffer is all zero");
}

/// `MV_REQUEST_INIT`: a full description, read-only access, any format and any number of dimensions.
pub fn request() -> mv_request {
    mv_request {
        size: size_of::<mv_request>(),
        flags: MV_FULL_RO,
        ndim: -1,
        format: ptr::null(),
        label: ptr::null(),
    }
}

/// The bytes of an object that answers plain bytes.
pub fn content(object: *mut mv_object) -> Vec<u8> {
    let buffer = acquire(object, MV_SIMPLE);
    let bytes = memory(buffer.buf, buffer.len.cast_unsigned());
    release(buffer);
    bytes
}

/// A copy of somebody's bytes.
pub fn memory(from: *const c_void, length: usize) -> Vec<u8> {
    // SAFETY: the cases ask for bytes that are there; empty memory may be NULL.
    if length == 0 { Vec::new() } else { unsafe { std::slice::from_raw_parts(from.cast(), length) }.to_vec() }
}

/// An array of a buffer's, one entry for each dimension; empty where it is NULL.
pub fn entries(array: *const isize, ndim: c_int) -> Vec<isize> {
    if array.is_null() {
        return Vec::new();
    }
    let count = usize::try_from(ndim).expect("a number of dimensions");
    // SAFETY: a buffer's array has an entry for each dimension.
    unsafe { std::slice::from_raw_parts(array, count) }.to_vec()
}

pub fn shape(view: *const mv_view) -> Vec<isize> {
    let buffer = buffer_of(view);
    entries(buffer.shape, buffer.ndim)
}

pub fn strides(view: *const mv_view) -> Vec<isize> {
    let buffer = buffer_of(view);
    entries(buffer.strides, buffer.ndim)
}

/// Every negative suboffset means the same: here, -1.
pub fn suboffsets(view: *const mv_view) -> Vec<isize> {
    let buffer = buffer_of(view);
    entries(buffer.suboffsets, buffer.ndim).into_iter().map(|suboffset| suboffset.max(-1)).collect()
}

/// Whether the view is contiguous in the order 'C', in 'F', in either.
pub fn contiguous(view: *const mv_view) -> [c_int; 3] {
    [C, F, A].map(|order| call!(mv_buffer_is_contiguous(call!(mv_view_buffer(view)), order)))
}

/// The whole view in C order, as `mv_view_read` gives it.
pub fn read(view: *const mv_view) -> Vec<u8> {
    let mut bytes = vec![0; buffer_of(view).len.cast_unsigned()];
    ok!(mv_view_read(view, NO_TEXT, C, bytes.as_mut_ptr().cast(), bytes.len()));
    bytes
}

/// The indices of a shape in C order.
pub fn indices(shape: &[isize]) -> Vec<Vec<isize>> {
    let (mut all, mut index) = (Vec::new(), vec![0; shape.len()]);
    let mut more = !shape.contains(&0);
    while more {
        all.push(index.clone());
        more = false;
        for (i, extent) in index.iter_mut().zip(shape).rev() {
            *i += 1;
            more = *i < *extent;
            if more {
                break;
            }
            *i = 0;
        }
    }
    all
}

/// The header's rule, with strides.
pub fn item_address(buffer: &mv_buffer, index: &[isize]) -> *mut u8 {
    let mut at: *mut u8 = buffer.buf.cast();
    for (dim, i) in index.iter().enumerate() {
        // SAFETY: a buffer's array has an entry for each dimension.
        let entry = |array: *const isize| unsafe { *array.add(dim) };
        at = at.wrapping_offset(entry(buffer.strides) * i);
        let suboffset = if buffer.suboffsets.is_null() { -1 } else { entry(buffer.suboffsets) };
        if suboffset >= 0 {
            // SAFETY: with a suboffset, a pointer stands there.
            at = unsafe { at.cast::<*mut u8>().read_unaligned() }.wrapping_offset(suboffset);
        }
    }
    at
}

macro_rules! integers {
    ($($code:literal $type:ty,)*) => {
        /// The item at an address, of an integer format in native order.
        pub fn load_integer(buffer: &mv_buffer, at: *const u8) -> i64 {
            match code(buffer) {
                // SAFETY: an item of the buffer's.
                $($code => i64::try_from(unsafe { at.cast::<$type>().read_unaligned() }).expect("a small number"),)*
                other => panic!("'{}' is no integer format", char::from(other)),
            }
        }

        fn store_integer(buffer: &mv_buffer, at: *mut u8, number: i64) {
            match code(buffer) {
                // SAFETY: an item of the buffer's.
                $($code => unsafe { at.cast::<$type>().write_unaligned(number.try_into().expect("a number that fits")) },)*
                other => panic!("'{}' is no integer format", char::from(other)),
            }
        }
    };
}

integers! {
    b'c' u8, b'b' i8, b'B' u8, b'?' u8, b'h' c_short, b'H' c_ushort, b'i' c_int, b'I' c_uint,
    b'l' c_long, b'L' c_ulong, b'q' c_longlong, b'Q' c_ulonglong, b'n' isize, b'N' usize,
}

fn code(buffer: &mv_buffer) -> u8 {
    // SAFETY: a buffer's format is NULL or terminated.
    let format = if buffer.format.is_null() { c"B" } else { unsafe { CStr::from_ptr(buffer.format) } };
    match format.to_bytes() {
        [b'@', code, ..] | [code, ..] => *code,
        [] => panic!("a format without a character"),
    }
}

/// The items of an integer format in C order, in memory, and as the library reads them.
#[track_caller]
pub fn items(view: *const mv_view) -> Vec<i64> {
    let buffer = buffer_of(view);
    let mut found = Vec::new();
    for index in indices(&shape(view)) {
        let there = load_integer(&buffer, item_address(&buffer, &index));
        if code(&buffer) != b'c' {
            let read: i64 = made!(mv_view_get_i64(view, index.as_ptr(), buffer.ndim));
            assert_eq!(read, there, "item {index:?}");
        }
        found.push(there);
    }
    assert_eq!(buffer.len, found.len().cast_signed() * buffer.itemsize, "len");
    found
}

/// Bytes as numbers, to compare items with.
pub fn numbers(bytes: &[u8]) -> Vec<i64> {
    bytes.iter().copied().map(i64::from).collect()
}
