//! The parser of format texts: PEP 3118 and what exporters really write.
//!
//!     format  = { item }
//!     item    = { order | shape | count } type [ ':' name ':' ]      at most one count
//!     order   = '@' | '=' | '<' | '>' | '!' | '^'
//!     shape   = '(' extent { ',' extent } ')'
//!     type    = character | 'Z' character | 'T{' format '}' | '&' item | 'X{' signature '}'
//!
//! White space may stand between any two of these. An order stays in force until the next one, also across braces.
//! Nodes and extents go into the caller's space; what does not fit is counted, so that a first run can measure.

use core::ops::Range;

use super::{
    code::Code,
    leaf::{ByteOrder, Leaf},
    node::{Node, Shape, round_up},
    prefix::Prefix,
};
use crate::error::{Error, Result, number};

/// How deep `T{`, `&` and sub-arrays may be nested.
pub const MAX_DEPTH: usize = 64;

/// The longest format text.
pub const MAX_TEXT: usize = 65535;

/// Which of the two readings of a format that are in use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rules {
    /// As Python's struct module reads it: "3i" is three values, and nothing follows the last one.
    Struct,
    /// As NumPy reads it: "3i" is a sub-array, and a sequence in '@' order ends with padding as a C struct does.
    Numpy,
    /// As struct reads it, and what ctypes writes besides: types without a standard size, 'P' and 'g', behind '<' have this machine's.
    Exporter,
}

/// How much space a format needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Needs {
    /// Nodes.
    pub nodes: usize,
    /// Extents of sub-arrays.
    pub dims: usize,
    /// The bytes that the format describes.
    pub size: isize,
}

/// Parses a format into the space, as far as it reaches; without any, measures it.
pub fn parse(text: &[u8], rules: Rules, nodes: &mut [Node], dims: &mut [isize]) -> Result<Needs> {
    if text.len() > MAX_TEXT {
        return Err(Error::FormatLimit {
            what: "bytes of text",
            limit: number(MAX_TEXT),
            position: number(MAX_TEXT),
        });
    }
    let mut parser = Parser {
        text,
        at: 0,
        order: ByteOrder::Native,
        rules,
        nodes,
        dims,
        needs: Needs { nodes: 0, dims: 0, size: 0 },
        empty: 1,
    };
    let root = parser.reserve();
    let sequence = parser.sequence(0, false)?;
    let padded = rules == Rules::Numpy && parser.order == ByteOrder::Native;
    let size = if padded { parser.padded(sequence.size, sequence.align)? } else { sequence.size };
    parser.fill(
        root,
        Node { shape: Shape::Record { braces: false }, size, align: sequence.align, ..Node::EMPTY },
    );
    Ok(Needs { size, ..parser.needs })
}

pub(super) struct Parser<'a> {
    pub(super) text: &'a [u8],
    pub(super) at: usize,
    pub(super) order: ByteOrder,
    pub(super) rules: Rules,
    pub(super) nodes: &'a mut [Node],
    pub(super) dims: &'a mut [isize],
    pub(super) needs: Needs,
    /// How many values without bytes there are in one another, at most.
    pub(super) empty: isize,
}

/// Size and alignment of what has been parsed.
#[derive(Clone, Copy)]
pub(super) struct Extent {
    pub(super) size: isize,
    pub(super) align: isize,
}

impl Parser<'_> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub(super) fn advance(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    pub(super) fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C)) {
            self.advance();
        }
    }

    pub(super) fn missing<T>(&self, expected: &'static str) -> Result<T> {
        Err(Error::FormatText { position: number(self.at), expected })
    }

    pub(super) fn refuse<T>(&self, at: usize, reason: &'static str) -> Result<T> {
        let character = self.text.get(at).copied().filter(u8::is_ascii_graphic).map_or('?', char::from);
        Err(Error::FormatCharacter { character, position: number(at), reason })
    }

    pub(super) fn overflow(&self) -> Error {
        Error::FormatOverflow { position: number(self.at) }
    }

    pub(super) fn padded(&self, size: isize, align: isize) -> Result<isize> {
        round_up(size, align).ok_or_else(|| self.overflow())
    }

    /// A place for a node, which stands in front of its parts.
    pub(super) fn reserve(&mut self) -> usize {
        let at = self.needs.nodes;
        self.needs.nodes = at.saturating_add(1);
        at
    }

    /// Fills the place of a node once all of its parts are there.
    fn fill(&mut self, at: usize, node: Node) {
        let order = match node.shape {
            Shape::Leaf(leaf) if !self.order.allows(leaf.code()) => ByteOrder::Packed,
            Shape::Leaf(_) | Shape::Pad | Shape::Function => self.order,
            _ => self.order.of_parts(),
        };
        if let Some(place) = self.nodes.get_mut(at) {
            *place = Node { order, next: self.needs.nodes, ..node };
        }
    }

    /// Items up to the end of the text, or of the struct.
    fn sequence(&mut self, depth: usize, braces: bool) -> Result<Extent> {
        if depth > MAX_DEPTH {
            return self.too_deep();
        }
        let mut so_far = Extent { size: 0, align: 1 };
        loop {
            self.skip_space();
            match self.peek() {
                None if braces => return self.missing("a closing '}'"),
                None => return Ok(so_far),
                Some(b'}') if braces => {
                    self.advance();
                    return Ok(so_far);
                }
                Some(b'}') => return self.refuse(self.at, "closes nothing"),
                Some(character) => match ByteOrder::of(character) {
                    Some(order) => {
                        self.order = order;
                        self.advance();
                    }
                    None if self.quick_item(&mut so_far).is_some() => {}
                    None => self.item(depth, &mut so_far)?,
                },
            }
        }
    }

    /// One item of a sequence, placed behind what is there so far.
    #[cold]
    fn item(&mut self, depth: usize, so_far: &mut Extent) -> Result<()> {
        let prefix = self.prefix()?;
        // An order may stand alone, in front of the end.
        if prefix.shape.is_none() && prefix.count.is_none() && matches!(self.peek(), None | Some(b'}')) {
            return Ok(());
        }
        let counts = self.peek().and_then(Code::of).is_some_and(Code::counts_characters);
        let wrapper = self.wrapper(&prefix, counts);
        let place = self.reserve();
        let node = self.element(depth, if counts { prefix.count.unwrap_or(1) } else { 1 }, &prefix)?;
        let align = if self.order == ByteOrder::Native { node.align } else { 1 };
        let element = Node { align, ..node };
        let name = self.name()?;
        let offset = self.padded(so_far.size, align)?;
        let outer = match &wrapper {
            Some(wrapper) => self.wrapped(wrapper, &element, name.is_some())?,
            None => element.clone(),
        };
        let outer = Node { offset, name, ..outer };
        so_far.size = offset.checked_add(outer.size).ok_or_else(|| self.overflow())?;
        so_far.align = so_far.align.max(align);
        match wrapper {
            Some(wrapper) => {
                self.fill(wrapper.place, outer);
                self.fill(place, element);
            }
            None => self.fill(place, outer),
        }
        Ok(())
    }

    /// The type of an item.
    fn element(&mut self, depth: usize, count: isize, prefix: &Prefix) -> Result<Node> {
        let at = self.at;
        let Some(character) = self.peek() else { return self.missing("a type") };
        self.advance();
        match character {
            b'T' => {
                if !self.take(b'{') {
                    return self.missing("'{'");
                }
                let inside = self.sequence(depth.saturating_add(1), true)?;
                // As for NumPy, the order in force at the end says whether the struct is a C struct.
                let align = if self.order == ByteOrder::Native { inside.align } else { 1 };
                let size = self.padded(inside.size, align)?;
                Ok(Node { shape: Shape::Record { braces: true }, size, align, ..Node::EMPTY })
            }
            b'&' => {
                let mut inside = Extent { size: 0, align: 1 };
                self.pointed(depth.saturating_add(1), &mut inside)?;
                Ok(self.pointer(Shape::PointerTo, Code::PointerTo))
            }
            b'X' => {
                if !self.take(b'{') {
                    return self.missing("'{'");
                }
                let range = self.signature()?;
                Ok(Node { range, ..self.pointer(Shape::Function, Code::Function) })
            }
            _ => self.leaf(character, at, count, prefix),
        }
    }

    /// What a pointer points to: one item without a name, laid out by itself.
    fn pointed(&mut self, depth: usize, inside: &mut Extent) -> Result<()> {
        self.skip_space();
        if matches!(self.peek(), None | Some(b'}' | b':')) {
            return self.missing("a type");
        }
        if depth > MAX_DEPTH {
            return self.too_deep();
        }
        let prefix = self.prefix()?;
        let counts = self.peek().and_then(Code::of).is_some_and(Code::counts_characters);
        let wrapper = self.wrapper(&prefix, counts);
        let place = self.reserve();
        let element = self.element(depth, if counts { prefix.count.unwrap_or(1) } else { 1 }, &prefix)?;
        if let Some(wrapper) = wrapper {
            let outer = self.wrapped(&wrapper, &element, true)?;
            inside.size = outer.size;
            self.fill(wrapper.place, outer);
        }
        self.fill(place, element);
        Ok(())
    }

    fn pointer(&self, shape: Shape, code: Code) -> Node {
        let (size, align) = (code.size(), code.alignment());
        let align = if self.order == ByteOrder::Native { align } else { 1 };
        Node { shape, size, align, ..Node::EMPTY }
    }

    /// The signature of a function, up to the brace that closes it.
    fn signature(&mut self) -> Result<Range<usize>> {
        let begin = self.at;
        let mut open = 1usize;
        while let Some(character) = self.peek() {
            match character {
                b'{' => open = open.saturating_add(1),
                b'}' => open = open.saturating_sub(1),
                _ => {}
            }
            let end = self.at;
            self.advance();
            if open == 0 {
                return Ok(begin..end);
            }
        }
        self.missing("a closing '}'")
    }

    fn leaf(&mut self, character: u8, at: usize, count: isize, prefix: &Prefix) -> Result<Node> {
        let complex = match (character, self.peek()) {
            (b'Z', Some(b'f')) => Some(Code::ComplexFloat),
            (b'Z', Some(b'd')) => Some(Code::ComplexDouble),
            (b'Z', Some(b'g')) => Some(Code::ComplexLongDouble),
            _ => None,
        };
        let code = match complex {
            Some(code) => {
                self.advance();
                code
            }
            None => match Code::of(character) {
                Some(code) => code,
                None if prefix.count.is_some() || prefix.shape.is_some() => {
                    return self.refuse(at, "is no type");
                }
                None => return self.refuse(at, "begins no item"),
            },
        };
        let order = match self.order {
            order if order.allows(code) => order,
            order if self.rules == Rules::Exporter && !order.is_swapped() => ByteOrder::Packed,
            _ => return self.refuse(at, "has no standard size"),
        };
        let leaf = Leaf::new(code, order, count).ok_or_else(|| self.overflow())?;
        let shape = if code == Code::Pad { Shape::Pad } else { Shape::Leaf(leaf) };
        let align = if self.order == ByteOrder::Native { code.alignment() } else { 1 };
        Ok(Node { shape, size: leaf.size(), align, count, ..Node::EMPTY })
    }

    /// The name behind a type.
    fn name(&mut self) -> Result<Option<Range<usize>>> {
        self.skip_space();
        if !self.take(b':') {
            return Ok(None);
        }
        let begin = self.at;
        while let Some(character) = self.peek() {
            let end = self.at;
            self.advance();
            if character == b':' {
                return Ok(Some(begin..end));
            }
        }
        self.missing("a ':' behind the name")
    }

    fn too_deep<T>(&self) -> Result<T> {
        let (limit, position) = (number(MAX_DEPTH), number(self.at));
        Err(Error::FormatLimit { what: "levels of nesting", limit, position })
    }
}
