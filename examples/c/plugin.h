/* A plugin of the contact sheet: a module with two functions. */
#ifndef PLUGIN_H
#define PLUGIN_H

#include "memview.h"

typedef struct plugin {
    void *module;
    mv_status (*draw)(mv_object *image, mv_error *error);
    void (*let_go)(void);
} plugin;

/* Loads a file; `out` is to be unloaded after a failure, too. */
mv_status plugin_load(const char *path, plugin *out, mv_error *error);

void plugin_unload(plugin *plugin);

#endif
