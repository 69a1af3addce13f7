//! The list of holders: entries come and go while others walk it.

use std::{ptr::NonNull, sync::Arc};

use super::{ALL, explore, sharing};
use crate::object::{
    count::Count,
    holders::{Holders, Node},
    sync::UnsafeCell,
};

/// A list, and entries for two threads.
struct List {
    holders: Holders,
    count: Count,
    nodes: [UnsafeCell<Option<Box<Node>>>; 2],
}

// SAFETY: each thread has an entry of its own; the list touches it under its lock.
unsafe impl Send for List {}
// SAFETY: as above.
unsafe impl Sync for List {}

impl List {
    fn new() -> Arc<Self> {
        let nodes = [UnsafeCell::new(None), UnsafeCell::new(None)];
        let list = List { holders: Holders::empty(), count: Count::with_handle(), nodes };
        list.count.pin().unwrap();
        Arc::new(list)
    }

    /// Puts an entry on the list and takes it off again.
    fn pass<const AT: usize>(&self) {
        let mut node = Box::new(Node::new(c"label".as_ptr(), &raw const self.count));
        let address = NonNull::from(&mut *node);
        // SAFETY: the box stays where it is until it is unlinked.
        unsafe {
            self.nodes[AT].with_mut(|place| *place = Some(node));
            self.holders.link(address, || false);
            assert_eq!(self.holders.find(address.as_ptr().cast()), Some(address));
            self.holders.unlink(address);
            self.nodes[AT].with_mut(|place| *place = None);
        }
    }

    fn first(&self) {
        self.pass::<0>();
    }

    fn second(&self) {
        self.pass::<1>();
    }

    fn walk(&self) {
        assert!(self.holders.in_use() <= 2);
    }
}

fn leave_nothing<const N: usize>(parts: [fn(&List); N]) {
    let list = List::new();
    sharing(&list, parts);
    assert_eq!(list.holders.in_use(), 0);
}

#[test]
fn entries_come_and_go_while_others_walk() {
    explore(ALL, || leave_nothing([List::first, List::walk]));
    explore(ALL, || leave_nothing([List::first, List::second]));
    explore(2, || leave_nothing([List::first, List::second, List::walk]));
}
