// The header from C++: every section used plainly, as a host without a wrapper would. The macros that need
// C's compound literals (MV_ITEMS, MV_DIMS) have no place here; the initialisers have.
#include "harness.h"

#include <cmath>
#include <memory>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

static_assert(std::is_same<std::underlying_type<mv_status>::type, int32_t>::value, "a status is 32 bits");
static_assert(sizeof(mv_error) == 512, "frozen");
static_assert(sizeof(mv_buffer) == (sizeof(void *) == 8 ? 80 : 44), "the layout of Py_buffer");
static_assert(std::is_trivially_copyable<mv_buffer>::value && std::is_standard_layout<mv_buffer>::value,
              "a C struct");
static_assert(std::is_standard_layout<mv_scalar>::value && std::is_standard_layout<mv_index>::value,
              "C structs");

namespace
{

std::vector<ptrdiff_t> shape_of(const mv_view *view)
{
    const mv_buffer *buffer = mv_view_buffer(view);
    return {buffer->shape, buffer->shape + buffer->ndim};
}

// A 3x4 array of int32 with the items 0 to 11.
mv_view *make_numbers(mv_object **object)
{
    const ptrdiff_t shape[] = {3, 4};
    mv_view *view = nullptr;
    CHECK_OK(mv_array_new("i", shape, 2, 'C', object, &error));
    CHECK_OK(mv_view_new(*object, MV_FULL, &view, &error));
    auto *items = static_cast<int *>(mv_view_buffer(view)->buf);
    for (int i = 0; i < 12; i++) items[i] = i;
    return view;
}

int64_t item_at(const mv_view *view, std::initializer_list<ptrdiff_t> index)
{
    int64_t value = -1;
    CHECK_OK(mv_view_get_i64(view, index.begin(), static_cast<int>(index.size()), &value, &error));
    return value;
}

} // namespace

TEST(status)
{
    CHECK_INT(mv_version(), MV_VERSION);
    CHECK_STR(mv_version_string(), "0.1.0");
    CHECK_OK(mv_version_check(MV_ABI, &error));
    CHECK_STATUS(mv_version_check(MV_ABI + 1, &error), MV_E_VERSION);
    CHECK_STR(mv_status_name(MV_E_SHAPE), "MV_E_SHAPE");
    CHECK_STR(mv_status_exception(MV_E_INDEX), "IndexError");
    const mv_status status = mv_version_check(MV_ABI, nullptr);
    CHECK(status == MV_OK);
}

TEST(objects)
{
    const std::string text = "buffer";
    mv_object *bytes = nullptr, *array = nullptr;
    CHECK_OK(mv_bytes_new(text.data(), text.size(), &bytes, &error));
    CHECK_STR(mv_object_type_name(bytes), "bytes");
    CHECK_PTR(mv_object_ref(bytes), bytes);
    mv_object_unref(bytes);
    CHECK_OK(mv_bytearray_new(text.data(), text.size(), &array, &error));
    CHECK_OK(mv_bytearray_reserve(array, 100, &error));
    CHECK_OK(mv_bytearray_splice(array, 6, 0, "ed", 2, &error));
    CHECK_OK(mv_bytearray_resize(array, 9, &error));
    mv_buffer buffer;
    CHECK_OK(mv_buffer_acquire(array, MV_SIMPLE, &buffer, &error));
    CHECK_BYTES(buffer.buf, "buffered", 9);
    CHECK_STATUS(mv_bytearray_resize(array, 1, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 1);
    mv_buffer_release(&buffer);
    CHECK_OK(mv_object_revoke(array, &error));
    CHECK_STATUS(mv_buffer_acquire(array, MV_SIMPLE, &buffer, &error), MV_E_RELEASED);
    mv_object_unref(array);
    mv_object_unref(bytes);
    mv_object_unref(nullptr);
}

TEST(memory_of_a_vector)
{
    // The object owns the vector; its free callback is a lambda without captures.
    auto *samples = new std::vector<double>{1.5, 2.5, 3.5};
    const ptrdiff_t shape = 3;
    mv_buffer description{};
    description.buf = samples->data();
    description.format = "d";
    description.itemsize = sizeof(double);
    description.ndim = 1;
    description.shape = &shape;
    mv_object *object = nullptr;
    mv_view *view = nullptr;
    CHECK_OK(mv_memory_describe(
        &description, samples->data(), 3 * sizeof(double),
        [](void *context, void *) { delete static_cast<std::vector<double> *>(context); }, samples, &object,
        &error));
    CHECK_OK(mv_view_new(object, MV_FULL, &view, &error));
    mv_object_unref(object);
    double value = 0;
    const ptrdiff_t last = -1;
    CHECK_OK(mv_view_get_f64(view, &last, 1, &value, &error));
    CHECK_DOUBLE(value, 3.5);
    mv_view_unref(view);
}

namespace
{

// An exporter of a C++ class: the object is its first base.
struct Image : mv_object {
    int pixels[6] = {10, 11, 12, 13, 14, 15};
    ptrdiff_t shape[2] = {2, 3}, strides[2] = {12, 4};
    int grants = 0;
};

mv_status acquire_image(mv_object *self, const mv_request *, mv_buffer *out, mv_error *failure)
{
    auto *image = static_cast<Image *>(self);
    if (image->grants == 2) return mv_fail(failure, MV_E_BUFFER, "two grants are enough");
    image->grants++;
    out->buf = image->pixels;
    out->itemsize = 4;
    out->ndim = 2;
    out->format = "i";
    out->shape = image->shape;
    out->strides = image->strides;
    return MV_OK;
}

void release_image(mv_object *self, mv_buffer *)
{
    static_cast<Image *>(self)->grants--;
}

const mv_type image_type = {MV_TYPE_INIT,  "image",       nullptr, nullptr,
                            acquire_image, release_image, nullptr, 0};

} // namespace

TEST(exporter_of_a_class)
{
    Image image;
    image.type = &image_type;
    mv_view *first = nullptr, *second = nullptr, *third = nullptr;
    CHECK_STR(mv_object_type_name(&image), "image");
    CHECK_OK(mv_view_new(&image, MV_FULL, &first, &error));
    CHECK_OK(mv_view_new(&image, MV_FULL_RO, &second, &error));
    CHECK_STATUS(mv_view_new(&image, MV_FULL, &third, &error), MV_E_BUFFER);
    CHECK_STR(error.message, "two grants are enough");
    CHECK_INT(item_at(first, {1, 2}), 15);
    CHECK_PTR(mv_view_exporter(first), &image);
    mv_view_unref(first);
    mv_view_unref(second);
    CHECK_INT(image.grants, 0);
}

TEST(custom_with_a_shared_owner)
{
    using Owner = std::shared_ptr<std::vector<unsigned char>>;
    const Owner owner = std::make_shared<std::vector<unsigned char>>(4, static_cast<unsigned char>(7));
    mv_exporter callbacks{};
    callbacks.size = sizeof callbacks;
    callbacks.name = "shared";
    callbacks.acquire = [](void *self, const mv_request *, mv_buffer *out, mv_error *) -> mv_status {
        static const ptrdiff_t length = 4, stride = 1;
        out->buf = (*static_cast<Owner *>(self))->data();
        out->itemsize = out->ndim = 1;
        out->format = "B";
        out->shape = &length;
        out->strides = &stride;
        return MV_OK;
    };
    callbacks.free = [](void *self) { delete static_cast<Owner *>(self); };
    mv_object *object = nullptr;
    mv_view *view = nullptr;
    CHECK_OK(mv_custom_new(&callbacks, new Owner(owner), &object, &error));
    CHECK_INT(owner.use_count(), 2);
    CHECK_OK(mv_view_new(object, MV_FULL, &view, &error));
    mv_object_unref(object);
    CHECK_INT(item_at(view, {3}), 7);
    CHECK_INT(owner.use_count(), 2);
    mv_view_unref(view);
    CHECK_INT(owner.use_count(), 1);
}

TEST(buffers)
{
    mv_object *object = nullptr;
    mv_view *view = make_numbers(&object);
    mv_request request = MV_REQUEST_INIT;
    request.format = "i";
    request.ndim = 2;
    request.label = "C++";
    mv_buffer buffer;
    CHECK_OK(mv_buffer_acquire_for(object, &request, &buffer, &error));
    char holders[40];
    size_t length = 0;
    CHECK_OK(mv_object_holders(object, holders, sizeof holders, &length, &error));
    CHECK_STR(holders, "'C++'");
    CHECK_INT(mv_buffer_is_contiguous(&buffer, 'C'), 1);
    CHECK(mv_buffer_alignment(&buffer) >= 4);
    const void *low = nullptr;
    size_t size = 0;
    CHECK_OK(mv_buffer_extent(&buffer, &low, &size, &error));
    CHECK_PTR(low, buffer.buf);
    CHECK_SIZE(size, 48);
    const ptrdiff_t index[] = {2, -1};
    void *item = nullptr;
    CHECK_OK(mv_buffer_pointer(&buffer, index, 2, &item, &error));
    CHECK_INT(*static_cast<int *>(item), 11);
    CHECK_PTR(mv_item(&buffer, 2, 3), item);
    CHECK_PTR(mv_row(&buffer, 1), static_cast<int *>(buffer.buf) + 4);
    int columns[12];
    CHECK_OK(mv_buffer_to_contiguous(&buffer, columns, sizeof columns, 'F', &error));
    CHECK_INT(columns[1], 4);
    CHECK_OK(mv_buffer_from_contiguous(&buffer, columns, sizeof columns, 'F', &error));
    ptrdiff_t strides[2];
    CHECK_OK(mv_buffer_fill_strides(buffer.shape, 2, 4, 'F', strides, &error));
    CHECK_INT(strides[1], 12);
    mv_buffer_release(&buffer);
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(views)
{
    mv_object *object = nullptr;
    mv_view *view = make_numbers(&object), *readonly = nullptr, *again = nullptr, *packed = nullptr;
    CHECK_PTR(mv_view_as_object(view), reinterpret_cast<mv_object *>(view));
    CHECK_OK(mv_view_toreadonly(view, &readonly, &error));
    CHECK_OK(mv_view_reexport(view, &again, &error));
    CHECK_SIZE(mv_object_exports(object), 2);
    CHECK_OK(mv_view_contiguous(object, MV_READ, 'F', &packed, &error));
    CHECK_INT(mv_view_buffer(packed)->strides[0], 4);
    CHECK_PTR(mv_view_ref(readonly), readonly);
    mv_view_unref(readonly);
    CHECK_OK(mv_view_release(again, &error));
    CHECK_PTR(mv_view_buffer(again), nullptr);
    int plain[] = {1, 2, 3};
    const ptrdiff_t shape = 3;
    mv_view *wrapped = nullptr;
    CHECK_OK(mv_view_wrap(plain, "i", &shape, 1, 0, &wrapped, &error));
    CHECK_INT(item_at(wrapped, {2}), 3);
    for (mv_view *each : {view, readonly, again, packed, wrapped}) mv_view_unref(each);
    mv_object_unref(object);
}

TEST(geometry)
{
    mv_object *object = nullptr;
    mv_view *view = make_numbers(&object), *out = nullptr;
    const mv_index items[] = {MV_FROM(1), MV_EVERY(-2)};
    CHECK_OK(mv_view_index(view, items, 2, &out, &error));
    CHECK(shape_of(out) == (std::vector<ptrdiff_t>{2, 2}));
    CHECK_INT(item_at(out, {1, 1}), 9);
    mv_view_unref(out);
    CHECK_OK(mv_view_slice(view, "..., 1, newaxis", &out, &error));
    CHECK(shape_of(out) == (std::vector<ptrdiff_t>{3, 1}));
    mv_view_unref(out);
    mv_index parsed[4];
    int count = 0;
    CHECK_OK(mv_index_parse("1:3, ::-1", parsed, 4, &count, &error));
    CHECK_INT(count, 2);
    CHECK_OK(mv_view_transpose(view, nullptr, 0, &out, &error));
    CHECK_INT(item_at(out, {3, 2}), 11);
    mv_view_unref(out);
    const ptrdiff_t flat[] = {-1}, tall[] = {2, 3, 4};
    CHECK_OK(mv_view_reshape(view, flat, 1, 'C', &out, &error));
    CHECK_INT(item_at(out, {11}), 11);
    mv_view_unref(out);
    CHECK_OK(mv_view_broadcast(view, tall, 3, &out, &error));
    CHECK_INT(mv_view_buffer(out)->readonly, 1);
    mv_view_unref(out);
    CHECK_OK(mv_view_split(view, 1, 3, &out, &error));
    CHECK_INT(item_at(out, {0, 0}), 4);
    mv_view_unref(out);
    CHECK_OK(mv_view_cast(view, "B", MV_NO_SHAPE, 'C', &out, &error));
    CHECK(shape_of(out) == (std::vector<ptrdiff_t>{48}));
    mv_view_unref(out);
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(items)
{
    mv_object *object = nullptr;
    mv_view *view = make_numbers(&object);
    const ptrdiff_t index[] = {1, 1};
    mv_scalar scalar{};
    CHECK_OK(mv_view_get(view, index, 2, &scalar, &error));
    CHECK_INT(scalar.kind, MV_INT);
    CHECK_INT(scalar.as.i, 5);
    scalar.as.i = -5;
    CHECK_OK(mv_view_set(view, index, 2, &scalar, &error));
    CHECK_INT(item_at(view, {1, 1}), -5);
    uint64_t number = 0;
    CHECK_STATUS(mv_view_get_u64(view, index, 2, &number, &error), MV_E_RANGE);
    CHECK_OK(mv_view_set_i64(view, index, 2, 6, &error));
    CHECK_OK(mv_view_set_u64(view, index, 2, 7, &error));
    CHECK_STATUS(mv_view_set_f64(view, index, 2, 7.5, &error), MV_E_TYPE);
    double real = 0;
    CHECK_OK(mv_view_get_f64(view, index, 2, &real, &error));
    CHECK_DOUBLE(real, 7);
    mv_view_unref(view);
    mv_object_unref(object);
}

TEST(bulk)
{
    mv_object *object = nullptr;
    mv_view *view = make_numbers(&object), *to = nullptr, *from = nullptr;
    CHECK_OK(mv_view_slice(view, "1:", &to, &error));
    CHECK_OK(mv_view_slice(view, ":-1", &from, &error));
    CHECK_OK(mv_view_copy(to, from, &error));
    CHECK_INT(item_at(view, {2, 0}), 4);
    std::vector<int> all(12);
    CHECK_OK(mv_view_read(view, "i", 'C', all.data(), all.size() * sizeof(int), &error));
    CHECK_INT(all[4], 0);
    CHECK_OK(mv_view_write(view, nullptr, 'F', all.data(), all.size() * sizeof(int), &error));
    CHECK_INT(item_at(view, {1, 0}), all[1]);
    mv_scalar nine{};
    nine.kind = MV_INT;
    nine.as.i = 9;
    CHECK_OK(mv_view_fill(view, &nine, &error));
    CHECK_INT(item_at(view, {0, 3}), 9);
    CHECK_OK(mv_object_copy(mv_view_as_object(to), mv_view_as_object(from), &error));
    for (mv_view *each : {to, from, view}) mv_view_unref(each);
    mv_object_unref(object);
}

TEST(leases)
{
    mv_object *object = nullptr;
    CHECK_OK(mv_bytearray_new("abc", 3, &object, &error));
    mv_buffer lease, other, third;
    CHECK_OK(mv_buffer_acquire(object, MV_FULL_RO | MV_IMMUTABLE, &lease, &error));
    CHECK_STATUS(mv_buffer_acquire(object, MV_FULL, &other, &error), MV_E_BUSY);
    CHECK_OK(mv_buffer_acquire(object, MV_FULL_RO, &other, &error));
    CHECK_STATUS(mv_buffer_acquire(object, MV_FULL | MV_EXCLUSIVE, &third, &error), MV_E_EXPORTED);
    mv_buffer_release(&other);
    mv_buffer_release(&lease);
    CHECK_OK(mv_buffer_acquire(object, MV_FULL | MV_EXCLUSIVE, &third, &error));
    mv_buffer_release(&third);
    mv_object_unref(object);
}

TEST(threads)
{
    // Each thread has a re-export of its own; the last of them gives the memory back.
    mv_object *object = nullptr;
    mv_view *view = make_numbers(&object);
    mv_object_unref(object);
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; number++) {
        mv_view *own = nullptr;
        CHECK_OK(mv_view_reexport(view, &own, &error));
        threads.emplace_back([own] {
            int64_t sum = 0;
            for (int round = 0; round < 1000; round++) {
                mv_view *row = nullptr;
                CHECK_OK(mv_view_slice(own, "-1", &row, &error));
                sum += item_at(row, {-1});
                mv_view_unref(row);
            }
            CHECK_INT(sum, 11000);
            mv_view_unref(own);
        });
    }
    mv_view_unref(view);
    for (std::thread &each : threads) each.join();
}
