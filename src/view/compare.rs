//! Equality of views, and search in them: by value, whatever the formats.

use core::ops::ControlFlow;

use super::{Given, View};
use crate::{
    error::{Error, Result, mv_status},
    format::{Leaf, Pattern},
    kernel::{self, Memory, Span},
    layout::Order,
    object::{
        equal,
        part::{Part, What},
        share::Access,
    },
};

impl Given<'_> {
    /// Whether a part of memory has this value.
    fn is_in(&self, part: &Part<'_>) -> Result<bool> {
        match self {
            Given::Value(value) => equal::equals_value(part, value),
            Given::Bytes(bytes) => Ok(equal::equals_bytes(part, bytes)),
            Given::Utf8(bytes) => equal::equals_utf8(part, bytes),
            Given::Parts(bytes, format) => equal::equals_parts(part, bytes, format),
        }
    }

    /// The bits of the items that have this value, and where these are; none where it takes more than bits to tell,
    /// or pointers to be followed.
    fn pattern<'a>(&self, access: &'a Access<'_>) -> Result<Option<(Memory<'a>, Pattern)>> {
        let (what, offset) = access.what()?;
        let pattern = match (self, what) {
            (Given::Value(value), What::Leaf(leaf)) => Pattern::of_value(leaf, value),
            (Given::Bytes(bytes), What::Leaf(leaf)) => pattern_of_bytes(leaf, bytes),
            _ => None,
        };
        Ok(pattern.and_then(|pattern| {
            let items = access.memory().within_items(offset, what.size())?;
            (!items.layout().is_indirect()).then_some((items, pattern))
        }))
    }
}

/// The bits of items that are these bytes, where all bytes of an item count.
fn pattern_of_bytes(leaf: Leaf, bytes: &Span<'_>) -> Option<Pattern> {
    let mut space = [0u8; 8];
    let item = space.get_mut(..leaf.size().unsigned_abs()).filter(|item| item.len() == bytes.length())?;
    let all = leaf.bytes(Some(0)) == Some((0, item.len()));
    kernel::read_span(bytes, item);
    Pattern::of_bytes(item).filter(|_| all)
}

/// Whether the shapes are the same as far as it matters: up to the first extent of 0 that both have at the same place.
fn same_shape(a: &[isize], b: &[isize]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    for (left, right) in a.iter().zip(b) {
        if left != right {
            return false;
        }
        if *left == 0 {
            return true;
        }
    }
    true
}

/// Visits the items in C order, with their numbers, until one is found.
fn search(
    access: &Access<'_>,
    mut look: impl FnMut(usize, &Part<'_>) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let mut number = 0usize;
    access.each(|part| {
        let here = number;
        number = number.saturating_add(1);
        look(here, part)
    })
}

impl View {
    /// Whether both have equal items in the same shape. A released view equals itself alone.
    pub fn equals(&self, other: &View) -> Result<bool> {
        if let Some(one) = self.share().access_quickly()
            && let Some(two) = other.share().access_quickly()
            && let Some(equal) = one.equals_quickly(&two)
        {
            return Ok(equal);
        }
        self.equals_generally(other)
    }

    fn equals_generally(&self, other: &View) -> Result<bool> {
        let (a, b) = match (self.share().access(), other.share().access()) {
            (Ok(a), Ok(b)) => (a, b),
            (Err(error), _) | (_, Err(error)) => {
                let released = error.is(mv_status::MV_E_RELEASED);
                return if released {
                    Ok(self.share().as_raw() == other.share().as_raw())
                } else {
                    Err(error)
                };
            }
        };
        let (left, right) = (a.layout(), b.layout());
        if !same_shape(left.shape, right.shape) {
            return Ok(false);
        }
        if left.is_empty() {
            return Ok(true);
        }
        equal::equal_items(&a, &b)
    }

    /// How many items have this value.
    pub fn count(&self, given: &Given<'_>) -> Result<usize> {
        let access = self.share().access()?;
        if let Some((items, pattern)) = given.pattern(&access)? {
            return Ok(kernel::count_items(&items, &pattern));
        }
        let mut found = 0usize;
        search(&access, |_, part| {
            found = found.saturating_add(usize::from(given.is_in(part)?));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(found)
    }

    /// The number in C order of the first item with this value, from `start` to before `stop`; negative ones count from the end, and
    /// both are clamped.
    pub fn find(&self, given: &Given<'_>, start: isize, stop: isize) -> Result<Option<usize>> {
        let access = self.share().access()?;
        let items = access.layout().items();
        let place = |at: isize| {
            let at = if at < 0 { at.saturating_add(items).max(0) } else { at };
            at.min(items).unsigned_abs()
        };
        let (first, end) = (place(start), place(stop));
        if let Some((items, pattern)) = given.pattern(&access)? {
            return Ok(kernel::find_item(&items, &pattern, first, end));
        }
        let mut found = None;
        search(&access, |number, part| {
            if number >= end || found.is_some() {
                return Ok(ControlFlow::Break(()));
            }
            if number >= first && given.is_in(part)? {
                found = Some(number);
                return Ok(ControlFlow::Break(()));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(found)
    }

    /// Where in the bytes of a contiguous view a string of bytes begins, from `start` on.
    pub fn find_bytes(&self, wanted: &Span<'_>, start: usize) -> Result<Option<usize>> {
        let access = self.share().access()?;
        let memory = access.memory();
        if !memory.layout().is_contiguous(Order::C) {
            return Err(Error::Unfit {
                operation: "a search of bytes",
                reason: "the view is not contiguous in C order",
            });
        }
        let bytes = memory.bytes();
        Ok(kernel::find(&bytes, wanted, start))
    }
}
