//! Derived views, the usual way: of direct memory, with a format that nobody has to keep.

use core::{ffi::c_char, mem::ManuallyDrop, ptr::NonNull};

use super::{
    Block, Share,
    block::{allocate_derived, fill, place_of_description},
    stake::Stake,
};
use crate::{
    alloc::{self, Quick},
    format::{Code, Leaf},
    layout::{self, Few, Layout, mv_index},
    object::described::{Described, Items},
};

/// What the items of a view are to be.
struct Kind {
    format: *const c_char,
    items: Items,
    itemsize: isize,
}

impl Share {
    /// A part of the view, as [`layout::index`] has it; `None` where [`Share::derive`] has more to say.
    #[inline]
    #[must_use]
    pub fn index_quickly(&self, items: &[mv_index]) -> Quick<Share> {
        self.derive_quickly(&self.own_kind(), |layout, out| layout::index_few(layout, items, out))
    }

    /// The view with its dimensions reversed, likewise.
    #[inline]
    #[must_use]
    pub fn reverse_quickly(&self) -> Quick<Share> {
        self.derive_quickly(&self.own_kind(), layout::reverse_few)
    }

    /// The bytes of the view as native values, likewise.
    #[inline]
    #[must_use]
    pub fn cast_quickly(&self, code: Code, at: bool) -> Quick<Share> {
        let Described { c_contiguous, buffer, .. } = &self.block().described;
        let items = Items::of_leaf(Some(Leaf::native(code)));
        let kind = Kind { format: code.text(at).as_ptr(), items, itemsize: code.size() };
        if !c_contiguous {
            return None;
        }
        self.derive_quickly(&kind, |layout, out| layout::cast_few(layout, buffer.len, out))
    }

    #[inline]
    fn own_kind(&self) -> Kind {
        let Described { buffer, items, .. } = &self.block().described;
        Kind { format: buffer.format, items: *items, itemsize: buffer.itemsize }
    }

    /// A view of no more dimensions than this one, whose first item `build` finds.
    #[inline]
    fn derive_quickly(
        &self,
        kind: &Kind,
        build: impl FnOnce(&Layout<'_>, &mut Few<'_>) -> Option<isize>,
    ) -> Quick<Share> {
        let from = self.block();
        let Described { buffer, .. } = &from.described;
        if !buffer.suboffsets.is_null() || from.format.is_kept() || self.ends_out() {
            return None;
        }
        // Before anything is written: an atomic operation waits for what was.
        let stake = Stake::take(self).ok()?;
        // SAFETY: the arrays live in the block and never change.
        let layout = unsafe { from.described.layout() };
        let room = layout.ndim();
        let (block, arrays) = match allocate_derived(room) {
            Ok(made) => made,
            Err(error) => return Some(Err(error)),
        };
        // SAFETY: the block is ours alone; two zeroed arrays of so many entries, and more, stand behind it.
        let (shape, strides) = unsafe {
            let array = |at: usize| core::slice::from_raw_parts_mut(arrays.add(at), room);
            (array(0), array(room))
        };
        let mut few = Few::new(shape, strides, kind.itemsize);
        let Some(offset) = build(&layout, &mut few) else {
            unused(block);
            return None;
        };
        let (ndim, survey) = (few.ndim(), few.survey());
        // SAFETY: so many entries of both arrays are filled; they live as long as the block, which is new and ours.
        unsafe {
            let array = |at: usize| core::slice::from_raw_parts(arrays.add(at).cast_const(), ndim);
            let layout =
                Layout { itemsize: kind.itemsize, shape: array(0), strides: array(room), suboffsets: &[] };
            let address = buffer.buf.cast::<u8>().wrapping_offset(offset);
            let place = &mut *place_of_description(block);
            Described::fill_surveyed(
                place,
                address,
                &layout,
                survey,
                kind.format,
                kind.items,
                buffer.readonly != 0,
            )
            .buffer
            .obj = buffer.obj;
            let _ = ManuallyDrop::new(stake);
            Some(Ok(fill(block, None, from.acquisition, from.base)))
        }
    }
}

#[cold]
fn unused(block: NonNull<Block>) {
    // SAFETY: the block is new and unused.
    unsafe { alloc::free(block.cast()) }
}
