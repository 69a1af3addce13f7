//! `c-tests/test_fault_protocol.c`: requests and tables that are wrong: unknown flags, both leases, sizes of structs, missing
//! functions.

use std::{ffi::c_void, ptr};

use memview::{
    error::mv_status::*,
    ffi::{MV_READ, MV_WRITE},
    object::{
        flags::*,
        protocol::{MV_ABI, mv_buffer, mv_exporter, mv_request, mv_type},
    },
};

use crate::{
    adversary::{Adversary, CALLBACKS, TYPE, TYPE_SIZE},
    fixtures::*,
    harness::{is_zero, junk, placed, text},
};

const UNKNOWN_FLAGS: [i32; 12] = [
    0x2,
    0x400,
    0x800,
    0x8000,
    0x40000,
    0x100_0000,
    i32::MIN,
    -1,
    0x100,
    0x200,
    MV_FULL_RO | 0x400,
    MV_FULL | 0x2,
];

#[test]
fn fault_009_unknown_flags() {
    let bytes = placed([0_u8; 6]);
    let (source, object) = (wrapped(bytes.address(), c"B", &[2, 3]), counting_bytearray(4));
    for flags in UNKNOWN_FLAGS {
        for asked in [object, as_object(source)] {
            refused!(mv_buffer_acquire(asked, flags), MV_E_FLAGS);
            assert_eq!(refused!(mv_view_new(asked, flags), MV_E_FLAGS).value, i64::from(flags));
        }
    }
    assert_eq!(call!(mv_object_exports(object)), 0);
    unref(object);
    drop_views([source]);
}

#[test]
fn fault_009_unknown_flags_do_not_reach_an_exporter() {
    let (a, object) = Adversary::object();
    for flags in UNKNOWN_FLAGS {
        refused!(mv_buffer_acquire(object, flags), MV_E_FLAGS);
        let request = mv_request { flags, ..request() };
        refused!(mv_buffer_acquire_for(object, &raw const request), MV_E_FLAGS);
    }
    assert_eq!(a.calls(), 0);
    a.check(0, 0, 0);
    assert_eq!(a.references(), 1);
}

/// gh-126980: 256 and 512 are the modes of `GetContiguous` and no request flags.
#[test]
fn cpython_126980_modes_as_flags() {
    let (bytes, length) = (placed([0_u8; 3]), 3);
    let object = counting_bytearray(3);
    for mode in [MV_READ, MV_WRITE] {
        refused!(mv_buffer_acquire(object, mode), MV_E_FLAGS);
        let (mut buffer, at): (mv_buffer, _) = (junk(), bytes.address());
        fails!(mv_buffer_fill_info(&raw mut buffer, NO_OBJECT, at, &raw const length, 0, mode), MV_E_FLAGS);
        assert!(is_zero(&buffer));
    }
    for mode in [MV_FULL_RO, 0, MV_READ | MV_WRITE] {
        refused!(mv_view_contiguous(object, mode, C), MV_E_VALUE);
    }
    unref(object);
}

#[test]
fn fault_010_flags_that_are_allowed_together() {
    let orders = MV_C_CONTIGUOUS | MV_F_CONTIGUOUS | MV_ANY_CONTIGUOUS | MV_INDIRECT;
    let (line, square) = (counting_bytearray(4), array_of(c"B", &[2, 3], C));
    for flags in [orders | MV_FORMAT | MV_WRITABLE, MV_WRITABLE, MV_FORMAT] {
        release(acquire(line, flags));
    }
    refused!(mv_buffer_acquire(square, orders), MV_E_BUFFER);
    release(acquire(square, MV_C_CONTIGUOUS | MV_ANY_CONTIGUOUS));
    drop_objects([line, square]);
}

#[test]
fn fault_010_both_leases() {
    let both = MV_EXCLUSIVE | MV_IMMUTABLE;
    let object = counting_bytearray(4);
    refused!(mv_buffer_acquire(object, both), MV_E_FLAGS);
    refused!(mv_buffer_acquire(object, MV_FULL_RO | both), MV_E_FLAGS);
    refused!(mv_view_new(object, both), MV_E_FLAGS);
    release(acquire(object, MV_FULL | MV_EXCLUSIVE));
    unref(object);
    let (a, foreign) = Adversary::object();
    refused!(mv_buffer_acquire(foreign, both), MV_E_FLAGS);
    assert_eq!(a.calls(), 0);
}

/// A newer caller's struct: what this library does not know follows what it knows.
#[repr(C)]
struct Newer<T> {
    known: T,
    unknown: [*const c_void; 8],
}

#[test]
fn fault_011_size_of_a_request() {
    let object = counting_bytearray(4);
    let sized =
        |size| Newer { known: mv_request { size, ..request() }, unknown: [object.cast_const().cast(); 8] };
    for size in 0..size_of::<mv_request>() {
        let newer = sized(size);
        let request = (&raw const newer).cast();
        let error = refused!(mv_buffer_acquire_for(object, request), MV_E_VERSION);
        assert_eq!(usize::try_from(error.value), Ok(size));
        refused!(mv_view_new_for(object, request), MV_E_VERSION);
    }
    assert_eq!(call!(mv_object_exports(object)), 0);
    let newer = sized(size_of::<Newer<mv_request>>());
    let buffer = made!(mv_buffer_acquire_for(object, (&raw const newer).cast()));
    assert_eq!(buffer.len, 4);
    release(buffer);
    let newer = sized(usize::MAX);
    drop_views([made!(mv_view_new_for(object, (&raw const newer).cast()))]);
    assert!(!newer.unknown[7].is_null());
    unref(object);
}

#[test]
fn fault_011_size_of_an_exporter() {
    let (a, unused) = Adversary::custom();
    unref(unused);
    let sized = |size| Newer { known: mv_exporter { size, ..CALLBACKS.0 }, unknown: [ptr::null(); 8] };
    for size in 0..size_of::<mv_exporter>() {
        let newer = sized(size);
        refused!(mv_custom_new((&raw const newer).cast(), a.address()), MV_E_VERSION);
    }
    a.check(0, 0, 1);
    let newer = sized(size_of::<Newer<mv_exporter>>());
    let object = made!(mv_custom_new((&raw const newer).cast(), a.address()));
    release(acquire(object, MV_FULL_RO));
    unref(object);
    a.check(1, 1, 2);
}

#[test]
fn fault_011_size_and_abi_of_a_type() {
    for (size, abi) in [(8, MV_ABI), (0, MV_ABI), (TYPE_SIZE, 0), (TYPE_SIZE, MV_ABI + 1)] {
        let r#type = mv_type { size, abi, ..TYPE };
        let (a, object) = Adversary::typed(&raw const r#type);
        refused!(mv_buffer_acquire(object, MV_FULL_RO), MV_E_VERSION);
        refused!(mv_view_new(object, MV_FULL_RO), MV_E_VERSION);
        assert_eq!((a.calls(), a.references()), (0, 1));
    }
    let r#type = mv_type { size: u32::MAX, ..TYPE };
    let (a, object) = Adversary::typed(&raw const r#type);
    release(acquire(object, MV_FULL_RO));
    a.check(1, 1, 0);
    assert_eq!(a.references(), 1);
}

#[test]
fn fault_012_an_exporter_without_acquire() {
    let (a, unused) = Adversary::custom();
    unref(unused);
    let callbacks = mv_exporter { acquire: None, ..CALLBACKS.0 };
    refused!(mv_custom_new(&raw const callbacks, a.address()), MV_E_NULL);
    assert_eq!(a.frees(), 1);
}

#[test]
fn fault_012_an_exporter_with_acquire_alone() {
    let (a, unused) = Adversary::custom();
    unref(unused);
    let callbacks = mv_exporter { name: ptr::null(), release: None, free: None, ..CALLBACKS.0 };
    let object = made!(mv_custom_new(&raw const callbacks, a.address()));
    assert_eq!(text(call!(mv_object_type_name(object))).as_deref(), Some("custom"));
    release(acquire(object, MV_FULL_RO));
    assert_eq!(call!(mv_object_exports(object)), 0);
    unref(object);
    a.check(1, 0, 1);
}

#[test]
fn fault_012_a_type_without_acquire() {
    let r#type = mv_type { acquire: None, ..TYPE };
    let (a, object) = Adversary::typed(&raw const r#type);
    refused!(mv_buffer_acquire(object, MV_FULL_RO), MV_E_NULL);
    refused!(mv_view_new(object, MV_FULL_RO), MV_E_NULL);
    a.check(0, 0, 0);
    assert_eq!(a.references(), 1);
}

#[test]
fn fault_012_a_type_with_acquire_alone() {
    let r#type = mv_type { r#ref: None, unref: None, release: None, exports: None, ..TYPE };
    let (a, object) = Adversary::typed(&raw const r#type);
    assert_eq!(call!(mv_object_ref(object)), object);
    release(acquire(object, MV_FULL_RO));
    let view = view_of(object);
    assert_eq!(call!(mv_object_exports(object)), 0);
    assert_eq!(call!(mv_view_exporter(view)), object);
    drop_views([view]);
    drop_objects([object, object]);
    a.check(2, 0, 0);
}

/// numpy #11119: a format that nobody knows is refused wherever it is given, and the offset says which part.
#[test]
fn numpy_11119_unknown_formats_are_named() {
    let bytes = placed([0_u8; 8]);
    let view = wrapped(bytes.address(), c"B", &[8]);
    for format in [c"y", c"", c"@", c"iy", c"0s", c"<", c"1", c"\xff", c"T{i"] {
        refused!(mv_array_new(format.as_ptr(), [2].as_ptr(), 1, C), MV_E_FORMAT);
        let error = refused!(mv_view_cast(view, format.as_ptr(), ptr::null(), -1, C), MV_E_FORMAT);
        let position = usize::try_from(error.position).expect("an offset");
        assert!(position <= format.count_bytes());
    }
    drop_views([view]);
}
