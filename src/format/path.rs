//! The way to a part of a format: `pos.x`, `samples[3]`, `grid[1,2].value`.

use super::node::{Shape, Tree};
use crate::error::{Error, Result, number};

/// Where a path has led.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Found {
    /// The node.
    pub node: usize,
    /// Where it begins in the node that the path began at.
    pub offset: isize,
}

/// Follows a path from a node: names separated by dots; in brackets the number of a field, or a position in a sub-array for each
/// of its dimensions. An empty path leads to the node itself.
pub fn follow(tree: &Tree<'_>, node: usize, path: &[u8]) -> Result<Found> {
    let mut found = Found { node, offset: 0 };
    let mut at = 0usize;
    let missing = |at: usize, reason| Error::Field { position: number(at), reason };
    while let Some(&first) = path.get(at) {
        if first == b'[' {
            let rest = path.get(at.saturating_add(1)..).unwrap_or(&[]);
            let length =
                rest.iter().position(|&byte| byte == b']').ok_or_else(|| missing(at, "has no ']'"))?;
            let inside = rest.get(..length).unwrap_or(&[]);
            found = bracket(tree, found, inside).ok_or_else(|| missing(at, "is not a position there"))?;
            at = at.saturating_add(length).saturating_add(2);
            continue;
        }
        let begin = if first == b'.' && at > 0 { at.saturating_add(1) } else { at };
        let rest = path.get(begin..).unwrap_or(&[]);
        let length = rest.iter().position(|byte| matches!(byte, b'.' | b'[')).unwrap_or(rest.len());
        let name = rest.get(..length).unwrap_or(&[]);
        if begin == at && at > 0 {
            return Err(missing(at, "does not begin with '.' or '['"));
        }
        let field = tree.named(found.node, name).ok_or_else(|| missing(begin, "names no field"))?;
        found = Found { node: field.node, offset: found.offset.saturating_add(field.offset) };
        at = begin.saturating_add(length);
    }
    Ok(found)
}

/// The number of a field, or a position for each dimension of a sub-array.
fn bracket(tree: &Tree<'_>, from: Found, inside: &[u8]) -> Option<Found> {
    let mut numbers = inside.split(|&byte| byte == b',').map(decimal);
    if let Shape::Record { .. } = tree.node(from.node).shape {
        let field = tree.field_at(from.node, numbers.next()??.unsigned_abs())?;
        if numbers.next().is_some() {
            return None;
        }
        return Some(Found { node: field.node, offset: from.offset.checked_add(field.offset)? });
    }
    let (shape, element) = tree.array(from.node)?;
    let mut position = 0isize;
    for &extent in shape {
        let at = numbers.next()??;
        if at >= extent {
            return None;
        }
        position = position.checked_mul(extent)?.checked_add(at)?;
    }
    if numbers.next().is_some() {
        return None;
    }
    let offset = tree.stride(element).checked_mul(position)?;
    Some(Found { node: element, offset: from.offset.checked_add(offset)? })
}

fn decimal(text: &[u8]) -> Option<isize> {
    let text = text.trim_ascii();
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0isize, |value, &byte| {
        let digit = byte.is_ascii_digit().then(|| isize::from(byte.wrapping_sub(b'0')))?;
        value.checked_mul(10)?.checked_add(digit)
    })
}
