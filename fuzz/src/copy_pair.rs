//! Two views over one block or two, with any strides, overlapping or not, perhaps behind pointers: a copy
//! between them, reads and writes from and to any place of the block, fills. What must come out is what a copy
//! through a temporary gives.

use std::ffi::CStr;

use memview::{
    error::mv_status::{MV_E_FORMAT, MV_E_READONLY, MV_E_SHAPE, MV_E_TYPE},
    ffi,
};

use crate::{
    bytes::Bytes,
    call::{Answer, View, call, int_scalar, make},
    check::{ORDERS, check_geometry, from_contiguous, gather, is_distinct, refused, scatter, to_contiguous},
    memory::{Block, Items, shape},
    model::{Causes, Model},
    native::LONGER,
};

/// One side.
struct Side {
    view: View,
    model: Model,
    indirect: bool,
    _items: Items,
}

impl Side {
    fn new(bytes: &mut Bytes, items: Items, block: &Block, format: &'static CStr) -> Side {
        let (items, readonly) = (items.place(bytes, block), bytes.once_in(8));
        let description = items.description(format, readonly);
        // SAFETY: the block and the tables outlive the view.
        let view = make(|out, error| unsafe { ffi::mv_view_from_buffer(&raw const description, out, error) });
        // SAFETY: new, and given away here.
        let view = unsafe { View::of(view.expect("a view of borrowed memory")) };
        let (model, indirect) = (items.model(block, format, readonly), items.is_indirect());
        check_geometry(&view, &model, block);
        Side { view, model, indirect, _items: items }
    }
}

/// Bytes of a block, and what they should be.
struct Ground {
    block: Block,
    expected: Vec<u8>,
}

impl Ground {
    fn new(length: usize, seed: u8) -> Self {
        let block = Block::new(length, seed);
        let expected = block.bytes();
        Ground { block, expected }
    }

    fn check(&self, what: &str) {
        assert_eq!(self.block.bytes(), self.expected, "{what}");
    }
}

/// Runs a few operations on one pair.
pub fn run(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let formats = [(c"B", 1), (c"h", 2), (c"i", 4), (c"q", 8)];
    let choice = bytes.below(formats.len() + LONGER.len());
    let (format, itemsize) = formats.get(choice).copied().unwrap_or_else(|| LONGER[choice - formats.len()]);
    let shape_to = shape(&mut bytes);
    let shape_from = if bytes.once_in(16) { shape(&mut bytes) } else { shape_to.clone() };
    let (indirect, apart) = ((bytes.once_in(4), bytes.once_in(4)), bytes.once_in(4));
    let to = Items::new(&mut bytes, &shape_to, itemsize, indirect.0);
    let from = Items::new(&mut bytes, &shape_from, itemsize, indirect.1);
    let length = to.span().max(from.span()) + bytes.below(40);
    let mut grounds = vec![Ground::new(length, 1)];
    if apart {
        grounds.push(Ground::new(length, 2));
    }
    let last = grounds.len() - 1;
    let to = Side::new(&mut bytes, to, &grounds[0].block, format);
    let from = Side::new(&mut bytes, from, &grounds[last].block, format);
    for _ in 0..6 {
        match bytes.below(8) {
            0..3 => copy(&mut bytes, &mut grounds, &to, &from),
            3 => read(&mut bytes, &mut grounds[last], &from),
            4 => write(&mut bytes, &mut grounds[0], &to),
            5 => fill(&mut bytes, &mut grounds[0], &to),
            6 => prefix(&mut bytes, &mut grounds[0], &to),
            _ => write_back(&mut bytes, &mut grounds[0], &to),
        }
        for ground in &grounds {
            ground.check("after an operation");
        }
        if bytes.is_empty() {
            break;
        }
    }
}

fn copy(bytes: &mut Bytes, grounds: &mut [Ground], to: &Side, from: &Side) {
    let mut causes = Causes::NONE;
    causes.add_if(to.model.readonly, MV_E_READONLY);
    causes.add_if(to.model.shape != from.model.shape, MV_E_SHAPE);
    let other = if bytes.once_in(4) { by_objects(to, from) } else { None };
    let answer = other.unwrap_or_else(|| to.view.copy_from(&from.view));
    if causes != Causes::NONE {
        return refused(&answer, causes);
    }
    answer.expect("a copy");
    let items = gather(&grounds[grounds.len() - 1].expected, &from.model, b'C');
    scatter(&mut grounds[0].expected, &to.model, b'C', &items);
}

/// `mv_object_copy`; read-only memory is refused as a request there, which is not compared.
fn by_objects(to: &Side, from: &Side) -> Option<Answer<()>> {
    if to.model.readonly {
        return None;
    }
    let (to, from) = (to.view.object(), from.view.object());
    // SAFETY: both are alive.
    Some(call(|error| unsafe { ffi::mv_object_copy(to.raw(), from.raw(), error) }))
}

/// A place in the block for that many bytes.
fn place(bytes: &mut Bytes, ground: &Ground, length: usize) -> Option<usize> {
    let room = ground.block.length().checked_sub(length)?;
    Some(bytes.below(room.min(255) + 1))
}

/// All items into a part of the block that they may lie in themselves.
fn read(bytes: &mut Bytes, ground: &mut Ground, side: &Side) {
    let (order, size) = (bytes.one_of(&ORDERS), side.model.size());
    let items = gather(&ground.expected, &side.model, side.model.resolve(order, side.indirect));
    let by_buffer = bytes.once_in(2);
    let Some(at) = place(bytes, ground, size) else { return };
    if by_buffer {
        let to = Block::new(size, 0);
        to_contiguous(side.view.buffer(), order, &to).expect("a read of the buffer");
        assert_eq!(to.bytes(), items);
    } else {
        side.view.read(None, order, &ground.block, at, size).expect("a read");
        ground.expected[at..][..size].copy_from_slice(&items);
    }
}

/// All items from a part of the block that they may lie in themselves.
fn write(bytes: &mut Bytes, ground: &mut Ground, side: &Side) {
    let (order, size) = (bytes.one_of(&ORDERS), side.model.size());
    let Some(at) = place(bytes, ground, size) else { return };
    let answer = side.view.write(None, order, &ground.block, at, size);
    written(ground, side, order, at, size, &answer);
}

/// As many items as a part of the block holds.
fn prefix(bytes: &mut Bytes, ground: &mut Ground, side: &Side) {
    let (order, size) = (bytes.one_of(&ORDERS), bytes.below(256).min(ground.block.length()));
    let Some(at) = place(bytes, ground, size) else { return };
    let answer = from_contiguous(side.view.buffer(), order, &ground.block, at, size);
    written(ground, side, order, at, size, &answer);
}

fn written(ground: &mut Ground, side: &Side, order: u8, at: usize, size: usize, answer: &Answer<()>) {
    if side.model.readonly {
        return refused(answer, Causes::of(MV_E_READONLY));
    }
    assert_eq!(*answer, Ok(()));
    let items = ground.expected[at..][..size].to_vec();
    let order = side.model.resolve(order, side.indirect);
    if side.indirect && order == b'F' && !is_distinct(&side.model) {
        ground.expected = ground.block.bytes(); // which of several values stays is not promised
    } else {
        scatter(&mut ground.expected, &side.model, order, &items);
    }
}

fn fill(bytes: &mut Bytes, ground: &mut Ground, side: &Side) {
    let value = bytes.byte().cast_signed();
    let mut causes = Causes::NONE;
    causes.add_if(side.model.readonly, MV_E_READONLY);
    match side.model.format.to_bytes() {
        [_] | b"<i" => {}
        b"3s" | b"5s" => causes.add_if(true, MV_E_TYPE),
        _ => causes.add_if(true, MV_E_FORMAT),
    }
    let value = if side.model.itemsize == 1 { value & 127 } else { value };
    let answer = side.view.fill(&int_scalar(value.into()));
    if causes != Causes::NONE {
        return refused(&answer, causes);
    }
    answer.expect("a fill");
    let size = side.model.itemsize as usize;
    let item = i64::from(value).to_ne_bytes();
    let mut item =
        if cfg!(target_endian = "big") { item[8 - size..].to_vec() } else { item[..size].to_vec() };
    if cfg!(target_endian = "big") && side.model.format == c"<i" {
        item.reverse();
    }
    scatter(&mut ground.expected, &side.model, b'C', &item.repeat(side.model.items.len()));
}

/// A contiguous copy that is written and goes back when it is released.
fn write_back(bytes: &mut Bytes, ground: &mut Ground, side: &Side) {
    let order = bytes.one_of(&ORDERS);
    if side.model.readonly {
        return;
    }
    let size = side.model.size();
    let copy = View::contiguous(&side.view.object(), ffi::MV_WRITE_BACK, order).expect("a contiguous view");
    let to = Block::new(size, 0);
    copy.read(None, b'C', &to, 0, size).expect("a read");
    assert_eq!(to.bytes(), gather(&ground.expected, &side.model, b'C'));
    // SAFETY: the buffer is the copy's.
    assert_eq!(unsafe { ffi::mv_buffer_is_contiguous(copy.buffer(), order.into()) }, 1);
    let from = Block::new(size, bytes.byte());
    copy.write(None, b'C', &from, 0, size).expect("a write");
    copy.release().expect("a write back");
    scatter(&mut ground.expected, &side.model, b'C', &from.bytes());
}
