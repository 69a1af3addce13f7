/* Views: how they are made, and what they say of themselves. */
#include "fixtures.h"

TEST(view_shows_the_object_s_own_memory)
{
    mv_object *array = bytearray_of("abc", 3);
    mv_view *view;
    mv_buffer b;
    CHECK_OK(mv_view_new(array, MV_FULL_RO, &view, &error));
    CHECK_OK(mv_buffer_acquire(array, MV_SIMPLE, &b, &error));
    CHECK_PTR(mv_view_buffer(view)->buf, b.buf);
    mv_buffer_release(&b);
    CHECK_PTR(mv_view_buffer(view)->obj, array);
    CHECK_PTR(mv_view_exporter(view), array);
    CHECK_PTR(mv_view_as_object(view), view);
    CHECK_SHAPE(view, 3);
    CHECK_STRIDES(view, 1);
    CHECK_PTR(mv_view_buffer(view)->suboffsets, NULL);
    CHECK_STR(mv_view_buffer(view)->format, "B");
    DROP(view);
    mv_object_unref(array);
}

TEST(view_of_a_view_shares_its_acquisition)
{
    mv_object *array = bytearray_of("abcdef", 6);
    mv_view *view = view_of(array), *slice = sliced(view, "::2"), *again = view_of(mv_view_as_object(slice));
    CHECK_SIZE(mv_object_exports(array), 1);
    CHECK_SIZE(mv_object_exports(mv_view_as_object(slice)), 0);
    CHECK_PTR(mv_view_exporter(again), array);
    CHECK_ITEMS(again, 'a', 'c', 'e');
    DROP(view, slice);
    CHECK_SIZE(mv_object_exports(array), 1);
    CHECK_ITEMS(again, 'a', 'c', 'e');
    DROP(again);
    CHECK_SIZE(mv_object_exports(array), 0);
    mv_object_unref(array);
}

TEST(view_new_holds_to_its_flags)
{
    mv_object *bytes = bytes_of("abcdef", 6);
    mv_view *view, *made;
    CHECK_OK(mv_view_new(bytes, MV_SIMPLE, &view, &error));
    CHECK_SHAPE(view, 6); /* a view knows all the same */
    CHECK_STR(mv_view_buffer(view)->format, "B");
    mv_view *slice = sliced(view, "::2");
    CHECK_NOTHING(made, mv_view_new(bytes, MV_FULL, &made, &error), MV_E_BUFFER);
    CHECK_NOTHING(made, mv_view_new(mv_view_as_object(slice), MV_C_CONTIGUOUS, &made, &error), MV_E_BUFFER);
    CHECK_NOTHING(made, mv_view_new(mv_view_as_object(slice), MV_SIMPLE, &made, &error), MV_E_BUFFER);
    CHECK_NOTHING(made, mv_view_new(mv_view_as_object(slice), MV_FULL, &made, &error), MV_E_BUFFER);
    mv_object *table = table_new(2, 3, 4);
    CHECK_NOTHING(made, mv_view_new(table, MV_STRIDES, &made, &error), MV_E_BUFFER);
    mv_object_unref(table);
    CHECK_INT(tables_alive, 0);
    CHECK_SIZE(mv_object_exports(bytes), 1);
    DROP(view, slice);
    mv_object_unref(bytes);
}

TEST(view_new_refuses)
{
    mv_object *bytes = bytes_of("abc", 3);
    mv_view *view = released_view(), *made;
    CHECK_NOTHING(made, mv_view_new(NULL, MV_FULL_RO, &made, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_view_new(bytes, MV_FULL_RO, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 3);
    CHECK_NOTHING(made, mv_view_new(mv_view_as_object(view), MV_FULL_RO, &made, &error), MV_E_RELEASED);
    CHECK_SIZE(mv_object_exports(bytes), 0);
    DROP(view);
    mv_object_unref(bytes);
}

TEST(view_new_for_a_request)
{
    mv_object *array;
    CHECK_OK(mv_array_new("h", MV_DIMS(2, 2), 'C', &array, &error));
    mv_view *view = view_of(array), *made;
    mv_request request = MV_REQUEST_INIT;
    request.format = "@h";
    request.ndim = 2;
    CHECK_OK(mv_view_new_for(mv_view_as_object(view), &request, &made, &error));
    CHECK_SIZE(mv_object_exports(array), 1);
    DROP(made);
    request.label = "second"; /* a label wants an acquisition of its own */
    CHECK_OK(mv_view_new_for(mv_view_as_object(view), &request, &made, &error));
    CHECK_SIZE(mv_object_exports(array), 2);
    CHECK_SHAPE(made, 2, 2);
    CHECK_PTR(mv_view_exporter(made), array);
    DROP(made);
    CHECK_SIZE(mv_object_exports(array), 1);
    request.ndim = 1;
    CHECK_NOTHING(made, mv_view_new_for(array, &request, &made, &error), MV_E_BUFFER);
    CHECK_ERROR(-1, -1, 1, 2);
    request.ndim = -2;
    CHECK_NOTHING(made, mv_view_new_for(array, &request, &made, &error), MV_E_VALUE);
    request.ndim = -1;
    request.format = "B";
    CHECK_NOTHING(made, mv_view_new_for(array, &request, &made, &error), MV_E_BUFFER);
    request.format = NULL;
    request.size = sizeof request - 1;
    CHECK_NOTHING(made, mv_view_new_for(array, &request, &made, &error), MV_E_VERSION);
    CHECK_NOTHING(made, mv_view_new_for(array, NULL, &made, &error), MV_E_NULL);
    CHECK_INT(error.dim, 2);
    CHECK_NOTHING(made, mv_view_new_for(NULL, &request, &made, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    request.size = sizeof request;
    CHECK_STATUS(mv_view_new_for(array, &request, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 3);
    CHECK_SIZE(mv_object_exports(array), 1);
    DROP(view);
    mv_object_unref(array);
}

TEST(wrap_shows_borrowed_memory)
{
    short data[] = {0, 1, 2, 3, 4, 5};
    mv_view *view;
    CHECK_OK(mv_view_wrap(data, "h", MV_DIMS(2, 3), 0, &view, &error));
    CHECK_PTR(mv_view_buffer(view)->buf, data);
    CHECK_STRIDES(view, 6, 2);
    CHECK_ITEMS(view, 0, 1, 2, 3, 4, 5);
    CHECK_PTR(mv_view_exporter(view), NULL);
    CHECK_PTR(mv_view_buffer(view)->obj, NULL);
    mv_view *slice = sliced(view, "1"), *made;
    DROP(view);
    CHECK_OK(mv_view_set_i64(slice, MV_DIMS(2), 50, &error));
    CHECK_INT(data[5], 50);
    DROP(slice);
    CHECK_OK(mv_view_wrap(data, NULL, MV_DIMS(12), 1, &view, &error));
    CHECK_STR(mv_view_buffer(view)->format, "B");
    CHECK_INT(mv_view_buffer(view)->readonly, 1);
    CHECK_NOTHING(made, mv_view_new(mv_view_as_object(view), MV_WRITABLE, &made, &error), MV_E_BUFFER);
    DROP(view);
    CHECK_OK(mv_view_wrap(NULL, "d", MV_DIMS(4, 0), 0, &view, &error));
    CHECK_SHAPE(view, 4, 0);
    DROP(view);
    CHECK_OK(mv_view_wrap(data, "h", NULL, 0, 0, &view, &error));
    CHECK_INT(mv_view_buffer(view)->ndim, 0);
    CHECK_INT(mv_view_buffer(view)->len, 2);
    DROP(view);
}

TEST(wrap_refuses)
{
    short data[6] = {0};
    ptrdiff_t ones[65];
    for (int i = 0; i < 65; i++) ones[i] = 1;
    mv_view *made;
    CHECK_STATUS(mv_view_wrap(data, "h", MV_DIMS(6), 0, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 6);
    CHECK_NOTHING(made, mv_view_wrap(data, "h", NULL, 1, 0, &made, &error), MV_E_NULL);
    CHECK_INT(error.dim, 3);
    CHECK_NOTHING(made, mv_view_wrap(data, "h", NULL, -1, 0, &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_wrap(NULL, "h", MV_DIMS(6), 0, &made, &error), MV_E_VALUE);
    CHECK_NOTHING(made, mv_view_wrap(data, "h", ones, 65, 0, &made, &error), MV_E_LIMIT);
    CHECK_NOTHING(made, mv_view_wrap(data, "", MV_DIMS(6), 0, &made, &error), MV_E_FORMAT);
    CHECK_NOTHING(made, mv_view_wrap(data, "@", MV_DIMS(6), 0, &made, &error), MV_E_FORMAT);
    CHECK_NOTHING(made, mv_view_wrap(data, "h", MV_DIMS(2, -3), 0, &made, &error), MV_E_SHAPE);
    CHECK_ERROR(1, -1, -3, 0);
    CHECK_NOTHING(made, mv_view_wrap(data, "h", MV_DIMS(PTRDIFF_MAX, 2), 0, &made, &error), MV_E_OVERFLOW);
}

TEST(from_buffer_copies_the_description_and_fills_gaps)
{
    unsigned short data[] = {0, 1, 2, 3, 4, 5};
    ptrdiff_t shape[] = {2, 2}, strides[] = {-6, 4};
    mv_object *bytes = bytes_of("x", 1);
    mv_buffer description = {.buf = data + 3,
                             .obj = bytes,
                             .len = 8,
                             .itemsize = 2,
                             .ndim = 2,
                             .format = "H",
                             .shape = shape,
                             .strides = strides};
    mv_view *view;
    CHECK_OK(mv_view_from_buffer(&description, &view, &error));
    shape[0] = strides[0] = 1000;
    CHECK_SHAPE(view, 2, 2);
    CHECK_ITEMS(view, 3, 5, 0, 2);
    CHECK_PTR(mv_view_exporter(view), NULL); /* it does not hold `obj` */
    DROP(view);
    CHECK_SIZE(mv_object_exports(bytes), 0);
    mv_object_unref(bytes);
    description = (mv_buffer){.buf = data, .len = 12, .itemsize = 2, .ndim = 1, .format = "H", .readonly = 1};
    CHECK_OK(mv_view_from_buffer(&description, &view, &error));
    CHECK_SHAPE(view, 6);
    CHECK_STRIDES(view, 2);
    CHECK_INT(mv_view_buffer(view)->readonly, 1);
    DROP(view);
    shape[0] = 3;
    shape[1] = 4;
    description = (mv_buffer){.buf = data, .len = 12, .itemsize = 1, .ndim = 2, .shape = shape};
    CHECK_OK(mv_view_from_buffer(&description, &view, &error));
    CHECK_STRIDES(view, 4, 1);
    CHECK_STR(mv_view_buffer(view)->format, "B");
    DROP(view);
}

TEST(acceptance_118_from_buffer_refuses)
{
    unsigned char data[8] = {0};
    ptrdiff_t ones[65];
    for (int i = 0; i < 65; i++) ones[i] = 1;
    mv_view *made;
    mv_buffer bad = {.buf = NULL, .len = 4, .itemsize = 1, .ndim = 1};
    CHECK_NOTHING(made, mv_view_from_buffer(&bad, &made, &error), MV_E_VALUE);
    bad = (mv_buffer){.buf = data, .len = 1, .itemsize = 1, .ndim = 65, .shape = ones};
    CHECK_NOTHING(made, mv_view_from_buffer(&bad, &made, &error), MV_E_LIMIT);
    CHECK_ERROR(-1, -1, 65, 64);
    bad = (mv_buffer){.buf = data, .len = 7, .itemsize = 4, .ndim = 1};
    CHECK_NOTHING(made, mv_view_from_buffer(&bad, &made, &error), MV_E_VALUE);
    CHECK_INT(error.value, 7);
}

TEST(from_buffer_refuses)
{
    unsigned char data[8] = {0};
    const ptrdiff_t shape[] = {2, 3}, negative[] = {2, -3}, huge[] = {PTRDIFF_MAX, 2};
    mv_view *made;
    const mv_buffer good = {.buf = data, .len = 6, .itemsize = 1, .ndim = 2, .shape = shape};
    CHECK_NOTHING(made, mv_view_from_buffer(NULL, &made, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_view_from_buffer(&good, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 2);
#define REFUSED(member, wrong, expected)                                         \
    do {                                                                         \
        mv_buffer bad = good;                                                    \
        bad.member = (wrong);                                                    \
        CHECK_NOTHING(made, mv_view_from_buffer(&bad, &made, &error), expected); \
    } while (0)
    REFUSED(shape, NULL, MV_E_NULL);
    REFUSED(ndim, -1, MV_E_VALUE);
    REFUSED(itemsize, 0, MV_E_FORMAT);
    REFUSED(itemsize, -1, MV_E_FORMAT);
    REFUSED(shape, negative, MV_E_SHAPE);
    REFUSED(len, 5, MV_E_SHAPE);
    REFUSED(shape, huge, MV_E_OVERFLOW);
#undef REFUSED
}

TEST(reexport_has_an_acquisition_of_its_own)
{
    mv_object *array = bytearray_of("abcdef", 6);
    mv_view *view = view_of(array), *slice = sliced(view, "1::2"), *own, *made;
    CHECK_OK(mv_view_reexport(slice, &own, &error));
    CHECK_SIZE(mv_object_exports(array), 2);
    CHECK_ITEMS(own, 'b', 'd', 'f');
    CHECK_PTR(mv_view_exporter(own), array);
    DROP(view, slice);
    CHECK_SIZE(mv_object_exports(array), 1);
    CHECK_ITEMS(own, 'b', 'd', 'f');
    CHECK_STATUS(mv_view_reexport(own, NULL, &error), MV_E_NULL);
    CHECK_INT(error.dim, 2);
    CHECK_NOTHING(made, mv_view_reexport(NULL, &made, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_OK(mv_view_release(own, &error));
    CHECK_NOTHING(made, mv_view_reexport(own, &made, &error), MV_E_RELEASED);
    DROP(own);
    CHECK_SIZE(mv_object_exports(array), 0);
    mv_object_unref(array);
}

TEST(reexport_of_a_foreign_exporter)
{
    mv_object *table = table_new(2, 3, 4);
    mv_view *view = view_of(table), *slice = sliced(view, "1:, ::2"), *own;
    CHECK_OK(mv_view_reexport(slice, &own, &error));
    CHECK_PTR(mv_view_exporter(own), table);
    CHECK_ITEMS(own, 4, 6, 8, 10);
    DROP(view, slice);
    CHECK_ITEMS(own, 4, 6, 8, 10);
    CHECK_SIZE(mv_object_exports(table), 1);
    DROP(own);
    CHECK_SIZE(mv_object_exports(table), 0);
    mv_object_unref(table);
    CHECK_INT(tables_alive, 0);
}

TEST(toreadonly_is_inherited)
{
    mv_view *view = numbered("B", MV_DIMS(6), 'C'), *readonly, *cast, *made;
    CHECK_OK(mv_view_toreadonly(view, &readonly, &error));
    CHECK_INT(mv_view_buffer(view)->readonly, 0);
    mv_view *slice = sliced(readonly, "1:3");
    CHECK_OK(mv_view_cast(readonly, "H", MV_NO_SHAPE, 'C', &cast, &error));
    mv_view *const all[] = {readonly, slice, cast};
    for (int i = 0; i < 3; i++) {
        CHECK_INT(mv_view_buffer(all[i])->readonly, 1);
        CHECK_STATUS(mv_view_set_i64(all[i], MV_DIMS(0), 1, &error), MV_E_READONLY);
    }
    CHECK_OK(mv_view_set_i64(view, MV_DIMS(1), 9, &error));
    CHECK_ITEMS(slice, 9, 2);
    CHECK_STATUS(mv_view_toreadonly(view, NULL, &error), MV_E_NULL);
    CHECK_NOTHING(made, mv_view_toreadonly(NULL, &made, &error), MV_E_NULL);
    DROP(view, readonly, slice, cast);
}

TEST(view_functions_want_a_view_of_this_library)
{
    mv_object *bytes = bytes_of("abc", 3);
    mv_view *no = no_view(bytes), *made;
    int64_t item;
    CHECK_NOTHING(made, mv_view_slice(no, "1:", &made, &error), MV_E_TYPE);
    CHECK_NOTHING(made, mv_view_reexport(no, &made, &error), MV_E_TYPE);
    CHECK_NOTHING(made, mv_view_toreadonly(no, &made, &error), MV_E_TYPE);
    CHECK_NOTHING(made, mv_view_cast(no, "B", MV_NO_SHAPE, 'C', &made, &error), MV_E_TYPE);
    CHECK_STATUS(mv_view_get_i64(no, MV_DIMS(0), &item, &error), MV_E_TYPE);
    CHECK_STATUS(mv_view_release(no, &error), MV_E_TYPE);
    CHECK_PTR(mv_view_buffer(no), NULL);
    CHECK_PTR(mv_view_exporter(no), NULL);
    mv_view_unref(no); /* leaves alone what is no view */
    CHECK_STR(mv_object_type_name(bytes), "bytes");
    CHECK_PTR(mv_view_buffer(NULL), NULL);
    CHECK_PTR(mv_view_exporter(NULL), NULL);
    CHECK_PTR(mv_view_as_object(NULL), NULL);
    mv_object_unref(bytes);
}
