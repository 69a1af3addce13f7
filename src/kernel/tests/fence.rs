//! Memory between pages that nobody may touch: a kernel that reads or writes a byte too many is killed.

use super::world::{Random, write};

/// Some pages, with a forbidden one in front and one behind.
pub struct Fence {
    pages: *mut u8,
    length: usize,
}

#[cfg(all(unix, not(miri)))]
fn page() -> usize {
    // SAFETY: asks for a number.
    usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap()
}

#[cfg(all(unix, not(miri)))]
impl Fence {
    /// At least so many bytes, random ones.
    pub fn new(random: &mut Random, length: usize) -> Self {
        let length = length.next_multiple_of(page());
        // SAFETY: a new mapping, of which the middle is opened.
        let pages = unsafe {
            let (private, none) = (libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, libc::PROT_NONE);
            let all = libc::mmap(std::ptr::null_mut(), length + 2 * page(), none, private, -1, 0);
            assert_ne!(all, libc::MAP_FAILED);
            let open = all.cast::<u8>().add(page());
            assert_eq!(libc::mprotect(open.cast(), length, libc::PROT_READ | libc::PROT_WRITE), 0);
            open
        };
        let fence = Fence { pages, length };
        fence.fill(random);
        fence
    }
}

#[cfg(all(unix, not(miri)))]
impl Drop for Fence {
    fn drop(&mut self) {
        // SAFETY: the mapping that `new` has made.
        unsafe { libc::munmap(self.pages.sub(page()).cast(), self.length + 2 * page()) };
    }
}

/// Where there are no such pages, Miri or nobody watches over a block of just so many bytes.
#[cfg(not(all(unix, not(miri))))]
impl Fence {
    pub fn new(random: &mut Random, length: usize) -> Self {
        let pages = crate::alloc::allocate(length.max(1)).unwrap().as_ptr();
        let fence = Fence { pages, length };
        fence.fill(random);
        fence
    }
}

#[cfg(not(all(unix, not(miri))))]
impl Drop for Fence {
    fn drop(&mut self) {
        // SAFETY: allocated in `new`.
        unsafe { crate::alloc::free(std::ptr::NonNull::new(self.pages).unwrap()) }
    }
}

impl Fence {
    fn fill(&self, random: &mut Random) {
        write(self.pages, &(0..self.length).map(|_| random.next().to_le_bytes()[0]).collect::<Vec<u8>>());
    }

    /// The first byte of `length` bytes at the front fence, or at the one behind.
    pub fn at(&self, length: usize, behind: bool) -> *mut u8 {
        self.pages.wrapping_add(if behind { self.length - length } else { 0 })
    }
}
