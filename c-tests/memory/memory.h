/*
 * The memory of the library under test. Programs that link memview::counted have the library's `malloc`, `calloc`,
 * `realloc` and `free` come here, and no one else's: each request is counted, and refused where a test wants it.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The functions that the library calls. */
void *memory_malloc(size_t size);
void *memory_calloc(size_t count, size_t size);
void *memory_realloc(void *block, size_t size);
void memory_free(void *block);

/* What the library asks for between memory_watch and memory_leave, on this thread. Watches nest: of a request only
   the innermost one hears, so that a callback may watch calls of its own. */
struct memory_watch {
    long fail;     /* the request that is refused, counted from 1; 0: none */
    int lasting;   /* and all after it */
    long requests; /* so many were made, */
    long refused;  /* so many of them refused; */
    long blocks;   /* so many more blocks were given than taken back */
    struct memory_watch *outer;
};

void memory_watch(struct memory_watch *watch);
void memory_leave(struct memory_watch *watch);

/* The blocks that the library has now, on all threads. */
long memory_blocks(void);

#ifdef __cplusplus
}
#endif

#endif
