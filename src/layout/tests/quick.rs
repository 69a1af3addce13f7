//! The quick ways against the general ones: where they answer, they answer the same.

use super::super::{
    Base, Layout, Order, Sketch, Survey,
    index::{index_generally, mv_index},
    item::item_generally,
    quick::{quick, quick_item},
    survey,
};

const EXTENTS: [isize; 4] = [0, 1, 2, 3];
const STRIDES: [isize; 5] = [-8, 0, 4, 8, 24];

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
    // What is only arithmetic tells Miri nothing new in each case.
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
        for first in positions {
            check(layout, &[first]);
            for second in positions {
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
    let check = |layout: &Layout, items: &[mv_index]| {
        let outcome = |is_quick: bool| {
            let (mut shape, mut strides, mut base) = ([0; 4], [0; 4], Offset(0));
            let mut out = Sketch::new(&mut shape, &mut strides, &mut []);
            let answer = if is_quick {
                quick(layout, items, &mut out, &mut base)
            } else {
                index_generally(layout, items, &mut out, &mut base).ok()
            };
            let part = out.layout(4);
            answer.map(|()| (part.shape.to_vec(), part.strides.to_vec(), base))
        };
        let found = outcome(true);
        assert!(found.is_none() || found == outcome(false), "{layout:?} by {items:?}: {found:?}");
        // The usual index is not left to the general way.
        let usual = layout.suboffsets.is_empty() && items.iter().all(|item| *item == mv_index::all());
        assert!(found.is_some() || !usual || items.len() > layout.ndim(), "{layout:?} by {items:?}");
    };
    for_layouts(|layout| {
        check(layout, &[]);
        for first in items {
            check(layout, &[first]);
            for second in items {
                check(layout, &[first, second]);
            }
        }
    });
}
