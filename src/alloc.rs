//! Fallible allocation on the C library's `malloc` and `free`. Nothing else in the crate allocates.
//!
//! Every request can fail and says so; giving memory back never fails and never allocates.

use core::{fmt, ptr::NonNull};

use crate::error::{Error, Result};

#[cfg(test)]
mod tests;

/// The one error of an allocation, small enough to be returned in registers.
#[derive(Debug)]
pub struct NoMemory {
    /// How many were asked for.
    pub bytes: usize,
}

impl From<NoMemory> for Error {
    fn from(NoMemory { bytes }: NoMemory) -> Error {
        Error::NoMemory { bytes }
    }
}

/// What is made the quick way: `None` where the general way has more to say; then nothing has happened.
pub type Quick<T> = Option<core::result::Result<T, NoMemory>>;

/// Ends the process; used by the panic handler of the C library alone.
///
/// # Safety
/// None is needed; the function is unsafe so that nobody calls it by accident.
pub unsafe fn abort() -> ! {
    // SAFETY: `abort` has no preconditions.
    unsafe { libc::abort() }
}

/// Refuses what no block can hold, so that tools that watch `malloc` see no absurd size.
fn check_size(bytes: usize) -> Result<usize> {
    if bytes > isize::MAX.unsigned_abs() { Err(Error::NoMemory { bytes }) } else { Ok(bytes.max(1)) }
}

fn checked(pointer: *mut libc::c_void, bytes: usize) -> Result<NonNull<u8>> {
    if cfg!(memview_fault = "unhandled_allocation") {
        return Ok(NonNull::new(pointer.cast()).unwrap_or(NonNull::dangling()));
    }
    NonNull::new(pointer.cast()).ok_or(Error::NoMemory { bytes })
}

/// `size` bytes, aligned for every C type, their contents indeterminate. A size of 0 is served as 1.
pub fn allocate(size: usize) -> Result<NonNull<u8>> {
    let bytes = check_size(size)?;
    // SAFETY: `malloc` takes any size.
    checked(unsafe { libc::malloc(bytes) }, size)
}

/// `size` bytes of zero, aligned for every C type. A size of 0 is served as 1.
pub fn allocate_zeroed(size: usize) -> Result<NonNull<u8>> {
    if cfg!(memview_fault = "uninitialised") {
        return allocate(size);
    }
    let bytes = check_size(size)?;
    // SAFETY: `calloc` takes any size.
    checked(unsafe { libc::calloc(bytes, 1) }, size)
}

/// A block of `size` bytes with the contents of `block`, which is gone on success and untouched on failure.
///
/// # Safety
/// `block` came from this module and has not been freed.
pub unsafe fn reallocate(block: NonNull<u8>, size: usize) -> Result<NonNull<u8>> {
    let bytes = check_size(size)?;
    // SAFETY: `block` is a live block of `malloc`'s, as the caller promises.
    checked(unsafe { libc::realloc(block.as_ptr().cast(), bytes) }, size)
}

/// Gives a block back.
///
/// # Safety
/// `block` came from this module, has not been freed, and nobody uses it any more.
pub unsafe fn free(block: NonNull<u8>) {
    // SAFETY: `block` is a live block of `malloc`'s, as the caller promises.
    unsafe { libc::free(block.as_ptr().cast()) }
}

/// A short text made at run time, on the heap. Where memory runs out, the text is shortened to nothing:
/// an error's words are worth less than its numbers.
pub struct Text(Option<NonNull<TextBlock>>);

const TEXT_CAPACITY: usize = 479;

struct TextBlock {
    length: usize,
    bytes: [u8; TEXT_CAPACITY],
    /// Whether something did not fit: then nothing follows it.
    is_cut: bool,
}

impl Text {
    /// No text, no memory.
    #[must_use]
    pub const fn empty() -> Self {
        Text(None)
    }

    /// A text from its pieces, cut at 479 bytes at the boundary of a character.
    pub fn write(pieces: impl FnOnce(&mut dyn fmt::Write)) -> Self {
        let Ok(block) = allocate_zeroed(size_of::<TextBlock>()) else { return Text(None) };
        let mut text = Text(Some(block.cast()));
        pieces(&mut text);
        text
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // SAFETY: the block is ours, initialised, and borrowed with self.
        let Some(block) = self.0.map(|block| unsafe { block.as_ref() }) else { return "" };
        block.bytes.get(..block.length).map_or("", |bytes| core::str::from_utf8(bytes).unwrap_or(""))
    }
}

impl fmt::Write for Text {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        // SAFETY: the block is ours, initialised, and borrowed mutably with self.
        let Some(block) = self.0.map(|mut block| unsafe { block.as_mut() }) else { return Ok(()) };
        for character in piece.chars() {
            let end = block.length.saturating_add(character.len_utf8());
            let Some(space) = block.bytes.get_mut(block.length..end).filter(|_| !block.is_cut) else {
                block.is_cut = true;
                return Ok(());
            };
            let mut code = [0u8; 4];
            for (to, from) in space.iter_mut().zip(character.encode_utf8(&mut code).bytes()) {
                *to = from;
            }
            block.length = end;
        }
        Ok(())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Drop for Text {
    fn drop(&mut self) {
        if let Some(block) = self.0
            && !cfg!(memview_fault = "leak")
        {
            // SAFETY: allocated in `write`, owned by self alone.
            unsafe { free(block.cast()) }
        }
    }
}

// SAFETY: the block is owned by the text alone.
unsafe impl Send for Text {}
// SAFETY: a shared text is only read.
unsafe impl Sync for Text {}
