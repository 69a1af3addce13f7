//! `c-tests/test_programs.c`: random programs of 1 to 6 operations on views in a few dimensions, against a model that lists the
//! items. Errors are predicted too; `MV_E_UNSUPPORTED` is accepted only where no strides lead to the items, or suboffsets are in
//! play.

use std::{
    ffi::{CString, c_int},
    ptr,
};

use memview::{
    error::mv_status::*,
    ffi::{MV_BYTES, MV_OPAQUE, mv_scalar, mv_view},
    layout::{MV_INDEX_AT, MV_INDEX_ELLIPSIS, MV_INDEX_NEWAXIS, mv_index as Item},
    object::protocol::mv_request,
};

use crate::{
    calls::*,
    chance::{Chance, each_round},
    fixtures::*,
    ground::{FORMATS, Ground},
    harness::*,
    model::{Causes, Model, Wrong, cause, product},
};

const ROUNDS: u64 = if cfg!(miri) { 1 } else { 500 };
const UNSUPPORTED: Causes = cause(MV_E_UNSUPPORTED);

/// Holds the answer against the model: the new view and its model, where there is one. `perhaps`: what may be answered too.
#[track_caller]
fn judged(answer: Answer, model: Result<Model, Wrong>, perhaps: Causes) -> Option<(*mut mv_view, Model)> {
    let is_among = |causes: Causes| causes >> answer.code.0 & 1 == 1;
    match model {
        Ok(model) if answer.code.0 == 0 => Some((answer.made(), model)),
        Ok(_) => {
            assert!(is_among(perhaps), "answered {}: {}", answer.code.0, message(&answer.error));
            None
        }
        Err(wrong) => {
            assert!(answer.code.0 != 0 && is_among(wrong.causes | perhaps), "answered {}", answer.code.0);
            if let ([fault], true) =
                (&wrong.faults[..], wrong.causes == cause(MV_E_INDEX) && !is_among(perhaps))
            {
                let (dim, _, value, limit) = detail(&answer.error);
                assert_eq!((dim, value, limit), *fault);
            }
            assert!(answer.out.is_null());
            None
        }
    }
}

struct Step<'a> {
    chance: &'a mut Chance,
    ground: &'a Ground,
    view: *mut mv_view,
    from: &'a Model,
}

type Outcome = Option<(*mut mv_view, Model)>;

impl Step<'_> {
    /// Whether the view goes through pointers. Only where the memory does.
    fn is_indirect(&self) -> bool {
        let is_indirect = !buffer_of(self.view).suboffsets.is_null();
        assert!(!is_indirect || self.from.indirect > 0);
        is_indirect
    }

    fn or_unsupported(&self) -> Causes {
        if self.is_indirect() { UNSUPPORTED } else { 0 }
    }

    /// A bound: nothing, near the dimension, or far away.
    fn some_bound(&mut self, length: isize) -> Option<isize> {
        match self.chance.below(100) {
            0..45 => None,
            45..48 => Some(isize::MAX),
            48..51 => Some(isize::MIN),
            _ => Some(self.chance.between(-length - 2, length + 2)),
        }
    }

    fn some_item(&mut self, length: isize) -> Item {
        const STEPS: [isize; 12] = [1, 1, 2, 2, 3, -1, -1, -2, -3, isize::MAX, isize::MIN, -isize::MAX];
        if self.chance.percent(30) {
            let beyond = if self.chance.percent(5) { 2 } else { 0 };
            return Item::at(self.chance.between(-length - beyond, (length - 1).max(0) + beyond));
        }
        let (first, end) = (self.some_bound(length), self.some_bound(length));
        let step = if self.chance.percent(50) { Some(self.chance.pick(&STEPS)) } else { None };
        Item::slice(first, end, if self.chance.percent(1) { Some(0) } else { step })
    }

    /// Now and then more than there are dimensions.
    fn some_index(&mut self) -> Vec<Item> {
        let (mut items, mut dim, mut added) = (Vec::new(), 0, 0);
        while (dim < self.from.shape.len() || self.chance.percent(5)) && items.len() < 8 {
            match self.chance.below(100) {
                0..8 if added + self.from.shape.len() < 6 => {
                    items.push(Item::newaxis());
                    added += 1;
                }
                8..15 => {
                    items.push(Item::ellipsis());
                    dim += self.chance.below(3);
                }
                15..20 => break,
                _ => {
                    let length = self.from.shape.get(dim).copied().unwrap_or(3);
                    items.push(if self.chance.percent(20) { Item::all() } else { self.some_item(length) });
                    dim += 1;
                }
            }
        }
        items
    }

    fn text(&mut self, items: &[Item]) -> CString {
        let number = |given, value: isize| if given { value.to_string() } else { String::new() };
        let written = |item: &Item| match item.kind {
            MV_INDEX_AT => item.start.to_string(),
            MV_INDEX_ELLIPSIS => "...".into(),
            MV_INDEX_NEWAXIS => if self.chance.percent(50) { "newaxis" } else { " None " }.into(),
            _ => {
                let [first, end, step] = [(1, item.start), (2, item.stop), (4, item.step)]
                    .map(|(bit, value)| number(item.given & bit != 0, value));
                format!("{first} :{end}{}{step}", if step.is_empty() { "" } else { ":" })
            }
        };
        let texts: Vec<String> = items.iter().map(written).collect();
        CString::new(if texts.is_empty() { "...".into() } else { texts.join(",") }).expect("a text")
    }

    fn index(mut self) -> Outcome {
        let items = self.some_index();
        // Two dereferences would meet where the index takes one position of the dimension between them.
        let perhaps = if self.from.indirect > 1 || !self.ground.strict { UNSUPPORTED } else { 0 };
        let answer = if self.chance.percent(40) {
            let text = self.text(&items);
            slice(self.view, &text)
        } else {
            index(self.view, &items)
        };
        judged(answer, self.from.index(&items), perhaps)
    }

    fn transpose(self) -> Outcome {
        let ndim = self.from.shape.len();
        let counted = |dim: usize| c_int::try_from(dim).expect("a few dimensions");
        let mut axes: Vec<c_int> = self.chance.shuffled(ndim).into_iter().map(counted).collect();
        let perhaps = self.or_unsupported();
        if self.chance.percent(25) {
            axes = (0..counted(ndim)).rev().collect();
            return judged(turned(self.view), self.from.transpose(&axes), perhaps);
        }
        for axis in &mut axes {
            *axis -= if self.chance.percent(15) { counted(ndim) } else { 0 };
        }
        if self.chance.percent(5) {
            axes.push(0);
        }
        judged(transpose(self.view, &axes), self.from.transpose(&axes), perhaps)
    }

    /// A shape of so many items, now and then of a few more or less.
    fn some_shape(&mut self, items: isize) -> Vec<isize> {
        let (mut shape, mut rest) = (Vec::new(), items);
        while rest > 1 {
            let extent = if shape.len() == 3 { rest } else { self.chance.between(2, 7) };
            let extent = if rest % extent == 0 { extent } else { rest };
            shape.push(extent);
            rest /= extent;
        }
        if items == 0 || self.chance.percent(20) {
            shape.push(items.min(1));
        }
        if let (Some(extent), true) = (shape.first_mut(), self.chance.percent(4)) {
            *extent = self.chance.between(-2, 4);
        }
        let order = self.chance.shuffled(shape.len());
        order.into_iter().map(|dim| shape[dim]).collect()
    }

    fn reshape(mut self) -> Outcome {
        let mut shape = self.some_shape(self.from.items.len().cast_signed());
        if let (Some(extent), true) = (shape.last_mut(), self.chance.percent(25)) {
            *extent = -1;
        }
        let order = self.chance.pick(&[C, C, C, F, A]);
        let model = self.from.reshape(&shape, order, self.is_indirect());
        judged(reshape(self.view, &shape, order), model, self.or_unsupported())
    }

    fn broadcast(self) -> Outcome {
        let mut shape: Vec<isize> = (0..self.chance.below(2)).map(|_| self.chance.between(1, 3)).collect();
        for extent in &self.from.shape {
            let wide = *extent == 1 && self.chance.percent(50);
            shape.push(if wide || self.chance.percent(3) { self.chance.between(0, 3) } else { *extent });
        }
        if product(&shape) > 100 {
            return None;
        }
        judged(broadcast(self.view, &shape), self.from.broadcast(&shape), self.or_unsupported())
    }

    fn cast(mut self) -> Outcome {
        let nbytes = self.from.nbytes();
        let fitting: Vec<_> =
            FORMATS[..11].iter().filter(|(_, size)| nbytes / size <= 100).copied().collect();
        let (format, size) = if self.chance.percent(3) { (c"y", 0) } else { self.chance.pick(&fitting) };
        let order = self.chance.pick(&[C, C, C, F, A]);
        let shape = self.chance.percent(60).then(|| self.some_shape(nbytes / size.max(1)));
        let shape = shape.as_deref();
        let model = self.from.cast((format, size), shape, order, self.is_indirect());
        judged(cast_in(self.view, Some(format), shape, order), model, 0)
    }

    fn split(self) {
        let parts = c_int::try_from(self.chance.between(1, 4)).expect("a few");
        let perhaps = if self.from.indirect > 0 && !self.ground.strict { UNSUPPORTED } else { 0 };
        let ndim = self.from.shape.len();
        let answers: Vec<Answer> = (0..parts).map(|part| split(self.view, part, parts)).collect();
        if ndim == 0 {
            let expected = if parts == 1 { MV_OK } else { MV_E_TYPE };
            assert!(answers.iter().all(|answer| answer.code.0 == expected as i32));
        }
        let is_refused = answers.iter().any(|answer| answer.code.0 != 0);
        assert!(
            !is_refused
                || ndim == 0
                || answers.iter().all(|answer| perhaps >> answer.code.0 & 1 == 1 || answer.code.0 == 0)
        );
        let views: Vec<*mut mv_view> = answers.iter().map(|answer| answer.out).collect();
        // The parts are those of one axis: in order, without gaps, balanced.
        let along = |axis: usize| {
            let mut start = 0;
            views.iter().all(|part| {
                let (extent, each) = (shape(*part)[axis], self.from.shape[axis] / parts as isize);
                let mut items = vec![Item::all(); ndim];
                items[axis] = Item::range(start, start + extent);
                start += extent;
                (each..=each + 1).contains(&extent)
                    && is_same(*part, &self.from.index(&items).ok().expect("within"))
            }) && start == self.from.shape[axis]
        };
        assert!(is_refused || ndim == 0 || (0..ndim).any(along), "no balanced split along any axis");
        drop_all(&views);
    }

    /// The same items once more.
    fn again(self) -> (*mut mv_view, Model) {
        let mut model = self.from.same();
        let wanted = mv_request { ndim: ndim(&model.shape), format: model.format.as_ptr(), ..request() };
        let how = self.chance.below(4);
        model.readonly |= how == 0;
        let view = match how {
            0 => toreadonly(self.view).made(),
            1 => view_of(as_object(self.view)),
            2 => reexport(self.view).made(),
            _ => made!(mv_view_new_for(as_object(self.view), &raw const wanted)),
        };
        (view, model)
    }

    fn take(self) -> Outcome {
        match self.chance.below(15) {
            0..6 => self.index(),
            6 | 7 => self.transpose(),
            8 | 9 => self.cast(),
            10 | 11 => self.reshape(),
            12 => self.broadcast(),
            13 => {
                self.split();
                None
            }
            _ => Some(self.again()),
        }
    }
}

fn drop_all(views: &[*mut mv_view]) {
    for view in views {
        drop_views([*view]);
    }
}

/// Whether the view has the model's shape and items.
fn is_same(view: *const mv_view, model: &Model) -> bool {
    let buffer = buffer_of(view);
    let there = || indices(&model.shape).into_iter().map(|index| item_address(&buffer, &index).addr());
    shape(view) == model.shape && there().eq(model.items.iter().copied())
}

#[track_caller]
fn check_view(view: *mut mv_view, model: &Model, ground: &Ground) {
    assert!(is_same(view, model));
    let buffer = buffer_of(view);
    assert_eq!(
        (buffer.len, buffer.itemsize, buffer.readonly != 0),
        (model.nbytes(), model.itemsize, model.readonly)
    );
    assert_eq!(text(buffer.format).as_deref(), model.format.to_str().ok());
    assert_eq!((buffer.obj, call!(mv_view_exporter(view))), (ground.object, ground.object));
    let is_direct = buffer.suboffsets.is_null();
    let [c, f] = [C, F].map(|order| is_direct && model.is_packed(order));
    assert_eq!(contiguous(view), [c, f, c || f].map(c_int::from));
    for (index, item) in indices(&model.shape).iter().zip(&model.items) {
        let mut at = ptr::null_mut();
        ok!(mv_buffer_pointer(&raw const buffer, index.as_ptr(), buffer.ndim, &raw mut at));
        assert_eq!(at.addr(), *item);
        let scalar: mv_scalar = made!(mv_view_get(view, index.as_ptr(), buffer.ndim));
        if scalar.kind == MV_BYTES || scalar.kind == MV_OPAQUE {
            // SAFETY: the kind names the member.
            assert_eq!(unsafe { scalar.r#as.bytes }.data.addr(), *item);
        }
    }
    for order in [C, F, A] {
        let expected = ground.expected(&model.ordered(model.meant(order, !is_direct)), model.itemsize);
        assert_eq!(read_in(view, order), expected);
        let mut bytes = vec![0; expected.len()];
        ok!(mv_buffer_to_contiguous(&raw const buffer, bytes.as_mut_ptr().cast(), bytes.len(), order));
        assert_eq!(bytes, expected);
    }
    let (mut low, mut size) = (NO_DATA, 0);
    ok!(mv_buffer_extent(&raw const buffer, &raw mut low, &raw mut size));
    if let (true, Some(least), Some(most)) = (is_direct, model.items.iter().min(), model.items.iter().max()) {
        assert_eq!((low.addr(), size), (*least, most - least + model.itemsize.cast_unsigned()));
    }
}

/// Writes by the view or by its buffer; the shadow is written by the model.
#[track_caller]
fn check_writes(chance: &mut Chance, view: *mut mv_view, model: &Model, ground: &Ground) {
    let mut bytes = vec![0; model.nbytes().cast_unsigned()];
    chance.fill(&mut bytes);
    let (buffer, from, length) = (call!(mv_view_buffer(view)), bytes.as_ptr().cast(), bytes.len());
    if model.readonly {
        fails!(mv_view_write(view, NO_TEXT, C, from, length), MV_E_READONLY);
        fails!(mv_buffer_from_contiguous(buffer, from, length, C), MV_E_READONLY);
        return;
    }
    let mut sorted = model.items.clone();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair[1] - pair[0] < model.itemsize.cast_unsigned()) {
        return; // several items share a byte
    }
    let order = chance.pick(&[C, F, A]);
    if chance.percent(50) {
        ok!(mv_view_write(view, NO_TEXT, order, from, length));
    } else {
        ok!(mv_buffer_from_contiguous(buffer, from, length, order));
    }
    let is_indirect = !buffer_of(view).suboffsets.is_null();
    ground.expect(&model.ordered(model.meant(order, is_indirect)), &bytes);
}

fn run(kind: u64, make: fn(&mut Chance) -> Ground) {
    each_round(ROUNDS, kind, |chance| {
        let ground = make(chance);
        let (mut views, mut now) = (vec![ground.view], ground.model.same());
        for _ in 0..chance.between(1, 6) {
            let view = *views.last().expect("the first");
            if let Some((made, model)) = (Step { chance, ground: &ground, view, from: &now }).take() {
                views.push(made);
                now = model;
                if chance.percent(20) {
                    drop_views([views.remove(0)]);
                }
            }
        }
        let last = *views.last().expect("the first");
        check_view(last, &now, &ground);
        check_writes(chance, last, &now, &ground);
        ground.check();
        drop_all(&views);
        ground.leave();
    });
}

#[test]
fn arrays() {
    run(0, Ground::array);
}

#[test]
fn described_memory() {
    run(1, Ground::strided);
}

#[test]
fn tables_of_pointers() {
    run(2, Ground::pointers);
}

#[test]
fn bytes_and_casts() {
    run(3, Ground::plain);
}
