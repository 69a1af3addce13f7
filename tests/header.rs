//! The committed headers are what the sources make. `MEMVIEW_BLESS=1` writes them instead: `make header`.

use std::{env, fs, path::Path};

fn current(name: &str, generated: &str) {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("include").join(name);
    let wanted = fs::read_to_string(generated).expect("build.rs has written it");
    if env::var_os("MEMVIEW_BLESS").is_some() {
        fs::write(&committed, wanted).expect("include/ can be written");
        return;
    }
    let found = fs::read_to_string(&committed).unwrap_or_default();
    let differs = wanted.lines().zip(found.lines()).position(|(wanted, found)| wanted != found);
    assert!(
        wanted == found,
        "include/{name} is stale (line {}): run `make header`",
        differs.unwrap_or_else(|| wanted.lines().count().min(found.lines().count())) + 1
    );
}

#[test]
fn memview_h_is_current() {
    current("memview.h", env!("MEMVIEW_HEADER"));
}

#[test]
fn memview_cdef_is_current() {
    current("memview.cdef", env!("MEMVIEW_CDEF"));
}
