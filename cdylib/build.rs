//! Link options of the shared library where it is ELF: its soname, its calls bound to itself, never unloaded.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let var = |name: &str| std::env::var(name).unwrap_or_default();
    if var("CARGO_CFG_TARGET_OS") != "linux" {
        return;
    }
    // While the major version is 0 every minor version is an ABI of its own.
    let (major, minor) = (var("CARGO_PKG_VERSION_MAJOR"), var("CARGO_PKG_VERSION_MINOR"));
    let soname = if major == "0" { format!("0.{minor}") } else { major };
    for arg in [&format!("-Wl,-soname,libmemview.so.{soname}"), "-Wl,-Bsymbolic-functions", "-Wl,-z,nodelete"]
    {
        println!("cargo::rustc-cdylib-link-arg={arg}");
    }
}
