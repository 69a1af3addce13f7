/** Initialises an mv_request: a full description, read-only, any format, any ndim, no label. */
#define MV_REQUEST_INIT {sizeof(mv_request), MV_FULL_RO, -1, NULL, NULL}

/** The first two members of an mv_type: `static const mv_type kind = {MV_TYPE_INIT, "name", ...};` */
#define MV_TYPE_INIT (uint32_t)sizeof(mv_type), MV_ABI

/** An array of extents or indices and its count: `mv_array_new("f", MV_DIMS(480, 640), 'C', ...)`. C only. */
#define MV_DIMS(...)                                                                                       \
    (const ptrdiff_t[]){__VA_ARGS__},                                                                      \
        (int)(sizeof((const ptrdiff_t[]){__VA_ARGS__}) / sizeof(ptrdiff_t))
