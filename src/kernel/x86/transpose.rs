//! Transposes in the registers of x86-64.

use core::arch::x86_64::{__m128i, __m256i, __m512i};

use super::{
    super::lanes::{LINE, Sink, Tile, transpose},
    vector::Pair,
};

/// The bytes of half a line.
const HALF: usize = LINE / 2;

/// Transposes items of 1, 2, 4, 8 or 16 bytes, at least 16 bytes of rows and of columns.
///
/// # Safety
/// As for [`transpose`]; the machine has AVX2.
#[target_feature(enable = "avx2")]
pub(in super::super) unsafe fn transpose_avx2<S: Sink>(tile: &Tile, sink: S) -> bool {
    // SAFETY: as the caller promises.
    unsafe {
        if tile.stream {
            transpose::<Pair, S>(tile, sink)
        } else if tile.item.saturating_mul(tile.rows) >= HALF {
            transpose::<__m256i, S>(tile, sink)
        } else {
            transpose::<__m128i, S>(tile, sink)
        }
    }
}

/// The same with AVX-512, in which a vector is a line.
///
/// # Safety
/// As for [`transpose`]; the machine has what [`Isa::Avx512`](super::super::Isa) stands for.
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(in super::super) unsafe fn transpose_avx512<S: Sink>(tile: &Tile, sink: S) -> bool {
    let bytes = tile.item.saturating_mul(tile.rows);
    let rest = bytes % LINE;
    let in_items = |bytes: usize| bytes >> tile.item.trailing_zeros();
    // SAFETY: as the caller promises; there are half a line of rows where some are left behind whole lines.
    unsafe {
        if bytes < LINE {
            transpose_avx2(tile, sink)
        } else if rest == 0 || rest > HALF {
            transpose::<__m512i, S>(tile, sink)
        } else {
            let (rest, half) = (in_items(rest), in_items(HALF));
            transpose::<__m512i, S>(&tile.part(0, tile.rows.wrapping_sub(rest)), sink)
                && transpose_avx2(&tile.part(tile.rows.wrapping_sub(half), half), sink)
        }
    }
}
