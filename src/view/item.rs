//! Items of views, one at a time.

use core::ptr;

use super::View;
use crate::{
    error::{Error, Result, signed},
    format::{self, Code, MAX_NUMBER, Rules, Value},
    kernel::{self, Scratch, Span},
    object::{
        format::Format,
        part::{Content, Part},
        protocol::mv_object,
        share::Access,
    },
};

/// What is written into an item.
#[derive(Clone, Copy)]
pub enum Given<'a> {
    /// A number, a truth value, an address, or characters.
    Value(Value<'a>),
    /// Bytes, which may be part of the very memory that is written.
    Bytes(Span<'a>),
    /// Characters in UTF-8.
    Utf8(Span<'a>),
    /// The bytes of a struct, a sub-array or characters, of which the format tells what they are; they too may be part of
    /// what is written.
    Parts(Span<'a>, &'a Format),
}

impl Given<'_> {
    fn into_part(self, part: &Part<'_>) -> Result<()> {
        match self {
            Given::Value(value) => part.set(&value),
            Given::Bytes(bytes) => part.set_bytes(&bytes),
            Given::Utf8(bytes) => part.set_utf8(&bytes),
            Given::Parts(bytes, format) => part.set_parts(&bytes, format),
        }
    }
}

/// Runs `work` with the bytes of an item into which a value has been written; the rest of them are zero.
pub(super) fn encode<R>(
    access: &Access<'_>,
    given: &Given<'_>,
    work: impl FnOnce(&[u8]) -> Result<R>,
) -> Result<R> {
    let size = access.layout().itemsize.unsigned_abs();
    let mut small = [0u8; MAX_NUMBER];
    let mut large;
    let item = if let Some(item) = small.get_mut(..size) {
        item
    } else {
        large = Scratch::zeroed(size)?;
        large.bytes()
    };
    let (what, offset) = access.what()?;
    kernel::with_span(item, |span| {
        let begin = offset.unsigned_abs();
        let place = span.part(begin, size.saturating_sub(begin));
        given.into_part(&Part::of_span(&place, what))
    })?;
    work(item)
}

impl View {
    /// Reads an item; `work` gets what stands there.
    pub fn get<R>(&self, index: &[isize], work: impl FnOnce(Content<'_>) -> Result<R>) -> Result<R> {
        let access = self.share().access()?;
        let mut space = [0u8; MAX_NUMBER];
        let part = access.part(index)?;
        // What has no value is the whole item.
        work(part.content(&mut space)?)
    }

    /// The parsed format of the items.
    pub fn format(&self) -> Result<Format> {
        let pinned = self.share().pin()?;
        if let Some(format) = pinned.parsed()? {
            return Ok(format.clone());
        }
        // It says why.
        let format = Format::parse(pinned.format().to_bytes(), Rules::Exporter)?;
        let (left, right) = (signed(format.tree().least_size()), signed(pinned.layout().itemsize));
        Err(Error::FormatsDiffer { left, right })
    }

    /// The format of an item, as long as the view lives; NULL where it cannot be read.
    pub fn item_format(&self) -> Result<*mut mv_object> {
        let access = self.share().pin()?;
        let format = access.parsed()?;
        Ok(format.map_or(ptr::null_mut(), |format| format.handle(format.item_node())))
    }

    fn number<R>(&self, index: &[isize], convert: impl FnOnce(Code, &Value<'_>) -> Result<R>) -> Result<R> {
        let access = self.share().access()?;
        access.part(index)?.number(|leaf, value| convert(leaf.code(), value))
    }

    /// Reads a plain number of this machine's, the quick way; `None` where the others have more to say.
    #[inline(always)]
    #[allow(clippy::inline_always)] // a call would take as long as all the rest
    #[must_use]
    pub fn load(&self, index: &[isize]) -> Option<Value<'static>> {
        self.share().access_quickly()?.load(index)
    }

    /// Writes one, the quick way; `None`, and nothing is written, where [`View::set`] has more to say.
    #[inline(always)]
    #[allow(clippy::inline_always)] // as above
    #[must_use]
    pub fn store(&self, index: &[isize], value: &Value<'_>) -> Option<()> {
        self.share().access_quickly()?.store(index, value)
    }

    /// Reads an item as a signed number.
    pub fn get_i64(&self, index: &[isize]) -> Result<i64> {
        self.number(index, format::as_i64)
    }

    /// Reads an item as an unsigned number.
    pub fn get_u64(&self, index: &[isize]) -> Result<u64> {
        self.number(index, format::as_u64)
    }

    /// Reads an item as a floating-point number.
    pub fn get_f64(&self, index: &[isize]) -> Result<f64> {
        self.number(index, format::as_f64)
    }

    /// Writes an item. Of two faults the index is the one to be told, as in CPython.
    pub fn set(&self, index: &[isize], given: &Given<'_>) -> Result<()> {
        let access = self.share().access()?;
        if access.is_readonly() {
            return Err(Error::ReadOnly);
        }
        given.into_part(&access.part(index)?)
    }

    /// Writes a signed number.
    pub fn set_i64(&self, index: &[isize], value: i64) -> Result<()> {
        self.set(index, &Given::Value(Value::Int(value)))
    }

    /// Writes an unsigned number.
    pub fn set_u64(&self, index: &[isize], value: u64) -> Result<()> {
        self.set(index, &Given::Value(Value::UInt(value)))
    }

    /// Writes a floating-point number.
    pub fn set_f64(&self, index: &[isize], value: f64) -> Result<()> {
        self.set(index, &Given::Value(Value::Float(value)))
    }
}
