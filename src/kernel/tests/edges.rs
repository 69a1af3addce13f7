//! Every type with every other over the numbers at which types and rules end, one at a time among zeros.

use super::{
    super::{Isa, Number, compare, convert, search},
    world::{Block, Items, Random, read, write},
};
use crate::{
    format::{self, Leaf, Pattern, Rule, Sort, Value},
    layout::Order,
};

const FORMATS: &[&str] =
    &["?", "b", "B", "h", "H", "i", "I", "q", "Q", "P", "e", "f", "d", ">h", ">i", ">Q", ">e", ">f", ">d"];

/// More than a vector, and some; Miri has no vectors.
const COUNT: isize = if cfg!(miri) { 5 } else { 37 };

fn leaves() -> impl Iterator<Item = Leaf> {
    let few = if cfg!(miri) { 8 } else { 1 };
    FORMATS.iter().step_by(few).map(|format| Leaf::parse(format.as_bytes()).unwrap())
}

/// Two to the power of the exponent, exactly.
fn power(exponent: u64) -> f64 {
    f64::from_bits((1023 + exponent) << 52)
}

fn values() -> Vec<Value<'static>> {
    let mut all: Vec<Value<'static>> = [
        0.0,
        -0.0,
        0.5,
        -0.5,
        1.5,
        -0.999,
        127.5,
        65504.0,
        65519.9,
        65520.0,
        1e20,
        -1e25,
        1e300,
        5e-324,
        f64::from(f32::MAX),
        3.402_823_567_797_336e38,
        3.402_823_567_797_336_6e38,
        1.7e38,
        1.701_411_834_604_692e38,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
    ]
    .map(Value::Float)
    .to_vec();
    for exponent in [7, 8, 10, 11, 15, 16, 24, 31, 32, 52, 53, 62, 63, 64, 65, 127] {
        let edge = power(exponent);
        all.extend([edge, -edge, edge + 1.0, -edge - 1.0, edge - 1.0].map(Value::Float));
        if let Some(edge) = 1u64.checked_shl(exponent.try_into().unwrap()) {
            all.extend([edge.wrapping_sub(1), edge, edge + 1].map(Value::UInt));
            let edge = edge.cast_signed();
            all.extend([edge.wrapping_neg(), edge.wrapping_neg().wrapping_sub(1)].map(Value::Int));
        }
    }
    all.extend([Value::UInt(u64::MAX), Value::UInt(u64::MAX - 1024), Value::Int(i64::MAX - 512)]);
    all.into_iter().step_by(if cfg!(miri) { 41 } else { 1 }).collect()
}

/// The items that a type has of these numbers, each once, and signalling ones that are none.
fn items(leaf: Leaf) -> Vec<Vec<u8>> {
    let size = leaf.size().unsigned_abs();
    let mut all: Vec<Vec<u8>> = Vec::new();
    for value in values() {
        let mut item = vec![0; size];
        if format::write(leaf, &value, &mut item).is_ok() {
            all.push(item);
        }
    }
    if leaf.sort() == Sort::Float {
        let signalling =
            [0x7C01u64, 0x7F80_0001, 0x7FF0_0000_0000_0001, 0xFC01, 0xFF80_0101, 0xFFF0_0000_0800_0001];
        for bits in signalling {
            let mut item: Vec<u8> = bits.to_le_bytes()[..size].to_vec();
            if leaf.is_swapped() == cfg!(target_endian = "little") {
                item.reverse();
            }
            all.push(item);
        }
    }
    all.sort();
    all.dedup();
    all.into_iter().step_by(if cfg!(miri) { 2 } else { 1 }).collect()
}

/// Zeros of a type in a block of their own.
fn zeros(leaf: Leaf) -> (Items, Block) {
    let mut items = Items::strided(&[COUNT], leaf.size(), vec![leaf.size()]);
    let block = Block::new(&mut Random::new(1), items.span());
    block.restore(&vec![0; items.span()]);
    items.start_at(block.at(0));
    (items, block)
}

/// Where among the zeros number `case` stands.
fn place(case: usize) -> isize {
    (case * 5).cast_signed() % COUNT
}

#[test]
fn edges_are_compared_as_the_codec_does() {
    for a in leaves() {
        for b in leaves() {
            let ((left, _one), (right, _other)) = (zeros(a), zeros(b));
            let numbers = Number::of(a).zip(Number::of(b));
            let (ours, theirs) = (items(a), items(b));
            for (number, x) in ours.iter().enumerate() {
                for (case, y) in theirs.iter().enumerate() {
                    let at = place(number + case);
                    write(left.at(&[at]), x);
                    write(right.at(&[at]), y);
                    let expected = format::equal_numbers(a, &mut x.clone(), b, &mut y.clone());
                    for isa in Isa::available() {
                        let found = compare::same_with(&left.memory(), &right.memory(), numbers, isa);
                        assert_eq!(found, Some(expected), "{isa:?}, {a:?} {x:?}, {b:?} {y:?}");
                    }
                    write(left.at(&[at]), &vec![0; x.len()]);
                    write(right.at(&[at]), &vec![0; y.len()]);
                }
            }
        }
    }
}

#[test]
fn edges_are_converted_as_the_codec_does() {
    for source in leaves().filter(Leaf::is_number) {
        for target in leaves().filter(Leaf::is_number) {
            let ((from, _one), (to, block)) = (zeros(source), zeros(target));
            let (one, other) = (Number::of(source).unwrap(), Number::of(target).unwrap());
            for (case, item) in items(source).iter().enumerate() {
                write(from.at(&[place(case)]), item);
                for rule in [Rule::Strict, Rule::Clamp, Rule::Wrap] {
                    let mut made = vec![0; to.size()];
                    let fits = format::convert(source, &mut item.clone(), target, &mut made, rule).is_ok();
                    if !fits {
                        made.fill(0);
                    }
                    for isa in Isa::available() {
                        block.restore(&vec![0; block.length]);
                        let done =
                            convert::convert_with((&to.memory(), other), (&from.memory(), one), rule, isa);
                        let found = read(to.at(&[place(case)]), to.size());
                        let text = format!("{isa:?}, {rule:?}, {source:?} {item:?} to {target:?}");
                        assert_eq!((done, &found), (fits, &made), "{text}");
                    }
                }
                write(from.at(&[place(case)]), &vec![0; item.len()]);
            }
        }
    }
}

#[test]
fn edges_are_found_as_the_codec_says() {
    for leaf in leaves() {
        let (all, _block) = zeros(leaf);
        for (case, item) in items(leaf).iter().enumerate() {
            write(all.at(&[place(case)]), item);
            for value in values() {
                let pattern = Pattern::of_value(leaf, &value).unwrap();
                let bytes = all.bytes(Order::C);
                let mut is_equal = bytes
                    .chunks_exact(all.size())
                    .map(|item| format::equals_value(leaf, &mut item.to_vec(), &value));
                let count = is_equal.clone().filter(|equal| *equal).count();
                let first = is_equal.position(|equal| equal);
                for isa in Isa::available() {
                    let found = search::count_with(&all.memory(), &pattern, isa);
                    assert_eq!(found, count, "{isa:?}, {leaf:?} {item:?}, {value:?}");
                    let found = search::find_with(&all.memory(), &pattern, 0, usize::MAX, isa);
                    assert_eq!(found, first, "{isa:?}, {leaf:?} {item:?}, {value:?}");
                }
            }
            write(all.at(&[place(case)]), &vec![0; item.len()]);
        }
    }
}

#[test]
fn more_are_counted_than_a_byte_can_count() {
    let count = if cfg!(miri) { 300 } else { 100_001 };
    let mut bytes = vec![7u8; count];
    let mut items = Items::strided(&[count.cast_signed()], 1, vec![1]);
    items.start_at(bytes.as_mut_ptr());
    let pattern = Pattern::of_bytes(&[7]).unwrap();
    for isa in Isa::available() {
        assert_eq!(search::count_with(&items.memory(), &pattern, isa), count);
    }
}
