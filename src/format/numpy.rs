//! A format as NumPy writes it: a typestr (`<i4`), or the list that a dtype's `descr` is, as a Python literal.

use core::fmt::{Result as Written, Write};

use super::{
    code::Kind,
    leaf::Leaf,
    node::{Node, Shape, Tree},
    quote::{Quotes, write_quoted},
};
use crate::error::{Error, Result};

/// Checks that NumPy has a type for everything in a node.
pub fn check_numpy(tree: &Tree<'_>, at: usize) -> Result<()> {
    let end = tree.node(at).next.max(at.saturating_add(1));
    let unknown = tree.nodes.get(at..end).unwrap_or(&[]).iter().find_map(|node| match node.shape {
        Shape::Leaf(leaf) => typestr(leaf).is_none().then(|| leaf.code().name()),
        Shape::PointerTo => Some("&"),
        Shape::Function => Some("X{}"),
        Shape::Record { .. } | Shape::Array | Shape::Repeat | Shape::Pad => None,
    });
    unknown.map_or(Ok(()), |code| Err(Error::NumpyNone { code }))
}

/// Writes a node: without parts as a typestr, a sub-array as a tuple of it and its shape, a struct as a list.
pub fn write_numpy(tree: &Tree<'_>, at: usize, out: &mut dyn Write) -> Written {
    let mut writer = Writer { tree: *tree, out };
    let node = if at == 0 { tree.lone() } else { Some(at) };
    match node.map(|at| (at, &tree.node(at).shape)) {
        // A typestr alone stands without quotes, as in a dtype's `str`.
        Some((at, Shape::Leaf(_) | Shape::Pad)) => writer.typestr(at),
        Some((at, _)) => writer.value(at),
        None => writer.list(0),
    }
}

impl Tree<'_> {
    /// The one part that a whole format is, if it is one without a name and without padding behind it.
    fn lone(&self) -> Option<usize> {
        let at = self.single()?;
        (self.node(at).size == self.size()).then_some(at)
    }
}

/// The kind and the size of a type, and whether its bytes have an order.
fn typestr(leaf: Leaf) -> Option<(char, isize)> {
    let size = leaf.size();
    Some(match leaf.code().kind() {
        Kind::Bool if size == 1 => ('b', size),
        Kind::Signed => ('i', size),
        Kind::Unsigned => ('u', size),
        Kind::Float | Kind::LongDouble => ('f', size),
        Kind::Complex | Kind::LongComplex => ('c', size),
        Kind::Char | Kind::Bytes => ('S', size),
        Kind::Ucs4 => ('U', size >> 2),
        Kind::Object => ('O', size),
        _ => return None,
    })
}

struct Writer<'a, 'b> {
    tree: Tree<'a>,
    out: &'b mut dyn Write,
}

impl Writer<'_, '_> {
    fn typestr(&mut self, at: usize) -> Written {
        let node = self.tree.node(at);
        let Shape::Leaf(leaf) = node.shape else { return self.untyped(node.size) };
        // `check` has been there.
        let (kind, size) = typestr(leaf).unwrap_or(('V', node.size));
        let order = match (leaf.component(), leaf.swapped != cfg!(target_endian = "big")) {
            _ if matches!(kind, 'S' | 'O' | 'b') => '|',
            (1, _) => '|',
            (_, false) => '<',
            (_, true) => '>',
        };
        self.out.write_char(order)?;
        self.out.write_char(kind)?;
        if kind == 'O' { Ok(()) } else { write!(self.out, "{size}") }
    }

    fn untyped(&mut self, size: isize) -> Written {
        write!(self.out, "|V{size}")
    }

    /// A value in quotes, in a list or with its shape.
    fn value(&mut self, at: usize) -> Written {
        match self.tree.node(at).shape {
            Shape::Record { .. } => self.list(at),
            Shape::Array | Shape::Repeat => {
                self.out.write_str("(")?;
                self.value(at.saturating_add(1))?;
                self.out.write_str(", ")?;
                self.shape(at)?;
                self.out.write_str(")")
            }
            _ => {
                self.out.write_str("'")?;
                self.typestr(at)?;
                self.out.write_str("'")
            }
        }
    }

    /// A shape as Python writes it: "(2, 3)", "(2,)".
    fn shape(&mut self, at: usize) -> Written {
        let count = [self.tree.node(at).count];
        let extents = self.tree.array(at).map_or(&count[..], |(extents, _)| extents);
        self.out.write_str("(")?;
        for (number, extent) in extents.iter().enumerate() {
            write!(self.out, "{}{extent}", if number == 0 { "" } else { ", " })?;
        }
        self.out.write_str(if extents.len() == 1 { ",)" } else { ")" })
    }

    fn list(&mut self, at: usize) -> Written {
        let tree = self.tree;
        let (mut end, mut first) = (0, true);
        self.out.write_str("[")?;
        let values = tree.parts(at).filter(|(_, node)| node.shape != Shape::Pad || node.name.is_some());
        for (number, (part, node)) in values.enumerate() {
            self.gap(node.offset.saturating_sub(end), &mut first)?;
            self.out.write_str(if first { "(" } else { ", (" })?;
            first = false;
            self.name(part, number)?;
            self.out.write_str(", ")?;
            self.field(part, node)?;
            self.out.write_str(")")?;
            end = node.offset.saturating_add(node.size);
        }
        self.gap(tree.node(at).size.saturating_sub(end), &mut first)?;
        self.out.write_str("]")
    }

    /// Padding is a field without a name.
    fn gap(&mut self, size: isize, first: &mut bool) -> Written {
        if size <= 0 {
            return Ok(());
        }
        self.out.write_str(if *first { "('', '" } else { ", ('', '" })?;
        *first = false;
        self.untyped(size)?;
        self.out.write_str("')")
    }

    /// A value, and behind it the shape of a sub-array.
    fn field(&mut self, part: usize, node: &Node) -> Written {
        match node.shape {
            Shape::Array | Shape::Repeat => {
                self.value(part.saturating_add(1))?;
                self.out.write_str(", ")?;
                self.shape(part)
            }
            _ => self.value(part),
        }
    }

    /// A name as a Python literal; NumPy names what has none by its number.
    fn name(&mut self, part: usize, number: usize) -> Written {
        match self.tree.name_of(part) {
            Some(name) if !name.is_empty() => self.quoted(name),
            _ => write!(self.out, "'f{number}'"),
        }
    }

    fn quoted(&mut self, name: &[u8]) -> Written {
        let mut quotes = Quotes::default();
        quotes.look(name);
        let quote = quotes.chosen();
        self.out.write_char(quote)?;
        for chunk in name.utf8_chunks() {
            chunk.valid().chars().try_for_each(|character| write_quoted(character, quote, self.out))?;
            // As Python decodes what is no UTF-8: "surrogateescape".
            chunk.invalid().iter().try_for_each(|byte| write!(self.out, "\\udc{byte:02x}"))?;
        }
        self.out.write_char(quote)
    }
}
