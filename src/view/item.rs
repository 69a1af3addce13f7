//! Items of views, one at a time: through a local copy of the item's bytes.

use super::View;
use crate::{
    error::{Error, Result},
    format::{self, Code, Value},
    kernel,
    object::share::{Access, Pinned},
};

/// The bytes of the largest native single-character item.
const LARGEST: usize = 8;

/// The code of a view's items, where they have one.
fn code(pinned: &Pinned<'_>, operation: &'static str) -> Result<Code> {
    pinned.code().ok_or(Error::FormatOpaque { operation })
}

/// The bytes of an item, a local copy.
struct Item {
    bytes: [u8; LARGEST],
    size: usize,
}

impl Item {
    fn new(code: Code) -> Self {
        Item { bytes: [0; LARGEST], size: code.size().unsigned_abs() }
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.size).unwrap_or(&[])
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        self.bytes.get_mut(..self.size).unwrap_or(&mut [])
    }
}

/// The bytes of a value as an item of a format.
pub(super) fn encode<R>(
    access: &Access<'_>,
    value: &Value<'_>,
    work: impl FnOnce(&[u8]) -> Result<R>,
) -> Result<R> {
    let code = code(access, "writing a value")?;
    let mut item = Item::new(code);
    format::write(code, value, item.bytes_mut())?;
    work(item.bytes())
}

impl View {
    /// Reads an item; `work` gets its value, `None` where the format has none, and its address.
    pub fn get<R>(
        &self,
        index: &[isize],
        work: impl FnOnce(Option<Value<'_>>, *const u8, usize) -> R,
    ) -> Result<R> {
        let access = self.share().access()?;
        let memory = access.memory();
        let address = kernel::address(&memory, index)?;
        let itemsize = memory.layout().itemsize.unsigned_abs();
        let Some(code) = access.code() else { return Ok(work(None, address, itemsize)) };
        let mut item = Item::new(code);
        kernel::load(&memory, index, item.bytes_mut())?;
        Ok(work(Some(format::read(code, item.bytes())?), address, itemsize))
    }

    fn number<R>(&self, index: &[isize], convert: impl FnOnce(Code, &Value<'_>) -> Result<R>) -> Result<R> {
        let access = self.share().access()?;
        let code = code(&access, "reading a number")?;
        let mut item = Item::new(code);
        kernel::load(&access.memory(), index, item.bytes_mut())?;
        convert(code, &format::read(code, item.bytes())?)
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

    /// Writes an item.
    pub fn set(&self, index: &[isize], value: &Value<'_>) -> Result<()> {
        let access = self.share().access()?;
        if access.is_readonly() {
            return Err(Error::ReadOnly);
        }
        let memory = access.memory();
        let result = encode(&access, value, |item| kernel::store(&memory, index, item));
        // Of two faults the index is the one to be told, as in CPython.
        result.or_else(|fault| kernel::address(&memory, index).and(Err(fault)))
    }

    /// Writes a signed number.
    pub fn set_i64(&self, index: &[isize], value: i64) -> Result<()> {
        self.set(index, &Value::Int(value))
    }

    /// Writes an unsigned number.
    pub fn set_u64(&self, index: &[isize], value: u64) -> Result<()> {
        self.set(index, &Value::UInt(value))
    }

    /// Writes a floating-point number.
    pub fn set_f64(&self, index: &[isize], value: f64) -> Result<()> {
        self.set(index, &Value::Float(value))
    }
}
