//! How views come to be: from an object, from borrowed memory, as a copy, and from other views. One allocation each.

use core::{
    ffi::c_char,
    ptr::{self, NonNull},
};

use super::{
    Plan, Room, Share,
    acquisition::Acquisition,
    block::{home, home_inline},
    typed::Parsed,
};
use crate::{
    alloc::Quick,
    error::{Error, Result},
    layout::{self, Layout, Order},
    object::{
        Object, Request, array,
        base::{Base, settle},
        count::Unit,
        described::Described,
        description::{self, broken, with_layout},
        flags::{MV_FULL_RO, MV_WRITABLE},
        format::Format,
        grant,
        kinds::{self, Kind},
        protocol::mv_buffer,
    },
};

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

impl Share {
    /// The first view of a new acquisition, the usual way: of a built-in object, by flags alone. `None` where [`Share::acquire`] has more
    /// to say.
    #[inline]
    #[must_use]
    pub fn acquire_quickly(object: &Object, flags: i32) -> Quick<Share> {
        let base = grant::quick(object, flags, Unit::Share)?;
        // SAFETY: granted, so that the object lives and its description stays what it is.
        unsafe {
            let made = base
                .as_ref()
                .with_described(|described| home_inline(described, base.as_ptr().cast(), base.as_ptr()));
            if made.is_err() {
                settle(base, base.as_ref().count.ungrant(Unit::Share));
            }
            Some(made)
        }
    }

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
            Ok(unsafe { home(&described, ptr::null_mut(), ptr::null()) }?
                .with_format(borrowed.format.cloned()))
        };
        // SAFETY: as `Borrowed::new` promises.
        unsafe { with_layout(given, work) }
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
        let (format, label) = (self.block().format.get().cloned(), request.label());
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
                unsafe { Ok(home_or_release(&own, base)?.with_format(format).with_label(label)) }
            }
            // A foreign exporter may answer with other memory: a share of this acquisition is kept instead.
            _ => {
                // Of a re-export, what it keeps itself: else re-exports of re-exports would make a chain.
                let kept = acquisition.kept().unwrap_or(self).whole(false)?;
                // SAFETY: the memory is held by what is kept.
                unsafe {
                    let share =
                        home(&described, ptr::null_mut(), base)?.with_format(format).with_label(label);
                    *share.acquisition().source.get() = Some(kept);
                    share.set_calls_out();
                    (*share.0.as_ptr()).described.buffer.obj = described.buffer.obj;
                    Ok(share)
                }
            }
        }
    }

    /// Another view of all items, which shares this one's acquisition.
    pub fn whole(&self, readonly: bool) -> Result<Share> {
        self.derive(Plan { room: Room::Beyond(0), format: None, readonly }, |layout, out, _| {
            layout.dims().try_for_each(|(extent, stride, suboffset)| out.push(extent, stride, suboffset))
        })
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
                copy.set_calls_out();
            } else {
                (*copy.0.as_ptr()).described.buffer.readonly = 1;
            }
        }
        Ok(copy)
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
            let mut complete = description::describe(&described.buffer, layout, format)?;
            request.permits(&complete)?;
            let base = grant::base_of(object).map_or(ptr::null(), |base| base.as_ptr().cast_const());
            complete.buffer.internal = described.buffer.internal;
            let share = home(&complete, described.buffer.obj, base)?.with_label(request.label());
            let own = NonNull::new(base.cast_mut())
                .is_some_and(|base| share.acquisition().holds(base) && !is_custom(base));
            if !own {
                share.set_calls_out();
            }
            Ok(share)
        })
    };
    made.map_err(|error| {
        // SAFETY: ends what was acquired.
        unsafe { grant::release(&mut described.buffer, Unit::Share) };
        broken(error)
    })
}

/// [`home`], which ends the acquisition on failure.
///
/// # Safety
/// As for `home`.
unsafe fn home_or_release(described: &Described, base: *const Base) -> Result<Share> {
    // SAFETY: as the caller promises.
    unsafe {
        let made = home(described, described.buffer.obj, base);
        if made.is_err() {
            let mut ended = described.buffer;
            grant::release(&mut ended, Unit::Share);
        }
        made
    }
}

impl Share {
    /// Notes that the end of the acquisition calls out.
    ///
    /// # Safety
    /// The view is new, and nobody else's yet.
    unsafe fn set_calls_out(&self) {
        // SAFETY: as the caller promises.
        unsafe { (*self.block().acquisition.as_ptr()).calls_out = true }
    }

    /// The same new view, with the format that its text belongs to.
    fn with_format(self, format: Option<Format>) -> Share {
        // SAFETY: the view is new, and nobody else's yet.
        unsafe { (*self.0.as_ptr()).format = Parsed::new(format) }
        self
    }

    /// The same new view, the first of its acquisition, with a label on the list of holders; it outlives the acquisition.
    fn with_label(self, label: *const c_char) -> Share {
        if !label.is_null() {
            // SAFETY: the view is new, and nobody else's yet; the label is that of a request.
            unsafe { Acquisition::list(self.block().acquisition, label) }
        }
        self
    }
}

/// The error of a view that is not this copy's.
pub const NOT_A_VIEW: Error = Error::Kind { expected: "a view (acquire from it as an object)" };
