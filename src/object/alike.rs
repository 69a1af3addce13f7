//! Two views of the same sort of items, copied and compared the quick way, which leaves everything else to the general one.

use super::{described::Described, share::Access};
use crate::{
    format::Plain,
    kernel::{self, Span},
};

impl Access<'_> {
    /// Whether the items are of one sort, in one shape, and direct.
    #[inline]
    fn is_like(&self, other: &Access<'_>) -> bool {
        let (one, two) = (self.described(), other.described());
        one.items.leaf.is_some()
            && one.items.leaf == two.items.leaf
            && one.buffer.suboffsets.is_null()
            && two.buffer.suboffsets.is_null()
            && self.layout().shape == other.layout().shape
    }

    /// Whether both are contiguous in one order.
    #[inline]
    fn lies_like(&self, other: &Access<'_>) -> bool {
        let (one, two) = (self.described(), other.described());
        one.c_contiguous && two.c_contiguous || one.f_contiguous && two.f_contiguous
    }

    /// The bytes of all items of a contiguous view.
    #[inline]
    fn run(&self) -> Span<'_> {
        let length = self.described().buffer.len.unsigned_abs();
        // SAFETY: the items of a contiguous view are just these bytes.
        unsafe { Span::new(self.memory().base(), length) }
    }

    /// Copies all items of another view; `None`, and nothing has happened, where [`kernel::copy`] has more to say.
    #[inline]
    #[must_use]
    pub fn copy_quickly(&self, from: &Access<'_>) -> Option<()> {
        if self.is_readonly() || !self.is_like(from) {
            return None;
        }
        if !self.lies_like(from) {
            return kernel::copy_few(&self.memory(), &from.memory()).then_some(());
        }
        kernel::move_run(&self.run(), &from.run());
        Some(())
    }

    /// Whether the items are the same whole numbers; `None` where it takes more to tell.
    #[inline]
    #[must_use]
    pub fn equals_quickly(&self, other: &Access<'_>) -> Option<bool> {
        let Described { items, .. } = self.described();
        let whole = !matches!(items.plain, None | Some(Plain::F32 | Plain::F64));
        if !whole || !self.is_like(other) || !self.lies_like(other) {
            return None;
        }
        Some(kernel::same_bytes(&self.run(), &other.run()))
    }
}
