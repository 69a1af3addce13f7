//! What the items of a view are: the parsed format, made when it is first needed and kept with the view.

use core::{ffi::CStr, ptr};

use super::Pinned;
use crate::{
    error::{Error, Result},
    format::{self, Code, Component, Leaf, Rules, Shape, Tree},
    object::{
        described::{Described, Items},
        format::Format,
        protocol::mv_object,
        sync::{AcqRel, Acquire, AtomicPtr},
    },
};

/// A format that a view keeps: none yet, none to be had, or one reference.
pub(super) struct Parsed(AtomicPtr<mv_object>);

/// Its address stands for a format that cannot be read.
static OPAQUE: u8 = 0;

fn opaque() -> *mut mv_object {
    (&raw const OPAQUE).cast_mut().cast()
}

impl Parsed {
    /// The given format, or one that is made when it is needed.
    pub(super) fn new(format: Option<Format>) -> Parsed {
        Parsed(AtomicPtr::new(format.map_or(ptr::null_mut(), |format| format.into_raw().as_ptr())))
    }

    /// The format that is kept, if there is one.
    #[inline]
    pub(super) fn get(&self) -> Option<&Format> {
        let kept = self.0.load(Acquire);
        if kept.is_null() || ptr::eq(kept, opaque()) {
            return None;
        }
        // SAFETY: a reference that is kept until the view is freed; a `Format` is a pointer to it.
        Some(unsafe { &*ptr::from_ref(&self.0).cast::<Format>() })
    }

    /// Whether there may be a format to be kept by others as well.
    #[inline]
    pub(super) fn is_kept(&self) -> bool {
        !self.0.load(Acquire).is_null()
    }

    /// The format, parsed where it has not been: none where the text is no format, or that of other items.
    fn of(&self, text: &[u8], itemsize: isize) -> Result<Option<&Format>> {
        if self.0.load(Acquire).is_null() {
            let made = match Format::parse(text, Rules::Exporter) {
                Ok(format) if format.tree().fits(itemsize) => format.into_raw().as_ptr(),
                Err(error @ Error::NoMemory { .. }) => return Err(error),
                _ => opaque(),
            };
            let kept = self.0.compare_exchange(ptr::null_mut(), made, AcqRel, Acquire);
            if kept.is_err() {
                // Another thread was first.
                drop(Parsed(AtomicPtr::new(made)).take());
            }
        }
        Ok(self.get())
    }

    fn take(&self) -> Option<Format> {
        let kept = self.0.swap(ptr::null_mut(), AcqRel);
        if kept.is_null() || ptr::eq(kept, opaque()) {
            return None;
        }
        // SAFETY: a reference that was kept, taken once.
        ptr::NonNull::new(kept).map(|kept| unsafe { Format::own(kept) })
    }

    /// Gives the format up; the view is being freed.
    #[inline]
    pub(super) fn forget(&self) {
        if self.get().is_some() {
            drop(self.take());
        }
    }
}

/// What an item is.
#[derive(Clone, Copy)]
pub enum Item<'a> {
    /// A value without parts, and where in the item it begins.
    Leaf(Leaf, isize),
    /// A struct or a sub-array: the format, the node, and where in the item it begins.
    Parts(&'a Format, usize, isize),
    /// Bytes without a meaning: the format cannot be read, or what it says has no value.
    Opaque,
}

/// Another format for the same bytes.
pub struct Retyped {
    pub(super) kept: Option<Format>,
    pub(super) code: Option<(Code, bool)>,
    pub(super) itemsize: isize,
}

impl Retyped {
    /// The items of a format text; one without bytes makes no item.
    pub fn parse(text: &CStr) -> Result<Retyped> {
        match Retyped::native(text) {
            Some(native) => Ok(native),
            None => Retyped::of(Format::parse(text.to_bytes(), Rules::Struct)?),
        }
    }

    /// The items of a native single character, whose text is static.
    fn native(text: &CStr) -> Option<Retyped> {
        let code = Code::parse(text.to_bytes())?;
        let at = text.to_bytes().first() == Some(&b'@');
        Some(Retyped { kept: None, code: Some((code, at)), itemsize: code.size() })
    }

    /// The items of a parsed format.
    pub fn of(format: Format) -> Result<Retyped> {
        if let Some(native) = Retyped::native(format.text()) {
            return Ok(native);
        }
        let itemsize = format.tree().size();
        if itemsize <= 0 {
            let position = crate::error::number(format.text().count_bytes());
            return Err(Error::FormatText { position, expected: "an item that has bytes" });
        }
        Ok(Retyped { kept: Some(format), code: None, itemsize })
    }

    /// The items that one node of a format is.
    pub fn of_node(tree: &Tree<'_>, node: usize) -> Result<Retyped> {
        Retyped::of(Format::written(|out| format::print(tree, node, out))?)
    }

    /// The items that one of the two numbers of a complex node is, and where it begins.
    pub fn of_component(tree: &Tree<'_>, node: usize, component: Component) -> Result<(Retyped, isize)> {
        let retyped = Retyped::of(Format::written(|out| format::print_component(tree, node, out))?)?;
        let offset = if component == Component::Real { 0 } else { retyped.itemsize };
        Ok((retyped, offset))
    }

    /// The bytes of an item.
    #[must_use]
    pub fn itemsize(&self) -> isize {
        self.itemsize
    }

    /// Items of no more than so many bytes; a struct, of which the last padding is missing then.
    pub fn shorten(&mut self, room: isize) {
        self.itemsize = self.itemsize.min(room);
    }

    /// What an item is.
    pub(super) fn items(&self) -> Items {
        match self.code {
            Some((code, _)) if code.size() == self.itemsize => Items::of_leaf(Some(Leaf::native(code))),
            _ => Items::of_text(self.text(), self.itemsize),
        }
    }

    /// The parsed format, where the text is more than a native single character.
    #[must_use]
    pub fn format(&self) -> Option<&Format> {
        self.kept.as_ref()
    }

    /// The text, which lives as long as this, or as the view that it is given to.
    #[must_use]
    pub fn text(&self) -> &CStr {
        match (&self.kept, self.code) {
            (Some(format), _) => format.text(),
            (None, Some((code, at))) => code.text(at),
            (None, None) => c"B",
        }
    }
}

impl Pinned<'_> {
    /// The description in full.
    #[inline]
    pub(in crate::object) fn described(&self) -> &Described {
        &self.share.block().described
    }

    /// What an item is, as far as its text says without being parsed.
    #[inline]
    pub(in crate::object) fn items(&self) -> &Items {
        &self.share.block().described.items
    }

    /// What an item is.
    #[inline]
    pub fn item(&self) -> Result<Item<'_>> {
        match self.share.block().described.items.leaf {
            Some(leaf) => Ok(if leaf.has_value() { Item::Leaf(leaf, 0) } else { Item::Opaque }),
            None => self.parsed_item(),
        }
    }

    #[cold]
    fn parsed_item(&self) -> Result<Item<'_>> {
        let Some(format) = self.parsed()? else { return Ok(Item::Opaque) };
        let tree = format.tree();
        let (node, offset) = tree.item();
        Ok(match tree.node(node).shape {
            Shape::Leaf(leaf) if leaf.has_value() => Item::Leaf(leaf, offset),
            Shape::Record { .. } | Shape::Array => Item::Parts(format, node, offset),
            _ => Item::Opaque,
        })
    }

    /// The parsed format; none where the text is no format, or that of other items.
    pub fn parsed(&self) -> Result<Option<&Format>> {
        self.share.block().format.of(self.format().to_bytes(), self.layout().itemsize)
    }
}
