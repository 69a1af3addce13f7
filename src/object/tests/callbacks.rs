//! Custom exporters whose callbacks drop, revoke or use what they are called for.

use std::mem::{self, ManuallyDrop};

use super::{
    exporter::{Act, Exporter},
    hold,
};
use crate::{
    error::mv_status,
    object::{
        Object, Request,
        flags::{MV_EXCLUSIVE, MV_FULL_RO, MV_IMMUTABLE},
    },
    view::View,
};

/// Requests for every kind of lease, with and without a label.
fn requests() -> impl Iterator<Item = Request<'static>> {
    [0, MV_EXCLUSIVE, MV_IMMUTABLE].into_iter().flat_map(|lease| {
        let plain = Request::flags(MV_FULL_RO | lease);
        [plain, plain.labelled(c"label")]
    })
}

/// A handle that a callback drops.
fn leave_a_handle(object: &Object) {
    mem::forget(object.clone());
}

#[test]
fn every_acquisition_is_released_and_the_object_freed_once() {
    for request in requests() {
        let (exporter, object) = Exporter::new(Act::Nothing);
        drop(hold(&object, &request).unwrap());
        let view = View::new(&object, &request).unwrap();
        drop(object);
        let part = view.slice(c"1").unwrap();
        view.release().unwrap();
        assert_eq!((exporter.acquired(), exporter.released()), (2, 1));
        drop((view, part));
        exporter.assert_ended();
    }
}

#[test]
fn acquire_may_drop_the_last_handle() {
    for request in requests() {
        let (exporter, object) = Exporter::new(Act::DropInAcquire);
        // The callback drops this handle.
        let object = ManuallyDrop::new(object);
        let held = hold(&object, &request).unwrap();
        assert_eq!(held.obj, object.as_raw().as_ptr());
        drop(held);
        exporter.assert_ended();

        let (exporter, object) = Exporter::new(Act::DropInAcquire);
        let view = View::new(&ManuallyDrop::new(object), &request).unwrap();
        assert_eq!(view.get_i64(&[0, 0]).unwrap(), 0);
        drop(view);
        exporter.assert_ended();
    }
}

#[test]
fn acquire_may_drop_the_last_handle_and_fail() {
    for (act, status) in [(Act::DropAndRefuse, 99), (Act::DropAndBreak, mv_status::MV_E_CALLBACK as i32)] {
        for request in requests() {
            let (exporter, object) = Exporter::new(act);
            let error = hold(&ManuallyDrop::new(object), &request).err().unwrap();
            assert_eq!(error.detail().status, status, "{error}");
            exporter.assert_ended();
        }
    }
}

#[test]
fn acquire_may_drop_a_handle_and_fail_under_a_view() {
    for act in [Act::DropAndRefuse, Act::DropAndBreak] {
        for request in requests() {
            let (exporter, object) = Exporter::new(act);
            leave_a_handle(&object);
            assert!(View::new(&object, &request).is_err());
            assert_eq!(object.exports(), 0);
            drop(object);
            exporter.assert_ended();
        }
    }
}

#[test]
fn acquire_may_revoke_the_object() {
    for request in requests() {
        let (exporter, object) = Exporter::new(Act::RevokeInAcquire);
        let held = hold(&object, &request).unwrap();
        assert!(hold(&object, &request).is_err());
        assert!(object.revoke().unwrap_err().is(mv_status::MV_E_EXPORTED));
        drop(held);
        object.revoke().unwrap();
        drop(object);
        exporter.assert_ended();

        let (exporter, object) = Exporter::new(Act::RevokeInAcquire);
        let view = View::new(&object, &request).unwrap();
        assert!(view.get_i64(&[0, 0]).unwrap_err().is(mv_status::MV_E_RELEASED));
        assert!(view.slice(c"1").is_err());
        drop((view, object));
        exporter.assert_ended();
    }
}

#[test]
fn release_may_drop_the_last_handle_of_the_view_being_released() {
    for request in requests() {
        let (exporter, object) = Exporter::new(Act::DropViewInRelease);
        // The callback drops this handle.
        let view = ManuallyDrop::new(View::new(&object, &request).unwrap());
        exporter.meet(&view);
        drop(object);
        view.release().unwrap();
        exporter.assert_ended();
    }
}

#[test]
fn release_may_drop_the_last_handle_of_the_object() {
    for request in requests() {
        let (exporter, object) = Exporter::new(Act::DropInRelease);
        let held = hold(&ManuallyDrop::new(object), &request).unwrap();
        drop(held);
        exporter.assert_ended();

        let (exporter, object) = Exporter::new(Act::DropInRelease);
        let view = View::new(&ManuallyDrop::new(object), &request).unwrap();
        let part = view.slice(c"1").unwrap();
        view.release().unwrap();
        drop((view, part));
        exporter.assert_ended();
    }
}

#[test]
fn release_may_use_the_view_being_released() {
    for request in requests() {
        let (exporter, object) = Exporter::new(Act::UseViewInRelease);
        let view = View::new(&object, &request).unwrap();
        exporter.meet(&view);
        drop(object);
        view.release().unwrap();
        drop(view);
        exporter.assert_ended();
    }
}

#[test]
fn release_may_use_the_view_whose_last_handle_is_going() {
    for request in requests() {
        for with_part in [false, true] {
            let (exporter, object) = Exporter::new(Act::UseViewInRelease);
            let view = View::new(&object, &request).unwrap();
            exporter.meet(&view);
            drop(object);
            let part = with_part.then(|| view.slice(c"1").unwrap());
            drop(view);
            drop(part);
            exporter.assert_ended();
        }
    }
}

#[test]
fn free_may_use_the_object_being_freed() {
    for request in requests() {
        let (exporter, object) = Exporter::new(Act::UseInFree);
        drop(object);
        exporter.assert_ended();

        let (exporter, object) = Exporter::new(Act::UseInFree);
        let held = hold(&object, &request).unwrap();
        drop(object);
        drop(held);
        exporter.assert_ended();

        let (exporter, object) = Exporter::new(Act::UseInFree);
        let view = View::new(&object, &request).unwrap();
        drop(object);
        drop(view);
        exporter.assert_ended();
    }
}
