//! Loops over memory: single items, copies, contiguous reads and writes, fills.
//!
//! The kernel knows layouts and addresses, not owners. A [`Memory`] is the promise, given once when it is
//! made, that a layout may be followed from a base pointer; the functions of this module need no further one.
//! Operations between two memories behave as if they went through a temporary, whatever overlaps.

#[cfg(target_arch = "aarch64")]
mod aarch64;
mod choose;
mod compare;
mod convert;
mod copy;
mod cursor;
mod few;
mod fill;
mod find;
mod hex;
mod isa;
mod lanes;
mod load;
mod memory;
mod narrow;
mod nest;
mod number;
mod plain;
mod plan;
mod program;
mod runs;
mod scratch;
mod search;
mod short_rows;
mod shuffle;
mod simd;
mod stream;
mod swap;
mod tiles;
mod transpose;
mod turned;
mod two_way;
mod visit;
mod walk;
mod walker;
#[cfg(target_arch = "x86_64")]
mod x86;

#[cfg(test)]
mod tests;

pub use compare::same_items;
pub use convert::{convert_numbers, swap_numbers};
pub use copy::{copy, copy_apart, fill, gather, move_run, scatter, scatter_prefix};
pub use cursor::{Cursor, address, move_span, read_span, with_span, write_span};
pub use few::copy_few;
pub use find::find;
pub use hex::{Groups, write_hex};
pub use isa::Isa;
pub use load::{load, store};
pub use memory::{Memory, Span, overlaps, reach};
pub use number::{Kind, Number};
pub use runs::{can_meet, check_shapes, list_runs, mv_run, with_packed};
pub use scratch::Scratch;
pub use search::{count_items, find_item};
pub use visit::{read_pieces, same_bytes, visit, visit_pairs, visit_runs};
pub use walker::{ItemRun, Walker, mv_walk};
