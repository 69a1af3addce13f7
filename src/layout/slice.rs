//! Python's rules for an integer and for a slice of one dimension.

use super::index::{GIVES_START, GIVES_STEP, GIVES_STOP, mv_index};
use super::{dimension, signed};
use crate::error::{Error, Result};

/// The positions that a slice selects: `start`, `start + step`, ...
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Selection {
    /// The first position; 0 where there is none, so that it never leads out of the memory.
    pub start: isize,
    /// The number of positions.
    pub extent: isize,
    /// Never 0.
    pub step: isize,
}

impl Selection {
    /// All positions.
    pub fn whole(length: isize) -> Self {
        Selection { start: 0, extent: length, step: 1 }
    }
}

/// The position that an integer names: a negative one counts from the end.
#[inline]
pub(super) fn place(index: isize, length: isize) -> Option<isize> {
    let from_start = if index < 0 { index.wrapping_add(length) } else { index };
    (0 <= from_start && from_start < length).then_some(from_start)
}

/// The same, or the error of dimension `dim`.
#[inline]
pub(super) fn position(index: isize, length: isize, dim: usize) -> Result<isize> {
    place(index, length).ok_or_else(|| Error::OutOfBounds {
        index: signed(index),
        length: signed(length),
        dim: dimension(dim),
    })
}

/// The positions that a slice names: bounds are clamped, never refused. `None` where the step is 0.
#[inline]
pub(super) fn cut(item: &mv_index, length: isize) -> Option<Selection> {
    let gives = |bit| item.given & bit != 0;
    // Without the smallest number every step can be negated; no length tells the two apart.
    let step = if gives(GIVES_STEP) { item.step.max(-isize::MAX) } else { 1 };
    if step == 0 {
        return None;
    }
    let backwards = step < 0;
    // No length is negative, and all bounds lie between -1 and it: nothing of this wraps.
    let (low, high) = if backwards { (-1, length.wrapping_sub(1)) } else { (0, length) };
    let (first, last) = if backwards { (high, low) } else { (low, high) };
    let clamp = |bound: isize| {
        let from_start = if bound < 0 { bound.wrapping_add(length) } else { bound };
        from_start.max(low).min(high)
    };
    let start = if gives(GIVES_START) { clamp(item.start) } else { first };
    let stop = if gives(GIVES_STOP) { clamp(item.stop) } else { last };

    let distance = if backwards { start.wrapping_sub(stop) } else { stop.wrapping_sub(start) };
    if distance <= 0 {
        return Some(Selection { start: 0, extent: 0, step });
    }
    let extent = match step.unsigned_abs() {
        1 => distance, // a division takes longer than all the rest
        step => {
            let steps = distance.wrapping_sub(1).unsigned_abs().checked_div(step).unwrap_or(0);
            steps.cast_signed().wrapping_add(1)
        }
    };
    Some(Selection { start, extent, step })
}

/// The same, or the error of dimension `dim`.
pub(super) fn select(item: &mv_index, length: isize, dim: usize) -> Result<Selection> {
    cut(item, length).ok_or_else(|| Error::StepZero { dim: dimension(dim) })
}
