//! Where PEP 3118 leaves something open, or exporters disagree: one test for each decision of docs/formats.md.

use super::parse::{numpy_size, parsed, size};
use crate::format::{Code, Leaf, Rules, Shape, Tree, Value, read, same};

fn is_same(a: &str, b: &str) -> bool {
    let (left, right) = (parsed(a, Rules::Struct).unwrap(), parsed(b, Rules::Struct).unwrap());
    same(&left.tree(), &right.tree(), true)
}

fn native(code: char) -> isize {
    size(&code.to_string())
}

/// What the values of the item are, and where.
fn values(text: &str) -> Vec<(String, isize)> {
    let parsed = parsed(text, Rules::Struct).unwrap();
    let tree = parsed.tree();
    let show = |name: Option<&[u8]>| String::from_utf8(name.unwrap_or(b"-").to_vec()).unwrap();
    tree.fields(tree.item().0).map(|field| (show(field.name), field.offset)).collect()
}

#[test]
fn padding_at_the_end_of_a_sequence() {
    assert_eq!(size("ix"), native('i') + 1);
    assert_eq!(size("qb"), native('q') + 1);
    assert_eq!(size("qb0q"), size("T{qb}"));
    assert_eq!(numpy_size("ix"), size("T{ix}"));
    assert_eq!(numpy_size("qi"), size("T{qi}"));
    assert_eq!(numpy_size("=qi"), 12);
}

#[test]
fn items_may_be_larger_than_their_format() {
    let fits = |text: &str, itemsize| parsed(text, Rules::Exporter).unwrap().tree().fits(itemsize);
    assert!(fits("T{<I:b:<B:a:}", 8) && fits("T{<I:b:<B:a:}", 5) && !fits("T{<I:b:<B:a:}", 4));
    // The padding that a struct would end with need not be there.
    assert!(fits("T{i:b:b:a:}", native('i') + 1) && !fits("T{i:b:b:a:}", native('i')));
}

#[test]
fn structs_are_aligned_as_in_c() {
    #[repr(C)]
    struct Inner(core::ffi::c_int, u8);
    #[repr(C)]
    struct Outer(u8, Inner, u8);
    assert_eq!(size("T{bT{ib}b}"), size_of::<Outer>().cast_signed());
    assert_eq!(size("bT{ib}b"), core::mem::offset_of!(Outer, 2).cast_signed() + 1);
    assert_eq!(size("=bT{ib}b"), 7);
}

#[test]
fn an_order_holds_until_the_next_across_braces() {
    let parsed = parsed("T{T{>i:a:h:b:}:s:h:t:}", Rules::Struct).unwrap();
    let tree = parsed.tree();
    let last = tree.field_at(tree.item().0, 1).unwrap();
    assert_eq!(last.name, Some(&b"t"[..]));
    assert_eq!(tree.is_native(last.node), cfg!(target_endian = "big"));
    assert_eq!(size("T{T{>q:a:}:s:b:t:q:u:}"), 17);
    // The order at the end of a struct, or of what is pointed to, says whether it is aligned.
    let (long, pointer) = (native('q'), native('P'));
    let aligned = align_of::<core::ffi::c_longlong>().cast_signed();
    assert_eq!(
        [size("bT{q<}"), size("b<T{@q}"), size("b&<q"), size("b<&@q")],
        [1 + long, aligned + long, 1 + pointer, 2 * pointer]
    );
}

#[test]
fn what_ctypes_says_wrongly_is_opaque() {
    let fits = |text: &str, itemsize| parsed(text, Rules::Exporter).unwrap().tree().fits(itemsize);
    assert!(!fits("T{<i:a:<i:b:}", 4), "bit-fields");
    assert!(!fits("B", 5) && !fits("B", 4), "packed structs and unions");
    assert!(!fits("<u", 4), "wchar_t");
    assert!(fits("T{<B:a:<I:b:}", 8), "missing padding cannot be seen");
}

#[test]
fn formats_are_compared_by_layout() {
    assert_eq!(is_same("l", "q"), native('l') == native('q'));
    assert_eq!(is_same("l", "i"), native('l') == native('i'));
    let own = if cfg!(target_endian = "little") { "<q" } else { ">q" };
    assert!(is_same("q", own) && is_same("=q", own) && is_same("@q", own));
    assert!(!is_same("B", "b") && !is_same("B", "c") && !is_same("P", "N") && !is_same("q", "d"));
}

#[test]
fn z_alone_is_a_pointer() {
    let code = |text: &str| {
        let parsed = parsed(text, Rules::Struct).unwrap();
        let tree = parsed.tree();
        match tree.node(tree.item().0).shape {
            Shape::Leaf(leaf) => leaf.code(),
            other => panic!("{text} is {other:?}"),
        }
    };
    assert_eq!(code("Zf"), Code::ComplexFloat);
    assert_eq!(code("<Zd"), Code::ComplexDouble);
    assert_eq!(code("Zg"), Code::ComplexLongDouble);
    assert_eq!(code("Z"), Code::WidePointer);
    assert_eq!(code("<Z"), Code::WidePointer);
    assert_eq!(values("T{<Z:a:<z:b:}").len(), 2);
    // Two values: a pointer and a short.
    assert_eq!(values("^Zh").len(), 2);
}

#[test]
fn any_bits_are_a_truth_value() {
    let leaf = Leaf::native(Code::Bool);
    for byte in 0..=255 {
        assert_eq!(read(leaf, &mut [byte]).unwrap(), Value::Bool(byte != 0));
    }
}

#[test]
fn counts_make_values_strings_and_arrays() {
    let shape = |text: &str, rules| {
        let parsed = parsed(text, rules).unwrap();
        let tree: Tree<'_> = parsed.tree();
        (tree.node(tree.item().0).shape, tree.field_count(tree.item().0))
    };
    let record = Shape::Record { braces: false };
    assert_eq!(shape("ccc", Rules::Struct), (record, 3));
    assert_eq!(shape("3c", Rules::Struct), (record, 3));
    assert_eq!(shape("3c", Rules::Numpy), (Shape::Array, 0));
    assert_eq!(shape("(3)c", Rules::Struct), (Shape::Array, 0));
    assert!(matches!(shape("3s", Rules::Struct), (Shape::Leaf(leaf), 0) if leaf.size() == 3));
    assert_eq!(values("T{3h:a:}").len(), 1, "a name names one thing");
    assert!(is_same("ccc", "3c") && !is_same("3c", "(3)c") && !is_same("3c", "3s"));
}

#[test]
fn names_are_free_but_for_colons() {
    let names = |text| values(text).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(names("T{i:a:i:a:i::i}"), ["a", "a", "", "-"]);
    assert_eq!(names("T{i:}{:i: x :}"), ["}{", " x "]);
    let parsed = parsed("T{i:a:i:a:}", Rules::Struct).unwrap();
    assert_eq!(
        parsed.tree().named(parsed.tree().item().0, b"a").unwrap().offset,
        0,
        "the first of equal names"
    );
}

#[test]
fn white_space_stands_between_but_not_within() {
    assert_eq!(size(" T{ < i :a: \t( 2 , 3 ) \n h } "), 16);
    assert_eq!(size("2 i"), 2 * native('i'));
    for text in ["1 2i", "(1 2)i", "T {i}", "X {}"] {
        assert!(parsed(text, Rules::Struct).is_err(), "{text}");
    }
    assert_eq!(values("T{i: a :}")[0].0, " a ");
}

#[test]
fn what_is_opened_must_be_closed() {
    for text in ["T{i", "T{T{i}", "T{i:a", "(2", "X{", "X{i->d", "T{i}}", "}"] {
        assert!(parsed(text, Rules::Struct).is_err(), "{text}");
        assert!(parsed(text, Rules::Numpy).is_err(), "{text}");
    }
}

#[test]
fn depth_and_size_are_limited() {
    assert!(parsed(&("T{".repeat(65) + &"}".repeat(65)), Rules::Struct).is_err());
    assert!(parsed(&("T{".repeat(64) + &"}".repeat(64)), Rules::Struct).is_ok());
    assert!(parsed(&format!("{}xx", isize::MAX), Rules::Struct).is_err());
    assert_eq!(size(&format!("{}x", isize::MAX)), isize::MAX);
}

/// ctypes writes an order in front of types that have no size in it.
#[test]
fn exporters_may_give_orders_to_native_types() {
    let own = if cfg!(target_endian = "little") { '<' } else { '>' };
    let other = if cfg!(target_endian = "little") { '>' } else { '<' };
    for code in ["P", "g", "Zg", "n", "N"] {
        assert!(parsed(&format!("{own}{code}"), Rules::Struct).is_err());
        assert!(parsed(&format!("{other}{code}"), Rules::Exporter).is_err());
        let text = format!("T{{{own}b:a:{own}{code}:b:{own}b:c:}}");
        let lenient = parsed(&text, Rules::Exporter).unwrap();
        assert_eq!(lenient.tree().size(), size(&format!("^{code}")) + 2);
        let printed = lenient.print();
        assert!(same(&lenient.tree(), &parsed(&printed, Rules::Struct).unwrap().tree(), true), "{printed}");
    }
}
