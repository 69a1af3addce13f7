//! Stores past the caches, for copies that are larger than those.
//!
//! An ordinary store first reads the line that it changes, and pushes other lines out. A whole line that is streamed does neither:
//! a copy that is too large to be found in the caches afterwards gains a third to a half. A line in parts is slower than either, so
//! that only whole lines are streamed.

use super::{
    isa::Isa,
    lanes::LINE,
    nest::{Blocks, Leaf},
    plan::{Dim, Dims, Plan},
};

/// From how many bytes on. Measured: below 8 MiB the next reader finds more in the caches than the copy gains. Ours, since what a
/// virtual machine says about its caches is seldom true. The unit tests stream sooner, so that small cases do.
pub(super) const LEAST: usize = if cfg!(test) { 4 << 10 } else { 8 << 20 };

/// Shorter runs have too few whole lines.
const LEAST_RUN: usize = 512;

/// Whether a copy of so many bytes is to be streamed.
pub(super) fn pays(size: usize, isa: Isa) -> bool {
    size >= LEAST && !matches!(isa, Isa::Portable | Isa::Neon(_))
}

/// Copies a run of bytes as if through a temporary.
///
/// # Safety
/// As many are readable and writable.
#[inline]
pub(super) unsafe fn move_run(to: *mut u8, from: *const u8, size: usize, isa: Isa) {
    // SAFETY: as the caller promises.
    unsafe {
        if size >= LEAST && to.addr().abs_diff(from.addr()) >= size {
            copy_run(to, from, size, isa);
        } else {
            to.copy_from(from, size);
        }
    }
}

/// Copies a run of bytes.
///
/// # Safety
/// As many are readable and writable, and none is both.
pub(super) unsafe fn copy_run(to: *mut u8, from: *const u8, size: usize, isa: Isa) {
    // SAFETY: as the caller promises.
    unsafe {
        if pays(size, isa) {
            copy_lines(to, from, size, isa);
            finish();
        } else {
            to.copy_from_nonoverlapping(from, size);
        }
    }
}

/// Copies the runs of a plan whose items are long runs, past the caches; whether that pays.
///
/// # Safety
/// As for [`walk::copy_all`](super::walk::copy_all).
pub(super) unsafe fn copy_runs(plan: &Plan, dims: &Dims, isa: Isa) -> bool {
    let pays = plan.item >= LEAST_RUN && pays(plan.item.saturating_mul(dims.positions()), isa);
    if pays {
        // SAFETY: as the caller promises.
        unsafe { Blocks::new(0).walk(dims.as_slice(), &Runs { length: plan.item, isa }, plan.to, plan.from) }
        finish();
    }
    pays
}

/// Runs of so many bytes.
struct Runs {
    length: usize,
    isa: Isa,
}

impl Leaf for Runs {
    unsafe fn run(&self, _dims: &[Dim], to: *mut u8, from: *mut u8) {
        // SAFETY: as the caller promises.
        unsafe { copy_lines(to, from, self.length, self.isa) }
    }
}

/// Copies a run of bytes, its whole lines past the caches.
///
/// # Safety
/// As for [`copy_run`].
unsafe fn copy_lines(to: *mut u8, from: *const u8, size: usize, isa: Isa) {
    let head = to.align_offset(LINE).min(size);
    // SAFETY: as the caller promises.
    unsafe {
        to.copy_from_nonoverlapping(from, head);
        copy_part(to.wrapping_add(head), from.wrapping_add(head), size.wrapping_sub(head), isa);
    }
}

/// Copies bytes from the beginning of a line on: whole lines past the caches, where `isa` can, and the rest of them.
///
/// # Safety
/// As for [`copy_run`]; the destination begins a line, unless `isa` is the portable one.
pub(super) unsafe fn copy_part(to: *mut u8, from: *const u8, size: usize, isa: Isa) {
    // SAFETY: as the caller promises; an `Isa` is the proof that the machine has the instructions.
    unsafe {
        let lines = match isa {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512(_) => super::x86::stream_avx512(to, from, size),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2(_) => super::x86::stream_avx2(to, from, size),
            _ => 0,
        };
        to.wrapping_add(lines).copy_from_nonoverlapping(from.wrapping_add(lines), size.wrapping_sub(lines));
    }
}

/// Asks for a line that will be read soon; any address will do.
#[inline]
pub(super) fn ask(line: *const u8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: every x86-64 has the instruction, which does nothing where the address is not readable.
    unsafe {
        core::arch::x86_64::_mm_prefetch::<{ core::arch::x86_64::_MM_HINT_T0 }>(line.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = line;
}

/// Puts all that was streamed before all that is stored from now on.
pub(super) fn finish() {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: every x86-64 has the instruction.
    unsafe {
        core::arch::x86_64::_mm_sfence();
    }
}
