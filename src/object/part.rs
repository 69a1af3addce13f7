//! An item, or a part of one, where it lies in memory: its value, its fields, and what goes into it.

use core::{marker::PhantomData, ops::ControlFlow};

use super::{
    format::Format,
    share::{Access, Item},
};
use crate::{
    error::{Error, Result, number},
    format::{self, Field, Leaf, MAX_NUMBER, Shape, Value},
    kernel::{self, Span},
};

/// What a part is.
#[derive(Clone, Copy)]
pub enum What<'a> {
    /// A value without parts.
    Leaf(Leaf),
    /// A struct, a sub-array, or something else of the format: the node says what.
    Node(&'a Format, usize),
    /// So many bytes without a meaning.
    Opaque(isize),
}

impl<'a> What<'a> {
    /// What a node is.
    #[must_use]
    pub fn node(format: &'a Format, node: usize) -> What<'a> {
        let tree = format.tree();
        match tree.node(node).shape {
            Shape::Leaf(leaf) if leaf.has_value() => What::Leaf(leaf),
            Shape::Record { .. } | Shape::Array => What::Node(format, node),
            _ => What::Opaque(tree.node(node).size()),
        }
    }

    /// How many bytes it is.
    #[must_use]
    pub fn size(&self) -> isize {
        match self {
            What::Leaf(leaf) => leaf.size(),
            What::Node(format, node) => format.tree().node(*node).size(),
            What::Opaque(size) => *size,
        }
    }

    /// How many of `room` bytes it is; none where it needs more. A struct at the end of an item may lack its last padding.
    fn within(&self, room: isize) -> Option<isize> {
        let size = self.size();
        let least = match self {
            _ if size <= room => return Some(size),
            What::Node(format, node) => format.tree().least_size_of(*node),
            _ => size,
        };
        (least <= room).then_some(room)
    }
}

/// An item, or a part of one, in memory.
///
/// No reference to its bytes is ever formed: other threads may write them meanwhile.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    address: *mut u8,
    what: What<'a>,
    size: isize,
    writable: bool,
    life: PhantomData<&'a ()>,
}

/// What stands in a part.
pub enum Content<'a> {
    /// A number, a truth value or an address.
    Value(Value<'a>),
    /// Bytes: of 'c', 's' and 'p'.
    Bytes(Span<'a>),
    /// Characters, as the leaf encodes them.
    Text(Span<'a>, Leaf),
    /// A struct: its bytes, its format, the node.
    Record(Span<'a>, &'a Format, usize),
    /// A sub-array: its bytes, its format, the node.
    Array(Span<'a>, &'a Format, usize),
    /// Bytes without a meaning.
    Opaque(Span<'a>),
}

impl<'a> Part<'a> {
    /// A part of memory, of `room` bytes at most.
    ///
    /// # Safety
    /// As many bytes as `what` has, or as there is room for, are readable at the address for 'a, and writable if `writable` says so.
    #[must_use]
    #[inline]
    pub unsafe fn new(address: *mut u8, what: What<'a>, room: isize, writable: bool) -> Part<'a> {
        match what.within(room) {
            Some(size) => Part { address, what, size, writable, life: PhantomData },
            None => Part { address, what: What::Opaque(room), size: room, writable, life: PhantomData },
        }
    }

    /// A part of bytes that may be read and written; where they are too few, it is those bytes without a meaning.
    #[must_use]
    pub fn of_span(span: &Span<'a>, what: What<'a>) -> Part<'a> {
        // SAFETY: the bytes may be read and written for 'a.
        unsafe { Part::new(span.data(), what, span.length().cast_signed(), true) }
    }

    /// An item in bytes that may be read and written.
    pub fn of_item(span: &Span<'a>, format: &'a Format) -> Result<Part<'a>> {
        let what = What::node(format, format.item_node());
        if what.within(span.length().cast_signed()).is_none() {
            let (given, needed) = (number(span.length()), crate::error::signed(what.size()));
            return Err(Error::Count { what: "the bytes of an item", given, needed });
        }
        Ok(Part::of_span(span, what))
    }

    /// What it is.
    #[must_use]
    pub fn what(&self) -> What<'a> {
        self.what
    }

    /// Its bytes.
    #[must_use]
    pub fn span(&self) -> Span<'a> {
        // SAFETY: as many bytes are readable for 'a, as `new` was promised; it is written by `set` alone, which asks.
        unsafe { Span::new(self.address, self.size.unsigned_abs()) }
    }

    /// Part of the part, which lies within it.
    fn inner(&self, offset: isize, what: What<'a>) -> Result<Part<'a>> {
        let room = self.size.checked_sub(offset).filter(|room| offset >= 0 && *room >= 0);
        let size = room.and_then(|room| what.within(room));
        let size = size.ok_or(Error::Overflow { what: "the place of a field" })?;
        Ok(Part { address: self.address.wrapping_offset(offset), what, size, ..*self })
    }

    /// What stands there; numbers go through `space`.
    pub fn content<'s>(&self, space: &'s mut [u8; MAX_NUMBER]) -> Result<Content<'s>>
    where
        'a: 's,
    {
        let span = self.span();
        match self.what {
            What::Leaf(leaf) if leaf.unit().is_some() => Ok(Content::Text(span, leaf)),
            What::Leaf(leaf) => {
                if let Some(bytes) = self.bytes() {
                    return Ok(Content::Bytes(bytes));
                }
                let length = leaf.size().unsigned_abs();
                let bytes =
                    space.get_mut(..length).ok_or(Error::FormatOpaque { operation: "reading a value" })?;
                kernel::read_span(&span, bytes);
                format::read(leaf, bytes).map(Content::Value)
            }
            What::Node(format, node) => match format.tree().node(node).shape {
                Shape::Record { .. } => Ok(Content::Record(span, format, node)),
                _ => Ok(Content::Array(span, format, node)),
            },
            What::Opaque(_) => Ok(Content::Opaque(span)),
        }
    }

    fn first_byte(&self) -> Option<u8> {
        let mut first = [0u8; 1];
        let span = self.span();
        if span.length() == 0 {
            return None;
        }
        kernel::read_span(&span.part(0, 1), &mut first);
        Some(first[0])
    }

    /// Its number, truth value or address.
    #[inline]
    pub fn number<R>(&self, convert: impl FnOnce(Leaf, &Value<'_>) -> Result<R>) -> Result<R> {
        let What::Leaf(leaf) = self.what else {
            return Err(Error::FormatOpaque { operation: "reading a number" });
        };
        let mut space = [0u8; MAX_NUMBER];
        match self.content(&mut space)? {
            Content::Value(value) => convert(leaf, &value),
            // Of the right format, but of the wrong kind.
            _ => convert(leaf, &Value::Bytes(&[])),
        }
    }

    /// Writes a value.
    #[inline]
    pub fn set(&self, value: &Value<'_>) -> Result<()> {
        self.check_writable()?;
        let What::Leaf(leaf) = self.what else {
            return Err(Error::FormatOpaque { operation: "writing a value" });
        };
        let mut space = [0u8; MAX_NUMBER];
        let length = leaf.size().unsigned_abs();
        let Some(bytes) = space.get_mut(..length) else {
            // Many characters: in a block of their own, so that nothing is written where they do not fit.
            let mut block = kernel::Scratch::zeroed(length)?;
            format::write(leaf, value, block.bytes())?;
            kernel::write_span(&self.span(), block.bytes());
            return Ok(());
        };
        format::write(leaf, value, bytes)?;
        kernel::write_span(&self.span(), bytes);
        Ok(())
    }

    /// Writes bytes, which may be part of this very memory: into 'c', 's' and 'p' as a value, else all bytes of the part as they are.
    pub fn set_bytes(&self, given: &Span<'_>) -> Result<()> {
        self.check_writable()?;
        let size = self.size.unsigned_abs();
        let misfit =
            |needed: usize| Error::ItemLength { given: number(given.length()), needed: number(needed) };
        let What::Leaf(leaf) = self.what else {
            if given.length() != size {
                return Err(misfit(size));
            }
            kernel::move_span(&self.span(), given);
            return Ok(());
        };
        let Some((begin, _)) = leaf.bytes(Some(0)) else {
            // Only whether there are any matters: to '?'; all others refuse them.
            return self.set(&Value::Bytes(if given.length() == 0 { &[] } else { &[0] }));
        };
        let space = self.span().part(begin, size.saturating_sub(begin));
        let exact = leaf.code() == format::Code::Char;
        let most = if begin == 1 { space.length().min(255) } else { space.length() };
        if given.length() > most || (exact && given.length() != size) || (size == 0 && given.length() > 0) {
            return Err(misfit(most));
        }
        kernel::move_span(&space, given);
        if begin == 1 {
            let length = u8::try_from(given.length()).unwrap_or(u8::MAX);
            kernel::write_span(&self.span().part(0, 1), &[length]);
        }
        Ok(())
    }

    /// Writes characters, given in UTF-8.
    pub fn set_utf8(&self, given: &Span<'_>) -> Result<()> {
        let mut copy = kernel::Scratch::zeroed(given.length())?;
        kernel::read_span(given, copy.bytes());
        let text = core::str::from_utf8(copy.bytes())
            .map_err(|error| Error::Utf8 { position: number(error.valid_up_to()) })?;
        self.set(&Value::Text(text))
    }

    /// Writes the bytes of a struct, a sub-array or characters of this format.
    pub fn set_parts(&self, given: &Span<'_>, of: &Format) -> Result<()> {
        self.check_writable()?;
        let (theirs, node) = (of.tree(), of.item_node());
        match (self.what, theirs.node(node).shape) {
            (What::Leaf(own), Shape::Leaf(other)) if own.unit().is_some() && other.unit().is_some() => {
                let (mut from, mut to) = (
                    kernel::Scratch::zeroed(given.length())?,
                    kernel::Scratch::zeroed(own.size().unsigned_abs())?,
                );
                kernel::read_span(given, from.bytes());
                format::transcode(other, from.bytes(), own, to.bytes())?;
                kernel::write_span(&self.span(), to.bytes());
                Ok(())
            }
            (What::Node(format, own), Shape::Record { .. } | Shape::Array)
                if format::same_nodes(&format.tree(), own, &theirs, node, false) =>
            {
                // Either may lack the last padding.
                let shared = given.length().min(self.size.unsigned_abs());
                if What::node(of, node).within(shared.cast_signed()).is_none() {
                    return self.set_bytes(given);
                }
                kernel::move_span(&self.span().part(0, shared), &given.part(0, shared));
                Ok(())
            }
            _ => {
                let (left, right) = (number(given.length()), crate::error::signed(self.size));
                Err(Error::FormatsDiffer { left, right })
            }
        }
    }

    fn check_writable(&self) -> Result<()> {
        if self.writable { Ok(()) } else { Err(Error::ReadOnly) }
    }

    /// Its bytes as a value: of 'c', 's' and 'p'.
    #[must_use]
    pub fn bytes(&self) -> Option<Span<'a>> {
        let What::Leaf(leaf) = self.what else { return None };
        let (begin, length) = leaf.bytes(self.first_byte())?;
        Some(self.span().part(begin, length))
    }

    /// A value of a struct.
    pub fn field(&self, field: &Field<'_>) -> Result<Part<'a>> {
        let What::Node(format, _) = self.what else {
            return Err(Error::Field { position: 0, reason: "leads nowhere: the item has no fields" });
        };
        self.inner(field.offset, What::node(format, field.node))
    }

    /// A value of a struct, by its number.
    pub fn field_at(&self, number: usize) -> Result<Option<Part<'a>>> {
        let What::Node(format, node) = self.what else { return Ok(None) };
        let Some(field) = format.tree().field_at(node, number) else { return Ok(None) };
        self.inner(field.offset, What::node(format, field.node)).map(Some)
    }

    /// A value of a sub-array, by its number in C order.
    pub fn element_at(&self, number: isize) -> Result<Option<Part<'a>>> {
        let What::Node(format, node) = self.what else { return Ok(None) };
        let tree = format.tree();
        let Some((_, element)) = tree.array(node) else { return Ok(None) };
        let offset = tree
            .stride(element)
            .checked_mul(number)
            .ok_or(Error::Overflow { what: "the place of an element" })?;
        self.inner(offset, What::node(format, element)).map(Some)
    }

    /// The part that a path leads to: names separated by dots, and numbers in brackets.
    /// The result comes with its node.
    pub fn follow(&self, path: &[u8]) -> Result<(Part<'a>, usize)> {
        let What::Node(format, node) = self.what else {
            return Err(Error::Field { position: 0, reason: "the item has no fields" });
        };
        let found = format::follow(&format.tree(), node, path)?;
        Ok((self.inner(found.offset, What::node(format, found.node))?, found.node))
    }
}

impl Access<'_> {
    /// The item at an index.
    #[inline]
    pub fn part(&self, index: &[isize]) -> Result<Part<'_>> {
        let memory = self.memory();
        let address = kernel::address(&memory, index)?;
        let (what, offset) = self.what()?;
        let room = self.layout().itemsize.saturating_sub(offset);
        // SAFETY: the layout has led to an item, which holds what the format says, or all but its last padding.
        Ok(unsafe { Part::new(address.wrapping_offset(offset), what, room, !self.is_readonly()) })
    }

    /// Visits every item in C order until `look` breaks or fails.
    pub fn each(&self, look: impl FnMut(&Part<'_>) -> Result<ControlFlow<()>>) -> Result<()> {
        self.each_part(false, look)
    }

    /// The same; the parts may be written where the view may.
    pub fn each_writable(&self, look: impl FnMut(&Part<'_>) -> Result<ControlFlow<()>>) -> Result<()> {
        self.each_part(!self.is_readonly(), look)
    }

    fn each_part(
        &self,
        writable: bool,
        mut look: impl FnMut(&Part<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let (what, offset) = self.what()?;
        let room = self.layout().itemsize.saturating_sub(offset);
        let mut result = Ok(());
        let _ = kernel::visit(&self.memory(), |address| {
            // SAFETY: the address is that of an item, which holds what the format says, or all but its last padding.
            let part = unsafe { Part::new(address.wrapping_offset(offset), what, room, writable) };
            match look(&part) {
                Ok(next) => next,
                Err(error) => {
                    result = Err(error);
                    ControlFlow::Break(())
                }
            }
        });
        result
    }

    /// What an item is, and where in the item it begins.
    #[inline]
    pub fn what(&self) -> Result<(What<'_>, isize)> {
        Ok(match self.item()? {
            Item::Leaf(leaf, offset) => (What::Leaf(leaf), offset),
            Item::Parts(format, node, offset) => (What::Node(format, node), offset),
            Item::Opaque => (What::Opaque(self.layout().itemsize), 0),
        })
    }
}
