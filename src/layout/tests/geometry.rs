//! Reach and contiguity, by looking at every item.

use super::super::{Order, fill_strides, product, reach, within};
use super::memory::{Memory, Owned, Random};
use super::programs::{State, scenes};
use super::{SHARE, model};
use crate::error::Error;

/// The offsets of all that the block at the base holds: items, or pointers in the first indirect dimension.
fn offsets(view: &Owned) -> (Vec<isize>, isize) {
    let layout = view.layout();
    let indirect = view.suboffsets.iter().position(|&suboffset| suboffset >= 0);
    let ndim = indirect.map_or(layout.ndim(), |dim| dim + 1);
    let element = if indirect.is_some() { size_of::<usize>() as isize } else { view.itemsize };
    if layout.is_empty() {
        return (Vec::new(), element);
    }
    let at = |index: Vec<isize>| {
        index.iter().zip(&view.strides).map(|(at, stride)| at.wrapping_mul(*stride)).sum()
    };
    (model::indices(&view.shape[..ndim]).into_iter().map(at).collect(), element)
}

#[test]
fn reach_is_that_of_all_items() {
    let check = |_: &mut Random, _: &Memory, state: &State| {
        let layout = state.view.layout();
        let (offsets, element) = offsets(&state.view);
        let low = offsets.iter().copied().min().unwrap_or(0);
        let high = offsets.iter().map(|offset| offset + element).max().unwrap_or(0);
        assert_eq!(reach(&layout).unwrap(), (low, high), "{:?}", state.view);

        let extent = (high - low) as usize;
        within(&layout, -low, extent).unwrap();
        within(&layout, -low + 5, extent + 5).unwrap();
        if extent > 0 {
            let past = within(&layout, -low, extent - 1).unwrap_err();
            assert!(matches!(past, Error::Reach { reach, .. } if reach == extent as i64 - 1), "{past}");
        }
        let below = within(&layout, -low - 1, extent + 9).unwrap_err();
        assert!(matches!(below, Error::Reach { reach: -1, .. }), "{below}");
    };
    scenes(0..2000, false, check);
    scenes(0..2000, true, check);
}

#[test]
fn contiguous_means_side_by_side() {
    let mut found = 0_u64;
    scenes(0..4000, false, |_, _, state| {
        let layout = state.view.layout();
        let beside = |offsets: &[isize]| {
            offsets
                .iter()
                .enumerate()
                .all(|(number, offset)| *offset == number as isize * state.view.itemsize)
        };
        let (in_c, _) = offsets(&state.view);
        let numbers: Vec<usize> = (0..in_c.len()).collect();
        let axes: Vec<usize> = (0..layout.ndim()).rev().collect();
        let in_f: Vec<isize> = if layout.is_empty() {
            Vec::new()
        } else {
            let (_, order) = model::transpose(&state.view.shape, &numbers, &axes);
            order.into_iter().map(|number| in_c[number]).collect()
        };
        let (c, f) = (beside(&in_c), beside(&in_f));
        found += u64::from(c) + u64::from(f);
        assert_eq!(layout.is_contiguous(Order::C), c, "{:?}", state.view);
        assert_eq!(layout.is_contiguous(Order::F), f, "{:?}", state.view);
        assert_eq!(layout.is_contiguous(Order::A), c || f);
        assert_eq!(layout.items(), in_c.len() as isize);
        assert_eq!(layout.nbytes(), product(layout.shape, layout.itemsize).unwrap());
    });
    assert!(found > 1000 / SHARE, "{found}");
}

#[test]
fn filled_strides_are_contiguous() {
    scenes(0..2000, false, |_, _, state| {
        for order in [Order::C, Order::F, Order::A] {
            let mut view = state.view.clone();
            fill_strides(&view.shape, view.itemsize, order, &mut view.strides).unwrap();
            assert!(view.layout().is_contiguous(if order == Order::F { Order::F } else { Order::C }));
        }
    });
}
