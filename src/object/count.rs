//! The counting protocol: who holds an object or a view, in one word, and the count of its handles.
//!
//! | bits of the word | in an object | in a view |
//! |---|---|---|
//! | `BUFFER` | buffers acquired | the same |
//! | `SHARE` | acquisitions made by views | operations in flight (pins), and each buffer acquired |
//! | `HANDLE` | one while there are handles, or they come or go | the same |
//! | `MANY` | there has been a second handle at a time | the same |
//! | `RESIZING` | the memory may be moving; whoever comes waits | - |
//! | `EXCLUSIVE` | the one acquisition is an exclusive lease | - |
//! | `IMMUTABLE` | every acquisition is an immutable lease | - |
//! | `CLOSED` | revoked | released |
//! | `LISTED` | - | stands on the object's list of holders |
//! | `DEAD` | being freed | being freed |
//!
//! Whoever brings the counts to zero frees. Grants compare and swap, so that a refused one leaves no trace; the release of a
//! plain grant subtracts. A lease needs no mark in the acquisition itself: while a lease flag is set, every
//! acquisition is one, and it can only be set while there are none.

use super::sync::{AcqRel, Acquire, AtomicU64, AtomicUsize, Relaxed, Release, SeqCst, fault, pause};

/// What a unit of the word stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u64)]
pub enum Unit {
    /// A buffer in a consumer's hands.
    Buffer = 1,
    /// In an object: the acquisition of a view. In a view: a pin.
    Share = 1 << 27,
    /// A buffer of a view: in flight as a pin is, so that a revoke finds it whether or not the view has handles.
    Export = 1 | 1 << 27,
}

const BUFFERS: u64 = (1 << 27) - 1;
const SHARES: u64 = BUFFERS << 27;
const HANDLE: u64 = 1 << 54;
const HANDLES: u64 = 7 * HANDLE;
const MANY: u64 = 1 << 57;
const COUNTS: u64 = BUFFERS | SHARES | HANDLES;
const RESIZING: u64 = 1 << 58;
const EXCLUSIVE: u64 = 1 << 59;
const IMMUTABLE: u64 = 1 << 60;
const CLOSED: u64 = 1 << 61;
const LISTED: u64 = 1 << 62;
const DEAD: u64 = 1 << 63;

/// Counts refuse at half of their range.
pub const LIMIT: u64 = 1 << 26;

/// A lease that an acquisition asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lease {
    /// Nobody writes.
    Immutable,
    /// Nobody else holds the memory.
    Exclusive,
}

/// Why a count refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// Released or revoked.
    Closed,
    /// Somebody holds an exclusive lease.
    Exclusive,
    /// Somebody holds an immutable lease, and writable memory was asked for.
    Immutable,
    /// So many others hold it.
    Held(u64),
    /// Nobody holds it, but so many operations are in flight.
    InFlight,
    /// The count is at its limit.
    Full,
}

/// What remains to be done after a count went down.
#[must_use]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// Others hold it.
    Keep,
    /// The caller was the last: free it.
    Free,
}

/// What a grant allows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grant {
    /// What the memory allows.
    Plain,
    /// Reading alone.
    ReadOnly,
}

/// The counts of one object or view.
pub struct Count {
    handles: AtomicUsize,
    word: AtomicU64,
}

const fn buffers(word: u64) -> u64 {
    word & BUFFERS
}

const fn shares(word: u64) -> u64 {
    (word & SHARES) >> 27
}

const fn counted(word: u64, unit: Unit) -> u64 {
    match unit {
        Unit::Buffer | Unit::Export => buffers(word),
        Unit::Share => shares(word),
    }
}

const fn holders(word: u64) -> u64 {
    buffers(word).saturating_add(shares(word))
}

/// What remains to be done after the word has become this.
const fn fate(word: u64) -> Fate {
    if word & (COUNTS | DEAD) == 0 { Fate::Free } else { Fate::Keep }
}

impl Count {
    /// One handle, no holder.
    #[must_use]
    pub fn with_handle() -> Self {
        Count { handles: AtomicUsize::new(1), word: AtomicU64::new(HANDLE) }
    }

    /// Adds a handle. While there are handles, the word holds a unit for them: it is added before the first handle and
    /// taken after the last. Where the last one goes while a holder takes a new one, each of the two has a unit for a moment:
    /// neither could tell whether the other has changed the word yet.
    pub fn reference(&self) {
        let mut handles = self.handles.load(Relaxed);
        loop {
            let first = handles == 0;
            if first && !self.add_handle_unit() {
                pause();
                handles = self.handles.load(Relaxed);
                continue;
            }
            // Told before it is there, and so before whoever takes it gives up what made it possible: see `unreference`.
            let untold = !first && self.word.load(Relaxed) & MANY == 0;
            if untold && !fault("second_handle_is_not_told") {
                self.word.fetch_or(MANY, Relaxed);
            }
            // A count that could wrap stays where it is: the object then lives for ever.
            let next = if handles > usize::MAX / 2 { handles } else { handles.wrapping_add(1) };
            match self.handles.compare_exchange_weak(handles, next, AcqRel, Relaxed) {
                Ok(_) => return,
                Err(now) => handles = now,
            }
            if first {
                self.word.fetch_sub(HANDLE, Relaxed);
            }
        }
    }

    /// Refuses at half of the range, as all counts do: so many threads are then about to take theirs away.
    fn add_handle_unit(&self) -> bool {
        let mut word = self.word.load(Relaxed);
        while word & HANDLES <= HANDLES / 2 {
            match self.word.compare_exchange_weak(word, word.wrapping_add(HANDLE), Relaxed, Relaxed) {
                Ok(_) => return true,
                Err(now) => word = now,
            }
        }
        false
    }

    /// Drops a handle.
    ///
    /// Where there has never been a second one, the word alone says who is about: one load tells that nobody is but the
    /// caller, and nobody can come whom the caller has not let in. A holder who made a handle of its grant before giving it
    /// back has set `MANY` first, in the same word; whoever sees the grant gone sees that, too.
    #[inline]
    pub fn unreference(&self) -> Fate {
        let word = self.word.load(Acquire);
        if word & (COUNTS | DEAD | MANY) == HANDLE {
            self.handles.store(0, Relaxed);
            // Released, for a revoke that still finds the view on the list.
            self.word.store(word.wrapping_sub(HANDLE), Release);
            return Fate::Free;
        }
        self.unreference_one_of_many()
    }

    fn unreference_one_of_many(&self) -> Fate {
        let mut handles = self.handles.load(Relaxed);
        loop {
            if handles == 0 || handles > usize::MAX / 2 {
                return Fate::Keep;
            }
            match self.handles.compare_exchange_weak(handles, handles.wrapping_sub(1), AcqRel, Relaxed) {
                Ok(_) => break,
                Err(now) => handles = now,
            }
        }
        if handles != 1 {
            return Fate::Keep;
        }
        // Without handles, whoever is left stands in the word: where it holds our unit alone, nobody else is about.
        let word = self.word.load(Acquire);
        if word & (COUNTS | DEAD) == HANDLE {
            // Released, for a revoke that still finds the view on the list.
            self.word.store(word.wrapping_sub(HANDLE), Release);
            return Fate::Free;
        }
        self.subtract(HANDLE)
    }

    #[inline]
    fn subtract(&self, units: u64) -> Fate {
        let order = if fault("free_is_relaxed") { Relaxed } else { AcqRel };
        fate(self.word.fetch_sub(units, order).wrapping_sub(units))
    }

    /// Marks what is being freed, so that a callback that still finds it cannot free it again.
    pub fn bury(&self) {
        // Nobody else writes it any more.
        self.word.store(self.word.load(Relaxed) | DEAD | CLOSED, Release);
    }

    /// Grants one plain acquisition where nobody comes in between and nothing is special; `false`, and nothing has happened, where
    /// [`Count::grant`] has more to say.
    #[inline]
    #[must_use]
    pub fn grant_quickly(&self, unit: Unit) -> bool {
        let word = self.word.load(Relaxed);
        word & (CLOSED | EXCLUSIVE | RESIZING | IMMUTABLE) == 0
            && counted(word, unit) < LIMIT
            && self.word.compare_exchange(word, word.wrapping_add(unit as u64), SeqCst, Relaxed).is_ok()
    }

    /// Grants one acquisition; waits while the memory is moving.
    pub fn grant(&self, unit: Unit, writable: bool) -> Result<Grant, Refusal> {
        let mut word = self.word.load(Relaxed);
        loop {
            if word & (CLOSED | EXCLUSIVE | RESIZING | IMMUTABLE) != 0 {
                if word & CLOSED != 0 {
                    return Err(Refusal::Closed);
                }
                if word & EXCLUSIVE != 0 {
                    return Err(Refusal::Exclusive);
                }
                if word & RESIZING != 0 {
                    pause();
                    word = self.word.load(Relaxed);
                    continue;
                }
                if writable {
                    return Err(Refusal::Immutable);
                }
            }
            if counted(word, unit) >= LIMIT {
                return Err(Refusal::Full);
            }
            let grant = if word & IMMUTABLE == 0 { Grant::Plain } else { Grant::ReadOnly };
            match self.word.compare_exchange_weak(word, word.wrapping_add(unit as u64), SeqCst, Relaxed) {
                Ok(_) => return Ok(grant),
                Err(now) => word = now,
            }
        }
    }

    /// Grants one acquisition as a lease of writable memory.
    pub fn lease(&self, unit: Unit, lease: Lease) -> Result<(), Refusal> {
        let flag = match lease {
            Lease::Immutable => IMMUTABLE,
            Lease::Exclusive => EXCLUSIVE,
        };
        loop {
            let word = self.settled()?;
            if word & EXCLUSIVE != 0 {
                return Err(Refusal::Exclusive);
            }
            if word & flag == 0 && holders(word) != 0 {
                return Err(Refusal::Held(holders(word)));
            }
            if counted(word, unit) >= LIMIT {
                return Err(Refusal::Full);
            }
            let next = word.wrapping_add(unit as u64) | flag;
            if self.word.compare_exchange_weak(word, next, AcqRel, Relaxed).is_ok() {
                return Ok(());
            }
        }
    }

    /// The word, once no resize is under way.
    fn settled(&self) -> Result<u64, Refusal> {
        loop {
            let word = self.word.load(Acquire);
            if word & CLOSED != 0 {
                return Err(Refusal::Closed);
            }
            if word & RESIZING == 0 {
                return Ok(word);
            }
            pause();
        }
    }

    /// Ends an acquisition, a lease or not.
    #[inline]
    pub fn ungrant(&self, unit: Unit) -> Fate {
        let word = self.word.load(Relaxed);
        if word & (EXCLUSIVE | IMMUTABLE) == 0 {
            self.subtract(unit as u64)
        } else {
            self.end_lease(unit, word)
        }
    }

    #[cold]
    fn end_lease(&self, unit: Unit, word: u64) -> Fate {
        if word & EXCLUSIVE == 0 { self.end_immutable(unit) } else { self.subtract(unit as u64 | EXCLUSIVE) }
    }

    fn end_immutable(&self, unit: Unit) -> Fate {
        let mut word = self.word.load(Relaxed);
        loop {
            let left = word.wrapping_sub(unit as u64);
            let next = if holders(left) == 0 { left & !IMMUTABLE } else { left };
            match self.word.compare_exchange_weak(word, next, AcqRel, Relaxed) {
                Ok(_) => return fate(next),
                Err(now) => word = now,
            }
        }
    }

    /// Begins a change of size: nobody may hold the memory, and whoever comes waits for [`Count::end_resize`]. The caller has a
    /// handle and, in between, calls nothing that is not its own.
    pub fn begin_resize(&self) -> Result<(), Refusal> {
        loop {
            let word = self.settled()?;
            if holders(word) != 0 && !fault("resize_ignores_holders") {
                return Err(Refusal::Held(holders(word)));
            }
            if self.word.compare_exchange_weak(word, word | RESIZING, AcqRel, Relaxed).is_ok() {
                return Ok(());
            }
        }
    }

    /// Ends a change of size.
    pub fn end_resize(&self) {
        let order = if fault("resize_ends_relaxed") { Relaxed } else { Release };
        self.word.fetch_and(!RESIZING, order);
    }

    /// Revokes an object: nobody is granted anything from now on. Returns how many buffers are out.
    pub fn revoke(&self) -> u64 {
        loop {
            let word = self.word.load(Acquire);
            if word & RESIZING == 0
                && self.word.compare_exchange_weak(word, word | CLOSED, SeqCst, Relaxed).is_ok()
            {
                return buffers(word);
            }
            pause();
        }
    }

    /// Whether it is released or revoked.
    pub fn is_closed(&self) -> bool {
        self.word.load(SeqCst) & CLOSED != 0
    }

    /// Whether every acquisition is an immutable lease.
    pub fn is_immutable(&self) -> bool {
        self.word.load(Relaxed) & IMMUTABLE != 0
    }

    /// Whether the one acquisition is an exclusive lease.
    pub fn is_exclusive(&self) -> bool {
        self.word.load(Relaxed) & EXCLUSIVE != 0
    }

    /// The acquisitions alive, at this moment.
    pub fn exports(&self) -> u64 {
        holders(self.word.load(Acquire))
    }

    /// Pins a view for one operation. `Ok(true)`: it already stands on the list of holders.
    pub fn pin(&self) -> Result<bool, Refusal> {
        let order = if fault("pin_is_not_in_one_order") { AcqRel } else { SeqCst };
        let word = self.word.fetch_add(Unit::Share as u64, order);
        if word & CLOSED == 0 && shares(word) < LIMIT {
            return Ok(word & LISTED != 0);
        }
        // The caller has a handle or a grant, so this cannot be the last count.
        let _ = self.subtract(Unit::Share as u64);
        Err(if word & CLOSED == 0 { Refusal::Full } else { Refusal::Closed })
    }

    /// Ends an operation.
    pub fn unpin(&self) -> Fate {
        self.subtract(Unit::Share as u64)
    }

    /// The operations of a view that are in flight, its buffers among them. Ordered with [`Count::revoke`]: either this sees an
    /// operation, or the operation sees the revoke.
    pub fn in_use(&self) -> u64 {
        shares(self.word.load(SeqCst))
    }

    /// The buffers that are out, at this moment.
    pub fn buffers(&self) -> u64 {
        buffers(self.word.load(Acquire))
    }

    /// Notes that a view stands on the list of holders; under the list's lock.
    pub fn set_listed(&self) {
        self.word.fetch_or(LISTED, SeqCst);
    }

    /// Whether a view stands on the list of holders.
    pub fn is_listed(&self) -> bool {
        self.word.load(Acquire) & LISTED != 0
    }

    /// Releases a view: `Ok(true)` for the one caller who does it, `Ok(false)` where it is done already. The caller has
    /// a handle.
    pub fn close(&self) -> Result<bool, Refusal> {
        let mut word = self.word.load(Acquire);
        loop {
            if word & CLOSED != 0 {
                return Ok(false);
            }
            if buffers(word) != 0 {
                return Err(Refusal::Held(buffers(word)));
            }
            if shares(word) != 0 && !fault("release_ignores_operations") {
                return Err(Refusal::InFlight);
            }
            match self.word.compare_exchange_weak(word, word | CLOSED, AcqRel, Acquire) {
                Ok(_) => return Ok(true),
                Err(now) => word = now,
            }
        }
    }

    /// Sets a count, to test its limits.
    #[cfg(all(test, not(loom)))]
    pub(super) fn preset(&self, unit: Unit, value: u64) {
        let word = self.word.load(Relaxed);
        let others = word & !(COUNTS & (BUFFERS * unit as u64));
        self.word.store(others | (value * unit as u64), Relaxed);
    }
}
