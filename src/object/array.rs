//! Array: an owned N-dimensional block, zeroed, aligned to a cache line, resizable while nobody holds it.

use core::{
    cell::UnsafeCell,
    ffi::CStr,
    ptr::{self, NonNull},
};

use super::{
    Object,
    base::{self, Base},
    described::Described,
    kinds::Kind,
    share::Retyped,
};
use crate::{
    alloc,
    error::{Error, Result, number},
    kernel::{self, Memory},
    layout::{self, Layout, MAX_NDIM, Order},
};

/// What arrays are aligned to: a cache line, and the widest vector.
pub const ALIGNMENT: usize = 64;

#[repr(C)]
struct Array {
    base: Base,
    itemsize: isize,
    order: Order,
    ndim: usize,
    block: UnsafeCell<Block>,
    // Behind it: the shape, the strides and the format.
}

/// A zeroed block of `malloc`'s and the aligned address in it.
struct Block {
    block: NonNull<u8>,
    data: *mut u8,
}

impl Block {
    fn zeroed(nbytes: isize) -> Result<Block> {
        let size = nbytes
            .unsigned_abs()
            .checked_add(ALIGNMENT - 1)
            .ok_or(Error::Overflow { what: "the size of an array" })?;
        let block = alloc::allocate_zeroed(size)?;
        let first = block.as_ptr();
        let skip = first.addr().wrapping_neg() & (ALIGNMENT - 1);
        Ok(Block { block, data: first.wrapping_add(skip) })
    }
}

/// A new array of items of any format that has bytes.
pub fn new(format: &CStr, shape: &[isize], order: Order) -> Result<Object> {
    of(format, Retyped::parse(format)?.itemsize(), shape, order)
}

/// A new array of items that are copied from elsewhere, whatever their format means.
pub(super) fn of(format: &CStr, itemsize: isize, shape: &[isize], order: Order) -> Result<Object> {
    let nbytes = layout::product(shape, itemsize)?;
    let mut strides = [0isize; MAX_NDIM];
    let strides = strides.get_mut(..shape.len()).ok_or_else(|| layout::too_many(shape.len()))?;
    layout::fill_strides(shape, itemsize, order, strides)?;
    let block = Block::zeroed(nbytes)?;
    let first = block.block;
    let array = Array {
        base: Base::new(Kind::Array),
        itemsize,
        order,
        ndim: shape.len(),
        block: UnsafeCell::new(block),
    };
    let text = format.to_bytes_with_nul();
    match base::allocate(array, dims_size(shape.len()).saturating_add(text.len())) {
        Ok(object) => {
            // SAFETY: the object is new and ours alone; its tail has room for the arrays and the text.
            unsafe {
                let place = base::tail(object).add(dims_size(shape.len()));
                ptr::copy_nonoverlapping(text.as_ptr(), place.as_ptr(), text.len());
                set_dims(object, shape, strides);
                describe(object);
                Ok(Object::of(object))
            }
        }
        Err(error) => {
            // SAFETY: the block is ours and unused.
            unsafe { alloc::free(first) };
            Err(error)
        }
    }
}

/// The bytes of a shape and its strides.
const fn dims_size(ndim: usize) -> usize {
    // At most 64 dimensions.
    ndim.saturating_mul(2 * size_of::<isize>())
}

/// # Safety
/// The caller holds a resize or is alone; both have `ndim` entries.
unsafe fn set_dims(object: NonNull<Array>, shape: &[isize], strides: &[isize]) {
    // SAFETY: the tail has room for both.
    unsafe {
        let dims = base::tail(object).cast::<isize>().as_ptr();
        ptr::copy_nonoverlapping(shape.as_ptr(), dims, shape.len());
        ptr::copy_nonoverlapping(strides.as_ptr(), dims.add(shape.len()), strides.len());
    }
}

/// # Safety
/// The caller holds a grant or a resize, or is alone.
unsafe fn layout_of<'a>(object: NonNull<Array>) -> Layout<'a> {
    // SAFETY: the tail holds the shape and the strides, which change under a resize alone.
    unsafe {
        let array = object.as_ref();
        let dims = base::tail(object).cast::<isize>().as_ptr().cast_const();
        Layout {
            itemsize: array.itemsize,
            shape: core::slice::from_raw_parts(dims, array.ndim),
            strides: core::slice::from_raw_parts(dims.add(array.ndim), array.ndim),
            suboffsets: &[],
        }
    }
}

/// # Safety
/// The caller holds a resize or is alone.
unsafe fn describe(object: NonNull<Array>) {
    // SAFETY: as the caller promises; the arrays live in the object.
    unsafe {
        let array = object.as_ref();
        let data = (*array.block.get()).data;
        let format = CStr::from_ptr(base::tail(object).add(dims_size(array.ndim)).cast().as_ptr());
        array.base.describe(Described::new(data, &layout_of(object), format, false));
    }
}

/// Gives the array another shape of as many dimensions, and keeps what lies in both.
pub fn resize(object: &Object, shape: &[isize]) -> Result<()> {
    // SAFETY: the kind is checked.
    let this = unsafe { object.downcast::<Array>(Kind::Array, "an array")? };
    // SAFETY: the object lives as long as the handle.
    let array = unsafe { this.as_ref() };
    if shape.len() != array.ndim {
        return Err(Error::NdimDiffers { left: number(array.ndim), right: number(shape.len()) });
    }
    let nbytes = layout::product(shape, array.itemsize)?;
    let mut strides = [0isize; MAX_NDIM];
    let strides = strides.get_mut(..shape.len()).unwrap_or(&mut []);
    layout::fill_strides(shape, array.itemsize, array.order, strides)?;
    let strides = &*strides;
    array.base.resizing("resize", || {
        let block = Block::zeroed(nbytes)?;
        // SAFETY: nobody else has the array while it is resizing; both blocks hold what their layouts reach.
        unsafe {
            let old = array.block.get();
            let result = keep_common(&layout_of(this), (*old).data, shape, strides, block.data);
            if let Err(error) = result {
                alloc::free(block.block);
                return Err(error);
            }
            alloc::free(core::mem::replace(&mut *old, block).block);
            set_dims(this, shape, strides);
            describe(this);
        }
        Ok(())
    })
}

/// # Safety
/// Both blocks hold all that their layouts reach.
unsafe fn keep_common(
    old: &Layout<'_>,
    from: *mut u8,
    shape: &[isize],
    strides: &[isize],
    to: *mut u8,
) -> Result<()> {
    let mut common = [0isize; MAX_NDIM];
    for (space, (old, new)) in common.iter_mut().zip(old.shape.iter().zip(shape)) {
        *space = *old.min(new);
    }
    let common = common.get(..shape.len()).unwrap_or(&[]);
    let of = |strides| Layout { itemsize: old.itemsize, shape: common, strides, suboffsets: &[] };
    // SAFETY: the common part lies in both blocks.
    unsafe { kernel::copy(&Memory::new(to, of(strides), true), &Memory::new(from, of(old.strides), false)) }
}

/// Frees the object.
///
/// # Safety
/// It is of this kind, and nobody holds it.
pub(super) unsafe fn free(object: NonNull<Base>) {
    // SAFETY: as the caller promises.
    unsafe {
        alloc::free((*object.cast::<Array>().as_ref().block.get()).block);
        alloc::free(object.cast());
    }
}
