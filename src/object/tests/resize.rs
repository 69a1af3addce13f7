//! Changes of size: what they do to the bytes, and what a refused one leaves alone.

use super::{Held, hold, rounds, span};
use crate::{
    error::mv_status,
    object::{
        Object, Request, bytearray,
        flags::{MV_FULL, MV_SIMPLE},
    },
    view::View,
};

fn bytes_of(object: &Object) -> Vec<u8> {
    let held = hold(object, &Request::flags(MV_SIMPLE)).unwrap();
    // SAFETY: acquired; nobody writes meanwhile.
    unsafe { std::slice::from_raw_parts(held.buf.cast::<u8>(), held.len.unsigned_abs()) }.to_vec()
}

fn extent(held: &Held) -> isize {
    // SAFETY: the buffer has one dimension, and the shape was asked for.
    unsafe { *held.shape }
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
    for round in rounds(25, 3000) {
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
fn a_splice_out_of_range_changes_nothing() {
    let object = bytearray::zeroed(4).unwrap();
    assert!(bytearray::splice(&object, 9, 0, &span(b"abc")).is_err());
    let view = View::new(&object, &Request::flags(MV_FULL)).unwrap();
    assert_eq!(view.share().pin().unwrap().layout().shape, &[4]);
    assert_eq!(bytes_of(&object), [0; 4]);
}

#[test]
fn a_splice_of_held_memory_leaves_the_shape() {
    let object = bytearray::zeroed(4).unwrap();
    let held = hold(&object, &Request::flags(MV_FULL)).unwrap();
    let refused = bytearray::splice(&object, 0, 0, &span(b"abc")).unwrap_err();
    assert!(refused.is(mv_status::MV_E_EXPORTED), "{refused}");
    assert_eq!(extent(&held), 4);
    drop(held);
    bytearray::splice(&object, 0, 0, &span(b"abc")).unwrap();
    assert_eq!(extent(&hold(&object, &Request::flags(MV_FULL)).unwrap()), 7);
    assert_eq!(bytes_of(&object), *b"abc\0\0\0\0");
}
