//! Kernels for x86-64 with AVX2 or AVX-512.

mod ends;
mod hex;
mod shuffle;
mod simd;
mod stream;
mod transpose;
mod vector;

pub(super) use ends::ends_avx512;
pub(super) use hex::digits_avx2;
pub(super) use shuffle::{shuffle_avx2, shuffle_avx512};
pub(super) use simd::run_avx2;
pub(super) use stream::{stream_avx2, stream_avx512};
pub(super) use transpose::{transpose_avx2, transpose_avx512};
