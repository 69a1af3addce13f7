//! Any bytes as a description of memory.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| memview_fuzz::described_memory::run(data));
