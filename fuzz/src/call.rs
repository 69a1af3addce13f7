//! The C functions, called as C calls them. What the header promises of every call is checked at every call:
//! the error says what the status says and holds one terminated text, success leaves it alone, a failure leaves
//! no handle behind.

use std::{
    ffi::{CStr, c_char, c_int, c_void},
    ptr::{self, NonNull},
};

use memview::{
    error::mv_error,
    ffi::{self, Code, mv_scalar, mv_view},
    layout::mv_index,
    object::protocol::{mv_buffer, mv_object, mv_request},
};

use crate::memory::Block;

/// What a failing call told, beside its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The status.
    pub status: i32,
    /// The dimension at fault.
    pub dim: i32,
    /// The position of the fault in a text.
    pub position: i64,
    /// The value at fault.
    pub value: i64,
    /// What it was held against.
    pub limit: i64,
}

/// What a call answered.
pub type Answer<T> = Result<T, Failure>;

const MARKED: mv_error =
    mv_error { status: 77, dim: 77, position: 77, value: 77, limit: 77, message: [77; 480] };

/// A call that answers with a status alone.
pub fn call(work: impl FnOnce(*mut mv_error) -> Code) -> Answer<()> {
    let mut error = MARKED;
    let Code(status) = work(&raw mut error);
    let mv_error { dim, position, value, limit, message, .. } = error;
    if status == 0 {
        let untouched = (error.status, dim, position, value, limit) == (77, 77, 77, 77, 77);
        assert!(untouched && message == MARKED.message, "success has written the error");
        return Ok(());
    }
    assert_eq!(error.status, status, "the error says something else than the status");
    let text: Vec<u8> =
        message.iter().map(|byte| byte.to_ne_bytes()[0]).take_while(|byte| *byte != 0).collect();
    assert!(text.len() < message.len() && !text.is_empty(), "the message is not terminated, or empty");
    assert!(std::str::from_utf8(&text).is_ok(), "the message is not UTF-8");
    Err(Failure { status, dim, position, value, limit })
}

/// A call that makes a handle.
pub fn make<T>(work: impl FnOnce(*mut *mut T, *mut mv_error) -> Code) -> Answer<NonNull<T>> {
    let mut out = NonNull::dangling().as_ptr();
    match call(|error| work(&raw mut out, error)) {
        Ok(()) => Ok(NonNull::new(out).expect("success gives a handle")),
        Err(failure) => {
            assert!(out.is_null(), "a failure has left a handle");
            Err(failure)
        }
    }
}

/// A call that fills a buffer, which is released in the end.
pub fn fill(work: impl FnOnce(*mut mv_buffer, *mut mv_error) -> Code) -> Answer<Acquired> {
    let marked = ptr::without_provenance_mut::<c_void>(1);
    let mut out = mv_buffer { buf: marked, len: 7, ndim: 7, internal: marked, ..NO_BUFFER };
    match call(|error| work(&raw mut out, error)) {
        Ok(()) => Ok(Acquired(out)),
        Err(failure) => {
            let pointers = out.buf.is_null() && out.obj.is_null() && out.internal.is_null();
            let arrays = out.shape.is_null() && out.strides.is_null() && out.suboffsets.is_null();
            let numbers = (out.len, out.itemsize, out.readonly, out.ndim) == (0, 0, 0, 0);
            assert!(pointers && arrays && numbers && out.format.is_null(), "a failure has left a buffer");
            Err(failure)
        }
    }
}

/// A buffer of zeros.
pub const NO_BUFFER: mv_buffer = mv_buffer {
    buf: ptr::null_mut(),
    obj: ptr::null_mut(),
    len: 0,
    itemsize: 0,
    readonly: 0,
    ndim: 0,
    format: ptr::null(),
    shape: ptr::null(),
    strides: ptr::null(),
    suboffsets: ptr::null(),
    internal: ptr::null_mut(),
};

/// An acquired buffer.
pub struct Acquired(pub mv_buffer);

impl Drop for Acquired {
    fn drop(&mut self) {
        // SAFETY: acquired, and released here alone.
        unsafe { ffi::mv_buffer_release(&raw mut self.0) };
        assert!(self.0.obj.is_null());
    }
}

/// A count as C has it.
pub fn int(count: usize) -> c_int {
    c_int::try_from(count).expect("a small count")
}

/// One reference to an object.
pub struct Object(NonNull<mv_object>);

impl Drop for Object {
    fn drop(&mut self) {
        // SAFETY: the reference is ours.
        unsafe { ffi::mv_object_unref(self.0.as_ptr()) }
    }
}

impl Object {
    /// Takes over what a call made.
    ///
    /// # Safety
    /// One reference to a live object, given away.
    pub unsafe fn of(object: NonNull<mv_object>) -> Self {
        Object(object)
    }

    /// The object as C has it.
    pub fn raw(&self) -> *mut mv_object {
        self.0.as_ptr()
    }

    /// `mv_array_new`
    pub fn array(format: &CStr, shape: &[isize], order: u8) -> Answer<Self> {
        // SAFETY: arrays and texts are valid.
        let made = make(|out, error| unsafe {
            ffi::mv_array_new(format.as_ptr(), shape.as_ptr(), int(shape.len()), order.into(), out, error)
        });
        made.map(Object)
    }

    /// `mv_object_exports`
    pub fn exports(&self) -> usize {
        // SAFETY: the object is alive.
        unsafe { ffi::mv_object_exports(self.raw()) }
    }

    /// `mv_buffer_acquire`
    pub fn acquire(&self, flags: c_int) -> Answer<Acquired> {
        // SAFETY: the object is alive.
        fill(|out, error| unsafe { ffi::mv_buffer_acquire(self.raw(), flags, out, error) })
    }

    /// `mv_buffer_acquire_for` with a wanted format.
    pub fn acquire_as(&self, flags: c_int, format: &CStr) -> Answer<Acquired> {
        let (size, format) = (size_of::<mv_request>(), format.as_ptr());
        let request = mv_request { size, flags, ndim: -1, format, label: ptr::null() };
        // SAFETY: the object is alive and the request valid.
        fill(|out, error| unsafe { ffi::mv_buffer_acquire_for(self.raw(), &raw const request, out, error) })
    }
}

/// One reference to a view.
pub struct View(NonNull<mv_view>);

impl Drop for View {
    fn drop(&mut self) {
        // SAFETY: the reference is ours.
        unsafe { ffi::mv_view_unref(self.0.as_ptr()) }
    }
}

fn array<T>(list: Option<&[T]>, absent: c_int) -> (*const T, c_int) {
    list.map_or((ptr::null(), absent), |list| (list.as_ptr(), int(list.len())))
}

fn text(text: Option<&CStr>) -> *const c_char {
    text.map_or(ptr::null(), CStr::as_ptr)
}

/// Calls a function whose arguments end in `error`.
macro_rules! status {
    ($function:ident($($argument:expr),*)) => {
        // SAFETY: the handles are alive, arrays and texts valid for the call, and blocks hold what is asked of them.
        call(|error| unsafe { ffi::$function($($argument,)* error) })
    };
}

/// Calls a function that makes a view.
macro_rules! view {
    ($function:ident($($argument:expr),*)) => {
        // SAFETY: as above.
        make(|out, error| unsafe { ffi::$function($($argument,)* out, error) }).map(View)
    };
}

impl View {
    /// Takes over what a call made.
    ///
    /// # Safety
    /// One reference to a live view, given away.
    pub unsafe fn of(view: NonNull<mv_view>) -> Self {
        View(view)
    }

    /// The view as C has it.
    pub fn raw(&self) -> *mut mv_view {
        self.0.as_ptr()
    }

    /// Another reference to the view, as an object.
    pub fn object(&self) -> Object {
        // SAFETY: the view is alive.
        let object = unsafe { ffi::mv_object_ref(ffi::mv_view_as_object(self.raw())) };
        Object(NonNull::new(object).expect("a view is an object"))
    }

    /// `mv_view_buffer`
    pub fn buffer(&self) -> &mv_buffer {
        // SAFETY: the view is alive.
        unsafe { ffi::mv_view_buffer(self.raw()).as_ref() }.expect("a view that is not released")
    }

    /// `mv_view_new`
    pub fn new(object: &Object, flags: c_int) -> Answer<Self> {
        view!(mv_view_new(object.raw(), flags))
    }

    /// `mv_view_contiguous`
    pub fn contiguous(object: &Object, mode: c_int, order: u8) -> Answer<Self> {
        view!(mv_view_contiguous(object.raw(), mode, order.into()))
    }

    /// `mv_view_toreadonly`
    pub fn to_readonly(&self) -> Answer<Self> {
        view!(mv_view_toreadonly(self.raw()))
    }

    /// `mv_view_index`
    pub fn index(&self, items: &[mv_index]) -> Answer<Self> {
        view!(mv_view_index(self.raw(), items.as_ptr(), int(items.len())))
    }

    /// `mv_view_slice`
    pub fn slice(&self, text: &CStr) -> Answer<Self> {
        view!(mv_view_slice(self.raw(), text.as_ptr()))
    }

    /// `mv_view_transpose`
    pub fn transpose(&self, axes: Option<&[i32]>) -> Answer<Self> {
        let (axes, count) = array(axes, 0);
        view!(mv_view_transpose(self.raw(), axes, count))
    }

    /// `mv_view_reshape`
    pub fn reshape(&self, shape: &[isize], order: u8) -> Answer<Self> {
        view!(mv_view_reshape(self.raw(), shape.as_ptr(), int(shape.len()), order.into()))
    }

    /// `mv_view_broadcast`
    pub fn broadcast(&self, shape: &[isize]) -> Answer<Self> {
        view!(mv_view_broadcast(self.raw(), shape.as_ptr(), int(shape.len())))
    }

    /// `mv_view_split`
    pub fn split(&self, part: c_int, parts: c_int) -> Answer<Self> {
        view!(mv_view_split(self.raw(), part, parts))
    }

    /// `mv_view_cast`
    pub fn cast(&self, format: Option<&CStr>, shape: Option<&[isize]>, order: u8) -> Answer<Self> {
        let (shape, ndim) = array(shape, -1);
        view!(mv_view_cast(self.raw(), text(format), shape, ndim, order.into()))
    }

    /// `mv_view_release`
    pub fn release(&self) -> Answer<()> {
        status!(mv_view_release(self.raw()))
    }

    /// `mv_view_get`
    pub fn get(&self, index: &[isize]) -> Answer<mv_scalar> {
        let mut out = int_scalar(0);
        status!(mv_view_get(self.raw(), index.as_ptr(), int(index.len()), &raw mut out))?;
        Ok(out)
    }

    /// `mv_view_set`
    pub fn set(&self, index: &[isize], value: &mv_scalar) -> Answer<()> {
        status!(mv_view_set(self.raw(), index.as_ptr(), int(index.len()), value))
    }

    /// `mv_view_fill`
    pub fn fill(&self, value: &mv_scalar) -> Answer<()> {
        status!(mv_view_fill(self.raw(), value))
    }

    /// `mv_view_copy`
    pub fn copy_from(&self, source: &View) -> Answer<()> {
        status!(mv_view_copy(self.raw(), source.raw()))
    }

    /// `mv_view_read` to a place in a block.
    pub fn read(&self, format: Option<&CStr>, order: u8, to: &Block, at: usize, length: usize) -> Answer<()> {
        let data = to.range(at, length).cast();
        status!(mv_view_read(self.raw(), text(format), order.into(), data, length))
    }

    /// `mv_view_write` from a place in a block.
    pub fn write(
        &self,
        format: Option<&CStr>,
        order: u8,
        from: &Block,
        at: usize,
        length: usize,
    ) -> Answer<()> {
        let data = from.range(at, length).cast();
        status!(mv_view_write(self.raw(), text(format), order.into(), data, length))
    }
}

/// A scalar that holds a signed number.
pub fn int_scalar(i: i64) -> mv_scalar {
    mv_scalar { kind: ffi::MV_INT, reserved: 0, r#as: ffi::mv_scalar_value { i }, format: ptr::null() }
}
