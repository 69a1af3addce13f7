//! The counting protocol, at its edges and from many threads; and the scenarios of lifetime that only it can show.

use std::{
    ptr,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use super::{
    Object, Request, array, buffer, bytearray,
    count::{Count, Fate, Grant, LIMIT, Lease, Refusal, Unit},
    flags::{MV_EXCLUSIVE, MV_FULL, MV_FULL_RO, MV_IMMUTABLE, MV_SIMPLE},
    memory,
};
use crate::{
    error::{Error, mv_status},
    kernel::Span,
    layout::Order,
    view::View,
};

#[test]
fn fault_051_counts_refuse_at_half_of_their_range() {
    for unit in [Unit::Buffer, Unit::Share] {
        let count = Count::with_handle();
        count.preset(unit, LIMIT - 1);
        assert_eq!(count.grant(unit, false), Ok(Grant::Plain));
        assert_eq!(count.grant(unit, false), Err(Refusal::Full));
        assert_eq!(count.grant(unit, true), Err(Refusal::Full));
        assert_eq!(count.ungrant(unit), Fate::Keep);
        assert_eq!(count.grant(unit, false), Ok(Grant::Plain));
    }
    let view = Count::with_handle();
    view.preset(Unit::Share, LIMIT);
    assert_eq!(view.pin(), Err(Refusal::Full));
    view.preset(Unit::Share, LIMIT - 1);
    assert_eq!(view.pin(), Ok(false));
}

#[test]
fn the_last_one_frees_whichever_it_is() {
    let count = Count::with_handle();
    assert_eq!(count.grant(Unit::Buffer, false), Ok(Grant::Plain));
    assert_eq!(count.unreference(), Fate::Keep);
    count.reference();
    assert_eq!(count.ungrant(Unit::Buffer), Fate::Keep);
    assert_eq!(count.unreference(), Fate::Free);
    count.bury();
    count.reference();
    assert_eq!(count.unreference(), Fate::Keep, "what is being freed is not freed again");
}

#[test]
fn a_borrowed_pointer_does_not_pass_for_a_handle() {
    let count = Count::with_handle();
    assert_eq!(count.grant(Unit::Buffer, false), Ok(Grant::Plain));
    assert_eq!(count.unreference(), Fate::Keep);
    assert_eq!(count.begin_resize(), Err(Refusal::Held(1)));
    assert_eq!(count.lease(Unit::Buffer, Lease::Exclusive), Err(Refusal::Held(1)));
    assert_eq!(count.close(), Err(Refusal::Held(1)));
    assert_eq!(count.exports(), 1);
    assert_eq!(count.ungrant(Unit::Buffer), Fate::Free);
}

#[test]
fn leases_end_with_their_last_holder() {
    let count = Count::with_handle();
    assert_eq!(count.lease(Unit::Buffer, Lease::Immutable), Ok(()));
    assert_eq!(count.grant(Unit::Share, false), Ok(Grant::ReadOnly));
    assert_eq!(count.grant(Unit::Share, true), Err(Refusal::Immutable));
    assert_eq!(count.ungrant(Unit::Buffer), Fate::Keep);
    assert!(count.is_immutable());
    assert_eq!(count.lease(Unit::Buffer, Lease::Exclusive), Err(Refusal::Held(1)));
    assert_eq!(count.ungrant(Unit::Share), Fate::Keep);
    assert!(!count.is_immutable());
    assert_eq!(count.lease(Unit::Share, Lease::Exclusive), Ok(()));
    assert_eq!(count.grant(Unit::Buffer, false), Err(Refusal::Exclusive));
    assert_eq!(count.ungrant(Unit::Share), Fate::Keep);
    assert_eq!(count.grant(Unit::Buffer, true), Ok(Grant::Plain));
    assert_eq!(count.lease(Unit::Buffer, Lease::Immutable), Err(Refusal::Held(1)));
}

#[test]
fn acquire_and_resize_never_both() {
    let count = Count::with_handle();
    let inside = AtomicUsize::new(0);
    let rounds = if cfg!(miri) { 20 } else { 20_000 };
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..rounds {
                    assert_eq!(count.grant(Unit::Buffer, true), Ok(Grant::Plain));
                    assert_eq!(inside.load(Ordering::SeqCst), 0);
                    assert_eq!(count.ungrant(Unit::Buffer), Fate::Keep);
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..rounds {
                if count.begin_resize().is_ok() {
                    inside.store(1, Ordering::SeqCst);
                    inside.store(0, Ordering::SeqCst);
                    count.end_resize();
                }
            }
        });
    });
    assert_eq!(count.unreference(), Fate::Free);
}

fn bytes_of(object: &Object) -> Vec<u8> {
    let mut held = buffer::acquire(object, &Request::flags(MV_SIMPLE)).unwrap();
    // SAFETY: acquired; nobody writes meanwhile.
    let bytes =
        unsafe { std::slice::from_raw_parts(held.buf.cast::<u8>(), held.len.unsigned_abs()) }.to_vec();
    // SAFETY: acquired above.
    unsafe { buffer::release(&mut held) };
    bytes
}

fn span(data: &[u8]) -> Span<'_> {
    // SAFETY: readable for its lifetime.
    unsafe { Span::from_const(data.as_ptr(), data.len()) }
}

#[test]
fn splices_are_those_of_a_vector() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let array = bytearray::zeroed(0).unwrap();
    let mut model = Vec::new();
    for round in 0..if cfg!(miri) { 60 } else { 3000 } {
        let at = random(model.len() + 1);
        let removed = random((model.len() - at).min(40) + 1);
        let data: Vec<u8> = (0..random(50)).map(|byte| u8::try_from(byte).unwrap()).collect();
        model.splice(at..at + removed, data.iter().copied());
        bytearray::splice(&array, at, removed, &span(&data)).unwrap();
        if round % 100 == 99 {
            let length = random(200);
            model.resize(length, 0);
            bytearray::resize(&array, length).unwrap();
        }
        assert_eq!(bytes_of(&array), model);
    }
}

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
    // SAFETY: a view's share is an object.
    let as_object = unsafe { Object::borrow(view.share().as_raw()) };
    let mut held = buffer::acquire(&as_object, &Request::flags(MV_FULL)).unwrap();
    assert!(view.release().unwrap_err().is(mv_status::MV_E_EXPORTED));
    drop(view);
    assert_eq!(object.exports(), 1);
    // SAFETY: acquired above.
    unsafe { buffer::release(&mut held) };
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
    let mut held = buffer::acquire(&object, &Request::flags(MV_SIMPLE)).unwrap();
    let error = object.revoke().unwrap_err();
    assert!(matches!(error, Error::Exported { exports: 1, .. }), "{error}");
    assert!(part.get_u64(&[0]).unwrap_err().is(mv_status::MV_E_RELEASED));
    assert!(view.slice(c"1").is_err());
    assert!(view.buffer().is_null());
    assert!(buffer::acquire(&object, &Request::flags(MV_SIMPLE)).is_err());
    // SAFETY: acquired above.
    unsafe { buffer::release(&mut held) };
    object.revoke().unwrap();
}

#[test]
fn revoke_sees_the_exports_of_views() {
    let object = bytearray::zeroed(4).unwrap();
    let view = View::new(&object, &Request::flags(MV_FULL)).unwrap();
    // SAFETY: a view's share is an object.
    let as_object = unsafe { Object::borrow(view.share().as_raw()) };
    let mut held = buffer::acquire(&as_object, &Request::flags(MV_SIMPLE)).unwrap();
    assert!(object.revoke().unwrap_err().is(mv_status::MV_E_EXPORTED));
    // SAFETY: acquired above.
    unsafe { buffer::release(&mut held) };
    object.revoke().unwrap();
}

#[test]
fn one_view_in_many_threads() {
    let object = array::new(c"q", &[64], Order::C).unwrap();
    let view = View::new(&object, &Request::flags(MV_FULL)).unwrap();
    let rounds = if cfg!(miri) { 5 } else { 2000 };
    thread::scope(|scope| {
        for part in 0..4 {
            let view = &view;
            scope.spawn(move || {
                for round in 0..rounds {
                    let mine = view.split(part, 4).unwrap();
                    mine.set_i64(&[3], round).unwrap();
                    assert_eq!(mine.get_i64(&[3]).unwrap(), round);
                    mine.release().unwrap();
                    drop(view.reexport().unwrap());
                }
            });
        }
    });
    view.release().unwrap();
    assert_eq!(object.exports(), 0);
    array::resize(&object, &[65]).unwrap();
}

#[test]
fn labels_stand_for_acquisitions() {
    let object = array::new(c"B", &[4], Order::C).unwrap();
    let labelled = |label| Request::flags(MV_FULL_RO).labelled(label);
    let view = View::new(&object, &labelled(c"first")).unwrap();
    let part = view.slice(c"1:").unwrap();
    drop(view);
    let mut held = buffer::acquire(&object, &labelled(c"second")).unwrap();
    let refused = array::resize(&object, &[5]).unwrap_err();
    assert_eq!(refused.to_string(), "resize is refused: 2 exports, held by 'first', 'second'");
    drop(part);
    let refused = array::resize(&object, &[5]).unwrap_err();
    assert_eq!(refused.to_string(), "resize is refused: 1 export, held by 'second'");
    // SAFETY: acquired above.
    unsafe { buffer::release(&mut held) };
    array::resize(&object, &[5]).unwrap();
}

#[test]
fn leases_exclude_each_other() {
    let object = bytearray::zeroed(4).unwrap();
    let mut lease = buffer::acquire(&object, &Request::flags(MV_FULL_RO | MV_IMMUTABLE)).unwrap();
    assert_eq!(lease.readonly, 1);
    assert!(
        buffer::acquire(&object, &Request::flags(MV_FULL)).is_err_and(|error| error.is(mv_status::MV_E_BUSY))
    );
    assert!(bytearray::splice(&object, 0, 1, &span(b"x")).unwrap_err().is(mv_status::MV_E_BUSY));
    let reader = View::new(&object, &Request::flags(MV_FULL_RO)).unwrap();
    assert!(reader.set_i64(&[0], 1).unwrap_err().is(mv_status::MV_E_READONLY));
    // SAFETY: acquired above.
    unsafe { buffer::release(&mut lease) };
    drop(reader);
    let mut alone = buffer::acquire(&object, &Request::flags(MV_FULL | MV_EXCLUSIVE)).unwrap();
    assert!(
        View::new(&object, &Request::flags(MV_FULL_RO)).is_err_and(|error| error.is(mv_status::MV_E_BUSY))
    );
    // SAFETY: acquired above.
    unsafe { buffer::release(&mut alone) };
    assert_eq!(object.exports(), 0);
}
