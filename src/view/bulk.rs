//! All items of views at once: copy, read, write, fill.

use core::ffi::CStr;

use super::{Given, View, item::encode, same_format};
use crate::{
    error::{Error, Result},
    kernel::{self, Span},
    layout::Order,
};

impl View {
    /// Copies all items of another view of the same shape and format.
    pub fn copy_from(&self, source: &View) -> Result<()> {
        let to = self.share().access()?;
        let from = source.share().access()?;
        if to.is_readonly() {
            return Err(Error::ReadOnly);
        }
        same_format(&to, from.format())?;
        kernel::copy(&to.memory(), &from.memory())
    }

    /// Copies all items into contiguous memory; the format, where one is named, is the view's.
    pub fn read(&self, format: Option<&CStr>, order: Order, data: &Span<'_>) -> Result<()> {
        let access = self.share().access()?;
        format.map_or(Ok(()), |format| same_format(&access, format))?;
        kernel::gather(&access.memory(), order, data)
    }

    /// Copies contiguous memory into all items; the format, where one is named, is the view's.
    pub fn write(&self, format: Option<&CStr>, order: Order, data: &Span<'_>) -> Result<()> {
        let access = self.share().access()?;
        if access.is_readonly() {
            return Err(Error::ReadOnly);
        }
        format.map_or(Ok(()), |format| same_format(&access, format))?;
        kernel::scatter(&access.memory(), order, data)
    }

    /// Writes one value into all items.
    pub fn fill(&self, given: &Given<'_>) -> Result<()> {
        let access = self.share().access()?;
        if access.is_readonly() {
            return Err(Error::ReadOnly);
        }
        encode(&access, given, |item| kernel::fill(&access.memory(), item))
    }
}
