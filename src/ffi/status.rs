//! Section 1: version, status, errors.

use core::ffi::{c_char, c_int};

use super::{Code, run};
use crate::{
    error::{Error, mv_error},
    object::protocol::MV_ABI,
};

/// The version of the loaded library as `MV_VERSION` of its header counts: 10000 * major + 100 * minor + patch.
#[unsafe(no_mangle)]
pub extern "C" fn mv_version() -> u32 {
    crate::error::VERSION
}

/// The version of the loaded library as a text, "0.1.0". It lives for ever.
#[unsafe(no_mangle)]
pub extern "C" fn mv_version_string() -> *const c_char {
    super::VERSION_TEXT.as_ptr()
}

/// Whether the loaded library implements the ABI that the caller was compiled for. For programs that load the
/// library at run time: call it with `MV_ABI` before anything else.
///
/// `MV_E_VERSION`: it does not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_version_check(abi: u32, error: *mut mv_error) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            if abi == MV_ABI { Ok(()) } else { Err(Error::Abi { abi: abi.into(), known: MV_ABI.into() }) }
        })
    }
}

/// The name of a status, "`MV_E_SHAPE`"; "unknown" for a number that this library does not know. It lives for ever.
#[unsafe(no_mangle)]
pub extern "C" fn mv_status_name(status: c_int) -> *const c_char {
    crate::error::name_of(status).as_ptr()
}

/// The name of CPython's exception for a status, "`ValueError`", for bindings; "" for `MV_OK`, "`SystemError`" for a
/// number that this library does not know. It lives for ever.
#[unsafe(no_mangle)]
pub extern "C" fn mv_status_exception(status: c_int) -> *const c_char {
    crate::error::exception_of(status).as_ptr()
}
