/*
 * Pages of the system's own that can be forbidden: whoever touches them then ends the process. Include it first: it
 * asks the system headers for what POSIX does not have.
 */
#ifndef PAGES_H
#define PAGES_H

#ifdef _WIN32
#include <windows.h>
#else
#define _DEFAULT_SOURCE /* for MAP_ANONYMOUS */
#include <sys/mman.h>
#endif

#include "harness.h"

static inline unsigned char *pages_new(size_t size)
{
#ifdef _WIN32
    void *const pages = VirtualAlloc(NULL, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    CHECK(pages != NULL);
#else
    void *const pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(pages != MAP_FAILED);
#endif
    return (unsigned char *)pages;
}

static inline void pages_forbid(unsigned char *pages, size_t size)
{
#ifdef _WIN32
    DWORD before;
    CHECK(VirtualProtect(pages, size, PAGE_NOACCESS, &before));
#else
    CHECK(mprotect(pages, size, PROT_NONE) == 0);
#endif
}

static inline void pages_free(unsigned char *pages, size_t size)
{
#ifdef _WIN32
    (void)size;
    CHECK(VirtualFree(pages, 0, MEM_RELEASE));
#else
    CHECK(munmap(pages, size) == 0);
#endif
}

#endif
