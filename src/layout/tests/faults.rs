//! Bad input: what is refused, how, and that nothing overflows on the way.

use super::super::*;
use super::memory::Owned;
use crate::error::Error as E;

const MAX: isize = isize::MAX;
const MIN: isize = isize::MIN;

struct Deaf;

impl Base for Deaf {
    fn add(&mut self, _bytes: isize) {}
    fn dereference(&mut self, _suboffset: isize) {}
}

fn view(shape: &[isize], strides: &[isize]) -> Owned {
    Owned { itemsize: 1, shape: shape.to_vec(), strides: strides.to_vec(), suboffsets: Vec::new() }
}

fn run(operation: impl FnOnce(&mut Sketch) -> Result<()>) -> Result<(Vec<isize>, Vec<isize>)> {
    let mut room = ([0; MAX_NDIM], [0; MAX_NDIM]);
    let mut out = Sketch::new(&mut room.0, &mut room.1, &mut []);
    operation(&mut out)?;
    Ok((out.layout(1).shape.to_vec(), out.layout(1).strides.to_vec()))
}

macro_rules! fails {
    ($result:expr, $pattern:pat) => {
        let result = $result;
        assert!(matches!(result, Err($pattern)), "{result:?}");
    };
}

#[test]
fn dimensions() {
    fails!(check_ndim(-1), E::Ndim { ndim: -1 });
    fails!(check_ndim(i32::MIN), E::Ndim { .. });
    fails!(check_ndim(65), E::NdimLimit { ndim: 65, limit: 64 });
    assert_eq!((check_ndim(0).unwrap(), check_ndim(64).unwrap()), (0, 64));
    fails!(validate(&view(&[1; 65], &[1; 65]).layout()), E::NdimLimit { .. });
    fails!(validate(&view(&[1, 2], &[1]).layout()), E::NdimDiffers { left: 2, right: 1 });
    let short = Owned { suboffsets: vec![0], ..view(&[1, 2], &[1, 1]) };
    fails!(validate(&short.layout()), E::NdimDiffers { .. });
}

#[test]
fn sizes() {
    fails!(product(&[1], 0), E::Itemsize { itemsize: 0 });
    fails!(product(&[0], -1), E::Itemsize { .. });
    fails!(product(&[0, -2], 1), E::NegativeExtent { extent: -2, dim: 1 });
    fails!(product(&[MAX, 2], 1), E::OverflowAt { dim: 1, .. });
    fails!(product(&[MAX / 2], 3), E::OverflowAt { dim: 0, .. });
    assert_eq!(product(&[MAX], 1).unwrap(), MAX);
    assert_eq!(product(&[], 8).unwrap(), 8);
    for shape in [[0, MAX, MAX], [MAX, 0, MAX], [MAX, MAX, 0]] {
        assert_eq!(product(&shape, 8).unwrap(), 0, "a zero extent counts wherever it stands");
        let mut strides = [0; 3];
        fill_strides(&shape, 8, Order::C, &mut strides).unwrap();
        fill_strides(&shape, 8, Order::F, &mut strides).unwrap();
    }
    fails!(fill_strides(&[MAX, 2], 1, Order::C, &mut [0; 2]), E::OverflowAt { .. });
    fails!(fill_strides(&[1, 2], 1, Order::C, &mut [0; 3]), E::NdimDiffers { .. });
    fails!(fill_strides(&[1], 0, Order::C, &mut [0]), E::Itemsize { .. });
    fails!(run(|out| sketch_contiguous(&[1; 65], 1, Order::C, out)), E::NdimLimit { ndim: 65, .. });
}

#[test]
fn reaches() {
    let reach_of = |shape: &[isize], strides: &[isize]| reach(&view(shape, strides).layout());
    fails!(reach_of(&[1, 2], &[1, MIN]), E::OverflowAt { dim: 1, .. });
    fails!(reach_of(&[3], &[MAX]), E::OverflowAt { dim: 0, .. });
    fails!(reach_of(&[2], &[MAX]), E::OverflowAt { .. });
    fails!(reach_of(&[2, 2], &[MAX - 1, -2]), E::OverflowAt { dim: 1, .. });
    assert_eq!(reach_of(&[1], &[MIN]).unwrap(), (0, 1));
    assert_eq!(reach_of(&[2], &[MAX - 1]).unwrap(), (0, MAX));
    assert_eq!(reach_of(&[MAX, 0], &[MAX, MAX]).unwrap(), (0, 0));

    let pair = view(&[2], &[-4]);
    let inside = |position, extent| within(&pair.layout(), position, extent);
    assert!(inside(4, 5).is_ok());
    fails!(inside(3, 5), E::Reach { reach: -1, extent: 5 });
    fails!(inside(4, 4), E::Reach { reach: 4, extent: 4 });
    fails!(inside(MIN, 5), E::Reach { .. });
    fails!(inside(MAX, usize::MAX), E::Reach { .. });
    let nothing = view(&[0], &[1]);
    assert!(within(&nothing.layout(), 0, 0).is_ok() && within(&nothing.layout(), 5, 5).is_ok());
    fails!(within(&nothing.layout(), 6, 5), E::Reach { .. });
    fails!(within(&nothing.layout(), -1, 5), E::Reach { .. });
}

#[test]
fn indices() {
    let matrix = view(&[3, 4], &[4, 1]);
    let indexed = |items: &[mv_index]| run(|out| index(&matrix.layout(), items, out, &mut Deaf));
    let (all, at) = (mv_index::all(), mv_index::at(0));
    fails!(indexed(&[all, at, all]), E::TooManyIndices { given: 3, ndim: 2 });
    fails!(indexed(&[mv_index::ellipsis(), at, mv_index::ellipsis()]), E::Ellipses);
    fails!(indexed(&[all, mv_index { kind: 4, ..all }]), E::IndexKind { kind: 4, number: 1 });
    fails!(indexed(&[mv_index { kind: -1, ..all }]), E::IndexKind { .. });
    fails!(indexed(&[mv_index::newaxis(); 63]), E::NdimLimit { ndim: 65, .. });
    assert_eq!(result_ndim(2, &[mv_index::newaxis(); 62]).unwrap(), 64);
    for position in [4, -5, MIN, MAX] {
        fails!(indexed(&[mv_index::at(position)]), E::OutOfBounds { length: 3, dim: 0, .. });
        fails!(item(&matrix.layout(), &[0, position], &mut Deaf), E::OutOfBounds { length: 4, dim: 1, .. });
    }
    fails!(indexed(&[mv_index::at(3)]), E::OutOfBounds { index: 3, .. });
    fails!(indexed(&[mv_index::at(-4)]), E::OutOfBounds { index: -4, .. });
    fails!(indexed(&[mv_index::every(0)]), E::StepZero { dim: 0 });
    assert_eq!(indexed(&[mv_index::every(MIN)]).unwrap().0, [1, 4]);
    fails!(item(&matrix.layout(), &[0], &mut Deaf), E::TooFewIndices { given: 1, ndim: 2 });
}

/// A layout whose reach nobody has checked.
#[test]
fn wild_strides() {
    let wild = view(&[9, 2], &[MAX, MIN]);
    let indexed = |items: &[mv_index]| run(|out| index(&wild.layout(), items, out, &mut Deaf));
    fails!(indexed(&[mv_index::at(2)]), E::OverflowAt { dim: 0, .. });
    fails!(indexed(&[mv_index::range(5, 9)]), E::OverflowAt { dim: 0, .. });
    fails!(indexed(&[mv_index::every(2)]), E::OverflowAt { dim: 0, .. });
    fails!(indexed(&[mv_index::all(), mv_index::every(-1)]), E::OverflowAt { dim: 1, .. });
    assert!(indexed(&[mv_index::range(1, 1), mv_index::at(1)]).is_ok());
    fails!(item(&wild.layout(), &[3, 0], &mut Deaf), E::OverflowAt { dim: 0, .. });
    assert!(item(&wild.layout(), &[1, 1], &mut Deaf).is_ok());
    let empty = view(&[9, 0], &[MAX, MIN]);
    let cut = run(|out| index(&empty.layout(), &[mv_index::every(-2)], out, &mut Deaf)).unwrap();
    assert_eq!(cut.0, [5, 0]);
}

#[test]
fn axes() {
    let matrix = view(&[3, 4], &[4, 1]);
    let moved = |axes: &[i32]| run(|out| transpose(&matrix.layout(), Some(axes), out));
    fails!(moved(&[0]), E::AxisCount { given: 1, ndim: 2 });
    fails!(moved(&[0, 0]), E::AxisTwice { axis: 0 });
    fails!(moved(&[1, -1]), E::AxisTwice { axis: -1 });
    fails!(moved(&[0, 2]), E::Axis { axis: 2, ndim: 2 });
    fails!(moved(&[-3, 0]), E::Axis { axis: -3, .. });
    fails!(moved(&[i32::MIN, i32::MAX]), E::Axis { .. });
    assert_eq!(moved(&[-1, 0]).unwrap(), (vec![4, 3], vec![1, 4]));
    let wide = view(&[1; 64], &[1; 64]);
    assert!(run(|out| transpose(&wide.layout(), None, out)).is_ok());
    let axes: Vec<i32> = (0..64).rev().collect();
    assert!(run(|out| transpose(&wide.layout(), Some(&axes), out)).is_ok());
}

#[test]
fn shapes() {
    let matrix = view(&[3, 4], &[4, 1]);
    let stretched = |shape: &[isize]| run(|out| broadcast(&matrix.layout(), shape, out));
    fails!(stretched(&[4]), E::NdimDiffers { left: 2, right: 1 });
    fails!(stretched(&[2, 3, 5]), E::ShapesDiffer { left: 4, right: 5, dim: 2 });
    fails!(stretched(&[-1, 3, 4]), E::NegativeExtent { dim: 0, .. });
    fails!(stretched(&[MAX, 3, 4]), E::OverflowAt { .. });
    fails!(stretched(&[1; 65]), E::NdimLimit { .. });
    assert_eq!(stretched(&[0, 3, 4]).unwrap().1, [0, 4, 1]);

    let shaped = |shape: &[isize], order| run(|out| reshape(&matrix.layout(), shape, order, out));
    fails!(shaped(&[5, -1], Order::C), E::Count { given: 12, needed: 5, .. });
    fails!(shaped(&[0, -1], Order::C), E::Count { given: 12, needed: 0, .. });
    fails!(shaped(&[13], Order::C), E::Count { .. });
    fails!(shaped(&[], Order::C), E::Count { needed: 1, .. });
    fails!(shaped(&[-1, -1], Order::C), E::NegativeExtent { dim: 1, .. });
    fails!(shaped(&[-2, -6], Order::C), E::NegativeExtent { extent: -2, dim: 0 });
    fails!(shaped(&[MAX, MAX], Order::C), E::OverflowAt { .. });
    fails!(shaped(&[12], Order::F), E::Unsupported { .. });
    assert_eq!(shaped(&[2, -1, 3], Order::A).unwrap(), (vec![2, 2, 3], vec![6, 3, 1]));
    let fortran = view(&[3, 4], &[1, 3]);
    let flat = run(|out| reshape(&fortran.layout(), &[-1], Order::A, out)).unwrap();
    assert_eq!(flat, (vec![12], vec![1]));
    fails!(run(|out| reshape(&fortran.layout(), &[12], Order::C, out)), E::Unsupported { .. });
    let both = view(&[4], &[1]);
    assert_eq!(run(|out| reshape(&both.layout(), &[2, 2], Order::A, out)).unwrap().1, [2, 1]);
    let strided = view(&[4], &[2]);
    assert_eq!(run(|out| reshape(&strided.layout(), &[2, 2], Order::A, out)).unwrap().1, [4, 2]);
    let one = view(&[1, 1], &[MIN, MAX]);
    assert_eq!(run(|out| reshape(&one.layout(), &[], Order::C, out)).unwrap().0, []);
}

#[test]
fn dereferences_stay_where_they_are() {
    let rows = Owned { suboffsets: vec![0, -1], ..view(&[2, 6], &[8, 1]) };
    let mut room = ([0; 4], [0; 4], [0; 4]);
    let mut out = Sketch::new(&mut room.0, &mut room.1, &mut room.2);
    fails!(transpose(&rows.layout(), None, &mut out), E::UnsupportedAt { dim: 1, .. });
    for shape in [&[3, 4][..], &[12], &[4, 3], &[1, 12]] {
        fails!(reshape(&rows.layout(), shape, Order::C, &mut out), E::UnsupportedAt { dim: 0, .. });
    }
    reshape(&rows.layout(), &[1, 2, -1, 3], Order::C, &mut out).unwrap();
    let Layout { strides, suboffsets, .. } = out.layout(1);
    assert_eq!((&strides[1..], suboffsets), (&[8, 3, 1][..], &[-1, 0, -1, -1][..]));
}

#[test]
fn parts() {
    let matrix = view(&[3, 4], &[4, 1]);
    let part = |part, parts| run(|out| split(&matrix.layout(), part, parts, out, &mut Deaf));
    fails!(part(0, 0), E::Part { part: 0, parts: 0 });
    fails!(part(-1, 2), E::Part { .. });
    fails!(part(2, 2), E::Part { .. });
    fails!(part(0, MIN), E::Part { .. });
    assert_eq!(part(0, 2).unwrap().0, [2, 4]);
    assert_eq!(part(1, 3).unwrap().0, [1, 4]);
    let square = view(&[3, 3], &[3, 1]);
    assert_eq!(run(|out| split(&square.layout(), 0, 5, out, &mut Deaf)).unwrap().0, [1, 3]);
    assert_eq!(part(3, 4).unwrap().0, [3, 1]);
    assert_eq!(part(4, 5).unwrap().0, [3, 0]);
    assert_eq!(part(MAX - 1, MAX).unwrap().0, [3, 0]);
    let scalar = view(&[], &[]);
    assert!(run(|out| split(&scalar.layout(), 0, 1, out, &mut Deaf)).is_ok());
    fails!(run(|out| split(&scalar.layout(), 0, 2, out, &mut Deaf)), E::ZeroDim { .. });
}

#[test]
fn casts() {
    let bytes = view(&[4], &[1]);
    let cast = |itemsize, shape: Option<&[isize]>| {
        run(|out| cast_shape(&bytes.layout(), itemsize, shape, Order::C, out))
    };
    fails!(cast(0, None), E::Itemsize { itemsize: 0 });
    fails!(cast(-4, Some(&[1])), E::Itemsize { .. });
    fails!(cast(3, None), E::Remainder { nbytes: 4, itemsize: 3 });
    fails!(cast(1, Some(&[2, 3])), E::CastSize { nbytes: 4, needed: 6 });
    fails!(cast(1, Some(&[4, 0])), E::CastExtent { dim: 1 });
    fails!(cast(1, Some(&[-4, -1])), E::NegativeExtent { extent: -4, dim: 0 });
    let strided = view(&[4], &[2]);
    fails!(run(|out| cast_shape(&strided.layout(), 1, None, Order::C, out)), E::CastStrided);
    let empty = view(&[2, 0], &[1, 1]);
    fails!(run(|out| cast_shape(&empty.layout(), 1, None, Order::C, out)), E::CastEmpty { dim: 1 });
}

#[test]
fn room() {
    let matrix = view(&[3, 4], &[4, 1]);
    let (mut short, mut strides) = ([0; 1], [0; 2]);
    let mut out = Sketch::new(&mut short, &mut strides, &mut []);
    fails!(index(&matrix.layout(), &[], &mut out, &mut Deaf), E::NdimLimit { ndim: 2, .. });
    let rows = Owned { suboffsets: vec![0, -1], ..matrix };
    fails!(run(|out| index(&rows.layout(), &[], out, &mut Deaf)), E::UnsupportedAt { dim: 0, .. });
}

#[test]
fn alignment() {
    assert_eq!(view(&[3, 1, 2], &[-8, 1, 12]).layout().align_mask().trailing_zeros(), 2);
    assert_eq!(view(&[], &[]).layout().align_mask(), 0);
}
