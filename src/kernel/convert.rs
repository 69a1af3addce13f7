//! Packed numbers from one type in another, by way of the widest: the steps of the general conversion, each over many numbers.

use core::ops::ControlFlow;

use super::{
    isa::Isa,
    lanes::LINE,
    memory::Memory,
    narrow::{self, Check, Step},
    number::{self, CHUNK, Number, Space},
    plan::{Dims, Plan, Side},
    stream, swap,
    tiles::{Tiles, Use},
};
use crate::{format::Rule, layout::Order};

/// A way from one type to another.
pub(super) struct Way {
    from: Number,
    to: Number,
    /// What is done with the wide numbers, before they become the numbers of the other type.
    steps: [Step; 2],
    /// What must hold of the wide numbers, by the strict rule.
    check: Check,
}

/// Converts every number of a memory to the same index of another of the same shape; the two have no byte in common. Whether it was
/// done: else this takes a walk item by item, or a number does not fit, and nothing is written.
#[must_use]
pub fn convert_numbers(
    (to, target): (&Memory<'_>, Number),
    (from, source): (&Memory<'_>, Number),
    rule: Rule,
) -> bool {
    convert_with((to, target), (from, source), rule, Isa::best())
}

/// The same with the kernels of `isa`.
pub(super) fn convert_with(
    (to, target): (&Memory<'_>, Number),
    (from, source): (&Memory<'_>, Number),
    rule: Rule,
    isa: Isa,
) -> bool {
    if target.complex || source.complex || to.layout().is_empty() || !is_free(to) {
        return false;
    }
    let way = Way::new(target, source, rule);
    let both = |order| to.layout().is_contiguous(order) && from.layout().is_contiguous(order);
    if !both(Order::C) && !both(Order::F) {
        return convert_tiles(to, from, &way, isa);
    }
    let items = to.layout().items().unsigned_abs();
    let streams = stream::pays(to.size(), isa);
    // SAFETY: either side has so many items, and none in common.
    unsafe {
        let fits = way.check == Check::Nothing || way.fits(from.base(), items, isa);
        if fits {
            way.run(to.base(), from.base(), items, streams, isa);
        }
        if streams {
            stream::finish();
        }
        fits
    }
}

/// The same of memories that are not both contiguous.
#[inline(never)] // The walks are on the stack of those alone that need them.
fn convert_tiles(to: &Memory<'_>, from: &Memory<'_>, way: &Way, isa: Isa) -> bool {
    let Some(tiles) = Tiles::new([to, from], Use::Write, isa) else { return false };
    if way.check != Check::Nothing {
        let Some(source) = Tiles::new([from], Use::Read, isa) else { return false };
        let all = source.each(|[from], count| {
            // SAFETY: each run has so many items.
            let fits = unsafe { way.fits(from, count, isa) };
            if fits { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        if all.is_break() {
            return false;
        }
    }
    let streams = stream::pays(to.size(), isa) && to.layout().is_contiguous(Order::A);
    let _: ControlFlow<()> = tiles.each(|[to, from], count| {
        // SAFETY: each run has so many items on either side, and none in common.
        unsafe { way.run(to, from, count, streams, isa) }
        ControlFlow::Continue(())
    });
    if streams {
        stream::finish();
    }
    true
}

/// Turns round the bytes of every number in every item; whether it was done.
#[must_use]
pub fn swap_numbers(memory: &Memory<'_>, component: usize) -> bool {
    swap_with(memory, component, Isa::best())
}

/// The same with the kernels of `isa`.
pub(super) fn swap_with(memory: &Memory<'_>, component: usize, isa: Isa) -> bool {
    if memory.layout().is_empty() || !matches!(component, 2 | 4 | 8 | 16) || !is_free(memory) {
        return false;
    }
    if memory.layout().is_contiguous(Order::A) {
        let base = memory.base();
        // SAFETY: so many bytes lie side by side.
        unsafe { swap::packed(base, base, component, memory.size(), isa) }
        return true;
    }
    swap_tiles(memory, component, isa)
}

/// The same of memory that is not contiguous.
#[inline(never)] // The walk is on the stack of those alone that need it.
fn swap_tiles(memory: &Memory<'_>, component: usize, isa: Isa) -> bool {
    let item = memory.itemsize();
    let Some(tiles) = Tiles::new([memory, memory], Use::Write, isa) else { return false };
    let _: ControlFlow<()> = tiles.each(|[to, from], count| {
        // SAFETY: each run has so many items, which are the same on both sides, or a copy.
        unsafe { swap::packed(to, from, component, count.wrapping_mul(item), isa) }
        ControlFlow::Continue(())
    });
    true
}

/// Whether the items may be written in any order: none overlaps another.
fn is_free(memory: &Memory<'_>) -> bool {
    memory.layout().is_contiguous(Order::A) || is_planned_free(memory)
}

#[inline(never)] // The plan is on the stack of those alone that need it.
fn is_planned_free(memory: &Memory<'_>) -> bool {
    let mut dims = Dims::new();
    let side = Side::Memory(memory);
    Plan::new(&mut dims, memory.layout(), Order::C, side, side).is_free
}

impl Way {
    fn new(to: Number, from: Number, rule: Rule) -> Way {
        let (steps, check) = narrow::plan(to.kind, from.kind, rule);
        Way { from, to, steps, check }
    }

    /// Whether the two types differ in their byte order alone.
    fn only_turns(&self) -> bool {
        self.from == Number { swapped: !self.to.swapped, ..self.to }
    }

    /// Whether all numbers fit.
    ///
    /// # Safety
    /// So many are readable.
    #[inline(never)] // The spaces are on the stack of those alone that need them.
    unsafe fn fits(&self, from: *const u8, count: usize, isa: Isa) -> bool {
        let (mut turned, mut wide) = (Space::new(), Space::new());
        let mut at = 0usize;
        while at < count {
            let chunk = CHUNK.min(count.wrapping_sub(at));
            let from = from.wrapping_add(at.wrapping_mul(self.from.kind.size()));
            // SAFETY: within the numbers; the spaces hold a chunk.
            unsafe {
                let mut numbers = number::turn(self.from, from, chunk, &mut turned, isa);
                if self.from.kind.size() != size_of::<u64>() {
                    number::widen(self.from.kind, wide.as_ptr(), numbers, chunk, isa);
                    numbers = wide.as_ptr();
                }
                if !self.check.holds(numbers, chunk, isa) {
                    return false;
                }
            }
            at = at.wrapping_add(chunk);
        }
        true
    }

    /// Converts packed numbers.
    ///
    /// # Safety
    /// So many are readable, and writable, and none is both.
    unsafe fn run(&self, to: *mut u8, from: *const u8, count: usize, streams: bool, isa: Isa) {
        // SAFETY: as the caller promises.
        unsafe {
            if streams || !self.at_once(to, from, count, isa) {
                self.run_chunks(to, from, count, streams, isa);
            }
        }
    }

    /// Converts packed numbers, if that needs no space; whether it did.
    ///
    /// # Safety
    /// As for [`Way::run`].
    unsafe fn at_once(&self, to: *mut u8, from: *const u8, count: usize, isa: Isa) -> bool {
        // SAFETY: as the caller promises.
        unsafe {
            if self.only_turns() {
                narrow::turn(self.from, to, from, count, isa);
                return true;
            }
            !self.to.swapped
                && !self.from.swapped
                && narrow::at_once((self.to.kind, to), (self.from.kind, from), count, isa)
        }
    }

    /// # Safety
    /// As for [`Way::run`].
    #[inline(never)] // The spaces are on the stack of those alone that need them.
    unsafe fn run_chunks(&self, to: *mut u8, from: *const u8, count: usize, streams: bool, isa: Isa) {
        let (mut turned, mut wide, mut done) = (Space::new(), Space::new(), Space::new());
        let (own, other) = (self.to.kind.size(), self.from.kind.size());
        let mut at = 0usize;
        while at < count {
            let (to, from) =
                (to.wrapping_add(at.wrapping_mul(own)), from.wrapping_add(at.wrapping_mul(other)));
            // Lines are streamed whole: the first chunk ends where one begins.
            let head = to.align_offset(LINE).checked_div(own).filter(|head| streams && *head > 0);
            let turns = self.only_turns();
            // Numbers that are not widened are as many bytes as wide ones.
            let most =
                if turns { (CHUNK * size_of::<u64>()).checked_div(own).unwrap_or(CHUNK) } else { CHUNK };
            let chunk = head.map_or(most, |head| head.min(most)).min(count.wrapping_sub(at));
            let whole = streams && to.addr().is_multiple_of(LINE);
            let place = if whole || (self.to.swapped && !turns) { done.as_ptr() } else { to };
            let bytes = chunk.wrapping_mul(own);
            // SAFETY: within the numbers; the spaces hold a chunk.
            unsafe {
                if turns {
                    narrow::turn(self.from, place, from, chunk, isa);
                } else {
                    let from = number::turn(self.from, from, chunk, &mut turned, isa);
                    self.chunk(place, from, chunk, &mut wide, isa);
                    if self.to.swapped {
                        swap::packed(if whole { place } else { to }, place, own, bytes, isa);
                    }
                }
                if whole {
                    stream::copy_part(to, place, bytes, isa);
                }
            }
            at = at.wrapping_add(chunk);
        }
    }

    /// Converts numbers that stand in this machine's order.
    ///
    /// # Safety
    /// So many are readable and writable, at most [`CHUNK`].
    unsafe fn chunk(&self, to: *mut u8, from: *const u8, count: usize, wide: &mut Space, isa: Isa) {
        // SAFETY: as the caller promises; the space holds a chunk.
        unsafe {
            if narrow::at_once((self.to.kind, to), (self.from.kind, from), count, isa) {
                return;
            }
            let source = self.from.kind.wide();
            if self.steps != [Step::Nothing; 2] {
                let wide = wide.as_ptr();
                number::widen(self.from.kind, wide, from, count, isa);
                for step in self.steps {
                    step.run(wide, count, isa);
                }
                narrow::narrow(self.to.kind, source, to, wide, count, isa);
            } else if self.from.kind.size() == size_of::<u64>() {
                narrow::narrow(self.to.kind, source, to, from, count, isa);
            } else if self.to.kind.size() == size_of::<u64>() {
                number::widen(self.from.kind, to, from, count, isa);
            } else {
                number::widen(self.from.kind, wide.as_ptr(), from, count, isa);
                narrow::narrow(self.to.kind, source, to, wide.as_ptr(), count, isa);
            }
        }
    }
}
