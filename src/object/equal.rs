//! Parts of memory, compared by value: numbers across formats, structs value by value, padding not at all.

use core::ops::ControlFlow;

use super::{
    format::Format,
    part::{Part, What},
    share::Access,
};
use crate::{
    error::{Error, Result},
    format::{self, Comparison, Leaf, MAX_NUMBER, Tree, Value},
    kernel::{self, Number, Scratch, Span},
};

/// How the items of one view are compared with those of another, found out once.
pub enum Plan<'a> {
    /// Byte by byte.
    Bitwise,
    /// One value without parts with another.
    Leaves(Leaf, Leaf),
    /// Value by value.
    Parts(What<'a>, What<'a>),
    /// They are never equal.
    Never,
}

impl<'a> Plan<'a> {
    /// The plan for two kinds of parts.
    #[must_use]
    pub fn new(a: What<'a>, b: What<'a>) -> Plan<'a> {
        match (a, b) {
            (What::Leaf(left), What::Leaf(right)) => match format::comparison(left, right) {
                Comparison::Bitwise => Plan::Bitwise,
                Comparison::Never => Plan::Never,
                _ => Plan::Leaves(left, right),
            },
            (What::Opaque(left), What::Opaque(right)) if left == right => Plan::Bitwise,
            (What::Node(..), What::Node(..)) => Plan::Parts(a, b),
            _ => Plan::Never,
        }
    }
}

fn break_if<B>(condition: bool, with: B) -> ControlFlow<B> {
    if condition { ControlFlow::Break(with) } else { ControlFlow::Continue(()) }
}

/// Whether two accessed views of the same shape have equal items.
pub fn equal_items(a: &Access<'_>, b: &Access<'_>) -> Result<bool> {
    let ((left, left_offset), (right, right_offset)) = (a.what()?, b.what()?);
    let (one, other) = (a.memory(), b.memory());
    if one.layout().is_empty() {
        return Ok(true);
    }
    if let (What::Opaque(_), What::Opaque(_)) = (left, right)
        && !same_opaque(a, b)?
    {
        return Ok(false);
    }
    let numbers = match Plan::new(left, right) {
        Plan::Never => return Ok(false),
        Plan::Bitwise => Some(None),
        Plan::Leaves(left, right) => Number::of(left).zip(Number::of(right)).map(Some),
        Plan::Parts(..) => None,
    };
    if let Some(numbers) = numbers
        && let Some(one) = one.within_items(left_offset, left.size())
        && let Some(other) = other.within_items(right_offset, right.size())
        && let Some(same) = kernel::same_items(&one, &other, numbers)
    {
        return Ok(same);
    }
    let room = |access: &Access<'_>, offset: isize| access.layout().itemsize.saturating_sub(offset);
    let (left_room, right_room) = (room(a, left_offset), room(b, right_offset));
    let mut fault = Ok(());
    let found = kernel::visit_pairs(&one, &other, |left_at, right_at| {
        // SAFETY: each address is that of an item, which holds what the format says, or all but its last padding.
        let (left, right) = unsafe {
            (
                Part::new(left_at.wrapping_offset(left_offset), left, left_room, false),
                Part::new(right_at.wrapping_offset(right_offset), right, right_room, false),
            )
        };
        match equal(&left, &right) {
            Ok(same) => break_if(!same, ()),
            Err(error) => {
                fault = Err(error);
                ControlFlow::Break(())
            }
        }
    });
    fault.map(|()| found.is_continue())
}

/// Items without a meaning are equal bytes of formats that say the same.
fn same_opaque(a: &Access<'_>, b: &Access<'_>) -> Result<bool> {
    super::format::same_layout(a.format().to_bytes(), b.format().to_bytes())
}

/// Whether two parts have equal values.
pub fn equal(a: &Part<'_>, b: &Part<'_>) -> Result<bool> {
    match Plan::new(a.what(), b.what()) {
        Plan::Bitwise => Ok(kernel::same_bytes(&a.span(), &b.span())),
        Plan::Leaves(left, right) => equal_leaves(left, a, right, b),
        Plan::Parts(What::Node(one, left), What::Node(other, right)) => {
            equal_nodes(a, &one.tree(), left, b, &other.tree(), right)
        }
        Plan::Parts(..) | Plan::Never => Ok(false),
    }
}

fn equal_leaves(a: Leaf, left: &Part<'_>, b: Leaf, right: &Part<'_>) -> Result<bool> {
    let (one, other) = (left.span(), right.span());
    match format::comparison(a, b) {
        Comparison::Numbers => {
            let (mut x, mut y) = ([0u8; MAX_NUMBER], [0u8; MAX_NUMBER]);
            let (Some(x), Some(y)) = (x.get_mut(..one.length()), y.get_mut(..other.length())) else {
                return Ok(false);
            };
            kernel::read_span(&one, x);
            kernel::read_span(&other, y);
            Ok(format::equal_numbers(a, x, b, y))
        }
        Comparison::Bytes => Ok(match (left.bytes(), right.bytes()) {
            (Some(left), Some(right)) => kernel::same_bytes(&left, &right),
            _ => false,
        }),
        Comparison::Characters => {
            let (mut x, mut y) = (copy_of(&one)?, copy_of(&other)?);
            Ok(format::equal_characters(a, x.bytes(), b, y.bytes()))
        }
        Comparison::Bitwise => Ok(kernel::same_bytes(&one, &other)),
        Comparison::Never => Ok(false),
    }
}

fn copy_of(span: &Span<'_>) -> Result<Scratch> {
    let mut copy = Scratch::zeroed(span.length())?;
    kernel::read_span(span, copy.bytes());
    Ok(copy)
}

/// Structs are equal value by value, sub-arrays element by element.
fn equal_nodes(
    a: &Part<'_>,
    one: &Tree<'_>,
    left: usize,
    b: &Part<'_>,
    other: &Tree<'_>,
    right: usize,
) -> Result<bool> {
    if let (Some((shape, _)), Some((extents, _))) = (one.array(left), other.array(right)) {
        if shape != extents {
            return Ok(false);
        }
        let items = shape.iter().fold(1isize, |items, extent| items.saturating_mul(*extent));
        for number in 0..items {
            match (a.element_at(number)?, b.element_at(number)?) {
                (Some(x), Some(y)) if equal(&x, &y)? => {}
                _ => return Ok(false),
            }
        }
        return Ok(true);
    }
    if one.array(left).is_some() || other.array(right).is_some() {
        return Ok(false);
    }
    if one.field_count(left) != other.field_count(right) {
        return Ok(false);
    }
    for (x, y) in one.fields(left).zip(other.fields(right)) {
        let fields = (a.field(&x)?, b.field(&y)?);
        let same = match (fields.0.what(), fields.1.what()) {
            // Of what has no value the formats must say the same, too.
            (What::Opaque(_), What::Opaque(_)) => format::same_nodes(one, x.node, other, y.node, false),
            _ => true,
        };
        if !same || !equal(&fields.0, &fields.1)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a part equals a value.
pub fn equals_value(part: &Part<'_>, value: &Value<'_>) -> Result<bool> {
    let What::Leaf(leaf) = part.what() else { return Ok(false) };
    let span = part.span();
    if let Value::Text(text) = value {
        return Ok(leaf.unit().is_some() && format::equals_text(leaf, copy_of(&span)?.bytes(), text));
    }
    if part.bytes().is_some() || leaf.unit().is_some() {
        return Ok(false);
    }
    let mut space = [0u8; MAX_NUMBER];
    let Some(item) = space.get_mut(..span.length()) else { return Ok(false) };
    kernel::read_span(&span, item);
    Ok(format::equals_value(leaf, item, value))
}

/// Whether a part has the characters of a text, given in UTF-8.
pub fn equals_utf8(part: &Part<'_>, bytes: &Span<'_>) -> Result<bool> {
    let mut copy = copy_of(bytes)?;
    let text = core::str::from_utf8(copy.bytes());
    let text = text.map_err(|error| Error::Utf8 { position: crate::error::number(error.valid_up_to()) })?;
    equals_value(part, &Value::Text(text))
}

/// Whether a part has these bytes as its value: of 'c', 's' or 'p', or, without a meaning, all of them.
#[must_use]
pub fn equals_bytes(part: &Part<'_>, bytes: &Span<'_>) -> bool {
    match part.what() {
        What::Opaque(_) => kernel::same_bytes(&part.span(), bytes),
        _ => part.bytes().is_some_and(|own| kernel::same_bytes(&own, bytes)),
    }
}

/// Whether a part equals the bytes of a struct, a sub-array or characters of this format.
pub fn equals_parts(part: &Part<'_>, bytes: &Span<'_>, of: &Format) -> Result<bool> {
    equal(part, &Part::of_item(bytes, of).map_err(|_| short(bytes, of))?)
}

fn short(bytes: &Span<'_>, of: &Format) -> Error {
    let (given, needed) = (crate::error::number(bytes.length()), crate::error::signed(of.itemsize()));
    Error::Count { what: "the bytes of the value", given, needed }
}
