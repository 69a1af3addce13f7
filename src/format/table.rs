//! What every character of a format stands for, to be looked up instead of worked out.

use super::{
    code::Code,
    leaf::{ByteOrder, Leaf},
};

/// A type that one character names.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) code: Code,
    /// The bytes of one item, or of one of the characters that a count numbers.
    native: isize,
    /// The same where sizes are standard; none for what is native only.
    standard: Option<isize>,
    /// The alignment of an item in a C struct.
    align: isize,
    /// Whether a count numbers characters, and not values.
    pub(super) counts_characters: bool,
    has_byte_order: bool,
}

/// Types whose sizes need more than this, and 'Z', which may be the first of two characters, are left out.
static ENTRIES: [Option<Entry>; 128] = entries();

const fn entries() -> [Option<Entry>; 128] {
    let mut entries = [None; 128];
    let (mut places, mut character) = (entries.as_mut_slice(), 0u8);
    while let [place, rest @ ..] = places {
        if let Some(code) = Code::of(character)
            && !matches!(code, Code::Bits | Code::WidePointer)
        {
            *place = Some(Entry {
                code,
                native: code.size(),
                standard: code.standard_size(),
                align: code.alignment(),
                counts_characters: code.counts_characters(),
                has_byte_order: code.has_byte_order(),
            });
        }
        (places, character) = (rest, character.wrapping_add(1));
    }
    entries
}

/// What a character stands for, if that is all there is to it.
#[inline]
pub(super) fn look_up(character: u8) -> Option<&'static Entry> {
    ENTRIES.get(usize::from(character))?.as_ref()
}

impl Entry {
    /// The leaf with so many characters, as [`Leaf::new`] makes it.
    #[inline]
    pub(super) fn leaf(&self, order: ByteOrder, characters: isize) -> Option<Leaf> {
        let unit = if order.has_native_sizes() { self.native } else { self.standard? };
        let size = if self.counts_characters { unit.checked_mul(characters)? } else { unit };
        Some(Leaf { code: self.code, size, swapped: self.has_byte_order && order.is_swapped() })
    }

    /// Its alignment in that order.
    #[inline]
    pub(super) fn align(&self, order: ByteOrder) -> isize {
        if order == ByteOrder::Native { self.align } else { 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::{ByteOrder, Code, Leaf, look_up};

    #[test]
    fn what_is_looked_up_is_what_is_worked_out() {
        let mut found = 0;
        for character in u8::MIN..=u8::MAX {
            let Some(entry) = look_up(character) else { continue };
            found += 1;
            assert_eq!(Some(entry.code), Code::of(character));
            for order in b"@=<>!^".iter().map(|order| ByteOrder::of(*order).unwrap()) {
                for count in [0, 1, 3, isize::MAX] {
                    let leaf =
                        if order.allows(entry.code) { Leaf::new(entry.code, order, count) } else { None };
                    assert_eq!(entry.leaf(order, count), leaf, "{character}, {order:?}, {count}");
                }
                let align = if order == ByteOrder::Native { entry.code.alignment() } else { 1 };
                assert_eq!(entry.align(order), align);
            }
        }
        assert!(found > 25);
    }
}
