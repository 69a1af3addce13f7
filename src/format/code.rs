//! The native single-character formats.

use core::ffi::{
    CStr, c_char, c_double, c_float, c_int, c_long, c_longlong, c_short, c_uint, c_ulong, c_ulonglong,
    c_ushort, c_void,
};

use crate::error::{Error, Result};

/// What the bytes of an item are, apart from how many there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Char,
    Bool,
    Signed,
    Unsigned,
    Float,
    Pointer,
}

macro_rules! codes {
    ($($name:ident $character:literal $text:literal $at:literal $kind:ident $of:ty;)*) => {
        /// One native single-character format: size and alignment are those of the C compiler.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Code {
            $(#[doc = concat!("Format '", $character, "'.")] $name,)*
        }

        impl Code {
            /// The code with this character.
            pub(super) const fn of(character: u8) -> Option<Self> {
                match character as char {
                    $($character => Some(Code::$name),)*
                    _ => None,
                }
            }

            /// The bytes of one item.
            #[must_use]
            pub const fn size(self) -> isize {
                match self { $(Code::$name => size_of::<$of>().cast_signed(),)* }
            }

            /// The alignment of an item in a C struct.
            #[must_use]
            pub const fn alignment(self) -> isize {
                match self { $(Code::$name => align_of::<$of>().cast_signed(),)* }
            }

            /// The character of the format.
            #[must_use]
            pub const fn character(self) -> char {
                match self { $(Code::$name => $character,)* }
            }

            /// The format as a text, with a leading '@' or without.
            #[must_use]
            pub const fn text(self, at: bool) -> &'static CStr {
                match self { $(Code::$name => if at { $at } else { $text },)* }
            }

            pub(super) const fn kind(self) -> Kind {
                match self { $(Code::$name => Kind::$kind,)* }
            }
        }

        #[cfg(test)]
        pub(super) const ALL: &[Code] = &[$(Code::$name,)*];
    };
}

codes! {
    Char 'c' c"c" c"@c" Char c_char;
    SignedByte 'b' c"b" c"@b" Signed i8;
    Byte 'B' c"B" c"@B" Unsigned u8;
    Bool '?' c"?" c"@?" Bool bool;
    Short 'h' c"h" c"@h" Signed c_short;
    UnsignedShort 'H' c"H" c"@H" Unsigned c_ushort;
    Int 'i' c"i" c"@i" Signed c_int;
    UnsignedInt 'I' c"I" c"@I" Unsigned c_uint;
    Long 'l' c"l" c"@l" Signed c_long;
    UnsignedLong 'L' c"L" c"@L" Unsigned c_ulong;
    LongLong 'q' c"q" c"@q" Signed c_longlong;
    UnsignedLongLong 'Q' c"Q" c"@Q" Unsigned c_ulonglong;
    Ssize 'n' c"n" c"@n" Signed isize;
    Size 'N' c"N" c"@N" Unsigned usize;
    Half 'e' c"e" c"@e" Float u16;
    Float 'f' c"f" c"@f" Float c_float;
    Double 'd' c"d" c"@d" Float c_double;
    Pointer 'P' c"P" c"@P" Pointer *const c_void;
}

impl Code {
    /// The code of a format text, without its NUL: one native character, with a leading '@' or without.
    #[must_use]
    pub const fn parse(text: &[u8]) -> Option<Code> {
        match *text {
            [character] | [b'@', character] => Code::of(character),
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

    /// The bytes of one item where sizes are the standard ones; none for what is native only.
    pub(super) const fn standard_size(self) -> Option<isize> {
        match self {
            Code::Char | Code::SignedByte | Code::Byte | Code::Bool => Some(1),
            Code::Short | Code::UnsignedShort | Code::Half => Some(2),
            Code::Int | Code::UnsignedInt | Code::Long | Code::UnsignedLong | Code::Float => Some(4),
            Code::LongLong | Code::UnsignedLongLong | Code::Double => Some(8),
            Code::Ssize | Code::Size | Code::Pointer => None,
        }
    }
}
