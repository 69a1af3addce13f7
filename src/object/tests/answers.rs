//! The edges of the protocol: requests and descriptions that are short, incomplete or wrong.

use std::ptr;

use super::as_object;
use crate::{
    error::{Error, mv_status},
    kernel::Span,
    layout::Order,
    object::{
        Code, Object, Request, buffer, bytearray,
        flags::{MV_FULL, MV_FULL_RO},
        foreign::ZEROED,
        memory,
        protocol::{mv_buffer, mv_request},
        share::Borrowed,
    },
    view::{Mode, View},
};

/// Acquires as another copy of the library does: through the function table.
///
/// # Safety
/// The pointers are NULL or valid; a request is as long as it says.
unsafe fn acquire(object: &Object, request: *const mv_request, out: *mut mv_buffer) -> Code {
    let raw = object.as_raw();
    // SAFETY: as the caller promises; the object is alive and its table constant.
    unsafe {
        let acquire = (*raw.as_ref().r#type).acquire.unwrap();
        acquire(raw.as_ptr(), request, out, ptr::null_mut())
    }
}

fn is(code: Code, status: mv_status) -> bool {
    code.0 == status as i32
}

#[test]
fn the_function_table_acquires_into_nothing_but_a_buffer() {
    let object = bytearray::zeroed(4).unwrap();
    let request = Request::flags(MV_FULL).as_c();
    // SAFETY: NULL is refused.
    let code = unsafe { acquire(&object, &raw const request, ptr::null_mut()) };
    assert!(is(code, mv_status::MV_E_NULL), "{code:?}");
    assert_eq!(object.exports(), 0);
}

#[test]
fn the_function_table_refuses_a_request_of_null() {
    let object = bytearray::zeroed(4).unwrap();
    let mut out = ZEROED;
    // SAFETY: NULL is refused.
    let code = unsafe { acquire(&object, ptr::null(), &raw mut out) };
    assert!(is(code, mv_status::MV_E_NULL), "{code:?}");
    assert_eq!(object.exports(), 0);
}

#[test]
fn the_function_table_reads_no_further_than_a_short_request() {
    let object = bytearray::zeroed(4).unwrap();
    let mut out = ZEROED;
    let size = size_of::<usize>();
    // SAFETY: the request is as long as it says, and no longer.
    let code = unsafe { acquire(&object, (&raw const size).cast(), &raw mut out) };
    assert!(is(code, mv_status::MV_E_VERSION), "{code:?}");
    assert_eq!(object.exports(), 0);
}

#[test]
fn items_without_a_format_may_be_larger_than_a_byte() {
    let mut data = [0u8; 32];
    let (shape, strides) = ([4], [8]);
    let description = mv_buffer {
        buf: data.as_mut_ptr().cast(),
        len: 16,
        itemsize: 4,
        ndim: 1,
        shape: shape.as_ptr(),
        strides: strides.as_ptr(),
        ..ZEROED
    };
    // SAFETY: the memory and the arrays outlive the view.
    let view = View::wrap(unsafe { Borrowed::new(&description) }).unwrap();
    let copy = View::contiguous(&as_object(&view), Mode::Read, Order::C).unwrap();
    assert_eq!(copy.share().pin().unwrap().layout().itemsize, 4);
    let start = description.buf.cast();
    // SAFETY: as above; the extent is that of the data.
    let object = unsafe { memory::describe(&description, start, 32, None, ptr::null_mut()) }.unwrap();
    let view = View::new(&object, &Request::flags(MV_FULL_RO)).unwrap();
    assert_eq!(view.share().pin().unwrap().layout().itemsize, 4);
}

#[test]
fn negative_extents_in_a_buffer_are_refused_even_where_their_product_is_right() {
    let mut data = [0u8; 64];
    let (shape, strides) = ([-2, -3], [8, 1]);
    let given = mv_buffer {
        buf: data.as_mut_ptr().cast(),
        len: 6,
        itemsize: 1,
        ndim: 2,
        shape: shape.as_ptr(),
        strides: strides.as_ptr(),
        ..ZEROED
    };
    let refused = |error: Error| error.is(mv_status::MV_E_CALLBACK);
    assert!(buffer::extent(&given).is_err_and(refused));
    assert!(buffer::alignment(&given).is_err_and(refused));
    assert!(!buffer::is_contiguous(&given, Order::C));
    let mut items = [0u8; 6];
    // SAFETY: the items outlive the span, and nobody else uses them.
    let span = unsafe { Span::new(items.as_mut_ptr(), items.len()) };
    assert!(buffer::to_contiguous(&given, Order::C, &span).is_err_and(refused));
    assert!(buffer::from_contiguous(&given, Order::C, &span).is_err_and(refused));
}
