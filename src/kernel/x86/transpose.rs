//! Transposes in the registers of x86-64.

use core::arch::x86_64::{__m128i, __m256i, __m512i};

use super::{
    super::lanes::{LINE, Tile, transpose},
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
            transpose::<Pair>(tile);
        } else if tile.item.saturating_mul(tile.rows) >= HALF {
            transpose::<__m256i>(tile);
        } else {
            transpose::<__m128i>(tile);
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
    let in_items = |bytes: usize| bytes >> tile.item.trailing_zeros();
    // SAFETY: as the caller promises; there are half a line of rows where some are left behind whole lines.
    unsafe {
        if bytes < LINE {
            transpose_avx2(tile);
        } else if rest == 0 || rest > HALF {
            transpose::<__m512i>(tile);
        } else {
            let (rest, half) = (in_items(rest), in_items(HALF));
            transpose::<__m512i>(&tile.part(0, tile.rows.wrapping_sub(rest)));
            transpose_avx2(&tile.part(tile.rows.wrapping_sub(half), half));
        }
    }
}
