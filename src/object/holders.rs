//! The list of an object's holders: labels for people, and the views that have touched the memory, so that a revoke finds
//! their operations in flight. Unlabelled acquisitions cost nothing here.

use core::{
    ffi::{CStr, c_char},
    fmt,
    ptr::{self, NonNull},
};

use super::{count::Count, sync::Lock};

/// One entry; it lives in the block of a view or of an acquisition, or in an allocation of its own.
pub struct Node {
    previous: *mut Node,
    next: *mut Node,
    label: *const c_char,
    /// The count of a view whose operations a revoke must see; else NULL.
    count: *const Count,
    /// More such views; or NULL.
    views: *const Holders,
}

impl Node {
    /// An entry that is on no list. The label outlives it, as the request promised.
    pub const fn new(label: *const c_char, count: *const Count) -> Self {
        Node::of_views(label, count, ptr::null())
    }

    /// The same of an acquisition, whose other views stand on a list of their own.
    pub const fn of_views(label: *const c_char, count: *const Count, views: *const Holders) -> Self {
        Node { previous: ptr::null_mut(), next: ptr::null_mut(), label, count, views }
    }
}

struct Ends {
    first: *mut Node,
    last: *mut Node,
}

// SAFETY: the nodes are touched under the lock alone.
unsafe impl Send for Ends {}

/// The list.
pub struct Holders(Lock<Ends>);

impl Holders {
    /// An empty list.
    #[must_use]
    pub fn empty() -> Self {
        Holders(Lock::new(Ends { first: ptr::null_mut(), last: ptr::null_mut() }))
    }

    /// Appends an entry, unless `already` (asked under the lock) says that it stands there.
    ///
    /// # Safety
    /// The node stays valid and in place until it is unlinked, and is touched by this list alone.
    pub unsafe fn link(&self, node: NonNull<Node>, already: impl FnOnce() -> bool) {
        self.0.with(|ends| {
            if already() {
                return;
            }
            // SAFETY: all nodes of the list are valid, and touched under its lock alone.
            unsafe {
                (*node.as_ptr()).previous = ends.last;
                (*node.as_ptr()).next = ptr::null_mut();
                match NonNull::new(ends.last) {
                    Some(last) => (*last.as_ptr()).next = node.as_ptr(),
                    None => ends.first = node.as_ptr(),
                }
            }
            ends.last = node.as_ptr();
        });
    }

    /// Takes an entry off the list.
    ///
    /// # Safety
    /// The node stands on this list.
    pub unsafe fn unlink(&self, node: NonNull<Node>) {
        self.0.with(|ends| {
            // SAFETY: all nodes of the list are valid, and touched under its lock alone.
            unsafe {
                let Node { previous, next, .. } = *node.as_ptr();
                match NonNull::new(previous) {
                    Some(previous) => (*previous.as_ptr()).next = next,
                    None => ends.first = next,
                }
                match NonNull::new(next) {
                    Some(next) => (*next.as_ptr()).previous = previous,
                    None => ends.last = previous,
                }
            }
        });
    }

    /// The entry at this address, if it is one of the list.
    pub fn find(&self, address: *const core::ffi::c_void) -> Option<NonNull<Node>> {
        let mut found = None;
        self.each(|node| {
            if ptr::addr_eq(node.as_ptr(), address) {
                found = Some(node);
            }
        });
        found
    }

    fn each(&self, mut work: impl FnMut(NonNull<Node>)) {
        self.0.with(|ends| {
            let mut at = ends.first;
            while let Some(node) = NonNull::new(at) {
                work(node);
                // SAFETY: all nodes of the list are valid, and touched under its lock alone.
                at = unsafe { (*node.as_ptr()).next };
            }
        });
    }

    /// The exports of listed views and their operations in flight.
    pub fn in_use(&self) -> u64 {
        let mut total = 0u64;
        self.each(|node| {
            // SAFETY: a listed node is valid, and so are the count and the list that it names.
            let Node { count, views, .. } = unsafe { node.as_ref() };
            // SAFETY: as above.
            let (count, views) = unsafe { (count.as_ref(), views.as_ref()) };
            total = total.saturating_add(count.map_or(0, Count::in_use));
            total = total.saturating_add(views.map_or(0, Holders::in_use));
        });
        total
    }

    /// Writes `before`, then the labels, quoted and separated by commas; nothing where there are none.
    pub fn write(&self, before: &str, to: &mut dyn fmt::Write) {
        let mut first = true;
        self.each(|node| {
            // SAFETY: a listed node is valid, and its label outlives it.
            let Some(label) = NonNull::new(unsafe { (*node.as_ptr()).label }.cast_mut()) else { return };
            // SAFETY: a label is a terminated text, as the request promised.
            let label = unsafe { CStr::from_ptr(label.as_ptr()) }.to_str().unwrap_or("?");
            // A text that does not take it all is cut: nothing here can fail.
            let _ = to.write_str(if first { before } else { ", " });
            let _ = to.write_str("'");
            let _ = to.write_str(label);
            let _ = to.write_str("'");
            first = false;
        });
    }
}
