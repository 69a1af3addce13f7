//! A format as a text: canonical, which is to say that it is the text of the format that it parses to.

use core::{
    fmt::{Result, Write},
    ops::Range,
};

use super::{
    code::Code,
    leaf::ByteOrder,
    node::{Node, Shape, Tree},
};

/// What a format is written to. Names are bytes of any kind, and so is its text.
pub trait Out: Write {
    /// Writes bytes as they are.
    fn write_bytes(&mut self, bytes: &[u8]) -> Result;
}

/// Writes the text of a node: an order where it changes, then shape or count, type and name. White space is gone, '=' has become '<' or
/// '>', 'F' has become 'Zf'. The text parses to the same format by struct's rules.
pub fn write(tree: &Tree<'_>, at: usize, out: &mut dyn Out) -> Result {
    let mut printer = Printer { tree: *tree, after: After::NOTHING, exact: false, out };
    match tree.node(at).shape {
        Shape::Record { braces: false } => {
            let root = tree.node(at);
            printer.parts(at)?;
            // NumPy pads what ends in '@' order. What was read by its rules has that padding written down, and so means the same by either;
            // what was read by struct's need not: "3i" and "qb" are something else for NumPy.
            if root.align > 1 && root.order != ByteOrder::Native && printer.after.order == ByteOrder::Native {
                printer.put_in_force(ByteOrder::Packed)?;
            }
            printer.padding(root.size.saturating_sub(tree.end(at)))
        }
        _ => printer.node(at, false),
    }
}

/// Writes the text of either number of a complex node; nothing for any other node.
pub fn write_component(tree: &Tree<'_>, at: usize, out: &mut dyn Out) -> Result {
    let node = tree.node(at);
    let Shape::Leaf(leaf) = node.shape else { return Ok(()) };
    let mut printer = Printer { tree: *tree, after: After::NOTHING, exact: false, out };
    leaf.half().map_or(Ok(()), |code| printer.leaf(node, code))
}

/// What the text of a struct so far leaves to what follows.
#[derive(Clone, Copy)]
pub struct After {
    /// The order in force.
    pub order: ByteOrder,
    /// Whether 'Z' stands at the end, which would make a complex number of a float behind it.
    wide: bool,
}

impl After {
    /// At the beginning of a text.
    pub const NOTHING: After = After { order: ByteOrder::Native, wide: false };
}

/// Writes a whole format as one value of a struct, behind what is there so far. `exact` leaves nothing to alignment: every byte of
/// padding is written, so that the value may stand anywhere.
pub fn write_value(tree: &Tree<'_>, exact: bool, after: &mut After, out: &mut dyn Out) -> Result {
    // What a sequence without braces ends with depends on nothing.
    let single = tree.single();
    let mut printer = Printer { tree: *tree, after: *after, exact: exact || single.is_none(), out };
    let result = match single {
        Some(node) => printer.node(node, false),
        None => printer.record(0),
    };
    *after = printer.after;
    result
}

struct Printer<'a, 'b> {
    tree: Tree<'a>,
    after: After,
    /// Whether nothing is left to alignment.
    exact: bool,
    out: &'b mut dyn Out,
}

impl Printer<'_, '_> {
    fn in_force(&self, order: ByteOrder) -> ByteOrder {
        if self.exact && order == ByteOrder::Native { ByteOrder::Packed } else { order }
    }

    fn put_in_force(&mut self, order: ByteOrder) -> Result {
        let order = self.in_force(order);
        if self.after.order != order {
            self.after.order = order;
            self.out.write_char(order.character())?;
        }
        Ok(())
    }

    /// Puts in force what a node needs in front of it.
    fn announce(&mut self, at: usize) -> Result {
        let tree = self.tree;
        let node = tree.node(at);
        let around = |node: &&Node| matches!(node.shape, Shape::PointerTo | Shape::Array | Shape::Repeat);
        let typed = |node: &&Node| matches!(node.shape, Shape::Leaf(_) | Shape::Pad | Shape::Function);
        let inside = tree.nodes.get(at..node.next).unwrap_or(&[]).iter();
        let first = inside.clone().find(typed).map(|node| node.order);
        match inside.clone().find(|node| !around(node)).map(|node| node.shape) {
            // The orders of its parts stand inside; an address only wants to know whether it is aligned.
            Some(Shape::Record { .. }) if node.shape != Shape::PointerTo => Ok(()),
            Some(Shape::Record { .. }) => {
                let packed = first.filter(|order| ![*order, node.order].contains(&ByteOrder::Native));
                self.align_as(packed.unwrap_or(node.order))
            }
            _ => self.put_in_force(first.unwrap_or(node.order)),
        }
    }

    /// Puts an order in force where the one that is says otherwise whether something is aligned.
    fn align_as(&mut self, order: ByteOrder) -> Result {
        let is_aligned = self.in_force(order) == ByteOrder::Native;
        if is_aligned == (self.after.order == ByteOrder::Native) { Ok(()) } else { self.put_in_force(order) }
    }

    /// Writes what is no type.
    fn put(&mut self, text: &str) -> Result {
        self.after.wide = false;
        self.out.write_str(text)
    }

    fn number(&mut self, number: isize) -> Result {
        self.after.wide = false;
        write_number(self.out, number)
    }

    fn parts(&mut self, at: usize) -> Result {
        let tree = self.tree;
        let mut end = 0;
        tree.parts(at).try_for_each(|(part, node)| {
            if self.exact {
                self.padding(node.offset.saturating_sub(end))?;
                end = node.offset.saturating_add(node.size);
            }
            self.node(part, true)
        })?;
        if self.exact { self.padding(tree.node(at).size.saturating_sub(end)) } else { Ok(()) }
    }

    fn record(&mut self, at: usize) -> Result {
        let node = self.tree.node(at);
        self.put("T{")?;
        self.parts(at)?;
        // What is in force at the end says whether the struct is aligned.
        self.align_as(node.order)?;
        self.put("}")
    }

    fn padding(&mut self, bytes: isize) -> Result {
        write_padding(bytes, self.out)
    }

    fn node(&mut self, at: usize, named: bool) -> Result {
        let tree = self.tree;
        let node = tree.node(at);
        match node.shape {
            Shape::Record { .. } => self.record(at)?,
            Shape::Array => {
                self.put("(")?;
                for (number, extent) in tree.dims.get(node.range.clone()).unwrap_or(&[]).iter().enumerate() {
                    self.put(if number == 0 { "" } else { "," })?;
                    self.number(*extent)?;
                }
                self.put(")")?;
                self.node(at.saturating_add(1), false)?;
            }
            Shape::Repeat => {
                // NumPy and struct want the order in front of the count.
                self.announce(at.saturating_add(1))?;
                self.number(node.count)?;
                self.node(at.saturating_add(1), false)?;
            }
            Shape::PointerTo => {
                self.announce(at)?;
                self.put("&")?;
                self.node(at.saturating_add(1), false)?;
            }
            Shape::Function => {
                self.put_in_force(node.order)?;
                self.put("X{")?;
                self.text(node.range.clone())?;
                self.put("}")?;
            }
            Shape::Leaf(leaf) => self.leaf(node, leaf.code)?,
            Shape::Pad => self.leaf(node, Code::Pad)?,
        }
        match &node.name {
            Some(name) if named => {
                self.put(":")?;
                self.text(name.clone())?;
                self.put(":")
            }
            _ => Ok(()),
        }
    }

    fn leaf(&mut self, node: &Node, code: Code) -> Result {
        let changes = self.after.order != self.in_force(node.order);
        self.put_in_force(node.order)?;
        if code.counts_characters() && node.count != 1 {
            self.number(node.count)?;
        } else if self.after.wide && !changes && matches!(code, Code::Float | Code::Double | Code::LongDouble)
        {
            self.out.write_char(self.after.order.character())?;
        }
        self.after.wide = code == Code::WidePointer;
        self.out.write_str(code.name())
    }

    fn text(&mut self, range: Range<usize>) -> Result {
        self.out.write_bytes(self.tree.text.get(range).unwrap_or(&[]))
    }
}

/// Writes so many bytes of padding.
pub fn write_padding(bytes: isize, out: &mut dyn Write) -> Result {
    match bytes {
        0 => Ok(()),
        1 => out.write_str("x"),
        _ => write_number(out, bytes).and_then(|()| out.write_str("x")),
    }
}

fn write_number(out: &mut dyn Write, number: isize) -> Result {
    write!(out, "{number}")
}
