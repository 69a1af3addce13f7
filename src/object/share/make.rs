//! How views come to be: from an object, from borrowed memory, as a copy, and from other views. One allocation each.

use core::{
    cell::UnsafeCell,
    ffi::c_char,
    mem::offset_of,
    ptr::{self, NonNull},
};

use super::{Access, Block, Pinned, Retyped, Share, acquisition::Acquisition, typed::Parsed, unlisted};
use crate::{
    alloc,
    error::{Error, Result},
    format::Leaf,
    kernel::{Cursor, Memory},
    layout::{self, Layout, Order, Sketch},
    object::{
        Object, Request, array,
        base::{Base, Described},
        count::{Count, Unit},
        description::{self, arrays_size, broken, with_layout},
        flags::{MV_FULL_RO, MV_WRITABLE},
        format::Format,
        grant,
        kinds::{self, Kind},
        protocol::{mv_buffer, mv_object},
        sync::{AtomicUsize, Lock, Relaxed},
    },
};

/// The first view of an acquisition, and the acquisition.
#[repr(C)]
struct Home {
    block: Block,
    acquisition: Acquisition,
}

/// What a derived view shows.
pub struct Plan<'a> {
    /// The dimensions that the result can have.
    pub ndim: usize,
    /// Another format than the parent's.
    pub format: Option<Retyped>,
    /// Whether the result is read-only, whatever the parent is.
    pub readonly: bool,
    /// Works out the result from the parent's layout.
    pub build: &'a mut dyn FnMut(&Layout<'_>, &mut Sketch<'_>, &mut Cursor) -> Result<()>,
}

/// Memory that somebody lends without an object, as [`Share::wrap`] takes it.
#[derive(Clone, Copy)]
pub struct Borrowed<'a> {
    description: &'a mv_buffer,
    format: Option<&'a Format>,
}

impl<'a> Borrowed<'a> {
    /// Borrowed memory.
    ///
    /// # Safety
    /// The description's arrays hold `ndim` entries; the memory that it describes, and its format, stay in place until the last
    /// view of it is released.
    #[must_use]
    pub unsafe fn new(description: &'a mv_buffer) -> Self {
        Borrowed { description, format: None }
    }

    /// The same memory; the format of the description belongs to this one.
    #[must_use]
    pub fn of_format(self, format: Option<&'a Format>) -> Self {
        Borrowed { format, ..self }
    }
}

/// A contiguous copy of a view, and whether it goes back.
pub struct Stage<'a> {
    /// What is copied.
    pub source: &'a Share,
    /// The order in which the copy lies.
    pub order: Order,
    /// Whether the copy is written, and written back in the end.
    pub write_back: bool,
}

/// Where in a new block the arrays stand.
enum Place {
    /// Behind a derived view's block.
    Derived,
    /// Behind the acquisition.
    Home,
}

/// A new block: zeroed arrays of `ndim` entries behind it, nothing else filled.
fn allocate(place: &Place, ndim: usize) -> Result<(NonNull<Block>, *mut isize)> {
    let head = match place {
        Place::Derived => size_of::<Block>(),
        Place::Home => size_of::<Home>(),
    };
    let block = alloc::allocate(head.saturating_add(arrays_size(ndim)))?;
    // SAFETY: the block has room for the head and the arrays behind it; both are aligned for pointers.
    let arrays = unsafe { block.add(head).cast::<isize>().as_ptr() };
    // SAFETY: as above.
    unsafe { arrays.write_bytes(0, ndim.saturating_mul(3)) };
    Ok((block.cast(), arrays))
}

/// Fills a new block.
///
/// # Safety
/// The block is new; the description's arrays live in it or as long as the acquisition.
unsafe fn fill(
    block: NonNull<Block>,
    described: Described,
    acquisition: NonNull<Acquisition>,
    reasons: usize,
) {
    let this = block.as_ptr();
    // SAFETY: the block is new and large enough.
    unsafe {
        let format = crate::object::request::text_or_byte(described.buffer.format);
        let leaf = Leaf::of_size(format.to_bytes(), described.buffer.itemsize);
        this.write(Block {
            head: mv_object { r#type: kinds::table(Kind::View) },
            count: Count::with_handle(),
            described,
            leaf,
            format: Parsed::new(None),
            hash: Lock::new(None),
            acquisition,
            node: UnsafeCell::new(unlisted(&raw const (*this).count)),
            reasons: AtomicUsize::new(reasons),
        });
    }
}

impl Share {
    /// The first view of a new acquisition.
    pub fn acquire(object: &Object, request: &Request<'_>) -> Result<Share> {
        request.check()?;
        // The view needs the whole description, whatever the caller asks of it.
        let full = request.also(MV_FULL_RO);
        let described = grant::acquire(object, &full, Unit::Share, false)?;
        // SAFETY: acquired.
        unsafe { first(object, described, request) }
    }

    /// A view of borrowed memory.
    pub fn wrap(borrowed: Borrowed<'_>) -> Result<Share> {
        let given = borrowed.description;
        let work = |layout: &Layout<'_>| {
            layout::reach(layout)?;
            // SAFETY: NULL or a terminated text, as `Borrowed::new` promises.
            let format = unsafe { description::checked_format(given.format, layout.itemsize)? };
            // SAFETY: the arrays are copied below; the format outlives the view.
            let described = unsafe { description::describe(given, layout, format)? };
            // SAFETY: nothing is acquired: nothing is to be ended.
            unsafe { home(described, layout, ptr::null(), ptr::null()) }
        };
        // SAFETY: as `Borrowed::new` promises.
        let share = unsafe { with_layout(given, work)? };
        share.keep(borrowed.format.cloned());
        Ok(share)
    }

    /// A view with an acquisition of its own of the same items.
    pub fn reexport(&self, request: &Request<'_>) -> Result<Share> {
        let access = self.access()?;
        let acquisition = self.acquisition();
        if acquisition.is_exclusive() {
            return Err(Error::Busy {
                operation: "a re-export",
                reason: "the view holds an exclusive lease",
            });
        }
        let described = self.block().described;
        let (layout, label) = (access.layout(), request.label());
        let base = acquisition.base().map_or(ptr::null(), |base| base.as_ptr().cast_const());
        match acquisition.base() {
            // A built-in object's memory stays where it is while anybody holds it: a grant is all that is needed.
            Some(bottom) if !is_custom(bottom) && acquisition.holds(bottom) => {
                let request = &request.also(if access.is_readonly() { 0 } else { MV_WRITABLE });
                let mut own = described;
                // SAFETY: the object at the bottom lives as long as this acquisition.
                let readonly = grant::grant(unsafe { bottom.as_ref() }, request, Unit::Share)?;
                own.buffer.readonly |= i32::from(readonly);
                // SAFETY: granted above.
                let share = unsafe { home(own, &layout, base, label)? };
                share.keep(self.block().format.get().cloned());
                Ok(share)
            }
            // A foreign exporter may answer with other memory: a share of this acquisition is kept instead.
            _ => {
                let mut own = described;
                own.buffer.obj = ptr::null_mut();
                // Of a re-export, what it keeps itself: else re-exports of re-exports would make a chain.
                let kept = acquisition.kept().unwrap_or(self).whole(false)?;
                // SAFETY: the memory is held by what is kept.
                unsafe {
                    let share = home(own, &layout, base, label)?;
                    *share.acquisition().source.get() = Some(kept);
                    (*share.0.as_ptr()).described.buffer.obj = described.buffer.obj;
                    share.keep(self.block().format.get().cloned());
                    Ok(share)
                }
            }
        }
    }

    /// Another view of all items, which shares this one's acquisition.
    pub fn whole(&self, readonly: bool) -> Result<Share> {
        let ndim = self.pin()?.layout().ndim();
        let mut build = |layout: &Layout<'_>, out: &mut Sketch<'_>, _: &mut Cursor| {
            layout.dims().try_for_each(|(extent, stride, suboffset)| out.push(extent, stride, suboffset))
        };
        self.derive(&mut Plan { ndim, format: None, readonly, build: &mut build })
    }

    /// A contiguous copy as a view of its own.
    pub fn stage(stage: &Stage<'_>) -> Result<Share> {
        let access = stage.source.access()?;
        let layout = access.layout();
        let object = array::of(access.format(), layout.itemsize, layout.shape, stage.order)?;
        let copy = Share::acquire(&object, &Request::flags(MV_FULL_RO))?;
        crate::kernel::copy(&copy.access()?.memory(), &access.memory())?;
        // SAFETY: the view is new and ours alone.
        unsafe {
            if stage.write_back {
                *copy.acquisition().source.get() = Some(stage.source.clone());
                (*copy.block().acquisition.as_ptr()).write_back = true;
            } else {
                (*copy.0.as_ptr()).described.buffer.readonly = 1;
            }
        }
        Ok(copy)
    }

    /// A view that shares this one's acquisition.
    pub fn derive(&self, plan: &mut Plan<'_>) -> Result<Share> {
        // Taking a part of indirect memory may load a pointer from it.
        if self.block().described.buffer.suboffsets.is_null() {
            derive(self, &self.pin()?, plan)
        } else {
            let access: Access<'_> = self.access()?;
            derive(self, &access, plan)
        }
    }
}

fn is_custom(base: NonNull<Base>) -> bool {
    // SAFETY: the object at the bottom is alive.
    unsafe { kinds::kind_of(base.cast()) == Some(Kind::Custom) }
}

/// The first view of what was acquired, if it satisfies the request; else the acquisition ends.
///
/// # Safety
/// `described` is an acquisition for a view.
unsafe fn first(object: &Object, mut described: Described, request: &Request<'_>) -> Result<Share> {
    // SAFETY: acquired, so that the arrays are alive.
    let made = unsafe {
        with_layout(&described.buffer, |layout| {
            // Foreign answers have been checked; a built-in may have larger items without a format, which is "B".
            let format = crate::object::request::text_or_byte(described.buffer.format);
            let complete = description::describe(&described.buffer, layout, format)?;
            request.narrow(&complete)?;
            let base = grant::base_of(object).map_or(ptr::null(), |base| base.as_ptr().cast_const());
            let mut complete = complete;
            complete.buffer.obj = described.buffer.obj;
            complete.buffer.internal = described.buffer.internal;
            home_of(complete, layout, base, request.label())
        })
    };
    made.map_err(|error| {
        // SAFETY: ends what was acquired.
        unsafe { grant::release(&mut described.buffer, Unit::Share) };
        broken(error)
    })
}

/// [`home_of`], which ends the acquisition on failure.
///
/// # Safety
/// As for `home_of`.
unsafe fn home(
    described: Described,
    layout: &Layout<'_>,
    base: *const Base,
    label: *const c_char,
) -> Result<Share> {
    // SAFETY: as the caller promises.
    unsafe {
        home_of(described, layout, base, label).inspect_err(|_| {
            let mut ended = described.buffer;
            grant::release(&mut ended, Unit::Share);
        })
    }
}

/// A view that houses a new acquisition; nothing has happened where it fails.
///
/// # Safety
/// `described` is an acquisition for a view, or has no `obj` and describes borrowed memory; `base` is the built-in object at the
/// bottom, or NULL.
unsafe fn home_of(
    described: Described,
    layout: &Layout<'_>,
    base: *const Base,
    label: *const c_char,
) -> Result<Share> {
    let (block, arrays) = allocate(&Place::Home, layout.ndim())?;
    // SAFETY: the block is new and large enough for all of this.
    unsafe {
        let acquisition = block.cast::<u8>().add(offset_of!(Home, acquisition)).cast::<Acquisition>();
        acquisition.write(Acquisition {
            shares: AtomicUsize::new(1),
            acquired: UnsafeCell::new(described.buffer),
            base,
            node: UnsafeCell::new(unlisted(ptr::null())),
            labelled: false,
            source: UnsafeCell::new(None),
            write_back: false,
            home: block,
        });
        let layout = description::copy_arrays(layout, arrays);
        let mut own = Described::new(
            described.buffer.buf.cast(),
            &layout,
            crate::object::request::text_or_byte(described.buffer.format).as_ptr(),
            described.buffer.readonly != 0,
        );
        own.buffer.obj = described.buffer.obj;
        fill(block, own, acquisition, 2);
        if !label.is_null() {
            Acquisition::set_label(acquisition, label);
        }
        Ok(Share(block))
    }
}

/// A view derived from a pinned one.
fn derive(of: &Share, parent: &Pinned<'_>, plan: &mut Plan<'_>) -> Result<Share> {
    let layout = parent.layout();
    let ndim = plan.ndim;
    let (block, arrays) = allocate(&Place::Derived, ndim)?;
    // SAFETY: three zeroed arrays of `ndim` entries stand behind the block, which is ours alone.
    let (shape, strides, suboffsets) = unsafe {
        (
            core::slice::from_raw_parts_mut(arrays, ndim),
            core::slice::from_raw_parts_mut(arrays.add(ndim), ndim),
            core::slice::from_raw_parts_mut(
                arrays.add(ndim.saturating_mul(2)),
                if parent.is_indirect() { ndim } else { 0 },
            ),
        )
    };
    let described = &of.block().described;
    // SAFETY: the parent is pinned, and accessed where pointers may be loaded.
    let memory = unsafe { Memory::new(described.buffer.buf.cast(), layout, !parent.is_readonly()) };
    let mut cursor = Cursor::new(&memory);
    let mut sketch = Sketch::new(shape, strides, suboffsets);
    if let Err(error) = (plan.build)(&layout, &mut sketch, &mut cursor) {
        // SAFETY: the block is new and unused.
        unsafe { alloc::free(block.cast()) };
        return Err(error);
    }
    let filled = sketch.ndim();
    let retyped = plan.format.take();
    let (text, itemsize) = match &retyped {
        Some(format) => (format.text().as_ptr(), format.itemsize()),
        None => (described.buffer.format, layout.itemsize),
    };
    let kept = match retyped {
        Some(format) => format.kept,
        None => of.block().format.get().cloned(),
    };
    // SAFETY: the sketch filled the first entries of the arrays, which live as long as the block.
    unsafe {
        let array = |at: usize| core::slice::from_raw_parts(arrays.add(at).cast_const(), filled);
        let suboffsets = if parent.is_indirect() { array(ndim.saturating_mul(2)) } else { &[] };
        let layout = Layout { itemsize, shape: array(0), strides: array(ndim), suboffsets };
        let readonly = plan.readonly || parent.is_readonly();
        let mut own = Described::new(cursor.address(), &layout, text, readonly);
        own.buffer.obj = described.buffer.obj;
        of.acquisition().shares.fetch_add(1, Relaxed);
        fill(block, own, of.block().acquisition, 1);
    }
    let derived = Share(block);
    derived.keep(kept);
    Ok(derived)
}

/// The error of a view that is not this copy's.
pub const NOT_A_VIEW: Error = Error::Kind { expected: "a view (acquire from it as an object)" };
