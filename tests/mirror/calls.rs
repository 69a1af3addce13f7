//! Calls by slices instead of pointers and counts; those that make a view give an [`Answer`], to be judged by the case.

use std::{
    ffi::{CStr, c_int},
    ptr,
};

use memview::{
    error::{mv_error, mv_status},
    ffi::{Code, mv_scalar, mv_view},
    layout::mv_index,
};

use crate::{
    fixtures::{C, NO_TEXT, buffer_of, ndim},
    harness::{is_zero, judge, junk, untouched},
};

/// What a call that makes a view has answered.
#[must_use]
pub struct Answer {
    call: &'static str,
    pub code: Code,
    pub error: mv_error,
    pub out: *mut mv_view,
}

impl Answer {
    fn to(call: &'static str, work: impl FnOnce(*mut *mut mv_view, *mut mv_error) -> Code) -> Answer {
        let (mut out, mut error) = (junk(), untouched());
        let code = work(&raw mut out, &raw mut error);
        Answer { call, code, error, out }
    }

    #[track_caller]
    pub fn made(self) -> *mut mv_view {
        judge(self.call, self.code, mv_status::MV_OK, &self.error);
        self.out
    }

    #[track_caller]
    pub fn refused(self, expected: mv_status) -> mv_error {
        judge(self.call, self.code, expected, &self.error);
        assert!(is_zero(&self.out), "{} failed, but left something", self.call);
        self.error
    }
}

pub fn index(view: *const mv_view, items: &[mv_index]) -> Answer {
    let count = c_int::try_from(items.len()).expect("a few items");
    Answer::to("mv_view_index", |out, error| call!(mv_view_index(view, items.as_ptr(), count, out, error)))
}

pub fn slice(view: *const mv_view, text: &CStr) -> Answer {
    Answer::to("mv_view_slice", |out, error| call!(mv_view_slice(view, text.as_ptr(), out, error)))
}

pub fn transpose(view: *const mv_view, axes: &[c_int]) -> Answer {
    let count = c_int::try_from(axes.len()).expect("a few axes");
    Answer::to("mv_view_transpose", |out, error| {
        call!(mv_view_transpose(view, axes.as_ptr(), count, out, error))
    })
}

/// With the dimensions the other way round.
pub fn turned(view: *const mv_view) -> Answer {
    Answer::to("mv_view_transpose", |out, error| call!(mv_view_transpose(view, ptr::null(), 0, out, error)))
}

pub fn reshape(view: *const mv_view, shape: &[isize], order: c_int) -> Answer {
    Answer::to("mv_view_reshape", |out, error| {
        call!(mv_view_reshape(view, shape.as_ptr(), ndim(shape), order, out, error))
    })
}

pub fn broadcast(view: *const mv_view, shape: &[isize]) -> Answer {
    Answer::to("mv_view_broadcast", |out, error| {
        call!(mv_view_broadcast(view, shape.as_ptr(), ndim(shape), out, error))
    })
}

pub fn split(view: *const mv_view, part: c_int, parts: c_int) -> Answer {
    Answer::to("mv_view_split", |out, error| call!(mv_view_split(view, part, parts, out, error)))
}

pub fn window(view: *const mv_view, shape: &[isize]) -> Answer {
    Answer::to("mv_view_window", |out, error| {
        call!(mv_view_window(view, shape.as_ptr(), ndim(shape), out, error))
    })
}

pub fn diagonal(view: *const mv_view, offset: isize, axis1: c_int, axis2: c_int) -> Answer {
    Answer::to("mv_view_diagonal", |out, error| {
        call!(mv_view_diagonal(view, offset, axis1, axis2, out, error))
    })
}

/// `shape` and `strides` are of one length.
pub fn strided(view: *const mv_view, offset: isize, shape: &[isize], strides: &[isize]) -> Answer {
    let (count, shape, strides) = (ndim(shape), shape.as_ptr(), strides.as_ptr());
    Answer::to("mv_view_strided", |out, error| {
        call!(mv_view_strided(view, offset, shape, strides, count, out, error))
    })
}

pub fn field(view: *const mv_view, path: &CStr) -> Answer {
    Answer::to("mv_view_field", |out, error| call!(mv_view_field(view, path.as_ptr(), out, error)))
}

/// To one dimension.
pub fn cast(view: *const mv_view, format: &CStr) -> Answer {
    cast_in(view, Some(format), None, C)
}

pub fn cast_to(view: *const mv_view, format: &CStr, shape: &[isize]) -> Answer {
    cast_in(view, Some(format), Some(shape), C)
}

pub fn cast_in(view: *const mv_view, format: Option<&CStr>, shape: Option<&[isize]>, order: c_int) -> Answer {
    let format = format.map_or(ptr::null(), CStr::as_ptr);
    let (shape, ndim) = shape.map_or((ptr::null(), -1), |shape| (shape.as_ptr(), ndim(shape)));
    Answer::to("mv_view_cast", |out, error| call!(mv_view_cast(view, format, shape, ndim, order, out, error)))
}

pub fn toreadonly(view: *mut mv_view) -> Answer {
    Answer::to("mv_view_toreadonly", |out, error| call!(mv_view_toreadonly(view, out, error)))
}

pub fn reexport(view: *mut mv_view) -> Answer {
    Answer::to("mv_view_reexport", |out, error| call!(mv_view_reexport(view, out, error)))
}

#[track_caller]
pub fn get_i64(view: *const mv_view, index: &[isize]) -> i64 {
    made!(mv_view_get_i64(view, index.as_ptr(), ndim(index)))
}

#[track_caller]
pub fn set_i64(view: *mut mv_view, index: &[isize], value: i64) {
    ok!(mv_view_set_i64(view, index.as_ptr(), ndim(index), value));
}

/// Writes the view's bytes in an order.
#[track_caller]
pub fn write(view: *mut mv_view, order: c_int, bytes: &[u8]) {
    ok!(mv_view_write(view, NO_TEXT, order, bytes.as_ptr().cast(), bytes.len()));
}

/// The view's bytes in an order.
#[track_caller]
pub fn read_in(view: *const mv_view, order: c_int) -> Vec<u8> {
    let mut bytes = vec![0x77; buffer_of(view).len.cast_unsigned() + 1];
    let length = bytes.len() - 1;
    ok!(mv_view_read(view, NO_TEXT, order, bytes.as_mut_ptr().cast(), length));
    assert_eq!(bytes.pop(), Some(0x77), "the byte behind the data");
    bytes
}

/// Writes one value to all items.
#[track_caller]
pub fn fill(view: *mut mv_view, value: mv_scalar) {
    ok!(mv_view_fill(view, &raw const value));
}
