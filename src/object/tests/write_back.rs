//! Contiguous copies that go back to what they were copied from, whoever is the last to hold them.

use std::{ffi::c_char, ptr, thread};

use super::{as_object, hold, strided};
use crate::{
    error::mv_status,
    layout::Order,
    object::{Object, Request, flags::MV_FULL, protocol::mv_buffer, share::Borrowed},
    view::{Mode, View},
};

fn copy_of(view: &View) -> View {
    View::contiguous(&as_object(view), Mode::WriteBack, Order::C).unwrap()
}

/// A strided view and a copy of it that differs in one item.
fn changed() -> (Object, View, View) {
    let (object, part) = strided();
    let copy = copy_of(&part);
    copy.set_i64(&[1], 9).unwrap();
    assert_eq!(part.get_i64(&[1]).unwrap(), 0);
    (object, part, copy)
}

fn assert_written(object: &Object, part: &View) {
    assert_eq!(part.get_i64(&[1]).unwrap(), 9);
    part.release().unwrap();
    assert_eq!(object.exports(), 0);
}

#[test]
fn a_release_writes_back() {
    let (object, part, copy) = changed();
    copy.release().unwrap();
    assert_written(&object, &part);
}

#[test]
fn the_last_handle_writes_back() {
    let (object, part, copy) = changed();
    drop(copy);
    assert_written(&object, &part);
}

#[test]
fn the_last_view_of_the_copy_writes_back() {
    let (object, part, copy) = changed();
    let rest = copy.slice(c"1:").unwrap();
    copy.release().unwrap();
    assert_eq!(part.get_i64(&[1]).unwrap(), 0);
    drop(rest);
    assert_written(&object, &part);
}

#[test]
fn the_last_buffer_of_the_copy_writes_back() {
    let (object, part, copy) = changed();
    let held = hold(&as_object(&copy), &Request::flags(MV_FULL)).unwrap();
    assert!(copy.release().unwrap_err().is(mv_status::MV_E_EXPORTED));
    drop(copy);
    assert_eq!(part.get_i64(&[1]).unwrap(), 0);
    drop(held);
    assert_written(&object, &part);
}

#[test]
fn any_thread_writes_back() {
    let (object, part, copy) = changed();
    let reader = copy.to_readonly().unwrap();
    drop(copy);
    thread::spawn(move || drop(reader)).join().unwrap();
    assert_written(&object, &part);
}

#[test]
fn the_last_reexport_of_the_copy_writes_back() {
    let (object, part) = strided();
    let copy = copy_of(&part);
    let other = copy.reexport().unwrap();
    copy.release().unwrap();
    other.set_i64(&[1], 9).unwrap();
    other.release().unwrap();
    assert_written(&object, &part);
}

#[test]
fn a_release_says_once_that_it_cannot_write_back() {
    let (object, part, copy) = changed();
    object.revoke().unwrap();
    assert!(copy.release().unwrap_err().is(mv_status::MV_E_RELEASED));
    copy.release().unwrap();
    part.release().unwrap();
    assert_eq!(object.exports(), 0);
}

#[test]
fn the_last_reexport_says_that_the_copy_cannot_be_written_back() {
    let (object, part, copy) = changed();
    let other = copy.reexport().unwrap();
    copy.release().unwrap();
    object.revoke().unwrap();
    assert!(other.release().unwrap_err().is(mv_status::MV_E_RELEASED));
    other.release().unwrap();
    part.release().unwrap();
    assert_eq!(object.exports(), 0);
}

#[test]
fn a_copy_goes_back_to_indirect_memory() {
    let (mut first, mut second) = ([0u8; 8], [0u8; 8]);
    let mut rows = [first.as_mut_ptr(), second.as_mut_ptr()];
    let (shape, strides, suboffsets) = ([2, 8], [size_of::<usize>().cast_signed(), 1], [0, -1]);
    let description = mv_buffer {
        buf: rows.as_mut_ptr().cast(),
        obj: ptr::null_mut(),
        len: 16,
        itemsize: 1,
        readonly: 0,
        ndim: 2,
        format: ptr::null::<c_char>(),
        shape: shape.as_ptr(),
        strides: strides.as_ptr(),
        suboffsets: suboffsets.as_ptr(),
        internal: ptr::null_mut(),
    };
    // SAFETY: the rows and their table outlive the views.
    let view = View::wrap(unsafe { Borrowed::new(&description) }).unwrap();
    let copy = copy_of(&view);
    copy.set_i64(&[1, 2], 5).unwrap();
    let again = view.reexport().unwrap();
    copy.release().unwrap();
    assert_eq!(again.get_i64(&[1, 2]).unwrap(), 5);
    drop((copy, view, again));
    assert_eq!((first, second), ([0; 8], [0, 0, 5, 0, 0, 0, 0, 0]));
}
