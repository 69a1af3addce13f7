//! Several threads at once.

use std::{
    ptr::{self, NonNull},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use super::{hold, rounds};
use crate::{
    kernel::Span,
    layout::Order,
    object::{
        Object, Request, array, bytearray,
        count::{Count, Fate, Grant, Lease, Unit},
        flags::{MV_FULL, MV_FULL_RO, MV_IMMUTABLE},
        memory,
        sync::pause,
    },
    view::View,
};

/// A pointer for several threads.
struct Shared<T>(*mut T);

// SAFETY: the tests say who may use it until when.
unsafe impl<T> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Shared<T> {}

impl Shared<Count> {
    /// # Safety
    /// The caller still has a handle or a grant.
    unsafe fn count(&self) -> &Count {
        // SAFETY: as the caller promises.
        unsafe { &*self.0 }
    }

    /// # Safety
    /// The fate is this count's.
    unsafe fn settle(&self, fate: Fate) {
        if fate == Fate::Free {
            // SAFETY: nobody else has a handle or a grant, if the counting is right.
            unsafe { drop(Box::from_raw(self.0)) }
        }
    }
}

/// Drops the last handle while another thread, which has a grant, runs `other`. Both set out from one gate, so that
/// they meet in the middle.
fn against_the_last_handle(start: impl Fn(&Count), other: fn(Shared<Count>)) {
    for _ in rounds(25, 500) {
        let count = Count::with_handle();
        start(&count);
        let shared = Shared(Box::into_raw(Box::new(count)));
        let theirs = Shared(shared.0);
        let gate = &AtomicUsize::new(0);
        let set_out = move || {
            gate.fetch_add(1, Ordering::SeqCst);
            while gate.load(Ordering::SeqCst) != 2 {
                pause();
            }
        };
        thread::scope(|scope| {
            scope.spawn(move || {
                set_out();
                other(theirs);
            });
            set_out();
            // SAFETY: the handle is this thread's to drop.
            unsafe {
                let fate = shared.count().unreference();
                shared.settle(fate);
            }
        });
    }
}

#[test]
fn the_last_handle_against_the_end_of_an_immutable_lease() {
    let start = |count: &Count| count.lease(Unit::Buffer, Lease::Immutable).unwrap();
    against_the_last_handle(start, |shared| {
        // SAFETY: the lease is this thread's to end.
        unsafe {
            let fate = shared.count().ungrant(Unit::Buffer);
            shared.settle(fate);
        }
    });
}

#[test]
fn the_last_handle_against_a_new_handle_of_a_holder() {
    let start = |count: &Count| assert_eq!(count.grant(Unit::Buffer, false), Ok(Grant::Plain));
    against_the_last_handle(start, |shared| {
        // SAFETY: the grant is this thread's to end, and then the handle.
        unsafe {
            shared.count().reference();
            assert_eq!(shared.count().ungrant(Unit::Buffer), Fate::Keep);
            // The handle that is being dropped is no holder.
            assert_eq!(shared.count().exports(), 0);
            assert_eq!(shared.count().begin_resize(), Ok(()));
            shared.count().end_resize();
            let fate = shared.count().unreference();
            shared.settle(fate);
        }
    });
}

#[test]
fn an_object_is_dropped_while_its_immutable_lease_ends() {
    for _ in rounds(15, 2000) {
        let object = bytearray::zeroed(4).unwrap();
        let held = hold(&object, &Request::flags(MV_FULL_RO | MV_IMMUTABLE)).unwrap();
        let thread = thread::spawn(move || drop(held));
        drop(object);
        thread.join().unwrap();
    }
}

#[test]
fn an_object_is_dropped_while_a_holder_takes_a_handle() {
    for _ in rounds(15, 2000) {
        let object = bytearray::zeroed(4).unwrap();
        let held = hold(&object, &Request::flags(MV_FULL_RO)).unwrap();
        let thread = thread::spawn(move || {
            // SAFETY: the buffer keeps the object alive.
            let mine = unsafe { Object::clone(&Object::borrow(NonNull::new(held.obj).unwrap())) };
            drop(held);
            assert_eq!(mine.exports(), 0);
        });
        drop(object);
        thread.join().unwrap();
    }
}

#[test]
fn acquire_and_resize_never_both() {
    let count = Count::with_handle();
    let inside = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in rounds(20, 20_000) {
                    assert_eq!(count.grant(Unit::Buffer, true), Ok(Grant::Plain));
                    assert_eq!(inside.load(Ordering::SeqCst), 0);
                    assert_eq!(count.ungrant(Unit::Buffer), Fate::Keep);
                }
            });
        }
        scope.spawn(|| {
            for _ in rounds(20, 20_000) {
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

#[test]
fn a_writable_acquire_reads_nothing_that_a_resize_writes() {
    let object = bytearray::zeroed(4).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            for round in rounds(10, 2000) {
                // Refused while the other thread holds the memory.
                let _ = bytearray::resize(&object, 4 + round % 3);
            }
        });
        scope.spawn(|| {
            for _ in rounds(10, 2000) {
                let held = hold(&object, &Request::flags(MV_FULL)).unwrap();
                assert!((4..7).contains(&held.len));
            }
        });
    });
}

#[test]
fn an_operation_sees_the_revoke_or_the_revoke_sees_the_operation() {
    for _ in rounds(25, 500) {
        let base = Count::with_handle();
        let view = Count::with_handle();
        view.set_listed();
        let (goes_on, in_flight) = thread::scope(|scope| {
            let operation = scope.spawn(|| {
                view.pin().unwrap();
                !base.is_closed()
            });
            let revoke = scope.spawn(|| {
                base.revoke();
                view.in_use()
            });
            (operation.join().unwrap(), revoke.join().unwrap())
        });
        assert!(!goes_on || in_flight == 1, "the operation goes on, and the revoke finds none in flight");
    }
}

#[test]
fn memory_may_be_freed_once_a_revoke_succeeds() {
    for _ in rounds(6, 50) {
        let data = Shared(Box::into_raw(Box::new([1u8; 8])));
        // SAFETY: the memory stays until the object is revoked.
        let span = unsafe { Span::new(data.0.cast(), 8) };
        let object = memory::new(&span, false, None, ptr::null_mut()).unwrap();
        let view = View::new(&object, &Request::flags(MV_FULL)).unwrap();
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| while view.get_i64(&[3]).is_ok() {});
                scope.spawn(|| while view.slice(c"1:").is_ok_and(|part| part.get_i64(&[0]).is_ok()) {});
            }
            scope.spawn(|| {
                let data = &data;
                while object.revoke().is_err() {
                    thread::yield_now();
                }
                // SAFETY: nobody reads it any more, if a revoke keeps its word.
                unsafe { drop(Box::from_raw(data.0)) }
            });
        });
    }
}

#[test]
fn one_view_in_many_threads() {
    let object = array::new(c"q", &[64], Order::C).unwrap();
    let view = View::new(&object, &Request::flags(MV_FULL)).unwrap();
    thread::scope(|scope| {
        for part in 0..4 {
            let view = &view;
            scope.spawn(move || {
                for round in rounds(5, 2000) {
                    let value = i64::try_from(round).unwrap();
                    let mine = view.split(part, 4).unwrap();
                    mine.set_i64(&[3], value).unwrap();
                    assert_eq!(mine.get_i64(&[3]).unwrap(), value);
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
