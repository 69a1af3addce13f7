/*
 * One copy of memview, as a table of its functions: what the component that holds the copy calls under
 * these names. A host and a component that it loads show each other theirs, so that one test can be run in
 * both directions.
 */
#ifndef COPY_H
#define COPY_H

#include "memview.h"

/* clang-format off */
#define COPY_FUNCTIONS(X)                                                                             \
    X(mv_version) X(mv_version_string) X(mv_version_check) X(mv_status_name) X(mv_status_exception)   \
    X(mv_object_ref) X(mv_object_unref) X(mv_object_type_name) X(mv_object_exports)                   \
    X(mv_object_holders) X(mv_object_revoke) X(mv_object_copy) X(mv_bytes_new) X(mv_bytearray_new)    \
    X(mv_bytearray_splice) X(mv_bytearray_resize) X(mv_bytearray_reserve) X(mv_array_new)             \
    X(mv_array_resize) X(mv_memory_new) X(mv_memory_describe) X(mv_custom_new) X(mv_buffer_acquire)   \
    X(mv_buffer_acquire_for) X(mv_buffer_release) X(mv_buffer_is_contiguous)                          \
    X(mv_buffer_to_contiguous) X(mv_buffer_pointer) X(mv_view_new) X(mv_view_new_for)                 \
    X(mv_view_wrap) X(mv_view_contiguous) X(mv_view_reexport) X(mv_view_toreadonly) X(mv_view_ref)    \
    X(mv_view_unref) X(mv_view_release) X(mv_view_buffer) X(mv_view_exporter) X(mv_view_as_object)    \
    X(mv_view_index) X(mv_view_slice) X(mv_index_parse) X(mv_view_transpose) X(mv_view_reshape)       \
    X(mv_view_broadcast) X(mv_view_split) X(mv_view_cast) X(mv_view_get) X(mv_view_set)               \
    X(mv_view_get_i64) X(mv_view_get_u64) X(mv_view_get_f64) X(mv_view_set_i64) X(mv_view_set_u64)    \
    X(mv_view_set_f64) X(mv_view_copy) X(mv_view_read) X(mv_view_write) X(mv_view_fill)
/* clang-format on */

#define COPY_FIELD(function) __typeof__(function) *function;
#define COPY_ENTRY(function) .function = function,

typedef struct copy {
    COPY_FUNCTIONS(COPY_FIELD)
} copy;

/* What a component gives its host: its copy, and code of its own that uses it. */
typedef struct component {
    copy memview;
    mv_status (*draw)(mv_object *image, unsigned char colour, mv_error *error); /* every second byte */
} component;

typedef const component *(*component_entry)(void);

#endif
