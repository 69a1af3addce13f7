//! Real objects, buffers and views.

use std::{
    ffi::c_void,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use super::{ALL, FREED, Memory, explore, part, together, together_all};
use crate::{
    error::mv_status,
    kernel::Span,
    layout::Order,
    object::{
        Object, Request, buffer, bytearray,
        flags::{MV_FULL, MV_FULL_RO},
        memory,
        protocol::mv_buffer,
    },
    view::{Mode, View},
};

/// Memory that is lent to an object, until its callback gives it back.
struct Lent {
    bytes: [u8; 8],
    watched: Memory,
    given_back: AtomicUsize,
}

impl Lent {
    fn new() -> Arc<Self> {
        Arc::new(Lent { bytes: [0; 8], watched: Memory::new(), given_back: AtomicUsize::new(0) })
    }

    /// The object; the memory outlives it.
    fn object(self: &Arc<Self>) -> Object {
        unsafe extern "C" fn give_back(context: *mut c_void, _: *mut c_void) {
            // SAFETY: the memory outlives the object.
            let lent = unsafe { &*context.cast::<Lent>() };
            lent.watched.write(FREED);
            lent.given_back.fetch_add(1, Relaxed);
        }
        let context = Arc::as_ptr(self).cast_mut().cast();
        // SAFETY: readable, and alive for as long as the object.
        let span = unsafe { Span::from_const(self.bytes.as_ptr(), self.bytes.len()) };
        memory::new(&span, false, Some(give_back), context).unwrap()
    }

    fn view(self: &Arc<Self>) -> (Object, View) {
        let object = self.object();
        let view = View::new(&object, &Request::flags(MV_FULL)).unwrap();
        (object, view)
    }

    fn assert_given_back_once(&self) {
        assert_eq!(self.given_back.load(Relaxed), 1, "times given back");
    }
}

/// A buffer that is released when it goes.
struct Held(mv_buffer);

// SAFETY: a buffer may be used and released from any thread.
unsafe impl Send for Held {}

impl Held {
    fn new(object: &Object, request: &Request<'_>) -> Self {
        Held(buffer::acquire(object, request).unwrap())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: acquired in `new`, and released here alone.
        unsafe { buffer::release(&mut self.0) }
    }
}

/// An operation on a view that touches its memory; false where it is released or revoked.
fn read(view: &View, lent: &Lent) -> bool {
    match view.share().access() {
        Ok(_access) => {
            lent.watched.read();
            true
        }
        Err(error) => {
            assert!(error.is(mv_status::MV_E_RELEASED));
            false
        }
    }
}

#[test]
fn memory_goes_back_once_after_the_last_buffer_and_the_last_handle() {
    explore(ALL, || {
        let lent = Lent::new();
        let object = lent.object();
        let held = Held::new(&object, &Request::flags(MV_FULL));
        let theirs = lent.clone();
        let release = move || {
            theirs.watched.read();
            drop(held);
        };
        together([part(release), part(move || drop(object))]);
        lent.assert_given_back_once();
    });
}

#[test]
fn two_views_of_one_acquisition_end_it_once() {
    explore(2, || {
        let lent = Lent::new();
        let (object, view) = lent.view();
        let rest = view.slice(c"1:").unwrap();
        let end = |view: View| {
            let lent = lent.clone();
            part(move || {
                assert!(read(&view, &lent));
                view.release().unwrap();
            })
        };
        together([end(view), end(rest), part(move || drop(object))]);
        lent.assert_given_back_once();
    });
}

#[test]
fn a_view_is_read_or_released() {
    explore(ALL, || {
        let lent = Lent::new();
        let (object, view) = lent.view();
        drop(object);
        let (mine, theirs) = (view.clone(), lent.clone());
        let operation = move || {
            read(&mine, &theirs);
        };
        let release = move || match view.release() {
            Ok(()) => assert!(view.buffer().is_null()),
            Err(error) => assert!(error.is(mv_status::MV_E_EXPORTED)),
        };
        together([part(operation), part(release)]);
        lent.assert_given_back_once();
    });
}

#[test]
fn a_view_is_released_by_many_and_ends_once() {
    explore(2, || {
        let lent = Lent::new();
        let (object, view) = lent.view();
        drop(object);
        let end = |view: View| part(move || view.release().unwrap());
        together([end(view.clone()), end(view.clone()), part(move || drop(view))]);
        lent.assert_given_back_once();
    });
}

/// Makes a part of the view and reads it; nothing where the view is released.
fn slice(view: &View, lent: &Lent) {
    match view.slice(c"1:") {
        Ok(part) => {
            assert!(read(&part, lent));
            part.release().unwrap();
        }
        Err(error) => assert!(error.is(mv_status::MV_E_RELEASED)),
    }
}

#[test]
fn a_view_is_sliced_or_released() {
    let explore = |slicers: usize, preemptions: usize| {
        explore(preemptions, move || {
            let lent = Lent::new();
            let (object, view) = lent.view();
            drop(object);
            let slicer = || {
                let (mine, theirs) = (view.clone(), lent.clone());
                part(move || slice(&mine, &theirs))
            };
            let mut parts: Vec<_> = (0..slicers).map(|_| slicer()).collect();
            // Refused while a part of it is read, of which the view knows nothing: never.
            parts.push(part(move || view.release().unwrap()));
            together_all(parts);
            lent.assert_given_back_once();
        });
    };
    explore(1, 3);
    explore(2, 2);
}

/// A part of the copy is asked for, which does not come about: the copy is not what the release of that was told to end.
#[test]
fn a_copy_is_written_back_by_the_release_that_succeeds() {
    explore(2, || {
        let object = bytearray::zeroed(4).unwrap();
        let source = View::new(&object, &Request::flags(MV_FULL)).unwrap().slice(c"::2").unwrap();
        // SAFETY: a view's share is an object, alive while it is borrowed.
        let strided = unsafe { Object::borrow(source.share().as_raw()) };
        let copy = View::contiguous(&strided, Mode::WriteBack, Order::C).unwrap();
        copy.set_i64(&[1], 9).unwrap();
        let theirs = copy.clone();
        let ask = move || assert!(theirs.slice(c"2").is_err());
        let release = move || match copy.release() {
            Ok(()) => assert_eq!(source.get_i64(&[1]).unwrap(), 9),
            Err(error) => assert!(error.is(mv_status::MV_E_EXPORTED)),
        };
        together([part(release), part(ask)]);
    });
}

#[test]
fn the_first_operation_sees_the_revoke_or_the_revoke_sees_the_operation() {
    explore(3, || {
        let lent = Lent::new();
        let (object, view) = lent.view();
        let (mine, theirs) = (lent.clone(), lent.clone());
        let operation = move || {
            read(&view, &theirs);
        };
        let revoke = move || match object.revoke() {
            Ok(()) => mine.watched.write(1),
            Err(error) => assert!(error.is(mv_status::MV_E_EXPORTED)),
        };
        together([part(operation), part(revoke)]);
        lent.assert_given_back_once();
    });
}

#[test]
fn a_buffer_has_the_description_of_before_or_after_the_resize() {
    explore(3, || {
        let object = bytearray::zeroed(4).unwrap();
        let theirs = object.clone();
        let acquire = move || {
            let held = Held::new(&theirs, &Request::flags(MV_FULL_RO));
            // SAFETY: acquired, so that the shape is there.
            assert_eq!(unsafe { *held.0.shape }, held.0.len);
            assert!(held.0.len == 4 || held.0.len == 5);
        };
        let resize = move || {
            if let Err(error) = bytearray::resize(&object, 5) {
                assert!(error.is(mv_status::MV_E_EXPORTED));
            }
        };
        together([part(acquire), part(resize)]);
    });
}

#[test]
fn a_refused_resize_names_a_holder_that_is_there() {
    explore(3, || {
        let object = bytearray::zeroed(4).unwrap();
        let theirs = object.clone();
        let hold = move || drop(Held::new(&theirs, &Request::flags(MV_FULL_RO).labelled(c"reader")));
        let resize = move || {
            if let Err(error) = bytearray::resize(&object, 5) {
                assert!(error.is(mv_status::MV_E_EXPORTED));
            }
        };
        together([part(hold), part(resize)]);
    });
}
