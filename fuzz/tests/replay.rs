//! Every committed seed through its target, on any compiler. `-- --nocapture` names each seed before it runs.

use std::{fs, path::Path};

/// Fewer seeds than this, and some have been lost.
const LEAST: usize = 30;

fn replay(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
    let entries = fs::read_dir(&folder).expect("a folder of seeds");
    let mut seeds: Vec<_> = entries.map(|entry| entry.expect("a seed").path()).collect();
    seeds.sort();
    assert!(seeds.len() >= LEAST, "only {} seeds for {target}", seeds.len());
    for seed in seeds {
        println!("seed {target}/{}", seed.file_name().expect("a name").display());
        run(&fs::read(&seed).expect("a seed"));
    }
}

#[test]
fn index_text() {
    replay("index_text", memview_fuzz::index_text::run);
}

#[test]
fn slice_program() {
    replay("slice_program", memview_fuzz::slice_program::run);
}

#[test]
fn format() {
    replay("format", memview_fuzz::format::run);
}

#[test]
fn item() {
    replay("item", memview_fuzz::item::run);
}

#[test]
fn described_memory() {
    replay("described_memory", memview_fuzz::described_memory::run);
}

#[test]
fn copy_pair() {
    replay("copy_pair", memview_fuzz::copy_pair::run);
}
