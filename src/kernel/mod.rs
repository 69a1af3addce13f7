//! Loops over memory: single items, copies, contiguous reads and writes, fills.
//!
//! The kernel knows layouts and addresses, not owners. A [`Memory`] is the promise, given once when it is
//! made, that a layout may be followed from a base pointer; the functions of this module need no further one.
//! Operations between two memories behave as if they went through a temporary, whatever overlaps.

mod copy;
mod cursor;
mod load;
mod memory;
mod plan;
mod runs;
mod scratch;
mod visit;
mod walk;
mod walker;

#[cfg(test)]
mod tests;

pub use copy::{copy, copy_apart, fill, gather, scatter, scatter_prefix};
pub use cursor::{Cursor, address, move_span, read_span, with_span, write_span};
pub use load::{load, store};
pub use memory::{Memory, Span, overlaps, reach};
pub use runs::{can_meet, check_shapes, list_runs, mv_run, with_packed};
pub use scratch::Scratch;
pub use visit::{find, read_pieces, same_bytes, same_items, visit, visit_pairs, visit_runs};
pub use walker::{ItemRun, Walker, mv_walk};
