//! Small inner dimensions and small strides: a short pattern along a long dimension, copied vector by vector.

use super::{
    isa::Isa,
    lanes::{LANE, LINE, Vector},
    nest::{Blocks, Leaf},
    plain::Plain,
    plan::{Dim, Dims, Plan, Step},
    program::{MOST_LENGTH, Pattern, Program},
    stream, walk,
};

/// From how many bytes on a program is worth its making. The unit tests have small cases.
const LEAST: usize = if cfg!(test) { 64 } else { 1 << 10 };

/// The bytes of the source in a block where another dimension comes back to the same lines: half of the first cache.
const BLOCK: isize = 16 << 10;

/// The most positions of such a dimension that are made side by side, so that each line of the source is read once.
const MOST_BESIDE: isize = 8;

/// The most dimensions of a pattern.
const MOST_SMALL: usize = 2;

/// A pattern along a dimension.
struct Shuffle {
    pattern: Pattern,
    /// The number of the dimension; those inside of it are in the pattern.
    long: usize,
    /// The number of a dimension whose every position has the same lines of the source.
    near: Option<usize>,
    /// How many periods are copied at once.
    extent: isize,
    /// Whether all positions of the near dimension are made at once, or else one after the other.
    beside: bool,
}

/// Periods to be made by a program.
pub(super) struct Chunk {
    pub(super) to: *mut u8,
    pub(super) from: *const u8,
    /// How often the program is run.
    pub(super) count: usize,
    /// The bytes from one run to the next.
    pub(super) to_step: usize,
    pub(super) from_step: isize,
    /// Each run is repeated so often, as far apart as that.
    pub(super) beside: usize,
    pub(super) to_beside: isize,
    pub(super) from_beside: isize,
    pub(super) stores: Stores,
}

/// How vectors are stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stores {
    Whole,
    /// Past the caches.
    Streamed,
    /// Without the bytes that are not to be written: with AVX-512 alone.
    Gaps,
}

impl Chunk {
    /// Where a run is repeated.
    #[inline(always)]
    pub(super) fn sides(&self, to: *mut u8, from: *const u8) -> impl Iterator<Item = (*mut u8, *const u8)> {
        let (mut to, mut from) = (to, from);
        (0..self.beside).map(move |_| {
            let side = (to, from);
            to = to.wrapping_offset(self.to_beside);
            from = from.wrapping_offset(self.from_beside);
            side
        })
    }
}

/// A way to run a program.
///
/// # Safety
/// As for [`run`], and the machine has the instructions.
type Kernel<const W: usize> = unsafe fn(&Program<W>, &Chunk);

/// Copies every item of the plan, if it is such a pattern; whether it was.
///
/// # Safety
/// As for [`walk::copy_all`].
pub(super) unsafe fn copy(plan: &Plan, dims: &mut Dims, isa: Isa) -> bool {
    let Some(shuffle) = Shuffle::find(plan, dims, isa) else { return false };
    // SAFETY: as the caller promises; an `Isa` is the proof that the machine has the instructions.
    unsafe {
        match isa {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512(_) => {
                shuffle.run(plan, dims, super::x86::shuffle_avx512, isa)
                    || shuffle.run(plan, dims, super::x86::shuffle_avx2, isa)
            }
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2(_) => shuffle.run(plan, dims, super::x86::shuffle_avx2, isa),
            #[cfg(target_arch = "aarch64")]
            Isa::Neon(_) => shuffle.run(plan, dims, super::aarch64::shuffle_neon, isa),
            // Slower than one by one: for Miri to look at.
            _ if cfg!(test) => shuffle.run(plan, dims, run::<Plain>, isa),
            _ => false,
        }
    }
}

/// Runs a program as often as the vector has lanes at a time.
///
/// # Safety
/// The program's periods are readable and writable at each step, and no byte is both. What is streamed is made by vectors of one lane, and
/// begins a line. Called from a function that enables the
/// instructions of the vector, of which it becomes a part.
#[inline(always)]
pub(super) unsafe fn run<V: Vector>(program: &Program<LANE>, chunk: &Chunk) {
    // SAFETY: as the caller promises.
    unsafe {
        match program.loads {
            1 => run_loads::<V, 1>(program, chunk),
            2 => run_loads::<V, 2>(program, chunk),
            3 => run_loads::<V, 3>(program, chunk),
            4 => run_loads::<V, 4>(program, chunk),
            _ => run_loads::<V, 0>(program, chunk),
        }
    }
}

/// The same for vectors of so many loads, or any number where that is 0.
///
/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn run_loads<V: Vector, const LOADS: usize>(program: &Program<LANE>, chunk: &Chunk) {
    let loads = if LOADS > 0 { LOADS } else { program.loads.max(1) };
    let (mut to, mut from, mut left) = (chunk.to, chunk.from, chunk.count);
    while left > 0 {
        // Where fewer are left, all lanes make the same.
        let (runs, ahead, pitch) =
            if left < V::LANES { (1, 0, 0) } else { (V::LANES, chunk.to_step, chunk.from_step) };
        for (to, from) in chunk.sides(to, from) {
            let mut place = to;
            for steps in program.steps().chunks_exact(loads) {
                // SAFETY: within the chunk.
                unsafe {
                    let mut vector = V::zero();
                    for step in steps {
                        let source = V::load(from.wrapping_offset(step.offset), pitch);
                        vector = vector.mix(source, &step.control);
                    }
                    if chunk.stores == Stores::Streamed {
                        vector.stream(place);
                    } else {
                        vector.store_lanes(place, ahead);
                    }
                }
                place = place.wrapping_add(LANE);
            }
        }
        to = to.wrapping_add(chunk.to_step.wrapping_mul(runs));
        from = from.wrapping_offset(chunk.from_step.wrapping_mul(runs.cast_signed()));
        left = left.wrapping_sub(runs);
    }
}

impl Shuffle {
    /// The pattern of a free plan: from the innermost dimension outwards as many as fit.
    fn find(plan: &Plan, dims: &Dims, isa: Isa) -> Option<Shuffle> {
        if plan.item.saturating_mul(dims.positions()) < LEAST {
            return None;
        }
        let dims = dims.as_slice();
        let mut pattern = Pattern::new(plan.item)?;
        let mut long = dims.len().checked_sub(1)?;
        let mut dim = *dims.get(long)?;
        // Only AVX-512 leaves bytes out of a store.
        let may_have_gaps = matches!(isa, Isa::Avx512(_));
        pattern.space(dim.to.stride.unsigned_abs()).filter(|()| may_have_gaps || !pattern.has_gaps)?;
        while let Some(number) = long.checked_sub(1)
            && dims.len().wrapping_sub(long) <= MOST_SMALL
            && let Some(&next) = dims.get(number)
            && next.to.stride.unsigned_abs() <= MOST_LENGTH
            && (may_have_gaps || dim.to.stride.checked_mul(dim.extent) == Some(next.to.stride))
            && pattern.repeat(dim.extent, dim.from.stride).is_some()
        {
            pattern.space(next.to.stride.unsigned_abs())?;
            (long, dim) = (number, next);
        }
        pattern.stride = dim.from.stride;
        let same_lines = |dim: &Dim| dim.from.stride != 0 && dim.from.stride.unsigned_abs() < LINE;
        let near = dims.get(..long)?.iter().rposition(same_lines);
        let beside = near.and_then(|near| dims.get(near)).is_some_and(|near| {
            near.extent <= MOST_BESIDE && near.to.stride.unsigned_abs().is_multiple_of(LINE)
        });
        let block = BLOCK.checked_div(dim.from.stride.abs())? & !63;
        let extent = if near.is_some() && !beside { dim.extent.min(block) } else { dim.extent };
        Some(Shuffle { pattern, long, near, extent, beside })
    }

    /// Copies every item with a program for `kernel`; whether there is one.
    ///
    /// # Safety
    /// As for [`copy`], and the machine has the instructions of the kernel.
    #[inline(never)] // The programs are on the stack of those alone that need them.
    unsafe fn run<const W: usize>(&self, plan: &Plan, dims: &mut Dims, kernel: Kernel<W>, isa: Isa) -> bool {
        let mut program = Program::new();
        if (self.pattern.has_gaps && W < LINE)
            || program.build(&self.pattern, self.extent.unsigned_abs()).is_none()
        {
            return false;
        }
        let stream = !self.pattern.has_gaps && stream::pays(plan.item.saturating_mul(dims.positions()), isa);
        let (length, beside) = (self.pattern.length, self.beside);
        let stores = match (self.pattern.has_gaps, stream) {
            (true, _) => Stores::Gaps,
            (false, true) => Stores::Streamed,
            (false, false) => Stores::Whole,
        };
        let run = Run { program: &program, kernel, item: plan.item, length, beside, stores };
        let inner = dims.as_slice().len().saturating_sub(self.long);
        let mut blocks = Blocks::new(inner.saturating_add(usize::from(beside)));
        if let Some(near) = self.near.and_then(|near| dims.take(near)) {
            blocks.push(near, near.extent);
        }
        let mut size = self.extent;
        while let Some(dim) = dims.take(self.long.saturating_sub(usize::from(self.near.is_some()))) {
            blocks.push(dim, size);
            size = isize::MAX;
        }
        // SAFETY: as the caller promises.
        unsafe { blocks.walk(dims.as_slice(), &run, plan.to, plan.from) }
        if stream {
            stream::finish();
        }
        true
    }
}

/// A program, run along one of the leaf's dimensions.
struct Run<'a, const W: usize> {
    program: &'a Program<W>,
    kernel: Kernel<W>,
    item: usize,
    /// The bytes of a period in the destination.
    length: usize,
    /// Whether the leaf's first dimension is one whose positions are made at once.
    beside: bool,
    stores: Stores,
}

impl<const W: usize> Run<'_, W> {
    /// How many periods lie in front of the first line that begins with one.
    fn head(&self, to: *const u8) -> Option<usize> {
        (0..LINE)
            .find(|periods| to.addr().wrapping_add(periods.wrapping_mul(self.length)).is_multiple_of(LINE))
    }
}

impl<const W: usize> Leaf for Run<'_, W> {
    unsafe fn run(&self, dims: &[Dim], to: *mut u8, from: *mut u8) {
        let none = Dim { extent: 1, to: Step::NONE, from: Step::NONE };
        let (near, along) = match dims {
            [near, along @ ..] if self.beside => (*near, along),
            _ => (none, dims),
        };
        let (Some(long), periods) = (along.first(), self.program.periods) else { return };
        let extent = long.extent.unsigned_abs();
        let Some(last) = extent.checked_sub(periods) else {
            // SAFETY: as the caller promises.
            return unsafe { walk::copy_dims(dims, self.item, to, from) };
        };
        let chunk = |at: usize, count: usize, stores: Stores| Chunk {
            to: to.wrapping_add(self.length.wrapping_mul(at)),
            from: from.wrapping_offset(long.from.stride.wrapping_mul(at.cast_signed())),
            count,
            to_step: self.length.wrapping_mul(periods),
            from_step: long.from.stride.wrapping_mul(periods.cast_signed()),
            beside: near.extent.unsigned_abs(),
            to_beside: near.to.stride,
            from_beside: near.from.stride,
            stores,
        };
        let streamed = self.stores == Stores::Streamed;
        let partly = if streamed { Stores::Whole } else { self.stores };
        let head = if streamed { self.head(to).filter(|&head| head <= last) } else { None };
        let begin = head.unwrap_or(0);
        let count = extent.saturating_sub(begin).checked_div(periods).unwrap_or(0);
        let end = begin.saturating_add(count.saturating_mul(periods));
        // SAFETY: as the caller promises; the periods in front of the first whole run and behind the last are made with some of
        // their neighbours, which are made twice.
        unsafe {
            if begin > 0 {
                (self.kernel)(self.program, &chunk(0, begin.div_ceil(periods.max(1)), partly));
            }
            (self.kernel)(
                self.program,
                &chunk(begin, count, if head.is_some() { self.stores } else { partly }),
            );
            if end < extent {
                (self.kernel)(self.program, &chunk(last, 1, partly));
            }
        }
    }
}
