//! Random memory to stand on, as in `c-tests/ground.h`: an array, bytes, described strides or tables of pointers, with its first
//! view and the model of it.

use std::{
    cell::{Cell, RefCell},
    ffi::{CStr, c_int, c_long, c_short, c_void},
    ptr,
    sync::atomic::{AtomicI32, Ordering::SeqCst},
};

use memview::{
    ffi::mv_view,
    object::{
        flags::{MV_FULL, MV_FULL_RO},
        protocol::{mv_buffer, mv_object},
    },
};

use crate::{
    arguments::*,
    chance::Chance,
    fixtures::*,
    harness::*,
    model::{Model, product},
    table::POINTER,
};

const SIZE: usize = 2048;
const POINTERS: usize = 128;

/// With the size of their items; those of the last have no value.
pub const FORMATS: [(&CStr, isize); 12] = [
    (c"B", 1),
    (c"c", 1),
    (c"?", 1),
    (c"h", size_of::<c_short>().cast_signed()),
    (c"i", size_of::<c_int>().cast_signed()),
    (c"l", size_of::<c_long>().cast_signed()),
    (c"Q", 8),
    (c"N", POINTER),
    (c"e", 2),
    (c"@d", 8),
    (c"P", POINTER),
    (c"T{i:a:}", 4),
];

pub struct Ground {
    /// NULL: borrowed memory.
    pub object: *mut mv_object,
    /// Of all of it.
    pub view: *mut mv_view,
    pub model: Model,
    /// Whether no slice can make a suboffset negative.
    pub strict: bool,
    /// What the memory should hold.
    pub shadow: RefCell<Vec<u8>>,
    low: *mut u8,
    freed: Placed<AtomicI32>,
    /// How often the memory is freed.
    once: i32,
    _memory: Placed<Cell<[u8; SIZE]>>,
    _table: Placed<Cell<[*mut c_void; POINTERS]>>,
}

/// What a ground describes.
struct Plan<'a> {
    chance: &'a mut Chance,
    format: &'static CStr,
    itemsize: isize,
    shape: Vec<isize>,
    strides: Vec<isize>,
    suboffsets: Vec<isize>,
    readonly: bool,
    strict: bool,
    memory: Placed<Cell<[u8; SIZE]>>,
    taken: isize,
    table: Placed<Cell<[*mut c_void; POINTERS]>>,
    pointed: isize,
    freed: Placed<AtomicI32>,
}

impl Plan<'_> {
    fn new(chance: &mut Chance, formats: usize, least_ndim: usize) -> Plan<'_> {
        let (format, itemsize) = chance.pick(&FORMATS[..formats]);
        let shape = loop {
            let shape = chance.shape(4);
            if shape.len() >= least_ndim {
                break shape;
            }
        };
        let mut bytes = [0; SIZE];
        chance.fill(&mut bytes);
        Plan {
            format,
            itemsize,
            strides: vec![0; shape.len()],
            suboffsets: vec![-1; shape.len()],
            shape,
            readonly: chance.percent(20),
            strict: true,
            memory: placed(bytes),
            taken: 0,
            table: placed([ptr::null_mut(); POINTERS]),
            pointed: 0,
            freed: Placed::new(AtomicI32::new(0)),
            chance,
        }
    }

    /// Strides of some dimensions that lay units side by side, some backwards.
    fn pack(&mut self, dims: std::ops::Range<usize>, unit: isize) {
        let mut step = unit;
        for dim in dims.rev() {
            self.strides[dim] = if self.chance.percent(30) { -step } else { step };
            step *= self.shape[dim].max(1);
        }
    }

    /// How far the items of these dimensions reach below the first, and the bytes of all.
    fn reach(&self, dims: std::ops::Range<usize>, unit: isize) -> (isize, isize) {
        if self.shape[dims.clone()].contains(&0) {
            return (0, 0);
        }
        let last = |dim: usize| (self.shape[dim] - 1) * self.strides[dim];
        let below: isize = dims.clone().map(|dim| last(dim).min(0)).sum();
        let above: isize = dims.map(|dim| last(dim).max(0)).sum();
        (below, above - below + unit)
    }

    fn full(&self, first: *mut c_void) -> mv_buffer {
        let indirect = self.suboffsets.iter().any(|suboffset| *suboffset >= 0);
        mv_buffer {
            readonly: self.readonly.into(),
            suboffsets: if indirect { self.suboffsets.as_ptr() } else { ptr::null() },
            ..described(first, self.format, self.itemsize, &self.shape, &self.strides)
        }
    }

    /// One block of the segment of dimensions that begins at `first`, and all blocks behind it: its lowest byte, and how far
    /// behind that its first item is.
    fn block(&mut self, first: usize) -> (*mut c_void, isize) {
        let ndim = self.shape.len();
        let table = (first..ndim).find(|dim| self.suboffsets[*dim] >= 0);
        let end = table.map_or(ndim, |dim| dim + 1);
        let (below, size) = self.reach(first..end, if table.is_some() { POINTER } else { self.itemsize });
        if table.is_none() {
            let block = self.memory.address().wrapping_byte_offset(self.taken);
            self.taken += size + self.chance.between(0, 7);
            assert!(self.taken <= SIZE.cast_signed());
            return (block, -below);
        }
        let block = self.table.address().wrapping_byte_offset(self.pointed * POINTER);
        self.pointed += size / POINTER;
        assert!(self.pointed <= POINTERS.cast_signed());
        let mut offset = 0;
        for index in indices(&self.shape[first..end]) {
            let steps = index.iter().zip(&self.strides[first..end]).map(|(i, stride)| i * stride);
            let entry = block.wrapping_byte_offset(steps.sum::<isize>() - below);
            let (mut next, behind) = self.block(end);
            if self.strict {
                offset = behind;
            } else {
                next = next.wrapping_byte_offset(behind); // to the first item, not to the block
            }
            // SAFETY: an entry of the table.
            unsafe { entry.cast::<*mut c_void>().write(next) };
        }
        self.suboffsets[end - 1] = offset;
        (block, -below)
    }

    /// A view of what was planned, of `extent` bytes from `base`.
    fn describe(self, first: *mut c_void, base: *mut c_void, extent: isize) -> Ground {
        let full = self.full(first);
        let exact = mv_buffer { len: product(&self.shape) * self.itemsize, ..full };
        let given = if self.chance.percent(50) { full } else { exact };
        let mut object = NO_OBJECT;
        let view = if self.chance.percent(75) {
            let (length, context) = (extent.cast_unsigned(), self.freed.address());
            object = made!(mv_memory_describe(&raw const given, base, length, Some(count_free), context));
            view_of(object)
        } else {
            made!(mv_view_from_buffer(&raw const exact))
        };
        let (low, size) = (self.memory.address().cast(), SIZE);
        let once = (!object.is_null()).into();
        self.ground(object, view, &full, (low, size), once)
    }

    fn ground(
        self,
        object: *mut mv_object,
        view: *mut mv_view,
        full: &mv_buffer,
        (low, size): (*mut u8, usize),
        once: i32,
    ) -> Ground {
        Ground {
            object,
            view,
            model: Model::new(full, self.format),
            strict: self.strict,
            shadow: memory(low.cast(), size).into(),
            low,
            freed: self.freed,
            once,
            _memory: self.memory,
            _table: self.table,
        }
    }
}

impl Ground {
    /// An array of the library's own.
    pub fn array(chance: &mut Chance) -> Ground {
        let order = if chance.percent(70) { C } else { F };
        let mut plan = Plan::new(chance, 11, 0);
        plan.readonly = false;
        let mut step = plan.itemsize;
        let mut dims: Vec<usize> = (0..plan.shape.len()).collect();
        if order == C {
            dims.reverse();
        }
        for dim in dims {
            plan.strides[dim] = step;
            step *= plan.shape[dim];
        }
        let object = array_of(plan.format, &plan.shape, order);
        let view: *mut mv_view = made!(mv_view_new(object, MV_FULL));
        let (low, size) = (buffer_of(view).buf, (product(&plan.shape) * plan.itemsize).cast_unsigned());
        assert_eq!((low.addr() % 64, memory(low, size)), (0, vec![0; size]));
        // SAFETY: the array's own bytes.
        unsafe { low.cast::<u8>().copy_from_nonoverlapping(plan.memory.address().cast(), size) };
        let full = plan.full(low);
        plan.ground(object, view, &full, (low.cast(), size), 0)
    }

    /// Plain bytes, by each of the ways to have them.
    pub fn plain(chance: &mut Chance) -> Ground {
        let length = chance.pick(&[0, 1, 8, 16, 24, 48, 60]);
        let mut plan = Plan::new(chance, 1, 0);
        (plan.shape, plan.strides, plan.suboffsets) = (vec![length], vec![1], vec![-1]);
        let (kind, size, bytes) = (plan.chance.below(4), length.cast_unsigned(), plan.memory.address());
        plan.readonly = kind == 0 || (kind > 1 && plan.readonly);
        let readonly = plan.readonly.into();
        let object = match kind {
            0 => made!(mv_bytes_new(bytes, size)),
            1 => made!(mv_bytearray_new(bytes, size)),
            2 => made!(mv_memory_new(bytes, size, readonly, Some(count_free), plan.freed.address())),
            _ => NO_OBJECT,
        };
        let view = if kind == 3 {
            made!(mv_view_wrap(bytes, NO_TEXT, &raw const length, 1, readonly))
        } else {
            made!(mv_view_new(object, MV_FULL_RO))
        };
        let low = buffer_of(view).buf;
        assert_eq!(memory(low, size), memory(bytes, size));
        let full = plan.full(low);
        plan.ground(object, view, &full, (low.cast(), size), (kind == 2).into())
    }

    /// Described memory with any strides.
    pub fn strided(chance: &mut Chance) -> Ground {
        let mut plan = Plan::new(chance, 12, 0);
        plan.strides = if plan.chance.percent(60) {
            plan.chance.packed(&plan.shape, plan.itemsize)
        } else {
            plan.shape.iter().map(|_| plan.chance.between(-24, 24)).collect()
        };
        let (below, size) = plan.reach(0..plan.shape.len(), plan.itemsize);
        let base = plan.memory.address().wrapping_byte_offset(plan.chance.between(0, 15));
        plan.describe(base.wrapping_byte_offset(-below), base, size)
    }

    /// Tables of pointers to blocks, now and then through two of them.
    pub fn pointers(chance: &mut Chance) -> Ground {
        let mut plan = Plan::new(chance, 12, 1);
        plan.strict = plan.chance.percent(70);
        let ndim = plan.shape.len();
        for often in [100, 30] {
            if plan.chance.percent(often) {
                let dim = plan.chance.below(ndim);
                plan.suboffsets[dim] = 0;
            }
        }
        let mut first = 0;
        for dim in (0..ndim).filter(|dim| plan.suboffsets[*dim] >= 0).collect::<Vec<usize>>() {
            plan.pack(first..dim + 1, POINTER);
            first = dim + 1;
        }
        plan.pack(first..ndim, plan.itemsize);
        let (block, first_item) = plan.block(0);
        let table = plan.suboffsets.iter().position(|suboffset| *suboffset >= 0).expect("a table");
        let (_, size) = plan.reach(0..table + 1, POINTER);
        plan.describe(block.wrapping_byte_offset(first_item), block, size)
    }

    /// Where an item lies in the shadow.
    pub fn place(&self, item: usize) -> usize {
        item - self.low.addr()
    }

    /// The bytes of items, as they should be.
    pub fn expected(&self, items: &[usize], itemsize: isize) -> Vec<u8> {
        let shadow = self.shadow.borrow();
        items
            .iter()
            .flat_map(|item| &shadow[self.place(*item)..][..itemsize.cast_unsigned()])
            .copied()
            .collect()
    }

    /// Writes items in the shadow.
    pub fn expect(&self, items: &[usize], bytes: &[u8]) {
        let (mut shadow, size) =
            (self.shadow.borrow_mut(), bytes.len().checked_div(items.len()).unwrap_or(0));
        for (item, bytes) in items.iter().zip(bytes.chunks(size.max(1))) {
            shadow[self.place(*item)..][..size].copy_from_slice(bytes);
        }
    }

    /// Everything that was written is in the shadow too, and nothing else was.
    #[track_caller]
    pub fn check(&self) {
        let shadow = self.shadow.borrow();
        assert!(memory(self.low.cast(), shadow.len()) == *shadow, "the memory is not what was written");
    }

    /// Drops the object; by then all views of it are gone.
    pub fn leave(self) {
        if !self.object.is_null() {
            assert_eq!(call!(mv_object_exports(self.object)), 0);
        }
        assert_eq!(self.freed.load(SeqCst), 0);
        unref(self.object);
        assert_eq!(self.freed.load(SeqCst), self.once);
    }
}
