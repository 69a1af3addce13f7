//! The kernel against a slow model that goes item by item.

mod convert;
mod edges;
mod fence;
mod few;
mod hex;
mod kernels;
mod numbers;
mod search;
mod turned;
mod two_way;
mod world;

use super::{
    Memory, Span, address, copy, fill, gather, overlaps, reach, read_span, scatter, scatter_prefix,
    write_span,
};
use crate::{
    error::{Error, Result},
    layout::{Layout, Order},
};
use world::{Block, Items, Random, indices, read, shape};

/// Runs a case for many seeds; a failure names the seed.
fn for_seeds(cases: u64, case: fn(&mut Random)) {
    struct Seed(u64);
    impl Drop for Seed {
        fn drop(&mut self) {
            if std::thread::panicking() {
                eprintln!("the failing seed is {}", self.0);
            }
        }
    }
    for seed in 0..if cfg!(miri) { cases / 800 } else { cases } {
        let seed = Seed(seed);
        case(&mut Random::new(seed.0));
    }
}

fn order(random: &mut Random) -> Order {
    [Order::C, Order::F, Order::A][random.below(3)]
}

/// Items of a random layout in a block that is a little larger than they need.
fn items(random: &mut Random) -> (Items, Block) {
    let (shape, itemsize) = (shape(random), 1 + random.below(24).cast_signed());
    let indirect = random.one_in(4);
    let items = Items::new(random, &shape, itemsize, indirect);
    let (slack, nbytes) = (random.below(40), shape.iter().product::<isize>() * itemsize);
    let block = Block::new(random, items.span().max(nbytes.unsigned_abs()) + slack);
    (items.place(random, &block), block)
}

/// What the block holds after the model has run, and after the operation has run on the same bytes.
fn compare(block: &Block, model: impl FnOnce(), operation: impl FnOnce() -> Result<()>) {
    let before = block.snapshot();
    model();
    let expected = block.snapshot();
    block.restore(&before);
    operation().unwrap();
    assert!(block.snapshot() == expected);
}

#[test]
fn copy_goes_as_if_through_a_temporary() {
    for_seeds(6000, |random| {
        let (to, block) = items(random);
        let other = Items::new(random, &to.shape, to.itemsize, !to.suboffsets.is_empty());
        let larger = Block::new(random, other.span() + 8);
        let from = match random.below(4) {
            0 => to.turned(random),
            1 if other.span() <= block.length => other.place(random, &block),
            _ => other.place(random, &larger),
        };
        let model = || to.set_bytes(Order::C, &from.bytes(Order::C));
        compare(&block, model, || copy(&to.memory(), &from.memory()));
    });
}

#[test]
fn gather_writes_items_in_order() {
    for_seeds(3000, |random| {
        let (from, block) = items(random);
        let order = order(random);
        let expected = from.bytes(from.resolve(order));
        let place = random.below(block.length - expected.len() + 1);
        let own = Block::new(random, expected.len());
        for target in [own.at(0), block.at(place)] {
            // SAFETY: either block has room for the items.
            let span = unsafe { Span::new(target, expected.len()) };
            gather(&from.memory(), order, &span).unwrap();
            assert!(read(target, expected.len()) == expected);
        }
    });
}

#[test]
fn scatter_reads_items_in_order() {
    for_seeds(3000, |random| {
        let (to, block) = items(random);
        let (order, length) = (order(random), to.bytes(Order::C).len());
        let place = random.below(block.length - length + 1);
        let own = Block::new(random, length);
        for source in [own.at(0), block.at(place)] {
            // SAFETY: either block has that many bytes.
            let span = unsafe { Span::from_const(source, length) };
            let model = || to.set_bytes(to.resolve(order), &read(source, length));
            compare(&block, model, || scatter(&to.memory(), order, &span));
        }
    });
}

#[test]
fn a_prefix_stops_at_the_last_whole_item() {
    for_seeds(3000, |random| {
        let (to, block) = items(random);
        let (order, full) = (order(random), to.bytes(Order::C).len());
        let length = random.below(full + 2 * to.size());
        let own = Block::new(random, length);
        let inside = random.below(block.length.saturating_sub(length) + 1);
        let sources = [own.at(0), if length <= block.length { block.at(inside) } else { own.at(0) }];
        for source in sources {
            // SAFETY: either block has that many bytes.
            let span = unsafe { Span::from_const(source, length) };
            let model = || to.set_bytes(to.resolve(order), &read(source, length));
            compare(&block, model, || scatter_prefix(&to.memory(), order, &span));
        }
    });
}

#[test]
fn fill_writes_every_item() {
    for_seeds(3000, |random| {
        let (to, block) = items(random);
        let item = Block::new(random, to.size()).snapshot();
        let all = item.repeat(indices(&to.shape, Order::C).len());
        compare(&block, || to.set_bytes(Order::C, &all), || fill(&to.memory(), &item));
    });
}

#[test]
fn single_items_are_found_by_the_rule() {
    for_seeds(1000, |random| {
        let (items, _block) = items(random);
        let memory = items.memory();
        let mut item = vec![0; items.size()];
        for index in indices(&items.shape, Order::C).iter().take(50) {
            assert_eq!(address(&memory, index).unwrap(), items.at(index));
            let negative: Vec<isize> =
                index.iter().zip(&items.shape).map(|(at, length)| at - length).collect();
            assert_eq!(address(&memory, &negative).unwrap(), items.at(index));
            // SAFETY: the item lies in the block.
            let span = unsafe { Span::new(items.at(index), items.size()) };
            read_span(&span, &mut item);
            assert_eq!(item, read(items.at(index), items.size()));
            item.reverse();
            write_span(&span, &item);
            assert_eq!(item, read(items.at(index), items.size()));
        }
    });
}

#[test]
fn reach_and_overlap_follow_the_addresses() {
    for_seeds(2000, |random| {
        let (a, block) = items(random);
        let (shape, itemsize) = (shape(random), 1 + random.below(24).cast_signed());
        let b = Items::new(random, &shape, itemsize, false);
        let b = if b.span() <= block.length { b.place(random, &block) } else { a.turned(random) };
        let touched = |items: &Items| -> std::collections::BTreeSet<usize> {
            let all = indices(&items.shape, Order::C);
            all.iter().flat_map(|index| (0..items.size()).map(|at| items.at(index).addr() + at)).collect()
        };
        let (left, right) = (touched(&a), touched(&b));
        let (memory, other) = (a.memory(), b.memory());
        if left.intersection(&right).next().is_some() {
            assert!(overlaps(&memory, &other) && overlaps(&other, &memory));
        }
        if let (Some(low), Some(high), false) = (left.first(), left.last(), a.layout().is_indirect()) {
            let (start, size) = reach(&memory).unwrap();
            assert_eq!((start.addr(), size), (*low, high + 1 - low));
            let apart = right.last() < Some(low) || right.first() > Some(high);
            assert_eq!(overlaps(&memory, &other), !apart && !right.is_empty());
        }
    });
}

/// A memory over the bytes, for the examples that are spelt out.
fn over<'a>(bytes: &'a mut [u8], start: usize, shape: &'a [isize], strides: &'a [isize]) -> Memory<'a> {
    let layout = Layout { itemsize: 1, shape, strides, suboffsets: &[] };
    // SAFETY: the examples stay inside their bytes.
    unsafe { Memory::new(bytes.as_mut_ptr().wrapping_add(start), layout, true) }
}

fn moved(memory: &Memory<'_>, bytes: isize) -> *mut u8 {
    memory.base().wrapping_offset(bytes)
}

#[test]
fn the_last_item_stays_where_strides_are_zero() {
    let (mut seven, mut four) = ([7], [1, 2, 3, 4]);
    copy(&over(&mut seven, 0, &[4], &[0]), &over(&mut four, 0, &[4], &[1])).unwrap();
    assert_eq!(seven, [4]);
}

#[test]
fn overlapping_copies_of_the_acceptance_examples() {
    let mut bytes = *b"abcdefgh";
    let from = over(&mut bytes, 0, &[4], &[1]);
    // SAFETY: items 1 to 4 of the same bytes.
    let to = unsafe { Memory::new(moved(&from, 1), *from.layout(), true) };
    copy(&to, &from).unwrap();
    assert_eq!(&bytes, b"aabcdfgh");

    let forward = over(&mut bytes, 0, &[8], &[1]);
    // SAFETY: the same bytes from the last to the first.
    let backward =
        unsafe { Memory::new(moved(&forward, 7), Layout { strides: &[-1], ..*forward.layout() }, true) };
    copy(&forward, &backward).unwrap();
    assert_eq!(&bytes, b"hgfdcbaa");
}

#[test]
fn contiguous_bytes_of_the_acceptance_examples() {
    let mut bytes = [0, 1, 2, 3, 4, 5];
    let gathered = |memory: &Memory<'_>, order: Order| {
        let mut out = [0; 6];
        // SAFETY: six bytes of our own.
        gather(memory, order, &unsafe { Span::new(out.as_mut_ptr(), 6) }).unwrap();
        out
    };
    let fortran = over(&mut bytes, 0, &[2, 3], &[1, 2]);
    assert_eq!(gathered(&fortran, Order::C), [0, 2, 4, 1, 3, 5]);
    assert_eq!(gathered(&fortran, Order::F), [0, 1, 2, 3, 4, 5]);
    assert_eq!(gathered(&fortran, Order::A), [0, 1, 2, 3, 4, 5]);
    let reversed = over(&mut bytes, 3, &[2, 3], &[-3, 1]);
    assert_eq!(gathered(&reversed, Order::C), [3, 4, 5, 0, 1, 2]);
    assert_eq!(gathered(&reversed, Order::F), [3, 0, 4, 1, 5, 2]);
    assert_eq!(gathered(&reversed, Order::A), [3, 4, 5, 0, 1, 2]);
}

#[test]
fn nothing_is_written_when_a_check_fails() {
    let (mut left, mut right) = ([1; 6], [2; 6]);
    let from = over(&mut right, 0, &[2, 3], &[3, 1]);
    let to = over(&mut left, 0, &[2, 3], &[3, 1]);
    // SAFETY: the same memory, or less of it.
    let with = |layout: Layout<'static>, writable| unsafe { Memory::new(to.base(), layout, writable) };
    let layout = Layout { itemsize: 1, shape: &[2, 3], strides: &[3, 1], suboffsets: &[] };
    let flat = Layout { shape: &[6], strides: &[1], ..layout };
    let short = Layout { shape: &[2, 2], ..layout };
    let wide = Layout { itemsize: 2, shape: &[2, 3], strides: &[0, 1], suboffsets: &[] };
    assert!(matches!(copy(&with(flat, false), &from), Err(Error::ReadOnly)));
    assert!(matches!(copy(&with(flat, true), &from), Err(Error::NdimDiffers { left: 1, right: 2 })));
    assert!(matches!(
        copy(&with(short, true), &from),
        Err(Error::ShapesDiffer { left: 2, right: 3, dim: 1 })
    ));
    assert!(matches!(copy(&with(wide, true), &from), Err(Error::FormatsDiffer { left: 2, right: 1 })));

    let read_only = with(layout, false);
    let mut five = [9; 5];
    // SAFETY: five bytes of our own.
    let span = unsafe { Span::new(five.as_mut_ptr(), 5) };
    assert!(matches!(gather(&to, Order::C, &span), Err(Error::Count { given: 5, needed: 6, .. })));
    assert!(matches!(scatter(&to, Order::C, &span), Err(Error::Count { given: 5, needed: 6, .. })));
    assert!(matches!(scatter(&read_only, Order::C, &span), Err(Error::ReadOnly)));
    assert!(matches!(scatter_prefix(&read_only, Order::C, &span), Err(Error::ReadOnly)));
    assert!(matches!(fill(&read_only, &[1]), Err(Error::ReadOnly)));
    assert!(matches!(fill(&to, &[1, 2]), Err(Error::ItemLength { given: 2, needed: 1 })));
    assert!(matches!(address(&to, &[0, 3]), Err(Error::OutOfBounds { index: 3, length: 3, dim: 1 })));
    assert_eq!(read(to.base(), 6), [1; 6]);
}

#[test]
fn sixty_four_dimensions_are_walked() {
    let mut shape = [1; 64];
    (shape[0], shape[31], shape[63]) = (2, 3, 2);
    let (mut to, mut from) = ([0; 12], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    let (mut forward, mut backward) = ([5; 64], [7; 64]);
    (forward[0], forward[31], forward[63]) = (6, 2, 1);
    (backward[0], backward[31], backward[63]) = (-1, -2, -6);
    copy(&over(&mut to, 0, &shape, &forward), &over(&mut from, 11, &shape, &backward)).unwrap();
    assert_eq!(to, [11, 5, 9, 3, 7, 1, 10, 4, 8, 2, 6, 0]);
}
