//! Kernels for 64-bit ARM with NEON.

use core::arch::aarch64::uint8x16_t;

use super::{
    lanes::{LANE, Sink, Tile, transpose},
    program::Program,
    shuffle::{Chunk, run},
};

mod vector;

/// Transposes items of 1, 2, 4, 8 or 16 bytes, at least 16 bytes of rows and of columns.
///
/// # Safety
/// As for [`transpose`]; the machine has NEON.
#[target_feature(enable = "neon")]
pub(super) unsafe fn transpose_neon<S: Sink>(tile: &Tile, sink: S) -> bool {
    // SAFETY: as the caller promises.
    unsafe { transpose::<uint8x16_t, S>(tile, sink) }
}

/// Runs a program.
///
/// # Safety
/// As for [`run`]; the machine has NEON.
#[target_feature(enable = "neon")]
pub(super) unsafe fn shuffle_neon(program: &Program<LANE>, chunk: &Chunk) {
    // SAFETY: as the caller promises.
    unsafe { run::<uint8x16_t>(program, chunk) }
}
