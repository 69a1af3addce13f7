//! Any text as an index.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| memview_fuzz::index_text::run(data));
