//! A crowd of threads that do something to one thing at the same moment, in rounds.

use std::sync::Barrier;

/// Miri interleaves few threads as well as many, and takes its time for each.
pub const CROWD: usize = if cfg!(miri) { 3 } else { 8 };

/// So many rounds, or a few under Miri.
pub const fn rounds(many: usize) -> usize {
    if cfg!(miri) && many > 3 { 3 } else { many }
}

/// So many turns of one thread, or a few under Miri.
pub const fn turns(many: usize) -> usize {
    if cfg!(miri) && many > 4 { 4 } else { many }
}

/// What threads share although it holds raw pointers: the library says which of its functions may be called so.
pub struct Shared<T>(pub T);
// SAFETY: as the case uses it, which is what it tests.
unsafe impl<T> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Shared<T> {}

/// In each round: `prepare` alone, `work` by all at once, `check` alone.
pub fn crowd<T>(rounds: usize, prepare: impl Fn() -> T, work: impl Fn(usize, &T) + Sync, check: impl Fn(T)) {
    for _ in 0..rounds {
        let thing = Shared(prepare());
        let gate = Barrier::new(CROWD);
        std::thread::scope(|scope| {
            for number in 0..CROWD {
                let (thing, gate, work) = (&thing, &gate, &work);
                scope.spawn(move || {
                    gate.wait();
                    work(number, &thing.0);
                });
            }
        });
        check(thing.0);
    }
}
