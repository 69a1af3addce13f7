//! `c-tests/test_item_format.c`: items of every format, and views as text; beyond it, how long the format of an item lives.

use std::{
    ffi::{CStr, c_int, c_short},
    ptr,
    sync::Mutex,
};

use memview::{
    error::mv_status::*,
    ffi::{
        MV_ARRAY, MV_COMPLEX, MV_INT, MV_RECORD, MV_TEXT, mv_scalar, mv_scalar_complex, mv_scalar_value,
        mv_view,
    },
    object::flags::MV_FULL,
};

use crate::{
    arguments::*,
    calls::*,
    crowd::{CROWD, Shared, crowd, rounds},
    fixtures::*,
    formats::*,
    harness::*,
};

const ALL: usize = usize::MAX;
const FIRST: &[isize] = &[0];

/// The text of a view, in room of just its size.
#[track_caller]
fn printed(view: *const mv_view, limit: usize) -> String {
    let mut length = 0;
    ok!(mv_view_text(view, limit, ptr::null_mut(), 0, &raw mut length));
    let (mut bytes, asked) = (vec![0x77; length + 1], length);
    ok!(mv_view_text(view, limit, bytes.as_mut_ptr().cast(), bytes.len(), &raw mut length));
    assert_eq!((length, bytes.pop()), (asked, Some(0)));
    String::from_utf8(bytes).expect("UTF-8")
}

/// The text of these bytes as so many items of a format.
#[track_caller]
fn prints<const COUNT: usize>(format: &CStr, items: isize, bytes: [u8; COUNT], expected: &str) {
    let memory = placed(bytes);
    let view = wrapped(memory.address(), format, &[items]);
    assert_eq!(printed(view, ALL), expected);
    drop_views([view]);
}

#[test]
fn acceptance_053_items_in_any_byte_order() {
    let (little, native) = (placed([0xfe_u8, 0xff, 0xff, 0xff]), placed(-2 as c_int));
    let big = placed([0xff_u8, 0xff, 0xff, 0xfe]);
    let places = [(c"<i", little.address()), (c">i", big.address())];
    for (format, memory) in places.into_iter().chain([c"1i", c" i"].map(|own| (own, native.address()))) {
        let view = wrapped(memory, format, &[1]);
        let item = got(view, FIRST);
        assert_eq!((item.kind, whole(&item), get_i64(view, FIRST)), (MV_INT, -2, -2), "{format:?}");
        let before = read(view);
        set_i64(view, FIRST, 0);
        ok!(mv_view_set(view, FIRST.as_ptr(), 1, &raw const item));
        assert_eq!(read(view), before);
        drop_views([view]);
    }
    prints(c"<i", 2, [1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff], "[1, -2]");
    prints(c">i", 2, [0, 0, 0, 1, 0xff, 0xff, 0xff, 0xfe], "[1, -2]");
    prints(c"!1H", 1, [1, 2], "[258]");
    prints(c" <h", 1, [1, 2], "[513]");
    prints(c"<d", 1, [0, 0, 0, 0, 0, 0, 0xf8, 0x3f], "[1.5]");
    prints(c">f", 1, [0xbd, 0xcc, 0xcc, 0xcd], "[-0.10000000149011612]");
}

#[test]
fn acceptance_054_sequences_are_tuples() {
    let memory = placed([1, 2 as c_int]);
    let view = wrapped(memory.address(), c"ii", &[1]);
    assert_eq!(printed(view, ALL), "[(1, 2)]");
    let item = got(view, FIRST);
    // SAFETY: the kind names the member.
    assert_eq!((item.kind, unsafe { item.r#as.bytes.length }), (MV_RECORD, size_of::<[c_int; 2]>()));
    assert_eq!(call!(mv_format_field_count(item.format)), 2);
    let values = [c"[0]", c"[1]"].map(|path| part(&item, path));
    assert_eq!(values.map(|value| (value.kind, whole(&value))), [(MV_INT, 1), (MV_INT, 2)]);
    let mut third = item;
    fails!(mv_scalar_field(&raw const item, c"[2]".as_ptr(), &raw mut third), MV_E_NOT_FOUND);
    drop_views([view]);
}

#[test]
fn acceptance_067_formats_of_one_layout_are_copied() {
    let (little, other) = (placed([1_u8, 0, 0, 0]), placed([0_u8; 4]));
    let from = |format, items| wrapped(little.address(), format, &[items]);
    let to = |format, items| wrapped(other.address(), format, &[items]);
    let (native, same, unsigned) = (from(c"i", 1), to(if IS_LITTLE { c"<i" } else { c">i" }, 1), to(c"I", 1));
    ok!(mv_view_copy(same, native));
    assert_eq!(other.get(), little.get());
    fails!(mv_view_copy(unsigned, native), MV_E_FORMAT);
    fails!(mv_view_copy(native, unsigned), MV_E_FORMAT);
    let (signs, chars, bytes) = (from(c"b", 4), from(c"c", 4), to(c"B", 4));
    other.set([7; 4]);
    fails!(mv_view_copy(bytes, signs), MV_E_FORMAT);
    fails!(mv_view_copy(bytes, chars), MV_E_FORMAT);
    assert_eq!(other.get(), [7; 4]);
    let made = cast(chars, c"B").made(); // they are to be cast first
    ok!(mv_view_copy(bytes, made));
    assert_eq!(other.get(), little.get());
    let (named, nameless) = (from(c"T{=h:x:=h:y:}", 1), to(c"=hh", 1));
    ok!(mv_view_copy(nameless, named));
    drop_views([native, same, unsigned, signs, chars, bytes, made, named, nameless]);
}

#[test]
fn acceptance_076_casts_between_formats() {
    let memory = placed([0x3f80_0000_u32, 0]);
    let view = wrapped(memory.address(), c"I", &[2]);
    let (same, floats) = (cast(view, c"I").made(), cast(view, c"f").made());
    assert_eq!(items(same), [0x3f80_0000, 0]);
    assert_eq!(printed(floats, ALL), "[1.0, 0.0]");
    drop_views([view, same, floats]);
}

#[test]
fn acceptance_079_casts_to_any_format() {
    let memory = placed([1_u8, 0, 2, 0]);
    let view = wrapped(memory.address(), c"B", &[4]);
    let [pairs, words, none] = [c"BB", c"<H", c"x"].map(|format| cast(view, format).made());
    let [whole, bytes] = [c"=I", c"s"].map(|format| cast(view, format).made());
    assert_eq!((text(buffer_of(whole).format).as_deref(), shape(whole)), (Some("=I"), vec![1]));
    assert_eq!(printed(bytes, ALL), r"[b'\x01', b'\x00', b'\x02', b'\x00']");
    let all = cast_to(view, c"4s", &[]).made();
    assert_eq!(printed(pairs, ALL), "[(1, 0), (2, 0)]");
    assert_eq!(text(buffer_of(pairs).format).as_deref(), Some("BB"));
    assert_eq!(printed(words, ALL), "[1, 2]");
    assert_eq!(printed(all, ALL), "b'\\x01\\x00\\x02\\x00'");
    assert_eq!(shape(none), [4]);
    cast(view, c"").refused(MV_E_FORMAT);
    cast(view, c"@").refused(MV_E_FORMAT);
    cast(view, c"3s").refused(MV_E_TYPE);
    drop_views([pairs, words, whole, bytes, all, none, view]);
}

/// What a cast made keeps its format's text, however long its family lives.
#[test]
fn formats_outlive_the_cast() {
    let memory = placed([1_u8, 2, 3, 4, 5, 6, 7, 8]);
    let view = wrapped(memory.address(), c"B", &[8]);
    let made = cast(view, &c_text("T{B:a:>H:b:x}")).made();
    let part = sliced(made, c"1:");
    let own = reexport(part).made();
    let buffer = acquire(as_object(own), MV_FULL);
    drop_views([view, made, part, own]);
    assert_eq!(text(buffer.format).as_deref(), Some("T{B:a:>H:b:x}"));
    release(buffer);
}

#[test]
fn acceptance_084_structs_as_bytes() {
    const ITEM: [u8; 8] = [0xff, 0x5a, 0x5a, 0x5a, 0, 0, 0, 0]; // the padding, too
    let memory = placed([ITEM; 2]);
    let view = wrapped(memory.address(), c"T{b:a:i:b:}", &[2]);
    let bytes = cast(view, c"B").made();
    assert_eq!(shape(bytes), [16]);
    assert_eq!(read(bytes), [ITEM; 2].concat());
    drop_views([view, bytes]);
}

#[test]
fn acceptance_091_lists_without_items() {
    let lists: [(&[isize], &str); 4] =
        [(&[2, 0], "[[], []]"), (&[0, 2], "[]"), (&[2, 0, 3], "[[], []]"), (&[], "0")];
    for (shape, expected) in lists {
        let view = numbered(c"B", shape, C);
        assert_eq!(printed(view, 10), expected);
        drop_views([view]);
    }
}

#[test]
fn values_as_python_prints_them() {
    let floats =
        placed([0.1, -0.0, 1e16, 1e15, 123_456_789_012_345_680.0, 1e-4, 1e-5, 5e-324, 1e22, 100.0, 1.5e300]);
    let view = wrapped(floats.address(), c"d", &[11]);
    assert_eq!(
        printed(view, 20),
        "[0.1, -0.0, 1e+16, 1000000000000000.0, 1.2345678901234568e+17, 0.0001, 1e-05, 5e-324, 1e+22, 100.0, \
         1.5e+300]"
    );
    let complex = placed([1.0, 2.0, 0.0, -1.5, -0.0, 0.5]);
    let pairs = wrapped(complex.address(), c"Zd", &[3]);
    assert_eq!(printed(pairs, 20), "[(1+2j), -1.5j, (-0+0.5j)]");
    drop_views([view, pairs]);
    prints(c"?", 2, [0, 7], "[False, True]");
    prints(c"c", 4, [b'a', b'\'', b'\n', 0xff], "[b'a', b\"'\", b'\\n', b'\\xff']");
    prints(c"4p", 1, [2, b'a', b'b', b'c'], "[b'ab']");
    prints(c"<2u", 1, [0xe9, 0, 0, 0], "['\u{e9}']");
    prints(c">w", 1, [0, 1, 0xf6, 0], "['\u{1f600}']");
    prints(c"<2u", 1, [0, 0xd8, b'a', 0], "['\\ud800a']");
    prints(c"T{B:a:(2)B:b:T{B:c:}:d:}", 1, [1, 2, 3, 4], "[(1, [2, 3], (4,))]");
    prints(c"3t", 1, [5], "[b'\\x05']");
    prints(c"e", 1, 0x3c00_u16.to_ne_bytes(), "[1.0]");
}

#[test]
fn long_views_show_their_ends() {
    let (view, table) = (numbered(c"i", &[100], C), numbered(c"i", &[8, 2], C));
    let ends = "[0, 1, 2, ..., 97, 98, 99]";
    assert_eq!(printed(view, 10), ends);
    assert_eq!(printed(table, 15), "[[0, 1], [2, 3], [4, 5], ..., [10, 11], [12, 13], [14, 15]]");
    assert_eq!(printed(table, 16), "[[0, 1], [2, 3], [4, 5], [6, 7], [8, 9], [10, 11], [12, 13], [14, 15]]");
    let (mut cut, mut length) = (*b"xxxxxxxxx", 0);
    ok!(mv_view_text(view, 10, cut.as_mut_ptr().cast(), 8, &raw mut length));
    assert_eq!((&cut, length), (b"[0, 1, \0x", ends.len()));
    drop_views([view, table]);
}

fn utf8(text: &[u8]) -> mv_scalar {
    mv_scalar { kind: MV_TEXT, ..scalar_bytes(text) }
}

fn complex(re: f64, im: f64) -> mv_scalar {
    let c = mv_scalar_complex { re, im };
    mv_scalar { kind: MV_COMPLEX, r#as: mv_scalar_value { c }, ..scalar_int(0) }
}

#[test]
fn values_go_into_items_of_every_format() {
    let set = |view, value: &mv_scalar| ok!(mv_view_set(view, FIRST.as_ptr(), 1, &raw const *value));
    let refuse = |view, value: &mv_scalar, status| {
        fails!(mv_view_set(view, FIRST.as_ptr(), 1, &raw const *value), status)
    };
    let memory = placed([0_u8; 8]);
    let one = |format| wrapped(memory.address(), format, &[1]);

    let view = one(c">i");
    set(view, &scalar_int(0x0102));
    assert_eq!(memory.get()[..4], [0, 0, 1, 2]);
    fails!(mv_view_set_f64(view, FIRST.as_ptr(), 1, 1.0), MV_E_TYPE);
    let pair = one(c">Zf");
    set(pair, &complex(1.0, -2.0));
    assert_eq!(memory.get(), [0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0]);
    set_i64(pair, FIRST, 3);
    assert_eq!(memory.get(), [0x40, 0x40, 0, 0, 0, 0, 0, 0]);
    let double = one(c"d");
    refuse(double, &complex(1.0, -2.0), MV_E_TYPE);
    drop_views([view, pair, double]);

    memory.set([b'x'; 8]);
    let view = one(c"4s");
    set(view, &scalar_bytes(b"ab"));
    assert_eq!(&memory.get(), b"ab\0\0xxxx");
    refuse(view, &scalar_bytes(b"abcde"), MV_E_VALUE);
    // Part of the item itself.
    let mut within = scalar_bytes(b"");
    within.r#as.bytes.data = memory.address().wrapping_byte_add(1);
    within.r#as.bytes.length = 3;
    set(view, &within);
    assert_eq!(&memory.get(), b"b\0\0\0xxxx");
    let counted = one(c"4p");
    set(counted, &scalar_bytes(b"abc"));
    assert_eq!(&memory.get(), b"\x03abcxxxx");
    refuse(counted, &scalar_bytes(b"abcd"), MV_E_VALUE);
    let characters = one(c">3u");
    set(characters, &utf8("\u{e9}z".as_bytes()));
    assert_eq!(memory.get()[..6], [0, 0xe9, 0, b'z', 0, 0]);
    refuse(characters, &utf8("\u{1f600}xy".as_bytes()), MV_E_VALUE);
    assert_eq!(refuse(characters, &utf8(b"a\xff"), MV_E_VALUE).position, 1);
    drop_views([view, counted, characters]);
}

#[test]
fn characters_go_from_one_encoding_to_another() {
    let (narrow, wide) = (placed([0x3d_u8, 0xd8, 0, 0xde]), placed([9_u8; 8]));
    let (from, to) = (wrapped(narrow.address(), c"<2u", &[1]), wrapped(wide.address(), c">2w", &[1]));
    let item = got(from, FIRST);
    assert!(item.kind == MV_TEXT && !item.format.is_null());
    ok!(mv_view_set(to, FIRST.as_ptr(), 1, &raw const item));
    assert_eq!(wide.get(), [0, 1, 0xf6, 0, 0, 0, 0, 0]);
    drop_views([from, to]);
}

#[test]
fn structs_go_into_structs_of_their_layout() {
    let memory = placed([1, 2, 3, 4 as c_short]);
    let view = wrapped(memory.address(), c"T{h:a:h:b:}", &[2]);
    let others = wrapped(memory.address(), c"hH", &[2]);
    let item = got(view, &[1]);
    let set = |view, value: &mv_scalar| call!(mv_view_set(view, FIRST.as_ptr(), 1, value, ptr::null_mut())).0;
    assert_eq!(set(others, &item), MV_E_FORMAT as i32);
    assert_eq!((set(view, &item), memory.get()), (0, [3, 4, 3, 4]));
    assert_eq!((set(view, &scalar_bytes(&[0; 4])), memory.get()), (0, [0, 0, 3, 4]));
    assert_eq!(set(view, &scalar_bytes(&[0; 3])), MV_E_VALUE as i32);
    fill(view, item);
    assert_eq!(memory.get(), [3, 4, 3, 4]);
    drop_views([view, others]);
}

#[test]
fn fields_of_a_scalar() {
    let memory = placed([1, 2, 3, 4, 5, 6 as c_short]);
    let view = wrapped(memory.address(), c"T{h:a:(2)h:b:(3)T{h}:c:}", &[1]);
    let mut item = got(view, FIRST);
    let (array, record) = (part(&item, c"b"), part(&item, c"c[2]"));
    assert_eq!((array.kind, whole(&part(&array, c"[1]"))), (MV_ARRAY, 3));
    assert_eq!((record.kind, whole(&part(&record, c"[0]"))), (MV_RECORD, 6));
    // A part shows what stands in the memory now.
    memory.set([7; 6]);
    assert_eq!(whole(&part(&record, c"[0]")), 7);
    let (mut out, number) = (junk(), scalar_int(1));
    let error = fails!(mv_scalar_field(&raw const item, c"c[3]".as_ptr(), &raw mut out), MV_E_NOT_FOUND);
    assert_eq!(error.position, 1);
    fails!(mv_scalar_field(&raw const number, c"a".as_ptr(), &raw mut out), MV_E_TYPE);
    // SAFETY: the kind names the member.
    unsafe { item.r#as.bytes.length -= 1 };
    fails!(mv_scalar_field(&raw const item, c"a".as_ptr(), &raw mut out), MV_E_SHAPE);
    drop_views([view]);
}

/// What the items have beyond their format is padding at their end.
#[test]
fn items_may_be_larger_than_their_format() {
    let (memory, shape) = (placed([1_u8, 2, 0, 0, 3, 4, 0, 0]), [2]);
    let description = described(memory.address(), c"=BB", 4, &shape, &[]);
    let view = made!(mv_view_from_buffer(&raw const description));
    assert_eq!(printed(view, 9), "[(1, 2), (3, 4)]");
    drop_views([view]);
}

/// What a scalar shows of its format is borrowed from the view; a reference of one's own outlives it.
#[test]
fn the_format_of_an_item_outlives_the_view() {
    let memory = placed([1, 2, 3, 4 as c_short]);
    let view = wrapped(memory.address(), &c_text("T{h:a:T{h:x:}:b:}"), &[2]);
    let half = sliced(view, c"1:");
    let item = got(half, FIRST);
    let inner = part(&item, c"b");
    let [outer, own] = [item, inner].map(|one| call!(mv_format_ref(one.format.cast_mut())));
    ok!(mv_view_release(view));
    drop_views([view, half]);
    drop_formats([outer]);
    // The memory is the case's own: with the format alive, the part says what it always said.
    assert_eq!((text_of(own).as_str(), whole(&part(&inner, c"x"))), ("T{h:x:}", 4));
    drop_formats([own]);
}

/// Whoever comes first parses the format of a view; all get that one, and keep it when the view goes meanwhile.
#[test]
fn threads_share_the_format_of_a_view() {
    let memory = placed([1, 2 as c_short]);
    crowd(
        rounds(200),
        || {
            let view = wrapped(memory.address(), c"T{h:a:h:b:}", &[1]);
            let views = [(); CROWD].map(|()| call!(mv_view_ref(view)));
            drop_views([view]);
            (views, Mutex::new(Vec::new()))
        },
        |number, (views, kept)| {
            let view = views[number];
            assert_eq!(whole(&part(&got(view, FIRST), c"b")), 2);
            let format = made!(mv_view_format(view));
            drop_views([view]);
            kept.lock().expect("no thread panics").push(Shared(format));
        },
        |(_, kept)| {
            let kept = kept.into_inner().expect("no thread panics");
            for Shared(format) in &kept {
                assert_eq!(*format, kept[0].0);
                assert_eq!(text_of(*format), "T{h:a:h:b:}");
            }
            for Shared(format) in kept {
                drop_formats([format]);
            }
        },
    );
}
