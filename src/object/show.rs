//! Parts of memory as Python prints them: structs as tuples, sub-arrays as lists.

use core::fmt::Write;

use super::part::{Content, Part};
use crate::{
    error::Result,
    format::{self, Bytes, MAX_NUMBER, Quotes, Unit},
    kernel::{self, Span},
};

/// Writes a part as Python's `repr` does; bytes without a meaning as bytes.
pub fn show(part: &Part<'_>, out: &mut dyn Write) -> Result<()> {
    let mut space = [0u8; MAX_NUMBER];
    // Nothing that is written to here can fail: what does not fit is counted.
    match part.content(&mut space)? {
        Content::Value(value) => drop_result(format::show_value(&value, out)),
        Content::Bytes(bytes) | Content::Opaque(bytes) => show_bytes(&bytes, out),
        Content::Text(span, leaf) => {
            if let Some(unit) = leaf.unit() {
                drop_result(format::show_units(unit.wide, units(&span, unit), out));
            }
        }
        Content::Record(_, format, node) => {
            let count = format.tree().field_count(node);
            drop_result(out.write_str("("));
            for number in 0..count {
                drop_result(out.write_str(if number == 0 { "" } else { ", " }));
                if let Some(field) = part.field_at(number)? {
                    show(&field, out)?;
                }
            }
            drop_result(out.write_str(if count == 1 { ",)" } else { ")" }));
        }
        Content::Array(_, format, node) => {
            let tree = format.tree();
            if let Some((shape, _)) = tree.array(node) {
                show_list(part, shape, 0, out)?;
            }
        }
    }
    Ok(())
}

/// The units of characters, one by one: a copy of all of them could fail when part of the text is written.
fn units(span: &Span<'_>, unit: Unit) -> impl Iterator<Item = u32> + Clone {
    let size = unit.size();
    (0..span.length().checked_div(size).unwrap_or(0)).map(move |number| {
        let mut copy = [0u8; 4];
        let bytes = copy.get_mut(..size).unwrap_or(&mut []);
        kernel::read_span(&span.part(number.saturating_mul(size), size), bytes);
        unit.value(bytes)
    })
}

fn drop_result(_: core::fmt::Result) {}

fn show_bytes(span: &Span<'_>, out: &mut dyn Write) {
    let mut quotes = Quotes::default();
    kernel::read_pieces(span, |piece| quotes.look(piece));
    let Ok(mut bytes) = Bytes::begin(quotes, out) else { return };
    kernel::read_pieces(span, |piece| drop_result(bytes.piece(piece)));
    drop_result(bytes.end());
}

/// Elements as nested lists, from element number `first` on.
fn show_list(part: &Part<'_>, shape: &[isize], first: isize, out: &mut dyn Write) -> Result<()> {
    let Some((&extent, rest)) = shape.split_first() else {
        return part.element_at(first)?.map_or(Ok(()), |element| show(&element, out));
    };
    let each = rest.iter().fold(1isize, |items, extent| items.saturating_mul(*extent));
    drop_result(out.write_str("["));
    for at in 0..extent {
        drop_result(out.write_str(if at == 0 { "" } else { ", " }));
        show_list(part, rest, first.saturating_add(at.saturating_mul(each)), out)?;
    }
    drop_result(out.write_str("]"));
    Ok(())
}
