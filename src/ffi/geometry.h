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
