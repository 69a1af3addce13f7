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

#define MV_VERSION_MAJOR 0
#define MV_VERSION_MINOR 1
#define MV_VERSION_PATCH 0
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

typedef struct mv_view mv_view;
typedef struct mv_format mv_format;
typedef struct mv_error mv_error;
typedef struct mv_object mv_object;
typedef struct mv_buffer mv_buffer;
typedef struct mv_request mv_request;
typedef struct mv_type mv_type;
typedef struct mv_exporter mv_exporter;
typedef struct mv_index mv_index;
typedef struct mv_scalar_bytes mv_scalar_bytes;
typedef struct mv_scalar_complex mv_scalar_complex;
typedef union mv_scalar_value mv_scalar_value;
typedef struct mv_scalar mv_scalar;
typedef struct mv_run mv_run;
typedef struct mv_walk mv_walk;
typedef struct mv_member mv_member;
typedef struct mv_field mv_field;

/* --------------------------------------------------------------------------------------------------------
 * 1. Version, status, errors
 * -------------------------------------------------------------------------------------------------------- */

/**
 * What an operation returned: the cause of a failure, by name.
 *
 * The numbers are for ever; new ones are only appended. A status that comes from another component may be one
 * that this header does not know: treat it as a failure, `mv_status_name` names it "unknown".
 */
enum mv_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif
{
    /** Success. */
    MV_OK = 0,
    /** A required pointer is NULL. (`SystemError`) */
    MV_E_NULL = 1,
    /** An argument outside its domain: step 0, order 'x'. (`ValueError`) */
    MV_E_VALUE = 2,
    /** The wrong kind of object, or an operation that this view does not have. (`TypeError`) */
    MV_E_TYPE = 3,
    /** An index out of bounds. (`IndexError`) */
    MV_E_INDEX = 4,
    /** Shapes, lengths or extents that do not fit. (`ValueError`) */
    MV_E_SHAPE = 5,
    /** A format text that is invalid, or items that are not of this format. (`ValueError`) */
    MV_E_FORMAT = 6,
    /** A number that does not fit the item. (`ValueError`) */
    MV_E_RANGE = 7,
    /** Size arithmetic that overflows. (`OverflowError`) */
    MV_E_OVERFLOW = 8,
    /**
     * More than the library's limits: ndim above 64, a format nested too deep, a count of holders at half of
     * its range. (`ValueError`)
     */
    MV_E_LIMIT = 9,
    /** Unknown or contradictory request flags. (`SystemError`) */
    MV_E_FLAGS = 10,
    /** The exporter cannot satisfy the request. (`BufferError`) */
    MV_E_BUFFER = 11,
    /** A write to read-only memory; as a request for writable memory it is `MV_E_BUFFER`. (`TypeError`) */
    MV_E_READONLY = 12,
    /** Refused while exports are alive. (`BufferError`) */
    MV_E_EXPORTED = 13,
    /** Refused because of a lease, or of an operation in flight. (`BufferError`) */
    MV_E_BUSY = 14,
    /** A released view, or revoked memory. (`ValueError`) */
    MV_E_RELEASED = 15,
    /** There is nothing of that name. (`ValueError`) */
    MV_E_NOT_FOUND = 16,
    /** Meaningful, but not possible here. (`NotImplementedError`) */
    MV_E_UNSUPPORTED = 17,
    /** Memory could not be allocated. (`MemoryError`) */
    MV_E_NO_MEMORY = 18,
    /** A foreign exporter broke the contract. (`SystemError`) */
    MV_E_CALLBACK = 19,
    /** The operating system said no; the error's value is errno. (`OSError`) */
    MV_E_SYSTEM = 20,
    /** A foreign struct or table of an unknown version. (`ImportError`) */
    MV_E_VERSION = 21,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mv_status mv_status;
#else
typedef int32_t mv_status;
#endif
#endif

/**
 * What went wrong, in the caller's memory: 512 bytes, frozen, never allocated.
 *
 * It needs no initialisation, is written by a failing call that is given one, and is untouched by success.
 * Every function takes NULL in its place. The message is for people: its words are no part of the API.
 */
struct mv_error {
    /** Always equal to the status that the call returned. */
    int32_t status;
    /**
     * The 0-based dimension at fault (CPython's texts count from 1), or for `MV_E_NULL` the number of the
     * argument, counted from 1; -1 where neither applies.
     */
    int32_t dim;
    /**
     * The byte offset of the fault in a text, or the number of an item in C order; -1 where neither applies.
     */
    int64_t position;
    /** The value at fault: an index, an extent, flag bits, a number of exports, errno. */
    int64_t value;
    /** What the value was held against: a length, a capacity, an itemsize. */
    int64_t limit;
    /** One sentence in UTF-8, terminated, cut at the boundary of a character. */
    char message[480];
};

/**
 * The version of the loaded library as `MV_VERSION` of its header counts: 10000 * major + 100 * minor +
 * patch.
 */
MV_API uint32_t mv_version(void);

/** The version of the loaded library as a text, "0.1.0". It lives for ever. */
MV_API const char *mv_version_string(void);

/**
 * Whether the loaded library implements the ABI that the caller was compiled for. For programs that load the
 * library at run time: call it with `MV_ABI` before anything else.
 *
 * `MV_E_VERSION`: it does not.
 */
MV_API mv_status mv_version_check(uint32_t abi, mv_error *error);

/**
 * The name of a status, "`MV_E_SHAPE`"; "unknown" for a number that this library does not know. It lives for
 * ever.
 */
MV_API const char *mv_status_name(int status);

/**
 * The name of CPython's exception for a status, "`ValueError`", for bindings; "" for `MV_OK`, "`SystemError`"
 * for a number that this library does not know. It lives for ever.
 */
MV_API const char *mv_status_exception(int status);

/* --------------------------------------------------------------------------------------------------------
 * 2. Objects
 * -------------------------------------------------------------------------------------------------------- */

enum {
    /** The version of the protocol that this header describes. */
    MV_ABI = 1,
    /**
     * `mv_type.features`: the exporter understands `MV_EXCLUSIVE` and `MV_IMMUTABLE`. A type without this bit
     * is never asked for a lease; such a request is refused with `MV_E_BUFFER`.
     */
    MV_TYPE_LEASES = 1,
};

/**
 * Anything that exports buffers. Its one field points to the function table of its kind.
 *
 * An exporter written in C embeds it as the first member of a struct of its own. Every handle of memview (an
 * object, a view, a format) begins with one, so a pointer to it may be cast to `mv_object *`.
 */
struct mv_object {
    /** The function table; never NULL, constant for the object's life. */
    const mv_type *type;
};

/**
 * One acquisition of an exporter's memory: CPython's `Py_buffer`, field by field.
 *
 * The address of the item with index `i[0] .. i[ndim - 1]`: begin at `buf`; for each dimension add
 * `strides[d] * i[d]`, and where `suboffsets` is not NULL and `suboffsets[d]` is not negative, load the
 * pointer found there and add `suboffsets[d]`. The macros `mv_item` and `mv_row` do that.
 *
 * The arrays and the format belong to the exporter and live until the buffer is released. A buffer that
 * memview filled may be moved in memory while it is acquired, but must be released exactly once.
 */
struct mv_buffer {
    /** The address of the item whose indices are all 0; not always the lowest address. */
    void *buf;
    /** The exporter; NULL once released, and in descriptions of borrowed memory. */
    mv_object *obj;
    /** The bytes of a contiguous copy: the product of the shape times `itemsize`. */
    ptrdiff_t len;
    /** Bytes of one item. It keeps its value where `format` was not asked for. */
    ptrdiff_t itemsize;
    /** 0: the items may be written; 1: they must not be. */
    int readonly;
    /** The number of dimensions, 0 to 64. 1 where the shape was not asked for. */
    int ndim;
    /**
     * The item's format in the syntax of Python's struct module and PEP 3118; NULL (meaning "B") where it was
     * not asked for.
     */
    const char *format;
    /** `ndim` extents; NULL where not asked for or `ndim` is 0. */
    const ptrdiff_t *shape;
    /** `ndim` signed distances in bytes; NULL where not asked for (C-contiguous) or `ndim` is 0. */
    const ptrdiff_t *strides;
    /** `ndim` suboffsets; NULL where no dimension is indirect. */
    const ptrdiff_t *suboffsets;
    /** The exporter's own; consumers leave it alone. */
    void *internal;
};

/**
 * What a consumer asks for, where flags alone cannot say it. Begins with its size, so that it may grow.
 *
 * Initialise it with `MV_REQUEST_INIT`, which asks for a full description, read-only access, any format and
 * any number of dimensions.
 */
struct mv_request {
    /**
     * `sizeof(mv_request)` of the caller. Larger: a newer caller, what is unknown is ignored. Smaller than in
     * the first release: `MV_E_VERSION`.
     */
    size_t size;
    /** Request flags, `MV_SIMPLE` to `MV_FULL` and the leases. */
    int flags;
    /** The wanted number of dimensions; -1: any. */
    int ndim;
    /** The wanted format; NULL: any. A format equal in layout is accepted ("@d" for "=d"). */
    const char *format;
    /**
     * Who holds the memory, for `mv_object_holders` and for the message of a refused resize: a text that
     * outlives the acquisition, or NULL.
     */
    const char *label;
};

/**
 * The protocol: the function table of one kind of exporter. All that an exporter in C has to write.
 *
 * Begin its initialiser with `MV_TYPE_INIT`. The functions may be called from any thread, may call any
 * function of memview, and must not throw, unwind or longjmp.
 */
struct mv_type {
    /** `sizeof(mv_type)` of whoever wrote the table. */
    uint32_t size;
    /** `MV_ABI`. */
    uint32_t abi;
    /** The name of the kind, for messages; a text that lives as long as the table. */
    const char *name;
    /** Adds a reference to self. `ref` and `unref` are both NULL where self outlives every user. */
    void (*ref)(mv_object *self);
    /** Drops a reference to self. */
    void (*unref)(mv_object *self);
    /**
     * Describes the memory and promises that it neither moves nor vanishes until `release`. The one required
     * function.
     *
     * It may look at `MV_WRITABLE` in the request's flags alone and describe the memory in full: `buf`,
     * `itemsize`, `readonly`, `ndim`, `format`, `shape`, `strides`, `suboffsets` (NULL where none). `out`
     * comes zeroed; `len` may stay 0; `obj` is filled by memview, which also takes and drops its reference.
     * `mv_buffer_acquire` checks the answer and narrows it to what the consumer asked for. A failure returns
     * a status other than `MV_OK` and fills `error` (`mv_fail` does both); `release` is then not called.
     */
    mv_status (*acquire)(mv_object *self, const mv_request *request, mv_buffer *out, mv_error *error);
    /**
     * Ends an acquisition; NULL where there is nothing to do. It may rely on `buffer->internal` alone, which
     * is as `acquire` left it. Called once for every `acquire` that returned `MV_OK`.
     */
    void (*release)(mv_object *self, mv_buffer *buffer);
    /** The number of acquisitions alive; NULL: unknown. */
    size_t (*exports)(const mv_object *self);
    /** Bits of `MV_TYPE_LEASES`: what this kind can do beyond CPython's protocol. */
    uint64_t features;
};

/**
 * The protocol for callers that have a `void *self`: the object around it is allocated and counted by
 * memview.
 */
struct mv_exporter {
    /** `sizeof(mv_exporter)` of the caller. */
    size_t size;
    /** The name of the kind, for messages; a text that outlives the object. NULL: "custom". */
    const char *name;
    /** As `mv_type.acquire`; required. */
    mv_status (*acquire)(void *self, const mv_request *request, mv_buffer *out, mv_error *error);
    /** As `mv_type.release`; may be NULL. */
    void (*release)(void *self, mv_buffer *buffer);
    /** Called once, when the last reference and the last acquisition are gone; may be NULL. */
    void (*free)(void *self);
};

/** Gives memory back to its owner: called exactly once, from whichever thread drops the last holder. */
typedef void (*mv_free_fn)(void *context, void *data);

/** Initialises an mv_request: a full description, read-only, any format, any ndim, no label. */
#define MV_REQUEST_INIT {sizeof(mv_request), MV_FULL_RO, -1, NULL, NULL}

/** The first two members of an mv_type: `static const mv_type kind = {MV_TYPE_INIT, "name", ...};` */
#define MV_TYPE_INIT (uint32_t)sizeof(mv_type), MV_ABI

/** An array of extents or indices and its count: `mv_array_new("f", MV_DIMS(480, 640), 'C', ...)`. C only. */
#define MV_DIMS(...)                                                                                       \
    (const ptrdiff_t[]){__VA_ARGS__},                                                                      \
        (int)(sizeof((const ptrdiff_t[]){__VA_ARGS__}) / sizeof(ptrdiff_t))

/** Adds a reference and returns the object; NULL gives NULL. Never fails. */
MV_API mv_object *mv_object_ref(mv_object *object);

/**
 * Drops a reference. The object is freed with its last reference and its last acquisition, whichever goes
 * later. NULL is a no-op. Never fails, never allocates.
 */
MV_API void mv_object_unref(mv_object *object);

/**
 * The name of the object's kind: "bytes", "bytearray", "array", "memory", "view", or what a foreign type
 * calls itself. Borrowed; lives as long as the object. NULL for NULL.
 */
MV_API const char *mv_object_type_name(const mv_object *object);

/**
 * The number of acquisitions alive: buffers, and views that were made straight from the object; slices, casts
 * and other views of a view share that view's acquisition. For a view: the buffers acquired from it. 0 for
 * NULL and where a foreign type does not tell. With threads about, it is a snapshot.
 */
MV_API size_t mv_object_exports(const mv_object *object);

/**
 * Who holds the memory: the labels of the labelled acquisitions, quoted, in the order in which they came:
 * `'contact sheet', 'stripes plugin'`. Empty where nobody left a label.
 *
 * Written to `text` with snprintf's rule: always terminated, at most `size` bytes; `out_length` (may be NULL)
 * receives the full length without the terminator, so `NULL, 0` asks for it.
 *
 * `MV_E_NULL`: `object`, or `text` where `size` is above 0. `MV_E_UNSUPPORTED`: a foreign type, or a view.
 */
MV_API mv_status mv_object_holders(const mv_object *object, char *text, size_t size, size_t *out_length,
                                   mv_error *error);

/**
 * Takes the memory back from whoever holds views of it. From this call on, views of the object answer
 * `MV_E_RELEASED` and requests are refused with it.
 *
 * `MV_OK` says that no operation is in flight and no raw buffer is out: the memory is the owner's again, to
 * change or to free as far as it is the caller's own. It never waits. For every built-in but bytes, and for
 * custom exporters.
 *
 * `MV_E_EXPORTED`: buffers are still acquired (the error's value says how many) or operations in flight; ask
 * again. Somebody who only runs into the revocation may be counted for that moment, even after `MV_OK`, but
 * touches nothing. `MV_E_UNSUPPORTED`: bytes, views, foreign types.
 */
MV_API mv_status mv_object_revoke(mv_object *object, mv_error *error);

/**
 * Makes an immutable copy of `length` bytes: Python's bytes. It exports read-only memory of format "B".
 *
 * `data` may be NULL where `length` is 0.
 *
 * `MV_E_NULL`: `out`. `MV_E_VALUE`: `data` is NULL and `length` is not 0. `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_bytes_new(const void *data, size_t length, mv_object **out, mv_error *error);

/**
 * Makes a growable array of bytes: Python's bytearray. It exports writable memory of format "B", and any
 * change of its size is refused while an acquisition is alive.
 *
 * It holds a copy of `length` bytes of `data`, or zeros where `data` is NULL.
 *
 * `MV_E_NULL`: `out`. `MV_E_OVERFLOW`: `length` is above `PTRDIFF_MAX`. `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_bytearray_new(const void *data, size_t length, mv_object **out,
                                               mv_error *error);

/**
 * Replaces `removed` bytes at offset `at` by `length` bytes of `data`. Append, extend, insert, remove and
 * clear are all splices. Replacing bytes by as many is allowed while exports are alive; a change of size is
 * not.
 *
 * `data` may lie in the bytearray itself, and may be NULL where `length` is 0. On failure nothing has
 * changed.
 *
 * `MV_E_NULL`: `array`. `MV_E_TYPE`: not a bytearray of this library. `MV_E_INDEX`: `at` is past the end, or
 * `removed` reaches past it. `MV_E_VALUE`: `data` is NULL and `length` is not 0. `MV_E_EXPORTED`: the size
 * would change while acquisitions are alive; the error's value is their number, its message names the
 * labelled ones. `MV_E_BUSY`: an immutable lease is alive. `MV_E_RELEASED`: revoked. `MV_E_OVERFLOW`.
 * `MV_E_NO_MEMORY`.
 */
MV_API mv_status mv_bytearray_splice(mv_object *array, size_t at, size_t removed, const void *data,
                                     size_t length, mv_error *error);

/**
 * Changes the length; new bytes are zero. The memory may move, so it is refused while acquisitions are alive,
 * unless the length stays the same.
 *
 * `MV_E_NULL`: `array`. `MV_E_TYPE`: not a bytearray of this library. `MV_E_EXPORTED`: acquisitions are
 * alive; the error's value is their number, its message names the labelled ones. `MV_E_RELEASED`: revoked.
 * `MV_E_OVERFLOW`. `MV_E_NO_MEMORY`: nothing has changed.
 */
MV_API mv_status mv_bytearray_resize(mv_object *array, size_t length, mv_error *error);

/**
 * Makes room for `capacity` bytes in all, so that growing up to there does not allocate. It never shrinks.
 * Refused as `mv_bytearray_resize` is, with the same statuses, unless the room is already there.
 */
MV_API mv_status mv_bytearray_reserve(mv_object *array, size_t capacity, mv_error *error);

/**
 * Makes an N-dimensional array of its own memory: zeroed, aligned to 64 bytes, contiguous in the given order.
 *
 * `format` is the format of an item, of any kind that has bytes: "d", "T{h:id:f:x:}". `shape` holds `ndim`
 * extents; `NULL, 0` is the 0-dimensional shape of one item. `order` is 'C' or 'F'.
 *
 * `MV_E_NULL`: `format`, `out`, or `shape` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is negative, or
 * another order. `MV_E_LIMIT`: `ndim` is above 64. `MV_E_FORMAT`, `MV_E_LIMIT`, `MV_E_OVERFLOW`: as
 * `mv_format_parse`; `MV_E_FORMAT`, too, for a format without bytes. `MV_E_SHAPE`: a negative extent.
 * `MV_E_OVERFLOW`. `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_array_new(const char *format, const ptrdiff_t *shape, int ndim, int order,
                                           mv_object **out, mv_error *error);

/**
 * Gives an array another shape of as many dimensions; what lies in both shapes keeps its index and its value,
 * what is new is zero. The memory may move, so it is refused while acquisitions are alive.
 *
 * `MV_E_NULL`: `array`, or `shape` where `ndim` is above 0. `MV_E_TYPE`: not an array of this library.
 * `MV_E_SHAPE`: another number of dimensions, or a negative extent. `MV_E_VALUE`: `ndim` is negative.
 * `MV_E_LIMIT`. `MV_E_EXPORTED`: acquisitions are alive; the error's value is their number, its message names
 * the labelled ones. `MV_E_RELEASED`: revoked. `MV_E_OVERFLOW`. `MV_E_NO_MEMORY`: nothing has changed.
 */
MV_API mv_status mv_array_resize(mv_object *array, const ptrdiff_t *shape, int ndim, mv_error *error);

/**
 * Makes an object of somebody else's memory: `length` bytes at `data`, format "B".
 *
 * The memory stays where it is until `free(context, data)` is called, once, when the last reference and the
 * last acquisition are gone. `free` may be NULL: then the caller keeps the memory alive, and can be sure of
 * it after `mv_object_revoke`. On failure `free` is not called. `data` may be NULL where `length` is 0.
 * `readonly` other than 0 says that nobody may write.
 *
 * `MV_E_NULL`: `out`. `MV_E_VALUE`: `data` is NULL and `length` is not 0. `MV_E_OVERFLOW`: `length` is above
 * `PTRDIFF_MAX`. `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_memory_new(void *data, size_t length, int readonly, mv_free_fn free,
                                            void *context, mv_object **out, mv_error *error);

/**
 * Makes an object of somebody else's memory, described in full: `description` gives the first item's address,
 * format, shape, strides and suboffsets; `base` and `extent` give the bytes in which all of it must lie.
 *
 * Every byte that the description reaches is checked against the extent; with suboffsets, the table of
 * pointers is checked and the blocks are taken on trust. The description, its arrays and its format are
 * copied. In it, `obj`, `internal` and a `len` of 0 are ignored, a NULL `format` means "B", NULL `shape` one
 * dimension of `len` bytes, and NULL `strides` C order; items and formats that do not fit each other are as
 * in `mv_view_from_buffer`. `free(context, base)` is called as by `mv_memory_new`.
 *
 * `MV_E_NULL`: `description`, `out`, or its `shape` where `ndim` is above 1. `MV_E_VALUE`: `ndim` is
 * negative, `base` or `buf` is NULL while there are items, or `shape` is NULL and `len` is not a multiple of
 * `itemsize`. `MV_E_LIMIT`: `ndim` is above 64. `MV_E_FORMAT`: `itemsize` is not above 0, or below the size
 * of a native type that the format is ("i"). `MV_E_SHAPE`: a negative extent, a `len` that is not the
 * shape's, or a description that reaches outside the extent. `MV_E_OVERFLOW`. `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_memory_describe(const mv_buffer *description, void *base, size_t extent,
                                                 mv_free_fn free, void *context, mv_object **out,
                                                 mv_error *error);

/**
 * Makes an object of a caller's callbacks and its `self`; counted, labelled, leased and revoked as a
 * built-in.
 *
 * The table is copied. `self` may be NULL; it is handed to the callbacks and, last of all, to `free`. On
 * failure `free` is not called.
 *
 * `MV_E_NULL`: `callbacks`, its `acquire`, or `out`. `MV_E_VERSION`: `callbacks->size` is too small.
 * `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_custom_new(const mv_exporter *callbacks, void *self, mv_object **out,
                                            mv_error *error);

/* --------------------------------------------------------------------------------------------------------
 * 3. Buffers
 * -------------------------------------------------------------------------------------------------------- */

enum {
    /** Contiguous bytes: no format, no shape, no strides. (`PyBUF_SIMPLE`) */
    MV_SIMPLE = 0,
    /**
     * The memory must be writable; may be combined with every other flag. Without it the answer may still be
     * writable: `readonly` tells. (`PyBUF_WRITABLE`)
     */
    MV_WRITABLE = 0x1,
    /**
     * The format must be given; without a shape, of memory whose items are bytes (B, b, c) alone.
     * (`PyBUF_FORMAT`)
     */
    MV_FORMAT = 0x4,
    /** The shape must be given; the memory is C-contiguous. (`PyBUF_ND`) */
    MV_ND = 0x8,
    /** Shape and strides must be given. (`PyBUF_STRIDES`) */
    MV_STRIDES = 0x10 | MV_ND,
    /** With strides, and the memory must be contiguous in C order. (`PyBUF_C_CONTIGUOUS`) */
    MV_C_CONTIGUOUS = 0x20 | MV_STRIDES,
    /** With strides, and the memory must be contiguous in Fortran order. (`PyBUF_F_CONTIGUOUS`) */
    MV_F_CONTIGUOUS = 0x40 | MV_STRIDES,
    /** With strides, and the memory must be contiguous in either order. (`PyBUF_ANY_CONTIGUOUS`) */
    MV_ANY_CONTIGUOUS = 0x80 | MV_STRIDES,
    /** With strides, and with suboffsets where the memory has them. (`PyBUF_INDIRECT`) */
    MV_INDIRECT = 0x100 | MV_STRIDES,
    /** `PyBUF_CONTIG` */
    MV_CONTIG = MV_ND | MV_WRITABLE,
    /** `PyBUF_CONTIG_RO` */
    MV_CONTIG_RO = MV_ND,
    /** `PyBUF_STRIDED` */
    MV_STRIDED = MV_STRIDES | MV_WRITABLE,
    /** `PyBUF_STRIDED_RO` */
    MV_STRIDED_RO = MV_STRIDES,
    /** `PyBUF_RECORDS` */
    MV_RECORDS = MV_STRIDES | MV_WRITABLE | MV_FORMAT,
    /** `PyBUF_RECORDS_RO` */
    MV_RECORDS_RO = MV_STRIDES | MV_FORMAT,
    /** `PyBUF_FULL` */
    MV_FULL = MV_INDIRECT | MV_WRITABLE | MV_FORMAT,
    /** `PyBUF_FULL_RO`: the one request that every exporter can answer. */
    MV_FULL_RO = MV_INDIRECT | MV_FORMAT,
    /**
     * A lease, memview's own: nobody else holds the memory while this acquisition lives. Refused with
     * `MV_E_EXPORTED` while others do; whoever asks later is refused with `MV_E_BUSY`.
     */
    MV_EXCLUSIVE = 0x10000,
    /**
     * A lease, memview's own: nobody writes the memory while this acquisition lives; it is answered
     * read-only. Refused with `MV_E_EXPORTED` while somebody holds the memory writable; whoever later asks
     * for writable memory is refused with `MV_E_BUSY`, and whoever asks without `MV_WRITABLE` is answered
     * read-only and counts as immutable too: the memory is writable again when all of them are released.
     */
    MV_IMMUTABLE = 0x20000,
};

/**
 * Acquires the object's memory: until `mv_buffer_release`, it neither moves nor vanishes.
 * (`PyObject_GetBuffer`)
 *
 * `flags` say what the caller can deal with; fields that were not asked for are NULL in `out`. `len`,
 * `itemsize`, `readonly` and `ndim` are always filled. Acquiring from a built-in object or a view allocates
 * nothing.
 *
 * `MV_E_NULL`: `object` or `out`. `MV_E_FLAGS`: unknown flags, exactly 0x100 or 0x200, both leases, or
 * `MV_IMMUTABLE` with `MV_WRITABLE`. `MV_E_BUFFER`: the memory is not as asked for (read-only, not
 * contiguous, needs strides, suboffsets, or a shape), or the exporter grants no such lease (a view grants
 * none but the immutable one that it was granted). `MV_E_RELEASED`: a released view or revoked memory.
 * `MV_E_BUSY`: somebody's lease. `MV_E_EXPORTED`: a lease is asked for while others hold the memory.
 * `MV_E_LIMIT`: too many acquisitions. `MV_E_CALLBACK`: a foreign exporter's answer is invalid; the message
 * names the field. Statuses of foreign exporters pass through. After a failure `out` is all zero.
 */
MV_NODISCARD MV_API mv_status mv_buffer_acquire(mv_object *object, int flags, mv_buffer *out,
                                                mv_error *error);

/**
 * `mv_buffer_acquire` with all that flags cannot say: a wanted format and number of dimensions, and a label.
 *
 * A wanted format or number of dimensions implies that it is known, whatever the flags: the answer's format
 * and shape are compared, and given only where asked for. A labelled acquisition allocates a note of its
 * label.
 *
 * As `mv_buffer_acquire`; also `MV_E_NULL`: `request`; `MV_E_VERSION`: `request->size` is too small;
 * `MV_E_VALUE`: `request->ndim` is below -1; `MV_E_BUFFER`: another format or number of dimensions;
 * `MV_E_NO_MEMORY`: for the label, or to compare the formats.
 */
MV_NODISCARD MV_API mv_status mv_buffer_acquire_for(mv_object *object, const mv_request *request,
                                                    mv_buffer *out, mv_error *error);

/**
 * Ends an acquisition and empties the struct. A struct that has been released, one that is all zero, one
 * without `obj`, and NULL are no-ops. Never fails, never allocates. (`PyBuffer_Release`)
 */
MV_API void mv_buffer_release(mv_buffer *buffer);

/**
 * 1 where the buffer's items follow each other without gaps in the order 'C', in 'F', or, for 'A', in either;
 * 0 elsewhere, for NULL, and for any other order. (`PyBuffer_IsContiguous`)
 *
 * A buffer with an indirect dimension never is; one without items, or of 0 dimensions, always is.
 */
MV_API int mv_buffer_is_contiguous(const mv_buffer *buffer, int order);

/**
 * The alignment that every item has: the greatest power of two that divides `buf` and every stride in use. 0
 * for NULL and for a buffer that makes no sense.
 */
MV_API size_t mv_buffer_alignment(const mv_buffer *buffer);

/**
 * The bytes that the buffer can reach: from `*out_low`, `*out_size` bytes. With suboffsets, the bytes of the
 * table of pointers.
 *
 * `MV_E_NULL`: `buffer`, `out_low` or `out_size`. `MV_E_CALLBACK`: a buffer that makes no sense.
 * `MV_E_OVERFLOW`.
 */
MV_API mv_status mv_buffer_extent(const mv_buffer *buffer, const void **out_low, size_t *out_size,
                                  mv_error *error);

/**
 * The address of one item, bounds checked; a negative index counts from the end. (`PyBuffer_GetPointer`) It
 * is valid while the buffer is acquired.
 *
 * `index` holds `ndim` indices, as many as the buffer has dimensions. A buffer without a shape has one
 * dimension of `len` bytes. For loops in C and C++ `memview_inline.h` has it without a call, as
 * `mv_buffer_pointer_inline`.
 *
 * `MV_E_NULL`: `buffer`, `out`, or `index` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is negative.
 * `MV_E_LIMIT`: `ndim` is above 64. `MV_E_TYPE`: too many or too few indices. `MV_E_INDEX`: out of bounds;
 * `dim`, `value` and `limit` say where. `MV_E_CALLBACK`: a buffer that makes no sense.
 */
MV_API mv_status mv_buffer_pointer(const mv_buffer *buffer, const ptrdiff_t *index, int ndim, void **out,
                                   mv_error *error);

/**
 * Fills a buffer for an exporter of plain bytes, as `flags` ask. (`PyBuffer_FillInfo`) For `mv_type.acquire`.
 *
 * The shape is `length` itself, so `*length` must live and keep its value until the release. `object` may be
 * NULL (borrowed memory that nobody releases). Nothing is counted: the exporter does that.
 *
 * `MV_E_NULL`: `out` or `length`. `MV_E_VALUE`: `*length` is negative, or `data` is NULL and `*length` is not
 * 0. `MV_E_FLAGS`: unknown flags, exactly 0x100 or 0x200. `MV_E_BUFFER`: `MV_WRITABLE` is asked of read-only
 * memory. After a failure `out` is all zero.
 */
MV_API mv_status mv_buffer_fill_info(mv_buffer *out, mv_object *object, void *data, const ptrdiff_t *length,
                                     int readonly, int flags, mv_error *error);

/**
 * Computes the strides of a contiguous block: `order` 'C' or 'F'. (`PyBuffer_FillContiguousStrides`)
 *
 * `MV_E_NULL`: `shape` or `out_strides` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is negative, or another
 * order. `MV_E_LIMIT`: `ndim` is above 64. `MV_E_FORMAT`: `itemsize` is not above 0. `MV_E_SHAPE`: a negative
 * extent. `MV_E_OVERFLOW`. On failure `out_strides` is untouched.
 */
MV_API mv_status mv_buffer_fill_strides(const ptrdiff_t *shape, int ndim, ptrdiff_t itemsize, int order,
                                        ptrdiff_t *out_strides, mv_error *error);

/**
 * Copies all items into contiguous memory in the order 'C' or 'F'; 'A': as they lie if that is Fortran order,
 * else C. (`PyBuffer_ToContiguous`)
 *
 * `length` must be `buffer->len`. The two may overlap.
 *
 * `MV_E_NULL`: `buffer`. `MV_E_VALUE`: another order, or `data` is NULL and `length` is not 0. `MV_E_SHAPE`:
 * another length. `MV_E_CALLBACK`: a buffer that makes no sense. `MV_E_NO_MEMORY`: overlapping memory needs a
 * temporary copy.
 */
MV_API mv_status mv_buffer_to_contiguous(const mv_buffer *buffer, void *data, size_t length, int order,
                                         mv_error *error);

/**
 * Copies contiguous memory in the order 'C', 'F' or 'A' into the buffer's items. (`PyBuffer_FromContiguous`)
 *
 * Fewer bytes write the first items of that order, more are ignored; a trailing part of an item is dropped.
 * The two may overlap.
 *
 * `MV_E_NULL`: `buffer`. `MV_E_VALUE`: another order, or `data` is NULL and `length` is not 0.
 * `MV_E_READONLY`: the buffer is read-only. `MV_E_CALLBACK`: a buffer that makes no sense. `MV_E_NO_MEMORY`:
 * overlapping memory needs a temporary copy.
 */
MV_API mv_status mv_buffer_from_contiguous(const mv_buffer *buffer, const void *data, size_t length,
                                           int order, mv_error *error);

/**
 * Copies all items of one exporter to another of the same shape and format, overlap or not.
 * (`PyObject_CopyData`)
 *
 * `MV_E_NULL`: `destination` or `source`. `MV_E_BUFFER`: the destination is read-only. `MV_E_SHAPE`: the
 * shapes differ. `MV_E_FORMAT`: the formats differ in layout. `MV_E_NO_MEMORY`: formats are parsed, or
 * overlapping memory needs a temporary copy. Also what `mv_buffer_acquire` returns for either.
 */
MV_API mv_status mv_object_copy(mv_object *destination, mv_object *source, mv_error *error);

/* --------------------------------------------------------------------------------------------------------
 * 4. Views
 * -------------------------------------------------------------------------------------------------------- */

enum {
    /** `mv_view_contiguous`: the view is only read; a copy, where one is needed, is read-only. */
    MV_READ = 0x100,
    /** `mv_view_contiguous`: the view is written; memory that is not contiguous is refused. */
    MV_WRITE = 0x200,
    /**
     * `mv_view_contiguous`: the view is written; a copy, where one is needed, is written back when its last
     * view is released.
     */
    MV_WRITE_BACK = 0x400,
};

/**
 * Makes a view of an object: acquires it in full and holds it until the last view that shares the acquisition
 * is released. (`memoryview(object)`, `PyMemoryView_FromObject`)
 *
 * `flags` say what the views must be able to do: `MV_FULL_RO` for any memory; with `MV_WRITABLE` read-only
 * memory is refused; with `MV_C_CONTIGUOUS` strided memory; and so on. A view of a view shares its
 * acquisition, whatever the flags ask beyond what it has is refused. Making a view is one allocation.
 *
 * `MV_E_NULL`: `object` or `out`. `MV_E_NO_MEMORY`. Also what `mv_buffer_acquire` returns.
 */
MV_NODISCARD MV_API mv_status mv_view_new(mv_object *object, int flags, mv_view **out, mv_error *error);

/**
 * `mv_view_new` with all that flags cannot say: a wanted format and number of dimensions, and a label. A view
 * of a view with a label has an acquisition of its own, so that the label has something to stand for.
 *
 * As `mv_view_new` and `mv_buffer_acquire_for`.
 */
MV_NODISCARD MV_API mv_status mv_view_new_for(mv_object *object, const mv_request *request, mv_view **out,
                                              mv_error *error);

/**
 * Makes a view of borrowed memory in one call: a C-contiguous block. (`PyMemoryView_FromMemory`, with a
 * shape)
 *
 * The caller keeps the memory alive and in place until the last view of it is released; to be told when, or
 * to revoke it, use `mv_memory_new`. `format` is any that has bytes, and is copied; NULL means "B". `data`
 * may be NULL where there are no items.
 *
 * `MV_E_NULL`: `out`, or `shape` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is negative, or `data` is NULL
 * while there are items. `MV_E_LIMIT`: `ndim` is above 64. `MV_E_FORMAT`, `MV_E_LIMIT`, `MV_E_OVERFLOW`: as
 * `mv_format_parse`; `MV_E_FORMAT`, too, for a format without bytes. `MV_E_SHAPE`: a negative extent.
 * `MV_E_OVERFLOW`. `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_view_wrap(void *data, const char *format, const ptrdiff_t *shape, int ndim,
                                           int readonly, mv_view **out, mv_error *error);

/**
 * Makes a view of memory that a buffer describes; the description's arrays are copied, its memory and format
 * are borrowed. (`PyMemoryView_FromBuffer`)
 *
 * The view does not hold the description's `obj` and will not release it: whoever made the description keeps
 * it alive. Missing pieces are filled in: `shape` NULL with 1 dimension means `len / itemsize`, `strides`
 * NULL means C order, `format` NULL means "B". What an item has beyond its struct, sequence or sub-array is
 * padding. Items have no meaning (`MV_OPAQUE`) where the format cannot be read, needs more bytes than they
 * have, or is one value that does not fill them.
 *
 * `MV_E_NULL`: `description`, `out`, or its `shape` where `ndim` is above 1. `MV_E_VALUE`: `buf` is NULL,
 * `ndim` is negative, or `len` is not a multiple of `itemsize`. `MV_E_LIMIT`: `ndim` is above 64.
 * `MV_E_FORMAT`: `itemsize` is not above 0, or below the size of a native type that the format is ("i").
 * `MV_E_SHAPE`: a negative extent, or `len` is not the shape's. `MV_E_OVERFLOW`. `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_view_from_buffer(const mv_buffer *description, mv_view **out,
                                                  mv_error *error);

/**
 * Makes a view whose items are contiguous in the order 'C', 'F', or, for 'A', in either: the object's own
 * memory where it is already, else a copy in C order ('F': in Fortran order) of the same shape and format.
 * (`PyMemoryView_GetContiguous`)
 *
 * With `MV_WRITE_BACK` a copy holds the object, and its items are written back when the last view that shares
 * the copy is released: `mv_view_release` reports how that went; `mv_view_unref` cannot.
 *
 * `MV_E_NULL`: `object` or `out`. `MV_E_VALUE`: another mode or order. `MV_E_BUFFER`: the memory is read-only
 * and the mode writes; or it is not contiguous and the mode is `MV_WRITE`. `MV_E_NO_MEMORY`. Also what
 * `mv_buffer_acquire` returns.
 */
MV_NODISCARD MV_API mv_status mv_view_contiguous(mv_object *object, int mode, int order, mv_view **out,
                                                 mv_error *error);

/**
 * Makes a view of the same items with an acquisition of its own, so that threads that work on views of their
 * own do not meet on one counter. It counts as one more export of a built-in object; a foreign or custom
 * exporter, which could answer with other memory, is not asked again, and what it granted is kept until both
 * are released.
 *
 * `MV_E_NULL`: `view` or `out`. `MV_E_RELEASED`. `MV_E_BUSY`: the acquisition is an exclusive lease.
 * `MV_E_NO_MEMORY`. Also what `mv_buffer_acquire` returns.
 */
MV_NODISCARD MV_API mv_status mv_view_reexport(const mv_view *view, mv_view **out, mv_error *error);

/**
 * Makes a read-only view of the same items; the original stays as it is. Views made from it are read-only.
 * (`memoryview.toreadonly`)
 *
 * `MV_E_NULL`: `view` or `out`. `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_view_toreadonly(const mv_view *view, mv_view **out, mv_error *error);

/** Adds a reference and returns the view; NULL gives NULL. Never fails. */
MV_API mv_view *mv_view_ref(mv_view *view);

/**
 * Drops a reference. With the last one the view is released, or, while buffers acquired from it are alive or
 * an operation is in flight, as soon as they end. NULL is a no-op. Never fails.
 */
MV_API void mv_view_unref(mv_view *view);

/**
 * Releases the view: its share of the acquisition ends, and with the last share the exporter is told at once.
 * The handle stays valid and answers `MV_E_RELEASED`; it still wants its `mv_view_unref`. Releasing again is
 * a no-op. Views made from this one are not touched; one that another thread is making of it comes about, or
 * answers `MV_E_RELEASED`. (`memoryview.release`)
 *
 * `MV_E_NULL`: `view`. `MV_E_TYPE`: no view of this copy of memview. `MV_E_EXPORTED`: buffers acquired from
 * the view are alive, the error's value says how many, or an operation on it is in flight. Of a contiguous
 * copy, the failure to write it back: the view is released all the same.
 */
MV_API mv_status mv_view_release(mv_view *view, mv_error *error);

/**
 * Every attribute of the view at once: `mv_view_buffer(view)->shape[1]` reads without a further call. All
 * fields are filled (`shape` and `strides` are NULL only for 0 dimensions, `suboffsets` where no dimension is
 * indirect). `obj` is the exporter. (`PyMemoryView_GET_BUFFER`)
 *
 * Borrowed: valid while the handle is, and never to be released. NULL for NULL, for a view of another copy of
 * memview, and once the view is released or its memory revoked. It describes; whoever touches `buf` while
 * other threads may release the view or the owner may revoke the memory holds an acquisition,
 * `mv_buffer_acquire(mv_view_as_object(view), ...)`.
 */
MV_API const mv_buffer *mv_view_buffer(const mv_view *view);

/**
 * The exporter whose memory the view shows, CPython's `.obj`: not another view, but the object at the bottom.
 * Borrowed: valid until the view is released. NULL for NULL, for borrowed memory, and once the view is
 * released.
 */
MV_API mv_object *mv_view_exporter(const mv_view *view);

/**
 * The view as an object, to hand it to others or to acquire from it: the same pointer, borrowed. NULL for
 * NULL.
 */
MV_API mv_object *mv_view_as_object(mv_view *view);

/* --------------------------------------------------------------------------------------------------------
 * 5. Geometry
 * -------------------------------------------------------------------------------------------------------- */

enum {
    /** One position: `start`; a negative one counts from the end. The result loses the dimension. */
    MV_INDEX_AT = 0,
    /** A slice by Python's rules: those of `start`, `stop` and `step` that `given` names. */
    MV_INDEX_SLICE = 1,
    /** As many whole dimensions as the other items leave. At most one in an index. */
    MV_INDEX_ELLIPSIS = 2,
    /** A new dimension of extent 1. */
    MV_INDEX_NEWAXIS = 3,
};

/**
 * One item of an index: an integer, a slice, an ellipsis or a new axis.
 *
 * Best written by the macros `MV_AT(3)`, `MV_SLICE(1, 3)`, `MV_STEP(9, 0, -2)`, `MV_FROM(1)`, `MV_TO(3)`,
 * `MV_EVERY(-1)`, `MV_ALL`, `MV_ELLIPSIS` and `MV_NEWAXIS`.
 */
struct mv_index {
    /** `MV_INDEX_AT`, `MV_INDEX_SLICE`, `MV_INDEX_ELLIPSIS` or `MV_INDEX_NEWAXIS`. */
    int32_t kind;
    /**
     * Of a slice: the sum of 1 where `start` is given, 2 where `stop` is, 4 where `step` is. What is not
     * given is as if left out in Python.
     */
    uint32_t given;
    /** The position, or the first position of a slice. A negative one counts from the end. */
    ptrdiff_t start;
    /** The first position that is no more in the slice. A negative one counts from the end. */
    ptrdiff_t stop;
    /** The distance between positions of a slice; a negative one goes backwards. */
    ptrdiff_t step;
};

/** Index items, for arrays of mv_index: one index, which removes the dimension. `x[i]` */
#define MV_AT(i) {MV_INDEX_AT, 1, (i), 0, 0}
/** `x[start:stop]` */
#define MV_SLICE(start, stop) {MV_INDEX_SLICE, 3, (start), (stop), 0}
/** `x[start:stop:step]` */
#define MV_STEP(start, stop, step) {MV_INDEX_SLICE, 7, (start), (stop), (step)}
/** `x[start:]` */
#define MV_FROM(start) {MV_INDEX_SLICE, 1, (start), 0, 0}
/** `x[:stop]` */
#define MV_TO(stop) {MV_INDEX_SLICE, 2, 0, (stop), 0}
/** `x[::step]`; MV_EVERY(-1) reverses. */
#define MV_EVERY(step) {MV_INDEX_SLICE, 4, 0, 0, (step)}
/** `x[:]` */
#define MV_ALL {MV_INDEX_SLICE, 0, 0, 0, 0}
/** `x[...]`: as many whole dimensions as are not named. */
#define MV_ELLIPSIS {MV_INDEX_ELLIPSIS, 0, 0, 0, 0}
/** `x[None]`: a new dimension of extent 1. */
#define MV_NEWAXIS {MV_INDEX_NEWAXIS, 0, 0, 0, 0}

/** An array of index items and its count: `mv_view_index(view, MV_ITEMS(MV_AT(0), MV_ALL), ...)`. C only. */
#define MV_ITEMS(...)                                                                                      \
    (const mv_index[]){__VA_ARGS__},                                                                       \
        (int)(sizeof((const mv_index[]){__VA_ARGS__}) / sizeof(mv_index))

/** In place of a shape and its ndim: derive it. (`NULL, 0` is the shape of 0 dimensions.) */
#define MV_NO_SHAPE NULL, -1

/**
 * Makes a view by a list of index items, one for each dimension; what is not named is taken whole.
 * (`view[items]`)
 *
 * An integer removes its dimension, a slice keeps it, an ellipsis stands for as many whole dimensions as are
 * missing, a newaxis adds a dimension of extent 1. Bounds of slices are clamped as in Python; a negative
 * index or bound counts from the end.
 *
 * `MV_E_NULL`: `view`, `out`, or `items` where `count` is above 0. `MV_E_VALUE`: `count` is negative, a step
 * of 0, two ellipses, an unknown kind. `MV_E_TYPE`: more items than dimensions. `MV_E_INDEX`: an integer out
 * of bounds; `dim`, `value` and `limit` say where. `MV_E_LIMIT`: more than 64 dimensions, or 2^30 views of
 * one acquisition. `MV_E_UNSUPPORTED`: the result's suboffsets have no description. `MV_E_RELEASED`.
 * `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_view_index(const mv_view *view, const mv_index *items, int count,
                                            mv_view **out, mv_error *error);

/**
 * `mv_view_index` with the items as a text in Python's syntax: `"1:3, ..., ::-1"`; `newaxis` and `None` are
 * the same.
 *
 * As `mv_view_index`; also `MV_E_VALUE`: a text that is no index, `position` says where.
 */
MV_NODISCARD MV_API mv_status mv_view_slice(const mv_view *view, const char *text, mv_view **out,
                                            mv_error *error);

/**
 * Reads an index text into items, for those who use one text for many views.
 *
 * At most `capacity` items are written; `out_count` receives their number. 129 suffice for every text that a
 * view can take. Numbers beyond `ptrdiff_t` become its least or greatest: as an index they are out of bounds,
 * as a bound they are clamped.
 *
 * `MV_E_NULL`: `text`, `out_count`, or `items` where `capacity` is above 0. `MV_E_VALUE`: `capacity` is
 * negative, or a text that is no index, `position` says where. `MV_E_LIMIT`: more items than `capacity`.
 */
MV_API mv_status mv_index_parse(const char *text, mv_index *items, int capacity, int *out_count,
                                mv_error *error);

/**
 * Makes a view with its dimensions in another order: dimension `i` of the result is dimension `axes[i]` of
 * the view. `NULL, 0` reverses them. A negative axis counts from the end. (`numpy.transpose`)
 *
 * `MV_E_NULL`: `view`, `out`, or `axes` where `count` is above 0. `MV_E_VALUE`: `count` is not the number of
 * dimensions, no such axis, or an axis named twice. `MV_E_UNSUPPORTED`: a dimension would move across an
 * indirect one. `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_view_transpose(const mv_view *view, const int *axes, int count,
                                                mv_view **out, mv_error *error);

/**
 * Makes a view of the same items in another shape, taken in the order 'C', 'F', or, for 'A', in the one in
 * which they lie. One extent may be -1: it follows from the others. (`numpy.reshape`, without its copy)
 *
 * `MV_E_NULL`: `view`, `out`, or `shape` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is negative, or
 * another order. `MV_E_LIMIT`: `ndim` is above 64. `MV_E_SHAPE`: another number of items, a negative extent,
 * or two of -1. `MV_E_UNSUPPORTED`: the shape cannot be had without a copy. `MV_E_RELEASED`. `MV_E_OVERFLOW`.
 * `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_view_reshape(const mv_view *view, const ptrdiff_t *shape, int ndim,
                                              int order, mv_view **out, mv_error *error);

/**
 * Makes a read-only view of a greater shape in which dimensions of extent 1, and new ones in front, repeat
 * without a copy. (`numpy.broadcast_to`)
 *
 * `MV_E_NULL`: `view`, `out`, or `shape` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is negative.
 * `MV_E_LIMIT`: `ndim` is above 64. `MV_E_SHAPE`: the shapes do not fit, or a negative extent.
 * `MV_E_OVERFLOW`. `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_view_broadcast(const mv_view *view, const ptrdiff_t *shape, int ndim,
                                                mv_view **out, mv_error *error);

/**
 * Makes a read-only view of every position of a window that slides over the items, without a copy.
 * (`numpy.lib.stride_tricks.sliding_window_view`)
 *
 * `shape` has one extent for each dimension of the view. The result has twice as many dimensions: the
 * positions, `extent - window + 1` of them, then the items of the window.
 *
 * `MV_E_NULL`: `view`, `out`, or `shape` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is negative.
 * `MV_E_LIMIT`: the view has more than 32 dimensions. `MV_E_SHAPE`: not one extent for each dimension, a
 * negative one, or one that is greater than the dimension; `dim` says which. `MV_E_UNSUPPORTED`: the window
 * would slide across a dereference. `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_view_window(const mv_view *view, const ptrdiff_t *shape, int ndim,
                                             mv_view **out, mv_error *error);

/**
 * Makes a view of a diagonal: `axis1` and `axis2` are taken away, and the items whose position on `axis2` is
 * that on `axis1` plus `offset` become the last dimension. Axes may count from the end. (`numpy.diagonal`)
 *
 * `MV_E_NULL`: `view` or `out`. `MV_E_VALUE`: there is no such axis, or both are the same.
 * `MV_E_UNSUPPORTED`: the diagonal would cross a dereference, or a suboffset go below zero; `dim` says where.
 * `MV_E_OVERFLOW`. `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_view_diagonal(const mv_view *view, ptrdiff_t offset, int axis1, int axis2,
                                               mv_view **out, mv_error *error);

/**
 * Makes a view in a shape and with strides of the caller's, `offset` bytes from the first item, within the
 * bytes that the view reaches. (`numpy.lib.stride_tricks.as_strided`, but checked)
 *
 * `strides` has `ndim` entries in bytes, of either sign or 0. Items of the result may overlap each other.
 *
 * `MV_E_NULL`: `view`, `out`, or `shape` or `strides` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is
 * negative. `MV_E_LIMIT`: `ndim` is above 64. `MV_E_SHAPE`: a negative extent, or a byte outside of those
 * that the view reaches (`value` counts from the first of them, `limit` is how many there are).
 * `MV_E_UNSUPPORTED`: the view has suboffsets. `MV_E_OVERFLOW`. `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_view_strided(const mv_view *view, ptrdiff_t offset, const ptrdiff_t *shape,
                                              const ptrdiff_t *strides, int ndim, mv_view **out,
                                              mv_error *error);

/**
 * Makes a view of a part of every item: what a path leads to, as `mv_format_field` has it: a field of a
 * struct, a position in a sub-array; of a complex number also "real" and "imag" (of a field: "field.real").
 *
 * Where the part is a sub-array its extents are appended to the shape. The view's format is that of the part.
 *
 * `MV_E_NULL`: `view`, `path` or `out`. `MV_E_NOT_FOUND`: there is no such part; `position` is the offset in
 * the path. `MV_E_LIMIT`: more than 64 dimensions. `MV_E_FORMAT`: a part without bytes. `MV_E_UNSUPPORTED`: a
 * suboffset would go below zero. `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_view_field(const mv_view *view, const char *path, mv_view **out,
                                            mv_error *error);

/**
 * Makes a view of one of `parts` parts, for a host that has threads: the parts are balanced, do not overlap,
 * and together hold every item. `part` counts from 0. Where there are more parts than slices to share out,
 * some are empty.
 *
 * `MV_E_NULL`: `view` or `out`. `MV_E_VALUE`: `parts` is below 1, or there is no such part. `MV_E_TYPE`: 0
 * dimensions have one part. `MV_E_UNSUPPORTED`: a suboffset would go below zero. `MV_E_RELEASED`.
 * `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_view_split(const mv_view *view, int part, int parts, mv_view **out,
                                            mv_error *error);

/**
 * Makes a view of the same bytes as items of another format, in one dimension (`MV_NO_SHAPE`) or in the given
 * shape and the order 'C' or 'F'. (`memoryview.cast`)
 *
 * `format` NULL keeps the format. The view must be contiguous in C order; one that is contiguous in Fortran
 * order can be cast to one dimension, as its bytes lie. The new format is any that has bytes; its text is
 * kept as it is written.
 *
 * `MV_E_NULL`: `view`, `out`, or `shape` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is below -1, or
 * another order. `MV_E_LIMIT`: `ndim` is above 64. `MV_E_FORMAT`, `MV_E_LIMIT`, `MV_E_OVERFLOW`: as
 * `mv_format_parse`. `MV_E_TYPE`: the view is not contiguous; its bytes are no whole number of items or not
 * as many as the shape needs; or it has no items and is given a shape. `MV_E_SHAPE`: an extent that is not
 * above 0. `MV_E_OVERFLOW`. `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_view_cast(const mv_view *view, const char *format, const ptrdiff_t *shape,
                                           int ndim, int order, mv_view **out, mv_error *error);

/* --------------------------------------------------------------------------------------------------------
 * 6. Items
 * -------------------------------------------------------------------------------------------------------- */

enum {
    /** `mv_scalar.kind`: true or false, in `as.i` as 1 or 0. */
    MV_BOOL = 1,
    /** `mv_scalar.kind`: a signed number, in `as.i`. */
    MV_INT = 2,
    /** `mv_scalar.kind`: an unsigned number, in `as.u`. */
    MV_UINT = 3,
    /** `mv_scalar.kind`: a floating-point number, in `as.f`. */
    MV_FLOAT = 4,
    /** `mv_scalar.kind`: a complex number, in `as.c`. */
    MV_COMPLEX = 5,
    /**
     * `mv_scalar.kind`: bytes, in `as.bytes`: of items of "c", "s" and "p", of the latter without the length
     * in front.
     */
    MV_BYTES = 6,
    /**
     * `mv_scalar.kind`: characters, in `as.bytes`. As an item of "u" or "w" has them, where `format` says so;
     * where it is NULL, in UTF-8: so they can be given, too.
     */
    MV_TEXT = 7,
    /** `mv_scalar.kind`: an address, in `as.u`. */
    MV_POINTER = 8,
    /**
     * `mv_scalar.kind`: a struct, or a sequence of values; its bytes, in `as.bytes`, which `format` tells how
     * to read.
     */
    MV_RECORD = 9,
    /** `mv_scalar.kind`: a sub-array; its bytes, in `as.bytes`, which `format` tells how to read. */
    MV_ARRAY = 10,
    /**
     * `mv_scalar.kind`: an item that has no value of these kinds (pointers to something, functions, bits, a
     * format that cannot be read); its bytes, in `as.bytes`.
     */
    MV_OPAQUE = 11,
};

/** Bytes in memory that belongs to somebody else. */
struct mv_scalar_bytes {
    /** The first byte. */
    const void *data;
    /** How many there are. */
    size_t length;
};

/** A complex number. */
struct mv_scalar_complex {
    /** The real part. */
    double re;
    /** The imaginary part. */
    double im;
};

/** The value of a scalar; the kind says which member holds it. */
union mv_scalar_value {
    /** `MV_BOOL`, `MV_INT`. */
    int64_t i;
    /** `MV_UINT`, `MV_POINTER`. */
    uint64_t u;
    /** `MV_FLOAT`. */
    double f;
    /** `MV_COMPLEX`. */
    mv_scalar_complex c;
    /** `MV_BYTES`, `MV_TEXT`, `MV_RECORD`, `MV_ARRAY`, `MV_OPAQUE`. */
    mv_scalar_bytes bytes;
};

/**
 * One item as a tagged value, for callers that do not know the item's type. It owns nothing: what points,
 * points into the item.
 */
struct mv_scalar {
    /** `MV_BOOL` to `MV_OPAQUE`. */
    int32_t kind;
    /** 0. */
    int32_t reserved;
    /** The value. */
    mv_scalar_value as;
    /** How to read `as.bytes` of a text, a struct or a sub-array; else NULL. */
    const mv_format *format;
};

/**
 * Reads one item. (`view[index]`)
 *
 * `index` holds one integer for each dimension; `NULL, 0` reads the item of a 0-dimensional view. A negative
 * index counts from the end. Items may be unaligned and in any byte order; numbers come in this machine's.
 * What a scalar points to is the item itself: it lives as long as an acquisition of it. The scalar's `format`
 * belongs to the view.
 *
 * `MV_E_NULL`: `view`, `out`, or `index` where `ndim` is above 0. `MV_E_VALUE`: `ndim` is negative.
 * `MV_E_LIMIT`: `ndim` is above 64. `MV_E_TYPE`: too many or too few indices. `MV_E_INDEX`: out of bounds;
 * `dim`, `value` and `limit` say where. `MV_E_RELEASED`. `MV_E_NO_MEMORY`: a format with parts is parsed when
 * its first item is asked for.
 */
MV_API mv_status mv_view_get(const mv_view *view, const ptrdiff_t *index, int ndim, mv_scalar *out,
                             mv_error *error);

/**
 * Writes one item. (`view[index] = value`)
 *
 * Integer items take `MV_BOOL`, `MV_INT` and `MV_UINT` in their range; floating-point items take every number
 * ("f" stores infinity where a number is too great, as CPython does; "e" refuses), complex items these and
 * `MV_COMPLEX`; "?" takes the truth of any value without parts, of bytes and characters whether there are
 * any; "c" takes `MV_BYTES` of length 1, "s" and "p" bytes that fit, and fill up with zeros; "P" takes
 * `MV_POINTER` and integers; "u" and "w" take `MV_TEXT`. Structs and sub-arrays take `MV_RECORD` and
 * `MV_ARRAY` of an equal format, and, as items without a meaning do, `MV_BYTES` and `MV_OPAQUE` of their very
 * size. On failure nothing is written.
 *
 * As `mv_view_get`; also `MV_E_NULL`: `value`; `MV_E_READONLY`; `MV_E_TYPE`: a value of a kind that the item
 * does not take; `MV_E_RANGE`: it does not fit; `MV_E_VALUE`: bytes or characters of a length that does not
 * fit, or a text that is not UTF-8; `MV_E_FORMAT`: the item has no value, or is a struct or sub-array of
 * another format. `MV_E_NO_MEMORY`: long texts need a copy.
 */
MV_API mv_status mv_view_set(mv_view *view, const ptrdiff_t *index, int ndim, const mv_scalar *value,
                             mv_error *error);

/**
 * Reads a part of a struct or sub-array: what a path leads to, as `mv_format_field` has it.
 *
 * `record` is `MV_RECORD` or `MV_ARRAY`, as `mv_view_get` and this function make them; `out` may be `record`
 * itself.
 *
 * `MV_E_NULL`: `record`, `path` or `out`. `MV_E_TYPE`: a scalar of another kind. `MV_E_NOT_FOUND`: there is
 * no such field; `position` is the offset in the path. `MV_E_SHAPE`: the scalar has fewer bytes than its
 * format needs.
 */
MV_API mv_status mv_scalar_field(const mv_scalar *record, const char *path, mv_scalar *out, mv_error *error);

/**
 * Reads one item as a signed number.
 *
 * As `mv_view_get`; also `MV_E_TYPE`: the item is not an integer, a truth value or an address; `MV_E_RANGE`:
 * it does not fit; `MV_E_FORMAT`: the item is a struct, a sub-array, or has no value.
 */
MV_API mv_status mv_view_get_i64(const mv_view *view, const ptrdiff_t *index, int ndim, int64_t *out,
                                 mv_error *error);

/** Reads one item as an unsigned number. As `mv_view_get_i64`. */
MV_API mv_status mv_view_get_u64(const mv_view *view, const ptrdiff_t *index, int ndim, uint64_t *out,
                                 mv_error *error);

/**
 * Reads one item as a floating-point number; an integer must be exactly representable.
 *
 * As `mv_view_get`; also `MV_E_TYPE`: the item is no number; `MV_E_RANGE`: an integer that a double cannot
 * hold exactly; `MV_E_FORMAT`: the item is a struct, a sub-array, or has no value.
 */
MV_API mv_status mv_view_get_f64(const mv_view *view, const ptrdiff_t *index, int ndim, double *out,
                                 mv_error *error);

/** Writes a signed number into one item. As `mv_view_set` with `MV_INT`. */
MV_API mv_status mv_view_set_i64(mv_view *view, const ptrdiff_t *index, int ndim, int64_t value,
                                 mv_error *error);

/** Writes an unsigned number into one item. As `mv_view_set` with `MV_UINT`. */
MV_API mv_status mv_view_set_u64(mv_view *view, const ptrdiff_t *index, int ndim, uint64_t value,
                                 mv_error *error);

/** Writes a floating-point number into one item. As `mv_view_set` with `MV_FLOAT`. */
MV_API mv_status mv_view_set_f64(mv_view *view, const ptrdiff_t *index, int ndim, double value,
                                 mv_error *error);

/**
 * Writes all items as nested lists, as Python prints `memoryview.tolist()`: structs as tuples, sub-arrays as
 * lists, floats with the fewest digits that read back the same; items without a meaning as their bytes.
 *
 * Of more than `limit` items each long dimension shows its first three and last three; `SIZE_MAX` shows all.
 * `text`, `size` and `out_length` as `mv_format_text` has them.
 *
 * `MV_E_NULL`: `view`, or `text` where `size` is not 0. `MV_E_RELEASED`. `MV_E_NO_MEMORY`: a format is
 * parsed.
 */
MV_API mv_status mv_view_text(const mv_view *view, size_t limit, char *text, size_t size, size_t *out_length,
                              mv_error *error);

/* --------------------------------------------------------------------------------------------------------
 * 7. Bulk
 * -------------------------------------------------------------------------------------------------------- */

enum {
    /**
     * `mv_view_convert`: what does not fit is refused: integers arrive exactly or not at all; floats are
     * rounded to nearest, but do not overflow; into an integer goes what is whole; into a real number no
     * imaginary part.
     */
    MV_STRICT = 0,
    /**
     * `mv_view_convert`: what does not fit becomes the nearest number that does, NaN the integer 0; fractions
     * and imaginary parts are cut off.
     */
    MV_CLAMP = 1,
    /**
     * `mv_view_convert`: integers keep their low bits, floats overflow to infinity; fractions and imaginary
     * parts are cut off; NaN and infinities become the integer 0.
     */
    MV_WRAP = 2,
};

/** Bytes that follow each other in memory; laid out as `struct iovec`. */
struct mv_run {
    /** The first byte. */
    void *data;
    /** How many there are. */
    size_t length;
};

/**
 * Copies all items of one view to another of the same shape and a format of the same layout, as if through a
 * temporary, however the two overlap. (`destination[...] = source`)
 *
 * Where several items of the destination are one in memory (a stride of 0), the last in C order stays. On
 * failure nothing is written.
 *
 * `MV_E_NULL`: `destination` or `source`. `MV_E_READONLY`. `MV_E_SHAPE`: the shapes differ; `dim` says where.
 * `MV_E_FORMAT`: the formats differ in layout. `MV_E_RELEASED`. `MV_E_NO_MEMORY`: formats are parsed, or
 * overlapping or indirect memory needs a temporary copy.
 */
MV_API mv_status mv_view_copy(mv_view *destination, const mv_view *source, mv_error *error);

/**
 * Copies all items into contiguous memory, in the order 'C' or 'F'; 'A': as they lie if that is Fortran
 * order, else C. (`memoryview.tobytes`)
 *
 * `format` names what the caller wants to find there: NULL for the view's own, one of the same layout, or the
 * format of a number, into which numbers are then converted by the rule `MV_STRICT`. `length` must be that of
 * all items: without a conversion the view's `len`. The two may overlap.
 *
 * `MV_E_NULL`: `view`. `MV_E_VALUE`: another order, or `data` is NULL and `length` is not 0. `MV_E_FORMAT`:
 * the view's items are not of that format, and not both are numbers. `MV_E_RANGE`: a number does not fit;
 * `position` is that of the item in C order. `MV_E_SHAPE`: another length. `MV_E_RELEASED`. `MV_E_NO_MEMORY`:
 * formats are parsed, or overlapping memory needs a temporary copy.
 */
MV_API mv_status mv_view_read(const mv_view *view, const char *format, int order, void *data, size_t length,
                              mv_error *error);

/**
 * Copies contiguous memory into all items; the reverse of `mv_view_read`, with the same arguments.
 *
 * As `mv_view_read`; also `MV_E_READONLY`. On failure nothing is written.
 */
MV_API mv_status mv_view_write(mv_view *view, const char *format, int order, const void *data, size_t length,
                               mv_error *error);

/**
 * Writes one value into all items. As `mv_view_set` takes values, and with its statuses, but for those of the
 * index.
 */
MV_API mv_status mv_view_fill(mv_view *view, const mv_scalar *value, mv_error *error);

/**
 * Converts all items of one view into the format of another of the same shape, as if through a temporary:
 * from and to every integer, float, complex number and truth value, in any byte order. Formats of the same
 * layout are copied as they are, whatever they are.
 *
 * Truth values become 0 and 1, and what is not 0 becomes true. Integers go into floats as the nearest one,
 * except by `MV_STRICT`. On failure nothing is written.
 *
 * `MV_E_NULL`: `destination` or `source`. `MV_E_VALUE`: another rule. `MV_E_READONLY`. `MV_E_SHAPE`: the
 * shapes differ; `dim` says where. `MV_E_FORMAT`: the formats differ, and not both are numbers. `MV_E_RANGE`:
 * by `MV_STRICT`, a number does not fit; `position` is that of the item in C order, `value` the number where
 * it is an integer. `MV_E_RELEASED`. `MV_E_NO_MEMORY`: formats are parsed, or overlapping memory needs a
 * temporary copy.
 */
MV_API mv_status mv_view_convert(mv_view *destination, const mv_view *source, int rule, mv_error *error);

/**
 * Turns round the bytes of every number in every item, also within structs; the format stays what it is.
 * (`numpy.ndarray.byteswap`)
 *
 * `MV_E_NULL`: `view`. `MV_E_READONLY`. `MV_E_FORMAT`: items, or parts of them, without a meaning.
 * `MV_E_RELEASED`. `MV_E_NO_MEMORY`: a format is parsed.
 */
MV_API mv_status mv_view_byteswap(mv_view *view, mv_error *error);

/**
 * Whether two views can have a byte in common: `*out` is 0 where they certainly have none, else 1.
 * (`numpy.may_share_memory`)
 *
 * Judged by the bytes that each reaches, and by whether the steps of the two can lead to the same: columns
 * and channels of one image do not overlap. Memory behind pointers can be anywhere.
 *
 * `MV_E_NULL`: `a`, `b` or `out`. `MV_E_RELEASED`.
 */
MV_API mv_status mv_view_overlaps(const mv_view *a, const mv_view *b, int *out, mv_error *error);

/**
 * Lists the bytes of a view in C order as runs that follow each other in memory, for `readv`, `writev` and
 * their like.
 *
 * From run number `first` on as many as there are, `capacity` at most, go to `runs`; `*out_count` is how many
 * the view has in all. `NULL, 0` asks for that alone. The addresses hold as long as an acquisition of the
 * view.
 *
 * `MV_E_NULL`: `view`, `out_count`, or `runs` where `capacity` is not 0. `MV_E_RELEASED`.
 */
MV_API mv_status mv_view_runs(const mv_view *view, size_t first, mv_run *runs, size_t capacity,
                              size_t *out_count, mv_error *error);

/* --------------------------------------------------------------------------------------------------------
 * 8. Compare, search, walk
 * -------------------------------------------------------------------------------------------------------- */

/** A walk over the items of a buffer; its contents are the library's. */
struct mv_walk {
    /** Not for callers. */
    uint64_t opaque[208];
};

/**
 * Whether two views have equal items in the same shape: `*out` is 1 or 0. (`memoryview.__eq__`)
 *
 * Values are compared, not bytes: numbers across formats, exactly (2^53 + 1 as an integer does not equal
 * 2.0^53), NaN with nothing, truth values as 0 and 1; structs value by value without their names and padding,
 * sub-arrays element by element; bytes ("c", "s", "p") with bytes, characters with characters. Items without
 * a meaning are equal where their formats and their bytes are. Shapes with an extent of 0 at the same place
 * are equal. A released view equals itself alone.
 *
 * `MV_E_NULL`: `a`, `b` or `out`. `MV_E_NO_MEMORY`: a format is parsed, or long texts need a copy.
 */
MV_API mv_status mv_view_equal(const mv_view *a, const mv_view *b, int *out, mv_error *error);

/**
 * Counts the items that equal a value. (`memoryview.count`)
 *
 * `MV_E_NULL`: `view`, `value` or `out`. `MV_E_TYPE`: a scalar of an unknown kind. `MV_E_VALUE`: a text that
 * is not UTF-8. `MV_E_RELEASED`. `MV_E_NO_MEMORY`.
 */
MV_API mv_status mv_view_count(const mv_view *view, const mv_scalar *value, size_t *out, mv_error *error);

/**
 * Finds the first item that equals a value: `*out` is its number in C order, or -1. (`memoryview.index`, and
 * `in`)
 *
 * Looked at are the items from number `start` to before `stop`. As for Python's lists negative ones count
 * from the end, and both are clamped: `0, PTRDIFF_MAX` is all.
 *
 * `MV_E_NULL`: `view`, `value` or `out`. Else as `mv_view_count`.
 */
MV_API mv_status mv_view_find(const mv_view *view, const mv_scalar *value, ptrdiff_t start, ptrdiff_t stop,
                              ptrdiff_t *out, mv_error *error);

/**
 * Finds a string of bytes in the bytes of a view that is contiguous in C order: `*out` is where it first
 * begins at `start` or behind it, or -1. (`bytes.find`) An empty string is found at `start`, where that is
 * within the view.
 *
 * `MV_E_NULL`: `view` or `out`. `MV_E_VALUE`: `data` is NULL and `length` is not 0. `MV_E_TYPE`: the view is
 * not contiguous. `MV_E_RELEASED`.
 */
MV_API mv_status mv_view_find_bytes(const mv_view *view, const void *data, size_t length, size_t start,
                                    ptrdiff_t *out, mv_error *error);

/**
 * Hashes the bytes of a view in C order: SipHash-1-3 with the key `(seed, 0)`, the same for equal bytes in
 * any shape and on any machine.
 *
 * As in CPython only a read-only view of format "B", "b" or "c" has a hash, and the one that was last asked
 * for can still be had once the view is released, with the same seed. (`memoryview.__hash__`)
 *
 * `MV_E_NULL`: `view` or `out`. `MV_E_VALUE`: the view is writable, or of another format. `MV_E_RELEASED`:
 * without a hash from before.
 */
MV_API mv_status mv_view_hash(const mv_view *view, uint64_t seed, uint64_t *out, mv_error *error);

/**
 * Writes the bytes of a view in C order as hexadecimal digits. (`memoryview.hex`)
 *
 * `separator` is one ASCII character between groups of `group` bytes, which are counted from the end, or
 * where `group` is negative from the start; NULL, or a `group` of 0: none. `text`, `size` and `out_length` as
 * `mv_format_text` has them.
 *
 * `MV_E_NULL`: `view`, or `text` where `size` is not 0. `MV_E_VALUE`: a separator that is not one ASCII
 * character. `MV_E_RELEASED`.
 */
MV_API mv_status mv_view_hex(const mv_view *view, const char *separator, int group, char *text, size_t size,
                             size_t *out_length, mv_error *error);

/**
 * Begins a walk over the items of a buffer, in the order 'C' or 'F' ('A': F for memory that lies in Fortran
 * order, else C), run by run:
 *
 *     mv_walk walk;
 *     MV_TRY(mv_walk_begin(&walk, &buffer, 'C', error));
 *     while (mv_walk_next(&walk, &item, &count, &step))
 *         for (i = 0; i < count; i++) use((char *)item + i * step);
 *
 * Dimensions that are one in memory are joined: contiguous memory is one run. Nothing is allocated, and there
 * is nothing to end. The buffer must stay acquired, and its arrays unchanged, as long as the walk is used;
 * the struct itself may move.
 *
 * `MV_E_NULL`: `walk` or `buffer`. `MV_E_VALUE`: another order. `MV_E_UNSUPPORTED`: 'F' across suboffsets;
 * `dim` says where. `MV_E_CALLBACK`: the buffer makes no sense.
 */
MV_API mv_status mv_walk_begin(mv_walk *walk, const mv_buffer *buffer, int order, mv_error *error);

/**
 * The next run of items: the address of the first, how many there are, and the distance in bytes from one to
 * the next. Returns 1; after the last run 0, and the outputs are untouched. 0 for NULL.
 */
MV_API int mv_walk_next(mv_walk *walk, void **out_item, ptrdiff_t *out_count, ptrdiff_t *out_step);

/* --------------------------------------------------------------------------------------------------------
 * 9. Formats
 * -------------------------------------------------------------------------------------------------------- */

enum {
    /**
     * `mv_format_parse`: a text as Python's struct module reads it. A count makes values ("3i" is three), and
     * nothing follows the last value of a sequence.
     */
    MV_RULES_STRUCT = 0,
    /**
     * `mv_format_parse`: a text as NumPy reads it. A count makes a sub-array, and a sequence in `@` order
     * ends with the padding that a C struct ends with.
     */
    MV_RULES_NUMPY = 1,
    /**
     * `mv_format_parse`: as `MV_RULES_STRUCT`, and what ctypes writes besides: "<P" and "<g", types without a
     * standard size, have this machine's. So the formats of views are read; those that arrays are made of,
     * and memory is wrapped or cast to, by `MV_RULES_STRUCT`.
     */
    MV_RULES_EXPORTER = 2,
    /** The deepest nesting of a format text: of structs, pointers and sub-arrays. */
    MV_FORMAT_MAX_DEPTH = 64,
    /** The longest format text, in bytes. */
    MV_FORMAT_MAX_TEXT = 65535,
};

/** One member of a C struct; `MV_MEMBER` fills it. */
struct mv_member {
    /** Its name, without ':'; NULL for none. */
    const char *name;
    /** `offsetof` the member. */
    size_t offset;
    /** `sizeof` the member. */
    size_t size;
    /**
     * Its format, in "@" order where it does not say otherwise: "d", "(2,3)h", "T{f:x:f:y:}"; NULL: bytes
     * without a meaning.
     */
    const char *format;
};

/**
 * One value of a format: of a struct, or of a sequence without braces. What points belongs to the format that
 * was asked.
 */
struct mv_field {
    /** Its name; NULL where it has none. */
    const char *name;
    /** Where it begins in the struct, in bytes. */
    ptrdiff_t offset;
    /** The bytes of one value; of a sub-array, of one element. */
    ptrdiff_t itemsize;
    /** The extents of a sub-array; NULL where it is none. */
    const ptrdiff_t *shape;
    /** The number of dimensions of a sub-array; else 0. */
    int ndim;
    /** The format of a value, or of an element. */
    const mv_format *format;
};

/** One member of a C struct, for arrays of mv_member: `MV_MEMBER(struct point, x, "f")`. */
#define MV_MEMBER(type, member, format) \
    {#member, offsetof(type, member), sizeof(((type *)0)->member), format}

/**
 * Parses a format text: the grammar of PEP 3118, with what struct, NumPy and ctypes write besides. See
 * docs/formats.md.
 *
 * `rules`: `MV_RULES_STRUCT`, `MV_RULES_NUMPY` or `MV_RULES_EXPORTER`. The format is constant and may be
 * shared by threads.
 *
 * `MV_E_NULL`: `text` or `out`. `MV_E_VALUE`: other rules. `MV_E_FORMAT`: no format; `position` is the offset
 * of the fault, the message says what was expected there. `MV_E_LIMIT`: nested more than 64 deep, a text of
 * more than 65535 bytes, a sub-array of more than 64 dimensions, more than 65535 values without bytes in one
 * another. `MV_E_OVERFLOW`: more bytes than memory can have. `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_format_parse(const char *text, int rules, mv_format **out, mv_error *error);

/**
 * Makes the format of a C struct from its members: with `MV_MEMBER`, and where C has `_Generic` or C++
 * `MV_MEMBER_OF`, the compiler says where they are. Padding becomes explicit, so that every offset is exact;
 * what is not aligned is written in "^" order.
 *
 * Members stand in the order of their offsets and do not overlap; what lies between them and behind them is
 * padding. A member is of one value ("d"), a sub-array ("(2,3)h", "4i"), a struct ("T{f:x:f:y:}", the text of
 * another format); without a format it is bytes without a meaning.
 *
 * `MV_E_NULL`: `members` where `count` is above 0, `out`. In the following `dim` is the number of the member,
 * from 0. `MV_E_VALUE`: it begins before the one in front of it ends, or ends behind `itemsize`; its name has
 * a ':' or is not UTF-8. `MV_E_FORMAT`: its format is none, `position` says where; or has another size than
 * the member: `value` and `limit` have both. `MV_E_LIMIT`: the whole text is longer than 65535 bytes.
 * `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_format_from_members(const mv_member *members, size_t count, size_t itemsize,
                                                     mv_format **out, mv_error *error);

/**
 * The parsed format of a view's items.
 *
 * It is parsed once and kept with the view; `*out` is a reference of the caller's.
 *
 * `MV_E_NULL`: `view` or `out`. As `mv_format_parse` for a text that is no format; `MV_E_FORMAT`, too, where
 * the format needs more bytes than an item has, or is one value that does not fill it. `MV_E_RELEASED`.
 * `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_view_format(const mv_view *view, mv_format **out, mv_error *error);

/**
 * Adds a reference and returns the format; NULL stays NULL. A field's format keeps the whole format alive.
 */
MV_API mv_format *mv_format_ref(mv_format *format);

/** Drops a reference. NULL is a no-op. */
MV_API void mv_format_unref(mv_format *format);

/**
 * Writes the canonical text of a format: without white space, `=` as `<` or `>`, `F` as `Zf`. It parses to an
 * equal format, of which it is the text again: by `MV_RULES_STRUCT`, and by `MV_RULES_NUMPY` where the format
 * was read so. (Padding that has a name in a struct is a value there, but alone it is padding: "3x" has
 * none.) Names are written as they are, also where they are not UTF-8.
 *
 * `text`, `size` and `out_length` as snprintf has them: the text is cut to fit and always terminated,
 * `*out_length` (may be NULL) is its full length without the terminator; `NULL, 0` asks for that alone.
 *
 * `MV_E_NULL`: `format`, or `text` where `size` is not 0. `MV_E_TYPE`: no format of this copy.
 */
MV_API mv_status mv_format_text(const mv_format *format, char *text, size_t size, size_t *out_length,
                                mv_error *error);

/** The bytes of an item. (`struct.calcsize`) 0 for NULL. */
MV_API ptrdiff_t mv_format_itemsize(const mv_format *format);

/** The alignment of an item in a C struct; 1 where the format is not aligned. 0 for NULL. */
MV_API ptrdiff_t mv_format_alignment(const mv_format *format);

/** What an item is: `MV_BOOL` to `MV_OPAQUE`, as `mv_scalar.kind`. 0 for NULL. */
MV_API int mv_format_kind(const mv_format *format);

/** Whether all values stand in this machine's byte order: 1 or 0. 0 for NULL. */
MV_API int mv_format_is_native(const mv_format *format);

/**
 * Whether two formats are the same: equal values at the same places with the same names, however they are
 * written. 1 or 0; 0 for NULL. "<i" equals "i" on a little-endian machine, "l" equals "q" where both have 8
 * bytes; "B", "b" and "c" are different.
 */
MV_API int mv_format_equal(const mv_format *a, const mv_format *b);

/**
 * The number of values of a struct, or of a sequence of more than one value; 0 for everything else, and for
 * NULL.
 */
MV_API size_t mv_format_field_count(const mv_format *format);

/**
 * Describes one value of a struct, by its number from 0. Padding is no value, unless it has a name; a count
 * makes many.
 *
 * `MV_E_NULL`: `format` or `out`. `MV_E_INDEX`: there is no such value.
 */
MV_API mv_status mv_format_field_at(const mv_format *format, size_t number, mv_field *out, mv_error *error);

/**
 * Describes what a path leads to: names separated by dots; in brackets the number of a value, or a position
 * in a sub-array for each of its dimensions: "pos.x", "samples[3].left", "[0]". The offset counts from the
 * beginning of the item.
 *
 * `MV_E_NULL`: `format`, `path` or `out`. `MV_E_NOT_FOUND`: there is no such field; `position` is the offset
 * in the path.
 */
MV_API mv_status mv_format_field(const mv_format *format, const char *path, mv_field *out, mv_error *error);

/**
 * Describes the elements of a sub-array: its extents, and the format of one element.
 *
 * `MV_E_NULL`: `format` or `out`. `MV_E_TYPE`: the item is no sub-array.
 */
MV_API mv_status mv_format_element(const mv_format *format, mv_field *out, mv_error *error);

/**
 * Writes the type that NumPy has for a format: a typestr as `dtype.str` has it ("<i4", "|S3", ">U5", "|b1",
 * "|V7"); a sub-array as a tuple of it and its shape ("('<f8', (2, 3))"); a struct as the list that
 * `dtype.descr` is, with its padding ("[('a', '<i4'), ('', '|V4')]"). It is what the header of a .npy file
 * holds (there a typestr in quotes).
 *
 * A count makes a sub-array, as NumPy reads it; a value without a name is called by its number, "f0"; a byte
 * of a name that is not UTF-8 is written as Python decodes it: "\udcff". `text`, `size` and `out_length` as
 * in `mv_format_text`.
 *
 * `MV_E_NULL`: `format`, or `text` where `size` is not 0. `MV_E_TYPE`: no format of this copy.
 * `MV_E_UNSUPPORTED`: NumPy has no type for part of it: addresses ("P", "&", "X{}"), Pascal strings ("p"),
 * UTF-16 ("u"), bits ("t").
 */
MV_API mv_status mv_format_numpy(const mv_format *format, char *text, size_t size, size_t *out_length,
                                 mv_error *error);

/**
 * Makes the format of a type of NumPy's, from what `mv_format_numpy` writes, `dtype.str` and `dtype.descr`
 * are, and headers of .npy files hold: a typestr, with quotes or without, or a Python literal of lists,
 * tuples, strings with escapes, and shapes. Titles are passed over.
 *
 * `MV_E_NULL`: `text` or `out`. `MV_E_FORMAT`: no such text; `position` is the offset of the fault.
 * `MV_E_UNSUPPORTED`: a type that has no format (dates, a long double of another machine); `position`.
 * `MV_E_VALUE`: not UTF-8. `MV_E_LIMIT`: nested more than 64 deep, or more than 65535 bytes of format.
 * `MV_E_OVERFLOW`: more bytes than memory can have. `MV_E_NO_MEMORY`.
 */
MV_NODISCARD MV_API mv_status mv_format_from_numpy(const char *text, mv_format **out, mv_error *error);

/**
 * The bytes that a format text describes, by `MV_RULES_STRUCT`. (`PyBuffer_SizeFromFormat`,
 * `struct.calcsize`)
 *
 * `MV_E_NULL`: `text` or `out`. Else as `mv_format_parse`.
 */
MV_API mv_status mv_format_size(const char *text, ptrdiff_t *out, mv_error *error);

#ifdef __cplusplus
}
#endif

#include "memview_inline.h"

#endif
