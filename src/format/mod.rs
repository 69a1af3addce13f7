//! Item formats: what the bytes of one item mean, and the codec between those bytes and values.
//!
//! A format text ([`parse`]) becomes a [`Tree`] of nodes in the caller's space; its types without parts are [`Leaf`]s.
//! [`same`] compares formats by what they mean, [`print`] writes them, and [`read`] and [`write`] translate the
//! bytes of an item, a local copy, to a [`Value`] and back.

#![deny(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod code;
mod convert;
mod equal;
pub(crate) mod float;
mod item;
mod leaf;
mod literal;
mod node;
mod numpy;
mod parse;
mod path;
mod pattern;
mod plain;
mod prefix;
mod print;
mod python;
mod quick;
mod quote;
mod same;
mod scalar;
mod show;
mod store;
mod table;
mod text;
mod wide;

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::float_cmp)]
mod tests;

pub use code::Code;
pub use convert::{Rule, convert};
pub use equal::{Comparison, comparison, equal_characters, equal_numbers, equals_text, equals_value};
pub use item::{MAX_NUMBER, as_f64, as_i64, as_u64, read};
pub use leaf::{ByteOrder, Component, Leaf, Sort};
pub use literal::rewrite;
pub use node::{Field, Node, Shape, Tree};
pub use numpy::{check_numpy, write_numpy};
pub use parse::{MAX_DEPTH, MAX_TEXT, Needs, Rules, parse};
pub use path::{Found, follow};
pub use pattern::Pattern;
pub use plain::Plain;
pub use print::{
    After, Out, write as print, write_component as print_component, write_padding as print_padding,
    write_value as print_value,
};
pub use quick::quick_needs;
pub use quote::Quotes;
pub use same::{is_byte_text, same, same_nodes, same_texts};
pub use scalar::Value;
pub use show::{Bytes, show_units, show_value};
pub use store::{transcode, write};
pub use text::Unit;
