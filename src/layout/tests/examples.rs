//! CPython's behaviour, example by example; each test names its number in the list of acceptance examples.

use super::super::*;
use super::memory::Owned;
use crate::error::mv_status::{
    self, MV_E_INDEX, MV_E_LIMIT, MV_E_OVERFLOW, MV_E_SHAPE, MV_E_TYPE, MV_E_VALUE,
};

/// A base that only counts its bytes.
struct Offset(isize);

impl Base for Offset {
    fn add(&mut self, bytes: isize) {
        self.0 += bytes;
    }
    fn dereference(&mut self, _suboffset: isize) {
        panic!("nothing is to be loaded here");
    }
}

fn view(itemsize: isize, shape: &[isize], strides: &[isize]) -> Owned {
    Owned { itemsize, shape: shape.to_vec(), strides: strides.to_vec(), suboffsets: Vec::new() }
}

fn contiguous(itemsize: isize, shape: &[isize], order: Order) -> Owned {
    let mut view = view(itemsize, shape, shape);
    fill_strides(shape, itemsize, order, &mut view.strides).unwrap();
    view
}

fn indirect(shape: &[isize], strides: &[isize], suboffsets: &[isize]) -> Owned {
    Owned { suboffsets: suboffsets.to_vec(), ..view(1, shape, strides) }
}

fn run(
    itemsize: isize,
    suboffsets: bool,
    operation: impl FnOnce(&mut Sketch) -> Result<()>,
) -> Result<Owned> {
    let mut room = ([0; MAX_NDIM], [0; MAX_NDIM], [0; MAX_NDIM]);
    let suboffset_room = if suboffsets { &mut room.2[..] } else { &mut [] };
    let mut out = Sketch::new(&mut room.0, &mut room.1, suboffset_room);
    operation(&mut out)?;
    let Layout { shape, strides, suboffsets, .. } = out.layout(itemsize);
    Ok(Owned { suboffsets: suboffsets.to_vec(), ..view(itemsize, shape, strides) })
}

/// The part that a text names, and how far its first item is from the source's.
fn part(source: &Owned, text: &str) -> Result<(Owned, isize)> {
    let mut items = [mv_index::all(); 8];
    let count = parse(text.as_bytes(), &mut items)?;
    let mut base = Offset(0);
    let indirect = !source.suboffsets.is_empty();
    let owned =
        run(source.itemsize, indirect, |out| index(&source.layout(), &items[..count], out, &mut base))?;
    Ok((owned, base.0))
}

fn cast(source: &Owned, itemsize: isize, shape: Option<&[isize]>, order: Order) -> Result<Owned> {
    run(itemsize, false, |out| cast_shape(&source.layout(), itemsize, shape, order, out))
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T>, status: mv_status) {
    let error = result.unwrap_err();
    assert!(error.is(status), "{error}");
}

fn orders(view: &Owned) -> (bool, bool, bool) {
    let is = |order| view.layout().is_contiguous(order);
    (is(Order::C), is(Order::F), is(Order::A))
}

#[test]
fn contiguity_1_to_8() {
    let c = contiguous(1, &[2, 3], Order::C);
    assert_eq!((c.strides.as_slice(), orders(&c)), (&[3, 1][..], (true, false, true)), "1");
    let f = contiguous(1, &[2, 3], Order::F);
    assert_eq!((f.strides.as_slice(), orders(&f)), (&[1, 2][..], (false, true, true)), "2");
    for shape in [&[1, 4][..], &[4, 1], &[1, 3, 1], &[1, 1]] {
        for order in [Order::C, Order::F] {
            assert_eq!(orders(&contiguous(4, shape, order)), (true, true, true), "3");
        }
    }
    for shape in [&[3, 0][..], &[0, 3], &[7, 0, 7]] {
        let empty = view(2, shape, &[5, 6, 7][..shape.len()]);
        assert_eq!((orders(&empty), empty.layout().nbytes()), ((true, true, true), 0), "4");
    }
    let bytes = contiguous(1, &[12], Order::C);
    let (one, at) = part(&bytes, "3:4:2").unwrap();
    assert_eq!((one.shape[0], one.strides[0], at, orders(&one)), (1, 2, 3, (true, true, true)), "5");
    let (empty, at) = part(&bytes, "5:5:3").unwrap();
    assert_eq!((empty.shape[0], at, orders(&empty)), (0, 0, (true, true, true)), "6");
    let scalar = view(4, &[], &[]);
    assert_eq!((orders(&scalar), validate(&scalar.layout()).unwrap()), ((true, true, true), 4), "7");
    let pil = indirect(&[3], &[8], &[0]);
    assert_eq!(orders(&pil), (false, false, false), "8");
    assert_eq!(orders(&indirect(&[0], &[8], &[0])), (false, false, false));
    assert_eq!(orders(&indirect(&[3], &[1], &[-1])), (true, true, true));
}

#[test]
fn suboffsets_9_and_10() {
    let pil = indirect(&[3, 4], &[8, 1], &[0, -1]);
    let (inner, at) = part(&pil, "1:3, 1:3").unwrap();
    assert_eq!((inner, at), (indirect(&[2, 2], &[8, 1], &[1, -1]), 8), "9");
    let (reversed, at) = part(&pil, ":, ::-1").unwrap();
    assert_eq!((reversed, at), (indirect(&[3, 4], &[8, -1], &[3, -1]), 0), "10");
}

#[test]
fn strides_11_to_15() {
    let repeated = view(1, &[4], &[0]);
    assert_eq!((orders(&repeated), repeated.layout().nbytes()), ((false, false, false), 4), "11");
    let (back, at) = part(&contiguous(1, &[10], Order::C), "::-3").unwrap();
    assert_eq!((back, at), (view(1, &[4], &[-3]), 9), "12");
    let step = format!("::{}", isize::MAX);
    let (one, _) = part(&contiguous(1, &[3], Order::C), &step).unwrap();
    assert_eq!(one.shape, [1], "13");
    let (one, at) = part(&contiguous(4, &[3], Order::C), &step).unwrap();
    assert_eq!((one.shape[0], one.strides[0], at, orders(&one)), (1, 4, 0, (true, true, true)), "14");
    let byte = contiguous(1, &[1], Order::C);
    let wide = cast(&byte, 1, Some(&[1; 64]), Order::C).unwrap();
    assert_eq!(wide.shape, [1; 64], "15");
    refused(cast(&byte, 1, Some(&[1; 65]), Order::C), MV_E_LIMIT);
}

#[test]
fn integers_41_to_44() {
    let bytes = contiguous(1, &[12], Order::C);
    let matrix = contiguous(1, &[3, 4], Order::C);
    let at = |view: &Owned, place: &[isize]| {
        let mut base = Offset(0);
        item(&view.layout(), place, &mut base).map(|()| base.0)
    };
    assert_eq!(at(&bytes, &[-1]).unwrap(), 11, "41");
    refused(at(&bytes, &[12]), MV_E_INDEX);
    refused(at(&bytes, &[-13]), MV_E_INDEX);
    assert_eq!(at(&matrix, &[3, 0]).unwrap_err().detail().dim, 0, "42");
    assert_eq!(at(&matrix, &[0, 4]).unwrap_err().detail().dim, 1, "42");
    assert_eq!(at(&matrix, &[-1, -1]).unwrap(), 11, "43");
    refused(at(&matrix, &[1, 2, 3]), MV_E_TYPE);
    refused(at(&matrix, &[1]), MV_E_TYPE);
    refused(part(&matrix, "1,2,3"), MV_E_TYPE);
    assert_eq!(at(&view(1, &[], &[]), &[]).unwrap(), 0, "48");
}

#[test]
fn parts_45_to_52() {
    let matrix = contiguous(1, &[3, 4], Order::C);
    assert_eq!(part(&matrix, "0").unwrap(), (view(1, &[4], &[1]), 0), "45");
    assert_eq!(part(&matrix, "..., 1").unwrap(), (view(1, &[3], &[4]), 1), "46");
    assert_eq!(part(&matrix, "1:3, 1:3").unwrap(), (view(1, &[2, 2], &[4, 1]), 5), "47");
    let scalar = view(1, &[], &[]);
    assert_eq!(part(&scalar, "").unwrap(), (scalar.clone(), 0), "48");
    assert_eq!(part(&scalar, "...").unwrap(), (scalar.clone(), 0), "48");
    refused(part(&scalar, "0"), MV_E_TYPE);
    refused(part(&scalar, ":"), MV_E_TYPE);
    refused(part(&matrix, "18446744073709551616"), MV_E_INDEX);
    assert_eq!(part(&matrix, "1:2").unwrap(), (view(1, &[1, 4], &[4, 1]), 4), "51");
    assert_eq!(part(&matrix, "::-1").unwrap(), (view(1, &[3, 4], &[-4, 1]), 8), "51");
    refused(part(&matrix, ":, ::0"), MV_E_VALUE);
    assert_eq!(part(&matrix, ":, ::0").unwrap_err().detail().dim, 1, "52");
}

#[test]
fn casts_72_to_78() {
    let empty = contiguous(1, &[0], Order::C);
    assert_eq!(cast(&empty, 4, None, Order::C).unwrap(), view(4, &[0], &[4]), "72");
    refused(cast(&empty, 4, Some(&[0]), Order::C), MV_E_TYPE);
    refused(cast(&contiguous(1, &[0, 2], Order::C), 1, None, Order::C), MV_E_TYPE);
    let four = contiguous(1, &[4], Order::C);
    let scalar = cast(&four, 4, Some(&[]), Order::C).unwrap();
    assert_eq!(scalar, view(4, &[], &[]), "73");
    assert_eq!(cast(&scalar, 1, None, Order::C).unwrap(), four, "73");
    assert_eq!(cast(&scalar, 1, Some(&[2, 2]), Order::C).unwrap(), view(1, &[2, 2], &[2, 1]), "74");
    assert_eq!(cast(&scalar, 4, Some(&[]), Order::C).unwrap(), scalar, "74");
    let five = contiguous(1, &[5], Order::C);
    refused(cast(&five, 2, None, Order::C), MV_E_TYPE);
    refused(cast(&five, 2, Some(&[2]), Order::C), MV_E_TYPE);
    let matrix = contiguous(4, &[2, 2], Order::C);
    assert_eq!(cast(&matrix, 4, None, Order::C).unwrap(), view(4, &[4], &[4]), "76");
    assert_eq!(cast(&matrix, 4, Some(&[2, 2]), Order::C).unwrap(), matrix, "77");
    refused(cast(&four, 1, Some(&[4, 0]), Order::C), MV_E_SHAPE);
    refused(cast(&four, 1, Some(&[-1]), Order::C), MV_E_SHAPE);
    refused(cast(&four, 1, Some(&[3]), Order::C), MV_E_TYPE);
    refused(cast(&four, 1, Some(&[isize::MAX, 2]), Order::C), MV_E_OVERFLOW);
    refused(cast(&four, 2, Some(&[isize::MAX]), Order::C), MV_E_OVERFLOW);
}

#[test]
fn casts_81_to_83() {
    refused(cast(&view(1, &[4], &[-1]), 1, None, Order::C), MV_E_TYPE);
    assert_eq!(cast(&view(1, &[1], &[-1]), 1, None, Order::C).unwrap(), view(1, &[1], &[1]), "81");
    refused(cast(&indirect(&[4], &[8], &[0]), 1, None, Order::C), MV_E_TYPE);
    let fortran = contiguous(2, &[2, 3], Order::F);
    assert_eq!(cast(&fortran, 1, None, Order::C).unwrap(), view(1, &[12], &[1]), "82");
    assert_eq!(cast(&fortran, 4, Some(&[3]), Order::C).unwrap(), view(4, &[3], &[4]), "82");
    refused(cast(&fortran, 1, Some(&[2, 6]), Order::C), MV_E_TYPE);
    let six = contiguous(1, &[6], Order::C);
    assert_eq!(cast(&six, 1, Some(&[3, 2]), Order::F).unwrap(), view(1, &[3, 2], &[1, 3]), "83");
    assert_eq!((cast_ndim(None), cast_ndim(Some(&[])), cast_ndim(Some(&[1, 2]))), (1, 0, 2));
}

#[test]
fn filled_strides_114() {
    assert_eq!(contiguous(8, &[2, 3, 4], Order::C).strides, [96, 32, 8], "114");
    assert_eq!(contiguous(8, &[2, 3, 4], Order::F).strides, [8, 16, 48], "114");
    assert_eq!(contiguous(8, &[2, 0, 4], Order::C).strides, [0, 32, 8]);
    assert_eq!(contiguous(8, &[2, 0, 4], Order::F).strides, [8, 16, 0]);
}

/// Rows by pointer: what an integer does to each dimension.
#[test]
fn rows_by_pointer() {
    let rows = indirect(&[5, 3, 4], &[24, 8, 1], &[-1, 2, -1]);
    let (columns, at) = part(&rows, "1:, 2").unwrap();
    assert_eq!((columns, at), (indirect(&[4, 4], &[24, 1], &[2, -1]), 40));
    let swapped = run(1, true, |out| transpose(&rows.layout(), Some(&[1, 0, 2]), out)).unwrap();
    assert_eq!(swapped, indirect(&[3, 5, 4], &[8, 24, 1], &[-1, 2, -1]));
    let chained = indirect(&[5, 3, 4], &[8, 8, 1], &[0, 0, -1]);
    let error = part(&chained, ":, 2").unwrap_err();
    assert_eq!((error.is(mv_status::MV_E_UNSUPPORTED), error.detail().dim), (true, 1));
}
