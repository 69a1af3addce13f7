//! Random layouts over real memory, and the slow model of what operations do to them.

use std::ptr::NonNull;

use crate::{
    alloc,
    kernel::Memory,
    layout::{Layout, Order},
};

/// A generator of numbers that depend on nothing but the seed.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x1234_5678)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % limit
    }

    pub fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }
}

/// A block of memory that is only ever reached through raw pointers.
pub struct Block {
    start: NonNull<u8>,
    pub length: usize,
}

impl Block {
    pub fn new(random: &mut Random, length: usize) -> Self {
        let block = Block { start: alloc::allocate(length).unwrap(), length };
        let mut bytes = vec![0; length];
        for few in bytes.chunks_mut(8) {
            few.copy_from_slice(&random.next().to_le_bytes()[..few.len()]);
        }
        block.restore(&bytes);
        block
    }

    pub fn at(&self, offset: usize) -> *mut u8 {
        assert!(offset <= self.length);
        // SAFETY: inside the block or at its end.
        unsafe { self.start.as_ptr().add(offset) }
    }

    pub fn snapshot(&self) -> Vec<u8> {
        read(self.at(0), self.length)
    }

    pub fn restore(&self, bytes: &[u8]) {
        write(self.at(0), bytes);
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        // SAFETY: allocated in `new`.
        unsafe { alloc::free(self.start) }
    }
}

pub fn read(from: *const u8, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    // SAFETY: the tests read only what they have allocated.
    unsafe { from.copy_to_nonoverlapping(bytes.as_mut_ptr(), length) };
    bytes
}

pub fn write(to: *mut u8, bytes: &[u8]) {
    // SAFETY: the tests write only what they have allocated.
    unsafe { to.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) }
}

/// A layout with memory behind it. The pointer tables are its own; the items lie in a block that it may share.
pub struct Items {
    pub base: *mut u8,
    pub itemsize: isize,
    pub shape: Vec<isize>,
    pub strides: Vec<isize>,
    pub suboffsets: Vec<isize>,
    tables: Vec<Block>,
}

/// The lowest and highest offset that a segment of dimensions reaches.
fn bounds(shape: &[isize], strides: &[isize], unit: isize) -> (isize, isize) {
    let (mut low, mut high) = (0, unit);
    for (&extent, &stride) in shape.iter().zip(strides) {
        let last = (extent - 1).max(0) * stride;
        if last < 0 { low += last } else { high += last }
    }
    (low, high)
}

fn strides(random: &mut Random, shape: &[isize], unit: isize) -> Vec<isize> {
    let mut strides = vec![0; shape.len()];
    let mut order: Vec<usize> = (0..shape.len()).collect();
    let plain = random.one_in(3);
    match random.below(3) {
        0 => {}
        1 => order.reverse(),
        _ => order.sort_by_key(|_| random.next()),
    }
    let mut free = unit;
    for dim in order.into_iter().rev() {
        let gap = if plain || random.one_in(2) { 0 } else { isize::try_from(random.below(5)).unwrap() };
        strides[dim] = free + gap;
        free = (strides[dim] * shape[dim]).max(free);
        if !plain {
            match random.below(12) {
                0 => strides[dim] = 0,
                1 => strides[dim] = isize::try_from(random.below(4)).unwrap(),
                2..6 => strides[dim] = -strides[dim],
                _ => {}
            }
        }
    }
    strides
}

impl Items {
    /// A random layout of that shape, to be placed in a block of at least [`Items::span`] bytes.
    pub fn new(random: &mut Random, shape: &[isize], itemsize: isize, indirect: bool) -> Self {
        let mut suboffsets = Vec::new();
        if indirect {
            suboffsets = vec![-1; shape.len()];
            for suboffset in &mut suboffsets {
                if random.one_in(3) {
                    *suboffset = isize::try_from(random.below(9)).unwrap();
                }
            }
        }
        let pointer = isize::try_from(size_of::<usize>()).unwrap();
        let (mut all, mut start) = (Vec::new(), 0);
        for dim in 0..shape.len() {
            if suboffsets.get(dim).is_some_and(|&suboffset| suboffset >= 0) {
                // A table's entries must not overlap, or writing one spoils another.
                let table = &shape[start..=dim];
                let mut found = strides(random, table, pointer);
                while found.iter().any(|stride| stride.abs() < pointer && *stride != 0) {
                    found = strides(random, table, pointer);
                }
                all.extend(found);
                start = dim + 1;
            }
        }
        all.extend(strides(random, &shape[start..], itemsize));
        let (shape, base) = (shape.to_vec(), std::ptr::null_mut());
        Items { base, itemsize, shape, strides: all, suboffsets, tables: Vec::new() }
    }

    /// A layout with these strides, to be put somewhere with [`Items::start_at`].
    pub fn strided(shape: &[isize], itemsize: isize, strides: Vec<isize>) -> Self {
        let (shape, base) = (shape.to_vec(), std::ptr::null_mut());
        Items { base, itemsize, shape, strides, suboffsets: Vec::new(), tables: Vec::new() }
    }

    /// The bytes of the block that one innermost segment needs.
    pub fn span(&self) -> usize {
        let start = self.segment_end(0..).last().map_or(0, |end| end + 1);
        let (low, high) = bounds(&self.shape[start..], &self.strides[start..], self.itemsize);
        usize::try_from(high - low).unwrap()
    }

    /// Puts the items there, the one with the lowest address first. No dimension is indirect.
    pub fn start_at(&mut self, place: *mut u8) {
        let (low, _) = bounds(&self.shape, &self.strides, self.itemsize);
        self.base = place.wrapping_offset(-low);
    }

    fn segment_end(&self, dims: impl Iterator<Item = usize>) -> impl Iterator<Item = usize> {
        dims.take(self.shape.len()).filter(|&dim| self.suboffsets.get(dim).is_some_and(|&sub| sub >= 0))
    }

    /// Puts the items at random places of the block and builds the tables that lead to them.
    pub fn place(mut self, random: &mut Random, block: &Block) -> Self {
        self.base = self.segment(random, block, 0);
        self
    }

    fn segment(&mut self, random: &mut Random, block: &Block, start: usize) -> *mut u8 {
        let Some(end) = self.segment_end(start..self.shape.len()).next() else {
            let (low, high) = bounds(&self.shape[start..], &self.strides[start..], self.itemsize);
            let room = block.length - usize::try_from(high - low).unwrap();
            return block.at(random.below(room + 1)).wrapping_offset(-low);
        };
        let pointer = isize::try_from(size_of::<usize>()).unwrap();
        let (shape, strides) = (self.shape[start..=end].to_vec(), self.strides[start..=end].to_vec());
        let (low, high) = bounds(&shape, &strides, pointer);
        let table = Block::new(random, usize::try_from(high - low).unwrap() + 3);
        let base = table.at(random.below(4)).wrapping_offset(-low);
        for index in indices(&shape, Order::C) {
            let offset: isize = index.iter().zip(&strides).map(|(at, stride)| at * stride).sum();
            let next = self.segment(random, block, end + 1).wrapping_offset(-self.suboffsets[end]);
            // SAFETY: within the bounds for which the table was made.
            unsafe { base.wrapping_offset(offset).cast::<*mut u8>().write_unaligned(next) };
        }
        self.tables.push(table);
        base
    }

    /// The same items, with one dimension of the first segment turned round.
    pub fn turned(&self, random: &mut Random) -> Items {
        let end = self.segment_end(0..).next().map_or(self.shape.len(), |end| end + 1);
        let mut items = Items {
            shape: self.shape.clone(),
            strides: self.strides.clone(),
            suboffsets: self.suboffsets.clone(),
            tables: Vec::new(),
            ..*self
        };
        if end > 0 {
            let dim = random.below(end);
            let moved = (self.shape[dim] - 1).max(0) * self.strides[dim];
            items.base = self.base.wrapping_offset(moved);
            items.strides[dim] = -self.strides[dim];
        }
        items
    }

    pub fn layout(&self) -> Layout<'_> {
        let Items { itemsize, shape, strides, suboffsets, .. } = self;
        Layout { itemsize: *itemsize, shape, strides, suboffsets }
    }

    pub fn memory(&self) -> Memory<'_> {
        // SAFETY: the block and the tables outlive the items in every test.
        unsafe { Memory::new(self.base, self.layout(), true) }
    }

    pub fn size(&self) -> usize {
        usize::try_from(self.itemsize).unwrap()
    }

    /// The address of an item, by the rule itself.
    pub fn at(&self, index: &[isize]) -> *mut u8 {
        let mut address = self.base;
        for (dim, at) in index.iter().enumerate() {
            address = address.wrapping_offset(at * self.strides[dim]);
            if let Some(&suboffset) = self.suboffsets.get(dim).filter(|&&suboffset| suboffset >= 0) {
                // SAFETY: the rule leads to an entry of a table.
                let next = unsafe { address.cast::<*mut u8>().read_unaligned() };
                address = next.wrapping_offset(suboffset);
            }
        }
        address
    }

    /// The bytes of all items, in order.
    pub fn bytes(&self, order: Order) -> Vec<u8> {
        indices(&self.shape, order).iter().flat_map(|index| read(self.at(index), self.size())).collect()
    }

    /// Writes as many whole items as there are bytes for, in order.
    pub fn set_bytes(&self, order: Order, bytes: &[u8]) {
        for (index, item) in indices(&self.shape, order).iter().zip(bytes.chunks_exact(self.size())) {
            write(self.at(index), item);
        }
    }

    pub fn resolve(&self, order: Order) -> Order {
        let layout = self.layout();
        match order {
            Order::A if layout.is_contiguous(Order::F) && !layout.is_contiguous(Order::C) => Order::F,
            Order::A => Order::C,
            order => order,
        }
    }
}

/// All indices of a shape, in order.
pub fn indices(shape: &[isize], order: Order) -> Vec<Vec<isize>> {
    let mut next = vec![0; shape.len()];
    let mut step = || {
        let index = next.clone();
        for number in 0..shape.len() {
            let dim = if order == Order::F { number } else { shape.len() - 1 - number };
            next[dim] += 1;
            if next[dim] < shape[dim] {
                break;
            }
            next[dim] = 0;
        }
        index
    };
    (0..shape.iter().product()).map(|_: isize| step()).collect()
}

/// A random shape of up to 5 dimensions, most of them small; now and then one with long runs.
pub fn shape(random: &mut Random) -> Vec<isize> {
    let long = !cfg!(miri) && random.one_in(12);
    let (ndim, most) = match long {
        true => (1 + random.below(2), 60),
        false if cfg!(miri) => (random.below(5), 3),
        false => (random.below(6), 5),
    };
    let extent = |random: &mut Random| match random.below(40) {
        0 => 0,
        _ => isize::try_from(1 + random.below(most)).unwrap(),
    };
    (0..ndim).map(|_| extent(random)).collect()
}
