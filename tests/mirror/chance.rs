//! Random cases that can be had again, and the shapes and strides of random views. How much of a case Miri is spared.

/// How far a case goes at a time through what it would do in full: by ones, but for Miri.
pub const fn in_steps_of(step: usize) -> usize {
    if cfg!(miri) { step } else { 1 }
}

/// `SplitMix64`: every round can be had again.
pub struct Chance(u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(count).expect("a count")).expect("below it")
    }

    pub fn between(&mut self, low: isize, high: isize) -> isize {
        low + self.below((high - low + 1).cast_unsigned()).cast_signed()
    }

    /// True in so many of 100 cases.
    pub fn percent(&mut self, chances: usize) -> bool {
        self.below(100) < chances
    }

    pub fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    pub fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            [*byte, ..] = self.next().to_le_bytes();
        }
    }

    pub fn shape(&mut self, most_ndim: usize) -> Vec<isize> {
        let ndim = self.below(most_ndim + 1);
        (0..ndim).map(|_| if self.percent(4) { 0 } else { self.between(1, 3) }).collect()
    }

    pub fn shuffled(&mut self, count: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..count).collect();
        (1..count).rev().for_each(|i| all.swap(i, self.below(i + 1)));
        all
    }

    /// Strides that lay items side by side in some order of the dimensions, here and there with a gap, in both directions.
    pub fn packed(&mut self, shape: &[isize], unit: isize) -> Vec<isize> {
        let (mut strides, mut step) = (vec![0; shape.len()], unit);
        for dim in self.shuffled(shape.len()) {
            strides[dim] = if self.percent(30) { -step } else { step };
            step *= shape[dim].max(1);
            step += if self.percent(15) { unit } else { 0 };
        }
        strides
    }

    /// Strides by which items meet, whole or in part.
    pub fn meeting(&mut self, shape: &[isize], unit: isize) -> Vec<isize> {
        shape.iter().map(|_| self.between(-4, 4) * unit).collect()
    }
}

/// Tells which round has failed.
struct Round(u64, u64);

impl Drop for Round {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("in round {} of kind {}", self.1, self.0);
        }
    }
}

/// Every kind has random numbers of its own.
pub fn each_round(rounds: u64, kind: u64, work: impl Fn(&mut Chance)) {
    for round in 0..rounds {
        let _said = Round(kind, round);
        work(&mut Chance((kind << 56) ^ round.wrapping_mul(0xd134_2543_de82_ef95)));
    }
}
