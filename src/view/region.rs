//! Windows, diagonals and strides of one's own: views of the same items, some of them several times.

use super::View;
use crate::{
    error::Result,
    layout,
    object::share::{Plan, Room},
};

impl View {
    /// Every position of a window, read-only: the positions first, then the items.
    pub fn window(&self, shape: &[isize]) -> Result<View> {
        let plan = Plan { room: Room::Beyond(shape.len()), format: None, readonly: true };
        self.share().derive(plan, |layout, out, _| layout::window(layout, shape, out)).map(View::of)
    }

    /// The diagonal of two dimensions, as the last one.
    pub fn diagonal(&self, offset: isize, axes: (i32, i32)) -> Result<View> {
        self.derived(Room::Beyond(0), |layout, out, base| layout::diagonal(layout, offset, axes, out, base))
    }

    /// A shape and strides of the caller's, within the bytes of the view.
    pub fn strided(&self, offset: isize, shape: &[isize], strides: &[isize]) -> Result<View> {
        self.derived(Room::Of(shape.len()), |layout, out, base| {
            layout::strided(layout, offset, shape, strides, out, base)
        })
    }
}
