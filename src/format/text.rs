//! The characters of 'u' and 'w' items: units of two or four bytes, in any order, to and from UTF-8.

/// How characters are encoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unit {
    /// Four bytes, UCS-4; else two, UTF-16.
    pub wide: bool,
    /// Whether the bytes stand in the other order than this machine's.
    pub swapped: bool,
}

impl Unit {
    /// The bytes of one unit.
    #[must_use]
    pub const fn size(self) -> usize {
        if self.wide { 4 } else { 2 }
    }

    /// The number that the bytes of one unit are.
    #[must_use]
    pub fn value(self, bytes: &[u8]) -> u32 {
        match *bytes {
            [a, b] if self.swapped => u16::from_ne_bytes([b, a]).into(),
            [a, b] => u16::from_ne_bytes([a, b]).into(),
            [a, b, c, d] if self.swapped => u32::from_ne_bytes([d, c, b, a]),
            [a, b, c, d] => u32::from_ne_bytes([a, b, c, d]),
            _ => 0,
        }
    }

    fn store(self, value: u32, bytes: &mut [u8]) {
        let native = value.to_ne_bytes();
        // The lower half: of a unit of two bytes only that counts.
        let half = if cfg!(target_endian = "little") { native.get(..2) } else { native.get(2..) };
        let from = if self.wide { &native[..] } else { half.unwrap_or(&[]) };
        for (to, from) in bytes.iter_mut().zip(from) {
            *to = *from;
        }
        if self.swapped {
            bytes.reverse();
        }
    }
}

/// How many units a text needs.
pub(super) fn units(text: &str, wide: bool) -> usize {
    text.chars().map(|character| units_of(character, wide)).fold(0, usize::saturating_add)
}

/// How many units a character needs.
pub(super) fn units_of(character: char, wide: bool) -> usize {
    if wide { 1 } else { character.len_utf16() }
}

/// Writes characters into units, as far as they reach, and fills up with zeros.
pub(super) fn encode(text: impl Iterator<Item = char>, unit: Unit, item: &mut [u8]) {
    let mut places = item.chunks_exact_mut(unit.size());
    for character in text {
        let mut pair = [0u16; 2];
        let narrow = character.encode_utf16(&mut pair);
        let mut put = |value: u32| {
            if let Some(place) = places.next() {
                unit.store(value, place);
            }
        };
        if unit.wide {
            put(character.into());
        } else {
            for &mut half in narrow {
                put(half.into());
            }
        }
    }
    places.for_each(|place| place.fill(0));
}

/// The characters of an item, without the zeros at its end. A unit that is no character is given as its number.
pub(super) fn decode(unit: Unit, item: &[u8]) -> impl Iterator<Item = Character> + Clone {
    characters(unit.wide, item.chunks_exact(unit.size()).map(move |bytes| unit.value(bytes)))
}

/// The same of units.
pub(super) fn characters(
    wide: bool,
    units: impl Iterator<Item = u32> + Clone,
) -> impl Iterator<Item = Character> + Clone {
    let length = units.clone().length_without_zeros();
    Characters { units: units.take(length), waiting: None, wide }
}

/// A character, or the number of a unit that is none.
pub(super) type Character = core::result::Result<char, u32>;

trait WithoutZeros: Iterator<Item = u32> + Sized {
    /// How many there are without the zeros at the end.
    fn length_without_zeros(self) -> usize {
        let mut length = 0;
        for (number, value) in self.enumerate() {
            if value != 0 {
                length = number.saturating_add(1);
            }
        }
        length
    }
}

impl<I: Iterator<Item = u32>> WithoutZeros for I {}

#[derive(Clone)]
struct Characters<I> {
    units: I,
    waiting: Option<u32>,
    wide: bool,
}

impl<I: Iterator<Item = u32>> Iterator for Characters<I> {
    type Item = Character;

    fn next(&mut self) -> Option<Character> {
        let unit = self.waiting.take().or_else(|| self.units.next())?;
        if self.wide || !(0xD800..0xDC00).contains(&unit) {
            return Some(char::from_u32(unit).ok_or(unit));
        }
        let Some(second) = self.units.next() else { return Some(Err(unit)) };
        if !(0xDC00..0xE000).contains(&second) {
            self.waiting = Some(second);
            return Some(Err(unit));
        }
        let high = (unit & 0x3FF) << 10;
        Some(char::from_u32((high | (second & 0x3FF)).saturating_add(0x10000)).ok_or(unit))
    }
}
