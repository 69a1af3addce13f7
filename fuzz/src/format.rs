//! Any text as a format, for everything that takes one: what is known is taken and means what the table says,
//! what is not known is refused or kept as it stands, and two texts are alike where the table says so. An input
//! is two texts and the bytes of items, parted by NUL.

use std::{
    ffi::{CStr, CString},
    ptr,
};

use memview::{
    error::mv_status::{self, MV_E_BUFFER, MV_E_FORMAT, MV_E_TYPE},
    ffi::{self, mv_scalar},
    layout::mv_index,
    object::{
        flags::{MV_FORMAT, MV_FULL_RO, MV_SIMPLE},
        protocol::mv_buffer,
    },
};

use crate::{
    call::{Answer, NO_BUFFER, Object, View, call, int_scalar, make},
    check::to_contiguous,
    memory::Block,
    native,
};

/// Items of the memory.
const ITEMS: isize = 6;
/// The bytes of the largest item that is tried.
const LARGEST: isize = 16;

/// Reads one input.
pub fn run(data: &[u8]) {
    let mut parts = data.splitn(3, |byte| *byte == 0);
    let mut text = || CString::new(parts.next().unwrap_or(b"B")).expect("no NUL in a part");
    let (a, b) = (text(), text());
    let content = parts.next().filter(|content| !content.is_empty()).unwrap_or(b"\x01\x82\xc3");
    let memory = Block::new((ITEMS * LARGEST) as usize, 0);
    memory.restore(&content.iter().copied().cycle().take(memory.length()).collect::<Vec<_>>());

    check_made(&a, &memory);
    let odd = 1 + (data.len() as isize % LARGEST);
    for itemsize in [native::size(a.to_bytes()).unwrap_or(odd), odd] {
        let Some((object, view)) = described(&a, itemsize, &memory) else { continue };
        check_requests(&object, &a, &b);
        check_items(&view, native::size(a.to_bytes()).is_some(), &memory);
        check_bulk(&view, &a, &b, &memory);
        for other in [itemsize, native::size(b.to_bytes()).unwrap_or(odd)] {
            check_copy(&view, &a, &b, other);
        }
    }
}

fn is(answer: &Answer<impl Sized>, status: mv_status) -> bool {
    answer.as_ref().is_err_and(|failure| failure.status == status as i32)
}

/// That a call succeeded, or else failed with this status.
fn expect<T>(answer: Answer<T>, success: bool, status: mv_status, what: &str) -> Option<T> {
    match answer {
        Ok(value) => {
            assert!(success, "{what}: expected {status:?}");
            Some(value)
        }
        Err(failure) => {
            assert!(!success && failure.status == status as i32, "{what}: {failure:?}");
            None
        }
    }
}

/// Whoever makes items of a format takes a native single character, and keeps its text.
fn check_made(text: &CStr, memory: &Block) {
    let size = native::size(text.to_bytes());
    let keeps = |view: &View, what: &str| {
        let buffer = view.buffer();
        // SAFETY: the format of a view is a text.
        let told = unsafe { CStr::from_ptr(buffer.format) };
        assert_eq!((told, Some(buffer.itemsize)), (text, size), "{what}");
    };
    let array = Object::array(text, &[2, 3], b'C');
    if let Err(failure) = &array {
        assert!((0..=text.count_bytes() as i64).contains(&failure.position), "{failure:?}");
    }
    if let Some(array) = expect(array, size.is_some(), MV_E_FORMAT, "an array") {
        keeps(&View::new(&array, MV_FULL_RO).expect("a view"), "an array");
    }
    let (data, shape) = (memory.at(0).cast(), [ITEMS * LARGEST]);
    let wrap = |text: &CStr, extent: &[isize; 1]| {
        let (text, extent) = (text.as_ptr(), extent.as_ptr());
        // SAFETY: the memory outlives the view.
        let made = make(|out, error| unsafe { ffi::mv_view_wrap(data, text, extent, 1, 0, out, error) });
        // SAFETY: new, and given away here.
        made.map(|view| unsafe { View::of(view) })
    };
    if let Some(view) = expect(wrap(text, &[ITEMS]), size.is_some(), MV_E_FORMAT, "a wrapped block") {
        keeps(&view, "a wrapped block");
    }
    let bytes = wrap(c"B", &shape).expect("bytes");
    if let Some(view) = expect(bytes.cast(Some(text), None, b'C'), size.is_some(), MV_E_FORMAT, "a cast") {
        keeps(&view, "a cast");
    }
}

/// Described memory takes every text; where it knows the format, the itemsize must be the format's.
fn described(text: &CStr, itemsize: isize, memory: &Block) -> Option<(Object, View)> {
    let (shape, base) = ([ITEMS], memory.at(0).cast());
    let (format, shape) = (text.as_ptr(), shape.as_ptr());
    let description = mv_buffer { buf: base, itemsize, ndim: 1, format, shape, ..NO_BUFFER };
    // SAFETY: the memory outlives the object and the views.
    let object = make(|out, error| unsafe {
        let (description, extent) = (&raw const description, memory.length());
        ffi::mv_memory_describe(description, base, extent, None, ptr::null_mut(), out, error)
    });
    // SAFETY: as above.
    let view = make(|out, error| unsafe { ffi::mv_view_from_buffer(&raw const description, out, error) });
    let fits = native::size(text.to_bytes()).is_none_or(|size| size == itemsize);
    let object = expect(object, fits, MV_E_FORMAT, "described memory");
    let view = expect(view, fits, MV_E_FORMAT, "a view of a buffer");
    // SAFETY: new, and given away here.
    let (object, borrowed) = unsafe { (Object::of(object?), View::of(view?)) };
    let view = View::new(&object, MV_FULL_RO).expect("a view");
    for view in [&view, &borrowed] {
        // SAFETY: the format of a view is a text.
        assert_eq!(unsafe { CStr::from_ptr(view.buffer().format) }, text);
        assert_eq!(view.buffer().itemsize, itemsize);
    }
    Some((object, view))
}

/// A request with a wanted format is answered where the two are alike; a format without a shape is given for
/// bytes alone.
fn check_requests(object: &Object, a: &CStr, b: &CStr) {
    let alike = native::alike(a.to_bytes(), b.to_bytes());
    assert_eq!(alike, native::alike(b.to_bytes(), a.to_bytes()), "the table itself is wrong");
    expect(object.acquire_as(MV_FULL_RO, b), alike, MV_E_BUFFER, "a request for a format");
    expect(object.acquire_as(MV_SIMPLE, a), true, MV_E_BUFFER, "a request for the very format");
    let bytes = native::is_bytes(a.to_bytes());
    if let Some(acquired) = expect(object.acquire(MV_FORMAT), bytes, MV_E_BUFFER, "a format without a shape")
    {
        // SAFETY: the format was asked for.
        assert_eq!(unsafe { CStr::from_ptr(acquired.0.format) }, a);
    }
}

/// Items of a known format are what the table says; others are opaque, and no values go in or out.
fn check_items(view: &View, known: bool, memory: &Block) {
    let (size, bytes) = (view.buffer().itemsize as usize, memory.bytes());
    for at in 0..ITEMS {
        let item = &bytes[at as usize * size..][..size];
        let scalar = view.get(&[at]).expect("an item");
        if known {
            // SAFETY: the format of a view is a text.
            let text = unsafe { CStr::from_ptr(view.buffer().format) }.to_bytes();
            check_value(text[text.len() - 1], item, &scalar);
            check_set(view, at, &scalar, item, memory);
        } else {
            assert_eq!(scalar.kind, ffi::MV_OPAQUE);
            // SAFETY: an opaque item is told by its bytes.
            let bytes = unsafe { scalar.r#as.bytes };
            assert_eq!((memory.offset(bytes.data.cast()), bytes.length), (at * size as isize, size));
            assert!(is(&view.set(&[at], &int_scalar(0)), MV_E_FORMAT));
            assert!(is(&view.fill(&int_scalar(0)), MV_E_FORMAT));
        }
        check_numbers(view, at, known, &scalar);
    }
    assert_eq!(memory.bytes(), bytes, "the items as they were");
}

/// The scalar of an item, from its bytes.
fn check_value(code: u8, item: &[u8], scalar: &mv_scalar) {
    let mut wide = [0; 8];
    let native = if cfg!(target_endian = "big") { 8 - item.len() } else { 0 };
    wide[native..][..item.len()].copy_from_slice(item);
    let unsigned = u64::from_ne_bytes(wide);
    let unused = 64 - 8 * item.len();
    let signed = (unsigned << unused).cast_signed() >> unused;
    // SAFETY: the kind says which member holds the value.
    unsafe {
        match code {
            b'c' => {
                assert_eq!(scalar.kind, ffi::MV_BYTES);
                assert_eq!((scalar.r#as.bytes.length, *scalar.r#as.bytes.data.cast::<u8>()), (1, item[0]));
            }
            b'?' => assert_eq!((scalar.kind, scalar.r#as.i), (ffi::MV_BOOL, (item[0] != 0).into())),
            b'P' => assert_eq!((scalar.kind, scalar.r#as.u), (ffi::MV_POINTER, unsigned)),
            b'e' | b'f' | b'd' => {
                assert_eq!(scalar.kind, ffi::MV_FLOAT);
                let value = match item.len() {
                    2 => half(unsigned as u16),
                    4 => f32::from_bits(unsigned as u32).into(),
                    _ => f64::from_bits(unsigned),
                };
                let both_nan = value.is_nan() && scalar.r#as.f.is_nan();
                assert!(both_nan || value.to_bits() == scalar.r#as.f.to_bits(), "{value}");
            }
            _ if code.is_ascii_uppercase() => {
                assert_eq!((scalar.kind, scalar.r#as.u), (ffi::MV_UINT, unsigned));
            }
            _ => assert_eq!((scalar.kind, scalar.r#as.i), (ffi::MV_INT, signed)),
        }
    }
}

fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    let size = match exponent {
        31 if fraction > 0.0 => f64::NAN,
        31 => f64::INFINITY,
        0 => fraction * 2f64.powi(-24),
        _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    };
    if bits >> 15 == 1 { -size } else { size }
}

/// A value that was read goes back as it was, but for what is not told apart: NaNs, and truths.
fn check_set(view: &View, at: isize, scalar: &mv_scalar, item: &[u8], memory: &Block) {
    let before = memory.bytes();
    view.set(&[at], scalar).expect("the value of an item");
    let after = memory.bytes();
    // SAFETY: the kind says that the member is a float.
    let is_nan = scalar.kind == ffi::MV_FLOAT && unsafe { scalar.r#as.f }.is_nan();
    let truth = scalar.kind == ffi::MV_BOOL && item[0] > 1;
    assert!(is_nan || truth || after == before, "an item has changed");
    memory.restore(&before);
}

/// The typed readers take the kinds that they say.
fn check_numbers(view: &View, at: isize, known: bool, scalar: &mv_scalar) {
    let (view, index) = (view.raw(), [at]);
    let (mut signed, mut unsigned, mut real) = (0, 0, 0.0);
    // SAFETY: the view is alive, and the index is of one dimension.
    let answers = unsafe {
        [
            call(|error| ffi::mv_view_get_i64(view, index.as_ptr(), 1, &raw mut signed, error)),
            call(|error| ffi::mv_view_get_u64(view, index.as_ptr(), 1, &raw mut unsigned, error)),
            call(|error| ffi::mv_view_get_f64(view, index.as_ptr(), 1, &raw mut real, error)),
        ]
    };
    if !known {
        assert!(answers.iter().all(|answer| is(answer, MV_E_FORMAT)), "{answers:?}");
        return;
    }
    let whole = matches!(scalar.kind, ffi::MV_BOOL | ffi::MV_INT | ffi::MV_UINT | ffi::MV_POINTER);
    let number = !matches!(scalar.kind, ffi::MV_BYTES | ffi::MV_POINTER);
    for (answer, takes) in answers.iter().zip([whole, whole, number]) {
        assert_eq!(is(answer, MV_E_TYPE), !takes, "{answers:?}");
    }
}

/// Reading under another name needs a format that is alike; a copy in another order keeps text and bytes.
fn check_bulk(view: &View, a: &CStr, b: &CStr, memory: &Block) {
    let size = view.buffer().len as usize;
    let to = Block::new(size, 0);
    let alike = native::alike(a.to_bytes(), b.to_bytes());
    expect(view.read(Some(b), b'C', &to, 0, size), alike, MV_E_FORMAT, "a read under another name");
    view.read(Some(a), b'C', &to, 0, size).expect("a read");
    assert_eq!(to.bytes(), memory.bytes()[..size]);
    let turned = view.index(&[mv_index::every(-1)]).expect("a view").object();
    let copy = View::contiguous(&turned, ffi::MV_READ, b'C').expect("a copy");
    // SAFETY: the format of a view is a text.
    assert_eq!(unsafe { CStr::from_ptr(copy.buffer().format) }, a);
    let back = Block::new(size, 0);
    to_contiguous(copy.buffer(), b'C', &back).expect("a read");
    let itemsize = view.buffer().itemsize as usize;
    let expected: Vec<u8> = to.bytes().chunks(itemsize).rev().flatten().copied().collect();
    assert_eq!(back.bytes(), expected);
    let same = view.cast(None, Some(&[2, ITEMS / 2]), b'C');
    let known = native::size(a.to_bytes()).is_some();
    let same = same.expect("a cast that keeps the format");
    assert_eq!((same.get(&[1, 2]).expect("an item").kind == ffi::MV_OPAQUE, same.buffer().ndim), (!known, 2));
}

/// A copy between formats that are alike, of items of the same size.
fn check_copy(view: &View, a: &CStr, b: &CStr, itemsize: isize) {
    let memory = Block::new((ITEMS * LARGEST) as usize, 9);
    let Some((_object, other)) = described(b, itemsize, &memory) else { return };
    let alike = native::alike(a.to_bytes(), b.to_bytes()) && view.buffer().itemsize == itemsize;
    expect(other.copy_from(view), alike, MV_E_FORMAT, "a copy");
    let size = view.buffer().len as usize;
    if alike {
        let from = Block::new(size, 0);
        view.read(None, b'C', &from, 0, size).expect("a read");
        assert_eq!(memory.bytes()[..size], from.bytes());
    } else {
        assert_eq!(memory.bytes(), Block::new(memory.length(), 9).bytes(), "a refused copy has written");
    }
}
