//! Formats, compared by what they mean.

use super::{
    leaf::Leaf,
    node::{Shape, Tree},
};

/// Whether two formats have the same values in the same bytes; with `names`, by the same names. How many bytes of
/// padding follow the last value is not compared.
#[must_use]
pub fn same(left: &Tree<'_>, right: &Tree<'_>, names: bool) -> bool {
    let ((a, a_offset), (b, b_offset)) = (left.item(), right.item());
    a_offset == b_offset && same_nodes(left, a, right, b, names)
}

/// The same of two nodes.
#[must_use]
pub fn same_nodes(left: &Tree<'_>, a: usize, right: &Tree<'_>, b: usize, names: bool) -> bool {
    match (left.node(a).shape, right.node(b).shape) {
        (Shape::Leaf(one), Shape::Leaf(other)) => one.is_same(&other),
        (Shape::Record { .. }, Shape::Record { .. }) => same_records(left, a, right, b, names),
        (Shape::Array, Shape::Array) => match (left.array(a), right.array(b)) {
            (Some((shape, x)), Some((other, y))) => {
                shape == other && left.stride(x) == right.stride(y) && same_nodes(left, x, right, y, names)
            }
            _ => false,
        },
        (Shape::Pad, Shape::Pad) => left.node(a).size == right.node(b).size,
        (Shape::PointerTo, Shape::PointerTo) => {
            same_nodes(left, a.saturating_add(1), right, b.saturating_add(1), names)
        }
        (Shape::Function, Shape::Function) => {
            left.text.get(left.node(a).range.clone()) == right.text.get(right.node(b).range.clone())
        }
        _ => false,
    }
}

fn same_records(left: &Tree<'_>, a: usize, right: &Tree<'_>, b: usize, names: bool) -> bool {
    // Of records beside each other in an array also the padding counts: there strides are compared.
    let (mut ours, mut theirs) = (left.runs(a), right.runs(b));
    let (mut one, mut other) = (ours.next(), theirs.next());
    while let (Some(run), Some(same)) = (&one, &other) {
        let count = run.count.min(same.count);
        let (x, y) = (run.first, same.first);
        let is_same = x.offset == y.offset
            && (count == 1 || run.stride == same.stride)
            && (!names || x.name == y.name)
            && same_nodes(left, x.node, right, y.node, names);
        if !is_same {
            return false;
        }
        (one, other) =
            (run.behind(count).or_else(|| ours.next()), same.behind(count).or_else(|| theirs.next()));
    }
    one.is_none() && other.is_none()
}

/// A format text that has no parts, or none.
fn leaf(text: &[u8]) -> Option<Leaf> {
    Leaf::parse(text)
}

/// What two format texts tell without being parsed: whether items of them hold the same values in the same bytes; none where that
/// takes a look at their parts.
#[must_use]
pub fn same_texts(a: &[u8], b: &[u8]) -> Option<bool> {
    if without_at(a) == without_at(b) {
        return Some(true);
    }
    match (leaf(a), leaf(b)) {
        (Some(one), Some(other)) => Some(one.is_same(&other)),
        _ => None,
    }
}

fn without_at(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"@").unwrap_or(text)
}

/// Whether the format is that of untyped bytes: 'B', 'b' or 'c' with any order prefix or none.
#[must_use]
pub fn is_byte_text(text: &[u8]) -> bool {
    Leaf::parse(text).is_some_and(|leaf| leaf.code().is_byte())
}
