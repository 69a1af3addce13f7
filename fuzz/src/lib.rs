//! The fuzz targets of memview, one file each: `run` takes any bytes and panics where the library is wrong.
//!
//! They call the C functions, as users do, and hold the answers against models that know nothing of the
//! library: an index parser, a list of where each item lies, the meaning of formats written down by hand.
//! `fuzz_targets/` gives them to libFuzzer, and `tests/replay.rs` runs the committed seeds on any compiler.
//!
//! A seed is named for what it shows. Those that begin with `found_` are the fuzzer's own: the fewest that reach
//! what the others do not, named after what they ask for and what is answered.

pub mod bytes;
pub mod call;
pub mod check;
pub mod description;
pub mod members;
pub mod memory;
pub mod model;
pub mod native;
pub mod parsed;

pub mod copy_pair;
pub mod described_memory;
pub mod format;
pub mod index_text;
pub mod item;
pub mod slice_program;
