//! The codec, the parser and the comparison of formats.

mod canonical;
mod decisions;
mod items;
mod parse;
mod quick;
mod wide;
