//! The pieces of a Python literal: strings with their escapes, numbers, brackets.

use crate::error::{Error, Result, number};

/// A place in a literal.
#[derive(Clone, Copy)]
pub(super) struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
}

/// A string, still with its escapes.
#[derive(Clone, Copy)]
pub(super) struct Quoted<'a> {
    text: &'a str,
    begin: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a [u8]) -> Scanner<'a> {
        Scanner { text, at: 0 }
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn advance(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn missing<T>(&self, expected: &'static str) -> Result<T> {
        Err(Error::FormatText { position: number(self.at), expected })
    }

    pub(super) fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.advance();
        }
    }

    pub(super) fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn require(&mut self, wanted: u8, expected: &'static str) -> Result<()> {
        self.skip_space();
        if self.take(wanted) { Ok(()) } else { self.missing(expected) }
    }

    /// Whether a list, a tuple or a string begins here.
    pub(super) fn begins_literal(&self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or(&[]);
        matches!(rest, [b'[' | b'(' | b'\'' | b'"', ..] | [b'u' | b'U' | b'b' | b'B', b'\'' | b'"', ..])
    }

    pub(super) fn at_close(&mut self) -> bool {
        self.skip_space();
        self.peek() == Some(b')')
    }

    /// The end of a tuple, with a comma in front of it or without.
    pub(super) fn close_tuple(&mut self) -> Result<()> {
        self.skip_space();
        self.take(b',');
        self.require(b')', "')'")
    }

    /// The end of the text.
    pub(super) fn end(&mut self) -> Result<()> {
        self.skip_space();
        if self.at >= self.text.len() { Ok(()) } else { self.missing("its end") }
    }

    /// A number; Python 2 wrote an L behind long ones.
    pub(super) fn number(&mut self, expected: &'static str) -> Result<isize> {
        self.skip_space();
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return self.missing(expected);
        }
        let mut value = 0isize;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            let grown = value.checked_mul(10).and_then(|v| v.checked_add(digit.wrapping_sub(b'0').into()));
            value = grown.ok_or(Error::FormatOverflow { position: number(self.at) })?;
            self.advance();
        }
        self.take(b'L');
        Ok(value)
    }

    /// A string; its escapes are checked.
    pub(super) fn string(&mut self, expected: &'static str) -> Result<Quoted<'a>> {
        self.skip_space();
        if matches!(self.peek(), Some(b'u' | b'U' | b'b' | b'B')) {
            self.advance();
        }
        let Some(quote @ (b'\'' | b'"')) = self.peek() else { return self.missing(expected) };
        self.advance();
        let begin = self.at;
        loop {
            match self.peek() {
                None => return self.missing("a closing quote"),
                Some(b'\\') => {
                    self.advance();
                    self.advance();
                }
                Some(byte) if byte == quote => break,
                Some(_) => self.advance(),
            }
        }
        let bytes = self.text.get(begin..self.at).unwrap_or(&[]);
        self.advance();
        let text = core::str::from_utf8(bytes)
            .map_err(|error| Error::Utf8 { position: number(begin.saturating_add(error.valid_up_to())) })?;
        let mut characters = Characters { rest: text, at: begin };
        while !characters.rest.is_empty() {
            let position = number(characters.at);
            if characters.next().is_none() {
                return Err(Error::FormatCharacter { character: '\\', position, reason: "begins no escape" });
            }
        }
        Ok(Quoted { text, begin })
    }

    /// Passes over one value, whose brackets and strings end, up to the comma or the bracket behind it.
    pub(super) fn skip_value(&mut self) -> Result<()> {
        let mut open = 0usize;
        loop {
            self.skip_space();
            match self.peek() {
                None => return self.missing("a type"),
                Some(b'[' | b'(') => {
                    open = open.saturating_add(1);
                    self.advance();
                }
                Some(b']' | b')' | b',') if open == 0 => return Ok(()),
                Some(b']' | b')') => {
                    open = open.saturating_sub(1);
                    self.advance();
                }
                Some(b'\'' | b'"') => {
                    self.string("a string")?;
                }
                Some(_) => self.advance(),
            }
        }
    }
}

impl<'a> Quoted<'a> {
    pub(super) fn begin(&self) -> usize {
        self.begin
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The characters that it stands for, each with its place in the text.
    pub(super) fn characters(self) -> impl Iterator<Item = (char, usize)> + use<'a> {
        Characters { rest: self.text, at: self.begin }
    }
}

struct Characters<'a> {
    rest: &'a str,
    at: usize,
}

impl Characters<'_> {
    fn take(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let character = characters.next()?;
        self.at = self.at.saturating_add(character.len_utf8());
        self.rest = characters.as_str();
        Some(character)
    }

    /// The character that so many digits stand for.
    fn digits(&mut self, radix: u32, least: usize, most: usize) -> Option<char> {
        let mut value = 0u32;
        for number in 0..most {
            let Some(digit) = self.rest.chars().next().and_then(|character| character.to_digit(radix)) else {
                return if number < least { None } else { char::from_u32(value) };
            };
            self.take();
            value = value.checked_mul(radix)?.checked_add(digit)?;
        }
        char::from_u32(value)
    }

    fn escape(&mut self) -> Option<char> {
        let octal = self.rest.starts_with(|character: char| character.is_digit(8));
        if octal {
            return self.digits(8, 1, 3);
        }
        Some(match self.take()? {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'a' => '\x07',
            'b' => '\x08',
            'f' => '\x0C',
            'v' => '\x0B',
            'x' => return self.digits(16, 2, 2),
            'u' => return self.digits(16, 4, 4),
            'U' => return self.digits(16, 8, 8),
            other @ ('\\' | '\'' | '"') => other,
            _ => return None,
        })
    }
}

impl Iterator for Characters<'_> {
    type Item = (char, usize);

    fn next(&mut self) -> Option<(char, usize)> {
        let at = self.at;
        match self.take()? {
            '\\' => Some((self.escape()?, at)),
            plain => Some((plain, at)),
        }
    }
}
