//! Any text as a format.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| memview_fuzz::format::run(data));
