//! Random formats by all rules: their text parses to the same values in the same bytes, and is the text of what it parses to.

use super::parse::{Parsed, parsed};
use crate::format::{Rules, Shape, Tree, same, same_nodes};

const ALL: [Rules; 3] = [Rules::Struct, Rules::Numpy, Rules::Exporter];

/// Random formats that mix everything which can stand in one.
struct Writer {
    state: u64,
    text: Vec<u8>,
}

impl Writer {
    fn format(seed: u64) -> Vec<u8> {
        let mut writer = Writer { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15), text: Vec::new() };
        writer.sequence(0);
        writer.text
    }

    /// A number below `limit`.
    fn below(&mut self, limit: usize) -> usize {
        self.state =
            self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.state >> 33).unwrap() % limit
    }

    fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn put(&mut self, choices: &[&str]) {
        let chosen = self.below(choices.len());
        self.text.extend_from_slice(choices[chosen].as_bytes());
    }

    fn sequence(&mut self, depth: usize) {
        for _ in 0..self.below(4) {
            self.item(depth);
            if self.one_in(3) {
                self.name();
            }
            if self.one_in(8) {
                self.put(&[" ", "\t "]);
            }
        }
        if self.one_in(6) {
            self.order();
        }
    }

    fn name(&mut self) {
        let names: [&[u8]; 6] = [b"a", b"b", b"", b"x }", "\u{e9}\u{1f600}".as_bytes(), b"\xE9\xFF?"];
        let chosen = names[self.below(names.len())];
        self.text.extend([b":", chosen, b":"].concat());
    }

    fn order(&mut self) {
        self.put(&["@", "@", "^", "<", ">", "=", "!"]);
    }

    fn item(&mut self, depth: usize) {
        for _ in 0..self.below(3) {
            match self.below(8) {
                0 => self.put(&["(2)", "(2,3)", "(0)", "( 1 , 2 )"]),
                1..6 => self.order(),
                _ => self.put(&[" "]),
            }
        }
        if self.one_in(4) {
            self.put(&["0", "1", "2", "3", "17"]);
        }
        match self.below(if depth < 4 { 12 } else { 8 }) {
            0..7 => self.put(&[
                "b", "c", "?", "h", "i", "i", "q", "l", "d", "f", "e", "Zf", "Zd", "F", "D", "Z", "Z", "z",
                "g", "P", "n", "O",
            ]),
            7 => self.put(&["x", "x", "s", "p", "u", "w", "t", "X{}", "X{i->d}", "X{\u{e9}{}}"]),
            8..10 => {
                self.put(&["T{"]);
                self.sequence(depth + 1);
                self.put(&["}"]);
            }
            _ => {
                self.put(&["&"]);
                self.item(depth + 1);
            }
        }
    }
}

/// Where every part of a format lies and what it is; padding, which may be written or follow from alignment, is left out.
fn outline(tree: &Tree<'_>, at: usize, lines: &mut Vec<String>) {
    let node = tree.node(at);
    let dims = tree.array(at).map(|(dims, _)| dims);
    let name = tree.name_of(at).map(<[u8]>::escape_ascii).map(|name| name.to_string());
    let aligned = node.align;
    lines.push(format!("{:?} {} {} {aligned} {dims:?} {name:?}", node.shape, node.offset, node.size));
    for (part, node) in tree.parts(at) {
        if node.shape != Shape::Pad || node.name.is_some() {
            outline(tree, part, lines);
        }
    }
    lines.push("end".into());
}

fn outlined(format: &Parsed) -> Vec<String> {
    let mut lines = Vec::new();
    outline(&format.tree(), 0, &mut lines);
    lines
}

/// The text of a format, held to what it promises.
fn check(text: &[u8], rules: Rules) -> bool {
    let Ok(first) = parsed(text, rules) else { return false };
    let (shown, printed) = (text.escape_ascii(), first.print_node(0));
    for again in ALL {
        // What struct's rules read means the same by those alone.
        if again == Rules::Numpy && rules != Rules::Numpy {
            continue;
        }
        let what = format!("{shown} by {rules:?}, printed as {}, by {again:?}", printed.escape_ascii());
        let second = parsed(&printed, again).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert!(second.print_node(0) == printed, "{what}");
        assert!(same(&first.tree(), &second.tree(), true), "{what}");
        assert_eq!(outlined(&first), outlined(&second), "{what}");
    }
    let tree = first.tree();
    for (at, node) in first.nodes().enumerate().skip(1) {
        // What no field has for its format; and padding, which is a value where it has a name alone.
        if matches!(node.shape, Shape::Repeat | Shape::Pad) {
            continue;
        }
        let printed = first.print_node(at);
        let what = format!("part {at} of {shown} by {rules:?}, printed as {}", printed.escape_ascii());
        let second = parsed(&printed, Rules::Struct).unwrap_or_else(|error| panic!("{what}: {error}"));
        let (item, offset) = second.tree().item();
        assert!(offset == 0 && same_nodes(&tree, at, &second.tree(), item, true), "{what}");
        assert!(second.print_node(0) == printed && second.tree().size() == node.size, "{what}");
    }
    true
}

#[test]
fn random_formats_are_printed_stably() {
    let cases = if cfg!(miri) { 2 } else { 10_000 };
    let read = (0..cases).filter(|seed| {
        let text = Writer::format(*seed);
        ALL.map(|rules| check(&text, rules)).contains(&true)
    });
    let read = read.count();
    assert!(read * 2 > usize::try_from(cases).unwrap(), "only {read} of {cases} texts are formats");
}

/// What has been printed in two ways.
#[test]
fn orders_inside_a_pointer_are_printed_once() {
    let texts = [
        // An exporter may give a pointer the order of the machine, no other.
        if cfg!(target_endian = "little") { "i9& T{<b:a:3x<i:b:<P:p:}" } else { "i9& T{>b:a:3x>i:b:>P:p:}" },
        "i&T{<b>h}",
        "i&T{b<}",
        "&T{<b}i",
        "<&T{@i}b",
        "i&&(2)T{>i@}",
        "T{i<}i",
        "T{<i>}@b",
        "i&T{T{<}}",
        "b&X{}",
        "b&<X{}:a:",
    ];
    for text in texts.into_iter().take(if cfg!(miri) { 1 } else { usize::MAX }) {
        for rules in ALL {
            assert!(check(text.as_bytes(), rules) || rules != Rules::Exporter, "{text}");
        }
    }
}

/// Names and signatures are bytes of any kind.
#[test]
fn names_are_printed_as_they_are() {
    for text in [&b"T{i:\xFF:h:\xFE\xC3:}"[..], b"X{\xFF}:\x80:", "T{i:\u{e9}:}".as_bytes()] {
        assert!(check(text, Rules::Struct));
        assert_eq!(parsed(text, Rules::Struct).unwrap().print_node(0), text);
    }
}
