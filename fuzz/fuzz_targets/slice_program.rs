//! Programs of operations on views.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| memview_fuzz::slice_program::run(data));
