/* Modules that are loaded at run time, on POSIX and on Windows. */
#ifndef MODULE_H
#define MODULE_H

#ifdef _WIN32
#define MODULE_EXPORT __declspec(dllexport)
#else
#define MODULE_EXPORT __attribute__((visibility("default")))
#endif

/* Loads a file; NULL where that fails. */
void *module_load(const char *path);

/* A function or an object of a module; NULL where there is none of that name. */
void *module_find(void *module, const char *name);

/* Where in memory the module begins that this address lies in; ends the process where it lies in none. */
const void *module_of(const void *address);

#endif
