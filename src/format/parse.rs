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
};
use crate::error::{Error, Result, number};

/// How deep `T{`, `&` and sub-arrays may be nested.
pub const MAX_DEPTH: usize = 64;

/// The longest format text.
pub const MAX_TEXT: usize = 65535;

/// The most extents of one sub-array.
const MAX_DIMS: usize = 64;

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

/// The most values without bytes, of which a text of a few characters could ask for more than anybody can visit.
const MAX_EMPTY: isize = 65535;

/// How much space a format needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Needs {
    /// Nodes.
    pub nodes: usize,
    /// Extents of sub-arrays.
    pub dims: usize,
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
        needs: Needs { nodes: 0, dims: 0 },
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
    Ok(parser.needs)
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    order: ByteOrder,
    rules: Rules,
    nodes: &'a mut [Node],
    dims: &'a mut [isize],
    needs: Needs,
    /// How many values without bytes there are in one another, at most.
    empty: isize,
}

/// Size and alignment of what has been parsed.
#[derive(Clone, Copy)]
struct Extent {
    size: isize,
    align: isize,
}

/// What stands in front of a type.
struct Prefix {
    /// The extents of a sub-array, the count among them, in the order in which they are written.
    extents: Range<usize>,
    /// Their product without the count; none where there is no shape.
    shape: Option<isize>,
    count: Option<isize>,
    /// Whether the count stands in front of the shape.
    count_first: bool,
    /// The product of all extents above 0.
    spread: isize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn advance(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.advance();
        }
        found
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C)) {
            self.advance();
        }
    }

    fn missing<T>(&self, expected: &'static str) -> Result<T> {
        Err(Error::FormatText { position: number(self.at), expected })
    }

    fn refuse<T>(&self, at: usize, reason: &'static str) -> Result<T> {
        let character = self.text.get(at).copied().filter(u8::is_ascii_graphic).map_or('?', char::from);
        Err(Error::FormatCharacter { character, position: number(at), reason })
    }

    fn overflow(&self) -> Error {
        Error::FormatOverflow { position: number(self.at) }
    }

    fn padded(&self, size: isize, align: isize) -> Result<isize> {
        round_up(size, align).ok_or_else(|| self.overflow())
    }

    /// A place for a node, which stands in front of its parts.
    fn reserve(&mut self) -> usize {
        let at = self.needs.nodes;
        self.needs.nodes = at.saturating_add(1);
        at
    }

    /// Fills the place of a node once all of its parts are there.
    fn fill(&mut self, at: usize, node: Node) {
        let order = match node.shape {
            Shape::Leaf(leaf) if !self.order.allows(leaf.code()) => ByteOrder::Packed,
            _ => self.order,
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
                Some(_) => self.item(depth, &mut so_far)?,
            }
        }
    }

    /// One item of a sequence, placed behind what is there so far.
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

    fn prefix(&mut self) -> Result<Prefix> {
        let start = self.needs.dims;
        let mut prefix =
            Prefix { extents: start..start, shape: None, count: None, count_first: false, spread: 1 };
        loop {
            self.skip_space();
            match self.peek() {
                Some(b'(') if prefix.shape.is_some() && prefix.count.is_some() => {
                    return self.refuse(self.at, "begins a second shape");
                }
                // NumPy writes an array of arrays as one shape after the other.
                Some(b'(') => {
                    let outer = prefix.shape.unwrap_or(1);
                    let product = outer
                        .checked_mul(self.extents(&mut prefix.spread)?)
                        .ok_or_else(|| self.overflow())?;
                    prefix.shape = Some(product);
                }
                Some(b'0'..=b'9') if prefix.count.is_some() => {
                    return self.refuse(self.at, "begins a second count");
                }
                Some(b'0'..=b'9') => {
                    let count = self.number()?;
                    prefix.count = Some(count);
                    prefix.spread = prefix.spread.saturating_mul(count.max(1));
                    prefix.count_first = prefix.shape.is_none();
                    self.push_extent(count);
                }
                Some(other) => match ByteOrder::of(other) {
                    Some(order) => {
                        self.order = order;
                        self.advance();
                    }
                    None => break,
                },
                None => break,
            }
        }
        prefix.extents.end = self.needs.dims;
        if prefix.extents.len() > MAX_DIMS {
            let (limit, position) = (number(MAX_DIMS), number(self.at));
            return Err(Error::FormatLimit { what: "extents of a sub-array", limit, position });
        }
        Ok(prefix)
    }

    /// The extents of a shape; their product.
    fn extents(&mut self, spread: &mut isize) -> Result<isize> {
        self.advance();
        let (mut product, mut empty) = (Some(1isize), false);
        loop {
            self.skip_space();
            if !matches!(self.peek(), Some(b'0'..=b'9')) {
                return self.missing("an extent");
            }
            let extent = self.number()?;
            self.push_extent(extent);
            empty |= extent == 0;
            *spread = spread.saturating_mul(extent.max(1));
            product =
                if extent == 0 { product } else { product.and_then(|product| product.checked_mul(extent)) };
            self.skip_space();
            if self.take(b')') {
                break;
            }
            if !self.take(b',') {
                return self.missing("',' or ')'");
            }
        }
        if empty { Ok(0) } else { product.ok_or_else(|| self.overflow()) }
    }

    fn push_extent(&mut self, extent: isize) {
        if let Some(place) = self.dims.get_mut(self.needs.dims) {
            *place = extent;
        }
        self.needs.dims = self.needs.dims.saturating_add(1);
    }

    fn number(&mut self) -> Result<isize> {
        let mut value = 0isize;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            let digit = isize::from(digit.wrapping_sub(b'0'));
            let grown = value.checked_mul(10).and_then(|value| value.checked_add(digit));
            value = grown.ok_or_else(|| self.overflow())?;
            self.advance();
        }
        Ok(value)
    }

    /// A place for the node that a shape, or a count of values, puts around a type.
    fn wrapper(&mut self, prefix: &Prefix, counts: bool) -> Option<Wrapper> {
        let count = prefix.count.filter(|count| !counts && *count != 1);
        let mut extents = prefix.extents.clone();
        if prefix.count.is_some() && count.is_none() {
            // The count is no extent.
            if prefix.count_first {
                extents.start = extents.start.saturating_add(1);
            } else {
                extents.end = extents.end.saturating_sub(1);
            }
        }
        if prefix.shape.is_none() && count.is_none() {
            return None;
        }
        let place = self.reserve();
        Some(Wrapper { place, extents, shape: prefix.shape, count, spread: prefix.spread })
    }

    /// The node around a type: a sub-array, or so many values.
    fn wrapped(&mut self, wrapper: &Wrapper, element: &Node, named: bool) -> Result<Node> {
        let stride = self.padded(element.size, element.align)?;
        let items = wrapper.shape.unwrap_or(1).checked_mul(wrapper.count.unwrap_or(1));
        let size = items.and_then(|items| items.checked_mul(stride)).ok_or_else(|| self.overflow())?;
        if size == 0 {
            self.empty = self.empty.saturating_mul(wrapper.spread);
        }
        if self.empty > MAX_EMPTY {
            let (limit, position) = (number(MAX_EMPTY.unsigned_abs()), number(self.at));
            return Err(Error::FormatLimit { what: "values without bytes", limit, position });
        }
        // A name can only name one thing: then, as always for NumPy, a count makes a sub-array.
        let array = wrapper.shape.is_some() || named || self.rules == Rules::Numpy;
        Ok(Node {
            shape: if array { Shape::Array } else { Shape::Repeat },
            size,
            align: element.align,
            count: wrapper.count.unwrap_or(1),
            range: wrapper.extents.clone(),
            ..Node::EMPTY
        })
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

/// The node that a shape, or a count of values, puts around a type.
struct Wrapper {
    place: usize,
    extents: Range<usize>,
    shape: Option<isize>,
    count: Option<isize>,
    /// As that of the prefix.
    spread: isize,
}
