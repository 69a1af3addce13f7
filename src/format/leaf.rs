//! A type without parts, as it lies in an item: how many bytes, and in which order.

use super::code::{Code, Kind};

/// In which sizes and which byte order the types of a format are read, and whether they are aligned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ByteOrder {
    /// '@': the compiler's sizes and alignment.
    Native,
    /// '^': the compiler's sizes, no alignment.
    Packed,
    /// '<': standard sizes, no alignment.
    Little,
    /// '>': standard sizes, no alignment.
    Big,
}

impl ByteOrder {
    /// The order that a character of a format puts in force: '=' is this machine's, '!' the network's.
    pub(super) const fn of(character: u8) -> Option<ByteOrder> {
        match character {
            b'@' => Some(ByteOrder::Native),
            b'^' => Some(ByteOrder::Packed),
            b'=' => Some(ByteOrder::HOST),
            b'<' => Some(ByteOrder::Little),
            b'>' | b'!' => Some(ByteOrder::Big),
            _ => None,
        }
    }

    /// Standard sizes in this machine's order.
    const HOST: ByteOrder = if cfg!(target_endian = "little") { ByteOrder::Little } else { ByteOrder::Big };

    /// The character that puts the order in force.
    #[must_use]
    pub const fn character(self) -> char {
        match self {
            ByteOrder::Native => '@',
            ByteOrder::Packed => '^',
            ByteOrder::Little => '<',
            ByteOrder::Big => '>',
        }
    }

    /// The order of what has parts: they have their own, and it only says whether they are aligned.
    pub(super) const fn of_parts(self) -> ByteOrder {
        if matches!(self, ByteOrder::Native) { ByteOrder::Native } else { ByteOrder::Packed }
    }

    /// Whether sizes are the compiler's.
    pub(super) const fn has_native_sizes(self) -> bool {
        matches!(self, ByteOrder::Native | ByteOrder::Packed)
    }

    /// Whether a type has a size in it.
    #[inline]
    pub(super) fn allows(self, code: Code) -> bool {
        self.has_native_sizes() || code.standard_size().is_some()
    }

    /// Whether bytes stand in the other order than this machine's.
    pub(super) const fn is_swapped(self) -> bool {
        !self.has_native_sizes() && !matches!(self, ByteOrder::HOST)
    }
}

/// A type without parts, as it lies in an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Leaf {
    pub(super) code: Code,
    /// The bytes of the value.
    pub(super) size: isize,
    /// Whether they stand in the other order than this machine's.
    pub(super) swapped: bool,
}

impl Leaf {
    /// The leaf of a native single character.
    #[must_use]
    pub const fn native(code: Code) -> Leaf {
        Leaf { code, size: code.size(), swapped: false }
    }

    /// A code in an order that is in force, with its count; none for what has no standard size.
    #[inline(always)]
    #[allow(clippy::inline_always)] // a call would pass it through memory
    pub(super) fn new(code: Code, order: ByteOrder, count: isize) -> Option<Leaf> {
        let size = code.value_size(order.has_native_sizes(), count)?;
        Some(Leaf { code, size, swapped: order.is_swapped() && code.has_byte_order() })
    }

    /// The leaf of a format text without parts, counts and white space: one type after at most one order character.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Leaf> {
        let (order, rest) = match *text {
            [first, ref rest @ ..] => match ByteOrder::of(first) {
                Some(order) => (order, rest),
                None => (ByteOrder::Native, text),
            },
            [] => return None,
        };
        let code = match *rest {
            [b'Z', b'f'] => Code::ComplexFloat,
            [b'Z', b'd'] => Code::ComplexDouble,
            [b'Z', b'g'] => Code::ComplexLongDouble,
            [character] => Code::of(character)?,
            _ => return None,
        };
        // Padding is no value.
        if code == Code::Pad { None } else { Leaf::new(code, order, 1) }
    }

    /// The bytes of each number in an item that has a byte order; 1 for bytes.
    #[must_use]
    pub const fn swapped_component(&self) -> usize {
        if self.code.has_byte_order() { self.component() } else { 1 }
    }

    /// Whether the bytes of its numbers stand in the other order than this machine's.
    #[must_use]
    pub const fn is_swapped(&self) -> bool {
        self.swapped
    }

    /// The type of either number of a complex one.
    pub(super) const fn half(&self) -> Option<Code> {
        match self.code {
            Code::ComplexFloat => Some(Code::Float),
            Code::ComplexDouble => Some(Code::Double),
            Code::ComplexLongDouble => Some(Code::LongDouble),
            _ => None,
        }
    }

    /// The same, where it has so many bytes, which are not negative.
    #[must_use]
    pub fn of_size(text: &[u8], size: isize) -> Option<Leaf> {
        let leaf = Leaf::parse(text);
        let found = leaf.as_ref().map_or(-1, Leaf::size);
        if found == size { leaf } else { None }
    }

    /// The type.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// The bytes of the value.
    #[must_use]
    pub const fn size(&self) -> isize {
        self.size
    }

    /// The native single character that this is on this machine, if it is one: '<i' is 'i' on a little-endian one.
    #[must_use]
    pub fn as_native(&self) -> Option<Code> {
        if self.swapped && self.size > 1 {
            return None;
        }
        if self.size == self.code.size() && !self.code.counts_characters() {
            return Some(self.code);
        }
        let same = |code: &Code| code.kind() == self.code.kind() && code.size() == self.size;
        [Code::Int, Code::UnsignedInt, Code::LongLong, Code::UnsignedLongLong].into_iter().find(same)
    }

    /// Whether both hold the same values in the same bytes.
    #[must_use]
    pub fn is_same(&self, other: &Leaf) -> bool {
        let order = self.size <= 1 || self.swapped == other.swapped;
        self.code.kind() == other.code.kind() && self.size == other.size && order
    }
}

/// One of the two numbers of a complex one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Component {
    /// The real part, which comes first.
    Real,
    /// The imaginary part.
    Imaginary,
}

/// What sort of value a leaf has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    /// A truth value.
    Bool,
    /// A signed number.
    Signed,
    /// An unsigned number.
    Unsigned,
    /// A floating-point number.
    Float,
    /// A complex number.
    Complex,
    /// An address.
    Pointer,
    /// Bytes.
    Bytes,
    /// Characters.
    Text,
    /// None.
    Opaque,
}

impl Leaf {
    /// What sort of value it has.
    #[must_use]
    pub const fn sort(&self) -> Sort {
        match self.code.kind() {
            _ if !self.has_value() => Sort::Opaque,
            Kind::Bool => Sort::Bool,
            Kind::Signed => Sort::Signed,
            Kind::Unsigned => Sort::Unsigned,
            Kind::Float | Kind::LongDouble => Sort::Float,
            Kind::Complex | Kind::LongComplex => Sort::Complex,
            Kind::Pointer | Kind::Object => Sort::Pointer,
            Kind::Char | Kind::Bytes | Kind::Pascal => Sort::Bytes,
            Kind::Ucs2 | Kind::Ucs4 => Sort::Text,
            Kind::Pad | Kind::Bits | Kind::PointerTo | Kind::Function => Sort::Opaque,
        }
    }
}

impl Code {
    /// Whether a value has bytes that could stand in another order. An object's address does not: NumPy writes "O" in any order.
    pub(super) const fn has_byte_order(self) -> bool {
        !matches!(
            self.kind(),
            Kind::Char
                | Kind::Bytes
                | Kind::Pascal
                | Kind::Pad
                | Kind::Bits
                | Kind::Object
                | Kind::PointerTo
                | Kind::Function
        )
    }
}
