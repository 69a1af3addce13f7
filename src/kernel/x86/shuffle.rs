//! Programs, run in the registers of x86-64.

use core::arch::x86_64::{
    __m128i, __m256i, __m512i, _mm512_loadu_si512, _mm512_mask_permutexvar_epi8, _mm512_mask_storeu_epi8,
    _mm512_setzero_si512,
};

use super::super::{
    lanes::{LANE, LINE, Vector},
    program::{Program, Step},
    shuffle::{Chunk, Stores, run},
};

/// Runs a program twice at a time, in the two lanes of a register; where it is streamed, one after the other, so that lines are filled
/// from one end to the other.
///
/// # Safety
/// As for [`run`]; the machine has AVX2.
#[target_feature(enable = "avx2")]
pub(in super::super) unsafe fn shuffle_avx2(program: &Program<LANE>, chunk: &Chunk) {
    // SAFETY: as the caller promises.
    unsafe {
        if chunk.stores == Stores::Streamed {
            run::<__m128i>(program, chunk);
        } else {
            run::<__m256i>(program, chunk);
        }
    }
}

/// Runs a program of whole lines.
///
/// # Safety
/// As for [`run`]; a vector of 64 bytes is streamed as it is. The machine has what
/// [`Isa::Avx512`](super::super::Isa) stands for.
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(in super::super) unsafe fn shuffle_avx512(program: &Program<64>, chunk: &Chunk) {
    // SAFETY: as the caller promises.
    unsafe {
        match (program.steps().len().checked_div(program.loads), program.loads) {
            _ if chunk.stores == Stores::Gaps => any_lines(program, chunk),
            (Some(1), 1) => lines::<1, 1>(program, chunk),
            (Some(1), 2) => lines::<1, 2>(program, chunk),
            (Some(1), 3) => lines::<1, 3>(program, chunk),
            (Some(1), 4) => lines::<1, 4>(program, chunk),
            (Some(2), 2) => lines::<2, 2>(program, chunk),
            (Some(3), 1) => lines::<3, 1>(program, chunk),
            (Some(3), 2) => lines::<3, 2>(program, chunk),
            (Some(3), 3) => lines::<3, 3>(program, chunk),
            (Some(4), 4) => lines::<4, 4>(program, chunk),
            _ => any_lines(program, chunk),
        }
    }
}

/// What a register holds of a step.
#[derive(Clone, Copy)]
struct Held {
    control: __m512i,
    mask: u64,
    offset: isize,
}

/// So many vectors of so many loads: the controls stay in registers.
///
/// # Safety
/// As for [`shuffle_avx512`].
#[inline(always)]
unsafe fn lines<const VECTORS: usize, const LOADS: usize>(program: &Program<64>, chunk: &Chunk) {
    let Some(first) = program.steps().first() else { return };
    // SAFETY: as the caller promises.
    let mut held = unsafe { [[Held::new(first); LOADS]; VECTORS] };
    for (held, step) in held.as_flattened_mut().iter_mut().zip(program.steps()) {
        // SAFETY: as the caller promises.
        *held = unsafe { Held::new(step) };
    }
    let (mut to, mut from) = (chunk.to, chunk.from);
    for _ in 0..chunk.count {
        for (mut place, from) in chunk.sides(to, from) {
            for steps in &held {
                // SAFETY: within the chunk.
                unsafe { make(steps.iter().copied(), from, place, chunk) }
                place = place.wrapping_add(LINE);
            }
        }
        to = to.wrapping_add(chunk.to_step);
        from = from.wrapping_offset(chunk.from_step);
    }
}

/// Any number of vectors and of loads.
///
/// # Safety
/// As for [`shuffle_avx512`].
#[inline(always)]
unsafe fn any_lines(program: &Program<64>, chunk: &Chunk) {
    let (mut to, mut from) = (chunk.to, chunk.from);
    for _ in 0..chunk.count {
        for (mut place, from) in chunk.sides(to, from) {
            for steps in program.steps().chunks_exact(program.loads.max(1)) {
                // SAFETY: within the chunk.
                unsafe { make(steps.iter().map(|step| Held::new(step)), from, place, chunk) }
                place = place.wrapping_add(LINE);
            }
        }
        to = to.wrapping_add(chunk.to_step);
        from = from.wrapping_offset(chunk.from_step);
    }
}

impl Held {
    /// # Safety
    /// As for [`shuffle_avx512`].
    #[inline(always)]
    unsafe fn new(step: &Step<64>) -> Held {
        // SAFETY: as the caller promises.
        let control = unsafe { _mm512_loadu_si512(step.control.as_ptr().cast()) };
        Held { control, mask: step.mask, offset: step.offset }
    }
}

/// Makes one vector.
///
/// # Safety
/// As for [`shuffle_avx512`].
#[inline(always)]
unsafe fn make(steps: impl Iterator<Item = Held>, from: *const u8, to: *mut u8, chunk: &Chunk) {
    // SAFETY: as the caller promises.
    unsafe {
        let mut vector = _mm512_setzero_si512();
        let mut mask = 0;
        for step in steps {
            let source = _mm512_loadu_si512(from.wrapping_offset(step.offset).cast());
            vector = _mm512_mask_permutexvar_epi8(vector, step.mask, step.control, source);
            mask |= step.mask;
        }
        match chunk.stores {
            Stores::Gaps => _mm512_mask_storeu_epi8(to.cast(), mask, vector),
            Stores::Streamed => __m512i::stream(vector, to),
            Stores::Whole => __m512i::store(vector, to),
        }
    }
}
