//! Which kernel copies what a plan has left.

use super::{
    fill,
    isa::Isa,
    plan::{Dim, Dims, Plan, lengthen_runs},
    shuffle, stream, transpose, walk,
};

/// From how many bytes on what lies behind a pointer is worth a plan of its own. The unit tests have small blocks.
const LEAST_BLOCK: usize = if cfg!(test) { 8 } else { 512 };

/// Copies every item of the plan from its source to its destination, with kernels that `isa` has.
///
/// # Safety
/// As for [`walk::copy_all`].
pub(super) unsafe fn copy_all(plan: &Plan, dims: &mut Dims, isa: Isa) {
    // SAFETY: as the caller promises.
    unsafe {
        if dims.as_slice().is_empty() {
            return stream::copy_run(plan.to, plan.from, plan.item, isa);
        }
        if plan.is_free {
            if stream::copy_runs(plan, dims, isa)
                || transpose::copy(plan, dims, isa)
                || fill::copy(plan, dims, isa)
                || shuffle::copy(plan, dims, isa)
                || transpose::copy_each(plan, dims)
            {
                return;
            }
            lengthen_runs(dims.as_mut_slice());
        } else if let Some(last) = dims.as_slice().iter().rposition(|dim| !dim.is_direct())
            && size_behind(last, plan, dims) >= LEAST_BLOCK
        {
            return blocks(dims.as_slice(), plan.item, plan.to, plan.from, isa);
        }
        walk::copy_all(plan, dims);
    }
}

/// The bytes behind one pointer of a dimension.
fn size_behind(number: usize, plan: &Plan, dims: &Dims) -> usize {
    let inner = dims.as_slice().iter().skip(number.saturating_add(1));
    inner.fold(plan.item, |size, dim| size.saturating_mul(dim.extent.unsigned_abs()))
}

/// Follows the pointers of indirect dimensions, and copies what lies behind each by a plan of its own.
///
/// # Safety
/// As for [`walk::copy_all`].
unsafe fn blocks(dims: &[Dim], item: usize, mut to: *mut u8, mut from: *mut u8, isa: Isa) {
    // SAFETY: every position is within its extent, so that each address and pointer is one that the sides reach.
    unsafe {
        match dims {
            [dim, rest @ ..] if !dims.iter().all(Dim::is_direct) => {
                for _ in 0..dim.extent {
                    blocks(rest, item, dim.to.enter(to), dim.from.enter(from), isa);
                    to = to.wrapping_offset(dim.to.stride);
                    from = from.wrapping_offset(dim.from.stride);
                }
            }
            direct => {
                let mut own = Dims::new();
                let plan = Plan::over(&mut own, direct, item, to, from);
                copy_all(&plan, &mut own, isa);
            }
        }
    }
}
