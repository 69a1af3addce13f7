//! A format as a text: canonical, so that equal formats print alike but for names.

use core::fmt::{Result, Write};

use super::{
    code::Code,
    leaf::ByteOrder,
    node::{Node, Shape, Tree},
};

/// Writes the text of a node: an order where it changes, then shape or count, type and name. White space and repeated padding are gone,
/// '=' has become '<' or '>', 'F' has become 'Zf'. The text parses to the same format, by either rules.
pub fn write(tree: &Tree<'_>, at: usize, out: &mut dyn Write) -> Result {
    let mut printer = Printer { tree: *tree, order: ByteOrder::Native, out };
    match tree.node(at).shape {
        Shape::Record { braces: false } => {
            printer.parts(at)?;
            printer.padding(tree.node(at).size.saturating_sub(tree.end(at)))
        }
        _ => printer.node(at, false),
    }
}

/// Writes the text of either number of a complex node; nothing for any other node.
pub fn write_component(tree: &Tree<'_>, at: usize, out: &mut dyn Write) -> Result {
    let node = tree.node(at);
    let Shape::Leaf(leaf) = node.shape else { return Ok(()) };
    let mut printer = Printer { tree: *tree, order: ByteOrder::Native, out };
    leaf.half().map_or(Ok(()), |code| printer.leaf(node, code))
}

struct Printer<'a, 'b> {
    tree: Tree<'a>,
    order: ByteOrder,
    out: &'b mut dyn Write,
}

impl Printer<'_, '_> {
    fn put_in_force(&mut self, order: ByteOrder) -> Result {
        if self.order != order {
            self.order = order;
            self.out.write_char(order.character())?;
        }
        Ok(())
    }

    fn parts(&mut self, at: usize) -> Result {
        let tree = self.tree;
        tree.parts(at).try_for_each(|(part, _)| self.node(part, true))
    }

    /// The padding that only NumPy's rules give a sequence without braces: so the text means the same by either rules.
    fn padding(&mut self, bytes: isize) -> Result {
        match bytes {
            0 => Ok(()),
            1 => self.out.write_str("x"),
            _ => write_number(self.out, bytes).and_then(|()| self.out.write_str("x")),
        }
    }

    fn node(&mut self, at: usize, named: bool) -> Result {
        let tree = self.tree;
        let node = tree.node(at);
        match node.shape {
            Shape::Record { .. } => {
                self.out.write_str("T{")?;
                self.parts(at)?;
                // What is in force at the end says whether the struct is aligned.
                if (node.order == ByteOrder::Native) != (self.order == ByteOrder::Native) {
                    self.put_in_force(node.order)?;
                }
                self.out.write_str("}")?;
            }
            Shape::Array => {
                self.out.write_str("(")?;
                for (number, extent) in tree.dims.get(node.range.clone()).unwrap_or(&[]).iter().enumerate() {
                    self.out.write_str(if number == 0 { "" } else { "," })?;
                    write_number(self.out, *extent)?;
                }
                self.out.write_str(")")?;
                self.node(at.saturating_add(1), false)?;
            }
            Shape::Repeat => {
                let element = tree.node(at.saturating_add(1));
                // NumPy and struct want the order in front of the count; that of a struct's parts stands inside.
                if !matches!(element.shape, Shape::Record { .. }) {
                    self.put_in_force(element.order)?;
                }
                write_number(self.out, node.count)?;
                self.node(at.saturating_add(1), false)?;
            }
            Shape::PointerTo => {
                self.put_in_force(node.order)?;
                self.out.write_str("&")?;
                self.node(at.saturating_add(1), false)?;
            }
            Shape::Function => {
                self.put_in_force(node.order)?;
                self.out.write_str("X{")?;
                self.text(node.range.clone())?;
                self.out.write_str("}")?;
            }
            Shape::Leaf(leaf) => self.leaf(node, leaf.code)?,
            Shape::Pad => self.leaf(node, Code::Pad)?,
        }
        match &node.name {
            Some(name) if named => {
                self.out.write_str(":")?;
                self.text(name.clone())?;
                self.out.write_str(":")
            }
            _ => Ok(()),
        }
    }

    fn leaf(&mut self, node: &Node, code: Code) -> Result {
        self.put_in_force(node.order)?;
        if code.counts_characters() && node.count != 1 {
            write_number(self.out, node.count)?;
        }
        self.out.write_str(code.name())
    }

    fn text(&mut self, range: core::ops::Range<usize>) -> Result {
        let bytes = self.tree.text.get(range).unwrap_or(&[]);
        for chunk in bytes.utf8_chunks() {
            self.out.write_str(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                self.out.write_char('?')?;
            }
        }
        Ok(())
    }
}

fn write_number(out: &mut dyn Write, number: isize) -> Result {
    write!(out, "{number}")
}
