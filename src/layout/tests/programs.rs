//! Random programs of operations, each checked against the model.

use super::super::{
    Order, Sketch, broadcast, index, item, mv_index, reshape, result_ndim, split, transpose, validate,
};
use super::memory::{Address, Cell, Memory, Owned, Random, Scene};
use super::{SHARE, model};
use crate::error::{Error, Result};

/// A view in the making: what the library says, and what it should be.
#[derive(Clone)]
pub struct State {
    pub base: isize,
    pub view: Owned,
    pub items: Vec<usize>,
    pub exotic: bool,
}

pub fn scenes(
    seeds: std::ops::Range<u64>,
    indirect: bool,
    mut run: impl FnMut(&mut Random, &Memory, &State),
) {
    let many = (seeds.end - seeds.start).div_ceil(SHARE);
    for seed in seeds.start..seeds.start + many {
        let mut random = Random::new(seed + 1);
        let scene = Scene::new(&mut random, indirect);
        let items = (0..model::count(&scene.source.shape)).collect();
        let state = State { base: scene.base, view: scene.source, items, exotic: scene.exotic };
        assert_eq!(scene.memory.read(state.base, &state.view.layout()), state.items);
        run(&mut random, &scene.memory, &state);
    }
}

/// Runs an operation with room for exactly `ndim` dimensions, and reads its result back.
pub fn result(
    state: &State,
    ndim: usize,
    operation: impl FnOnce(&mut Sketch) -> Result<()>,
) -> Result<Owned> {
    let indirect = !state.view.suboffsets.is_empty();
    let (mut shape, mut strides) = (vec![77; ndim], vec![77; ndim]);
    let mut suboffsets = vec![77; if indirect { ndim } else { 0 }];
    let mut out = Sketch::new(&mut shape, &mut strides, &mut suboffsets);
    operation(&mut out)?;
    assert_eq!(out.ndim(), ndim);
    let owned = Owned { itemsize: state.view.itemsize, shape, strides, suboffsets };
    validate(&owned.layout()).unwrap();
    Ok(owned)
}

fn settle(memory: &Memory, state: &State, base: isize, view: Owned, items: Vec<usize>) -> State {
    let read = memory.read(base, &view.layout());
    assert_eq!(read, items, "{:?} became {view:?}", state.view);
    State { base, view, items, exotic: state.exotic }
}

fn random_program(random: &mut Random, shape: &[isize]) -> Vec<mv_index> {
    let mut program: Vec<mv_index> = shape.iter().map(|&extent| random_item(random, extent)).collect();
    match random.below(6) {
        0 | 1 => {
            let whole = program.iter().rev().take_while(|item| **item == mv_index::all()).count();
            program.truncate(program.len() - random.below(whole + 1));
        }
        2 => {
            let start = random.below(program.len() + 1);
            let whole = program[start..].iter().take_while(|item| **item == mv_index::all()).count();
            program.splice(start..start + whole, [mv_index::ellipsis()]);
        }
        _ => {}
    }
    while random.once_in(6) {
        program.insert(random.below(program.len() + 1), mv_index::newaxis());
    }
    program
}

fn random_item(random: &mut Random, extent: isize) -> mv_index {
    let bound = |random: &mut Random| match random.below(8) {
        0..=2 => None,
        3 => Some([isize::MIN, isize::MAX, -isize::MAX][random.below(3)]),
        _ => Some(random.between(-extent - 1, extent + 1)),
    };
    match random.below(5) {
        0 | 1 if extent > 0 => mv_index::at(random.between(-extent, extent - 1)),
        2 => mv_index::all(),
        _ => {
            let (start, stop) = (bound(random), bound(random));
            let step = match random.below(5) {
                0 | 1 => None,
                2 => Some([isize::MIN, isize::MAX, -isize::MAX][random.below(3)]),
                _ => Some([-3, -2, -1, -1, 2, 3][random.below(6)]),
            };
            mv_index::slice(start, stop, step)
        }
    }
}

/// Whether no two pointers would have to be loaded in a row behind a kept dimension.
fn describable(view: &Owned, kept: &[bool]) -> bool {
    let mut before = None;
    for (dim, &kept) in kept.iter().enumerate() {
        let indirect = view.layout().suboffset(dim) >= 0;
        match before {
            _ if kept => before = Some(indirect),
            Some(true) if indirect => return false,
            Some(false) if indirect => before = Some(true),
            _ => {}
        }
    }
    true
}

fn try_index(random: &mut Random, memory: &Memory, state: &State) -> Option<State> {
    let program = random_program(random, &state.view.shape);
    let (shape, items, kept) = model::index(&state.view.shape, &state.items, &program);
    let ndim = result_ndim(state.view.shape.len(), &program).unwrap();
    let mut base = Address::new(memory, state.base);
    let outcome = result(state, ndim, |out| index(&state.view.layout(), &program, out, &mut base));
    let fits = items.is_empty() || describable(&state.view, &kept);
    match outcome {
        Ok(view) => {
            assert!(fits);
            assert_eq!(view.shape, shape, "{program:?}");
            assert!(!items.is_empty() || base.calls == 0);
            Some(settle(memory, state, base.at, view, items))
        }
        Err(error) => {
            assert!(matches!(error, Error::UnsupportedAt { .. }), "{error}: {:?} {program:?}", state.view);
            assert!(!fits || state.exotic, "{error}: {:?} {program:?}", state.view);
            assert_eq!(base.calls, 0);
            None
        }
    }
}

fn try_transpose(random: &mut Random, memory: &Memory, state: &State) -> Option<State> {
    let ndim = state.view.shape.len();
    let mut axes: Vec<usize> = (0..ndim).collect();
    random.shuffle(&mut axes);
    let reverse = random.once_in(3);
    if reverse {
        axes = (0..ndim).rev().collect();
    }
    let signed: Vec<i32> =
        axes.iter().map(|&axis| axis as i32 - if random.once_in(2) { ndim as i32 } else { 0 }).collect();
    let (shape, items) = model::transpose(&state.view.shape, &state.items, &axes);
    let given = if reverse { None } else { Some(&signed[..]) };
    match result(state, ndim, |out| transpose(&state.view.layout(), given, out)) {
        Ok(view) => {
            assert_eq!(view.shape, shape);
            Some(settle(memory, state, state.base, view, items))
        }
        Err(error) => {
            assert!(matches!(error, Error::UnsupportedAt { .. }));
            assert!(state.view.layout().is_indirect() && !items.is_empty());
            None
        }
    }
}

fn try_broadcast(random: &mut Random, memory: &Memory, state: &State) -> Option<State> {
    if state.items.len() > 200 {
        return None;
    }
    let stretch = |random: &mut Random, extent| if extent == 1 { random.between(0, 3) } else { extent };
    let mut shape: Vec<isize> = state.view.shape.iter().map(|&extent| stretch(random, extent)).collect();
    while random.once_in(3) && shape.len() < 6 {
        shape.insert(0, random.between(1, 3));
    }
    let items = model::broadcast(&state.view.shape, &state.items, &shape);
    let view = result(state, shape.len(), |out| broadcast(&state.view.layout(), &shape, out)).unwrap();
    assert_eq!(view.shape, shape);
    Some(settle(memory, state, state.base, view, items))
}

/// A shape with as many items: the prime factors of their number, in any grouping, and ones.
fn random_regrouping(random: &mut Random, state: &State) -> Vec<isize> {
    let mut left = state.items.len() as isize;
    let mut shape = vec![];
    if left == 0 {
        return vec![random.between(0, 3), 0, random.between(0, 3)];
    }
    if random.once_in(2) {
        // Near to the old shape, so that many are possible.
        for &extent in &state.view.shape {
            match (random.below(3), shape.last_mut()) {
                (0, Some(last)) => *last *= extent,
                (1, _) if extent == 4 => shape.extend([2, 2]),
                (1, _) => shape.extend([1, extent]),
                _ => shape.push(extent),
            }
        }
        return shape;
    }
    while left > 1 {
        let mut extent = random.between(2, 6.min(left));
        while left % extent != 0 {
            extent += 1;
        }
        shape.push(extent);
        left /= extent;
    }
    shape
}

fn try_reshape(random: &mut Random, memory: &Memory, state: &State) -> Option<State> {
    let shape = random_regrouping(random, state);
    let mut asked = shape.clone();
    if !asked.is_empty() && !state.items.is_empty() && random.once_in(3) {
        asked[random.below(shape.len())] = -1;
    }
    let order = [Order::C, Order::F][random.below(2)];
    let items = model::reshape(&state.view.shape, &state.items, &shape, order == Order::F);
    match result(state, shape.len(), |out| reshape(&state.view.layout(), &asked, order, out)) {
        Ok(view) => {
            assert_eq!(view.shape, shape);
            Some(settle(memory, state, state.base, view, items))
        }
        Err(Error::UnsupportedAt { .. } | Error::Unsupported { .. }) if state.view.layout().is_indirect() => {
            None
        }
        Err(error) => {
            assert!(matches!(error, Error::Unsupported { .. }), "{error}");
            let addresses = addresses(state, &items);
            assert!(!is_strided(&shape, &addresses), "{:?} does go into {shape:?}", state.view);
            None
        }
    }
}

/// Where these items of a direct view lie.
fn addresses(state: &State, items: &[usize]) -> Vec<isize> {
    let offset = |index: &Vec<isize>| -> isize {
        index.iter().zip(&state.view.strides).map(|(at, stride)| at.wrapping_mul(*stride)).sum()
    };
    let own: Vec<isize> = model::indices(&state.view.shape).iter().map(offset).collect();
    let place = |number: &usize| state.items.iter().position(|own| own == number).unwrap();
    items.iter().map(|number| own[place(number)]).collect()
}

/// Whether any strides lead to these addresses, in C order.
fn is_strided(shape: &[isize], addresses: &[isize]) -> bool {
    let unit =
        |dim: usize| -> Vec<isize> { (0..shape.len()).map(|other| isize::from(other == dim)).collect() };
    let stride = |dim: usize| {
        if shape[dim] > 1 { addresses[model::number_of(shape, &unit(dim))] - addresses[0] } else { 0 }
    };
    let strides: Vec<isize> = (0..shape.len()).map(stride).collect();
    model::indices(shape).iter().zip(addresses).all(|(index, address)| {
        let offset: isize = index.iter().zip(&strides).map(|(at, stride)| at * stride).sum();
        addresses[0] + offset == *address
    })
}

fn try_split(random: &mut Random, memory: &Memory, state: &State) -> Option<State> {
    let shape = &state.view.shape;
    let parts = if shape.is_empty() { 1 } else { random.between(1, 7) };
    let mut found = Vec::new();
    let mut states = Vec::new();
    for part in 0..parts {
        let mut base = Address::new(memory, state.base);
        let layout = state.view.layout();
        match result(state, shape.len(), |out| split(&layout, part, parts, out, &mut base)) {
            Ok(view) => {
                let items = memory.read(base.at, &view.layout());
                assert!(!items.is_empty() || base.calls == 0);
                found.extend_from_slice(&items);
                states.push(State { base: base.at, view, items, exotic: state.exotic });
            }
            Err(error) => {
                assert!(matches!(error, Error::UnsupportedAt { .. }) && state.exotic);
                assert_eq!(base.calls, 0);
                return None;
            }
        }
    }
    let mut all = state.items.clone();
    all.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, all);
    for dim in 0..shape.len() {
        let extents = || states.iter().map(|part| part.view.shape[dim]);
        assert!(extents().max().unwrap() - extents().min().unwrap() <= 1);
    }
    Some(states.swap_remove(random.below(states.len())))
}

fn try_item(random: &mut Random, memory: &Memory, state: &State) {
    if state.items.is_empty() {
        return;
    }
    let shape = &state.view.shape;
    let at: Vec<isize> = shape.iter().map(|&extent| random.between(0, extent - 1)).collect();
    let given: Vec<isize> =
        at.iter().zip(shape).map(|(at, extent)| at - if random.once_in(2) { 0 } else { *extent }).collect();
    let mut base = Address::new(memory, state.base);
    item(&state.view.layout(), &given, &mut base).unwrap();
    assert_eq!(memory.cell(base.at), Cell::Item(state.items[model::number_of(shape, &at)]));
}

fn chains(seeds: std::ops::Range<u64>, indirect: bool) -> u64 {
    let mut done = 0;
    scenes(seeds, indirect, |random, memory, state| {
        for _ in 0..8 {
            let mut state = state.clone();
            for _ in 0..3 {
                let next = match random.below(8) {
                    0 => try_transpose(random, memory, &state),
                    1 => try_broadcast(random, memory, &state),
                    2 => try_reshape(random, memory, &state),
                    3 => try_split(random, memory, &state),
                    _ => try_index(random, memory, &state),
                };
                done += u64::from(next.is_some());
                state = next.unwrap_or(state);
                try_item(random, memory, &state);
            }
        }
    });
    done
}

#[test]
fn direct_chains_are_as_in_the_model() {
    let done = chains(0..1500, false);
    assert!(done > 30_000 / SHARE, "{done}");
}

#[test]
fn indirect_chains_are_as_in_the_model() {
    let done = chains(5000..7500, true);
    assert!(done > 40_000 / SHARE, "{done}");
}

#[test]
fn the_index_text_says_the_same_as_the_items() {
    scenes(0..500, false, |random, _, state| {
        let program = random_program(random, &state.view.shape);
        let text = super::text::write(random, &program);
        let mut parsed = vec![mv_index::all(); program.len()];
        assert_eq!(super::super::parse(text.as_bytes(), &mut parsed).unwrap(), program.len(), "{text}");
        assert_eq!(parsed, program, "{text}");
    });
}

#[test]
fn every_bound_is_checked_before_a_pointer_is_loaded() {
    scenes(0..2000, true, |random, memory, state| {
        if state.view.shape.is_empty() {
            return;
        }
        let mut program: Vec<mv_index> = state.view.shape.iter().map(|&e| random_item(random, e)).collect();
        let dim = random.below(program.len());
        let extent = state.view.shape[dim];
        program[dim] = mv_index::at([extent, -extent - 1, isize::MIN, isize::MAX][random.below(4)]);
        let mut base = Address::new(memory, state.base);
        let layout = state.view.layout();
        let mut room = ([0; 8], [0; 8], [0; 8]);
        let mut out = Sketch::new(&mut room.0, &mut room.1, &mut room.2);
        let error = index(&layout, &program, &mut out, &mut base).unwrap_err();
        assert!(matches!(error, Error::OutOfBounds { dim: at, .. } if at == dim as i32), "{error}");
        let at: Vec<isize> = (0..program.len()).map(|other| if other == dim { extent } else { 0 }).collect();
        assert!(matches!(item(&layout, &at, &mut base).unwrap_err(), Error::OutOfBounds { .. }));
        assert_eq!(base.calls, 0);
    });
}
