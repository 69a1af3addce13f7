//! The geometry against a slow and obvious model, against tables, and against CPython's examples.

mod examples;
mod faults;
mod geometry;
mod memory;
mod model;
mod programs;
mod quick;
mod regions;
mod slices;
mod text;

/// Of so many random cases Miri, which takes its time, runs one.
const SHARE: u64 = if cfg!(miri) { 1000 } else { 1 };
