//! Programs of operations on views of arrays, bytes and described memory, each held against the model: what is
//! answered, where the items are, and in the end every way to read and to write them.

use std::{
    cell::Cell,
    ffi::{CStr, CString, c_void},
};

use memview::{
    error::mv_status::MV_E_UNSUPPORTED,
    ffi,
    layout::{MV_INDEX_SLICE, mv_index},
    object::flags::MV_FULL_RO,
};

use crate::{
    bytes::Bytes,
    call::{Answer, Object, View, make},
    check::{check_bounds, check_geometry, check_reads, check_write, is_indirect, judge},
    memory::{Block, Items, shape},
    model::{Causes, Model, product},
    native::{LONGER, NATIVE},
};

/// More items would take long and show nothing new.
const MOST_ITEMS: i128 = 400;

/// The number of operations, and the number behind the last, which ends a program.
pub(crate) const END: usize = 8;

/// The memory below a program.
struct Ground {
    view: View,
    model: Model,
    object: Object,
    block: Block,
    /// Whether more than one pointer may have to be loaded in a row.
    indirect: bool,
    freed: Option<Box<Cell<u32>>>,
    _items: Option<Items>,
}

impl Ground {
    fn new(bytes: &mut Bytes) -> Ground {
        let kind = bytes.below(4);
        let (format, itemsize) = match bytes.below(24) {
            longer @ 18.. if kind > 1 => LONGER[longer - 18],
            native => NATIVE[native % 18],
        };
        match kind {
            0 => Ground::built_in(Object::array(format, &shape(bytes), bytes.one_of(b"CF")), format),
            1 => Ground::plain(bytes),
            _ => Ground::described(bytes, format, itemsize, kind == 3),
        }
    }

    /// An object that has its own memory.
    fn built_in(object: Answer<Object>, format: &'static CStr) -> Ground {
        let object = object.expect("an object");
        let view = View::new(&object, MV_FULL_RO).expect("a view");
        let buffer = view.buffer();
        // SAFETY: a contiguous block, held by the view.
        let block = unsafe { Block::lent(buffer.buf.cast(), buffer.len as usize) };
        if buffer.readonly == 0 {
            block.restore(&Block::new(block.length(), 3).bytes());
        }
        // SAFETY: a view's description is complete.
        let model = unsafe { Model::of(buffer, &block, format) };
        Ground { view, model, object, block, indirect: false, freed: None, _items: None }
    }

    /// Bytes or a bytearray.
    fn plain(bytes: &mut Bytes) -> Ground {
        let (immutable, from) = (bytes.once_in(2), Block::new(bytes.below(200), 3));
        let (data, length) = (from.at(0).cast_const().cast(), from.length());
        // SAFETY: the block is as long.
        let made = make(|out, error| unsafe {
            if immutable {
                ffi::mv_bytes_new(data, length, out, error)
            } else {
                ffi::mv_bytearray_new(data, length, out, error)
            }
        });
        // SAFETY: new, and given away here.
        Ground::built_in(made.map(|object| unsafe { Object::of(object) }), c"B")
    }

    /// Somebody's memory, with any strides; perhaps behind pointers.
    fn described(bytes: &mut Bytes, format: &'static CStr, itemsize: isize, indirect: bool) -> Ground {
        let (shape, readonly) = (shape(bytes), bytes.once_in(4));
        let items = Items::new(bytes, &shape, itemsize, indirect);
        let block = Block::new(items.span() + bytes.below(20), 3);
        let items = items.place(bytes, &block);
        let model = items.model(&block, format, readonly);
        let freed = Box::new(Cell::new(0));
        let context = (&raw const *freed).cast_mut().cast();
        let (description, ground) = (items.description(format, readonly), items.ground(&block));
        let (base, extent) = (ground.at(0).cast(), ground.length());
        // SAFETY: the memory stays until the object is freed.
        let object = make(|out, error| unsafe {
            ffi::mv_memory_describe(&raw const description, base, extent, Some(count), context, out, error)
        });
        // SAFETY: new, and given away here.
        let object = unsafe { Object::of(object.expect("described memory")) };
        let view = View::new(&object, MV_FULL_RO).expect("a view");
        let indirect = items.is_indirect();
        Ground { view, model, object, block, indirect, freed: Some(freed), _items: Some(items) }
    }

    /// Gives everything back: nobody holds the object any more, and its owner is told once.
    fn leave(self, views: Vec<View>) {
        assert_eq!(self.object.exports(), 1, "views of a view share its acquisition");
        drop((self.view, views));
        assert_eq!(self.object.exports(), 0, "the last view has released the memory");
        drop(self.object);
        assert_eq!(self.freed.map_or(1, |freed| freed.get()), 1, "the owner is told once");
    }
}

unsafe extern "C" fn count(context: *mut c_void, _data: *mut c_void) {
    // SAFETY: the counter of `described`.
    let freed = unsafe { &*context.cast::<Cell<u32>>() };
    freed.set(freed.get() + 1);
}

/// Runs one program.
pub fn run(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let ground = Ground::new(&mut bytes);
    let mut views = Vec::new();
    let mut model = ground.model.clone();
    check_reads(&ground.view, &model, &ground.block);
    for _ in 0..12 {
        let view = views.last().unwrap_or(&ground.view);
        let operation = if bytes.is_empty() { END } else { bytes.below(END + 1) };
        if operation == END {
            break;
        }
        if let Some((next, expected)) = step(operation, &mut bytes, view, &model, ground.indirect) {
            check_geometry(&next, &expected, &ground.block);
            if expected.shape.iter().any(|extent| *extent as i128 > MOST_ITEMS) {
                continue; // an empty view of a giant extent: a slice of it would be a giant list
            }
            if bytes.once_in(4) {
                views.pop();
            }
            views.push(next);
            model = expected;
        }
    }
    let view = views.last().unwrap_or(&ground.view);
    check_reads(view, &model, &ground.block);
    check_bounds(view, &model, &mut bytes);
    check_write(view, &model, &ground.block, &mut bytes);
    ground.leave(views);
}

/// One operation. `indirect`: two pointers may have to be loaded in a row, which has no description.
pub(crate) fn step(
    operation: usize,
    bytes: &mut Bytes,
    view: &View,
    model: &Model,
    indirect: bool,
) -> Option<(View, Model)> {
    let through = is_indirect(view.buffer());
    let unsupported = if through { Causes::of(MV_E_UNSUPPORTED) } else { Causes::NONE };
    match operation {
        0 => {
            let program = program(bytes, model);
            let perhaps = if indirect { Causes::of(MV_E_UNSUPPORTED) } else { Causes::NONE };
            judge(view.index(&program), model.index(&program), perhaps)
        }
        1 => {
            let items: Vec<mv_index> = program(bytes, model);
            let known = items.iter().all(|item| (0..4).contains(&item.kind));
            let text = if known { crate::index_text::write(&items) } else { ",".into() };
            let text = CString::new(text).expect("no NUL in a text");
            let perhaps = if indirect { Causes::of(MV_E_UNSUPPORTED) } else { Causes::NONE };
            judge(view.slice(&text), model.index(&items), perhaps)
        }
        2 => {
            let axes: Vec<i32> = (0..model.shape.len()).map(|_| bytes.between(-3, 4) as i32).collect();
            let axes = if bytes.once_in(3) { None } else { Some(axes.as_slice()) };
            judge(view.transpose(axes), model.transpose(axes), unsupported)
        }
        3 => {
            let (order, shape) = (bytes.one_of(b"CFACFx"), regrouped(bytes, model.items.len() as isize));
            judge(view.reshape(&shape, order), model.reshape(&shape, order, through), unsupported)
        }
        4 => {
            let shape = stretched(bytes, model);
            let most = isize::MAX as i128 / model.itemsize as i128;
            if (MOST_ITEMS..=most).contains(&product(&shape)) {
                return None;
            }
            judge(view.broadcast(&shape), model.broadcast(&shape), Causes::NONE)
        }
        5 => {
            let (part, parts) = (bytes.between(-1, 6) as i32, bytes.between(-1, 6) as i32);
            judge(view.split(part, parts), model.split(part, parts), unsupported)
        }
        6 => cast(bytes, view, model, through),
        _ => {
            let expected = Model { readonly: true, ..model.clone() };
            judge(view.to_readonly(), Ok(expected), Causes::NONE)
        }
    }
}

fn cast(bytes: &mut Bytes, view: &View, model: &Model, through: bool) -> Option<(View, Model)> {
    let (format, itemsize) = match bytes.below(21) {
        18 => (None, model.itemsize),
        19 => (Some(c"@d"), 8),
        20 => (Some(c"T{i"), 0),
        native => (Some(NATIVE[native].0), NATIVE[native].1),
    };
    let order = bytes.one_of(b"CFCFCA");
    let nbytes = model.size() as isize;
    let shape = match bytes.below(3) {
        0 => None,
        _ => Some(regrouped(bytes, nbytes.checked_div(itemsize).unwrap_or(3))),
    };
    let shape = shape.as_deref();
    let expected = model.cast(format.unwrap_or(model.format), itemsize, shape, order, through);
    judge(view.cast(format, shape, order), expected, Causes::NONE)
}

/// An index of up to one item more than there are dimensions, and a few new axes.
fn program(bytes: &mut Bytes, model: &Model) -> Vec<mv_index> {
    let count = bytes.below(model.shape.len() + 3);
    let item = |bytes: &mut Bytes| match bytes.below(8) {
        0 => mv_index::at(bytes.number()),
        1 => mv_index::at(bytes.between(-2, 1)),
        2 => mv_index::newaxis(),
        3 => mv_index::ellipsis(),
        4 => mv_index::all(),
        // What is not given has any value.
        5 => mv_index { kind: bytes.between(-1, 5) as i32, given: 0, start: 5, stop: 5, step: 5 },
        _ => {
            let (given, kind) = (bytes.byte().into(), MV_INDEX_SLICE);
            mv_index { kind, given, start: bytes.number(), stop: bytes.number(), step: bytes.number() }
        }
    };
    (0..count).map(|_| item(bytes)).collect()
}

/// A shape of so many items, or nearly.
fn regrouped(bytes: &mut Bytes, items: isize) -> Vec<isize> {
    let (mut shape, mut left) = (Vec::new(), items);
    for _ in 0..bytes.below(5) {
        let extent = bytes.between(1, 6);
        if left % extent == 0 {
            shape.push(extent);
            left /= extent;
        }
    }
    shape.push(left);
    match bytes.below(8) {
        6 => shape[0] = -1,
        7 => {
            let at = bytes.below(shape.len());
            shape[at] = bytes.number();
        }
        5 if left == 1 => drop(shape.pop()),
        _ => {}
    }
    shape
}

/// A shape to which the view's can be stretched, or nearly.
fn stretched(bytes: &mut Bytes, model: &Model) -> Vec<isize> {
    let mut shape: Vec<isize> = (0..bytes.below(3)).map(|_| bytes.between(0, 4)).collect();
    for extent in &model.shape {
        shape.push(if *extent == 1 { bytes.between(0, 4) } else { *extent });
    }
    if bytes.once_in(6) && !shape.is_empty() {
        let at = bytes.below(shape.len());
        shape[at] = bytes.number();
    }
    shape
}
