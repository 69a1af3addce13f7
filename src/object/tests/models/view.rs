//! The count of a view: pins, exports, its release and its handles.

use std::sync::atomic::Ordering::Relaxed;

use super::{ALL, Thing, explore, sharing};
use crate::object::count::{Grant, Refusal, Unit};

/// An operation on the view.
fn operate(view: &Thing) {
    match view.count.pin() {
        Ok(_) => end_operation(view),
        Err(refusal) => assert_eq!(refusal, Refusal::Closed),
    }
}

fn end_operation(view: &Thing) {
    view.memory.read();
    let fate = view.count.unpin();
    view.settle(fate);
}

/// Acquires a buffer of the view, and releases it.
fn export(view: &Thing) {
    match view.count.grant(Unit::Export, false) {
        Ok(grant) => {
            assert_eq!(grant, Grant::Plain);
            end_export(view);
        }
        Err(refusal) => assert_eq!(refusal, Refusal::Closed),
    }
}

fn end_export(view: &Thing) {
    view.memory.read();
    let fate = view.count.ungrant(Unit::Export);
    view.settle(fate);
}

/// Releases the view; the one who does it may do away with what the view showed.
fn close(view: &Thing) {
    match view.count.close() {
        Ok(true) => {
            view.events.fetch_add(1, Relaxed);
            let before = view.memory.read();
            view.memory.write(before + 1);
        }
        Ok(false) => assert!(view.count.is_closed()),
        Err(refusal) => assert!(matches!(refusal, Refusal::InFlight | Refusal::Held(1)), "{refusal:?}"),
    }
}

/// Runs the parts; afterwards the view is released, once.
fn release_once<const N: usize>(parts: [fn(&Thing); N]) {
    let view = Thing::new();
    sharing(&view, parts);
    close(&view);
    assert_eq!(view.events.load(Relaxed), 1, "times released");
    assert_eq!(view.count.pin(), Err(Refusal::Closed));
}

#[test]
fn an_operation_and_a_release_are_never_both() {
    explore(ALL, || release_once([operate, close]));
}

#[test]
fn a_buffer_and_a_release_are_never_both() {
    explore(ALL, || release_once([export, close]));
}

#[test]
fn two_releases_have_one_winner() {
    explore(ALL, || release_once([close, close]));
    explore(ALL, || release_once([close, close, operate]));
    explore(3, || release_once([close, close, export]));
}

#[test]
fn the_last_handle_waits_for_the_operation_in_flight() {
    explore(ALL, || {
        let view = Thing::new();
        view.count.pin().unwrap();
        sharing(&view, [end_operation, Thing::read_and_unreference]);
        view.assert_freed_once();
    });
}

#[test]
fn operations_buffers_and_the_last_handle_free_once() {
    explore(ALL, || {
        let view = Thing::new();
        view.count.pin().unwrap();
        view.count.grant(Unit::Export, false).unwrap();
        sharing(&view, [end_operation, end_export, Thing::read_and_unreference]);
        view.assert_freed_once();
    });
}

#[test]
fn a_buffer_is_acquired_of_a_view_whose_handle_goes() {
    explore(ALL, || {
        let view = Thing::new();
        view.count.reference();
        let export_and_drop = |view: &Thing| {
            export(view);
            view.unreference();
        };
        sharing(&view, [export_and_drop, Thing::read_and_unreference]);
        view.assert_freed_once();
    });
}
