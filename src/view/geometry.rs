//! Geometry of views: new views of the same memory. Each says how many dimensions its result can have and lets `layout`
//! work it out in the new view's own block.

use core::ffi::CStr;

use super::View;
use crate::{
    alloc::Quick,
    error::{Error, Result},
    format::Code,
    kernel::Cursor,
    layout::{self, Layout, MAX_NDIM, MV_INDEX_NEWAXIS, Order, Sketch, mv_index},
    object::share::{Plan, Retyped, Room},
};

/// The most index items that a view can take: a slice and a newaxis for each of 64 dimensions, and an ellipsis.
pub const MAX_ITEMS: usize = 2 * MAX_NDIM + 1;

/// An index text, read: at most as many items as a view can take.
pub struct ParsedIndex {
    items: [mv_index; MAX_ITEMS],
    count: usize,
}

impl ParsedIndex {
    /// Reads an index text.
    pub fn read(text: &CStr) -> Result<ParsedIndex> {
        let mut items = [mv_index::all(); MAX_ITEMS];
        let count = layout::parse(text.to_bytes(), &mut items)?;
        Ok(ParsedIndex { items, count })
    }

    /// Its items.
    #[must_use]
    pub fn items(&self) -> &[mv_index] {
        self.items.get(..self.count).unwrap_or(&[])
    }
}

impl View {
    #[inline]
    pub(super) fn derived(
        &self,
        room: Room,
        build: impl FnOnce(&Layout<'_>, &mut Sketch<'_>, &mut Cursor) -> Result<()>,
    ) -> Result<View> {
        self.share().derive(Plan { room, format: None, readonly: false }, build).map(View::of)
    }

    /// By a list of index items, the usual way; `None` where [`View::index`] has more to say.
    #[inline]
    #[must_use]
    pub fn index_quickly(&self, items: &[mv_index]) -> Quick<View> {
        self.share().index_quickly(items).map(|made| made.map(View::of))
    }

    /// With the dimensions reversed, likewise.
    #[inline]
    #[must_use]
    pub fn reverse_quickly(&self) -> Quick<View> {
        self.share().reverse_quickly().map(|made| made.map(View::of))
    }

    /// As a row of native values, likewise.
    #[inline]
    #[must_use]
    pub fn cast_quickly(&self, format: &CStr) -> Quick<View> {
        let text = format.to_bytes();
        self.share().cast_quickly(Code::parse(text)?, text.len() > 1).map(|made| made.map(View::of))
    }

    /// By a list of index items.
    pub fn index(&self, items: &[mv_index]) -> Result<View> {
        let adds = |item: &mv_index| item.kind == MV_INDEX_NEWAXIS;
        let most = if items.iter().any(adds) { items.len() } else { 0 };
        self.derived(Room::Beyond(most), |layout, out, base| layout::index(layout, items, out, base))
    }

    /// By an index text.
    pub fn slice(&self, text: &CStr) -> Result<View> {
        // One more than fits: a longer text fails for the same reason as a longer list.
        let mut items = [mv_index::all(); MAX_ITEMS + 1];
        match layout::parse(text.to_bytes(), &mut items) {
            Ok(count) => self.index(items.get(..count).unwrap_or(&[])),
            Err(Error::IndexCapacity { given, .. }) => match self.index(&items) {
                Err(Error::TooManyIndices { ndim, .. }) => Err(Error::TooManyIndices { given, ndim }),
                Err(Error::NdimLimit { limit, .. }) => Err(Error::NdimLimit { ndim: given, limit }),
                refused => refused,
            },
            Err(error) => Err(error),
        }
    }

    /// With the dimensions in another order.
    pub fn transpose(&self, axes: Option<&[i32]>) -> Result<View> {
        self.derived(Room::Beyond(0), |layout, out, _| layout::transpose(layout, axes, out))
    }

    /// In another shape.
    pub fn reshape(&self, shape: &[isize], order: Order) -> Result<View> {
        self.derived(Room::Of(shape.len()), |layout, out, _| layout::reshape(layout, shape, order, out))
    }

    /// In a greater shape, read-only.
    pub fn broadcast(&self, shape: &[isize]) -> Result<View> {
        let plan = Plan { room: Room::Of(shape.len()), format: None, readonly: true };
        self.share().derive(plan, |layout, out, _| layout::broadcast(layout, shape, out)).map(View::of)
    }

    /// One of many balanced parts.
    pub fn split(&self, part: i32, parts: i32) -> Result<View> {
        let whole = |number: i32| isize::try_from(number).unwrap_or(isize::MAX);
        let (part, parts) = (whole(part), whole(parts));
        self.derived(Room::Beyond(0), |layout, out, base| layout::split(layout, part, parts, out, base))
    }

    /// As items of another format, in one dimension or in a shape.
    pub fn cast(&self, format: Option<&CStr>, shape: Option<&[isize]>, order: Order) -> Result<View> {
        let format = format.map(Retyped::parse).transpose()?;
        let itemsize = format.as_ref().map(Retyped::itemsize);
        let plan = Plan { room: Room::Of(layout::cast_ndim(shape)), format, readonly: false };
        let cast = |layout: &Layout<'_>, out: &mut Sketch<'_>, _: &mut Cursor| {
            layout::cast_shape(layout, itemsize.unwrap_or(layout.itemsize), shape, order, out)
        };
        self.share().derive(plan, cast).map(View::of)
    }
}
