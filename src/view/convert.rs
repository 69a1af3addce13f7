//! All items of a view in another format, and what two views have to do with each other.

use core::ffi::CStr;

use super::View;
use crate::{
    error::{Error, Result, signed},
    format::{Leaf, Rule},
    kernel::{self, Memory, Span, mv_run},
    layout::Order,
    object::{
        convert::{self, Numbers},
        format::same_layout,
        share::Access,
    },
};

fn differ(left: &Access<'_>, right: isize) -> Error {
    Error::FormatsDiffer { left: signed(left.layout().itemsize), right: signed(right) }
}

impl View {
    /// Converts all items of another view of the same shape into this one's format.
    pub fn convert_from(&self, source: &View, rule: Rule) -> Result<()> {
        let (to, from) = (self.share().access()?, source.share().access()?);
        if to.is_readonly() {
            return Err(Error::ReadOnly);
        }
        let alike = to.layout().itemsize == from.layout().itemsize;
        if alike && same_layout(to.format().to_bytes(), from.format().to_bytes())? {
            return kernel::copy(&to.memory(), &from.memory());
        }
        match (Numbers::of(&to)?, Numbers::of(&from)?) {
            (Some(to), Some(from)) => convert::convert(&to, &from, rule),
            _ => Err(differ(&to, from.layout().itemsize)),
        }
    }

    /// Runs `work` with the numbers of this view, and with contiguous memory of the caller's as numbers of another format.
    pub(super) fn with_numbers(
        access: &Access<'_>,
        format: &CStr,
        order: Order,
        data: &Span<'_>,
        work: impl FnOnce(&Numbers<'_>, &Numbers<'_>) -> Result<()>,
    ) -> Result<()> {
        let leaf = Leaf::parse(format.to_bytes()).filter(Leaf::is_number);
        let (Some(own), Some(leaf)) = (Numbers::of(access)?, leaf) else {
            return Err(differ(access, leaf.map_or(-1, |leaf| leaf.size())));
        };
        let layout = access.layout();
        let order = access.memory().resolve(order);
        kernel::with_packed(data, layout.shape, leaf.size(), order, |memory: &Memory<'_>| {
            work(&own, &Numbers::packed(*memory, leaf))
        })
    }

    /// Turns round the bytes of every number.
    pub fn byteswap(&self) -> Result<()> {
        let access = self.share().access()?;
        if access.is_readonly() {
            return Err(Error::ReadOnly);
        }
        convert::byteswap(&access)
    }

    /// Whether the two can have a byte in common.
    pub fn overlaps(&self, other: &View) -> Result<bool> {
        let (a, b) = (self.share().access()?, other.share().access()?);
        Ok(kernel::can_meet(&a.memory(), &b.memory()))
    }

    /// The runs of bytes that follow each other in C order: those from number `first` on go to `give`; how many there are in all.
    pub fn runs(&self, first: usize, give: impl FnMut(usize, mv_run)) -> Result<usize> {
        let access = self.share().access()?;
        Ok(kernel::list_runs(&access.memory(), first, give))
    }
}
