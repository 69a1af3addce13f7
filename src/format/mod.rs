//! Item formats: what the bytes of one item mean, and the codec between those bytes and values.
//!
//! A [`Code`] is a native single-character format; [`same_layout`] compares format texts by what they mean;
//! [`read`] and [`write`] translate the bytes of an item, a local copy, to a [`Value`] and back.

#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod code;
mod float;
mod item;
mod scalar;
mod text;

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::float_cmp)]
mod tests;

pub use code::Code;
pub use item::{as_f64, as_i64, as_u64, read, write};
pub use scalar::Value;
pub use text::{is_byte_text, same_layout};
