//! The quick ways against the general ones: where they answer, they answer the same.

use super::super::{
    Base, Few, Layout, Order, Sketch, Survey, cast_few, cast_shape, index,
    index::mv_index,
    index_few,
    item::item_generally,
    quick::{quick_contiguous, quick_item},
    reverse_few, survey, transpose,
};

/// What a direct layout became: shape and strides, how far the first item moved, and what is known of it.
type Outcome = (Vec<isize>, Vec<isize>, isize, Survey);

fn quickly(
    room: usize,
    itemsize: isize,
    build: impl FnOnce(&mut Few<'_>) -> Option<isize>,
) -> Option<Outcome> {
    let (mut shape, mut strides) = (vec![0; room], vec![0; room]);
    let mut few = Few::new(&mut shape, &mut strides, itemsize);
    let offset = build(&mut few)?;
    let (ndim, survey) = (few.ndim(), few.survey());
    Some((shape[..ndim].to_vec(), strides[..ndim].to_vec(), offset, survey))
}

fn generally(
    room: usize,
    itemsize: isize,
    build: impl FnOnce(&mut Sketch<'_>, &mut Offset) -> crate::Result<()>,
) -> Option<Outcome> {
    let (mut shape, mut strides, mut base) = (vec![0; room], vec![0; room], Offset(0));
    let mut out = Sketch::new(&mut shape, &mut strides, &mut []);
    build(&mut out, &mut base).ok()?;
    let part = out.layout(itemsize);
    Some((part.shape.to_vec(), part.strides.to_vec(), base.0, survey(&part)))
}

const EXTENTS: [isize; 4] = [0, 1, 2, 3];
const STRIDES: [isize; 5] = [-8, 0, 4, 8, 24];

/// What is only arithmetic tells Miri nothing new in each case.
const STEP: usize = if cfg!(miri) { 4 } else { 1 };

/// How far it was led.
#[derive(PartialEq, Debug)]
struct Offset(isize);

impl Base for Offset {
    fn add(&mut self, bytes: isize) {
        self.0 += bytes;
    }
    fn dereference(&mut self, _: isize) {
        panic!("there is no pointer");
    }
}

/// Runs a case for all layouts of up to two dimensions, with suboffsets that are all negative and without.
fn for_layouts(case: impl Fn(&Layout)) {
    let (extents, strides) = if cfg!(miri) { (2..3, 2..4) } else { (0..4, 0..5) };
    let (extents, strides) = (&EXTENTS[extents], &STRIDES[strides]);
    let of = |shape: &[isize], strides: &[isize]| {
        let none = vec![-1; shape.len()];
        for suboffsets in [&[][..], &none] {
            case(&Layout { itemsize: 4, shape, strides, suboffsets });
        }
    };
    of(&[], &[]);
    for a in extents {
        for x in strides {
            of(&[*a], &[*x]);
            for b in extents {
                for y in strides {
                    of(&[*a, *b], &[*x, *y]);
                }
            }
        }
    }
}

#[test]
fn a_survey_finds_what_the_layout_says() {
    for_layouts(|layout| {
        let wanted = Survey {
            nbytes: layout.nbytes(),
            c_contiguous: layout.is_contiguous(Order::C),
            f_contiguous: layout.is_contiguous(Order::F),
        };
        assert_eq!(survey(layout), wanted, "{layout:?}");
    });
}

#[test]
fn an_item_lies_where_the_general_way_finds_it() {
    let positions = [-4, -3, -1, 0, 1, 2, isize::MAX, isize::MIN];
    let positions = || positions.into_iter().step_by(STEP);
    let check = |layout: &Layout, index: &[isize]| {
        let mut base = Offset(0);
        let wanted = item_generally(layout, index, &mut base).ok().map(|()| base.0);
        let found = quick_item(layout, index);
        // With suboffsets the quick way leaves all to the general one.
        let expected = wanted.filter(|_| layout.suboffsets.is_empty());
        assert_eq!(found, expected, "{layout:?} at {index:?}");
    };
    for_layouts(|layout| {
        check(layout, &[]);
        for first in positions() {
            check(layout, &[first]);
            for second in positions() {
                check(layout, &[first, second]);
            }
        }
    });
}

#[test]
fn a_part_is_that_of_the_general_way() {
    let items = [
        mv_index::at(1),
        mv_index::at(-2),
        mv_index::all(),
        mv_index::range(1, 9),
        mv_index::every(-2),
        mv_index::slice(Some(-1), Some(0), Some(-1)),
        mv_index::newaxis(),
        mv_index::ellipsis(),
        mv_index::every(0),
    ];
    let items = || items.into_iter().step_by(STEP);
    let check = |layout: &Layout, items: &[mv_index]| {
        if !layout.suboffsets.is_empty() {
            return;
        }
        let found = quickly(layout.ndim(), 4, |out| index_few(layout, items, out));
        let wanted = generally(4, 4, |out, base| index(layout, items, out, base));
        assert!(found.is_none() || found == wanted, "{layout:?} by {items:?}: {found:?}, not {wanted:?}");
        // The usual index is not left to the general way.
        let usual = items.iter().all(|item| *item == mv_index::all());
        assert!(found.is_some() || !usual || items.len() > layout.ndim(), "{layout:?} by {items:?}");
    };
    for_layouts(|layout| {
        check(layout, &[]);
        for first in items() {
            check(layout, &[first]);
            for second in items() {
                check(layout, &[first, second]);
            }
        }
    });
}

#[test]
fn reversed_dimensions_are_those_of_the_general_way() {
    let check = |layout: &Layout| {
        if layout.suboffsets.is_empty() {
            let found = quickly(layout.ndim(), 4, |out| reverse_few(layout, out));
            assert_eq!(found, generally(4, 4, |out, _| transpose(layout, None, out)), "{layout:?}");
        }
    };
    for_layouts(check);
    // One dimension more around each.
    for_layouts(|layout| {
        for (extent, stride) in [(0, 4), (1, 4), (2, 4), (2, 8), (3, 24), (2, 0)].into_iter().step_by(STEP) {
            let (shape, strides) = ([&[extent], layout.shape].concat(), [&[stride], layout.strides].concat());
            check(&Layout { itemsize: 4, shape: &shape, strides: &strides, suboffsets: &[] });
        }
    });
}

#[test]
fn a_row_of_other_items_is_that_of_the_general_way() {
    let rows = core::cell::Cell::new(0);
    for_layouts(|layout| {
        for itemsize in [1, 2, 3, 8, 16] {
            if layout.suboffsets.is_empty() && layout.is_contiguous(Order::C) {
                let found = quickly(layout.ndim(), itemsize, |out| cast_few(layout, layout.nbytes(), out));
                let wanted =
                    generally(1, itemsize, |out, _| cast_shape(layout, itemsize, None, Order::C, out));
                rows.set(rows.get() + usize::from(found.is_some()));
                assert!(
                    found.is_none() || found == wanted,
                    "{layout:?}, {itemsize}: {found:?}, not {wanted:?}"
                );
            }
        }
    });
    assert_ne!(rows.get(), 0);
}

#[test]
fn what_is_contiguous_is_so_for_the_general_way() {
    let answers = [core::cell::Cell::new(0), core::cell::Cell::new(0)];
    for_layouts(|layout| {
        for order in [Order::C, Order::F, Order::A] {
            let nbytes = layout.nbytes();
            assert_eq!(quick_contiguous(layout, nbytes + 1, order), None);
            if let Some(found) = quick_contiguous(layout, nbytes, order) {
                assert_eq!(found, layout.is_contiguous(order), "{layout:?}, {order:?}");
                let count = &answers[usize::from(found)];
                count.set(count.get() + 1);
            }
        }
    });
    assert!(answers.iter().all(|count| count.get() > 0));
}
