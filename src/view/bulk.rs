//! All items of views at once: copy, read, write, fill.

use core::ffi::CStr;

use super::{Given, View, is_own, item::encode, same_format};
use crate::{
    error::{Error, Result},
    format::Rule,
    kernel::{self, Span},
    layout::Order,
    object::convert,
};

impl View {
    /// Copies all items of another view of the same shape and format.
    pub fn copy_from(&self, source: &View) -> Result<()> {
        if let Some(to) = self.share().access_quickly()
            && let Some(from) = source.share().access_quickly()
            && to.copy_quickly(&from).is_some()
        {
            return Ok(());
        }
        self.copy_generally(source)
    }

    fn copy_generally(&self, source: &View) -> Result<()> {
        let to = self.share().access()?;
        let from = source.share().access()?;
        if to.is_readonly() {
            return Err(Error::ReadOnly);
        }
        same_format(&to, from.format())?;
        kernel::copy(&to.memory(), &from.memory())
    }

    /// Copies all items into contiguous memory, as numbers of another format where one is named.
    pub fn read(&self, format: Option<&CStr>, order: Order, data: &Span<'_>) -> Result<()> {
        let access = self.share().access()?;
        match format {
            Some(format) if !is_own(&access, format)? => {
                View::with_numbers(&access, format, order, data, |own, packed| {
                    convert::convert(packed, own, Rule::Strict)
                })
            }
            _ => kernel::gather(&access.memory(), order, data),
        }
    }

    /// Copies contiguous memory into all items, from numbers of another format where one is named.
    pub fn write(&self, format: Option<&CStr>, order: Order, data: &Span<'_>) -> Result<()> {
        let access = self.share().access()?;
        if access.is_readonly() {
            return Err(Error::ReadOnly);
        }
        match format {
            Some(format) if !is_own(&access, format)? => {
                View::with_numbers(&access, format, order, data, |own, packed| {
                    convert::convert(own, packed, Rule::Strict)
                })
            }
            _ => kernel::scatter(&access.memory(), order, data),
        }
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
