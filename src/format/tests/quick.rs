//! The quick way of the parser against the general one, which takes every item that has white space behind its type.

use std::fmt::Write as _;

use super::parse::parsed;
use crate::format::{Rules, quick_needs};

const TYPES: &[u8] = b"cbB?hHiIlLqQnNefdgFDGPOzuwspxt";

/// What a text is parsed to, or its error without the position, which the white space moves.
fn outcome(text: &str, rules: Rules) -> String {
    match parsed(text, rules) {
        Ok(parsed) => format!("{:?} {:?}", parsed.tree().nodes, parsed.tree().dims),
        Err(error) => {
            let text = format!("{error}");
            text.split(" at offset").next().unwrap().to_owned()
        }
    }
}

fn check(items: &[(&str, &str, u8)]) {
    let write = |behind: &str| {
        let mut text = String::new();
        for (order, count, kind) in items {
            write!(text, "{order}{count}{}{behind}", char::from(*kind)).unwrap();
        }
        text
    };
    let (quick, general) = (write(""), write(" "));
    for rules in [Rules::Struct, Rules::Numpy, Rules::Exporter] {
        if let (Some(found), Ok(wanted)) = (quick_needs(quick.as_bytes(), rules), parsed(&quick, rules)) {
            assert_eq!(found, (wanted.tree().nodes.len(), wanted.tree().dims.len()), "'{quick}', {rules:?}");
        }
        assert_eq!(outcome(&quick, rules), outcome(&general, rules), "'{quick}' and '{general}', {rules:?}");
    }
}

#[test]
fn all_items_are_as_the_general_way_has_them() {
    let orders = ["", "@", "<", ">", "^"];
    let counts = ["", "0", "1", "2", "3", "017", "9223372036854775807", "9223372036854775808"];
    let (step, kinds) = if cfg!(miri) { (5, 31) } else { (1, 1) };
    for order in orders.into_iter().step_by(step) {
        for count in counts.into_iter().step_by(step) {
            for kind in TYPES.iter().step_by(kinds) {
                // Behind another item, where it is aligned and may overflow, and in front of one.
                check(&[("", "", b'c'), (order, count, *kind), ("", "", b'd')]);
                if cfg!(miri) {
                    continue;
                }
                check(&[(order, count, *kind)]);
                check(&[("", "9223372036854775800", b's'), (order, count, *kind)]);
            }
        }
    }
}

#[test]
fn values_without_bytes_are_counted_by_the_general_way() {
    check(&[("", "0", b'i'), ("", "40000", b's'), ("", "0", b'd')]);
    assert_eq!(outcome("70000(0)i", Rules::Struct), outcome("70000 (0) i ", Rules::Struct));
}

#[test]
fn the_space_of_what_is_usual_is_counted_and_of_the_rest_it_is_not() {
    assert_eq!(quick_needs(b"<i2xf3d10s", Rules::Struct), Some((7, 3)));
    assert_eq!(quick_needs(b"01i", Rules::Exporter), Some((2, 1)));
    for text in ["T{i}", "(2)i", "i:x:", "i i", "3<i", "Zd", "&i", "?;"] {
        assert_eq!(quick_needs(text.as_bytes(), Rules::Struct), None, "'{text}'");
    }
    assert_eq!(quick_needs(b"2i", Rules::Numpy), None);
}
