//! The atomics, the pause, the cell and the lock that counting rests on, in one place so that a model checker can stand in:
//! loom, in unit tests under `cfg(loom)`; see `tests/models`.

pub use core::sync::atomic::{
    AtomicPtr,
    Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst},
};
pub use machine::{AtomicBool, AtomicU64, AtomicUsize, UnsafeCell, fault, pause};

#[cfg(all(test, loom))]
use super::models::machine;

#[cfg(not(all(test, loom)))]
mod machine {
    pub use core::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};

    /// Lets the thread that is waited for run.
    pub fn pause() {
        core::hint::spin_loop();
        // SAFETY: `sched_yield` has no preconditions.
        #[cfg(all(unix, not(miri)))]
        unsafe {
            libc::sched_yield();
        }
        #[cfg(miri)]
        core::hint::spin_loop();
    }

    /// Whether something is wrong on purpose: nothing is, but in the models that must find it.
    #[must_use]
    pub const fn fault(_name: &str) -> bool {
        false
    }

    /// The cell of that name, told whether it is read or written.
    pub struct UnsafeCell<T>(core::cell::UnsafeCell<T>);

    impl<T> UnsafeCell<T> {
        /// A cell.
        pub const fn new(value: T) -> Self {
            UnsafeCell(core::cell::UnsafeCell::new(value))
        }

        /// Reads.
        #[inline]
        pub fn with<R>(&self, read: impl FnOnce(*const T) -> R) -> R {
            read(self.0.get())
        }

        /// Writes.
        #[inline]
        pub fn with_mut<R>(&self, write: impl FnOnce(*mut T) -> R) -> R {
            write(self.0.get())
        }
    }
}

/// A value behind a spinlock, held for a few instructions and never across a callback.
pub struct Lock<T> {
    taken: AtomicBool,
    value: UnsafeCell<T>,
}

// SAFETY: `with` hands the value to one thread at a time.
unsafe impl<T: Send> Sync for Lock<T> {}

impl<T> Lock<T> {
    /// A lock that is free.
    pub fn new(value: T) -> Self {
        Lock { taken: AtomicBool::new(false), value: UnsafeCell::new(value) }
    }

    /// Runs `work` alone.
    pub fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        while !cfg!(memview_fault = "race")
            && self.taken.compare_exchange_weak(false, true, Acquire, Relaxed).is_err()
        {
            pause();
        }
        // SAFETY: the lock is taken, so nobody else has the value.
        let result = self.value.with_mut(|value| work(unsafe { &mut *value }));
        let order = if fault("lock_is_relaxed") { Relaxed } else { Release };
        self.taken.store(false, order);
        result
    }
}
