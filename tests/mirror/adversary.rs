//! Exporters that misbehave, and count what is done to them: `c-tests/adversary.h`, and the `foreign` of `c-tests/fixtures.h`.
//!
//! An [`Adversary`] exports the 64 bytes inside itself: `custom` boxes it with `mv_custom_new`, `object` is its `mv_object`
//! with a function table of its own, `foreign` one that counts no references and outlives its users. What acquire answers and
//! returns is in `answer` and `status`, and may be changed at any time; the hooks are called from inside the callbacks and
//! may do to the library what they like.

use std::{
    cell::{Cell, UnsafeCell},
    ffi::{c_char, c_void},
    ptr,
    sync::atomic::{
        AtomicI32, AtomicPtr,
        Ordering::{Relaxed, SeqCst},
    },
};

use memview::{
    error::mv_error,
    ffi::{Code, mv_view},
    object::protocol::{MV_ABI, mv_buffer, mv_exporter, mv_object, mv_request, mv_type},
};

use crate::harness::{Placed, is_zero, zero};

pub type Hook = fn(&Adversary);
pub type Words = fn(&Adversary, *mut mv_error);

/// The words of an exporter that refuses.
pub const REFUSAL: &str = "the foreign exporter refuses";

/// `mv_fail`, which is C.
pub fn fail(error: *mut mv_error, status: i32, words: &str) {
    let mut failure: mv_error = zero();
    (failure.status, failure.dim, failure.position) = (status, -1, -1);
    for (to, from) in failure.message.iter_mut().zip(words.bytes()) {
        *to = c_char::from_ne_bytes([from]);
    }
    // SAFETY: an exporter is given an error to be filled, or NULL.
    if let Some(error) = unsafe { error.as_mut() } {
        *error = failure;
    }
}

#[repr(C, align(64))]
struct Bytes(UnsafeCell<[u8; 64]>);

#[repr(C)]
pub struct Adversary {
    object: mv_object,
    bytes: Bytes,
    /// Copied to `out` by every acquire, also by one that fails.
    pub answer: Cell<mv_buffer>,
    /// What acquire returns: an `mv_status`, or a number that is none.
    pub status: Cell<i32>,
    /// What it does to the error, also where it succeeds.
    pub fill_error: Cell<Option<Words>>,
    pub on_acquire: Cell<Option<Hook>>,
    pub on_release: Cell<Option<Hook>>,
    pub on_free: Cell<Option<Hook>>,
    /// For the hooks; not counted.
    pub own: Cell<*mut mv_object>,
    pub other_object: Cell<*mut mv_object>,
    pub other_view: Cell<*mut mv_view>,
    /// What a hook was answered, and what it was given.
    pub seen: Cell<i32>,
    pub taken: Cell<mv_buffer>,
    pub kept: Cell<*mut mv_view>,
    /// The last request.
    pub flags: AtomicI32,
    pub asked_ndim: AtomicI32,
    pub asked_format: AtomicPtr<c_char>,
    pub asked_label: AtomicPtr<c_char>,
    calls: AtomicI32,
    grants: AtomicI32,
    releases: AtomicI32,
    frees: AtomicI32,
    references: AtomicI32,
    /// `internal` as the last release was given it.
    pub released_internal: AtomicPtr<c_void>,
    pub shape: Cell<[isize; 4]>,
    pub strides: Cell<[isize; 4]>,
    pub suboffsets: Cell<[isize; 4]>,
}

// SAFETY: what threads change at once is atomic; the cells are set before they begin.
unsafe impl Sync for Adversary {}

impl Adversary {
    fn new(r#type: *const mv_type) -> Placed<Adversary> {
        let adversary = Placed::new(Adversary {
            object: mv_object { r#type },
            bytes: Bytes(UnsafeCell::new(std::array::from_fn(|i| u8::try_from(i).expect("below 64")))),
            answer: Cell::new(zero()),
            status: Cell::new(0),
            fill_error: Cell::default(),
            on_acquire: Cell::default(),
            on_release: Cell::default(),
            on_free: Cell::default(),
            own: Cell::new(ptr::null_mut()),
            other_object: Cell::new(ptr::null_mut()),
            other_view: Cell::new(ptr::null_mut()),
            seen: Cell::new(0),
            taken: Cell::new(zero()),
            kept: Cell::new(ptr::null_mut()),
            flags: AtomicI32::default(),
            asked_ndim: AtomicI32::default(),
            asked_format: AtomicPtr::default(),
            asked_label: AtomicPtr::default(),
            calls: AtomicI32::default(),
            grants: AtomicI32::default(),
            releases: AtomicI32::default(),
            frees: AtomicI32::default(),
            references: AtomicI32::new(1),
            released_internal: AtomicPtr::default(),
            shape: Cell::new([16, 0, 0, 0]),
            strides: Cell::new([1, 0, 0, 0]),
            suboffsets: Cell::default(),
        });
        let at = adversary.as_ptr();
        adversary.answer.set(mv_buffer {
            buf: adversary.bytes().cast(),
            itemsize: 1,
            ndim: 1,
            format: c"B".as_ptr(),
            shape: adversary.shape.as_ptr().cast(),
            strides: adversary.strides.as_ptr().cast(),
            internal: at.cast(),
            ..zero()
        });
        adversary
    }

    /// With an object around it: one reference, the caller's. Well behaved to begin with: 16 writable bytes, 0 to 15.
    pub fn custom() -> (Placed<Adversary>, *mut mv_object) {
        let adversary = Adversary::new(ptr::null());
        let object = made!(mv_custom_new(&raw const CALLBACKS.0, adversary.as_ptr().cast()));
        adversary.own.set(object);
        (adversary, object)
    }

    /// With itself as an object: one reference, the caller's.
    pub fn object() -> (Placed<Adversary>, *mut mv_object) {
        Adversary::typed(&raw const COUNTED.0)
    }

    /// With itself as an object that nobody counts: four writable bytes at `data`.
    pub fn foreign(data: *mut c_void) -> (Placed<Adversary>, *mut mv_object) {
        let (adversary, object) = Adversary::typed(&raw const UNCOUNTED.0);
        adversary.shape.set([4, 0, 0, 0]);
        adversary.change(|answer| answer.buf = data);
        (adversary, object)
    }

    /// With itself as an object of this type, which may use the functions of this module.
    pub fn typed(r#type: *const mv_type) -> (Placed<Adversary>, *mut mv_object) {
        let adversary = Adversary::new(r#type);
        let object = adversary.as_ptr().cast();
        adversary.own.set(object);
        (adversary, object)
    }

    pub fn bytes(&self) -> *mut u8 {
        self.bytes.0.get().cast()
    }

    pub fn byte(&self, at: usize) -> u8 {
        assert!(at < 64);
        // SAFETY: within the 64 bytes; nobody writes them meanwhile.
        unsafe { self.bytes().add(at).read() }
    }

    /// Writes every byte.
    pub fn fill(&self, byte: u8) {
        // SAFETY: the 64 bytes are there; nobody uses them meanwhile.
        unsafe { self.bytes().write_bytes(byte, 64) }
    }

    /// Ends what a hook acquired.
    pub fn release_taken(&self) {
        crate::fixtures::release(self.taken.replace(zero()));
    }

    /// Changes the answer.
    pub fn change(&self, work: impl FnOnce(&mut mv_buffer)) {
        let mut answer = self.answer.get();
        work(&mut answer);
        self.answer.set(answer);
    }

    /// Refuses from now on, in words of its own.
    pub fn refuse(&self, status: i32) {
        self.status.set(status);
        self.fill_error.set(Some(|adversary, error| fail(error, adversary.status.get(), REFUSAL)));
    }

    pub fn calls(&self) -> i32 {
        self.calls.load(SeqCst)
    }

    pub fn grants(&self) -> i32 {
        self.grants.load(SeqCst)
    }

    pub fn releases(&self) -> i32 {
        self.releases.load(SeqCst)
    }

    pub fn frees(&self) -> i32 {
        self.frees.load(SeqCst)
    }

    pub fn references(&self) -> i32 {
        self.references.load(SeqCst)
    }

    /// So many grants were made and given back, and it was freed so often.
    #[track_caller]
    pub fn check(&self, granted: i32, released: i32, freed: i32) {
        assert_eq!((self.grants(), self.releases(), self.frees()), (granted, released, freed));
    }

    fn answer(&self, request: &mv_request, out: *mut mv_buffer, error: *mut mv_error) -> Code {
        self.calls.fetch_add(1, SeqCst);
        self.flags.store(request.flags, Relaxed);
        self.asked_ndim.store(request.ndim, Relaxed);
        self.asked_format.store(request.format.cast_mut(), Relaxed);
        self.asked_label.store(request.label.cast_mut(), Relaxed);
        // SAFETY: `out` is a buffer to be filled, `error` NULL or an error to be filled.
        unsafe {
            assert!(is_zero(&*out), "out comes zeroed");
            self.call(&self.on_acquire);
            out.write(self.answer.get());
            if let Some(fill) = self.fill_error.get()
                && !error.is_null()
            {
                fill(self, error);
            }
        }
        let status = self.status.get();
        self.grants.fetch_add(i32::from(status == 0), SeqCst);
        Code(status)
    }

    fn let_go(&self, buffer: &mv_buffer) {
        self.releases.fetch_add(1, SeqCst);
        self.released_internal.store(buffer.internal, Relaxed);
        self.call(&self.on_release);
    }

    fn end(&self) {
        self.frees.fetch_add(1, SeqCst);
        self.call(&self.on_free);
    }

    fn call(&self, hook: &Cell<Option<Hook>>) {
        if let Some(hook) = hook.get() {
            hook(self);
        }
    }
}

/// The adversary behind `self_`, with which every callback begins.
///
/// # Safety
/// `self_` is an adversary that is alive.
unsafe fn at<'a, T>(self_: *const T) -> &'a Adversary {
    // SAFETY: as the caller promises; what changes lies in cells.
    unsafe { &*self_.cast() }
}

unsafe extern "C" fn custom_acquire(
    self_: *mut c_void,
    request: *const mv_request,
    out: *mut mv_buffer,
    error: *mut mv_error,
) -> Code {
    // SAFETY: memview calls it with what the protocol says.
    unsafe { at(self_).answer(&*request, out, error) }
}

unsafe extern "C" fn custom_release(self_: *mut c_void, buffer: *mut mv_buffer) {
    // SAFETY: as above.
    unsafe { at(self_).let_go(&*buffer) }
}

unsafe extern "C" fn custom_free(self_: *mut c_void) {
    // SAFETY: as above.
    unsafe { at(self_).end() }
}

unsafe extern "C" fn add(self_: *mut mv_object) {
    // SAFETY: as above.
    unsafe { at(self_).references.fetch_add(1, SeqCst) };
}

unsafe extern "C" fn drop_one(self_: *mut mv_object) {
    // SAFETY: as above.
    let adversary = unsafe { at(self_) };
    if adversary.references.fetch_sub(1, SeqCst) == 1 {
        adversary.end();
    }
}

pub unsafe extern "C" fn acquire(
    self_: *mut mv_object,
    request: *const mv_request,
    out: *mut mv_buffer,
    error: *mut mv_error,
) -> Code {
    // SAFETY: as above.
    unsafe { at(self_).answer(&*request, out, error) }
}

pub unsafe extern "C" fn release(self_: *mut mv_object, buffer: *mut mv_buffer) {
    // SAFETY: as above.
    unsafe { at(self_).let_go(&*buffer) }
}

unsafe extern "C" fn exports(self_: *const mv_object) -> usize {
    // SAFETY: as above.
    let adversary = unsafe { at(self_) };
    usize::try_from(adversary.grants() - adversary.releases()).expect("no more releases than grants")
}

/// A table of functions, for ever.
pub struct Table<T>(pub T);
// SAFETY: a table is only read.
unsafe impl<T> Sync for Table<T> {}

pub static CALLBACKS: Table<mv_exporter> = Table(mv_exporter {
    size: size_of::<mv_exporter>(),
    name: c"adversary".as_ptr(),
    acquire: Some(custom_acquire),
    release: Some(custom_release),
    free: Some(custom_free),
});

/// What `MV_TYPE_INIT` says.
#[allow(clippy::cast_possible_truncation, reason = "a table is small")]
pub const TYPE_SIZE: u32 = size_of::<mv_type>() as u32;

/// As an exporter writes it that counts references.
pub const TYPE: mv_type = mv_type {
    size: TYPE_SIZE,
    abi: MV_ABI,
    name: c"adversary".as_ptr(),
    r#ref: Some(add),
    unref: Some(drop_one),
    acquire: Some(acquire),
    release: Some(release),
    exports: Some(exports),
    features: 0,
};

static COUNTED: Table<mv_type> = Table(TYPE);

static UNCOUNTED: Table<mv_type> =
    Table(mv_type { name: c"foreign".as_ptr(), r#ref: None, unref: None, exports: None, ..TYPE });
