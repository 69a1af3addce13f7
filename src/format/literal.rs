//! What NumPy says of a type, a typestr or a `descr` as a Python literal, rewritten as a format text.
//!
//!     type   = typestr | string | list | '(' type ',' shape ')'
//!     list   = '[' { '(' name ',' type [ ',' shape ] ')' } ']'
//!     name   = string | '(' string ',' string ')'                  the first of two is a title
//!     shape  = number | '(' { number ',' } ')'
//!
//! Commas may stand at the end, white space between any two of these. All types are written unaligned, so that
//! padding is where the text says.

use core::fmt::Write;

use super::{
    parse::MAX_DEPTH,
    python::{Quoted, Scanner},
    wide::LONG_DOUBLE_SIZE,
};
use crate::error::{Error, Result, number};

/// Writes the format of a NumPy type.
pub fn rewrite(text: &[u8], out: &mut dyn Write) -> Result<()> {
    let mut reader = Reader { scanner: Scanner::new(text), out };
    reader.scanner.skip_space();
    if reader.scanner.begins_literal() {
        reader.value(0)?;
    } else {
        // A typestr without quotes.
        let begin = reader.scanner.position();
        let bare = text.get(begin..).unwrap_or(&[]).trim_ascii_end();
        let mut typestr = Typestr { bytes: bare.iter().map(|byte| (char::from(*byte), 0)), begin };
        reader.typestr(&mut typestr)?;
        return Ok(());
    }
    reader.scanner.end()
}

struct Reader<'a, 'b> {
    scanner: Scanner<'a>,
    out: &'b mut dyn Write,
}

/// The characters of a typestr, and where it begins.
struct Typestr<I> {
    bytes: I,
    begin: usize,
}

impl<'a> Reader<'a, '_> {
    fn put(&mut self, text: &str) {
        // What is written to never fails.
        let _ = self.out.write_str(text);
    }

    fn value(&mut self, depth: usize) -> Result<()> {
        self.scanner.skip_space();
        let at = self.scanner.position();
        if depth > MAX_DEPTH {
            let (limit, position) = (number(MAX_DEPTH), number(at));
            return Err(Error::FormatLimit { what: "levels of nesting", limit, position });
        }
        if self.scanner.take(b'[') {
            return self.list(depth);
        }
        if self.scanner.take(b'(') {
            return self.with_shape(depth);
        }
        let quoted = self.scanner.string("a type")?;
        let mut typestr = Typestr { bytes: quoted.characters(), begin: quoted.begin() };
        self.typestr(&mut typestr)
    }

    /// A type and its shape, behind the parenthesis; the shape comes first in a format.
    fn with_shape(&mut self, depth: usize) -> Result<()> {
        let begin = self.scanner;
        self.scanner.skip_value()?;
        self.scanner.require(b',', "','")?;
        self.shape()?;
        self.scanner.close_tuple()?;
        let end = core::mem::replace(&mut self.scanner, begin);
        self.value(depth.saturating_add(1))?;
        self.scanner = end;
        Ok(())
    }

    fn list(&mut self, depth: usize) -> Result<()> {
        self.put("T{");
        loop {
            self.scanner.skip_space();
            if self.scanner.take(b']') {
                break;
            }
            self.scanner.require(b'(', "a field, '('")?;
            self.field(depth)?;
            self.scanner.skip_space();
            if !self.scanner.take(b',') {
                self.scanner.require(b']', "',' or ']'")?;
                break;
            }
        }
        self.put("}");
        Ok(())
    }

    /// A field, behind its parenthesis.
    fn field(&mut self, depth: usize) -> Result<()> {
        let name = self.name()?;
        self.scanner.require(b',', "','")?;
        let begin = self.scanner;
        self.scanner.skip_value()?;
        self.scanner.skip_space();
        if self.scanner.take(b',') && !self.scanner.at_close() {
            self.shape()?;
        }
        self.scanner.close_tuple()?;
        let end = core::mem::replace(&mut self.scanner, begin);
        self.value(depth.saturating_add(1))?;
        self.scanner = end;
        if name.is_empty() {
            return Ok(());
        }
        self.put(":");
        for (character, at) in name.characters() {
            if matches!(character, ':' | '\0') {
                let position = number(at);
                return Err(Error::FormatCharacter {
                    character,
                    position,
                    reason: "cannot be part of a name",
                });
            }
            let _ = self.out.write_char(character);
        }
        self.put(":");
        Ok(())
    }

    /// A name; of a title and a name the latter.
    fn name(&mut self) -> Result<Quoted<'a>> {
        self.scanner.skip_space();
        if !self.scanner.take(b'(') {
            return self.scanner.string("a name");
        }
        self.scanner.string("a title")?;
        self.scanner.require(b',', "','")?;
        let name = self.scanner.string("a name")?;
        self.scanner.close_tuple()?;
        Ok(name)
    }

    fn shape(&mut self) -> Result<()> {
        self.scanner.skip_space();
        if !self.scanner.take(b'(') {
            let extent = self.scanner.number("a shape")?;
            let _ = write!(self.out, "({extent})");
            return Ok(());
        }
        let mut opened = false;
        loop {
            self.scanner.skip_space();
            if self.scanner.take(b')') {
                break;
            }
            let extent = self.scanner.number("an extent")?;
            let _ = write!(self.out, "{}{extent}", if opened { "," } else { "(" });
            opened = true;
            self.scanner.skip_space();
            if !self.scanner.take(b',') {
                self.scanner.require(b')', "',' or ')'")?;
                break;
            }
        }
        // No extent makes no sub-array.
        self.put(if opened { ")" } else { "" });
        Ok(())
    }

    fn typestr(&mut self, text: &mut Typestr<impl Iterator<Item = (char, usize)>>) -> Result<()> {
        let position = number(text.begin);
        let none = || Error::NumpyType { position };
        let mut next = text.bytes.next().map(|(character, _)| character);
        let order = match next {
            Some('<' | '>') => next,
            Some('=' | '|') => None,
            _ => Some('\0'),
        };
        if order != Some('\0') {
            next = text.bytes.next().map(|(character, _)| character);
        }
        let kind = next.ok_or(Error::FormatText { position, expected: "a type" })?;
        let (mut size, mut digits) = (0isize, false);
        for (character, _) in text.bytes.by_ref() {
            let digit =
                character.to_digit(10).and_then(|digit| isize::try_from(digit).ok()).ok_or_else(none)?;
            let grown = size.checked_mul(10).and_then(|size| size.checked_add(digit));
            size = grown.ok_or(Error::FormatOverflow { position })?;
            digits = true;
        }
        let own = if cfg!(target_endian = "little") { '<' } else { '>' };
        let order = order.filter(|order| *order != '\0').unwrap_or(own);
        let long = size.unsigned_abs();
        let code = match (kind, size) {
            ('b', 1) => "?",
            ('i', 1) => "b",
            ('i', 2) => "h",
            ('i', 4) => "i",
            ('i', 8) => "q",
            ('u', 1) => "B",
            ('u', 2) => "H",
            ('u', 4) => "I",
            ('u', 8) => "Q",
            ('f', 2) => "e",
            ('f', 4) => "f",
            ('f', 8) => "d",
            ('c', 8) => "Zf",
            ('c', 16) => "Zd",
            ('f', _) if order == own && long == LONG_DOUBLE_SIZE => "^g",
            ('c', _) if order == own && long >> 1 == LONG_DOUBLE_SIZE && long & 1 == 0 => "^Zg",
            ('O', 0 | 4 | 8) => "O",
            ('S' | 'a', _) if digits => "s",
            ('U', _) if digits => "w",
            ('V', _) if digits => "x",
            _ => return Err(none()),
        };
        if !code.starts_with('^') {
            let _ = self.out.write_char(order);
        }
        if matches!(code, "s" | "w" | "x") {
            let _ = write!(self.out, "{size}");
        }
        self.put(code);
        Ok(())
    }
}
