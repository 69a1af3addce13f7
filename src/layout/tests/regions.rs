//! Windows, diagonals, strides of one's own and fields against the model.

use super::super::{Order, diagonal, field, fill_strides, strided, window};
use super::memory::{Address, Random};
use super::model;
use super::programs::{State, result, scenes};
use crate::error::Error;

fn last_indirect(state: &State) -> Option<usize> {
    let full = !state.view.shape.contains(&0);
    state.view.suboffsets.iter().rposition(|&suboffset| full && suboffset >= 0)
}

#[test]
fn windows_slide_over_everything() {
    let mut found = 0;
    let mut run = |random: &mut Random, memory: &super::memory::Memory, state: &State| {
        let shape = &state.view.shape;
        let wanted: Vec<isize> = shape.iter().map(|&extent| random.between(0, extent)).collect();
        let layout = state.view.layout();
        let made = result(state, 2 * shape.len(), |out| window(&layout, &wanted, out));
        let crosses = |last: usize| wanted[..=last].iter().any(|&extent| extent > 1);
        if last_indirect(state).is_some_and(crosses) {
            assert!(matches!(made, Err(Error::UnsupportedAt { .. })));
            return;
        }
        let made = made.unwrap();
        let positions: Vec<isize> = shape.iter().zip(&wanted).map(|(all, part)| all - part + 1).collect();
        assert_eq!(made.shape, [&positions[..], &wanted].concat());
        let mut expected = Vec::new();
        for place in model::indices(&positions) {
            for inside in model::indices(&wanted) {
                let index: Vec<isize> = place.iter().zip(&inside).map(|(a, b)| a + b).collect();
                expected.push(state.items[model::number_of(shape, &index)]);
            }
        }
        if expected.len() < 20_000 {
            assert_eq!(memory.read(state.base, &made.layout()), expected);
            found += 1;
        }
    };
    scenes(0..1500, false, &mut run);
    scenes(0..1500, true, &mut run);
    assert!(cfg!(miri) || found > 400, "only {found} windows were looked into");
}

#[test]
fn diagonals_are_where_both_positions_meet() {
    let mut found = 0;
    let mut run = |random: &mut Random, memory: &super::memory::Memory, state: &State| {
        let shape = &state.view.shape;
        let ndim = shape.len();
        if ndim < 2 {
            return;
        }
        let (first, second) = (random.below(ndim), random.below(ndim));
        let offset = random.between(-4, 4);
        let layout = state.view.layout();
        let mut base = Address::new(memory, state.base);
        let name = |axis: usize, from_end: bool| axis as i32 - if from_end { ndim as i32 } else { 0 };
        let axes = (name(first, random.once_in(2)), name(second, random.once_in(2)));
        let made = result(state, ndim - 1, |out| diagonal(&layout, offset, axes, out, &mut base));
        if first == second {
            assert!(matches!(made, Err(Error::AxisTwice { .. })));
            return;
        }
        let extent = (0..shape[first]).filter(|row| (0..shape[second]).contains(&(row + offset))).count();
        let others: Vec<usize> = (0..ndim).filter(|dim| *dim != first && *dim != second).collect();
        let mut expected_shape: Vec<isize> = others.iter().map(|&dim| shape[dim]).collect();
        expected_shape.push(extent as isize);
        let empty = expected_shape.contains(&0);
        if last_indirect(state).is_some_and(|last| !empty && (first <= last || second <= last)) {
            assert!(matches!(made, Err(Error::UnsupportedAt { .. })));
            return;
        }
        if matches!(made, Err(Error::UnsupportedAt { reason: "the suboffset would go below zero", .. })) {
            assert!(last_indirect(state).is_some());
            return;
        }
        let made = made.unwrap();
        assert_eq!(made.shape, expected_shape);
        let mut expected = Vec::new();
        for index in model::indices(&expected_shape) {
            let mut source = vec![0; ndim];
            others.iter().zip(&index).for_each(|(&dim, &at)| source[dim] = at);
            source[first] = index[ndim - 2] + (-offset).max(0);
            source[second] = index[ndim - 2] + offset.max(0);
            expected.push(state.items[model::number_of(shape, &source)]);
        }
        assert_eq!(memory.read(base.at, &made.layout()), expected, "{:?} {axes:?} {offset}", state.view);
        found += usize::from(!expected.is_empty());
    };
    scenes(0..2000, false, &mut run);
    scenes(0..2000, true, &mut run);
    assert!(cfg!(miri) || found > 400, "only {found} diagonals had items");
}

#[test]
fn strides_stay_within_what_the_view_reaches() {
    let (mut inside, mut outside) = (0, 0);
    scenes(0..3000, false, |random, memory, state| {
        let layout = state.view.layout();
        let ndim = random.below(4);
        let shape: Vec<isize> = (0..ndim).map(|_| random.between(0, 4)).collect();
        let unit = state.view.itemsize;
        let strides: Vec<isize> = (0..ndim).map(|_| unit * random.between(-3, 3)).collect();
        let offset = unit * random.between(-3, 12);
        let mut base = Address::new(memory, state.base);
        let made = result(state, ndim, |out| strided(&layout, offset, &shape, &strides, out, &mut base));
        let (low, high) = super::super::reach(&layout).unwrap();
        let starts = model::indices(&shape)
            .into_iter()
            .map(|index| offset + index.iter().zip(&strides).map(|(at, stride)| at * stride).sum::<isize>());
        let fits = starts.clone().all(|start| start >= low && start + unit <= high);
        match made {
            Ok(made) => {
                assert!(fits);
                assert_eq!((&made.shape, &made.strides), (&shape, &strides));
                assert_eq!(base.at, if shape.contains(&0) { state.base } else { state.base + offset });
                inside += 1;
            }
            Err(error) => {
                assert!(!fits && matches!(error, Error::Reach { .. }), "{error}");
                outside += 1;
            }
        }
    });
    assert!(cfg!(miri) || (inside > 300 && outside > 300), "{inside} inside, {outside} outside");
    scenes(0..200, true, |_, memory, state| {
        let layout = state.view.layout();
        let mut base = Address::new(memory, state.base);
        let made = result(state, 0, |out| strided(&layout, 0, &[], &[], out, &mut base));
        if last_indirect(state).is_some() {
            assert!(matches!(made, Err(Error::UnsupportedAt { .. })));
        }
    });
}

/// The items of the scene are the first bytes of greater ones: a field at their start, alone or as a sub-array of one.
#[test]
fn fields_begin_within_every_item() {
    let mut run = |random: &mut Random, memory: &super::memory::Memory, state: &State| {
        let layout = state.view.layout();
        let extents = [1; 2];
        let count = random.below(3);
        let mut base = Address::new(memory, state.base);
        let shape = &extents[..count];
        let made =
            result(state, state.view.shape.len() + count, |out| field(&layout, 0, shape, 3, out, &mut base));
        let made = made.unwrap();
        assert_eq!(made.shape, [&state.view.shape[..], shape].concat());
        assert_eq!(memory.read(base.at, &made.layout()), state.items);
    };
    scenes(0..500, false, &mut run);
    scenes(0..500, true, &mut run);
}

/// By hand: a field 4 bytes into items behind a pointer, and a sub-array of 2 by 3 there.
#[test]
fn a_field_behind_a_pointer_moves_the_suboffset() {
    let source = super::memory::Owned {
        itemsize: 16,
        shape: vec![5, 2],
        strides: vec![8, 16],
        suboffsets: vec![32, -1],
    };
    let state = State { base: 100, view: source, items: Vec::new(), exotic: false };
    let memory = super::memory::Memory::default();
    let mut base = Address::new(&memory, state.base);
    let layout = state.view.layout();
    let made = result(&state, 4, |out| field(&layout, 4, &[2, 3], 2, out, &mut base)).unwrap();
    assert_eq!(base.at, 100);
    assert_eq!(made.shape, [5, 2, 2, 3]);
    assert_eq!(made.strides, [8, 16, 6, 2]);
    assert_eq!(made.suboffsets, [36, -1, -1, -1]);

    let mut strides = [0; 2];
    fill_strides(&[2, 3], 2, Order::C, &mut strides).unwrap();
    assert_eq!(made.strides[2..], strides);
}
