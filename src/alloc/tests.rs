//! Texts that are cut.

use super::{TEXT_CAPACITY, Text};

fn written(pieces: &[&str]) -> Text {
    Text::write(|text| pieces.iter().for_each(|piece| text.write_str(piece).unwrap()))
}

/// A text that was cut is the beginning of the whole, however it came in pieces.
#[test]
fn nothing_follows_a_cut() {
    let long = "x".repeat(TEXT_CAPACITY - 1);
    assert_eq!(written(&[&long, "y", "z"]).as_str(), long.clone() + "y");
    for wide in ["\u{20ac}", "\u{e9}", "\u{1f600}"].into_iter().take(if cfg!(miri) { 1 } else { 3 }) {
        assert_eq!(written(&[&long, wide, "y"]).as_str(), long);
        assert_eq!(written(&[&(long.clone() + wide + "y"), "z"]).as_str(), long);
        assert_eq!(
            written(&[&long[wide.len() - 1..], wide, "y"]).as_str(),
            long[wide.len() - 1..].to_owned() + wide
        );
    }
}
