//! The one error type. Every message of the library is written here, and names the value at fault.
//!
//! An [`Error`] is small and never allocates, but for the two that carry a text made at run time ([`Text`]).
//! `ffi` turns it into a status and fills the caller's `mv_error` from [`Error::detail`].

mod status;

pub use status::{VERSION, exception_of, mv_error, mv_status, name_of};

use core::fmt;

use crate::alloc::Text;

/// The result of everything that can fail.
pub type Result<T> = core::result::Result<T, Error>;

use mv_status::{
    MV_E_BUFFER, MV_E_BUSY, MV_E_CALLBACK, MV_E_EXPORTED, MV_E_FLAGS, MV_E_FORMAT, MV_E_INDEX, MV_E_LIMIT,
    MV_E_NO_MEMORY, MV_E_NOT_FOUND, MV_E_NULL, MV_E_OVERFLOW, MV_E_RANGE, MV_E_READONLY, MV_E_RELEASED,
    MV_E_SHAPE, MV_E_TYPE, MV_E_UNSUPPORTED, MV_E_VALUE, MV_E_VERSION,
};

/// Why an operation failed. Dimensions count from 0. The message of each variant is its documentation.
#[allow(missing_docs)]
#[derive(Debug, thiserror::Error)]
pub enum Error {
    // Arguments
    #[error("argument {number}, '{argument}', is NULL")]
    Null { argument: &'static str, number: i32 },
    #[error("'{what}' is {value}: {expected}")]
    Value { what: &'static str, value: i64, expected: &'static str },
    #[error("'data' is NULL, but its length is {length}")]
    DataNull { length: i64 },
    #[error("'ndim' is {ndim}: a number of dimensions is not negative")]
    Ndim { ndim: i64 },
    #[error("{ndim} dimensions are more than the limit of {limit}")]
    NdimLimit { ndim: i64, limit: i64 },
    #[error("the struct's size {size} is less than {least}, its size in the first release")]
    StructSize { size: i64, least: i64 },
    #[error("ABI {abi} is unknown: this library implements ABI {known}")]
    Abi { abi: i64, known: i64 },
    #[error("size arithmetic overflows: {what}")]
    Overflow { what: &'static str },
    #[error("size arithmetic overflows on dimension {dim}: {what}")]
    OverflowAt { what: &'static str, dim: i32 },
    #[error("out of memory: {bytes} bytes could not be allocated")]
    NoMemory { bytes: usize },

    // Kinds of objects
    #[error("the object is not {expected} of this copy of memview")]
    Kind { expected: &'static str },
    #[error("{operation}: {reason}")]
    Unfit { operation: &'static str, reason: &'static str },
    #[error("{operation} is not supported: {reason}")]
    Unsupported { operation: &'static str, reason: &'static str },
    #[error("{operation} is not supported on dimension {dim}: {reason}")]
    UnsupportedAt { operation: &'static str, reason: &'static str, dim: i32 },

    // Geometry
    #[error("index {index} is out of bounds on dimension {dim} of length {length}")]
    OutOfBounds { index: i64, length: i64, dim: i32 },
    #[error("{given} indices are too many for {ndim} dimensions")]
    TooManyIndices { given: i64, ndim: i64 },
    #[error("{given} indices do not make an item of {ndim} dimensions")]
    TooFewIndices { given: i64, ndim: i64 },
    #[error("a view of 0 dimensions has no {what}")]
    ZeroDim { what: &'static str },
    #[error("the slice step on dimension {dim} is zero")]
    StepZero { dim: i32 },
    #[error("more than one ellipsis in the index")]
    Ellipses,
    #[error("index item {number} has the unknown kind {kind}")]
    IndexKind { kind: i64, number: i32 },
    #[error("the index text has {expected} missing at offset {position}")]
    IndexText { position: i64, expected: &'static str },
    #[error("{given} index items are more than the capacity of {capacity}")]
    IndexCapacity { given: i64, capacity: i64 },
    #[error("axis {axis} is not an axis of {ndim} dimensions")]
    Axis { axis: i64, ndim: i64 },
    #[error("axis {axis} is named twice")]
    AxisTwice { axis: i64 },
    #[error("{given} axes are named for {ndim} dimensions")]
    AxisCount { given: i64, ndim: i64 },
    #[error("the extent {extent} of dimension {dim} is negative")]
    NegativeExtent { extent: i64, dim: i32 },
    #[error("the shapes differ on dimension {dim}: {left} and {right}")]
    ShapesDiffer { left: i64, right: i64, dim: i32 },
    #[error("the numbers of dimensions differ: {left} and {right}")]
    NdimDiffers { left: i64, right: i64 },
    #[error("{what}: {given} do not fit {needed}")]
    Count { what: &'static str, given: i64, needed: i64 },
    #[error("{nbytes} bytes are not a whole number of items of {itemsize} bytes")]
    Remainder { nbytes: i64, itemsize: i64 },
    #[error("a cast needs {needed} bytes, the view has {nbytes}")]
    CastSize { nbytes: i64, needed: i64 },
    #[error(
        "a cast with an extent of 0 on dimension {dim}: only a 1-dimensional view without a shape can be empty"
    )]
    CastEmpty { dim: i32 },
    #[error("a cast makes no extent of 0, as on dimension {dim}")]
    CastExtent { dim: i32 },
    #[error("a cast needs a contiguous view")]
    CastStrided,
    #[error("the description reaches byte {reach}, outside the {extent} bytes of its memory")]
    Reach { reach: i64, extent: i64 },
    #[error("part {part} of {parts} does not exist")]
    Part { part: i64, parts: i64 },

    // Formats and items
    #[error("the format has {expected} missing at offset {position}")]
    FormatText { position: i64, expected: &'static str },
    #[error("the format's '{character}' at offset {position} {reason}")]
    FormatCharacter { character: char, position: i64, reason: &'static str },
    #[error("size arithmetic overflows at offset {position} of the format")]
    FormatOverflow { position: i64 },
    #[error("the format has more than {limit} {what} at offset {position}")]
    FormatLimit { what: &'static str, limit: i64, position: i64 },
    #[error("an itemsize of {itemsize} is not possible")]
    Itemsize { itemsize: i64 },
    #[error("the formats differ: items of {left} and of {right} bytes")]
    FormatsDiffer { left: i64, right: i64 },
    #[error("{operation} needs items that have a value, which those of this format do not")]
    FormatOpaque { operation: &'static str },
    #[error("the text is not UTF-8 at offset {position}")]
    Utf8 { position: i64 },
    #[error("the view has no hash: {reason}")]
    Unhashable { reason: &'static str },
    #[error("member {number} {reason}: {value} and {limit}")]
    Member { number: i32, reason: &'static str, value: i64, limit: i64 },
    #[error("the name of member {number} {reason}")]
    MemberName { number: i32, reason: &'static str },
    #[error("the format of member {number} has {size} bytes, the member {given}")]
    MemberSize { number: i32, size: i64, given: i64 },
    #[error("the format of member {number} cannot be read at offset {position}")]
    MemberFormat { number: i32, position: i64 },
    #[error("NumPy has no type for the format '{code}'")]
    NumpyNone { code: &'static str },
    #[error("the type at offset {position} has no format")]
    NumpyType { position: i64 },
    #[error("the path {reason} at offset {position}")]
    Field { position: i64, reason: &'static str },
    #[error("a {given} value does not go into an item of format '{code}'")]
    ItemKind { given: &'static str, code: &'static str },
    #[error("an item of format '{code}' is not {wanted}")]
    ItemAs { code: &'static str, wanted: &'static str },
    #[error("no item takes a scalar of kind {kind}")]
    ScalarKind { kind: i64 },
    #[error("{value} does not fit an item of format '{code}'")]
    ItemRange { value: Number, code: &'static str },
    #[error("{value}, item {position}, does not fit an item of format '{code}'")]
    ConvertRange { value: Number, code: &'static str, position: i64 },
    #[error("{given} bytes do not go into an item of {needed}")]
    ItemLength { given: i64, needed: i64 },

    // Buffers
    #[error("the request flags {flags} are {reason}")]
    Flags { flags: i64, reason: &'static str },
    #[error("the request cannot be satisfied: {reason}")]
    Request { reason: &'static str },
    #[error("the request asks for {wanted} dimensions, the buffer has {ndim}")]
    RequestNdim { wanted: i64, ndim: i64 },
    #[error("the request asks for another format than the buffer's, whose itemsize is {itemsize}")]
    RequestFormat { itemsize: i64 },
    #[error("the memory is read-only")]
    ReadOnly,
    #[error("the exporter broke the contract: {field} {reason}")]
    Exporter { field: &'static str, reason: &'static str, value: i64 },
    #[error("{}", words(text))]
    Foreign { status: i32, dim: i32, position: i64, value: i64, limit: i64, text: Text },

    // Lifetime
    #[error("the view has been released")]
    Released,
    #[error("the memory has been revoked")]
    Revoked,
    #[error("{operation} is refused: {exports} {}{holders}", plural(*.exports))]
    Exported { operation: &'static str, exports: i64, holders: Text },
    #[error("{operation} is refused: an operation is in flight")]
    InFlight { operation: &'static str },
    #[error("{operation} is refused: {reason}")]
    Busy { operation: &'static str, reason: &'static str },
    #[error("the count of {what} is at its limit of {limit}")]
    CountLimit { what: &'static str, limit: i64 },
}

/// A number in a message; floats are not printed, because their formatting can panic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A signed number.
    Int(i64),
    /// An unsigned number.
    UInt(u64),
    /// Any float.
    Float,
}

impl Number {
    /// As the number of an error; 0 for a float.
    fn as_i64(self) -> i64 {
        match self {
            Number::Int(value) => value,
            Number::UInt(value) => value.cast_signed(),
            Number::Float => 0,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Int(value) => fmt::Display::fmt(value, f),
            Number::UInt(value) => fmt::Display::fmt(value, f),
            Number::Float => f.write_str("the number"),
        }
    }
}

fn plural(exports: i64) -> &'static str {
    if exports == 1 { "export" } else { "exports" }
}

/// What an exporter says; some words of ours where there was no memory for its own.
fn words(text: &Text) -> &str {
    match text.as_str() {
        "" => "the exporter refused, and memory ran out for what it said",
        words => words,
    }
}

/// The numbers of an error, as `mv_error` reports them; -1 where one does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detail {
    /// The status; not always one of `mv_status`, because foreign exporters have their own.
    pub status: i32,
    /// The 0-based dimension, or the number of an argument.
    pub dim: i32,
    /// The byte offset in a text, or the number of an item.
    pub position: i64,
    /// The value at fault.
    pub value: i64,
    /// What it was held against.
    pub limit: i64,
}

impl Detail {
    const fn new(status: mv_status) -> Self {
        Detail { status: status as i32, dim: -1, position: -1, value: 0, limit: 0 }
    }
    const fn dim(self, dim: i32) -> Self {
        Detail { dim, ..self }
    }
    const fn at(self, position: i64) -> Self {
        Detail { position, ..self }
    }
    const fn value(self, value: i64) -> Self {
        Detail { value, ..self }
    }
    const fn limit(self, limit: i64) -> Self {
        Detail { limit, ..self }
    }
}

impl Error {
    /// The status and the numbers of this error.
    #[must_use]
    #[allow(clippy::too_many_lines, clippy::match_same_arms)] // one line an error, in the order of the enum
    pub fn detail(&self) -> Detail {
        use Error as E;
        let of = Detail::new;
        match *self {
            E::Null { number, .. } => of(MV_E_NULL).dim(number),
            E::Value { value, .. } => of(MV_E_VALUE).value(value),
            E::DataNull { length } => of(MV_E_VALUE).value(length),
            E::Ndim { ndim } => of(MV_E_VALUE).value(ndim),
            E::NdimLimit { ndim, limit } => of(MV_E_LIMIT).value(ndim).limit(limit),
            E::StructSize { size, least } => of(MV_E_VERSION).value(size).limit(least),
            E::Abi { abi, known } => of(MV_E_VERSION).value(abi).limit(known),
            E::Overflow { .. } => of(MV_E_OVERFLOW),
            E::OverflowAt { dim, .. } => of(MV_E_OVERFLOW).dim(dim),
            E::NoMemory { bytes } => of(MV_E_NO_MEMORY).value(i64::try_from(bytes).unwrap_or(i64::MAX)),

            E::Kind { .. } | E::Unfit { .. } => of(MV_E_TYPE),
            E::Unsupported { .. } => of(MV_E_UNSUPPORTED),
            E::UnsupportedAt { dim, .. } => of(MV_E_UNSUPPORTED).dim(dim),

            E::OutOfBounds { index, length, dim } => of(MV_E_INDEX).dim(dim).value(index).limit(length),
            E::TooManyIndices { given, ndim } | E::TooFewIndices { given, ndim } => {
                of(MV_E_TYPE).value(given).limit(ndim)
            }
            E::ZeroDim { .. } | E::CastStrided => of(MV_E_TYPE),
            E::StepZero { dim } => of(MV_E_VALUE).dim(dim),
            E::Ellipses => of(MV_E_VALUE),
            E::IndexKind { kind, number } => of(MV_E_VALUE).dim(number).value(kind),
            E::IndexText { position, .. } => of(MV_E_VALUE).at(position),
            E::IndexCapacity { given, capacity } => of(MV_E_LIMIT).value(given).limit(capacity),
            E::Axis { axis, ndim } => of(MV_E_VALUE).value(axis).limit(ndim),
            E::AxisTwice { axis } => of(MV_E_VALUE).value(axis),
            E::AxisCount { given, ndim } => of(MV_E_VALUE).value(given).limit(ndim),
            E::NegativeExtent { extent, dim } => of(MV_E_SHAPE).dim(dim).value(extent),
            E::ShapesDiffer { left, right, dim } => of(MV_E_SHAPE).dim(dim).value(left).limit(right),
            E::NdimDiffers { left, right } => of(MV_E_SHAPE).value(left).limit(right),
            E::Count { given, needed, .. } => of(MV_E_SHAPE).value(given).limit(needed),
            E::Remainder { nbytes, itemsize } => of(MV_E_TYPE).value(nbytes).limit(itemsize),
            E::CastSize { nbytes, needed } => of(MV_E_TYPE).value(needed).limit(nbytes),
            E::CastEmpty { dim } => of(MV_E_TYPE).dim(dim),
            E::CastExtent { dim } => of(MV_E_SHAPE).dim(dim),
            E::Reach { reach, extent } => of(MV_E_SHAPE).value(reach).limit(extent),
            E::Part { part, parts } => of(MV_E_VALUE).value(part).limit(parts),

            E::FormatText { position, .. } | E::FormatCharacter { position, .. } => {
                of(MV_E_FORMAT).at(position)
            }
            E::FormatOverflow { position } => of(MV_E_OVERFLOW).at(position),
            E::FormatLimit { position, limit, .. } => of(MV_E_LIMIT).at(position).limit(limit),
            E::Itemsize { itemsize } => of(MV_E_FORMAT).value(itemsize),
            E::FormatsDiffer { left, right } => of(MV_E_FORMAT).value(left).limit(right),
            E::FormatOpaque { .. } => of(MV_E_FORMAT),
            E::Unhashable { .. } => of(MV_E_VALUE),
            E::Utf8 { position } => of(MV_E_VALUE).at(position),
            E::Member { number, value, limit, .. } => of(MV_E_VALUE).dim(number).value(value).limit(limit),
            E::MemberName { number, .. } => of(MV_E_VALUE).dim(number),
            E::MemberSize { number, size, given } => of(MV_E_FORMAT).dim(number).value(size).limit(given),
            E::MemberFormat { number, position } => of(MV_E_FORMAT).dim(number).at(position),
            E::NumpyNone { .. } => of(MV_E_UNSUPPORTED),
            E::NumpyType { position } => of(MV_E_UNSUPPORTED).at(position),
            E::Field { position, .. } => of(MV_E_NOT_FOUND).at(position),
            E::ScalarKind { kind } => of(MV_E_TYPE).value(kind),
            E::ItemKind { .. } | E::ItemAs { .. } => of(MV_E_TYPE),
            E::ConvertRange { value, position, .. } => of(MV_E_RANGE).value(value.as_i64()).at(position),
            E::ItemRange { value, .. } => of(MV_E_RANGE).value(value.as_i64()),
            E::ItemLength { given, needed } => of(MV_E_VALUE).value(given).limit(needed),

            E::Flags { flags, .. } => of(MV_E_FLAGS).value(flags),
            E::Request { .. } => of(MV_E_BUFFER),
            E::RequestNdim { wanted, ndim } => of(MV_E_BUFFER).value(wanted).limit(ndim),
            E::RequestFormat { itemsize } => of(MV_E_BUFFER).limit(itemsize),
            E::ReadOnly => of(MV_E_READONLY),
            E::Exporter { value, .. } => of(MV_E_CALLBACK).value(value),
            E::Foreign { status, dim, position, value, limit, .. } => {
                Detail { status, dim, position, value, limit }
            }

            E::Released | E::Revoked => of(MV_E_RELEASED),
            E::Exported { exports, .. } => of(MV_E_EXPORTED).value(exports),
            E::InFlight { .. } => of(MV_E_EXPORTED),
            E::Busy { .. } => of(MV_E_BUSY),
            E::CountLimit { limit, .. } => of(MV_E_LIMIT).limit(limit),
        }
    }

    /// Whether this is the error of the named status.
    #[must_use]
    pub fn is(&self, status: mv_status) -> bool {
        self.detail().status == status as i32
    }
}

/// A length as the 64-bit number of an error.
#[must_use]
pub fn number(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A signed length as the 64-bit number of an error.
#[must_use]
pub fn signed(value: isize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The number of a dimension as an error has it.
#[must_use]
pub fn dimension(dim: usize) -> i32 {
    i32::try_from(dim).unwrap_or(i32::MAX)
}
