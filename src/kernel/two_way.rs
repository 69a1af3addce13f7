//! A string of bytes in bytes, in a time that grows with the number of bytes alone, and without memory of its own: the search of
//! Crochemore and Perrin.
//!
//! The string is cut where the shortest repetition around the cut is as long as the period of the string. What is behind the cut is
//! compared forwards: a byte that differs there moves the string past it. Then comes what is in front of the cut: a byte that differs
//! there moves the string by its period. Where that is short, the string then is found, or differs in its last bytes and moves far:
//! since the first place is all that is wanted, what is known to fit need not be remembered.

use super::memory::Span;

/// Bytes by their index; none behind the last. Others may change them: then a place may be missed, or be none, as with every search.
pub(super) struct Bytes<F> {
    pub(super) length: usize,
    pub(super) at: F,
}

/// Where in a span a string of bytes begins, at `from` or behind it.
pub(super) fn search(span: &Span<'_>, wanted: &Span<'_>, from: usize) -> Option<usize> {
    let (text, wanted) = (
        Bytes { length: span.length(), at: reader(span) },
        Bytes { length: wanted.length(), at: reader(wanted) },
    );
    search_bytes(&text, &wanted, from)
}

fn reader(span: &Span<'_>) -> impl Fn(usize) -> Option<u8> {
    let (data, length) = (span.data().cast_const(), span.length());
    // SAFETY: within the span, which may be read as long as the caller looks at it.
    move |at| (at < length).then(|| unsafe { data.wrapping_add(at).read() })
}

/// The same in whatever bytes.
pub(super) fn search_bytes(
    text: &Bytes<impl Fn(usize) -> Option<u8>>,
    wanted: &Bytes<impl Fn(usize) -> Option<u8>>,
    from: usize,
) -> Option<usize> {
    let length = wanted.length;
    let last = text.length.checked_sub(length)?;
    let (cut, period) = cut(wanted);
    let repeats = (0..cut).all(|at| (wanted.at)(at) == (wanted.at)(at.wrapping_add(period)));
    // Where the front does not repeat what is behind it, the period is longer than either part.
    let step = if repeats { period } else { cut.max(length.saturating_sub(cut)).wrapping_add(1) };
    let mut place = from;
    while place <= last {
        let fits = |at: usize| (text.at)(place.wrapping_add(at)) == (wanted.at)(at);
        if let Some(differs) = (cut..length).find(|&at| !fits(at)) {
            place = place.saturating_add(differs.saturating_sub(cut)).saturating_add(1);
        } else if (0..cut).all(fits) {
            return Some(place);
        } else {
            place = place.saturating_add(step);
        }
    }
    None
}

/// Where a string is cut, and the period of what is behind: the shorter of its greatest suffixes by the one order of bytes and by
/// the other.
fn cut(wanted: &Bytes<impl Fn(usize) -> Option<u8>>) -> (usize, usize) {
    let upwards = greatest_suffix(wanted, |one, other| one > other);
    let downwards = greatest_suffix(wanted, |one, other| one < other);
    if upwards.0 > downwards.0 { upwards } else { downwards }
}

/// Where the greatest suffix begins, and its period.
fn greatest_suffix(
    wanted: &Bytes<impl Fn(usize) -> Option<u8>>,
    is_greater: impl Fn(u8, u8) -> bool,
) -> (usize, usize) {
    // The greatest suffix so far and another one, which are the same in their first `same` bytes.
    let (mut greatest, mut other, mut same, mut period) = (0usize, 1usize, 0usize, 1usize);
    while let (Some(new), Some(old)) =
        ((wanted.at)(other.wrapping_add(same)), (wanted.at)(greatest.wrapping_add(same)))
    {
        if new == old {
            same = same.wrapping_add(1);
            if same == period {
                (other, same) = (other.wrapping_add(period), 0);
            }
        } else if is_greater(old, new) {
            (other, same) = (other.wrapping_add(same).wrapping_add(1), 0);
            period = other.wrapping_sub(greatest);
        } else {
            greatest = other;
            (other, same, period) = (greatest.wrapping_add(1), 0, 1);
        }
    }
    (greatest, period)
}
