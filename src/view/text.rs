//! A view as a text: nested lists, as Python prints `memoryview.tolist()`.

use core::fmt::Write;

use super::View;
use crate::{
    error::Result,
    layout::MAX_NDIM,
    object::{share::Access, show::show},
};

/// Of a dimension that is shortened so many items are shown at either end, as NumPy does.
const EDGE: isize = 3;

struct Lists<'a, 'b> {
    access: &'a Access<'a>,
    shape: &'a [isize],
    shorten: bool,
    index: [isize; MAX_NDIM],
    out: &'b mut dyn Write,
}

impl Lists<'_, '_> {
    fn put(&mut self, text: &str) {
        // Nothing that is written to here can fail: what does not fit is counted.
        let _ = self.out.write_str(text);
    }

    fn list(&mut self, dim: usize) -> Result<()> {
        let Some(&extent) = self.shape.get(dim) else {
            let index = self.index.get(..dim).unwrap_or(&[]);
            return show(&self.access.part(index)?, self.out);
        };
        let shorten = self.shorten && extent > 2 * EDGE;
        self.put("[");
        let mut at = 0;
        while at < extent {
            self.put(if at == 0 { "" } else { ", " });
            if shorten && at == EDGE {
                self.put("..., ");
                at = extent.saturating_sub(EDGE);
            }
            if let Some(place) = self.index.get_mut(dim) {
                *place = at;
            }
            self.list(dim.saturating_add(1))?;
            at = at.saturating_add(1);
        }
        self.put("]");
        Ok(())
    }
}

impl View {
    /// Writes all items as nested lists; of more than `limit` items the ends of each dimension alone.
    pub fn write_text(&self, limit: usize, out: &mut dyn Write) -> Result<()> {
        let access = self.share().access()?;
        let layout = access.layout();
        let shorten = layout.items().unsigned_abs() > limit;
        if layout.items() > 0 {
            // All memory that is needed: what has been written could not be taken back.
            access.what()?;
        }
        Lists { access: &access, shape: layout.shape, shorten, index: [0; MAX_NDIM], out }.list(0)
    }
}
