//! Plain loops, compiled for the instructions of x86-64.

use super::super::simd::Loop;

/// Runs a loop.
///
/// # Safety
/// As for [`Loop::run`]; the machine has AVX2.
#[target_feature(enable = "avx2")]
pub(in super::super) unsafe fn run_avx2<L: Loop>(work: L) -> L::Output {
    // SAFETY: as the caller promises.
    unsafe { work.run() }
}
