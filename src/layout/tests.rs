//! The geometry against a slow and obvious model, against tables, and against CPython's examples.

mod examples;
mod faults;
mod geometry;
mod memory;
mod model;
mod programs;
mod regions;
mod slices;
mod text;
