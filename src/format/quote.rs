//! Quotes and escapes, as Python's `repr` has them.

use core::fmt::{Result, Write};

/// Which quotes a text has inside, and so in which it is put: in double ones where that saves escapes.
#[derive(Clone, Copy, Default)]
pub struct Quotes {
    single: bool,
    double: bool,
}

impl Quotes {
    /// Looks at the next bytes of the text.
    pub fn look(&mut self, bytes: &[u8]) {
        self.single |= bytes.contains(&b'\'');
        self.double |= bytes.contains(&b'"');
    }

    /// Looks at the next character of the text.
    pub(super) fn look_at(&mut self, character: char) {
        self.single |= character == '\'';
        self.double |= character == '"';
    }

    /// The quote to use.
    pub(super) fn chosen(self) -> char {
        if self.single && !self.double { '"' } else { '\'' }
    }
}

/// Writes a character of a text that stands in quotes.
pub(super) fn write_quoted(character: char, quote: char, out: &mut dyn Write) -> Result {
    match character {
        '\n' => out.write_str("\\n"),
        '\r' => out.write_str("\\r"),
        '\t' => out.write_str("\\t"),
        '\0'..='\x1F' | '\x7F'..='\u{A0}' | '\u{AD}' => write!(out, "\\x{:02x}", u32::from(character)),
        '\\' => out.write_str("\\\\"),
        _ if character == quote => {
            out.write_char('\\')?;
            out.write_char(character)
        }
        _ => out.write_char(character),
    }
}
