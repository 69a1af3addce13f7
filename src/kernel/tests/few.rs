//! Copies of few items against those of a plan.

use super::super::{copy_few, isa::Isa, memory::Memory};
use crate::{kernel::copy::copy_with, layout::Layout};

const SPACE: usize = 1000;

/// No two bytes that lie near each other are the same.
const PATTERN: [u8; SPACE] = {
    let mut pattern = [0; SPACE];
    let mut at = 1;
    while at < SPACE {
        pattern[at] = if pattern[at - 1] == 250 { 0 } else { pattern[at - 1] + 1 };
        at += 1;
    }
    pattern
};

/// Both ways of a copy within one block of memory, the two sides at these places.
fn check(itemsize: isize, shape: &[isize], strides: [&[isize]; 2], places: [usize; 2]) -> bool {
    let outcome = |few: bool| {
        let mut space = PATTERN;
        let base = space.as_mut_ptr();
        let side = |at: usize| {
            let layout = Layout { itemsize, shape, strides: strides[at], suboffsets: &[] };
            // SAFETY: so few items lie within the space, whichever way they go from the middle of a half of it.
            unsafe { Memory::new(base.add(places[at]), layout, true) }
        };
        let (to, from) = (side(0), side(1));
        let done = if few { copy_few(&to, &from) } else { copy_with(&to, &from, Isa::Portable).is_ok() };
        (done, space)
    };
    let ((done, found), (_, wanted)) = (outcome(true), outcome(false));
    assert!(!done || found == wanted, "{itemsize}, {shape:?}, {strides:?}, {places:?}");
    // Whatever was refused is as it was.
    assert!(done || found == PATTERN);
    done
}

#[test]
fn few_items_are_copied_as_by_a_plan() {
    let mut quick = 0;
    let (extents, few) = if cfg!(miri) { (2..3, 2) } else { (0..4, 5) };
    for itemsize in [8, 1, 2, 3, 4].into_iter().take(few) {
        let steps: Vec<_> = [-1, 2, -3, 0, 1].iter().take(few).map(|step| step * itemsize).collect();
        for outer in extents.clone() {
            for inner in extents.clone() {
                for &to in &steps {
                    for &from in &steps {
                        let strides = [[to, 3 * to], [from, itemsize]];
                        for places in [[300, 700], [500, 520], [500, 500]] {
                            let strides = [&strides[0][..], &strides[1][..]];
                            quick += usize::from(check(itemsize, &[outer, inner], strides, places));
                            quick += usize::from(check(itemsize, &[inner], [&[to], &[from]], places));
                        }
                    }
                }
            }
        }
    }
    assert!(quick > if cfg!(miri) { 10 } else { 50 });
}
