#include "plugin.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>
#endif

#ifdef _WIN32
static mv_status load(const char *path, void **out, mv_error *error)
{
    *out = (void *)LoadLibraryA(path);
    return *out != NULL ? MV_OK : mv_fail(error, MV_E_SYSTEM, "the plugin cannot be loaded");
}

static void *find(void *module, const char *name)
{
    return (void *)(uintptr_t)GetProcAddress((HMODULE)module, name);
}

static void unload(void *module)
{
    FreeLibrary((HMODULE)module);
}
#else
static mv_status load(const char *path, void **out, mv_error *error)
{
    *out = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    return *out != NULL ? MV_OK : mv_fail(error, MV_E_SYSTEM, dlerror());
}

static void *find(void *module, const char *name)
{
    return dlsym(module, name);
}

static void unload(void *module)
{
    dlclose(module);
}
#endif

mv_status plugin_load(const char *path, plugin *out, mv_error *error)
{
    MV_TRY(load(path, &out->module, error));
    *(void **)&out->draw = find(out->module, "stripes_draw");
    *(void **)&out->let_go = find(out->module, "stripes_let_go");
    if (out->draw && out->let_go) return MV_OK;
    return mv_fail(error, MV_E_NOT_FOUND, "the plugin has no stripes_draw and stripes_let_go");
}

void plugin_unload(plugin *plugin)
{
    if (plugin->module) unload(plugin->module);
}
