//! Copies between memories, to and from contiguous blocks, and fills.

use super::{
    choose,
    isa::Isa,
    memory::{Memory, Span, overlaps, touches},
    plan::{Dims, Plan, Side},
    runs::check_shapes,
    scratch::Scratch,
    stream, walk,
};
use crate::{
    error::{Error, Result, number, signed},
    layout::Order,
};

/// Copies every item of `from` to the same index of `to`, as if through a temporary.
///
/// The shapes and itemsizes are equal, or nothing is written. Where items of the destination overlap each other,
/// the last one in C's order stays.
pub fn copy(to: &Memory<'_>, from: &Memory<'_>) -> Result<()> {
    copy_with(to, from, Isa::best())
}

/// The same with the kernels of `isa`.
pub(super) fn copy_with(to: &Memory<'_>, from: &Memory<'_>, isa: Isa) -> Result<()> {
    to.check_writable()?;
    check_alike(to, from)?;
    if to.layout().is_empty() {
        return Ok(());
    }
    let both = |order| to.layout().is_contiguous(order) && from.layout().is_contiguous(order);
    if both(Order::C) || both(Order::F) {
        // SAFETY: both reach as many bytes from their base, readable there and writable here.
        unsafe { stream::move_run(to.base(), from.base(), to.size(), isa) };
        return Ok(());
    }
    if !overlaps(to, from) {
        // SAFETY: the shapes are equal, the destination is writable, and the two have no byte in common.
        unsafe { transfer(to, Order::C, Side::Memory(to), Side::Memory(from), isa) };
        return Ok(());
    }
    let scratch = Scratch::new(from.size())?;
    // SAFETY: the block is new, and holds all items of either.
    unsafe {
        transfer(from, Order::C, Side::Packed(scratch.as_ptr()), Side::Memory(from), isa);
        transfer(to, Order::C, Side::Memory(to), Side::Packed(scratch.as_ptr()), isa);
    }
    Ok(())
}

/// Copies bytes to as many others, as if through a temporary.
#[inline]
pub fn move_run(to: &Span<'_>, from: &Span<'_>) {
    let size = to.length().min(from.length());
    // SAFETY: both spans are that long, and the first may be written.
    unsafe { stream::move_run(to.data(), from.data(), size, Isa::best()) }
}

/// The same where the two are known to have no byte in common: indirect memory too is copied without a temporary, so that nothing
/// is allocated.
///
/// # Safety
/// They have no byte in common.
pub unsafe fn copy_apart(to: &Memory<'_>, from: &Memory<'_>) -> Result<()> {
    to.check_writable()?;
    check_alike(to, from)?;
    if !to.layout().is_empty() {
        // SAFETY: the shapes are equal, the destination is writable, and the two are apart, as the caller promises.
        unsafe { transfer(to, Order::C, Side::Memory(to), Side::Memory(from), Isa::best()) };
    }
    Ok(())
}

fn check_alike(to: &Memory<'_>, from: &Memory<'_>) -> Result<()> {
    check_shapes(to, from)?;
    let (left, right) = (to.layout().itemsize, from.layout().itemsize);
    if left == right {
        Ok(())
    } else {
        Err(Error::FormatsDiffer { left: signed(left), right: signed(right) })
    }
}

/// Copies all items into a contiguous block of exactly their size, in the given order, as if through a temporary.
pub fn gather(from: &Memory<'_>, order: Order, to: &Span<'_>) -> Result<()> {
    to.check_length(from)?;
    if from.layout().is_empty() {
        return Ok(());
    }
    let order = from.resolve(order);
    let size = from.size();
    if from.layout().is_contiguous(order) {
        // SAFETY: the items are the `size` bytes from the base, and the span is as long.
        unsafe { stream::move_run(to.data(), from.base(), size, Isa::best()) };
    } else if !touches(from, to.data(), size) {
        // SAFETY: the span holds all items and has no byte in common with them.
        unsafe { transfer(from, order, Side::Packed(to.data()), Side::Memory(from), Isa::best()) };
    } else {
        let scratch = Scratch::new(size)?;
        // SAFETY: the block is new and, like the span, holds all items.
        unsafe {
            transfer(from, order, Side::Packed(scratch.as_ptr()), Side::Memory(from), Isa::best());
            to.data().copy_from(scratch.as_ptr(), size);
        }
    }
    Ok(())
}

/// Copies a contiguous block of exactly the size of all items into them, in the given order, as if through a
/// temporary. Where items overlap each other, the last one in that order stays.
pub fn scatter(to: &Memory<'_>, order: Order, from: &Span<'_>) -> Result<()> {
    to.check_writable()?;
    from.check_length(to)?;
    scatter_prefix(to, order, from)
}

/// Copies a contiguous block into as many items, from the first on in the given order, as it holds in full.
/// A partial item at its end is left out, and so is all that goes beyond the last item.
pub fn scatter_prefix(to: &Memory<'_>, order: Order, from: &Span<'_>) -> Result<()> {
    to.check_writable()?;
    let items = from.length().min(to.size()).checked_div(to.itemsize()).unwrap_or(0);
    if items == 0 {
        return Ok(());
    }
    let order = to.resolve(order);
    let size = items.saturating_mul(to.itemsize());
    if to.layout().is_contiguous(order) {
        // SAFETY: the first items are the `size` bytes from the base, and the span is no shorter.
        unsafe { stream::move_run(to.base(), from.data(), size, Isa::best()) };
    } else if !touches(to, from.data(), size) {
        // SAFETY: the span holds that many items and has no byte in common with the memory.
        unsafe { transfer_first(to, order, from.data(), size) };
    } else {
        let scratch = Scratch::new(size)?;
        // SAFETY: the block is new and holds that many items.
        unsafe {
            scratch.as_ptr().copy_from_nonoverlapping(from.data(), size);
            transfer_first(to, order, scratch.as_ptr(), size);
        }
    }
    Ok(())
}

/// Writes the same item everywhere. `item` is as long as an item and a copy of the caller's.
pub fn fill(to: &Memory<'_>, item: &[u8]) -> Result<()> {
    to.check_writable()?;
    if item.len() != to.itemsize() {
        return Err(Error::ItemLength { given: number(item.len()), needed: number(to.itemsize()) });
    }
    if !to.layout().is_empty() {
        let item = item.as_ptr().cast_mut();
        // SAFETY: the item is only read, and as a local copy has no byte in common with the memory.
        unsafe { transfer(to, Order::C, Side::Memory(to), Side::Repeated(item), Isa::best()) };
    }
    Ok(())
}

/// Copies from side to side over every index of `memory`, which has items.
///
/// # Safety
/// The destination may be written; both sides have an item for each index, and none in common.
unsafe fn transfer(memory: &Memory<'_>, order: Order, to: Side<'_>, from: Side<'_>, isa: Isa) {
    let mut dims = Dims::new();
    let plan = Plan::new(&mut dims, memory.layout(), order, to, from);
    // SAFETY: as the caller promises.
    unsafe { choose::copy_all(&plan, &mut dims, isa) }
}

/// Copies `size` packed bytes, which are whole items, to the first items in the given order.
///
/// # Safety
/// The memory may be written and has as many items; the bytes are readable and none of its own.
unsafe fn transfer_first(to: &Memory<'_>, order: Order, from: *mut u8, size: usize) {
    let items = size.checked_div(to.itemsize()).unwrap_or(0);
    let mut dims = Dims::new();
    let (there, here) = (Side::Memory(to), Side::Packed(from));
    // SAFETY: as the caller promises.
    unsafe {
        if order == Order::F && to.layout().is_indirect() {
            walk::scatter_each(to, from, items);
        } else if size == to.size() {
            transfer(to, order, there, here, Isa::best());
        } else {
            let plan = Plan::in_order(&mut dims, to.layout(), order, there, here);
            walk::copy_first(&plan, &dims, items.cast_signed());
        }
    }
}
