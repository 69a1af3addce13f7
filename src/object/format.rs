//! A parsed format as a counted object: one allocation holds the text, the nodes, and a handle for each node.

use core::{
    ffi::{CStr, c_char},
    fmt::{self, Write},
    mem::ManuallyDrop,
    ptr::{self, NonNull},
};

use super::{
    Object,
    kinds::{self, Kind, Ours},
    protocol::mv_object,
    sync::{AcqRel, AtomicUsize, Relaxed},
};
use crate::{
    alloc,
    error::{self, Error, Result},
    format::{self, Leaf, Node, Out, Rules, Tree},
    kernel::Scratch,
};

/// The handle of one node; `repr(C)`, so that a pointer to it is one to its `mv_object`.
#[repr(C)]
struct Head {
    object: mv_object,
    root: NonNull<Root>,
    node: usize,
}

/// What all nodes of a format share, at the start of its block.
struct Root {
    handles: AtomicUsize,
    nodes: usize,
    dims: usize,
    length: usize,
    // Behind it: the handles, the nodes, the extents, the text, and the text once more with its names terminated.
}

/// Where in a block its parts begin, and where it ends.
struct Places {
    nodes: usize,
    dims: usize,
    text: usize,
    names: usize,
    end: usize,
}

impl Places {
    fn of(nodes: usize, dims: usize, length: usize) -> Places {
        // A text is at most 64 KiB, and has no more nodes and extents than characters, and one.
        let heads = size_of::<Root>();
        let at = heads.saturating_add(nodes.saturating_mul(size_of::<Head>()));
        let dims_at = at.saturating_add(nodes.saturating_mul(size_of::<Node>()));
        let text = dims_at.saturating_add(dims.saturating_mul(size_of::<isize>()));
        let names = text.saturating_add(length).saturating_add(1);
        Places { nodes: at, dims: dims_at, text, names, end: names.saturating_add(length).saturating_add(1) }
    }
}

const HEADS: usize = size_of::<Root>();

// Everything in a block is aligned as a pointer is.
const _: () = assert!(size_of::<Root>().is_multiple_of(align_of::<usize>()));
const _: () = assert!(size_of::<Head>().is_multiple_of(align_of::<usize>()));
const _: () = assert!(size_of::<Node>().is_multiple_of(align_of::<isize>()));
const _: () = assert!(align_of::<Node>() <= align_of::<usize>());

/// One reference to a node of a parsed format; the whole format lives as long as any.
#[repr(transparent)]
pub struct Format(NonNull<Head>);

// SAFETY: a format is constant, and its count is atomic.
unsafe impl Send for Format {}
// SAFETY: as above.
unsafe impl Sync for Format {}

impl Format {
    /// Parses a text.
    pub fn parse(text: &[u8], rules: Rules) -> Result<Format> {
        if let Some((nodes, dims)) = format::quick_needs(text, rules)
            && let Some(made) = Format::parse_into(text, rules, nodes, dims)?
        {
            return Ok(made);
        }
        let needs = format::parse(text, rules, &mut [], &mut [])?;
        let made = Format::parse_into(text, rules, needs.nodes, needs.dims)?;
        // Never: the same text makes the same.
        made.ok_or(Error::Overflow { what: "a format" })
    }

    /// Parses a text that makes so many nodes and extents; `None` where it makes others.
    #[allow(clippy::cast_ptr_alignment)] // see the assertions above
    fn parse_into(text: &[u8], rules: Rules, nodes: usize, dims: usize) -> Result<Option<Format>> {
        let places = Places::of(nodes, dims, text.len());
        let block = alloc::allocate(places.end)?;
        let at = |offset: usize| block.as_ptr().wrapping_add(offset);
        let root = block.cast::<Root>();
        // SAFETY: the block is new, and has room for all of this at these places.
        unsafe {
            root.write(Root { handles: AtomicUsize::new(1), nodes, dims, length: text.len() });
            for node in 0..nodes {
                let object = mv_object { r#type: kinds::table(Kind::Format) };
                at(HEADS).cast::<Head>().add(node).write(Head { object, root, node });
                at(places.nodes).cast::<Node>().add(node).write(Node::EMPTY);
            }
            at(places.dims).write_bytes(0, dims.saturating_mul(size_of::<isize>()));
            for copy in [places.text, places.names] {
                ptr::copy_nonoverlapping(text.as_ptr(), at(copy), text.len());
                at(copy.saturating_add(text.len())).write(0);
            }
            let space = core::slice::from_raw_parts_mut(at(places.nodes).cast::<Node>(), nodes);
            let extents = core::slice::from_raw_parts_mut(at(places.dims).cast::<isize>(), dims);
            match format::parse(text, rules, space, extents) {
                Ok(needs) if (needs.nodes, needs.dims) == (nodes, dims) => {}
                other => {
                    alloc::free(block);
                    return other.map(|_| None);
                }
            }
            for node in &*space {
                if let Some(end) = node.name_end() {
                    // The colon behind the name.
                    at(places.names.saturating_add(end)).write(0);
                }
            }
            Ok(Some(Format(NonNull::new_unchecked(at(HEADS)).cast())))
        }
    }

    /// The format of a text that is written, twice the same, into what is given. Whoever writes fails where memory runs out.
    pub fn written(write: impl Fn(&mut dyn Out) -> fmt::Result) -> Result<Format> {
        let mut measured = Length(0);
        write(&mut measured).map_err(|_| Error::NoMemory { bytes: measured.0 })?;
        let mut block = Scratch::zeroed(measured.0)?;
        write(&mut Space { bytes: block.bytes(), length: 0 })
            .map_err(|_| Error::NoMemory { bytes: measured.0 })?;
        Format::parse(block.bytes(), Rules::Struct)
    }

    /// The format of a type of NumPy's, given as a typestr or as what its `descr` is.
    pub fn from_numpy(text: &[u8]) -> Result<Format> {
        // First without writing anything: for its faults.
        format::rewrite(text, &mut Length(0))?;
        let written = Format::written(|out| format::rewrite(text, out).map_err(|_| fmt::Error));
        // Places in the text that was made tell nobody anything.
        written.map_err(|error| match error {
            Error::FormatOverflow { .. } => Error::FormatOverflow { position: 0 },
            Error::FormatLimit { what, limit, .. } => Error::FormatLimit { what, limit, position: 0 },
            other => other,
        })
    }

    /// Writes the type that NumPy has for it.
    pub fn write_numpy(&self, out: &mut dyn Write) -> Result<()> {
        format::check_numpy(&self.tree(), self.node())?;
        // Nothing that is written to here can fail.
        let _ = format::write_numpy(&self.tree(), self.node(), out);
        Ok(())
    }

    fn head(&self) -> &Head {
        // SAFETY: the format lives as long as the reference.
        unsafe { self.0.as_ref() }
    }

    fn root(&self) -> &Root {
        // SAFETY: as above.
        unsafe { self.head().root.as_ref() }
    }

    fn places(&self) -> Places {
        let root = self.root();
        Places::of(root.nodes, root.dims, root.length)
    }

    fn at(&self, offset: usize) -> *const u8 {
        self.head().root.as_ptr().cast::<u8>().wrapping_add(offset)
    }

    /// All nodes.
    #[must_use]
    pub fn tree(&self) -> Tree<'_> {
        let (root, places) = (self.root(), self.places());
        // SAFETY: `parse` filled these places, which never change.
        unsafe {
            Tree::new(
                core::slice::from_raw_parts(self.at(places.text), root.length),
                core::slice::from_raw_parts(self.at(places.nodes).cast(), root.nodes),
                core::slice::from_raw_parts(self.at(places.dims).cast(), root.dims),
            )
        }
    }

    /// The node that this is.
    #[must_use]
    pub fn node(&self) -> usize {
        self.head().node
    }

    /// The node of an item: of a whole format with one unnamed value, that value.
    #[must_use]
    pub fn item_node(&self) -> usize {
        match self.node() {
            0 => self.tree().item().0,
            node => node,
        }
    }

    /// The bytes of an item.
    #[must_use]
    pub fn itemsize(&self) -> isize {
        self.tree().node(self.node()).size()
    }

    /// The alignment of an item in a C struct; 1 where nothing is aligned.
    #[must_use]
    pub fn alignment(&self) -> isize {
        self.tree().node(self.node()).align()
    }

    /// Whether all values stand in this machine's byte order.
    #[must_use]
    pub fn is_native(&self) -> bool {
        self.tree().is_native(self.node())
    }

    /// Whether the other is the same, names included.
    #[must_use]
    pub fn equals(&self, other: &Format) -> bool {
        let (left, right) = (self.tree(), other.tree());
        let same = format::same_nodes(&left, self.item_node(), &right, other.item_node(), true);
        same && self.itemsize() == other.itemsize() && self.item_offset() == other.item_offset()
    }

    fn item_offset(&self) -> isize {
        if self.node() == 0 { self.tree().item().1 } else { 0 }
    }

    /// Writes the canonical text.
    pub fn write(&self, out: &mut dyn Out) {
        // Nothing that is written to here can fail.
        let _ = format::print(&self.tree(), self.node(), out);
    }

    /// The number of values of a struct.
    #[must_use]
    pub fn field_count(&self) -> usize {
        self.tree().field_count(self.item_node())
    }

    /// One value of a struct.
    pub fn field_at(&self, number: usize) -> Result<Described<'_>> {
        let (tree, node) = (self.tree(), self.item_node());
        let found = tree.field_at(node, number).ok_or_else(|| Error::OutOfBounds {
            index: error::number(number),
            length: error::number(tree.field_count(node)),
            dim: -1,
        })?;
        Ok(self.describe(found.name, found.offset, found.node))
    }

    /// What a path leads to.
    pub fn field(&self, path: &[u8]) -> Result<Described<'_>> {
        let tree = self.tree();
        let found = format::follow(&tree, self.item_node(), path)?;
        let offset = found.offset.saturating_add(self.item_offset());
        Ok(self.describe(tree.name_of(found.node), offset, found.node))
    }

    /// The elements of a sub-array.
    pub fn element(&self) -> Result<Described<'_>> {
        let node = self.item_node();
        if self.tree().array(node).is_none() {
            return Err(Error::Unfit {
                operation: "asking for elements",
                reason: "the item is no sub-array",
            });
        }
        Ok(self.describe(None, 0, node))
    }

    fn describe<'a>(&'a self, name: Option<&'a [u8]>, offset: isize, node: usize) -> Described<'a> {
        let tree = self.tree();
        let (shape, node) = tree.array(node).unwrap_or((&[], node));
        let name = name.map_or(ptr::null(), |name| self.name(name));
        Described { name, offset, itemsize: tree.node(node).size(), shape, node }
    }

    /// The text of the whole format, as it was given.
    #[must_use]
    pub fn text(&self) -> &CStr {
        // SAFETY: `parse` terminated the copy.
        unsafe { CStr::from_ptr(self.at(self.places().text).cast()) }
    }

    /// A handle of a node, which belongs to the format.
    #[must_use]
    pub fn handle(&self, node: usize) -> *mut mv_object {
        let node = node.min(self.root().nodes.saturating_sub(1));
        self.at(HEADS.saturating_add(node.saturating_mul(size_of::<Head>()))).cast_mut().cast()
    }

    /// A name as a terminated text that belongs to the format.
    #[must_use]
    pub fn name(&self, name: &[u8]) -> *const c_char {
        let offset = name.as_ptr().addr().wrapping_sub(self.tree().text().as_ptr().addr());
        self.at(self.places().names.saturating_add(offset)).cast()
    }

    /// A handle that is somebody else's.
    ///
    /// # Safety
    /// The object is a format of this copy, and alive while the result is used.
    #[must_use]
    pub unsafe fn borrow(object: NonNull<mv_object>) -> ManuallyDrop<Format> {
        ManuallyDrop::new(Format(object.cast()))
    }

    /// Gives the reference away.
    #[must_use]
    pub fn into_raw(self) -> NonNull<mv_object> {
        ManuallyDrop::new(self).0.cast()
    }

    /// Takes over one reference.
    ///
    /// # Safety
    /// The object is a format of this copy, of which the caller gives one reference away.
    #[must_use]
    pub unsafe fn own(object: NonNull<mv_object>) -> Format {
        Format(object.cast())
    }

    /// The last reference is not this one where another thread may clone it: never past the limit.
    fn is_full(&self) -> bool {
        self.root().handles.load(Relaxed) > usize::MAX / 2
    }
}

impl Clone for Format {
    fn clone(&self) -> Self {
        // A count that could wrap stays where it is: the format then lives for ever.
        if !self.is_full() {
            self.root().handles.fetch_add(1, Relaxed);
        }
        Format(self.0)
    }
}

impl Drop for Format {
    fn drop(&mut self) {
        if !self.is_full() && self.root().handles.fetch_sub(1, AcqRel) == 1 {
            // SAFETY: the last reference is gone.
            unsafe { alloc::free(self.head().root.cast()) }
        }
    }
}

/// One value of a format, described.
pub struct Described<'a> {
    /// Its name, a terminated text that belongs to the format; NULL where it has none.
    pub name: *const c_char,
    /// Where it begins, in bytes.
    pub offset: isize,
    /// The bytes of one value, or of one element of a sub-array.
    pub itemsize: isize,
    /// The extents of a sub-array.
    pub shape: &'a [isize],
    /// The node of a value, or of an element.
    pub node: usize,
}

/// Counts what is written.
struct Length(usize);

impl Write for Length {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.write_bytes(piece.as_bytes())
    }
}

impl Out for Length {
    fn write_bytes(&mut self, bytes: &[u8]) -> fmt::Result {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(())
    }
}

/// Bytes to write into.
struct Space<'a> {
    bytes: &'a mut [u8],
    length: usize,
}

impl Write for Space<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.write_bytes(piece.as_bytes())
    }
}

impl Out for Space<'_> {
    fn write_bytes(&mut self, bytes: &[u8]) -> fmt::Result {
        let end = self.length.saturating_add(bytes.len());
        if let Some(place) = self.bytes.get_mut(self.length..end) {
            place.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        }
        self.length = end;
        Ok(())
    }
}

/// Whether items of two formats hold the same values in the same bytes; texts that cannot be parsed only if they are equal.
pub fn same_layout(a: &[u8], b: &[u8]) -> Result<bool> {
    if let Some(answer) = format::same_texts(a, b) {
        return Ok(answer);
    }
    let parsed = |text| match Format::parse(text, Rules::Exporter) {
        Ok(format) => Ok(Some(format)),
        Err(error @ Error::NoMemory { .. }) => Err(error),
        Err(_) => Ok(None),
    };
    match (parsed(a)?, parsed(b)?) {
        (Some(left), Some(right)) => Ok(format::same(&left.tree(), &right.tree(), false)),
        _ => Ok(false),
    }
}

/// A format that an object is, if it is one of this copy's.
#[must_use]
pub fn as_format(object: &Object) -> Option<ManuallyDrop<Format>> {
    // SAFETY: the object is alive, and a format where it says so.
    unsafe {
        match kinds::ours(object.as_raw())? {
            (_, Ours::Format) => Some(Format::borrow(object.as_raw())),
            _ => None,
        }
    }
}

/// The bytes that a text describes, as Python's struct module has them.
pub fn size_of_text(text: &[u8]) -> Result<isize> {
    if let Some(leaf) = Leaf::parse(text) {
        return Ok(leaf.size());
    }
    format::parse(text, Rules::Struct, &mut [], &mut []).map(|needs| needs.size)
}
