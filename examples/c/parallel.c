/*
 * Two threads over one array. memview starts no threads: mv_view_split cuts a view into balanced parts, and
 * each thread gets a re-export of its part, an acquisition of its own, so that the threads share no counter.
 */
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>

#include "memview.h"

enum { THREADS = 2, ROWS = 701, COLUMNS = 300 };

typedef struct task {
    pthread_t thread;
    mv_view *part;
} task;

/* Squares every item of a part: a raw loop over rows, whatever their strides. */
static void *square(void *context)
{
    task *task = context;
    const mv_buffer *items = mv_view_buffer(task->part);
    for (ptrdiff_t y = 0; y < items->shape[0]; y++) {
        double *row = mv_row(items, y);
        for (ptrdiff_t x = 0; x < items->shape[1]; x++) row[x] *= row[x];
    }
    mv_view_unref(task->part);
    return NULL;
}

static mv_status start(mv_view *view, int number, task *task, mv_error *error)
{
    mv_view *part;
    MV_TRY(mv_view_split(view, number, THREADS, &part, error));
    const mv_status status = mv_view_reexport(part, &task->part, error);
    mv_view_unref(part);
    MV_TRY(status);
    printf("part %d: %td rows\n", number, mv_view_buffer(task->part)->shape[0]);
    if (pthread_create(&task->thread, NULL, square, task) == 0) return MV_OK;
    mv_view_unref(task->part);
    return mv_fail(error, MV_E_SYSTEM, "no thread could be started");
}

static mv_status square_all(mv_view *view, mv_error *error)
{
    task tasks[THREADS];
    int started = 0;
    mv_status status = MV_OK;
    while (started < THREADS && (status = start(view, started, &tasks[started], error)) == MV_OK) started++;
    while (started-- > 0) pthread_join(tasks[started].thread, NULL);
    return status;
}

static mv_status run(mv_object *array, mv_error *error)
{
    mv_view *view;
    MV_TRY(mv_view_new(array, MV_FULL | MV_C_CONTIGUOUS, &view, error));
    const mv_buffer *items = mv_view_buffer(view);
    double *numbers = items->buf, sum = 0;
    for (ptrdiff_t i = 0; i < ROWS * COLUMNS; i++) numbers[i] = (double)(i % 1000);
    const mv_status status = square_all(view, error);
    for (ptrdiff_t i = 0; i < ROWS * COLUMNS; i++) sum += numbers[i];
    mv_view_unref(view);
    MV_TRY(status);
    printf("sum of squares: %.0f, exports left: %zu\n", sum, mv_object_exports(array));
    return MV_OK;
}

int main(void)
{
    mv_object *array = NULL;
    mv_error error;
    mv_status status = mv_array_new("d", MV_DIMS(ROWS, COLUMNS), 'C', &array, &error);
    if (status == MV_OK) status = run(array, &error);
    mv_object_unref(array);
    if (status == MV_OK) return 0;
    fprintf(stderr, "parallel: %s\n", error.message);
    return 1;
}
