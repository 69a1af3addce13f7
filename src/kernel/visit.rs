//! Looks at items where they lie: one by one in C order, in pairs, or in runs that follow each other in memory.

use core::ops::ControlFlow;

use super::{
    cursor::copy_item,
    memory::{Memory, Span},
    plan::{Dim, Dims, Plan, Side},
};
use crate::layout::Order;

/// Visits every item in C order, by its address, until `look` breaks.
pub fn visit<B>(memory: &Memory<'_>, mut look: impl FnMut(*mut u8) -> ControlFlow<B>) -> ControlFlow<B> {
    visit_pairs(memory, memory, |item, _| look(item))
}

/// Visits the items of two memories of the same shape in C order, by their addresses, until `look` breaks.
pub fn visit_pairs<B>(
    a: &Memory<'_>,
    b: &Memory<'_>,
    mut look: impl FnMut(*mut u8, *mut u8) -> ControlFlow<B>,
) -> ControlFlow<B> {
    if a.layout().is_empty() || a.layout().shape != b.layout().shape {
        return ControlFlow::Continue(());
    }
    let mut dims = Dims::new();
    let plan = Plan::in_order(&mut dims, a.layout(), Order::C, Side::Memory(a), Side::Memory(b));
    // SAFETY: the plan was made over these dimensions of two memories that may be followed.
    unsafe { each(dims.as_slice(), plan.to, plan.from, &mut look) }
}

/// Visits all bytes in C order of the items, in pieces that are as long as they can be.
pub fn visit_runs<B>(
    memory: &Memory<'_>,
    mut look: impl FnMut(Span<'_>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    if memory.layout().is_empty() {
        return ControlFlow::Continue(());
    }
    let mut dims = Dims::new();
    let (to, from) = (Side::Memory(memory), Side::Memory(memory));
    let plan = Plan::in_runs(&mut dims, memory.layout(), to, from);
    let item = plan.item;
    // SAFETY: as above; each place holds a run of that many bytes.
    unsafe { each(dims.as_slice(), plan.to, plan.from, &mut |place, _| look(Span::new(place, item))) }
}

/// Whether the items of two memories of the same shape and itemsize, which have items, are the same bytes.
#[inline(never)] // The plan is on the stack of those alone that need it.
pub(super) fn same_runs(a: &Memory<'_>, b: &Memory<'_>) -> bool {
    let mut dims = Dims::new();
    let plan = Plan::in_runs(&mut dims, a.layout(), Side::Memory(a), Side::Memory(b));
    let item = plan.item;
    let mut look = |left: *mut u8, right: *mut u8| {
        // SAFETY: each place holds as many bytes on either side.
        let same = unsafe { same_run(left, right, item) };
        if same { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    // SAFETY: the plan was made over these dimensions of two memories that may be followed.
    unsafe { each(dims.as_slice(), plan.to, plan.from, &mut look) }.is_continue()
}

/// Whether two spans are the same bytes.
#[must_use]
pub fn same_bytes(a: &Span<'_>, b: &Span<'_>) -> bool {
    let length = a.length();
    if length != b.length() || length == 0 {
        return length == b.length();
    }
    // SAFETY: both spans are readable for that many bytes.
    unsafe { same_run(a.data(), b.data(), length) }
}

/// Whether two runs are the same bytes.
///
/// # Safety
/// Both are readable for that many bytes.
#[inline]
pub(super) unsafe fn same_run(a: *const u8, b: *const u8, length: usize) -> bool {
    // SAFETY: as the caller promises.
    unsafe { libc::memcmp(a.cast(), b.cast(), length) == 0 }
}

/// Hands out the bytes of a span, which others may write meanwhile, in pieces of a copy.
pub fn read_pieces(span: &Span<'_>, mut take: impl FnMut(&[u8])) {
    let mut copy = [0u8; 512];
    let mut at = 0usize;
    while at < span.length() {
        let length = span.length().saturating_sub(at).min(copy.len());
        let Some(piece) = copy.get_mut(..length) else { return };
        // SAFETY: within the span.
        unsafe { copy_item(piece.as_mut_ptr(), span.data().add(at), length) };
        take(piece);
        at = at.saturating_add(length);
    }
}

/// # Safety
/// The dimensions are those of a plan over two sides that may be followed from here.
unsafe fn each<B>(
    dims: &[Dim],
    mut to: *mut u8,
    mut from: *mut u8,
    look: &mut impl FnMut(*mut u8, *mut u8) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let Some((dim, rest)) = dims.split_first() else { return look(to, from) };
    for _ in 0..dim.extent {
        // SAFETY: every position is within its extent.
        unsafe { each(rest, dim.to.enter(to), dim.from.enter(from), look)? };
        to = to.wrapping_offset(dim.to.stride);
        from = from.wrapping_offset(dim.from.stride);
    }
    ControlFlow::Continue(())
}
