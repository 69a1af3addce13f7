//! The codec, the parser and the comparison of formats.

mod items;
mod parse;
mod wide;
