//! What `tools/null_sweep.py` makes for C: every function is given NULL for each of its pointers in turn.
//!
//! It is first called with arguments that are all valid, which must succeed: so the failures that follow are those of the NULL
//! alone. Then each pointer is NULL, with an error to fill and without: `MV_E_NULL`, the number and the name of the argument in the
//! error, out-handles NULL, other outputs untouched.

use std::{
    cell::RefCell,
    ffi::{c_char, c_int, c_void},
    ptr,
};

use memview::{
    error::{
        mv_error,
        mv_status::{self, *},
    },
    ffi::{Code, MV_READ, MV_RULES_STRUCT, MV_STRICT, mv_format, mv_view},
    kernel::mv_walk,
    layout::mv_index as Item,
    object::{
        flags::MV_FULL_RO,
        protocol::{MV_ABI, mv_buffer, mv_object},
    },
};

use crate::{
    fixtures::*,
    formats::*,
    harness::*,
    null_ground::{B, FOUR, Ground, RECORD, REFUSING, UNTOUCHED, keep},
};

const AXES: &[c_int] = &[0];
const ITEMS: &[Item] = &[Item::all()];

#[derive(Clone, Copy)]
struct Output {
    place: usize,
    /// How many bytes of it a failure clears.
    cleared: usize,
    /// Ends the handle that a success leaves there.
    end: unsafe fn(*mut c_void),
}

/// A pointer among the arguments.
#[derive(Clone, Copy)]
struct Argument {
    number: i32,
    name: &'static str,
    /// What NULL is answered with.
    answer: mv_status,
    output: Option<Output>,
}

/// Which argument of a call is NULL, by its number; 0: none.
struct Nulls<'a> {
    null: i32,
    silent: bool,
    error: *mut mv_error,
    ground: &'a Ground,
    seen: RefCell<Vec<Argument>>,
}

impl Nulls<'_> {
    fn argument<T>(&self, argument: Argument, pointer: *const T) -> *mut T {
        self.seen.borrow_mut().push(argument);
        if argument.number == self.null { ptr::null_mut() } else { pointer.cast_mut() }
    }

    fn given<T>(&self, number: i32, name: &'static str, pointer: *const T) -> *mut T {
        self.answered(number, name, pointer, MV_E_NULL)
    }

    fn answered<T>(&self, number: i32, name: &'static str, pointer: *const T, answer: mv_status) -> *mut T {
        self.argument(Argument { number, name, answer, output: None }, pointer)
    }

    fn place<T>(
        &self,
        number: i32,
        name: &'static str,
        cleared: usize,
        end: unsafe fn(*mut c_void),
    ) -> *mut T {
        let place = self.seen.borrow().iter().filter(|argument| argument.output.is_some()).count();
        let output = Some(Output { place, cleared, end });
        let answer = if name == "out_length" { MV_OK } else { MV_E_NULL };
        self.argument(
            Argument { number, name, answer, output },
            self.ground.outputs[place].as_ptr().cast::<T>(),
        )
    }

    /// An output that a failure leaves alone.
    fn output<T>(&self, number: i32, name: &'static str) -> *mut T {
        self.place(number, name, 0, |_| ())
    }

    fn object(&self, number: i32) -> *mut *mut mv_object {
        let size = size_of::<*mut mv_object>();
        // SAFETY: an object was put there.
        self.place(number, "out", size, |place| unref(unsafe { *place.cast() }))
    }

    fn view(&self, number: i32) -> *mut *mut mv_view {
        let size = size_of::<*mut mv_view>();
        // SAFETY: a view was put there.
        self.place(number, "out", size, |place| drop_views([unsafe { *place.cast() }]))
    }

    fn format(&self, number: i32) -> *mut *mut mv_format {
        let size = size_of::<*mut mv_format>();
        // SAFETY: a format was put there.
        self.place(number, "out", size, |place| drop_formats([unsafe { *place.cast() }]))
    }

    fn buffer(&self, number: i32) -> *mut mv_buffer {
        self.place(number, "out", size_of::<mv_buffer>(), |place| call!(mv_buffer_release(place.cast())))
    }

    fn error(&self) -> *mut mv_error {
        if self.silent { ptr::null_mut() } else { self.error }
    }

    /// The outputs of a call that failed.
    #[track_caller]
    fn check_outputs(&self) {
        let mut expected = [UNTOUCHED; 2];
        for argument in self.seen.borrow().iter().filter(|argument| argument.number != self.null) {
            if let Some(output) = argument.output {
                // SAFETY: within the room.
                unsafe { (&raw mut expected[output.place]).cast::<u8>().write_bytes(0, output.cleared) };
            }
        }
        assert!(self.ground.outputs.iter().zip(expected).all(|(output, expected)| output.get() == expected));
    }

    fn end_outputs(&self) {
        for argument in self.seen.borrow().iter().filter(|argument| argument.number != self.null) {
            if let Some(output) = argument.output {
                // SAFETY: the call succeeded, and filled it.
                unsafe { (output.end)(self.ground.outputs[output.place].address()) };
            }
        }
    }
}

/// One call with NULL for argument number `null`, which is answered so; its pointers.
#[track_caller]
fn once(
    function: &str,
    null: Option<Argument>,
    silent: bool,
    call: &impl Fn(&Ground, &Nulls) -> Code,
) -> Vec<Argument> {
    let (ground, mut error) = (Ground::new(), untouched());
    let (number, expected) = null.map_or((0, MV_OK), |argument| (argument.number, argument.answer));
    let nulls =
        Nulls { null: number, silent, error: &raw mut error, ground: &ground, seen: RefCell::default() };
    let code = call(&ground, &nulls);
    if silent {
        assert_eq!(code.0, expected as i32, "{function}");
    } else {
        judge(function, code, expected, &error);
    }
    if expected == MV_OK {
        nulls.end_outputs();
    } else {
        nulls.check_outputs();
    }
    if let Some(argument) = null.filter(|argument| argument.answer == MV_E_NULL && !silent) {
        assert_eq!(error.dim, number);
        assert!(message(&error).contains(&format!("'{}'", argument.name)), "{function}: {}", message(&error));
    }
    let seen = nulls.seen.take();
    ground.end();
    seen
}

#[track_caller]
fn sweep(function: &str, call: impl Fn(&Ground, &Nulls) -> Code) {
    for argument in once(function, None, false, &call) {
        once(function, Some(argument), false, &call);
        if argument.number == 1 || !cfg!(miri) {
            once(function, Some(argument), true, &call);
        }
    }
}

macro_rules! sweeps {
    ($($test:ident: |$g:ident, $n:ident| $function:ident($($argument:expr),* $(,)?);)*) => {$(
        #[test]
        fn $test() {
            sweep(stringify!($function), |$g, $n| call!($function($($argument,)* $n.error())));
        }
    )*};
}

#[test]
fn null_to_functions_without_a_status() {
    let (object, view, buffer) = (NO_OBJECT, NO_VIEW, ptr::null_mut());
    call!(mv_object_unref(object));
    call!(mv_view_unref(view));
    call!(mv_buffer_release(buffer));
    assert!(call!(mv_object_ref(object)).is_null() && call!(mv_view_ref(view)).is_null());
    assert!(call!(mv_object_type_name(object)).is_null());
    assert_eq!(call!(mv_object_exports(object)), 0);
    assert!(call!(mv_view_buffer(view)).is_null());
    assert!(call!(mv_view_exporter(view)).is_null() && call!(mv_view_as_object(view)).is_null());
    assert_eq!((call!(mv_buffer_is_contiguous(buffer, C)), call!(mv_buffer_alignment(buffer))), (0, 0));
}

#[test]
fn null_to_functions_of_formats_without_a_status() {
    let (format, none) = (parsed(B), ptr::null_mut());
    call!(mv_format_unref(none));
    assert!(call!(mv_format_ref(none)).is_null());
    assert_eq!((call!(mv_format_itemsize(none)), call!(mv_format_alignment(none))), (0, 0));
    assert_eq!((call!(mv_format_kind(none)), call!(mv_format_is_native(none))), (0, 0));
    assert_eq!(call!(mv_format_field_count(none)), 0);
    for (a, b) in [(none, none), (format, none), (none, format)] {
        assert_eq!(call!(mv_format_equal(a, b)), 0);
    }
    drop_formats([format]);
}

/// It has no status: it gives no run, and leaves the others alone, until nothing is NULL.
#[test]
fn null_to_mv_walk_next() {
    let ground = Ground::new();
    let (mut item, mut count, mut step) = (ptr::null_mut(), -1, -1);
    for null in [1, 2, 3, 4, 0] {
        let given = |number| number != null;
        let or_null = |number, pointer: *mut isize| if given(number) { pointer } else { ptr::null_mut() };
        let walk: *mut mv_walk = if given(1) { ground.walk() } else { ptr::null_mut() };
        let to: *mut *mut c_void = if given(2) { &raw mut item } else { ptr::null_mut() };
        let (counted, stepped) = (or_null(3, &raw mut count), or_null(4, &raw mut step));
        assert_eq!(call!(mv_walk_next(walk, to, counted, stepped)), c_int::from(null == 0));
        assert_eq!((item.is_null(), count, step), if null == 0 { (false, 4, 1) } else { (true, -1, -1) });
    }
    ground.end();
}

sweeps! {
    null_to_mv_version_check: |_g, n| mv_version_check(MV_ABI);
    null_to_mv_array_new: |_g, n| mv_array_new(
        n.given(1, "format", B.as_ptr()), n.given(2, "shape", FOUR.as_ptr()), 1, C, n.object(5));
    null_to_mv_array_resize: |g, n| mv_array_resize(n.given(1, "array", g.lonely()), n.given(2, "shape", FOUR.as_ptr()), 1);
    null_to_mv_bytearray_new: |g, n| mv_bytearray_new(n.answered(1, "data", g.bytes.address(), MV_OK), 4, n.object(3));
    null_to_mv_bytearray_reserve: |g, n| mv_bytearray_reserve(n.given(1, "array", g.bytearray()), 8);
    null_to_mv_bytearray_resize: |g, n| mv_bytearray_resize(n.given(1, "array", g.bytearray()), 4);
    null_to_mv_bytearray_splice: |g, n| mv_bytearray_splice(
        n.given(1, "array", g.bytearray()), 0, 4, n.answered(4, "data", g.bytes.address(), MV_E_VALUE), 4);
    null_to_mv_bytes_new: |g, n| mv_bytes_new(n.answered(1, "data", g.bytes.address(), MV_E_VALUE), 4, n.object(3));
    null_to_mv_custom_new: |g, n| mv_custom_new(
        n.given(1, "callbacks", &raw const REFUSING.0), n.answered(2, "self", g.bytes.address(), MV_OK), n.object(3));
    null_to_mv_memory_new: |g, n| mv_memory_new(n.answered(1, "data", g.bytes.address(), MV_E_VALUE), 4, 0, Some(keep),
        n.answered(5, "context", g.bytes.address(), MV_OK), n.object(6));
    null_to_mv_memory_describe: |g, n| mv_memory_describe(
        n.given(1, "description", &raw const g.description), n.answered(2, "base", g.bytes.address(), MV_E_VALUE), 4,
        Some(keep), n.answered(5, "context", g.bytes.address(), MV_OK), n.object(6));
    null_to_mv_object_copy: |g, n| mv_object_copy(n.given(1, "destination", g.array()), n.given(2, "source", g.array()));
    null_to_mv_object_holders: |g, n| mv_object_holders(
        n.given(1, "object", g.object()), n.output::<c_char>(2, "text"), 64, n.output(4, "out_length"));
    null_to_mv_object_revoke: |g, n| mv_object_revoke(n.given(1, "object", g.bytearray()));

    null_to_mv_buffer_acquire: |g, n| mv_buffer_acquire(n.given(1, "object", g.object()), MV_FULL_RO, n.buffer(3));
    null_to_mv_buffer_acquire_for: |g, n| mv_buffer_acquire_for(
        n.given(1, "object", g.object()), n.given(2, "request", &raw const g.request), n.buffer(3));
    null_to_mv_buffer_extent: |g, n| mv_buffer_extent(
        n.given(1, "buffer", g.buffer()), n.output(2, "out_low"), n.output(3, "out_size"));
    null_to_mv_buffer_fill_info: |g, n| mv_buffer_fill_info(n.buffer(1), n.answered(2, "object", g.foreign(), MV_OK),
        n.answered(3, "data", g.bytes.address(), MV_E_VALUE), n.given(4, "length", &raw const g.length), 0, MV_FULL_RO);
    null_to_mv_buffer_fill_strides: |_g, n| mv_buffer_fill_strides(
        n.given(1, "shape", FOUR.as_ptr()), 1, 1, C, n.output(5, "out_strides"));
    null_to_mv_buffer_from_contiguous: |g, n| mv_buffer_from_contiguous(
        n.given(1, "buffer", g.buffer()), n.answered(2, "data", g.bytes.address(), MV_E_VALUE), 4, C);
    null_to_mv_buffer_pointer: |g, n| mv_buffer_pointer(
        n.given(1, "buffer", g.buffer()), n.given(2, "index", [0].as_ptr()), 1, n.output(4, "out"));
    null_to_mv_buffer_to_contiguous: |g, n| mv_buffer_to_contiguous(
        n.given(1, "buffer", g.buffer()), n.answered(2, "data", g.bytes.address(), MV_E_VALUE), 4, C);

    null_to_mv_view_new: |g, n| mv_view_new(n.given(1, "object", g.object()), MV_FULL_RO, n.view(3));
    null_to_mv_view_new_for: |g, n| mv_view_new_for(
        n.given(1, "object", g.object()), n.given(2, "request", &raw const g.request), n.view(3));
    null_to_mv_view_wrap: |g, n| mv_view_wrap(n.answered(1, "data", g.bytes.address(), MV_E_VALUE),
        n.answered(2, "format", B.as_ptr(), MV_OK), n.given(3, "shape", FOUR.as_ptr()), 1, 0, n.view(6));
    null_to_mv_view_from_buffer: |g, n| mv_view_from_buffer(n.given(1, "description", &raw const g.description), n.view(2));
    null_to_mv_view_contiguous: |g, n| mv_view_contiguous(n.given(1, "object", g.object()), MV_READ, C, n.view(4));
    null_to_mv_view_reexport: |g, n| mv_view_reexport(n.given(1, "view", g.view()), n.view(2));
    null_to_mv_view_toreadonly: |g, n| mv_view_toreadonly(n.given(1, "view", g.view()), n.view(2));
    null_to_mv_view_release: |g, n| mv_view_release(n.given(1, "view", g.view()));

    null_to_mv_view_index: |g, n| mv_view_index(n.given(1, "view", g.view()), n.given(2, "items", ITEMS.as_ptr()), 1, n.view(4));
    null_to_mv_view_slice: |g, n| mv_view_slice(n.given(1, "view", g.view()), n.given(2, "text", c"1:3".as_ptr()), n.view(3));
    null_to_mv_index_parse: |_g, n| mv_index_parse(
        n.given(1, "text", c"1:3".as_ptr()), n.output(2, "items"), 4, n.output(4, "out_count"));
    null_to_mv_view_transpose: |g, n| mv_view_transpose(
        n.given(1, "view", g.view()), n.given(2, "axes", AXES.as_ptr()), 1, n.view(4));
    null_to_mv_view_reshape: |g, n| mv_view_reshape(
        n.given(1, "view", g.view()), n.given(2, "shape", FOUR.as_ptr()), 1, C, n.view(5));
    null_to_mv_view_broadcast: |g, n| mv_view_broadcast(
        n.given(1, "view", g.view()), n.given(2, "shape", FOUR.as_ptr()), 1, n.view(4));
    null_to_mv_view_split: |g, n| mv_view_split(n.given(1, "view", g.view()), 0, 2, n.view(4));
    null_to_mv_view_cast: |g, n| mv_view_cast(n.given(1, "view", g.view()), n.answered(2, "format", B.as_ptr(), MV_OK),
        n.given(3, "shape", FOUR.as_ptr()), 1, C, n.view(6));

    null_to_mv_view_window: |g, n| mv_view_window(
        n.given(1, "view", g.view()), n.given(2, "shape", FOUR.as_ptr()), 1, n.view(4));
    null_to_mv_view_diagonal: |g, n| mv_view_diagonal(n.given(1, "view", g.square()), 0, 0, 1, n.view(5));
    null_to_mv_view_strided: |g, n| mv_view_strided(n.given(1, "view", g.view()), 0, n.given(3, "shape", FOUR.as_ptr()),
        n.given(4, "strides", [1].as_ptr()), 1, n.view(6));
    null_to_mv_view_field: |g, n| mv_view_field(
        n.given(1, "view", g.records()), n.given(2, "path", c"a".as_ptr()), n.view(3));

    null_to_mv_view_get: |g, n| mv_view_get(
        n.given(1, "view", g.view()), n.given(2, "index", [0].as_ptr()), 1, n.output(4, "out"));
    null_to_mv_view_get_i64: |g, n| mv_view_get_i64(
        n.given(1, "view", g.view()), n.given(2, "index", [0].as_ptr()), 1, n.output(4, "out"));
    null_to_mv_view_get_u64: |g, n| mv_view_get_u64(
        n.given(1, "view", g.view()), n.given(2, "index", [0].as_ptr()), 1, n.output(4, "out"));
    null_to_mv_view_get_f64: |g, n| mv_view_get_f64(
        n.given(1, "view", g.view()), n.given(2, "index", [0].as_ptr()), 1, n.output(4, "out"));
    null_to_mv_view_set: |g, n| mv_view_set(n.given(1, "view", g.view()), n.given(2, "index", [0].as_ptr()), 1,
        n.given(4, "value", &raw const g.scalar));
    null_to_mv_view_set_i64: |g, n| mv_view_set_i64(n.given(1, "view", g.view()), n.given(2, "index", [0].as_ptr()), 1, 1);
    null_to_mv_view_set_u64: |g, n| mv_view_set_u64(n.given(1, "view", g.view()), n.given(2, "index", [0].as_ptr()), 1, 1);
    null_to_mv_view_set_f64: |g, n| mv_view_set_f64(
        n.given(1, "view", g.doubles()), n.given(2, "index", [0].as_ptr()), 1, 1.0);

    null_to_mv_view_text: |g, n| mv_view_text(
        n.given(1, "view", g.view()), 10, n.output::<c_char>(3, "text"), 64, n.output(5, "out_length"));
    null_to_mv_scalar_field: |g, n| mv_scalar_field(
        n.given(1, "record", g.record()), n.given(2, "path", c"a".as_ptr()), n.output(3, "out"));

    null_to_mv_format_parse: |_g, n| mv_format_parse(n.given(1, "text", RECORD.as_ptr()), MV_RULES_STRUCT, n.format(3));
    null_to_mv_format_size: |_g, n| mv_format_size(n.given(1, "text", RECORD.as_ptr()), n.output(2, "out"));
    null_to_mv_format_from_members: |g, n| mv_format_from_members(
        n.given(1, "members", &raw const g.member), 1, 8, n.format(4));
    null_to_mv_format_from_numpy: |_g, n| mv_format_from_numpy(n.given(1, "text", c"<i4".as_ptr()), n.format(2));
    null_to_mv_format_text: |g, n| mv_format_text(
        n.given(1, "format", g.format()), n.output::<c_char>(2, "text"), 64, n.output(4, "out_length"));
    null_to_mv_format_numpy: |g, n| mv_format_numpy(
        n.given(1, "format", g.format()), n.output::<c_char>(2, "text"), 64, n.output(4, "out_length"));
    null_to_mv_format_field_at: |g, n| mv_format_field_at(n.given(1, "format", g.format()), 0, n.output(3, "out"));
    null_to_mv_format_field: |g, n| mv_format_field(
        n.given(1, "format", g.format()), n.given(2, "path", c"a".as_ptr()), n.output(3, "out"));
    null_to_mv_format_element: |g, n| mv_format_element(n.given(1, "format", g.grid()), n.output(2, "out"));
    null_to_mv_view_format: |g, n| mv_view_format(n.given(1, "view", g.view()), n.format(2));

    null_to_mv_view_copy: |g, n| mv_view_copy(n.given(1, "destination", g.view()), n.given(2, "source", g.view()));
    null_to_mv_view_fill: |g, n| mv_view_fill(n.given(1, "view", g.view()), n.given(2, "value", &raw const g.scalar));
    null_to_mv_view_read: |g, n| mv_view_read(n.given(1, "view", g.view()), n.answered(2, "format", B.as_ptr(), MV_OK), C,
        n.answered(4, "data", g.bytes.address(), MV_E_VALUE), 4);
    null_to_mv_view_write: |g, n| mv_view_write(n.given(1, "view", g.view()), n.answered(2, "format", B.as_ptr(), MV_OK), C,
        n.answered(4, "data", g.bytes.address(), MV_E_VALUE), 4);
    null_to_mv_view_convert: |g, n| mv_view_convert(
        n.given(1, "destination", g.view()), n.given(2, "source", g.view()), MV_STRICT);
    null_to_mv_view_byteswap: |g, n| mv_view_byteswap(n.given(1, "view", g.view()));
    null_to_mv_view_overlaps: |g, n| mv_view_overlaps(
        n.given(1, "a", g.view()), n.given(2, "b", g.view()), n.output(3, "out"));
    null_to_mv_view_runs: |g, n| mv_view_runs(
        n.given(1, "view", g.view()), 0, n.output(3, "runs"), 2, n.output(5, "out_count"));
    null_to_mv_walk_begin: |g, n| mv_walk_begin(n.output(1, "walk"), n.given(2, "buffer", g.buffer()), C);

    null_to_mv_view_equal: |g, n| mv_view_equal(n.given(1, "a", g.view()), n.given(2, "b", g.view()), n.output(3, "out"));
    null_to_mv_view_count: |g, n| mv_view_count(
        n.given(1, "view", g.view()), n.given(2, "value", &raw const g.scalar), n.output(3, "out"));
    null_to_mv_view_find: |g, n| mv_view_find(
        n.given(1, "view", g.view()), n.given(2, "value", &raw const g.scalar), 0, 4, n.output(5, "out"));
    null_to_mv_view_find_bytes: |g, n| mv_view_find_bytes(
        n.given(1, "view", g.view()), n.answered(2, "data", g.bytes.address(), MV_E_VALUE), 4, 0, n.output(5, "out"));
    null_to_mv_view_hash: |g, n| mv_view_hash(n.given(1, "view", g.frozen()), 0, n.output(3, "out"));
    null_to_mv_view_hex: |g, n| mv_view_hex(n.given(1, "view", g.view()), n.answered(2, "separator", c":".as_ptr(), MV_OK), 1,
        n.output::<c_char>(4, "text"), 64, n.output(6, "out_length"));
}
