//! The reader that makes numbers of a fuzzer's bytes. Past the end every byte is 0, so that any input is a
//! whole one.

/// What is left of an input.
pub struct Bytes<'d>(&'d [u8]);

/// Numbers at which arithmetic goes wrong.
const EDGES: [isize; 12] = [
    isize::MIN,
    isize::MIN + 1,
    isize::MIN / 2,
    isize::MIN / 8,
    isize::MAX,
    isize::MAX - 1,
    isize::MAX / 2,
    isize::MAX / 2 + 1,
    isize::MAX / 8,
    1 << (isize::BITS / 2),
    -(1 << (isize::BITS / 2)),
    (1 << (isize::BITS / 2)) - 1,
];

impl<'d> Bytes<'d> {
    /// All of an input.
    pub fn new(data: &'d [u8]) -> Self {
        Bytes(data)
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One byte.
    pub fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first
    }

    /// A number below `limit`, which is 1 to 256.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::from(self.byte()) % limit
    }

    /// A number from `low` to `high`, which are at most 255 apart.
    pub fn between(&mut self, low: isize, high: isize) -> isize {
        low + self.below((high - low + 1) as usize) as isize
    }

    /// True once in so many values of a byte; never past the end.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    /// One of a list.
    pub fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// Any number: a byte where it is small, else an edge or eight bytes.
    pub fn number(&mut self) -> isize {
        match self.byte().cast_signed() {
            small @ -100..=100 => small.into(),
            101..=104 => self.wide() as isize,
            other => EDGES[usize::from(other.unsigned_abs()) % EDGES.len()],
        }
    }

    /// The next eight bytes, the first of them lowest.
    pub fn wide(&mut self) -> u64 {
        (0..8).fold(0, |sum, at| sum | u64::from(self.byte()) << (8 * at))
    }

    /// Up to so many bytes as they stand.
    pub fn take(&mut self, most: usize) -> &'d [u8] {
        let (taken, rest) = self.0.split_at(most.min(self.0.len()));
        self.0 = rest;
        taken
    }
}
