//! Numbers of every type against the codec, item by item: each kernel with each set of instructions, over random layouts.

use super::{
    super::{Isa, Number, compare},
    for_seeds,
    kernels::{shape, strides},
    world::{Block, Items, Random, indices, read, write},
};
use crate::{
    format::{self, Comparison, Leaf, Value},
    layout::Order,
};

const FORMATS: &[&str] = &[
    "b", "B", "?", "h", "H", "i", "I", "q", "Q", "e", "f", "d", "Zf", "Zd", "P", ">h", ">H", ">i", ">I",
    ">q", ">Q", ">e", ">f", ">d", ">Zf", ">Zd",
];

pub fn leaf(random: &mut Random) -> Leaf {
    Leaf::parse(FORMATS[random.below(FORMATS.len())].as_bytes()).unwrap()
}

/// A number that several types have, or one at the edge of some.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap)]
pub fn value(random: &mut Random) -> Value<'static> {
    let edge = 1u64
        .wrapping_shl(random.below(65).try_into().unwrap())
        .wrapping_add(random.next() % 3)
        .wrapping_sub(1);
    match random.below(10) {
        0 => {
            Value::Float([f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, 1e300, 0.5][random.below(7)])
        }
        1 => Value::Float(edge as f64),
        2 => Value::Float(-(edge as f64)),
        3 => Value::Float((random.next() % 100_000) as f64 / 8.0),
        4 => Value::UInt(edge),
        5 => Value::Int((edge as i64).wrapping_neg()),
        6 => Value::Complex((random.next() % 3) as f64, (random.next() % 2) as f64),
        _ => Value::Int((random.next() % 300) as i64 - 100),
    }
}

/// The bytes of the value in a format, or where it does not fit any bytes at all.
pub fn encode(random: &mut Random, leaf: Leaf, value: &Value<'_>) -> Vec<u8> {
    let mut item: Vec<u8> = (0..leaf.size()).map(|_| random.next().to_le_bytes()[3]).collect();
    let _ = format::write(leaf, value, &mut item);
    item
}

/// Items of a leaf in a block of their own.
pub fn items(random: &mut Random, leaf: Leaf, shape: &[isize]) -> (Items, Block) {
    let strides = strides(random, shape, leaf.size(), 3);
    let mut items = Items::strided(shape, leaf.size(), strides);
    let block = Block::new(random, items.span() + 9);
    items.start_at(block.at(random.below(9)));
    (items, block)
}

#[test]
fn numbers_are_equal_as_the_codec_says() {
    for_seeds(if cfg!(miri) { 2400 } else { 1000 }, |random| {
        let (a, b) =
            (leaf(random), if random.one_in(3) { leaf(random) } else { Leaf::native(leaf(random).code()) });
        let b = if random.one_in(4) { a } else { b };
        let shape = shape(random, a.size().max(b.size()));
        let ((left, _one), (right, _other)) = (items(random, a, &shape), items(random, b, &shape));
        let places = indices(&shape, Order::C);
        let small = Value::Int(0);
        let mixed = random.one_in(3);
        for index in &places {
            let value =
                if mixed { value(random) } else { Value::Int((random.next() % 2).try_into().unwrap()) };
            for (items, leaf) in [(&left, a), (&right, b)] {
                let item = encode(random, leaf, &value);
                write(items.at(index), &item);
            }
        }
        // Most cases are equal but for one item.
        for index in &places {
            let (mut x, mut y) = (read(left.at(index), left.size()), read(right.at(index), right.size()));
            if !format::equal_numbers(a, &mut x, b, &mut y) {
                for (items, leaf) in [(&left, a), (&right, b)] {
                    write(items.at(index), &encode(random, leaf, &small));
                }
            }
        }
        if random.one_in(2) {
            let index = &places[random.below(places.len())];
            let value = value(random);
            for (items, leaf) in [(&left, a), (&right, b)] {
                if random.one_in(2) {
                    let item = encode(random, leaf, &value);
                    write(items.at(index), &item);
                }
            }
        }
        let expected = places.iter().all(|index| {
            let (mut x, mut y) = (read(left.at(index), left.size()), read(right.at(index), right.size()));
            format::equal_numbers(a, &mut x, b, &mut y)
        });
        let numbers = Number::of(a).zip(Number::of(b)).unwrap();
        let numbers = if format::comparison(a, b) == Comparison::Bitwise { None } else { Some(numbers) };
        let alike = Number::of(a).map(|a| a.complex) == Number::of(b).map(|b| b.complex);
        for isa in Isa::available() {
            let found = compare::same_with(&left.memory(), &right.memory(), numbers, isa);
            let (one, other) = (&left.strides, &right.strides);
            assert_eq!(
                found,
                alike.then_some(expected),
                "{isa:?}, {a:?} and {b:?}, {shape:?}, {one:?}, {other:?}"
            );
        }
    });
}
