//! Any text as a format, for everything that takes one: all agree on what is a format; what is, is printed so
//! that it means the same, has its parts within its item, and goes to NumPy's notation and back. Native single
//! characters mean what the table says. An input is two texts and the bytes of items, parted by NUL.

use std::{
    ffi::{CStr, CString},
    ptr,
};

use memview::{
    error::mv_status::{
        self, MV_E_BUFFER, MV_E_FORMAT, MV_E_INDEX, MV_E_LIMIT, MV_E_RANGE, MV_E_SHAPE, MV_E_TYPE,
        MV_E_UNSUPPORTED, MV_E_VALUE,
    },
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
    members,
    memory::Block,
    model::product,
    native,
    parsed::{Format, Part, extents, name},
};

/// Items of the memory.
const ITEMS: isize = 6;
/// The bytes of the largest item that is tried.
const LARGEST: isize = 16;
/// The bytes of the largest item of which arrays are made.
const GREATEST: isize = 4096;
/// How many parts of a format are looked at.
const PARTS: usize = 300;
/// Longer texts that were printed may be too long to be parsed.
const LONGEST: usize = 60000;
const RULES: [i32; 3] = [ffi::MV_RULES_STRUCT, ffi::MV_RULES_NUMPY, ffi::MV_RULES_EXPORTER];

/// Reads one input.
pub fn run(data: &[u8]) {
    let mut parts = data.splitn(3, |byte| *byte == 0);
    let mut text = || CString::new(parts.next().unwrap_or(b"B")).expect("no NUL in a part");
    let (a, b) = (text(), text());
    let content = parts.next().filter(|content| !content.is_empty()).unwrap_or(b"\x01\x82\xc3");
    let memory = Block::new((ITEMS * LARGEST) as usize, 0);
    memory.restore(&content.iter().copied().cycle().take(memory.length()).collect::<Vec<_>>());

    let parsed = RULES.map(|rules| check_parsed(&a, rules));
    check_numpy(&a);
    check_made(&a, &memory, &parsed[0]);
    let gaps = [content[0] % 3, content[0] / 3 % 9, content[0] / 27].map(isize::from);
    for texts in [[&a, &b], [&b, &a]] {
        if let Some(whole) = members::made(texts.map(CString::as_c_str), gaps) {
            check_printed(whole.part(), &RULES);
        }
    }
    let odd = 1 + (data.len() as isize % LARGEST);
    let size = parsed[2].as_ref().map_or(odd, |format| format.part().itemsize());
    for itemsize in [if (1..=LARGEST).contains(&size) { size } else { odd }, odd] {
        let Some((object, view)) = described(&a, itemsize, &memory) else { continue };
        let alike = check_requests(&object, &a, &b);
        if let Some(size) = native::size(a.to_bytes()) {
            check_items(&view, size == itemsize, &memory);
        }
        check_bulk(&view, &a, &b, alike, &memory);
        for other in [itemsize, native::size(b.to_bytes()).unwrap_or(odd)] {
            check_copy(&view, &b, other, alike);
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

/// A text, parsed: it is printed so that it means the same, and its parts lie within it.
fn check_parsed(text: &CStr, rules: i32) -> Answer<Format> {
    let parsed = Format::parse(text, rules);
    let size = measure(text);
    if rules == ffi::MV_RULES_STRUCT {
        let told = parsed.as_ref().map(|format| format.part().itemsize());
        assert_eq!(told.map_err(|failure| failure.status), size.map_err(|failure| failure.status));
        if let Some(size) = native::size(text.to_bytes()) {
            assert_eq!(told.ok(), Some(size), "a native single character");
        }
    }
    match &parsed {
        Ok(format) => {
            check_printed(format.part(), &RULES);
            check_parts(format.part(), &mut PARTS.clone());
            assert!(Format::parse(text, ffi::MV_RULES_EXPORTER).is_ok(), "exporters write more than that");
        }
        Err(failure) => {
            assert!((0..=text.count_bytes() as i64).contains(&failure.position), "{failure:?}");
        }
    }
    parsed
}

/// `mv_format_size`
fn measure(text: &CStr) -> Answer<isize> {
    let mut size = 0;
    // SAFETY: the text is terminated.
    call(|error| unsafe { ffi::mv_format_size(text.as_ptr(), &raw mut size, error) })?;
    Ok(size)
}

/// The text of a format parses to an equal one, which has the same text.
fn check_printed(format: Part, rules: &[i32]) {
    let printed = format.text();
    if printed.count_bytes() > LONGEST {
        return;
    }
    for rules in rules {
        let again = Format::parse(&printed, *rules).expect("a text that was printed");
        let part = again.part();
        // Padding with a name is a value, and its text is that of padding without.
        let padding = format.kind() == ffi::MV_OPAQUE
            && printed.to_bytes().iter().all(|byte| b"@^<>0123456789x".contains(byte));
        if *rules == ffi::MV_RULES_NUMPY {
            continue; // a count makes a sub-array there, and the end is padded
        }
        assert_eq!(part.itemsize(), format.itemsize(), "{printed:?} by rules {rules}");
        if !padding {
            assert!(part.equals(format) && format.equals(part), "{printed:?} by rules {rules}");
            assert_eq!(part.kind(), format.kind(), "{printed:?}");
        }
        assert_eq!(part.text(), printed, "by rules {rules}");
    }
}

/// All parts of a format, as far as so many are left: each lies within the whole, is found by its path, and is
/// printed so that it means the same.
fn check_parts(format: Part, left: &mut usize) {
    let size = format.itemsize();
    assert!(size >= 0 && format.alignment() >= 1);
    let count = format.field_count();
    assert!(is(&format.field_at(count), MV_E_INDEX), "a value behind the last");
    let element = format.element();
    assert_eq!(element.is_ok(), format.kind() == ffi::MV_ARRAY);
    assert!(count == 0 || format.kind() == ffi::MV_RECORD);
    let fields = (0..count).map(|number| {
        let (field, path) = (format.field_at(number).expect("a value"), format!("[{number}]"));
        let found = format.field(&CString::new(path).expect("a path")).expect("a value by its number");
        assert!(found.itemsize == field.itemsize && found.format == field.format);
        if let Some(name) = name(&field) {
            format.field(name).expect("a value by its name");
        }
        (found, field)
    });
    for (found, field) in
        fields.take(*left).collect::<Vec<_>>().into_iter().chain(element.map(|whole| (whole, whole)))
    {
        if *left == 0 {
            return;
        }
        *left -= 1;
        let items = product(extents(&field));
        for field in [&found, &field] {
            let end = field.offset as i128 + items * field.itemsize as i128;
            assert!(field.offset >= 0 && end <= size as i128, "a part leaves its item");
        }
        let part = Part::of_field(&field, format);
        assert_eq!(part.itemsize(), field.itemsize);
        check_printed(part, &RULES[..1]);
        check_parts(part, left);
    }
}

/// What NumPy has a type for comes back from there with the same type; any text may be one of NumPy's.
fn check_numpy(text: &CStr) {
    let formats = [Format::parse(text, ffi::MV_RULES_NUMPY), Format::from_numpy(text)];
    for format in formats.iter().flatten() {
        let there = match format.part().numpy() {
            Ok(there) if there.count_bytes() <= LONGEST => there,
            Ok(_) => continue,
            Err(failure) => {
                assert_eq!(failure.status, MV_E_UNSUPPORTED as i32, "{failure:?}");
                continue;
            }
        };
        check_back(format.part(), &there);
    }
    if let Ok(format) = &formats[1] {
        check_printed(format.part(), &RULES);
        check_parts(format.part(), &mut PARTS.clone());
    }
}

fn check_back(format: Part, there: &CStr) {
    let back = match Format::from_numpy(there) {
        Ok(back) => back,
        // A name that is no UTF-8 or has a ':' cannot come back, nor can names of which there are two.
        Err(failure) => {
            let causes = [MV_E_VALUE as i32, MV_E_FORMAT as i32, MV_E_LIMIT as i32, MV_E_UNSUPPORTED as i32];
            assert!(causes.contains(&failure.status), "{there:?}: {failure:?}");
            return;
        }
    };
    assert_eq!(back.part().itemsize(), format.itemsize(), "{there:?}");
    assert_eq!(back.part().numpy().as_deref(), Ok(there), "there, back and there again");
}

/// Whoever makes items of a format takes what is one and has bytes, and keeps its text.
fn check_made(text: &CStr, memory: &Block, parsed: &Answer<Format>) {
    let size = parsed.as_ref().map(|format| format.part().itemsize()).map_err(|failure| failure.status);
    let judge = |view: Answer<View>, what: &str| match (view, size) {
        (Ok(view), Ok(size)) => {
            let buffer = view.buffer();
            // SAFETY: the format of a view is a text.
            let told = unsafe { CStr::from_ptr(buffer.format) };
            assert_eq!((told, buffer.itemsize), (text, size), "{what}");
        }
        (Ok(_), Err(status)) => panic!("{what}, of a text that is refused with {status}"),
        (Err(failure), Ok(size)) => {
            let empty = size == 0 && failure.status == MV_E_FORMAT as i32;
            assert!(empty, "{what} of {size} bytes: {failure:?}");
        }
        (Err(failure), Err(status)) => assert_eq!(failure.status, status, "{what}"),
    };
    if size.is_ok_and(|size| size > GREATEST) {
        return;
    }
    let array = Object::array(text, &[2, 3], b'C');
    judge(array.map(|array| View::new(&array, MV_FULL_RO).expect("a view")), "an array");
    let items = size.map_or(1, |size| memory.length() as isize / size.max(1));
    let data = memory.at(0).cast();
    let wrap = |text: &CStr, extent: &[isize; 1]| {
        let (text, extent) = (text.as_ptr(), extent.as_ptr());
        // SAFETY: the memory outlives the view.
        let made = make(|out, error| unsafe { ffi::mv_view_wrap(data, text, extent, 1, 0, out, error) });
        // SAFETY: new, and given away here.
        made.map(|view| unsafe { View::of(view) })
    };
    judge(wrap(text, &[items]), "a wrapped block");
    let bytes = wrap(c"B", &[items * size.map_or(1, |size| size.max(1))]).expect("bytes");
    judge(bytes.cast(Some(text), None, b'C'), "a cast");
}

/// Described memory takes every text; a native single character has no more bytes than an item.
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
    let fits = native::size(text.to_bytes()).is_none_or(|size| size <= itemsize);
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

/// A request with a wanted format is answered where the two are alike: the answer says whether they are. A format
/// without a shape is given for bytes alone.
fn check_requests(object: &Object, a: &CStr, b: &CStr) -> bool {
    let answer = object.acquire_as(MV_FULL_RO, b);
    assert!(answer.is_ok() || is(&answer, MV_E_BUFFER), "a request for a format");
    let alike = answer.is_ok();
    let [left, right] = [a, b].map(|text| Format::parse(text, ffi::MV_RULES_EXPORTER));
    let table = native::alike(a.to_bytes(), b.to_bytes());
    assert!(!table || alike, "alike by the table");
    if native::is_known(a.to_bytes()) && native::is_known(b.to_bytes()) {
        assert_eq!(alike, table, "the table");
    }
    match (&left, &right) {
        (Ok(left), Ok(right)) => assert!(alike || !left.part().equals(right.part()), "equal, but not alike"),
        _ => assert_eq!(alike, table, "of a text that is no format"),
    }
    expect(object.acquire_as(MV_SIMPLE, a), true, MV_E_BUFFER, "a request for the very format");
    let bytes = native::is_bytes(a.to_bytes());
    if let Some(acquired) = expect(object.acquire(MV_FORMAT), bytes, MV_E_BUFFER, "a format without a shape")
    {
        // SAFETY: the format was asked for.
        assert_eq!(unsafe { CStr::from_ptr(acquired.0.format) }, a);
    }
    alike
}

/// Items of a native single character are what the table says; in items of another size they are opaque, and no
/// numbers go in or out.
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

/// Reading under another name needs a format that is alike, or numbers on both sides; a copy in another order keeps
/// text and bytes.
fn check_bulk(view: &View, a: &CStr, b: &CStr, alike: bool, memory: &Block) {
    let size = view.buffer().len as usize;
    let to = Block::new(size, 0);
    match view.read(Some(b), b'C', &to, 0, size) {
        Ok(()) if alike => assert_eq!(to.bytes(), memory.bytes()[..size]),
        Ok(()) => assert_ne!(view.get(&[0]).expect("an item").kind, ffi::MV_OPAQUE, "read as another format"),
        Err(failure) => {
            let causes = [MV_E_FORMAT as i32, MV_E_RANGE as i32, MV_E_SHAPE as i32];
            assert!(!alike && causes.contains(&failure.status), "a read under another name: {failure:?}");
        }
    }
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
    let same = same.expect("a cast that keeps the format");
    let kinds = [same.get(&[1, 2]), view.get(&[5])].map(|item| item.expect("an item").kind);
    assert_eq!((kinds[0], same.buffer().ndim), (kinds[1], 2));
}

/// A copy between formats that are alike, of items of the same size.
fn check_copy(view: &View, b: &CStr, itemsize: isize, alike: bool) {
    let memory = Block::new((ITEMS * LARGEST) as usize, 9);
    let Some((_object, other)) = described(b, itemsize, &memory) else { return };
    let alike = alike && view.buffer().itemsize == itemsize;
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
