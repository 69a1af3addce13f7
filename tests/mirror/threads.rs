//! `c-tests/test_threads.c`: many threads over one object and one view, and the races that CPython had. No spurious error, exactly
//! one release, and nobody ever looks at memory that is gone.
//!
//! No two threads touch the same item at once unless both read: so what Miri reports is a race of the library's.

use std::{
    ffi::CStr,
    ptr,
    sync::{
        Mutex,
        atomic::{
            AtomicUsize,
            Ordering::{Relaxed, SeqCst},
        },
    },
    thread::{self, ThreadId},
};

use memview::{
    error::mv_status::{self, *},
    ffi::{Code, mv_view},
    object::{
        flags::{MV_FULL, MV_SIMPLE, MV_WRITABLE},
        protocol::mv_object,
    },
};

use crate::{
    adversary::Adversary,
    arguments::*,
    calls::*,
    crowd::{CROWD, Shared, crowd, rounds, turns},
    fixtures::*,
    harness::*,
};

const SILENT: *mut memview::error::mv_error = ptr::null_mut();

/// One of these statuses, and no other.
#[track_caller]
fn one_of<const COUNT: usize>(code: Code, expected: [mv_status; COUNT]) -> bool {
    assert!(expected.iter().any(|status| code.0 == *status as i32), "status {}", code.0);
    code.0 == MV_OK as i32
}

/// An exporter of the case's own, its object, and a view of it.
type Viewed = (Placed<Adversary>, *mut mv_object, *mut mv_view);

fn one_view() -> Viewed {
    let (a, object) = Adversary::custom();
    (a, object, view_of(object))
}

/// The view was released, once; the object goes, and is freed, once.
#[track_caller]
fn check_released_once((a, object, view): Viewed) {
    a.check(1, 1, 0);
    drop_views([view]);
    unref(object);
    a.check(1, 1, 1);
}

/// Many views, that all threads release in the same order: at every one some of them meet.
fn many_views() -> Vec<Viewed> {
    (0..if cfg!(miri) { 2 } else { 200 }).map(|_| one_view()).collect()
}

#[test]
fn fault_t1_one_view_released_by_all() {
    let release_all = |_, all: &Vec<Viewed>| {
        for (_, _, view) in all {
            ok!(mv_view_release(*view));
            assert!(call!(mv_view_buffer(*view)).is_null());
        }
    };
    crowd(rounds(20), many_views, release_all, |all| all.into_iter().for_each(check_released_once));
}

/// gh-127716: views that share one acquisition, released at once, released it twice.
#[test]
fn cpython_127716_views_of_one_acquisition_released_at_once() {
    let prepare = || -> Vec<(Viewed, [*mut mv_view; CROWD])> {
        let slices = |viewed: Viewed| {
            let slices = [(); CROWD].map(|()| sliced(viewed.2, c"1:9"));
            ok!(mv_view_release(viewed.2));
            (viewed, slices)
        };
        many_views().into_iter().map(slices).collect()
    };
    let release_own = |number: usize, all: &Vec<(Viewed, [*mut mv_view; CROWD])>| {
        for (_, slices) in all {
            if number.is_multiple_of(2) {
                ok!(mv_view_release(slices[number]));
            }
            drop_views([slices[number]]);
        }
    };
    crowd(rounds(20), prepare, release_own, |all| {
        for (viewed, _) in all {
            check_released_once(viewed);
        }
    });
}

/// T2: who holds the memory finds it where it was, and what he wrote is there when he comes again.
#[test]
fn fault_t2_acquire_or_resize_and_never_both() {
    const LONG: usize = 4096;
    const SHORT: usize = 64;
    let turns = turns(2000);
    let hold_or_resize = |number: usize, object: &*mut mv_object| {
        for i in 0..turns {
            if number == 0 {
                let length = if i % 2 == 0 { LONG } else { SHORT };
                one_of(call!(mv_bytearray_resize(*object, length, SILENT)), [MV_OK, MV_E_EXPORTED]);
                continue;
            }
            let first = acquire(*object, MV_WRITABLE);
            let own = first.buf.cast::<u8>().wrapping_add(number);
            // SAFETY: within the shortest length, and nobody else's.
            let (now, next) = unsafe { (own.read(), own.read().wrapping_add(1)) };
            assert_eq!(usize::from(now), i % 256);
            // SAFETY: as above.
            unsafe { own.write(next) };
            assert!([LONG, SHORT].contains(&first.len.cast_unsigned()));
            let second = acquire(*object, MV_SIMPLE);
            assert_eq!((second.buf, second.len), (first.buf, first.len));
            release(first);
            // SAFETY: as above.
            assert_eq!(unsafe { own.read() }, next);
            release(second);
        }
    };
    let check = |object: *mut mv_object| {
        assert_eq!(call!(mv_object_exports(object)), 0);
        ok!(mv_bytearray_resize(object, 1 << 13));
        assert!(content(object)[1..CROWD].iter().all(|last| usize::from(*last) == turns % 256));
        unref(object);
    };
    crowd(1, || made!(mv_bytearray_new(NO_DATA, SHORT)), hold_or_resize, check);
}

/// gh-154524: the same with views, and with an array.
#[test]
fn cpython_154524_views_or_resize_and_never_both() {
    let view_or_resize = |number: usize, object: &*mut mv_object| {
        for i in 0..isize::try_from(turns(2000)).expect("some turns") {
            if number == 0 {
                let dims = [8 + i % 100, 4];
                one_of(call!(mv_array_resize(*object, dims.as_ptr(), 2, SILENT)), [MV_OK, MV_E_EXPORTED]);
                continue;
            }
            let mine: *mut mv_view = made!(mv_view_new(*object, MV_FULL));
            let index = [number.cast_signed(), 3];
            assert_eq!(get_i64(mine, &index), i as i64);
            set_i64(mine, &index, i as i64 + 1);
            assert_eq!(shape(mine)[0] * 8, buffer_of(mine).len);
            if i % 2 == 0 {
                ok!(mv_view_release(mine));
            }
            drop_views([mine]);
        }
    };
    let check = |object: *mut mv_object| {
        assert_eq!(call!(mv_object_exports(object)), 0);
        ok!(mv_array_resize(object, [1, 1].as_ptr(), 2));
        unref(object);
    };
    crowd(1, || array_of(c"H", &[8, 4], C), view_or_resize, check);
}

/// The last holder frees, and sees what all others wrote.
fn views_of_their_own() -> (Placed<Adversary>, *mut mv_object, [*mut mv_view; CROWD]) {
    let (a, object) = Adversary::custom();
    a.on_free.set(Some(|a| a.seen.set((0..CROWD).map(|i| i32::from(a.byte(i))).sum())));
    a.seen.set(-1);
    let views = std::array::from_fn(|i| if i == 0 { NO_VIEW } else { view_of(object) });
    if views[1] != NO_VIEW {
        fill(views[1], scalar_int(0));
    }
    (a, object, views)
}

fn write_own_item(number: usize, view: *mut mv_view) {
    set_i64(view, &[number.cast_signed()], number.cast_signed() as i64);
}

#[track_caller]
fn check_freed_once(a: &Adversary, grants: usize, written: std::ops::Range<usize>) {
    let grants = i32::try_from(grants).expect("a few");
    a.check(grants, grants, 1);
    assert_eq!(a.seen.get(), i32::try_from(written.sum::<usize>()).expect("a few"));
}

#[test]
fn fault_t3_last_view_against_the_owner() {
    type Owned = (Placed<Adversary>, *mut mv_object, [*mut mv_view; CROWD]);
    let write_and_let_go = |number: usize, (_, object, views): &Owned| {
        if number == 0 {
            unref(*object);
        } else {
            write_own_item(number, views[number]);
            drop_views([views[number]]);
        }
    };
    crowd(rounds(200), views_of_their_own, write_and_let_go, |(a, ..)| {
        check_freed_once(&a, CROWD - 1, 0..CROWD);
    });
}

/// The same with one view, shared by reference, that is dropped rather than released.
#[test]
fn fault_t3_references_of_one_view_dropped_at_once() {
    let prepare = || {
        let (a, object, views) = views_of_their_own();
        let shared = views[1];
        views.iter().skip(2).for_each(|view| drop_views([*view]));
        unref(object);
        (1..CROWD).for_each(|_| assert_eq!(call!(mv_view_ref(shared)), shared));
        (a, shared)
    };
    let write_and_unref = |number: usize, (_, shared): &(Placed<Adversary>, *mut mv_view)| {
        write_own_item(number, *shared);
        drop_views([call!(mv_view_ref(*shared))]);
        drop_views([*shared]);
    };
    crowd(rounds(200), prepare, write_and_unref, |(a, _)| check_freed_once(&a, CROWD - 1, 0..CROWD));
}

/// A view of a bytearray of zeros that is read byte by byte, which takes its time.
struct Uniform {
    object: *mut mv_object,
    view: *mut mv_view,
    other: *mut mv_view,
    gone: AtomicUsize,
    /// How many threads are at it; whoever ends it waits for the first of them, if one comes at all.
    at_work: AtomicUsize,
}

const LARGE: usize = if cfg!(miri) { 48 } else { 1 << 16 };

impl Uniform {
    fn new() -> Uniform {
        let object = made!(mv_bytearray_new(NO_DATA, LARGE));
        let whole = view_of(object);
        let (view, other) = (sliced(whole, c"::-1"), sliced(whole, c":"));
        drop_views([whole]);
        Uniform { object, view, other, gone: AtomicUsize::new(0), at_work: AtomicUsize::new(0) }
    }

    fn work(&self, call: impl FnOnce() -> Code) -> bool {
        self.at_work.fetch_add(1, Relaxed);
        let code = call();
        self.at_work.fetch_sub(1, Relaxed);
        one_of(code, [MV_OK, MV_E_RELEASED])
    }

    /// Releases a view that others are at, as soon as it is not in use.
    fn release_in_the_end(&self, view: *mut mv_view) {
        let mut patience = 1000;
        while self.at_work.load(Relaxed) == 0 && patience > 0 {
            patience -= 1;
            thread::yield_now();
        }
        while !one_of(call!(mv_view_release(view, SILENT)), [MV_OK, MV_E_EXPORTED]) {
            thread::yield_now();
        }
    }

    fn end(self) {
        assert_eq!(call!(mv_object_exports(self.object)), 0);
        drop_views([self.view, self.other]);
        unref(self.object);
    }
}

/// T4, gh-157114: a read is whole, of one state of the memory, or is refused.
#[test]
fn fault_t4_read_against_release_and_resize() {
    let release_resize_and_fill = |uniform: &Uniform| {
        ok!(mv_view_release(uniform.other));
        uniform.release_in_the_end(uniform.view);
        // A slice may live a little longer.
        let resize = |length| {
            one_of(call!(mv_bytearray_resize(uniform.object, length, SILENT)), [MV_OK, MV_E_EXPORTED])
        };
        while !resize(4 * LARGE) {
            thread::yield_now();
        }
        let buffer = acquire(uniform.object, MV_WRITABLE);
        // SAFETY: the buffer's own bytes.
        unsafe { buffer.buf.cast::<u8>().write_bytes(1, buffer.len.cast_unsigned()) };
        release(buffer);
        assert!(resize(1));
    };
    let read_whole_or_not_at_all = |number: usize, uniform: &Uniform| {
        if number == 0 {
            release_resize_and_fill(uniform);
            return;
        }
        for _ in 0..rounds(10) {
            let (mut bytes, view) = (vec![7_u8; LARGE], uniform.view);
            let to = bytes.as_mut_ptr().cast();
            let read = uniform.work(|| call!(mv_view_read(view, NO_TEXT, C, to, LARGE, SILENT)));
            assert!(bytes.iter().all(|byte| *byte == if read { 0 } else { 7 }));
            if number % 2 == 1 && read {
                let part = slice(view, c"::-1");
                one_of(part.code, [MV_OK, MV_E_RELEASED]);
                drop_views([part.out]); // a child that lives would rightly keep the memory where it is
            }
        }
    };
    crowd(rounds(10), Uniform::new, read_whole_or_not_at_all, Uniform::end);
}

/// The same for a copy between two views, of which either may go. One thread copies: they would race for the items.
#[test]
fn cpython_157114_copy_against_release_and_resize() {
    let copy_or_release = |number: usize, uniform: &Uniform| match number {
        0 | 1 => {
            uniform.release_in_the_end([uniform.view, uniform.other][number]);
            if uniform.gone.fetch_add(1, SeqCst) == 1 {
                // The second of the two: nobody holds the memory any more.
                ok!(mv_bytearray_resize(uniform.object, 1));
            }
        }
        2 => {
            for _ in 0..5 {
                uniform.work(|| call!(mv_view_copy(uniform.other, uniform.view, SILENT)));
            }
        }
        _ => {}
    };
    crowd(rounds(10), Uniform::new, copy_or_release, Uniform::end);
}

/// T5: release and free run on whichever thread drops last.
#[test]
fn fault_t5_callbacks_on_another_thread() {
    static CALLED_ON: Mutex<Vec<ThreadId>> = Mutex::new(Vec::new());
    let note: fn(&Adversary) = |_| CALLED_ON.lock().expect("no panic").push(thread::current().id());
    let viewed = Shared(one_view());
    viewed.0.0.on_release.set(Some(note));
    viewed.0.0.on_free.set(Some(note));
    let other = thread::scope(|scope| {
        let drop_all = scope.spawn(|| {
            let (_, object, view) = &{ &viewed }.0;
            drop_views([*view]);
            unref(*object);
            thread::current().id()
        });
        drop_all.join().expect("no panic")
    });
    viewed.0.0.check(1, 1, 1);
    assert_eq!(*CALLED_ON.lock().expect("no panic"), [other, other]);
}

#[track_caller]
fn check_one_release(viewed: Viewed) {
    viewed.0.check(1, 0, 0);
    assert_eq!(call!(mv_object_exports(viewed.1)), 1);
    ok!(mv_view_release(viewed.2));
    check_released_once(viewed);
}

/// gh-155606: one view sliced and read by all, without an error and without a lost count.
#[test]
fn cpython_155606_one_view_sliced_by_all() {
    const TEXTS: [&CStr; 8] = [c"1:", c"::-1", c"::2", c"3:9", c"...", c"None", c"5:5", c":-1"];
    let slice_and_read = |number: usize, (_, object, view): &Viewed| {
        for i in 0..turns(1000) {
            let part = sliced(*view, TEXTS[(i + number) % 8]);
            let kept = toreadonly(part).made();
            let item = (i % 16).cast_signed();
            assert_eq!(get_i64(*view, &[item]), item as i64);
            if i % 2 == 0 {
                ok!(mv_view_release(part));
            }
            assert!(!call!(mv_view_buffer(kept)).is_null());
            assert_eq!(call!(mv_view_exporter(kept)), *object);
            drop_views([kept, part]);
        }
    };
    crowd(1, one_view, slice_and_read, check_one_release);
}

/// gh-127085: the buffers acquired from one view are counted exactly.
#[test]
fn cpython_127085_buffers_of_one_view() {
    let acquire_and_release = |number: usize, (_, _, view): &Viewed| {
        for i in 0..turns(2000) {
            let first = acquire(as_object(*view), MV_FULL);
            if i % 8 == number {
                fails!(mv_view_release(*view), MV_E_EXPORTED);
            }
            let second = acquire(as_object(*view), MV_SIMPLE);
            release(first);
            release(second);
        }
    };
    let check = |viewed: Viewed| {
        assert_eq!(call!(mv_object_exports(as_object(viewed.2))), 0);
        check_one_release(viewed);
    };
    crowd(1, one_view, acquire_and_release, check);
}

/// gh-149816: the pins of operations in flight are counted exactly, so that the view can be released in the end.
#[test]
fn cpython_149816_reads_against_release() {
    let read_a_little = |number: usize, (_, _, view): &Viewed| {
        if number == 0 {
            one_of(call!(mv_view_release(*view, SILENT)), [MV_OK, MV_E_EXPORTED]);
        }
        for _ in 0..turns(20) {
            let mut bytes = [7_u8; 16];
            let code = call!(mv_view_read(*view, NO_TEXT, C, bytes.as_mut_ptr().cast(), 16, SILENT));
            if one_of(code, [MV_OK, MV_E_RELEASED]) {
                assert!((0..16).eq(bytes));
            }
        }
    };
    let check = |viewed: Viewed| {
        ok!(mv_view_release(viewed.2));
        check_released_once(viewed);
    };
    crowd(rounds(200), one_view, read_a_little, check);
}
