//! What every built-in object begins with: its counts, its holders, and the full description of its memory, so that
//! acquiring is a count and a copy.

use core::ptr::{self, NonNull};

use super::{
    count::{Count, Fate, Refusal},
    holders::Holders,
    kinds::{self, Kind},
    protocol::{mv_buffer, mv_object},
    sync::{AtomicBool, Relaxed, UnsafeCell},
};
use crate::{
    alloc::{self, Text},
    error::{Error, Result},
    layout::{Layout, Order},
};

/// A full description of memory and what requests ask of it, worked out once.
#[derive(Clone, Copy)]
pub struct Described {
    /// All fields that apply; `obj` and `internal` are NULL.
    pub buffer: mv_buffer,
    /// Contiguous in C order.
    pub c_contiguous: bool,
    /// Contiguous in Fortran order.
    pub f_contiguous: bool,
}

impl Described {
    /// The description of a valid layout at `data`.
    ///
    /// # Safety
    /// The arrays of the layout and the format outlive the description.
    #[must_use]
    pub unsafe fn new(
        data: *mut u8,
        layout: &Layout<'_>,
        format: *const core::ffi::c_char,
        readonly: bool,
    ) -> Self {
        let array = |array: &[isize]| if array.is_empty() { ptr::null() } else { array.as_ptr() };
        Described {
            buffer: mv_buffer {
                buf: data.cast(),
                obj: ptr::null_mut(),
                len: layout.nbytes(),
                itemsize: layout.itemsize,
                readonly: i32::from(readonly),
                // At most 64.
                ndim: i32::try_from(layout.ndim()).unwrap_or(0),
                format,
                shape: array(layout.shape),
                strides: array(layout.strides),
                suboffsets: if layout.is_indirect() { array(layout.suboffsets) } else { ptr::null() },
                internal: ptr::null_mut(),
            },
            c_contiguous: layout.is_contiguous(Order::C),
            f_contiguous: layout.is_contiguous(Order::F),
        }
    }

    /// The layout; of a full description alone, whose arrays are there.
    ///
    /// # Safety
    /// The arrays are alive and do not change for 'a.
    #[must_use]
    pub unsafe fn layout<'a>(&self) -> Layout<'a> {
        // SAFETY: a full description has arrays of `ndim` entries.
        unsafe { full_layout(&self.buffer) }
    }
}

/// The layout of a buffer in which nothing is missing.
///
/// # Safety
/// `shape` and `strides` are there where `ndim` is not 0, hold `ndim` entries, and are alive and unchanged for 'a.
#[must_use]
pub unsafe fn full_layout<'a>(buffer: &mv_buffer) -> Layout<'a> {
    let ndim = usize::try_from(buffer.ndim).unwrap_or(0);
    let array = |array: *const isize| {
        // SAFETY: an array that is there has `ndim` entries, as the caller promises.
        if array.is_null() { &[][..] } else { unsafe { core::slice::from_raw_parts(array, ndim) } }
    };
    Layout {
        itemsize: buffer.itemsize,
        shape: array(buffer.shape),
        strides: array(buffer.strides),
        suboffsets: array(buffer.suboffsets),
    }
}

/// The first part of every built-in object but views. `repr(C)`, so that a pointer to the object is one to its `mv_object`.
#[repr(C)]
pub struct Base {
    head: mv_object,
    /// Who holds it.
    pub count: Count,
    /// Their names.
    pub holders: Holders,
    described: UnsafeCell<Described>,
    /// Outside the description, which a resize writes while others ask.
    readonly: AtomicBool,
}

/// A description of no memory, until the real one is there.
pub const NOTHING: Described = Described {
    buffer: mv_buffer {
        buf: ptr::null_mut(),
        obj: ptr::null_mut(),
        len: 0,
        itemsize: 1,
        readonly: 0,
        ndim: 0,
        format: ptr::null(),
        shape: ptr::null(),
        strides: ptr::null(),
        suboffsets: ptr::null(),
        internal: ptr::null_mut(),
    },
    c_contiguous: false,
    f_contiguous: false,
};

impl Base {
    /// The base of a new object with one handle, which does not describe its memory yet.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Base {
            head: mv_object { r#type: kinds::table(kind) },
            count: Count::with_handle(),
            holders: Holders::empty(),
            described: UnsafeCell::new(NOTHING),
            readonly: AtomicBool::new(false),
        }
    }

    /// The description of the memory.
    ///
    /// # Safety
    /// The caller holds a grant, or a resize, or is alone.
    #[inline]
    pub unsafe fn described(&self) -> Described {
        // SAFETY: it changes under a resize alone, when nobody holds a grant.
        self.described.with(|described| unsafe { *described })
    }

    /// Changes the description.
    ///
    /// # Safety
    /// The caller holds a resize or is alone.
    pub unsafe fn describe(&self, described: Described) {
        // SAFETY: nobody reads it, as the caller promises.
        self.described.with_mut(|place| unsafe { *place = described });
        self.readonly.store(described.buffer.readonly != 0, Relaxed);
    }

    /// Whether nobody may ever write; constant for the object's life.
    pub fn is_readonly(&self) -> bool {
        self.readonly.load(Relaxed)
    }

    /// The error of a refused operation, with the names of the holders.
    pub fn refused(&self, operation: &'static str, refusal: Refusal) -> Error {
        match refusal {
            Refusal::Closed => Error::Revoked,
            Refusal::Exclusive => Error::Busy { operation, reason: "somebody holds an exclusive lease" },
            Refusal::Immutable => Error::Busy { operation, reason: "somebody holds an immutable lease" },
            Refusal::InFlight => Error::InFlight { operation },
            Refusal::Full => {
                Error::CountLimit { what: "acquisitions", limit: super::count::LIMIT.cast_signed() }
            }
            Refusal::Held(exports) => {
                let holders = Text::write(|text| self.holders.write(", held by ", text));
                Error::Exported { operation, exports: exports.cast_signed(), holders }
            }
        }
    }

    /// Takes the memory back; see `mv_object_revoke`.
    pub fn revoke(&self) -> Result<()> {
        let buffers = self.count.revoke();
        let in_use = buffers.saturating_add(self.holders.in_use());
        if in_use == 0 { Ok(()) } else { Err(self.refused("revoke", Refusal::Held(in_use))) }
    }

    /// Runs a change of size: alone, while whoever comes waits. `change` calls nothing that is not memview's own.
    pub fn resizing<R>(&self, operation: &'static str, change: impl FnOnce() -> Result<R>) -> Result<R> {
        self.count.begin_resize().map_err(|refusal| self.refused(operation, refusal))?;
        let result = change();
        self.count.end_resize();
        result
    }
}

/// Allocates an object: `T` begins with a [`Base`]; `tail` bytes follow it, indeterminate.
///
/// The object is plain memory until its kind's `free` is called; nothing is dropped by itself.
pub fn allocate<T>(object: T, tail: usize) -> Result<NonNull<T>> {
    let size = size_of::<T>().checked_add(tail).ok_or(Error::Overflow { what: "the size of an object" })?;
    let block = alloc::allocate(size)?.cast::<T>();
    // SAFETY: the block is new, large enough, and aligned as `malloc` aligns.
    unsafe { block.write(object) };
    Ok(block)
}

/// The memory behind an object that [`allocate`] made.
///
/// # Safety
/// It was made with a tail.
#[must_use]
pub unsafe fn tail<T>(object: NonNull<T>) -> NonNull<u8> {
    // SAFETY: one past the object is within or at the end of its block.
    unsafe { object.add(1).cast() }
}

/// Ends a grant on a built-in object and frees the object with the last one.
///
/// # Safety
/// The fate is that of the object's own count, and the caller does not use the object any more.
pub unsafe fn settle(base: NonNull<Base>, fate: Fate) {
    if fate == Fate::Free {
        // SAFETY: nobody else has a handle or a grant.
        unsafe {
            base.as_ref().count.bury();
            kinds::free(base);
            if cfg!(memview_fault = "use_after_free") {
                base.as_ref().count.bury();
            }
        }
    }
}
