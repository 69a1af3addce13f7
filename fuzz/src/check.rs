//! A view held against its model: everything that it tells, every item, every way to read and to write it.

use std::ffi::{CStr, c_void};

use memview::{
    error::mv_status::{MV_E_READONLY, MV_E_SHAPE},
    ffi,
    object::protocol::mv_buffer,
};

use crate::{
    bytes::Bytes,
    call::{Answer, Failure, View, call, int},
    memory::Block,
    model::{Causes, Model, over},
};

/// The three orders.
pub const ORDERS: [u8; 3] = [b'C', b'F', b'A'];

/// Holds an answer against what the model expects; where both have a view, gives both. `perhaps`: what may be
/// the cause of a refusal that the model does not see.
pub fn judge(
    answer: Answer<View>,
    expected: Result<Model, Causes>,
    perhaps: Causes,
) -> Option<(View, Model)> {
    match (answer, expected) {
        (Ok(view), Ok(model)) => Some((view, model)),
        (Err(failure), expected) => {
            let causes = expected.map_or_else(|causes| causes, |_| Causes::NONE).or(perhaps);
            assert!(causes.has(failure.status), "{failure:?}, expected {causes:?}");
            None
        }
        (Ok(_), Err(causes)) => panic!("a view, expected {causes:?}"),
    }
}

/// That a call failed as expected.
pub fn refused(answer: &Answer<()>, causes: Causes) {
    assert!(
        answer.as_ref().is_err_and(|failure| causes.has(failure.status)),
        "{answer:?}, expected {causes:?}"
    );
}

/// The bytes of all items, in order.
pub fn gather(bytes: &[u8], model: &Model, order: u8) -> Vec<u8> {
    let item = |at: isize| &bytes[at as usize..][..model.itemsize as usize];
    model.in_order(order).into_iter().flat_map(item).copied().collect()
}

/// Writes as many whole items as `from` holds, in order.
pub fn scatter(bytes: &mut [u8], model: &Model, order: u8, from: &[u8]) {
    let size = model.itemsize as usize;
    for (at, item) in model.in_order(order).into_iter().zip(from.chunks_exact(size)) {
        bytes[at as usize..][..size].copy_from_slice(item);
    }
}

/// Whether the view goes through pointers.
pub fn is_indirect(buffer: &mv_buffer) -> bool {
    !buffer.suboffsets.is_null()
}

/// Where the items are and what the view tells of them. Quick: no item is read.
pub fn check_geometry(view: &View, model: &Model, block: &Block) {
    let buffer = view.buffer();
    // SAFETY: a view's description is complete, and its memory alive.
    let (told, format) = unsafe { (Model::of(buffer, block, c""), CStr::from_ptr(buffer.format)) };
    assert_eq!(told.shape, model.shape, "the shape");
    assert_eq!(told.items, model.items, "where the items are");
    assert_eq!((told.itemsize, told.readonly), (model.itemsize, model.readonly), "itemsize, readonly");
    assert_eq!((buffer.len, format), (model.size() as isize, model.format), "len, format");
    let none = model.shape.is_empty();
    assert_eq!((buffer.shape.is_null(), buffer.strides.is_null()), (none, none), "arrays of 0 dimensions");
    for order in ORDERS {
        let packed = !is_indirect(buffer)
            && (order != b'F' && model.is_packed(b'C') || order != b'C' && model.is_packed(b'F'));
        // SAFETY: the buffer is the view's.
        let told = unsafe { ffi::mv_buffer_is_contiguous(buffer, order.into()) };
        assert_eq!(told != 0, packed, "contiguous in {order}");
    }
    check_extent(buffer, model, block);
}

/// The extent holds all items of a direct view and not a byte more.
fn check_extent(buffer: &mv_buffer, model: &Model, block: &Block) {
    let (mut low, mut size) = (std::ptr::null::<c_void>(), 1);
    // SAFETY: the buffer is a view's.
    call(|error| unsafe { ffi::mv_buffer_extent(buffer, &raw mut low, &raw mut size, error) })
        .expect("an extent");
    if is_indirect(buffer) {
        return;
    }
    let (Some(first), Some(last)) = (model.items.iter().min(), model.items.iter().max()) else {
        return assert_eq!(size, 0, "the extent of no items");
    };
    let told = (block.offset(low.cast()), size as isize);
    assert_eq!(told, (*first, last - first + model.itemsize), "the extent");
    let bits = model.items.iter().fold(0, |bits, item| bits | block.at(*item as usize).addr());
    // SAFETY: as above.
    assert_eq!(unsafe { ffi::mv_buffer_alignment(buffer) }, bits & bits.wrapping_neg(), "the alignment");
}

/// Everything that can be read of a view, one item at a time and all at once.
pub fn check_reads(view: &View, model: &Model, block: &Block) {
    check_geometry(view, model, block);
    let (buffer, before) = (view.buffer(), block.bytes());
    let mut items = model.items.iter();
    let mut from_end = vec![0; model.shape.len()];
    over(&model.shape, |index| {
        let mut address = std::ptr::null_mut();
        let (list, ndim) = (index.as_ptr(), int(index.len()));
        // SAFETY: the buffer is the view's.
        call(|error| unsafe { ffi::mv_buffer_pointer(buffer, list, ndim, &raw mut address, error) })
            .expect("an address");
        assert_eq!(Some(&block.offset(address.cast())), items.next(), "the address of item {index:?}");
        let pairs = index.iter().zip(&model.shape);
        from_end.iter_mut().zip(pairs).for_each(|(to, (at, extent))| *to = at - extent);
        view.get(&from_end).expect("an item");
    });
    let size = model.size();
    for order in ORDERS {
        let expected = gather(&before, model, model.resolve(order, is_indirect(buffer)));
        let to = Block::new(size, 1);
        view.read(None, order, &to, 0, size).expect("a read");
        assert_eq!(to.bytes(), expected, "read in {order}");
        to.restore(&vec![0; size]);
        to_contiguous(buffer, order, &to).expect("a read of the buffer");
        assert_eq!(to.bytes(), expected, "the buffer in {order}");
    }
    let longer = Block::new(size + 1, 0);
    refused(&view.read(None, b'C', &longer, 0, size + 1), Causes::of(MV_E_SHAPE));
    assert_eq!(block.bytes(), before, "a read has written");
}

/// `mv_buffer_to_contiguous` to a whole block.
pub fn to_contiguous(buffer: &mv_buffer, order: u8, to: &Block) -> Answer<()> {
    let (data, length) = (to.at(0).cast(), to.length());
    // SAFETY: the block is as long.
    call(|error| unsafe { ffi::mv_buffer_to_contiguous(buffer, data, length, order.into(), error) })
}

/// `mv_buffer_from_contiguous` from a part of a block.
pub fn from_contiguous(buffer: &mv_buffer, order: u8, from: &Block, at: usize, length: usize) -> Answer<()> {
    let data = from.range(at, length).cast();
    // SAFETY: the block is as long.
    call(|error| unsafe { ffi::mv_buffer_from_contiguous(buffer, data, length, order.into(), error) })
}

/// Writes all items, by the view or by its buffer; or finds that nobody may.
pub fn check_write(view: &View, model: &Model, block: &Block, bytes: &mut Bytes) {
    let (order, by_buffer) = (bytes.one_of(&ORDERS), bytes.once_in(2));
    let (size, indirect) = (model.size(), is_indirect(view.buffer()));
    let (before, from) = (block.bytes(), Block::new(size, bytes.byte()));
    let written = if by_buffer {
        from_contiguous(view.buffer(), order, &from, 0, size)
    } else {
        view.write(Some(model.format), order, &from, 0, size)
    };
    if model.readonly {
        refused(&written, Causes::of(MV_E_READONLY));
        assert_eq!(block.bytes(), before, "a refused write has written");
        return;
    }
    written.expect("a write");
    let order = model.resolve(order, indirect);
    if indirect && order == b'F' && !is_distinct(model) {
        return; // which of several values stays is not promised
    }
    let mut expected = before;
    scatter(&mut expected, model, order, &from.bytes());
    assert_eq!(block.bytes(), expected, "a write");
}

/// Whether no two items share a byte.
pub fn is_distinct(model: &Model) -> bool {
    let mut sorted = model.items.clone();
    sorted.sort_unstable();
    sorted.windows(2).all(|pair| pair[1] - pair[0] >= model.itemsize)
}

/// An index out of bounds on one dimension is refused, and the error says where.
pub fn check_bounds(view: &View, model: &Model, bytes: &mut Bytes) {
    if model.shape.is_empty() || model.items.is_empty() {
        return;
    }
    let dim = bytes.below(model.shape.len());
    let (extent, mut index) = (model.shape[dim], vec![0; model.shape.len()]);
    index[dim] = match bytes.number() {
        at if at >= 0 => extent.max(at),
        at => at.min(-extent - 1),
    };
    let Err(Failure { dim: told, value, limit, .. }) = view.get(&index) else {
        panic!("item {index:?} of {:?}", model.shape);
    };
    assert_eq!((told, value, limit), (dim as i32, index[dim] as i64, extent as i64));
}
