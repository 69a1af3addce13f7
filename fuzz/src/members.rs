//! Structs of members of any format at any place: each member lies where it was put and means what it meant.

use std::ffi::{CStr, CString};

use memview::{
    error::mv_status::MV_E_LIMIT,
    ffi::{self, mv_field},
    object::members::mv_member,
};

use crate::{
    call::make,
    parsed::{Format, Part, extents},
};

/// The bytes of the largest member that is tried.
const LARGEST: isize = 1 << 20;

/// Two formats as members of a struct, with these gaps in front of, between and behind them; none where a text is no format, or the
/// struct has a text that is too long or nested too deeply.
pub fn made(texts: [&CStr; 2], gaps: [isize; 3]) -> Option<Format> {
    let formats = texts.map(|text| Format::parse(text, ffi::MV_RULES_STRUCT).ok());
    let [Some(first), Some(second)] = &formats else { return None };
    let sizes = [first, second].map(|format| format.part().itemsize());
    if sizes.iter().any(|size| *size > LARGEST) {
        return None;
    }
    let offsets = [gaps[0], gaps[0] + sizes[0] + gaps[1]];
    let itemsize = offsets[1] + sizes[1] + gaps[2];
    let names = [c"first", c"second"];
    let members = [0, 1].map(|at| mv_member {
        name: names[at].as_ptr(),
        offset: offsets[at].cast_unsigned(),
        size: sizes[at].cast_unsigned(),
        format: texts[at].as_ptr(),
    });
    // SAFETY: the members and their texts are there.
    let whole = make(|out, error| unsafe {
        ffi::mv_format_from_members(members.as_ptr(), 2, itemsize.cast_unsigned(), out, error)
    });
    let whole = match whole {
        // SAFETY: new, and given away here.
        Ok(whole) => unsafe { Format::of(whole) },
        Err(failure) => {
            assert_eq!(failure.status, MV_E_LIMIT as i32, "{failure:?}");
            return None;
        }
    };
    assert_eq!(whole.part().itemsize(), itemsize);
    assert_eq!(whole.part().field_count(), 2);
    for (at, format) in [first, second].into_iter().enumerate() {
        let field = whole.part().field(names[at]).expect("a member");
        let items: isize = extents(&field).iter().product();
        assert_eq!((field.offset, items * field.itemsize), (offsets[at], sizes[at]), "{:?}", texts[at]);
        assert!(is_alike(format.part(), texts[at], &field, whole.part()), "{:?}", texts[at]);
    }
    Some(whole)
}

/// Whether a member means what its format does.
fn is_alike(given: Part, text: &CStr, field: &mv_field, whole: Part) -> bool {
    let part = Part::of_field(field, whole);
    match (given.element(), field.ndim) {
        (Ok(element), 1..) => {
            extents(&element) == extents(field) && part.equals(Part::of_field(&element, given))
        }
        // A count that has a name makes a sub-array.
        (Err(_), 1..) => given.kind() == ffi::MV_RECORD,
        // Padding that has a name is a value.
        _ if part.kind() == ffi::MV_OPAQUE => true,
        _ => part.equals(given) || braced(text).is_none_or(|braced| part.equals(braced.part())),
    }
}

/// A sequence as the one struct that a member makes of it, of the same size.
fn braced(text: &CStr) -> Option<Format> {
    let text = [b"T{", text.to_bytes(), b"^}"].concat();
    Format::parse(&CString::new(text).expect("no NUL"), ffi::MV_RULES_STRUCT).ok()
}
