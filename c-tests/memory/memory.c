/*
 * The allocator of a platform that is as hard on the library as C allows: asked for 0 bytes it gives NULL.
 * c-tests/memory/CMakeLists.txt renames what the library calls to these functions.
 */
#include "memory.h"

#include <stdatomic.h>
#include <stdlib.h>

static _Thread_local struct memory_watch *innermost;
static atomic_long blocks;

void memory_watch(struct memory_watch *watch)
{
    watch->requests = watch->refused = watch->blocks = 0;
    watch->outer = innermost;
    innermost = watch;
}

void memory_leave(struct memory_watch *watch)
{
    innermost = watch->outer;
}

long memory_blocks(void)
{
    return atomic_load(&blocks);
}

static int is_refused(void)
{
    if (innermost == NULL) return 0;
    const long number = ++innermost->requests, fail = innermost->fail;
    const int refused = fail != 0 && (number == fail || (innermost->lasting && number > fail));
    innermost->refused += refused;
    return refused;
}

static void *counted(void *block, int more)
{
    if (block == NULL) return NULL;
    atomic_fetch_add(&blocks, more);
    if (innermost != NULL) innermost->blocks += more;
    return block;
}

void *memory_malloc(size_t size)
{
    return is_refused() || size == 0 ? NULL : counted(malloc(size), 1);
}

void *memory_calloc(size_t count, size_t size)
{
    return is_refused() || count == 0 || size == 0 ? NULL : counted(calloc(count, size), 1);
}

void *memory_realloc(void *block, size_t size)
{
    if (block == NULL) return memory_malloc(size);
    return is_refused() || size == 0 ? NULL : realloc(block, size);
}

void memory_free(void *block)
{
    free(counted(block, -1));
}
