//! A memory of cells that hold an item's number or a pointer, and random layouts over it.

use super::super::{Base, Layout};

/// Random numbers that are the same in every run.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % limit
    }

    pub fn between(&mut self, low: isize, high: isize) -> isize {
        low + self.below((high - low + 1) as usize) as isize
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }
}

/// A layout that owns its arrays.
#[derive(Clone, Debug, PartialEq)]
pub struct Owned {
    pub itemsize: isize,
    pub shape: Vec<isize>,
    pub strides: Vec<isize>,
    pub suboffsets: Vec<isize>,
}

impl Owned {
    pub fn layout(&self) -> Layout<'_> {
        let Owned { itemsize, shape, strides, suboffsets } = self;
        Layout { itemsize: *itemsize, shape, strides, suboffsets }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell {
    Free,
    Item(usize),
    Pointer(isize),
}

/// Cells by byte address; an item or pointer is found only at its first byte.
#[derive(Default)]
pub struct Memory {
    cells: Vec<Cell>,
}

impl Memory {
    fn take(&mut self, bytes: isize) -> isize {
        let start = self.cells.len() + 16;
        self.cells.resize(start + bytes as usize, Cell::Free);
        start as isize
    }

    fn set(&mut self, at: isize, cell: Cell) {
        assert_eq!(self.cells[at as usize], Cell::Free, "the model itself is wrong");
        self.cells[at as usize] = cell;
    }

    pub fn cell(&self, at: isize) -> Cell {
        self.cells[usize::try_from(at).unwrap()]
    }

    pub fn follow(&self, at: isize) -> isize {
        match self.cell(at) {
            Cell::Pointer(to) => to,
            other => panic!("a pointer is loaded from {other:?}"),
        }
    }

    /// The items in C order, each by the rule of addresses.
    pub fn read(&self, base: isize, layout: &Layout) -> Vec<usize> {
        let mut items = Vec::new();
        if !layout.is_empty() {
            self.read_from(base, layout, 0, &mut items);
        }
        items
    }

    fn read_from(&self, at: isize, layout: &Layout, dim: usize, items: &mut Vec<usize>) {
        let Some((extent, stride, suboffset)) = layout.dim(dim) else {
            match self.cell(at) {
                Cell::Item(number) => items.push(number),
                other => panic!("an item is read from {other:?}"),
            }
            return;
        };
        for index in 0..extent {
            let at = at + index * stride;
            let at = if suboffset < 0 { at } else { self.follow(at) + suboffset };
            self.read_from(at, layout, dim + 1, items);
        }
    }
}

/// A base that moves through the memory.
pub struct Address<'m> {
    pub memory: &'m Memory,
    pub at: isize,
    pub calls: usize,
}

impl<'m> Address<'m> {
    pub fn new(memory: &'m Memory, at: isize) -> Self {
        Address { memory, at, calls: 0 }
    }
}

impl Base for Address<'_> {
    fn add(&mut self, bytes: isize) {
        self.at += bytes;
        self.calls += 1;
    }
    fn dereference(&mut self, suboffset: isize) {
        self.at = self.memory.follow(self.at) + suboffset;
        self.calls += 1;
    }
}

/// A random layout, the memory below it, and the address of its first item. Items are numbered in C order.
pub struct Scene {
    pub memory: Memory,
    pub base: isize,
    pub source: Owned,
    /// A pointer may lie in the middle of its block: then a slice can need a suboffset below zero.
    pub exotic: bool,
}

struct Segment {
    dims: std::ops::Range<usize>,
    /// From the lowest byte to the item with all indices 0, and to the end.
    origin: isize,
    bytes: isize,
}

impl Scene {
    pub fn new(random: &mut Random, indirect: bool) -> Scene {
        let exotic = random.once_in(4);
        let shape = random_shape(random);
        let itemsize = [1, 4][random.below(2)];
        let suboffsets = if indirect { vec![-1; shape.len()] } else { Vec::new() };
        let mut source = Owned { itemsize, strides: vec![0; shape.len()], shape, suboffsets };
        let mut segments = Vec::new();
        let mut start = 0;
        for dim in 0..source.shape.len() {
            if indirect && random.once_in(3) {
                segments.push(lay(random, &mut source, start..dim + 1, 8));
                source.suboffsets[dim] = 0;
                start = dim + 1;
            }
        }
        let end = source.shape.len();
        segments.push(lay(random, &mut source, start..end, itemsize));
        for segment in segments.iter().skip(1) {
            let most = segment.origin;
            let suboffset = if exotic { random.between(0, most) } else { most };
            source.suboffsets[segment.dims.start - 1] = suboffset;
        }
        let mut scene = Scene { memory: Memory::default(), base: 0, source, exotic };
        if !scene.source.layout().is_empty() {
            scene.base = scene.fill(&segments, 0) + segments[0].origin;
        }
        scene
    }

    /// A block of the first of these segments and all that it points to; returns where it starts.
    fn fill(&mut self, segments: &[Segment], number: usize) -> isize {
        let (segment, rest) = segments.split_first().unwrap();
        let start = self.memory.take(segment.bytes);
        let extents = self.source.shape[segment.dims.clone()].to_vec();
        let count = extents.iter().product::<isize>() as usize;
        for place in 0..count {
            let mut at = start + segment.origin;
            let mut left = place as isize;
            for dim in segment.dims.clone().rev() {
                at += left % self.source.shape[dim] * self.source.strides[dim];
                left /= self.source.shape[dim];
            }
            let number = number * count + place;
            let cell = match rest.first() {
                None => Cell::Item(number),
                Some(next) => {
                    let block = self.fill(rest, number);
                    Cell::Pointer(block + next.origin - self.source.suboffsets[segment.dims.end - 1])
                }
            };
            self.memory.set(at, cell);
        }
        start
    }
}

/// Gives the dimensions strides of any order and sign, with gaps.
fn lay(random: &mut Random, source: &mut Owned, dims: std::ops::Range<usize>, element: isize) -> Segment {
    let mut order: Vec<usize> = dims.clone().rev().collect();
    if random.once_in(2) {
        random.shuffle(&mut order);
    }
    let (mut bytes, mut origin) = (element, 0);
    let plain = random.once_in(2);
    for dim in order {
        let extent = source.shape[dim];
        let gap = if plain || random.once_in(2) { 0 } else { random.between(1, 9) };
        let stride = bytes + gap;
        source.strides[dim] = if plain || random.once_in(2) { stride } else { -stride };
        if extent <= 1 {
            if random.once_in(4) {
                source.strides[dim] = [isize::MIN, isize::MAX, 0][random.below(3)];
            }
            continue;
        }
        if source.strides[dim] < 0 {
            origin += (extent - 1) * stride;
        }
        bytes += (extent - 1) * stride;
    }
    Segment { dims, origin, bytes }
}

fn random_shape(random: &mut Random) -> Vec<isize> {
    let (dims, most) = if cfg!(miri) { (4, 3) } else { (6, 4) };
    let ndim = random.below(dims);
    let extent = |random: &mut Random| if random.once_in(30) { 0 } else { random.between(1, most) };
    (0..ndim).map(|_| extent(random)).collect()
}
