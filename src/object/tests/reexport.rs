//! Re-exports: views with an acquisition of their own of what another view shows.

use super::{
    as_object,
    exporter::{Act, Exporter},
    hold, labels, rounds, strided,
};
use crate::{
    error::mv_status,
    object::{
        Request, bytearray,
        flags::{MV_EXCLUSIVE, MV_FULL},
    },
    view::View,
};

#[test]
fn a_reexport_outlives_the_view_that_it_is_of() {
    let (object, part) = strided();
    let other = part.reexport().unwrap();
    part.release().unwrap();
    other.set_i64(&[1], 7).unwrap();
    assert_eq!(other.get_i64(&[1]).unwrap(), 7);
    assert!(bytearray::resize(&object, 9).is_err());
    other.release().unwrap();
    assert_eq!(object.exports(), 0);
}

#[test]
fn a_reexport_of_a_custom_object_asks_its_exporter_nothing() {
    let (exporter, object) = Exporter::new(Act::Nothing);
    let view = View::new(&object, &Request::flags(MV_FULL)).unwrap();
    let other = view.reexport().unwrap();
    view.release().unwrap();
    assert_eq!((exporter.acquired(), exporter.released()), (1, 0));
    assert_eq!(other.exporter(), object.as_raw().as_ptr());
    other.set_i64(&[3, 3], 7).unwrap();
    assert_eq!(other.get_i64(&[3, 3]).unwrap(), 7);
    other.release().unwrap();
    assert_eq!((exporter.acquired(), exporter.released()), (1, 1));
    drop((view, other, object));
    exporter.assert_ended();
}

#[test]
fn a_reexport_of_a_custom_object_does_not_hold_up_a_revoke() {
    let (exporter, object) = Exporter::new(Act::Nothing);
    let view = View::new(&object, &Request::flags(MV_FULL)).unwrap();
    let other = view.reexport().unwrap();
    object.revoke().unwrap();
    assert!(other.get_i64(&[0, 0]).unwrap_err().is(mv_status::MV_E_RELEASED));
    drop((view, other, object));
    exporter.assert_ended();
}

#[test]
fn a_reexport_of_an_exclusive_lease_is_refused() {
    let (exporter, object) = Exporter::new(Act::Nothing);
    let view = View::new(&object, &Request::flags(MV_FULL | MV_EXCLUSIVE)).unwrap();
    assert!(view.reexport().is_err_and(|error| error.is(mv_status::MV_E_BUSY)));
    drop((view, object));
    exporter.assert_ended();
    let object = bytearray::zeroed(4).unwrap();
    let view = View::new(&object, &Request::flags(MV_FULL | MV_EXCLUSIVE)).unwrap();
    assert!(view.reexport().is_err_and(|error| error.is(mv_status::MV_E_BUSY)));
}

#[test]
fn reexports_of_reexports_do_not_end_in_a_deep_recursion() {
    let (exporter, object) = Exporter::new(Act::Nothing);
    let mut view = View::new(&object, &Request::flags(MV_FULL)).unwrap();
    for _ in rounds(10, 200_000) {
        view = view.reexport().unwrap();
    }
    assert_eq!(exporter.acquired(), 1);
    drop((view, object));
    exporter.assert_ended();
}

#[test]
fn labels_of_buffers_and_reexports_stand_on_the_objects_list() {
    let (exporter, object) = Exporter::new(Act::Nothing);
    let labelled = |label| Request::flags(MV_FULL).labelled(label);
    let direct = hold(&object, &labelled(c"direct")).unwrap();
    let nameless = hold(&object, &Request::flags(MV_FULL)).unwrap();
    let view = View::new(&object, &labelled(c"view")).unwrap();
    let of_view = hold(&as_object(&view), &labelled(c"of the view")).unwrap();
    let reexport = View::new(&as_object(&view), &labelled(c"re-export")).unwrap();
    assert_eq!(labels(&object), "'direct', 'view', 'of the view', 're-export'");
    drop(view);
    drop((direct, nameless, of_view));
    assert_eq!(labels(&object), "'view', 're-export'", "the re-export keeps the acquisition");
    drop(reexport);
    assert_eq!(labels(&object), "");
    drop(object);
    assert_eq!(exporter.acquired(), 3);
    exporter.assert_ended();
}
