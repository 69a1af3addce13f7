//! Models of the counting: loom runs each in every order of its threads' steps, and with every value that a load may see.
//!
//! loom stands in for the atomics, and what the counting guards is a cell that loom watches: a missing order between threads is
//! found as a data race, and not only where a count comes out wrong. Where all executions would be too many, they are
//! explored up to a number of preemptions in each. `tools/verify/models.sh` runs the models, and then again with faults put
//! into the library, which they must find.

mod checker;
mod count;
mod holders;
mod lease;
pub(super) mod machine;
mod objects;
mod revoke;
mod stakes;
mod view;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use super::{
    count::{Count, Fate},
    sync::UnsafeCell,
};

/// What a count guards.
struct Memory(UnsafeCell<u32>);

// SAFETY: loom ends the model where two threads meet in it.
unsafe impl Send for Memory {}
// SAFETY: as above.
unsafe impl Sync for Memory {}

const FREED: u32 = u32::MAX;

impl Memory {
    fn new() -> Self {
        Memory(UnsafeCell::new(0))
    }

    fn read(&self) -> u32 {
        // SAFETY: loom ends the model where somebody writes it meanwhile.
        let value = self.0.with(|memory| unsafe { *memory });
        assert_ne!(value, FREED, "read after it was freed");
        value
    }

    fn write(&self, value: u32) {
        // SAFETY: loom ends the model where somebody uses it meanwhile.
        let before = self.0.with_mut(|memory| unsafe { std::mem::replace(&mut *memory, value) });
        assert_ne!(before, FREED, "written or freed after it was freed");
    }
}

/// A count and what it guards: an object or a view, reduced to its protocol.
struct Thing {
    count: Count,
    memory: Memory,
    /// How often it was freed.
    freed: AtomicUsize,
    /// How often something happened that must happen once.
    events: AtomicUsize,
}

impl Thing {
    fn new() -> Arc<Self> {
        Arc::new(Thing {
            count: Count::with_handle(),
            memory: Memory::new(),
            freed: AtomicUsize::new(0),
            events: AtomicUsize::new(0),
        })
    }

    fn settle(&self, fate: Fate) {
        if fate == Fate::Free {
            self.count.bury();
            self.memory.write(FREED);
            self.freed.fetch_add(1, Relaxed);
        }
    }

    /// Drops a handle.
    fn unreference(&self) {
        let fate = self.count.unreference();
        self.settle(fate);
    }

    /// Looks at the memory and drops a handle.
    fn read_and_unreference(&self) {
        self.memory.read();
        self.unreference();
    }

    fn assert_freed_once(&self) {
        assert_eq!(self.freed.load(Relaxed), 1, "times freed");
    }
}

/// What one thread does.
type Part = Box<dyn FnOnce() + Send>;

fn part(work: impl FnOnce() + Send + 'static) -> Part {
    Box::new(work)
}

/// Runs the parts at the same time, the first one on this thread, and waits for all.
fn together<const N: usize>(parts: [Part; N]) {
    together_all(parts.into());
}

/// The same of as many parts as there are.
fn together_all(parts: Vec<Part>) {
    let mut parts = parts.into_iter();
    let mine = parts.next();
    let threads: Vec<_> = parts.map(loom::thread::spawn).collect();
    if let Some(part) = mine {
        part();
    }
    for thread in threads {
        thread.join().unwrap();
    }
}

/// Runs parts that share something.
fn sharing<T: Send + Sync + 'static, const N: usize>(shared: &Arc<T>, parts: [fn(&T); N]) {
    together(parts.map(|work| {
        let shared = shared.clone();
        part(move || work(&shared))
    }));
}

/// Every execution.
const ALL: Option<usize> = None;

/// Explores a model: all of it, or up to so many preemptions in one execution.
fn explore(preemptions: impl Into<Option<usize>>, model: impl Fn() + Send + Sync + 'static) {
    let executions = Arc::new(AtomicUsize::new(0));
    let counter = executions.clone();
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = preemptions.into();
    builder.check(move || {
        counter.fetch_add(1, Relaxed);
        model();
    });
    println!("explored {} executions", executions.load(Relaxed));
}
