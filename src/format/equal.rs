//! Two values, compared as Python compares them: numbers by what they are worth, whatever their types.

use super::{
    Leaf, Sort,
    code::Kind,
    item::{read, read_exact},
    scalar::Value,
    text,
    wide::Exact,
};

/// How two leaves are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Comparison {
    /// Equal bytes are equal values, and others are not.
    Bitwise,
    /// As numbers.
    Numbers,
    /// As bytes, of which there may be more or fewer.
    Bytes,
    /// As characters.
    Characters,
    /// Never equal.
    Never,
}

fn is_number(sort: Sort) -> bool {
    use Sort::{Bool, Complex, Float, Pointer, Signed, Unsigned};
    matches!(sort, Bool | Signed | Unsigned | Float | Complex | Pointer)
}

/// How values of the two leaves are compared.
#[must_use]
pub fn comparison(a: Leaf, b: Leaf) -> Comparison {
    match (a.sort(), b.sort()) {
        (Sort::Signed | Sort::Unsigned | Sort::Pointer, _) if a.is_same(&b) => Comparison::Bitwise,
        (left, right) if is_number(left) && is_number(right) => Comparison::Numbers,
        (Sort::Bytes, Sort::Bytes)
            if a.bytes(Some(0)) == b.bytes(Some(0))
                && a.bytes(Some(0)) == Some((0, a.size().unsigned_abs())) =>
        {
            Comparison::Bitwise
        }
        (Sort::Bytes, Sort::Bytes) => Comparison::Bytes,
        (Sort::Text, Sort::Text) => Comparison::Characters,
        _ => Comparison::Never,
    }
}

/// Whether two numbers are equal, exactly: no number equals what is no number. The bytes are local copies.
#[must_use]
pub fn equal_numbers(a: Leaf, left: &mut [u8], b: Leaf, right: &mut [u8]) -> bool {
    if a.is_wide() || b.is_wide() {
        return match (read_exact(a, left), read_exact(b, right)) {
            (Some(left), Some(right)) => left.0.equals(&right.0) && left.1.equals(&right.1),
            _ => false,
        };
    }
    match (read(a, left), read(b, right)) {
        (Ok(left), Ok(right)) => equal_values(&left, &right),
        _ => false,
    }
}

/// Whether a number in an item equals a value. The bytes are a local copy.
#[must_use]
pub fn equals_value(leaf: Leaf, item: &mut [u8], value: &Value<'_>) -> bool {
    if leaf.is_wide() {
        let zero = Exact::of_whole(0);
        let given = match *value {
            Value::Complex(re, im) => Some((Exact::of_double(re), Exact::of_double(im))),
            _ => value.exact().map(|value| (value, zero)),
        };
        return match (read_exact(leaf, item), given) {
            (Some(left), Some(right)) => left.0.equals(&right.0) && left.1.equals(&right.1),
            _ => false,
        };
    }
    read(leaf, item).is_ok_and(|item| equal_values(&item, value))
}

#[allow(clippy::float_cmp)] // equality is what is asked for
fn equal_values(a: &Value<'_>, b: &Value<'_>) -> bool {
    match (a, b) {
        (Value::Float(left), Value::Float(right)) => left == right,
        (Value::Complex(re, im), Value::Complex(real, imaginary)) => re == real && im == imaginary,
        (Value::Complex(re, im), other) | (other, Value::Complex(re, im)) => {
            *im == 0.0 && other.exact().is_some_and(|other| other.equals(&Exact::of_double(*re)))
        }
        _ => match (a.whole(), b.whole()) {
            (Some(left), Some(right)) => left == right,
            _ => match (a.exact(), b.exact()) {
                (Some(left), Some(right)) => left.equals(&right),
                _ => false,
            },
        },
    }
}

/// Whether two items have the same characters, without the zeros at their ends. What is no character equals the same number.
#[must_use]
pub fn equal_characters(a: Leaf, left: &[u8], b: Leaf, right: &[u8]) -> bool {
    match (a.unit(), b.unit()) {
        (Some(one), Some(other)) => text::decode(one, left).eq(text::decode(other, right)),
        _ => false,
    }
}

/// Whether an item has the characters of a text.
#[must_use]
pub fn equals_text(leaf: Leaf, item: &[u8], text: &str) -> bool {
    leaf.unit().is_some_and(|unit| text::decode(unit, item).eq(text.chars().map(Ok)))
}

impl Leaf {
    /// Whether a double cannot hold every value.
    const fn is_wide(&self) -> bool {
        matches!(self.code().kind(), Kind::LongDouble | Kind::LongComplex)
    }
}
