//! Digits against the standard library's.

use std::fmt::Write;

use super::{
    super::{Groups, Isa, Span, hex},
    for_seeds, items as random_items,
    kernels::{shape, strides},
    world::{Block, Items, Random},
};
use crate::layout::Order;

fn expected(bytes: &[u8], groups: Option<Groups>) -> String {
    let mut text = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        if let Some(groups) = groups.filter(|groups| groups.size != 0 && at > 0) {
            let place = if groups.size < 0 { at } else { bytes.len() - at };
            if place.is_multiple_of(groups.size.unsigned_abs()) {
                text.push(groups.separator.into());
            }
        }
        write!(text, "{byte:02x}").unwrap();
    }
    text
}

fn check(random: &mut Random, items: &Items) {
    let most = 1 + random.below(40).cast_signed();
    let size = if random.one_in(2) { 1 } else { random.below(40).cast_signed() % most };
    let groups = Groups { separator: b':', size: if random.one_in(2) { size } else { -size } };
    let groups = Some(groups).filter(|_| random.one_in(2));
    let expected = expected(&items.bytes(Order::C), groups);
    let room = if random.one_in(2) {
        random.below(expected.len() + 2)
    } else {
        expected.len() + if cfg!(miri) { 20 } else { 5000 }
    };
    let block = Block::new(random, room + 16);
    let before = block.snapshot();
    for isa in Isa::available() {
        block.restore(&before);
        // SAFETY: the block has so much room.
        let span = unsafe { Span::new(block.at(8), room) };
        let size = groups.map(|groups| groups.size);
        assert_eq!(hex::write_with(&items.memory(), groups, &span, isa), expected.len(), "{isa:?}, {size:?}");
        let found = block.snapshot();
        let written = room.min(expected.len());
        assert_eq!(&found[8..8 + written], &expected.as_bytes()[..written], "{isa:?}, {size:?}");
        assert_eq!((&found[..8], &found[8 + written..]), (&before[..8], &before[8 + written..]));
    }
}

#[test]
fn digits_are_the_standard_librarys() {
    for_seeds(if cfg!(miri) { 800 } else { 1000 }, |random| {
        let shape = shape(random, 2);
        let mut items = Items::strided(&shape, 2, strides(random, &shape, 2, 3));
        let block = Block::new(random, items.span());
        items.start_at(block.at(0));
        check(random, &items);
        let (items, _block) = random_items(random);
        check(random, &items);
    });
}
