//! `c-tests/test_object_memory.c`: objects of somebody else's memory: plain, described, and behind callbacks.

use std::{cell::Cell, ffi::c_void, ptr, sync::atomic::Ordering::Relaxed};

use memview::{
    error::mv_status::*,
    object::{
        flags::*,
        protocol::{mv_buffer, mv_exporter},
    },
};

use crate::{
    adversary::{Adversary, CALLBACKS, REFUSAL},
    fixtures::*,
    harness::{Placed, detail, message, placed, text, zero},
    table::POINTER,
};

/// How often, and with what, a free callback was called.
type Freed = Placed<Cell<(u32, *mut c_void)>>;

fn freed() -> Freed {
    placed((0, ptr::null_mut()))
}

unsafe extern "C" fn note_free(context: *mut c_void, data: *mut c_void) {
    // SAFETY: the context is the case's note.
    let note = unsafe { &*context.cast::<Cell<(u32, *mut c_void)>>() };
    note.set((note.get().0 + 1, data));
}

#[test]
fn memory_is_shared_and_freed_once() {
    let (data, freed) = (placed([1_u8, 2, 3]), freed());
    let memory = made!(mv_memory_new(data.address(), 3, 0, Some(note_free), freed.address()));
    let view = view_of(memory);
    let slice = sliced(view, c"1:");
    assert_eq!(buffer_of(view).buf, data.address());
    assert_eq!(text(buffer_of(view).format).as_deref(), Some("B"));
    assert_eq!(items(view), [1, 2, 3]);
    ok!(mv_view_set_i64(slice, [0].as_ptr(), 1, 7));
    assert_eq!(data.get()[1], 7);
    unref(memory);
    drop_views([view]);
    assert_eq!(freed.get().0, 0);
    drop_views([slice]);
    assert_eq!(freed.get(), (1, data.address()));
}

#[test]
fn memory_is_freed_with_the_last_reference() {
    let (data, freed) = (placed([0_u8; 3]), freed());
    let memory = made!(mv_memory_new(data.address(), 3, 0, Some(note_free), freed.address()));
    call!(mv_object_ref(memory));
    unref(memory);
    drop_views([view_of(memory)]);
    assert_eq!(freed.get().0, 0);
    unref(memory);
    assert_eq!(freed.get().0, 1);
}

#[test]
fn memory_without_bytes_or_free() {
    let view = view_taking(made!(mv_memory_new(ptr::null_mut(), 0, 0, None, ptr::null_mut())));
    assert_eq!(shape(view), [0]);
    drop_views([view]);
}

#[test]
fn memory_may_be_read_only() {
    let data = placed([0_u8; 3]);
    let memory = made!(mv_memory_new(data.address(), 3, 1, None, ptr::null_mut()));
    refused!(mv_buffer_acquire(memory, MV_WRITABLE), MV_E_BUFFER);
    let b = acquire(memory, MV_SIMPLE);
    assert_eq!(b.readonly, 1);
    release(b);
    unref(memory);
}

#[test]
fn memory_new_refuses() {
    let (data, freed) = (placed([0_u8; 3]), freed());
    let (at, free, context) =
        (data.address(), Some(note_free as unsafe extern "C" fn(_, _)), freed.address());
    assert_eq!(fails!(mv_memory_new(at, 3, 0, free, context, ptr::null_mut()), MV_E_NULL).dim, 6);
    assert_eq!(refused!(mv_memory_new(ptr::null_mut(), 3, 0, free, context), MV_E_VALUE).value, 3);
    refused!(mv_memory_new(at, isize::MAX.cast_unsigned() + 1, 0, free, context), MV_E_OVERFLOW);
    assert_eq!(freed.get().0, 0);
}

/// A buffer that describes items of one byte.
fn plain(at: *mut c_void, shape: &[isize]) -> mv_buffer {
    mv_buffer {
        buf: at,
        itemsize: 1,
        ndim: ndim(shape),
        format: c"B".as_ptr(),
        shape: shape.as_ptr(),
        ..zero()
    }
}

#[test]
fn description_of_strided_memory() {
    let (data, freed) = (placed([0_u16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]), freed());
    // Rows from the last to the first, every other column.
    let (extents, steps) = ([2, 3], [-12, 4]);
    let at = data.address().wrapping_byte_add(12);
    let description =
        mv_buffer { itemsize: 2, format: c"H".as_ptr(), strides: steps.as_ptr(), ..plain(at, &extents) };
    let view = view_taking(made!(mv_memory_describe(
        &raw const description,
        data.address(),
        24,
        Some(note_free),
        freed.address()
    )));
    assert_eq!(shape(view), [2, 3]);
    assert_eq!(strides(view), [-12, 4]);
    assert_eq!(buffer_of(view).len, 12);
    assert_eq!(items(view), [6, 8, 10, 0, 2, 4]);
    drop_views([view]);
    assert_eq!(freed.get(), (1, data.address()));
}

#[test]
fn description_is_copied_and_its_gaps_are_filled() {
    let data = placed([0_u8, 1, 2, 3, 4, 5]);
    let describe = |description: mv_buffer| {
        let null = ptr::null_mut();
        view_taking(made!(mv_memory_describe(&raw const description, data.address(), 6, None, null)))
    };
    let view = {
        let (format, extents) = (placed(*b"B\0"), placed([2_isize, 3]));
        let (format_at, shape_at) =
            (format.as_ptr().cast_const().cast(), extents.as_ptr().cast_const().cast());
        let given = plain(data.address(), &[2, 3]);
        let view = describe(mv_buffer { len: 6, format: format_at, shape: shape_at, ..given });
        format.set(*b"d\0");
        extents.set([1000, 3]);
        view
    };
    assert_eq!(text(buffer_of(view).format).as_deref(), Some("B"));
    assert_eq!(strides(view), [3, 1]);
    assert_eq!(items(view), [0, 1, 2, 3, 4, 5]);
    drop_views([view]);

    let view =
        describe(mv_buffer { buf: data.address(), len: 6, itemsize: 1, ndim: 1, readonly: 1, ..zero() });
    assert_eq!(text(buffer_of(view).format).as_deref(), Some("B"));
    assert_eq!(buffer_of(view).readonly, 1);
    assert_eq!(shape(view), [6]);
    drop_views([view]);

    let view = describe(mv_buffer { shape: ptr::null(), ..plain(data.address().wrapping_byte_add(5), &[]) });
    assert_eq!(buffer_of(view).ndim, 0);
    assert_eq!(items(view), [5]);
    drop_views([view]);
}

#[test]
fn description_of_a_pointer_table() {
    let rows = [placed([9_u8, 0, 1, 2, 9]), placed([9_u8, 3, 4, 5, 9])];
    let table = placed([rows[0].address(), rows[1].address()]);
    let (extents, steps, suboffsets_of) = ([2, 3], [POINTER, 1], [1, -1]);
    let description = mv_buffer {
        strides: steps.as_ptr(),
        suboffsets: suboffsets_of.as_ptr(),
        ..plain(table.address(), &extents)
    };
    let (given, at, size) = (&raw const description, table.address(), 2 * size_of::<*mut u8>());
    let view = view_taking(made!(mv_memory_describe(given, at, size, None, ptr::null_mut())));
    assert_eq!(suboffsets(view), [1, -1]);
    assert_eq!(items(view), [0, 1, 2, 3, 4, 5]);
    drop_views([view]);
    refused!(mv_memory_describe(given, at, size - 1, None, ptr::null_mut()), MV_E_SHAPE);
}

#[test]
fn description_stays_in_its_extent() {
    let inside = [
        [0, 8, 2],
        [14, 8, -2],
        [14, 1, 1000],
        [0, 1, -1000],
        [0, 2, 14],
        [14, 2, -14],
        [3, 100, 0],
        [16, 0, 2],
        [0, 0, 1000],
    ];
    let outside = [
        [1, 8, 2],
        [15, 1, 0],
        [-1, 1, 0],
        [0, 9, 2],
        [13, 8, -2],
        [0, 2, 15],
        [0, 2, -1],
        [14, 2, 1],
        [14, 9, -2],
    ];
    // One extent, one stride: what lies in the 16 bytes from base, first item at `first`. The block is no longer.
    let data = placed([0_u16; 8]);
    let described = |first: isize, stride: &[isize; 1], extent: &[isize; 1]| mv_buffer {
        itemsize: 2,
        format: c"H".as_ptr(),
        strides: stride.as_ptr(),
        ..plain(data.address().wrapping_byte_offset(first), extent)
    };
    for [first, extent, stride] in inside {
        let (extent, stride) = ([extent], [stride]);
        let description = described(first, &stride, &extent);
        let view = view_taking(made!(mv_memory_describe(
            &raw const description,
            data.address(),
            16,
            None,
            ptr::null_mut()
        )));
        assert!(read(view).iter().all(|byte| *byte == 0));
        drop_views([view]);
    }
    let refuse = |[first, extent, stride]: [isize; 3], status| {
        let (extent, stride) = ([extent], [stride]);
        let description = described(first, &stride, &extent);
        refused!(
            mv_memory_describe(&raw const description, data.address(), 16, None, ptr::null_mut()),
            status
        )
    };
    for case in outside {
        refuse(case, MV_E_SHAPE);
    }
    assert_eq!(refuse([0, 9, 2], MV_E_SHAPE).limit, 16);
    refuse([0, 3, isize::MIN], MV_E_OVERFLOW);
    assert_eq!(refuse([0, 3, isize::MAX], MV_E_OVERFLOW).dim, 0);
}

#[test]
fn memory_describe_refuses() {
    let (data, freed) = (placed([0_u8; 12]), freed());
    let (at, free, context) =
        (data.address(), Some(note_free as unsafe extern "C" fn(_, _)), freed.address());
    let good = plain(at, &[2, 3]);
    let given = &raw const good;
    assert_eq!(refused!(mv_memory_describe(ptr::null(), at, 12, free, context), MV_E_NULL).dim, 1);
    assert_eq!(fails!(mv_memory_describe(given, at, 12, free, context, ptr::null_mut()), MV_E_NULL).dim, 6);
    let bad = [
        (mv_buffer { shape: ptr::null(), ..good }, MV_E_NULL),
        (mv_buffer { ndim: -1, ..good }, MV_E_VALUE),
        (mv_buffer { ndim: 65, ..good }, MV_E_LIMIT),
        (mv_buffer { buf: ptr::null_mut(), ..good }, MV_E_VALUE),
        (mv_buffer { itemsize: 0, ..good }, MV_E_FORMAT),
        (mv_buffer { itemsize: -1, ..good }, MV_E_FORMAT),
        (mv_buffer { format: c"d".as_ptr(), ..good }, MV_E_FORMAT),
        (plain(at, &[2, -3]), MV_E_SHAPE),
        (plain(at, &[isize::MAX, 2]), MV_E_OVERFLOW),
        (mv_buffer { len: 7, ..good }, MV_E_SHAPE),
    ];
    for (bad, status) in &bad {
        refused!(mv_memory_describe(&raw const *bad, at, 12, free, context), *status);
    }
    refused!(mv_memory_describe(given, ptr::null_mut(), 12, free, context), MV_E_VALUE);
    refused!(mv_memory_describe(given, at, 5, free, context), MV_E_SHAPE);
    assert_eq!(freed.get().0, 0);
}

#[test]
fn custom_exporter_is_boxed_and_counted() {
    let (custom, unused) = Adversary::custom();
    unref(unused);
    assert_eq!(custom.frees(), 1);
    let object = {
        let callbacks = mv_exporter { name: c"camera".as_ptr(), ..CALLBACKS.0 };
        made!(mv_custom_new(&raw const callbacks, custom.address())) // the table is copied
    };
    assert_eq!(text(call!(mv_object_type_name(object))).as_deref(), Some("camera"));
    let view = view_of(object);
    let slice = sliced(view, c":4:2");
    let b = acquire(object, MV_SIMPLE);
    assert_eq!(call!(mv_object_exports(object)), 2);
    assert_eq!(items(slice), [0, 2]);
    unref(object);
    release(b);
    custom.check(2, 1, 1);
    assert_eq!(custom.released_internal.load(Relaxed), custom.address());
    drop_views([view]);
    custom.check(2, 1, 1);
    drop_views([slice]);
    custom.check(2, 2, 2);
}

#[test]
fn custom_exporter_of_the_least() {
    let (custom, unused) = Adversary::custom();
    unref(unused);
    let callbacks = mv_exporter { name: ptr::null(), release: None, free: None, ..CALLBACKS.0 };
    let object = made!(mv_custom_new(&raw const callbacks, custom.address()));
    assert_eq!(text(call!(mv_object_type_name(object))).as_deref(), Some("custom"));
    let view = view_taking(object);
    assert_eq!(items(view), (0..16).collect::<Vec<i64>>());
    drop_views([view]);
    custom.check(1, 0, 1);
}

#[test]
fn custom_exporter_refuses_in_its_own_words() {
    let (custom, object) = Adversary::custom();
    custom.refuse(MV_E_BUSY as i32);
    let error = refused!(mv_buffer_acquire(object, MV_SIMPLE), MV_E_BUSY);
    assert_eq!(message(&error), REFUSAL);
    refused!(mv_view_new(object, MV_FULL_RO), MV_E_BUSY);
    assert_eq!(call!(mv_object_exports(object)), 0);
    unref(object);
    custom.check(0, 0, 1);
}

#[test]
fn custom_new_refuses() {
    let (custom, unused) = Adversary::custom();
    unref(unused);
    let good = &raw const CALLBACKS.0;
    assert_eq!(refused!(mv_custom_new(ptr::null(), custom.address()), MV_E_NULL).dim, 1);
    assert_eq!(fails!(mv_custom_new(good, custom.address(), ptr::null_mut()), MV_E_NULL).dim, 3);
    let size = size_of::<mv_exporter>();
    let short = mv_exporter { size: size - 1, ..CALLBACKS.0 };
    let error = refused!(mv_custom_new(&raw const short, custom.address()), MV_E_VERSION);
    let size = i64::try_from(size).expect("a small struct");
    assert_eq!(detail(&error), (-1, -1, size - 1, size));
    let mute = mv_exporter { acquire: None, ..CALLBACKS.0 };
    refused!(mv_custom_new(&raw const mute, custom.address()), MV_E_NULL);
    custom.check(0, 0, 1);
}

#[test]
fn custom_table_of_a_newer_caller_is_read_as_far_as_it_is_known() {
    #[repr(C)]
    struct Newer {
        known: mv_exporter,
        unknown: [*const c_void; 4],
    }
    let (custom, unused) = Adversary::custom();
    unref(unused);
    let newer = Newer {
        known: mv_exporter { size: size_of::<Newer>(), ..CALLBACKS.0 },
        unknown: [custom.address().cast_const(); 4],
    };
    let view = view_taking(made!(mv_custom_new((&raw const newer).cast(), custom.address())));
    assert_eq!(newer.unknown[3], custom.address().cast_const());
    assert_eq!(items(view), (0..16).collect::<Vec<i64>>());
    drop_views([view]);
    custom.check(1, 1, 2);
}
