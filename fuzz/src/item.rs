//! Items of any format in memory of exactly their size: read, written, printed, compared, counted, turned round,
//! converted, taken apart. An input is the text of a format and the bytes of the items, parted by NUL.

use std::{
    ffi::{CStr, CString, c_int},
    ptr,
};

use memview::{
    error::mv_status::{MV_E_FORMAT, MV_E_LIMIT, MV_E_VALUE},
    ffi::{self, mv_scalar},
    object::protocol::mv_buffer,
};

use crate::{
    call::{Answer, NO_BUFFER, View, call, int_scalar, make},
    memory::Block,
    parsed::{Format, Part, extents, name, written},
};

/// Greater items would take long and show nothing new.
const LARGEST: isize = 2048;
/// How many parts of one item are looked at.
const PARTS: usize = 200;

/// Reads one input.
pub fn run(data: &[u8]) {
    let mut halves = data.splitn(2, |byte| *byte == 0);
    let text = CString::new(halves.next().unwrap_or(b"")).expect("no NUL in a part");
    let content = halves.next().filter(|content| !content.is_empty()).unwrap_or(b"\x01\x82\xc3\x00");
    let Ok(format) = Format::parse(&text, ffi::MV_RULES_EXPORTER) else { return };
    let (size, items) = (format.part().itemsize(), 1 + data.len() as isize % 2);
    // Exporters leave out padding, or say more than they mean.
    for itemsize in [size, size - 1, size - 4, size + 3] {
        if (1..=LARGEST).contains(&itemsize) {
            check(&text, itemsize, items, content);
        }
    }
}

fn check(text: &CStr, itemsize: isize, items: isize, content: &[u8]) {
    let memory = Block::new((items * itemsize) as usize, 0);
    memory.restore(&content.iter().copied().cycle().take(memory.length()).collect::<Vec<_>>());
    let Ok(view) = borrow(text, itemsize, items, &memory) else { return };
    let known = Format::of_view(&view).ok();
    let before = memory.bytes();
    let shown = show(&view);
    let ordered = !shown.to_string_lossy().contains("nan");
    assert!(!ordered || equal(&view, &view), "an item without NaN is not equal to itself: {shown:?}");
    for at in 0..items {
        let scalar = view.get(&[at]).expect("an item");
        let kind = known.as_ref().map_or(ffi::MV_OPAQUE, |format| format.part().kind());
        assert_eq!(scalar.kind, kind, "the kind of an item");
        check_inside(&scalar, &memory);
        check_fields(&scalar, &memory, &mut PARTS.clone());
        check_set(&view, at, &scalar, &memory);
        // A double may be less than the number in the item.
        let rounded = matches!(scalar.kind, ffi::MV_FLOAT | ffi::MV_COMPLEX) && is_wide(text);
        if ordered && !rounded {
            assert!(count(&view, &scalar) > 0, "an item that is there is not counted: {shown:?}");
        }
        check_numbers(&view, at);
        assert_eq!(memory.bytes(), before, "the items as they were");
    }
    check_swap(&view, &memory);
    check_convert(&view, text, &memory);
    if let Some(format) = &known {
        check_views(&view, format.part());
    }
    assert_eq!(memory.bytes(), before, "the items as they were in the end");
}

fn is_wide(text: &CStr) -> bool {
    text.to_bytes().iter().any(|byte| matches!(byte, b'g' | b'G'))
}

fn borrow(text: &CStr, itemsize: isize, items: isize, memory: &Block) -> Answer<View> {
    let (shape, buf, format) = ([items], memory.at(0).cast(), text.as_ptr());
    let description = mv_buffer { buf, itemsize, ndim: 1, format, shape: shape.as_ptr(), ..NO_BUFFER };
    // SAFETY: the memory and the text outlive the view.
    let made = make(|out, error| unsafe { ffi::mv_view_from_buffer(&raw const description, out, error) });
    // SAFETY: new, and given away here.
    made.map(|view| unsafe { View::of(view) })
}

fn show(view: &View) -> CString {
    let short = |limit: usize| {
        // SAFETY: the view is alive, and the text as long as is said.
        written(|text, size, length, error| unsafe {
            ffi::mv_view_text(view.raw(), limit, text, size, length, error)
        })
    };
    short(0).expect("a short text");
    short(usize::MAX).expect("a text")
}

fn equal(a: &View, b: &View) -> bool {
    let mut same: c_int = 7;
    // SAFETY: the views are alive.
    call(|error| unsafe { ffi::mv_view_equal(a.raw(), b.raw(), &raw mut same, error) }).expect("an answer");
    assert!(same == 0 || same == 1);
    same == 1
}

fn count(view: &View, value: &mv_scalar) -> usize {
    let mut found = 0;
    // SAFETY: the view is alive, and the value is that of an item.
    call(|error| unsafe { ffi::mv_view_count(view.raw(), value, &raw mut found, error) }).expect("a count");
    found
}

/// The bytes of a scalar that points; none of others.
fn bytes(scalar: &mv_scalar) -> Option<Vec<u8>> {
    if !matches!(scalar.kind, ffi::MV_BYTES | ffi::MV_TEXT | ffi::MV_RECORD | ffi::MV_ARRAY | ffi::MV_OPAQUE)
    {
        return None;
    }
    // SAFETY: the kind says that the member is bytes, which are those of an item.
    let told = unsafe { scalar.r#as.bytes };
    let mut copy = vec![0; told.length];
    // SAFETY: as above.
    unsafe { copy.as_mut_ptr().copy_from(told.data.cast(), told.length) };
    Some(copy)
}

/// What a scalar points to lies in the memory.
fn check_inside(scalar: &mv_scalar, memory: &Block) {
    if bytes(scalar).is_some_and(|bytes| !bytes.is_empty()) {
        // SAFETY: the kind says that the member is bytes.
        let told = unsafe { scalar.r#as.bytes };
        let offset = memory.offset(told.data.cast());
        let inside = offset >= 0 && offset as usize + told.length <= memory.length();
        assert!(inside, "{} bytes at {offset} of {}", told.length, memory.length());
    }
}

/// `mv_scalar_field`
fn field(record: &mv_scalar, path: &CStr) -> Answer<mv_scalar> {
    let mut out = int_scalar(0);
    // SAFETY: the scalar is that of an item, and its view is alive.
    call(|error| unsafe { ffi::mv_scalar_field(record, path.as_ptr(), &raw mut out, error) })?;
    Ok(out)
}

/// Every value of a struct, and the first and last element of a sub-array.
fn check_fields(record: &mv_scalar, memory: &Block, left: &mut usize) {
    if record.kind != ffi::MV_RECORD && record.kind != ffi::MV_ARRAY {
        assert!(field(record, c"[0]").is_err(), "a field of what has none");
        return;
    }
    // SAFETY: the format of a struct or a sub-array is alive while its view is.
    let format = unsafe { Part::of_raw(record.format) };
    for path in paths(format) {
        if *left == 0 {
            return;
        }
        *left -= 1;
        let part = field(record, &path).expect("a part");
        check_inside(&part, memory);
        let told = format.field(&path).expect("a field");
        if told.ndim == 0 {
            assert_eq!(part.kind, Part::of_field(&told, format).kind(), "the kind of {path:?}");
        }
        check_fields(&part, memory, left);
    }
    assert!(field(record, c"[99999999999999]").is_err(), "a value that is not there");
}

/// The paths to values of a struct, by number and by name, and to the first and the last element of a sub-array.
fn paths(format: Part) -> Vec<CString> {
    let mut paths = Vec::new();
    for number in 0..format.field_count().min(PARTS) {
        paths.push(CString::new(format!("[{number}]")).expect("a path"));
        let field = format.field_at(number).expect("a value");
        paths.extend(name(&field).map(CStr::to_owned));
    }
    if let Ok(element) = format.element() {
        let extents = extents(&element);
        if !extents.contains(&0) {
            for first in [true, false] {
                let at = |extent: &isize| if first { "0".into() } else { (extent - 1).to_string() };
                let index: Vec<String> = extents.iter().map(at).collect();
                paths.push(CString::new(format!("[{}]", index.join(","))).expect("a path"));
            }
        }
    }
    paths
}

fn same(a: &mv_scalar, b: &mv_scalar) -> bool {
    let alike = |left: f64, right: f64| left.to_bits() == right.to_bits() || left.is_nan() && right.is_nan();
    // SAFETY: the kind says which member holds the value.
    unsafe {
        a.kind == b.kind
            && match a.kind {
                ffi::MV_FLOAT => alike(a.r#as.f, b.r#as.f),
                ffi::MV_COMPLEX => alike(a.r#as.c.re, b.r#as.c.re) && alike(a.r#as.c.im, b.r#as.c.im),
                ffi::MV_BOOL | ffi::MV_INT | ffi::MV_UINT | ffi::MV_POINTER => a.r#as.u == b.r#as.u,
                _ => bytes(a) == bytes(b),
            }
    }
}

/// What was read goes back; it then reads the same. Characters may be none.
fn check_set(view: &View, at: isize, scalar: &mv_scalar, memory: &Block) {
    let (before, value) = (memory.bytes(), bytes(scalar));
    match view.set(&[at], scalar) {
        Ok(()) => {}
        Err(failure) => {
            assert!(scalar.kind == ffi::MV_TEXT && failure.status == MV_E_VALUE as i32, "{failure:?}");
            assert_eq!(memory.bytes(), before, "a refused value has been written");
            return;
        }
    }
    let again = view.get(&[at]).expect("the item");
    assert!(same(scalar, &again) && value == bytes(&again), "the value has changed");
    if matches!(scalar.kind, ffi::MV_INT | ffi::MV_UINT | ffi::MV_RECORD | ffi::MV_ARRAY | ffi::MV_OPAQUE) {
        assert_eq!(memory.bytes(), before, "the bytes have changed");
    }
    memory.restore(&before);
}

/// The typed readers answer or refuse.
fn check_numbers(view: &View, at: isize) {
    let (raw, index) = (view.raw(), [at]);
    let (mut signed, mut unsigned, mut real) = (0, 0, 0.0);
    // SAFETY: the view is alive, and the index is of one dimension.
    unsafe {
        let _ = call(|error| ffi::mv_view_get_i64(raw, index.as_ptr(), 1, &raw mut signed, error));
        let _ = call(|error| ffi::mv_view_get_u64(raw, index.as_ptr(), 1, &raw mut unsigned, error));
        let _ = call(|error| ffi::mv_view_get_f64(raw, index.as_ptr(), 1, &raw mut real, error));
    }
}

fn check_swap(view: &View, memory: &Block) {
    let before = memory.bytes();
    // SAFETY: the view is alive.
    let swap = || call(|error| unsafe { ffi::mv_view_byteswap(view.raw(), error) });
    match swap() {
        Ok(()) => swap().expect("the same once more"),
        Err(failure) => assert_eq!(failure.status, MV_E_FORMAT as i32, "{failure:?}"),
    }
    assert_eq!(memory.bytes(), before, "turned round twice");
}

/// Numbers into the widest of their kind and back.
fn check_convert(view: &View, text: &CStr, memory: &Block) {
    let scalar = view.get(&[0]).expect("an item");
    let number =
        matches!(scalar.kind, ffi::MV_BOOL | ffi::MV_INT | ffi::MV_UINT | ffi::MV_FLOAT | ffi::MV_COMPLEX);
    let (wide, size) = match scalar.kind {
        ffi::MV_UINT => (c"Q", 8),
        ffi::MV_FLOAT => (c"d", 8),
        ffi::MV_COMPLEX => (c"Zd", 16),
        _ => (c"q", 8),
    };
    // SAFETY: the view has one dimension.
    let items = unsafe { *view.buffer().shape };
    let other = Block::new((items * size) as usize, 5);
    let target = borrow(wide, size, items, &other).expect("a view of numbers");
    let convert = |to: &View, from: &View, rule: i32| {
        // SAFETY: the views are alive.
        call(|error| unsafe { ffi::mv_view_convert(to.raw(), from.raw(), rule, error) })
    };
    let before = memory.bytes();
    for rule in [ffi::MV_STRICT, ffi::MV_CLAMP, ffi::MV_WRAP] {
        let _ = convert(&target, view, rule);
    }
    let answer = convert(&target, view, ffi::MV_WRAP);
    if !number {
        return memory.restore(&before);
    }
    answer.expect("a conversion");
    let wide = target.get(&[0]).expect("a number");
    let truth = scalar.kind == ffi::MV_BOOL;
    if truth {
        // SAFETY: both are whole numbers.
        assert_eq!(unsafe { wide.r#as.i }, unsafe { scalar.r#as.i }, "a truth value");
    } else {
        assert!(same(&wide, &scalar), "a number in its widest kind");
    }
    convert(view, &target, ffi::MV_WRAP).expect("a conversion back");
    assert!(same(&view.get(&[0]).expect("an item"), &scalar), "there and back");
    if matches!(scalar.kind, ffi::MV_INT | ffi::MV_UINT) && !is_wide(text) {
        assert_eq!(memory.bytes(), before, "integers there and back");
    }
    memory.restore(&before);
}

/// Each part of the items as a view.
fn check_views(view: &View, format: Part) {
    let record = view.get(&[0]).expect("an item");
    let halves = [c"real".to_owned(), c"imag".to_owned()];
    for path in paths(format).into_iter().chain(halves) {
        // SAFETY: the view is alive.
        let made = make(|out, error| unsafe { ffi::mv_view_field(view.raw(), path.as_ptr(), out, error) });
        // SAFETY: new, and given away here.
        let made = made.map(|part| unsafe { View::of(part) });
        let Ok(told) = format.field(&path) else {
            let half = made.map(|part| part.buffer().itemsize * 2 <= view.buffer().itemsize);
            assert!(half.is_err() || half == Ok(true), "half of a complex number");
            continue;
        };
        let empty = told.itemsize == 0;
        let part = match made {
            Ok(part) => part,
            Err(failure) => {
                let status = failure.status;
                assert!(empty && status == MV_E_FORMAT as i32 || status == MV_E_LIMIT as i32, "{failure:?}");
                continue;
            }
        };
        let room = view.buffer().itemsize - told.offset;
        assert_eq!(part.buffer().itemsize, told.itemsize.min(room), "the itemsize of {path:?}");
        show(&part);
        if told.ndim == 0 {
            let (value, told) = (part.get(&[0]).expect("a part"), field(&record, &path).expect("a field"));
            // Padding alone is a sequence of no values.
            let padding = told.kind == ffi::MV_OPAQUE && value.kind == ffi::MV_RECORD;
            assert!(padding || same(&value, &told), "the value of {path:?}");
        }
        // SAFETY: the part is alive.
        let swap = || call(|error| unsafe { ffi::mv_view_byteswap(part.raw(), error) });
        if swap().is_ok() {
            swap().expect("the same once more");
        }
    }
    let nothing = ptr::null();
    assert!(record.format != nothing || record.kind != ffi::MV_RECORD, "a struct without a format");
}
