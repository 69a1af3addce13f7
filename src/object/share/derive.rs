//! Views made from other views: a share in the same acquisition, and a layout of their own.

use core::{mem::ManuallyDrop, ptr::NonNull};

use super::{
    Block, Retyped, Share,
    block::{allocate_derived, fill, place_of_description},
    stake::Stake,
};
use crate::{
    alloc,
    error::Result,
    kernel::Cursor,
    layout::{Layout, MAX_NDIM, Sketch},
    object::described::Described,
};

/// What a derived view shows, apart from its layout.
pub struct Plan {
    /// The dimensions that the result can have.
    pub room: Room,
    /// Another format than the parent's.
    pub format: Option<Retyped>,
    /// Whether the result is read-only, whatever the parent is.
    pub readonly: bool,
}

/// The most dimensions of a derived view.
#[derive(Clone, Copy)]
pub enum Room {
    /// So many.
    Of(usize),
    /// So many more than the parent has.
    Beyond(usize),
}

impl Room {
    /// How many they are where the parent has `ndim`.
    fn beside(self, ndim: usize) -> usize {
        match self {
            Room::Of(room) => room,
            Room::Beyond(more) => ndim.saturating_add(more).min(2 * MAX_NDIM),
        }
    }
}

/// A new block whose layout is being worked out.
struct Draft {
    block: NonNull<Block>,
    arrays: *mut isize,
    room: usize,
    /// The dimensions that have been filled.
    ndim: usize,
    address: *mut u8,
}

impl Share {
    /// A view that shares this one's acquisition; `build` works out its layout from the parent's.
    #[inline]
    pub fn derive(
        &self,
        plan: Plan,
        build: impl FnOnce(&Layout<'_>, &mut Sketch<'_>, &mut Cursor) -> Result<()>,
    ) -> Result<Share> {
        let described = &self.block().described;
        // Taking a part of indirect memory may load a pointer from it.
        let indirect = !described.buffer.suboffsets.is_null();
        let _access = if indirect { Some(self.access()?) } else { None };
        let _pinned = if self.ends_out() { Some(self.pin()?) } else { None };
        let stake = Stake::take(self)?;
        // SAFETY: the arrays live in the block and never change.
        let layout = unsafe { described.layout() };
        let room = plan.room.beside(layout.ndim());
        let (block, arrays) = allocate_derived(room)?;
        // SAFETY: three zeroed arrays of `room` entries stand behind the block, which is ours alone.
        let mut sketch = unsafe {
            let array = |at: usize, length| core::slice::from_raw_parts_mut(arrays.add(at), length);
            let suboffsets = array(room.saturating_mul(2), if indirect { room } else { 0 });
            Sketch::new(array(0, room), array(room, room), suboffsets)
        };
        // SAFETY: the stake holds the memory, and the parent is accessed where pointers may be loaded.
        let mut cursor = Cursor::new(&unsafe { described.memory() });
        if let Err(error) = build(&layout, &mut sketch, &mut cursor) {
            // SAFETY: the block is new and unused.
            unsafe { alloc::free(block.cast()) };
            return Err(error);
        }
        let draft = Draft { block, arrays, room, ndim: sketch.ndim(), address: cursor.address() };
        // SAFETY: the sketch filled the first entries of the arrays, which live as long as the block.
        Ok(unsafe { finish(stake, &draft, plan) })
    }
}

/// The view of a draft.
///
/// # Safety
/// The layout is worked out.
unsafe fn finish(stake: Stake<'_>, draft: &Draft, plan: Plan) -> Share {
    let from = ManuallyDrop::new(stake).parent.block();
    let Draft { block, arrays, room, ndim, address } = *draft;
    let (text, items, itemsize, format) = match plan.format {
        None => {
            let Described { buffer, items, .. } = &from.described;
            (buffer.format, *items, buffer.itemsize, from.format.get().cloned())
        }
        Some(retyped) => (retyped.text().as_ptr(), retyped.items(), retyped.itemsize(), retyped.kept),
    };
    // SAFETY: the first entries of the arrays are filled.
    unsafe {
        let array = |at: usize| core::slice::from_raw_parts(arrays.add(at).cast_const(), ndim);
        let suboffsets =
            if from.described.buffer.suboffsets.is_null() { &[] } else { array(room.saturating_mul(2)) };
        let layout = Layout { itemsize, shape: array(0), strides: array(room), suboffsets };
        let readonly = plan.readonly || from.described.buffer.readonly != 0;
        let own = &mut *place_of_description(block);
        Described::fill(own, address, &layout, text, items, readonly).buffer.obj = from.described.buffer.obj;
        fill(block, format, from.acquisition, from.base)
    }
}
