//! Buffers: acquisitions in the hands of consumers, and CPython's helpers for them.

use core::{
    ffi::c_void,
    mem::MaybeUninit,
    ptr::{self, NonNull},
};

use super::{
    Object, Request,
    base::{Base, settle},
    count::Unit,
    described::{Described, full_layout},
    description::{with_acquired, with_trusted},
    foreign::ZEROED,
    grant,
    holders::Node,
    kinds::{self, Kind, Ours},
    protocol::{mv_buffer, mv_object},
    request::text_or_byte,
    share::Share,
};
use crate::{
    alloc,
    error::{Error, Result},
    kernel::{self, Memory, Span, Walker},
    layout::{self, Layout, Order},
};

/// The usual acquisition, of a built-in object, written in place: `false` where [`acquire`] has more to say, as of any error; then
/// nothing has happened.
#[inline]
#[must_use]
pub fn acquire_quickly(object: &Object, flags: i32, out: &mut MaybeUninit<mv_buffer>) -> bool {
    let Some(base) = grant::quick(object, flags, Unit::Buffer) else { return false };
    // SAFETY: granted, so that the object lives and its description stays what it is.
    unsafe {
        let cut = base.as_ref().with_described(|described| Request::flags(flags).cut(described));
        out.write(mv_buffer { obj: object.as_raw().as_ptr(), ..cut });
    }
    true
}

/// The same of a view.
#[inline]
#[must_use]
pub fn acquire_view_quickly(object: &Object, flags: i32, out: &mut MaybeUninit<mv_buffer>) -> bool {
    let request = Request::flags(flags);
    if request.is_plain()
        && let Some(share) = as_share(object)
        && let Some(described) = share.export_quickly(flags)
    {
        out.write(mv_buffer { obj: object.as_raw().as_ptr(), ..request.cut(described) });
        return true;
    }
    false
}

/// Acquires a buffer, narrowed to the request.
pub fn acquire(object: &Object, request: &Request<'_>) -> Result<mv_buffer> {
    request.check()?;
    if !request.label().is_null() {
        return acquire_labelled(object, request);
    }
    let described = grant::acquire(object, request, Unit::Buffer, true)?;
    narrowed(described, request)
}

fn narrowed(mut described: Described, request: &Request<'_>) -> Result<mv_buffer> {
    // SAFETY: acquired, so that the arrays are alive.
    match unsafe { request.narrow(&described) } {
        Ok(buffer) => Ok(buffer),
        Err(error) => {
            // SAFETY: ends what has just begun.
            unsafe { grant::release(&mut described.buffer, Unit::Buffer) };
            Err(error)
        }
    }
}

/// A labelled acquisition leaves a note on the list of holders; `internal` leads to it. A foreign exporter gets the label
/// in its request and keeps its own `internal`.
fn acquire_labelled(object: &Object, request: &Request<'_>) -> Result<mv_buffer> {
    let Some(base) = grant::base_of(object) else {
        return narrowed(grant::acquire(object, request, Unit::Buffer, true)?, request);
    };
    let block = alloc::allocate(size_of::<Note>())?;
    let note = block.cast::<Note>();
    let result = grant::acquire(object, request, Unit::Buffer, true)
        .and_then(|described| narrowed(described, request));
    match result {
        Ok(mut buffer) => {
            // SAFETY: the block is new; the base lives as long as the acquisition, and the note until it is unlinked.
            unsafe {
                note.write(Note { node: Node::new(request.label(), ptr::null()), internal: buffer.internal });
                base.as_ref().holders.link(note.cast(), || false);
            }
            buffer.internal = note.as_ptr().cast();
            Ok(buffer)
        }
        Err(error) => {
            // SAFETY: the block is new and unused.
            unsafe { alloc::free(block) };
            Err(error)
        }
    }
}

/// A labelled acquisition's entry on the list, and what the exporter had in `internal`.
#[repr(C)]
struct Note {
    node: Node,
    internal: *mut c_void,
}

/// Takes a note off the list, if `internal` leads to one, and gives the exporter's own `internal`.
///
/// # Safety
/// `internal` is that of an acquisition whose holders are named by `base`.
unsafe fn unlink(base: NonNull<Base>, internal: *mut c_void) -> *mut c_void {
    // SAFETY: the base lives as long as the acquisition; only a node on the list is looked at.
    unsafe {
        let Some(entry) = base.as_ref().holders.find(internal) else { return internal };
        base.as_ref().holders.unlink(entry);
        let note = entry.cast::<Note>();
        let own = note.as_ref().internal;
        alloc::free(note.cast());
        own
    }
}

/// Ends an acquisition. A struct without `obj` is left as it is, but emptied.
///
/// # Safety
/// The struct is all zero, or a description of borrowed memory, or was filled by [`acquire`] and is released once.
#[inline]
pub unsafe fn release(buffer: &mut mv_buffer) {
    // Where nothing is kept in `internal` there is no label; then a count is all that an acquisition of a built-in or a view is.
    let object = if buffer.internal.is_null() { NonNull::new(buffer.obj) } else { None };
    // SAFETY: as the caller promises: an acquisition keeps its object alive, and ends here.
    unsafe {
        match object.and_then(|object| kinds::ours(object)) {
            Some((kind, Ours::Base(base))) if kind != Kind::Custom => {
                *buffer = ZEROED;
                settle(base, base.as_ref().count.ungrant(Unit::Buffer));
            }
            Some((_, Ours::View)) => {
                let view = buffer.obj;
                *buffer = ZEROED;
                Share::end_export(NonNull::new_unchecked(view));
            }
            _ => release_generally(buffer),
        }
    }
}

#[cold]
unsafe fn release_generally(buffer: &mut mv_buffer) {
    // Emptied first: a callback that meets the struct again finds it released.
    let mut ended = core::mem::replace(buffer, ZEROED);
    let Some(object) = NonNull::new(ended.obj) else { return };
    // SAFETY: as the caller promises.
    unsafe {
        ended.internal = without_note(object, ended.internal);
        grant::release(&mut ended, Unit::Buffer);
    }
}

unsafe fn without_note(object: NonNull<mv_object>, internal: *mut c_void) -> *mut c_void {
    if internal.is_null() {
        return internal;
    }
    // SAFETY: the acquisition keeps the object alive.
    unsafe {
        match grant::base_of_held(object) {
            Some(base) => unlink(base, internal),
            None => internal,
        }
    }
}

/// Ends an acquisition of an object of ours that another copy of the library made through the protocol.
///
/// # Safety
/// `internal` is as [`acquire`] left it, and the acquisition ends here.
pub unsafe fn end(object: NonNull<mv_object>, internal: *mut c_void) {
    let mut buffer = mv_buffer { obj: object.as_ptr(), internal, ..ZEROED };
    // SAFETY: as the caller promises.
    unsafe { release(&mut buffer) }
}

/// Whether the items follow each other without gaps.
#[inline]
#[must_use]
pub fn is_contiguous(buffer: &mv_buffer, order: Order) -> bool {
    // SAFETY: the layout lives as long as the buffer.
    let layout = unsafe { complete_layout(buffer) };
    match layout.and_then(|layout| layout::quick_contiguous(&layout, buffer.len, order)) {
        Some(answer) => answer,
        None => is_contiguous_generally(buffer, order),
    }
}

#[inline(never)]
fn is_contiguous_generally(buffer: &mv_buffer, order: Order) -> bool {
    // SAFETY: an acquired buffer, or one that makes no sense and is refused.
    unsafe { with_acquired(buffer, |layout| Ok(layout.is_contiguous(order))) }.unwrap_or(false)
}

/// The greatest power of two that divides the address of every item.
pub fn alignment(buffer: &mv_buffer) -> Result<usize> {
    // SAFETY: an acquired buffer, or one that makes no sense and is refused.
    unsafe {
        with_acquired(buffer, |layout| {
            let bits = layout.align_mask() | buffer.buf.addr();
            // An address of NULL without strides is divided by every power of two.
            Ok(1usize.checked_shl(bits.trailing_zeros()).unwrap_or(1 << (usize::BITS - 1)))
        })
    }
}

/// The lowest byte that the buffer can reach, and how many there are.
pub fn extent(buffer: &mv_buffer) -> Result<(*const u8, usize)> {
    // SAFETY: an acquired buffer, or one that makes no sense and is refused; nothing is read.
    unsafe {
        with_acquired(buffer, |layout| {
            let (low, high) = layout::reach(layout)?;
            let size = high.checked_sub(low).ok_or(Error::Overflow { what: "the extent of a buffer" })?;
            Ok((buffer.buf.cast::<u8>().wrapping_offset(low).cast_const(), size.cast_unsigned()))
        })
    }
}

/// The layout of a buffer that is complete, has dimensions, and is direct.
///
/// # Safety
/// As for [`full_layout`], of what is there.
#[inline]
unsafe fn complete_layout<'a>(buffer: &mv_buffer) -> Option<Layout<'a>> {
    let complete = !buffer.shape.is_null() && !buffer.strides.is_null();
    let usual = complete && buffer.suboffsets.is_null() && buffer.itemsize > 0;
    // SAFETY: nothing is missing.
    (usual && (1..=64).contains(&buffer.ndim)).then(|| unsafe { full_layout(buffer) })
}

/// The address of an item of a buffer that is complete and direct, the quick way; `None` where [`pointer`] has more to say.
#[inline]
#[must_use]
pub fn pointer_quickly(buffer: &mv_buffer, index: &[isize]) -> Option<*mut u8> {
    // SAFETY: the layout lives as long as the buffer.
    let layout = unsafe { complete_layout(buffer)? };
    Some(buffer.buf.cast::<u8>().wrapping_offset(layout::quick_item(&layout, index)?))
}

/// The same in one dimension.
#[inline]
#[must_use]
pub fn pointer_in_row(buffer: &mv_buffer, index: isize) -> Option<*mut u8> {
    // SAFETY: the layout lives as long as the buffer.
    let layout = unsafe { complete_layout(buffer)? };
    let ([length], [stride]) = (layout.shape, layout.strides) else { return None };
    Some(buffer.buf.cast::<u8>().wrapping_offset(layout::quick_offset(index, *length, *stride)?))
}

/// The address of an item.
pub fn pointer(buffer: &mv_buffer, index: &[isize]) -> Result<*mut u8> {
    // SAFETY: an acquired buffer, or one that makes no sense and is refused.
    unsafe { with_trusted(buffer, |layout| kernel::address(&memory(buffer, layout), index)) }
}

/// # Safety
/// The layout is the buffer's.
unsafe fn memory<'a>(buffer: &mv_buffer, layout: &Layout<'a>) -> Memory<'a> {
    // SAFETY: whoever filled the buffer promised that its memory is there.
    unsafe { Memory::new(buffer.buf.cast(), *layout, buffer.readonly == 0) }
}

/// What strides do that lead out of the address space.
pub(super) const WIDE: &str = "reach further than memory can";

/// The whole buffer as memory: items where a shape is there, else bytes.
fn with_memory<R>(buffer: &mv_buffer, work: impl FnOnce(&Memory<'_>) -> Result<R>) -> Result<R> {
    // SAFETY: an acquired buffer, or one that makes no sense and is refused.
    unsafe {
        with_acquired(buffer, |layout| {
            if buffer.buf.is_null() && !layout.is_empty() {
                return Err(Error::Exporter {
                    field: "buf",
                    reason: "is NULL while there are items",
                    value: 0,
                });
            }
            if layout::reach(layout).is_err() {
                return Err(Error::Exporter { field: "strides", reason: WIDE, value: 0 });
            }
            work(&memory(buffer, layout))
        })
    }
}

/// A walk over the items, run by run.
pub fn walk(buffer: &mv_buffer, order: Order) -> Result<Walker> {
    with_memory(buffer, |memory| {
        // SAFETY: the caller keeps the buffer acquired and its arrays unchanged as long as the walk is used.
        unsafe { Walker::new(memory.base(), memory.layout(), buffer.suboffsets, memory.resolve(order)) }
    })
}

/// Copies all items into contiguous memory.
pub fn to_contiguous(buffer: &mv_buffer, order: Order, data: &Span<'_>) -> Result<()> {
    with_memory(buffer, |memory| kernel::gather(memory, order, data))
}

/// Copies contiguous memory into the items, as far as both go.
pub fn from_contiguous(buffer: &mv_buffer, order: Order, data: &Span<'_>) -> Result<()> {
    with_memory(buffer, |memory| kernel::scatter_prefix(memory, order, data))
}

/// Copies all items of one exporter to another.
pub fn copy(destination: &Object, source: &Object) -> Result<()> {
    use super::flags::{MV_FULL, MV_FULL_RO};
    let mut to = acquire(destination, &Request::flags(MV_FULL))?;
    let result = acquire(source, &Request::flags(MV_FULL_RO)).and_then(|mut from| {
        let result = copy_acquired(&to, &from);
        // SAFETY: acquired above.
        unsafe { release(&mut from) };
        result
    });
    // SAFETY: acquired above.
    unsafe { release(&mut to) };
    result
}

fn copy_acquired(to: &mv_buffer, from: &mv_buffer) -> Result<()> {
    with_memory(to, |to_memory| {
        with_memory(from, |from_memory| {
            // SAFETY: acquired, so that the texts are alive.
            let (left, right) = unsafe { (text_or_byte(to.format), text_or_byte(from.format)) };
            if !super::format::same_layout(left.to_bytes(), right.to_bytes())? {
                return Err(Error::FormatsDiffer {
                    left: crate::error::signed(to.itemsize),
                    right: crate::error::signed(from.itemsize),
                });
            }
            kernel::copy(to_memory, from_memory)
        })
    })
}

/// Fills a buffer for an exporter of plain bytes; `length` is the shape.
pub fn fill_info(
    object: *mut mv_object,
    data: *mut c_void,
    length: &isize,
    readonly: bool,
    flags: i32,
) -> Result<mv_buffer> {
    let request = Request::flags(flags);
    request.check()?;
    let given = *length;
    if given < 0 {
        let value = crate::error::signed(given);
        return Err(Error::Value { what: "*length", value, expected: "a length is not negative" });
    }
    if data.is_null() && given > 0 {
        return Err(Error::DataNull { length: crate::error::signed(given) });
    }
    let layout = Layout {
        itemsize: 1,
        shape: core::slice::from_ref(length),
        strides: core::slice::from_ref(&1),
        suboffsets: &[],
    };
    // SAFETY: the caller promises that `length` lives; the rest is static.
    unsafe {
        let described = Described::new(data.cast(), &layout, c"B", readonly);
        Ok(mv_buffer { obj: object, ..request.narrow(&described)? })
    }
}

/// Computes the strides of a contiguous block, given one by one once all are known.
pub fn fill_strides(
    shape: &[isize],
    itemsize: isize,
    order: Order,
    mut give: impl FnMut(usize, isize),
) -> Result<()> {
    let mut strides = [0isize; layout::MAX_NDIM];
    let strides = strides.get_mut(..shape.len()).unwrap_or(&mut []);
    if itemsize <= 0 {
        return Err(Error::Itemsize { itemsize: crate::error::signed(itemsize) });
    }
    layout::fill_strides(shape, itemsize, order, strides)?;
    for (dim, stride) in strides.iter().enumerate() {
        give(dim, *stride);
    }
    Ok(())
}

/// A view that an object is, if it is one of this copy's.
#[must_use]
pub fn as_share(object: &Object) -> Option<core::mem::ManuallyDrop<Share>> {
    // SAFETY: the object is alive, and a view where it says so.
    unsafe {
        match kinds::ours(object.as_raw())? {
            (_, Ours::View) => Some(Share::borrow(object.as_raw())),
            _ => None,
        }
    }
}
