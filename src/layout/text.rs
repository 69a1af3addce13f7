//! An index written as in Python: `1:3, ..., ::-1`.

use super::index::mv_index;
use super::number;
use crate::error::{Error, Result};

/// Reads an index into `items` and returns how many they are.
///
/// An item is an integer, a slice, `...`, `newaxis` or `None`; commas part them, and one may follow the last. Blanks
/// may stand anywhere but between digits. Numbers beyond `isize` count as its nearest: as a bound they are clamped
/// anyway, and as a position they are out of bounds.
pub fn parse(text: &[u8], items: &mut [mv_index]) -> Result<usize> {
    let mut cursor = Cursor { text, position: 0 };
    let mut count = 0usize;
    while !cursor.at_end() {
        let item = cursor.item()?;
        if let Some(to) = items.get_mut(count) {
            *to = item;
        }
        count = count.saturating_add(1);
        if !cursor.at_end() && !cursor.take(b",") {
            return Err(cursor.missing("a comma"));
        }
    }
    if count > items.len() {
        return Err(Error::IndexCapacity { given: number(count), capacity: number(items.len()) });
    }
    Ok(count)
}

struct Cursor<'t> {
    text: &'t [u8],
    position: usize,
}

/// What stands where a slice may have a number.
enum Bound {
    Absent,
    /// The word `None`: a new axis by itself, in a slice the same as nothing.
    None,
    Number(isize),
}

impl Bound {
    fn given(self) -> Option<isize> {
        if let Bound::Number(value) = self { Some(value) } else { None }
    }
}

impl Cursor<'_> {
    fn missing(&self, expected: &'static str) -> Error {
        Error::IndexText { position: number(self.position), expected }
    }

    fn rest(&self) -> &[u8] {
        self.text.get(self.position..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        let blank = |byte: &&u8| matches!(**byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c);
        let blanks = self.rest().iter().take_while(blank).count();
        self.position = self.position.saturating_add(blanks);
    }

    fn at_end(&mut self) -> bool {
        self.skip_blanks();
        self.rest().is_empty()
    }

    fn take(&mut self, word: &[u8]) -> bool {
        self.skip_blanks();
        let found = self.rest().starts_with(word);
        if found {
            self.position = self.position.saturating_add(word.len());
        }
        found
    }

    fn item(&mut self) -> Result<mv_index> {
        if self.take(b"...") {
            return Ok(mv_index::ellipsis());
        }
        if self.take(b"newaxis") {
            return Ok(mv_index::newaxis());
        }
        let start = self.bound()?;
        if !self.take(b":") {
            return match start {
                Bound::Number(position) => Ok(mv_index::at(position)),
                Bound::None => Ok(mv_index::newaxis()),
                Bound::Absent => Err(self.missing("an index")),
            };
        }
        let stop = self.bound()?;
        let step = if self.take(b":") { self.bound()? } else { Bound::Absent };
        Ok(mv_index::slice(start.given(), stop.given(), step.given()))
    }

    fn bound(&mut self) -> Result<Bound> {
        if self.take(b"None") {
            return Ok(Bound::None);
        }
        let negative = self.take(b"-");
        let signed = negative || self.take(b"+");
        self.skip_blanks();
        match self.digits(negative) {
            Some(value) => Ok(Bound::Number(value)),
            None if signed => Err(self.missing("a digit")),
            None => Ok(Bound::Absent),
        }
    }

    fn digits(&mut self, negative: bool) -> Option<isize> {
        let mut value = None;
        while let Some(digit @ b'0'..=b'9') = self.rest().first() {
            let digit = isize::from(digit.wrapping_sub(b'0'));
            let tens = value.unwrap_or(0isize).saturating_mul(10);
            value = Some(if negative { tens.saturating_sub(digit) } else { tens.saturating_add(digit) });
            self.position = self.position.saturating_add(1);
        }
        value
    }
}
