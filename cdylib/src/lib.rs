//! `libmemview.so` and `libmemview.a`: the C functions of the package `memview`, and the panic handler.
//!
//! No logic lives here. The handler is never reached: under `--cfg prove_no_panic` it names a symbol that
//! does not exist, so that the library links only if the optimiser removed every path to a panic.

#![cfg_attr(not(test), no_std)]

pub use memview_core::ffi::*;

#[cfg(not(test))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    #[cfg(prove_no_panic)]
    {
        unsafe extern "C" {
            fn memview_a_panic_is_reachable() -> !;
        }
        // SAFETY: never executed; the symbol is undefined, so the build fails to link instead.
        unsafe { memview_a_panic_is_reachable() }
    }
    #[cfg(not(prove_no_panic))]
    {
        // SAFETY: `abort` has no preconditions.
        unsafe { memview_core::abort() }
    }
}
