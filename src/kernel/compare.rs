//! Whether numbers are equal: packed ones of one type, or of two by way of the widest.

use core::ops::ControlFlow;

use super::{
    isa::Isa,
    lanes::Equality,
    memory::Memory,
    number::{self, CHUNK, Kind, Number, Space, Wide},
    simd::{self, Loop},
    tiles::{Tiles, Use},
    turned,
    visit::{same_run, same_runs},
};
use crate::layout::Order;

/// Whether the items of two memories of the same shape, which have items, are the same numbers, or without numbers the same bytes;
/// none where this takes a walk item by item.
#[must_use]
pub fn same_items(a: &Memory<'_>, b: &Memory<'_>, numbers: Option<(Number, Number)>) -> Option<bool> {
    same_with(a, b, numbers, Isa::best())
}

/// The same with the kernels of `isa`.
pub(super) fn same_with(
    a: &Memory<'_>,
    b: &Memory<'_>,
    numbers: Option<(Number, Number)>,
    isa: Isa,
) -> Option<bool> {
    if numbers.is_some_and(|(left, right)| left.complex != right.complex) {
        return None;
    }
    let item = a.itemsize();
    let look = |left: *mut u8, right: *mut u8, count: usize| {
        // SAFETY: each run has so many items on either side.
        unsafe {
            match numbers {
                None => same_run(left, right, count.wrapping_mul(item)),
                Some((one, other)) => same(one, left, other, right, one.in_items(count), isa),
            }
        }
    };
    let both = |order| a.layout().is_contiguous(order) && b.layout().is_contiguous(order);
    if both(Order::C) || both(Order::F) {
        return Some(look(a.base(), b.base(), a.layout().items().unsigned_abs()));
    }
    turned_equality(numbers)
        .and_then(|equality| turned::same(a, b, equality, isa))
        .or_else(|| same_tiles(a, b, isa, look))
        .or_else(|| numbers.is_none().then(|| same_runs(a, b)))
}

/// When items that are not brought together first are equal; none where they must be.
fn turned_equality(numbers: Option<(Number, Number)>) -> Option<Equality> {
    let Some((one, other)) = numbers else { return Some(Equality::Bits) };
    if one != other || one.swapped || one.complex {
        return None;
    }
    match one.kind {
        Kind::F32 | Kind::F64 => Some(Equality::Floats),
        Kind::Bool | Kind::F16 => None,
        _ => Some(Equality::Bits),
    }
}

/// The same of memories that are direct; none where one is not.
#[inline(never)] // The walk is on the stack of those alone that need it.
fn same_tiles(
    a: &Memory<'_>,
    b: &Memory<'_>,
    isa: Isa,
    look: impl Fn(*mut u8, *mut u8, usize) -> bool,
) -> Option<bool> {
    let tiles = Tiles::new([a, b], Use::Read, isa)?;
    let found =
        tiles.each(
            |[left, right], count| {
                if look(left, right, count) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            },
        );
    Some(found.is_continue())
}

/// Whether packed numbers are equal.
///
/// # Safety
/// As many are readable on either side.
unsafe fn same(
    one: Number,
    left: *const u8,
    other: Number,
    right: *const u8,
    count: usize,
    isa: Isa,
) -> bool {
    // SAFETY: as the caller promises.
    unsafe {
        if one == other && !one.swapped {
            same_kind(one.kind, left, right, count, isa)
        } else {
            same_chunks(one, left, other, right, count, isa)
        }
    }
}

/// The same of any two types.
///
/// # Safety
/// As for [`same`].
#[inline(never)] // The spaces are on the stack of those alone that need them.
unsafe fn same_chunks(
    one: Number,
    left: *const u8,
    other: Number,
    right: *const u8,
    count: usize,
    isa: Isa,
) -> bool {
    // SAFETY: as the caller promises.
    unsafe {
        let mut sides = [Side::new(one), Side::new(other)];
        let (mut turned, mut other_turned) = (Space::new(), Space::new());
        let mut at = 0usize;
        while at < count {
            let chunk = CHUNK.min(count.wrapping_sub(at));
            let place =
                |from: *const u8, number: Number| from.wrapping_add(at.wrapping_mul(number.kind.size()));
            let a = number::turn(one, place(left, one), chunk, &mut turned, isa);
            let b = number::turn(other, place(right, other), chunk, &mut other_turned, isa);
            if !same_chunk(&mut sides, a, b, chunk, isa) {
                return false;
            }
            at = at.wrapping_add(chunk);
        }
        true
    }
}

/// One side of a comparison.
struct Side {
    number: Number,
    widened: Space,
}

impl Side {
    fn new(number: Number) -> Side {
        Side { number, widened: Space::new() }
    }

    /// As wide numbers, as floats where those are asked for and can be exact.
    ///
    /// # Safety
    /// So many numbers are readable, at most [`CHUNK`].
    unsafe fn widen(&mut self, from: *const u8, count: usize, float: bool, isa: Isa) -> (*const u8, Wide) {
        let (kind, to) = (self.number.kind, self.widened.as_ptr());
        // SAFETY: as the caller promises; the space holds as many wide numbers.
        unsafe {
            if kind.size() == size_of::<u64>() {
                return (from, kind.wide());
            }
            number::widen(kind, to, from, count, isa);
            if float && kind.is_small() {
                number::small_to_float(to, count, isa);
                return (to, Wide::Float);
            }
        }
        (to, kind.wide())
    }
}

/// # Safety
/// As for [`same`], of at most [`CHUNK`] numbers in this machine's order.
unsafe fn same_chunk(sides: &mut [Side; 2], a: *const u8, b: *const u8, count: usize, isa: Isa) -> bool {
    let [left, right] = sides;
    // SAFETY: as the caller promises.
    unsafe {
        if left.number.kind == right.number.kind {
            return same_kind(left.number.kind, a, b, count, isa);
        }
        // Those that meet most often are spared the way through the cache.
        match (left.number.kind, right.number.kind) {
            (Kind::I32, Kind::I64) => return each::<i32, i64>(a, b, count, isa),
            (Kind::I64, Kind::I32) => return each::<i32, i64>(b, a, count, isa),
            (Kind::F32, Kind::F64) => return each::<f32, f64>(a, b, count, isa),
            (Kind::F64, Kind::F32) => return each::<f32, f64>(b, a, count, isa),
            (Kind::I32, Kind::F64) => return each::<i32, f64>(a, b, count, isa),
            (Kind::F64, Kind::I32) => return each::<i32, f64>(b, a, count, isa),
            _ => {}
        }
        let float = [&*left, &*right].iter().any(|side| side.number.kind.wide() == Wide::Float);
        let (a, x) = left.widen(a, count, float, isa);
        let (b, y) = right.widen(b, count, float, isa);
        match (x, y) {
            (Wide::Float, Wide::Float) => each::<f64, f64>(a, b, count, isa),
            (Wide::Int, Wide::Int) | (Wide::Natural, Wide::Natural) => each::<u64, u64>(a, b, count, isa),
            (Wide::Int, Wide::Natural) => each::<i64, u64>(a, b, count, isa),
            (Wide::Natural, Wide::Int) => each::<i64, u64>(b, a, count, isa),
            (Wide::Int, Wide::Float) => each::<i64, f64>(a, b, count, isa),
            (Wide::Float, Wide::Int) => each::<i64, f64>(b, a, count, isa),
            (Wide::Natural, Wide::Float) => each::<u64, f64>(a, b, count, isa),
            (Wide::Float, Wide::Natural) => each::<u64, f64>(b, a, count, isa),
        }
    }
}

/// Whether numbers of one type are equal.
///
/// # Safety
/// As for [`same`].
unsafe fn same_kind(kind: Kind, a: *const u8, b: *const u8, count: usize, isa: Isa) -> bool {
    // SAFETY: as the caller promises.
    unsafe {
        match kind {
            Kind::Bool => each::<bool, bool>(a, b, count, isa),
            Kind::F16 => each::<Half, Half>(a, b, count, isa),
            Kind::F32 => each::<f32, f32>(a, b, count, isa),
            Kind::F64 => each::<f64, f64>(a, b, count, isa),
            _ => same_run(a, b, count.wrapping_mul(kind.size())),
        }
    }
}

/// # Safety
/// As for [`same`].
unsafe fn each<A: Equal<B>, B>(a: *const u8, b: *const u8, count: usize, isa: Isa) -> bool {
    let (a, b) = (a.cast::<A::Bits>(), b.cast::<A::Others>());
    // SAFETY: as the caller promises.
    unsafe { simd::run(Pairs::<A, B> { a, b, count }, isa) }
}

/// Numbers that can be equal to those of another type. What is read is any bits.
trait Equal<Other> {
    type Bits: Copy;
    type Others: Copy;
    /// An integer as wide as the wider of the two, as a comparison of vectors leaves it.
    type Count: Copy + Default + PartialEq;
    /// One more where the two differ.
    fn count(differences: Self::Count, a: Self::Bits, b: Self::Others) -> Self::Count;
}

struct Half;

macro_rules! equal {
    ($($one:ty as $bits:ty, $other:ty as $others:ty, $count:ty: |$a:ident, $b:ident| $equal:expr;)*) => {
        $(impl Equal<$other> for $one {
            type Bits = $bits;
            type Others = $others;
            type Count = $count;

            #[inline(always)]
            #[allow(clippy::float_cmp, clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            fn count(differences: $count, $a: $bits, $b: $others) -> $count {
                differences.wrapping_add(<$count>::from(!($equal)))
            }
        })*
    };
}

equal! {
    bool as u8, bool as u8, u8: |a, b| (a != 0) == (b != 0);
    Half as u16, Half as u16, u16: |a, b| (a == b && a & 0x7FFF <= 0x7C00) || (a | b) << 1 == 0;
    f32 as f32, f32 as f32, u32: |a, b| a == b;
    f64 as f64, f64 as f64, u64: |a, b| a == b;
    u64 as u64, u64 as u64, u64: |a, b| a == b;
    i32 as i32, i64 as i64, u64: |a, b| i64::from(a) == b;
    f32 as f32, f64 as f64, u64: |a, b| f64::from(a) == b;
    i32 as i32, f64 as f64, u64: |a, b| f64::from(a) == b;
    i64 as i64, u64 as u64, u64: |a, b| a >= 0 && a.cast_unsigned() == b;
    // Rounded, the integer may be the float without being equal to it: the way back must lead to it, too.
    i64 as i64, f64 as f64, u64: |a, b| a as f64 == b && b < 9_223_372_036_854_775_808.0 && b as i64 == a;
    u64 as u64, f64 as f64, u64: |a, b| a as f64 == b && b < 18_446_744_073_709_551_616.0 && b as u64 == a;
}

/// How many pairs are looked at before a difference ends the loop: no more than can be counted in a byte.
const STRIDE: usize = 128;

struct Pairs<A: Equal<B>, B> {
    a: *const A::Bits,
    b: *const A::Others,
    count: usize,
}

impl<A: Equal<B>, B> Pairs<A, B> {
    /// # Safety
    /// So many are readable.
    #[inline(always)]
    unsafe fn look(&self, at: usize, count: usize) -> bool {
        let mut differences = A::Count::default();
        for at in at..at.wrapping_add(count) {
            // SAFETY: as the caller promises.
            let (a, b) = unsafe {
                (self.a.wrapping_add(at).read_unaligned(), self.b.wrapping_add(at).read_unaligned())
            };
            differences = A::count(differences, a, b);
        }
        differences == A::Count::default()
    }
}

impl<A: Equal<B>, B> Loop for Pairs<A, B> {
    type Output = bool;

    #[inline(always)]
    unsafe fn run(self) -> bool {
        let mut at = 0usize;
        // SAFETY: as the caller promises.
        unsafe {
            while self.count.wrapping_sub(at) >= STRIDE {
                if !self.look(at, STRIDE) {
                    return false;
                }
                at = at.wrapping_add(STRIDE);
            }
            self.look(at, self.count.wrapping_sub(at))
        }
    }
}
