//! A parsed format: a tree, laid out flat, each node in front of its parts.

use core::ops::Range;

use super::leaf::{ByteOrder, Leaf};

/// What a node of a format is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A type without parts.
    Leaf(Leaf),
    /// A struct, or the sequence of values that a whole format is.
    Record {
        /// Whether it was written as `T{}`.
        braces: bool,
    },
    /// A sub-array of the one node that follows.
    Array,
    /// So many values of the one node that follows.
    Repeat,
    /// Bytes that hold no value.
    Pad,
    /// A pointer to the one node that follows.
    PointerTo,
    /// A pointer to a function.
    Function,
}

/// One node of a format.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub shape: Shape,
    /// The order in force at its end; of what has parts only whether it is aligned, as '@' or '^'.
    pub(super) order: ByteOrder,
    /// Where it begins in the node that it is a part of.
    pub(super) offset: isize,
    /// The bytes of one value.
    pub(super) size: isize,
    /// Its alignment in a struct; 1 where nothing is aligned.
    pub(super) align: isize,
    /// Bytes, characters or bits of one value; of a `Repeat` the number of values.
    pub(super) count: isize,
    /// Its name in the text, without the colons.
    pub(super) name: Option<Range<usize>>,
    /// Of a sub-array its shape among all of the format's; of a function its signature in the text.
    pub(super) range: Range<usize>,
    /// The node behind its parts.
    pub(super) next: usize,
}

impl Node {
    /// A node that stands for nothing yet.
    pub const EMPTY: Node = Node {
        shape: Shape::Pad,
        order: ByteOrder::Native,
        offset: 0,
        size: 0,
        align: 1,
        count: 0,
        name: None,
        range: 0..0,
        next: 0,
    };

    /// The bytes of one value.
    #[must_use]
    pub const fn size(&self) -> isize {
        self.size
    }

    /// Where in the text its name ends, if it has one.
    #[must_use]
    pub fn name_end(&self) -> Option<usize> {
        self.name.as_ref().map(|name| name.end)
    }

    /// The alignment of a value in a struct; 1 where nothing is aligned.
    #[must_use]
    pub const fn align(&self) -> isize {
        self.align
    }
}

/// A part of a record.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// Its name, without the colons.
    pub name: Option<&'a [u8]>,
    /// Where it begins in the record.
    pub offset: isize,
    /// The node that it is.
    pub node: usize,
}

/// Values of a record that are alike and follow each other.
#[derive(Clone, Copy)]
pub(super) struct Run<'a> {
    pub(super) first: Field<'a>,
    /// How many there are; not 0.
    pub(super) count: usize,
    /// The bytes from one to the next.
    pub(super) stride: isize,
}

impl<'a> Run<'a> {
    /// One of them.
    pub(super) fn at(&self, number: usize) -> Field<'a> {
        let step = self.stride.saturating_mul(number.cast_signed());
        Field { offset: self.first.offset.saturating_add(step), ..self.first }
    }

    /// Those behind the first so many, if there are any.
    pub(super) fn behind(&self, count: usize) -> Option<Run<'a>> {
        let left = self.count.saturating_sub(count);
        (left > 0).then(|| Run { first: self.at(count), count: left, ..*self })
    }
}

/// A parsed format, borrowed.
#[derive(Clone, Copy, Debug)]
pub struct Tree<'a> {
    pub(super) text: &'a [u8],
    pub(super) nodes: &'a [Node],
    pub(super) dims: &'a [isize],
}

const NOTHING: &Node = &Node::EMPTY;

impl<'a> Tree<'a> {
    /// A tree from what the parser filled.
    #[must_use]
    pub fn new(text: &'a [u8], nodes: &'a [Node], dims: &'a [isize]) -> Tree<'a> {
        Tree { text, nodes, dims }
    }

    /// The text that was parsed.
    #[must_use]
    pub fn text(&self) -> &'a [u8] {
        self.text
    }

    /// A node.
    #[must_use]
    pub fn node(&self, at: usize) -> &'a Node {
        self.nodes.get(at).unwrap_or(NOTHING)
    }

    /// Whether a node and all of its parts are so.
    #[must_use]
    pub fn all(&self, at: usize, is: impl Fn(&Node) -> bool) -> bool {
        let end = self.node(at).next.max(at.saturating_add(1));
        self.nodes.get(at..end).unwrap_or(&[]).iter().all(is)
    }

    /// Whether a node is a complex number.
    #[must_use]
    pub fn is_complex(&self, at: usize) -> bool {
        matches!(self.node(at).shape, Shape::Leaf(leaf) if leaf.half().is_some())
    }

    /// The name of a node.
    #[must_use]
    pub fn name_of(&self, at: usize) -> Option<&'a [u8]> {
        self.node(at).name.clone().and_then(|name| self.text.get(name))
    }

    /// Whether no value of a node has its bytes in the other order than this machine's.
    #[must_use]
    pub fn is_native(&self, at: usize) -> bool {
        self.all(at, |node| !matches!(node.shape, Shape::Leaf(leaf) if leaf.swapped && leaf.component() > 1))
    }

    /// The bytes that the format describes.
    #[must_use]
    pub fn size(&self) -> isize {
        self.node(0).size
    }

    /// The bytes up to the end of the last part: an item needs no more, whatever padding a C struct would end with.
    #[must_use]
    pub fn least_size(&self) -> isize {
        self.least_size_of(0)
    }

    /// Whether items of so many bytes can be of the format. What is larger ends with padding; but a single value fills its item:
    /// ctypes calls unions and packed structs "B", and a `wchar_t` of four bytes "u".
    #[must_use]
    pub fn fits(&self, itemsize: isize) -> bool {
        let mut parts = self.parts(0);
        match (parts.next(), parts.next()) {
            (Some((_, node)), None) if matches!(node.shape, Shape::Leaf(_)) => node.size == itemsize,
            _ => self.least_size() <= itemsize,
        }
    }

    /// The same of a node.
    #[must_use]
    pub fn least_size_of(&self, at: usize) -> isize {
        match self.node(at).shape {
            Shape::Record { .. } => self
                .parts(at)
                .map(|(at, part)| part.offset.saturating_add(self.least_size_of(at)))
                .max()
                .unwrap_or(0),
            _ => self.node(at).size,
        }
    }

    /// Where the last part of a record ends.
    pub(super) fn end(&self, at: usize) -> isize {
        self.parts(at).last().map_or(0, |(_, part)| part.offset.saturating_add(part.size))
    }

    /// The parts of a node, as they are written.
    pub(super) fn parts(&self, at: usize) -> impl Iterator<Item = (usize, &'a Node)> + use<'a> {
        let nodes = self.nodes;
        let end = self.node(at).next;
        let mut next = at.saturating_add(1);
        core::iter::from_fn(move || {
            let here = next;
            let node = nodes.get(here).filter(|_| here < end)?;
            // A node is behind its own beginning.
            next = node.next.max(here.saturating_add(1));
            Some((here, node))
        })
    }

    /// What an item of the format is, and where it begins: the one unnamed value of the sequence, or the sequence.
    #[must_use]
    pub fn item(&self) -> (usize, isize) {
        let mut runs = self.runs(0);
        let Some(run) = runs.next() else { return (0, 0) };
        if run.count > 1 || run.first.name.is_some() || runs.next().is_some() {
            return (0, 0);
        }
        (run.first.node, run.first.offset)
    }

    /// The one part of the sequence that a whole format is, if it is one and has no name.
    pub(super) fn single(&self) -> Option<usize> {
        let mut parts = self.parts(0);
        match (parts.next(), parts.next()) {
            (Some((at, node)), None) if node.name.is_none() => Some(at),
            _ => None,
        }
    }

    /// The alignment of the whole format as one value of a struct: a sequence without braces has none.
    #[must_use]
    pub fn value_align(&self) -> isize {
        self.single().map_or(1, |at| self.node(at).align)
    }

    /// The values of a record, as many at once as are alike: padding is none, a count makes many.
    pub(super) fn runs(&self, at: usize) -> impl Iterator<Item = Run<'a>> + use<'a> {
        let tree = *self;
        let is_record = matches!(self.node(at).shape, Shape::Record { .. });
        self.parts(at).filter(move |_| is_record).filter_map(move |(part, node)| {
            let name = node.name.clone().and_then(|name| tree.text.get(name));
            let (count, element) = match node.shape {
                Shape::Repeat => (node.count.unsigned_abs(), part.saturating_add(1)),
                Shape::Pad if name.is_none() => (0, part),
                _ => (1, part),
            };
            let stride = if node.shape == Shape::Repeat { tree.stride(element) } else { 0 };
            let first = Field { name, offset: node.offset, node: element };
            (count > 0).then_some(Run { first, count, stride })
        })
    }

    /// The values of a record, one by one: padding is none, a count makes many.
    pub fn fields(&self, at: usize) -> impl Iterator<Item = Field<'a>> + use<'a> {
        self.runs(at).flat_map(|run| (0..run.count).map(move |number| run.at(number)))
    }

    /// The number of values of a record.
    #[must_use]
    pub fn field_count(&self, at: usize) -> usize {
        self.runs(at).map(|run| run.count).fold(0, usize::saturating_add)
    }

    /// One value of a record, by its number.
    #[must_use]
    pub fn field_at(&self, at: usize, number: usize) -> Option<Field<'a>> {
        let mut left = number;
        for run in self.runs(at) {
            let Some(rest) = left.checked_sub(run.count) else { return Some(run.at(left)) };
            left = rest;
        }
        None
    }

    /// The bytes from one value of an array or of a count to the next.
    #[must_use]
    pub fn stride(&self, element: usize) -> isize {
        let node = self.node(element);
        round_up(node.size, node.align).unwrap_or(node.size)
    }

    /// Of a sub-array: its extents and the node of its elements.
    #[must_use]
    pub fn array(&self, at: usize) -> Option<(&'a [isize], usize)> {
        let node = self.node(at);
        if node.shape != Shape::Array {
            return None;
        }
        Some((self.dims.get(node.range.clone())?, at.saturating_add(1)))
    }

    /// The value of a record with this name; of several the first.
    #[must_use]
    pub fn named(&self, at: usize, name: &[u8]) -> Option<Field<'a>> {
        self.runs(at).map(|run| run.first).find(|field| field.name == Some(name))
    }
}

/// The least multiple of an alignment that is not below the offset.
pub(super) fn round_up(offset: isize, align: isize) -> Option<isize> {
    match offset.checked_rem(align) {
        Some(0) | None => Some(offset),
        Some(over) => offset.checked_add(align.checked_sub(over)?),
    }
}
