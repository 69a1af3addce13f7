//! Views: an acquisition plus a layout; the memoryview.
//!
//! A [`View`] is a share of an acquisition with the operations on it: geometry makes new views, items and bulk move
//! data. The counting, and all that touches memory by address, stands in `object` and `kernel`.

mod bulk;
mod compare;
mod convert;
mod digest;
mod field;
mod geometry;
mod item;
mod region;
mod text;

pub use crate::kernel::Groups;
pub use geometry::{MAX_ITEMS, ParsedIndex};
pub use item::Given;

use core::{
    ffi::CStr,
    ptr::{self, NonNull},
};

use crate::{
    alloc::Quick,
    error::{Error, Result},
    layout::Order,
    object::{
        Object, Request,
        buffer::as_share,
        flags::{MV_FULL_RO, MV_WRITABLE},
        format::same_layout,
        protocol::{mv_buffer, mv_object},
        share::{Borrowed, Pinned, Share, Stage},
    },
};

/// One handle of a view.
#[derive(Clone)]
#[repr(transparent)]
pub struct View(Share);

/// How a contiguous view is used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Read.
    Read,
    /// Written, without a copy.
    Write,
    /// Written; a copy is written back.
    WriteBack,
}

impl View {
    /// A view of an object by flags alone, the usual way; `None` where [`View::new`] has more to say.
    #[inline]
    #[must_use]
    pub fn new_quickly(object: &Object, flags: i32) -> Quick<View> {
        Share::acquire_quickly(object, flags).map(|made| made.map(View))
    }

    /// A view of an object; of a view, one that shares its acquisition unless a label asks for its own.
    pub fn new(object: &Object, request: &Request<'_>) -> Result<View> {
        let Some(share) = as_share(object) else {
            return Share::acquire(object, request).map(View);
        };
        request.check()?;
        let leased = share.grants(request)?;
        if request.label().is_null() { share.whole(leased) } else { share.reexport(request) }.map(View)
    }

    /// A view of borrowed memory.
    pub fn wrap(borrowed: Borrowed<'_>) -> Result<View> {
        Share::wrap(borrowed).map(View)
    }

    /// A view whose items are contiguous in `order`: the memory itself, or a copy.
    pub fn contiguous(object: &Object, mode: Mode, order: Order) -> Result<View> {
        let writes = if mode == Mode::Read { 0 } else { MV_WRITABLE };
        let view = View::new(object, &Request::flags(MV_FULL_RO | writes))?;
        if view.0.pin()?.layout().is_contiguous(order) {
            return Ok(view);
        }
        match mode {
            Mode::Write => {
                Err(Error::Request { reason: "the memory is not contiguous in the order asked for" })
            }
            Mode::Read | Mode::WriteBack => Share::stage(&Stage {
                source: &view.0,
                order: if order == Order::F { Order::F } else { Order::C },
                write_back: mode == Mode::WriteBack,
            })
            .map(View),
        }
    }

    /// A view of the same items with an acquisition of its own.
    pub fn reexport(&self) -> Result<View> {
        self.0.reexport(&Request::flags(MV_FULL_RO)).map(View)
    }

    /// A read-only view of the same items.
    pub fn to_readonly(&self) -> Result<View> {
        self.0.whole(true).map(View)
    }

    /// Releases the view; again is a no-op.
    pub fn release(&self) -> Result<()> {
        self.0.release()
    }

    /// Every attribute at once; NULL once released or revoked.
    #[must_use]
    pub fn buffer(&self) -> *const mv_buffer {
        self.0.buffer().map_or(ptr::null(), |buffer| buffer.as_ptr().cast_const())
    }

    /// The exporter at the bottom; NULL for borrowed memory and once released.
    #[must_use]
    pub fn exporter(&self) -> *mut mv_object {
        self.0.exporter().map_or(ptr::null_mut(), NonNull::as_ptr)
    }

    /// The share behind the view.
    #[must_use]
    pub fn share(&self) -> &Share {
        &self.0
    }

    /// A view of a share.
    #[must_use]
    pub fn of(share: Share) -> View {
        View(share)
    }

    /// The share, given away.
    #[must_use]
    pub fn into_share(self) -> Share {
        self.0
    }
}

/// Whether a format text means the items of a view.
fn is_own(pinned: &Pinned<'_>, format: &CStr) -> Result<bool> {
    same_layout(pinned.format().to_bytes(), format.to_bytes())
}

/// Refuses a format text that does not mean the items of a view.
fn same_format(pinned: &Pinned<'_>, format: &CStr) -> Result<()> {
    if is_own(pinned, format)? {
        return Ok(());
    }
    let left = crate::object::format::size_of_text(format.to_bytes()).map_or(-1, crate::error::signed);
    Err(Error::FormatsDiffer { left, right: crate::error::signed(pinned.layout().itemsize) })
}
