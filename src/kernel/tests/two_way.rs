//! The linear search for strings of bytes, against a plain one.

use core::cell::Cell;

use super::{
    super::two_way::{Bytes, search_bytes},
    world::Random,
};

/// Searches as a plain search does, and reads no more bytes than it may.
fn check(text: &[u8], wanted: &[u8], from: usize) {
    let reads = Cell::new(0usize);
    let read = |bytes: &[u8], at: usize| {
        reads.set(reads.get() + 1);
        bytes.get(at).copied()
    };
    let place = search_bytes(
        &Bytes { length: text.len(), at: |at| read(text, at) },
        &Bytes { length: wanted.len(), at: |at| read(wanted, at) },
        from,
    );
    let plain = (from..=text.len()).find(|&at| text[at..].starts_with(wanted));
    assert_eq!(place, plain, "{wanted:?} in {text:?} from {from}");
    // Four comparisons for each byte that is searched, and five for each of the string, of two bytes each.
    let most = 8 * text.len().saturating_sub(from) + 10 * wanted.len() + 8;
    assert!(reads.get() <= most, "{} reads, more than {most}: {wanted:?} in {text:?}", reads.get());
}

/// A few letters that repeat, but for a few of them.
fn almost_periodic(random: &mut Random, length: usize) -> Vec<u8> {
    let period: Vec<u8> = (0..=random.below(6)).map(|_| b"abc"[random.below(3)]).collect();
    let mut bytes: Vec<u8> = period.iter().copied().cycle().take(length).collect();
    for _ in 0..random.below(3) {
        if length > 0 {
            bytes[random.below(length)] = b"abc"[random.below(3)];
        }
    }
    bytes
}

#[test]
fn strings_of_few_letters_are_found() {
    let mut random = Random::new(7);
    for _ in 0..if cfg!(miri) { 40 } else { 100_000 } {
        let length = random.below(60);
        let text = almost_periodic(&mut random, length);
        let first = random.below(length + 1);
        let wanted = match random.below(2) {
            0 => text[first..first + random.below(length - first + 1)].to_vec(),
            _ => almost_periodic(&mut random, first),
        };
        check(&text, &wanted, if random.below(2) == 0 { 0 } else { random.below(length + 2) });
    }
}

#[test]
fn every_byte_is_looked_at_a_few_times() {
    let count = if cfg!(miri) { 40 } else { 5_000 };
    let text = b"a".repeat(4 * count);
    let many = b"a".repeat(count);
    for wanted in [[&*many, b"b", &many].concat(), [&*many, b"b"].concat(), [b"b", &*many].concat(), many] {
        check(&text, &wanted, 0);
        let twice = wanted.repeat(2);
        check(&text, &twice, 1);
        check(&wanted.repeat(5), &[&*twice, b"c"].concat(), 0);
    }
}
