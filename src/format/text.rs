//! Format texts, compared by what they mean.

use super::code::{Code, Kind};

/// What a single character with an optional order prefix means on this machine.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Meaning {
    kind: Kind,
    size: isize,
    /// Whether the bytes stand in the other order than this machine's.
    foreign: bool,
}

impl Meaning {
    fn of(text: &[u8]) -> Option<Meaning> {
        let (prefix, character) = match *text {
            [character] => (b'@', character),
            [prefix, character] => (prefix, character),
            _ => return None,
        };
        let code = Code::of(character)?;
        let (size, foreign) = match prefix {
            b'@' | b'^' => (code.size(), false),
            b'=' => (code.standard_size()?, false),
            b'<' => (code.standard_size()?, cfg!(target_endian = "big")),
            b'>' | b'!' => (code.standard_size()?, cfg!(target_endian = "little")),
            _ => return None,
        };
        Some(Meaning { kind: code.kind(), size, foreign: foreign && size > 1 })
    }
}

fn without_at(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"@").unwrap_or(text)
}

/// Whether items of the two formats hold the same values in the same bytes: the texts are equal but for one
/// leading '@', or both are a single character whose kind, size and byte order agree on this machine
/// ('i' and '<i' on a little-endian one). 'B', 'b' and 'c' stay different from each other.
#[must_use]
pub fn same_layout(a: &[u8], b: &[u8]) -> bool {
    without_at(a) == without_at(b) || Meaning::of(a).is_some_and(|meaning| Meaning::of(b) == Some(meaning))
}

/// Whether the format is that of untyped bytes: 'B', 'b' or 'c' with any order prefix or none.
#[must_use]
pub fn is_byte_text(text: &[u8]) -> bool {
    matches!(*text, [b'B' | b'b' | b'c'] | [b'@' | b'=' | b'<' | b'>' | b'!' | b'^', b'B' | b'b' | b'c'])
}
