//! Items of any format.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| memview_fuzz::item::run(data));
