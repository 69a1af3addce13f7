//! Python's slices, one dimension at a time.

use super::super::index::mv_index;
use super::super::slice::select;
use super::model;

const EDGES: [Option<isize>; 18] = [
    None,
    Some(isize::MIN),
    Some(isize::MIN + 1),
    Some(-6),
    Some(-5),
    Some(-4),
    Some(-3),
    Some(-2),
    Some(-1),
    Some(0),
    Some(1),
    Some(2),
    Some(3),
    Some(4),
    Some(5),
    Some(6),
    Some(isize::MAX - 1),
    Some(isize::MAX),
];

#[test]
fn all_edges_are_as_in_the_model() {
    let (lengths, step) = if cfg!(miri) { (5..6, 3) } else { (0..6, 1) };
    for length in lengths {
        for start in EDGES.into_iter().step_by(step) {
            for stop in EDGES.into_iter().rev().step_by(step) {
                for step in EDGES.into_iter().filter(|step| *step != Some(0)) {
                    let item = mv_index::slice(start, stop, step);
                    let part = select(&item, length, 0).unwrap();
                    let wanted = model::positions(&item, length);
                    assert_eq!(part.extent, wanted.len() as isize, "{item:?} of {length}");
                    if let Some(first) = wanted.first() {
                        assert_eq!(part.start, *first, "{item:?} of {length}");
                    }
                    for (number, position) in wanted.iter().enumerate() {
                        assert_eq!(part.start + number as isize * part.step, *position);
                    }
                }
            }
        }
    }
}

#[test]
fn steps_can_be_negated() {
    let part = select(&mv_index::every(isize::MIN), 5, 0).unwrap();
    assert_eq!((part.extent, part.start, part.step), (1, 4, -isize::MAX));
}

/// `len(range(*slice(start, stop, step).indices(length)))` and the first position, as CPython prints them.
#[test]
fn cpython_agrees() {
    let (min, max) = (isize::MIN, isize::MAX);
    let table = [
        ((Some(1), Some(8), Some(3)), 10, (3, 1)),
        ((None, None, Some(-3)), 10, (4, 9)),
        ((Some(8), Some(1), Some(-2)), 10, (4, 8)),
        ((Some(-3), None, None), 10, (3, 7)),
        ((None, Some(-3), None), 10, (7, 0)),
        ((Some(-100), Some(100), Some(7)), 10, (2, 0)),
        ((Some(100), Some(-100), Some(-7)), 10, (2, 9)),
        ((Some(5), Some(5), Some(3)), 10, (0, 0)),
        ((Some(2), Some(5), Some(-1)), 10, (0, 0)),
        ((None, None, Some(max)), 10, (1, 0)),
        ((None, None, Some(min)), 10, (1, 9)),
        ((Some(min), Some(max), Some(1)), 10, (10, 0)),
        ((Some(max), Some(min), Some(-1)), 10, (10, 9)),
        ((Some(-1), Some(-11), Some(-1)), 10, (10, 9)),
        ((Some(-11), Some(-1), Some(1)), 10, (9, 0)),
        ((None, None, None), 0, (0, 0)),
        ((None, None, Some(-1)), 0, (0, 0)),
        ((None, None, Some(2)), max, (max / 2 + 1, 0)),
        ((None, None, Some(-1)), max, (max, max - 1)),
        ((Some(min), None, Some(max)), max, (1, 0)),
    ];
    for ((start, stop, step), length, (extent, first)) in table {
        let part = select(&mv_index::slice(start, stop, step), length, 0).unwrap();
        assert_eq!((part.extent, part.start), (extent, first), "{start:?}:{stop:?}:{step:?} of {length}");
    }
}
