//! Which kernel copies what a plan has left.

use super::{
    fill,
    isa::Isa,
    plan::{Dims, Plan, lengthen_runs},
    shuffle, stream,
    transpose::Transpose,
    walk,
};

/// Copies every item of the plan from its source to its destination, with kernels that `isa` has.
///
/// # Safety
/// As for [`walk::copy_all`].
pub(super) unsafe fn copy_all(mut plan: Plan, dims: &mut Dims, isa: Isa) {
    // SAFETY: as the caller promises.
    unsafe {
        if plan.is_free {
            if let Some(transpose) = Transpose::find(&mut plan, dims, isa) {
                return transpose.run(&plan, dims);
            }
            if fill::copy(&plan, dims, isa) || shuffle::copy(&plan, dims, isa) {
                return;
            }
            if let Some(transpose) = Transpose::one_by_one(&plan, dims) {
                return transpose.run(&plan, dims);
            }
            lengthen_runs(dims.as_mut_slice());
        }
        if dims.as_slice().is_empty() {
            return stream::copy_run(plan.to, plan.from, plan.item, isa);
        }
        walk::copy_all(&plan, dims);
    }
}
