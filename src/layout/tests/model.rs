//! What the operations should do, on plain lists of item numbers in C order.

use super::super::{MV_INDEX_AT, MV_INDEX_ELLIPSIS, MV_INDEX_SLICE, mv_index};

pub fn count(shape: &[isize]) -> usize {
    shape.iter().product::<isize>() as usize
}

/// All indices of a shape, the last moving fastest.
pub fn indices(shape: &[isize]) -> Vec<Vec<isize>> {
    let mut all = vec![Vec::new()];
    for &extent in shape {
        all = all.iter().flat_map(|index| (0..extent).map(move |at| [&index[..], &[at]].concat())).collect();
    }
    all
}

pub fn number_of(shape: &[isize], index: &[isize]) -> usize {
    shape.iter().zip(index).fold(0, |number, (extent, at)| number * extent + at) as usize
}

/// The positions of a slice: Python's `range(*slice.indices(length))`.
pub fn positions(item: &mv_index, length: isize) -> Vec<isize> {
    let length = length as i128;
    let given = |bit: u32, value: isize| (item.given & bit != 0).then_some(value as i128);
    let step = given(4, item.step).unwrap_or(1);
    let (lower, upper) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let bound = |value: Option<i128>, default: i128| match value {
        None => default,
        Some(value) if value < 0 => lower.max(value + length),
        Some(value) => upper.min(value),
    };
    let (first, last) = if step > 0 { (lower, upper) } else { (upper, lower) };
    let (mut at, stop) = (bound(given(1, item.start), first), bound(given(2, item.stop), last));
    let mut positions = Vec::new();
    while if step > 0 { at < stop } else { at > stop } {
        positions.push(at as isize);
        at += step;
    }
    positions
}

/// What an index selects: the shape, the items, and for each dimension of the source whether it is kept.
pub fn index(shape: &[isize], items: &[usize], program: &[mv_index]) -> (Vec<isize>, Vec<usize>, Vec<bool>) {
    let used = program.iter().filter(|item| matches!(item.kind, MV_INDEX_AT | MV_INDEX_SLICE)).count();
    let mut full: Vec<mv_index> = Vec::new();
    for item in program {
        if item.kind == MV_INDEX_ELLIPSIS {
            full.extend(vec![mv_index::all(); shape.len() - used]);
        } else {
            full.push(*item);
        }
    }
    let (mut result, mut chosen, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for item in full.iter().chain(std::iter::repeat(&mv_index::all())) {
        let Some(&extent) = shape.get(chosen.len()) else {
            if item.kind == MV_INDEX_SLICE {
                break;
            }
            result.push(1);
            continue;
        };
        match item.kind {
            MV_INDEX_AT => chosen.push(vec![(item.start + extent) % extent]),
            MV_INDEX_SLICE => {
                chosen.push(positions(item, extent));
                result.push(chosen.last().unwrap().len() as isize);
            }
            _ => {
                result.push(1);
                continue;
            }
        }
        kept.push(item.kind == MV_INDEX_SLICE);
    }
    let extents: Vec<isize> = chosen.iter().map(|list| list.len() as isize).collect();
    let source = |index: Vec<isize>| -> Vec<isize> {
        index.iter().zip(&chosen).map(|(&at, list)| list[at as usize]).collect()
    };
    let selected =
        indices(&extents).into_iter().map(|index| items[number_of(shape, &source(index))]).collect();
    (result, selected, kept)
}

pub fn transpose(shape: &[isize], items: &[usize], axes: &[usize]) -> (Vec<isize>, Vec<usize>) {
    let result: Vec<isize> = axes.iter().map(|&axis| shape[axis]).collect();
    let moved = indices(&result).into_iter().map(|index| {
        let mut source = vec![0; axes.len()];
        axes.iter().zip(&index).for_each(|(&axis, &at)| source[axis] = at);
        items[number_of(shape, &source)]
    });
    let moved = moved.collect();
    (result, moved)
}

pub fn broadcast(shape: &[isize], items: &[usize], to: &[isize]) -> Vec<usize> {
    let added = to.len() - shape.len();
    let source = |index: Vec<isize>| -> Vec<isize> {
        index[added..].iter().zip(shape).map(|(&at, &extent)| if extent == 1 { 0 } else { at }).collect()
    };
    indices(to).into_iter().map(|index| items[number_of(shape, &source(index))]).collect()
}

/// Fortran's order is C's with all dimensions reversed.
pub fn reshape(shape: &[isize], items: &[usize], to: &[isize], fortran: bool) -> Vec<usize> {
    if !fortran {
        return items.to_vec();
    }
    let reversed = |ndim: usize| (0..ndim).rev().collect::<Vec<usize>>();
    let (_, counted) = transpose(shape, items, &reversed(shape.len()));
    let backwards: Vec<isize> = to.iter().rev().copied().collect();
    transpose(&backwards, &counted, &reversed(to.len())).1
}
