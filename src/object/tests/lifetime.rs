//! Views, their exports, labels, leases and revocation: who keeps what, and when it ends.

use std::ptr;

use super::{as_object, hold, labels, span};
use crate::{
    error::{Error, mv_status},
    kernel::Span,
    layout::Order,
    object::{
        Request, array, bytearray,
        flags::{MV_EXCLUSIVE, MV_FULL, MV_FULL_RO, MV_IMMUTABLE, MV_SIMPLE},
        memory,
    },
    view::View,
};

#[test]
fn a_view_keeps_its_exporter_and_its_acquisition() {
    let object = array::new(c"i", &[3, 4], Order::C).unwrap();
    let view = View::new(&object, &Request::flags(MV_FULL)).unwrap();
    let row = view.slice(c"1").unwrap();
    drop(object);
    view.release().unwrap();
    view.release().unwrap();
    assert!(view.get_i64(&[0, 0]).unwrap_err().is(mv_status::MV_E_RELEASED));
    row.set_i64(&[2], 7).unwrap();
    drop(view);
    assert_eq!(row.get_i64(&[-2]).unwrap(), 7);
}

#[test]
fn a_view_with_exports_outlives_its_last_handle() {
    let object = array::new(c"B", &[8], Order::C).unwrap();
    let view = View::new(&object, &Request::flags(MV_FULL)).unwrap();
    let held = hold(&as_object(&view), &Request::flags(MV_FULL)).unwrap();
    assert!(view.release().unwrap_err().is(mv_status::MV_E_EXPORTED));
    drop(view);
    assert_eq!(object.exports(), 1);
    drop(held);
    assert_eq!(object.exports(), 0);
}

#[test]
fn revoke_waits_for_nobody_and_reaches_every_view() {
    let mut storage = [1u8, 2, 3, 4];
    // SAFETY: the storage outlives the object.
    let span = unsafe { Span::new(storage.as_mut_ptr(), storage.len()) };
    let object = memory::new(&span, false, None, ptr::null_mut()).unwrap();
    let view = View::new(&object, &Request::flags(MV_FULL)).unwrap();
    let part = view.slice(c"1:3").unwrap();
    assert_eq!(part.get_u64(&[0]).unwrap(), 2);
    let held = hold(&object, &Request::flags(MV_SIMPLE)).unwrap();
    let error = object.revoke().unwrap_err();
    assert!(matches!(error, Error::Exported { exports: 1, .. }), "{error}");
    assert!(part.get_u64(&[0]).unwrap_err().is(mv_status::MV_E_RELEASED));
    assert!(view.slice(c"1").is_err());
    assert!(view.buffer().is_null());
    assert!(hold(&object, &Request::flags(MV_SIMPLE)).is_err());
    drop(held);
    object.revoke().unwrap();
}

#[test]
fn revoke_sees_the_exports_of_views() {
    let object = bytearray::zeroed(4).unwrap();
    let view = View::new(&object, &Request::flags(MV_FULL)).unwrap();
    let held = hold(&as_object(&view), &Request::flags(MV_SIMPLE)).unwrap();
    assert!(object.revoke().unwrap_err().is(mv_status::MV_E_EXPORTED));
    drop(held);
    object.revoke().unwrap();
}

#[test]
fn revoke_sees_the_exports_of_a_view_without_handles() {
    let object = bytearray::zeroed(4).unwrap();
    let view = View::new(&object, &Request::flags(MV_FULL)).unwrap();
    let held = hold(&as_object(&view), &Request::flags(MV_SIMPLE)).unwrap();
    drop(view);
    assert!(object.revoke().unwrap_err().is(mv_status::MV_E_EXPORTED));
    drop(held);
    object.revoke().unwrap();
}

#[test]
fn labels_stand_for_acquisitions() {
    let object = array::new(c"B", &[4], Order::C).unwrap();
    let labelled = |label| Request::flags(MV_FULL_RO).labelled(label);
    let view = View::new(&object, &labelled(c"first")).unwrap();
    let part = view.slice(c"1:").unwrap();
    drop(view);
    let held = hold(&object, &labelled(c"second")).unwrap();
    let refused = array::resize(&object, &[5]).unwrap_err();
    assert_eq!(refused.to_string(), "resize is refused: 2 exports, held by 'first', 'second'");
    drop(part);
    let refused = array::resize(&object, &[5]).unwrap_err();
    assert_eq!(refused.to_string(), "resize is refused: 1 export, held by 'second'");
    drop(held);
    array::resize(&object, &[5]).unwrap();
}

#[test]
fn a_labelled_buffer_of_a_view_takes_its_label_along_after_a_revoke() {
    let object = bytearray::zeroed(4).unwrap();
    let view = View::new(&object, &Request::flags(MV_FULL)).unwrap();
    let held = hold(&as_object(&view), &Request::flags(MV_FULL).labelled(c"plugin")).unwrap();
    assert!(object.revoke().is_err());
    assert_eq!(labels(&object), "'plugin'");
    drop(held);
    assert_eq!(labels(&object), "");
    object.revoke().unwrap();
}

#[test]
fn leases_exclude_each_other() {
    let object = bytearray::zeroed(4).unwrap();
    let busy = |error: Error| error.is(mv_status::MV_E_BUSY);
    let lease = hold(&object, &Request::flags(MV_FULL_RO | MV_IMMUTABLE)).unwrap();
    assert_eq!(lease.readonly, 1);
    assert!(hold(&object, &Request::flags(MV_FULL)).is_err_and(busy));
    assert!(bytearray::splice(&object, 0, 1, &span(b"x")).is_err_and(busy));
    let reader = View::new(&object, &Request::flags(MV_FULL_RO)).unwrap();
    assert!(reader.set_i64(&[0], 1).unwrap_err().is(mv_status::MV_E_READONLY));
    drop(lease);
    drop(reader);
    let alone = hold(&object, &Request::flags(MV_FULL | MV_EXCLUSIVE)).unwrap();
    assert!(View::new(&object, &Request::flags(MV_FULL_RO)).is_err_and(busy));
    drop(alone);
    assert_eq!(object.exports(), 0);
}

#[test]
fn a_leased_view_of_a_leased_view_is_one_of_the_object() {
    let object = bytearray::zeroed(4).unwrap();
    let immutable = Request::flags(MV_FULL_RO | MV_IMMUTABLE);
    let view = View::new(&object, &immutable).unwrap();
    let second = View::new(&as_object(&view), &immutable).unwrap();
    assert_eq!(second.exporter(), object.as_raw().as_ptr());
    object.revoke().unwrap();
    assert_eq!(second.exporter(), object.as_raw().as_ptr());
}

#[test]
fn a_revoke_finds_operations_of_every_view_in_flight() {
    let object = array::new(c"B", &[8], Order::C).unwrap();
    let view = View::new(&object, &Request::flags(MV_FULL)).unwrap();
    let (part, own) = (view.slice(c"1:").unwrap(), view.reexport().unwrap());
    let of_own = own.slice(c"::2").unwrap();
    let accesses: Vec<_> =
        [&view, &part, &of_own, &own].iter().map(|view| view.share().access().unwrap()).collect();
    for (over, access) in accesses.into_iter().enumerate() {
        let error = object.revoke().unwrap_err().to_string();
        assert!(error.contains(&(4 - over).to_string()), "{error}");
        drop(access);
    }
    object.revoke().unwrap();
    assert!(part.share().access().is_err() && part.slice(c"1:").is_err() && own.transpose(None).is_err());
}
