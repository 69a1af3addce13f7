//! `c-tests/test_threads_owner.c`: many threads, and an owner who takes back, leases, counts and names those who hold his memory.

use std::{
    alloc::{Layout, alloc_zeroed, dealloc},
    cell::Cell,
    ffi::{CString, c_int},
    ptr,
    sync::atomic::{
        AtomicI32, AtomicI64,
        Ordering::{Relaxed, SeqCst},
    },
    thread,
};

use memview::{
    error::{
        mv_error,
        mv_status::{self, *},
    },
    ffi::{Code, MV_WRITE_BACK, mv_view},
    object::{
        flags::{MV_EXCLUSIVE, MV_FULL, MV_FULL_RO, MV_IMMUTABLE, MV_WRITABLE},
        protocol::{mv_buffer, mv_object, mv_request},
    },
};

use crate::{
    adversary::Adversary,
    arguments::*,
    calls::*,
    crowd::{CROWD, crowd, rounds, turns},
    fixtures::*,
    harness::*,
};

const SILENT: *mut mv_error = ptr::null_mut();
const OK: i32 = MV_OK as i32;
const RELEASED: i32 = MV_E_RELEASED as i32;

/// Bytes for each thread.
const OWN: usize = 8;

#[track_caller]
fn one_of(code: Code, expected: [mv_status; 2]) -> bool {
    assert!(expected.iter().any(|status| code.0 == *status as i32), "status {}", code.0);
    code.0 == OK
}

fn bytearray() -> *mut mv_object {
    made!(mv_bytearray_new(NO_DATA, OWN * CROWD))
}

#[track_caller]
fn check_free_and_drop(object: *mut mv_object) {
    assert_eq!(call!(mv_object_exports(object)), 0);
    ok!(mv_bytearray_resize(object, 1));
    unref(object);
}

/// Asks for a buffer; it is empty where that fails.
fn ask(object: *mut mv_object, flags: c_int) -> (i32, mv_buffer) {
    let mut buffer = zero();
    let code = call!(mv_buffer_acquire(object, flags, &raw mut buffer, SILENT));
    (code.0, buffer)
}

/// Writes a byte of a buffer's.
fn put(buffer: &mv_buffer, at: usize, byte: u8) {
    assert!(at < buffer.len.cast_unsigned());
    // SAFETY: within the buffer, which lives; each thread has bytes of its own.
    unsafe { buffer.buf.cast::<u8>().add(at).write(byte) }
}

/// Memory that its owner frees as soon as a revoke says that he may: whoever still touches it is caught by Miri.
struct Page {
    at: *mut u8,
    freed: Placed<AtomicI32>,
    object: *mut mv_object,
    parts: [*mut mv_view; CROWD],
}

const PAGE: Layout = Layout::new::<[u8; OWN * CROWD]>();

impl Page {
    fn new() -> Page {
        // SAFETY: a page has a size.
        let at = unsafe { alloc_zeroed(PAGE) };
        let freed = Placed::new(AtomicI32::new(0));
        let object = made!(mv_memory_new(at.cast(), PAGE.size(), 0, Some(count_free), freed.address()));
        let view = view_of(object);
        let crowd = c_int::try_from(CROWD).expect("a few");
        let part = |i| split(view, c_int::try_from(i).expect("a few"), crowd).made();
        let parts = std::array::from_fn(part);
        drop_views([view]);
        Page { at, freed, object, parts }
    }

    fn revoke_and_take_away(&self) {
        while !one_of(call!(mv_object_revoke(self.object, SILENT)), [MV_OK, MV_E_EXPORTED]) {
            thread::yield_now();
        }
        // SAFETY: nobody is at it any more, as the revoke has said.
        unsafe { dealloc(self.at, PAGE) };
    }

    /// One of many things to do with the thread's own part of the memory; what it was answered.
    fn touch(&self, what: usize, number: usize) -> i32 {
        let (view, mut bytes, seven) = (self.parts[number], [0_u8; OWN / 2], scalar_int(7));
        let (last, mut value) = ([-1].as_ptr(), 0);
        let part = |answer: Answer, work: &dyn Fn(*mut mv_view) -> i32| {
            let code = if answer.code.0 == OK { work(answer.out) } else { answer.code.0 };
            drop_views([answer.out]);
            code
        };
        match what % 8 {
            0 => call!(mv_view_get_i64(view, last, 1, &raw mut value, SILENT)).0,
            1 => call!(mv_view_set_i64(view, last, 1, 7, SILENT)).0,
            2 => call!(mv_view_fill(view, &raw const seven, SILENT)).0,
            3 => {
                let (to, length) = (bytes.as_mut_ptr().cast(), bytes.len());
                part(slice(view, c"1::2"), &|part| {
                    call!(mv_view_read(part, NO_TEXT, C, to, length, SILENT)).0
                })
            }
            4 => part(reexport(view), &|same| call!(mv_view_copy(same, view, SILENT)).0),
            5 => {
                let (code, buffer) = ask(as_object(view), MV_WRITABLE);
                if code == OK {
                    (0..OWN).for_each(|at| put(&buffer, at, 7));
                    release(buffer);
                }
                code
            }
            6 => {
                let (code, buffer) = ask(self.object, MV_WRITABLE);
                if code == OK {
                    (0..OWN).for_each(|at| put(&buffer, number * OWN + at, 7));
                    release(buffer);
                }
                code
            }
            _ => part(slice(view, c"::2"), &|part| {
                let mut copy = NO_VIEW;
                let code =
                    call!(mv_view_contiguous(as_object(part), MV_WRITE_BACK, C, &raw mut copy, SILENT)).0;
                let code = if code == OK { call!(mv_view_release(copy, SILENT)).0 } else { code };
                drop_views([copy]);
                code
            }),
        }
    }
}

#[test]
fn revoke_against_everything() {
    let touch_or_revoke = |number: usize, page: &Page| {
        if number == 0 {
            page.revoke_and_take_away();
            return;
        }
        for i in 0..turns(50) {
            let code = page.touch(number + i, number);
            assert!(code == OK || code == RELEASED, "status {code}");
            if code == RELEASED {
                assert_eq!(page.touch(number + i, number), RELEASED); // once and for all
            }
        }
    };
    let check = |page: Page| {
        ok!(mv_object_revoke(page.object));
        assert!((0..8).all(|what| page.touch(what, 1) == RELEASED));
        drop_views(page.parts);
        assert_eq!(page.freed.load(SeqCst), 0);
        unref(page.object);
        assert_eq!(page.freed.load(SeqCst), 1);
    };
    crowd(rounds(100), Page::new, touch_or_revoke, check);
}

/// At most one exclusive lease at a time: what it guards needs no atomic.
#[test]
fn exclusive_leases_exclude_each_other() {
    type Guarded = (*mut mv_object, Placed<Cell<i64>>, AtomicI64);
    let lease_exclusively = |_, (object, guarded, successes): &Guarded| {
        for _ in 0..turns(5000) {
            let (code, lease) = ask(*object, MV_FULL | MV_EXCLUSIVE);
            if code == OK {
                let before = guarded.get();
                thread::yield_now();
                guarded.set(before + 1);
                successes.fetch_add(1, Relaxed);
                release(lease);
            } else {
                assert_eq!(code, MV_E_BUSY as i32);
            }
        }
    };
    let check = |(object, guarded, successes): Guarded| {
        assert!(guarded.get() > 0);
        assert_eq!(guarded.get(), successes.load(Relaxed));
        check_free_and_drop(object);
    };
    crowd(1, || (bytearray(), placed(0), AtomicI64::new(0)), lease_exclusively, check);
}

/// Whoever holds an immutable lease reads the same bytes twice, whatever the writers do.
#[test]
fn immutable_leases_against_writers() {
    let read_leased = |object| {
        let (code, lease) = ask(object, MV_FULL_RO | MV_IMMUTABLE);
        if code == OK {
            assert_eq!(lease.readonly, 1);
            let all = || memory(lease.buf, OWN * CROWD);
            let before = all();
            thread::yield_now();
            assert_eq!(before, all());
            release(lease);
        } else {
            assert_eq!(code, MV_E_EXPORTED as i32);
        }
    };
    let write_own_byte = |object, number, i: usize| {
        let (code, buffer) = ask(object, if i.is_multiple_of(2) { MV_FULL } else { MV_FULL_RO });
        if code == OK {
            if buffer.readonly == 0 {
                put(&buffer, number, 7);
            }
            assert!(buffer.readonly == 0 || i % 2 == 1);
            release(buffer);
        } else {
            assert_eq!((code, i % 2), (MV_E_BUSY as i32, 0));
        }
    };
    let read_or_write = |number: usize, object: &*mut mv_object| {
        for i in 0..turns(2000) {
            if number.is_multiple_of(2) {
                read_leased(*object);
            } else {
                write_own_byte(*object, number, i);
            }
        }
    };
    crowd(1, bytearray, read_or_write, check_free_and_drop);
}

/// Every label is there while its buffer is, and is gone with it.
#[test]
fn labels_come_and_go() {
    let holders = |object| {
        let (mut text, mut length) = ([0_u8; 1024], 0);
        ok!(mv_object_holders(object, text.as_mut_ptr().cast(), text.len(), &raw mut length));
        assert!(length < text.len());
        String::from_utf8(text[..length].to_vec()).expect("UTF-8")
    };
    let hold_with_a_label = |number: usize, object: &*mut mv_object| {
        let label = CString::new(format!("thread {number}")).expect("a label");
        let quoted = format!("'thread {number}'");
        let labelled = mv_request { label: label.as_ptr(), ..request() };
        for _ in 0..turns(300) {
            let buffer: mv_buffer = made!(mv_buffer_acquire_for(*object, &raw const labelled));
            let mine: *mut mv_view = made!(mv_view_new_for(*object, &raw const labelled));
            let text = holders(*object);
            assert!(text.contains(&quoted) && text.len() <= 2 * CROWD * (quoted.len() + 2) - 2, "{text}");
            let error = fails!(mv_bytearray_resize(*object, 65), MV_E_EXPORTED);
            assert!(message(&error).contains(&quoted));
            release(buffer);
            drop_views([mine]);
            assert!(!holders(*object).contains(&quoted));
        }
    };
    let check = |object: *mut mv_object| {
        assert_eq!(holders(object), "");
        check_free_and_drop(object);
    };
    crowd(1, bytearray, hold_with_a_label, check);
}

/// References of one object.
#[test]
fn references_of_one_object() {
    type Held = (Placed<Adversary>, *mut mv_object);
    let prepare = || {
        let (a, object) = Adversary::custom();
        (1..CROWD).for_each(|_| assert_eq!(call!(mv_object_ref(object)), object));
        (a, object)
    };
    let take_and_drop = |number: usize, (_, object): &Held| {
        for i in 0..turns(5000) {
            let mine = call!(mv_object_ref(*object));
            assert_eq!(mine, *object);
            if i % 256 == number {
                release(acquire(mine, MV_FULL));
            }
            unref(mine);
        }
        unref(*object);
    };
    let check = |(a, _): Held| a.check(a.grants(), a.grants(), 1);
    crowd(rounds(3), prepare, take_and_drop, check);
}

/// A view for each thread, that meets no other: parts of one view, and acquisitions of their own.
#[test]
fn parts_and_reexports_for_every_thread() {
    type Viewed = (*mut mv_object, *mut mv_view);
    let [crowded, own_length] = [CROWD, OWN].map(|number| c_int::try_from(number).expect("a few"));
    let prepare = || {
        let object = bytearray();
        (object, view_of(object))
    };
    let fill_own_part = |number: usize, (_, view): &Viewed| {
        let number = c_int::try_from(number).expect("a few");
        for _ in 0..turns(1000) {
            let own = reexport(*view).made();
            let part = split(own, number, crowded).made();
            fill(part, scalar_int((number + 1).into()));
            ok!(mv_view_release(own));
            assert_eq!(buffer_of(part).len, own_length as isize);
            drop_views([part, own]);
        }
    };
    let check = |(object, view): Viewed| {
        let filled = read(view);
        assert!(filled.iter().enumerate().all(|(at, byte)| usize::from(*byte) == at / OWN + 1));
        assert_eq!(call!(mv_object_exports(object)), 1);
        drop_views([view]);
        check_free_and_drop(object);
    };
    crowd(1, prepare, fill_own_part, check);
}

/// A boxed exporter asked by all at once, and revoked meanwhile: every grant is given back.
#[test]
fn revoke_against_requests() {
    type Held = (Placed<Adversary>, *mut mv_object);
    let turns = turns(50);
    let ask_or_revoke = |number: usize, (_, object): &Held| {
        for i in 0..turns {
            if number == 0 && i == turns / 2 {
                one_of(call!(mv_object_revoke(*object, SILENT)), [MV_OK, MV_E_EXPORTED]);
            }
            let (code, buffer) = ask(*object, MV_FULL);
            assert!(code == OK || (code == RELEASED && is_zero(&buffer)));
            release(buffer);
            let mut mine = NO_VIEW;
            one_of(call!(mv_view_new(*object, MV_FULL, &raw mut mine, SILENT)), [MV_OK, MV_E_RELEASED]);
            drop_views([mine]);
        }
    };
    let check = |(a, object): Held| {
        ok!(mv_object_revoke(object));
        unref(object);
        a.check(a.grants(), a.grants(), 1);
    };
    crowd(rounds(100), Adversary::custom, ask_or_revoke, check);
}
