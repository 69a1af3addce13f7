//! Statuses as C sees them: their numbers, their names, CPython's exception for each, and the error struct.

use core::ffi::{CStr, c_int};

/// What an operation returned: the cause of a failure, by name.
///
/// The numbers are for ever; new ones are only appended. A status that comes from another component may be one
/// that this header does not know: treat it as a failure, `mv_status_name` names it "unknown".
#[allow(non_camel_case_types)]
#[repr(i32)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum mv_status {
    /// Success.
    MV_OK = 0,
    /// A required pointer is NULL. (`SystemError`)
    MV_E_NULL = 1,
    /// An argument outside its domain: step 0, order 'x'. (`ValueError`)
    MV_E_VALUE = 2,
    /// The wrong kind of object, or an operation that this view does not have. (`TypeError`)
    MV_E_TYPE = 3,
    /// An index out of bounds. (`IndexError`)
    MV_E_INDEX = 4,
    /// Shapes, lengths or extents that do not fit. (`ValueError`)
    MV_E_SHAPE = 5,
    /// A format text that is invalid, or items that are not of this format. (`ValueError`)
    MV_E_FORMAT = 6,
    /// A number that does not fit the item. (`ValueError`)
    MV_E_RANGE = 7,
    /// Size arithmetic that overflows. (`OverflowError`)
    MV_E_OVERFLOW = 8,
    /// More than the library's limits: ndim above 64, a format nested too deep, a count of holders at half of its range. (`ValueError`)
    MV_E_LIMIT = 9,
    /// Unknown or contradictory request flags. (`SystemError`)
    MV_E_FLAGS = 10,
    /// The exporter cannot satisfy the request. (`BufferError`)
    MV_E_BUFFER = 11,
    /// A write to read-only memory; as a request for writable memory it is `MV_E_BUFFER`. (`TypeError`)
    MV_E_READONLY = 12,
    /// Refused while exports are alive. (`BufferError`)
    MV_E_EXPORTED = 13,
    /// Refused because of a lease, or of an operation in flight. (`BufferError`)
    MV_E_BUSY = 14,
    /// A released view, or revoked memory. (`ValueError`)
    MV_E_RELEASED = 15,
    /// There is nothing of that name. (`ValueError`)
    MV_E_NOT_FOUND = 16,
    /// Meaningful, but not possible here. (`NotImplementedError`)
    MV_E_UNSUPPORTED = 17,
    /// Memory could not be allocated. (`MemoryError`)
    MV_E_NO_MEMORY = 18,
    /// A foreign exporter broke the contract. (`SystemError`)
    MV_E_CALLBACK = 19,
    /// The operating system said no; the error's value is errno. (`OSError`)
    MV_E_SYSTEM = 20,
    /// A foreign struct or table of an unknown version. (`ImportError`)
    MV_E_VERSION = 21,
}

/// What went wrong, in the caller's memory: 512 bytes, frozen, never allocated.
///
/// It needs no initialisation, is written by a failing call that is given one, and is untouched by success.
/// Every function takes NULL in its place. The message is for people: its words are no part of the API.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mv_error {
    /// Always equal to the status that the call returned.
    pub status: i32,
    /// The 0-based dimension at fault (CPython's texts count from 1), or for `MV_E_NULL` the number of the
    /// argument, counted from 1; -1 where neither applies.
    pub dim: i32,
    /// The byte offset of the fault in a text, or the number of an item in C order; -1 where neither applies.
    pub position: i64,
    /// The value at fault: an index, an extent, flag bits, a number of exports, errno.
    pub value: i64,
    /// What the value was held against: a length, a capacity, an itemsize.
    pub limit: i64,
    /// One sentence in UTF-8, terminated, cut at the boundary of a character.
    pub message: [core::ffi::c_char; 480],
}

/// What is known of a status.
struct Status {
    number: mv_status,
    name: &'static CStr,
    exception: &'static CStr,
}

const STATUSES: &[Status] = &[
    Status { number: mv_status::MV_OK, name: c"MV_OK", exception: c"" },
    Status { number: mv_status::MV_E_NULL, name: c"MV_E_NULL", exception: c"SystemError" },
    Status { number: mv_status::MV_E_VALUE, name: c"MV_E_VALUE", exception: c"ValueError" },
    Status { number: mv_status::MV_E_TYPE, name: c"MV_E_TYPE", exception: c"TypeError" },
    Status { number: mv_status::MV_E_INDEX, name: c"MV_E_INDEX", exception: c"IndexError" },
    Status { number: mv_status::MV_E_SHAPE, name: c"MV_E_SHAPE", exception: c"ValueError" },
    Status { number: mv_status::MV_E_FORMAT, name: c"MV_E_FORMAT", exception: c"ValueError" },
    Status { number: mv_status::MV_E_RANGE, name: c"MV_E_RANGE", exception: c"ValueError" },
    Status { number: mv_status::MV_E_OVERFLOW, name: c"MV_E_OVERFLOW", exception: c"OverflowError" },
    Status { number: mv_status::MV_E_LIMIT, name: c"MV_E_LIMIT", exception: c"ValueError" },
    Status { number: mv_status::MV_E_FLAGS, name: c"MV_E_FLAGS", exception: c"SystemError" },
    Status { number: mv_status::MV_E_BUFFER, name: c"MV_E_BUFFER", exception: c"BufferError" },
    Status { number: mv_status::MV_E_READONLY, name: c"MV_E_READONLY", exception: c"TypeError" },
    Status { number: mv_status::MV_E_EXPORTED, name: c"MV_E_EXPORTED", exception: c"BufferError" },
    Status { number: mv_status::MV_E_BUSY, name: c"MV_E_BUSY", exception: c"BufferError" },
    Status { number: mv_status::MV_E_RELEASED, name: c"MV_E_RELEASED", exception: c"ValueError" },
    Status { number: mv_status::MV_E_NOT_FOUND, name: c"MV_E_NOT_FOUND", exception: c"ValueError" },
    Status {
        number: mv_status::MV_E_UNSUPPORTED,
        name: c"MV_E_UNSUPPORTED",
        exception: c"NotImplementedError",
    },
    Status { number: mv_status::MV_E_NO_MEMORY, name: c"MV_E_NO_MEMORY", exception: c"MemoryError" },
    Status { number: mv_status::MV_E_CALLBACK, name: c"MV_E_CALLBACK", exception: c"SystemError" },
    Status { number: mv_status::MV_E_SYSTEM, name: c"MV_E_SYSTEM", exception: c"OSError" },
    Status { number: mv_status::MV_E_VERSION, name: c"MV_E_VERSION", exception: c"ImportError" },
];

fn find(number: c_int) -> Option<&'static Status> {
    STATUSES.iter().find(|status| status.number as c_int == number)
}

/// The name of a status; "unknown" for a number that is none.
#[must_use]
pub fn name_of(number: c_int) -> &'static CStr {
    if cfg!(memview_fault = "reachable_panic") {
        return STATUSES[number.unsigned_abs() as usize].name;
    }
    find(number).map_or(c"unknown", |status| status.name)
}

/// The name of CPython's exception for a status.
#[must_use]
pub fn exception_of(number: c_int) -> &'static CStr {
    find(number).map_or(c"SystemError", |status| status.exception)
}

/// The version as one number: 10000 * major + 100 * minor + patch.
pub const VERSION: u32 = 10000 * decimal(env!("CARGO_PKG_VERSION_MAJOR"))
    + 100 * decimal(env!("CARGO_PKG_VERSION_MINOR"))
    + decimal(env!("CARGO_PKG_VERSION_PATCH"));

const fn decimal(text: &str) -> u32 {
    let (mut value, mut at) = (0, 0);
    while at < text.len() {
        value = 10 * value + (text.as_bytes()[at] - b'0') as u32;
        at += 1;
    }
    value
}
