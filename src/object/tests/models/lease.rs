//! Leases against grants, against each other and against a resize.

use super::{ALL, Thing, explore, sharing};
use crate::object::count::{Grant, Lease, Refusal, Unit};

fn release(thing: &Thing, unit: Unit) {
    let fate = thing.count.ungrant(unit);
    thing.settle(fate);
}

/// Acquires writable memory and writes.
fn write(thing: &Thing) {
    match thing.count.grant(Unit::Buffer, true) {
        Ok(grant) => {
            assert_eq!(grant, Grant::Plain);
            let before = thing.memory.read();
            thing.memory.write(before + 1);
            release(thing, Unit::Buffer);
        }
        Err(refusal) => assert!(matches!(refusal, Refusal::Exclusive | Refusal::Immutable), "{refusal:?}"),
    }
}

/// Acquires for reading, and reads where nobody can write.
fn read(thing: &Thing) {
    match thing.count.grant(Unit::Share, false) {
        Ok(grant) => {
            if grant == Grant::ReadOnly {
                thing.memory.read();
            }
            release(thing, Unit::Share);
        }
        Err(refusal) => assert_eq!(refusal, Refusal::Exclusive),
    }
}

fn immutable(thing: &Thing) {
    match thing.count.lease(Unit::Share, Lease::Immutable) {
        Ok(()) => end_immutable(thing),
        Err(refusal) => assert!(matches!(refusal, Refusal::Exclusive | Refusal::Held(1..=2)), "{refusal:?}"),
    }
}

fn end_immutable(thing: &Thing) {
    assert!(thing.count.is_immutable());
    thing.memory.read();
    release(thing, Unit::Share);
}

fn exclusive(thing: &Thing) {
    match thing.count.lease(Unit::Buffer, Lease::Exclusive) {
        Ok(()) => {
            assert!(thing.count.is_exclusive());
            let before = thing.memory.read();
            thing.memory.write(before + 1);
            release(thing, Unit::Buffer);
        }
        Err(refusal) => assert!(matches!(refusal, Refusal::Exclusive | Refusal::Held(1..=2)), "{refusal:?}"),
    }
}

fn resize(thing: &Thing) {
    match thing.count.begin_resize() {
        Ok(()) => {
            thing.memory.write(1);
            thing.count.end_resize();
        }
        Err(refusal) => assert!(matches!(refusal, Refusal::Held(1..=2)), "{refusal:?}"),
    }
}

/// Runs the parts; afterwards nothing is left of any lease.
fn leave_nothing<const N: usize>(parts: [fn(&Thing); N]) {
    let thing = Thing::new();
    sharing(&thing, parts);
    assert_eq!(thing.count.exports(), 0);
    assert_eq!(thing.count.grant(Unit::Buffer, true), Ok(Grant::Plain));
}

#[test]
fn an_immutable_lease_and_a_writer_are_never_both() {
    explore(ALL, || leave_nothing([immutable, write]));
}

#[test]
fn two_immutable_leases_and_a_writer_are_never_both() {
    explore(2, || leave_nothing([immutable, immutable, write]));
}

#[test]
fn a_reader_beside_an_immutable_lease_sees_no_writer() {
    explore(2, || leave_nothing([immutable, read, write]));
}

#[test]
fn an_exclusive_lease_is_alone() {
    explore(ALL, || leave_nothing([exclusive, write]));
    explore(2, || leave_nothing([exclusive, exclusive, write]));
}

#[test]
fn an_exclusive_and_an_immutable_lease_are_never_both() {
    explore(ALL, || leave_nothing([exclusive, immutable]));
    explore(2, || leave_nothing([exclusive, immutable, immutable]));
}

#[test]
fn a_lease_and_a_resize_are_never_both() {
    explore(ALL, || leave_nothing([exclusive, resize]));
    explore(ALL, || leave_nothing([immutable, resize]));
}

#[test]
fn two_immutable_leases_and_the_last_handle_free_once() {
    explore(2, || {
        let thing = Thing::new();
        thing.count.lease(Unit::Share, Lease::Immutable).unwrap();
        thing.count.lease(Unit::Share, Lease::Immutable).unwrap();
        sharing(&thing, [end_immutable, end_immutable, Thing::read_and_unreference]);
        thing.assert_freed_once();
    });
}
