//! Programs, run in the registers of x86-64.

use core::arch::x86_64::{
    __m128i, __m256i, __m512i, _mm_loadu_si128, _mm256_broadcastsi128_si256, _mm256_castsi256_si128,
    _mm256_extracti128_si256, _mm256_or_si256, _mm256_shuffle_epi8, _mm512_loadu_si512,
    _mm512_mask_permutexvar_epi8, _mm512_setzero_si512,
};

use super::super::{
    lanes::Vector,
    program::{Program, Step},
    shuffle::Chunk,
};

/// Runs a program twice at a time, in the two lanes of a register.
///
/// # Safety
/// The program's periods are readable and writable at each step, and no byte is both. The machine has AVX2.
#[target_feature(enable = "avx2")]
pub(in super::super) unsafe fn shuffle_avx2(program: &Program<16>, chunk: &Chunk) {
    let (mut to, mut from) = (chunk.to, chunk.from);
    let mut left = chunk.count;
    // SAFETY: within the chunk: an odd run at the end is made in both lanes.
    unsafe {
        while left > 0 {
            let (runs, ahead, step) = if left > 1 { (2, chunk.to_step, chunk.from_step) } else { (1, 0, 0) };
            let mut place = to;
            for steps in program.steps().chunks_exact(program.loads.max(1)) {
                let mut vector = load(&steps[0], from, step);
                for other in steps.iter().skip(1) {
                    vector = _mm256_or_si256(vector, load(other, from, step));
                }
                _mm256_castsi256_si128(vector).store(place);
                _mm256_extracti128_si256::<1>(vector).store(place.wrapping_add(ahead));
                place = place.wrapping_add(size_of::<__m128i>());
            }
            to = to.wrapping_add(chunk.to_step.wrapping_mul(runs));
            from = from.wrapping_offset(chunk.from_step.wrapping_mul(runs.cast_signed()));
            left = left.wrapping_sub(runs);
        }
    }
}

/// The bytes of one load that belong in the vector, all others zero.
///
/// # Safety
/// As for [`shuffle_avx2`].
#[inline(always)]
unsafe fn load(step: &Step<16>, from: *const u8, pitch: isize) -> __m256i {
    // SAFETY: as the caller promises.
    unsafe {
        let control = _mm256_broadcastsi128_si256(_mm_loadu_si128(step.control.as_ptr().cast()));
        _mm256_shuffle_epi8(__m256i::load(from.wrapping_offset(step.offset), pitch), control)
    }
}

/// Runs a program of whole lines.
///
/// # Safety
/// As for [`shuffle_avx2`]; where the chunk is streamed, it begins a line. The machine has what
/// [`Isa::Avx512`](super::super::Isa) stands for.
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(in super::super) unsafe fn shuffle_avx512(program: &Program<64>, chunk: &Chunk) {
    // SAFETY: as the caller promises.
    unsafe {
        match (program.steps().len().checked_div(program.loads), program.loads) {
            (Some(1), 1) => lines::<1, 1>(program, chunk),
            (Some(1), 2) => lines::<1, 2>(program, chunk),
            (Some(1), 3) => lines::<1, 3>(program, chunk),
            (Some(1), 4) => lines::<1, 4>(program, chunk),
            (Some(3), 1) => lines::<3, 1>(program, chunk),
            (Some(3), 2) => lines::<3, 2>(program, chunk),
            (Some(3), 3) => lines::<3, 3>(program, chunk),
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
        let mut place = to;
        for steps in &held {
            // SAFETY: within the chunk.
            unsafe { make(steps.iter().copied(), from, place, chunk.stream) }
            place = place.wrapping_add(size_of::<__m512i>());
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
        let mut place = to;
        for steps in program.steps().chunks_exact(program.loads.max(1)) {
            // SAFETY: within the chunk.
            unsafe { make(steps.iter().map(|step| Held::new(step)), from, place, chunk.stream) }
            place = place.wrapping_add(size_of::<__m512i>());
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
unsafe fn make(steps: impl Iterator<Item = Held>, from: *const u8, to: *mut u8, stream: bool) {
    // SAFETY: as the caller promises.
    unsafe {
        let mut vector = _mm512_setzero_si512();
        for step in steps {
            let source = _mm512_loadu_si512(from.wrapping_offset(step.offset).cast());
            vector = _mm512_mask_permutexvar_epi8(vector, step.mask, step.control, source);
        }
        if stream {
            __m512i::stream(vector, to);
        } else {
            __m512i::store(vector, to);
        }
    }
}
