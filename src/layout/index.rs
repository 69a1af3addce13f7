//! Indexing in any number of dimensions by integers, slices, an ellipsis and new axes, with NumPy's rules.

use super::slice::{Selection, position, select};
use super::trail::{Dim, Trail};
use super::{Base, Layout, MAX_NDIM, Sketch, number, too_many};
use crate::error::{Error, Result};

/// One position: `start`; a negative one counts from the end. The result loses the dimension.
pub const MV_INDEX_AT: i32 = 0;
/// A slice by Python's rules: those of `start`, `stop` and `step` that `given` names.
pub const MV_INDEX_SLICE: i32 = 1;
/// As many whole dimensions as the other items leave. At most one in an index.
pub const MV_INDEX_ELLIPSIS: i32 = 2;
/// A new dimension of extent 1.
pub const MV_INDEX_NEWAXIS: i32 = 3;

pub(super) const GIVES_START: u32 = 1;
pub(super) const GIVES_STOP: u32 = 2;
pub(super) const GIVES_STEP: u32 = 4;

/// One item of an index: an integer, a slice, an ellipsis or a new axis.
///
/// Best written by the macros `MV_AT(3)`, `MV_SLICE(1, 3)`, `MV_STEP(9, 0, -2)`, `MV_FROM(1)`, `MV_TO(3)`,
/// `MV_EVERY(-1)`, `MV_ALL`, `MV_ELLIPSIS` and `MV_NEWAXIS`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub struct mv_index {
    /// `MV_INDEX_AT`, `MV_INDEX_SLICE`, `MV_INDEX_ELLIPSIS` or `MV_INDEX_NEWAXIS`.
    pub kind: i32,
    /// Of a slice: the sum of 1 where `start` is given, 2 where `stop` is, 4 where `step` is. What is not given
    /// is as if left out in Python.
    pub given: u32,
    /// The position, or the first position of a slice. A negative one counts from the end.
    pub start: isize,
    /// The first position that is no more in the slice. A negative one counts from the end.
    pub stop: isize,
    /// The distance between positions of a slice; a negative one goes backwards.
    pub step: isize,
}

impl mv_index {
    const fn new(kind: i32, given: u32, start: isize, stop: isize, step: isize) -> Self {
        mv_index { kind, given, start, stop, step }
    }

    /// `i`
    #[must_use]
    pub const fn at(position: isize) -> Self {
        mv_index::new(MV_INDEX_AT, GIVES_START, position, 0, 0)
    }

    /// `start:stop:step`
    #[must_use]
    pub const fn slice(start: Option<isize>, stop: Option<isize>, step: Option<isize>) -> Self {
        const fn part(value: Option<isize>, bit: u32) -> (isize, u32) {
            match value {
                Some(value) => (value, bit),
                None => (0, 0),
            }
        }
        let (start, gives_start) = part(start, GIVES_START);
        let (stop, gives_stop) = part(stop, GIVES_STOP);
        let (step, gives_step) = part(step, GIVES_STEP);
        mv_index::new(MV_INDEX_SLICE, gives_start | gives_stop | gives_step, start, stop, step)
    }

    /// `start:stop`
    #[must_use]
    pub const fn range(start: isize, stop: isize) -> Self {
        mv_index::slice(Some(start), Some(stop), None)
    }

    /// `::step`
    #[must_use]
    pub const fn every(step: isize) -> Self {
        mv_index::slice(None, None, Some(step))
    }

    /// `:`
    #[must_use]
    pub const fn all() -> Self {
        mv_index::slice(None, None, None)
    }

    /// `...`
    #[must_use]
    pub const fn ellipsis() -> Self {
        mv_index::new(MV_INDEX_ELLIPSIS, 0, 0, 0, 0)
    }

    /// `newaxis`
    #[must_use]
    pub const fn newaxis() -> Self {
        mv_index::new(MV_INDEX_NEWAXIS, 0, 0, 0, 0)
    }
}

/// The number of dimensions of an index's result. Checks the kinds and numbers of the items, not their bounds.
pub fn result_ndim(ndim: usize, items: &[mv_index]) -> Result<usize> {
    let (mut used, mut removed, mut added, mut ellipses) = (0usize, 0usize, 0usize, 0usize);
    for (number, item) in items.iter().enumerate() {
        let count = match item.kind {
            MV_INDEX_AT => {
                used = used.saturating_add(1);
                &mut removed
            }
            MV_INDEX_SLICE => &mut used,
            MV_INDEX_ELLIPSIS => &mut ellipses,
            MV_INDEX_NEWAXIS => &mut added,
            kind => {
                return Err(Error::IndexKind { kind: i64::from(kind), number: super::dimension(number) });
            }
        };
        *count = count.saturating_add(1);
    }
    if ellipses > 1 {
        return Err(Error::Ellipses);
    }
    if used > ndim {
        return Err(Error::TooManyIndices { given: number(used), ndim: number(ndim) });
    }
    let result = ndim.saturating_sub(removed).saturating_add(added);
    if result > MAX_NDIM { Err(too_many(result)) } else { Ok(result) }
}

/// What an index does to one dimension.
enum Step {
    Keep(usize, Dim, Selection),
    Remove(usize, Dim, isize),
    Add,
}

/// Reads an index against a layout: bounds are checked, all dimensions of the source come up once, in order.
#[inline]
fn walk(layout: &Layout, items: &[mv_index], mut visit: impl FnMut(Step) -> Result<()>) -> Result<()> {
    let mut dims = layout.dims().enumerate();
    for item in items {
        match item.kind {
            MV_INDEX_AT => {
                let (dim, source) = dims.next().ok_or_else(unreadable)?;
                visit(Step::Remove(dim, source, position(item.start, source.0, dim)?))?;
            }
            MV_INDEX_SLICE => {
                let (dim, source) = dims.next().ok_or_else(unreadable)?;
                visit(Step::Keep(dim, source, select(item, source.0, dim)?))?;
            }
            MV_INDEX_ELLIPSIS => {
                for (dim, source) in dims.by_ref().take(left_to_ellipsis(layout.ndim(), items)?) {
                    visit(Step::Keep(dim, source, Selection::whole(source.0)))?;
                }
            }
            MV_INDEX_NEWAXIS => visit(Step::Add)?,
            _ => return Err(unreadable()),
        }
    }
    for (dim, source) in dims {
        visit(Step::Keep(dim, source, Selection::whole(source.0)))?;
    }
    Ok(())
}

/// The error of items that cannot be read in order; [`result_ndim`] says what is wrong with them.
fn unreadable() -> Error {
    Error::Ellipses
}

fn left_to_ellipsis(ndim: usize, items: &[mv_index]) -> Result<usize> {
    result_ndim(ndim, items)?;
    let takes = |item: &&mv_index| matches!(item.kind, MV_INDEX_AT | MV_INDEX_SLICE);
    Ok(ndim.saturating_sub(items.iter().filter(takes).count()))
}

/// The part of a layout that an index names; dimensions that it leaves out at the end are whole.
///
/// Everything is checked before the first call on `base`, and without items in the result `base` is not called.
/// A position removed from an indirect dimension needs its pointer: where the result keeps no dimension before it,
/// `base` loads it; else the nearest of those dimensions becomes indirect, if it is not so already.
pub fn index(layout: &Layout, items: &[mv_index], out: &mut Sketch, base: &mut impl Base) -> Result<()> {
    // What is wrong with the items as such comes before what they meet on the way.
    result_ndim(layout.ndim(), items)?;
    if layout.is_indirect() {
        trace_indirect(layout, items, out, base)
    } else {
        trace(layout, items, false, out, base)
    }
}

fn trace_indirect(layout: &Layout, items: &[mv_index], out: &mut Sketch, base: &mut impl Base) -> Result<()> {
    // An extent of 0 has no position to be removed at: it is still there.
    let mut empty = false;
    walk(layout, items, |step| {
        empty |= matches!(step, Step::Keep(_, _, Selection { extent: 0, .. }));
        Ok(())
    })?;
    trace(layout, items, empty, out, &mut Nowhere)?;
    trace(layout, items, empty, out, base)
}

fn trace(
    layout: &Layout,
    items: &[mv_index],
    empty: bool,
    out: &mut Sketch,
    base: &mut impl Base,
) -> Result<()> {
    let mut trail = Trail::new(out, base, empty);
    walk(layout, items, |step| match step {
        Step::Keep(dim, source, part) => trail.keep(dim, source, part),
        Step::Remove(dim, source, position) => trail.remove(dim, source, position),
        Step::Add => trail.add(),
    })?;
    trail.finish(layout.ndim().saturating_sub(1))
}

/// The base of a rehearsal, which finds all errors before a pointer is loaded.
struct Nowhere;

impl Base for Nowhere {
    fn add(&mut self, _bytes: isize) {}
    fn dereference(&mut self, _suboffset: isize) {}
}
