//! A full description of memory, and what requests and operations ask of it again and again, worked out once.

use core::{
    ffi::{CStr, c_char},
    mem::MaybeUninit,
    ptr::{self, NonNull},
};

use super::{
    flags::{MV_ANY_CONTIGUOUS, MV_C_CONTIGUOUS, MV_F_CONTIGUOUS, MV_FORMAT, MV_INDIRECT, MV_ND, MV_STRIDES},
    protocol::mv_buffer,
};
use crate::{
    format::{Leaf, Plain},
    kernel::Memory,
    layout::{self, Layout, Survey},
};

/// A full description of memory and what requests ask of it, worked out once.
#[derive(Clone, Copy)]
pub struct Described {
    /// All fields that apply; `obj` and `internal` are NULL.
    pub buffer: mv_buffer,
    /// What an item is.
    pub items: Items,
    /// Contiguous in C order.
    pub c_contiguous: bool,
    /// Contiguous in Fortran order.
    pub f_contiguous: bool,
    demands: Demands,
}

/// What an item is, as far as a text without parts says.
#[derive(Clone, Copy)]
pub struct Items {
    /// The one value that fills an item.
    pub leaf: Option<Leaf>,
    /// The same where it is a number that the machine takes as it lies.
    pub plain: Option<Plain>,
}

/// The flags by which a request shows that it can deal with the layout, and those that ask for another one.
#[derive(Clone, Copy)]
struct Demands {
    must: i32,
    must_not: i32,
}

impl Items {
    /// Items of so many bytes whose format is this text.
    #[must_use]
    pub fn of_text(format: &CStr, size: isize) -> Items {
        Items::of_leaf(Leaf::of_size(format.to_bytes(), size))
    }

    /// Items that this value fills, or of which nothing is known.
    #[must_use]
    #[inline]
    pub fn of_leaf(leaf: Option<Leaf>) -> Items {
        Items { leaf, plain: leaf.and_then(|leaf| leaf.plain()) }
    }
}

impl Described {
    /// A description of no memory, until the real one is there.
    pub const NOTHING: Described = Described {
        buffer: mv_buffer { itemsize: 1, ..super::foreign::ZEROED },
        items: Items { leaf: None, plain: None },
        c_contiguous: false,
        f_contiguous: false,
        demands: Demands::new(false, false, false),
    };

    /// The description of a valid layout at `data`.
    ///
    /// # Safety
    /// The arrays of the layout and the format outlive the description.
    #[must_use]
    pub unsafe fn new(data: *mut u8, layout: &Layout<'_>, format: &CStr, readonly: bool) -> Self {
        let items = Items::of_text(format, layout.itemsize);
        let mut place = MaybeUninit::uninit();
        // SAFETY: as the caller promises.
        unsafe { *Described::fill(&mut place, data, layout, format.as_ptr(), items, readonly) }
    }

    /// The same in its place, where it is known what the items of the format are.
    ///
    /// # Safety
    /// As [`Described::new`].
    #[inline(always)]
    #[allow(clippy::inline_always)] // a call would pass all of this through memory
    pub unsafe fn fill<'a>(
        place: &'a mut MaybeUninit<Described>,
        data: *mut u8,
        layout: &Layout<'_>,
        format: *const c_char,
        items: Items,
        readonly: bool,
    ) -> &'a mut Self {
        let survey = layout::survey(layout);
        // SAFETY: as the caller promises.
        unsafe { Described::fill_surveyed(place, data, layout, survey, format, items, readonly) }
    }

    /// The same where the layout has been surveyed.
    ///
    /// # Safety
    /// As [`Described::new`].
    #[inline(always)]
    #[allow(clippy::inline_always)] // as above
    pub unsafe fn fill_surveyed<'a>(
        place: &'a mut MaybeUninit<Described>,
        data: *mut u8,
        layout: &Layout<'_>,
        survey: Survey,
        format: *const c_char,
        items: Items,
        readonly: bool,
    ) -> &'a mut Self {
        let array = |array: &[isize]| if array.is_empty() { ptr::null() } else { array.as_ptr() };
        let indirect = layout.is_indirect();
        let Survey { nbytes, c_contiguous, f_contiguous } = survey;
        place.write(Described {
            buffer: mv_buffer {
                buf: data.cast(),
                obj: ptr::null_mut(),
                len: nbytes,
                itemsize: layout.itemsize,
                readonly: i32::from(readonly),
                // At most 64.
                ndim: i32::try_from(layout.ndim()).unwrap_or(0),
                format,
                shape: array(layout.shape),
                strides: array(layout.strides),
                suboffsets: if indirect { array(layout.suboffsets) } else { ptr::null() },
                internal: ptr::null_mut(),
            },
            items,
            c_contiguous,
            f_contiguous,
            demands: Demands::new(c_contiguous, f_contiguous, indirect),
        })
    }

    /// The layout; of a full description alone, whose arrays are there.
    ///
    /// # Safety
    /// The arrays are alive and do not change for 'a.
    #[inline]
    #[must_use]
    pub unsafe fn layout<'a>(&self) -> Layout<'a> {
        // SAFETY: a full description has arrays of `ndim` entries.
        unsafe { full_layout(&self.buffer) }
    }

    /// The memory; of a full description alone.
    ///
    /// # Safety
    /// As [`Described::layout`], and the memory, as the exporter promised it, is held for 'a.
    #[inline]
    #[must_use]
    pub unsafe fn memory<'a>(&self) -> Memory<'a> {
        // SAFETY: as the caller promises.
        unsafe { Memory::new(self.buffer.buf.cast(), self.layout(), self.buffer.readonly == 0) }
    }

    /// Goes on with copies of its arrays, and without what the exporter keeps in `internal`.
    #[inline]
    pub fn move_to(&mut self, arrays: &Layout<'_>) {
        let array = |old: *const isize, new: &[isize]| if old.is_null() { old } else { new.as_ptr() };
        self.buffer.shape = array(self.buffer.shape, arrays.shape);
        self.buffer.strides = array(self.buffer.strides, arrays.strides);
        self.buffer.suboffsets = array(self.buffer.suboffsets, arrays.suboffsets);
        self.buffer.internal = ptr::null_mut();
    }

    /// Whether what flags say about the layout is known to be satisfied: a quick answer, of which `false` says nothing.
    #[inline]
    #[must_use]
    pub fn surely_suits(&self, flags: i32) -> bool {
        // A format without a shape suits bytes alone.
        let format_alone = flags & MV_ND == 0 && flags & MV_FORMAT != 0;
        flags & self.demands.must == self.demands.must && flags & self.demands.must_not == 0 && !format_alone
    }
}

impl Demands {
    const fn new(c_contiguous: bool, f_contiguous: bool, indirect: bool) -> Demands {
        let strided = if c_contiguous { 0 } else { MV_STRIDES };
        let c = if c_contiguous { 0 } else { MV_C_CONTIGUOUS };
        let f = if f_contiguous { 0 } else { MV_F_CONTIGUOUS };
        let any = if c_contiguous || f_contiguous { 0 } else { MV_ANY_CONTIGUOUS };
        Demands {
            must: strided | if indirect { MV_INDIRECT } else { 0 },
            // All of these want strides, too, which is no fault.
            must_not: (c | f | any) & !MV_STRIDES,
        }
    }
}

/// The layout of a buffer in which nothing is missing.
///
/// # Safety
/// `shape` and `strides` are there where `ndim` is not 0, hold `ndim` entries, and are alive and unchanged for 'a.
#[inline]
#[must_use]
pub unsafe fn full_layout<'a>(buffer: &mv_buffer) -> Layout<'a> {
    let ndim = usize::try_from(buffer.ndim).unwrap_or(0);
    // SAFETY: an array has `ndim` entries, as the caller promises; one that is not there needs none.
    let array = |array: *const isize, length| unsafe {
        let first = NonNull::new(array.cast_mut()).unwrap_or(NonNull::dangling());
        core::slice::from_raw_parts(first.as_ptr().cast_const(), length)
    };
    Layout {
        itemsize: buffer.itemsize,
        shape: array(buffer.shape, ndim),
        strides: array(buffer.strides, ndim),
        suboffsets: array(buffer.suboffsets, if buffer.suboffsets.is_null() { 0 } else { ndim }),
    }
}
