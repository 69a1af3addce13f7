//! What is counted and found against a look at every item.

use super::{
    super::{Isa, Span, find, search},
    for_seeds,
    kernels::shape,
    numbers::{encode, items, leaf, value},
    world::{Block, Random, indices, read, write},
};
use crate::{
    format::{self, Pattern, Value},
    layout::Order,
};

#[test]
fn values_are_counted_and_found_as_the_codec_says() {
    for_seeds(if cfg!(miri) { 2400 } else { 1000 }, |random| {
        let leaf = leaf(random);
        let shape = shape(random, leaf.size());
        let (items, _block) = items(random, leaf, &shape);
        let given = match random.below(4) {
            0 => Value::Bool(random.one_in(2)),
            1 => Value::Float([0.0, -0.0, 1.0][random.below(3)]),
            _ => value(random),
        };
        let places = indices(&shape, Order::C);
        let most = 1 + random.below(200);
        for index in &places {
            let value = if random.one_in(most) { given } else { value(random) };
            let value = if random.one_in(8) { Value::Float(-0.0) } else { value };
            let item = encode(random, leaf, &value);
            write(items.at(index), &item);
        }
        let Some(pattern) = Pattern::of_value(leaf, &given) else {
            assert!(leaf.sort() == format::Sort::Complex);
            return;
        };
        let is_given =
            |index: &Vec<isize>| format::equals_value(leaf, &mut read(items.at(index), items.size()), &given);
        let found: Vec<usize> = (0..places.len()).filter(|&number| is_given(&places[number])).collect();
        let (first, end) = (random.below(places.len() + 1), random.below(places.len() + 2));
        let next = found.iter().copied().find(|number| (first..end).contains(number));
        for isa in Isa::available() {
            let count = search::count_with(&items.memory(), &pattern, isa);
            let (strides, all) = (&items.strides, found.len());
            assert_eq!(count, all, "{isa:?}, {leaf:?}, {given:?}, {shape:?}, {strides:?}");
            let place = search::find_with(&items.memory(), &pattern, first, end, isa);
            assert_eq!(place, next, "{isa:?}, {leaf:?}, {given:?}, {shape:?}, {strides:?}");
            let all = search::find_with(&items.memory(), &pattern, 0, usize::MAX, isa);
            assert_eq!(all, found.first().copied());
        }
    });
}

/// A string of few different bytes, so that parts of it are found everywhere.
fn string(random: &mut Random, length: usize) -> Vec<u8> {
    let letters = 1 + random.below(4);
    (0..length).map(|_| b'a' + u8::try_from(random.below(letters)).unwrap()).collect()
}

#[test]
fn strings_are_found_where_they_first_begin() {
    for_seeds(if cfg!(miri) { 8000 } else { 2000 }, |random| {
        let length = if cfg!(miri) { random.below(300) } else { random.below(3000) };
        let bytes = string(random, length);
        let block = Block::new(random, length);
        block.restore(&bytes);
        let wanted = if random.one_in(3) {
            let length = random.below(12);
            string(random, length)
        } else {
            let begin = random.below(length + 1);
            bytes[begin..begin + random.below((length - begin).min(600) + 1)].to_vec()
        };
        let from = random.below(length + 2);
        let expected =
            (from..=length).find(|&at| bytes.get(at..at + wanted.len()).is_some_and(|found| found == wanted));
        let other = Block::new(random, wanted.len());
        other.restore(&wanted);
        // SAFETY: as many bytes are there.
        let (span, wanted) =
            unsafe { (Span::new(block.at(0), length), Span::new(other.at(0), wanted.len())) };
        for isa in Isa::available() {
            assert_eq!(find::find_with(&span, &wanted, from, isa), expected, "{isa:?}, from {from}");
        }
    });
}

#[test]
fn a_string_that_is_almost_everywhere_is_found() {
    let (length, wanted) = if cfg!(miri) { (2000, 100) } else { (200_000, 5000) };
    let mut bytes = vec![b'a'; length];
    let mut almost = vec![b'a'; wanted];
    almost[wanted / 2] = b'b';
    // SAFETY: the bytes are ours.
    let (span, almost) =
        unsafe { (Span::new(bytes.as_mut_ptr(), length), Span::new(almost.as_mut_ptr(), wanted)) };
    for isa in Isa::available() {
        assert_eq!(find::find_with(&span, &almost, 0, isa), None);
    }
    // SAFETY: within the bytes.
    unsafe { span.data().add(length - wanted / 2).write(b'b') };
    for isa in Isa::available() {
        assert_eq!(find::find_with(&span, &almost, 0, isa), Some(length - wanted));
    }
}
