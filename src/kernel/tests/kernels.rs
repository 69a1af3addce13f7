//! Every kernel that the machine has against the slow model: shapes and strides that kernels are chosen for.

use super::{
    super::{Isa, copy::copy_with},
    fence::Fence,
    for_seeds,
    world::{Block, Items, Random},
};
use crate::layout::Order;

const SIZES: [isize; 12] = [1, 1, 2, 3, 4, 4, 6, 8, 12, 16, 24, 32];

/// The most bytes of a case.
const MOST: isize = if cfg!(miri) { 96 } else { 8 << 10 };

fn number(random: &mut Random, below: isize) -> isize {
    random.below(below.unsigned_abs()).cast_signed()
}

/// A shape with dimensions of a few items and of many.
pub fn shape(random: &mut Random, itemsize: isize) -> Vec<isize> {
    let mut left = MOST / itemsize;
    let ndim = 1 + random.below(4);
    let mut shape = Vec::new();
    for _ in 0..ndim {
        let extent = match random.below(4) {
            0 => 2 + number(random, 3),
            1 => 1 + number(random, 20),
            2 => 16 * (1 + number(random, 8)),
            _ => 1 + number(random, 300),
        };
        shape.push(extent.min(left).max(1));
        left = (left / extent).max(1);
    }
    if random.one_in(2) {
        let (one, other) = (random.below(ndim), random.below(ndim));
        shape.swap(one, other);
    }
    shape
}

/// Strides in a random nesting, most of them without gaps, some turned round.
pub fn strides(random: &mut Random, shape: &[isize], itemsize: isize, gaps: usize) -> Vec<isize> {
    let mut order: Vec<usize> = (0..shape.len()).collect();
    if !random.one_in(3) {
        order.sort_by_key(|_| random.next());
    }
    let mut strides = vec![0; shape.len()];
    let mut free = match random.below(gaps) {
        0 => itemsize * (1 + number(random, 4)),
        1 => itemsize + number(random, 9),
        _ => itemsize,
    };
    for &dim in order.iter().rev() {
        if random.one_in(gaps) {
            free += number(random, if cfg!(miri) { 10 } else { 70 });
        }
        strides[dim] = if random.one_in(5) { -free } else { free };
        free *= shape[dim];
    }
    strides
}

#[test]
fn every_kernel_copies_like_the_model() {
    for_seeds(if cfg!(miri) { 4800 } else { 1000 }, |random| {
        let itemsize = SIZES[random.below(SIZES.len())];
        let shape = shape(random, itemsize);
        let to = strides(random, &shape, itemsize, 8);
        let mut from = strides(random, &shape, itemsize, 3);
        match random.below(16) {
            0 | 1 => from[random.below(shape.len())] = 0,
            2 => from.fill(0),
            _ => {}
        }
        copies_like_the_model(random, &shape, itemsize, to, from);
    });
}

/// Short rows that another dimension continues in the destination, under columns of at least a line.
#[test]
fn short_rows_are_copied_like_the_model() {
    for_seeds(if cfg!(miri) { 800 } else { 60 }, |random| {
        let (itemsize, run) =
            if cfg!(miri) { (16, 144) } else { (1 << random.below(5), 16 + number(random, 240)) };
        let columns = 64 / itemsize + number(random, 12);
        let others = if cfg!(miri) { 1 } else { 8 };
        let shape = [1 + number(random, 3.min(others)), columns, 2 + number(random, others), run / itemsize];
        let mut free = itemsize;
        let mut stride = |dim: usize, random: &mut Random| {
            let stride = free;
            free = free * shape[dim] + if random.one_in(3) { itemsize } else { 0 };
            if random.one_in(5) { -stride } else { stride }
        };
        let from = if random.below(2) == 0 { [1, 3, 2, 0] } else { [1, 2, 0, 3] };
        let mut from_strides = vec![0; 4];
        for dim in from {
            from_strides[dim] = stride(dim, random);
        }
        let around = if random.one_in(2) { 64 } else { itemsize };
        let block = shape[2] * shape[3] * itemsize;
        let column = (block + around - 1) / around * around;
        let to = vec![column * columns, column, shape[3] * itemsize, itemsize];
        copies_like_the_model(random, &shape, itemsize, to, from_strides);
    });
}

fn copies_like_the_model(
    random: &mut Random,
    shape: &[isize],
    itemsize: isize,
    to: Vec<isize>,
    from: Vec<isize>,
) {
    let mut to = Items::strided(shape, itemsize, to);
    let mut from = Items::strided(shape, itemsize, from);

    // The destination in a block that is looked at as a whole, on a line or not; the source at a fence.
    let around = Block::new(random, to.span() + 130);
    let place = if random.one_in(2) { around.at(0).align_offset(64) } else { random.below(130) };
    to.start_at(around.at(place));
    let fence = Fence::new(random, from.span());
    from.start_at(fence.at(from.span(), random.one_in(2)));

    let before = around.snapshot();
    to.set_bytes(Order::C, &from.bytes(Order::C));
    let expected = around.snapshot();
    for isa in Isa::available() {
        around.restore(&before);
        copy_with(&to.memory(), &from.memory(), isa).unwrap();
        let found = around.snapshot();
        let wrong = found.iter().zip(&expected).position(|(found, expected)| found != expected);
        let (to, from) = (&to.strides, &from.strides);
        assert_eq!(wrong, None, "{isa:?}, items of {itemsize}, {shape:?}, to {to:?}, from {from:?}");
    }
}

#[test]
fn what_is_best_is_available() {
    let all: Vec<Isa> = Isa::available().collect();
    assert_eq!((all.first(), all.last()), (Some(&Isa::Portable), Some(&Isa::best())));
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    for (has, name) in [
        (std::arch::is_x86_feature_detected!("avx2"), "Avx2"),
        (std::arch::is_x86_feature_detected!("avx512vbmi"), "Avx512"),
    ] {
        assert_eq!(all.iter().any(|isa| format!("{isa:?}").starts_with(&format!("{name}("))), has);
    }
}
