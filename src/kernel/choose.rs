//! Which kernel copies what a plan has left.

use super::{
    fill,
    isa::Isa,
    plan::{Dims, Plan, lengthen_runs},
    shuffle, stream, transpose, walk,
};

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
        }
        walk::copy_all(plan, dims);
    }
}
