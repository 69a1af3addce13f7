/*
 * memview: the buffer protocol and memoryview as a C library.
 *
 * Components that were written apart share typed N-dimensional memory without copying it:
 *
 *   object    (mv_object) anything that exports memory: bytes, bytearrays, arrays, somebody else's memory, or
 *             a kind of your own. It points to the function table of its kind, the protocol.
 *   buffer    (mv_buffer) one acquisition of an object's memory, in the layout of CPython's Py_buffer. While
 *             it lives the memory neither moves nor vanishes.
 *   view      (mv_view) a share in an acquisition plus a layout of its own: slicing, casting and transposing
 *             make new views and touch no data.
 *
 * This file is generated from src/ffi by build.rs and is not edited; `make header` refreshes it.
 *
 *
 * Rules that hold for every function
 *
 * Arguments. The order is: self, inputs, outputs, `error`. An array is followed by its count: `MV_DIMS(2,
 * 3)` and `MV_ITEMS(MV_AT(0), MV_ALL)` expand to both. Text is UTF-8 and NUL-terminated. Every pointer is
 * checked: a NULL that is not allowed is answered with MV_E_NULL and the number of the argument. A pointer
 * that is not NULL must point to what its type says, or to as many elements as the count says. Arguments
 * are borrowed for the call; what is kept gets a reference of its own, and text is copied, unless the
 * function says that it must outlive something.
 *
 * Results. MV_OK is 0; everything else is a failure. Then nothing has been taken and nothing has changed;
 * `out` handles are NULL and an mv_buffer is all zero; other outputs are untouched. `error` may be NULL; a
 * failing call fills it, a successful one leaves it alone.
 *
 * Ownership. What comes out through `out` is one reference and the caller's to drop. Two verbs end things.
 * `unref` drops a reference to a handle: it never fails, and NULL is a no-op. `release` ends an
 * acquisition: of a buffer (never fails, may be repeated), of a view (refused while others hold exports of
 * it). Pointers that are returned are borrowed and live as long as the handle that they were asked of.
 *
 * Handles. Each begins with an mv_object, so `(mv_object *)view` is valid. Only `mv_object *`, mv_buffer
 * and mv_error cross between copies of the library in one process (a plugin may have linked its own): a
 * view of another copy is answered with MV_E_TYPE; acquire from it as an object.
 *
 * Threads. Any function may be called from any thread on any live handle; a handle must only not be freed,
 * nor an mv_buffer released, while another thread is using it. The items themselves are plain memory: two
 * threads that use the same items, one of them writing, have a data race as on any array. memview starts
 * no threads, keeps no global state and never waits for another thread's callback.
 *
 * Callbacks may be called from any thread and may call any function. They must return: no exception, no
 * longjmp may leave them.
 *
 * Growth. Numbers of statuses and flags are for ever. Structs that begin with `size` may grow, all others
 * are frozen.
 */
#ifndef MEMVIEW_H
#define MEMVIEW_H

#include <stddef.h>
#include <stdint.h>

#define MV_VERSION_MAJOR @MAJOR@
#define MV_VERSION_MINOR @MINOR@
#define MV_VERSION_PATCH @PATCH@
/** The version of this header, for comparison: 10000 * major + 100 * minor + patch. */
#define MV_VERSION (10000 * MV_VERSION_MAJOR + 100 * MV_VERSION_MINOR + MV_VERSION_PATCH)

/* Stands before every function. The same program links the shared or the static library, on Windows too; there
   `-DMV_API=__declspec(dllimport)` saves a jump in every call of the DLL. */
#ifndef MV_API
#define MV_API
#endif

/* Where ignoring the result would leak. */
#if defined(__GNUC__) || defined(__clang__)
#define MV_NODISCARD __attribute__((warn_unused_result))
#else
#define MV_NODISCARD
#endif

#ifdef __cplusplus
extern "C" {
#endif

@TYPES@
