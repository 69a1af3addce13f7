/* Bulk: to and from contiguous memory. */
#include "fixtures.h"

static void check_read(const mv_view *view, int order, const char *expected)
{
    unsigned char data[16];
    const size_t length = (size_t)mv_view_buffer(view)->len;
    memset(data, 0x77, sizeof data);
    CHECK_OK(mv_view_read(view, NULL, order, data, length, &error));
    CHECK_BYTES(data, expected, length);
    CHECK_INT(data[length], 0x77);
}

TEST(acceptance_086_bytes_of_an_f_ordered_view)
{
    mv_view *view = numbered("B", MV_DIMS(2, 3), 'F');
    memcpy(mv_view_buffer(view)->buf, "\0\1\2\3\4\5", 6);
    check_read(view, 'C', "\0\2\4\1\3\5");
    check_read(view, 'F', "\0\1\2\3\4\5");
    check_read(view, 'A', "\0\1\2\3\4\5");
    DROP(view);
}

TEST(acceptance_087_bytes_of_reversed_rows)
{
    mv_view *view = numbered("B", MV_DIMS(2, 3), 'C'), *back = sliced(view, "::-1");
    check_read(back, 'C', "\3\4\5\0\1\2");
    check_read(back, 'F', "\3\0\4\1\5\2");
    check_read(back, 'A', "\3\4\5\0\1\2");
    DROP(view, back);
}

TEST(acceptance_088_orders_are_capital_letters)
{
    mv_view *view = numbered("B", MV_DIMS(2, 3), 'C');
    const int orders[] = {'c', 'f', 'a', 'K', ' ', 0, -1, 'C' + 256};
    unsigned char data[6] = {9, 9, 9, 9, 9, 9};
    for (int i = 0; i < 8; i++) {
        CHECK_STATUS(mv_view_read(view, NULL, orders[i], data, 6, &error), MV_E_VALUE);
        CHECK_INT(error.value, orders[i]);
        CHECK_STATUS(mv_view_write(view, NULL, orders[i], data, 6, &error), MV_E_VALUE);
        CHECK_STATUS(mv_buffer_to_contiguous(mv_view_buffer(view), data, 6, orders[i], &error), MV_E_VALUE);
    }
    CHECK_BYTES(data, "\11\11\11\11\11\11", 6);
    CHECK_ITEMS(view, 0, 1, 2, 3, 4, 5);
    DROP(view);
}

TEST(read_and_write_are_inverse)
{
    const int orders[] = {'C', 'F', 'A'};
    for (int o = 0; o < 3; o++) {
        for (int n = 0; n < 5; n++) {
            mv_view *view = n == 2 ? table_view(2, 3, 4) : numbered("B", MV_DIMS(3, 4), n == 1 ? 'F' : 'C');
            mv_view *part = n < 3 ? sliced(view, ":") : sliced(view, n == 3 ? "::-2, ::-1" : "1");
            const size_t length = (size_t)mv_view_buffer(part)->len;
            unsigned char data[12] = {0}, again[12] = {0};
            CHECK_OK(mv_view_read(part, NULL, orders[o], data, length, &error));
            for (size_t i = 0; i < length; i++) data[i] = (unsigned char)(data[i] + 100);
            CHECK_OK(mv_view_write(part, NULL, orders[o], data, length, &error));
            CHECK_OK(mv_view_read(part, NULL, orders[o], again, length, &error));
            CHECK_BYTES(again, data, length);
            CHECK_INT(load_integer("B", item_address(mv_view_buffer(part), (ptrdiff_t[]){0, 0})), data[0]);
            DROP(view, part);
        }
    }
}

TEST(write_takes_an_order)
{
    mv_view *view = numbered("B", MV_DIMS(2, 3), 'C'), *f = numbered("B", MV_DIMS(2, 3), 'F');
    CHECK_OK(mv_view_write(view, NULL, 'F', "\0\1\2\3\4\5", 6, &error));
    CHECK_ITEMS(view, 0, 2, 4, 1, 3, 5);
    CHECK_OK(mv_view_write(f, NULL, 'A', "\0\1\2\3\4\5", 6, &error));
    CHECK_BYTES(mv_view_buffer(f)->buf, "\0\1\2\3\4\5", 6);
    mv_view *back = sliced(view, "::-1, ::-1");
    CHECK_OK(mv_view_write(back, NULL, 'C', "\6\7\10\11\12\13", 6, &error));
    CHECK_ITEMS(view, 11, 10, 9, 8, 7, 6);
    DROP(view, f, back);
}

TEST(read_of_wider_items_and_of_none)
{
    mv_view *view = numbered("i", MV_DIMS(2, 3), 'C');
    mv_view *columns = sliced(view, ":, ::2"), *none = sliced(view, "2:");
    int data[4] = {0};
    CHECK_OK(mv_view_read(columns, NULL, 'C', data, sizeof data, &error));
    CHECK_BYTES(data, ((const int[]){0, 2, 3, 5}), sizeof data);
    CHECK_OK(mv_view_read(columns, NULL, 'F', data, sizeof data, &error));
    CHECK_BYTES(data, ((const int[]){0, 3, 2, 5}), sizeof data);
    CHECK_OK(mv_view_read(none, NULL, 'C', NULL, 0, &error));
    CHECK_OK(mv_view_write(none, NULL, 'C', NULL, 0, &error));
    DROP(view, columns, none);
}

TEST(read_and_write_name_a_format)
{
    mv_view *view = numbered("h", MV_DIMS(3), 'C');
    short data[3] = {70, 71, 72};
    CHECK_OK(mv_view_read(view, "@h", 'C', data, 6, &error));
    CHECK_INT(data[2], 2);
    CHECK_OK(mv_view_write(view, "h", 'C', "\0\0\0\0\0\0", 6, &error));
    CHECK_ITEMS(view, 0, 0, 0);
    CHECK_STATUS(mv_view_read(view, "2s", 'C', data, 6, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_read(view, "", 'C', data, 6, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_write(view, "T{h:a:}", 'C', data, 6, &error), MV_E_FORMAT);
    CHECK_STATUS(mv_view_write(view, "c", 'C', data, 3, &error), MV_E_FORMAT);
    CHECK_ITEMS(view, 0, 0, 0);
    CHECK_INT(data[1], 1);
    data[1] = -1; /* as an unsigned number, more than an item holds */
    CHECK_STATUS(mv_view_write(view, "H", 'C', data, 6, &error), MV_E_RANGE);
    CHECK_ERROR(-1, 1, 65535, 0);
    CHECK_ITEMS(view, 0, 0, 0);
    CHECK_OK(mv_view_write(view, "B", 'C', "\1\2\3", 3, &error));
    CHECK_OK(mv_view_read(view, "H", 'C', data, 6, &error));
    CHECK_INT(data[1], 2);
    DROP(view);
}

TEST(read_and_write_over_the_view_s_own_memory)
{
    mv_view *view = numbered("B", MV_DIMS(2, 3), 'C');
    unsigned char *own = mv_view_buffer(view)->buf;
    CHECK_OK(mv_view_read(view, NULL, 'F', own, 6, &error));
    CHECK_BYTES(own, "\0\3\1\4\2\5", 6);
    CHECK_OK(mv_view_write(view, NULL, 'F', own, 6, &error));
    CHECK_BYTES(own, "\0\1\2\3\4\5", 6);
    mv_view *back = sliced(view, "::-1, ::-1");
    CHECK_OK(mv_view_write(back, NULL, 'C', own, 6, &error));
    CHECK_BYTES(own, "\5\4\3\2\1\0", 6);
    DROP(view, back);
}

TEST(read_refuses)
{
    mv_view *view = numbered("B", MV_DIMS(2, 3), 'C');
    unsigned char data[8] = "before";
    CHECK_STATUS(mv_view_read(NULL, NULL, 'C', data, 6, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_view_read(view, NULL, 'C', NULL, 6, &error), MV_E_VALUE);
    CHECK_STATUS(mv_view_read(view, NULL, 'C', data, 5, &error), MV_E_SHAPE);
    CHECK_ERROR(-1, -1, 5, 6);
    CHECK_STATUS(mv_view_read(view, NULL, 'C', data, 7, &error), MV_E_SHAPE);
    CHECK_BYTES(data, "before", 7);
    DROP(view);
}

TEST(write_refuses)
{
    mv_view *view = numbered("B", MV_DIMS(2, 3), 'C'), *readonly;
    const unsigned char data[8] = "before";
    CHECK_OK(mv_view_toreadonly(view, &readonly, &error));
    CHECK_STATUS(mv_view_write(NULL, NULL, 'C', data, 6, &error), MV_E_NULL);
    CHECK_INT(error.dim, 1);
    CHECK_STATUS(mv_view_write(view, NULL, 'x', data, 6, &error), MV_E_VALUE);
    CHECK_STATUS(mv_view_write(view, NULL, 'C', NULL, 6, &error), MV_E_VALUE);
    CHECK_STATUS(mv_view_write(view, NULL, 'C', data, 5, &error), MV_E_SHAPE);
    CHECK_ERROR(-1, -1, 5, 6);
    CHECK_STATUS(mv_view_write(view, NULL, 'C', data, 7, &error), MV_E_SHAPE);
    CHECK_STATUS(mv_view_write(readonly, NULL, 'C', data, 6, &error), MV_E_READONLY);
    CHECK_ITEMS(view, 0, 1, 2, 3, 4, 5);
    DROP(view, readonly);
}
