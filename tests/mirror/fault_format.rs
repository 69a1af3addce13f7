//! `c-tests/test_fault_format.c`: random bytes as formats.

use std::{
    cell::Cell,
    ffi::{CStr, CString},
    ptr,
};

use memview::{
    error::{
        mv_error,
        mv_status::{self, *},
    },
    ffi::{
        Code, MV_BOOL, MV_BYTES, MV_FORMAT_MAX_TEXT, MV_OPAQUE, MV_RECORD, MV_RULES_EXPORTER, MV_RULES_NUMPY,
        MV_RULES_STRUCT, mv_view,
    },
};

use crate::{
    arguments::*,
    calls::{self, *},
    chance::{Chance, each_round},
    fixtures::*,
    formats::*,
    harness::*,
};

const ROUNDS: u64 = if cfg!(miri) { 6 } else { 3000 };
const LONGEST: usize = if cfg!(miri) { 200 } else { 4096 };
const ROOM: isize = 4096;

const PIECES: [&str; 46] = [
    "b", "B", "?", "h", "i", "l", "q", "n", "P", "e", "f", "d", "g", "Zf", "Zd", "F", "c", "3s", "4p", "2u",
    "w", "O", "z", "Z", "5t", "2x", "&", "X{}", "X{i}", "@", "=", "<", ">", "!", "^", "0", "2", "17", "(2)",
    "(3,1)", "(0)", "T{", "}", ":a:", "::", "(",
];

/// Bytes of any kind but NUL, which would end the text.
fn random_bytes(chance: &mut Chance) -> Vec<u8> {
    let longest = if chance.percent(90) { 24 } else { LONGEST };
    let mut bytes = vec![0; chance.below(longest + 1)];
    chance.fill(&mut bytes);
    bytes.iter_mut().filter(|byte| **byte == 0).for_each(|byte| *byte = b'T');
    bytes
}

/// Pieces of the grammar in any order; mostly what is opened is closed.
fn random_pieces(chance: &mut Chance) -> Vec<u8> {
    let longest = if chance.percent(90) { 40 } else { LONGEST };
    let (mut text, mut open, wanted) = (String::new(), 0, chance.below(longest));
    while text.len() < wanted {
        let piece = match chance.pick(&PIECES) {
            "}" if open == 0 => "T{",
            piece => piece,
        };
        open = if piece == "T{" { open + 1 } else { open - usize::from(piece == "}") };
        text += piece;
    }
    while open > 0 && chance.percent(95) {
        text += "}";
        open -= 1;
    }
    text.into_bytes()
}

/// Accepted, or refused for a reason that a format can give, at a place within the text.
fn is_accepted(code: Code, error: &mv_error, length: usize) -> bool {
    let refused = [MV_E_FORMAT, MV_E_LIMIT, MV_E_OVERFLOW].into_iter().find(|one| *one as i32 == code.0);
    judge("a format", code, refused.unwrap_or(mv_status::MV_OK), error);
    let within = usize::try_from(error.position).is_ok_and(|position| position <= length);
    assert!(refused.is_none() || within, "offset {} of {length}", error.position);
    refused.is_none()
}

/// Everything that can be asked of one item of any format: an answer.
fn check_item(view: *mut mv_view) {
    let (buffer, item, value) = (buffer_of(view), got(view, &[]), scalar_int(1));
    assert!((MV_BOOL..=MV_OPAQUE).contains(&item.kind));
    if item.kind == MV_BYTES || item.kind >= MV_RECORD {
        // SAFETY: the kind names the member.
        let bytes = unsafe { item.r#as.bytes };
        let within = bytes.data.addr().wrapping_sub(buffer.buf.addr());
        assert!(within + bytes.length <= buffer.itemsize.cast_unsigned());
    }
    let (mut inner, mut number, mut length, none) = (item, 0, 0, ptr::null_mut());
    for path in [c"a", c"[0]"] {
        call!(mv_scalar_field(&raw const item, path.as_ptr(), &raw mut inner, none));
    }
    call!(mv_view_get_i64(view, ptr::null(), 0, &raw mut number, none));
    call!(mv_view_set(view, ptr::null(), 0, &raw const value, none));
    ok!(mv_view_text(view, 100, ptr::null_mut(), 0, &raw mut length));
    let _: i32 = made!(mv_view_equal(view, view));
    call!(mv_view_byteswap(view, none));
    let part = calls::field(view, c"[0]");
    assert!(part.code.0 != 0 || buffer_of(part.out).itemsize <= buffer.itemsize);
    drop_views([part.out]);
}

fn check_use(chance: &mut Chance, text: &CStr, size: Option<isize>) {
    let mut content = [0_u8; ROOM.cast_unsigned()];
    chance.fill(&mut content[..256]);
    let memory = placed(content);
    if let Some(size) = size.filter(|size| (1..=ROOM).contains(size)) {
        let (view, bytes) = (wrapped(memory.address(), text, &[]), wrapped(memory.address(), c"B", &[size]));
        assert_eq!(buffer_of(view).itemsize, size);
        check_item(view);
        drop_views([view, cast(bytes, text).made(), bytes]);
    }
    // What describes other items than the exporter has: never worse than opaque.
    let full = described(memory.address(), text, chance.between(1, 64), &[], &[]);
    let (mut view, mut error) = (NO_VIEW, untouched());
    let code = call!(mv_view_from_buffer(&raw const full, &raw mut view, &raw mut error));
    if view.is_null() {
        judge("mv_view_from_buffer", code, MV_E_FORMAT, &error); // one native character that needs more
        assert!(text.to_bytes().len() <= 2);
    } else {
        check_item(view);
    }
    drop_views([view]);
}

fn check_text(chance: &mut Chance) {
    let bytes = if chance.percent(40) { random_bytes(chance) } else { random_pieces(chance) };
    let (length, text) = (bytes.len(), CString::new(bytes).expect("no NUL"));
    let size = Cell::new(None);
    for rules in [MV_RULES_EXPORTER, MV_RULES_NUMPY, MV_RULES_STRUCT] {
        let (mut format, mut error) = (junk(), untouched());
        let code = call!(mv_format_parse(text.as_ptr(), rules, &raw mut format, &raw mut error));
        size.set(None);
        if !is_accepted(code, &error, length) {
            assert!(is_zero(&format));
            continue;
        }
        size.set(Some(call!(mv_format_itemsize(format))));
        assert!(size.get() >= Some(0) && call!(mv_format_alignment(format)) > 0);
        let canonical = written(format);
        assert!(canonical.len() <= usize::try_from(MV_FORMAT_MAX_TEXT).expect("a limit"));
        let canonical = CString::new(canonical).expect("no NUL");
        let again = parsed(&canonical);
        assert_eq!(call!(mv_format_equal(format, again)), 1, "{text:?}: {canonical:?}");
        assert_eq!(Some(call!(mv_format_itemsize(again))), size.get());
        drop_formats([format, again]);
    }
    let (mut told, mut error, mut numpy) = (-1, untouched(), ptr::null_mut());
    let code = call!(mv_format_size(text.as_ptr(), &raw mut told, &raw mut error));
    assert_eq!(is_accepted(code, &error, length).then_some(told), size.get());
    check_use(chance, &text, size.get());
    call!(mv_format_from_numpy(text.as_ptr(), &raw mut numpy, ptr::null_mut()));
    drop_formats([numpy]);
}

#[test]
fn fault_067_random_bytes_as_formats() {
    each_round(ROUNDS, 67, check_text);
}
