//! The scenarios of the C tests once more, in Rust, through the same C functions: Miri, which cannot run C, runs these.
//!
//! `object.rs` mirrors `c-tests/test_object.c`, and so on, case by case under the same names.

#[macro_use]
mod harness;

mod adversary;
mod crowd;
mod fixtures;
mod table;

mod buffer;
mod buffer_copy;
mod buffer_foreign;
mod buffer_lease;
mod buffer_request;
mod copies;
mod diagnostics;
mod fault_arguments;
mod fault_callback;
mod fault_contract;
mod fault_describe;
mod fault_lifetime;
mod fault_protocol;
mod lease;
mod object;
mod object_array;
mod object_holders;
mod object_memory;
mod status;
mod view;
mod view_contiguous;
mod view_release;

mod calls;
mod sources;

mod acquire_table;
mod bulk;
mod bulk_bytes;
mod fault_arithmetic;
mod fault_copy;
mod fault_index;
mod geometry;
mod geometry_cast;
mod geometry_shape;
mod geometry_suboffsets;
mod inline;
mod item;
mod item_store;
mod threads;
mod threads_owner;
