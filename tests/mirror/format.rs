//! `c-tests/test_format.c`: format texts, their sizes, what is refused and where.
//!
//! Merged: `acceptance_120_sizes_beyond_calcsize`, `fault_066_padding_is_the_compilers` into
//! `acceptance_119_sizes_as_calcsize_has_them`.
//!
//! Merged: `acceptance_123_faults_have_an_offset` into `fault_064_texts_that_are_no_format`.

use std::{
    ffi::{CStr, c_char, c_int, c_long, c_longlong, c_short, c_void},
    mem::offset_of,
    ptr,
};

use memview::{
    error::{
        mv_error,
        mv_status::{self, *},
    },
    ffi::{
        MV_FORMAT_MAX_DEPTH, MV_FORMAT_MAX_TEXT, MV_OPAQUE, MV_POINTER, MV_RECORD, MV_RULES_EXPORTER,
        MV_RULES_NUMPY, MV_RULES_STRUCT, MV_UINT, mv_view,
    },
    object::protocol::mv_buffer,
};

use crate::{arguments::*, calls::*, chance::in_steps_of, fixtures::*, formats::*, harness::*};

const NO_INDEX: *const isize = ptr::null();
/// Deep nesting, in the time that Miri takes.
const DEEP: usize = if cfg!(miri) { 200 } else { 10000 };
const POINTER_SIZE: usize = size_of::<*const u8>();
const WIDE: bool = size_of::<usize>() == 8;

#[track_caller]
fn size(text: &CStr) -> usize {
    let size: isize = made!(mv_format_size(text.as_ptr()));
    assert_eq!(of_text(text, |format| call!(mv_format_itemsize(format))), size);
    size.cast_unsigned()
}

#[track_caller]
fn numpy_size(text: &CStr) -> usize {
    let format = made!(mv_format_parse(text.as_ptr(), MV_RULES_NUMPY));
    let size = call!(mv_format_itemsize(format));
    drop_formats([format]);
    size.cast_unsigned()
}

/// A text that is refused, by both functions that take one, at this offset.
#[track_caller]
fn refused_at(text: &CStr, expected: mv_status, place: usize) -> mv_error {
    let place = i64::try_from(place).expect("an offset");
    for rules in [MV_RULES_STRUCT, MV_RULES_NUMPY] {
        let error = refused!(mv_format_parse(text.as_ptr(), rules), expected);
        assert_eq!(error.position, place, "{text:?}");
    }
    let mut size = 77;
    let error = fails!(mv_format_size(text.as_ptr(), &raw mut size), expected);
    assert_eq!((error.position, size), (place, 77), "{text:?}");
    error
}

#[repr(C)]
struct Pair<A, B>(A, B);
#[repr(C)]
struct Nested(c_char, Pair<c_int, c_char>, c_char);

#[test]
fn acceptance_119_sizes_as_calcsize_has_them() {
    let int = size_of::<c_int>();
    let nested = size_of::<Nested>();
    for (text, expected) in [
        (c"", 0),
        (c"3s", 3),
        (c"bq", size_of::<Pair<c_char, c_longlong>>()),
        (c"qb", size_of::<c_longlong>() + 1),
        (c"qb0q", size_of::<Pair<c_longlong, c_char>>()),
        (c"ix", int + 1),
        (c"ix0i", size_of::<Pair<c_int, c_char>>()),
        (c"=cI", 5),
        (c"T{B:a:3xI:b:}", 8),
        (c"Zd", 16),
        (c"(2,3)d", 48),
        (c"Zg", 2 * size(c"g")),
        (c"T{B3i}", size_of::<Pair<c_char, [c_int; 3]>>()),
        (c"T{bT{ib}b}", nested),
        (c"T{b:a:T{i:a:b:b:}:b:b:c:}", nested),
        (c"(3)T{ib}", size_of::<[Pair<c_int, c_char>; 3]>()),
    ] {
        assert_eq!(size(text), expected, "{text:?}");
    }
    assert_eq!(numpy_size(c"ix"), size_of::<Pair<c_int, c_char>>());
    assert_eq!(numpy_size(c"qb"), size_of::<Pair<c_longlong, c_char>>());
    assert_eq!(numpy_size(c"=qb"), 9);
}

/// A view of one item that somebody says to be of a format.
fn told(memory: *mut c_void, format: &CStr, itemsize: isize) -> *mut mv_view {
    let description = mv_buffer { len: itemsize, ..described(memory, format, itemsize, &[], &[]) };
    made!(mv_view_from_buffer(&raw const description))
}

#[test]
fn acceptance_121_item_larger_than_its_format() {
    let memory = placed([7_u8, 1, 0, 0, 0, 9, 9, 9]);
    let view = told(memory.address(), c"T{<B:a:<I:b:}", 8);
    let format = made!(mv_view_format(view));
    assert_eq!((call!(mv_format_itemsize(format)), buffer_of(view).itemsize), (5, 8));
    let item = got(view, &[]);
    assert_eq!(item.kind, MV_RECORD);
    let (a, b) = (part(&item, c"a"), part(&item, c"b"));
    assert_eq!((b.kind, whole(&a), whole(&b)), (MV_UINT, 7, 1));
    drop_formats([format]);
    drop_views([view]);
}

#[test]
fn acceptance_122_formats_that_lie_make_opaque_items() {
    let memory = placed([1_u8, 2, 3, 4, 5, 6, 7, 8]);
    let lies = [(c"T{<i:a:<i:b:}", 4), (c"B", 5), (c"B", 4), (c"<u", 4), (c"T{<i:a:", 4), (c"i", 8)];
    for (format, itemsize) in lies {
        let view = told(memory.address(), format, itemsize);
        let (item, mut value) = (got(view, &[]), 77);
        // SAFETY: the kind names the member.
        let bytes = unsafe { item.r#as.bytes };
        assert_eq!((item.kind, item.format), (MV_OPAQUE, ptr::null()));
        assert_eq!((bytes.data, bytes.length), (memory.address().cast_const(), itemsize.cast_unsigned()));
        fails!(mv_view_get_i64(view, NO_INDEX, 0, &raw mut value), MV_E_FORMAT);
        let mut part = item;
        fails!(mv_scalar_field(&raw const item, c"a".as_ptr(), &raw mut part), MV_E_TYPE);
        refused!(mv_view_field(view, c"a".as_ptr()), MV_E_NOT_FOUND);
        refused!(mv_view_format(view), MV_E_FORMAT);
        drop_views([view]);
    }
}

#[test]
fn fault_059_no_format_means_bytes() {
    let (memory, shape) = (placed([0_u8; 3]), [3]);
    let bare = mv_buffer { format: NO_TEXT, ..described(memory.address(), c"", 1, &shape, &[]) };
    let view = made!(mv_view_from_buffer(&raw const bare));
    let format = made!(mv_view_format(view));
    assert_eq!(text_of(format), "B");
    drop_formats([format]);
    drop_views([view]);
}

#[test]
fn fault_060_an_empty_format_makes_no_item() {
    let memory = placed([0_u8; 8]);
    let (view, two) = (wrapped(memory.address(), c"B", &[8]), [2]);
    for empty in [c"", c"@", c" ", c"0s", c"T{}", c"0i", c"(0)i"] {
        assert_eq!(size(empty), 0);
        refused!(mv_array_new(empty.as_ptr(), two.as_ptr(), 1, C), MV_E_FORMAT);
        cast(view, empty).refused(MV_E_FORMAT);
        refused!(mv_view_wrap(memory.address(), empty.as_ptr(), two.as_ptr(), 1, 0), MV_E_FORMAT);
    }
    drop_views([view]);
}

#[test]
fn fault_061_texts_have_a_greatest_length() {
    let most = MV_FORMAT_MAX_TEXT.cast_unsigned() as usize;
    let ending = |text: &str, length| c_text(&(" ".repeat(length - text.len()) + text));
    if !cfg!(miri) {
        assert_eq!(size(&ending("b", most)), 1);
    }
    assert_eq!(refused_at(&ending("bb", most + 1), MV_E_LIMIT, most).limit, i64::from(MV_FORMAT_MAX_TEXT));
}

#[test]
fn fault_062_sizes_that_overflow() {
    refused_at(c"99999999999999999999x", MV_E_OVERFLOW, if WIDE { 18 } else { 9 });
    refused_at(c"(99999999999999999999)i", MV_E_OVERFLOW, if WIDE { 19 } else { 10 });
    let most = isize::MAX;
    assert_eq!(size(&c_text(&format!("{most}x"))), most.cast_unsigned());
    // Padding up to an alignment overflows, too.
    for end in ["xx", "h", "w", "xi"] {
        let text = format!("{most}{end}");
        refused_at(&c_text(&text), MV_E_OVERFLOW, text.len());
    }
    refused_at(c"(65536,65536,65536,65536)d", MV_E_OVERFLOW, 25);
    assert_eq!(size(c"(255,0,257)d"), 0);
}

#[test]
fn fault_063_nesting_has_a_greatest_depth() {
    let most = MV_FORMAT_MAX_DEPTH.cast_unsigned() as usize;
    for (open, close, expected) in [("T{", "}", size_of::<c_int>()), ("&", "", POINTER_SIZE)] {
        let deep = c_text(&(open.repeat(DEEP) + "i"));
        let error = refused_at(&deep, MV_E_LIMIT, open.len() * (most + 1));
        assert_eq!(error.limit, i64::from(MV_FORMAT_MAX_DEPTH));
        assert_eq!(size(&c_text(&(open.repeat(most) + "i" + &close.repeat(most)))), expected);
    }
    assert_eq!(size(&c_text(&format!("({}1)i", "1,".repeat(63)))), size_of::<c_int>());
    let wider = format!("({}1)i", "1,".repeat(64));
    refused_at(&c_text(&wider), MV_E_LIMIT, wider.len() - 1);
}

/// No text of a few characters may ask for more than anybody can visit; extents of a view may.
#[test]
fn fault_063_values_without_bytes_have_a_greatest_number() {
    assert_eq!(size(c"(65535)0s"), 0);
    assert_eq!(refused_at(c"(65536)0s", MV_E_LIMIT, 9).limit, 65535);
    refused_at(c"65536T{}", MV_E_LIMIT, 8);
    refused_at(c"(256)T{(256)0s}", MV_E_LIMIT, 15);
    refused_at(c"(65536,0)i", MV_E_LIMIT, 10); // in any order, as fault 16 has it
    refused_at(c"(0,65536)i", MV_E_LIMIT, 10);
    unref(array_of(c"i", &[65536, 0], C));
}

#[test]
fn fault_064_texts_that_are_no_format() {
    for (text, place) in [
        (c"T{i", 3),
        (c"i:", 2),
        (c"(", 1),
        (c"2", 1),
        (c"()i", 1),
        (c"i\x01", 1),
        (c"T{", 2),
        (c"T{i}}", 4),
        (c"}", 0),
        (c"T", 1),
        (c"Ti", 1),
        (c"T{i:a}", 6),
        (c"i:a", 3),
        (c":a:", 0),
        (c"i:a:b:", 6),
        (c"i::b:", 5),
        (c"&", 1),
        (c"&:a:", 1),
        (c"T{&}", 3),
        (c"X", 1),
        (c"X{", 2),
        (c"X{{}", 4),
        (c"(2,", 3),
        (c"(2,3", 4),
        (c"(-1)i", 1),
        (c"(2 3)i", 3),
        (c"(2,)i", 3),
        (c"(2,3)", 5),
        (c"(2)4(3)i", 4),
        (c"2 3i", 2),
        (c"-1i", 0),
        (c"T{2}", 3),
        (c"\xc3\xa4", 0),
    ] {
        refused_at(text, MV_E_FORMAT, place);
    }
    assert!(message(&refused_at(c"i;", MV_E_FORMAT, 1)).contains("';'"));
    for text in [c"X{}", c"X{i{}->d}"] {
        assert_eq!(size(text), POINTER_SIZE);
    }
    assert_eq!(size(c"(2)3x"), 6);
}

#[test]
fn fault_065_orders_change_where_they_stand() {
    let (int, long) = (size_of::<c_int>(), size_of::<c_long>());
    for (text, expected) in [
        (c"bi", size_of::<Pair<c_char, c_int>>()),
        (c"b<i", 5),
        (c"b!i", 5),
        (c"b^i", 1 + int),
        (c"<l@l", long.max(4) + long),
        (c"^l", long),
        (c"<l", 4),
        (c"^bP", 1 + POINTER_SIZE),
        (c"<@>", 0),
    ] {
        assert_eq!(size(text), expected, "{text:?}");
    }
    for one in ['n', 'N', 'P', 'g'].into_iter().step_by(in_steps_of(2)) {
        for order in ['<', '>', '=', '!'] {
            refused_at(&c_text(&format!("{order}{one}")), MV_E_FORMAT, 1);
            refused_at(&c_text(&format!("b{order}{one}")), MV_E_FORMAT, 2);
        }
        assert!(size(&c_text(&format!("^{one}"))) > 0);
    }
    refused_at(c"<Zg", MV_E_FORMAT, 1);
}

#[test]
fn native_sizes_and_alignments_are_the_compilers() {
    macro_rules! types {
        ($($text:literal $type:ty,)*) => {[$(($text, size_of::<$type>(), align_of::<$type>())),*]};
    }
    let types = types! {
        c"c" c_char, c"B" u8, c"?" bool, c"h" c_short, c"i" c_int, c"l" c_long, c"n" isize, c"N" usize, c"f" f32,
        c"P" *const u8, c"O" *const u8, c"z" *const u8, c"&i" *const c_int, c"X{}" fn(), c"u" u16, c"w" u32, c"e" u16,
        c"Zf" [f32; 2],
    };
    for (text, size, align) in types {
        let found = of_text(text, |one| (call!(mv_format_itemsize(one)), call!(mv_format_alignment(one))));
        assert_eq!(found, (size.cast_signed(), align.cast_signed()), "{text:?}");
    }
    assert_eq!(size(c"bq") - size(c"q"), offset_of!(Pair<c_char, c_longlong>, 1));
    assert_eq!(size(c"bd") - size(c"d"), offset_of!(Pair<c_char, f64>, 1));
}

#[test]
fn exporters_rules_know_what_ctypes_writes() {
    let (little, big) = (c"T{<i:a:<P:b:}", c"T{>i:a:>P:b:}");
    let (own, other) = if IS_LITTLE { (little, big) } else { (big, little) };
    refused_at(own, MV_E_FORMAT, 8);
    let format = made!(mv_format_parse(own.as_ptr(), MV_RULES_EXPORTER));
    assert_eq!(call!(mv_format_itemsize(format)).cast_unsigned(), 4 + POINTER_SIZE);
    let again = parsed(&c_text(&text_of(format)));
    assert_eq!(call!(mv_format_equal(format, again)), 1);
    drop_formats([again, format]);
    refused!(mv_format_parse(other.as_ptr(), MV_RULES_EXPORTER), MV_E_FORMAT);

    let memory = placed([0xff_u8; 4 + POINTER_SIZE]);
    let view = told(memory.address(), own, 4 + POINTER_SIZE.cast_signed());
    // The part may take the place of the item.
    let mut item = got(view, &[]);
    let at = &raw mut item;
    ok!(mv_scalar_field(at, c"b".as_ptr(), at));
    assert_eq!((item.kind, whole(&item)), (MV_POINTER, usize::MAX as i128));
    drop_views([view]);
}

#[test]
fn rules_are_known_ones() {
    for rules in [3, -1] {
        let error = refused!(mv_format_parse(c"i".as_ptr(), rules), MV_E_VALUE);
        assert_eq!(error.value, i64::from(rules));
    }
}
