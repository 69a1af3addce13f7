//! `c-tests/test_lease.c`: exclusive and immutable leases, from both sides.

use std::{ffi::c_int, ptr, sync::atomic::Ordering::Relaxed};

use memview::{
    error::mv_status::*,
    ffi::MV_READ,
    object::{
        flags::*,
        protocol::{MV_TYPE_LEASES, mv_object, mv_request, mv_type},
    },
};

use crate::{
    adversary::{Adversary, TYPE},
    fixtures::*,
    harness::{Placed, placed},
};

const LEASES: [c_int; 2] = [MV_EXCLUSIVE, MV_IMMUTABLE];

/// A writable object of each kind that grants leases goes through `work`.
fn each_leasable(work: impl Fn(*mut mv_object)) {
    let data = placed([0_u8, 1, 2, 3, 4, 5, 6, 7]);
    let memory = made!(mv_memory_new(data.address(), 8, 0, None, ptr::null_mut()));
    for object in [counting_bytearray(8), array_of(c"B", &[8], C), memory] {
        work(object);
        unref(object);
    }
    let (adversary, object) = Adversary::custom();
    work(object);
    unref(object);
    adversary.check(adversary.grants(), adversary.grants(), 1);
}

fn exports(object: *mut mv_object) -> usize {
    call!(mv_object_exports(object))
}

/// Nobody holds it: every kind of request is answered, writable memory too.
#[track_caller]
fn check_free(object: *mut mv_object) {
    assert_eq!(exports(object), 0);
    for flags in [MV_FULL, MV_FULL | MV_EXCLUSIVE, MV_FULL_RO | MV_IMMUTABLE] {
        release(acquire(object, flags));
    }
}

#[test]
fn exclusive_keeps_everybody_out() {
    each_leasable(|object| {
        for writable in [0, MV_WRITABLE] {
            let lease = acquire(object, MV_FULL_RO | writable | MV_EXCLUSIVE);
            assert_eq!(exports(object), 1);
            for flags in [MV_SIMPLE, MV_FULL, MV_EXCLUSIVE, MV_IMMUTABLE] {
                refused!(mv_buffer_acquire(object, flags), MV_E_BUSY);
            }
            refused!(mv_view_new(object, MV_FULL_RO), MV_E_BUSY);
            refused!(mv_view_contiguous(object, MV_READ, C), MV_E_BUSY);
            fails!(mv_object_copy(object, object), MV_E_BUSY);
            assert_eq!(exports(object), 1);
            release(lease);
            check_free(object);
        }
    });
}

#[test]
fn exclusive_is_refused_while_others_hold() {
    each_leasable(|object| {
        let first = acquire(object, MV_FULL_RO);
        let flags = MV_FULL_RO | MV_EXCLUSIVE;
        assert_eq!(refused!(mv_buffer_acquire(object, flags), MV_E_EXPORTED).value, 1);
        let second = acquire(object, MV_SIMPLE);
        assert_eq!(refused!(mv_view_new(object, MV_FULL | MV_EXCLUSIVE), MV_E_EXPORTED).value, 2);
        release(first);
        let view = view_of(object);
        release(second);
        refused!(mv_buffer_acquire(object, MV_EXCLUSIVE), MV_E_EXPORTED);
        drop_views([view]);
        check_free(object);
    });
}

/// A request that is refused for another reason, once the lease was granted, does not leave it behind.
#[test]
fn refused_lease_leaves_no_trace() {
    let array = array_of(c"B", &[2, 3], C);
    for lease in LEASES {
        refused!(mv_buffer_acquire(array, MV_F_CONTIGUOUS | lease), MV_E_BUFFER);
        refused!(mv_view_new(array, MV_F_CONTIGUOUS | lease), MV_E_BUFFER);
        let mut request = mv_request { flags: MV_FULL_RO | lease, format: c"d".as_ptr(), ..request() };
        refused!(mv_buffer_acquire_for(array, &raw const request), MV_E_BUFFER);
        request.label = c"never".as_ptr();
        refused!(mv_buffer_acquire_for(array, &raw const request), MV_E_BUFFER);
        refused!(mv_view_new_for(array, &raw const request), MV_E_BUFFER);
        check_free(array);
    }
    ok!(mv_array_resize(array, [3, 3].as_ptr(), 2));
    unref(array);
    let (a, object) = Adversary::custom();
    a.status.set(MV_E_SYSTEM as i32);
    refused!(mv_buffer_acquire(object, MV_FULL_RO | MV_EXCLUSIVE), MV_E_SYSTEM);
    refused!(mv_buffer_acquire(object, MV_FULL_RO | MV_IMMUTABLE), MV_E_SYSTEM);
    a.status.set(0);
    a.change(|answer| answer.itemsize = 0);
    refused!(mv_buffer_acquire(object, MV_FULL_RO | MV_EXCLUSIVE), MV_E_CALLBACK);
    a.change(|answer| answer.itemsize = 1);
    check_free(object);
    unref(object);
    a.check(a.grants(), a.grants(), 1);
}

/// The lease is the acquisition's: all views that share it are inside, and the last of them ends it.
#[test]
fn exclusive_view_and_the_views_made_of_it() {
    each_leasable(|object| {
        let view = made!(mv_view_new(object, MV_FULL | MV_EXCLUSIVE));
        let part = sliced(view, c"2:6");
        ok!(mv_view_set_i64(part, [0].as_ptr(), 1, 77));
        refused!(mv_view_reexport(view), MV_E_BUSY);
        refused!(mv_view_reexport(part), MV_E_BUSY);
        let buffer = acquire(as_object(part), MV_FULL);
        fails!(mv_view_release(part), MV_E_EXPORTED);
        release(buffer);
        drop_views([view]);
        refused!(mv_buffer_acquire(object, MV_SIMPLE), MV_E_BUSY);
        ok!(mv_view_set_i64(part, [0].as_ptr(), 1, 78));
        ok!(mv_view_release(part));
        check_free(object);
        drop_views([part]);
    });
}

#[test]
fn exclusive_lease_refuses_a_change_of_size() {
    let object = counting_bytearray(8);
    let lease = acquire(object, MV_EXCLUSIVE);
    fails!(mv_bytearray_resize(object, 9), MV_E_EXPORTED);
    fails!(mv_bytearray_splice(object, 0, 1, NO_DATA, 0), MV_E_EXPORTED);
    release(lease);
    ok!(mv_bytearray_resize(object, 9));
    unref(object);
}

/// The object goes while the lease lives: the memory stays, and is freed with the lease.
#[test]
fn lease_outlives_the_object() {
    for flag in LEASES {
        let (a, object) = Adversary::custom();
        let lease = acquire(object, MV_FULL_RO | flag);
        unref(object);
        a.check(1, 0, 0);
        assert_eq!(memory(lease.buf, 4), [0, 1, 2, 3]);
        release(lease);
        a.check(1, 1, 1);
    }
}

#[test]
fn immutable_is_answered_read_only_and_keeps_writers_out() {
    each_leasable(|object| {
        let lease = acquire(object, MV_FULL_RO | MV_IMMUTABLE);
        assert_eq!(lease.readonly, 1);
        refused!(mv_buffer_acquire(object, MV_WRITABLE), MV_E_BUSY);
        refused!(mv_buffer_acquire(object, MV_FULL), MV_E_BUSY);
        refused!(mv_view_new(object, MV_FULL), MV_E_BUSY);
        fails!(mv_object_copy(object, object), MV_E_BUSY);
        assert_eq!(refused!(mv_buffer_acquire(object, MV_EXCLUSIVE), MV_E_EXPORTED).value, 1);
        assert_eq!(exports(object), 1);
        release(lease);
        check_free(object);
    });
}

/// Who asks without `MV_WRITABLE` is let in, and is answered read-only: as long as he stays, even when the lease ends.
#[test]
fn immutable_lets_readers_in() {
    each_leasable(|object| {
        let lease = acquire(object, MV_FULL_RO | MV_IMMUTABLE);
        let (reader, second) = (acquire(object, MV_FULL_RO), acquire(object, MV_IMMUTABLE));
        assert_eq!((reader.readonly, second.readonly), (1, 1));
        let view = view_of(object);
        assert_eq!(buffer_of(view).readonly, 1);
        let part = sliced(view, c"1:");
        fails!(mv_view_set_i64(part, [0].as_ptr(), 1, 9), MV_E_READONLY);
        refused!(mv_buffer_acquire(as_object(part), MV_WRITABLE), MV_E_BUFFER);
        assert_eq!(exports(object), 4);
        release(reader);
        release(lease);
        refused!(mv_buffer_acquire(object, MV_WRITABLE), MV_E_BUSY); // the second lease lives
        release(second);
        fails!(mv_view_set_i64(view, [0].as_ptr(), 1, 9), MV_E_READONLY);
        drop_views([view, part]);
        check_free(object);
    });
}

#[test]
fn immutable_is_refused_while_somebody_may_write() {
    each_leasable(|object| {
        let writer = acquire(object, MV_FULL);
        let flags = MV_FULL_RO | MV_IMMUTABLE;
        assert_eq!(refused!(mv_buffer_acquire(object, flags), MV_E_EXPORTED).value, 1);
        release(writer);
        let writer = acquire(object, MV_FULL_RO); // not asked for, but answered writable
        assert_eq!(writer.readonly, 0);
        refused!(mv_buffer_acquire(object, MV_IMMUTABLE), MV_E_EXPORTED);
        release(writer);
        let view = view_of(object);
        let fixed = made!(mv_view_toreadonly(view));
        refused!(mv_view_new(object, flags), MV_E_EXPORTED);
        drop_views([view]);
        refused!(mv_buffer_acquire(object, MV_IMMUTABLE), MV_E_EXPORTED); // the acquisition behind both is writable
        drop_views([fixed]);
        check_free(object);
    });
}

#[test]
fn immutable_lease_refuses_the_owners_writes() {
    let object = counting_bytearray(8);
    let lease = acquire(object, MV_SIMPLE | MV_IMMUTABLE);
    fails!(mv_bytearray_splice(object, 0, 2, data(b"xy"), 2), MV_E_BUSY);
    fails!(mv_bytearray_resize(object, 9), MV_E_EXPORTED);
    assert_eq!(memory(lease.buf, 8), [0, 1, 2, 3, 4, 5, 6, 7]);
    release(lease);
    ok!(mv_bytearray_splice(object, 0, 2, data(b"xy"), 2));
    check_free(object);
    unref(object);
}

/// Memory that nobody can write is immutable for all: any number of leases beside any number of readers.
#[test]
fn immutable_on_read_only_memory() {
    let data: Placed<_> = placed([0_u8; 8]);
    let memory = made!(mv_memory_new(data.address(), 8, 1, None, ptr::null_mut()));
    for object in [bytes_of(&[0; 8]), memory] {
        let reader = acquire(object, MV_FULL_RO);
        let (lease, second) = (acquire(object, MV_FULL_RO | MV_IMMUTABLE), acquire(object, MV_IMMUTABLE));
        assert_eq!(lease.readonly, 1);
        refused!(mv_buffer_acquire(object, MV_WRITABLE), MV_E_BUFFER);
        assert_eq!(exports(object), 3);
        [second, reader, lease].into_iter().for_each(release);
        assert_eq!(exports(object), 0);
        unref(object);
    }
}

#[test]
fn immutable_and_writable_contradict_each_other() {
    let object = counting_bytearray(8);
    refused!(mv_buffer_acquire(object, MV_WRITABLE | MV_IMMUTABLE), MV_E_FLAGS);
    refused!(mv_buffer_acquire(object, MV_FULL | MV_IMMUTABLE), MV_E_FLAGS);
    refused!(mv_view_new(object, MV_FULL | MV_IMMUTABLE), MV_E_FLAGS);
    check_free(object);
    unref(object);
}

/// A view grants the lease that its acquisition is, and no other.
#[test]
fn leases_asked_of_a_view() {
    let object = counting_bytearray(8);
    let view = view_of(object);
    for lease in LEASES {
        refused!(mv_buffer_acquire(as_object(view), MV_FULL_RO | lease), MV_E_BUFFER);
    }
    refused!(mv_view_new(as_object(view), MV_FULL_RO | MV_IMMUTABLE), MV_E_BUFFER);
    release(acquire(as_object(view), MV_FULL));
    ok!(mv_view_release(view));
    drop_views([view]);
    let view = made!(mv_view_new(object, MV_FULL_RO | MV_IMMUTABLE));
    let lease = acquire(as_object(view), MV_FULL_RO | MV_IMMUTABLE);
    assert_eq!(lease.readonly, 1);
    refused!(mv_buffer_acquire(as_object(view), MV_FULL), MV_E_BUFFER);
    refused!(mv_buffer_acquire(as_object(view), MV_FULL_RO | MV_EXCLUSIVE), MV_E_BUFFER);
    release(lease);
    ok!(mv_view_release(view));
    drop_views([view]);
    check_free(object);
    unref(object);
}

/// A foreign type is asked for a lease only where it says that it knows them, and then it alone decides.
#[test]
fn leases_of_foreign_types() {
    for features in [0, !MV_TYPE_LEASES] {
        let r#type = mv_type { features, ..TYPE };
        let (a, object) = Adversary::typed(&raw const r#type);
        refused!(mv_buffer_acquire(object, MV_FULL_RO | MV_EXCLUSIVE), MV_E_BUFFER);
        refused!(mv_buffer_acquire(object, MV_FULL_RO | MV_IMMUTABLE), MV_E_BUFFER);
        refused!(mv_view_new(object, MV_FULL | MV_EXCLUSIVE), MV_E_BUFFER);
        assert_eq!(a.calls(), 0);
    }
    let r#type = mv_type { features: MV_TYPE_LEASES, ..TYPE };
    let (a, object) = Adversary::typed(&raw const r#type);
    release(acquire(object, MV_FULL_RO | MV_EXCLUSIVE));
    assert_ne!(a.flags.load(Relaxed) & MV_EXCLUSIVE, 0);
    a.change(|answer| answer.readonly = 1);
    release(acquire(object, MV_FULL_RO | MV_IMMUTABLE));
    assert_ne!(a.flags.load(Relaxed) & MV_IMMUTABLE, 0);
    a.status.set(MV_E_BUSY as i32);
    refused!(mv_buffer_acquire(object, MV_FULL_RO | MV_EXCLUSIVE), MV_E_BUSY);
    a.check(2, 2, 0);
    assert_eq!(a.references(), 1);
}

/// Boxed callbacks know nothing of leases: memview keeps them, and does not trouble the exporter when it refuses.
#[test]
fn leases_of_boxed_exporters_are_memviews() {
    let (a, object) = Adversary::custom();
    let lease = acquire(object, MV_FULL | MV_EXCLUSIVE);
    refused!(mv_buffer_acquire(object, MV_FULL_RO), MV_E_BUSY);
    assert_eq!(a.calls(), 1);
    release(lease);
    let lease = acquire(object, MV_FULL_RO | MV_IMMUTABLE);
    assert_eq!(lease.readonly, 1);
    refused!(mv_buffer_acquire(object, MV_FULL), MV_E_BUSY);
    assert_eq!(a.calls(), 2);
    release(lease);
    unref(object);
    a.check(2, 2, 1);
}
