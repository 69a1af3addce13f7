//! Transposes in the registers of x86-64.

use core::arch::x86_64::{__m128i, __m256i, __m512i};

use super::{
    super::lanes::{LINE, Tile, Vector, transpose},
    vector::Pair,
};

/// The bytes of half a line.
const HALF: usize = LINE / 2;

/// Transposes items of 1, 2, 4, 8 or 16 bytes, at least 16 bytes of rows and of columns.
///
/// # Safety
/// As for [`transpose`]; the machine has AVX2.
#[target_feature(enable = "avx2")]
pub(in super::super) unsafe fn transpose_avx2(tile: &Tile) {
    // SAFETY: as the caller promises.
    unsafe {
        if tile.stream {
            sized::<Pair>(tile);
        } else if tile.item.saturating_mul(tile.rows) >= HALF {
            sized::<__m256i>(tile);
        } else {
            sized::<__m128i>(tile);
        }
    }
}

/// The same with AVX-512, in which a vector is a line.
///
/// # Safety
/// As for [`transpose`]; the machine has what [`Isa::Avx512`](super::super::Isa) stands for.
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(in super::super) unsafe fn transpose_avx512(tile: &Tile) {
    let bytes = tile.item.saturating_mul(tile.rows);
    let rest = bytes % LINE;
    // SAFETY: as the caller promises; there are half a line of rows where some are left behind whole lines.
    unsafe {
        if bytes < LINE {
            transpose_avx2(tile);
        } else if rest == 0 || rest > HALF {
            sized::<__m512i>(tile);
        } else {
            sized::<__m512i>(&tile.first(LINE));
            sized::<__m256i>(&tile.last(HALF));
        }
    }
}

/// # Safety
/// As for [`transpose`].
#[inline(always)]
unsafe fn sized<V: Vector>(tile: &Tile) {
    // SAFETY: as the caller promises; `N` items fill a lane.
    unsafe {
        match tile.item {
            1 => transpose::<V, 1, 16>(tile),
            2 => transpose::<V, 2, 8>(tile),
            4 => transpose::<V, 4, 4>(tile),
            8 => transpose::<V, 8, 2>(tile),
            _ => transpose::<V, 16, 1>(tile),
        }
    }
}
