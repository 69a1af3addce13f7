#ifdef _WIN32
#include <windows.h>
#else
#define _GNU_SOURCE /* for dladdr */
#include <dlfcn.h>
#endif
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "module.h"

#ifdef _WIN32
void *module_load(const char *path)
{
    return (void *)LoadLibraryA(path);
}

void *module_find(void *module, const char *name)
{
    return (void *)(uintptr_t)GetProcAddress((HMODULE)module, name);
}

const void *module_of(const void *address)
{
    const DWORD how = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    HMODULE module = NULL;
    if (!GetModuleHandleExA(how, (const char *)address, &module)) abort();
    return (const void *)module;
}
#else
void *module_load(const char *path)
{
    void *const module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (module == NULL) fprintf(stderr, "%s\n", dlerror());
    return module;
}

void *module_find(void *module, const char *name)
{
    return dlsym(module, name);
}

const void *module_of(const void *address)
{
    Dl_info info;
    if (dladdr((void *)(uintptr_t)address, &info) == 0) abort();
    return info.dli_fbase;
}
#endif
