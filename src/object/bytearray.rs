//! Bytearray: a growable array of bytes, whose size is locked while anybody holds it. (`bytearray`)

use core::{cell::UnsafeCell, ptr::NonNull};

use super::{
    Object, Request,
    base::{self, Base},
    bytes::{check_data, described, extent},
    count::Unit,
    flags::MV_WRITABLE,
    grant,
    kinds::Kind,
    sync::{AtomicUsize, Relaxed},
};
use crate::{
    alloc,
    error::{Error, Result, number},
    kernel::Span,
};

#[repr(C)]
struct Bytearray {
    base: Base,
    storage: UnsafeCell<Storage>,
}

struct Storage {
    data: NonNull<u8>,
    capacity: usize,
    /// Room that was asked for: it is kept however short the contents are.
    reserved: AtomicUsize,
    length: [isize; 1],
}

impl Storage {
    fn length(&self) -> usize {
        self.length[0].unsigned_abs()
    }
}

/// `length` bytes of zero.
pub fn zeroed(length: usize) -> Result<Object> {
    let length_ = [extent(length)?];
    of(Storage {
        data: alloc::allocate_zeroed(length)?,
        capacity: length,
        reserved: AtomicUsize::new(0),
        length: length_,
    })
}

/// A copy of the data.
pub fn new(data: &Span<'_>) -> Result<Object> {
    check_data(data)?;
    let length = [extent(data.length())?];
    let block = alloc::allocate(data.length())?;
    let storage = Storage { data: block, capacity: data.length(), reserved: AtomicUsize::new(0), length };
    if data.length() != 0 {
        // SAFETY: the block is new and has room for the data, which is readable for its length.
        unsafe { storage.data.as_ptr().copy_from_nonoverlapping(data.data(), data.length()) }
    }
    of(storage)
}

fn of(storage: Storage) -> Result<Object> {
    let data = storage.data;
    let made =
        base::allocate(Bytearray { base: Base::new(Kind::Bytearray), storage: UnsafeCell::new(storage) }, 0);
    match made {
        Ok(object) => {
            // SAFETY: the object is new and ours alone.
            unsafe {
                describe(object.as_ref());
                Ok(Object::of(object))
            }
        }
        Err(error) => {
            // SAFETY: the block is ours and unused.
            unsafe { alloc::free(data) };
            Err(error)
        }
    }
}

/// # Safety
/// The caller holds a resize or is alone.
unsafe fn describe(this: &Bytearray) {
    let storage = this.storage.get();
    // SAFETY: nobody else reads or writes the storage; the extent lives in the object.
    unsafe {
        let extent = &raw const (*storage).length;
        let mut described = described((*storage).data.as_ptr(), &*extent, false);
        // Not through the reference: the storage is changed in place while this address stays in use.
        described.buffer.shape = extent.cast();
        this.base.describe(described);
    }
}

fn bytearray(object: &Object) -> Result<&Bytearray> {
    // SAFETY: the kind is checked; the object lives as long as the handle.
    unsafe { Ok(object.downcast::<Bytearray>(Kind::Bytearray, "a bytearray")?.as_ref()) }
}

/// Replaces `removed` bytes at `at` by the data.
pub fn splice(object: &Object, at: usize, removed: usize, data: &Span<'_>) -> Result<()> {
    let this = bytearray(object)?;
    check_data(data)?;
    if removed == data.length() {
        return overwrite(this, at, data);
    }
    this.base.resizing("resize", || {
        // SAFETY: nobody else has the storage while the object is resizing.
        let storage = unsafe { &mut *this.storage.get() };
        check_range(storage.length(), at, removed)?;
        let kept = storage.length().saturating_sub(removed);
        let length =
            kept.checked_add(data.length()).ok_or(Error::Overflow { what: "the length of a bytearray" })?;
        let copy = Copied::of(storage, data)?;
        make_room(storage, length, growth(length))?;
        let end = at.saturating_add(removed);
        // SAFETY: both ranges lie within the capacity; the data is readable, and not in this block.
        unsafe {
            let place = storage.data.as_ptr().add(at);
            let rest = storage.data.as_ptr().add(end);
            place.add(data.length()).copy_from(rest, storage.length().saturating_sub(end));
            if data.length() != 0 {
                place.copy_from_nonoverlapping(copy.data, data.length());
            }
        }
        finish(this, length)
    })
}

/// Data that is being spliced in, copied first where it lies in the very array that changes.
struct Copied {
    data: *const u8,
    block: Option<NonNull<u8>>,
}

impl Copied {
    fn of(storage: &Storage, data: &Span<'_>) -> Result<Copied> {
        let distance = data.data().addr().wrapping_sub(storage.data.as_ptr().addr());
        if data.length() == 0 || distance >= storage.capacity {
            return Ok(Copied { data: data.data(), block: None });
        }
        let block = alloc::allocate(data.length())?;
        // SAFETY: the block is new and has room; the data is readable.
        unsafe { block.as_ptr().copy_from_nonoverlapping(data.data(), data.length()) };
        Ok(Copied { data: block.as_ptr(), block: Some(block) })
    }
}

impl Drop for Copied {
    fn drop(&mut self) {
        if let Some(block) = self.block {
            // SAFETY: allocated in `of`, used by nobody any more.
            unsafe { alloc::free(block) }
        }
    }
}

/// As many bytes as before: the size stays, so holders do not matter, but a lease does.
fn overwrite(this: &Bytearray, at: usize, data: &Span<'_>) -> Result<()> {
    grant::grant(&this.base, &Request::flags(MV_WRITABLE), Unit::Buffer)?;
    // SAFETY: granted: the storage neither moves nor changes its length.
    let storage = unsafe { &*this.storage.get() };
    let result = check_range(storage.length(), at, data.length());
    if result.is_ok() && data.length() != 0 {
        // SAFETY: within the length; the two may overlap.
        unsafe { storage.data.as_ptr().add(at).copy_from(data.data(), data.length()) };
    }
    // The caller has a handle, so this is not the last count.
    let _ = this.base.count.ungrant(Unit::Buffer);
    result
}

fn check_range(length: usize, at: usize, removed: usize) -> Result<()> {
    let out = |index: usize| Error::OutOfBounds { index: number(index), length: number(length), dim: 0 };
    match length.checked_sub(at) {
        None => Err(out(at)),
        Some(rest) if removed > rest => Err(out(at.saturating_add(removed))),
        Some(_) => Ok(()),
    }
}

/// Room for some more than is needed, so that growing byte by byte is not quadratic.
fn growth(length: usize) -> usize {
    length.saturating_add(length / 8).saturating_add(16).min(isize::MAX.unsigned_abs())
}

/// Makes room for `length` bytes, `wanted` where that is possible.
fn make_room(storage: &mut Storage, length: usize, wanted: usize) -> Result<()> {
    extent(length)?;
    if length <= storage.capacity {
        return Ok(());
    }
    // SAFETY: the block is the storage's own; on failure it stays as it is.
    let grown = unsafe { alloc::reallocate(storage.data, wanted) };
    let (data, capacity) = match grown {
        Ok(data) => (data, wanted),
        // SAFETY: as above.
        Err(_) => (unsafe { alloc::reallocate(storage.data, length)? }, length),
    };
    storage.data = data;
    storage.capacity = capacity;
    Ok(())
}

fn finish(this: &Bytearray, length: usize) -> Result<()> {
    // SAFETY: nobody else has the storage while the object is resizing.
    let storage = unsafe { &mut *this.storage.get() };
    storage.length = [extent(length)?];
    let wanted = length.max(storage.reserved.load(Relaxed));
    if wanted < storage.capacity / 2 {
        // SAFETY: the block is the storage's own. Where it cannot shrink, it stays.
        if let Ok(data) = unsafe { alloc::reallocate(storage.data, wanted) } {
            storage.data = data;
            storage.capacity = wanted;
        }
    }
    // SAFETY: the object is resizing.
    unsafe { describe(this) };
    Ok(())
}

/// Changes the length; new bytes are zero.
pub fn resize(object: &Object, length: usize) -> Result<()> {
    let this = bytearray(object)?;
    extent(length)?;
    if held_at(this, |storage| storage.length() == length)? {
        return Ok(());
    }
    this.base.resizing("resize", || {
        // SAFETY: nobody else has the storage while the object is resizing.
        let storage = unsafe { &mut *this.storage.get() };
        make_room(storage, length, length)?;
        let before = storage.length();
        if let Some(more) = length.checked_sub(before) {
            // SAFETY: within the capacity.
            unsafe { storage.data.as_ptr().add(before).write_bytes(0, more) };
        }
        finish(this, length)
    })
}

/// Makes room for `capacity` bytes in all.
pub fn reserve(object: &Object, capacity: usize) -> Result<()> {
    let this = bytearray(object)?;
    extent(capacity)?;
    let is_there = |storage: &Storage| {
        let enough = storage.capacity >= capacity;
        if enough {
            storage.reserved.fetch_max(capacity, Relaxed);
        }
        enough
    };
    if held_at(this, is_there)? {
        return Ok(());
    }
    this.base.resizing("reserve", || {
        // SAFETY: nobody else has the storage while the object is resizing.
        let storage = unsafe { &mut *this.storage.get() };
        make_room(storage, capacity, capacity)?;
        storage.reserved.fetch_max(capacity, Relaxed);
        // SAFETY: the object is resizing.
        unsafe { describe(this) };
        Ok(())
    })
}

/// Looks at the storage while it is held in place.
fn held_at(this: &Bytearray, look: impl FnOnce(&Storage) -> bool) -> Result<bool> {
    match this.base.count.grant(Unit::Buffer, false) {
        Ok(_) => {
            // SAFETY: granted.
            let answer = look(unsafe { &*this.storage.get() });
            // The caller has a handle, so this is not the last count.
            let _ = this.base.count.ungrant(Unit::Buffer);
            Ok(answer)
        }
        // A lease, or too many holders: the resize itself says so.
        Err(super::count::Refusal::Closed) => Err(Error::Revoked),
        Err(_) => Ok(false),
    }
}

/// Frees the object.
///
/// # Safety
/// It is of this kind, and nobody holds it.
pub(super) unsafe fn free(object: NonNull<Base>) {
    // SAFETY: as the caller promises.
    unsafe {
        let this = object.cast::<Bytearray>();
        alloc::free((*this.as_ref().storage.get()).data);
        alloc::free(object.cast());
    }
}
