//! A revoke against requests, and against the operations of views.

use std::sync::Arc;

use super::{ALL, Thing, explore, sharing};
use crate::object::count::{Refusal, Unit};

/// Acquires, reads, releases.
fn acquire(object: &Thing) {
    match object.count.grant(Unit::Buffer, true) {
        Ok(_) => {
            object.memory.read();
            let fate = object.count.ungrant(Unit::Buffer);
            object.settle(fate);
        }
        Err(refusal) => assert_eq!(refusal, Refusal::Closed),
    }
}

/// Revokes; where nobody has a buffer, the memory is the caller's.
fn revoke(object: &Thing) {
    if object.count.revoke() == 0 {
        object.memory.write(1);
    }
    assert_eq!(object.count.grant(Unit::Buffer, false), Err(Refusal::Closed));
}

fn resize(object: &Thing) {
    match object.count.begin_resize() {
        Ok(()) => {
            let before = object.memory.read();
            object.memory.write(before + 1);
            object.count.end_resize();
        }
        Err(refusal) => assert!(matches!(refusal, Refusal::Held(1) | Refusal::Closed), "{refusal:?}"),
    }
}

#[test]
fn an_acquisition_is_refused_or_seen_by_the_revoke() {
    explore(ALL, || sharing(&Thing::new(), [acquire, revoke]));
    explore(3, || sharing(&Thing::new(), [acquire, acquire, revoke]));
}

#[test]
fn a_revoke_waits_for_a_resize() {
    explore(ALL, || sharing(&Thing::new(), [resize, revoke]));
    explore(3, || sharing(&Thing::new(), [resize, revoke, acquire]));
}

/// An object, and a view of it that stands on its list.
struct Listed {
    object: Arc<Thing>,
    view: Arc<Thing>,
}

impl Listed {
    /// loom orders sequentially consistent accesses as it should where the values before them were stored so too: the grant
    /// and the mark are, and each thread makes one operation.
    fn new() -> Arc<Self> {
        let (object, view) = (Thing::new(), Thing::new());
        object.count.grant(Unit::Share, false).unwrap();
        view.count.set_listed();
        Arc::new(Listed { object, view })
    }

    /// An operation that touches the memory.
    fn access(&self) {
        assert_eq!(self.view.count.pin(), Ok(true));
        if !self.object.count.is_closed() {
            self.object.memory.read();
        }
        self.view.settle(self.view.count.unpin());
    }

    /// Takes the memory back, unless an operation is in flight.
    fn take_back(&self) {
        assert_eq!(self.object.count.revoke(), 0);
        if self.view.count.in_use() == 0 {
            self.object.memory.write(1);
        }
    }
}

#[test]
fn an_operation_sees_the_revoke_or_the_revoke_sees_the_operation() {
    explore(ALL, || sharing(&Listed::new(), [Listed::access, Listed::take_back]));
}
