//! Texts, parsed: sizes against struct and NumPy, canonical texts, errors with their positions.

use core::fmt::{self, Write};

use crate::{
    error::{Error, Result},
    format::{Node, Out, Rules, Tree, parse, print, same},
};

/// A text that need not be UTF-8.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Write for Bytes {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.write_bytes(piece.as_bytes())
    }
}

impl Out for Bytes {
    fn write_bytes(&mut self, bytes: &[u8]) -> fmt::Result {
        self.0.extend_from_slice(bytes);
        Ok(())
    }
}

pub(super) struct Parsed {
    text: Vec<u8>,
    nodes: Vec<Node>,
    dims: Vec<isize>,
}

impl Parsed {
    pub(super) fn tree(&self) -> Tree<'_> {
        Tree::new(&self.text, &self.nodes, &self.dims)
    }

    pub(super) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    pub(super) fn print(&self) -> String {
        String::from_utf8(self.print_node(0)).unwrap()
    }

    pub(super) fn print_node(&self, at: usize) -> Vec<u8> {
        let mut text = Bytes::default();
        print(&self.tree(), at, &mut text).unwrap();
        text.0
    }
}

pub(super) fn parsed(text: &(impl AsRef<[u8]> + ?Sized), rules: Rules) -> Result<Parsed> {
    let text = text.as_ref();
    let needs = parse(text, rules, &mut [], &mut [])?;
    let mut parsed =
        Parsed { text: text.into(), nodes: vec![Node::EMPTY; needs.nodes], dims: vec![0; needs.dims] };
    let again = parse(text, rules, &mut parsed.nodes, &mut parsed.dims)?;
    assert_eq!(again, needs, "{}: measured and filled", text.escape_ascii());
    Ok(parsed)
}

pub(super) fn size(text: &str) -> isize {
    parsed(text, Rules::Struct).unwrap_or_else(|error| panic!("{text}: {error}")).tree().size()
}

pub(super) fn numpy_size(text: &str) -> isize {
    parsed(text, Rules::Numpy).unwrap().tree().size()
}

/// Examples 119 to 121, and what NumPy and ctypes write. Alignments are those of x86-64 and its like.
#[test]
#[cfg(all(target_pointer_width = "64", not(windows)))]
fn sizes_are_those_of_struct() {
    let long_double = size_of::<[u8; 16]>().cast_signed();
    for (text, expected) in [
        ("", 0),
        ("i", 4),
        ("3s", 3),
        ("bq", 16),
        ("qb", 9),
        ("qb0q", 16),
        ("ix", 5),
        ("ix0i", 8),
        ("=cI", 5),
        ("cI", 8),
        ("i0q", 8),
        ("0s", 0),
        ("0i", 0),
        ("5x", 5),
        ("3i", 12),
        ("b3i", 16),
        ("T{B:a:3xI:b:}", 8),
        ("Zd", 16),
        ("Zf", 8),
        ("(2,3)d", 48),
        ("g", long_double),
        ("Zg", 2 * long_double),
        ("T{<B:a:<I:b:}", 5),
        ("T{I:b:B:a:}", 8),
        ("bT{i:a:b:b:}", 12),
        ("3T{ib}", 24),
        ("&i", 8),
        ("X{}", 8),
        ("X{ii->d}", 8),
        ("<X{}", 8),
        ("9t", 2),
        ("0t", 0),
        ("3u", 6),
        ("3w", 12),
        ("O", 8),
        ("z", 8),
        ("Z", 8),
        ("<z", 8),
        ("<O", 8),
        (" i\t i ", 8),
        ("< i", 4),
        ("(2) 3 i", 24),
        ("T{}", 0),
        ("^bi", 5),
        ("@b^i", 5),
        ("T{>i:a:@i:b:}", 8),
        ("@", 0),
        ("T{i:a:b:b:=i:c:}", 9),
        ("(0)i", 0),
        ("(2,0)q", 0),
        ("D", 16),
        ("F", 8),
    ] {
        assert_eq!(size(text), expected, "{text}");
    }
    for (text, expected) in [
        ("ix", 8),
        ("qi", 16),
        ("bq", 16),
        ("3i", 12),
        ("=ix", 5),
        ("ccc", 3),
        ("T{I:b:B:a:}", 8),
        ("i<b", 5),
    ] {
        assert_eq!(numpy_size(text), expected, "{text}");
    }
}

#[test]
fn texts_are_printed_canonically() {
    let own = if cfg!(target_endian = "little") { '<' } else { '>' };
    for (text, expected) in [
        ("i", "i".into()),
        ("@i", "i".into()),
        ("=i", format!("{own}i")),
        ("!i", ">i".into()),
        (" 3 i ", "3i".into()),
        ("(2, 3)d", "(2,3)d".into()),
        ("3(2)d", "(3,2)d".into()),
        ("(2)(2,3)>i", "(2,2,3)>i".into()),
        ("T{(2)3x:a:}", "T{(2)3x:a:}".into()),
        ("(2)3d", "(2,3)d".into()),
        ("(2)1d", "(2)d".into()),
        ("<(2)d", "(2)<d".into()),
        ("3>h", ">3h".into()),
        ("<3h", "<3h".into()),
        ("2T{<h}", "2T{<h}".into()),
        ("D", "Zd".into()),
        ("T{i:a:T{>h:b:}:c:l}", "T{i:a:T{>h:b:}:c:l}".into()),
        ("T{3i:a:}", "T{(3)i:a:}".into()),
        ("1s", "s".into()),
        ("12s", "12s".into()),
        ("&<T{i}", "<&T{i}".into()),
        ("X{i->d}:f:", "X{i->d}:f:".into()),
        ("T{<i@}", "T{<i@}".into()),
        ("Z1g", "Z@g".into()),
        ("<2Z 1d", "<2Z<d".into()),
        ("Z:a:d", "Z:a:d".into()),
        ("<&&i&T{@i}", "<&&i@&T{i}".into()),
        ("T{>i<}", "T{>i}".into()),
        ("T{i<}", "T{i^}".into()),
        ("&T{i<}", "^&T{@i^}".into()),
        ("i^&T{<b:a:>i:b:}", "i<&T{b:a:>i:b:}".into()),
        ("Z3d(2)dZT{d}", "Z3d(2)dZT{d}".into()),
        ("2x", "2x".into()),
        ("", String::new()),
    ] {
        let first = parsed(text, Rules::Struct).unwrap();
        let printed = first.print();
        let expected: String = expected;
        let second = parsed(&printed, Rules::Struct).unwrap_or_else(|error| panic!("{printed}: {error}"));
        assert!(same(&first.tree(), &second.tree(), true), "{text} and {printed}");
        assert_eq!(second.print(), printed, "{text}");
        assert_eq!(printed, expected, "{text}");
    }
}

/// The padding that NumPy's rules imply is written down, so that the text means the same by either rules.
#[test]
fn texts_mean_the_same_by_either_rules() {
    for text in ["ix", "qi", "3i", "iT{qb}b", "=ix", "(2)ib", "T{ib}", "4si", "3s", "b<i@", "i0q", "qb>"] {
        for rules in [Rules::Struct, Rules::Numpy] {
            let first = parsed(text, rules).unwrap();
            let printed = first.print();
            for again in [Rules::Struct, Rules::Numpy] {
                let second = parsed(&printed, again).unwrap();
                // A count makes values by struct's rules alone; and those add no padding, which NumPy's then would.
                if rules == Rules::Numpy || again == Rules::Struct {
                    assert!(same(&first.tree(), &second.tree(), true), "{text} and {printed}");
                    assert_eq!(first.tree().size(), second.tree().size(), "{text} and {printed}");
                }
            }
        }
    }
}

#[test]
fn faults_have_a_place() {
    let positions = [
        ("T{i", 3, "}"),
        ("i:", 2, ":"),
        ("(", 1, "extent"),
        ("2", 1, "type"),
        ("()i", 1, "extent"),
        ("i\0", 1, "item"),
        ("}", 0, "closes"),
        ("i}", 1, "closes"),
        ("(2,i", 3, "extent"),
        ("(-1)i", 1, "extent"),
        ("(2", 2, ")"),
        ("T{i:a", 5, ":"),
        (":a:", 0, "item"),
        ("&", 1, "type"),
        ("X{", 2, "}"),
        ("X", 1, "{"),
        ("Ti", 1, "{"),
        ("<n", 1, "standard"),
        (">P", 1, "standard"),
        ("=g", 1, "standard"),
        ("<Zg", 1, "standard"),
        ("k", 0, "item"),
        ("2k", 1, "type"),
        ("2 3i", 2, "count"),
        ("(2)4(3)i", 4, "shape"),
        ("ik", 1, "item"),
    ];
    for (text, position, word) in positions {
        let error = parsed(text, Rules::Struct).err().unwrap_or_else(|| panic!("{text} parses"));
        let detail = error.detail();
        assert_eq!(detail.status, crate::error::mv_status::MV_E_FORMAT as i32, "{text}: {error}");
        assert_eq!(detail.position, position, "{text}: {error}");
        assert!(error.to_string().contains(word), "{text}: {error}");
    }
    // At the digit that is too much.
    let digits = if usize::BITS == 64 { 18 } else { 9 };
    assert!(matches!(
        parsed("99999999999999999999x", Rules::Struct),
        Err(Error::FormatOverflow { position }) if position == digits
    ));
    assert!(matches!(parsed("9223372036854775807d", Rules::Struct), Err(Error::FormatOverflow { .. })));
    assert!(matches!(parsed("(4294967296,4294967296)d", Rules::Struct), Err(Error::FormatOverflow { .. })));
    assert_eq!(size("(4096,0,4)d"), 0);
    // Under Miri no more than it takes to go beyond a limit.
    let far = if cfg!(miri) { 100 } else { 10_000 };
    let deep = "T{".repeat(far);
    assert!(matches!(parsed(&deep, Rules::Struct), Err(Error::FormatLimit { limit: 64, position: 130, .. })));
    let pointers = "&".repeat(far);
    assert!(matches!(parsed(&pointers, Rules::Struct), Err(Error::FormatLimit { limit: 64, .. })));
    let nested = "T{".repeat(64) + "i" + &"}".repeat(64);
    assert_eq!(size(&nested), 4);
    let wide = format!("({}1)i", "1,".repeat(64));
    assert!(matches!(parsed(&wide, Rules::Struct), Err(Error::FormatLimit { limit: 64, .. })));
    if !cfg!(miri) {
        assert!(matches!(
            parsed(&"i".repeat(65536), Rules::Struct),
            Err(Error::FormatLimit { limit: 65535, .. })
        ));
        assert_eq!(size(&"i".repeat(65535)), 4 * 65535);
    }
}

#[test]
fn fields_are_values() {
    let names = |text: &str| {
        let parsed = parsed(text, Rules::Struct).unwrap();
        let tree = parsed.tree();
        let (item, _) = tree.item();
        let all: Vec<_> = tree.fields(item).collect();
        assert_eq!(tree.field_count(item), all.len(), "{text}");
        for (number, field) in all.iter().enumerate() {
            let single = tree.field_at(item, number).unwrap();
            assert_eq!((single.node, single.offset), (field.node, field.offset), "{text}");
        }
        assert!(tree.field_at(item, all.len()).is_none());
        let show = |name: Option<&[u8]>| String::from_utf8(name.unwrap_or(b"-").to_vec()).unwrap();
        all.iter().map(|field| format!("{}@{}", show(field.name), field.offset)).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names("=ii"), "-@0 -@4");
    assert_eq!(names("=h3xh"), "-@0 -@5");
    assert_eq!(names("=3hb"), "-@0 -@2 -@4 -@6");
    assert_eq!(names("T{=3h:a:2x:pad:b:b:4x}"), "a@0 pad@6 b@8");
    assert_eq!(names("i"), "");
    assert_eq!(names("=2T{hb}"), "-@0 -@3");
    assert_eq!(names("T{(2,2)h::h:x:}"), "@0 x@8");
}

#[test]
fn formats_are_compared_by_what_they_mean() {
    let is = |a: &str, b: &str, names: bool| {
        let (left, right) = (parsed(a, Rules::Struct).unwrap(), parsed(b, Rules::Struct).unwrap());
        let answer = same(&left.tree(), &right.tree(), names);
        assert_eq!(answer, same(&right.tree(), &left.tree(), names), "{a} and {b}");
        answer
    };
    assert!(is("iii", "3i", true) && is("i", "1i", true) && is(" i", "i", true) && is("ix", "i", true));
    assert!(is("T{i:a:}", "T{i:b:}", false) && !is("T{i:a:}", "T{i:b:}", true));
    assert!(!is("=T{i:a:h:b:}", "T{=i:a:2s:b:}", true));
    assert!(is("T{b:a:3xi:b:}", "T{b:a:i:b:}", true) == (align_of::<core::ffi::c_int>() == 4));
    assert!(!is("i", "T{i}", true) && !is("ii", "(2)i", true) && is("(2,3)i", "2(3)i", true));
    assert!(is("&i", "&i", true) && !is("&i", "&h", true) && !is("&i", "P", true));
    assert!(is("X{i->d}", "X{i->d}", true) && !is("X{i->d}", "X{}", true) && is("4t", "4t", true));
    assert!(!is("<i", ">i", true) && is("<2s", ">2s", true) && is("T{<b:a:}", "T{>b:a:}", true));
    assert!(!is("(2)T{ix}", "(2)T{i}", true) || size("T{ix}") == size("T{i}"));
}

#[test]
fn values_without_bytes_are_few() {
    assert_eq!(size("(65535)0sB"), 1);
    for text in ["(65536)0sB", "65536T{}B", "(300)T{(300)T{}}B", "(65536,0)i", "(0)(65536)i"] {
        let error = parsed(text, Rules::Struct).map(|_| ()).unwrap_err();
        assert!(matches!(error, Error::FormatLimit { limit: 65535, .. }), "{text}: {error}");
    }
}
