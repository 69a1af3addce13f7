//! Scalars: `mv_scalar` from what stands in an item, and back.

use core::ptr;

use super::{
    item::{
        MV_ARRAY, MV_BOOL, MV_BYTES, MV_COMPLEX, MV_FLOAT, MV_INT, MV_OPAQUE, MV_POINTER, MV_RECORD, MV_TEXT,
        MV_UINT, mv_scalar, mv_scalar_bytes, mv_scalar_complex, mv_scalar_value,
    },
    mv_format,
};
use crate::{
    error::{Error, Result},
    format::{Leaf, MAX_NUMBER, Sort, Value},
    kernel::Span,
    object::{
        format::Format,
        part::{Content, Part, What},
    },
    view::Given,
};

fn of(kind: i32, value: mv_scalar_value) -> mv_scalar {
    mv_scalar { kind, reserved: 0, r#as: value, format: ptr::null() }
}

fn bytes(kind: i32, span: &Span<'_>) -> mv_scalar {
    let bytes = mv_scalar_bytes { data: span.data().cast_const().cast(), length: span.length() };
    of(kind, mv_scalar_value { bytes })
}

fn parts(kind: i32, span: &Span<'_>, format: &Format, node: usize) -> mv_scalar {
    mv_scalar { format: format.handle(node).cast_const().cast(), ..bytes(kind, span) }
}

/// The scalar of what stands in an item; `encoding` is the format handle of a leaf of characters.
pub(super) fn from_content(
    content: &Content<'_>,
    encoding: impl FnOnce(Leaf) -> Result<*const mv_format>,
) -> Result<mv_scalar> {
    Ok(match *content {
        Content::Value(Value::Bool(value)) => of(MV_BOOL, mv_scalar_value { i: value.into() }),
        Content::Value(Value::Int(i)) => of(MV_INT, mv_scalar_value { i }),
        Content::Value(Value::UInt(u)) => of(MV_UINT, mv_scalar_value { u }),
        Content::Value(Value::Float(f)) => of(MV_FLOAT, mv_scalar_value { f }),
        Content::Value(Value::Complex(re, im)) => {
            of(MV_COMPLEX, mv_scalar_value { c: mv_scalar_complex { re, im } })
        }
        Content::Value(Value::Pointer(u)) => of(MV_POINTER, mv_scalar_value { u }),
        Content::Bytes(span) => bytes(MV_BYTES, &span),
        Content::Text(span, leaf) => mv_scalar { format: encoding(leaf)?, ..bytes(MV_TEXT, &span) },
        Content::Record(span, format, node) => parts(MV_RECORD, &span, format, node),
        Content::Array(span, format, node) => parts(MV_ARRAY, &span, format, node),
        Content::Opaque(span) => bytes(MV_OPAQUE, &span),
        // No number comes as bytes or characters.
        Content::Value(Value::Bytes(_) | Value::Text(_)) => of(MV_OPAQUE, mv_scalar_value { u: 0 }),
    })
}

/// The scalar of a part of a struct or a sub-array.
///
/// # Safety
/// The scalar's member is the one that its kind names, its bytes are there, and its format is alive.
pub(super) unsafe fn field(record: &mv_scalar, path: &[u8]) -> Result<mv_scalar> {
    if record.kind != MV_RECORD && record.kind != MV_ARRAY {
        return Err(Error::Unfit {
            operation: "reading a field",
            reason: "the scalar is no struct and no sub-array",
        });
    }
    // SAFETY: as the caller promises.
    unsafe {
        let format = super::format_at(record.format, "record->format", 1)?;
        let part = Part::of_item(&span_of(record)?, &format)?;
        let (found, node) = part.follow(path)?;
        let mut space = [0u8; MAX_NUMBER];
        from_content(&found.content(&mut space)?, |_| Ok(format.handle(node).cast_const().cast()))
    }
}

/// The kind of scalar that an item of a format is.
pub(super) fn kind_of(format: &Format) -> i32 {
    match What::node(format, format.item_node()) {
        What::Leaf(leaf) => match leaf.sort() {
            Sort::Bool => MV_BOOL,
            Sort::Signed => MV_INT,
            Sort::Unsigned => MV_UINT,
            Sort::Float => MV_FLOAT,
            Sort::Complex => MV_COMPLEX,
            Sort::Pointer => MV_POINTER,
            Sort::Bytes => MV_BYTES,
            Sort::Text => MV_TEXT,
            Sort::Opaque => MV_OPAQUE,
        },
        What::Node(format, node) if format.tree().array(node).is_some() => MV_ARRAY,
        What::Node(..) => MV_RECORD,
        What::Opaque(_) => MV_OPAQUE,
    }
}

/// Runs `work` with what a scalar gives.
///
/// # Safety
/// The scalar's member is the one that its kind names; what it points to is the caller's for the call.
pub(super) unsafe fn with_given<R>(
    scalar: &mv_scalar,
    work: impl FnOnce(&Given<'_>) -> Result<R>,
) -> Result<R> {
    // SAFETY: as the caller promises.
    unsafe {
        match scalar.kind {
            MV_BOOL => work(&Given::Value(Value::Bool(scalar.r#as.i != 0))),
            MV_INT => work(&Given::Value(Value::Int(scalar.r#as.i))),
            MV_UINT => work(&Given::Value(Value::UInt(scalar.r#as.u))),
            MV_FLOAT => work(&Given::Value(Value::Float(scalar.r#as.f))),
            MV_COMPLEX => work(&Given::Value(Value::Complex(scalar.r#as.c.re, scalar.r#as.c.im))),
            MV_POINTER => work(&Given::Value(Value::Pointer(scalar.r#as.u))),
            MV_BYTES | MV_OPAQUE => work(&Given::Bytes(span_of(scalar)?)),
            MV_TEXT if scalar.format.is_null() => work(&Given::Utf8(span_of(scalar)?)),
            MV_TEXT | MV_RECORD | MV_ARRAY if !scalar.format.is_null() => {
                let format = super::format_at(scalar.format, "value->format", 1)?;
                work(&Given::Parts(span_of(scalar)?, &format))
            }
            kind => Err(Error::ScalarKind { kind: kind.into() }),
        }
    }
}

/// # Safety
/// The bytes are the caller's for the call.
unsafe fn span_of<'a>(scalar: &mv_scalar) -> Result<Span<'a>> {
    // SAFETY: the member is the one that the kind names, and the bytes are the caller's for the call.
    unsafe {
        let mv_scalar_bytes { data, length } = scalar.r#as.bytes;
        super::data(data, length)
    }
}
