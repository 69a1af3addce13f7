//! Conversions and turned bytes against the codec, item by item.

use super::{
    super::{Isa, Number, convert},
    for_seeds,
    kernels::{shape, strides},
    numbers::{encode, items, leaf, value},
    world::{Block, Items, indices, read, write},
};
use crate::{
    format::{self, Leaf, Rule},
    layout::Order,
};

#[test]
fn numbers_are_converted_as_the_codec_does() {
    for_seeds(if cfg!(miri) { 1600 } else { 3000 }, |random| {
        let (source, target) = (leaf(random), leaf(random));
        let turned = Leaf::parse([b">", source.code().name().as_bytes()].concat().as_slice());
        let target = turned.filter(|_| random.one_in(4)).unwrap_or(target);
        if !source.is_number() || !target.is_number() {
            return;
        }
        let rule = [Rule::Strict, Rule::Clamp, Rule::Wrap][random.below(3)];
        let shape = shape(random, source.size().max(target.size()));
        let (from, _block) = items(random, source, &shape);
        let mut to = Items::strided(&shape, target.size(), strides(random, &shape, target.size(), 8));
        let around = Block::new(random, to.span() + 130);
        to.start_at(around.at(random.below(130)));
        let places = indices(&shape, Order::C);
        let convert_item = |item: &mut [u8]| {
            let mut made = vec![0; to.size()];
            format::convert(source, item, target, &mut made, rule).map(|()| made)
        };
        let fit = random.one_in(2);
        for index in &places {
            let item = loop {
                let value = value(random);
                let item = encode(random, source, &value);
                if !fit || convert_item(&mut item.clone()).is_ok() {
                    break item;
                }
            };
            write(from.at(index), &item);
        }
        let made: Result<Vec<_>, _> =
            places.iter().map(|index| convert_item(&mut read(from.at(index), from.size()))).collect();
        let before = around.snapshot();
        if let Ok(made) = &made {
            to.set_bytes(Order::C, &made.concat());
        }
        let expected = around.snapshot();
        let (Some(one), Some(other)) = (Number::of(source), Number::of(target)) else { panic!() };
        for isa in Isa::available() {
            around.restore(&before);
            let done = convert::convert_with((&to.memory(), other), (&from.memory(), one), rule, isa);
            let case = format!("{isa:?}, {rule:?}, {source:?} to {target:?}, {shape:?}, {:?}", to.strides);
            assert_eq!(done, made.is_ok() && !one.complex && !other.complex, "{case}");
            if done || made.is_err() {
                let found = around.snapshot();
                let wrong = found.iter().zip(&expected).position(|(found, expected)| found != expected);
                assert_eq!(wrong, None, "{case}");
            }
        }
    });
}

#[test]
fn bytes_are_turned_round() {
    for_seeds(if cfg!(miri) { 2400 } else { 1000 }, |random| {
        let component = [2, 4, 8, 16][random.below(4)];
        let size = if random.one_in(3) { 2 * component } else { component };
        let shape = shape(random, size);
        let mut items = Items::strided(&shape, size, strides(random, &shape, size, 5));
        let block = Block::new(random, items.span() + 70);
        items.start_at(block.at(random.below(70)));
        let before = block.snapshot();
        let component = component.unsigned_abs();
        let mut bytes = items.bytes(Order::C);
        bytes.chunks_exact_mut(component).for_each(<[u8]>::reverse);
        items.set_bytes(Order::C, &bytes);
        let expected = block.snapshot();
        for isa in Isa::available() {
            block.restore(&before);
            assert!(convert::swap_with(&items.memory(), component, isa));
            assert!(block.snapshot() == expected, "{isa:?}, {component}, {shape:?}, {:?}", items.strides);
        }
    });
}

#[test]
fn items_that_lie_on_each_other_are_left_to_the_walk() {
    let mut bytes = [0u8; 32];
    let mut items = Items::strided(&[4], 4, vec![0]);
    items.start_at(bytes.as_mut_ptr());
    assert!(!convert::swap_with(&items.memory(), 4, Isa::best()));
    let number = Number::of(Leaf::parse(b"i").unwrap()).unwrap();
    let mut source = Items::strided(&[4], 4, vec![4]);
    source.start_at(bytes.as_mut_ptr().wrapping_add(16));
    assert!(!convert::convert_with(
        (&items.memory(), number),
        (&source.memory(), number),
        Rule::Wrap,
        Isa::best()
    ));
}
