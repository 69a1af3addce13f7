//! Handles, grants and resizes of one object.

use super::{ALL, Thing, explore, sharing};
use crate::object::count::{Fate, Grant, Refusal, Unit};

/// Acquires, reads, releases.
fn acquire(thing: &Thing) {
    assert_eq!(thing.count.grant(Unit::Buffer, false), Ok(Grant::Plain));
    release(thing);
}

/// Reads and releases.
fn release(thing: &Thing) {
    thing.memory.read();
    let fate = thing.count.ungrant(Unit::Buffer);
    thing.settle(fate);
}

/// Resizes; refused while somebody holds the memory.
fn resize(thing: &Thing) {
    match thing.count.begin_resize() {
        Ok(()) => {
            let before = thing.memory.read();
            thing.memory.write(before + 1);
            thing.count.end_resize();
        }
        Err(refusal) => assert!(matches!(refusal, Refusal::Held(1..=2)), "{refusal:?}"),
    }
}

#[test]
fn an_acquire_and_a_resize_are_never_both() {
    explore(ALL, || sharing(&Thing::new(), [acquire, resize]));
}

#[test]
fn two_acquires_and_a_resize_are_never_both() {
    explore(3, || sharing(&Thing::new(), [acquire, acquire, resize]));
}

#[test]
fn two_resizes_and_an_acquire_are_never_both() {
    explore(3, || sharing(&Thing::new(), [resize, resize, acquire]));
}

#[test]
fn a_resize_comes_after_what_was_done_before_the_release() {
    explore(ALL, || {
        let thing = Thing::new();
        thing.count.grant(Unit::Buffer, false).unwrap();
        sharing(&thing, [release, resize]);
        assert_eq!(thing.count.exports(), 0);
    });
}

#[test]
fn the_last_release_and_the_last_handle_free_once() {
    explore(ALL, || {
        let thing = Thing::new();
        thing.count.grant(Unit::Buffer, false).unwrap();
        sharing(&thing, [release, Thing::read_and_unreference]);
        thing.assert_freed_once();
    });
}

#[test]
fn two_releases_and_the_last_handle_free_once() {
    explore(ALL, || {
        let thing = Thing::new();
        thing.count.grant(Unit::Buffer, false).unwrap();
        thing.count.grant(Unit::Buffer, false).unwrap();
        sharing(&thing, [release, release, Thing::read_and_unreference]);
        thing.assert_freed_once();
    });
}

#[test]
fn three_handles_free_once() {
    explore(3, || {
        let thing = Thing::new();
        thing.count.reference();
        thing.count.reference();
        sharing(&thing, [Thing::read_and_unreference; 3]);
        thing.assert_freed_once();
    });
}

#[test]
fn a_handle_that_replaces_the_last_one_is_no_holder() {
    fn keep(thing: &Thing) {
        thing.count.reference();
        assert_eq!(thing.count.ungrant(Unit::Buffer), Fate::Keep);
        assert_eq!(thing.count.exports(), 0);
        assert_eq!(thing.count.begin_resize(), Ok(()));
        thing.memory.write(1);
        thing.count.end_resize();
        thing.unreference();
    }
    explore(4, || {
        let thing = Thing::new();
        thing.count.grant(Unit::Buffer, false).unwrap();
        sharing(&thing, [keep, Thing::unreference]);
        thing.assert_freed_once();
    });
}

#[test]
fn two_holders_take_handles_while_the_last_one_goes() {
    fn take(thing: &Thing) {
        thing.count.reference();
        release(thing);
        thing.read_and_unreference();
    }
    explore(1, || {
        let thing = Thing::new();
        thing.count.grant(Unit::Buffer, false).unwrap();
        thing.count.grant(Unit::Buffer, false).unwrap();
        sharing(&thing, [take, take, Thing::unreference]);
        thing.assert_freed_once();
    });
}
