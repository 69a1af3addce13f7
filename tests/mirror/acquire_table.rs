//! `c-tests/test_acquire_table.c`: `mv_buffer_acquire` as a table: requests x sources, held against the rules of the protocol, which
//! stand here as a predicate of a few lines. The C tests go through the whole table; here it is thinned.

use std::ffi::{CStr, c_int};

use memview::{
    error::mv_status::{self, *},
    object::{
        flags::*,
        protocol::{mv_buffer, mv_request},
    },
};

use crate::{
    fixtures::*,
    harness::*,
    sources::{FORMATS, Source, UNKNOWN_FORMAT, with_sources},
};

const SOURCES: usize = if cfg!(miri) { 593 } else { 11 };

fn has(flags: c_int, all: c_int) -> bool {
    flags & all == all
}

/// Of a buffer in full.
fn is_packed(buffer: &mv_buffer, order: c_int) -> bool {
    let (dims, steps) = (entries(buffer.shape, buffer.ndim), entries(buffer.strides, buffer.ndim));
    let mut pairs: Vec<(isize, isize)> = dims.iter().copied().zip(steps).collect();
    if order == C {
        pairs.reverse();
    }
    let mut expected = buffer.itemsize;
    let follows = |(extent, stride): (isize, isize)| {
        let fits = extent == 1 || stride == expected;
        expected *= extent;
        fits
    };
    buffer.suboffsets.is_null() && (dims.contains(&0) || pairs.into_iter().all(follows))
}

/// Whether a request is refused with `MV_E_BUFFER`.
fn is_refused(source: &Source, flags: c_int) -> bool {
    let full = &source.full;
    let (c, f) = (is_packed(full, C), is_packed(full, F));
    has(flags, MV_WRITABLE) && full.readonly != 0
        || has(flags, MV_C_CONTIGUOUS) && !c
        || has(flags, MV_F_CONTIGUOUS) && !f
        || has(flags, MV_ANY_CONTIGUOUS) && !c && !f
        || !has(flags, MV_INDIRECT) && !full.suboffsets.is_null()
        || !has(flags, MV_STRIDES) && !c
        || has(flags, MV_FORMAT) && !has(flags, MV_ND) && source.format >= 4
}

#[track_caller]
fn check_answer(source: &Source, got: &mv_buffer, flags: c_int) {
    let full = &source.full;
    assert_eq!((got.buf, got.obj), (full.buf, source.object));
    assert_eq!((got.len, got.itemsize, got.readonly), (full.len, full.itemsize, full.readonly));
    assert_eq!(got.ndim, if has(flags, MV_ND) { full.ndim } else { 1 });
    assert_eq!(text(got.format), if has(flags, MV_FORMAT) { text(full.format) } else { None });
    let sizes = |array, flag| if has(flags, flag) { entries(array, full.ndim) } else { Vec::new() };
    assert_eq!(entries(got.shape, full.ndim), sizes(full.shape, MV_ND));
    if source.any_strides {
        assert_eq!(!got.strides.is_null(), has(flags, MV_STRIDES));
    } else {
        assert_eq!(entries(got.strides, full.ndim), sizes(full.strides, MV_STRIDES));
    }
    assert_eq!(entries(got.suboffsets, full.ndim), sizes(full.suboffsets, MV_INDIRECT));
}

/// One request; `expected` is `MV_OK` where the rules decide.
#[track_caller]
fn ask(source: &Source, flags: c_int, expected: mv_status) {
    let refused = expected == MV_OK && is_refused(source, flags);
    if refused || expected != MV_OK {
        refused!(mv_buffer_acquire(source.object, flags), if refused { MV_E_BUFFER } else { expected });
    } else {
        let got = acquire(source.object, flags);
        check_answer(source, &got, flags);
        source.check_balance(1);
        release(got);
    }
    source.check_balance(0);
}

/// The requests of one source: all, or under Miri a few, others for each source.
fn some<T: Copy>(all: &[T], number: usize) -> impl Iterator<Item = T> {
    let step = if cfg!(miri) { all.len().div_ceil(4) } else { 1 };
    all.iter().copied().skip(number % step).step_by(step)
}

#[test]
fn requests_by_name() {
    let names = [
        MV_SIMPLE,
        MV_ND,
        MV_STRIDES,
        MV_C_CONTIGUOUS,
        MV_F_CONTIGUOUS,
        MV_ANY_CONTIGUOUS,
        MV_INDIRECT,
        MV_CONTIG,
        MV_CONTIG_RO,
        MV_STRIDED,
        MV_STRIDED_RO,
        MV_RECORDS,
        MV_RECORDS_RO,
        MV_FULL,
        MV_FULL_RO,
    ];
    let added = [0, MV_WRITABLE, MV_FORMAT, MV_WRITABLE | MV_FORMAT];
    let requests: Vec<c_int> = names.iter().flat_map(|name| added.map(|more| name | more)).collect();
    with_sources(SOURCES, |number, source| {
        some(&requests, number).for_each(|flags| ask(source, flags, MV_OK));
    });
}

/// Each known bit for itself, in all combinations; a flag counts where all of its bits are there.
#[test]
fn requests_bit_by_bit() {
    let bits = [1, 4, 8, 0x10, 0x20, 0x40, 0x80, 0x100];
    let sum = |chosen: c_int| (0..8).filter(|bit| chosen >> bit & 1 == 1).map(|bit| bits[bit]).sum();
    let requests: Vec<c_int> = (0..256).map(sum).collect();
    with_sources(SOURCES, |number, source| {
        for flags in some(&requests, number) {
            ask(source, flags, if flags == 0x100 { MV_E_FLAGS } else { MV_OK });
        }
    });
}

#[test]
fn unknown_bits_are_refused() {
    let known = MV_FULL | 0xe0 | MV_EXCLUSIVE | MV_IMMUTABLE;
    let unknown = (0..c_int::BITS).map(|bit| (1_u32 << bit).cast_signed()).filter(|bit| bit & known == 0);
    let added = [0, MV_WRITABLE, MV_STRIDES, MV_FULL, MV_FULL_RO];
    let mut requests: Vec<c_int> = unknown.flat_map(|bit| added.map(|more| bit | more)).collect();
    requests.extend([0x100, 0x200, -1, MV_EXCLUSIVE | MV_IMMUTABLE | MV_FULL_RO]);
    with_sources(SOURCES * 4, |number, source| {
        some(&requests, number).for_each(|flags| ask(source, flags, MV_E_FLAGS));
    });
}

/// A wanted format or number of dimensions is held against the memory, and given only where the flags ask for it.
#[test]
fn wanted_format_and_dimensions() {
    let flags = [MV_SIMPLE, MV_ND, MV_STRIDES, MV_FULL, MV_FULL_RO, MV_FORMAT];
    let spelt = |format: &'static CStr| {
        let bytes = format.to_bytes();
        bytes.strip_prefix(b"@").unwrap_or(bytes)
    };
    let requests: Vec<usize> = (0..6 * 9 * 4).collect();
    with_sources(SOURCES, |number, source| {
        for i in some(&requests, number) {
            let (full, wanted) = (&source.full, i / 6 % 9);
            let any_format = wanted == UNKNOWN_FORMAT && source.format != UNKNOWN_FORMAT;
            let wish = mv_request {
                flags: flags[i % 6],
                format: if any_format { NO_TEXT } else { FORMATS[wanted].0.as_ptr() },
                ndim: [-1, full.ndim, full.ndim + 1, 0][i / 54],
                ..request()
            };
            let same = any_format || spelt(FORMATS[wanted].0) == spelt(FORMATS[source.format].0);
            let fits = wish.ndim == -1 || wish.ndim == full.ndim;
            if !same || !fits || is_refused(source, wish.flags) {
                refused!(mv_buffer_acquire_for(source.object, &raw const wish), MV_E_BUFFER);
            } else {
                let got: mv_buffer = made!(mv_buffer_acquire_for(source.object, &raw const wish));
                check_answer(source, &got, wish.flags);
                release(got);
            }
            source.check_balance(0);
        }
    });
}
