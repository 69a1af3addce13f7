//! Copies between two views, to and from blocks.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| memview_fuzz::copy_pair::run(data));
