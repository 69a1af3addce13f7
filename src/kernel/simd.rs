//! Loops that the compiler vectorises, compiled once for each set of instructions.

use super::isa::Isa;

/// A loop over memory: plain code whose `run` is `#[inline(always)]`, so that it is compiled as a part of each function that
/// enables instructions.
pub(super) trait Loop {
    /// What it comes to.
    type Output;

    /// Runs it.
    ///
    /// # Safety
    /// The memory that it was made of may be read, and written where it writes.
    unsafe fn run(self) -> Self::Output;
}

/// Runs a loop with the instructions of `isa`.
///
/// # Safety
/// As for [`Loop::run`].
#[inline]
pub(super) unsafe fn run<L: Loop>(work: L, isa: Isa) -> L::Output {
    // SAFETY: as the caller promises; an `Isa` is the proof that the machine has the instructions.
    unsafe {
        match isa {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2(_) | Isa::Avx512(_) => super::x86::run_avx2(work),
            _ => work.run(),
        }
    }
}
