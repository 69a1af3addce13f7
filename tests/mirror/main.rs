//! The scenarios of the C tests once more, in Rust, through the same C functions: Miri, which cannot run C, runs these.
//!
//! `object.rs` mirrors `c-tests/test_object.c`, and so on, case by case under the same names.

#[macro_use]
mod harness;

mod adversary;
mod arguments;
mod calls;
mod chance;
mod crowd;
mod fixtures;
mod formats;
mod ground;
mod model;
mod sources;
mod table;

mod acquire_table;
mod buffer;
mod buffer_copy;
mod buffer_foreign;
mod buffer_lease;
mod buffer_request;
mod bulk;
mod bulk_bytes;
mod bulk_convert;
mod compare;
mod compare_search;
mod copies;
mod diagnostics;
mod fault_arguments;
mod fault_arithmetic;
mod fault_callback;
mod fault_contract;
mod fault_copy;
mod fault_describe;
mod fault_format;
mod fault_index;
mod fault_lifetime;
mod fault_memory;
mod fault_protocol;
mod format;
mod format_fields;
mod format_members;
mod format_numpy;
mod geometry;
mod geometry_cast;
mod geometry_field;
mod geometry_region;
mod geometry_shape;
mod geometry_suboffsets;
mod inline;
mod item;
mod item_format;
mod item_store;
mod lease;
mod null_ground;
mod null_sweep;
mod object;
mod object_array;
mod object_holders;
mod object_memory;
mod programs;
mod status;
mod threads;
mod threads_owner;
mod view;
mod view_contiguous;
mod view_release;
mod walk;
