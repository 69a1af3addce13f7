//! The usual item of a format, a count and a type, without the general machinery, which takes several times as long.

use super::{
    code::Code,
    leaf::{ByteOrder, Leaf},
    node::{Node, Shape, round_up},
    parse::{Extent, Parser, Rules},
};

impl Parser<'_> {
    /// One item without a shape, a name, an order or white space of its own. `None` wherever there is more to be said, as of any
    /// error: then the general way starts afresh, and nothing has happened.
    #[inline]
    pub(super) fn quick_item(&mut self, so_far: &mut Extent) -> Option<()> {
        let (count, at) = self.quick_count()?;
        let character = *self.text.get(at)?;
        let end = at.checked_add(1)?;
        // A name may follow, behind white space, too; 'Z' may be the first of two characters.
        let goes_on = self.text.get(end).is_some_and(|next| matches!(next, b':' | b'\t'..=b'\r' | b' '));
        let code = Code::of(character).filter(|code| !goes_on && *code != Code::WidePointer)?;
        if !self.order.allows(code) {
            return None;
        }
        let counts = code.counts_characters();
        let characters = if counts { count.unwrap_or(1) } else { 1 };
        let leaf = Leaf::new(code, self.order, characters)?;
        let align = if self.order == ByteOrder::Native { code.alignment() } else { 1 };
        let offset = round_up(so_far.size, align)?;
        let values = count.filter(|count| !counts && *count != 1);
        let size = match values {
            None => leaf.size(),
            // For NumPy these are a sub-array; and of values without bytes there may be too many.
            Some(_) if self.rules == Rules::Numpy => return None,
            Some(values) => round_up(leaf.size(), align)?.checked_mul(values).filter(|size| *size > 0)?,
        };
        let end_of_item = offset.checked_add(size)?;

        let first_extent = self.needs.dims;
        if let Some(count) = count {
            self.push_extent(count);
        }
        let shape = if code == Code::Pad { Shape::Pad } else { Shape::Leaf(leaf) };
        let place = self.reserve();
        let value = if values.is_some() { self.reserve() } else { place };
        let (order, next) = (self.order, self.needs.nodes);
        let common = Node { order, align, next, ..Node::EMPTY };
        if let (Some(count), Some(node)) = (values, self.nodes.get_mut(place)) {
            let range = first_extent..self.needs.dims;
            *node = Node {
                shape: Shape::Repeat,
                order: order.of_parts(),
                offset,
                size,
                count,
                range,
                ..common.clone()
            };
        }
        if let Some(node) = self.nodes.get_mut(value) {
            let offset = if values.is_some() { 0 } else { offset };
            *node = Node { shape, offset, size: leaf.size(), count: characters, ..common };
        }
        self.at = end;
        so_far.size = end_of_item;
        so_far.align = so_far.align.max(align);
        Some(())
    }

    /// The count at the present place, if there is one, and where it ends.
    #[inline]
    fn quick_count(&self) -> Option<(Option<isize>, usize)> {
        let mut at = self.at;
        let mut count = None;
        while let Some(digit @ b'0'..=b'9') = self.text.get(at).copied() {
            let digit = isize::from(digit.wrapping_sub(b'0'));
            count = Some(count.unwrap_or(0isize).checked_mul(10)?.checked_add(digit)?);
            at = at.checked_add(1)?;
        }
        Some((count, at))
    }
}
