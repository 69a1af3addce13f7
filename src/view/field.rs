//! A part of every item as a view: a field of a struct, a position in a sub-array, the real or the imaginary part.

use super::View;
use crate::{
    error::{Error, Result},
    format::{self, Component, Tree},
    kernel::Cursor,
    layout::{self, Layout, Sketch},
    object::share::{Plan, Retyped, Room},
};

/// What a path leads to.
struct Target {
    offset: isize,
    node: usize,
    component: Option<Component>,
}

/// The number that a path ends in, and the path to it.
fn split(path: &[u8]) -> Option<(&[u8], Component)> {
    let (rest, component) = match path.strip_suffix(b"real") {
        Some(rest) => (rest, Component::Real),
        None => (path.strip_suffix(b"imag")?, Component::Imaginary),
    };
    if rest.is_empty() { Some((rest, component)) } else { Some((rest.strip_suffix(b".")?, component)) }
}

fn find(tree: &Tree<'_>, path: &[u8]) -> Result<Target> {
    let (item, begin) = tree.item();
    let whole = |found: format::Found, component| Target {
        offset: begin.saturating_add(found.offset),
        node: found.node,
        component,
    };
    let fault = match format::follow(tree, item, path) {
        Ok(found) => return Ok(whole(found, None)),
        Err(fault) => fault,
    };
    // A field of that name comes first.
    let number = split(path).and_then(|(path, component)| {
        let found = format::follow(tree, item, path).ok()?;
        tree.is_complex(found.node).then(|| whole(found, Some(component)))
    });
    number.ok_or(fault)
}

impl View {
    /// What a path leads to in every item; the extents of a sub-array are appended to the shape.
    pub fn field(&self, path: &[u8]) -> Result<View> {
        let pinned = self.share().pin()?;
        let Some(format) = pinned.parsed()? else {
            return Err(Error::Field { position: 0, reason: "leads nowhere: the items have no parts" });
        };
        let tree = format.tree();
        let target = find(&tree, path)?;
        let (shape, element) = tree.array(target.node).unwrap_or((&[], target.node));
        let stride = tree.stride(element);
        let (mut retyped, shift) = match target.component {
            Some(component) => Retyped::of_component(&tree, element, component)?,
            None => (Retyped::of_node(&tree, element)?, 0),
        };
        let offset = target.offset.saturating_add(shift);
        // The last struct of an item may lack its last padding.
        retyped.shorten(pinned.layout().itemsize.saturating_sub(offset));
        let plan = Plan { room: Room::Beyond(shape.len()), format: Some(retyped), readonly: false };
        let part = |layout: &Layout<'_>, out: &mut Sketch<'_>, base: &mut Cursor| {
            layout::field(layout, offset, shape, stride, out, base)
        };
        self.share().derive(plan, part).map(View::of)
    }
}
