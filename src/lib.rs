//! The buffer protocol and memoryview as a C library.
//!
//! The rooms, in reading order; each may use the ones above it and none below:
//! [`error`] and [`alloc`] serve all; [`layout`] is geometry without memory; [`format`] reads item
//! descriptions; [`kernel`] loops over memory; [`object`] owns memory and counts who holds it; [`view`] is an
//! acquisition plus a layout; [`ffi`] is the C ABI, a thin shell.
//!
//! `cfg!(memview_fault)` marks what is wrong on purpose: `tools/verify/seeded_faults.sh` alone builds it, to see that
//! the checks find it. Faults of the counting, [`object::sync::fault`], are there in models alone.

#![cfg_attr(not(test), no_std)]

pub mod error;

pub mod alloc;

#[forbid(unsafe_code)]
pub mod layout;

#[forbid(unsafe_code)]
pub mod format;

pub mod kernel;

pub mod object;

#[forbid(unsafe_code)]
pub mod view;

pub mod ffi;

pub use alloc::abort;
pub use error::{Error, Result};
