//! The usual item of a format, a count and a type, without the general machinery, which takes several times as long.

use super::{
    code::Code,
    leaf::ByteOrder,
    node::{Node, Shape, round_up},
    parse::{Extent, Parser, Rules},
    table::look_up,
};

/// [`round_up`], which is a division, where something is aligned.
#[inline]
fn place(offset: isize, align: isize) -> Option<isize> {
    if align == 1 { Some(offset) } else { round_up(offset, align) }
}

/// Longer texts take their time anyway.
const SHORT: usize = 64;

/// The space of a format, counted without reading what its items are: of a short text without white space, shapes, names and parts.
/// What it says is right where the text is a format; the parser tells.
#[must_use]
pub fn quick_needs(text: &[u8], rules: Rules) -> Option<(usize, usize)> {
    if text.len() > SHORT || rules == Rules::Numpy {
        return None;
    }
    let (mut nodes, mut dims, mut count) = (1usize, 0usize, None);
    for &character in text {
        if let Some(entry) = look_up(character) {
            let repeats = !entry.counts_characters && count.is_some_and(|count| count != 1);
            nodes = nodes.wrapping_add(1).wrapping_add(usize::from(repeats));
            dims = dims.wrapping_add(usize::from(count.is_some()));
            count = None;
        } else if character.is_ascii_digit() {
            // All that matters is whether it is 1.
            let digit = character.wrapping_sub(b'0').min(2);
            count = Some(if count.unwrap_or(0u8) == 0 { digit } else { 2 });
        } else if count.is_some() || ByteOrder::of(character).is_none() {
            return None;
        }
    }
    Some((nodes, dims))
}

impl Parser<'_> {
    /// One item without a shape, a name, an order or white space of its own. `None` wherever there is more to be said, as of any
    /// error: then the general way starts afresh, and nothing has happened.
    #[inline]
    pub(super) fn quick_item(&mut self, so_far: &mut Extent) -> Option<()> {
        let (count, at) = self.quick_count()?;
        let character = *self.text.get(at)?;
        let end = at.checked_add(1)?;
        // A name may follow, behind white space, too.
        if self.text.get(end).is_some_and(|next| matches!(next, b':' | b'\t'..=b'\r' | b' ')) {
            return None;
        }
        let entry = look_up(character)?;
        let characters = if entry.counts_characters { count.unwrap_or(1) } else { 1 };
        let leaf = entry.leaf(self.order, characters)?;
        let align = entry.align(self.order);
        let offset = place(so_far.size, align)?;
        let values = count.filter(|count| !entry.counts_characters && *count != 1);
        let size = match values {
            None => leaf.size(),
            // For NumPy these are a sub-array; and of values without bytes there may be too many.
            Some(_) if self.rules == Rules::Numpy => return None,
            Some(values) => place(leaf.size(), align)?.checked_mul(values).filter(|size| *size > 0)?,
        };
        let end_of_item = offset.checked_add(size)?;

        let first_extent = self.needs.dims;
        if let Some(count) = count {
            self.push_extent(count);
        }
        let place = self.reserve();
        let value = if values.is_some() { self.reserve() } else { place };
        if !self.nodes.is_empty() {
            let shape = if entry.code == Code::Pad { Shape::Pad } else { Shape::Leaf(leaf) };
            let (order, next) = (self.order, self.needs.nodes);
            if let (Some(count), Some(node)) = (values, self.nodes.get_mut(place)) {
                let (range, order) = (first_extent..self.needs.dims, order.of_parts());
                *node =
                    Node { shape: Shape::Repeat, order, offset, size, align, count, name: None, range, next };
            }
            if let Some(node) = self.nodes.get_mut(value) {
                let offset = if values.is_some() { 0 } else { offset };
                let (size, count, range) = (leaf.size(), characters, 0..0);
                *node = Node { shape, order, offset, size, align, count, name: None, range, next };
            }
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
