/* A host and a component, each with a copy of memview: objects pass both ways, each copy runs its own
   code, and views of the other copy are refused as views and taken as objects. $MEMVIEW_COMPONENT is the
   component's file. */
#include "adversary.h"
#include "copy.h"
#include "module.h"

static const copy here = {COPY_FUNCTIONS(COPY_ENTRY)};
static const component *loaded;

static const component *load(void)
{
    const char *const path = getenv("MEMVIEW_COMPONENT");
    if (path == NULL) FAIL("%s", "$MEMVIEW_COMPONENT is not set");
    void *const module = module_load(path);
    if (module == NULL) FAIL("%s cannot be loaded", path);
    component_entry entry = NULL;
    *(void **)&entry = module_find(module, "component_table");
    CHECK(entry != NULL);
    return entry();
}

/* Runs a scenario in both directions: `mine` makes, `theirs` uses. */
static void both_ways(void (*scenario)(const copy *mine, const copy *theirs))
{
    loaded = load();
    scenario(&here, &loaded->memview);
    scenario(&loaded->memview, &here);
}

/* Function pointers as data pointers, for comparison. */
#define COPY_ADDRESS(function) (const void *)(uintptr_t)from->function,
#define COPY_NAME(function) #function,
enum { ADDRESSES = 128 };

static size_t addresses(const copy *from, const void **out)
{
    const void *const all[] = {COPY_FUNCTIONS(COPY_ADDRESS)};
    CHECK(sizeof all <= ADDRESSES * sizeof *out);
    memcpy(out, all, sizeof all);
    return sizeof all / sizeof *all;
}

TEST(each_copy_runs_its_own_code)
{
    static const char *const names[] = {COPY_FUNCTIONS(COPY_NAME)};
    const void *mine[ADDRESSES], *theirs[ADDRESSES];
    loaded = load();
    const size_t count = addresses(&here, mine);
    CHECK_SIZE(addresses(&loaded->memview, theirs), count);
    for (size_t i = 0; i < count; i++) {
        if (module_of(mine[i]) == module_of(theirs[i])) FAIL("%s is one and the same function", names[i]);
        CHECK_PTR(module_of(mine[i]), module_of(mine[0]));
        CHECK_PTR(module_of(theirs[i]), module_of(theirs[0]));
    }
    const char *const text = here.mv_version_string();
    const char *const their_text = loaded->memview.mv_version_string();
    CHECK(text != their_text);
    CHECK(module_of(text) != module_of(their_text));
    CHECK_STR(their_text, text);
    CHECK_INT(here.mv_version(), loaded->memview.mv_version());
    CHECK_OK(loaded->memview.mv_version_check(MV_ABI, &error));
}

/* One object of each kind, by one copy. */
enum { BYTES, BYTEARRAY, ARRAY, MEMORY, CUSTOM, VIEW, KINDS };
static const char *const kind_names[KINDS] = {"bytes", "bytearray", "array", "memory", "custom", "view"};
static unsigned char memory[8];
static adversary exporter;
static atomic_int freed;

static mv_object *make(const copy *mine, int kind)
{
    mv_object *made = NULL;
    mv_view *view = NULL;
    switch (kind) {
    case BYTES: CHECK_OK(mine->mv_bytes_new(memory, 8, &made, &error)); return made;
    case BYTEARRAY: CHECK_OK(mine->mv_bytearray_new(memory, 8, &made, &error)); return made;
    case ARRAY: CHECK_OK(mine->mv_array_new("B", MV_DIMS(8), 'C', &made, &error)); return made;
    case MEMORY: CHECK_OK(mine->mv_memory_new(memory, 8, 0, count_free, &freed, &made, &error)); return made;
    case CUSTOM:
        adversary_init(&exporter);
        exporter.shape[0] = 8;
        CHECK_OK(mine->mv_custom_new(&adversary_callbacks, &exporter, &made, &error));
        return made;
    default:
        CHECK_OK(mine->mv_view_wrap(memory, "B", MV_DIMS(8), 0, &view, &error));
        return mine->mv_view_as_object(view);
    }
}

static void compare_types(const copy *mine, const copy *theirs)
{
    for (int kind = 0; kind < KINDS; kind++) {
        mv_object *const first = make(mine, kind), *const second = make(theirs, kind);
        CHECK(first->type != second->type && first->type->acquire != second->type->acquire);
        CHECK(module_of(first->type) != module_of(second->type));
        CHECK_PTR(module_of(first->type), module_of(mine->mv_version_string()));
        CHECK_STR(theirs->mv_object_type_name(first), kind_names[kind]);
        CHECK_STR(mine->mv_object_type_name(first), kind == CUSTOM ? "adversary" : kind_names[kind]);
        mine->mv_object_unref(second); /* by the wrong copy, and by way of its type */
        theirs->mv_object_unref(first);
    }
}

TEST(each_copy_has_its_own_types)
{
    both_ways(compare_types);
}

static void pass_object(const copy *mine, const copy *theirs, int kind)
{
    const int writable = kind != BYTES;
    mv_buffer buffer;
    mv_view *view = NULL;
    mv_object *const object = make(mine, kind);
    CHECK_OK(theirs->mv_buffer_acquire(object, MV_FULL_RO, &buffer, &error));
    CHECK_PTR(buffer.obj, object);
    CHECK(buffer.len == 8 && buffer.shape[0] == 8);
    CHECK_SIZE(theirs->mv_object_exports(object), 1);
    theirs->mv_buffer_release(&buffer);
    CHECK_INT(theirs->mv_buffer_acquire(object, MV_FULL, &buffer, NULL), writable ? MV_OK : MV_E_BUFFER);
    theirs->mv_buffer_release(&buffer);
    CHECK_OK(theirs->mv_view_new(object, MV_FULL_RO, &view, &error));
    CHECK_PTR(theirs->mv_view_exporter(view), object);
    CHECK_SIZE(mine->mv_object_exports(object), 1);
    CHECK_INT(theirs->mv_view_set_i64(view, (const ptrdiff_t[]){3}, 1, 77, NULL),
              writable ? MV_OK : MV_E_READONLY);
    CHECK_OK(mine->mv_buffer_acquire(object, MV_SIMPLE, &buffer, &error));
    CHECK(((unsigned char *)buffer.buf)[3] == 77 || !writable);
    mine->mv_buffer_release(&buffer);
    mv_object *const again = theirs->mv_object_ref(object);
    mine->mv_object_unref(object);
    CHECK_OK(theirs->mv_view_release(view, &error));
    theirs->mv_view_unref(view);
    CHECK_SIZE(theirs->mv_object_exports(again), 0);
    theirs->mv_object_unref(again);
}

static void pass_objects(const copy *mine, const copy *theirs)
{
    const int freed_before = freed;
    for (int kind = 0; kind < KINDS; kind++) pass_object(mine, theirs, kind);
    CHECK_INT_OF(freed, freed_before + 1);
    CHECK_ADVERSARY(&exporter, exporter.releases, exporter.grants, 1);
}

TEST(objects_pass_both_ways)
{
    both_ways(pass_objects);
}

/* The last holder is a view of the other copy: the owner's free callback is called by its hand. */
static void outlive_owner(const copy *mine, const copy *theirs)
{
    const int freed_before = freed;
    mv_view *view = NULL, *part = NULL;
    mv_object *const object = make(mine, MEMORY);
    CHECK_OK(theirs->mv_view_new(object, MV_FULL, &view, &error));
    mine->mv_object_unref(object);
    CHECK_OK(theirs->mv_view_slice(view, "1:3", &part, &error));
    theirs->mv_view_unref(view);
    CHECK_INT_OF(freed, freed_before);
    CHECK_OK(theirs->mv_view_set_i64(part, (const ptrdiff_t[]){0}, 1, 5, &error));
    theirs->mv_view_unref(part);
    CHECK_INT_OF(freed, freed_before + 1);
}

TEST(view_of_the_other_copy_is_the_last_holder)
{
    both_ways(outlive_owner);
}

TEST(component_draws_on_the_hosts_memory)
{
    loaded = load();
    mv_object *const image = make(&here, BYTEARRAY), *const fixed = make(&here, BYTES);
    CHECK_OK(loaded->draw(image, 9, &error));
    mv_view *const view = view_of(image);
    CHECK_ITEMS(view, "\x9\0\x9\0\x9\0\x9", 8);
    CHECK_STATUS(loaded->draw(fixed, 9, &error), MV_E_BUFFER);
    mv_view_unref(view);
    CHECK_OK(mv_bytearray_resize(image, 9, &error));
    mv_object_unref(image);
    mv_object_unref(fixed);
}

/* Every function that makes a view of a view. */
static void refuse_geometry(const copy *theirs, const mv_view *view)
{
    mv_view *out;
    CHECK_REFUSED(theirs->mv_view_reexport(view, &out, &error), out, MV_E_TYPE);
    CHECK_REFUSED(theirs->mv_view_toreadonly(view, &out, &error), out, MV_E_TYPE);
    CHECK_REFUSED(theirs->mv_view_index(view, MV_ITEMS(MV_ALL), &out, &error), out, MV_E_TYPE);
    CHECK_REFUSED(theirs->mv_view_slice(view, "1:", &out, &error), out, MV_E_TYPE);
    CHECK_REFUSED(theirs->mv_view_transpose(view, NULL, 0, &out, &error), out, MV_E_TYPE);
    CHECK_REFUSED(theirs->mv_view_reshape(view, MV_DIMS(8), 'C', &out, &error), out, MV_E_TYPE);
    CHECK_REFUSED(theirs->mv_view_broadcast(view, MV_DIMS(2, 8), &out, &error), out, MV_E_TYPE);
    CHECK_REFUSED(theirs->mv_view_split(view, 0, 1, &out, &error), out, MV_E_TYPE);
    CHECK_REFUSED(theirs->mv_view_cast(view, "b", MV_NO_SHAPE, 'C', &out, &error), out, MV_E_TYPE);
}

/* Every function that reads or writes one. */
static void refuse_items(const copy *theirs, mv_view *view)
{
    const ptrdiff_t first[] = {0};
    unsigned char bytes[8] = {0};
    mv_scalar scalar = {MV_INT, 0, {7}, NULL};
    int64_t i = 0;
    uint64_t u = 0;
    double f = 0;
    mv_view *own = NULL;
    CHECK_STATUS(theirs->mv_view_get(view, first, 1, &scalar, &error), MV_E_TYPE);
    CHECK_STATUS(theirs->mv_view_get_i64(view, first, 1, &i, &error), MV_E_TYPE);
    CHECK_STATUS(theirs->mv_view_get_u64(view, first, 1, &u, &error), MV_E_TYPE);
    CHECK_STATUS(theirs->mv_view_get_f64(view, first, 1, &f, &error), MV_E_TYPE);
    CHECK_STATUS(theirs->mv_view_set(view, first, 1, &scalar, &error), MV_E_TYPE);
    CHECK_STATUS(theirs->mv_view_set_i64(view, first, 1, 7, &error), MV_E_TYPE);
    CHECK_STATUS(theirs->mv_view_set_u64(view, first, 1, 7, &error), MV_E_TYPE);
    CHECK_STATUS(theirs->mv_view_set_f64(view, first, 1, 7, &error), MV_E_TYPE);
    CHECK_STATUS(theirs->mv_view_read(view, NULL, 'C', bytes, 8, &error), MV_E_TYPE);
    CHECK_STATUS(theirs->mv_view_write(view, NULL, 'C', "abcdefgh", 8, &error), MV_E_TYPE);
    CHECK_STATUS(theirs->mv_view_fill(view, &scalar, &error), MV_E_TYPE);
    CHECK_OK(theirs->mv_view_wrap(bytes, "B", MV_DIMS(8), 0, &own, &error));
    CHECK_STATUS(theirs->mv_view_copy(view, own, &error), MV_E_TYPE);
    CHECK_STATUS(theirs->mv_view_copy(own, view, &error), MV_E_TYPE);
    theirs->mv_view_unref(own);
}

static void refuse_view(const copy *mine, const copy *theirs)
{
    mv_view *view = NULL;
    CHECK_OK(mine->mv_view_wrap(memory, "B", MV_DIMS(8), 0, &view, &error));
    memset(memory, 3, sizeof memory);
    refuse_geometry(theirs, view);
    refuse_items(theirs, view);
    CHECK_STATUS(theirs->mv_view_release(view, &error), MV_E_TYPE);
    CHECK(theirs->mv_view_buffer(view) == NULL && theirs->mv_view_exporter(view) == NULL);
    CHECK_PTR(theirs->mv_view_ref(view), view); /* neither of the two counts anything */
    theirs->mv_view_unref(view);
    theirs->mv_view_unref(view);
    CHECK_BYTES(memory, "\3\3\3\3\3\3\3\3", 8);
    int64_t value = 0;
    CHECK_OK(mine->mv_view_get_i64(view, (const ptrdiff_t[]){7}, 1, &value, &error));
    CHECK_INT(value, 3);
    CHECK_PTR(theirs->mv_view_as_object(view), view);
    CHECK_OK(mine->mv_view_release(view, &error));
    mine->mv_view_unref(view);
}

TEST(view_functions_refuse_views_of_the_other_copy)
{
    both_ways(refuse_view);
}

static void take_view_as_object(const copy *mine, const copy *theirs)
{
    mv_view *view = NULL, *their_view = NULL, *my_view = NULL;
    mv_buffer buffer;
    int64_t value = 0;
    const int freed_before = freed;
    mv_object *const object = make(mine, MEMORY);
    for (int i = 0; i < 8; i++) memory[i] = (unsigned char)i;
    CHECK_OK(mine->mv_view_new(object, MV_FULL, &view, &error));
    mine->mv_object_unref(object);
    mv_object *const as_object = mine->mv_view_as_object(view);
    CHECK_OK(theirs->mv_buffer_acquire(as_object, MV_FULL, &buffer, &error));
    CHECK_PTR(buffer.obj, as_object);
    CHECK_STATUS(mine->mv_view_release(view, &error), MV_E_EXPORTED);
    theirs->mv_buffer_release(&buffer);
    CHECK_OK(theirs->mv_view_new(as_object, MV_FULL_RO, &their_view, &error));
    CHECK_OK(mine->mv_view_new(theirs->mv_view_as_object(their_view), MV_FULL_RO, &my_view, &error));
    CHECK_STATUS(mine->mv_view_release(view, &error), MV_E_EXPORTED);
    CHECK_STATUS(theirs->mv_view_release(their_view, &error), MV_E_EXPORTED);
    mine->mv_view_unref(view);
    theirs->mv_view_unref(their_view); /* my view of their view of my view is all that is left */
    CHECK_OK(mine->mv_view_get_i64(my_view, (const ptrdiff_t[]){-1}, 1, &value, &error));
    CHECK_INT(value, 7);
    CHECK_INT_OF(freed, freed_before);
    mine->mv_view_unref(my_view);
    CHECK_INT_OF(freed, freed_before + 1);
}

TEST(views_of_the_other_copy_are_exporters)
{
    both_ways(take_view_as_object);
}

static void hold_with_label(const copy *mine, const copy *theirs)
{
    char text[64];
    mv_request request = MV_REQUEST_INIT;
    mv_buffer buffer;
    mv_view *view = NULL;
    mv_object *const object = make(mine, BYTEARRAY);
    request.label = "the other copy";
    CHECK_OK(theirs->mv_buffer_acquire_for(object, &request, &buffer, &error));
    request.label = "its view";
    CHECK_OK(theirs->mv_view_new_for(object, &request, &view, &error));
    CHECK_OK(mine->mv_object_holders(object, text, sizeof text, NULL, &error));
    CHECK_STR(text, "'the other copy', 'its view'");
    CHECK_STATUS(mine->mv_bytearray_resize(object, 9, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 2);
    CHECK(strstr(error.message, "'the other copy', 'its view'") != NULL);
    theirs->mv_buffer_release(&buffer);
    theirs->mv_view_unref(view);
    CHECK_OK(mine->mv_object_holders(object, text, sizeof text, NULL, &error));
    CHECK_STR(text, "");
    CHECK_OK(mine->mv_bytearray_resize(object, 9, &error));
    mine->mv_object_unref(object);
}

TEST(labels_of_the_other_copy_are_named)
{
    both_ways(hold_with_label);
}

static void lease_across(const copy *mine, const copy *theirs)
{
    mv_buffer lease, other;
    mv_object *const object = make(mine, BYTEARRAY);
    CHECK_OK(theirs->mv_buffer_acquire(object, MV_FULL | MV_EXCLUSIVE, &lease, &error));
    CHECK_STATUS(mine->mv_buffer_acquire(object, MV_SIMPLE, &other, &error), MV_E_BUSY);
    CHECK_STATUS(theirs->mv_buffer_acquire(object, MV_SIMPLE, &other, &error), MV_E_BUSY);
    theirs->mv_buffer_release(&lease);
    CHECK_OK(theirs->mv_buffer_acquire(object, MV_FULL_RO | MV_IMMUTABLE, &lease, &error));
    CHECK_INT(lease.readonly, 1);
    CHECK_STATUS(mine->mv_buffer_acquire(object, MV_FULL, &other, &error), MV_E_BUSY);
    CHECK_OK(theirs->mv_buffer_acquire(object, MV_FULL_RO, &other, &error));
    CHECK_INT(other.readonly, 1);
    theirs->mv_buffer_release(&other);
    theirs->mv_buffer_release(&lease);
    CHECK_OK(mine->mv_buffer_acquire(object, MV_FULL, &other, &error));
    CHECK_STATUS(theirs->mv_buffer_acquire(object, MV_FULL | MV_EXCLUSIVE, &lease, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 1);
    mine->mv_buffer_release(&other);
    mine->mv_object_unref(object);
}

TEST(leases_hold_between_the_copies)
{
    both_ways(lease_across);
}

/* What is done to an object by name is done by the copy that made it. */
static void refuse_kinds(const copy *mine, const copy *theirs)
{
    size_t length = 99;
    mv_object *const bytes = make(mine, BYTEARRAY), *const array = make(mine, ARRAY);
    CHECK_STATUS(theirs->mv_bytearray_resize(bytes, 9, &error), MV_E_TYPE);
    CHECK_STATUS(theirs->mv_bytearray_reserve(bytes, 99, &error), MV_E_TYPE);
    CHECK_STATUS(theirs->mv_bytearray_splice(bytes, 0, 0, "x", 1, &error), MV_E_TYPE);
    CHECK_STATUS(theirs->mv_array_resize(array, MV_DIMS(9), &error), MV_E_TYPE);
    CHECK_STATUS(theirs->mv_object_revoke(bytes, &error), MV_E_UNSUPPORTED);
    CHECK_STATUS(theirs->mv_object_holders(bytes, NULL, 0, &length, &error), MV_E_UNSUPPORTED);
    CHECK_SIZE(length, 99);
    CHECK_OK(theirs->mv_object_copy(bytes, array, &error));
    mine->mv_object_unref(array);
    mine->mv_object_unref(bytes);
}

TEST(objects_of_the_other_copy_are_foreign)
{
    both_ways(refuse_kinds);
}

/* A view of the other copy is a raw holder: a revoke waits for it, and refuses what comes after. */
static void revoke_across(const copy *mine, const copy *theirs)
{
    mv_view *view = NULL, *refused = NULL;
    mv_buffer buffer;
    int64_t value = 0;
    mv_object *const object = make(mine, BYTEARRAY);
    CHECK_OK(theirs->mv_view_new(object, MV_FULL_RO, &view, &error));
    CHECK_STATUS(mine->mv_object_revoke(object, &error), MV_E_EXPORTED);
    CHECK_INT(error.value, 1);
    CHECK_OK(theirs->mv_view_get_i64(view, (const ptrdiff_t[]){0}, 1, &value, &error));
    CHECK_STATUS(theirs->mv_view_new(object, MV_FULL_RO, &refused, &error), MV_E_RELEASED);
    CHECK_STATUS(theirs->mv_buffer_acquire(object, MV_SIMPLE, &buffer, &error), MV_E_RELEASED);
    theirs->mv_view_unref(view);
    CHECK_OK(mine->mv_object_revoke(object, &error));
    mine->mv_object_unref(object);
}

TEST(revoke_counts_views_of_the_other_copy)
{
    both_ways(revoke_across);
}
