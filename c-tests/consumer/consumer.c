/* The least that a user of the package does. */
#include <memview.h>
#include <stdio.h>

int main(void)
{
    mv_object *object = NULL;
    if (mv_version() != MV_VERSION) {
        printf("header %d, library %d\n", MV_VERSION, (int)mv_version());
        return 1;
    }
    if (mv_bytes_new("memview", 7, &object, NULL) != MV_OK) return 1;
    mv_object_unref(object);
    printf("memview %s\n", mv_version_string());
    return 0;
}
