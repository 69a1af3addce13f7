//! Comparisons of which one side is innermost where the other is not, in registers: every set of instructions, every size of items,
//! against the model, and every single difference.

use super::{
    super::{Isa, lanes::Equality, turned},
    for_seeds,
    world::{Block, Items, Random, indices, read, write},
};
use crate::layout::Order;

/// The most items of a dimension, in bytes.
const MOST: usize = if cfg!(miri) { 6 } else { 300 };

/// A side with dimensions in this nesting, outermost first; of each one that is not innermost, some bytes are nobody's.
fn side(random: &mut Random, shape: &[isize], itemsize: isize, nesting: &[usize]) -> (Items, Block) {
    let (mut strides, mut free) = (vec![0; shape.len()], itemsize);
    for &dim in nesting.iter().rev() {
        strides[dim] = if random.one_in(4) { -free } else { free };
        free = free * shape[dim] + if random.one_in(2) { 0 } else { random.below(70).cast_signed() };
    }
    let mut items = Items::strided(shape, itemsize, strides);
    let block = Block::new(random, items.span() + 9);
    items.start_at(block.at(random.below(9)));
    (items, block)
}

/// Floats of a few values, NaN and both zeros among them.
fn float(random: &mut Random, size: usize) -> Vec<u8> {
    let value = [0.0, -0.0, 1.5, 2.0, f64::INFINITY, f64::NAN][random.below(6)];
    #[allow(clippy::cast_possible_truncation)]
    if size == 4 { (value as f32).to_ne_bytes().into() } else { value.to_ne_bytes().into() }
}

/// Whether the model finds two items equal.
#[allow(clippy::float_cmp)]
fn equal(equality: Equality, one: &[u8], other: &[u8]) -> bool {
    match (equality, one.len()) {
        (Equality::Bits, _) => one == other,
        (_, 4) => {
            f32::from_ne_bytes(one.try_into().unwrap()) == f32::from_ne_bytes(other.try_into().unwrap())
        }
        _ => f64::from_ne_bytes(one.try_into().unwrap()) == f64::from_ne_bytes(other.try_into().unwrap()),
    }
}

#[test]
fn a_matrix_is_equal_to_its_transpose() {
    for_seeds(if cfg!(miri) { 800 } else { 150 }, |random| {
        // Miri takes long for the portable vectors of small items, which copies go through as well.
        let size = [16, 8, 4, 2, 1][random.below(if cfg!(miri) { 3 } else { 5 })];
        let floats = matches!(size, 4 | 8) && random.one_in(2);
        let equality = if floats { Equality::Floats } else { Equality::Bits };
        let least = (16 / size).max(2);
        let extent = |random: &mut Random| (least + random.below(MOST / size + 1)).cast_signed();
        let itemsize = size.cast_signed();
        let cube = random.one_in(3);
        let mut shape = vec![extent(random), extent(random)];
        let nestings: [&[usize]; 2] = if cube { [&[2, 0, 1], &[2, 1, 0]] } else { [&[0, 1], &[1, 0]] };
        if cube {
            shape.push(2);
        }
        let (left, _one) = side(random, &shape, itemsize, nestings[0]);
        let (right, _other) = side(random, &shape, itemsize, nestings[1]);
        let places = indices(&shape, Order::C);
        for index in &places {
            let item = if floats { float(random, size) } else { read(left.at(index), size) };
            write(left.at(index), &item);
            write(right.at(index), &item);
        }
        let expected =
            |index: &[isize]| equal(equality, &read(left.at(index), size), &read(right.at(index), size));
        // NaN is not equal to itself: most cases have none.
        let keep_nan = random.one_in(4);
        for index in places.iter().filter(|index| !keep_nan && !expected(index)) {
            write(left.at(index), &vec![0; size]);
            write(right.at(index), &vec![0; size]);
        }
        let check = |is_equal: bool| {
            for isa in Isa::available() {
                for (a, b) in [(&left, &right), (&right, &left)] {
                    let found = turned::same(&a.memory(), &b.memory(), equality, isa);
                    assert_eq!(found, Some(is_equal), "{isa:?}, {size} bytes, {equality:?}, {shape:?}");
                }
            }
        };
        let all = places.iter().all(|index| expected(index));
        check(all);
        // Where all are equal, each difference is found: at an edge, and anywhere.
        let end = places.len() - 1;
        for at in [0, end, random.below(places.len()), random.below(places.len())] {
            let index = &places[at];
            let item = read(right.at(index), size);
            let mut other = item.clone();
            other[random.below(size)] ^= 1 << random.below(8);
            write(right.at(index), &other);
            check(all && expected(index));
            write(right.at(index), &item);
        }
    });
}

#[test]
fn what_runs_along_the_same_dimension_is_left_to_others() {
    let random = &mut Random::new(7);
    let (left, _one) = side(random, &[40, 30], 4, &[0, 1]);
    let (right, _other) = side(random, &[40, 30], 4, &[0, 1]);
    let (short, _third) = side(random, &[40, 3], 4, &[0, 1]);
    let (turned_short, _fourth) = side(random, &[40, 3], 4, &[1, 0]);
    for (a, b) in [(&left, &right), (&short, &turned_short), (&turned_short, &short)] {
        assert_eq!(turned::same(&a.memory(), &b.memory(), Equality::Bits, Isa::best()), None);
    }
}
