//! A custom exporter of a 4 x 4 block whose callbacks turn against the object or the view that they are called for.

use std::{
    cell::UnsafeCell,
    ffi::c_void,
    ptr::{self, NonNull},
    sync::atomic::{AtomicPtr, AtomicUsize, Ordering},
};

use crate::{
    error::mv_error,
    object::{
        Code, Object, Request, buffer, custom,
        flags::{MV_EXCLUSIVE, MV_FULL},
        protocol::{mv_buffer, mv_exporter, mv_object, mv_request},
    },
    view::View,
};

/// What the callbacks do besides their work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Act {
    Nothing,
    /// `acquire` drops a handle of the object.
    DropInAcquire,
    /// The same, and refuses.
    DropAndRefuse,
    /// The same, and breaks the contract in its answer.
    DropAndBreak,
    /// `acquire` revokes the object.
    RevokeInAcquire,
    /// `release` drops a handle of the view.
    DropViewInRelease,
    /// `release` drops a handle of the object.
    DropInRelease,
    /// `release` uses the view whose acquisition ends.
    UseViewInRelease,
    /// `free` uses the object that is being freed.
    UseInFree,
}

struct World {
    act: Act,
    data: UnsafeCell<[u8; 64]>,
    object: AtomicPtr<mv_object>,
    view: AtomicPtr<mv_object>,
    acquired: AtomicUsize,
    released: AtomicUsize,
    freed: AtomicUsize,
    /// What went wrong within callbacks, which must not panic.
    surprises: AtomicUsize,
}

static SHAPE: [isize; 2] = [4, 4];
static STRIDES: [isize; 2] = [8, 2];

impl World {
    fn expect(&self, holds: bool) {
        self.surprises.fetch_add(usize::from(!holds), Ordering::SeqCst);
    }

    /// # Safety
    /// One handle of what the pointer leads to, if it is not NULL, is to be dropped here.
    unsafe fn drop_handle(of: &AtomicPtr<mv_object>) {
        // SAFETY: as the caller promises; dropped once.
        unsafe { drop(Object::from_raw(of.swap(ptr::null_mut(), Ordering::SeqCst))) }
    }

    /// # Safety
    /// The view's block is still there.
    unsafe fn use_view(&self) {
        let Some(view) = NonNull::new(self.view.load(Ordering::SeqCst)) else { return };
        // SAFETY: as the caller promises.
        let object = unsafe { Object::borrow(view) };
        let Some(share) = buffer::as_share(&object) else { return self.expect(false) };
        self.expect(share.release().is_ok());
        self.expect(share.pin().is_err());
        self.expect(buffer::acquire(&object, &Request::flags(MV_FULL)).is_err());
        drop(Object::clone(&object));
    }

    /// # Safety
    /// The object's block is still there.
    unsafe fn use_object(&self) {
        let Some(object) = NonNull::new(self.object.load(Ordering::SeqCst)) else { return };
        // SAFETY: as the caller promises.
        let object = unsafe { Object::borrow(object) };
        drop(Object::clone(&object));
        self.expect(buffer::acquire(&object, &Request::flags(MV_FULL)).is_err());
        self.expect(buffer::acquire(&object, &Request::flags(MV_FULL | MV_EXCLUSIVE)).is_err());
        self.expect(View::new(&object, &Request::flags(MV_FULL)).is_err());
        self.expect(object.revoke().is_ok());
        drop(Object::clone(&object));
    }
}

unsafe extern "C" fn acquire(
    me: *mut c_void,
    _: *const mv_request,
    out: *mut mv_buffer,
    _: *mut mv_error,
) -> Code {
    // SAFETY: the world outlives the object.
    let world = unsafe { &*me.cast::<World>() };
    match world.act {
        // SAFETY: the test left a handle for this callback.
        Act::DropInAcquire | Act::DropAndRefuse | Act::DropAndBreak => unsafe {
            World::drop_handle(&world.object);
        },
        Act::RevokeInAcquire => {
            if let Some(object) = NonNull::new(world.object.load(Ordering::SeqCst)) {
                // SAFETY: the acquisition under way keeps the object alive.
                // Refused where that is a holder: either way it closes the object.
                let _ = unsafe { Object::borrow(object) }.revoke();
            }
        }
        _ => {}
    }
    if world.act == Act::DropAndRefuse {
        return Code(99);
    }
    world.acquired.fetch_add(1, Ordering::SeqCst);
    let answer = mv_buffer {
        buf: world.data.get().cast(),
        obj: ptr::null_mut(),
        len: 0,
        itemsize: 1,
        readonly: 0,
        ndim: if world.act == Act::DropAndBreak { -3 } else { 2 },
        format: c"B".as_ptr(),
        shape: SHAPE.as_ptr(),
        strides: STRIDES.as_ptr(),
        suboffsets: ptr::null(),
        internal: me,
    };
    // SAFETY: the caller's struct.
    unsafe { out.write(answer) }
    Code(0)
}

unsafe extern "C" fn release(me: *mut c_void, buffer: *mut mv_buffer) {
    // SAFETY: the world outlives the object; the buffer is the caller's.
    let (world, internal) = unsafe { (&*me.cast::<World>(), (*buffer).internal) };
    world.expect(internal == me);
    world.released.fetch_add(1, Ordering::SeqCst);
    // SAFETY: the test left a handle for this callback; the view's block houses the acquisition that ends.
    unsafe {
        match world.act {
            Act::DropViewInRelease => World::drop_handle(&world.view),
            Act::DropInRelease => World::drop_handle(&world.object),
            Act::UseViewInRelease => world.use_view(),
            _ => {}
        }
    }
}

unsafe extern "C" fn free(me: *mut c_void) {
    // SAFETY: the world outlives the object.
    let world = unsafe { &*me.cast::<World>() };
    world.freed.fetch_add(1, Ordering::SeqCst);
    if world.act == Act::UseInFree {
        // SAFETY: the object is freed after this callback.
        unsafe { world.use_object() }
    }
}

/// The exporter's end of the callbacks; declare it before whatever holds the object.
pub(super) struct Exporter(NonNull<World>);

impl Exporter {
    pub(super) fn new(act: Act) -> (Exporter, Object) {
        let world = Box::into_raw(Box::new(World {
            act,
            data: UnsafeCell::new([0; 64]),
            object: AtomicPtr::default(),
            view: AtomicPtr::default(),
            acquired: AtomicUsize::new(0),
            released: AtomicUsize::new(0),
            freed: AtomicUsize::new(0),
            surprises: AtomicUsize::new(0),
        }));
        let callbacks = mv_exporter {
            size: size_of::<mv_exporter>(),
            name: c"world".as_ptr(),
            acquire: Some(acquire),
            release: Some(release),
            free: Some(free),
        };
        // SAFETY: the callbacks keep to the contract as far as they must.
        let object = unsafe { custom::new(&callbacks, world.cast()) }.unwrap();
        let exporter = Exporter(NonNull::new(world).unwrap());
        exporter.world().object.store(object.as_raw().as_ptr(), Ordering::SeqCst);
        (exporter, object)
    }

    fn world(&self) -> &World {
        // SAFETY: freed with the exporter.
        unsafe { self.0.as_ref() }
    }

    /// Tells the callbacks of the view that they turn against.
    pub(super) fn meet(&self, view: &View) {
        self.world().view.store(view.share().as_raw().as_ptr(), Ordering::SeqCst);
    }

    /// The acquisitions that were answered.
    pub(super) fn acquired(&self) -> usize {
        self.world().acquired.load(Ordering::SeqCst)
    }

    pub(super) fn released(&self) -> usize {
        self.world().released.load(Ordering::SeqCst)
    }

    /// The object is freed, once, and every acquisition was released.
    #[track_caller]
    pub(super) fn assert_ended(&self) {
        let world = self.world();
        assert_eq!(world.freed.load(Ordering::SeqCst), 1, "freed, for {:?}", world.act);
        assert_eq!(self.released(), self.acquired(), "released, for {:?}", world.act);
        assert_eq!(world.surprises.load(Ordering::SeqCst), 0, "surprises, for {:?}", world.act);
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        // SAFETY: whatever held the object is gone: it was declared later.
        unsafe { drop(Box::from_raw(self.0.as_ptr())) }
    }
}
