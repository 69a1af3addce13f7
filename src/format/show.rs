//! Values as Python prints them.

use core::fmt::{Result, Write};

use super::{
    quote::{Quotes, write_quoted},
    scalar::Value,
    text::{Character, characters},
};

/// Writes a number, truth value, address or complex number as Python's `repr` does.
pub fn show_value(value: &Value<'_>, out: &mut dyn Write) -> Result {
    match *value {
        Value::Bool(true) => out.write_str("True"),
        Value::Bool(false) => out.write_str("False"),
        Value::Int(value) => write!(out, "{value}"),
        Value::UInt(value) | Value::Pointer(value) => write!(out, "{value}"),
        Value::Float(value) => show_float(value, true, out),
        Value::Complex(re, im) => show_complex(re, im, out),
        Value::Bytes(bytes) => {
            let mut quotes = Quotes::default();
            quotes.look(bytes);
            let mut printer = Bytes::begin(quotes, out)?;
            printer.piece(bytes)?;
            printer.end()
        }
        Value::Text(text) => show_characters(text.chars().map(Ok), out),
    }
}

/// The shortest digits that read back as the same double; with `point`, whole numbers end in ".0".
fn show_float(value: f64, point: bool, out: &mut dyn Write) -> Result {
    if value.is_nan() {
        return out.write_str("nan");
    }
    if value.is_infinite() {
        return out.write_str(if value < 0.0 { "-inf" } else { "inf" });
    }
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format_finite(value);
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    out.write_str(sign)?;
    let (number, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let exponent = exponent.parse::<i32>().unwrap_or(0);
    let digits = || whole.chars().chain(fraction.chars());
    // Where the point stands among all digits, of which leading and trailing zeros do not count.
    let leading = i32::try_from(digits().take_while(|&digit| digit == '0').count()).unwrap_or(0);
    let point_at = i32::try_from(whole.len()).unwrap_or(0).saturating_add(exponent).saturating_sub(leading);
    let count = digits().count();
    let trailing = whole
        .chars()
        .chain(fraction.chars())
        .fold(0usize, |zeros, digit| if digit == '0' { zeros.saturating_add(1) } else { 0 });
    let skip = usize::try_from(leading).unwrap_or(0);
    let significant = count.saturating_sub(skip).saturating_sub(trailing);
    let mut digits = digits().skip(skip).take(significant);
    if significant == 0 {
        return out.write_str(if point { "0.0" } else { "0" });
    }
    if !(-3..=16).contains(&point_at) {
        digits.next().map_or(Ok(()), |first| out.write_char(first))?;
        if significant > 1 {
            out.write_str(".")?;
            digits.try_for_each(|digit| out.write_char(digit))?;
        }
        let exponent = point_at.saturating_sub(1);
        let sign = if exponent < 0 { '-' } else { '+' };
        return write!(out, "e{sign}{:02}", exponent.unsigned_abs());
    }
    if point_at <= 0 {
        out.write_str("0.")?;
        (point_at..0).try_for_each(|_| out.write_str("0"))?;
        return digits.try_for_each(|digit| out.write_char(digit));
    }
    for _ in 0..point_at {
        out.write_char(digits.next().unwrap_or('0'))?;
    }
    let mut rest = digits.peekable();
    if rest.peek().is_some() {
        out.write_str(".")?;
        return rest.try_for_each(|digit| out.write_char(digit));
    }
    if point { out.write_str(".0") } else { Ok(()) }
}

fn show_complex(re: f64, im: f64, out: &mut dyn Write) -> Result {
    if re.to_bits() == 0 {
        show_float(im, false, out)?;
        return out.write_str("j");
    }
    out.write_str("(")?;
    show_float(re, false, out)?;
    if !im.is_sign_negative() || im.is_nan() {
        out.write_str("+")?;
    }
    show_float(im, false, out)?;
    out.write_str("j)")
}

/// Bytes as Python prints them, piece by piece.
pub struct Bytes<'a> {
    quote: char,
    out: &'a mut dyn Write,
}

impl<'a> Bytes<'a> {
    /// Begins; `quotes` has looked at all pieces.
    pub fn begin(quotes: Quotes, out: &'a mut dyn Write) -> core::result::Result<Self, core::fmt::Error> {
        let quote = quotes.chosen();
        write!(out, "b{quote}")?;
        Ok(Bytes { quote, out })
    }

    /// The next bytes.
    pub fn piece(&mut self, bytes: &[u8]) -> Result {
        bytes.iter().try_for_each(|&byte| match byte {
            0x80.. => write!(self.out, "\\x{byte:02x}"),
            _ => write_quoted(char::from(byte), self.quote, self.out),
        })
    }

    /// Ends.
    pub fn end(self) -> Result {
        self.out.write_char(self.quote)
    }
}

/// Characters as Python prints them; what is no character by its number.
fn show_characters(text: impl Iterator<Item = Character> + Clone, out: &mut dyn Write) -> Result {
    let mut quotes = Quotes::default();
    text.clone().flatten().for_each(|character| quotes.look_at(character));
    let quote = quotes.chosen();
    out.write_char(quote)?;
    for character in text {
        match character {
            Ok(character) => write_quoted(character, quote, out)?,
            Err(number) if number < 0x10000 => write!(out, "\\u{number:04x}")?,
            Err(number) => write!(out, "\\U{number:08x}")?,
        }
    }
    out.write_char(quote)
}

/// Characters of an item, given as its units, which may be of two bytes or `wide`.
pub fn show_units(wide: bool, units: impl Iterator<Item = u32> + Clone, out: &mut dyn Write) -> Result {
    show_characters(characters(wide, units), out)
}
