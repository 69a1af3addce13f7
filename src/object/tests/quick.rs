//! The quick ways against the general ones: where they answer, they answer the same, and where all is usual they do.

use core::{ffi::CStr, mem::MaybeUninit, ptr};

use super::{as_object, span};
use crate::{
    alloc::Quick,
    error::Result,
    format::{self, Leaf, Value},
    kernel,
    layout::{Order, mv_index},
    object::{
        Object, Request, array, buffer, bytearray, bytes,
        flags::{MV_FULL, MV_FULL_RO, MV_SIMPLE, MV_WRITABLE},
        memory,
        protocol::mv_buffer,
    },
    view::{Given, View},
};

fn fields(buffer: &mv_buffer) -> impl PartialEq + core::fmt::Debug {
    let mv_buffer { buf, obj, len, itemsize, readonly, ndim, format, shape, strides, suboffsets, internal } =
        *buffer;
    ((buf, obj, len, itemsize, readonly, ndim), (format, shape, strides, suboffsets, internal))
}

/// Acquires both ways, with all flags that there are and some more.
fn check(object: &Object) {
    let step = if cfg!(miri) { 149 } else { 1 };
    for flags in (0..0x400).step_by(step).chain([0x10000, 0x20000, 0x30000, MV_FULL, MV_FULL_RO]) {
        let mut place = MaybeUninit::uninit();
        let quick = buffer::acquire_quickly(object, flags, &mut place)
            || buffer::acquire_view_quickly(object, flags, &mut place);
        if !quick {
            continue;
        }
        // SAFETY: acquired, and released once.
        let mut found = unsafe { place.assume_init() };
        let mut wanted = buffer::acquire(object, &Request::flags(flags)).unwrap();
        assert_eq!(fields(&found), fields(&wanted), "flags {flags:#x}");
        // SAFETY: as above.
        unsafe {
            buffer::release(&mut found);
            buffer::release(&mut wanted);
        }
    }
    assert_eq!(object.exports(), 0);
}

fn is_quick(object: &Object, flags: i32) -> bool {
    let mut place = MaybeUninit::uninit();
    let quick = buffer::acquire_quickly(object, flags, &mut place)
        || buffer::acquire_view_quickly(object, flags, &mut place);
    if quick {
        // SAFETY: acquired, and released once.
        unsafe { buffer::release(place.assume_init_mut()) }
    }
    quick
}

/// Room for two pointers to rows, which nobody follows.
static TABLE: [usize; 2] = [0; 2];
static SHAPE: [isize; 2] = [2, 3];
static STRIDES: [isize; 2] = [size_of::<usize>().cast_signed(), 2];
static SUBOFFSETS: [isize; 2] = [0, -1];

fn objects() -> Vec<Object> {
    let description = mv_buffer {
        buf: TABLE.as_ptr().cast_mut().cast(),
        itemsize: 2,
        ndim: 2,
        readonly: 1,
        format: c"H".as_ptr(),
        shape: SHAPE.as_ptr(),
        strides: STRIDES.as_ptr(),
        suboffsets: SUBOFFSETS.as_ptr(),
        ..crate::object::foreign::ZEROED
    };
    // SAFETY: the description is valid, and nothing is read through it.
    let indirect = unsafe {
        memory::describe(&description, description.buf.cast(), size_of_val(&TABLE), None, ptr::null_mut())
    };
    vec![
        bytes::new(&span(b"bytes")).unwrap(),
        bytearray::zeroed(5).unwrap(),
        array::new(c"d", &[2, 3], Order::C).unwrap(),
        array::new(c"<i", &[2, 3], Order::F).unwrap(),
        array::new(c"B", &[1], Order::C).unwrap(),
        array::new(c"T{i:a:d:b:}", &[], Order::C).unwrap(),
        indirect.unwrap(),
    ]
}

#[test]
fn an_acquisition_is_that_of_the_general_way() {
    for object in objects() {
        check(&object);
    }
}

#[test]
fn an_acquisition_of_a_view_is_that_of_the_general_way() {
    for object in objects() {
        let view = View::new(&object, &Request::flags(MV_FULL_RO)).unwrap();
        check(&as_object(&view));
        for part in ["::-1", "..., ::2"] {
            if let Ok(part) = view.slice(&std::ffi::CString::new(part).unwrap()) {
                // Its first acquisition puts it on the list.
                drop(super::hold(&as_object(&part), &Request::flags(MV_FULL_RO)).unwrap());
                check(&as_object(&part));
            }
        }
    }
}

#[test]
fn what_is_usual_is_quick_and_the_rest_is_not() {
    let object = bytearray::zeroed(8).unwrap();
    assert!(is_quick(&object, MV_SIMPLE) && is_quick(&object, MV_WRITABLE) && is_quick(&object, MV_FULL));
    let view = View::new(&object, &Request::flags(MV_FULL)).unwrap();
    assert!(!is_quick(&as_object(&view), MV_FULL), "it is not on the list yet");
    drop(super::hold(&as_object(&view), &Request::flags(MV_FULL)).unwrap());
    assert!(is_quick(&as_object(&view), MV_FULL));
    object.revoke().unwrap();
    assert!(!is_quick(&object, MV_SIMPLE) && !is_quick(&as_object(&view), MV_FULL));
    assert!(!is_quick(&bytes::new(&span(b"b")).unwrap(), MV_WRITABLE));
}

#[test]
fn a_plain_number_is_that_of_the_codec() {
    let values = [
        Value::Int(-1),
        Value::Int(200),
        Value::Int(i64::MIN),
        Value::UInt(1),
        Value::UInt(u64::MAX),
        Value::Float(0.1),
        Value::Float(-1e300),
        Value::Float(f64::NAN),
        Value::Bool(true),
        Value::Complex(1.0, 0.0),
    ];
    let mut plain = 0;
    for text in "c b B ? h H i I l L q Q n N e f d g P <h >h <q >q =f <d >d >b Zd s".split(' ') {
        let leaf = Leaf::parse(text.as_bytes()).unwrap();
        let Some(number) = leaf.plain() else { continue };
        plain += 1;
        let size = leaf.size().unsigned_abs();
        for value in &values {
            let (mut wanted, mut found) = ([0x5au8; 9], [0x5au8; 9]);
            // SAFETY: there are as many bytes behind the first, which makes them unaligned.
            if unsafe { kernel::store(number, value, found[1..].as_mut_ptr()) }.is_none() {
                assert_eq!(found, [0x5a; 9], "{value:?} in '{text}'");
                continue;
            }
            format::write(leaf, value, &mut wanted[1..=size]).unwrap();
            assert_eq!(found, wanted, "{value:?} in '{text}'");
            // SAFETY: as above.
            let back = unsafe { kernel::load(number, found[1..].as_ptr()) };
            let general = format::read(leaf, &mut wanted[1..=size]).unwrap();
            assert_eq!(format!("{back:?}"), format!("{general:?}"), "'{text}'");
            let code = leaf.code();
            assert_eq!(back.to_i64(), format::as_i64(code, &general).ok(), "{value:?} in '{text}'");
            assert_eq!(back.to_u64(), format::as_u64(code, &general).ok(), "{value:?} in '{text}'");
            if let Some(double) = back.to_f64() {
                let wanted = format::as_f64(code, &general).unwrap();
                assert_eq!(double.to_bits(), wanted.to_bits(), "{value:?} in '{text}'");
            }
        }
    }
    // The native ones; then of each order one half, of one byte and of this machine's order.
    assert_eq!(plain, 14 + 3 + 1 + 1);
}

/// The quick way to a view against the general one.
fn check_views(quick: Quick<View>, general: Result<View>) {
    let Some(quick) = quick else { return };
    let quick = quick.unwrap();
    let general = general.unwrap();
    // SAFETY: neither is released.
    let (found, wanted) = unsafe { (&*quick.buffer(), &*general.buffer()) };
    let layouts = [found, wanted].map(|buffer| {
        // SAFETY: a view's description is full.
        let layout = unsafe { crate::object::described::full_layout(buffer) };
        (layout.shape.to_vec(), layout.strides.to_vec(), layout.suboffsets.to_vec())
    });
    assert_eq!(layouts[0], layouts[1]);
    let mv_buffer { shape, strides, suboffsets, .. } = *wanted;
    let arrays = mv_buffer { shape, strides, suboffsets, ..*found };
    assert_eq!(fields(&arrays), fields(wanted));
    for flags in (0..0x200).step_by(if cfg!(miri) { 151 } else { 1 }) {
        let answers = [&quick, &general].map(|view| {
            let held = super::hold(&as_object(view), &Request::flags(flags));
            held.map(|held| (held.ndim, held.shape.is_null(), held.strides.is_null())).ok()
        });
        assert_eq!(answers[0], answers[1], "{flags:#x}");
    }
}

#[test]
fn a_view_of_a_view_is_that_of_the_general_way() {
    let items = [mv_index::at(0), mv_index::every(-1), mv_index::slice(Some(1), None, None)];
    let mut views: Vec<_> =
        objects().iter().map(|object| View::new(object, &Request::flags(MV_FULL_RO)).unwrap()).collect();
    views.push(views[0].slice(c"1:1").unwrap());
    for view in objects() {
        let general = View::new(&view, &Request::flags(MV_FULL_RO));
        check_views(View::new_quickly(&view, MV_FULL_RO), general);
    }
    for view in &views {
        check_views(view.reverse_quickly(), view.transpose(None));
        for first in 0..=items.len() {
            check_views(view.index_quickly(&items[first..]), view.index(&items[first..]));
        }
        let formats = [c"d", c"@h", c"B", c"x", c"T{i}", c"Zd", c"g", c"2B"];
        for format in formats.into_iter().step_by(if cfg!(miri) { 3 } else { 1 }) {
            check_views(view.cast_quickly(format), view.cast(Some(format), None, Order::C));
        }
    }
    let [bytes, numbers] = [&views[1], &views[2]];
    assert!(bytes.index_quickly(&items[1..2]).is_some() && numbers.index_quickly(&items[..2]).is_some());
    assert!(bytes.cast_quickly(c"B").is_some() && numbers.reverse_quickly().is_some());
    numbers.release().unwrap();
    assert!(numbers.reverse_quickly().is_none());
}

#[test]
fn views_that_are_alike_are_copied_and_compared_as_the_general_way_does() {
    let view = |format: &CStr| {
        let object = array::new(format, &[2, 3], Order::C).unwrap();
        let view = View::new(&object, &Request::flags(MV_FULL)).unwrap();
        view.fill(&Given::Value(Value::Int(7))).unwrap();
        view
    };
    let formats = [
        (c"B", c"B"),
        (c"@h", c"h"),
        (c"<i", c"<i"),
        (c">q", c">q"),
        (c"d", c"d"),
        (c"f", c"f"),
        (c"B", c"b"),
    ];
    for (format, theirs) in formats.into_iter().step_by(if cfg!(miri) { 3 } else { 1 }) {
        let alike = theirs != c"b";
        let [one, other] = [view(format), view(theirs)];
        for text in [c"...", c":, ::-1", c":, ::2", c"0", c"1:1", c"0, 1"] {
            let [one, other] = [&one, &other].map(|view| view.slice(text).unwrap());
            let [a, b] = [&one, &other].map(|view| view.share().access().unwrap());
            let answer = a.equals_quickly(&b);
            assert!(answer.is_none_or(|answer| answer && alike), "{format:?}, {text:?}");
            assert_eq!(a.copy_quickly(&b).is_some(), alike, "{format:?}, {text:?}");
        }
    }
    let [one, other] = [view(c"h"), view(c"h")];
    one.slice(c"1, 2").unwrap().fill(&Given::Value(Value::Int(8))).unwrap();
    assert!(!one.equals(&other).unwrap());
    assert_eq!(one.share().access().unwrap().equals_quickly(&other.share().access().unwrap()), Some(false));
    other.copy_from(&one.transpose(None).unwrap().transpose(None).unwrap()).unwrap();
    assert!(one.equals(&other).unwrap());
    // The same shape, but not the same order of items.
    let turned = View::new(&array::new(c"h", &[3, 2], Order::C).unwrap(), &Request::flags(MV_FULL)).unwrap();
    let turned = turned.transpose(None).unwrap();
    for (at, text) in [c"0, 0", c"0, 1", c"0, 2", c"1, 0", c"1, 1", c"1, 2"].into_iter().enumerate() {
        let value = Value::Int(i64::try_from(at).unwrap());
        one.slice(text).unwrap().fill(&Given::Value(value)).unwrap();
        turned.slice(text).unwrap().fill(&Given::Value(value)).unwrap();
    }
    assert!(one.equals(&turned).unwrap() && !one.equals(&other).unwrap());
    other.copy_from(&turned).unwrap();
    assert!(one.equals(&other).unwrap());
    assert!(one.copy_from(&view(c"i")).is_err() && one.copy_from(&one.slice(c"0").unwrap()).is_err());
}
