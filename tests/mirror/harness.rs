//! Calls of the library, judged: what `c-tests/harness.h` is to the C tests.
//!
//! `call!(f(a))` calls and gives the result. The others add the last argument, an `mv_error`: `ok!(f(a))` must succeed,
//! `fails!(f(a), STATUS)` must fail so and gives the error. `made!(f(a))` and `refused!(f(a), STATUS)` also add the
//! out-parameter before it: the one gives what was made, the other checks that nothing was.

use std::{
    cell::Cell,
    ffi::{CStr, c_char, c_void},
    mem::MaybeUninit,
    ops::Deref,
};

use memview::{
    error::{mv_error, mv_status},
    ffi::{Code, mv_status_name},
};

macro_rules! call {
    ($function:ident($($argument:expr),* $(,)?)) => {{
        // SAFETY: a case keeps the rules at the top of the header, or breaks one that the library checks.
        #[allow(unused_unsafe, reason = "a few functions are safe")]
        unsafe { memview::ffi::$function($($argument),*) }
    }};
}

macro_rules! ok {
    ($function:ident($($argument:expr),* $(,)?)) => {{
        let mut error = $crate::harness::untouched();
        let code = call!($function($($argument,)* &raw mut error));
        $crate::harness::judge(stringify!($function), code, memview::error::mv_status::MV_OK, &error)
    }};
}

macro_rules! fails {
    ($function:ident($($argument:expr),* $(,)?), $expected:expr) => {{
        let mut error = $crate::harness::untouched();
        let code = call!($function($($argument,)* &raw mut error));
        $crate::harness::judge(stringify!($function), code, $expected, &error);
        error
    }};
}

macro_rules! made {
    ($function:ident($($argument:expr),* $(,)?)) => {{
        let mut out = $crate::harness::zero();
        ok!($function($($argument,)* &raw mut out));
        out
    }};
}

macro_rules! refused {
    ($function:ident($($argument:expr),* $(,)?), $expected:expr) => {{
        let mut out = $crate::harness::junk();
        let error = fails!($function($($argument,)* &raw mut out), $expected);
        assert!($crate::harness::is_zero(&out), "{} failed, but left something", stringify!($function));
        error
    }};
}

const UNTOUCHED: i32 = -424_242;

/// An error as no call leaves it.
pub fn untouched() -> mv_error {
    let mut error: mv_error = filled(0x55);
    error.status = UNTOUCHED;
    error
}

/// The status is the expected one; a failure says the same in its error, and in words; success leaves it alone.
#[track_caller]
pub fn judge(call: &str, code: Code, expected: mv_status, error: &mv_error) {
    let said = error.status != UNTOUCHED;
    let words = || if said { message(error) } else { "(error not filled)".into() };
    if code.0 != expected as i32 {
        let (is, wanted) = (name(code.0), name(expected as i32));
        panic!("{call} returned {is}, expected {wanted}: {}", words());
    }
    if expected == mv_status::MV_OK {
        assert!(!said, "{call} succeeded, but wrote to error: {}", words());
    } else {
        assert!(said, "{call} failed, but did not fill error");
        assert!(error.status == code.0, "{call}: error.status is {}, returned {}", error.status, code.0);
        assert!(error.message[0] != 0, "{call}: error.message is empty");
        assert!(terminated(error).is_some(), "{call}: error.message is not terminated");
    }
}

fn terminated(error: &mv_error) -> Option<&CStr> {
    // SAFETY: the message is as many bytes, whatever the sign of C's `char`.
    let bytes = unsafe { std::slice::from_raw_parts(error.message.as_ptr().cast(), error.message.len()) };
    CStr::from_bytes_until_nul(bytes).ok()
}

/// What the error says; a message that is not terminated or not UTF-8 fails the case.
#[track_caller]
pub fn message(error: &mv_error) -> String {
    terminated(error).expect("a terminated message").to_str().expect("UTF-8").into()
}

/// The numbers of an error: dimension, position, value, limit.
pub fn detail(error: &mv_error) -> (i32, i64, i64, i64) {
    (error.dim, error.position, error.value, error.limit)
}

fn name(status: i32) -> String {
    text(mv_status_name(status)).unwrap_or_default()
}

/// A text of the library's; `None` for NULL.
pub fn text(text: *const c_char) -> Option<String> {
    // SAFETY: the library's texts are terminated.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_str().expect("UTF-8").into())
}

fn filled<T: Copy>(byte: u8) -> T {
    let mut value = MaybeUninit::<T>::uninit();
    // SAFETY: only pointers, numbers and C structs of both are made so: any bytes are a value of theirs.
    unsafe {
        value.as_mut_ptr().write_bytes(byte, 1);
        value.assume_init()
    }
}

/// An out-parameter before a call: a pointer, a number, or a C struct of both, all zero.
pub fn zero<T: Copy>() -> T {
    filled(0)
}

/// An out-parameter before a call, with something in it that must go.
pub fn junk<T: Copy>() -> T {
    filled(0x5a)
}

/// Whether a pointer is NULL, a struct all zero.
pub fn is_zero<T: Copy>(value: &T) -> bool {
    // SAFETY: as many bytes as the value has; out-parameters have no padding.
    let bytes = unsafe { std::slice::from_raw_parts((&raw const *value).cast::<u8>(), size_of::<T>()) };
    *bytes == [0; 128][..bytes.len()]
}

/// Something at an address that C may keep, for as long as this lives.
pub struct Placed<T>(*mut T);

impl<T> Placed<T> {
    pub fn new(value: T) -> Self {
        Placed(Box::into_raw(Box::new(value)))
    }

    pub fn as_ptr(&self) -> *mut T {
        self.0
    }

    pub fn address(&self) -> *mut c_void {
        self.0.cast()
    }
}

/// Memory of a case's own, which the library may write while the case looks.
pub fn placed<T>(value: T) -> Placed<Cell<T>> {
    Placed::new(Cell::new(value))
}

impl<T> Deref for Placed<T> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: `new` made it, and it lives as long as self; what C writes to lies in cells.
        unsafe { &*self.0 }
    }
}

impl<T> Drop for Placed<T> {
    fn drop(&mut self) {
        // SAFETY: made by `new`, freed here alone.
        drop(unsafe { Box::from_raw(self.0) });
    }
}
