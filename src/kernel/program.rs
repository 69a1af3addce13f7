//! Which bytes of the source make up which bytes of the destination, for a small pattern that repeats itself.
//!
//! A period is `length` contiguous bytes of the destination, each with a place in the source; the next period lies behind it, its
//! source a stride further. A program makes so many periods at a time that they fill whole vectors of `W` bytes. Each vector is put
//! together from a few loads: each load's bytes are moved to where they belong, the others left out. Channels that change
//! places, single channels taken out of pixels or put into them, every other item, reversed items: all are programs.

use core::mem::MaybeUninit;

/// The most bytes of a period.
pub(super) const MOST_LENGTH: usize = 64;

/// The farthest that two periods lie apart in the source: what lies between two items is on the pages of the two, and may be read.
const MOST_STRIDE: usize = 256;

/// The most vectors that a program makes.
const MOST_VECTORS: usize = 16;

/// The most loads that make up a vector: beyond, items are faster one by one.
const MOST_LOADS: usize = 8;

/// The most loads of a program.
const MOST_STEPS: usize = 48;

/// A byte of a control that leaves its place in the vector as it is.
pub(super) const NOTHING: u8 = 0x80;

/// A pattern: where in the source each byte of a period is.
pub(super) struct Pattern {
    places: [isize; MOST_LENGTH],
    /// The bytes that are contiguous in the source too.
    item: usize,
    pub(super) length: usize,
    /// From period to period in the source.
    pub(super) stride: isize,
}

impl Pattern {
    /// An item of so many bytes.
    pub(super) fn new(item: usize) -> Option<Pattern> {
        let mut places = [0isize; MOST_LENGTH];
        for (place, at) in places.get_mut(..item)?.iter_mut().zip(0..) {
            *place = at;
        }
        Some(Pattern { places, item, length: item, stride: 0 })
    }

    /// Repeats what there is, each time `stride` bytes further in the source.
    pub(super) fn repeat(&mut self, extent: isize, stride: isize) -> Option<()> {
        let length =
            self.length.checked_mul(extent.unsigned_abs()).filter(|&length| length <= MOST_LENGTH)?;
        for at in self.length..length {
            let before = *self.places.get(at.checked_sub(self.length)?)?;
            *self.places.get_mut(at)? = before.wrapping_add(stride);
        }
        self.length = length;
        Some(())
    }

    /// The place of a byte of the destination.
    fn place(&self, period: usize, byte: usize) -> isize {
        let start = self.stride.wrapping_mul(period.cast_signed());
        self.places.get(byte).copied().unwrap_or(0).wrapping_add(start)
    }

    /// The end of the bytes that `periods` have from `place` on: of all places that follow each other without a gap of more than a
    /// stride.
    fn end(&self, place: isize, periods: usize) -> isize {
        let reach = self.stride.wrapping_mul(periods.cast_signed().wrapping_sub(1));
        let (low, high) = (reach.min(0), reach.max(0).wrapping_add(1));
        let mut end = place.wrapping_add(1);
        loop {
            let before = end;
            for &start in self.places.iter().take(self.length) {
                if start.wrapping_add(low) <= end {
                    end = end.max(start.wrapping_add(high));
                }
            }
            if end == before {
                return end;
            }
        }
    }
}

/// One load, and where its bytes go.
#[repr(C, align(64))]
#[derive(Clone, Copy)]
pub(super) struct Step<const W: usize> {
    /// For each byte of the vector the byte of the load that goes there, or [`NOTHING`].
    pub(super) control: [u8; W],
    /// A bit for each byte of the vector that the load has.
    pub(super) mask: u64,
    /// Where to load from.
    pub(super) offset: isize,
}

/// What makes `periods` periods.
pub(super) struct Program<const W: usize> {
    steps: [MaybeUninit<Step<W>>; MOST_STEPS],
    /// How many vectors are made.
    vectors: usize,
    /// How many loads make up each.
    pub(super) loads: usize,
    /// How many periods are made.
    pub(super) periods: usize,
}

impl<const W: usize> Program<W> {
    /// Room for a program.
    pub(super) fn new() -> Program<W> {
        Program { steps: [const { MaybeUninit::uninit() }; MOST_STEPS], vectors: 0, loads: 0, periods: 0 }
    }

    /// Writes the program of a pattern; none where there would be too many loads, or more periods than there are.
    pub(super) fn build(&mut self, pattern: &Pattern, most_periods: usize) -> Option<()> {
        let twos = pattern.length.trailing_zeros().min(W.trailing_zeros());
        (self.periods, self.vectors) = (W >> twos, pattern.length >> twos);
        let stride = pattern.stride.unsigned_abs();
        if stride == 0 || stride > MOST_STRIDE.min(pattern.length.saturating_mul(MOST_LOADS)) {
            return None;
        }
        // So that a load fits in between the first and the last item of a chain of periods, and reads nothing else.
        while self.periods.wrapping_sub(1).saturating_mul(stride).saturating_add(pattern.item) < W {
            self.periods = self.periods.saturating_mul(2);
            self.vectors = self.vectors.saturating_mul(2);
        }
        if self.vectors > MOST_VECTORS || self.periods > most_periods {
            return None;
        }
        self.loads = 1;
        while !self.write(pattern)? {
            self.loads = self.loads.checked_add(1).filter(|&loads| loads <= MOST_LOADS)?;
        }
        Some(())
    }

    /// Writes the steps; whether there are enough loads for every vector.
    fn write(&mut self, pattern: &Pattern) -> Option<bool> {
        let (mut period, mut byte) = (0usize, 0usize);
        let mut steps = self.steps.get_mut(..self.vectors.checked_mul(self.loads)?)?.iter_mut();
        for _ in 0..self.vectors {
            let mut wanted = [0isize; W];
            for place in &mut wanted {
                *place = pattern.place(period, byte);
                byte = byte.wrapping_add(1);
                if byte == pattern.length {
                    (period, byte) = (period.wrapping_add(1), 0);
                }
            }
            let mut missing = u64::MAX >> (64usize.saturating_sub(W));
            for step in steps.by_ref().take(self.loads) {
                step.write(Step::first(&wanted, &mut missing, pattern, self.periods));
            }
            if missing != 0 {
                return Some(false);
            }
        }
        Some(true)
    }

    /// The steps of each vector, one vector after another.
    pub(super) fn steps(&self) -> &[Step<W>] {
        let count = self.vectors.wrapping_mul(self.loads);
        // SAFETY: `write` has written as many, all of them inside the array.
        unsafe { core::slice::from_raw_parts(self.steps.as_ptr().cast(), count) }
    }
}

impl<const W: usize> Step<W> {
    /// The load that begins at the first place that is still missing, and has whatever else lies behind it.
    fn first(wanted: &[isize; W], missing: &mut u64, pattern: &Pattern, periods: usize) -> Step<W> {
        let mut step = Step { control: [NOTHING; W], mask: 0, offset: 0 };
        let still = |at: usize, missing: u64| missing >> at & 1 != 0;
        let places = wanted.iter().copied().enumerate();
        let Some(first) = places.clone().filter(|&(at, _)| still(at, *missing)).map(|(_, place)| place).min()
        else {
            // Nothing is missing: a load that the others make up for.
            step.offset = pattern.end(0, periods).wrapping_sub(W.cast_signed());
            return step;
        };
        step.offset = first.min(pattern.end(first, periods).wrapping_sub(W.cast_signed()));
        for ((at, place), control) in places.zip(&mut step.control) {
            let distance = place.wrapping_sub(step.offset).unsigned_abs();
            if still(at, *missing)
                && place >= step.offset
                && distance < W
                && let Ok(distance) = u8::try_from(distance)
            {
                *control = distance;
                step.mask |= 1 << at;
            }
        }
        *missing &= !step.mask;
        step
    }
}
