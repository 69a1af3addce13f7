//! Items that are plain numbers, read and written in one move: the quick way, which leaves everything else to [`Part`](super::part::Part).

use super::share::Access;
use crate::{
    format::{Plain, Value},
    kernel, layout,
};

impl Access<'_> {
    /// Where a plain number lies. `None` where the items are something else, and where there is more to be said of the index.
    #[inline]
    fn plain(&self, index: &[isize]) -> Option<(Plain, *mut u8)> {
        let number = self.items().plain?;
        let memory = self.memory();
        Some((number, memory.base().wrapping_offset(layout::quick_item(memory.layout(), index)?)))
    }

    /// The number at an index, the quick way; `None` where the general one, [`Access::part`], has more to say.
    #[inline]
    #[must_use]
    pub fn load(&self, index: &[isize]) -> Option<Value<'static>> {
        let (number, address) = self.plain(index)?;
        // SAFETY: the layout has led to an item, which is such a number.
        Some(unsafe { kernel::load(number, address) })
    }

    /// Writes the number at an index, the quick way; `None`, and nothing is written, where the general one has more to say.
    #[inline]
    #[must_use]
    pub fn store(&self, index: &[isize], value: &Value<'_>) -> Option<()> {
        let (number, address) = if self.is_readonly() { None } else { self.plain(index) }?;
        // SAFETY: as in `load`, and the items may be written.
        unsafe { kernel::store(number, value, address) }
    }
}
