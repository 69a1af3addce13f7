//! The text of an index.

use super::super::{MV_INDEX_AT, MV_INDEX_ELLIPSIS, MV_INDEX_SLICE, mv_index, parse};
use super::{SHARE, memory::Random};
use crate::error::Error;

/// An index in one of its many spellings.
pub fn write(random: &mut Random, program: &[mv_index]) -> String {
    let blank = |random: &mut Random| ["", "", " ", "\t\n \r\x0b\x0c"][random.below(4)];
    let mut tokens: Vec<String> = Vec::new();
    let number = |random: &mut Random, value: isize, tokens: &mut Vec<String>| {
        let sign = if value < 0 { "-" } else { ["", "", "+"][random.below(3)] };
        tokens.extend([sign.into(), format!("{}", value.unsigned_abs())]);
    };
    for item in program {
        match item.kind {
            MV_INDEX_AT => number(random, item.start, &mut tokens),
            MV_INDEX_ELLIPSIS => tokens.push("...".into()),
            MV_INDEX_SLICE => {
                for (bit, value) in [(1, item.start), (2, item.stop), (4, item.step)] {
                    if bit == 2 || bit == 4 && (item.given & 4 != 0 || random.once_in(2)) {
                        tokens.push(":".into());
                    }
                    if item.given & bit != 0 {
                        number(random, value, &mut tokens);
                    } else if bit != 4 && random.once_in(6) {
                        tokens.push("None".into());
                    }
                }
            }
            _ => tokens.push(["newaxis", "None"][random.below(2)].into()),
        }
        tokens.push(",".into());
    }
    if random.once_in(2) {
        tokens.pop();
    }
    tokens.into_iter().fold(blank(random).into(), |text, token| text + &token + blank(random))
}

fn items(text: &str) -> Vec<mv_index> {
    let mut items = [mv_index::all(); 8];
    let count = parse(text.as_bytes(), &mut items).unwrap();
    items[..count].to_vec()
}

#[test]
fn examples() {
    let three = [mv_index::range(1, 3), mv_index::ellipsis(), mv_index::every(-1)];
    assert_eq!(items("1:3, ..., ::-1"), three);
    assert_eq!(items(" 1 : 3,...,:\t: - 1 ,"), three);
    assert_eq!(items(""), []);
    assert_eq!(items("  "), []);
    assert_eq!(items(":"), [mv_index::all()]);
    assert_eq!(items("::"), [mv_index::all()]);
    assert_eq!(items("None:None:None"), [mv_index::all()]);
    assert_eq!(items("None,newaxis"), [mv_index::newaxis(); 2]);
    assert_eq!(items("-0,007"), [mv_index::at(0), mv_index::at(7)]);
    assert_eq!(items("18446744073709551616"), [mv_index::at(isize::MAX)]);
    assert_eq!(items("-99999999999999999999:"), [mv_index::slice(Some(isize::MIN), None, None)]);
    assert_eq!(items(&format!("{},{}", isize::MIN, isize::MAX)).len(), 2);
    assert_eq!(items(&isize::MIN.to_string()), [mv_index::at(isize::MIN)]);
}

#[test]
fn errors_name_the_place() {
    let table = [
        (",", 0, "an index"),
        ("1,,2", 2, "an index"),
        ("1 2", 2, "a comma"),
        ("1::2::", 4, "a comma"),
        ("-", 1, "a digit"),
        ("1:+ ,", 4, "a digit"),
        ("..", 0, "an index"),
        ("....", 3, "a comma"),
        ("Nonesuch", 4, "a comma"),
        ("newaxis:2", 7, "a comma"),
        ("x", 0, "an index"),
        ("1, [2]", 3, "an index"),
        ("1.5", 1, "a comma"),
        ("1_000", 1, "a comma"),
        ("\u{e9}", 0, "an index"),
    ];
    for (text, place, what) in table {
        let mut items = [mv_index::all(); 8];
        match parse(text.as_bytes(), &mut items) {
            Err(Error::IndexText { position, expected }) => {
                assert_eq!((position, expected), (place, what), "{text}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn too_many_items_are_counted() {
    let mut items = [mv_index::all(); 2];
    let error = parse(b"1,2,3,4", &mut items).unwrap_err();
    assert!(matches!(error, Error::IndexCapacity { given: 4, capacity: 2 }), "{error}");
    assert!(matches!(parse(b"1,2,", &mut items), Ok(2)));
    assert!(matches!(parse(b"1", &mut []), Err(Error::IndexCapacity { given: 1, capacity: 0 })));
}

#[test]
fn any_bytes_are_answered() {
    let mut random = Random::new(9);
    for _ in 0..20_000 / SHARE {
        let length = random.below(12);
        let alphabet = b"0123456789+-:,. Nonewaxis\t\xff\0";
        let text: Vec<u8> = (0..length).map(|_| alphabet[random.below(alphabet.len())]).collect();
        let mut items = [mv_index::all(); 4];
        match parse(&text, &mut items) {
            Ok(count) => assert!(count <= 4),
            Err(Error::IndexText { position, .. }) => assert!(position as usize <= length),
            Err(error) => assert!(matches!(error, Error::IndexCapacity { .. }), "{error}"),
        }
    }
}
