//! What stands in front of a type in a format text: an order, a shape, a count; and what it makes of the type.

use core::ops::Range;

use super::{
    leaf::ByteOrder,
    node::{Node, Shape},
    parse::{Parser, Rules},
};
use crate::error::{Error, Result, number};

/// The most extents of one sub-array.
const MAX_DIMS: usize = 64;

/// The most values without bytes, of which a text of a few characters could ask for more than anybody can visit.
const MAX_EMPTY: isize = 65535;

/// What stands in front of a type.
pub(super) struct Prefix {
    /// The extents of a sub-array, the count among them, in the order in which they are written.
    pub(super) extents: Range<usize>,
    /// Their product without the count; none where there is no shape.
    pub(super) shape: Option<isize>,
    pub(super) count: Option<isize>,
    /// Whether the count stands in front of the shape.
    pub(super) count_first: bool,
    /// The product of all extents above 0.
    pub(super) spread: isize,
}

/// The node that a shape, or a count of values, puts around a type.
pub(super) struct Wrapper {
    pub(super) place: usize,
    pub(super) extents: Range<usize>,
    pub(super) shape: Option<isize>,
    pub(super) count: Option<isize>,
    /// As that of the prefix.
    pub(super) spread: isize,
}

impl Parser<'_> {
    pub(super) fn prefix(&mut self) -> Result<Prefix> {
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

    pub(super) fn push_extent(&mut self, extent: isize) {
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
    pub(super) fn wrapper(&mut self, prefix: &Prefix, counts: bool) -> Option<Wrapper> {
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
    pub(super) fn wrapped(&mut self, wrapper: &Wrapper, element: &Node, named: bool) -> Result<Node> {
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
}
