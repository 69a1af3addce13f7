//! Copies between memories of different formats: number by number, or all bytes of a number turned round.

use core::ops::ControlFlow;

use super::{
    part::{Part, What},
    share::Access,
};
use crate::{
    error::{Error, Result, number},
    format::{self, Leaf, MAX_NUMBER, Rule, Shape, Tree},
    kernel::{self, Memory, Number, Scratch, Span},
    layout::Order,
};

/// Memory whose items are numbers.
#[derive(Clone, Copy)]
pub struct Numbers<'a> {
    memory: Memory<'a>,
    leaf: Leaf,
    offset: isize,
}

impl<'a> Numbers<'a> {
    /// The items of an accessed view; none where they are no numbers.
    pub fn of(access: &'a Access<'_>) -> Result<Option<Numbers<'a>>> {
        Ok(match access.what()? {
            (What::Leaf(leaf), offset) if leaf.is_number() => {
                Some(Numbers { memory: access.memory(), leaf, offset })
            }
            _ => None,
        })
    }

    /// Numbers side by side.
    #[must_use]
    pub fn packed(memory: Memory<'a>, leaf: Leaf) -> Numbers<'a> {
        Numbers { memory, leaf, offset: 0 }
    }

    /// The numbers alone, and their type, where it is one of the machine's.
    fn machine(&self) -> Option<(Memory<'a>, Number)> {
        self.memory.within_items(self.offset, self.leaf.size()).zip(Number::of(self.leaf))
    }

    fn part(&self, address: *mut u8) -> Part<'a> {
        // SAFETY: the address is that of an item of the memory, which holds the leaf; it is written where the memory may be.
        unsafe {
            Part::new(address.wrapping_offset(self.offset), What::Leaf(self.leaf), self.leaf.size(), true)
        }
    }
}

/// Converts every number to the same index of another memory of the same shape, as if through a temporary. On failure nothing is
/// written, and the error says which item it was.
pub fn convert(to: &Numbers<'_>, from: &Numbers<'_>, rule: Rule) -> Result<()> {
    kernel::check_shapes(&to.memory, &from.memory)?;
    let apart = !kernel::overlaps(&to.memory, &from.memory);
    if apart
        && let (Some(target), Some(source)) = (to.machine(), from.machine())
        && kernel::convert_numbers((&target.0, target.1), (&source.0, source.1), rule)
    {
        return Ok(());
    }
    if rule == Rule::Strict {
        // All that can fail, before anything is written.
        each(to, from, rule, |_, _| {})?;
    }
    if apart {
        return each(to, from, rule, |place, bytes| kernel::write_span(&place.span(), bytes));
    }
    let size = from.leaf.size().unsigned_abs();
    let mut copy = Scratch::zeroed(from.memory.layout().items().unsigned_abs().saturating_mul(size))?;
    let mut places = copy.bytes().chunks_exact_mut(size.max(1));
    let _: ControlFlow<()> = kernel::visit(&from.memory, |address| {
        if let Some(place) = places.next() {
            kernel::read_span(&from.part(address).span(), place);
        }
        ControlFlow::Continue(())
    });
    kernel::with_span(copy.bytes(), |span| {
        let shape = from.memory.layout().shape;
        kernel::with_packed(span, shape, from.leaf.size(), Order::C, |memory| {
            let packed = Numbers::packed(*memory, from.leaf);
            each(to, &packed, rule, |place, bytes| kernel::write_span(&place.span(), bytes))
        })
    })
}

fn each(
    to: &Numbers<'_>,
    from: &Numbers<'_>,
    rule: Rule,
    mut give: impl FnMut(&Part<'_>, &[u8]),
) -> Result<()> {
    let (mut old, mut new) = ([0u8; MAX_NUMBER], [0u8; MAX_NUMBER]);
    let (Some(old), Some(new)) =
        (old.get_mut(..from.leaf.size().unsigned_abs()), new.get_mut(..to.leaf.size().unsigned_abs()))
    else {
        return Err(Error::FormatOpaque { operation: "converting a number" });
    };
    let (mut position, mut result) = (0usize, Ok(()));
    let _ = kernel::visit_pairs(&to.memory, &from.memory, |place, address| {
        kernel::read_span(&from.part(address).span(), old);
        match format::convert(from.leaf, old, to.leaf, new, rule) {
            Ok(()) => give(&to.part(place), new),
            Err(Error::ItemRange { value, code }) => {
                result = Err(Error::ConvertRange { value, code, position: number(position) });
                return ControlFlow::Break(());
            }
            Err(other) => {
                result = Err(other);
                return ControlFlow::Break(());
            }
        }
        position = position.saturating_add(1);
        ControlFlow::Continue(())
    });
    result
}

/// Turns round the bytes of every number in every item.
pub fn byteswap(access: &Access<'_>) -> Result<()> {
    check_swappable(access)?;
    if let (What::Leaf(leaf), offset) = access.what()?
        && let Some(items) = access.memory().within_items(offset, leaf.size())
        && kernel::swap_numbers(&items, leaf.swapped_component())
    {
        return Ok(());
    }
    access.each_writable(|part| {
        swap(part)?;
        Ok(ControlFlow::Continue(()))
    })
}

fn check_swappable(access: &Access<'_>) -> Result<()> {
    let opaque = || Error::FormatOpaque { operation: "swapping bytes" };
    match access.what()?.0 {
        What::Leaf(_) => Ok(()),
        What::Opaque(_) => Err(opaque()),
        What::Node(format, node) => {
            let known = |tree: &Tree<'_>, node: usize| {
                tree.all(node, |node| !matches!(node.shape, Shape::PointerTo | Shape::Function))
            };
            if known(&format.tree(), node) { Ok(()) } else { Err(opaque()) }
        }
    }
}

fn swap(part: &Part<'_>) -> Result<()> {
    match part.what() {
        What::Leaf(leaf) => {
            let component = leaf.swapped_component();
            if component > 1 {
                swap_span(&part.span(), component);
            }
            Ok(())
        }
        What::Node(format, node) => {
            let tree = format.tree();
            let elements = tree
                .array(node)
                .map(|(shape, _)| shape.iter().fold(1isize, |items, extent| items.saturating_mul(*extent)));
            match elements {
                Some(elements) => (0..elements)
                    .try_for_each(|number| part.element_at(number)?.map_or(Ok(()), |element| swap(&element))),
                None => tree.fields(node).try_for_each(|field| swap(&part.field(&field)?)),
            }
        }
        What::Opaque(_) => Ok(()),
    }
}

fn swap_span(span: &Span<'_>, component: usize) {
    let mut at = 0usize;
    let mut number = [0u8; MAX_NUMBER];
    let Some(number) = number.get_mut(..component) else { return };
    while at.saturating_add(component) <= span.length() {
        let place = span.part(at, component);
        kernel::read_span(&place, number);
        number.reverse();
        kernel::write_span(&place, number);
        at = at.saturating_add(component);
    }
}
