//! What all items that equal a value have in common, bit by bit.

use super::{
    code::Code,
    equal::equals_value,
    leaf::{Leaf, Sort},
    scalar::Value,
    store::write,
    wide::Exact,
};

/// The most bytes of a pattern.
const MOST: usize = 8;

/// Which items are meant: those whose bytes, as far as they count, are these, or with `others` all but those.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pattern {
    /// The bytes, zero where they do not count.
    pub bytes: [u8; MOST],
    /// The bits that count.
    pub mask: [u8; MOST],
    /// How many bytes there are: 1, 2, 4 or 8.
    pub size: usize,
    /// Whether all others are meant.
    pub others: bool,
}

impl Pattern {
    /// Just these bytes; none where they are not 1, 2, 4 or 8.
    #[must_use]
    pub fn of_bytes(item: &[u8]) -> Option<Pattern> {
        let mut pattern = Pattern { bytes: [0; MOST], mask: [0; MOST], size: item.len(), others: false };
        if !matches!(item.len(), 1 | 2 | 4 | 8) {
            return None;
        }
        pattern.bytes.get_mut(..item.len())?.copy_from_slice(item);
        pattern.mask.get_mut(..item.len())?.fill(0xFF);
        Some(pattern)
    }

    /// No item at all.
    fn nothing(size: usize) -> Pattern {
        Pattern { bytes: [0; MOST], mask: [0; MOST], size, others: true }
    }

    /// The items that equal a value; none where they have more in common than bits, or less.
    #[must_use]
    pub fn of_value(leaf: Leaf, value: &Value<'_>) -> Option<Pattern> {
        let size = leaf.size().unsigned_abs();
        match *value {
            Value::Bytes(_) | Value::Text(_) => return None,
            Value::Complex(re, 0.0) => return Pattern::of_value(leaf, &Value::Float(re)),
            _ => {}
        }
        let found = match leaf.sort() {
            Sort::Signed | Sort::Unsigned | Sort::Pointer => Pattern::whole(leaf, value),
            Sort::Float if matches!(leaf.code(), Code::Half | Code::Float | Code::Double) => {
                Pattern::float(leaf, value)
            }
            Sort::Bool => Pattern::truth(leaf, value),
            _ => return None,
        };
        found.or_else(|| matches!(size, 1 | 2 | 4 | 8).then(|| Pattern::nothing(size)))
    }

    /// The bytes of a value, if it has any that are equal to it.
    fn written(leaf: Leaf, given: &Value<'_>, value: &Value<'_>) -> Option<Pattern> {
        let (mut item, mut copy) = ([0u8; MOST], [0u8; MOST]);
        let size = leaf.size().unsigned_abs();
        let (item, copy) = (item.get_mut(..size)?, copy.get_mut(..size)?);
        write(leaf, given, item).ok()?;
        copy.copy_from_slice(item);
        if equals_value(leaf, copy, value) { Pattern::of_bytes(item) } else { None }
    }

    fn whole(leaf: Leaf, value: &Value<'_>) -> Option<Pattern> {
        let whole = value.exact().and_then(Exact::whole)?;
        let given = match (i64::try_from(whole), u64::try_from(whole)) {
            (Ok(whole), _) => Value::Int(whole),
            (_, Ok(whole)) => Value::UInt(whole),
            _ => return None,
        };
        Pattern::written(leaf, &given, value)
    }

    fn float(leaf: Leaf, value: &Value<'_>) -> Option<Pattern> {
        let near = value.real()?;
        let mut pattern = Pattern::written(leaf, &Value::Float(near), value)?;
        if near == 0.0 {
            // The sign of a zero does not count.
            let negative = Pattern::written(leaf, &Value::Float(-near), value)?;
            let bytes = pattern.bytes.iter_mut().zip(&mut pattern.mask);
            for ((byte, mask), other) in bytes.zip(negative.bytes) {
                *mask &= !(*byte ^ other);
                *byte &= *mask;
            }
        }
        Some(pattern)
    }

    /// Any byte but zero is true.
    fn truth(leaf: Leaf, value: &Value<'_>) -> Option<Pattern> {
        let truth = |truth: bool| equals_value(leaf, &mut [u8::from(truth)], value);
        let zero = Pattern::of_bytes(&[0]).filter(|_| leaf.size() == 1)?;
        match (truth(false), truth(true)) {
            (true, _) => Some(zero),
            (_, true) => Some(Pattern { others: true, ..zero }),
            _ => None,
        }
    }
}
