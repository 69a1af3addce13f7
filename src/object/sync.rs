//! The atomics, the pause and the lock that counting rests on, in one place so that a model checker can stand in.

use core::cell::UnsafeCell;

pub use core::sync::atomic::{
    AtomicBool, AtomicU64, AtomicUsize,
    Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst},
};

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

/// A value behind a spinlock, held for a few instructions and never across a callback.
pub struct Lock<T> {
    taken: AtomicBool,
    value: UnsafeCell<T>,
}

// SAFETY: `with` hands the value to one thread at a time.
unsafe impl<T: Send> Sync for Lock<T> {}

impl<T> Lock<T> {
    /// A lock that is free.
    pub const fn new(value: T) -> Self {
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
        let result = work(unsafe { &mut *self.value.get() });
        self.taken.store(false, Release);
        result
    }
}
