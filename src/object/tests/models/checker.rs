//! The checker itself: it must try what the models rely on.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use super::{ALL, explore, part, together};
use crate::object::sync::{AtomicUsize, Relaxed};

/// loom alone runs this once, and never adds before the other thread loads: see `machine::Turned`.
#[test]
fn a_load_does_not_hide_the_load_of_another_thread() {
    let seen = Arc::new(Mutex::new(BTreeSet::new()));
    let all = seen.clone();
    explore(ALL, move || {
        let (value, seen) = (Arc::new(AtomicUsize::new(0)), seen.clone());
        let theirs = value.clone();
        let load = move || {
            seen.lock().unwrap().insert(value.load(Relaxed));
        };
        let load_and_add = move || {
            theirs.load(Relaxed);
            theirs.fetch_add(1, Relaxed);
        };
        together([part(load), part(load_and_add)]);
    });
    assert_eq!(*all.lock().unwrap(), BTreeSet::from([0, 1]));
}
