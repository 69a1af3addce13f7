//! What stands in for `sync`'s machine in models: loom's atomics, made to be explored in full.

use std::{cell::Cell, env, ops::Deref, sync::LazyLock};

pub use loom::cell::UnsafeCell;
use loom::sync::atomic;

/// An atomic whose loads take turns first.
///
/// loom compares an access with the last one of the same atomic alone. In "A loads; B loads; B swaps" B's load hides A's, and
/// the swap is never tried before it. Turns are swaps, so that loads conflict with each other.
pub struct Turned<T> {
    turn: atomic::AtomicBool,
    value: T,
}

impl<T> Deref for Turned<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

macro_rules! turned {
    ($($name:ident: $value:ty),*) => {$(
        #[doc = "An atomic whose loads take turns first."]
        pub type $name = Turned<atomic::$name>;
        impl $name {
            #[doc = "With this value."]
            pub fn new(value: $value) -> Self {
                Turned { turn: atomic::AtomicBool::new(false), value: atomic::$name::new(value) }
            }

            #[doc = "Loads the value."]
            pub fn load(&self, order: atomic::Ordering) -> $value {
                self.turn.swap(false, atomic::Ordering::Relaxed);
                self.value.load(order)
            }
        }
    )*};
}

turned!(AtomicBool: bool, AtomicU64: u64, AtomicUsize: usize);

loom::thread_local! {
    static PAUSES: Cell<usize> = Cell::new(0);
}

/// After so many pauses of one thread the rest of an execution is run in one order only: two threads that wait would else
/// wait for each other in ever longer orders.
const PAUSES_EXPLORED: usize = 2;

/// Lets the thread that is waited for run.
pub fn pause() {
    let pauses = PAUSES.with(|pauses| pauses.replace(pauses.get() + 1));
    if pauses >= PAUSES_EXPLORED {
        loom::skip_branch();
    }
    loom::thread::yield_now();
}

/// Whether this is the fault that `MEMVIEW_MODEL_FAULT` asks for.
pub fn fault(name: &str) -> bool {
    static ASKED: LazyLock<Option<String>> = LazyLock::new(|| env::var("MEMVIEW_MODEL_FAULT").ok());
    ASKED.as_deref() == Some(name)
}
