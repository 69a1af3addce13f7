//! The format of a C struct, from what the compiler says of its members.

use core::{
    ffi::{CStr, c_char},
    fmt,
};

use super::format::Format;
use crate::{
    error::{Error, Result, dimension, number, signed},
    format::{self, After, ByteOrder, Out, Rules},
};

/// One member of a C struct; `MV_MEMBER` fills it.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mv_member {
    /// Its name, without ':'; NULL for none.
    pub name: *const c_char,
    /// `offsetof` the member.
    pub offset: usize,
    /// `sizeof` the member.
    pub size: usize,
    /// Its format, in "@" order where it does not say otherwise: "d", "(2,3)h", "T{f:x:f:y:}"; NULL: bytes without a meaning.
    pub format: *const c_char,
}

/// The format of a struct of so many bytes.
///
/// # Safety
/// Names and formats are NULL or terminated texts.
pub unsafe fn from_members(members: &[mv_member], itemsize: usize) -> Result<Format> {
    let itemsize = isize::try_from(itemsize).map_err(|_| Error::Overflow { what: "the size of a struct" })?;
    let mut outline = Outline { end: 0, align: 1 };
    for (at, member) in members.iter().enumerate() {
        // SAFETY: as the caller promises.
        unsafe { outline.add(member, dimension(at), itemsize)? };
    }
    Format::written(|out| {
        // SAFETY: as the caller promises.
        unsafe { write(members, itemsize, outline.align, out) }
    })
}

/// What is known of a struct so far.
struct Outline {
    end: isize,
    align: isize,
}

impl Outline {
    /// Checks a member.
    unsafe fn add(&mut self, member: &mv_member, at: i32, itemsize: isize) -> Result<()> {
        let refused = |reason, value, limit| Err(Error::Member { number: at, reason, value, limit });
        let (Ok(offset), Ok(size)) = (isize::try_from(member.offset), isize::try_from(member.size)) else {
            return refused("is larger than memory", number(member.offset), number(member.size));
        };
        if offset < self.end {
            return refused("begins before the one in front of it ends", signed(offset), signed(self.end));
        }
        let end = offset.saturating_add(size);
        if end > itemsize {
            return refused("ends behind the struct", signed(end), signed(itemsize));
        }
        self.end = end;
        // SAFETY: as the caller promises.
        unsafe {
            check_name(member, at)?;
            let Some(format) = parsed(member, at)? else { return Ok(()) };
            if format.itemsize() != size {
                let (size, given) = (signed(format.itemsize()), signed(size));
                return Err(Error::MemberSize { number: at, size, given });
            }
            if is_aligned(&format, offset) {
                self.align = self.align.max(format.tree().value_align());
            }
        }
        Ok(())
    }
}

unsafe fn text<'a>(text: *const c_char) -> Option<&'a CStr> {
    // SAFETY: NULL or terminated, as the caller promises.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) })
}

unsafe fn check_name(member: &mv_member, at: i32) -> Result<()> {
    // SAFETY: as the caller promises.
    match unsafe { text(member.name) }.map(CStr::to_str) {
        Some(Err(_)) => Err(Error::MemberName { number: at, reason: "is not UTF-8" }),
        Some(Ok(name)) if name.contains(':') => {
            Err(Error::MemberName { number: at, reason: "has a ':', which ends a name" })
        }
        _ => Ok(()),
    }
}

unsafe fn parsed(member: &mv_member, at: i32) -> Result<Option<Format>> {
    // SAFETY: as the caller promises.
    let Some(text) = (unsafe { text(member.format) }) else { return Ok(None) };
    match Format::parse(text.to_bytes(), Rules::Struct) {
        Ok(format) => Ok(Some(format)),
        Err(error @ Error::NoMemory { .. }) => Err(error),
        Err(error) => Err(Error::MemberFormat { number: at, position: error.detail().position }),
    }
}

/// Whether a value stands where alignment would put it.
fn is_aligned(format: &Format, offset: isize) -> bool {
    offset.checked_rem(format.tree().value_align()) == Some(0)
}

unsafe fn write(members: &[mv_member], itemsize: isize, align: isize, out: &mut dyn Out) -> fmt::Result {
    let (mut end, mut after) = (0isize, After::NOTHING);
    out.write_str("T{")?;
    for member in members {
        // Checked: no more than the struct has.
        let (offset, size) = (member.offset.cast_signed(), member.size.cast_signed());
        format::print_padding(offset.saturating_sub(end), out)?;
        end = offset.saturating_add(size);
        // SAFETY: as the caller promises.
        let (format, name) = unsafe { (parsed(member, 0).map_err(|_| fmt::Error)?, text(member.name)) };
        match format {
            Some(format) => {
                let exact = !is_aligned(&format, offset);
                format::print_value(&format.tree(), exact, &mut after, out)?;
            }
            None if size == 0 => out.write_str("0x")?,
            None => format::print_padding(size, out)?,
        }
        if let Some(Ok(name)) = name.map(CStr::to_str) {
            out.write_char(':')?;
            out.write_str(name)?;
            out.write_char(':')?;
        }
    }
    format::print_padding(itemsize.saturating_sub(end), out)?;
    // What is in force at the end says whether the struct is aligned; it is where its size allows.
    let last = if itemsize.checked_rem(align) == Some(0) { ByteOrder::Native } else { ByteOrder::Packed };
    if align > 1 && (last == ByteOrder::Native) != (after.order == ByteOrder::Native) {
        out.write_char(last.character())?;
    }
    out.write_str("}")
}
