//! Windows, diagonals and strides of one's own: views of the same items, some of them several times.

use super::View;
use crate::{
    error::Result,
    kernel::Cursor,
    layout::{self, Layout, Sketch},
    object::share::Plan,
};

impl View {
    /// Every position of a window, read-only: the positions first, then the items.
    pub fn window(&self, shape: &[isize]) -> Result<View> {
        let mut build =
            |layout: &Layout<'_>, out: &mut Sketch<'_>, _: &mut Cursor| layout::window(layout, shape, out);
        let ndim = self.ndim()?.saturating_add(shape.len()).min(2 * layout::MAX_NDIM);
        self.share().derive(&mut Plan { ndim, format: None, readonly: true, build: &mut build }).map(View::of)
    }

    /// The diagonal of two dimensions, as the last one.
    pub fn diagonal(&self, offset: isize, axes: (i32, i32)) -> Result<View> {
        let ndim = self.ndim()?;
        self.derived(ndim, |layout, out, base| layout::diagonal(layout, offset, axes, out, base))
    }

    /// A shape and strides of the caller's, within the bytes of the view.
    pub fn strided(&self, offset: isize, shape: &[isize], strides: &[isize]) -> Result<View> {
        self.derived(shape.len(), |layout, out, base| {
            layout::strided(layout, offset, shape, strides, out, base)
        })
    }
}
