//! Small inner dimensions and small strides: a short pattern along a long dimension, copied vector by vector.

use super::{
    isa::Isa,
    lanes::LINE,
    nest::{Blocks, Leaf},
    plan::{Dim, Dims, Plan},
    program::{Pattern, Program},
    stream, walk,
};

/// From how many bytes on a program is worth its making.
const LEAST: usize = 1 << 10;

/// The bytes of the source in a block where another dimension comes back to the same lines: half of the first cache.
const BLOCK: isize = 16 << 10;

/// The most dimensions of a pattern.
const MOST_SMALL: usize = 2;

/// A pattern along a dimension.
struct Shuffle {
    pattern: Pattern,
    /// The number of the dimension; those inside of it are in the pattern.
    long: usize,
    /// A dimension whose every position has the same lines of the source.
    near: Option<usize>,
    /// How many periods are copied at once.
    extent: isize,
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
    /// Whether every vector is stored past the caches.
    pub(super) stream: bool,
}

/// Runs a program.
///
/// # Safety
/// The machine has the instructions. The program's periods are readable and writable at each step, and no byte is both.
type Kernel<const W: usize> = unsafe fn(&Program<W>, &Chunk);

/// Copies every item of the plan, if it is such a pattern; whether it was.
///
/// # Safety
/// As for [`walk::copy_all`].
pub(super) unsafe fn copy(plan: &Plan, dims: &mut Dims, isa: Isa) -> bool {
    if matches!(isa, Isa::Portable) {
        return false;
    }
    let Some(shuffle) = Shuffle::find(plan, dims) else { return false };
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
            _ => false,
        }
    }
}

impl Shuffle {
    /// The pattern of a free plan: from the innermost dimension outwards as many as are dense in the destination and fit.
    fn find(plan: &Plan, dims: &Dims) -> Option<Shuffle> {
        if plan.item.saturating_mul(dims.positions()) < LEAST {
            return None;
        }
        let dims = dims.as_slice();
        let mut pattern = Pattern::new(plan.item)?;
        let mut long = dims.len().checked_sub(1)?;
        let mut dim = *dims.get(long)?;
        if dim.to.stride != plan.item.cast_signed() {
            return None;
        }
        while let Some(number) = long.checked_sub(1)
            && dims.len().wrapping_sub(long) <= MOST_SMALL
            && let Some(&next) = dims.get(number)
            && dim.to.stride.checked_mul(dim.extent) == Some(next.to.stride)
            && pattern.repeat(dim.extent, dim.from.stride).is_some()
        {
            (long, dim) = (number, next);
        }
        pattern.stride = dim.from.stride;
        let same_lines = |dim: &Dim| dim.from.stride != 0 && dim.from.stride.unsigned_abs() < LINE;
        let near = dims.get(..long)?.iter().rposition(same_lines);
        let block = BLOCK.checked_div(dim.from.stride.abs())? & !63;
        let extent = if near.is_some() { dim.extent.min(block) } else { dim.extent };
        Some(Shuffle { pattern, long, near, extent })
    }

    /// Copies every item with a program for `kernel`; whether there is one.
    ///
    /// # Safety
    /// As for [`copy`], and the machine has the instructions of the kernel.
    unsafe fn run<const W: usize>(&self, plan: &Plan, dims: &mut Dims, kernel: Kernel<W>, isa: Isa) -> bool {
        let mut program = Program::new();
        if program.build(&self.pattern, self.extent.unsigned_abs()).is_none() {
            return false;
        }
        let stream = W == LINE && stream::pays(plan.item.saturating_mul(dims.positions()), isa);
        let run = Run { program, kernel, item: plan.item, length: self.pattern.length, stream };
        let mut blocks = Blocks::new(dims.as_slice().len().saturating_sub(self.long));
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

/// A program, run along the outermost of the leaf's dimensions.
struct Run<const W: usize> {
    program: Program<W>,
    kernel: Kernel<W>,
    item: usize,
    /// The bytes of a period in the destination.
    length: usize,
    stream: bool,
}

impl<const W: usize> Run<W> {
    /// How many periods lie in front of the first line that begins with one.
    fn head(&self, to: *const u8) -> Option<usize> {
        (0..LINE)
            .find(|periods| to.addr().wrapping_add(periods.wrapping_mul(self.length)).is_multiple_of(LINE))
    }
}

impl<const W: usize> Leaf for Run<W> {
    unsafe fn run(&self, dims: &[Dim], to: *mut u8, from: *mut u8) {
        let (Some(long), periods) = (dims.first(), self.program.periods) else { return };
        let extent = long.extent.unsigned_abs();
        let Some(last) = extent.checked_sub(periods) else {
            // SAFETY: as the caller promises.
            return unsafe { walk::copy_dims(dims, self.item, to, from) };
        };
        let chunk = |at: usize, count: usize, stream: bool| Chunk {
            to: to.wrapping_add(self.length.wrapping_mul(at)),
            from: from.wrapping_offset(long.from.stride.wrapping_mul(at.cast_signed())),
            count,
            to_step: self.length.wrapping_mul(periods),
            from_step: long.from.stride.wrapping_mul(periods.cast_signed()),
            stream,
        };
        let head = if self.stream { self.head(to).filter(|&head| head <= last) } else { None };
        let begin = head.unwrap_or(0);
        let count = extent.saturating_sub(begin).checked_div(periods).unwrap_or(0);
        let end = begin.saturating_add(count.saturating_mul(periods));
        // SAFETY: as the caller promises; the periods in front of the first whole run and behind the last are made with some of
        // their neighbours, which are made twice.
        unsafe {
            if begin > 0 {
                (self.kernel)(&self.program, &chunk(0, 1, false));
            }
            (self.kernel)(&self.program, &chunk(begin, count, head.is_some()));
            if end < extent {
                (self.kernel)(&self.program, &chunk(last, 1, false));
            }
        }
    }
}
