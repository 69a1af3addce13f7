//! The types of the format language that have no parts: their characters, sizes and alignments.

use core::ffi::{
    CStr, c_char, c_double, c_float, c_int, c_long, c_longlong, c_short, c_uint, c_ulong, c_ulonglong,
    c_ushort, c_void,
};

use super::wide::{LONG_DOUBLE_ALIGN, LONG_DOUBLE_SIZE};
use crate::error::{Error, Result};

/// What the bytes of an item are, apart from how many there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Char,
    Bool,
    Signed,
    Unsigned,
    Float,
    LongDouble,
    Complex,
    LongComplex,
    Pointer,
    Object,
    Bytes,
    Pascal,
    Ucs2,
    Ucs4,
    Pad,
    Bits,
    PointerTo,
    Function,
}

/// An alignment as the C compiler has it.
#[repr(C)]
struct Pair<T>([T; 2]);

macro_rules! codes {
    ($($name:ident $text:literal $at:literal $kind:ident $size:expr, $align:expr, $standard:expr;)*) => {
        /// One type of the format language. Native sizes and alignments are those of the C compiler.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Code {
            $(#[doc = concat!("Format '", $text, "'.")] $name,)*
        }

        impl Code {
            /// The bytes of one item, or of one of the characters that a count numbers.
            #[must_use]
            pub const fn size(self) -> isize {
                match self { $(Code::$name => $size.cast_signed(),)* }
            }

            /// The alignment of an item in a C struct.
            #[must_use]
            pub const fn alignment(self) -> isize {
                match self { $(Code::$name => $align.cast_signed(),)* }
            }

            /// The bytes of one item where sizes are the standard ones; none for what is native only.
            pub(super) const fn standard_size(self) -> Option<isize> {
                match self { $(Code::$name => $standard,)* }
            }

            /// The characters of the format.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }

            /// The format as a text, with a leading '@' or without.
            #[must_use]
            pub const fn text(self, at: bool) -> &'static CStr {
                let text = match self { $(Code::$name => if at { concat!($at, "\0") } else { concat!($text, "\0") },)* };
                match CStr::from_bytes_with_nul(text.as_bytes()) {
                    Ok(text) => text,
                    Err(_) => c"",
                }
            }

            pub(super) const fn kind(self) -> Kind {
                match self { $(Code::$name => Kind::$kind,)* }
            }
        }

        #[cfg(test)]
        pub(super) const ALL: &[Code] = &[$(Code::$name,)*];
    };
}

const POINTER: usize = size_of::<*const c_void>();

codes! {
    Char "c" "@c" Char 1usize, 1usize, Some(1);
    SignedByte "b" "@b" Signed 1usize, 1usize, Some(1);
    Byte "B" "@B" Unsigned 1usize, 1usize, Some(1);
    Bool "?" "@?" Bool size_of::<bool>(), align_of::<bool>(), Some(1);
    Short "h" "@h" Signed size_of::<c_short>(), align_of::<c_short>(), Some(2);
    UnsignedShort "H" "@H" Unsigned size_of::<c_ushort>(), align_of::<c_ushort>(), Some(2);
    Int "i" "@i" Signed size_of::<c_int>(), align_of::<c_int>(), Some(4);
    UnsignedInt "I" "@I" Unsigned size_of::<c_uint>(), align_of::<c_uint>(), Some(4);
    Long "l" "@l" Signed size_of::<c_long>(), align_of::<c_long>(), Some(4);
    UnsignedLong "L" "@L" Unsigned size_of::<c_ulong>(), align_of::<c_ulong>(), Some(4);
    LongLong "q" "@q" Signed size_of::<c_longlong>(), align_of::<c_longlong>(), Some(8);
    UnsignedLongLong "Q" "@Q" Unsigned size_of::<c_ulonglong>(), align_of::<c_ulonglong>(), Some(8);
    Ssize "n" "@n" Signed size_of::<isize>(), align_of::<isize>(), None;
    Size "N" "@N" Unsigned size_of::<usize>(), align_of::<usize>(), None;
    Half "e" "@e" Float 2usize, align_of::<u16>(), Some(2);
    Float "f" "@f" Float size_of::<c_float>(), align_of::<c_float>(), Some(4);
    Double "d" "@d" Float size_of::<c_double>(), align_of::<c_double>(), Some(8);
    LongDouble "g" "@g" LongDouble LONG_DOUBLE_SIZE, LONG_DOUBLE_ALIGN, None;
    ComplexFloat "Zf" "@Zf" Complex size_of::<Pair<c_float>>(), align_of::<c_float>(), Some(8);
    ComplexDouble "Zd" "@Zd" Complex size_of::<Pair<c_double>>(), align_of::<c_double>(), Some(16);
    ComplexLongDouble "Zg" "@Zg" LongComplex 2 * LONG_DOUBLE_SIZE, LONG_DOUBLE_ALIGN, None;
    Pointer "P" "@P" Pointer POINTER, align_of::<*const c_void>(), None;
    Object "O" "@O" Object POINTER, align_of::<*const c_void>(), Some(POINTER.cast_signed());
    CharPointer "z" "@z" Pointer POINTER, align_of::<*const c_char>(), Some(POINTER.cast_signed());
    WidePointer "Z" "@Z" Pointer POINTER, align_of::<*const c_void>(), Some(POINTER.cast_signed());
    Bytes "s" "@s" Bytes 1usize, 1usize, Some(1);
    Pascal "p" "@p" Pascal 1usize, 1usize, Some(1);
    Ucs2 "u" "@u" Ucs2 2usize, align_of::<u16>(), Some(2);
    Ucs4 "w" "@w" Ucs4 4usize, align_of::<u32>(), Some(4);
    Pad "x" "@x" Pad 1usize, 1usize, Some(1);
    Bits "t" "@t" Bits 1usize, 1usize, Some(1);
    PointerTo "&" "@&" PointerTo POINTER, align_of::<*const c_void>(), Some(POINTER.cast_signed());
    Function "X" "@X" Function POINTER, align_of::<*const c_void>(), Some(POINTER.cast_signed());
}

impl Code {
    /// The native single character that CPython's memoryview knows.
    const fn native_character(character: u8) -> Option<Self> {
        Some(match character {
            b'c' => Code::Char,
            b'b' => Code::SignedByte,
            b'B' => Code::Byte,
            b'?' => Code::Bool,
            b'h' => Code::Short,
            b'H' => Code::UnsignedShort,
            b'i' => Code::Int,
            b'I' => Code::UnsignedInt,
            b'l' => Code::Long,
            b'L' => Code::UnsignedLong,
            b'q' => Code::LongLong,
            b'Q' => Code::UnsignedLongLong,
            b'n' => Code::Ssize,
            b'N' => Code::Size,
            b'e' => Code::Half,
            b'f' => Code::Float,
            b'd' => Code::Double,
            b'P' => Code::Pointer,
            _ => return None,
        })
    }

    /// The type with this character; the two characters of a complex number are the parser's to see.
    pub(super) const fn of(character: u8) -> Option<Self> {
        Some(match character {
            b'g' => Code::LongDouble,
            b'F' => Code::ComplexFloat,
            b'D' => Code::ComplexDouble,
            b'G' => Code::ComplexLongDouble,
            b'O' => Code::Object,
            b'z' => Code::CharPointer,
            b'Z' => Code::WidePointer,
            b's' => Code::Bytes,
            b'p' => Code::Pascal,
            b'u' => Code::Ucs2,
            b'w' => Code::Ucs4,
            b'x' => Code::Pad,
            b't' => Code::Bits,
            other => return Code::native_character(other),
        })
    }

    /// The code of a format text, without its NUL: one native character, with a leading '@' or without.
    #[must_use]
    pub const fn parse(text: &[u8]) -> Option<Code> {
        match *text {
            [character] | [b'@', character] => Code::native_character(character),
            _ => None,
        }
    }

    /// The native single character that a format text must be.
    pub fn native(text: &[u8]) -> Result<Code> {
        Code::parse(text).ok_or(Error::FormatText { position: 0, expected: "a native single character" })
    }

    /// Whether an item is one byte of untyped memory: 'B', 'b' or 'c'.
    #[must_use]
    pub const fn is_byte(self) -> bool {
        matches!(self, Code::Byte | Code::SignedByte | Code::Char)
    }

    /// Whether a count numbers the characters, bytes or bits of one value, not values.
    pub(super) const fn counts_characters(self) -> bool {
        matches!(self, Code::Bytes | Code::Pascal | Code::Ucs2 | Code::Ucs4 | Code::Pad | Code::Bits)
    }

    /// The bytes of one value with a count, where sizes are native or standard.
    #[inline(always)]
    #[allow(clippy::inline_always)] // one step of `Leaf::new`
    pub(super) fn value_size(self, native: bool, count: isize) -> Option<isize> {
        let unit = if native { self.size() } else { self.standard_size()? };
        match self.kind() {
            // One byte holds eight bits.
            Kind::Bits => count.checked_add(7).map(|bits| bits >> 3),
            _ if self.counts_characters() => unit.checked_mul(count),
            _ => Some(unit),
        }
    }
}
