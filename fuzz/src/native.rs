//! What the texts of formats mean, written down by hand.

use std::ffi::{CStr, c_int, c_long, c_longlong, c_short};

/// Every native single character and the bytes of its item.
pub const NATIVE: [(&CStr, isize); 18] = [
    (c"B", 1),
    (c"b", 1),
    (c"c", 1),
    (c"?", 1),
    (c"h", size_of::<c_short>() as isize),
    (c"H", size_of::<c_short>() as isize),
    (c"e", 2),
    (c"i", size_of::<c_int>() as isize),
    (c"I", size_of::<c_int>() as isize),
    (c"f", 4),
    (c"l", size_of::<c_long>() as isize),
    (c"L", size_of::<c_long>() as isize),
    (c"q", size_of::<c_longlong>() as isize),
    (c"Q", size_of::<c_longlong>() as isize),
    (c"d", 8),
    (c"n", size_of::<usize>() as isize),
    (c"N", size_of::<usize>() as isize),
    (c"P", size_of::<usize>() as isize),
];

/// Formats of more than one character, with the bytes of their items.
pub const LONGER: [(&CStr, isize); 6] =
    [(c"3s", 3), (c"T{h:a:h:b:}", 4), (c"5s", 5), (c"<i", 4), (c"12x", 12), (c"T{d:re:d:im:}", 16)];

/// The bytes of an item of a native single character, with a leading '@' or without.
pub fn size(text: &[u8]) -> Option<isize> {
    let text = text.strip_prefix(b"@").unwrap_or(text);
    NATIVE.iter().find(|(known, _)| known.to_bytes() == text).map(|(_, size)| *size)
}

/// What a single character with or without an order means: the kind of number, its size, and whether its bytes
/// stand in the other order than this machine's.
fn meaning(text: &[u8]) -> Option<(&'static str, isize, bool)> {
    const KINDS: [(&str, &[u8]); 6] = [
        ("signed", b"bhilqn"),
        ("unsigned", b"BHILQN"),
        ("float", b"efd"),
        ("char", b"c"),
        ("truth", b"?"),
        ("address", b"P"),
    ];
    let (order, code) = match *text {
        [code] => (b'@', code),
        [order, code] => (order, code),
        _ => return None,
    };
    let (kind, _) = KINDS.iter().find(|(_, codes)| codes.contains(&code))?;
    let standard = match code {
        b'b' | b'B' | b'c' | b'?' => Some(1),
        b'h' | b'H' | b'e' => Some(2),
        b'i' | b'I' | b'l' | b'L' | b'f' => Some(4),
        b'q' | b'Q' | b'd' => Some(8),
        _ => None,
    };
    let size = match order {
        b'@' | b'^' => size(&[code])?,
        b'=' | b'<' | b'>' | b'!' => standard?,
        _ => return None,
    };
    let big = matches!(order, b'>' | b'!');
    let foreign = if cfg!(target_endian = "big") { order == b'<' } else { big };
    Some((kind, size, foreign && size > 1))
}

/// Whether the table says what a text means.
pub fn is_known(text: &[u8]) -> bool {
    meaning(text).is_some()
}

/// Whether two formats hold the same values in the same bytes.
pub fn alike(a: &[u8], b: &[u8]) -> bool {
    let plain = |text: &[u8]| text.strip_prefix(b"@").unwrap_or(text).to_vec();
    plain(a) == plain(b) || meaning(a).is_some_and(|meant| Some(meant) == meaning(b))
}

/// Whether the format is one of untyped bytes.
pub fn is_bytes(text: &[u8]) -> bool {
    meaning(text).is_some_and(|(.., size, _)| size == 1) && !text.ends_with(b"?")
}
