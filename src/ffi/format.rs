//! Section 9: formats.

use core::ffi::{c_char, c_int};

use super::{
    Code, Handle, TextOut, array, format_at, make, mv_format, mv_view, run, text_at, value, view_at,
};
use crate::{
    error::mv_error,
    object::{
        format::{self, Format},
        members::{self, mv_member},
    },
};

/// `mv_format_parse`: a text as Python's struct module reads it. A count makes values ("3i" is three), and nothing follows the last
/// value of a sequence.
pub const MV_RULES_STRUCT: i32 = 0;
/// `mv_format_parse`: a text as NumPy reads it. A count makes a sub-array, and a sequence in `@` order ends with the padding that a C
/// struct ends with.
pub const MV_RULES_NUMPY: i32 = 1;
/// `mv_format_parse`: as `MV_RULES_STRUCT`, and what ctypes writes besides: "<P" and "<g", types without a standard size, have this
/// machine's. So the formats of views are read; those that arrays are made of, and memory is wrapped or cast to, by
/// `MV_RULES_STRUCT`.
pub const MV_RULES_EXPORTER: i32 = 2;

/// The deepest nesting of a format text: of structs, pointers and sub-arrays.
pub const MV_FORMAT_MAX_DEPTH: i32 = 64;
/// The longest format text, in bytes.
pub const MV_FORMAT_MAX_TEXT: i32 = 65535;

/// One value of a format: of a struct, or of a sequence without braces. What points belongs to the format that was asked.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mv_field {
    /// Its name; NULL where it has none.
    pub name: *const c_char,
    /// Where it begins in the struct, in bytes.
    pub offset: isize,
    /// The bytes of one value; of a sub-array, of one element.
    pub itemsize: isize,
    /// The extents of a sub-array; NULL where it is none.
    pub shape: *const isize,
    /// The number of dimensions of a sub-array; else 0.
    pub ndim: c_int,
    /// The format of a value, or of an element.
    pub format: *const mv_format,
}

/// Parses a format text: the grammar of PEP 3118, with what struct, NumPy and ctypes write besides. See docs/formats.md.
///
/// `rules`: `MV_RULES_STRUCT`, `MV_RULES_NUMPY` or `MV_RULES_EXPORTER`. The format is constant and may be shared by threads.
///
/// `MV_E_NULL`: `text` or `out`. `MV_E_VALUE`: other rules. `MV_E_FORMAT`: no format; `position` is the offset of the fault, the message
/// says what was expected there. `MV_E_LIMIT`: nested more than 64 deep, a text of more than 65535 bytes, a sub-array of more than
/// 64 dimensions, more than 65535 values without bytes in one another. `MV_E_OVERFLOW`: more bytes than memory can have. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_format_parse(
    text: *const c_char,
    rules: c_int,
    out: *mut *mut mv_format,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        make(out, 3, error, || Format::parse(text_at(text, "text", 1)?.to_bytes(), value::rules(rules)?))
    }
}

/// Makes the format of a C struct from its members: with `MV_MEMBER`, and where C has `_Generic` or C++ `MV_MEMBER_OF`, the compiler
/// says where they are. Padding becomes explicit, so that every offset is exact; what is not aligned is written in "^" order.
///
/// Members stand in the order of their offsets and do not overlap; what lies between them and behind them is padding. A member is
/// of one value ("d"), a sub-array ("(2,3)h", "4i"), a struct ("T{f:x:f:y:}", the text of another format); without a format it is bytes without a meaning.
///
/// `MV_E_NULL`: `members` where `count` is above 0, `out`. In the following `dim` is the number of the member, from 0. `MV_E_VALUE`: it begins
/// before the one in front of it ends, or ends behind `itemsize`; its name has a ':' or is not UTF-8. `MV_E_FORMAT`: its format is
/// none, `position` says where; or has another size than the member: `value` and `limit` have both. `MV_E_LIMIT`: the whole text is longer than
/// 65535 bytes. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_format_from_members(
    members: *const mv_member,
    count: usize,
    itemsize: usize,
    out: *mut *mut mv_format,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { make(out, 4, error, || members::from_members(array(members, count, "members", 1)?, itemsize)) }
}

/// The parsed format of a view's items.
///
/// It is parsed once and kept with the view; `*out` is a reference of the caller's.
///
/// `MV_E_NULL`: `view` or `out`. As `mv_format_parse` for a text that is no format; `MV_E_FORMAT`, too, where the format needs more bytes
/// than an item has, or is one value that does not fill it. `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_view_format(
    view: *const mv_view,
    out: *mut *mut mv_format,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { make(out, 2, error, || view_at(view, "view", 1)?.format()) }
}

/// Adds a reference and returns the format; NULL stays NULL. A field's format keeps the whole format alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_format_ref(format: *mut mv_format) -> *mut mv_format {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        if let Ok(format) = format_at(format, "format", 1) {
            let _ = Handle::into_raw(Format::clone(&format));
        }
    }
    format
}

/// Drops a reference. NULL is a no-op.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_format_unref(format: *mut mv_format) {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        if let Ok(format) = format_at(format, "format", 1) {
            drop(core::mem::ManuallyDrop::into_inner(format));
        }
    }
}

/// Writes the canonical text of a format: without white space, `=` as `<` or `>`, `F` as `Zf`. It parses to an equal format, of
/// which it is the text again: by `MV_RULES_STRUCT`, and by `MV_RULES_NUMPY` where the format was read so. (Padding that has a name
/// in a struct is a value there, but alone it is padding: "3x" has none.) Names are written as they are, also where they are not UTF-8.
///
/// `text`, `size` and `out_length` as snprintf has them: the text is cut to fit and always terminated, `*out_length` (may be NULL) is
/// its full length without the terminator; `NULL, 0` asks for that alone.
///
/// `MV_E_NULL`: `format`, or `text` where `size` is not 0. `MV_E_TYPE`: no format of this copy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_format_text(
    format: *const mv_format,
    text: *mut c_char,
    size: usize,
    out_length: *mut usize,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let format = format_at(format, "format", 1)?;
            let mut out = TextOut::new(text, size, 2)?;
            format.write(&mut out);
            out.finish(out_length);
            Ok(())
        })
    }
}

/// The bytes of an item. (`struct.calcsize`) 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_format_itemsize(format: *const mv_format) -> isize {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { format_at(format, "format", 1) }.map_or(0, |format| format.itemsize())
}

/// The alignment of an item in a C struct; 1 where the format is not aligned. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_format_alignment(format: *const mv_format) -> isize {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { format_at(format, "format", 1) }.map_or(0, |format| format.alignment())
}

/// What an item is: `MV_BOOL` to `MV_OPAQUE`, as `mv_scalar.kind`. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_format_kind(format: *const mv_format) -> c_int {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { format_at(format, "format", 1) }.map_or(0, |format| super::scalar::kind_of(&format))
}

/// Whether all values stand in this machine's byte order: 1 or 0. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_format_is_native(format: *const mv_format) -> c_int {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { format_at(format, "format", 1) }.map_or(0, |format| format.is_native().into())
}

/// Whether two formats are the same: equal values at the same places with the same names, however they are written. 1 or 0; 0 for
/// NULL. "<i" equals "i" on a little-endian machine, "l" equals "q" where both have 8 bytes; "B", "b" and "c" are different.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_format_equal(a: *const mv_format, b: *const mv_format) -> c_int {
    // SAFETY: the caller keeps the rules at the top of the header.
    match unsafe { (format_at(a, "a", 1), format_at(b, "b", 2)) } {
        (Ok(a), Ok(b)) => a.equals(&b).into(),
        _ => 0,
    }
}

/// The number of values of a struct, or of a sequence of more than one value; 0 for everything else, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_format_field_count(format: *const mv_format) -> usize {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { format_at(format, "format", 1) }.map_or(0, |format| format.field_count())
}

/// Describes one value of a struct, by its number from 0. Padding is no value, unless it has a name; a count makes many.
///
/// `MV_E_NULL`: `format` or `out`. `MV_E_INDEX`: there is no such value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_format_field_at(
    format: *const mv_format,
    number: usize,
    out: *mut mv_field,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let format = format_at(format, "format", 1)?;
            let to = value::out(out, "out", 3)?;
            to.write(field(&format, &format.field_at(number)?));
            Ok(())
        })
    }
}

/// Describes what a path leads to: names separated by dots; in brackets the number of a value, or a position in a sub-array for each of
/// its dimensions: "pos.x", "samples[3].left", "[0]". The offset counts from the beginning of the item.
///
/// `MV_E_NULL`: `format`, `path` or `out`. `MV_E_NOT_FOUND`: there is no such field; `position` is the offset in the path.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_format_field(
    format: *const mv_format,
    path: *const c_char,
    out: *mut mv_field,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let format = format_at(format, "format", 1)?;
            let path = text_at(path, "path", 2)?;
            let to = value::out(out, "out", 3)?;
            to.write(field(&format, &format.field(path.to_bytes())?));
            Ok(())
        })
    }
}

/// Describes the elements of a sub-array: its extents, and the format of one element.
///
/// `MV_E_NULL`: `format` or `out`. `MV_E_TYPE`: the item is no sub-array.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_format_element(
    format: *const mv_format,
    out: *mut mv_field,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let format = format_at(format, "format", 1)?;
            let to = value::out(out, "out", 2)?;
            to.write(field(&format, &format.element()?));
            Ok(())
        })
    }
}

/// Writes the type that NumPy has for a format: a typestr as `dtype.str` has it ("<i4", "|S3", ">U5", "|b1", "|V7"); a sub-array as a tuple
/// of it and its shape ("('<f8', (2, 3))"); a struct as the list that `dtype.descr` is, with its padding ("[('a', '<i4'), ('', '|V4')]"). It is
/// what the header of a .npy file holds (there a typestr in quotes).
///
/// A count makes a sub-array, as NumPy reads it; a value without a name is called by its number, "f0"; a byte of a name that is not UTF-8
/// is written as Python decodes it: "\udcff". `text`, `size` and `out_length` as in `mv_format_text`.
///
/// `MV_E_NULL`: `format`, or `text` where `size` is not 0. `MV_E_TYPE`: no format of this copy. `MV_E_UNSUPPORTED`: NumPy has no type for part
/// of it: addresses ("P", "&", "X{}"), Pascal strings ("p"), UTF-16 ("u"), bits ("t").
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_format_numpy(
    format: *const mv_format,
    text: *mut c_char,
    size: usize,
    out_length: *mut usize,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let format = format_at(format, "format", 1)?;
            let mut out = TextOut::new(text, size, 2)?;
            format.write_numpy(&mut out)?;
            out.finish(out_length);
            Ok(())
        })
    }
}

/// Makes the format of a type of NumPy's, from what `mv_format_numpy` writes, `dtype.str` and `dtype.descr` are, and headers of .npy files hold:
/// a typestr, with quotes or without, or a Python literal of lists, tuples, strings with escapes, and shapes. Titles are passed over.
///
/// `MV_E_NULL`: `text` or `out`. `MV_E_FORMAT`: no such text; `position` is the offset of the fault. `MV_E_UNSUPPORTED`: a type that has no
/// format (dates, a long double of another machine); `position`. `MV_E_VALUE`: not UTF-8. `MV_E_LIMIT`: nested more than 64 deep, or more than 65535 bytes of
/// format. `MV_E_OVERFLOW`: more bytes than memory can have. `MV_E_NO_MEMORY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_format_from_numpy(
    text: *const c_char,
    out: *mut *mut mv_format,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe { make(out, 2, error, || Format::from_numpy(text_at(text, "text", 1)?.to_bytes())) }
}

/// The bytes that a format text describes, by `MV_RULES_STRUCT`. (`PyBuffer_SizeFromFormat`, `struct.calcsize`)
///
/// `MV_E_NULL`: `text` or `out`. Else as `mv_format_parse`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mv_format_size(text: *const c_char, out: *mut isize, error: *mut mv_error) -> Code {
    // SAFETY: the caller keeps the rules at the top of the header.
    unsafe {
        run(error, || {
            let text = text_at(text, "text", 1)?;
            let to = value::out(out, "out", 2)?;
            to.write(format::size_of_text(text.to_bytes())?);
            Ok(())
        })
    }
}

/// A field as C sees it.
fn field(of: &Format, found: &format::Described<'_>) -> mv_field {
    mv_field {
        name: found.name,
        offset: found.offset,
        itemsize: found.itemsize,
        shape: if found.shape.is_empty() { core::ptr::null() } else { found.shape.as_ptr() },
        ndim: value::int(found.shape.len()),
        format: of.handle(found.node).cast_const().cast(),
    }
}
