//! Any bytes as a description: of somebody's memory with its extent, of borrowed memory, and in the answer of a
//! foreign exporter. It is taken where nothing is wrong with it, refused with the right cause elsewhere, and
//! what is taken is read to the last byte.

use std::{
    cell::Cell,
    ffi::c_void,
    ptr::{self, NonNull},
};

use memview::{
    error::{
        mv_error,
        mv_status::{MV_E_BUFFER, MV_E_CALLBACK, MV_E_FLAGS, MV_E_SHAPE, MV_E_VALUE},
    },
    ffi::{self, Code},
    object::{
        flags::{
            MV_C_CONTIGUOUS, MV_F_CONTIGUOUS, MV_FORMAT, MV_FULL_RO, MV_INDIRECT, MV_ND, MV_STRIDES,
            MV_WRITABLE,
        },
        protocol::{MV_ABI, mv_buffer, mv_exporter, mv_object, mv_request, mv_type},
    },
};

use crate::{
    bytes::Bytes,
    call::{Answer, Object, View, make},
    check::{check_geometry, check_reads, gather, is_indirect, to_contiguous},
    description::{Description, Full},
    memory::Block,
    model::{Causes, Model, product},
    slice_program::{END, step},
};

/// Reads one description and hands it to all who take one.
pub fn run(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let block = Block::new(bytes.below(256), 7);
    let start = bytes.below(block.length().min(255) + 1);
    let extent = (block.length() - start).saturating_sub(bytes.below(9));
    let base = block.at(start);
    let given = Description::new(&mut bytes, base);
    let full = given.complete();
    let inside = full.as_ref().is_ok_and(|full| given.lies_in(full, base, extent));
    let items = match &full {
        Ok(full) if inside => full.build(given.buffer.buf.cast()).map(|behind| (full, behind)),
        _ => None,
    };
    let model = items.as_ref().map(|(full, behind)| {
        let block = behind.last().unwrap_or(&block);
        (full.model(&given.buffer, block, given.format.unwrap_or(c"B")), block)
    });
    describe(&mut bytes, &given, &full, inside, (base, extent), model.as_ref());
    borrow(&given, &full, model.as_ref());
    let mut exporter = Exporter::new(&mut bytes, &given, inside);
    exporter.ask(&mut bytes, &full, model.as_ref());
}

type Known<'a> = Option<&'a (Model, &'a Block)>;

/// The items of a view, where they are known; else its first and its last.
fn look(view: &View, model: Known, full: &Full) {
    if let Some((model, block)) = model {
        return check_reads(view, model, block);
    }
    assert_eq!(view.buffer().len as i128, product(&full.shape) * full.itemsize as i128);
    if !view.buffer().suboffsets.is_null() || full.is_empty() {
        return;
    }
    let last: Vec<isize> = full.shape.iter().map(|extent| extent - 1).collect();
    view.get(&vec![0; last.len()]).expect("the first item");
    view.get(&last).expect("the last item");
}

/// `mv_memory_describe`
fn describe(
    bytes: &mut Bytes,
    given: &Description,
    full: &Result<Full, Causes>,
    inside: bool,
    (base, extent): (*mut u8, usize),
    model: Known,
) {
    let freed = Cell::new(0);
    let context = (&raw const freed).cast_mut().cast();
    // SAFETY: the description is valid, and the extent is the block's.
    let made = make(|out, error| unsafe {
        let (description, base) = (&raw const given.buffer, base.cast());
        ffi::mv_memory_describe(description, base, extent, Some(count), context, out, error)
    });
    let mut causes = full.as_ref().map_or_else(|causes| *causes, |_| Causes::NONE);
    let empty = full.as_ref().is_ok_and(Full::is_empty);
    causes.add_if(given.buffer.buf.is_null() && !empty, MV_E_VALUE);
    causes.add_if(!inside && !empty, MV_E_SHAPE);
    let object = match made {
        // SAFETY: new, and given away here.
        Ok(object) => unsafe { Object::of(object) },
        Err(failure) => {
            assert!(causes.has(failure.status), "{failure:?}, expected {causes:?}");
            assert_eq!(freed.get(), 0, "memory that was not taken is not given back");
            return;
        }
    };
    let Ok(full) = full else { panic!("taken, expected {causes:?}") };
    assert!(inside || empty, "taken, and reaches outside");
    let view = View::new(&object, MV_FULL_RO).expect("a view");
    look(&view, model, full);
    parts(bytes, &view, model);
    drop(view);
    drop(object);
    assert_eq!(freed.get(), 1, "the owner is told once");
}

unsafe extern "C" fn count(context: *mut c_void, _data: *mut c_void) {
    // SAFETY: the counter of `describe`.
    let freed = unsafe { &*context.cast::<Cell<u32>>() };
    freed.set(freed.get() + 1);
}

/// Parts of the view, by operations on it.
fn parts(bytes: &mut Bytes, view: &View, model: Known) {
    let Some((model, block)) = model else { return };
    for _ in 0..bytes.below(5) {
        let (operation, indirect) = (bytes.below(END), is_indirect(view.buffer()));
        let next = step(operation, bytes, view, model, indirect);
        if let Some((part, expected)) = next {
            check_geometry(&part, &expected, block);
        }
    }
}

/// `mv_view_from_buffer`
fn borrow(given: &Description, full: &Result<Full, Causes>, model: Known) {
    // SAFETY: the description is valid; the memory is read only where it is known to be there.
    let made = make(|out, error| unsafe { ffi::mv_view_from_buffer(&raw const given.buffer, out, error) });
    let mut causes = full.as_ref().map_or_else(|causes| *causes, |_| Causes::NONE);
    causes.add_if(given.buffer.buf.is_null(), MV_E_VALUE);
    match made {
        Ok(view) => {
            // SAFETY: new, and given away here.
            let view = unsafe { View::of(view) };
            assert_eq!(causes, Causes::NONE, "taken");
            if let Some((model, block)) = model {
                check_reads(&view, model, block);
            }
        }
        Err(failure) => assert!(causes.has(failure.status), "{failure:?}, expected {causes:?}"),
    }
}

/// An exporter that answers with the description.
#[repr(C)]
struct Exporter<'a> {
    head: mv_object,
    given: &'a Description,
    readable: bool,
    /// What acquiring returns.
    status: i32,
    error: mv_error,
    internal: *mut c_void,
    acquired: u32,
    released: u32,
}

const TABLE: mv_type = mv_type {
    size: size_of::<mv_type>() as u32,
    abi: MV_ABI,
    name: c"fuzzed".as_ptr(),
    r#ref: None,
    unref: None,
    acquire: Some(acquire),
    release: Some(release),
    exports: None,
    features: 0,
};

unsafe extern "C" fn acquire(
    this: *mut mv_object,
    _request: *const mv_request,
    out: *mut mv_buffer,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the object is the head of an exporter, and the rest is memview's for the call.
    unsafe {
        let this = &mut *this.cast::<Exporter>();
        let internal = this.internal;
        // `obj` is memview's to fill, whatever an exporter leaves there.
        *out = mv_buffer { internal, obj: ptr::without_provenance_mut(16), ..this.given.buffer };
        if this.status == 0 {
            this.acquired += 1;
        } else {
            *error = this.error;
        }
        Code(this.status)
    }
}

unsafe extern "C" fn release(this: *mut mv_object, buffer: *mut mv_buffer) {
    // SAFETY: as above.
    let (this, buffer) = unsafe { (&mut *this.cast::<Exporter>(), &*buffer) };
    assert_eq!(buffer.internal, this.internal, "'internal' comes back as it was left");
    this.released += 1;
}

unsafe extern "C" fn acquire_custom(
    this: *mut c_void,
    request: *const mv_request,
    out: *mut mv_buffer,
    error: *mut mv_error,
) -> Code {
    // SAFETY: the same, called by another way.
    unsafe { acquire(this.cast(), request, out, error) }
}

unsafe extern "C" fn release_custom(this: *mut c_void, buffer: *mut mv_buffer) {
    // SAFETY: as above.
    unsafe { release(this.cast(), buffer) }
}

impl<'a> Exporter<'a> {
    fn new(bytes: &mut Bytes, given: &'a Description, readable: bool) -> Self {
        let mut error = mv_error { status: 3, dim: 4, position: 5, value: 6, limit: 7, message: [0; 480] };
        let status = if bytes.once_in(8) { bytes.number() as i32 } else { 0 };
        if status != 0 {
            let text = bytes.take(8);
            let cycle = text.iter().cycle().map(|byte| byte.cast_signed() as _);
            error.message.iter_mut().zip(cycle).for_each(|(to, byte)| *to = byte);
        }
        let internal = ptr::without_provenance_mut(usize::from(bytes.byte()));
        let head = mv_object { r#type: &TABLE };
        Exporter { head, given, readable, status, error, internal, acquired: 0, released: 0 }
    }

    /// Asks for a buffer and for a view, by a table of the exporter's own or as a custom object.
    fn ask(&mut self, bytes: &mut Bytes, full: &Result<Full, Causes>, model: Known) {
        let flags = match bytes.below(8) {
            0..3 => MV_FULL_RO,
            3..7 => bytes.one_of(&FLAGS) | bytes.one_of(&FLAGS),
            _ => bytes.number() as i32,
        };
        let custom = bytes.once_in(2);
        let object = if custom { self.custom() } else { self.foreign() };
        self.check_buffer(&object, flags, full, model);
        let acquired = self.acquired;
        self.check_view(&object, full, model);
        assert!(self.acquired <= acquired + 1, "one view, one acquisition");
        drop(object);
        assert_eq!(self.acquired, self.released, "each acquisition is released once");
    }

    fn foreign(&mut self) -> Object {
        let head = NonNull::from(&mut self.head);
        // SAFETY: without `ref` and `unref`, the object outlives its users.
        unsafe { Object::of(head) }
    }

    fn custom(&mut self) -> Object {
        let callbacks = mv_exporter {
            size: size_of::<mv_exporter>(),
            name: ptr::null(),
            acquire: Some(acquire_custom),
            release: Some(release_custom),
            free: None,
        };
        let this = (&raw mut *self).cast();
        // SAFETY: the exporter outlives the object.
        let made = make(|out, error| unsafe { ffi::mv_custom_new(&raw const callbacks, this, out, error) });
        // SAFETY: new, and given away here.
        unsafe { Object::of(made.expect("a custom object")) }
    }

    /// What a request may fail with, whatever the answer.
    fn check_failure<T>(&self, answer: &Answer<T>, full: &Result<Full, Causes>) -> bool {
        let Err(failure) = answer else { return false };
        if self.status != 0 {
            let passed = failure.status == self.status;
            assert!(passed || failure.status == MV_E_FLAGS as i32, "{failure:?}, expected {}", self.status);
            return true;
        }
        let mut causes = Causes::of(MV_E_BUFFER).or(Causes::of(MV_E_FLAGS));
        let empty = full.as_ref().is_ok_and(Full::is_empty);
        let wrong = full.is_err() || self.given.buffer.buf.is_null() && !empty;
        causes.add_if(wrong, MV_E_CALLBACK);
        causes.add_if(self.given.buffer.shape.is_null(), MV_E_CALLBACK);
        assert!(causes.has(failure.status), "{failure:?}, expected {causes:?}");
        true
    }

    fn check_buffer(&self, object: &Object, flags: i32, full: &Result<Full, Causes>, model: Known) {
        let answer = object.acquire(flags);
        let given = &self.given.buffer;
        let complete = !given.shape.is_null() && !given.strides.is_null() && !given.format.is_null();
        let sound = full.as_ref().is_ok_and(|full| full.is_empty() || !given.buf.is_null());
        if self.check_failure(&answer, full) {
            let must = self.status == 0 && flags == MV_FULL_RO && complete && sound;
            return assert!(!must, "a complete answer to a full request is refused");
        }
        let Ok(acquired) = answer else { return };
        assert!(self.status == 0 && sound, "an answer that makes no sense is passed on");
        let Ok(full) = full else { return };
        let buffer = &acquired.0;
        let wants = |flag: i32| flags & flag == flag;
        assert_eq!(buffer.len as i128, product(&full.shape) * full.itemsize as i128);
        assert!(!wants(MV_WRITABLE) || buffer.readonly == 0);
        assert_eq!(buffer.format.is_null(), !wants(MV_FORMAT));
        assert!(buffer.shape.is_null() || wants(MV_ND));
        assert!(buffer.strides.is_null() || wants(MV_STRIDES));
        assert!(buffer.suboffsets.is_null() || wants(MV_INDIRECT));
        let Some((model, block)) = model else { return };
        let direct = full.suboffsets.is_empty();
        assert!(wants(MV_STRIDES) || direct && model.is_packed(b'C'), "strides were not asked for");
        assert!(!wants(MV_C_CONTIGUOUS) || direct && model.is_packed(b'C'));
        assert!(!wants(MV_F_CONTIGUOUS) || direct && model.is_packed(b'F'));
        if self.readable {
            let to = Block::new(model.size(), 0);
            to_contiguous(buffer, b'C', &to).expect("a read of the buffer");
            assert_eq!(to.bytes(), gather(&block.bytes(), model, b'C'));
        }
    }

    fn check_view(&self, object: &Object, full: &Result<Full, Causes>, model: Known) {
        let answer = View::new(object, MV_FULL_RO);
        if self.check_failure(&answer, full) {
            return;
        }
        let (Ok(view), Ok(full)) = (answer, full) else {
            panic!("an answer that makes no sense is passed on")
        };
        if self.readable {
            look(&view, model, full);
        }
    }
}

const FLAGS: [i32; 8] =
    [0, MV_WRITABLE, MV_FORMAT, MV_ND, MV_STRIDES, MV_C_CONTIGUOUS, MV_F_CONTIGUOUS, MV_INDIRECT];
